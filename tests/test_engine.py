"""The engine of sync, driven by a world of its own: no threads, no clock, no network.

The world below keeps a queue as a desk does and fails as a line does; the engine must always
be armed, never have two actions in one lane, and bring everything across in the end.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.sync import happenings as h
from onestop.sync.engine import is_armed, step
from onestop.sync.happenings import Failure, LaneName
from onestop.sync.state import (
    FIRST_BATCH,
    FIRST_CHUNK,
    LEAST_CHUNK,
    MAX_BACK_OFF,
    MAX_BATCH,
    MAX_CHUNK,
    Lane,
    State,
    back_off,
)

KINDS: tuple[h.FailureKind, ...] = (
    "offline", "stalled", "refused", "epoch", "too_big", "busy", "bug", "version", "lies", "store",
)  # fmt: skip
LANE_OF = {
    h.Hello: LaneName.ENTRIES,
    h.Push: LaneName.ENTRIES,
    h.Quarantine: LaneName.ENTRIES,
    h.Health: LaneName.ENTRIES,
    h.Pull: LaneName.PULL,
    h.Journal: LaneName.PULL,
    h.BlobStep: LaneName.BLOBS,
}
FAILED = {
    h.Hello: h.HelloFailed,
    h.Push: h.PushFailed,
    h.Quarantine: h.QuarantineFailed,
    h.Health: h.HealthFailed,
    h.Pull: h.PullFailed,
    h.Journal: h.JournalFailed,
    h.BlobStep: h.BlobFailed,
}
SECONDS = {
    h.Hello: 0.2,
    h.Push: 0.4,
    h.Quarantine: 0.2,
    h.Health: 0.2,
    h.Pull: 0.3,
    h.Journal: 0.2,
    h.BlobStep: 1.0,
}


@dataclass
class World:
    """A desk's queue and a line to a hub. `faults` are drawn while there are any left."""

    random: Random
    faults: list[h.FailureKind] = field(default_factory=list)
    outbox: list[int] = field(default_factory=list)
    poison: set[int] = field(default_factory=set)
    blobs: int = 0
    journals: int = 0
    now: float = 1000.0
    state: State = field(default_factory=State)
    flying: dict[LaneName, tuple[float, h.Action]] = field(default_factory=dict)
    taken: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)
    began: Counter[str] = field(default_factory=Counter)
    pushes: list[h.Push] = field(default_factory=list)

    def tell(self, event: h.Event) -> None:
        self.state, actions = step(self.state, event, self.now, self.random)
        for action in actions:
            if not isinstance(action, h.Wait):
                self.begin(action)
        assert is_armed(self.state, self.now), (event, self.state)

    def begin(self, action: h.Work) -> None:
        lane = LANE_OF[type(action)]
        assert lane not in self.flying, f"two actions in {lane}"
        seconds = float(action.wait) if isinstance(action, h.Pull) and action.wait else SECONDS[type(action)]
        self.flying[lane] = (self.now + seconds, action)
        self.began[type(action).__name__] += 1
        if isinstance(action, h.Push):
            self.pushes.append(action)

    def start(self, herd: float = 0.0) -> None:
        self.tell(h.Started(len(self.outbox), self.blobs, self.journals, herd))

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.turn(end):
            pass
        self.now = end

    def turn(self, end: float) -> bool:
        """The next thing that happens before `end`: an answer or a timer."""
        answers = [(at, 0, lane) for lane, (at, _) in self.flying.items()]
        lanes = {name: getattr(self.state, name.value) for name in LaneName}
        timers = [
            (one.due, 1, name) for name, one in lanes.items() if one.busy is None and one.due is not None
        ]
        coming = min(answers + timers, default=None)
        if coming is None or coming[0] > end:
            return False
        self.now = max(self.now, coming[0])
        if coming[1] == 1:
            self.tell(h.Timer(coming[2]))
        else:
            self.tell(self.answer(self.flying.pop(coming[2])[1]))
        return True

    def answer(self, action: h.Action) -> h.Event:
        kind = self.faults.pop() if self.faults else None
        if kind is not None:
            return self.fail(action, Failure(kind, retry_after=20.0 if kind == "busy" else None))
        return self.succeed(action)

    def fail(self, action: h.Action, failure: Failure) -> h.Event:
        if isinstance(action, h.Push):
            return h.PushFailed(failure, len(self.outbox[: action.limit]))
        made: h.Event = FAILED[type(action)](failure)
        return made

    def succeed(self, action: h.Action) -> h.Event:  # noqa: PLR0911  (one a kind of action)
        match action:
            case h.Hello():
                return h.HelloDone(len(self.outbox), self.blobs, self.journals)
            case h.Push(limit, _):
                return self.push(limit)
            case h.Quarantine():
                self.aside.append(self.outbox.pop(0))
                return h.QuarantineDone(len(self.outbox))
            case h.Pull(_, wait):
                return h.PullDone(0, False, float(wait), len(self.outbox), self.blobs, self.journals)
            case h.Journal():
                self.journals = max(0, self.journals - 1)
                return h.JournalDone(self.journals)
            case h.BlobStep(chunk):
                self.blobs = max(0, self.blobs - 1)
                return h.BlobDone(chunk, 1.0, self.blobs)
            case _:
                return h.HealthDone()

    def push(self, limit: int) -> h.Event:
        batch = self.outbox[:limit]
        if self.poison & set(batch):
            return h.PushFailed(Failure("bug"), len(batch))
        del self.outbox[: len(batch)]
        self.taken += batch
        return h.PushDone(len(batch), len(self.outbox), 900 * len(batch), 0.4)


def linked(world: World) -> World:
    world.start()
    world.run(1.0)
    assert world.state.is_linked
    return world


faults = st.lists(st.sampled_from(KINDS), max_size=40)
nudges = st.lists(
    st.one_of(
        st.just(h.SyncNow()),
        st.just(h.LinkUp()),
        st.sampled_from(list(LaneName)).map(h.Timer),
        st.floats(0, 400),
        st.just("write"),
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), faults, nudges, st.integers(0, 700), st.sets(st.integers(0, 699), max_size=4))
def test_everything_crosses_in_the_end(
    seed: int, faults: list[h.FailureKind], nudges: list[h.Event | float | str], count: int, poison: set[int]
) -> None:
    """Armed at every step and one action a lane (checked by the world); then all is across."""
    world = World(Random(seed), faults, list(range(count)), poison, blobs=5, journals=3)
    world.start(herd=60)
    for nudge in nudges:
        if isinstance(nudge, float):
            world.run(nudge)
        elif nudge == "write":
            world.outbox.append(1000 + len(world.taken) + len(world.outbox) + len(world.aside))
            world.tell(h.Wrote(len(world.outbox), world.blobs))
        else:
            assert not isinstance(nudge, str)
            world.tell(nudge)
    world.faults.clear()
    world.run(4000)
    assert world.outbox == []
    assert (world.blobs, world.journals) == (0, 0)
    whole = sorted(world.taken + world.aside)
    assert whole == sorted(set(whole))
    assert poison & set(range(count)) <= set(world.aside)


def test_only_the_poison_is_set_aside() -> None:
    for where in (0, 1, 30, 49, 50, 333, 599):
        world = World(Random(where), outbox=list(range(600)), poison={where})
        world.start()
        world.run(120)
        assert world.aside == [where]
        assert sorted(world.taken) == [n for n in range(600) if n != where]
        assert world.began["Push"] < 40


def test_several_poisons() -> None:
    world = World(Random(3), outbox=list(range(600)), poison={7, 8, 400})
    world.start()
    world.run(600)
    assert sorted(world.aside) == [7, 8, 400]
    assert len(world.taken) == 597


def test_a_hub_that_fails_on_everything_is_not_flooded() -> None:
    world = World(Random(5), outbox=list(range(600)), poison=set(range(600)))
    world.start()
    world.run(3600)
    assert world.taken == []
    assert len(world.aside) < 60  # an hour


def test_batches_grow_and_shrink() -> None:
    world = World(Random(1), outbox=list(range(3000)))
    world.start()
    world.run(10)
    limits = [push.limit for push in world.pushes]
    assert limits[:5] == [FIRST_BATCH, 100, 200, 400, MAX_BATCH]
    assert max(limits) == MAX_BATCH
    world.outbox = list(range(3000, 9000))
    before = len(world.pushes)
    world.faults = ["stalled"] * 60
    world.tell(h.Wrote(6000))
    world.run(30)
    assert world.pushes[before].limit == MAX_BATCH
    assert world.pushes[before + 1].limit == MAX_BATCH // 2
    world.faults.clear()
    world.run(600)
    assert world.outbox == []


def test_a_cut_line_goes_down_to_one() -> None:
    state = State(is_running=True, is_linked=True, waiting=9, batch=4, hello_at=1e9, health_at=1e9)
    random = Random(2)
    seen, now = [], 0.0
    for _ in range(4):
        now += 400
        state, actions = step(state, h.Timer(LaneName.ENTRIES), now, random)
        push = next(one for one in actions if isinstance(one, h.Push))
        seen.append(push.limit)
        state, _ = step(state, h.PushFailed(Failure("stalled"), push.limit), now, random)
    assert seen == [4, 2, 1, 1]


def test_too_big_shrinks_the_bytes_and_sets_one_that_never_fits_aside() -> None:
    state = State(is_running=True, is_linked=True, waiting=9, batch=2, hello_at=1e9, health_at=1e9)
    state, _ = step(state, h.PushFailed(Failure("too_big"), 2), 0.0, Random(0))
    assert (state.batch, state.max_bytes) == (1, 512 * 1024)
    state, _ = step(state, h.PushFailed(Failure("too_big"), 1), 400.0, Random(0))
    _, actions = step(state, h.Timer(LaneName.ENTRIES), 800.0, Random(0))
    assert h.Quarantine() in actions


@pytest.mark.parametrize("tries", range(1, 40))
def test_back_off_is_full_jitter_and_bounded(tries: int) -> None:
    random = Random(tries)
    waits = [back_off(tries, random) for _ in range(300)]
    cap = min(MAX_BACK_OFF, 2.0 ** (tries - 1))
    assert 0 <= min(waits) < cap * 0.1
    assert cap * 0.9 < max(waits) <= cap


def test_retry_after_is_honoured() -> None:
    random = Random(0)
    assert all(20 <= back_off(1, random, 20.0) <= 22 for _ in range(100))
    assert back_off(1, random, 10_000.0) == MAX_BACK_OFF


def test_the_herd_is_spread_and_sync_now_is_at_once() -> None:
    dues = []
    for seed in range(200):
        state, actions = step(State(), h.Started(), 0.0, Random(seed))
        assert isinstance(actions[0], h.Wait)
        dues.append(actions[0].seconds)
    assert min(dues) < 3
    assert 57 < max(dues) <= 60
    _, actions = step(state, h.SyncNow(), 0.0, Random(0))
    assert h.Hello() in actions


def test_after_a_long_outage_link_up_is_spread_too_but_not_after_a_short_one() -> None:
    random = Random(4)
    base = State(is_running=True, is_linked=True, last_ok=0.0, herd=60.0, hello_at=1e9, health_at=1e9)
    base = replace(base, entries=Lane(due=900.0, tries=8, failure=Failure("offline")), waiting=3)
    long_ago, actions = step(base, h.LinkUp(), 700.0, random)
    assert not [one for one in actions if isinstance(one, h.Hello)]
    assert long_ago.entries.due is not None
    assert 700 <= long_ago.entries.due <= 760
    _, actions = step(base, h.LinkUp(), 300.0, random)
    assert [one for one in actions if isinstance(one, h.Push)]


def test_what_is_written_goes_out_at_once_when_the_line_is_good() -> None:
    world = linked(World(Random(0)))
    world.run(20)
    world.outbox.append(1)
    world.tell(h.Wrote(1))
    assert isinstance(world.flying[LaneName.ENTRIES][1], h.Push)


def test_what_is_written_does_not_break_a_back_off() -> None:
    world = linked(World(Random(0), outbox=[1]))
    world.run(5)
    world.outbox = [2]
    world.faults = ["busy"]
    world.flying.pop(LaneName.PULL, None)
    world.tell(h.Wrote(1))
    world.run(1.0)
    world.tell(h.Wrote(2))
    assert LaneName.ENTRIES not in world.flying


def test_idle_is_a_long_poll() -> None:
    world = linked(World(Random(0)))
    world.run(200)
    assert world.began["Pull"] <= 10
    assert world.state.pull.busy == h.Pull(500, 25)


def test_a_line_that_cuts_long_polls_is_asked_every_minute() -> None:
    world = linked(World(Random(0)))
    for _ in range(3):
        while not isinstance(world.state.pull.busy, h.Pull) or not world.state.pull.busy.wait:
            world.run(1)
        world.flying.pop(LaneName.PULL)
        world.tell(h.PullFailed(Failure("stalled")))
    world.run(30)
    before = world.began["Pull"]
    world.run(600)
    assert 7 <= world.began["Pull"] - before <= 14


def test_a_hub_that_answers_a_long_poll_at_once_is_not_asked_in_a_mad_loop() -> None:
    state = State(is_running=True, is_linked=True, is_caught_up=True, hello_at=1e9, health_at=1e9)
    state, _ = step(state, h.Timer(LaneName.PULL), 0.0, Random(0))
    assert state.pull.busy == h.Pull(500, 25)
    state, actions = step(state, h.PullDone(0, False, 0.01), 0.0, Random(0))
    waits = {one.lane: one.seconds for one in actions if isinstance(one, h.Wait)}
    assert waits[LaneName.PULL] >= 1


def test_pages_shrink_at_a_cut_and_grow_again() -> None:
    state = State(is_running=True, is_linked=True, hello_at=1e9, health_at=1e9)
    asked, now = [], 0.0
    for _ in range(7):
        state, _actions = step(state, h.Timer(LaneName.PULL), now, Random(0))
        assert isinstance(state.pull.busy, h.Pull)
        asked.append(state.pull.busy.limit)
        state, _actions = step(state, h.PullFailed(Failure("offline")), now, Random(0))
        state = replace(state, is_linked=True)  # the hello that is owed after five was answered
        now += 400
    assert asked == [500, 250, 125, 62, 31, 16, 16]
    state, _actions = step(state, h.PullDone(16, True), now, Random(0))
    assert state.pull.busy == h.Pull(32, 0)


def test_chunks_grow_after_three_and_halve_at_a_cut() -> None:
    state = State(is_running=True, is_linked=True, blobs_left=50)
    sizes = []
    for _ in range(14):
        sizes.append(state.chunk)
        state, _ = step(state, h.BlobDone(state.chunk, 0.5, 50), 0.0, Random(0))
    assert sizes[:4] == [FIRST_CHUNK] * 3 + [FIRST_CHUNK * 2]
    assert state.chunk == MAX_CHUNK
    slow, _ = step(state, h.BlobDone(state.chunk, 5.0, 50), 0.0, Random(0))
    assert slow.chunk == MAX_CHUNK // 2
    good, _ = step(slow, h.BlobDone(slow.chunk, 3.0, 50), 0.0, Random(0))
    assert good.chunk == slow.chunk
    for _ in range(12):
        state, _ = step(state, h.BlobFailed(Failure("offline")), 0.0, Random(0))
    assert state.chunk == LEAST_CHUNK


def test_blobs_leave_room_while_entries_wait() -> None:
    state = State(is_running=True, is_linked=True, blobs_left=5, waiting=3, hello_at=1e9, health_at=1e9)
    state, actions = step(state, h.BlobDone(FIRST_CHUNK, 2.1, 5), 100.0, Random(0))
    assert state.blobs.due == pytest.approx(100.0 + 0.9)  # 2.1 of 3.0 s are 70 %
    free, actions = step(
        replace(state, waiting=0, blobs=Lane()), h.BlobDone(FIRST_CHUNK, 2.1, 5), 100.0, Random(0)
    )
    assert any(isinstance(one, h.BlobStep) for one in actions)
    assert free.rate > 0


def test_papers_that_were_put_off_rest_until_another_comes() -> None:
    state = State(is_running=True, is_linked=True, blobs_left=2, hello_at=1e9, health_at=1e9)
    state, actions = step(state, h.BlobDone(0, 0.1, 2, rest=40.0), 100.0, Random(0))
    assert state.blobs.due == 140.0
    assert not any(isinstance(one, h.BlobStep) for one in actions)
    same, actions = step(state, h.Wrote(0, 2), 101.0, Random(0))
    assert not any(isinstance(one, h.BlobStep) for one in actions)
    _, actions = step(same, h.Wrote(0, 3), 102.0, Random(0))
    assert any(isinstance(one, h.BlobStep) for one in actions)
    _, actions = step(same, h.Timer(LaneName.BLOBS), 140.0, Random(0))
    assert any(isinstance(one, h.BlobStep) for one in actions)


@pytest.mark.parametrize("kind", ["refused", "version", "lies"])
def test_frozen_sends_and_takes_nothing_but_asks_again(kind: h.FailureKind) -> None:
    world = World(Random(0), outbox=list(range(5)), blobs=3, faults=[kind] * 4)
    world.start()
    world.run(590)
    frozen, began = world.state.frozen, dict(world.began)
    assert frozen == Failure(kind)
    assert list(began) == ["Hello"]
    assert 2 <= began["Hello"] <= 4
    world.run(1200)
    assert world.state.frozen is None
    assert len(world.taken) == 5


def test_a_revoked_device_is_frozen_by_hello() -> None:
    state, _ = step(State(), h.Started(waiting=3, herd=0), 0.0, Random(0))
    state, actions = step(state, h.HelloDone(waiting=3, is_revoked=True), 0.0, Random(0))
    assert state.frozen is not None
    assert all(isinstance(one, h.Wait) for one in actions)


def test_an_epoch_means_hello_first() -> None:
    state = State(is_running=True, is_linked=True, waiting=3, hello_at=1e9, health_at=1e9)
    state, _ = step(state, h.PullFailed(Failure("epoch")), 0.0, Random(0))
    assert not state.is_linked
    state, actions = step(state, h.PushDone(3, 5, 10, 0.1), 1.0, Random(0))
    assert [one for one in actions if not isinstance(one, h.Wait)] == [h.Hello()]


def test_a_success_wakes_lanes_that_wait_for_the_line() -> None:
    state = State(is_running=True, is_linked=True, hello_at=1e9, health_at=1e9, blobs_left=2)
    state = replace(
        state,
        pull=Lane(due=250.0, tries=7, failure=Failure("offline")),
        blobs=Lane(due=250.0, tries=7, failure=Failure("busy")),
    )
    _, actions = step(state, h.PushDone(1, 0, 100, 0.1), 0.0, Random(0))
    assert any(isinstance(one, h.Pull) for one in actions)
    assert not any(isinstance(one, h.BlobStep) for one in actions)


def test_nothing_sent_though_something_waits_is_no_mad_loop() -> None:
    state = State(is_running=True, is_linked=True, waiting=3, hello_at=1e9, health_at=1e9)
    state = replace(state, entries=Lane(busy=h.Push(50, 1), tries=4))
    state, actions = step(state, h.PushDone(0, 3, 0, 0.0), 0.0, Random(1))
    assert not any(isinstance(one, h.Push) for one in actions)
    assert is_armed(state, 0.0)


def test_stopped_begins_nothing() -> None:
    world = linked(World(Random(0), outbox=[1, 2]))
    world.tell(h.Stopped())
    late: tuple[h.Event, ...] = (h.Wrote(5), h.SyncNow(), h.LinkUp(), h.PullDone(3, True))
    for event in (*late, h.Timer(LaneName.PULL)):
        state, actions = step(world.state, event, world.now, Random(0))
        assert actions == []
        assert not state.is_running


def test_a_sabotaged_state_is_not_armed() -> None:
    """The property can fail: a lane at rest without a timer is found."""
    state = State(is_running=True, waiting=3)
    assert not is_armed(state, 0.0)
    assert not is_armed(replace(state, entries=Lane(due=301.0)), 0.0)
    assert is_armed(replace(state, entries=Lane(due=299.0)), 0.0)
    assert not is_armed(replace(state, entries=Lane(due=1.0), is_linked=True), 0.0)
