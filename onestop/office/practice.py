"""The practice office's dossiers: some thirty, of invented citizens, in every state a desk sees.

They come about by the same acts as real ones, in the order of time, each at its own moment of
the last working days, by the officer whose turn it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from onestop.domain.dossier import Role
from onestop.domain.moment import VIETNAM, local
from onestop.domain.procedure import Procedure, first_case, in_case
from onestop.office import deeds
from onestop.office.deeds import Done, Target
from onestop.office.intake import IntakeForm, PartyForm, component_lines, receive_dossier
from onestop.office.office import Office, Officer
from onestop.office.packs import read_pack

Say = Callable[[int, int], None]
"""Called with (acts done, acts in all)."""

_FIRST_AT, _BETWEEN, _STEP = time(7, 35), timedelta(minutes=7), timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class _Sample:
    """A dossier of `procedure`, received `days` working days ago, that went as far as `stage`."""

    procedure: str
    days: int
    stage: str


_SAMPLES = (
    _Sample("1.004873", 6, "counter"),
    _Sample("1.004194", 5, "counter"),
    _Sample("1.001612", 3, "counter"),
    _Sample("1.004859", 3, "counter"),
    _Sample("1.010039", 2, "counter"),
    _Sample("1.013313", 1, "counter"),
    _Sample("1.001022", 1, "counter"),
    _Sample("1.004222", 1, "counter"),
    _Sample("1.012796", 2, "counter"),
    _Sample("1.010028", 1, "counter"),
    _Sample("1.014159", 1, "counter"),
    _Sample("1.004884", 0, "counter"),
    _Sample("2.000720", 0, "counter"),
    _Sample("1.004222", 8, "working"),
    _Sample("1.004837", 3, "working"),
    _Sample("1.013227", 4, "working"),
    _Sample("1.013274", 2, "sent"),
    _Sample("1.001653", 3, "sent"),
    _Sample("1.005461", 4, "sent"),
    _Sample("1.004746", 5, "supplement"),
    _Sample("2.000575", 3, "counter_supplement"),
    _Sample("1.013949", 7, "payment"),
    _Sample("1.014027", 6, "paused"),
    _Sample("1.004845", 2, "proposed"),
    _Sample("1.001266", 4, "proposed"),
    _Sample("1.004772", 3, "proposed"),
    _Sample("1.013228", 4, "approved"),
    _Sample("1.010038", 4, "approved"),
    _Sample("2.002516", 3, "signed"),
    _Sample("1.000894", 2, "completed"),
    _Sample("2.000635", 1, "completed"),
    _Sample("1.001193", 1, "completed"),
    _Sample("1.000656", 3, "handed_out"),
    _Sample("2.000815", 2, "handed_out"),
)

Act = Callable[[Office, str], Done]


def fill_practice(office: Office, now: datetime, say: Say = lambda done, total: None) -> None:
    """Records the samples up to shortly before `now`. For an office that has none yet."""
    pack = read_pack("practice.json")
    forms = list(_forms(office, pack))
    plan: list[tuple[datetime, int, int]] = []
    journeys: list[list[tuple[Officer, Act]]] = []
    for place, (sample, form) in enumerate(zip(_SAMPLES, forms, strict=True)):
        journeys.append(_journey(office, sample, form))
        moments = _moments(office, sample, now, place, len(journeys[place]))
        plan += [(at, place, step) for step, at in enumerate(moments)]
    ids = [""] * len(_SAMPLES)
    for done, (at, place, step) in enumerate(sorted(plan), start=1):
        officer, act = journeys[place][step]
        at_that_time = replace(office, officer=officer, clock=lambda at=at: at, last_at=None)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        ids[place] = act(at_that_time, ids[place]).dossier.id
        say(done, len(plan))


def _forms(office: Office, pack: dict[str, Any]) -> Iterator[IntakeForm]:
    people = [_person(row) for row in pack["citizens"]]
    firms = [_firm(row) for row in pack["organisations"]]
    for place, sample in enumerate(_SAMPLES):
        procedure = office.catalogue.procedure(sample.procedure)
        is_business = "doanh nghiệp" in procedure.sector or procedure.code == "1.013274"
        owner = firms[place % 2] if is_business and place % 2 else people[place % len(people)]
        # An organisation comes in the person of its delegate.
        submitter = people[(place + 5) % len(people)] if owner.kind == "organisation" else None
        case = first_case(procedure)
        lines = tuple(
            replace(line, is_given=True, originals=1) if line.needed else line
            for line in component_lines(in_case(procedure, case))
        )
        yield IntakeForm(sample.procedure, owner, submitter, components=lines, case=case)


def _person(row: dict[str, str]) -> PartyForm:
    year, *rest = row["born_on"].split("-")
    return PartyForm(
        name=row["name"],
        id_number=row["id_number"],
        born_on="/".join([*reversed(rest), year]),
        sex=row["sex"],
        address=row["address"],
        phone=row["phone"],
    )


def _firm(row: dict[str, str]) -> PartyForm:
    return PartyForm("organisation", row["name"], tax_code=row["tax_code"], address=row["address"])


def _moments(office: Office, sample: _Sample, now: datetime, place: int, steps: int) -> list[datetime]:
    """When each step was done: within office hours of past days, the last one before `now`."""
    day = _day_of(office, now, sample.days)
    start = datetime.combine(day, _FIRST_AT, VIETNAM) + place * _BETWEEN
    room = (now - timedelta(minutes=5) - start) / steps
    gap = max(min(_STEP, room), timedelta(seconds=1))
    return [start + step * gap for step in range(steps)]


def _day_of(office: Office, now: datetime, days: int) -> date:
    """`days` working days before the last one on which the counter has been open for three hours."""
    day = local(now).date()
    is_begun = local(now).time() >= time(13)
    if not (is_begun and office.calendar.is_working_day(day)):
        days += 1 if office.calendar.is_working_day(day) else 0
        day = day if office.calendar.is_working_day(day) else office.calendar.add_working_days(day, -1)
    return office.calendar.add_working_days(day, -days) if days else day


def _journey(office: Office, sample: _Sample, form: IntakeForm) -> list[tuple[Officer, Act]]:
    procedure = office.catalogue.procedure(sample.procedure)
    crew = _crew(office, procedure)
    receive = (crew[Role.RECEPTION], lambda o, _: receive_dossier(o, form))
    full = [receive, *_way(crew, procedure, form)]
    lengths = {"counter": 1, "sent": 2, "working": 3, "proposed": 4, "approved": 5, "signed": 6}
    lengths |= {"completed": 7, "handed_out": 8}
    if sample.stage in lengths:
        return full[: lengths[sample.stage]]
    if sample.stage == "counter_supplement":
        return [*full[:1], (crew[Role.RECEPTION], _ask_supplement)]
    last = {"supplement": _ask_supplement, "payment": _await_payment, "paused": _await_site}[sample.stage]
    return [*full[:3], (crew[Role.SPECIALIST], last)]


def _crew(office: Office, procedure: Procedure) -> dict[Role, Officer]:
    """Who deals with this procedure: the officer at the desk, then those of the unit it is routed to."""
    catalogue = office.catalogue
    unit = catalogue.routing.get(procedure.sector, office.officer.unit)
    crew = {
        role: catalogue.in_role(role, unit)[0]
        for role in (Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.CLERK)
    }
    return crew | {Role.RECEPTION: office.officer}


def _way(crew: dict[Role, Officer], procedure: Procedure, form: IntakeForm) -> list[tuple[Officer, Act]]:
    """From the counter to the person who holds the result."""
    specialist, head = crew[Role.SPECIALIST], crew[Role.HEAD]
    leader, clerk = crew[Role.LEADER], crew[Role.CLERK]
    title = procedure.result.split(";")[0].strip() or "Kết quả giải quyết"
    recipient = (form.submitter or form.owner).name
    return [
        (crew[Role.RECEPTION], lambda o, i: deeds.forward(o, i, _to(specialist))),
        (specialist, deeds.take_over),
        (specialist, lambda o, i: deeds.propose(o, i, "Hồ sơ đủ điều kiện, đề nghị phê duyệt.", _to(head))),
        (head, lambda o, i: deeds.approve(o, i, _to(leader))),
        (leader, lambda o, i: deeds.sign(o, i, _to(clerk))),
        (clerk, lambda o, i: deeds.complete(o, i, _number(o, i), local(o.now).date(), title)),
        (crew[Role.RECEPTION], lambda o, i: deeds.hand_out(o, i, recipient, "in_person")),
    ]


def _number(office: Office, dossier_id: str) -> str:
    dossier = deeds.find_dossier(office, dossier_id)
    return f"{100 + dossier.register_no}/{local(office.now).year}"


def _to(officer: Officer) -> Target:
    return Target(officer.unit, officer.id)


def _ask_supplement(office: Office, dossier_id: str) -> Done:
    missing = ("Bản sao giấy tờ chứng minh nơi cư trú",)
    return deeds.request_supplement(office, dossier_id, missing, "Bản đã nộp bị mờ, không đọc được ngày cấp.")


def _await_payment(office: Office, dossier_id: str) -> Done:
    reason = "Đã chuyển thông báo nghĩa vụ tài chính; chờ chứng từ nộp tiền."
    return deeds.pause(office, dossier_id, "payment", reason)


def _await_site(office: Office, dossier_id: str) -> Done:
    return deeds.pause(office, dossier_id, "other", "Chờ kết quả xác minh tại nơi cư trú.")
