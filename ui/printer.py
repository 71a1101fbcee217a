"""Sending pages to a printer. Everything here may be slow, and runs in a worker.

Nothing of Qt's print system is touched before somebody asks for it: a dead network
printer can hold it up for twenty seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRect, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from onestop.errors import PrintError
from onestop.printing import PageImage, page_count, page_images
from onestop.printing.thermal import Thermal, print_slips
from ui.tasks import Progress
from ui.trays import take_from

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

DPI = 300
# Qt holds Python's lock while it packs a picture: a whole page at once would stop the window.
_BANDS = 16


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer by its system name; with `path` it is one that writes a PDF file of pictures.

    With `thermal` it is no printer of the system: it takes the slips of a roll as dots.
    """

    name: str
    path: Path | None = None
    thermal: Thermal | None = None


FindPrinters = Callable[[], tuple[Printer, ...]]


def load_print_support() -> None:
    """To be called in the window's thread before any work with printers is sent elsewhere.

    PySide makes its classes at first use. One thread making those of QtPrintSupport while
    the window's looked up the class of a view ended the process (seen on cold starts).
    """
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    # Named, so that both classes are made here.
    assert QPrinter.PrinterState.Idle is not None
    assert callable(QPrinterInfo.availablePrinterNames)


def find_printers() -> tuple[Printer, ...]:
    """The system's printers, its default one first. May take long; never called at start."""
    from PySide6.QtPrintSupport import QPrinterInfo

    first = QPrinterInfo.defaultPrinterName()
    names = QPrinterInfo.availablePrinterNames()
    return tuple(Printer(name) for name in sorted(names, key=lambda name: (name != first, name.casefold())))


@dataclass(frozen=True, slots=True)
class Job:
    """A PDF to be put on paper; `copies` of the whole, from `tray` (a key of ui/trays.py, "" for any)."""

    title: str
    pdf: bytes
    printer: Printer
    copies: int = 1
    tray: str = ""


def print_job(job: Job, progress: Progress) -> int:
    """Prints page by page at 300 dpi; the number of pages sent.

    Raises PrintError when the printer does not take it, Cancelled between two pages.
    """
    if job.printer.thermal is not None:
        return _print_slips(job, job.printer.thermal, progress)
    pages = page_count(job.pdf)
    total = pages * job.copies
    first = _page(job.pdf, 0)
    printer = _made_ready(job, first)
    painter = QPainter()
    if not painter.begin(printer):
        raise _unwilling(job.printer)
    try:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        for number in range(total):
            progress.check()
            progress.report(number, total, f"trang {number + 1}/{total}")
            if number and not printer.newPage():
                raise _unwilling(job.printer)
            image = _page(job.pdf, number % pages) if number else first
            _draw(painter, image, QRect(0, 0, printer.width(), printer.height()), progress)
    except BaseException:
        _throw_away(job, printer, painter)
        raise
    painter.end()
    if printer.printerState() == printer.PrinterState.Error:
        raise _unwilling(job.printer)
    return total


def _print_slips(job: Job, thermal: Thermal, progress: Progress) -> int:
    def tell(begun: int, total: int) -> None:
        progress.check()
        progress.report(begun, total, f"phiếu {min(begun + 1, total)}/{total}")

    return print_slips(job.pdf, thermal, job.title, job.copies, tell)


def _page(pdf: bytes, number: int) -> PageImage:
    return page_images(pdf, DPI, number, number)[0]


def _made_ready(job: Job, page: PageImage) -> "QPrinter":
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if job.printer.path is not None:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(job.printer.path))
    else:
        printer.setPrinterName(job.printer.name)
        if not printer.isValid() or printer.printerName() != job.printer.name:
            raise _unwilling(job.printer)
    printer.setCreator("onestop")
    printer.setDocName(job.title)
    printer.setResolution(DPI)
    printer.setPageLayout(_layout(page))
    printer.setFullPage(True)
    if job.tray:
        take_from(printer, job.tray)
    return printer


def _layout(page: PageImage) -> QPageLayout:
    """The sheet the page was made for, to the printer's own name for it (A4, A5) where it has one."""
    wide, high = (pixels / DPI * 25.4 for pixels in (page.width, page.height))
    is_across = wide > high
    size = QPageSize(
        QSizeF(min(wide, high), max(wide, high)),
        QPageSize.Unit.Millimeter,
        "",
        QPageSize.SizeMatchPolicy.FuzzyMatch,
    )
    way = QPageLayout.Orientation.Landscape if is_across else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, way, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def _draw(painter: QPainter, page: PageImage, sheet: QRect, progress: Progress) -> None:
    """In bands, each on whole dots, so that no seam shows."""
    edges = [page.height * band // _BANDS for band in range(_BANDS + 1)]
    row = page.width * 4
    for upper, lower in pairwise(edges):
        progress.check()
        rows = page.bgrx[upper * row : lower * row]
        band = QImage(rows, page.width, lower - upper, row, QImage.Format.Format_RGB32)
        top, end = (edge * sheet.height() // page.height for edge in (upper, lower))
        painter.drawImage(QRect(0, top, sheet.width(), end - top), band)


def _throw_away(job: Job, printer: "QPrinter", painter: QPainter) -> None:
    """Takes back what the printer has not yet got; no half paper comes out, no half file stays."""
    printer.abort()
    painter.end()
    if job.printer.path is not None:
        job.printer.path.unlink(missing_ok=True)


def _unwilling(printer: Printer) -> PrintError:
    return PrintError(
        f"Máy in {printer.name} không nhận bản in",
        "Kiểm tra máy in đã bật, còn giấy và còn được nối với máy này; hoặc chọn máy in khác, lưu PDF.",
    )
