"""What the engine of sync knows, and the few moves that all its lanes share."""

from dataclasses import dataclass, replace
from random import Random

from onestop.sync.happenings import Failure, LaneName, Work

MAX_BACK_OFF = 300.0  # seconds: the longest any retry waits
FIRST_BATCH = 50
MAX_BATCH = 500
MAX_BYTES = 1024 * 1024
LEAST_BYTES = 128 * 1024
BUGS_TO_BISECT = 3
PULL_LIMIT = 500
LEAST_PAGE = 16
LONG_POLL = 25
FIRST_CHUNK = 256 * 1024
LEAST_CHUNK = 64 * 1024
MAX_CHUNK = 4 * 1024 * 1024
BLOB_SHARE = 0.7  # of the rate, while entries wait
LONG_OUTAGE = 600.0  # after it a whole province may come back at once
HELLO_EVERY = 900.0
HEALTH_EVERY = 300.0
ENTRIES, PULL, BLOBS = LaneName.ENTRIES, LaneName.PULL, LaneName.BLOBS


@dataclass(frozen=True, slots=True)
class Lane:
    """`busy`: the action in flight. `due`: not before then. `tries`: failures in a row."""

    busy: Work | None = None
    due: float | None = None
    tries: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class State:
    """All the engine knows.

    `bisect` > 0: the offer that the hub fails on is among the first so many, and half of them
    are sent at a time until `is_found`: it is the first. `poisoned` counts offers set aside with
    no success between.
    """

    entries: Lane = Lane()
    pull: Lane = Lane()
    blobs: Lane = Lane()
    is_running: bool = False
    is_linked: bool = False  # hello was answered
    frozen: Failure | None = None  # refused, wrong version, or a log that lies
    waiting: int = 0
    blobs_left: int = 0
    journals: int = 0
    batch: int = FIRST_BATCH
    max_batch: int = MAX_BATCH
    max_bytes: int = MAX_BYTES
    bugs: int = 0
    bisect: int = 0
    is_found: bool = False
    poisoned: int = 0
    is_caught_up: bool = False
    page: int = PULL_LIMIT  # records asked for at once
    cut_polls: int = 0
    chunk: int = FIRST_CHUNK
    chunk_wins: int = 0
    rate: float = 0.0  # bytes a second, of the last transfers
    herd: float = 60.0
    last_ok: float | None = None
    hello_at: float = 0.0  # the next refreshing hello
    health_at: float = 0.0


def lane(state: State, name: LaneName) -> Lane:
    return {ENTRIES: state.entries, PULL: state.pull, BLOBS: state.blobs}[name]


def with_lane(state: State, name: LaneName, here: Lane) -> State:
    if name is ENTRIES:
        return replace(state, entries=here)
    return replace(state, pull=here) if name is PULL else replace(state, blobs=here)


def with_blobs(state: State, count: int | None) -> State:
    """More blobs than before: a lane that only rests need not rest longer."""
    if count is None:
        return state
    here = state.blobs
    is_resting = here.busy is None and not here.tries and count > state.blobs_left
    return replace(state, blobs_left=count, blobs=Lane() if is_resting else here)


def back_off(tries: int, random: Random, retry_after: float | None = None) -> float:
    """Full jitter: U(0, min(300, 2^n)) after n + 1 failures; not before what the hub asked for."""
    waited = random.uniform(0, min(MAX_BACK_OFF, 2.0 ** min(max(tries - 1, 0), 9)))
    if retry_after is None:
        return waited
    return min(MAX_BACK_OFF, max(waited, retry_after * random.uniform(1.0, 1.1)))


def succeeded(state: State, name: LaneName, now: float) -> State:
    """The line is good: lanes that wait for it need not wait longer."""
    state = replace(with_lane(state, name, Lane()), last_ok=now)
    for other in LaneName:
        here = lane(state, other)
        if here.busy is None and here.failure is not None and here.failure.kind in ("offline", "stalled"):
            state = with_lane(state, other, Lane(tries=here.tries, failure=here.failure))
    return state


def failed(
    state: State, name: LaneName, failure: Failure, now: float, random: Random, tries: int = 0
) -> State:
    """The lane backs off, from the `tries`-th failure where that is not simply one more."""
    if failure.kind in ("refused", "version", "lies"):
        return froze(_with_failure(state, name, failure), failure, now, random)
    tries = tries or lane(state, name).tries + 1
    due = now + back_off(tries, random, failure.retry_after)
    state = with_lane(state, name, Lane(due=due, tries=tries, failure=failure))
    is_line_gone = failure.kind in ("offline", "stalled") and tries == 5 and name is not BLOBS
    # A greeting is owed before anything else.
    return owes_hello(state, now, random) if failure.kind == "epoch" or is_line_gone else state


def _with_failure(state: State, name: LaneName, failure: Failure) -> State:
    return with_lane(state, name, Lane(failure=failure))


def owes_hello(state: State, now: float, random: Random) -> State:
    if not state.is_linked:
        return state
    here = state.entries
    if here.busy is None and not here.tries:  # it rests: no reason to wait for the next upkeep
        state = replace(state, entries=replace(here, due=now + random.uniform(0, 1)))
    return replace(state, is_linked=False)


def froze(state: State, failure: Failure, now: float, random: Random) -> State:
    """Nothing is sent or taken; a hello asks every few minutes whether that still holds."""
    due = now + random.uniform(MAX_BACK_OFF / 2, MAX_BACK_OFF)
    here = state.entries
    entries = here if here.busy is not None else Lane(due=due, tries=here.tries, failure=failure)
    return replace(state, is_linked=False, frozen=failure, entries=entries)


def measured(state: State, count: int, seconds: float) -> State:
    """A moving mean over transfers that are long enough to say something."""
    if count < 4096 or seconds <= 0:
        return state
    rate = count / seconds
    return replace(state, rate=rate if not state.rate else 0.7 * state.rate + 0.3 * rate)
