"""Random walks at two desks of one agency: fold = row, one holder, unique codes, no gap, no past due date."""

from collections.abc import Iterator

import pytest
from hypothesis import given

from tests.walking import STEPS, WALKS, Ground, walking, walks


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    ground = Ground(desks=2)
    yield ground
    ground.close()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_step_of_every_walk_at_two_desks_keeps_the_promises(ground: Ground) -> None:
    count = max(1, WALKS - WALKS // 2)

    @walking(count)
    @given(walk=walks)
    def takes(walk: bytes) -> None:
        ground.walk(walk)

    takes()
    ground.finish()
    assert ground.steps >= count * STEPS
    assert ground.refused > ground.steps // 10
