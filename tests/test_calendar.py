"""The working calendar: what the data says, what the library says, and fast counting."""

import json
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.calendar import WorkCalendar, calendar_from_pack, computed_days_off
from onestop.paths import resource

PACK: dict[str, Any] = json.loads(resource("packs", "calendar.json").read_text("utf-8"))
CALENDAR = calendar_from_pack(PACK)
DAYS = st.dates(date(2022, 1, 1), date(2030, 12, 31))

LIBRARY_MISSES = {date(2026, 1, 2)}
"""The swap 2/1 ↔ 10/1/2026 is not in the package."""


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 21), "Thứ Bảy"),
        (date(2026, 11, 22), "Chủ nhật"),
        (date(2026, 11, 23), None),
        (date(2026, 11, 24), "Ngày Văn hoá Việt Nam"),
        (date(2025, 11, 24), None),  # a holiday only since 01/7/2026
        (date(2026, 2, 18), "Tết Nguyên đán"),
        (date(2026, 1, 2), "Nghỉ hoán đổi"),
        (date(2026, 1, 10), None),  # Saturday worked for 2/1
        (date(2026, 8, 22), None),  # Saturday worked for 31/8
        (date(2025, 4, 26), None),  # Saturday worked for 2/5
        (date(2024, 5, 4), None),  # Saturday worked for 29/4
        (date(2026, 4, 26), "Chủ nhật"),  # Giỗ Tổ fell on a Sunday…
        (date(2026, 4, 27), "Nghỉ bù Giỗ Tổ Hùng Vương"),  # …so Monday is off
    ],
)
def test_reason_off(day: date, reason: str | None) -> None:
    assert CALENDAR.reason_off(day) == reason
    assert CALENDAR.is_working_day(day) is (reason is None)


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_pack_agrees_with_the_library(year: int) -> None:
    library = holidays.country_holidays("VN", years=year)
    theirs = {day for day in library if day.weekday() < 5}
    ours = {day for day in CALENDAR.days_off if day.year == year}
    assert ours - theirs == {day for day in LIBRARY_MISSES if day.year == year}
    assert theirs <= ours


def test_swapped_saturdays_agree_with_the_library() -> None:
    theirs = {day for day in holidays.country_holidays("VN", years=2026).weekend_workdays if day.year >= 2024}
    theirs |= {
        day for day in holidays.country_holidays("VN", years=2025).weekend_workdays if day.year >= 2024
    }
    theirs |= {
        day for day in holidays.country_holidays("VN", years=2024).weekend_workdays if day.year >= 2024
    }
    assert set(CALENDAR.worked_days) - theirs == {date(2026, 1, 10)}
    assert theirs <= set(CALENDAR.worked_days)


def test_every_listed_day_off_is_a_weekday_and_every_worked_day_a_weekend() -> None:
    for year in PACK["years"].values():
        assert all(date.fromisoformat(day).weekday() < 5 for day in year["days_off"])
        assert all(date.fromisoformat(day).weekday() >= 5 for day in year["worked_days"])
        assert all(date.fromisoformat(day).weekday() == 5 for day in year.get("weekend_holidays", {}))


def test_each_swapped_day_off_has_its_worked_saturday() -> None:
    swapped = [day for day, why in CALENDAR.days_off.items() if why == "Nghỉ hoán đổi"]
    named = {why.removeprefix("Làm bù cho ") + f"/{day.year}" for day, why in CALENDAR.worked_days.items()}
    assert named == {f"{day.day}/{day.month}/{day.year}" for day in swapped}


def test_only_tet_2027_is_an_estimate() -> None:
    assert {day for day in CALENDAR.days_off if CALENDAR.is_estimate(day)} == {
        date(2027, 2, n) for n in (4, 5, 8, 9, 10)
    }


def test_years_without_data_are_computed_and_estimates() -> None:
    assert CALENDAR.reason_off(date(2028, 1, 26)) == "Tết Nguyên đán"
    assert CALENDAR.reason_off(date(2028, 11, 24)) == "Ngày Văn hoá Việt Nam"
    assert CALENDAR.is_estimate(date(2028, 1, 26))
    assert not CALENDAR.is_estimate(date(2028, 1, 27) + timedelta(days=30))
    assert set(computed_days_off(2028).values()) == {
        "Tết Dương lịch",
        "Tết Nguyên đán",
        "Giỗ Tổ Hùng Vương",
        "Quốc tế Lao động",
        "Ngày Giải phóng miền Nam",
        "Quốc khánh",
        "Ngày Văn hoá Việt Nam",
    }


def test_the_library_is_not_loaded_until_needed() -> None:
    program = "import sys, onestop.domain.deadline; sys.exit('holidays' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=resource().parent)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 2, date(2026, 11, 25)),
        (date(2026, 11, 25), -2, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
        (date(2026, 1, 9), 1, date(2026, 1, 10)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_add_working_days(day: date, n: int, expected: date) -> None:
    assert CALENDAR.add_working_days(day, n) == expected


def test_next_working_day_may_be_the_day_itself() -> None:
    assert CALENDAR.next_working_day(date(2026, 11, 23)) == date(2026, 11, 23)
    assert CALENDAR.next_working_day(date(2026, 11, 24)) == date(2026, 11, 25)


@given(first=DAYS, length=st.integers(0, 900))
@settings(max_examples=150, deadline=None)
def test_counting_equals_walking(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    walked = sum(CALENDAR.is_working_day(first + timedelta(days=k)) for k in range(1, length + 1))
    assert CALENDAR.working_days_between(first, last) == walked
    assert CALENDAR.working_days_between(last, first) == -walked


@given(day=DAYS, n=st.integers(1, 200))
@settings(max_examples=150, deadline=None)
def test_adding_and_counting_are_inverse(day: date, n: int) -> None:
    later = CALENDAR.add_working_days(day, n)
    assert CALENDAR.is_working_day(later)
    assert CALENDAR.working_days_between(day, later) == n


def test_a_weekend_listed_as_a_holiday_is_not_subtracted_twice() -> None:
    calendar = WorkCalendar("1", {date(2026, 4, 26): "Giỗ Tổ"}, {}, frozenset({2026}))
    assert calendar.working_days_between(date(2026, 4, 24), date(2026, 4, 27)) == 1
    assert calendar.reason_off(date(2026, 4, 26)) == "Chủ nhật"


def test_the_pack_carries_hours_and_version() -> None:
    assert CALENDAR.version == PACK["version"]
    assert f"{CALENDAR.opens_at:%H:%M}" == "07:00"
    assert f"{CALENDAR.closes_at:%H:%M}" == "17:00"
    assert f"{CALENDAR.reception_cutoff:%H:%M} {CALENDAR.hand_out_by:%H:%M}" == "15:00 16:30"
