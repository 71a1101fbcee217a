"""The engine of sync: pure, without threads, clock or network.

`step(state, event, now, random)` gives the next state and what to do. Handlers only note
what is known; then every free lane is planned anew from that knowledge alone. So a retry
never hangs on an event that may be missed (level, not edge): as long as something waits, a
timer of at most 300 s is armed (`is_armed`).

`now` is monotonic seconds. Drivers run each action, hand its outcome in as an event, and
hand in Timer(lane) when a Wait has passed.
"""

from dataclasses import replace
from random import Random

from onestop.sync.happenings import (
    Action,
    BlobStep,
    Event,
    Health,
    Hello,
    Journal,
    Pull,
    Push,
    Quarantine,
    Wait,
    Work,
)
from onestop.sync.noting import HANDLERS
from onestop.sync.state import (
    BLOBS,
    ENTRIES,
    LONG_POLL,
    MAX_BACK_OFF,
    PULL,
    Lane,
    State,
    lane,
    with_lane,
)


def step(state: State, event: Event, now: float, random: Random) -> tuple[State, list[Action]]:
    """The next state and the actions to begin. Never raises for any event in any state."""
    noted = HANDLERS[type(event)](state, event, now, random)
    if not noted.is_running:
        return noted, []
    return _plan(noted, now, random)


def is_armed(state: State, now: float) -> bool:
    """The level rule: whatever there is to do is in flight, or due within 300 s."""
    if not state.is_running:
        return True
    wanted = [state.entries]
    if state.is_linked:
        wanted.append(state.pull)
        if state.blobs_left:
            wanted.append(state.blobs)
    return all(one.busy or (one.due is not None and one.due <= now + MAX_BACK_OFF) for one in wanted)


# --- planning: every free lane from what is known


def _plan(state: State, now: float, random: Random) -> tuple[State, list[Action]]:
    actions: list[Action] = []
    for name, choose in ((ENTRIES, _next_entries), (PULL, _next_pull), (BLOBS, _next_blobs)):
        here = lane(state, name)
        if here.busy is not None:
            continue
        if here.due is None or here.due <= now:
            here = choose(state, here, now)
            state = with_lane(state, name, here)
        if here.busy is not None:
            actions.append(here.busy)
        elif here.due is not None:
            actions.append(Wait(name, max(0.0, here.due - now)))
    return state, actions


def _next_entries(state: State, here: Lane, now: float) -> Lane:
    work: Work | None = None
    if not state.is_linked:
        work = Hello()
    elif state.waiting and state.is_found:
        work = Quarantine()
    elif state.waiting:
        work = Push(_limit(state), state.max_bytes)
    elif now >= state.hello_at:
        work = Hello()
    elif now >= state.health_at:
        work = Health()
    if work is not None:
        return replace(here, busy=work, due=None)
    return replace(here, due=min(state.hello_at, state.health_at, now + MAX_BACK_OFF))


def _limit(state: State) -> int:
    return max(1, state.bisect // 2) if state.bisect else state.batch


def _next_pull(state: State, here: Lane, _: float) -> Lane:
    if not state.is_linked:
        return replace(here, due=None)
    if state.journals:
        return replace(here, busy=Journal(), due=None)
    wait = LONG_POLL if state.is_caught_up and state.cut_polls < 3 else 0
    return replace(here, busy=Pull(state.page, wait), due=None)


def _next_blobs(state: State, here: Lane, _: float) -> Lane:
    if not (state.is_linked and state.blobs_left):
        return replace(here, due=None)
    return replace(here, busy=BlobStep(state.chunk), due=None)
