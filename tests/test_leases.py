"""Numbers lent to a desk for a day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from onestop.domain.code import CodeRange
from onestop.errors import RuleError
from onestop.store.hub_store import open_hub_store
from onestop.store.leases import lease_codes, leases_of
from onestop.store.store import Store
from tests.small_desk import OFFICE, found

DAY = "2026-11-20"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_hub_store(None, tmp_path / "hub.db", b"k" * 32)
    found(opened)
    yield opened
    opened.close()


def lend(
    store: Store, count: int = 50, agency: str = OFFICE, day: str = DAY, device: str = "d1"
) -> tuple[int, int]:
    with store.write() as connection:
        return lease_codes(connection, agency, day, device, count)


def test_blocks_follow_one_another_by_agency_and_day(store: Store) -> None:
    assert lend(store) == (7001, 7050)
    assert lend(store, 10, device="d2") == (7051, 7060)
    assert lend(store, 10, day="2026-11-21") == (7001, 7010)
    assert lend(store, 10, agency="H56.15") == (7001, 7010)
    assert lend(store, 1) == (7061, 7061)
    with store.read() as connection:
        assert leases_of(connection, OFFICE, DAY, "d1") == [CodeRange(7001, 7050), CodeRange(7061, 7061)]
        assert leases_of(connection, OFFICE, DAY, "d3") == []


def test_the_last_block_is_what_is_left_and_then_it_is_told(store: Store) -> None:
    assert lend(store, 990) == (7001, 7990)
    assert lend(store, 50) == (7991, 7999)
    with pytest.raises(RuleError, match="hết số"):
        lend(store, 1)
    assert lend(store, 1, day="2026-11-21") == (7001, 7001)


@pytest.mark.parametrize(
    ("day", "count"), [("20/11/2026", 5), ("", 5), ("2026-02-30", 5), (DAY, 0), (DAY, -3)]
)
def test_what_cannot_be_lent_is_told(store: Store, day: str, count: int) -> None:
    with pytest.raises(RuleError):
        lend(store, count, day=day)
