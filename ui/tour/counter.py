"""One of two desks: the real window on a store of its own, and what is to be seen of its line."""

import time
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton

from onestop.domain.moment import from_wire
from onestop.paths import Profile
from onestop.store.office_relay import told_relay
from onestop.store.truth import sync_counts
from onestop.sync.joined import call_relay_first
from onestop.sync.status import SyncStatus
from ui.app import Program, Wish
from ui.pages.tray import TrayPage
from ui.tour.hand import Stuck
from ui.tour.month_clock import MonthClock
from ui.tour.officer import Officers
from ui.tour.plan import Step

SIZE = (1366, 768)
_OPENS_WITHIN = 60.0


class Counter:
    """A new desk that joins the hub at `url` when it is opened. `ids` is shared with the other."""

    def __init__(self, number: int, out: Path, url: str, clock: MonthClock, ids: dict[str, str]) -> None:
        self.number, self.name = number, f"quay-{number}"
        self.profile = Profile(out / "data" / "desks", self.name)
        self.program = Program(Wish(self.profile, True, hub=url, clock=clock, monotonic=clock.mono))
        self.program.bugs.install()
        self._out, self._clock, self._ids = out, clock, ids
        self._officers: Officers | None = None
        self._seen: dict[str, datetime] = {}

    @property
    def officers(self) -> Officers:
        if self._officers is None:
            raise Stuck(f"{self.name} is not open")
        return self._officers

    def open(self) -> None:
        """The desk joins, reads its catalogue, and its window stands there."""
        is_ready: list[bool] = []
        self.program.office_ready.connect(lambda: is_ready.append(True))
        self.program.begin()
        end = time.monotonic() + _OPENS_WITHIN
        while not is_ready:
            QCoreApplication.processEvents()
            if time.monotonic() > end:
                raise Stuck(f"{self.name} did not open within a minute")
            time.sleep(0.005)
        assert self.program.shell is not None
        self.program.shell.resize(*SIZE)
        self._officers = Officers(self.program, self._clock, self._out, self._ids)
        self._officers.hand.look_away()
        self.program.shell.line.news_came.connect(self._hear)

    def call_by(self, url: str) -> None:
        """From now on by this line to the relay, whatever address the relay has told of itself."""
        call_relay_first(self.officers.shell.office.store, url)

    def knows_relay(self) -> bool:
        with self.officers.shell.office.store.read() as connection:
            return bool(told_relay(connection)[0])

    def do(self, step: Step) -> str:
        return self.officers.do(step)

    # --- what is to be seen

    def chip(self) -> str:
        """What the chip says."""
        chip = self.officers.shell.findChild(QPushButton, "chip_line")
        return chip.accessibleName() if chip is not None else ""

    def status(self) -> SyncStatus:
        status = self.officers.shell.line.status
        return status or SyncStatus("alone", self._clock())

    def is_settled(self) -> bool:
        """All that was done here stands in the province, and nothing is under way."""
        counts = sync_counts(self.officers.shell.worklist.rows)
        return self.status().phase == "synced" and not counts.waiting_entries and not counts.blobs

    def seconds_to(self, dossier: str) -> float:
        """From the act at the other desk until this window was told of it. Both live by one clock."""
        at = from_wire(str(self._asked("SELECT min(at) FROM entries WHERE dossier = :id", id=dossier)))
        return (self._seen[dossier] - at).total_seconds()

    def has_heard(self, dossier: str) -> bool:
        return dossier in self._seen

    def _hear(self, dossiers: frozenset[str]) -> None:
        for dossier in dossiers:
            self._seen.setdefault(dossier, self._clock())

    def has_revocation(self) -> bool:
        return bool(self._asked("SELECT count(*) FROM statements WHERE body LIKE '%\"revoke\"%'"))

    def epoch(self) -> str:
        """The root's, as this desk knows it."""
        return str(self._asked("SELECT epoch FROM peers WHERE kind = 'root'"))

    def is_offline(self) -> bool:
        return self.chip().startswith("Ngoại tuyến")

    def _asked(self, sql: str, **values: str) -> object:
        return next(iter(self.officers.shell.worklist.rows(sql, values)))[0]

    def tray(self) -> TrayPage:
        page = self.officers.shell.page("tray")
        if not isinstance(page, TrayPage):
            raise Stuck("the tray is not in front")
        return page

    def shot(self, name: str) -> str:
        """A picture of the window once all that was asked for has come."""
        hand = self.officers.hand
        for _ in range(2):
            hand.rest(0.25)
            hand.wait(self.officers.shell.tasks.is_idle, f"all of {name}")
        hand.shot(f"{name}-{self.name}")
        return f"{name}-{self.name}.png"
