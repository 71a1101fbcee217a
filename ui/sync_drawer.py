"""The drawer with the sync panel: made when it is first opened, fed while it is open."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent

from ui import look
from ui.pages.page import Frame
from ui.widgets.panels import Drawer

if TYPE_CHECKING:
    from onestop.sync.status import SyncStatus
    from ui.sync import Line
    from ui.sync_facts import Facts
    from ui.sync_panel import SyncPanel

SECOND_MS = 1_000
FACTS_MS = 1_500
"""So long between two readings of the store while things move."""
_WIDTH = 420


class SyncDrawer(Drawer):
    """Shows what `line` knows; closing gives the focus back to the page."""

    def __init__(self, frame: Frame, line: "Line") -> None:
        super().__init__("sync_drawer", "Đồng bộ", _WIDTH)
        self._frame, self._line = frame, line
        self._panel: SyncPanel | None = None
        self._is_reading = False
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self._tick)
        self._facts = QTimer(self, singleShot=True, interval=FACTS_MS)
        self._facts.timeout.connect(self._read)
        line.status_changed.connect(self._show_status)

    def toggle(self) -> None:
        """The chip and its key: opens, goes into it, or closes when somebody stands in it."""
        focused = self.window().focusWidget()
        if self.isHidden():
            self.open_panel()
        elif focused is not None and self.isAncestorOf(focused):
            self.close_drawer()
        else:
            self._made().now.setFocus()

    def open_panel(self) -> None:
        panel = self._made()
        self._show_status(self._line.status)
        self.open_drawer()
        (panel.now if panel.now.isVisibleTo(panel) else panel.join).setFocus()

    def panel(self) -> "SyncPanel":
        """Made at the first asking."""
        return self._made()

    def reload(self) -> None:
        """After an act: something more waits, or less."""
        if self.isVisible() and not self._facts.isActive():
            self._facts.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._second.start()
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()

    @Slot(object)
    def _show_status(self, status: "SyncStatus | None") -> None:
        if self._panel is not None and status is not None:
            self._panel.show_status(status, self._frame.worklist.now())
            self.reload()

    @Slot()
    def _tick(self) -> None:
        if self._panel is not None:
            self._panel.tick(self._frame.worklist.now())

    @Slot()
    def _read(self) -> None:
        if self._is_reading or not self.isVisible():
            return
        from ui.sync_facts import read_facts

        self._is_reading = True
        rows = self._frame.worklist.rows
        self._frame.tasks.run(self, lambda: read_facts(rows), self._show_facts, self._not_read, busy=False)

    def _show_facts(self, facts: "Facts") -> None:
        self._is_reading = False
        if self._panel is not None:
            self._panel.show_facts(facts, self._frame.worklist.now())

    def _not_read(self, error: Exception) -> None:
        self._is_reading = False  # the page in front says what is wrong with the store

    def _made(self) -> "SyncPanel":
        if self._panel is None:
            from ui.sync_courier import Courier
            from ui.sync_panel import SyncPanel

            self._panel = SyncPanel()
            self.body.addWidget(self._panel)
            self.body.setContentsMargins(look.px(16), 0, look.px(16), look.px(12))
            self._panel.sync_wanted.connect(self._line.sync_now)
            self._panel.retry_wanted.connect(self._line.retry)
            self._panel.join_wanted.connect(lambda: self._frame.go("settings"))
            courier = Courier(self, self._frame)
            self._panel.bundle_wanted.connect(courier.ask_where)
            self._panel.return_wanted.connect(courier.ask_which)
            courier.taken.connect(self._line.sync_now)
            self._panel.opened.connect(lambda dossier: self._frame.go("dossier", dossier))
        return self._panel
