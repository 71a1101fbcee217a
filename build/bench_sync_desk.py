"""One desk in a process of its own: it syncs until something holds, and tells what that took.

python -m build.bench_sync_desk FOLDER sent|papers|caught|idle SECONDS
"""

import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from onestop.domain.moment import VIETNAM
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key
from onestop.sync.joined import desk_runner
from onestop.sync.status import SyncStatus

LOOK = 0.02
"""Seconds between two looks at the store."""


class Requests(logging.Handler):
    """Counts the requests that httpx tells of."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "HTTP Request" in record.getMessage()


def main(folder: Path, until: str, limit: float) -> None:
    """Prints {"seconds", "is_done", "left", "cpu", "requests"} as JSON."""
    requests = Requests()
    logging.getLogger("httpx").addHandler(requests)
    logging.getLogger("httpx").setLevel(logging.INFO)
    store = open_store(folder / "onestop.db", load_key(folder))
    statuses: list[SyncStatus] = []
    runner = desk_runner(store, lambda: datetime.now(VIETNAM), _boot, statuses.append, herd=0)
    assert runner is not None
    began, worked = time.monotonic(), time.process_time()
    is_done = _CHECKS[until](store, statuses)
    runner.start()
    while not (ended := is_done()) and time.monotonic() - began < limit:
        time.sleep(LOOK)
    told = {"seconds": time.monotonic() - began, "cpu": time.process_time() - worked, "is_done": ended}
    told |= {"left": _count(store, "outbox"), "requests": requests.count}
    runner.stop()
    store.close()
    print(json.dumps(told), flush=True)


def _boot() -> tuple[str, int]:
    return "bench", int(time.monotonic() * 1000)


def _count(store: Store, table: str) -> int:
    return int(store.rows(f"SELECT count(*) FROM {table}", {})[0][0])


def _sent(store: Store, _: list[SyncStatus]) -> Callable[[], bool]:
    return lambda: not store.rows("SELECT 1 FROM outbox LIMIT 1", {})


def _papers(store: Store, _: list[SyncStatus]) -> Callable[[], bool]:
    """Entries and scans are up."""
    waiting = "SELECT 1 FROM outbox UNION ALL SELECT 1 FROM blob_moves WHERE direction = 'up' AND NOT is_done"
    return lambda: not store.rows(f"{waiting} LIMIT 1", {})


def _caught(_: Store, statuses: list[SyncStatus]) -> Callable[[], bool]:
    """Nothing waits on either side."""
    return lambda: bool(statuses) and statuses[-1].phase == "synced"


def _idle(_: Store, __: list[SyncStatus]) -> Callable[[], bool]:
    return lambda: False  # to the limit


_CHECKS: dict[str, Callable[[Store, list[SyncStatus]], Callable[[], bool]]] = {
    "sent": _sent,
    "papers": _papers,
    "caught": _caught,
    "idle": _idle,
}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
