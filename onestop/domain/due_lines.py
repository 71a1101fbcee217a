"""Why a result is due on that day: every day of the calculation, counted or skipped, as data.

The lines are what the engine did, day by day; `explain` takes the same way as `paused_due` and ends
at the same moment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from onestop.domain.calendar import ONE_DAY, WorkCalendar
from onestop.domain.deadline import DueDate, Pause, due_date, resumed_due, start_day
from onestop.domain.due_words import early_words, late_words, length_words
from onestop.domain.moment import VIETNAM, local, local_day, show_at, show_on, weekday
from onestop.domain.stages import Stage, StagesDue, stages_due
from onestop.domain.time_limit import TimeLimit, TimeUnit


class LineKind(StrEnum):
    """`part` opens a part of the calculation; `stands`: paused; `moved`: the due day moves on by one."""

    PART = "part"
    STARTS = "starts"
    COUNTED = "counted"
    SKIPPED = "skipped"
    STANDS = "stands"
    MOVED = "moved"
    DUE = "due"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line of a calculation. `number`: which day of the limit or of the pause it is, 0 for none."""

    kind: LineKind
    words: str
    day: date | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Explained:
    """A due moment, the sentence that stands beside it on paper, and the whole calculation.

    `first` is what was promised at reception; an extension or a pause does not change it.
    """

    due: DueDate
    first: DueDate
    lines: tuple[DueLine, ...]

    @property
    def sentence(self) -> str:
        return self.due.explanation


def explain(
    calendar: WorkCalendar, limit: TimeLimit, received_at: datetime, pauses: Sequence[Pause] = ()
) -> Explained:
    """The calculation from the reception through every pause.

    Raises InputError as `due_date` does, ValueError for pauses that run backwards.
    """
    first = due = due_date(calendar, limit, received_at)
    lines = list(limit_lines(calendar, due, received_at))
    for pause in pauses:
        moved = resumed_due(calendar, limit, due.due_at, pause)
        lines += pause_lines(calendar, limit, due.due_at, pause, moved)
        due = moved
    return Explained(due, first, tuple(lines))


def explain_stages(calendar: WorkCalendar, stages: Sequence[Stage], received_at: datetime) -> Explained:
    """The calculation of each agency in order. Raises InputError as `stages_due` does."""
    found: StagesDue = stages_due(calendar, stages, received_at)
    lines: list[DueLine] = []
    for one in found.own:
        head, *rest = limit_lines(calendar, one.due, one.starts_at)
        lines += [DueLine(LineKind.PART, f"{one.stage.agency}: {_low(head.words)}"), *rest]
    return Explained(found.total, found.total, tuple(lines))


def limit_lines(calendar: WorkCalendar, due: DueDate, received_at: datetime) -> Iterator[DueLine]:
    """Every day from the reception to the due day. `due`: what `due_date` gave for it."""
    yield DueLine(LineKind.PART, f"Thời hạn {_low(due.limit.words())}, tính từ {show_at(received_at)}")
    yield from _start_lines(calendar, due, received_at)
    if due.limit.unit is TimeUnit.HOUR:
        yield from _hour_lines(calendar, received_at, due.due_at, LineKind.COUNTED)
    elif due.limit.unit is TimeUnit.CALENDAR_DAY:
        yield from _calendar_lines(calendar, due)
    elif due.limit.unit is TimeUnit.WORKING_DAY:
        yield from _working_lines(calendar, due.starts_on, due.due_at.date(), LineKind.COUNTED)
    yield _due_line(calendar, due.due_at)


def pause_lines(
    calendar: WorkCalendar, limit: TimeLimit, old_due_at: datetime, pause: Pause, moved: DueDate
) -> Iterator[DueLine]:
    """What stood still, and how the clock went on. `moved`: what `resumed_due` gave for it."""
    yield DueLine(LineKind.PART, f"Tạm dừng từ {show_at(pause.paused_at)} đến {show_at(pause.resumed_at)}")
    yield from _standing_lines(calendar, limit.unit, pause)
    if pause.is_restart:
        yield DueLine(LineKind.NOTE, "Nhận đủ bổ sung: tính lại từ đầu, hạn trước đó không còn hiệu lực")
        yield from limit_lines(calendar, moved, pause.resumed_at)
        return
    yield from _moving_lines(calendar, limit.unit, old_due_at, moved)
    yield _due_line(calendar, moved.due_at)


def extension_lines(calendar: WorkCalendar, new_due_at: datetime, original: datetime) -> Iterator[DueLine]:
    """An apology's new appointment; lateness stays measured by the original due date."""
    yield DueLine(LineKind.PART, "Hẹn lại theo văn bản xin lỗi (mẫu 04)")
    yield DueLine(LineKind.NOTE, f"Hạn ban đầu {show_at(original)} vẫn là mốc tính đúng hạn, quá hạn")
    yield _due_line(calendar, new_due_at)


def line_plain(line: DueLine) -> dict[str, Any]:
    """Plain JSON values for scripts."""
    day = line.day.isoformat() if line.day else None
    return {"kind": line.kind.value, "day": day, "number": line.number, "words": line.words}


# ---- the parts of a calculation -------------------------------------------------------


def _start_lines(calendar: WorkCalendar, due: DueDate, received_at: datetime) -> Iterator[DueLine]:
    """The day of reception, and the day it counts for where that is another."""
    here = local(received_at)
    unit, clock = due.limit.unit, f"Nhận lúc {here:%H:%M}"
    if due.starts_on == here.date():
        yield DueLine(LineKind.STARTS, f"{clock}{_START_WORDS[unit]}", here.date())
        return
    why = late_words(calendar, received_at, unit is TimeUnit.SAME_DAY).removeprefix("nhận ")
    off = calendar.reason_off(here.date())
    yield DueLine(LineKind.SKIPPED, f"{off}: {_low(clock)}, {why}" if off else f"{clock}, {why}", here.date())
    yield from _skipped_between(calendar, here.date(), due.starts_on)
    yield DueLine(LineKind.STARTS, f"Tính như nhận vào ngày này{_START_WORDS[unit]}", due.starts_on)


_START_WORDS = {
    TimeUnit.WORKING_DAY: ": ngày đầu không tính",
    TimeUnit.CALENDAR_DAY: ": ngày đầu không tính",
    TimeUnit.SAME_DAY: ": trả trong ngày",
    TimeUnit.HOUR: ": tính từng giờ làm việc",
}


def _skipped_between(calendar: WorkCalendar, first: date, last: date) -> Iterator[DueLine]:
    """Days off after `first` and before `last`."""
    day = first + ONE_DAY
    while day < last:
        why = calendar.reason_off(day)
        if why:
            yield _skip(calendar, day, why)
        day += ONE_DAY


def _working_lines(calendar: WorkCalendar, first: date, last: date, kind: LineKind) -> Iterator[DueLine]:
    """Each day after `first` up to `last`, the working ones numbered."""
    number, day = 0, first
    while day < last:
        day += ONE_DAY
        why = calendar.reason_off(day)
        if why:
            yield _skip(calendar, day, why)
        else:
            number += 1
            yield DueLine(
                kind, f"{_KIND_WORDS[kind]}ngày làm việc thứ {number}{_half(calendar, day)}", day, number
            )


_KIND_WORDS = {
    LineKind.COUNTED: "Tính: ",
    LineKind.STANDS: "Tạm dừng: ",
    LineKind.MOVED: "Lùi: ",
}


def _calendar_lines(calendar: WorkCalendar, due: DueDate) -> Iterator[DueLine]:
    """Days off count too; only a last day that is one moves on."""
    ends_on = due.starts_on + timedelta(days=due.limit.value)
    yield from _plain_days(calendar, due.starts_on, ends_on, LineKind.COUNTED)
    yield from _rolled(calendar, ends_on, due.due_at.date())


def _plain_days(calendar: WorkCalendar, first: date, last: date, kind: LineKind) -> Iterator[DueLine]:
    for number in range(1, (last - first).days + 1):
        day = first + timedelta(days=number)
        why = calendar.reason_off(day)
        off = f" ({why}, vẫn tính)" if why else ""
        yield DueLine(kind, f"{_KIND_WORDS[kind]}ngày thứ {number}{off}", day, number)


def _rolled(calendar: WorkCalendar, ends_on: date, due_on: date) -> Iterator[DueLine]:
    """The last day is no working day: the next one takes its place."""
    if ends_on == due_on:
        return
    why = calendar.reason_off(ends_on)
    yield DueLine(
        LineKind.NOTE, f"Ngày cuối là ngày nghỉ ({why}): chuyển sang ngày làm việc kế tiếp", ends_on
    )
    yield from _skipped_between(calendar, ends_on, due_on)


def _hour_lines(calendar: WorkCalendar, first: datetime, last: datetime, kind: LineKind) -> Iterator[DueLine]:
    """What of each day was counted, and how much that makes so far."""
    begin, end, seconds = local(first), local(last), 0
    day = begin.date()
    while day <= end.date():
        why = calendar.reason_off(day)
        spans = _spans_within(calendar, day, begin, end)
        if why and day != begin.date():
            yield _skip(calendar, day, why)
        elif spans:
            seconds += sum(_seconds(*span) for span in spans)
            total = round(seconds / 60)
            shown = ", ".join(f"{start:%H:%M}–{stop:%H:%M}" for start, stop in spans)
            yield DueLine(kind, f"{_KIND_WORDS[kind]}{shown} · cộng {length_words(total)}", day, total)
        day += ONE_DAY


def _spans_within(
    calendar: WorkCalendar, day: date, first: datetime, last: datetime
) -> list[tuple[time, time]]:
    spans = [_clipped(day, span, first, last) for span in calendar.hours_on(day)]
    return [(start, end) for start, end in spans if start < end]


def _clipped(day: date, span: tuple[time, time], first: datetime, last: datetime) -> tuple[time, time]:
    start = first.time() if first.date() == day else time.min
    end = last.time() if last.date() == day else time.max
    return max(span[0], start), min(span[1], end)


def _standing_lines(calendar: WorkCalendar, unit: TimeUnit, pause: Pause) -> Iterator[DueLine]:
    if unit is TimeUnit.HOUR:
        yield from _hour_lines(calendar, pause.paused_at, pause.resumed_at, LineKind.STANDS)
        return
    first = start_day(calendar, unit, pause.paused_at)
    last = start_day(calendar, unit, pause.resumed_at)
    if unit is TimeUnit.CALENDAR_DAY:
        yield from _plain_days(calendar, first, last, LineKind.STANDS)
    else:
        yield from _working_lines(calendar, first, last, LineKind.STANDS)


def _moving_lines(calendar: WorkCalendar, unit: TimeUnit, old: datetime, moved: DueDate) -> Iterator[DueLine]:
    """The due moment moves on by as much as stood still: `moved.limit`."""
    yield DueLine(LineKind.NOTE, moved.explanation)
    old_day = local_day(old)
    if unit is TimeUnit.HOUR:
        yield from _hour_lines(calendar, old, moved.due_at, LineKind.MOVED)
    elif unit is TimeUnit.CALENDAR_DAY:
        ends_on = old_day + timedelta(days=moved.limit.value)
        yield from _plain_days(calendar, old_day, ends_on, LineKind.MOVED)
        yield from _rolled(calendar, ends_on, moved.due_at.date())
    else:
        yield from _working_lines(calendar, old_day, moved.due_at.date(), LineKind.MOVED)


def _due_line(calendar: WorkCalendar, due_at: datetime) -> DueLine:
    here = local(due_at)
    day = here.date()
    early = early_words(calendar, day)
    words = f"Hạn trả: {here:%H:%M} {weekday(day)} {show_on(day)}"
    return DueLine(LineKind.DUE, f"{words} ({early})" if early else words, day)


def _skip(calendar: WorkCalendar, day: date, why: str) -> DueLine:
    estimate = " (dự kiến)" if calendar.is_estimate(day) else ""
    return DueLine(LineKind.SKIPPED, f"Không tính: {why}{estimate}", day)


def _half(calendar: WorkCalendar, day: date) -> str:
    half = calendar.half_days.get(day)
    swapped = calendar.worked_days.get(day)
    return f" ({swapped})" if swapped else f" (nửa ngày: {half.reason})" if half else ""


def _seconds(start: time, end: time) -> int:
    whole = datetime.combine(date.min, end, VIETNAM) - datetime.combine(date.min, start, VIETNAM)
    return int(whole.total_seconds())


def _low(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"
