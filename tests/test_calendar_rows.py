"""The rows of the calendar as an administrator edits them: days, closures, hours, versions, words."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from onestop.domain.calendar import computed_days_off
from onestop.domain.office_hours import DayPart
from onestop.errors import InputError, InputErrors
from onestop.office.calendar_rows import (
    CalendarRows,
    DayForm,
    DayMark,
    HoursForm,
    changes_of,
    day_mark,
    difference,
    hours_of,
    read_rows,
    with_days,
    with_hours,
    without_day,
)
from onestop.office.changing import change_rows
from onestop.office.packs import read_pack
from tests.office_desk import ADMIN, Seat, seated

TODAY = date(2026, 11, 22)
ROWS = CalendarRows(read_pack("calendar.json"), {})
FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


def one(day: date, reason: str = "Theo công điện", **more: object) -> DayForm:
    return DayForm(day, day, reason, **more)  # type: ignore[arg-type]  # fields by name


def mark(rows: CalendarRows, day: date) -> DayMark:
    return day_mark(rows.calendar, day)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def test_every_kind_of_day_is_marked_and_taken_away_again() -> None:
    forms = {
        "off": one(FRIDAY),
        "closed": one(FRIDAY, is_own=True),
        "half": one(FRIDAY, is_own=True, part=DayPart.MORNING),
        "worked": one(SATURDAY, is_worked=True),
    }
    for kind, form in forms.items():
        rows = with_days(ROWS, form)
        assert mark(rows, form.first).kind == kind
        assert "Theo công điện" in mark(rows, form.first).words
        assert difference(ROWS, rows) != []
        assert difference(ROWS, without_day(rows, form.first)) == []
        assert mark(without_day(rows, form.first), form.first) == mark(ROWS, form.first)
    own = with_days(ROWS, one(SATURDAY, is_worked=True, is_own=True))
    assert mark(own, SATURDAY).kind == "worked"
    assert own.national == ROWS.national


def test_editing_changes_nothing_it_was_given() -> None:
    before = read_pack("calendar.json")
    without_day(with_days(ROWS, one(FRIDAY)), date(2026, 11, 24))
    assert ROWS.national == before


def test_a_run_of_days_is_one_closure_and_goes_whole() -> None:
    form = DayForm(date(2026, 12, 7), date(2026, 12, 11), "Sửa trụ sở", is_own=True)
    rows = with_days(ROWS, form)
    assert [mark(rows, date(2026, 12, day)).kind for day in range(6, 13)] == [
        "weekend", *["closed"] * 5, "weekend",
    ]  # fmt: skip
    assert difference(ROWS, rows) == ["Cơ quan đóng cửa 07/12–11/12/2026: Sửa trụ sở"]
    assert difference(ROWS, without_day(rows, date(2026, 12, 9))) == []


def test_a_holiday_at_a_weekend_is_kept_for_offices_that_work_then() -> None:
    rows = with_days(ROWS, one(SATURDAY))
    assert mark(rows, SATURDAY).kind == "weekend"
    working = with_hours(rows, HoursForm([["07:00", "17:00"]], "16:30", "working"))
    assert mark(working, SATURDAY).kind == "off"


def test_a_day_in_a_year_without_data_keeps_what_was_computed_for_it() -> None:
    rows = with_days(ROWS, one(date(2030, 5, 7)))
    assert mark(rows, date(2030, 5, 7)) == DayMark("off", "Theo công điện")
    for day, why in computed_days_off(2030).items():
        assert mark(rows, day) == DayMark("off", why, is_estimate=True)
    assert difference(ROWS, rows) == ["Nghỉ 07/05/2030: Theo công điện"]


def test_an_estimate_becomes_certain_when_it_is_entered() -> None:
    tet = date(2027, 2, 8)
    assert mark(ROWS, tet).is_estimate
    assert not mark(with_days(ROWS, one(tet, "Tết Nguyên đán")), tet).is_estimate


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (one(FRIDAY, " "), "reason"),
        (DayForm(FRIDAY, date(2026, 11, 26), "x"), "last"),
        (DayForm(FRIDAY, date(2027, 11, 26), "x"), "last"),
        (one(FRIDAY, is_worked=True), "first"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_at_its_field(form: DayForm, field: str) -> None:
    with pytest.raises(InputError) as caught:
        with_days(ROWS, form)
    assert caught.value.field == field


def test_nothing_to_take_away_is_said() -> None:
    with pytest.raises(InputError, match="không có gì để bỏ"):
        without_day(ROWS, FRIDAY)


def test_hours_seasons_and_saturdays_of_the_office() -> None:
    summer = {
        "name": "Mùa hè",
        "from": "04-16",
        "to": "10-15",
        "hours": [["06:30", "11:00"], ["13:00", "16:30"]],
    }
    form = HoursForm(
        [["07:30", "11:30"], ["13:00", "17:00"]], "16:00", "reception", [["07:30", "11:00"]], [summer]
    )
    rows = with_hours(ROWS, form)
    assert hours_of(rows) == form
    assert difference(ROWS, rows) == ["Đổi giờ làm việc của cơ quan"]
    assert rows.calendar.closes_on(date(2026, 6, 1)).isoformat() == "16:30:00"
    assert rows.calendar.closes_on(FRIDAY).isoformat() == "17:00:00"
    with pytest.raises(InputErrors):
        with_hours(ROWS, HoursForm([["11:30", "07:00"]], "16:30"))


def test_each_change_has_its_own_version_and_is_read_back(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    before = read_rows(office)
    after = with_days(with_days(before, one(FRIDAY)), one(date(2026, 12, 4), is_own=True))
    changes = changes_of(before, after, TODAY)
    assert [(each.kind, each.key, each.value["version"]) for each in changes] == [
        ("calendar", "vn", "2026-11-22"),
        ("calendar", "office", "1"),
    ]
    change_rows(office, changes, "Nghỉ thêm")
    stored = read_rows(office)
    assert difference(after, stored) == []
    assert stored.calendar.version == "2026-11-22+1"
    again = changes_of(stored, without_day(without_day(stored, FRIDAY), date(2026, 12, 4)), TODAY)
    assert [each.value["version"] for each in again] == ["2026-11-22.2", "2"]
    assert changes_of(stored, stored, TODAY) == []
