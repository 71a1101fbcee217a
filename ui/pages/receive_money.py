"""The fields of a fee line, made while the page stands: amounts in whole đồng, counts, choices."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from onestop.errors import InputError
from ui.pages.receive_typed import read_vnd, show_vnd
from ui.widgets import ComboField, Field, LineField, error_words


class _Late(Field):
    """No focus proxy: `order_tabs` moves editors only, and by the proxy of a field that was made
    after the page Tab would reach its editor a second time."""

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.editor.setFocus(reason)

    def _let_go(self) -> None:
        self.setFocusProxy(None)  # type: ignore[arg-type]  # the stubs know no None, Qt does


class ChoiceField(ComboField, _Late):
    """One of a few, for a line."""

    def __init__(self, name: str, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(name, title, choices)
        # Its longest choice is a sentence of the law: it must not push the page wider.
        self.editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.editor.setMinimumContentsLength(7)
        self._let_go()


class WordsField(LineField, _Late):
    """Text or a count, for a line."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title)
        self._let_go()


class MoneyField(LineField, _Late):
    """Đồng: grouped by dots on leaving."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title, check=_what_is_wrong)
        self._let_go()
        self.set_digits()
        self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editor.setPlaceholderText("miễn: 0")

    def tidy(self) -> None:
        super().tidy()
        if self.text() and not _what_is_wrong(self.text()):
            self.editor.setText(show_vnd(read_vnd(self.text())))


def _what_is_wrong(text: str) -> str:
    if not text:
        return ""
    try:
        read_vnd(text)
    except InputError as error:
        return error_words(error)
    return ""
