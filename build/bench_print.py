"""The receipt: laid out by us from its template, beside bare libraries drawing the very same words."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from build.bench_figure import Bench, Figure, at_most, figure, median, timed
from build.bench_paper import MAKERS, Draw, Words, facts, receipt
from onestop.printing.form import form_pdf

MS = 1e3
_PER_ROUND = 25
_SLOW_PER_ROUND = 5
_ROOT = Path(__file__).resolve().parent.parent
_NAMES = {"reportlab": "bare reportlab + segno", "fpdf2": "bare fpdf2 + segno", "typst": "typst + segno"}
_LIMITS = {"reportlab": 1.5, "fpdf2": 1, "typst": 1.5}
_SAME = "cùng các chữ"


def bench_receipt(bench: Bench) -> list[Figure]:
    """One A4 page warm, in turns with the others; then cold, then how big the file is."""
    template = receipt()
    pdf = form_pdf(template, facts(template, 1), "A4", 1)
    words = words_of(pdf)
    drawn = {name: make() for name, make in MAKERS.items()}
    ours: list[float] = []
    both: list[float] = []
    others: dict[str, list[float]] = {name: [] for name in drawn}
    for number in range(bench.rounds * _PER_ROUND):
        some = facts(template, number)
        ours.append(timed(partial(form_pdf, template, some, "A4", 1)))
        both.append(timed(partial(form_pdf, template, some, "A4", 2)))
        for name, draw in drawn.items():
            if name == "reportlab" or number % _PER_ROUND < _SLOW_PER_ROUND:
                others[name].append(timed(partial(draw, words, some.proof)))
    warm = {name: median(taken) * MS for name, taken in others.items()}
    figures = [
        figure(
            f"receipt PDF warm{_beside(name)}",
            "ms",
            median(ours) * MS,
            (warm[name], f"{_NAMES[name]}, {_SAME}"),
            _LIMITS[name],
            bench.rounds,
            f"{len(words)} dòng chữ",
        )
        for name in drawn
    ]
    reference = (warm["reportlab"], f"{_NAMES['reportlab']}, {_SAME}")
    figures.append(
        figure("receipt PDF warm, both copies", "ms", median(both) * MS, reference, None, bench.rounds)
    )
    figures += _cold_figures(bench)
    return [*figures, *_sizes(pdf, words, drawn)]


def _beside(name: str) -> str:
    return "" if name == "reportlab" else f", beside {name}"


def _cold_figures(bench: Bench) -> Iterator[Figure]:
    """The first receipt of a process, with the libraries it imports."""
    rounds = max(3, bench.rounds)
    # The two that are only told take a second each: once tells enough in a quick run.
    counts = {"": rounds, "reportlab": rounds, "fpdf2": bench.rounds, "typst": bench.rounds}
    taken = {name: [_cold(name) for _ in range(count)] for name, count in counts.items()}
    for name in MAKERS:
        # 250 ms where the bare libraries took 151, performance.md §4
        limit = 250 / 151 if name == "reportlab" else None
        reference = (median(taken[name]), f"{_NAMES[name]}, {_SAME}")
        words = f"receipt PDF cold, with imports{_beside(name)}"
        yield figure(words, "ms", median(taken[""]), reference, limit, rounds)


def _sizes(pdf: bytes, words: Words, drawn: dict[str, Draw]) -> Iterator[Figure]:
    template = receipt()
    two = form_pdf(template, facts(template, 1), "A4", 2)
    yield at_most("receipt PDF size", "KB", len(pdf) / 1024, 40, 1)
    yield at_most("receipt PDF size, both copies", "KB", len(two) / 1024, 40, 1)
    for name, draw in drawn.items():
        other = (len(draw(words, facts(template, 1).proof)) / 1024, f"{_NAMES[name]}, một kiểu chữ")
        yield figure(f"receipt PDF size, beside {name}", "KB", len(pdf) / 1024, other, None, 1)


def words_of(pdf: bytes) -> Words:
    """Every run of text on the first page with its place, as a reader of the file sees it."""
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

    page: Any = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [page.get_rect(index) for index in range(page.count_rects())]
    return [(box[0], box[1], page.get_text_bounded(*box).strip()) for box in boxes]


_COLD = """
import time
began = time.perf_counter()
from build.bench_paper import MAKERS, SOME_CODE, SOME_WORDS, facts, receipt
if {name!r}:
    MAKERS[{name!r}]()(SOME_WORDS, SOME_CODE)
else:
    from onestop.printing.form import form_pdf
    form_pdf(receipt(), facts(receipt(), 1), "A4", 1)
print((time.perf_counter() - began) * 1000)
"""


def _cold(name: str) -> float:
    """Milliseconds; `name` of a bare library, "" for ours."""
    done = subprocess.run(
        [sys.executable, "-c", _COLD.format(name=name)], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
