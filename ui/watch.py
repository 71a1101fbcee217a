"""What the frame keeps an eye on: counts of the rail, the line, the scanner's port, the clock."""

from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from ui.behind import Counts, read_counts, read_ports, tidy_papers
from ui.chrome import HeadBar, MessageBar
from ui.pages.page import Frame, ready_office
from ui.widgets.rail import Rail

if TYPE_CHECKING:  # nothing of sync is loaded before the first paint
    from onestop.sync.status import SyncStatus

MINUTE_MS = 60_000
REST_MS = 4_000
"""So long after the last act nobody waits: the store may put itself in order."""
PAPERS_REST_S = 6 * 3600
"""Scratch files, orphans and scans above the quota are looked for so often."""


class Watch(QObject):
    """Reads behind the page and shows it in rail, head bar and banner."""

    def __init__(self, parent: QObject, frame: Frame, rail: Rail, head: HeadBar, banner: MessageBar) -> None:
        super().__init__(parent)
        self._frame, self._rail, self._head, self._banner = frame, rail, head, banner
        self._clock_said = ""
        self._tidied_at: float | None = None
        self._status: SyncStatus | None = None
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.count)
        self._minute.start()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._tidy)

    def acted(self) -> None:
        """After an act: counts now, order in the store once the desk rests."""
        self.count()
        self._rest.start()

    def _tidy(self) -> None:
        office = ready_office(self._frame)
        if office is None:
            return
        self._frame.tasks.run(self, office.store.tidy, busy=False)
        if self._tidied_at is None or monotonic() - self._tidied_at > PAPERS_REST_S:
            self._tidied_at = monotonic()
            self._frame.tasks.run(self, lambda: tidy_papers(office), where="files", busy=False)

    @Slot()
    def count(self) -> None:
        """Badges of the rail and the chip of the line."""
        worklist = self._frame.worklist
        self._frame.tasks.run(
            self, lambda: read_counts(worklist), self._show_counts, lambda _: None, busy=False
        )
        self.look_at_clock()

    def look_at_clock(self) -> None:
        office = ready_office(self._frame)
        said = office.clock_trouble() if office else ""
        if said != self._clock_said:
            self._clock_said = said
            self._banner.show_message("Xem lại đồng hồ của máy" if said else "", said)

    @Slot(object)
    def show_line(self, status: "SyncStatus") -> None:
        """The chip, the badge of what waits for a decision, and the clock the hub measured."""
        old, self._status = self._status, status
        if status.phase != "alone":
            self._head.show_line(status, self._frame.worklist.now())
        if old is None or old.phase != status.phase:
            self.look_at_clock()
        if old is None or (old.conflicts, old.shelf) != (status.conflicts, status.shelf):
            self.count()

    def look_for_port(self) -> None:
        """Whether the card reader of the settings is plugged in."""
        port = self._frame.settings.text("scan.port")
        self._head.show_scanner(port, False)
        if port:
            self._frame.tasks.run(self, read_ports, self._show_ports, where="files", busy=False)

    def _show_counts(self, counts: Counts) -> None:
        self._rail.set_badge("queue", counts.queue)
        self._rail.set_badge("approve", counts.approve)
        self._rail.set_badge("hand_out", counts.hand_out)
        self._rail.set_badge("tray", counts.tray)
        is_alone = self._status is None or self._status.phase == "alone"
        if is_alone and not counts.is_joined:
            self._head.show_unsent(counts.unsent)

    def _show_ports(self, names: list[str]) -> None:
        port = self._frame.settings.text("scan.port")
        self._head.show_scanner(port, port in names)
