"""What a dossier is, as its journal tells it. Nothing here changes: a fold makes a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onestop.domain.moment import from_wire, to_wire
from onestop.domain.state import Role as Role  # noqa: PLC0414  asked for here by most modules
from onestop.domain.state import State as State  # noqa: PLC0414  the same


@dataclass(frozen=True, slots=True)
class Party:
    """A person or an organisation as written on the paper; empty text where not given.

    `born_on` is `YYYY-MM-DD`, `YYYY-MM` or `YYYY`: many old papers know only the year.
    """

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
class ComponentLine:
    """One component asked for, and what was handed in for it (numbers of sheets by kind)."""

    no: int
    name: str
    kind: str = "submit"
    needed: bool = True
    is_given: bool = False
    originals: int = 0
    certified: int = 0
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee line: `charge` (phí) or `levy` (lệ phí), in whole đồng, with its legal ground."""

    kind: str
    name: str
    amount_vnd: int
    ground: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureRef:
    """The procedure as it was on the day the dossier was received.

    `case`: id of the case of the procedure (trường hợp), empty where it has none.
    """

    code: str = ""
    name: str = ""
    sector: str = ""
    version: str = ""
    result: str = ""
    case: str = ""
    case_name: str = ""

    @property
    def title(self) -> str:
        """Name and case, as papers and lists show it."""
        return f"{self.name} – {self.case_name}" if self.case_name else self.name


@dataclass(frozen=True, slots=True)
class Declaration:
    """A filled-in form of the procedure (tờ khai): which form, its version, field id → plain JSON value."""

    form: str
    version: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Agencies:
    """Nơi hỗ trợ, nơi tiếp nhận, cơ quan có thẩm quyền (NĐ 118/2025, Điều 14): their codes."""

    assisting: str = ""
    receiving: str = ""
    competent: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What the application says; `correct` replaces it as a whole."""

    procedure: ProcedureRef = ProcedureRef()
    owner: Party = Party()
    submitter: Party = Party()
    delegate: Party | None = None
    content: str = ""
    components: tuple[ComponentLine, ...] = ()
    sets: int = 1
    fees: tuple[Fee, ...] = ()
    channel: str = "counter"
    agencies: Agencies = Agencies()
    note: str = ""
    declaration: Declaration | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment with the reasons for it; kept with the calendar it was computed by."""

    at: datetime | None = None
    value: int = 0
    unit: str = "unspecified"
    explanation: str = ""
    calendar_version: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The legal clock. `original_due_at` never changes: an extension does not undo lateness."""

    received_at: datetime | None = None
    due: Due = Due()
    original_due_at: datetime | None = None
    paused_at: datetime | None = None
    paused_state: State | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the folder: a unit, then an officer; `is_taken` once that officer has it in hand."""

    unit: str
    officer: str | None = None
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Custody:
    """The folder's way. `sent_from` and `sent_state` let the sender recall until it is taken.

    `agency` (a code) has it since `transfer_in`; empty: the one that received it. On its way it
    is in nobody's hand, only `in_transit_to`. `agencies_way`: each agency that took it in, when.
    """

    holder: Holder | None = None
    counter: str = ""
    trail: tuple[Holder, ...] = ()
    sent_from: Holder | None = None
    sent_state: State | None = None
    proposer: Holder | None = None
    agency: str = ""
    in_transit_to: str = ""
    agencies_way: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper handed in or added, its content a blob."""

    sha256: str
    title: str
    mime: str
    length: int
    component_no: int | None
    added_at: datetime
    added_by: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Consultation:
    """A question to another unit, answered or not."""

    id: str
    unit: str
    question: str
    asked_by: str
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money taken (or, negative, given back), with the number of the recognised fee receipt."""

    amount_vnd: int
    method: str
    fee_receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper that was printed: form number, how often, what it replaces.

    `entry`: id of the entry that says so. `voided_at` and `voided_why`: of one that no longer counts.
    """

    form: str
    number: int
    at: datetime
    replaces_at: datetime | None = None
    copies: int = 1
    entry: str = ""
    voided_at: datetime | None = None
    voided_why: str = ""


@dataclass(frozen=True, slots=True)
class ApologyDraft:
    """What an officer asks the head to sign: the new due moment, why, who asks and when."""

    due_at: datetime | None
    reason: str
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """What comes out: number and date given by the records clerk, then who got it."""

    proposal: str = ""
    number: str = ""
    issued_on: str = ""
    title: str = ""
    recipient: str = ""
    handed_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """The state of a dossier: the fold of its journal.

    `conflicts`: entries that wait for a person; `ratified`, `voided`: what a person said of them.
    `aside`: quarantined entries of which nobody has said yet that they were seen to.
    `apology_draft`: waits for the head until a new date is given.
    `is_stub`: made of a transfer slip alone, the journal of the sending agency is not here yet.
    """

    id: str
    code: str
    state: State
    subject: Subject
    clock: Clock
    custody: Custody
    register_no: int = 0
    papers: tuple[Paper, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    payments: tuple[Payment, ...] = ()
    printed: tuple[Printed, ...] = ()
    result: Result = Result()
    missing: tuple[str, ...] = ()
    reason: str = ""
    correction_at: datetime | None = None
    apology_at: datetime | None = None
    apology_draft: ApologyDraft | None = None
    supplement_rounds: int = 0
    heads: tuple[str, ...] = ()
    count: int = 0
    conflicts: tuple[str, ...] = ()
    ratified: tuple[str, ...] = ()
    voided: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    is_read_only: bool = False
    is_stub: bool = False

    @property
    def owner(self) -> Party:
        return self.subject.owner

    @property
    def holder(self) -> Holder | None:
        return self.custody.holder

    @property
    def agency(self) -> str:
        """Code of the agency that took it in from another; empty: it never left the first."""
        return self.custody.agency

    @property
    def in_transit_to(self) -> str:
        """Code of the agency it is on its way to, or empty."""
        return self.custody.in_transit_to

    @property
    def due_at(self) -> datetime | None:
        return self.clock.due.at

    @property
    def received_at(self) -> datetime | None:
        return self.clock.received_at

    @property
    def is_paused(self) -> bool:
        return self.clock.paused_state is not None

    @property
    def visible_papers(self) -> tuple[Paper, ...]:
        return tuple(paper for paper in self.papers if not paper.is_hidden)

    def standing_papers(self, form: str = "") -> tuple[Printed, ...]:
        """Those printed and not voided, oldest first; of one form, or of all."""
        return tuple(one for one in self.printed if not one.voided_at and form in ("", one.form))

    @property
    def collected_vnd(self) -> int:
        return sum(payment.amount_vnd for payment in self.payments)

    @property
    def fee_total_vnd(self) -> int:
        return sum(fee.amount_vnd for fee in self.subject.fees)


def subject_from(plain: Mapping[str, Any]) -> Subject:
    """The subject of a body's JSON. Raises KeyError or TypeError for another shape."""
    delegate, filled = plain.get("delegate"), plain.get("declaration")
    return Subject(
        procedure=ProcedureRef(**plain["procedure"]),
        owner=Party(**plain["owner"]),
        submitter=Party(**plain["submitter"]),
        delegate=Party(**delegate) if delegate else None,
        content=plain["content"],
        components=tuple(ComponentLine(**line) for line in plain["components"]),
        sets=plain["sets"],
        fees=tuple(Fee(**fee) for fee in plain["fees"]),
        channel=plain["channel"],
        agencies=Agencies(**plain["agencies"]),
        note=plain["note"],
        declaration=Declaration(**filled) if filled else None,
    )


def subject_plain(subject: Subject) -> dict[str, Any]:
    """The subject as body JSON; `subject_from` reads it back.

    Written out: `asdict` copies every value deeply, a fifth of the time an intake takes.
    """
    return {
        "procedure": _flat(subject.procedure),
        "owner": _flat(subject.owner),
        "submitter": _flat(subject.submitter),
        "delegate": _flat(subject.delegate) if subject.delegate else None,
        "content": subject.content,
        "components": [_flat(line) for line in subject.components],
        "sets": subject.sets,
        "fees": [_flat(fee) for fee in subject.fees],
        "channel": subject.channel,
        "agencies": _flat(subject.agencies),
        "note": subject.note,
        "declaration": _flat(subject.declaration) if subject.declaration else None,
    }


def _flat(part: Party | ComponentLine | Fee | ProcedureRef | Agencies | Declaration) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def due_plain(due: Due) -> dict[str, Any]:
    """A due moment as body JSON; `due_from` reads it back."""
    return {
        "at": to_wire(due.at) if due.at else None,
        "value": due.value,
        "unit": due.unit,
        "explanation": due.explanation,
        "calendar": due.calendar_version,
    }


def due_from(plain: Mapping[str, Any]) -> Due:
    """Raises KeyError, TypeError or ValueError for another shape."""
    at = plain["at"]
    return Due(
        from_wire(at) if at else None, plain["value"], plain["unit"], plain["explanation"], plain["calendar"]
    )
