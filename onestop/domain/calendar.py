"""The working calendar of an agency: which days count, and the hours of a working day.

The days off and the swapped Saturdays are data (`resources/packs/calendar.json`, then
rows an administrator may edit). Years the data does not cover are computed, and
everything computed is an estimate: the yearly schedule is decided by the government.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from onestop.domain.moment import WEEKDAYS

SATURDAY: Final = 5
WEEKEND: Final = ("Thứ Bảy", "Chủ nhật")
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. Days off at a weekend are left out: a weekend is off anyway.

    `days_off` and `worked_days` (swapped Saturdays) map a day to its Vietnamese reason;
    `hours` are the worked spans of a day in order; `estimates` are days off not yet
    decided officially. `version` is kept with every due date.
    """

    version: str
    days_off: Mapping[date, str]
    worked_days: Mapping[date, str]
    covered_years: frozenset[int]
    hours: tuple[tuple[time, time], ...] = ((time(7), time(11, 30)), (time(13, 30), time(17)))
    hand_out_by: time = time(16, 30)
    reception_cutoff: time = time(15)
    estimates: frozenset[date] = frozenset()
    _off: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _worked: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        off = {day: why for day, why in self.days_off.items() if day.weekday() < SATURDAY}
        worked = {day: why for day, why in self.worked_days.items() if day.weekday() >= SATURDAY}
        # A frozen dataclass is only written here, while it is being made.
        object.__setattr__(self, "days_off", MappingProxyType(off))
        object.__setattr__(self, "worked_days", MappingProxyType(worked))
        object.__setattr__(self, "_off", tuple(sorted(off)))
        object.__setattr__(self, "_worked", tuple(sorted(worked)))

    @property
    def opens_at(self) -> time:
        return self.hours[0][0]

    @property
    def closes_at(self) -> time:
        return self.hours[-1][1]

    def is_working_day(self, day: date) -> bool:
        if day.weekday() >= SATURDAY:
            return day in self.worked_days
        return day not in self._days_off_of(day.year)

    def reason_off(self, day: date) -> str | None:
        """Why `day` is not worked ("Thứ Bảy", "Quốc khánh"); None on a working day."""
        if day.weekday() >= SATURDAY:
            return None if day in self.worked_days else WEEKDAYS[day.weekday()]
        return self._days_off_of(day.year).get(day)

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
        tail = sum(1 for k in range(1, rest + 1) if (first.weekday() + k) % 7 < SATURDAY)
        return weeks * 5 + tail - self._count_off(first, last) + _count(self._worked, first, last)

    def _count_off(self, first: date, last: date) -> int:
        off = _count(self._off, first, last)
        for year in range(first.year, last.year + 1):
            if year not in self.covered_years:
                off += sum(1 for day in computed_days_off(year) if first < day <= last)
        return off

    def _days_off_of(self, year: int) -> Mapping[date, str]:
        return self.days_off if year in self.covered_years else computed_days_off(year)


def _count(days: tuple[date, ...], first: date, last: date) -> int:
    return bisect_right(days, last) - bisect_right(days, first)


@lru_cache(maxsize=64)
def computed_days_off(year: int) -> Mapping[date, str]:
    """Weekday holidays of `year` by calculation, for years no data covers: estimates.

    The library knows the lunar calendar and compensation days, but not the swaps that
    the government decides each year (it missed 2/1 ↔ 10/1/2026), and its length of Tết
    is a guess. Imported only here and only then, because loading it is slow.
    """
    import holidays

    names = holidays.country_holidays("VN", years=year, language="vi")
    days = {day: _plain_reason(name) for day, name in names.items() if day.weekday() < SATURDAY}
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


def calendar_from_pack(pack: Mapping[str, Any]) -> WorkCalendar:
    """The calendar of `resources/packs/calendar.json` or of an agency's own edited rows.

    Raises KeyError or ValueError for a pack that is not of that shape: a broken pack is
    a bug, not something a person at the counter can mend.
    """
    years: Mapping[str, Mapping[str, Any]] = pack["years"]
    return WorkCalendar(
        version=str(pack["version"]),
        days_off=_days(years, "days_off"),
        worked_days=_days(years, "worked_days"),
        covered_years=frozenset(int(year) for year in years),
        hours=tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pack["hours"]),
        hand_out_by=time.fromisoformat(pack["hand_out_by"]),
        reception_cutoff=time.fromisoformat(pack["reception_cutoff"]),
        estimates=frozenset(
            date.fromisoformat(day) for year in years.values() for day in year.get("estimates", ())
        ),
    )


def _days(years: Mapping[str, Mapping[str, Any]], key: str) -> dict[date, str]:
    return {
        date.fromisoformat(day): str(why) for year in years.values() for day, why in year.get(key, {}).items()
    }
