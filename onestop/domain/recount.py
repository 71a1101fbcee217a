"""The due moment of a dossier computed anew from its journal, by a calendar that was changed.

What the journal says stays: when it was received, its time limit, each pause and how the clock
went on. A date that was given as a date (an apology, a transfer slip) stays too, unless it now
falls on a day off: then the next working day counts (Bộ luật Dân sự 2015, Điều 148 khoản 5).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from onestop.domain.acts import Act
from onestop.domain.calendar import WorkCalendar
from onestop.domain.deadline import (
    DueDate,
    Pause,
    TimeLimit,
    TimeUnit,
    paused_due,
    resumed_due,
)
from onestop.domain.dossier import Clock, Due
from onestop.domain.fold import Step
from onestop.domain.moment import VIETNAM, local, local_day, show_on
from onestop.errors import InputError

RESTART = "restart"
"""The fact `resumption` of a clock that was begun anew; entries before it say so in the explanation."""
_RESTARTED = "tính lại từ khi nhận đủ bổ sung"

SLACK = timedelta(minutes=1)
"""Two moments nearer than this are one: an entry's time may be a few milliseconds after its due date's."""


@dataclass(frozen=True, slots=True)
class Recount:
    """What the due moment is by the calendar of today, and the one that lateness is measured by."""

    due: Due
    original_due_at: datetime | None

    def differs(self, clock: Clock) -> bool:
        """Whether people would read another date on the receipt or in the register."""
        return _differ(self.due.at, clock.due.at) or _differ(self.original_due_at, clock.original_due_at)


def recount(steps: Iterable[Step], calendar: WorkCalendar) -> Recount | None:
    """Walks the journal; None where it never gave a due moment, or one that nothing was computed by."""
    now: Recount | None = None
    for step in steps:
        clock = step.after.clock if step.after else None
        if clock is None or clock.due.at is None or clock.due == _due_before(step):
            continue
        way = _WAYS.get(step.entry.header.kind)
        if way is not None:
            try:
                now = way(step, clock, now, calendar)
            except (InputError, ValueError):  # another program's limit or order: its date is left alone
                now = None
    return now


def _due_before(step: Step) -> Due | None:
    return step.before.clock.due if step.before else None


def _received(step: Step, clock: Clock, now: Recount | None, calendar: WorkCalendar) -> Recount | None:
    """Received, or corrected to another limit: from the moment of reception."""
    limit = TimeLimit(clock.due.value, TimeUnit(clock.due.unit))
    if clock.received_at is None or limit.unit is TimeUnit.UNSPECIFIED:
        return None
    pauses = [Pause(*each, _is_restart(step, clock)) for each in clock.pauses]
    due = _kept(clock.due, paused_due(calendar, limit, clock.received_at, pauses))
    return Recount(due, now.original_due_at if now else due.at)


def _resumed(step: Step, clock: Clock, now: Recount | None, calendar: WorkCalendar) -> Recount | None:
    """Pauses are not the office's time: lateness is measured against the new date."""
    if now is None or now.due.at is None:
        return None
    limit = TimeLimit(clock.due.value, TimeUnit(clock.due.unit))
    paused_at, resumed_at = clock.pauses[-1]
    moved = resumed_due(calendar, limit, now.due.at, Pause(paused_at, resumed_at, _is_restart(step, clock)))
    due = _kept(clock.due, moved)
    return Recount(due, due.at)


def _is_restart(step: Step, clock: Clock) -> bool:
    facts = step.facts if isinstance(step.facts, dict) else {}
    return facts.get("resumption") == RESTART or _RESTARTED in clock.due.explanation


def _given(step: Step, clock: Clock, now: Recount | None, calendar: WorkCalendar) -> Recount | None:
    """An apology names a day; lateness stays measured by the date before it."""
    original = now.original_due_at if now else clock.original_due_at
    return Recount(_next_open(clock.due, calendar), original)


def _slipped(step: Step, clock: Clock, now: Recount | None, calendar: WorkCalendar) -> Recount | None:
    """All that a transfer slip tells are the two dates."""
    original = replace(clock.due, at=clock.original_due_at)
    return Recount(_next_open(clock.due, calendar), _next_open(original, calendar).at)


_WAYS: Mapping[str, Callable[[Step, Clock, Recount | None, WorkCalendar], Recount | None]] = {
    Act.SUBMIT: _received,
    Act.RECEIVE: _received,
    Act.REFUSE: _received,
    Act.CORRECT: _received,
    Act.TAKE_SUPPLEMENT: _resumed,
    Act.RESUME: _resumed,
    Act.EXTEND: _given,
    Act.TRANSFER_OUT: _slipped,
}
"""How each act that gives a due moment came to it; a former recomputation does not count."""


def _kept(old: Due, new: DueDate) -> Due:
    return Due(new.due_at, old.value, old.unit, new.explanation, new.calendar_version)


def _next_open(due: Due, calendar: WorkCalendar) -> Due:
    if due.at is None or calendar.is_working_day(local_day(due.at)):
        return due
    day = local_day(due.at)
    opens = calendar.next_working_day(day)
    moved = datetime.combine(opens, min(local(due.at).time(), calendar.closes_on(opens)), VIETNAM)
    why = f"hẹn {show_on(day)} là ngày nghỉ ({calendar.reason_off(day)}): chuyển sang ngày làm việc kế tiếp"
    return replace(due, at=moved, explanation=why[0].upper() + why[1:], calendar_version=calendar.version)


def _differ(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) >= SLACK
