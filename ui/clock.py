"""The machine's clocks, read on this floor only and handed down."""

import time
from datetime import UTC, datetime
from pathlib import Path

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
        return self._boot, time.monotonic_ns() // 1_000_000
