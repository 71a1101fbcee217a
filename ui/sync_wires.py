"""What sync changes in the window: the chip, the lists, the dossier in front, F5."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QShortcut

from ui.pages.page import ready_office
from ui.print_drawer import PrintDrawer
from ui.stage import Stage
from ui.sync import Line
from ui.watch import Watch

if TYPE_CHECKING:
    from onestop.office.office import Catalogue
    from onestop.sync.status import SyncStatus
    from ui.shell import Shell
    from ui.sync_start import Versions

_BY_DOSSIER = ("dossier", "tray")
"""Pages that show one dossier; the others are lists, and only announce what others sent."""


class SyncWires(QObject):
    """Listens to `line` for as long as the window lives."""

    catalogue_came = Signal(object)

    def __init__(self, frame: "Shell", line: Line, stage: Stage, drawer: PrintDrawer, watch: Watch) -> None:
        super().__init__(frame)
        self._frame = frame
        self._versions: Versions = ()
        self._reached: object = None
        self._line, self._stage, self._drawer, self._watch = line, stage, drawer, watch
        stage.currentChanged.connect(self._hear_refresh)
        line.status_changed.connect(watch.show_line)
        line.status_changed.connect(self._reached_hub)
        line.news_came.connect(self._take_news)

    @Slot(int)
    def _hear_refresh(self, _: int) -> None:
        """F5 belongs to the page in front; it also means: do not wait, sync now."""
        page = self._stage.currentWidget()
        for key in page.findChildren(QShortcut, "key_refresh") if page is not None else ():
            key.activated.connect(self._line.sync_now, Qt.ConnectionType.UniqueConnection)

    @Slot(object)
    def _reached_hub(self, status: "SyncStatus") -> None:
        """The hub has answered: what time it has, and whether rows of the catalogue are others now."""
        before, self._reached = self._reached, (status.phase, status.last_success)
        if status.phase == "synced" and before != self._reached:
            self.hear()

    def hear(self) -> None:
        """Reads what the hub told this desk; at least once a minute while there is a line."""
        office = ready_office(self._frame)
        if office is None:
            return
        from ui.sync_start import read_told

        known = self._versions
        self._frame.tasks.run(self, lambda: read_told(office, known), self._told, lambda _: None, busy=False)

    def read_anew(self) -> None:
        """Rows were changed here: the catalogue is read whatever their versions say."""
        self._versions = ()
        self.hear()

    def _told(self, told: "tuple[Versions, Catalogue | None]") -> None:
        self._versions, catalogue = told
        if catalogue is not None:
            self.catalogue_came.emit(catalogue)
        self._watch.look_at_clock()

    @Slot(object)
    def _take_news(self, dossiers: frozenset[str]) -> None:
        """Others' acts have come. What is being typed is on no list and in no journal: it stays."""
        self._stage.reload("")
        for place in _BY_DOSSIER:
            page = self._stage.page(place)
            if page is not None and page.shown_dossier() in dossiers:
                page.reload(page.shown_dossier())
        for dossier in dossiers:
            self._drawer.reload(dossier)
        self._watch.count()
