"""From what the engine knows to what an officer is told."""

from datetime import datetime, timedelta

from onestop.store.truth import Counts, sync_counts
from onestop.sync import happenings as h
from onestop.sync.happenings import Failure
from onestop.sync.node import Node
from onestop.sync.state import Lane, State
from onestop.sync.status import Peer, Phase, SyncStatus, failure_words

_ENTRY_BYTES = 400  # what an entry takes on the line, packed
_GOOD = (h.HelloDone, h.PushDone, h.PullDone, h.JournalDone, h.BlobDone, h.HealthDone)


class Teller:
    """Counts one run of sending, remembers since when, and says a thing once."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._sent = 0
        self._last_success: datetime | None = None
        self._since: datetime | None = None
        self._known: SyncStatus | None = None

    def note(self, event: h.Event) -> None:
        if isinstance(event, _GOOD):
            self._last_success = self._node.clock()
        if isinstance(event, h.PushDone):
            self._sent += event.sent

    def status(self, state: State, now: float) -> SyncStatus | None:
        """None when nothing changed since the last time. Reads the store."""
        counts = sync_counts(self._node.store.rows)
        if self._last_success is None:
            self._last_success = self._node.last_reached()
        if not state.waiting:
            self._sent = 0
        made = self._made(state, counts, phase_of(state, counts.blobs), now)
        if made == self._known:
            return None
        self._known = made
        return made

    def _made(self, state: State, counts: Counts, phase: Phase, now: float) -> SyncStatus:
        failure = failure_of(state)
        wall = self._node.clock()
        if self._known is None or self._known.phase != phase:
            self._since = wall
        left = state.waiting + counts.blobs
        return SyncStatus(
            phase=phase,
            since=self._since or wall,
            last_success=self._last_success and _to_minute(self._last_success),
            sent=self._sent,
            to_send=self._sent + left,
            blobs_left=counts.blobs,
            bytes_left=counts.blob_bytes,
            rate=round(state.rate, -2),
            seconds_left=_seconds_left(state, counts),
            conflicts=counts.conflicts,
            shelf=counts.shelf,
            waiting_dossiers=counts.waiting_dossiers,
            oldest=counts.oldest_at,
            peer=self._peer(),
            words_of_failure=_words(failure),
            clock_off_seconds=self._node.clock_off,
            next_try=_next_try(state, failure, wall, now),
        )

    def _peer(self) -> Peer:
        if self._node.talk is None:
            return ""
        return "relay" if self._node.talk.kind == "relay" else "root"


def phase_of(state: State, uploads: int) -> Phase:
    """`uploads`: papers still to go up. Those that rest until the hub wants them do not count."""
    failure = failure_of(state)
    if failure is not None:
        return "offline" if failure.kind in ("offline", "stalled", "busy", "epoch") else "trouble"
    if not state.is_linked:
        return "connecting"
    if state.waiting or (uploads and state.blobs.busy is not None):
        return "sending"
    return "synced" if state.is_caught_up else "receiving"


def failure_of(state: State) -> Failure | None:
    """What keeps it from going on; a paper that fails alone is no reason to be called offline."""
    if state.frozen is not None:
        return state.frozen
    failing = [one for one in (state.entries, state.pull) if one.failure is not None and one.tries]
    return failing[0].failure if failing else None


def _words(failure: Failure | None) -> str:
    if failure is None:
        return ""
    words = failure_words(failure.kind)
    return f"{words} ({failure.words})" if failure.kind in ("lies", "store") and failure.words else words


def _next_try(state: State, failure: Failure | None, wall: datetime, now: float) -> datetime | None:
    dues = [one.due for one in (state.entries, state.pull) if one.due is not None and _failed(one)]
    if failure is None or not dues:
        return None
    return _to_second(wall + timedelta(seconds=max(0.0, min(dues) - now)))


def _failed(lane: Lane) -> bool:
    return lane.busy is None and lane.failure is not None


def _seconds_left(state: State, counts: Counts) -> int | None:
    left = counts.blob_bytes + state.waiting * _ENTRY_BYTES
    return round(left / state.rate) if state.rate > 0 and left else None


def _to_second(moment: datetime) -> datetime:
    """The same try is said to be at the same moment, however often it is told."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _to_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
