"""Taking a dossier in: what was typed becomes a checked subject, one entry, one receipt."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onestop.domain.acts import Act
from onestop.domain.code import CodeRange, DossierCode, next_serial
from onestop.domain.deadline import DueDate, TimeLimit, TimeUnit, due_date
from onestop.domain.dossier import (
    Agencies,
    ComponentLine,
    Declaration,
    Due,
    Fee,
    Party,
    ProcedureRef,
    Subject,
    subject_plain,
)
from onestop.domain.entry import BlobRef
from onestop.domain.fold import due_plain
from onestop.domain.moment import local_day
from onestop.domain.person import (
    check_id_number,
    check_tax_code,
    normalise_id_number,
    normalise_name,
    normalise_phone,
    parse_born_on,
)
from onestop.domain.procedure import Component, Procedure, in_case, version_of
from onestop.domain.stages import stages_due
from onestop.domain.text import nfc, nfc_lines
from onestop.errors import InputError, InputErrors
from onestop.office.books import last_number
from onestop.office.declaring import checked_declaration, missing_declaration
from onestop.office.deeds import Done, supplement_facts, write
from onestop.office.office import Office
from onestop.store.rows import keep_serial, last_serial
from onestop.store.writer import Draft, new_id

CHANNELS = {
    "counter": "Trực tiếp",
    "online": "Trực tuyến",
    "post": "Bưu chính công ích",
}


@dataclass(frozen=True, slots=True)
class PartyForm:
    """A person or organisation as typed at the counter."""

    kind: str = "person"
    name: str = ""
    id_number: str = ""
    born_on: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    tax_code: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A file already kept in the store, for one component or for the dossier at large."""

    sha256: str
    length: int
    mime: str
    title: str
    component_no: int | None = None


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """What the intake page holds. `submitter` None: the owner comes in person.

    `time_value`, `time_unit`: only where the catalogue does not say the time limit.
    """

    procedure_code: str = ""
    owner: PartyForm = PartyForm()
    submitter: PartyForm | None = None
    content: str = ""
    components: tuple[ComponentLine, ...] = ()
    sets: int = 1
    fees: tuple[Fee, ...] = ()
    channel: str = "counter"
    note: str = ""
    time_value: int = 0
    time_unit: str = ""
    papers: tuple[PaperForm, ...] = ()
    case: str = ""
    declaration: Declaration | None = None


@dataclass(frozen=True, slots=True)
class Received(Done):
    """A dossier taken in. `due` is None for one only registered or refused."""

    due: DueDate | None = None
    warnings: tuple[str, ...] = field(default=())


def component_lines(procedure: Procedure) -> tuple[ComponentLine, ...]:
    """The checklist a procedure starts with; nothing is given yet."""
    return tuple(_line(component) for component in procedure.components)


def asked_for(office: Office, form: IntakeForm, known: Procedure | None = None) -> Procedure:
    """The procedure as it is in the case and over the channel of this form: of today, or in the version
    `known`. Raises InputError."""
    procedure = known or office.catalogue.procedure(form.procedure_code)
    return in_case(procedure, form.case, form.channel == "online")


def preview_due(office: Office, form: IntakeForm, at: datetime | None = None) -> DueDate:
    """The due moment if the dossier were received at `at` (now). Raises InputError."""
    procedure = asked_for(office, form)
    if procedure.stages:
        return stages_due(office.calendar, procedure.stages, at or office.now).total
    return due_date(office.calendar, _limit(procedure, form), at or office.now)


def check_intake(
    office: Office, form: IntakeForm, known: Procedure | None = None
) -> tuple[Subject, tuple[str, ...]]:
    """The subject to record and warnings to show; `known` as in `asked_for`. Raises InputErrors with
    every faulty field."""
    errors: list[InputError] = []

    def take(check: Callable[[], Any], default: Any) -> Any:
        try:
            return check()
        except InputErrors as several:
            errors.extend(several.errors)
        except InputError as error:
            errors.append(error)
        return default

    procedure = take(lambda: asked_for(office, form, known), None)
    owner = take(lambda: _party(office, form.owner, "owner"), Party())
    other = form.submitter
    submitter = owner if other is None else take(lambda: _party(office, other, "submitter"), Party())
    take(lambda: _check_counts(form), None)
    filled = take(lambda: checked_declaration(office, form.declaration, owner, submitter), None)
    if errors:
        raise InputErrors(errors)
    subject = Subject(
        procedure=_ref(procedure, form.case),
        owner=owner,
        submitter=submitter,
        delegate=submitter if form.submitter is not None else None,
        content=nfc_lines(form.content) or procedure.name,
        components=form.components or component_lines(procedure),
        sets=form.sets,
        fees=form.fees,
        channel=form.channel,
        agencies=Agencies(receiving=office.catalogue.agency.code, competent=office.catalogue.agency.code),
        note=nfc_lines(form.note),
        declaration=filled,
    )
    warnings = (
        check_id_number(owner.id_number, owner.born_on, owner.sex, office.catalogue.id_provinces)
        if owner.id_number
        else ()
    )
    return subject, warnings


def missing_components(lines: Iterable[ComponentLine]) -> tuple[ComponentLine, ...]:
    """The needed components that were not handed in."""
    return tuple(line for line in lines if line.needed and not line.is_given)


def receive_dossier(office: Office, form: IntakeForm, dossier_id: str = "") -> Received:
    """Receives a dossier, new or already submitted, and starts its clock (NĐ 118/2025, Điều 17.3).

    Raises InputErrors: fields; the first missing paper is among them, as `components`.
    """
    subject, warnings = check_intake(office, form)
    _require_components(subject)
    _require_declaration(office, subject)
    now = office.now
    due = preview_due(office, form, now)
    facts = {"due": due_plain(as_due(due))}
    done = _take_in(office, Act.RECEIVE, dossier_id, subject, papers=form.papers, facts=facts, now=now)
    return Received(done.dossier, done.entry_id, done.words, due, warnings)


def submit_dossier(office: Office, form: IntakeForm) -> Received:
    """Registers an application that is not accepted yet: no clock, no promise."""
    subject, warnings = check_intake(office, form)
    done = _take_in(office, Act.SUBMIT, "", subject, papers=form.papers, facts={}, now=office.now)
    return Received(done.dossier, done.entry_id, done.words, None, warnings)


def register_incomplete(office: Office, form: IntakeForm, missing: Sequence[str], reason: str) -> Received:
    """Registers an application and asks for what it lacks, in one transaction: both or neither.

    One notice names every fault (NĐ 118/2025, Điều 17 khoản 2 điểm a).
    """
    subject, warnings = check_intake(office, form)
    asked = (Act.REQUEST_SUPPLEMENT, supplement_facts(missing, reason))
    done = _take_in(office, Act.SUBMIT, "", subject, papers=form.papers, facts={}, now=office.now, then=asked)
    return Received(done.dossier, done.entry_id, done.words, None, warnings)


def refuse_intake(office: Office, form: IntakeForm, reason: str) -> Received:
    """Refuses at the counter, with the legal reason that the slip (mẫu 03) prints."""
    subject, warnings = check_intake(office, form)
    facts = {"reason": nfc_lines(reason)}
    done = _take_in(office, Act.REFUSE, "", subject, papers=form.papers, facts=facts, now=office.now)
    return Received(done.dossier, done.entry_id, done.words, None, warnings)


def as_due(due: DueDate) -> Due:
    """A computed due date as the journal keeps it."""
    return Due(due.due_at, due.limit.value, due.limit.unit.value, due.explanation, due.calendar_version)


def _take_in(
    office: Office,
    act: Act,
    dossier_id: str,
    subject: Subject,
    *,
    papers: tuple[PaperForm, ...],
    facts: dict[str, Any],
    now: datetime,
    then: tuple[Act, dict[str, Any]] | None = None,
) -> Done:
    """Records the act that takes a dossier in; `then`: the act and facts that belong to it."""
    blobs = tuple(BlobRef(paper.sha256, paper.length, paper.mime, "paper") for paper in papers)
    body = subject_plain(subject) | facts | {"counter": office.counter}
    body |= {"papers": [asdict(paper) for paper in papers], "code": "-"}
    draft = Draft(act, dossier_id or new_id(now), office.actor, now, body, office.monotonic(), blobs)
    followers = [replace(draft, act=then[0], body=then[1], blobs=())] if then else []
    return write(
        office, draft, lambda connection: _numbered(office, connection, draft, bool(dossier_id)), followers
    )


def _numbered(office: Office, connection: Connection, draft: Draft, is_known: bool) -> Draft:
    """The draft with its dossier code and its number in the register, drawn in this transaction."""
    from onestop.store.journal import read_dossier

    known = read_dossier(connection, draft.dossier) if is_known else None
    code = known.code if known else _draw_code(office, connection, draft.at)
    number = known.register_no if known else _draw_register_no(office, connection, draft.at)
    return replace(draft, body=draft.body | {"code": code, "register_no": number})


def _draw_code(office: Office, connection: Connection, at: datetime) -> str:
    agency, day = office.catalogue.agency.code, local_day(at)
    series = f"code {agency} {day:%y%m%d}"
    ranges = [CodeRange(first, last) for first, last in office.code_ranges]
    serial = next_serial(ranges, last_serial(connection, series))
    keep_serial(connection, series, serial)
    return str(DossierCode(agency, day, serial))


def _draw_register_no(office: Office, connection: Connection, at: datetime) -> int:
    year = local_day(at).year
    series = f"register {year}"
    number = last_number(connection, year, office.desk.index, last_serial(connection, series)) + 1
    keep_serial(connection, series, number)
    return number


def _line(component: Component) -> ComponentLine:
    return ComponentLine(
        component.no, component.name, component.kind.value, component.needed, note=component.condition
    )


def _ref(procedure: Procedure, case_id: str) -> ProcedureRef:
    names = [case.name for case in procedure.cases if case.id == case_id]
    return ProcedureRef(
        procedure.code,
        procedure.name,
        procedure.sector,
        version_of(procedure),
        procedure.result,
        case_id,
        *names,
    )


def _limit(procedure: Procedure, form: IntakeForm) -> TimeLimit:
    if procedure.time_limit.unit is not TimeUnit.UNSPECIFIED:
        return procedure.time_limit
    if form.time_value > 0 and form.time_unit in tuple(TimeUnit):
        return TimeLimit(form.time_value, TimeUnit(form.time_unit))
    raise InputError(
        "Thủ tục này chưa có thời hạn giải quyết trong danh mục",
        "Hãy nhập số ngày và đơn vị theo quyết định công bố thủ tục; chương trình không tự đoán.",
        "time_limit",
    )


def _require_components(subject: Subject) -> None:
    missing = missing_components(subject.components)
    if missing:
        raise InputErrors(
            [
                InputError(
                    f"Thiếu giấy tờ bắt buộc: {line.name}",
                    "Đánh dấu khi đã nhận; nếu chưa đủ, lập phiếu yêu cầu bổ sung.",
                    f"components.{line.no}",
                )
                for line in missing
            ]
        )


def _require_declaration(office: Office, subject: Subject) -> None:
    errors = missing_declaration(office, subject)
    if errors:
        raise InputErrors(errors)


def _check_counts(form: IntakeForm) -> None:
    if not 1 <= form.sets <= 99:
        raise InputError("Số bộ hồ sơ phải từ 1 đến 99", "Hãy nhập lại số bộ.", "sets")
    if any(fee.amount_vnd < 0 for fee in form.fees):
        raise InputError("Số tiền không được âm", "Nhập số đồng, ví dụ 8.000.", "fees")
    if form.channel not in CHANNELS:
        raise InputError("Chưa chọn hình thức nộp", "Chọn trực tiếp, trực tuyến hoặc bưu chính.", "channel")


def _party(office: Office, form: PartyForm, prefix: str) -> Party:
    """The checked party; every faulty field is named `prefix.field`."""
    errors: list[InputError] = []
    today = local_day(office.now)

    def take(name: str, check: Callable[[str, str], str]) -> str:
        text = nfc(getattr(form, name))
        try:
            return check(text, f"{prefix}.{name}") if text else ""
        except InputError as error:
            errors.append(error)
            return text

    is_person = form.kind == "person"
    party = Party(
        kind=form.kind,
        name=take("name", normalise_name),
        id_number=take("id_number", normalise_id_number) if is_person else "",
        born_on=take("born_on", lambda text, where: parse_born_on(text, today, where)) if is_person else "",
        sex=form.sex if is_person else "",
        address=nfc(form.address),
        phone=take("phone", normalise_phone),
        email=take("email", _email),
        tax_code=take("tax_code", check_tax_code),
    )
    errors += _absent(party, prefix)
    if errors:
        raise InputErrors(errors)
    return party


def _absent(party: Party, prefix: str) -> list[InputError]:
    needed = [("name", "họ tên" if party.kind == "person" else "tên tổ chức", party.name)]
    if party.kind == "person":
        needed.append(("id_number", "số định danh", party.id_number))
    else:
        needed.append(("tax_code", "mã số thuế", party.tax_code))
    needed.append(("address", "nơi cư trú" if party.kind == "person" else "địa chỉ", party.address))
    return [
        InputError(f"Chưa nhập {words}", f"Hãy nhập {words}, hoặc quét thẻ (F7).", f"{prefix}.{name}")
        for name, words, value in needed
        if not value
    ]


def _email(text: str, where: str) -> str:
    name, _, host = text.partition("@")
    if not name or "." not in host or " " in text:
        raise InputError("Thư điện tử chưa đúng", "Ví dụ: ten@coquan.vn; để trống nếu không có.", where)
    return text
