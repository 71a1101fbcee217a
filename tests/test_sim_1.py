"""Simulated provinces, part 1 of 4: whatever breaks, nothing is lost and everybody ends with the same."""

import pytest

from tests.sim.seeds import PARTS, check_part


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", PARTS[0::4])
def test_every_seed_keeps_every_promise(part: int) -> None:
    check_part(part)
