"""A field: label with access key, editor, one line below for a hint or an error.

Nothing is checked or rewritten while a person types: Vietnamese typing passes through
wrong intermediate states, and UniKey sends Backspaces. On leaving, text becomes NFC
without outer blanks, then `check` may name what is wrong.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from onestop.domain.text import nfc, nfc_lines
from onestop.errors import InputError
from ui import look
from ui.widgets.basic import label as words_label
from ui.widgets.choice import Choice

_STAYS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
Check = Callable[[str], str]
"""Takes the text, gives the words of what is wrong, or '' when all is well."""


class Field(QWidget):
    """`name` is the form's own field name (`InputError.field`); `left` comes after the checks."""

    changed = Signal()
    left = Signal()

    def __init__(self, name: str, title: str, editor: QWidget, hint: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        editor.setObjectName(f"{name}_editor")
        self.editor = editor
        self._hint, self._error = hint, ""
        self.check: Check | None = None
        self.label = QLabel(title)
        self.label.setBuddy(editor)
        self._below = words_label("", "small", is_wrapped=True)
        editor.setAccessibleName(title.replace("&", ""))
        self.setFocusProxy(editor)
        editor.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        for part in (self.label, editor, self._below):
            column.addWidget(part)
        column.addStretch(1)
        self._show_below()

    def name(self) -> str:
        return self.objectName()

    def title(self) -> str:
        return self.label.text().replace("&", "")

    def text(self) -> str:
        """What stands in the editor, as stored: NFC, no outer blanks."""
        raise NotImplementedError  # each kind of editor has its own

    def set_text(self, text: str) -> None:
        """Fills it from the program: clears the error, does not emit `changed`."""
        raise NotImplementedError  # each kind of editor has its own

    def error(self) -> str:
        return self._error

    def set_error(self, words: str) -> None:
        """Red edge and words; '' clears."""
        if words == self._error:
            return
        self._error = words
        self.editor.setProperty("invalid", bool(words))
        look.restyle(self.editor)
        self._show_below()

    def set_hint(self, words: str) -> None:
        """One quiet line below: a format, or where the value came from."""
        self._hint = words
        self._show_below()

    def validate(self) -> str:
        """Checks now (on leaving, and when the form is sent); gives and shows the error words."""
        self.set_error(self.check(self.text()) if self.check else "")
        return self._error

    def tidy(self) -> None:
        """What happens to the text on leaving, before the check."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFocusEvent) or not self.is_alive():
            return False
        is_leaving = event.type() is QEvent.Type.FocusOut and event.reason() not in _STAYS
        if is_leaving and watched is self.editor:
            self._leave()
        return False

    def is_alive(self) -> bool:
        """False while Qt takes the field apart: the Python half may be gone before the last event."""
        return "editor" in self.__dict__ and isValid(self)

    def _leave(self) -> None:
        self.tidy()
        self.validate()
        self.left.emit()

    def _show_below(self) -> None:
        words = self._error or self._hint
        self._below.setText(words)
        self._below.setVisible(bool(words))
        look.dress(self._below, "error" if self._error else "small")
        self.editor.setAccessibleDescription(words)


class LineField(Field):
    """One line of text. Enter goes on to the next field and never sends the form."""

    editor: QLineEdit

    def __init__(self, name: str, title: str, hint: str = "", check: Check | None = None) -> None:
        super().__init__(name, title, QLineEdit(), hint)
        self.check = check
        self.editor.textEdited.connect(self._edited)
        self.editor.returnPressed.connect(self._go_on)

    def text(self) -> str:
        return nfc(self.editor.text())

    def set_text(self, text: str) -> None:
        self.editor.setText(nfc(text))
        self.editor.setCursorPosition(0)
        self.set_error("")

    def tidy(self) -> None:
        if self.editor.text() != self.text():
            self.editor.setText(self.text())

    def set_digits(self) -> None:
        """Numbers and codes: asks the input method for digits, and forbids nothing."""
        hints = Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhNoPredictiveText
        self.editor.setInputMethodHints(hints)

    def set_suggestions(self, texts: Sequence[str]) -> None:
        """A list below, never completion inside the line: that makes "Nguyeễn" of UniKey's keys."""
        completer = QCompleter(list(texts), self.editor)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(lambda _: self.changed.emit())
        self.editor.setCompleter(completer)

    def _edited(self, _: str) -> None:
        self.changed.emit()

    def _go_on(self) -> None:
        completer = self.editor.completer()
        popup = completer.popup() if completer else None
        if popup is None or not popup.isVisible():
            self.editor.focusNextChild()


class DateField(LineField):
    """A day in any common form. `read` turns it into `dd/mm/yyyy`, or raises InputError."""

    def __init__(
        self, name: str, title: str, read: Callable[[str], str], hint: str = "ngày/tháng/năm"
    ) -> None:
        super().__init__(name, title, hint)
        self._read = read
        self.check = self._what_is_wrong
        self.set_digits()

    def tidy(self) -> None:
        super().tidy()
        text = self.text()
        if text and not self._what_is_wrong(text):
            self.editor.setText(self._read(text))

    def _what_is_wrong(self, text: str) -> str:
        try:
            self._read(text)
        except InputError as error:
            return error_words(error)
        return ""


class NoteField(Field):
    """Several lines. Tab leaves it, as in every other field."""

    editor: QPlainTextEdit

    def __init__(self, name: str, title: str, hint: str = "", rows: int = 3) -> None:
        super().__init__(name, title, QPlainTextEdit(), hint)
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(self.editor.fontMetrics().lineSpacing() * rows + look.px(18))
        self._is_filling = False
        self.editor.textChanged.connect(self._edited)

    def text(self) -> str:
        return nfc_lines(self.editor.toPlainText())

    def set_text(self, text: str) -> None:
        self._is_filling = True
        self.editor.setPlainText(nfc_lines(text))
        self._is_filling = False
        self.set_error("")

    def tidy(self) -> None:
        if self.editor.toPlainText() != self.text():
            self.set_text(self.editor.toPlainText())

    def _edited(self) -> None:
        if not self._is_filling:
            self.changed.emit()


class ComboField(Field):
    """One of a few; typing letters (no marks needed) goes to it."""

    editor: Choice

    def __init__(self, name: str, title: str, choices: Sequence[tuple[str, str]], hint: str = "") -> None:
        super().__init__(name, title, Choice(), hint)
        self.set_choices(choices)
        self.editor.activated.connect(self._chosen)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """(key, words) pairs; keeps the present key if it is still there."""
        key = self.key()
        self.editor.clear()
        for each, words in choices:
            self.editor.addItem(words, each)
        self.set_key(key)

    def key(self) -> str:
        return str(self.editor.currentData() or "")

    def set_key(self, key: str) -> None:
        """An unknown key shows the first choice."""
        self.editor.setCurrentIndex(max(0, self.editor.findData(key)))
        self.set_error("")

    def text(self) -> str:
        return self.key()

    def set_text(self, text: str) -> None:
        self.set_key(text)

    def _chosen(self, _: int) -> None:
        self.changed.emit()


def error_words(error: InputError) -> str:
    """Title and what to do, as one line."""
    return f"{error.title.rstrip('.')}. {error.message}" if error.message else error.title
