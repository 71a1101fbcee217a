"""How the intake page is laid out: head, form and checklist, foot; or the result in their place."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.office.office import Office
from ui import keys, look
from ui.pages.receive_done import DonePanel
from ui.pages.receive_form import IntakeFields
from ui.pages.receive_twins import TwinNotice
from ui.tab_order import order_tabs
from ui.tasks import Tasks
from ui.widgets import Card, ErrorSummary, label, plain, primary


class ReceiveView(QWidget):
    """The widgets of the page and nothing they do."""

    def __init__(self, title: str, tasks: Tasks, office: Callable[[], Office]) -> None:
        super().__init__()
        self.errors = ErrorSummary()
        self.twins = TwinNotice()
        self.fields = IntakeFields(tasks, office, (self.errors, self.twins))
        self.done = DonePanel()
        self.title = label(title, "title")
        self.saved = label("", "dim")
        self.drafts = plain("Bản nhá&p", icon="file-clock")
        self.drafts.setObjectName("drafts_button")
        self.receive = primary("Tiếp nhận và in phiếu", keys.shown("main_act"))
        self.save = plain("Lưu nháp", keys.shown("save_draft"))
        self.supplement = plain("Chư&a đủ giấy tờ…")
        self.refuse = plain("Từ chối…")
        self.cancel = plain("H&uỷ", "Esc")
        self.form = self._form()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.form)
        self.stack.addWidget(self.done)
        column = QVBoxLayout(self)
        side = look.px(14)
        column.setContentsMargins(side, look.px(8), side, look.px(8))
        column.setSpacing(look.px(8))
        column.addLayout(self._head())
        column.addWidget(self.stack, 1)
        for part in (self.fields.components, self.fields.fees, self.fields.papers, self.fields.declaration):
            part.rebuilt.connect(self._order_tabs)
        self._order_tabs()

    def _order_tabs(self) -> None:
        order_tabs(self)

    def is_done_shown(self) -> bool:
        return self.stack.currentWidget() is self.done

    def show_form(self) -> None:
        self.stack.setCurrentWidget(self.form)
        self.fields.pane.verticalScrollBar().setValue(0)

    def show_main(self, is_printing: bool) -> None:
        """The main button says whether the receipt comes at once."""
        words = "Tiếp nhận và in phiếu" if is_printing else "Tiếp nhận"
        self.receive.setText(f"{words}  ({keys.shown('main_act')})")
        self.receive.setAccessibleName(words)

    def show_draft_count(self, count: int) -> None:
        self.drafts.setText(f"  Bản nhá&p ({count})" if count else "  Bản nhá&p")
        self.drafts.setAccessibleName(f"Bản nháp, {count} bản")
        self.drafts.setEnabled(count > 0)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(look.px(20))
        head.addWidget(self.title)
        head.addWidget(self.saved, 1)
        head.addWidget(self.drafts)
        self.show_draft_count(0)
        return head

    def _form(self) -> QWidget:
        made = QWidget()
        left = Card(margin=0)
        left.body.addWidget(self.fields)
        checklist = Card(margin=12)
        checklist.body.addWidget(self.fields.components)
        right = QVBoxLayout()
        right.setSpacing(look.px(12))
        right.addWidget(checklist, 1)
        right.addWidget(self.fields.due)
        halves = QHBoxLayout()
        halves.setSpacing(look.px(12))
        halves.addWidget(left, 7)
        halves.addLayout(right, 3)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(10))
        column.addLayout(halves, 1)
        column.addLayout(self._foot())
        return made

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        for name, button in (
            ("receive_button", self.receive),
            ("save_button", self.save),
            ("supplement_button", self.supplement),
            ("refuse_button", self.refuse),
            ("cancel_button", self.cancel),
        ):
            button.setObjectName(name)
            if button is self.cancel:
                row.addStretch(1)
            row.addWidget(button)
        return row
