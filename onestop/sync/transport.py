"""What the engine's work needs of a line; `client` is the one over HTTPS, the simulator has its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from onestop.domain.offer import Offer, Page, Receipt
from onestop.domain.statement import Statement
from onestop.sync.happenings import Failure
from onestop.sync.wire import BlobState, HelloOut, HelloReply, Lease


class LineFailed(Exception):
    """A call that did not work; `failure` says how. For the engine; people read `failure_words`."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.kind}: {failure.words}")
        self.failure = failure


class NotThere(Exception):
    """404: the hub has no such thing that this node may see."""


class WrongOffset(Exception):
    """The hub's part ends at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the part ends at {offset}")
        self.offset = offset


class WrongBytes(Exception):
    """All bytes arrived and are not those of the name: the part was thrown away."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Receipts in the order of the offers; `bytes` that went over the line."""

    receipts: tuple[Receipt, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class SnapshotPiece:
    """`data` of the snapshot `name`, which is `length` bytes long; "" when another was made meanwhile."""

    name: str
    length: int
    data: bytes


@runtime_checkable
class SnapshotLine(Protocol):
    """A line over which a fresh desk can fetch a snapshot; a desk without one reads the whole log."""

    def snapshot(self, name: str, first: int, last: int) -> SnapshotPiece:
        """Plain bytes `first` to `last` inclusive, fewer when the line broke; of the newest when
        `name` is "". Raises LineFailed, NotThere."""


@runtime_checkable
class ChosenLine(Protocol):
    """A line with several addresses."""

    @property
    def is_detour(self) -> bool:
        """Whether the hub that answered the last hello is not the one to be called first."""


class Transport(Protocol):
    """Every call raises LineFailed. The calls of three lanes may run side by side."""

    def hello(self, out: HelloOut) -> HelloReply:
        """Chooses the hub to speak to: the first of its addresses that answers."""

    def push(self, offers: Sequence[Offer], statements: Sequence[Statement] = ()) -> Pushed:
        """Statements are those a restored hub lost; receipts answer offers alone."""

    def quarantine(self, offer: Offer) -> None:
        """Hands in the raw bytes of an offer that the hub fails on."""

    def pull(self, epoch: str, after: int, limit: int, wait: int) -> Page: ...

    def doubt_own(self) -> None:
        """From now on whole entries of this device's own are asked for too, not mere receipts."""

    def journal(self, dossier: str, after: int) -> Page:
        """Raises NotThere."""

    def have(self, digests: Sequence[str]) -> dict[str, BlobState]: ...

    def patch(self, digest: str, offset: int, length: int, data: bytes) -> int:
        """The offset then reached. Raises WrongOffset, WrongBytes, NotThere."""

    def fetch(self, digest: str, first: int, last: int) -> bytes:
        """Plain bytes `first` to `last` inclusive, fewer when the line broke. Raises NotThere."""

    def lease(self, day: str, count: int) -> Lease: ...

    def health(self, app: str, counters: Mapping[str, int]) -> None: ...

    def close(self) -> None:
        """Breaks off everything in flight; later calls fail as offline."""
