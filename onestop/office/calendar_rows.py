"""The two rows of the working calendar as an administrator edits them: the country's, and this office's own.

Every edit gives new rows; nothing is written before `changes_of` goes through `change_rows`.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from onestop.domain.calendar import SATURDAY, WorkCalendar, calendar_from_rows, computed_days_off
from onestop.domain.calendar_check import check_office_row
from onestop.domain.moment import show_on, weekday
from onestop.domain.office_hours import DayPart
from onestop.domain.text import nfc
from onestop.errors import InputError
from onestop.office.changing import RowChange
from onestop.office.office import Office
from onestop.store.rows import read_reference

KIND, NATIONAL, OWN = "calendar", "vn", "office"
PART_WORDS = {
    DayPart.WHOLE: "cả ngày",
    DayPart.MORNING: "buổi sáng",
    DayPart.AFTERNOON: "buổi chiều",
}
_LONGEST_RUN = 60
"""Days of one holiday or closure: a longer one is a slip of the keys."""


@dataclass(frozen=True, slots=True)
class CalendarRows:
    """`national`: the row `vn`; `own`: the row `office`, {} where the office has none."""

    national: Mapping[str, Any]
    own: Mapping[str, Any]

    @property
    def calendar(self) -> WorkCalendar:
        return calendar_from_rows(self.national, {"version": "0", **self.own} if self.own else None)


@dataclass(frozen=True, slots=True)
class DayForm:
    """A day, or the days from `first` to `last`, that are off or worked, and why.

    `is_own`: only at this office; `part` of a day that this office closes.
    """

    first: date
    last: date
    reason: str
    is_own: bool = False
    is_worked: bool = False
    part: DayPart = DayPart.WHOLE


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Hours as the row holds them: spans `[["07:00", "11:30"], …]`, `seasons` as plain rows."""

    hours: list[list[str]]
    hand_out_by: str
    saturday: str = "closed"
    saturday_hours: list[list[str]] = field(default_factory=list)
    seasons: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DayMark:
    """What a day is: `kind` off, closed, half, worked, weekend or '' (worked as ever), and words."""

    kind: str
    words: str
    is_estimate: bool = False


def read_rows(office: Office) -> CalendarRows:
    with office.store.read() as connection:
        national = read_reference(connection, KIND, NATIONAL)
        own = read_reference(connection, KIND, OWN)
    return CalendarRows(national, own or {})


def day_mark(calendar: WorkCalendar, day: date) -> DayMark:
    """How a day is drawn and told."""
    half = calendar.half_days.get(day)
    if calendar.is_working_day(day):
        if day in calendar.worked_days:
            return DayMark("worked", calendar.worked_days[day])
        return (
            DayMark("half", f"Đóng cửa {PART_WORDS[half.closed]}: {half.reason}") if half else DayMark("", "")
        )
    if day in calendar.closures:
        return DayMark("closed", calendar.closures[day])
    why = calendar.reason_off(day) or ""
    if why == weekday(day):
        return DayMark("weekend", "Chỉ tiếp nhận" if calendar.only_takes_in(day) else "")
    return DayMark("off", why, calendar.is_estimate(day))


def with_days(rows: CalendarRows, form: DayForm) -> CalendarRows:
    """Raises InputError (fields `first`, `last`, `reason`)."""
    reason = nfc(form.reason)
    if not reason:
        raise InputError("Chưa ghi lý do", "Lý do hiện trong cách tính hạn trả và trên lịch.", "reason")
    if not 0 <= (form.last - form.first).days < _LONGEST_RUN:
        raise InputError(
            "Ngày cuối không hợp lệ",
            f"Ngày cuối phải từ ngày đầu trở đi, nhiều nhất {_LONGEST_RUN} ngày.",
            "last",
        )
    form = replace(form, reason=reason)
    if form.is_worked:
        return _with_worked(rows, form)
    return _with_closure(rows, form) if form.is_own else _with_days_off(rows, form)


def without_day(rows: CalendarRows, day: date) -> CalendarRows:
    """The day as the week has it; a closure of several days goes whole. Raises InputError (`first`)."""
    national, own = copy.deepcopy(dict(rows.national)), copy.deepcopy(dict(rows.own))
    key, before = day.isoformat(), (copy.deepcopy(dict(rows.national)), copy.deepcopy(dict(rows.own)))
    year = _year(national, day.year)
    for name in ("days_off", "weekend_holidays", "worked_days"):
        year.get(name, {}).pop(key, None)
    if key in year.get("estimates", ()):
        year["estimates"].remove(key)
    own.get("worked_days", {}).pop(key, None)
    if own.get("closures"):
        own["closures"] = [each for each in own["closures"] if not _covers(each, key)]
    if (national, own) == before:
        raise InputError(f"Ngày {show_on(day)} không có gì để bỏ", "Chọn một ngày được đánh dấu.", "first")
    return CalendarRows(national, own)


def with_hours(rows: CalendarRows, form: HoursForm) -> CalendarRows:
    """Raises InputErrors naming `hours`, `hand_out_by`, `saturday`, `seasons.0`…"""
    own = copy.deepcopy(dict(rows.own)) | {
        "hours": form.hours,
        "hand_out_by": form.hand_out_by,
        "saturday": {"rule": form.saturday} | ({"hours": form.saturday_hours} if form.saturday_hours else {}),
        "seasons": form.seasons,
    }
    check_office_row(own | {"version": own.get("version") or "1"})
    return CalendarRows(rows.national, own)


def hours_of(rows: CalendarRows) -> HoursForm:
    """What holds now; the country's hours where the office has none of its own."""
    own, saturday = rows.own, rows.own.get("saturday", {})
    return HoursForm(
        own.get("hours") or rows.national["hours"],
        own.get("hand_out_by") or rows.national["hand_out_by"],
        saturday.get("rule", "closed"),
        saturday.get("hours", []),
        list(own.get("seasons", ())),
    )


def changes_of(before: CalendarRows, after: CalendarRows, today: date) -> list[RowChange]:
    """The rows that are others now, each under a new version."""
    changes = []
    if after.national != before.national:
        version = _next_dated(str(before.national["version"]), today)
        changes.append(RowChange(KIND, NATIONAL, {**after.national, "version": version}))
    if after.own != before.own:
        number = str(before.own.get("version", "0"))
        version = str(int(number) + 1) if number.isdigit() else f"{number}.1"
        changes.append(RowChange(KIND, OWN, {**after.own, "version": version}))
    return changes


def difference(before: CalendarRows, after: CalendarRows) -> list[str]:
    """What an administrator changed, a line each: `Nghỉ 24/11/2026: Ngày Văn hoá Việt Nam`."""
    old, new = _told_days(_covering(before, after)), _told_days(after)
    lines = [f"Bỏ: {old[key]}" for key in sorted(old.keys() - new.keys())]
    lines += [new[key] for key in sorted(new.keys() - old.keys())]
    lines += [
        f"{new[key]} (trước: {old[key]})" for key in sorted(old.keys() & new.keys()) if old[key] != new[key]
    ]
    if hours_of(before) != hours_of(after):
        lines.append("Đổi giờ làm việc của cơ quan")
    return lines


def _with_days_off(rows: CalendarRows, form: DayForm) -> CalendarRows:
    national = copy.deepcopy(dict(rows.national))
    for day in _run(form):
        year = _year(national, day.year)
        name = "days_off" if day.weekday() < SATURDAY else "weekend_holidays"
        year.get("worked_days", {}).pop(day.isoformat(), None)
        year.setdefault(name, {})[day.isoformat()] = form.reason
        if day.isoformat() in year.get("estimates", ()):
            year["estimates"].remove(day.isoformat())
    return CalendarRows(national, rows.own)


def _with_closure(rows: CalendarRows, form: DayForm) -> CalendarRows:
    own = copy.deepcopy(dict(rows.own))
    closure = {"from": form.first.isoformat(), "to": form.last.isoformat(), "reason": form.reason}
    if form.part is not DayPart.WHOLE:
        closure["part"] = form.part.value
    own["closures"] = sorted([*own.get("closures", ()), closure], key=lambda each: str(each["from"]))
    return CalendarRows(rows.national, own)


def _with_worked(rows: CalendarRows, form: DayForm) -> CalendarRows:
    national, own = copy.deepcopy(dict(rows.national)), copy.deepcopy(dict(rows.own))
    for day in _run(form):
        if day.weekday() < SATURDAY:
            raise InputError(
                f"{show_on(day)} là {weekday(day)}: chỉ thứ Bảy, Chủ nhật mới làm bù",
                "Nếu ngày này đang nghỉ, hãy bỏ ngày nghỉ đó.",
                "first",
            )
        row = own if form.is_own else _year(national, day.year)
        row.setdefault("worked_days", {})[day.isoformat()] = form.reason
    return CalendarRows(national, own)


def _run(form: DayForm) -> list[date]:
    return [date.fromordinal(n) for n in range(form.first.toordinal(), form.last.toordinal() + 1)]


def _year(national: dict[str, Any], year: int) -> dict[str, Any]:
    """The year's part of the row. One that no data covered begins with what was computed for it:
    the first day written into it must not make its other holidays worked."""
    years: dict[str, Any] = national["years"]
    if str(year) not in years:
        computed = {day.isoformat(): why for day, why in computed_days_off(year).items()}
        years[str(year)] = {
            "confidence": "estimate",
            "days_off": computed,
            "worked_days": {},
            "estimates": list(computed),
        }
    found: dict[str, Any] = years[str(year)]
    return found


def _covers(closure: Mapping[str, Any], day: str) -> bool:
    first, last = str(closure["from"]), str(closure.get("to") or closure["from"])
    return first <= day <= last


def _covering(before: CalendarRows, after: CalendarRows) -> CalendarRows:
    """With the years that only `after` names, as they had been computed."""
    national = copy.deepcopy(dict(before.national))
    for year in after.national["years"]:
        _year(national, int(year))
    return CalendarRows(national, before.own)


def _told_days(rows: CalendarRows) -> dict[str, str]:
    told = {}
    for year in rows.national["years"].values():
        for name, words in (("days_off", "Nghỉ"), ("weekend_holidays", "Nghỉ"), ("worked_days", "Làm bù")):
            for day, why in year.get(name, {}).items():
                told[f"{day} {name}"] = f"{words} {show_on(date.fromisoformat(day))}: {why}"
    for day, why in rows.own.get("worked_days", {}).items():
        told[f"{day} own"] = f"Làm việc tại cơ quan {show_on(date.fromisoformat(day))}: {why}"
    for each in rows.own.get("closures", ()):
        told[f"{each['from']} {each.get('part', '')} {each['reason']}"] = _closure_words(each)
    return told


def _closure_words(row: Mapping[str, Any]) -> str:
    first, last = date.fromisoformat(row["from"]), date.fromisoformat(row.get("to") or row["from"])
    span = show_on(first) if first == last else f"{first:%d/%m}–{show_on(last)}"
    part = DayPart(row.get("part", DayPart.WHOLE))
    words = "" if part is DayPart.WHOLE else f" {PART_WORDS[part]}"
    return f"Cơ quan đóng cửa{words} {span}: {row['reason']}"


def _next_dated(version: str, today: date) -> str:
    """`2026-11-22`, then `2026-11-22.2` for a second change of that day."""
    day, _, number = version.partition(".")
    if day != today.isoformat():
        return today.isoformat()
    return f"{day}.{int(number) + 1 if number.isdigit() else 2}"
