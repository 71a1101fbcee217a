"""Liên thông: a folder goes to another agency, and one that came from another is taken in.

A slip travels with the paper, so what `transfer_out` says is short: the other agency can go
on from that one entry, without a line to us.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, due_plain
from onestop.domain.entry import Entry
from onestop.domain.fold import Verdict
from onestop.domain.fold import fold as fold_journal
from onestop.domain.moment import from_wire, to_wire
from onestop.domain.slip import body_fits, read_slip
from onestop.domain.text import fold, nfc, nfc_lines
from onestop.errors import InputError
from onestop.office.deeds import Done, do, find_dossier, write
from onestop.office.office import Office
from onestop.store.rows import list_reference
from onestop.store.slips import accept_slip, check_slip, is_sender_revoked, is_slip_here, slip_said
from onestop.store.writer import Draft

ROLES = {
    "competent": "Cơ quan có thẩm quyền giải quyết",
    "coordinating": "Cơ quan phối hợp giải quyết",
}
"""What the other agency is to the dossier."""

MAX_WORDS = 300
"""Letters of reason and note together: more would not fit the code on the slip."""


class AgencyLike(Protocol):
    """`office.Agency`, or any other thing with a code and a name."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...


def transfer_out(
    office: Office,
    dossier_id: str,
    to_agency: AgencyLike,
    reason: str,
    note: str = "",
    role: str = "competent",
) -> Done:
    """Sends the folder to another agency; the right to write to it ends here.

    Raises InputError (no agency, the same agency, too many words for the slip) and RuleError.
    """
    code, name = nfc(to_agency.code), nfc(to_agency.name)
    if code == office.catalogue.agency.code:
        raise InputError(
            "Hồ sơ đang ở chính cơ quan này", "Hãy chọn cơ quan khác, hoặc dùng “Chuyển”.", "to_agency"
        )
    if role not in ROLES:
        raise InputError(
            "Chưa chọn vai trò của cơ quan nhận", f"Chọn một trong: {', '.join(ROLES.values())}.", "role"
        )
    reason, note = nfc_lines(reason), nfc_lines(note)
    facts: dict[str, Any] = {
        "to_agency": {"code": code, "name": name} if code else None,
        "reason": reason,
        "note": note,
        "role": role,
        "from_agency": {"code": office.catalogue.agency.code, "name": office.catalogue.agency.name},
    }
    facts |= slip_facts(find_dossier(office, dossier_id))
    if len(reason) + len(note) > MAX_WORDS or not body_fits(facts):
        raise InputError(
            "Lý do và lời dặn quá dài để in trên phiếu chuyển",
            f"Viết trong {MAX_WORDS} chữ cái; phần dài đưa vào ghi chú hoặc giấy tờ của hồ sơ.",
            "reason",
        )
    return do(office, Act.TRANSFER_OUT, dossier_id, facts)


def slip_facts(dossier: Dossier) -> dict[str, Any]:
    """What the other agency must know before the journal reaches it; of the owner only the name."""
    procedure, owner, clock = dossier.subject.procedure, dossier.owner, dossier.clock
    facts: dict[str, Any] = {
        "code": dossier.code,
        "procedure": {k: v for k, v in asdict(procedure).items() if v and k != "result"},
        "owner": {"kind": owner.kind, "name": owner.name},
        "receiving": dossier.subject.agencies.receiving,
        "due": due_plain(clock.due) | {"explanation": ""} if clock.due.at else None,
        "received_at": to_wire(clock.received_at) if clock.received_at else None,
    }
    if clock.original_due_at and clock.original_due_at != clock.due.at:
        facts["original_due_at"] = to_wire(clock.original_due_at)
    return facts


def transfer_in(office: Office, dossier_id: str) -> Done:
    """Takes the folder in at this agency: the officer holds it, his unit is its counter."""
    return write(office, _taking_in(office, dossier_id))


def _taking_in(office: Office, dossier_id: str) -> Draft:
    facts = {"agency": office.catalogue.agency.code, "counter": office.counter}
    return Draft(Act.TRANSFER_IN, dossier_id, office.actor, office.now, facts, office.monotonic())


@dataclass(frozen=True, slots=True)
class SlipPreview:
    """What stands on a slip, for the officer to compare with the paper before he takes it in.

    `dossier`: as far as the slip tells, or as it stands here when `is_here`; `is_doubtful`: the
    root has since revoked the desk or the officer who signed.
    """

    dossier: Dossier
    from_code: str
    from_name: str
    sent_at: datetime
    reason: str
    note: str
    role: str
    is_here: bool
    is_doubtful: bool


def preview_slip(office: Office, data: bytes) -> SlipPreview:
    """Reads a slip and keeps nothing. Raises OfficeError for one that could not be taken in here."""
    entry = read_slip(data)
    facts = slip_said(entry)
    with office.store.read() as connection:
        is_here, is_doubtful = is_slip_here(connection, entry), is_sender_revoked(connection, entry)
        check_slip(connection, entry)
    dossier = find_dossier(office, entry.header.dossier or "") if is_here else _told_by(entry)
    sender = facts["from_agency"]
    return SlipPreview(
        dossier=dossier,
        from_code=sender["code"],
        from_name=sender["name"],
        sent_at=from_wire(entry.header.at),
        reason=facts["reason"],
        note=facts.get("note", ""),
        role=facts.get("role", ""),
        is_here=is_here,
        is_doubtful=is_doubtful,
    )


def _told_by(entry: Entry) -> Dossier:
    dossier = fold_journal([(entry, Verdict.ACCEPTED)])
    if dossier is None or dossier.conflicts:
        raise InputError("Phiếu chuyển không đọc được", "Hãy quét lại; vẫn lỗi thì nhập tay theo mã hồ sơ.")
    return dossier


def take_in_by_slip(office: Office, data: bytes) -> Done:
    """The entry of the slip and our taking in, in one transaction: a line is not needed.

    Raises InputError, OfficeError (see `accept_slip`) and RuleError; nothing is kept then.
    """
    entry = read_slip(data)
    draft = _taking_in(office, entry.header.dossier or "")

    def accept(connection: Connection) -> Draft:
        accept_slip(connection, entry)
        return draft

    return write(office, draft, accept)


def known_agencies(office: Office) -> tuple[tuple[str, str], ...]:
    """(code, name) of the other agencies that the catalogue names, by name; often none."""
    with office.store.read() as connection:
        rows = list_reference(connection, "agencies")
    here = office.catalogue.agency.code
    named = {row["code"]: row["name"] for row in rows if row["code"] != here}
    return tuple(sorted(named.items(), key=lambda each: fold(each[1])))
