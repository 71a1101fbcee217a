"""The machine's clocks, read on this floor only and handed down."""

import time
from datetime import UTC, datetime
from pathlib import Path

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux's plain monotonic clock stands still while the machine sleeps."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def machine_clock() -> datetime:
    return datetime.now(UTC)


class MonotonicClock:
    """(id of this run of the machine, milliseconds): runs on when somebody sets the wall clock."""

    def __init__(self) -> None:
        try:
            self._boot = _BOOT_ID.read_text("ascii").strip()
        except OSError:  # no such file here: the id of this run of the program serves
            import uuid  # it asks the platform for its name, which takes a while

            self._boot = str(uuid.uuid4())

    def __call__(self) -> tuple[str, int]:
        passed = time.monotonic_ns() if _SINCE_BOOT is None else time.clock_gettime_ns(_SINCE_BOOT)
        return self._boot, passed // 1_000_000
