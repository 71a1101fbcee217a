"""Random walks at one desk: fold = row, one holder, unique codes, no gap, no due date in the past."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from tests.walking import STEPS, WALKS, Ground, walking, walks


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    ground = Ground(desks=1)
    yield ground
    ground.close()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_step_of_every_walk_at_one_desk_keeps_the_promises(ground: Ground) -> None:
    count = max(1, WALKS // 2)

    @walking(count)
    @given(walk=walks)
    def takes(walk: bytes) -> None:
        ground.walk(walk)

    takes()
    ground.finish()
    assert ground.steps >= count * STEPS
    assert ground.refused > ground.steps // 10
