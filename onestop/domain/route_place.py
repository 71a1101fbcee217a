"""Where a dossier stands on its route, since when, and until when that step should be done.

Worked out from the journal alone: no step is ever written into a dossier, so a route may be
mended without touching one.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from onestop.domain.acts import STATES, Act
from onestop.domain.calendar import WorkCalendar
from onestop.domain.route import Route, Step, StepKind
from onestop.domain.state import Role, State
from onestop.domain.working_time import add_working_minutes, working_minutes_between

if TYPE_CHECKING:
    from onestop.domain.dossier import Dossier

RolesOf = Callable[[str], Collection[Role]]
"""The roles of an officer, by id."""

_AT_COUNTER: Final = frozenset({State.SUBMITTED, State.RECEIVED})
_WAITING: Final = frozenset({State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT, State.PAUSED})
_ROLES: Final = {
    State.PROCESSING: frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.CLERK, Role.RECEPTION}),
    State.PROPOSED: frozenset({Role.HEAD, Role.LEADER}),
    State.APPROVED: frozenset({Role.LEADER}),
    State.SIGNED: frozenset({Role.CLERK}),
}
_SENDINGS: Final = frozenset({Act.FORWARD, Act.PROPOSE, Act.APPROVE, Act.SIGN})
_ARRIVALS: Final = _SENDINGS | {
    Act.SUBMIT, Act.RECEIVE, Act.SEND_BACK, Act.DISAPPROVE, Act.RECALL, Act.COMPLETE, Act.TRANSFER_IN,
}  # fmt: skip
_PAUSES: Final = frozenset({Act.PAUSE, Act.REQUEST_SUPPLEMENT})
_RESUMES: Final = frozenset({Act.RESUME, Act.TAKE_SUPPLEMENT})
TRACES: Final = tuple(
    sorted(act.value for act in _ARRIVALS | _PAUSES | _RESUMES | {Act.CONSULT, Act.GIVE_OPINION})
)
"""Kinds of entries that tell where a folder has been; the others never move it."""


class Trace(NamedTuple):
    """One entry of those kinds: what, when, by whom."""

    act: Act
    at: datetime
    officer: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is asked of a dossier: its state and holder, through how many hands it went, and whether
    another unit was asked and has not answered."""

    state: State
    unit: str
    officer: str
    hops: int
    is_asking: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """Since when it has been where it is, and the pauses since then."""

    entered_at: datetime
    pauses: tuple[tuple[datetime, datetime], ...] = ()


def whereabouts(dossier: "Dossier") -> Whereabouts:
    holder, custody = dossier.holder, dossier.custody
    return Whereabouts(
        state=dossier.clock.paused_state or dossier.state,
        unit=holder.unit if holder else "",
        officer=(holder.officer or "") if holder else "",
        hops=len(custody.trail),
        is_asking=any(not each.opinion for each in dossier.consultations),
    )


def place_on(route: Route, where: Whereabouts, roles_of: RolesOf) -> Step | None:
    """The step at which a dossier stands; None when it is closed or on its way to another agency."""
    if not route.steps or not STATES[where.state].is_open or where.state is State.IN_TRANSIT:
        return None
    if where.state in _AT_COUNTER:
        return route.steps[0]
    if where.state is State.COMPLETED:
        return route.steps[-1]
    inner = [step for step in route.steps[1:-1] if step.kind is not StepKind.CONSULT]
    allowed = _ROLES[State.PROCESSING if where.state in _WAITING else where.state]
    fitting = [step for step in inner if step.role in allowed] or inner
    if not fitting:
        return None
    roles = roles_of(where.officer) if where.officer else frozenset({Role.SPECIALIST, *_sole(allowed)})
    found = min(fitting, key=lambda step: _distance(step, where, roles))
    return _asked(route, found) if where.is_asking else found


def _sole(allowed: Collection[Role]) -> Collection[Role]:
    """In a unit's tray nobody is named: where only one role may act, it is that one."""
    return allowed if len(allowed) == 1 else ()


def _distance(step: Step, where: Whereabouts, roles: Collection[Role]) -> tuple[bool, int, int]:
    """Role first, then the unit (a step that names none is neither right nor wrong), then the place."""
    fits = where.unit in (step.unit, *step.joint_units)
    unit = (0 if fits else 2) if step.unit else 1
    return step.role not in roles, unit, abs(step.no - 1 - where.hops)


def _asked(route: Route, step: Step) -> Step:
    """While another unit is asked, the step that stands for it, if the route has one just behind."""
    following = next((each for each in route.steps if each.no == step.no + 1), None)
    return following if following and following.kind is StepKind.CONSULT else step


def stay_of(traces: Sequence[Trace], officer: str) -> Stay | None:
    """Since when `officer`, who holds it, or his unit has had it; None when nothing tells.

    What one sends to oneself (a leader approves, then signs) is no arrival: the time runs on.
    """
    entered = None
    for place in range(len(traces) - 1, -1, -1):
        trace = traces[place]
        if trace.act not in _ARRIVALS:
            continue
        entered = place
        if not (trace.act in _SENDINGS and officer and trace.officer == officer):
            break
    if entered is None:
        return None
    return Stay(traces[entered].at, _pauses(traces[entered:]))


def _pauses(traces: Iterable[Trace]) -> tuple[tuple[datetime, datetime], ...]:
    found, began = [], None
    for trace in traces:
        if trace.act in _PAUSES:
            began = trace.at
        elif trace.act in _RESUMES and began is not None:
            found.append((began, trace.at))
            began = None
    return tuple(found)


def step_due_at(calendar: WorkCalendar, step: Step, stay: Stay, is_online: bool = False) -> datetime | None:
    """When the step should be done: its time of work from its arrival, pauses not counted.

    None for a step that has no time of its own.
    """
    minutes = step.time(is_online)
    if minutes <= 0:
        return None
    due_at = add_working_minutes(calendar, stay.entered_at, minutes)
    for first, last in stay.pauses:
        if first < due_at:
            due_at = add_working_minutes(calendar, due_at, working_minutes_between(calendar, first, last))
    return due_at


def next_step(route: Route, step: Step) -> Step | None:
    """The step that follows: a consultation moves no folder, so it is passed over."""
    later = (each for each in route.steps if each.no > step.no and each.kind is not StepKind.CONSULT)
    return next(later, None)


def next_for(route: Route, step: Step, roles: Collection[Role]) -> Step | None:
    """The next step that one of these roles does; those in between must be such as may be skipped,
    or the first of them is not reached: then None."""
    following = next_step(route, step)
    while following is not None and following.role not in roles:
        following = next_step(route, following) if following.may_skip else None
    return following
