"""Cơ quan, địa bàn: the letterhead, the tree of units, other agencies, provinces and communes."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import look
from ui.keys import bind
from ui.pages.agencies_others import OthersRoom
from ui.pages.agencies_own import OwnRoom
from ui.pages.agencies_places import PlacesRoom
from ui.pages.agencies_units import UnitsRoom
from ui.pages.page import Frame
from ui.widgets import TabBar, label

_TABS = (
    ("units", "Đơn vị", None),
    ("own", "Cơ quan này", None),
    ("others", "Cơ quan khác", None),
    ("places", "Địa danh", None),
)
Room = UnitsRoom | OwnRoom | OthersRoom | PlacesRoom


class AgenciesSection(QWidget):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("agencies_section")
        self.tabs = TabBar("agencies_tabs", "Cơ quan, địa bàn")
        self.tabs.set_tabs(_TABS)
        self.rooms: dict[str, Room] = {
            "units": UnitsRoom(frame),
            "own": OwnRoom(frame),
            "others": OthersRoom(frame),
            "places": PlacesRoom(frame),
        }
        self._stage = QStackedWidget()
        for room in self.rooms.values():
            self._stage.addWidget(room)
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(label("Cơ quan, địa bàn", "title"))
        head.addWidget(self.tabs, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self._stage, 1)
        self.tabs.chosen.connect(lambda _: self.enter())
        bind(self, "next_error", lambda: self._go_round("next_error"))
        bind(self, "previous_error", lambda: self._go_round("previous_error"))

    def room(self) -> Room:
        return self.rooms[self.tabs.key()]

    def enter(self) -> None:
        self._stage.setCurrentWidget(self.room())
        self.room().enter()

    def catalogue_came(self) -> None:
        """Rows are others now, from here or from the hub."""
        self.room().read()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tabs, *self.room().panes())

    def _go_round(self, way: str) -> None:
        """F8: the errors of the form that has some."""
        form = next((form for form in self.room().forms() if form.has_errors()), None)
        if form is not None:
            getattr(form.errors, way)()
