"""The register of a busy year: as PDF and as Excel, beside bare reportlab and openpyxl on the same cells.

Bare means cut to the column: one line a cell, no wrapping, nothing read from a store.
"""

import shutil
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO

from build.bench_figure import Bench, Figure, at_most, figure, timed
from build.fill import fill_store
from onestop.domain.moment import VIETNAM
from onestop.domain.register import Span
from onestop.office.found import open_office
from onestop.office.office import Office
from onestop.office.register import register_facts, register_pdf, save_register
from onestop.printing import page_count
from onestop.printing.fonts import REGULAR, face_of
from onestop.store.vault import create_key

_FULL, _QUICK = 10_000, 1_000
_GROWTH_MB = 16
_NOW = datetime(2026, 12, 30, 16, 0, tzinfo=VIETNAM).astimezone(UTC)
_YEAR = Span(2026)
_FIELDS = ("no", "code", "procedure_name", "sets", "owner_name", "address", "phone_words",
           "competent_agency", "received_at", "due_at", "forwarded_at", "completed_at", "handed_out_at",
           "hand_out_way", "note")  # fmt: skip
_ROWS_A_SHEET, _LINE, _WIDE, _LEFT, _TOP, _CUT = 30, 16, 52, 40, 560, 11


def bench_register(bench: Bench) -> list[Figure]:
    """Milliseconds a line, what the lines keep in memory, and that a part is made at once."""
    count = min(_QUICK if bench.is_quick else _FULL, bench.largest)
    with _office(bench, count) as office:
        register_pdf(office, Span(2026, last=20))  # fonts and modules are read
        made: list[bytes] = []
        pdf_s = timed(lambda: made.append(register_pdf(office, _YEAR)))
        cells = _cells(office)
        bare_s = timed(lambda: _bare_pdf(cells))
        path = bench.folder / "register.xlsx"
        excel_s = timed(lambda: save_register(office, _YEAR, path))
        bare_excel_s = timed(lambda: _bare_excel(cells))
        path.unlink()
        part_ms = timed(lambda: register_pdf(office, Span(2026, first=count - 20))) * 1e3
        kept = _kept_mb(office)
    lines, note = len(cells), f"{page_count(made[0])} trang, {len(made[0]) // 1024} KiB"
    bare = (bare_s / lines * 1e3, "bare reportlab, không đọc kho, không xuống dòng")
    bare_excel = (bare_excel_s / lines * 1e3, "bare openpyxl, không đọc kho")
    return [
        figure(f"register PDF, a line of {lines}", "ms", pdf_s / lines * 1e3, bare, None, 1, note),
        figure(f"register Excel, a line of {lines}", "ms", excel_s / lines * 1e3, bare_excel, None, 1),
        figure(f"register, 20 lines of {lines}", "ms", part_ms, (pdf_s * 1e3, "cả năm"), None, 1),
        at_most(f"register, kept while {lines} lines pass", "MB", kept, _GROWTH_MB, 1),
    ]


def _cells(office: Office) -> list[list[str]]:
    with office.store.read() as connection:
        rows = register_facts(office, connection, _YEAR).rows["register"]
        return [[row.get(name, "") for name in _FIELDS] for row in rows]


def _bare_pdf(cells: list[list[str]]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    face_of(REGULAR)
    file = BytesIO()
    canvas = Canvas(file, (842, 595), pageCompression=1)
    for start in range(0, len(cells), _ROWS_A_SHEET):
        canvas.setFont(REGULAR, 8.5)
        for line, row in enumerate(cells[start : start + _ROWS_A_SHEET]):
            y = _TOP - line * _LINE
            for place, text in enumerate(row):
                canvas.drawString(_LEFT + place * _WIDE, y, text[:_CUT])
            canvas.line(_LEFT, y - 3, _LEFT + len(row) * _WIDE, y - 3)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _bare_excel(cells: list[list[str]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sổ")
    for row in cells:
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _kept_mb(office: Office) -> float:
    """How much more Python holds at the last page than at the fifth; the file itself is a part of it."""
    held: list[int] = []
    tracemalloc.start()
    try:
        register_pdf(office, _YEAR, lambda page: held.append(tracemalloc.get_traced_memory()[0]))
    finally:
        tracemalloc.stop()
    return max(0, held[-1] - held[min(4, len(held) - 1)]) / 2**20


@contextmanager
def _office(bench: Bench, count: int) -> Iterator[Office]:
    folder = bench.folder / f"register-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = folder / "onestop.db"
    fill_store(path, create_key(folder), count, _NOW, span=timedelta(days=350))
    store = bench.open(path)
    try:
        yield open_office(store, lambda: _NOW, lambda: ("bench", 0))
    finally:
        store.close()
        shutil.rmtree(folder)
