"""Where a dossier stands on its internal route, until when that step should be done, who is next.

Nothing of it is stored: it follows from the journal, the routes and the calendar as they are.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from onestop.domain.deadline import TimeLimit
from onestop.domain.dossier import Dossier
from onestop.domain.moment import from_wire, local, local_day, show_at
from onestop.domain.procedure import Procedure
from onestop.domain.route import Route, Step, find_route
from onestop.domain.route_place import (
    RolesOf,
    Trace,
    Whereabouts,
    next_for,
    next_step,
    place_on,
    stay_of,
    step_due_at,
    whereabouts,
)
from onestop.domain.state import Role, State
from onestop.domain.work import QueueRow
from onestop.domain.working_time import working_minutes_between
from onestop.office.office import Catalogue, Office, Officer
from onestop.store.queue import Rows
from onestop.store.traces import Trail, list_trails

ONLINE = "online"
_STILL = frozenset({State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT, State.PAUSED})


class Pressure(StrEnum):
    """How a step presses: `soon` in the last quarter of its time."""

    NONE = "none"
    IN_TIME = "in_time"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Standing:
    """A dossier on its route. `due_at` None: paused, done, or a step without a time of its own."""

    route: Route
    step: Step
    due_at: datetime | None
    pressure: Pressure

    def words(self, now: datetime) -> str:
        """`Bước 2/6: Thẩm định hồ sơ · hạn của bước 10:30 hôm nay`."""
        place = f"Bước {self.step.no}/{len(self.route.steps)}: {self.step.words}"
        return f"{place} · {self.due_words(now)}" if self.due_at else place

    def due_words(self, now: datetime) -> str:
        """`hạn của bước 10:30 hôm nay`, `quá hạn của bước từ 16:00 20/11/2026`; "" without one."""
        if self.due_at is None:
            return ""
        at = f"{local(self.due_at):%H:%M} hôm nay" if _is_today(self.due_at, now) else show_at(self.due_at)
        lead = {Pressure.OVERDUE: "quá hạn của bước từ", Pressure.SOON: "sắp hết hạn của bước:"}
        return f"{lead.get(self.pressure, 'hạn của bước')} {at}"


def _is_today(moment: datetime, now: datetime) -> bool:
    return local_day(moment) == local_day(now)


def limits_of(procedure: Procedure) -> tuple[TimeLimit, ...]:
    """Every time limit of a procedure: its own, its cases', and those online."""
    online = (procedure.online_limit, *(case.online_limit for case in procedure.cases))
    usual = (procedure.time_limit, *(case.time_limit for case in procedure.cases))
    return (*usual, *(limit for limit in online if limit is not None))


def route_of(catalogue: Catalogue, procedure_code: str, day: date) -> Route | None:
    """The route of a procedure for dossiers received on `day`; None where none is known."""
    if not catalogue.routes:
        return None
    procedure = catalogue.versions.find(procedure_code, day.isoformat())
    limits = limits_of(procedure) if procedure else ()
    return find_route(catalogue.routes, procedure_code, limits, day, procedure.route if procedure else "")


def _pressure(catalogue: Catalogue, minutes: int, due_at: datetime | None, now: datetime) -> Pressure:
    if due_at is None:
        return Pressure.NONE
    if now > due_at:
        return Pressure.OVERDUE
    left = working_minutes_between(catalogue.calendar, now, due_at)
    return Pressure.SOON if left * 4 <= minutes else Pressure.IN_TIME


def list_standings(
    rows: Rows, catalogue: Catalogue, wanted: Iterable[QueueRow], now: datetime
) -> dict[str, Standing]:
    """By dossier id, for the rows a list shows now; those that go no route are left out."""
    by_id = {row.id: row for row in wanted}
    if not catalogue.routes:
        return {}
    found = {}
    for ident, trail in list_trails(rows, tuple(by_id)).items():
        standing = _standing_of(catalogue, by_id[ident], trail, now)
        if standing is not None:
            found[ident] = standing
    return found


def _standing_of(catalogue: Catalogue, row: QueueRow, trail: Trail, now: datetime) -> Standing | None:
    day = local_day(from_wire(trail.received_at)) if trail.received_at else local_day(now)
    route = route_of(catalogue, trail.procedure_code, day)
    step = place_on(route, _where(row, trail.traces), _roles_by(catalogue)) if route else None
    if route is None or step is None:
        return None
    is_online = trail.channel == ONLINE
    is_still = row.state in _STILL or bool(row.ended_at)
    stay = None if is_still else stay_of(trail.traces, row.holder_officer)
    due_at = step_due_at(catalogue.calendar, step, stay, is_online) if stay else None
    return Standing(route, step, due_at, _pressure(catalogue, step.time(is_online), due_at, now))


def _where(row: QueueRow, traces: Sequence[Trace]) -> Whereabouts:
    hops = sum(_HOPS.get(trace.act.value, 0) for trace in traces)
    asked = sum(_ASKED.get(trace.act.value, 0) for trace in traces)
    return Whereabouts(row.state, row.holder_unit, row.holder_officer, max(0, hops), asked > 0)


def _roles_by(catalogue: Catalogue) -> RolesOf:
    return lambda officer: catalogue.officer(officer).roles


_HOPS = {"forward": 1, "propose": 1, "approve": 1, "sign": 1, "send_back": -1, "recall": -1, "disapprove": -1}
"""Hands it went through; only used to tell apart steps that one person does twice."""
_ASKED = {"consult": 1, "give_opinion": -1}


def next_receiver(office: Office, dossier: Dossier, roles: Collection[Role]) -> Officer | str | None:
    """Whom the route names for the next step that one of `roles` does: an officer, or a unit where
    nobody of it has the role. None where the route says nothing."""
    route, step = _place(office, dossier)
    following = next_for(route, step, roles) if route and step else None
    return _receiver(office, following, dossier) if following else None


def next_words(office: Office, dossier: Dossier) -> str:
    """`Theo quy trình, bước kế tiếp: 4. Soát hồ sơ (có thể bỏ qua)`; "" where the route says nothing."""
    route, step = _place(office, dossier)
    following = next_step(route, step) if route and step else None
    if following is None:
        return ""
    skip = " (có thể bỏ qua)" if following.may_skip else ""
    return f"Theo quy trình, bước kế tiếp: {following.no}. {following.words}{skip}"


def return_words(office: Office, dossier: Dossier) -> str:
    """What the route says against giving it back from the step where it stands; "" where it may be."""
    _, step = _place(office, dossier)
    if step is None or step.may_return:
        return ""
    return f"Quy trình không có đường trả lại từ bước {step.no}; nêu rõ lý do nếu vẫn phải trả."


def _place(office: Office, dossier: Dossier) -> tuple[Route | None, Step | None]:
    catalogue = office.catalogue
    day = local_day(dossier.clock.received_at or office.now)
    route = route_of(catalogue, dossier.subject.procedure.code, day)
    return route, place_on(route, whereabouts(dossier), _roles_by(catalogue)) if route else None


def _receiver(office: Office, step: Step, dossier: Dossier) -> Officer | str | None:
    catalogue, role = office.catalogue, Role(step.role)
    here = dossier.holder.unit if dossier.holder else ""
    wanted = step.unit or _usual_unit(office, role, dossier, here)
    there = [each for each in catalogue.in_role(role, wanted) if each.id != office.officer.id]
    inside = [each for each in there if each.unit == wanted]
    if inside:
        return inside[0]
    return step.unit or (there[0] if there else None)


def _usual_unit(office: Office, role: Role, dossier: Dossier, unit: str) -> str:
    """Where the route names no unit: the counter, the unit the sector is routed to, or one's own."""
    if role is Role.RECEPTION:
        return dossier.custody.counter
    if role in (Role.SPECIALIST, Role.HEAD):
        return office.catalogue.routing.get(dossier.subject.procedure.sector, unit)
    return unit
