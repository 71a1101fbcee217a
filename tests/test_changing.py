"""Rows are changed all or nothing, kept, undone; one that no desk could read is not written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.entry import EntryError
from onestop.errors import InputError, Offline, RuleError
from onestop.office.changing import (
    RowChange,
    change_rows,
    list_changes,
    read_change,
    row_version,
    undo_change,
)
from onestop.office.office import Office
from onestop.store.report import quiet
from onestop.store.rows import list_references, read_reference
from tests.hub_desk import hub_in
from tests.office_desk import ADMIN, FIVE_DAYS, Seat, seated


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as one:
        yield one


@pytest.fixture
def office(seat: Seat) -> Office:
    return seat.as_(ADMIN)


def row_of(office: Office, kind: str, key: str) -> Any:
    with office.store.read() as connection:
        return read_reference(connection, kind, key)


def renamed(office: Office, name: str) -> RowChange:
    return RowChange("procedure", FIVE_DAYS, row_of(office, "procedure", FIVE_DAYS) | {"name": name})


def test_a_change_is_written_told_and_undone(office: Office) -> None:
    before = row_of(office, "procedure", FIVE_DAYS)
    made = change_rows(
        office,
        [renamed(office, "Thủ tục mới"), RowChange("unit", "900 ytế", {"id": "y", "name": "Y tế"})],
        "Đổi",
    )
    assert (made.count, made.officer, made.words) == (2, ADMIN, "Đổi")
    assert row_of(office, "procedure", FIVE_DAYS)["name"] == "Thủ tục mới"
    assert [one.id for one in list_changes(office)] == [made.id]
    assert [(old.value is None, new.key) for old, new in read_change(office, made.id)] == [
        (False, FIVE_DAYS),
        (True, "900 ytế"),
    ]
    undone = undo_change(office, made.id)
    assert undone.undone_at
    assert row_of(office, "procedure", FIVE_DAYS) == before
    assert row_of(office, "unit", "900 ytế") is None


def test_rows_that_say_so_already_are_no_change(office: Office) -> None:
    same = renamed(office, row_of(office, "procedure", FIVE_DAYS)["name"])
    assert change_rows(office, [same], "Không đổi").count == 0


def test_a_tuple_is_the_list_that_the_store_holds(office: Office) -> None:
    same = row_of(office, "procedure", FIVE_DAYS)
    changes = [RowChange("procedure", FIVE_DAYS, same | {"components": tuple(same["components"])})]
    assert change_rows(office, changes, "Không đổi").count == 0


def test_the_version_is_that_of_the_value_at_every_desk(office: Office) -> None:
    change_rows(office, [renamed(office, "Thủ tục mới")], "Đổi")
    with office.store.read() as connection:
        found = {row.key: row for row in list_references(connection, "procedure")}[FIVE_DAYS]
    assert found.version == row_version(found.value)


def test_an_older_change_is_undone_after_the_newer(office: Office) -> None:
    first = change_rows(office, [renamed(office, "Một")], "Một")
    second = change_rows(office, [renamed(office, "Hai")], "Hai")
    with pytest.raises(RuleError, match="đổi tiếp"):
        undo_change(office, first.id)
    undo_change(office, second.id)
    undo_change(office, first.id)


@pytest.mark.parametrize(
    "bad",
    [
        RowChange("procedure", FIVE_DAYS, {"code": FIVE_DAYS}),
        RowChange("calendar", "vn", None),
        RowChange("calendar", "vn", {"version": "1", "years": {"2026": {"days_off": {"2026-13-01": "x"}}}}),
        RowChange("agency", "H56.99.88", None),
        RowChange("officer", "900 x", {"id": "x", "name": "X", "roles": ["king"], "unit": "u"}),
        RowChange("grant", "x", {"device": "x"}),
    ],
    ids=lambda change: f"{change.kind} {change.key}",
)
def test_nothing_is_written_when_one_row_could_not_be_read(office: Office, bad: RowChange) -> None:
    with pytest.raises(InputError):
        change_rows(office, [renamed(office, "Thủ tục mới"), bad], "Hỏng")
    assert row_of(office, "procedure", FIVE_DAYS)["name"] != "Thủ tục mới"
    assert list_changes(office) == []


def test_a_fraction_is_no_row(office: Office) -> None:
    with pytest.raises(EntryError):
        change_rows(office, [RowChange("routing", "sectors", {"pairs": [], "vnd": 0.5})], "Hỏng")


def test_whoever_watches_may_cancel_and_nothing_was_written(office: Office) -> None:
    class Enough(Exception):
        """The watcher's own."""

    def stop_late(done: int, total: int, words: str) -> None:
        quiet(done, total, words)
        if done == total:
            raise Enough

    with pytest.raises(Enough):
        change_rows(office, [renamed(office, "Thủ tục mới")], "Dở", stop_late)
    assert row_of(office, "procedure", FIVE_DAYS)["name"] != "Thủ tục mới"
    assert list_changes(office) == []


def test_a_joined_desk_without_a_line_changes_nothing_and_says_why(seat: Seat, tmp_path: Path) -> None:
    with hub_in(tmp_path / "hub") as hub:
        office = hub.join(seat).as_(ADMIN)
        with pytest.raises(Offline, match="đường truyền"):
            change_rows(office, [renamed(office, "Thủ tục mới")], "Đổi")
        assert row_of(office, "procedure", FIVE_DAYS)["name"] != "Thủ tục mới"
        assert list_changes(office) == []
