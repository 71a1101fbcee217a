"""Cán bộ: who works here in which roles, and who stands in for whom, from which day to which."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import look
from ui.keys import bind
from ui.pages.officers_people import OfficersRoom
from ui.pages.officers_stand_ins import StandInsRoom
from ui.pages.page import Frame
from ui.widgets import TabBar, label

_TABS = (("people", "Cán bộ", None), ("stand_ins", "Xử lý thay", None))


class OfficersSection(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("officers_section")
        self.tabs = TabBar("officers_tabs", "Cán bộ, xử lý thay")
        self.tabs.set_tabs(_TABS)
        self.people, self.stand_ins = OfficersRoom(frame), StandInsRoom(frame)
        self._stage = QStackedWidget()
        for room in (self.people, self.stand_ins):
            self._stage.addWidget(room)
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(label("Cán bộ", "title"))
        head.addWidget(self.tabs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self._stage, 1)
        self.tabs.chosen.connect(lambda _: self.enter())
        bind(self, "next_error", self._next_error)
        bind(self, "previous_error", self._previous_error)

    def room(self) -> OfficersRoom | StandInsRoom:
        return self.people if self.tabs.key() == "people" else self.stand_ins

    def enter(self) -> None:
        self._stage.setCurrentWidget(self.room())
        self.room().enter()

    def _next_error(self) -> None:
        self.room().form.errors.next_error()

    def _previous_error(self) -> None:
        self.room().form.errors.previous_error()

    def catalogue_came(self) -> None:
        """Rows are others now, from here or from the hub."""
        self.room().read()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tabs, *self.room().panes())
