"""The words beside a due date: which days off made it later, and where it began to run."""

from datetime import date, datetime, time

from onestop.domain.calendar import ONE_DAY, SATURDAY, WEEKEND, WorkCalendar
from onestop.domain.moment import local
from onestop.domain.office_hours import DayPart
from onestop.domain.time_limit import TimeUnit

Skipped = tuple[tuple[date, str], ...]
"""Days that are not worked, with the Vietnamese reason of each."""

_FROM_NEXT = "tính từ ngày làm việc kế tiếp"


def off_days(calendar: WorkCalendar, first: date, last: date) -> list[tuple[date, str]]:
    """Days off from `first` to `last`, both included."""
    days = (first + ONE_DAY * k for k in range((last - first).days + 1))
    return [(day, why) for day in days if (why := calendar.reason_off(day))]


def skip_words(calendar: WorkCalendar, unit: TimeUnit, skipped: Skipped) -> str:
    """`trừ Thứ Bảy, Chủ nhật và Quốc khánh 1–2/9`; empty when no day was skipped."""
    if not skipped:
        return ""
    named = listed([*_weekends(skipped), *_holidays(calendar, skipped)])
    if unit is TimeUnit.CALENDAR_DAY:
        return f"gặp {named}: chuyển sang ngày làm việc kế tiếp"
    return f"trừ {named}"


def late_words(calendar: WorkCalendar, moment: datetime, is_cut_off: bool) -> str:
    """Why a moment counts for a later day; `is_cut_off`: it is after the hour for same-day results."""
    here = local(moment)
    if calendar.only_takes_in(here.date()):
        return f"nhận vào sáng thứ Bảy chỉ tiếp nhận: {_FROM_NEXT}"
    if not calendar.is_working_day(here.date()):
        return f"nhận vào ngày nghỉ: {_FROM_NEXT}"
    if is_cut_off and here.time() > calendar.reception_cutoff < calendar.closes_on(here.date()):
        return f"nhận sau {hour_words(calendar.reception_cutoff)}: {_FROM_NEXT}"
    return f"nhận sau giờ làm việc: {_FROM_NEXT}"


def early_words(calendar: WorkCalendar, day: date) -> str:
    """Why a result is due earlier in the day than usual; empty on an ordinary day."""
    closes = calendar.closes_on(day)
    if calendar.hand_out_on(day) < closes:
        return ""
    half = calendar.half_days.get(day)
    if half is not None and half.closed is DayPart.AFTERNOON:
        return f"chiều {day.day}/{day.month} nghỉ: {half.reason}"
    if day.weekday() == SATURDAY and day not in calendar.worked_days:
        return f"Thứ Bảy làm việc đến {hour_words(closes)}"
    return ""


def hour_words(clock: time) -> str:
    """`15 giờ`, `11 giờ 30`."""
    return f"{clock.hour} giờ {clock.minute:02d}" if clock.minute else f"{clock.hour} giờ"


def length_words(minutes: int) -> str:
    """`3 giờ`, `2 giờ 30 phút`, `0 phút`."""
    hours, rest = divmod(minutes, 60)
    words = [f"{hours} giờ" if hours else "", f"{rest} phút" if rest else ""]
    return " ".join(word for word in words if word) or "0 phút"


def listed(words: list[str]) -> str:
    """`một, hai và ba`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} và {words[-1]}"


def _weekends(skipped: Skipped) -> list[str]:
    reasons = {why for _, why in skipped}
    return [name for name in WEEKEND if name in reasons]


def _holidays(calendar: WorkCalendar, skipped: Skipped) -> list[str]:
    """`Tết Nguyên đán 16–20/2`: neighbouring days of one holiday in one word."""
    runs: list[tuple[str, date, date]] = []
    last_off = None
    for day, why in skipped:
        if why not in WEEKEND:
            goes_on = runs and runs[-1][0] == why and last_off == day - ONE_DAY
            first = runs.pop()[1] if goes_on else day
            runs.append((why, first, day))
        last_off = day
    return [_holiday_words(calendar, *run) for run in runs]


def _holiday_words(calendar: WorkCalendar, why: str, first: date, last: date) -> str:
    span = f"{last.day}/{last.month}"
    if first != last:
        start = f"{first.day}" if first.month == last.month else f"{first.day}/{first.month}"
        span = f"{start}–{span}"
    return f"{why} {span} (dự kiến)" if calendar.is_estimate(first) else f"{why} {span}"
