"""Papers of a dossier: what each printed one says, and those handed in, as files in the store."""

from pathlib import Path

from onestop.domain.dossier import Dossier, Paper
from onestop.domain.entry import BlobRef
from onestop.domain.moment import local_day
from onestop.domain.person import show_phone
from onestop.errors import PrintError
from onestop.office.declaring import declaration_paper
from onestop.office.deeds import Done, print_paper
from onestop.office.office import Office
from onestop.office.paper_facts import Asked, maker_of, replaced
from onestop.office.paper_list import papers_of
from onestop.office.proving import proven
from onestop.office.templates import template_for
from onestop.printing import Letterhead, declaration_pdf
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
    can_replace = any(one.form == form and one.replaces for one in papers_of(office, dossier))
    replaces = replaced(dossier, form) if can_replace else None
    return print_paper(office, dossier.id, form, copies, replaces)
