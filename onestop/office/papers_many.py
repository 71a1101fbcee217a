"""Papers that several dossiers share, in one PDF, and their entries in the journal of each."""

from collections.abc import Sequence

from onestop.domain.moment import local_day
from onestop.errors import PrintError
from onestop.office.deeds import Done, print_paper
from onestop.office.facts_many import many_maker_of
from onestop.office.office import Office
from onestop.office.paper_facts import Asked, replaced
from onestop.office.templates import template_for
from onestop.printing.form import form_pages
from onestop.printing.ink import Imprint, ink
from onestop.store.journal import read_dossier, read_journal


def make_many(
    office: Office, dossier_ids: Sequence[str], form: str, size: str = "", copies: int = 0
) -> bytes:
    """One PDF: a paper for the submitter, or one for each unit, with all copies. `size` "": the usual one
    of the template. Raises PrintError for no dossier, one that is not here, or one that does not fit in."""
    several = _asked(office, dossier_ids)
    maker = many_maker_of(form)
    if maker is None:
        raise PrintError(f"Mẫu “{form}” in riêng từng hồ sơ", "Chọn một loại giấy chung cho nhiều hồ sơ.")
    day = max(local_day(asked.dossier.received_at or office.now) for asked in several)
    template = template_for(office.catalogue, form, day)
    laid = [form_pages(template, facts, size or template.sizes[0], copies) for facts in maker(several)]
    title = f"{template.name} {local_day(office.now):%d/%m/%Y}"
    imprint = Imprint(title, office.catalogue.agency.issuing_body, "", office.now)
    tallest = max((shape for _, shape in laid), key=lambda shape: shape.height_mm)  # of papers on a roll
    return ink([page for pages, _ in laid for page in pages], tallest, imprint)


def note_many(office: Office, dossier_ids: Sequence[str], form: str, copies: int) -> list[Done]:
    """Writes into the journal of each that such a paper was printed."""
    done = []
    for asked in _asked(office, dossier_ids):
        replaces = replaced(asked.dossier, form)
        done.append(print_paper(office, asked.dossier.id, form, copies, replaces))
    return done


def _asked(office: Office, dossier_ids: Sequence[str]) -> list[Asked]:
    if not dossier_ids:
        raise PrintError("Chưa chọn hồ sơ nào để in", "Chọn ít nhất một hồ sơ trong danh sách.")
    found = []
    with office.store.read() as connection:
        for dossier_id in dossier_ids:
            dossier = read_dossier(connection, dossier_id)
            if dossier is None:
                raise PrintError("Không tìm thấy hồ sơ để in", "Tải lại danh sách rồi chọn lại.")
            journal = [entry for entry, _ in read_journal(connection, dossier_id)]
            found.append(Asked(office, dossier, journal))
    return found
