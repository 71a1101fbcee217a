"""One side of a line: its store, its key, its clock, and what it knows of the hub it speaks to."""

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from onestop.domain.moment import from_wire
from onestop.domain.signing import SigningKey
from onestop.errors import OfficeError
from onestop.store.blob_stream import desk_parts
from onestop.store.log import Ledger
from onestop.store.parts import Parts
from onestop.store.peers import RELAY, ROOT, peer_of
from onestop.store.standing import read_standing
from onestop.store.store import Store
from onestop.store.todo import Todo, count_todo
from onestop.sync.wire import BlobState

NO_CHAIN = "0" * 16
"""Incarnation of a relay: it writes nothing itself."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The hub that answered the last hello."""

    log: str
    kind: str


@dataclass(slots=True)
class Papers:
    """What this run knows of papers on their way; forgotten at every hello.

    `states`: what the hub has of those to go up. `put_off`: until when (monotonic) not to try.
    `strikes`: how often one went wrong in a row.
    """

    states: dict[str, BlobState] = field(default_factory=dict)
    put_off: dict[str, float] = field(default_factory=dict)
    strikes: dict[str, int] = field(default_factory=dict)
    was_up: bool = False

    def resting(self, now: float) -> set[str]:
        return {digest for digest, until in self.put_off.items() if until > now}

    def rest(self, now: float) -> float:
        """Seconds until the first of those that were put off may be tried again."""
        return min((until - now for until in self.put_off.values() if until > now), default=0.0)


class Node:
    """A desk, or a relay towards the root (`ledger`: its own log, which hands the news on).

    `monotonic`: (boot id, ms) of this machine, as entries carry it. The three lanes use one
    node side by side: each transaction is its own, the talk is settled by hello alone.
    `begins`: a fresh desk that takes a snapshot before it pulls.
    """

    def __init__(
        self,
        store: Store,
        device: str,
        key: SigningKey,
        clock: Callable[[], datetime],
        monotonic: Callable[[], tuple[str, int]],
        *,
        app: str = "",
        parts: Parts | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.store = store
        self.device = device
        self.key = key
        self.clock = clock
        self.monotonic = monotonic
        self.app = app
        self.parts = parts or desk_parts(store.path.parent, key.secret)
        self.ledger = ledger
        self.talk: Talk | None = None
        self.papers = Papers()
        self.clock_off = 0
        self.begins = False
        self._news: set[str] = set()
        self._news_lock = Lock()

    def incarnation(self) -> str:
        with self.store.read() as connection:
            standing = read_standing(connection)
        return NO_CHAIN if standing is None else standing.incarnation

    def todo(self) -> Todo:
        """What there is to do now; of the papers, all that are not where they belong."""
        return count_todo(self.store.rows, self.talk.kind if self.talk else ROOT)

    def last_reached(self) -> datetime | None:
        """When any hub last answered, by the hubs' own time."""
        with self.store.read() as connection:
            found = [peer_of(connection, kind) for kind in (ROOT, RELAY)]
        moments = [peer.reached_at for peer in found if peer is not None and peer.reached_at]
        return from_wire(max(moments)) if moments else None

    def disk_free(self) -> int:
        return free_bytes(self.store.path.parent)

    def add_news(self, dossiers: Collection[str]) -> None:
        """These look different now; the driver tells whoever shows them."""
        with self._news_lock:  # lanes add while the driver takes
            self._news.update(dossiers)

    def take_news(self) -> frozenset[str]:
        with self._news_lock:
            news, self._news = frozenset(self._news), set()
        return news


def free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def in_words(error: OfficeError) -> str:
    return f"{error.title}. {error.message}".strip()
