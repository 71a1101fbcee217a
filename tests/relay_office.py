"""An office for tests: its relay and its desks with their lines, each hub the real program."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from onestop.domain.dossier import Dossier
from onestop.domain.moment import VIETNAM
from onestop.store.blobs import has_blob
from onestop.sync.joined import call_relay_first, desk_runner, join_desk
from onestop.sync.runner import Runner
from onestop.sync.status import SyncStatus
from tests.hub_process import PRACTICE, Caller, Running, administer, caller_of
from tests.office_desk import Seat, new_folder, open_seat, receive

ENTRIES = "SELECT id, dossier, cursor, place, verdict FROM entries ORDER BY id"


@dataclass
class Desk:
    """A desk with its line running."""

    seat: Seat
    runner: Runner
    statuses: list[SyncStatus] = field(default_factory=list)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.seat.store.rows(sql, values)]

    def has(self, dossier: str) -> bool:
        return bool(self.rows("SELECT 1 FROM dossiers WHERE id = :d", d=dossier))

    def opens(self, digest: str) -> bool:
        """Whether a dossier here may open the paper, and it is here."""
        keys = "SELECT 1 FROM blob_keys WHERE sha256 = :digest AND dossier NOT IN ('drafts')"
        return has_blob(self.seat.store.blobs_folder, digest) and bool(self.rows(keys, digest=digest))

    def receive(self, **changes: object) -> Dossier:
        made = receive(self.seat, **changes)
        self.runner.poke()
        return made

    def unsent(self) -> int:
        return int(self.rows("SELECT count(*) FROM outbox")[0][0])

    def peer(self) -> str:
        return self.statuses[-1].peer if self.statuses else ""


def until(what: str, check: Callable[[], Any], seconds: float = 60) -> float:
    """Seconds it took; fails after `seconds`."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.01)
    return time.monotonic() - began


def joined_seat(folder: Path, index: int, root: Running) -> Seat:
    """A desk of the practice office that was joined to its root and then closed again."""
    seat = open_seat(new_folder(folder, index), datetime.now(VIETNAM))
    join_desk(seat.office, root.url, root.code())
    return seat


@contextmanager
def desk(seat: Seat, relay: str = "") -> Iterator[Desk]:
    """Its line runs until the end of the block; then its store is closed."""
    if relay:
        call_relay_first(seat.store, relay)
    statuses: list[SyncStatus] = []
    made = desk_runner(seat.store, seat.clock, seat.clock.boot, statuses.append, herd=0)
    assert made is not None
    made.start()
    try:
        yield Desk(seat, made, statuses)
    finally:
        made.stop()
        seat.store.close()


def reopened(folder: Path) -> Seat:
    return open_seat(folder, datetime.now(VIETNAM))


def join_relay(root: Running, data: Path) -> None:
    administer(data, "join", root.code(PRACTICE, "--relay"), root.url)


def knows(relay: Running, *seats: Seat) -> None:
    """Waits until the relay has heard of these desks from the root: before, it turns them away."""
    for seat in seats:
        me = caller_of(seat.store, relay.url)
        until("the relay knows its desks", partial(_is_known, me))


def _is_known(caller: Caller) -> bool:
    return caller.ask_token().status_code == 200


def are_at(kind: str, *desks: Desk) -> None:
    """Waits until all of them speak to a hub of this kind."""
    for one in desks:
        until(f"{one.seat} speaks to the {kind}", partial(_is_at, one, kind))


def _is_at(here: Desk, kind: str) -> bool:
    return here.peer() == kind


def address(running: Running) -> str:
    """HOST:PORT, to start it again in the same place."""
    return running.url.rpartition("/")[2]
