"""When a result is due, why then, and how urgent that is now.

Bộ luật Dân sự 2015, Điều 147–148: the first day is not counted, the last one is, and a
last day that is a day off moves to the next working day. Same-day procedures received
after 15:00 are answered on the next working day (Luật Hộ tịch 2014, khoản 3 Điều 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from onestop.domain.calendar import ONE_DAY, WorkCalendar
from onestop.domain.due_words import (
    Skipped,
    early_words,
    late_words,
    length_words,
    off_days,
    skip_words,
)
from onestop.domain.moment import VIETNAM, local, local_day, show_at, show_on
from onestop.domain.time_limit import TimeLimit, TimeUnit, check_limit
from onestop.errors import InputError

__all__ = [
    "OUTCOME_WORDS",
    "SOON_DAYS",
    "DueDate",
    "Outcome",
    "Pause",
    "TimeLimit",
    "TimeUnit",
    "Urgency",
    "due_date",
    "extended_due",
    "outcome",
    "paused_due",
    "restart_due",
    "resumed_due",
    "shift_due",
    "start_day",
    "urgency",
    "urgency_words",
]

SOON_DAYS: Final = 2


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
    check_limit(limit)
    starts_on = start_day(calendar, limit.unit, received_at)
    received_on = local_day(received_at)
    if limit.unit is TimeUnit.HOUR:
        due_at = _add_working_time(calendar, received_at, timedelta(hours=limit.value))
        early = ""
    else:
        last = _last_day(calendar, limit, starts_on)
        due_at = _at(last, calendar.hand_out_on(last))
        early = early_words(calendar, last)
    skipped = _skipped(calendar, limit, received_on, starts_on, due_at.date())
    late = starts_on != received_on
    parts = (
        limit.words(),
        skip_words(calendar, limit.unit, skipped),
        late_words(calendar, received_at, limit.unit is TimeUnit.SAME_DAY) if late else "",
        early,
    )
    words = " · ".join(part for part in parts if part)
    return DueDate(due_at, limit, starts_on, skipped, words, calendar.version)


def restart_due(calendar: WorkCalendar, limit: TimeLimit, resumed_at: datetime) -> DueDate:
    """The whole limit anew from the day the dossier became complete (resume by restart)."""
    fresh = due_date(calendar, limit, resumed_at)
    words = f"{fresh.explanation} · tính lại từ khi nhận đủ bổ sung {show_at(resumed_at)}"
    return replace(fresh, explanation=words)


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
    first = start_day(calendar, unit, paused_at)
    last = start_day(calendar, unit, resumed_at)
    due_day = local_day(due_at)
    if unit is TimeUnit.CALENDAR_DAY:
        pause = TimeLimit((last - first).days, unit)
        moved = calendar.next_working_day(due_day + timedelta(days=pause.value)) if pause.value else due_day
    else:
        pause = TimeLimit(calendar.working_days_between(first, last), TimeUnit.WORKING_DAY)
        moved = calendar.add_working_days(due_day, pause.value)
    shifted = _at(moved, _clock_on(calendar, due_at, moved)) if pause.value else local(due_at)
    return _shifted(calendar, due_at, shifted, pause, last)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still, and how it went on: by shift, or by restart."""

    paused_at: datetime
    resumed_at: datetime
    is_restart: bool = False


def paused_due(
    calendar: WorkCalendar, limit: TimeLimit, received_at: datetime, pauses: Sequence[Pause]
) -> DueDate:
    """The due moment after several pauses, one after the other, as it was told each time.

    Raises InputError as `due_date` does, ValueError for pauses that overlap or run backwards.
    """
    due = due_date(calendar, limit, received_at)
    last = received_at
    for pause in pauses:
        if pause.paused_at < last:
            raise ValueError("pauses follow each other, and the reception")
        due = resumed_due(calendar, limit, due.due_at, pause)
        last = pause.resumed_at
    return due


def resumed_due(calendar: WorkCalendar, limit: TimeLimit, due_at: datetime, pause: Pause) -> DueDate:
    """The due moment after one pause of a dossier that was due at `due_at`."""
    if pause.is_restart:
        return restart_due(calendar, limit, pause.resumed_at)
    return shift_due(calendar, due_at, pause.paused_at, pause.resumed_at, limit.unit)


def extended_due(calendar: WorkCalendar, limit: TimeLimit, new_due_at: datetime, now: datetime) -> DueDate:
    """The new appointment of an apology (mẫu 04); the original due date stays what lateness is measured by.

    Raises InputError (field `due`) for a moment that is past or on a day off.
    """
    if new_due_at <= now:
        raise InputError("Ngày hẹn lại phải ở sau hôm nay", "Hãy chọn một ngày làm việc sắp tới.", "due")
    day = local_day(new_due_at)
    why = calendar.reason_off(day)
    if why:
        raise InputError(
            f"Ngày hẹn lại {show_on(day)} là ngày nghỉ: {why}", "Hãy chọn một ngày làm việc.", "due"
        )
    words = f"Hẹn lại {show_at(new_due_at)} theo văn bản xin lỗi"
    return DueDate(local(new_due_at), limit, day, (), words, calendar.version)


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


def start_day(calendar: WorkCalendar, unit: TimeUnit, moment: datetime) -> date:
    """The working day an event counts for; `late_words` says why it is not its own day."""
    here = local(moment)
    day = here.date()
    if not calendar.is_working_day(day):
        return calendar.next_working_day(day)
    # "sau 15 giờ" is later than 15:00:00 sharp.
    is_cut_off = unit is TimeUnit.SAME_DAY and here.time() > calendar.reception_cutoff
    if is_cut_off or here.time() > calendar.closes_on(day):
        return calendar.next_working_day(day + ONE_DAY)
    return day


def _last_day(calendar: WorkCalendar, limit: TimeLimit, starts_on: date) -> date:
    if limit.unit is TimeUnit.SAME_DAY:
        return starts_on
    if limit.unit is TimeUnit.WORKING_DAY:
        return calendar.add_working_days(starts_on, limit.value)
    return calendar.next_working_day(starts_on + timedelta(days=limit.value))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


def _clock_on(calendar: WorkCalendar, due_at: datetime, moved: date) -> time:
    """The usual hour of the new day, or the hour that was promised, if the office is still open then."""
    old = local(due_at)
    if old.time() == calendar.hand_out_on(old.date()):
        return calendar.hand_out_on(moved)
    return min(old.time(), calendar.closes_on(moved))


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
    return [(_at(day, start), _at(day, end)) for start, end in calendar.hours_on(day)]


def _shift_by_hours(
    calendar: WorkCalendar, due_at: datetime, paused_at: datetime, resumed_at: datetime
) -> DueDate:
    stood = _working_time_between(calendar, paused_at, resumed_at)
    moved = _add_working_time(calendar, due_at, stood) if stood else local(due_at)
    # Rounded up only as a number of hours; the words and the moment are exact.
    pause = TimeLimit(-(-stood // timedelta(hours=1)), TimeUnit.HOUR)
    starts_on = start_day(calendar, TimeUnit.HOUR, resumed_at)
    words = f"{length_words(-(-stood // timedelta(minutes=1)))} làm việc"
    return _shifted(calendar, due_at, moved, pause, starts_on, words)


def _shifted(
    calendar: WorkCalendar,
    old: datetime,
    moved: datetime,
    pause: TimeLimit,
    starts_on: date,
    length: str = "",
) -> DueDate:
    skipped = _skipped(calendar, pause, local_day(old), local_day(old), moved.date())
    if pause.value:
        words = f"Lùi {length or pause.words()} bằng thời gian tạm dừng · hạn trước đó {show_at(old)}"
    elif pause.unit is TimeUnit.HOUR:
        words = f"Giữ hạn {show_at(old)} · tạm dừng ngoài giờ làm việc"
    else:
        words = f"Giữ hạn {show_at(old)} · tạm dừng chưa hết một ngày làm việc"
    return DueDate(moved, pause, starts_on, skipped, words, calendar.version)


def _skipped(
    calendar: WorkCalendar, limit: TimeLimit, received_on: date, starts_on: date, due_on: date
) -> Skipped:
    """Days off that delayed the due day; calendar days only count those at either end."""
    spans = [(received_on, due_on)]
    if limit.unit is TimeUnit.CALENDAR_DAY:
        spans = [(received_on, starts_on), (starts_on + timedelta(days=limit.value), due_on)]
    return tuple(each for first, last in spans for each in off_days(calendar, first, last))


def _days_left(calendar: WorkCalendar, today: date, due_at: datetime) -> str:
    days = calendar.working_days_between(today, local_day(due_at))
    # 0 only if the calendar was changed after the due moment had been given.
    return f"Còn {days} ngày làm việc" if days > 0 else f"Hạn {show_at(due_at)}"
