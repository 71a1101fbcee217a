"""What each event tells the engine: one handler an event, none of which begins anything."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from onestop.sync.happenings import (
    BlobDone,
    BlobFailed,
    Failure,
    HealthDone,
    HealthFailed,
    HelloDone,
    HelloFailed,
    JournalDone,
    JournalFailed,
    LinkUp,
    Pull,
    PullDone,
    PullFailed,
    PushDone,
    PushFailed,
    QuarantineDone,
    QuarantineFailed,
    Started,
    Stopped,
    SyncNow,
    Timer,
    Wrote,
)
from onestop.sync.state import (
    BLOB_SHARE,
    BLOBS,
    BUGS_TO_BISECT,
    ENTRIES,
    FIRST_BATCH,
    HEALTH_EVERY,
    HELLO_EVERY,
    LEAST_BYTES,
    LEAST_CHUNK,
    LEAST_PAGE,
    LONG_OUTAGE,
    MAX_BACK_OFF,
    MAX_BATCH,
    MAX_BYTES,
    MAX_CHUNK,
    PULL,
    PULL_LIMIT,
    Lane,
    State,
    failed,
    froze,
    measured,
    succeeded,
    with_blobs,
)


def _on_started(state: State, event: Started, now: float, random: Random) -> State:
    if state.is_running:
        return state
    return State(
        entries=Lane(due=now + random.uniform(0, min(MAX_BACK_OFF, event.herd))),
        is_running=True,
        waiting=event.waiting,
        blobs_left=event.blobs,
        journals=event.journals,
        herd=event.herd,
    )


def _on_stopped(state: State, _: Stopped, __: float, ___: Random) -> State:
    return replace(state, is_running=False)


def _on_link_up(state: State, _: LinkUp, now: float, random: Random) -> State:
    """After a long outage everybody's line comes back in the same second."""
    state = _rested(state)
    if state.last_ok is not None and now - state.last_ok <= LONG_OUTAGE:
        return state
    return _with_hello_due(state, now + random.uniform(0, min(MAX_BACK_OFF, state.herd)))


def _on_sync_now(state: State, _: SyncNow, now: float, __: Random) -> State:
    return _with_hello_due(replace(_rested(state), frozen=None), now)


def _rested(state: State) -> State:
    """Every back-off forgotten."""
    return replace(
        state,
        entries=replace(state.entries, due=None, tries=0),
        pull=replace(state.pull, due=None, tries=0),
        blobs=replace(state.blobs, due=None, tries=0),
        cut_polls=0,
    )


def _with_hello_due(state: State, due: float) -> State:
    return replace(state, is_linked=False, entries=replace(state.entries, due=due))


def _on_wrote(state: State, event: Wrote, _: float, __: Random) -> State:
    """Goes out at once, unless the lane waits because the hub failed or has not been greeted."""
    state = with_blobs(replace(state, waiting=event.waiting), event.blobs)
    if state.is_linked and not state.entries.tries:
        return replace(state, entries=replace(state.entries, due=None))
    return state


def _on_timer(state: State, _: Timer, __: float, ___: Random) -> State:
    return state  # planning looks at what is due; a timer that comes early changes nothing


def _on_hello_done(state: State, event: HelloDone, now: float, random: Random) -> State:
    state = replace(
        succeeded(state, ENTRIES, now),
        waiting=event.waiting,
        blobs_left=event.blobs,
        journals=event.journals,
        herd=state.herd if event.herd is None else event.herd,
        max_batch=max(1, min(MAX_BATCH, event.max_entries or MAX_BATCH)),
        hello_at=now + (event.again or HELLO_EVERY),
        is_linked=True,
        is_caught_up=False,
        frozen=None,
    )
    if event.is_revoked:
        return froze(state, Failure("refused"), now, random)
    # The line is good: what waited for it goes on.
    return replace(
        state,
        batch=min(state.batch, state.max_batch),
        pull=Lane(busy=state.pull.busy),
        blobs=Lane(busy=state.blobs.busy),
    )


def _on_hello_failed(state: State, event: HelloFailed, now: float, random: Random) -> State:
    return failed(replace(state, is_linked=False), ENTRIES, event.failure, now, random)


def _on_push_done(state: State, event: PushDone, now: float, random: Random) -> State:
    state = replace(measured(state, event.bytes, event.seconds), waiting=event.left, bugs=0, poisoned=0)
    if not event.sent and event.left:  # nothing could be sent though something waits: no mad loop
        return failed(state, ENTRIES, Failure("store"), now, random)
    bisect = max(0, state.bisect - event.sent)
    batch = state.batch if state.bisect else min(state.max_batch, state.batch * 2)
    return replace(
        succeeded(state, ENTRIES, now),
        bisect=bisect,
        batch=batch,
        max_bytes=min(MAX_BYTES, state.max_bytes * 2),
    )


def _on_push_failed(state: State, event: PushFailed, now: float, random: Random) -> State:
    if event.failure.kind == "bug":
        return _hub_failed_on_batch(state, event, now, random)
    state = replace(state, bugs=0)
    if event.failure.kind in ("offline", "stalled", "too_big"):
        state = replace(state, batch=max(1, min(state.batch, event.count or state.batch) // 2))
    if event.failure.kind == "too_big":
        state = replace(state, is_found=event.count == 1)
        state = replace(state, max_bytes=max(LEAST_BYTES, state.max_bytes // 2))
    return failed(state, ENTRIES, event.failure, now, random)


def _hub_failed_on_batch(state: State, event: PushFailed, now: float, random: Random) -> State:
    """Three times on the same offers: search by halves for the one that it cannot take."""
    count = max(1, event.count)
    bugs = state.bugs + 1
    if state.bisect or bugs >= BUGS_TO_BISECT:
        state = replace(state, bisect=count, is_found=count == 1, bugs=0)
        return failed(state, ENTRIES, event.failure, now, random, tries=state.poisoned + 1)
    return failed(replace(state, bugs=bugs), ENTRIES, event.failure, now, random)


def _on_quarantine_done(state: State, event: QuarantineDone, now: float, _: Random) -> State:
    """The queue goes on in small steps; a hub that fails on everything is not flooded."""
    return replace(
        succeeded(state, ENTRIES, now),
        waiting=event.left,
        bisect=0,
        is_found=False,
        bugs=0,
        batch=FIRST_BATCH if not state.poisoned else 1,
        poisoned=min(state.poisoned + 1, 8),
    )


def _on_quarantine_failed(state: State, event: QuarantineFailed, now: float, random: Random) -> State:
    """The hub fails on everything: it was not that offer."""
    state = replace(state, bisect=0, is_found=False, bugs=0)
    return failed(state, ENTRIES, event.failure, now, random)


def _on_pull_done(state: State, event: PullDone, now: float, random: Random) -> State:
    asked = state.pull.busy
    waited = asked.wait if isinstance(asked, Pull) else 0
    state = replace(
        succeeded(state, PULL, now),
        is_caught_up=not event.more,
        page=min(PULL_LIMIT, state.page * 2) if event.more else state.page,
        journals=event.journals,
        waiting=state.waiting if event.waiting is None else event.waiting,
        cut_polls=0 if waited else state.cut_polls,
    )
    state = with_blobs(state, event.blobs)
    if event.more or event.count:
        return state
    if waited and event.seconds < 1.0:  # a hub that answers a long poll at once, with nothing
        return replace(state, pull=replace(state.pull, due=now + random.uniform(1, 3)))
    if not waited and state.cut_polls >= 3:
        return replace(state, pull=replace(state.pull, due=now + 60 * random.uniform(0.75, 1.25)))
    return state


def _on_pull_failed(state: State, event: PullFailed, now: float, random: Random) -> State:
    asked = state.pull.busy
    if isinstance(asked, Pull) and event.failure.kind in ("offline", "stalled"):
        # A long poll that was cut says that such calls are cut; any other, that pages are too long.
        if asked.wait:
            state = replace(state, cut_polls=state.cut_polls + 1)
        else:
            state = replace(state, page=max(LEAST_PAGE, state.page // 2))
    return failed(state, PULL, event.failure, now, random)


def _on_journal_done(state: State, event: JournalDone, now: float, _: Random) -> State:
    return with_blobs(replace(succeeded(state, PULL, now), journals=event.left), event.blobs)


def _on_journal_failed(state: State, event: JournalFailed, now: float, random: Random) -> State:
    return failed(state, PULL, event.failure, now, random)


def _on_blob_done(state: State, event: BlobDone, now: float, _: Random) -> State:
    state = replace(measured(state, event.bytes, event.seconds), blobs_left=event.left)
    state = succeeded(_with_chunk(state, event), BLOBS, now)
    pause = event.rest
    if state.waiting and event.bytes:  # leaves room for the entries
        pause = max(pause, event.seconds * (1 - BLOB_SHARE) / BLOB_SHARE)
    if pause:
        return replace(state, blobs=replace(state.blobs, due=now + min(MAX_BACK_OFF, pause)))
    return state


def _with_chunk(state: State, event: BlobDone) -> State:
    """Towards 2 to 4 s a chunk, growing only after three in a row."""
    if not event.bytes:
        return state
    if event.seconds > 4.0:
        return replace(state, chunk=max(LEAST_CHUNK, state.chunk // 2), chunk_wins=0)
    if event.bytes < state.chunk:  # the end of a blob says nothing of the line
        return state
    wins = state.chunk_wins + 1
    if wins >= 3 and event.seconds < 2.0:
        return replace(state, chunk=min(MAX_CHUNK, state.chunk * 2), chunk_wins=0)
    return replace(state, chunk_wins=wins)


def _on_blob_failed(state: State, event: BlobFailed, now: float, random: Random) -> State:
    if event.failure.kind in ("offline", "stalled", "too_big"):
        state = replace(state, chunk=max(LEAST_CHUNK, state.chunk // 2), chunk_wins=0)
    if event.left is not None:
        state = replace(state, blobs_left=event.left)
    return failed(state, BLOBS, event.failure, now, random)


def _on_health_done(state: State, _: HealthDone, now: float, __: Random) -> State:
    return replace(succeeded(state, ENTRIES, now), health_at=now + HEALTH_EVERY)


def _on_health_failed(state: State, event: HealthFailed, now: float, random: Random) -> State:
    """Counters may wait; only a hub that must be greeted anew counts as a failure."""
    if event.failure.kind in ("refused", "epoch", "version"):
        return failed(state, ENTRIES, event.failure, now, random)
    return replace(state, entries=replace(state.entries, busy=None), health_at=now + HEALTH_EVERY)


HANDLERS: dict[type, Callable[[State, Any, float, Random], State]] = {
    Started: _on_started,
    Stopped: _on_stopped,
    LinkUp: _on_link_up,
    SyncNow: _on_sync_now,
    Wrote: _on_wrote,
    Timer: _on_timer,
    HelloDone: _on_hello_done,
    HelloFailed: _on_hello_failed,
    PushDone: _on_push_done,
    PushFailed: _on_push_failed,
    QuarantineDone: _on_quarantine_done,
    QuarantineFailed: _on_quarantine_failed,
    PullDone: _on_pull_done,
    PullFailed: _on_pull_failed,
    JournalDone: _on_journal_done,
    JournalFailed: _on_journal_failed,
    BlobDone: _on_blob_done,
    BlobFailed: _on_blob_failed,
    HealthDone: _on_health_done,
    HealthFailed: _on_health_failed,
}
