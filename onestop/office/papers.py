"""Papers of a dossier: what each printed one says, and those handed in, as files in the store."""

from datetime import datetime
from pathlib import Path

from onestop.domain.data_lookup import is_taken
from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.dossier import ComponentLine, Dossier, Fee, Paper, Party
from onestop.domain.entry import BlobRef
from onestop.domain.fee import FEE_KINDS, fee_tail
from onestop.domain.moment import local_day
from onestop.domain.person import show_phone
from onestop.errors import PrintError
from onestop.office.declaring import declaration_paper
from onestop.office.deeds import Done, print_paper
from onestop.office.intake import CHANNELS
from onestop.office.office import Office
from onestop.office.paper_facts import Asked, maker_of
from onestop.office.proving import proven
from onestop.office.templates import template_for
from onestop.printing import (
    KEPT_COPY,
    SUBMITTER_COPY,
    ComponentRow,
    FeeRow,
    Letterhead,
    ReceiptPaper,
    declaration_pdf,
)
from onestop.printing.form import form_pdf
from onestop.store.journal import read_dossier, read_journal
from onestop.store.moves import is_paper_here, want_paper
from onestop.store.papers import keep_blob, open_blob
from onestop.store.peers import ROOT, peer_of

RECEIPT, CONTROL_SLIP, REGISTER, DECLARATION = "01", "06", "07", "TK"


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


def paper_pdf(office: Office, dossier_id: str, form: str, size: str = "", copies: int = 2) -> bytes:
    """The PDF of a dossier's paper as it stands now, `size` "" for its usual one. Raises PrintError
    when there is none to print."""
    with office.store.read() as connection:
        journal = read_journal(connection, dossier_id)
        dossier = read_dossier(connection, dossier_id)
    if dossier is None:
        raise PrintError("Không tìm thấy hồ sơ để in", "Hãy mở lại hồ sơ rồi in.")
    if form == DECLARATION:
        return declaration_pdf(declaration_paper(office, dossier))
    asked = Asked(office, dossier, [entry for entry, _ in journal])
    facts = proven(office, dossier, form, maker_of(form)(asked))
    received_on = local_day(dossier.received_at or office.now)
    template = template_for(office.catalogue, form, received_on, dossier.subject.procedure.code)
    return form_pdf(template, facts, size or template.sizes[0], copies)


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
