"""Vì sao ngày này: the whole calculation of a due date, of a receipt to be and of a dossier in hand.

What the journal promised stays as it was said. Where today's calendar still gives the same moment,
every day of it is told; where it does not, the sentence of that time stands in its place.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from onestop.domain.acts import Act
from onestop.domain.calendar import WorkCalendar
from onestop.domain.deadline import Pause, TimeLimit, TimeUnit, due_date, resumed_due
from onestop.domain.dossier import Clock, Due
from onestop.domain.due_lines import (
    DueLine,
    LineKind,
    explain,
    explain_stages,
    extension_lines,
    limit_lines,
    pause_lines,
)
from onestop.domain.fold import Step, unfold
from onestop.domain.moment import local, show_at, show_on, weekday
from onestop.errors import InputError
from onestop.office.deeds import RESTART
from onestop.office.intake import IntakeForm, asked_for, preview_due
from onestop.office.office import Office
from onestop.store.journal import read_journal

_ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class DueStory:
    """A due moment (None: there is none yet), the sentence of the paper, every line of its calculation."""

    due_at: datetime | None
    sentence: str
    lines: tuple[DueLine, ...]
    calendar_version: str


def tell_intake(office: Office, form: IntakeForm) -> DueStory:
    """Of the receipt that would be printed now. Raises InputError as `preview_due` does."""
    at = office.now
    due = preview_due(office, form, at)
    stages = asked_for(office, form).stages
    if stages:
        lines = explain_stages(office.calendar, stages, at).lines
    else:
        lines = tuple(limit_lines(office.calendar, due, at))
    return DueStory(due.due_at, due.explanation, lines, due.calendar_version)


def tell_dossier(office: Office, dossier_id: str) -> DueStory:
    """Of a dossier, act by act as its journal has it."""
    with office.store.read() as connection:
        steps = list(unfold(read_journal(connection, dossier_id)))
    lines: list[DueLine] = []
    pauses: list[Pause] = []
    for step in steps:
        pauses += _ended_pause(step)
        lines += _told(office.calendar, step, pauses)
    clock = next((step.after.clock for step in reversed(steps) if step.after), Clock())
    if clock.paused_at is not None:
        lines.append(DueLine(LineKind.PART, f"Đang tạm dừng từ {show_at(clock.paused_at)}"))
        lines.append(DueLine(LineKind.NOTE, "Hạn trả được tính tiếp khi hồ sơ được tiếp tục giải quyết"))
    return DueStory(clock.due.at, clock.due.explanation, tuple(lines), clock.due.calendar_version)


def _ended_pause(step: Step) -> list[Pause]:
    """The pause that this entry ended, and how the clock went on after it."""
    before = step.before.clock.pauses if step.before else ()
    after = step.after.clock if step.after else Clock()
    if len(after.pauses) <= len(before):
        return []
    facts = step.facts if isinstance(step.facts, dict) else {}
    is_restart = facts.get("resumption") == RESTART or "tính lại từ khi" in after.due.explanation
    return [Pause(*after.pauses[-1], is_restart)]


def _told(calendar: WorkCalendar, step: Step, pauses: list[Pause]) -> list[DueLine]:
    """The lines of one entry, if it gave a due moment."""
    before = step.before.clock if step.before else Clock()
    after = step.after.clock if step.after else Clock()
    if after.due.at is None or after.due == before.due:
        return []
    kind = step.entry.header.kind
    way = _WAYS.get(kind) if kind in tuple(Act) else None
    try:
        told = list(way(calendar, before, after, pauses)) if way else []
    except (InputError, ValueError):  # another program's limit or order of pauses
        told = []
    return told or list(_as_recorded(after.due))


def _received(calendar: WorkCalendar, before: Clock, after: Clock, _: list[Pause]) -> Iterator[DueLine]:
    limit = _limit(after.due)
    if limit is None or after.received_at is None:
        return
    due = due_date(calendar, limit, after.received_at)
    if _is_same(due.due_at, after.due):
        yield from limit_lines(calendar, due, after.received_at)


def _resumed(calendar: WorkCalendar, before: Clock, after: Clock, pauses: list[Pause]) -> Iterator[DueLine]:
    limit = _limit(after.due)
    if limit is None or before.due.at is None or not pauses:
        return
    moved = resumed_due(calendar, limit, before.due.at, pauses[-1])
    if _is_same(moved.due_at, after.due):
        yield from pause_lines(calendar, limit, before.due.at, pauses[-1], moved)


def _recomputed(
    calendar: WorkCalendar, before: Clock, after: Clock, pauses: list[Pause]
) -> Iterator[DueLine]:
    """The calendar was changed: the whole calculation anew, if it is still the calendar of today."""
    limit = _limit(after.due)
    if limit is None or after.received_at is None:
        return
    told = explain(calendar, limit, after.received_at, pauses)
    if _is_same(told.due.due_at, after.due):
        words = f"Lịch làm việc đã đổi: tính lại theo phiên bản {after.due.calendar_version}"
        yield DueLine(LineKind.PART, words)
        yield from told.lines


def _extended(calendar: WorkCalendar, before: Clock, after: Clock, _: list[Pause]) -> Iterator[DueLine]:
    if after.due.at is not None and after.original_due_at is not None:
        yield from extension_lines(calendar, after.due.at, after.original_due_at)


_Way = Callable[[WorkCalendar, Clock, Clock, list[Pause]], Iterator[DueLine]]
_WAYS: Mapping[str, _Way] = {
    Act.SUBMIT: _received,
    Act.RECEIVE: _received,
    Act.CORRECT: _received,
    Act.TAKE_SUPPLEMENT: _resumed,
    Act.RESUME: _resumed,
    Act.EXTEND: _extended,
    Act.RECOMPUTE: _recomputed,
}


def _as_recorded(due: Due) -> Iterator[DueLine]:
    """What was said then: the calendar of that time is not kept, only its version."""
    yield DueLine(LineKind.PART, f"Đã ghi theo lịch phiên bản {due.calendar_version or 'không rõ'}")
    if due.explanation:
        yield DueLine(LineKind.NOTE, due.explanation)
    if due.at is not None:
        at = local(due.at)
        words = f"Hạn trả: {at:%H:%M} {weekday(at.date())} {show_on(at.date())}"
        yield DueLine(LineKind.DUE, words, at.date())


def _limit(due: Due) -> TimeLimit | None:
    """None for one that nothing can be counted by."""
    try:
        limit = TimeLimit(due.value, TimeUnit(due.unit))
    except ValueError:
        return None
    return None if limit.unit is TimeUnit.UNSPECIFIED else limit


def _is_same(computed: datetime, due: Due) -> bool:
    return due.at is not None and abs(computed - due.at) < _ONE_MINUTE
