"""Long polls: thousands may wait for news, and none holds a thread or a connection meanwhile.

One watcher in each process looks whether the log has grown (PostgreSQL tells it; SQLite is
asked three times a second, and this process's own writes at once), finds the streams that
did, and wakes those who wait for them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from onestop.errors import StoreError

POLL = 0.3
AFTER_TROUBLE = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """How to look at the log. `nap` ends early when there may be news; all run beside the loop."""

    cursor: Callable[[], Awaitable[int]]
    changed: Callable[[frozenset[str], int], Awaitable[frozenset[str]]]
    nap: Callable[[float], Awaitable[None]] | None = None


class Wake:
    """The sleepers of one process."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._sleepers: dict[asyncio.Event, tuple[frozenset[str], int]] = {}
        self._somebody = asyncio.Event()
        self._rung = asyncio.Event()
        self._cursor = 0
        self._is_over = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        return self._is_over

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch(), name="wake")

    async def stop(self) -> None:
        self.end()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end(self) -> None:
        """Everybody is woken and nobody sleeps again: the process is about to end."""
        self._is_over = True
        for sleeper in self._sleepers:
            sleeper.set()

    def ring(self) -> None:
        """This process has written."""
        self._rung.set()

    async def sleep(self, streams: frozenset[str], since: int, seconds: float) -> None:
        """Until one of the streams may have grown beyond log cursor `since`, or the time is over."""
        if self._is_over or since < self._cursor:
            return
        news = asyncio.Event()
        self._sleepers[news] = streams, since
        self._somebody.set()
        try:
            await asyncio.wait_for(news.wait(), seconds)
        except TimeoutError:
            return
        finally:
            del self._sleepers[news]

    async def _watch(self) -> None:
        while True:
            if not self._sleepers:
                self._somebody.clear()
                await self._somebody.wait()
            try:
                await self._look()
                await self._nap()
            except StoreError as error:
                _log.warning("the log cannot be watched: %s", error.title)
                await asyncio.sleep(AFTER_TROUBLE)

    async def _look(self) -> None:
        self._rung.clear()
        cursor = await self._watched.cursor()
        if cursor <= self._cursor:
            return
        self._cursor = cursor
        sleepers = list(self._sleepers.items())
        if not sleepers:
            return
        wanted = frozenset[str]().union(*(streams for _, (streams, _) in sleepers))
        changed = await self._watched.changed(wanted, min(since for _, (_, since) in sleepers))
        for sleeper, (streams, since) in sleepers:
            if streams & changed and since < cursor:
                sleeper.set()

    async def _nap(self) -> None:
        if self._watched.nap is not None:
            await self._watched.nap(AFTER_TROUBLE)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), POLL)
