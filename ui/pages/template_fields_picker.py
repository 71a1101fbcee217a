"""Puts a field into the text that is being written: found by its meaning, without accents."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from shiboken6 import isValid

from onestop.domain.template_fields import FIELDS, ROWS, FieldSample
from onestop.domain.template_words import rows_words
from onestop.domain.text import fold
from ui.widgets import Option, Picker

_MOST: Final = 60


class FieldsPicker(Picker):
    """What it gives goes to the editor that had the focus last."""

    def __init__(self) -> None:
        super().__init__("field_wanted", "&Chèn trường vào chỗ đang viết", self.find_fields)
        self._rows = ""
        self._editor: QLineEdit | QPlainTextEdit | None = None
        self._place = 0
        self.chosen.connect(self._insert)

    def aim(self, editor: QLineEdit | QPlainTextEdit, rows: str) -> None:
        """From now on into this editor; `rows`: the list whose fields it names, "" for the paper's."""
        self._editor, self._rows = editor, rows
        self.set_hint(f"Các trường của danh sách “{rows_words(rows)}”" if rows else "")

    def remember(self, place: int) -> None:
        """Where the cursor stood when the editor was left."""
        self._place = place

    def find_fields(self, query: str) -> Sequence[Option]:
        words = fold(query).split()
        known: Mapping[str, FieldSample] = ROWS.get(self._rows, {}) if self._rows else FIELDS
        found = [
            Option(name, field.words, f"{{{name}}} · {field.sample}")
            for name, field in known.items()
            if all(word in fold(f"{field.words} {name}") for word in words)
        ]
        return found[:_MOST]

    def tidy(self) -> None:
        """What was typed here and not chosen is of no use."""
        self.set_option(None)

    def _insert(self, name: str) -> None:
        if not name:
            return
        self.set_option(None)
        editor = self._editor
        if editor is None or not isValid(editor):
            return
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(editor, QLineEdit):
            editor.setCursorPosition(self._place)
            editor.insert(_with_gap(f"{{{name}}}", self._place - len(editor.text())))
            editor.textEdited.emit(editor.text())
            return
        cursor, length = editor.textCursor(), len(editor.toPlainText())
        cursor.setPosition(min(self._place, length))
        editor.setTextCursor(cursor)
        editor.insertPlainText(_with_gap(f"{{{name}}}", self._place - length))


def _with_gap(text: str, lost: int) -> str:
    """A blank that was typed at the end went when the editor was left."""
    return f" {text}" if lost > 0 else text
