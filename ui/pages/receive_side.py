"""The card at the lower right: when the result is due and why, and what is to be paid."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from onestop.domain.deadline import DueDate
from onestop.domain.moment import local, show_on, weekday
from onestop.errors import InputError
from onestop.office.intake import IntakeForm, preview_due
from onestop.office.office import Office
from ui import look
from ui.keys import bind, shown
from ui.widgets import Button, Card, label, picture, rule


class DueCard(Card):
    """`Hạn trả: Thứ Tư 25/11/2026, 16:30` with its reason; the sum of the fees below."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("due_card")
        self.body.setSpacing(look.px(4))
        self._due = label("—", "section", is_wrapped=True)
        self._why = label("", "small", is_wrapped=True)
        self._asked: tuple[Office, IntakeForm] | None = None
        self.why_button = Button("Vì sao ngày này?", "link")
        self.why_button.setObjectName("due_why_button")
        self.why_button.setToolTip(f"Xem từng ngày của phép tính ({shown('due_why')})")
        self.why_button.clicked.connect(self.open_why)
        bind(self, "due_why", self.open_why)
        self.why_button.hide()
        self._fee = label("—", "strong")
        head = QHBoxLayout()
        head.setSpacing(look.px(8))
        head.addWidget(picture("calendar-check", "accent", 18))
        head.addWidget(label("Hạn trả kết quả", "dim"), 1)
        head.addWidget(self.why_button)
        self.body.addLayout(head)
        self.body.addWidget(self._due)
        self.body.addWidget(self._why)
        self.body.addSpacing(look.px(4))
        self.body.addWidget(rule())
        self.body.addSpacing(look.px(4))
        fee = QHBoxLayout()
        fee.setSpacing(look.px(8))
        fee.addWidget(picture("wallet", "accent", 18))
        fee.addWidget(label("Phí, lệ phí", "dim"), 1)
        fee.addWidget(self._fee, 0, Qt.AlignmentFlag.AlignRight)
        self.body.addLayout(fee)

    def show_due(self, office: Office, form: IntakeForm, is_known: bool) -> None:
        """What would be printed if it were received now. `is_known`: a procedure is chosen."""
        self._asked = None
        if not is_known:
            self._say("Chọn thủ tục để tính", "")
            return
        try:
            due = preview_due(office, form)
        except InputError as error:
            self._say("Chưa tính được", f"{error.title}. {error.message}")
            return
        self._asked = (office, form)
        self._say(due_words(due), due.explanation)

    def open_why(self) -> None:
        """Every day of the calculation; nothing while there is no due date."""
        from ui.pages.due_view import show_intake_due

        if self._asked is not None:
            show_intake_due(self, *self._asked)

    def show_fee(self, words: str) -> None:
        self._fee.setText(words)

    def words(self) -> str:
        return self._due.text()

    def reason(self) -> str:
        return self._why.text()

    def fee(self) -> str:
        return self._fee.text()

    def _say(self, due: str, why: str) -> None:
        self._due.setText(due)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.why_button.setVisible(self._asked is not None)
        self._due.setAccessibleName(f"Hạn trả kết quả: {due}. {why}")


def due_words(due: DueDate) -> str:
    """`Thứ Tư 25/11/2026, 16:30`."""
    at = local(due.due_at)
    return f"{weekday(at.date())} {show_on(at.date())}, {at:%H:%M}"
