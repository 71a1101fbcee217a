"""What the forms of the template editor share: they tell in which text one is writing, and where in it."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.widgets import Field


class TemplateForm(QWidget):
    """`changed` when a person has changed something; `entered(editor, rows)`: a text that may name
    fields has the focus, those of a list when `rows` is not empty; `gone`: it is left, with the cursor
    there."""

    changed = Signal()
    entered = Signal(object, str)
    gone = Signal(int)

    def rows_of(self, _editor: str) -> str:
        """The list whose fields the text of that editor names; "" for those of the paper."""
        return ""

    def watch(self, field: Field) -> None:
        if isinstance(field.editor, QLineEdit | QPlainTextEdit):
            field.editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, QLineEdit | QPlainTextEdit):
            return False
        if event.type() is QEvent.Type.FocusIn:
            self.entered.emit(watched, self.rows_of(watched.objectName()))
        elif event.type() is QEvent.Type.FocusOut:  # before the field tidies its text, and with it the cursor
            self.gone.emit(_cursor_of(watched))
        return False


def _cursor_of(editor: QLineEdit | QPlainTextEdit) -> int:
    if isinstance(editor, QLineEdit):
        return editor.cursorPosition()
    return editor.textCursor().position()
