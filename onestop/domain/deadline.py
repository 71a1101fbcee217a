"""When a result is due, why then, and how urgent that is now.

Bộ luật Dân sự 2015, Điều 147–148: the first day is not counted, the last one is, and a
last day that is a day off moves to the next working day. Same-day procedures received
after 15:00 are answered on the next working day (Luật Hộ tịch 2014, khoản 3 Điều 5).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from onestop.domain.calendar import ONE_DAY, WEEKEND, WorkCalendar
from onestop.domain.moment import VIETNAM, local, local_day, show_at
from onestop.errors import InputError

SOON_DAYS: Final = 2
LONGEST: Final = 1000
"""No procedure has a longer limit; a bigger number is a slip of the keys."""

Skipped = tuple[tuple[date, str], ...]


class TimeUnit(StrEnum):
    SAME_DAY = "same_day"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The legal time for a result; `value` is 0 for same_day and unspecified."""

    value: int
    unit: TimeUnit

    def words(self) -> str:
        """`2 ngày làm việc`, `15 ngày`, `Trong ngày làm việc`, `Chưa quy định`."""
        match self.unit:
            case TimeUnit.SAME_DAY:
                return "Trong ngày làm việc"
            case TimeUnit.WORKING_DAY:
                return f"{self.value} ngày làm việc"
            case TimeUnit.CALENDAR_DAY:
                return f"{self.value} ngày"
            case TimeUnit.HOUR:
                return f"{self.value} giờ làm việc"
            case TimeUnit.UNSPECIFIED:
                return "Chưa quy định"


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due moment (in Vietnam's time) and everything needed to explain it.

    `starts_on` is the day from which the limit runs, itself not counted; `skipped` are
    the days off that made the due moment later.
    """

    due_at: datetime
    limit: TimeLimit
    starts_on: date
    skipped: Skipped
    explanation: str
    calendar_version: str


def due_date(calendar: WorkCalendar, limit: TimeLimit, received_at: datetime) -> DueDate:
    """The due moment of a dossier received at `received_at`.

    Raises InputError (field `time_limit`) for a limit without a unit or out of range: the
    portal leaves out many units, and guessing one would print a wrong promise.
    """
    _check_limit(limit)
    starts_on, late_note = _start(calendar, limit.unit, received_at)
    if limit.unit is TimeUnit.HOUR:
        due_at = _add_hours(calendar, received_at, limit.value)
    else:
        due_at = _at(_last_day(calendar, limit, starts_on), calendar.hand_out_by)
    skipped = _skipped(calendar, limit, local_day(received_at), starts_on, due_at.date())
    parts = (limit.words(), _skip_words(calendar, limit, skipped), late_note)
    return DueDate(
        due_at=due_at,
        limit=limit,
        starts_on=starts_on,
        skipped=skipped,
        explanation=" · ".join(part for part in parts if part),
        calendar_version=calendar.version,
    )


def restart_due(calendar: WorkCalendar, limit: TimeLimit, resumed_at: datetime) -> DueDate:
    """The whole limit anew from the day the dossier became complete (resume by restart)."""
    fresh = due_date(calendar, limit, resumed_at)
    return _explained(fresh, f"{fresh.explanation} · tính lại từ khi nhận đủ bổ sung {show_at(resumed_at)}")


def shift_due(
    calendar: WorkCalendar,
    due_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    unit: TimeUnit = TimeUnit.WORKING_DAY,
) -> DueDate:
    """The due moment moved on by exactly the time the clock stood still (resume by shift).

    `unit` is the unit of the procedure's limit: the pause is measured in the same one.
    The answer's `limit` is the length of the pause. Raises ValueError if the clock was
    resumed before it was paused.
    """
    if resumed_at < paused_at:
        raise ValueError("a clock cannot resume before it was paused")
    if unit is TimeUnit.HOUR:
        return _shift_by_hours(calendar, due_at, paused_at, resumed_at)
    first, _ = _start(calendar, unit, paused_at)
    last, _ = _start(calendar, unit, resumed_at)
    due_day = local_day(due_at)
    if unit is TimeUnit.CALENDAR_DAY:
        pause = TimeLimit((last - first).days, unit)
        moved = calendar.next_working_day(due_day + timedelta(days=pause.value)) if pause.value else due_day
    else:
        pause = TimeLimit(calendar.working_days_between(first, last), TimeUnit.WORKING_DAY)
        moved = calendar.add_working_days(due_day, pause.value)
    shifted = datetime.combine(moved, local(due_at).time(), VIETNAM)
    return _shifted(calendar, due_at, shifted, pause, last)


class Urgency(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    ONTIME = "ontime"
    PAUSED = "paused"
    DONE = "done"


def urgency(
    calendar: WorkCalendar,
    due_at: datetime | None,
    now: datetime,
    is_paused: bool,
    is_done: bool,
    *,
    soon_days: int = SOON_DAYS,
) -> Urgency:
    """How much a dossier presses now; one without a due moment does not press.

    Due within `soon_days` working days is soon; each desk may choose its own number.
    """
    if is_done:
        return Urgency.DONE
    if is_paused:
        return Urgency.PAUSED
    if due_at is None:
        return Urgency.ONTIME
    if now > due_at:
        return Urgency.OVERDUE
    today, due_day = local_day(now), local_day(due_at)
    if today == due_day:
        return Urgency.TODAY
    near = calendar.working_days_between(today, due_day) <= soon_days
    return Urgency.SOON if near else Urgency.ONTIME


def urgency_words(
    calendar: WorkCalendar,
    due_at: datetime | None,
    now: datetime,
    is_paused: bool,
    is_done: bool,
    *,
    pause_words: str = "",
) -> str:
    """`Quá hạn 2 ngày`, `Hôm nay 16:30`, `Còn 1 ngày làm việc`, `Tạm dừng: chờ bổ sung`…"""
    kind = urgency(calendar, due_at, now, is_paused, is_done)
    if kind is Urgency.DONE:
        return "Đã có kết quả, chờ trả"
    if kind is Urgency.PAUSED:
        return f"Tạm dừng: {pause_words}" if pause_words else "Tạm dừng"
    if due_at is None:
        return "Chưa có hạn"
    today, due_day = local_day(now), local_day(due_at)
    if kind is Urgency.OVERDUE:
        days = (today - due_day).days
        return f"Quá hạn {days} ngày" if days else f"Quá hạn từ {local(due_at):%H:%M}"
    if kind is Urgency.TODAY:
        return f"Hôm nay {local(due_at):%H:%M}"
    return _days_left(calendar, today, due_at)


class Outcome(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"


OUTCOME_WORDS: Final = {
    Outcome.EARLY: "Trước hạn",
    Outcome.ON_TIME: "Đúng hạn",
    Outcome.LATE: "Quá hạn",
}


def outcome(due_at: datetime, completed_at: datetime) -> Outcome:
    """How a finished dossier counts; by day, as registers and reports count it."""
    due_day, done_day = local_day(due_at), local_day(completed_at)
    if done_day == due_day:
        return Outcome.ON_TIME
    return Outcome.EARLY if done_day < due_day else Outcome.LATE


# ---- the arithmetic -------------------------------------------------------------------


def _check_limit(limit: TimeLimit) -> None:
    if limit.unit is TimeUnit.UNSPECIFIED:
        raise InputError(
            "Thủ tục chưa có thời hạn giải quyết",
            "Hãy nhập số ngày và chọn đơn vị (ngày làm việc, ngày, giờ) theo quyết định công bố, "
            "hoặc nhờ quản trị đơn vị bổ sung vào danh mục thủ tục.",
            "time_limit",
        )
    if limit.unit is not TimeUnit.SAME_DAY and not 1 <= limit.value <= LONGEST:
        raise InputError(
            "Thời hạn giải quyết không hợp lệ",
            f"Thời hạn phải từ 1 đến {LONGEST}, hiện là {limit.value}.",
            "time_limit",
        )


def _start(calendar: WorkCalendar, unit: TimeUnit, moment: datetime) -> tuple[date, str]:
    """The working day an event counts for, and why it is not its own day."""
    here = local(moment)
    day = here.date()
    if not calendar.is_working_day(day):
        return calendar.next_working_day(day), "nhận vào ngày nghỉ: tính từ ngày làm việc kế tiếp"
    # "sau 15 giờ" is later than 15:00:00 sharp.
    if unit is TimeUnit.SAME_DAY and here.time() > calendar.reception_cutoff:
        late = f"nhận sau {_hour_words(calendar.reception_cutoff)}: tính từ ngày làm việc kế tiếp"
        return calendar.next_working_day(day + ONE_DAY), late
    if here.time() > calendar.closes_at:
        late = "nhận sau giờ làm việc: tính từ ngày làm việc kế tiếp"
        return calendar.next_working_day(day + ONE_DAY), late
    return day, ""


def _last_day(calendar: WorkCalendar, limit: TimeLimit, starts_on: date) -> date:
    if limit.unit is TimeUnit.SAME_DAY:
        return starts_on
    if limit.unit is TimeUnit.WORKING_DAY:
        return calendar.add_working_days(starts_on, limit.value)
    return calendar.next_working_day(starts_on + timedelta(days=limit.value))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


def _add_hours(calendar: WorkCalendar, moment: datetime, hours: int) -> datetime:
    return _add_working_time(calendar, moment, timedelta(hours=hours))


def _add_working_time(calendar: WorkCalendar, moment: datetime, left: timedelta) -> datetime:
    """Walks the working spans; an hour limit runs from its moment (BLDS Đ147 k.1)."""
    here = local(moment)
    day = here.date()
    while True:
        for start, end in _spans(calendar, day):
            begin = max(here, start)
            if begin < end:
                if begin + left <= end:
                    return begin + left
                left -= end - begin
        day += ONE_DAY


def _working_time_between(calendar: WorkCalendar, first: datetime, last: datetime) -> timedelta:
    total = timedelta()
    day = local_day(first)
    while day <= local_day(last):
        for start, end in _spans(calendar, day):
            total += max(timedelta(), min(last, end) - max(first, start))
        day += ONE_DAY
    return total


def _spans(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    if not calendar.is_working_day(day):
        return []
    return [(_at(day, start), _at(day, end)) for start, end in calendar.hours]


def _shift_by_hours(
    calendar: WorkCalendar, due_at: datetime, paused_at: datetime, resumed_at: datetime
) -> DueDate:
    stood = _working_time_between(calendar, paused_at, resumed_at)
    moved = _add_working_time(calendar, due_at, stood) if stood else local(due_at)
    hours = -(-stood // timedelta(hours=1))
    pause = TimeLimit(hours, TimeUnit.HOUR)
    starts_on, _ = _start(calendar, TimeUnit.HOUR, resumed_at)
    return _shifted(calendar, due_at, moved, pause, starts_on)


def _shifted(
    calendar: WorkCalendar, old: datetime, moved: datetime, pause: TimeLimit, starts_on: date
) -> DueDate:
    skipped = _skipped(calendar, pause, local_day(old), local_day(old), moved.date())
    if pause.value:
        words = f"Lùi {pause.words()} bằng thời gian tạm dừng · hạn trước đó {show_at(old)}"
    else:
        words = f"Giữ hạn {show_at(old)} · tạm dừng chưa hết một ngày làm việc"
    return DueDate(moved, pause, starts_on, skipped, words, calendar.version)


def _explained(due: DueDate, words: str) -> DueDate:
    return DueDate(due.due_at, due.limit, due.starts_on, due.skipped, words, due.calendar_version)


# ---- the words ------------------------------------------------------------------------


def _skipped(
    calendar: WorkCalendar, limit: TimeLimit, received_on: date, starts_on: date, due_on: date
) -> Skipped:
    """Days off that delayed the due day; calendar days only count those at either end."""
    spans = [(received_on, due_on)]
    if limit.unit is TimeUnit.CALENDAR_DAY:
        spans = [(received_on, starts_on), (starts_on + timedelta(days=limit.value), due_on)]
    return tuple((day, why) for first, last in spans for day, why in _off_days(calendar, first, last))


def _off_days(calendar: WorkCalendar, first: date, last: date) -> list[tuple[date, str]]:
    days = (first + timedelta(days=k) for k in range((last - first).days + 1))
    return [(day, why) for day in days if (why := calendar.reason_off(day))]


def _skip_words(calendar: WorkCalendar, limit: TimeLimit, skipped: Skipped) -> str:
    if not skipped:
        return ""
    named = _listed([*_weekends(skipped), *_holidays(calendar, skipped)])
    if limit.unit is TimeUnit.CALENDAR_DAY:
        return f"gặp {named}: chuyển sang ngày làm việc kế tiếp"
    return f"trừ {named}"


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


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} và {words[-1]}"


def _hour_words(clock: time) -> str:
    return f"{clock.hour} giờ {clock.minute:02d}" if clock.minute else f"{clock.hour} giờ"


def _days_left(calendar: WorkCalendar, today: date, due_at: datetime) -> str:
    days = calendar.working_days_between(today, local_day(due_at))
    # 0 only if the calendar was changed after the due moment had been given.
    return f"Còn {days} ngày làm việc" if days > 0 else f"Hạn {show_at(due_at)}"
