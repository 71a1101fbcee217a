"""What sync changes in the window: the chip, the lists, the dossier in front, F5."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QShortcut

from ui.print_drawer import PrintDrawer
from ui.stage import Stage
from ui.sync import Line
from ui.watch import Watch

_BY_DOSSIER = ("dossier", "tray")
"""Pages that show one dossier; the others are lists, and only announce what others sent."""


class SyncWires(QObject):
    """Listens to `line` for as long as the window lives."""

    def __init__(self, parent: QObject, line: Line, stage: Stage, drawer: PrintDrawer, watch: Watch) -> None:
        super().__init__(parent)
        self._line, self._stage, self._drawer, self._watch = line, stage, drawer, watch
        stage.currentChanged.connect(self._hear_refresh)
        line.status_changed.connect(watch.show_line)
        line.news_came.connect(self._take_news)

    @Slot(int)
    def _hear_refresh(self, _: int) -> None:
        """F5 belongs to the page in front; it also means: do not wait, sync now."""
        page = self._stage.currentWidget()
        for key in page.findChildren(QShortcut, "key_refresh") if page is not None else ():
            key.activated.connect(self._line.sync_now, Qt.ConnectionType.UniqueConnection)

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
