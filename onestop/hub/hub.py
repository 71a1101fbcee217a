"""The hub itself: its store, its log, who may speak to it; what every call is given."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from onestop.hub.auth import Gate
from onestop.hub.pace import Pace
from onestop.hub.snapshots import Snapshots
from onestop.hub.wake import Wake, Watched
from onestop.store.device_view import Standing, find_standing
from onestop.store.listening import Listener, changed_streams, log_cursor
from onestop.store.log import Ledger, open_ledger
from onestop.store.parts import Parts
from onestop.store.rows import get_local
from onestop.store.store import Store

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

DATABASE_THREADS = 8
FILE_THREADS = 4
MAX_QUEUE = 200
"""Calls that may wait for a thread; beyond, desks are asked to come again."""


class Busy(Exception):
    """More calls wait than can be served soon: 503."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys that only this hub knows; they lie in its own store."""

    token: bytes
    parts: bytes


class Threads:
    """Work that blocks, beside the loop, a bounded number at once."""

    def __init__(self, count: int, queue: int = MAX_QUEUE) -> None:
        self._limit = CapacityLimiter(count)
        self._queue = queue

    async def run(self, work: Callable[..., _T], *values: Any) -> _T:
        """Raises Busy, and whatever `work` raises."""
        if self._limit.statistics().tasks_waiting >= self._queue:
            raise Busy
        return await run_sync(work, *values, limiter=self._limit)


class Hub:
    """One process of a hub. `url` is the database's address, None for the file in `folder`."""

    def __init__(self, store: Store, url: str | None, folder: Path, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.url = url
        self.folder = folder
        self.clock = clock
        with store.read() as connection:
            self.ledger: Ledger = open_ledger(connection)
            self.name: str = get_local(connection, "hub_name") or "Máy chủ Một cửa"
            kept = get_local(connection, "hub_secrets")
            authority = get_local(connection, "hub_authority")
        self.authority: str = authority["certificate"] if authority else ""
        self.secrets = Secrets(bytes.fromhex(kept["token"]), bytes.fromhex(kept["parts"]))
        self.blobs_folder = folder / "blobs"
        self.parts = Parts(folder / "parts", self.secrets.parts)
        self.snapshots = Snapshots(store, self.ledger, folder / "snapshots", self.secrets.parts, clock)
        self.gate = Gate(self.secrets.token, clock, self._look_up)
        self.database = Threads(DATABASE_THREADS)
        self.files = Threads(FILE_THREADS)
        # Whoever holds a paper may ask whether it is genuine; photographs are costly to read.
        self.photos = Threads(1, queue=8)
        self.proof_pace = Pace(30, timedelta(seconds=2))
        self.photo_pace = Pace(6, timedelta(seconds=10))
        self._listener: Listener | None = None
        self.wake = Wake(self._watched())

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self.store.close()

    def knows(self, device: str) -> bool:
        """Whether the log has any word of this device."""
        return self._look_up(device) is not None

    def _look_up(self, device: str) -> Standing | None:
        with self.store.read() as connection:
            return find_standing(connection, device)

    def _watched(self) -> Watched:
        return Watched(self._cursor, self._changed, self._listen if self.url else None)

    async def _cursor(self) -> int:
        return await self.database.run(self._read_cursor)

    def _read_cursor(self) -> int:
        with self.store.read() as connection:
            return log_cursor(connection)

    async def _changed(self, streams: frozenset[str], after: int) -> frozenset[str]:
        return await self.database.run(self._read_changed, streams, after)

    def _read_changed(self, streams: frozenset[str], after: int) -> frozenset[str]:
        with self.store.read() as connection:
            return changed_streams(connection, streams, after)

    async def _listen(self, seconds: float) -> None:
        await run_sync(self._wait, seconds, abandon_on_cancel=True)

    def _wait(self, seconds: float) -> None:
        if self._listener is None:
            self._listener = Listener(self.url or "")
        try:
            self._listener.wait(seconds)
        except Exception:
            self._listener = None
            raise


def utc_now() -> datetime:
    return datetime.now(UTC)
