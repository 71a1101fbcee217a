"""The working calendar of an agency: which days count, and the hours of a working day.

The days off and the swapped Saturdays are data (`resources/packs/calendar.json`, then
rows an administrator may edit); an agency lays its own hours, seasons, Saturday mornings and
closures over them. Years the data does not cover are computed, and everything computed is an
estimate: the yearly schedule is decided by the government.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from onestop.domain.moment import WEEKDAYS
from onestop.domain.office_hours import (
    ORDINARY_HOURS,
    SATURDAY_HOURS,
    DayPart,
    HalfDay,
    Hours,
    SaturdayRule,
    Season,
    open_part,
    season_of,
)

SATURDAY: Final = 5
WEEKEND: Final = ("Thứ Bảy", "Chủ nhật")
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. Days off at a weekend are left out: a weekend is off anyway.

    `days_off` and `worked_days` (swapped Saturdays) map a day to its Vietnamese reason;
    `hours` are the worked spans of a day in order; `estimates` are days off not yet
    decided officially. `closures` (whole days) and `half_days` are the agency's own.
    `version` is kept with every due date.
    """

    version: str
    days_off: Mapping[date, str]
    worked_days: Mapping[date, str]
    covered_years: frozenset[int]
    hours: Hours = ORDINARY_HOURS
    hand_out_by: time = time(16, 30)
    reception_cutoff: time = time(15)
    estimates: frozenset[date] = frozenset()
    seasons: tuple[Season, ...] = ()
    saturday: SaturdayRule = SaturdayRule.CLOSED
    saturday_hours: Hours = SATURDAY_HOURS
    closures: Mapping[date, str] = field(default_factory=dict)
    half_days: Mapping[date, HalfDay] = field(default_factory=dict)
    _week: int = field(init=False, repr=False, compare=False)
    _open_week: int = field(init=False, repr=False, compare=False)
    _off: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _worked: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        week = SATURDAY + (self.saturday is SaturdayRule.WORKING)
        is_open = SATURDAY + (self.saturday is not SaturdayRule.CLOSED)
        worked = {
            day: why
            for day, why in self.worked_days.items()
            if day.weekday() >= SATURDAY and day not in self.closures
        }
        off = {
            day: why for day, why in self.days_off.items() if day.weekday() < is_open and day not in worked
        }
        counted = {day for day in {*off, *self.closures} if day.weekday() < week}
        covered = {day for day in counted if day.year in self.covered_years}
        # A frozen dataclass is only written here, while it is being made.
        object.__setattr__(self, "days_off", MappingProxyType(off))
        object.__setattr__(self, "worked_days", MappingProxyType(worked))
        object.__setattr__(self, "closures", MappingProxyType(dict(self.closures)))
        object.__setattr__(self, "half_days", MappingProxyType(dict(self.half_days)))
        object.__setattr__(self, "_week", week)
        object.__setattr__(self, "_open_week", is_open)
        object.__setattr__(self, "_off", tuple(sorted(covered)))
        object.__setattr__(self, "_worked", tuple(sorted(day for day in worked if day.weekday() >= week)))

    @property
    def opens_at(self) -> time:
        return self.hours[0][0]

    @property
    def closes_at(self) -> time:
        return self.hours[-1][1]

    def is_working_day(self, day: date) -> bool:
        if day in self.worked_days:
            return True
        if day.weekday() >= self._week or day in self.closures:
            return False
        return day not in self._days_off_of(day.year)

    def reason_off(self, day: date) -> str | None:
        """Why `day` is not worked ("Thứ Bảy", "Quốc khánh"); None on a working day."""
        if day in self.worked_days:
            return None
        if day.weekday() >= self._week:
            return WEEKDAYS[day.weekday()]
        return self._days_off_of(day.year).get(day) or self.closures.get(day)

    def only_takes_in(self, day: date) -> bool:
        """A Saturday morning on which papers are taken in, but which is no working day."""
        if self.saturday is not SaturdayRule.RECEPTION or day.weekday() != SATURDAY:
            return False
        return not (day in self.worked_days or day in self.closures or day in self._days_off_of(day.year))

    def hours_on(self, day: date) -> Hours:
        """The worked spans of that day, none on a day off; what is closed of it is left out."""
        if not self.is_working_day(day):
            return ()
        hours = self._whole_hours(day)
        half = self.half_days.get(day)
        return open_part(hours, half.closed) if half else hours

    def closes_on(self, day: date) -> time:
        """When a working day ends: 11:30 on a Saturday morning."""
        hours = self.hours_on(day)
        return hours[-1][1] if hours else self.closes_at

    def hand_out_on(self, day: date) -> time:
        """By when a result lies ready on a working day: never after the office has closed."""
        season = season_of(self.seasons, day)
        by = season.hand_out_by if season and season.hand_out_by else self.hand_out_by
        return min(by, self.closes_on(day))

    def is_estimate(self, day: date) -> bool:
        """Whether `day` is a holiday nobody has decided officially yet."""
        if day in self.estimates:
            return True
        return day.year not in self.covered_years and day in computed_days_off(day.year)

    def next_working_day(self, day: date) -> date:
        """`day` itself if it is worked, else the first worked day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`, which is not counted; before it if `n` < 0.

        `n` = 0 gives `day` unchanged, worked or not.
        """
        step = ONE_DAY if n >= 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative if `last` is earlier.

        Costs the same for a day and for ten years: queues ask it for every row.
        """
        if last < first:
            return -self.working_days_between(last, first)
        weeks, rest = divmod((last - first).days, 7)
        tail = sum(1 for k in range(1, rest + 1) if (first.weekday() + k) % 7 < self._week)
        return weeks * self._week + tail - self._count_off(first, last) + _count(self._worked, first, last)

    def _whole_hours(self, day: date) -> Hours:
        if day.weekday() == SATURDAY and day not in self.worked_days:
            return self.saturday_hours
        season = season_of(self.seasons, day)
        return season.hours if season else self.hours

    def _count_off(self, first: date, last: date) -> int:
        off = _count(self._off, first, last)
        for year in range(first.year, last.year + 1):
            if year not in self.covered_years:
                off += sum(1 for day in self._uncovered(year) if first < day <= last)
        return off

    def _uncovered(self, year: int) -> set[date]:
        """Days off of a year the data does not cover: computed, and the agency's own."""
        closed = {day for day in self.closures if day.year == year}
        off = {*self._days_off_of(year), *closed} - self.worked_days.keys()
        return {day for day in off if day.weekday() < self._week}

    def _days_off_of(self, year: int) -> Mapping[date, str]:
        if year in self.covered_years:
            return self.days_off
        return computed_days_off(year, self._open_week)


def _count(days: tuple[date, ...], first: date, last: date) -> int:
    return bisect_right(days, last) - bisect_right(days, first)


@lru_cache(maxsize=64)
def computed_days_off(year: int, week: int = SATURDAY) -> Mapping[date, str]:
    """Holidays of `year` on the first `week` days of a week, by calculation: estimates.

    For years no data covers. The library knows the lunar calendar and compensation days, but not
    the swaps that the government decides each year (it missed 2/1 ↔ 10/1/2026), and its length of
    Tết is a guess. Imported only here and only then, because loading it is slow.
    """
    import holidays

    names = holidays.country_holidays("VN", years=year, language="vi")
    days = {day: _plain_reason(name) for day, name in names.items() if day.weekday() < week}
    return MappingProxyType(dict(sorted(days.items())))


def _plain_reason(name: str) -> str:
    """The library's name in the words of our data: all days of Tết are one holiday."""
    if name.startswith("Tết Dương lịch"):
        return "Tết Dương lịch"
    if "Tết" in name:
        return "Tết Nguyên đán"
    for ours in ("Giỗ Tổ Hùng Vương", "Quốc tế Lao động", "Quốc khánh"):
        if ours in name:
            return ours
    if "Văn hóa" in name:
        return "Ngày Văn hoá Việt Nam"
    return "Ngày Giải phóng miền Nam" if "Chiến thắng" in name else name


# ---- the rows -------------------------------------------------------------------------


def calendar_from_pack(pack: Mapping[str, Any]) -> WorkCalendar:
    """The national calendar: `resources/packs/calendar.json` or the edited row of that shape.

    Raises KeyError or ValueError for a pack that is not of that shape: a broken pack is
    a bug, not something a person at the counter can mend.
    """
    years: Mapping[str, Mapping[str, Any]] = pack["years"]
    return WorkCalendar(
        version=str(pack["version"]),
        days_off=_holidays(years),
        worked_days=_days(years, "worked_days"),
        covered_years=frozenset(int(year) for year in years),
        hours=_hours(pack["hours"]),
        hand_out_by=time.fromisoformat(pack["hand_out_by"]),
        reception_cutoff=time.fromisoformat(pack["reception_cutoff"]),
        estimates=frozenset(
            date.fromisoformat(day) for year in years.values() for day in year.get("estimates", ())
        ),
    )


def calendar_from_rows(national: Mapping[str, Any], office: Mapping[str, Any] | None = None) -> WorkCalendar:
    """An agency's own hours, seasons, Saturdays and closures laid over the national calendar.

    The version names both rows: `2026-11-21+3`. Raises KeyError or ValueError for rows of
    another shape; `calendar_check.check_office_row` says in words what is wrong with one.
    """
    base = calendar_from_pack(national)
    if not office:
        return base
    closures = tuple(office.get("closures", ()))
    saturday = office.get("saturday", {})
    return replace(
        base,
        version=f"{base.version}+{office['version']}",
        hours=_hours(office["hours"]) if office.get("hours") else base.hours,
        hand_out_by=time.fromisoformat(office.get("hand_out_by") or base.hand_out_by.isoformat()),
        seasons=tuple(_season(row) for row in office.get("seasons", ())),
        saturday=SaturdayRule(saturday.get("rule", SaturdayRule.CLOSED)),
        saturday_hours=_hours(saturday["hours"]) if saturday.get("hours") else SATURDAY_HOURS,
        closures={
            day: row["reason"] for row in closures if _closed(row) is DayPart.WHOLE for day in _span(row)
        },
        half_days={
            day: HalfDay(_closed(row), row["reason"])
            for row in closures
            if _closed(row) is not DayPart.WHOLE
            for day in _span(row)
        },
        # Anew: the base has left out the holidays that fall on a Saturday.
        days_off=_holidays(national["years"]),
        worked_days={**base.worked_days, **_read_days(office.get("worked_days", {}))},
    )


def _holidays(years: Mapping[str, Mapping[str, Any]]) -> dict[date, str]:
    return _days(years, "days_off") | _days(years, "weekend_holidays")


def _days(years: Mapping[str, Mapping[str, Any]], key: str) -> dict[date, str]:
    return {day: why for year in years.values() for day, why in _read_days(year.get(key, {})).items()}


def _read_days(row: Mapping[str, Any]) -> dict[date, str]:
    return {date.fromisoformat(day): str(why) for day, why in row.items()}


def _hours(rows: Any) -> Hours:
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in rows)


def _season(row: Mapping[str, Any]) -> Season:
    by = row.get("hand_out_by")
    return Season(
        _month_day(row["from"]),
        _month_day(row["to"]),
        _hours(row["hours"]),
        row.get("name", ""),
        time.fromisoformat(by) if by else None,
    )


def _month_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{text}")  # a leap year: 02-29 may begin or end a season
    return (day.month, day.day)


def _closed(row: Mapping[str, Any]) -> DayPart:
    return DayPart(row.get("part", DayPart.WHOLE))


def _span(row: Mapping[str, Any]) -> list[date]:
    first = date.fromisoformat(row["from"])
    last = date.fromisoformat(row.get("to") or row["from"])
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]
