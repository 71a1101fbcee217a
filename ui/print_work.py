"""What the print panel has done for it in workers: papers made, looked at, printed, saved, noted."""

from dataclasses import dataclass
from pathlib import Path

from onestop.domain.dossier import Dossier
from onestop.domain.register import Span
from onestop.office.deeds import Done, find_dossier
from onestop.office.office import Office
from onestop.office.paper_facts import print_fields
from onestop.office.papers import note_printed, paper_pdf
from onestop.office.register import register_pdf
from onestop.printing import PageImage, page_count, page_images, save_pdf
from ui.paper_kinds import PaperKind, width_mm
from ui.printer import Job, Printer, print_job
from ui.tasks import Progress

MOST_SHOWN = 6
"""Pages of the preview: a year's register has hundreds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One paper as chosen in the panel. `dossier_id` is empty for the register: `span` is its part."""

    kind: PaperKind
    dossier_id: str
    span: Span | None
    size: str
    copies: int

    @property
    def copies_apart(self) -> int:
        """How often the file goes to the printer: a receipt holds its copies as pages of their own."""
        return 1 if self.kind.has_named_sheets else self.copies


@dataclass(frozen=True, slots=True)
class Made:
    """The paper as it will be printed, byte for byte, and the dossier it was made from."""

    wanted: Wanted
    pdf: bytes
    count: int
    mark: str
    dossier: Dossier | None

    @property
    def title(self) -> str:
        """Also its file's name: the code and the kind, nobody's name."""
        if self.wanted.span is not None:
            return self.wanted.span.title
        code = self.dossier.code if self.dossier else ""
        return " ".join(part for part in (code, self.wanted.kind.file_words) if part)


@dataclass(frozen=True, slots=True)
class Errand:
    """A made paper on its way to a printer (`printer`) or into a file (`path`)."""

    made: Made
    printer: Printer | None = None
    path: Path | None = None
    tray: str = ""


def make_paper(office: Office, wanted: Wanted, progress: Progress) -> Made:
    """Raises PrintError or StoreError; Cancelled between two pages of a register."""
    if wanted.span is not None:
        pdf = register_pdf(office, wanted.span, lambda page: _tell_page(progress, page))
        return Made(wanted, pdf, page_count(pdf), "", None)
    dossier = find_dossier(office, wanted.dossier_id)
    pdf = paper_pdf(office, dossier.id, wanted.kind.form, wanted.size, wanted.copies)
    return Made(wanted, pdf, page_count(pdf), _mark(office, dossier, wanted.kind), dossier)


def show_pages(pdf: bytes, size: str, pixels: int) -> list[PageImage]:
    """The first pages, exactly `pixels` wide: what the screen shows is then not scaled again."""
    # PDFium rounds up; a hair less than the whole gives just this many.
    dpi = (pixels - 0.01) / width_mm(size) * 25.4
    return page_images(pdf, dpi, 0, MOST_SHOWN - 1)


def run_errand(errand: Errand, progress: Progress) -> Errand:
    """Raises PrintError, or Cancelled."""
    made = errand.made
    if errand.printer is not None:
        job = Job(made.title, made.pdf, errand.printer, made.wanted.copies_apart, errand.tray)
        print_job(job, progress)
    if errand.path is not None:
        save_pdf(made.pdf, errand.path)
    return errand


def note_errand(office: Office, errand: Errand) -> Done | None:
    """Into the dossier's journal; the register is no paper of one dossier."""
    made = errand.made
    if made.dossier is None:
        return None
    return note_printed(office, made.dossier, made.wanted.kind.form, made.wanted.copies)


def _tell_page(progress: Progress, page: int) -> None:
    progress.check()
    progress.report(page, 0, f"trang {page}")


def _mark(office: Office, dossier: Dossier, kind: PaperKind) -> str:
    """What the paper says of itself below its title."""
    if not kind.is_marked:
        return ""
    told = print_fields(office, dossier, kind.form)
    words = told["replaces"] or told["reprint"].partition(",")[0]
    return words[:1].lower() + words[1:]
