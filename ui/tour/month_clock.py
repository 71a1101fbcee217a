"""The clocks of two machines that live through a month in a minute.

Wall clock and monotonic clock jump together, as on a machine that was really left running: a
desk notices when they do not (it then trusts the hub's time), and it should find nothing here.
"""

import time
from datetime import UTC, datetime, timedelta

from ui.tour.officer import TourClock


class MonthClock(TourClock):
    """Runs with the machine's; `go_to` jumps ahead, never back."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._began = time.monotonic()
        self._jumped = timedelta()

    def __call__(self) -> datetime:
        return super().__call__() + self._jumped + timedelta(seconds=time.monotonic() - self._began)

    def go_to(self, moment: datetime) -> None:
        self._jumped += max(moment - self(), timedelta())

    def tick(self) -> None:
        """Acts take here what they take."""

    def mono(self) -> tuple[str, int]:
        """(id of this run of the machine, milliseconds of it)."""
        run = time.monotonic() - self._began + self._jumped.total_seconds()
        return "tour", int(run * 1000)

    def ahead(self) -> int:
        """Seconds before the real time."""
        return round((self() - datetime.now(UTC)).total_seconds())
