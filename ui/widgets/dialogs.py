"""Questions: few, short, in Vietnamese, naming the thing and the person they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui import look
from ui.widgets.basic import Button, label, picture
from ui.widgets.field import NoteField


@dataclass(frozen=True, slots=True)
class Answer:
    """A button: its key, words, and look (primary, plain, danger)."""

    key: str
    words: str
    look: str = "plain"
    shortcut: str = ""


class Question(QDialog):
    """Gives `answer()` '' when it was closed by Esc. Enter presses the focused button only."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        answers: Sequence[Answer],
        *,
        icon: str = "circle-help",
        role: str = "accent",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.setMinimumWidth(look.px(480))
        self._answer = ""
        self.buttons: dict[str, Button] = {}
        self.body = QVBoxLayout()
        self.body.setSpacing(look.px(8))
        self.body.addWidget(label(title, "section", is_wrapped=True))
        if text:
            self.body.addWidget(label(text, is_wrapped=True))
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(picture(icon, role, 28), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self.body, 1)
        column = self._column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(20))
        column.addLayout(head)
        column.addLayout(self._button_row(answers))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        first = next((a for a in answers if a.look == "primary"), answers[-1])
        self.buttons[first.key].setFocus()

    def answer(self) -> str:
        return self._answer

    def take(self, key: str) -> None:
        self._answer = key
        self.accept()

    def fit(self) -> None:
        """As high as its words need: Qt itself stops at two thirds of the screen and lets parts overlap."""
        column = self._column
        column.activate()
        needed = max(column.totalHeightForWidth(self.width()), column.totalMinimumSize().height())
        if needed > self.height():
            self.resize(self.width(), needed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = self.focusWidget()
            if isinstance(focused, Button):
                focused.click()
            return
        super().keyPressEvent(event)

    def _button_row(self, answers: Sequence[Answer]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addStretch(1)
        for each in answers:
            button = Button(each.words, each.look, each.shortcut)
            button.setObjectName(f"answer_{each.key}")
            button.clicked.connect(lambda _=False, key=each.key: self.take(key))
            self.buttons[each.key] = button
            row.addWidget(button)
        return row


class FieldQuestion(Question):
    """A question with fields: Ctrl+Enter takes what stands in them, as in every form."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.take("yes")
            return
        super().keyPressEvent(event)


def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    answers: Sequence[Answer],
    *,
    icon: str = "circle-help",
    role: str = "accent",
) -> str:
    """Shows the question and waits; the key of the answer, '' for Esc."""
    question = Question(parent, title, text, answers, icon=icon, role=role)
    question.exec()
    answer = question.answer()
    question.deleteLater()
    return answer


def confirm(parent: QWidget | None, title: str, text: str, words: str, is_danger: bool = False) -> bool:
    """One act that cannot be undone; the focus stands on "Quay lại" when it is dangerous."""
    kind = "danger" if is_danger else "primary"
    icon, role = ("triangle-alert", "error") if is_danger else ("circle-help", "accent")
    answers = (Answer("yes", words, kind), Answer("", "Quay lại", "plain", "Esc"))
    return ask(parent, title, text, answers, icon=icon, role=role) == "yes"


def tell(parent: QWidget | None, title: str, text: str = "") -> None:
    """Something went wrong: what, and what to do."""
    ask(
        parent, title, text, (Answer("close", "Đóng", "primary"),), icon="triangle-alert", role="warning_icon"
    )


class ReasonDialog(FieldQuestion):
    """An act that needs a reason: the reason goes into the journal."""

    def __init__(self, parent: QWidget | None, title: str, text: str, words: str, is_danger: bool) -> None:
        kind = "danger" if is_danger else "primary"
        answers = (Answer("yes", words, kind, "Ctrl+Enter"), Answer("", "Quay lại", "plain", "Esc"))
        super().__init__(parent, title, text, answers, icon="pen-line")
        self.setObjectName("reason_dialog")
        self.reason = NoteField("reason", "&Lý do", "Ghi vào nhật ký và in trên phiếu", rows=4)
        self.body.addWidget(self.reason)
        self.reason.setFocus()

    def take(self, key: str) -> None:
        if key == "yes" and not self.reason.text():
            self.reason.set_error("Hãy ghi lý do")
            self.reason.setFocus()
            return
        super().take(key)


def reason_dialog(
    parent: QWidget | None, title: str, text: str, words: str, is_danger: bool = False
) -> str | None:
    """The reason (NFC, never empty), or None when given up."""
    dialog = ReasonDialog(parent, title, text, words, is_danger)
    dialog.exec()
    reason = dialog.reason.text() if dialog.answer() == "yes" else None
    dialog.deleteLater()
    return reason
