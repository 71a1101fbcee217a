"""Papers of a dossier: what each printed one says, and those handed in, as files in the store."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from onestop.domain.acts import Act
from onestop.domain.data_lookup import is_taken
from onestop.domain.deadline import Outcome as Kept
from onestop.domain.deadline import TimeLimit, TimeUnit, outcome
from onestop.domain.dossier import ComponentLine, Dossier, Fee, Paper, Party, State
from onestop.domain.entry import BlobRef, Entry, Header
from onestop.domain.fee import FEE_KINDS, fee_tail
from onestop.domain.fold import Verdict
from onestop.domain.moment import from_wire, local_day
from onestop.domain.person import show_phone
from onestop.domain.slip import pack_slip, slip_digits
from onestop.errors import InputError, PrintError
from onestop.office.declaring import declaration_paper
from onestop.office.deeds import HAND_OUT_METHODS, Done, print_paper
from onestop.office.intake import CHANNELS
from onestop.office.office import Catalogue, Office
from onestop.office.paper_facts import Asked, maker_of
from onestop.office.proving import proven
from onestop.office.templates import template_for
from onestop.office.transfer import ROLES
from onestop.printing import (
    KEPT_COPY,
    SUBMITTER_COPY,
    ComponentRow,
    ControlSlipPaper,
    FeeRow,
    HandOver,
    Letterhead,
    Outcome,
    ReceiptPaper,
    RegisterPaper,
    RegisterRow,
    TransferNote,
    control_slip_pdf,
    declaration_pdf,
    register_pdf,
)
from onestop.printing.form import form_pdf
from onestop.store.journal import list_received, read_dossier, read_journal
from onestop.store.moves import is_paper_here, want_paper
from onestop.store.papers import keep_blob, open_blob
from onestop.store.peers import ROOT, peer_of

RECEIPT, CONTROL_SLIP, REGISTER, DECLARATION = "01", "06", "07", "TK"

_OUTCOMES = {Kept.EARLY: Outcome.EARLY, Kept.ON_TIME: Outcome.ON_TIME, Kept.LATE: Outcome.LATE}
_ENDED_OTHERWISE = {State.REFUSED, State.WITHDRAWN, State.STOPPED}
_SENDS = {
    Act.FORWARD,
    Act.PROPOSE,
    Act.APPROVE,
    Act.SIGN,
    Act.COMPLETE,
    Act.SEND_BACK,
    Act.DISAPPROVE,
    Act.TRANSFER_OUT,
}


def keep_paper(office: Office, path: Path) -> BlobRef:
    """Takes a file into the store before any entry names it. Raises InputError or StoreError."""
    return keep_blob(office.store, path)


def open_paper(office: Office, dossier_id: str, sha256: str) -> bytes:
    """The plain bytes of a dossier's paper. Raises StoreError."""
    return open_blob(office.store, dossier_id, sha256)


def ask_for_paper(office: Office, dossier_id: str, paper: Paper) -> bool:
    """Has a paper brought that is not on this machine (any more); False where no hub could have it."""
    if is_paper_here(office.store, paper.sha256):
        return False
    with office.store.write() as connection:
        if peer_of(connection, ROOT) is None:
            return False
        want_paper(connection, dossier_id, BlobRef(paper.sha256, paper.length, paper.mime, "paper"))
    return True


def letterhead(office: Office) -> Letterhead:
    agency = office.catalogue.agency
    return Letterhead(
        superior_body=agency.superior_body,
        issuing_body=agency.issuing_body,
        office_name=agency.office_name,
        place=agency.place,
        lookup_address=agency.lookup_address,
        hotline=show_phone(agency.phone) if agency.phone else "",
    )


def paper_pdf(office: Office, dossier_id: str, form: str, size: str = "A5", copies: int = 2) -> bytes:
    """The PDF of a dossier's paper as it stands now. Raises PrintError when there is none to print."""
    with office.store.read() as connection:
        journal = read_journal(connection, dossier_id)
        dossier = read_dossier(connection, dossier_id)
    if dossier is None:
        raise PrintError("Không tìm thấy hồ sơ để in", "Hãy mở lại hồ sơ rồi in.")
    if form == CONTROL_SLIP:
        return control_slip_pdf(control_slip_paper(office, dossier, journal))
    if form == DECLARATION:
        return declaration_pdf(declaration_paper(office, dossier))
    asked = Asked(office, dossier, [entry for entry, _ in journal])
    facts = proven(office, dossier, form, maker_of(form)(asked))
    received_on = local_day(dossier.received_at or office.now)
    template = template_for(office.catalogue, form, received_on, dossier.subject.procedure.code)
    return form_pdf(template, facts, size, copies)


def note_printed(office: Office, dossier: Dossier, form: str, copies: int) -> Done:
    """Writes into the journal that a paper was printed; one that replaces another says which."""
    replaces = _replaced(dossier) if form == RECEIPT else None
    return print_paper(office, dossier.id, form, copies, replaces)


def receipt_paper(office: Office, dossier: Dossier, copies: int = 2) -> ReceiptPaper:
    """Mẫu 01. A reprint says which; after a correction it names the receipt it replaces."""
    if dossier.received_at is None:
        raise PrintError(
            "Hồ sơ chưa được tiếp nhận", "Giấy tiếp nhận chỉ in được sau khi đã tiếp nhận hồ sơ."
        )
    subject, clock = dossier.subject, dossier.clock
    submitter = subject.submitter
    replaces = _replaced(dossier)
    printed = len(dossier.standing_papers(RECEIPT))
    return ReceiptPaper(
        letterhead=letterhead(office),
        code=dossier.code,
        received_at=dossier.received_at,
        due_at=clock.due.at,
        made_at=office.now,
        owner_name=subject.owner.name,
        submitter_name=submitter.name,
        procedure_name=subject.procedure.title,
        officer_name=office.officer.name,
        number=f"{dossier.register_no:02d}/TNHS",
        address=submitter.address,
        phone=show_phone(submitter.phone) if submitter.phone else "",
        email=submitter.email,
        id_number=_number(submitter),
        channel=CHANNELS.get(subject.channel, ""),
        content="" if subject.content == subject.procedure.name else subject.content,
        components=tuple(_component(line) for line in subject.components if line.is_given),
        sets=subject.sets,
        term=TimeLimit(clock.due.value, TimeUnit(clock.due.unit)).words(),
        due_explanation=clock.due.explanation,
        fees=tuple(_fee(fee) for fee in subject.fees),
        hand_out_place=office.catalogue.agency.office_name,
        register_book=str(local_day(dossier.received_at).year),
        register_number=f"{dossier.register_no:02d}",
        reprint_no=0 if replaces else printed,
        replaces_at=replaces,
        copies=(KEPT_COPY, SUBMITTER_COPY)[:copies] if copies < 3 else (KEPT_COPY, SUBMITTER_COPY),
    )


def control_slip_paper(
    office: Office, dossier: Dossier, journal: Sequence[tuple[Entry, Verdict]]
) -> ControlSlipPaper:
    """Mẫu 06: the journal, told as hand-overs."""
    catalogue = office.catalogue
    received = dossier.received_at or from_wire(journal[0][0].header.at)
    entries = [entry for entry, _ in journal]
    agencies = _agencies_by_role(office, entries)
    consulted = [catalogue.unit_name(c.unit) for c in dossier.consultations]
    return ControlSlipPaper(
        letterhead=letterhead(office),
        code=dossier.code,
        owner_name=dossier.owner.name,
        procedure_name=dossier.subject.procedure.title,
        received_at=received,
        due_at=dossier.due_at,
        made_at=office.now,
        competent_agency=agencies["competent"],
        consulted_agencies=", ".join(filter(None, [*consulted, agencies["coordinating"]])),
        register_book=str(local_day(received).year),
        register_number=f"{dossier.register_no:02d}",
        hand_overs=_hand_overs(catalogue, dossier, entries),
        transfer=_transfer_note(office, dossier, entries),
    )


def register_year(office: Office, year: int, on_page: Callable[[int], None] | None = None) -> bytes:
    """The PDF of mẫu 07; `on_page` hears the number of each page that is done, and may raise to stop."""
    pages = count(1)
    with office.store.read() as connection:
        paper = register_paper(office, connection, year)
        return register_pdf(paper, (lambda _: on_page(next(pages))) if on_page else None)


def register_paper(office: Office, connection: Connection, year: int) -> RegisterPaper:
    """Mẫu 07 of a year; rows are read one by one while the paper is drawn."""
    return RegisterPaper(
        letterhead=letterhead(office),
        year=year,
        book=str(year),
        rows=_register_rows(office, connection, year),
        made_at=office.now,
    )


def _register_rows(office: Office, connection: Connection, year: int) -> Iterator[RegisterRow]:
    first = f"{year - 1}-12-31T17:00:00.000Z"  # midnight in Vietnam
    last = f"{year}-12-31T17:00:00.000Z"
    for dossier_id in list_received(connection, first, last):
        journal = read_journal(connection, dossier_id)
        dossier = read_dossier(connection, dossier_id)
        if dossier and dossier.received_at:
            yield _register_row(office, dossier, dossier.received_at, [entry for entry, _ in journal])


def _register_row(office: Office, dossier: Dossier, received: datetime, journal: list[Entry]) -> RegisterRow:
    owner = dossier.owner
    handed = next((entry for entry in journal if entry.header.kind == Act.HAND_OUT), None)
    facts = (handed.facts() or {}) if handed else {}
    return RegisterRow(
        no=dossier.register_no,
        code=dossier.code,
        procedure_name=dossier.subject.procedure.title,
        owner_name=owner.name,
        received_at=received,
        sets=dossier.subject.sets,
        address=owner.address,
        phone=show_phone(owner.phone) if owner.phone else "",
        competent_agency=office.catalogue.agency.name,
        due_at=dossier.due_at,
        forwarded_at=_first_at(journal, Act.FORWARD),
        completed_at=_first_at(journal, Act.COMPLETE),
        handed_out_at=dossier.result.handed_out_at,
        hand_out_way=HAND_OUT_METHODS.get(facts.get("method", ""), ""),
        note=dossier.reason if dossier.state in _ENDED_OTHERWISE else "",
    )


def _first_at(journal: list[Entry], act: Act) -> datetime | None:
    return next((from_wire(entry.header.at) for entry in journal if entry.header.kind == act), None)


def _hand_overs(catalogue: Catalogue, dossier: Dossier, journal: list[Entry]) -> tuple[HandOver, ...]:
    """Each sending is a block; the next act of another officer shows when it was taken. A folder on
    its way to another agency is taken only when that agency says so."""
    blocks: list[HandOver] = []
    sender, is_away = "", False
    for entry in journal:
        header = entry.header
        is_taken = header.kind == Act.TRANSFER_IN if is_away else header.officer != sender
        if blocks and blocks[-1].taken_at is None and is_taken:
            blocks[-1] = _taken(catalogue, blocks[-1], entry, is_away)
        if header.kind == Act.RECALL and blocks and blocks[-1].taken_at is None:
            blocks.pop()
        if header.kind in _SENDS:
            sender, is_away = header.officer, header.kind == Act.TRANSFER_OUT
            facts = entry.facts() or {}
            blocks.append(
                _sent_away(catalogue, header, facts) if is_away else _sent(catalogue, dossier, header, facts)
            )
    return tuple(blocks)


def _taken(catalogue: Catalogue, block: HandOver, entry: Entry, is_away: bool) -> HandOver:
    header = entry.header
    unit = block.to_unit if is_away else catalogue.unit_name(catalogue.officer(header.officer).unit)
    name = _hand_name(catalogue, header.officer, entry.facts())
    return replace(block, taken_at=from_wire(header.at), to_officer=name, to_unit=unit)


def _sent(catalogue: Catalogue, dossier: Dossier, header: Header, facts: Mapping[str, Any]) -> HandOver:
    to = facts.get("to") or {}
    return HandOver(
        from_unit=catalogue.unit_name(catalogue.officer(header.officer).unit),
        from_officer=_hand_name(catalogue, header.officer, facts),
        to_unit=catalogue.unit_name(to.get("unit", "")),
        to_officer=_officer_name(catalogue, to["officer"]) if to.get("officer") else "",
        handed_at=from_wire(header.at),
        outcome=_outcome(dossier) if header.kind == Act.COMPLETE else None,
        note=facts.get("reason", ""),
    )


def _sent_away(catalogue: Catalogue, header: Header, facts: Mapping[str, Any]) -> HandOver:
    return HandOver(
        from_unit=_agency_words(facts.get("from_agency")),
        from_officer=_hand_name(catalogue, header.officer, facts),
        to_unit=_agency_words(facts.get("to_agency")),
        handed_at=from_wire(header.at),
        note=facts.get("reason", ""),
    )


def _officer_name(catalogue: Catalogue, officer_id: str) -> str:
    """Empty for an officer of another agency: the name is then written by hand."""
    officer = catalogue.officer(officer_id)
    return officer.name if officer.roles else ""


def _hand_name(catalogue: Catalogue, officer_id: str, facts: Mapping[str, Any] | None) -> str:
    """`Phạm Đăng Khôi (thay Trần Thị Mai)`: whose hand it went through, and in whose name."""
    name, absent = _officer_name(catalogue, officer_id), (facts or {}).get("on_behalf_of")
    return f"{name} (thay {catalogue.officer(absent).name})" if name and absent else name


def _agency_words(agency: Mapping[str, str] | None) -> str:
    return f"{agency['name']} ({agency['code']})" if agency else ""


def _agencies_by_role(office: Office, journal: Sequence[Entry]) -> dict[str, str]:
    """The agency that decides and those it asked, as the transfers in the journal name them."""
    named = {"competent": office.catalogue.agency.name, "coordinating": ""}
    for entry in journal:
        facts = (entry.facts() or {}) if entry.header.kind == Act.TRANSFER_OUT else {}
        if facts.get("role") in named:
            named[facts["role"]] = facts["to_agency"]["name"]
    return named


def _transfer_note(office: Office, dossier: Dossier, journal: Sequence[Entry]) -> TransferNote | None:
    """Of a folder that is on its way to another agency now."""
    settled = frozenset((*dossier.conflicts, *dossier.voided))
    sent = [e for e in journal if e.header.kind == Act.TRANSFER_OUT and e.id not in settled]
    facts = (sent[-1].facts() or {}) if sent and dossier.state is State.IN_TRANSIT else {}
    if not facts:
        return None
    officer = office.catalogue.officer(sent[-1].header.officer)
    given = [line for line in dossier.subject.components if line.is_given]
    return TransferNote(
        from_agency=_agency_words(facts.get("from_agency")),
        to_agency=_agency_words(facts["to_agency"]),
        role=ROLES.get(facts.get("role", ""), ""),
        officer=_officer_name(office.catalogue, officer.id),
        unit=office.catalogue.unit_name(officer.unit),
        sent_at=from_wire(sent[-1].header.at),
        reason=facts["reason"],
        note=facts.get("note", ""),
        count=sum(line.originals + line.certified + line.copies for line in given),
        digits=_slip_digits(sent[-1]),
    )


def _slip_digits(entry: Entry) -> str:
    """Empty for an entry too long for a code, which a program of today does not write."""
    try:
        return slip_digits(pack_slip(entry))
    except InputError:
        return ""


def _outcome(dossier: Dossier) -> Outcome | None:
    clock = dossier.clock
    if clock.original_due_at is None or clock.ended_at is None:
        return None
    return _OUTCOMES[outcome(clock.original_due_at, clock.ended_at)]


def _replaced(dossier: Dossier) -> datetime | None:
    """The moment of the receipt that a correction made untrue, until a new one is printed."""
    receipts = dossier.standing_papers(RECEIPT)
    if dossier.correction_at is None or not receipts:
        return None
    last = receipts[-1]
    return last.at if last.at < dossier.correction_at else None


def _number(party: Party) -> str:
    return party.id_number or party.tax_code


def _component(line: ComponentLine) -> ComponentRow:
    note = line.note if is_taken(line) else ""
    return ComponentRow(line.name, line.originals, line.certified, line.copies, note)


def _fee(fee: Fee) -> FeeRow:
    return FeeRow(FEE_KINDS.get(fee.kind, ""), fee_tail(fee.kind, fee.name), fee.amount_vnd)
