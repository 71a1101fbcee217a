"""The same world in Hypothesis' hands: it chooses every step, and shrinks what breaks a promise."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.sim import invariants
from tests.sim.faults import FAULTS
from tests.sim.plan import CALL_FAULTS, Plan
from tests.sim.world import World

EXAMPLES = int(os.environ.get("ONESTOP_MACHINES", "60"))
_QUIETER = frozenset({"hub_backup", "image"})
_NAMES = sorted(FAULTS)
_places = st.integers(0, 11)


class Province(RuleBasedStateMachine):
    """Rules are the scheduler's choices; at the end all is healed, runs until it is quiet, and must hold."""

    world: World | None = None

    @initialize(seed=st.integers(0, 2**16), desks=st.sampled_from((2, 3, 4)), has_relay=st.booleans())
    def begins(self, seed: int, desks: int, has_relay: bool) -> None:
        self.world = World(seed, plan=Plan(desks=desks, has_relay=has_relay))
        self.world.__enter__()

    @rule(place=_places)
    def somebody_acts(self, place: int) -> None:
        desks = list(self._world.desks.values())
        self._world.act(desks[place % len(desks)])

    @rule(place=_places, count=st.integers(1, 4))
    def a_machine_works(self, place: int, count: int) -> None:
        names = [name for name, _ in self._world.machines()]
        for _ in range(count):
            self._world.work(names[place % len(names)])

    @rule(seconds=st.sampled_from((0.5, 30.0, 400.0)))
    def time_passes(self, seconds: float) -> None:
        self._world.pass_time(seconds)
        self._world.run_soon()

    @rule(name=st.sampled_from(_NAMES))
    def something_happens(self, name: str) -> None:
        self._world.fault(name)

    @rule(fault=st.sampled_from(CALL_FAULTS), rate=st.sampled_from((0.0, 0.2, 0.6)))
    def the_line_turns(self, fault: str, rate: float) -> None:
        self._world.rates[fault] = rate

    @rule()
    def a_request_comes_again(self) -> None:
        if self._world.late:
            self._world.late.pop(0)()

    def teardown(self) -> None:
        if self.world is None:
            return
        try:
            self.world.heal()
            self.world.settle()
            invariants.everything(self.world, is_deep=False)
        finally:
            self.world.__exit__()

    @property
    def _world(self) -> World:
        assert self.world is not None
        return self.world


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_hypothesis_chooses_every_promise_holds() -> None:
    chosen: dict[str, Any] = {"max_examples": EXAMPLES, "stateful_step_count": 40, "deadline": None}
    chosen |= {"phases": (Phase.generate,)}  # shrinking takes minutes: the steps are told as they were
    chosen |= {"database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(Province, settings=settings(**chosen))
