"""Windows of tests are drawn in memory, unless the caller asks for a screen; fixtures that many share."""

import os

import pytest

from tests.postgres import database_url, fresh_database, postgres

__all__ = ["database_url", "fresh_database", "postgres"]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_LONG = (
    "test_tour.py",
    "test_walk.py",
    "test_walk_desks.py",
    "test_chaos.py",
    "test_sim_1.py",
    "test_sim_2.py",
    "test_sim_3.py",
    "test_sim_4.py",
    "test_sim_machine.py",
    "test_bench.py",
    "test_fsync.py",
    "test_bare.py",
    "test_takeover.py",
    "test_sabotage.py",
)
"""Files of a minute and more begin first: the last one to end is a short one, on whichever core."""


@pytest.hookimpl(optionalhook=True)  # there are runs without xdist
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are cores, four at most: many tests wait for other processes or a line."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _LONG.index(item.path.name) if item.path.name in _LONG else len(_LONG))
