"""What the engine hears (events) and what it asks for (actions). Plain values, no behaviour."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

FailureKind = Literal[
    "offline",  # no line, or it broke
    "stalled",  # 20 s without a byte
    "refused",  # 401, 403: token, revoked, frozen
    "epoch",  # 409: the log began anew; say hello again
    "too_big",  # 413: send less at a time
    "busy",  # 429, 503: later, perhaps with Retry-After
    "bug",  # any other 5xx, or an answer that is none
    "version",  # the two sides speak no common protocol
    "lies",  # the hub's log does not continue the one we witnessed
    "store",  # this machine's own disk
]


class LaneName(StrEnum):
    """Three lanes, each with at most one action in flight; hello and upkeep go in `entries`."""

    ENTRIES = "entries"
    PULL = "pull"
    BLOBS = "blobs"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an action did not work. `retry_after` in seconds, when the hub named it."""

    kind: FailureKind
    words: str = ""
    retry_after: float | None = None


# --- actions


@dataclass(frozen=True, slots=True)
class Hello:
    """Say who we are, hear of epoch, checkpoint, revocation."""


@dataclass(frozen=True, slots=True)
class Push:
    """Send the first `limit` waiting offers, at most `max_bytes` raw (always at least one)."""

    limit: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Hand in the first waiting offer as raw bytes: the hub fails on it, the queue goes on."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Take the next page; the hub may hold the answer back for `wait` seconds."""

    limit: int
    wait: int


@dataclass(frozen=True, slots=True)
class Journal:
    """Back-fill one dossier that came into view."""


@dataclass(frozen=True, slots=True)
class BlobStep:
    """Move at most `chunk` bytes of one blob, up or down."""

    chunk: int


@dataclass(frozen=True, slots=True)
class Health:
    """Upkeep: health counters, codes of today, which blobs are durable by now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Hand in Timer(lane) after so many seconds."""

    lane: LaneName
    seconds: float


Work = Hello | Push | Quarantine | Pull | Journal | BlobStep | Health
Action = Work | Wait


# --- events


@dataclass(frozen=True, slots=True)
class Started:
    """`herd`: the first hello waits U(0, herd) seconds, so that a province does not come at once."""

    waiting: int = 0
    blobs: int = 0
    journals: int = 0
    herd: float = 60.0


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The system says that there is a line again."""


@dataclass(frozen=True, slots=True)
class SyncNow:
    """The officer asked: no waiting."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """Something was recorded here; how much waits now."""

    waiting: int
    blobs: int = 0


@dataclass(frozen=True, slots=True)
class Timer:
    lane: LaneName


@dataclass(frozen=True, slots=True)
class HelloDone:
    """`again`: seconds until the next hello, where that is not to wait as long as usual."""

    waiting: int = 0
    blobs: int = 0
    journals: int = 0
    is_revoked: bool = False
    herd: float | None = None
    max_entries: int | None = None
    again: float | None = None


@dataclass(frozen=True, slots=True)
class HelloFailed:
    failure: Failure


@dataclass(frozen=True, slots=True)
class PushDone:
    """`left`: offers that still wait; `bytes` went over the line in `seconds`."""

    sent: int
    left: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PushFailed:
    """`count`: how many offers were in the batch."""

    failure: Failure
    count: int = 0


@dataclass(frozen=True, slots=True)
class QuarantineDone:
    left: int


@dataclass(frozen=True, slots=True)
class QuarantineFailed:
    failure: Failure


@dataclass(frozen=True, slots=True)
class PullDone:
    """`waiting`, `blobs`, `journals`: what there is to do now, as a page may bring work."""

    count: int
    more: bool
    seconds: float = 0.0
    waiting: int | None = None
    blobs: int | None = None
    journals: int = 0


@dataclass(frozen=True, slots=True)
class PullFailed:
    failure: Failure


@dataclass(frozen=True, slots=True)
class JournalDone:
    left: int
    blobs: int | None = None


@dataclass(frozen=True, slots=True)
class JournalFailed:
    failure: Failure


@dataclass(frozen=True, slots=True)
class BlobDone:
    """`bytes` moved (0: only asked what the hub has); `left`: blobs still to move.

    `rest`: seconds until one of them can be, when all were put off.
    """

    bytes: int
    seconds: float
    left: int
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class BlobFailed:
    """`left`: blobs still to move, where this one was set aside; None: as before."""

    failure: Failure
    left: int | None = None


@dataclass(frozen=True, slots=True)
class HealthDone:
    pass


@dataclass(frozen=True, slots=True)
class HealthFailed:
    failure: Failure


@dataclass(frozen=True, slots=True)
class Stopped:
    pass


Outcome = (
    HelloDone
    | HelloFailed
    | PushDone
    | PushFailed
    | QuarantineDone
    | QuarantineFailed
    | PullDone
    | PullFailed
    | JournalDone
    | JournalFailed
    | BlobDone
    | BlobFailed
    | HealthDone
    | HealthFailed
)
"""What becomes of an action."""

Event = Started | LinkUp | SyncNow | Wrote | Timer | Stopped | Outcome
