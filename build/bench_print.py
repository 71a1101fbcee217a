"""The receipt: laid out by us, beside the bare library drawing the very same words."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from build.bench_figure import Bench, Figure, at_most, figure, median, timed
from build.bench_paper import Words, bare_maker, paper
from onestop.printing import KEPT_COPY, SUBMITTER_COPY, PaperSize, ReceiptPaper, receipt_pdf

MS = 1e3
_PER_ROUND = 25
_ROOT = Path(__file__).resolve().parent.parent


def bench_receipt(bench: Bench) -> list[Figure]:
    """One A4 page warm, in turns with bare reportlab and segno; then cold, then how big the file is."""
    pdf = receipt_pdf(paper(1), PaperSize.A4)
    words, bare = words_of(pdf), bare_maker()
    ours, floor, both = [], [], []
    number = 1
    for _ in range(bench.rounds):
        for _ in range(_PER_ROUND):
            number += 1
            ours.append(timed(lambda n=number: receipt_pdf(paper(n), PaperSize.A4)))  # type: ignore[misc]  # bound at once
            floor.append(timed(lambda n=number: bare(words, f"H56.99.88-261120-{n:04d}")))  # type: ignore[misc]  # as above
            both.append(timed(lambda n=number: receipt_pdf(_both(n), PaperSize.A4)))  # type: ignore[misc]  # as above
    cold = [(_cold(is_bare=False), _cold(is_bare=True)) for _ in range(max(3, bench.rounds))]
    warm, reference = median(ours) * MS, (median(floor) * MS, "bare reportlab + segno, cùng các chữ")
    return [
        figure("receipt PDF warm", "ms", warm, reference, 1.5, bench.rounds, f"{len(words)} dòng chữ"),
        figure("receipt PDF warm, both copies", "ms", median(both) * MS, reference, None, bench.rounds),
        figure(
            "receipt PDF cold, with imports",
            "ms",
            median([ours for ours, _ in cold]),
            (median([floor for _, floor in cold]), reference[1]),
            250 / 151,  # 250 ms where the bare libraries took 151, performance.md §4
            len(cold),
        ),
        at_most("receipt PDF size", "KB", len(pdf) / 1024, 40, 1),
        at_most(
            "receipt PDF size, both copies", "KB", len(receipt_pdf(_both(1), PaperSize.A4)) / 1024, 40, 1
        ),
    ]


def _both(number: int) -> ReceiptPaper:
    return paper(number, (KEPT_COPY, SUBMITTER_COPY))


def words_of(pdf: bytes) -> Words:
    """Every run of text on the first page with its place, as a reader of the file sees it."""
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

    page: Any = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [page.get_rect(index) for index in range(page.count_rects())]
    return [(box[0], box[1], page.get_text_bounded(*box).strip()) for box in boxes]


_COLD = """
import time
began = time.perf_counter()
from build.bench_paper import SOME_WORDS, bare_maker, paper
if {is_bare}:
    bare_maker()(SOME_WORDS, "H56.99.88-261120-0001")
else:
    from onestop.printing import PaperSize, receipt_pdf
    receipt_pdf(paper(1), PaperSize.A4)
print((time.perf_counter() - began) * 1000)
"""


def _cold(is_bare: bool) -> float:
    """Milliseconds of the first receipt of a process, with the drawing library it imports."""
    code = _COLD.format(is_bare=is_bare)
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)
