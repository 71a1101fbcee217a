"""A QR code for each row of a list, with words beside it: two in a line where the sheet is wide enough."""

from collections.abc import Iterable, Iterator, Sequence

from onestop.domain.template import Facts, Fields, SlipCode, filled
from onestop.printing.fonts import ITALIC
from onestop.printing.marks import DOT, MM
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import long_qr_modules
from onestop.printing.template_runs import runs
from onestop.printing.wrapping import Line, Run, wrap

_DOTS = 4  # of a 203-dpi printer to a module
_QUIET = 4  # modules that a reader wants blank round the code
_LEAST_CELL = 58 * MM
_GAP = 1 * MM


def draw_code_rows(sheet: Sheet, block: SlipCode, facts: Facts) -> None:
    """The hint first, as a line of its own; then the rows, none of them parted by a page's end."""
    rows = tuple(facts.rows.get(block.rows, ()))
    if not rows:
        return
    hint = filled(block.hint, facts.fields)
    if hint:
        sheet.need(sheet.line(sheet.shape.small) + _side(rows[0]))  # not parted from the first codes
        sheet.paragraph([Run(hint, ITALIC)], sheet.shape.small)
    abreast = 2 if sheet.width / 2 >= _LEAST_CELL else 1
    for first in range(0, len(rows), abreast):
        _draw_line(sheet, block, rows[first : first + abreast], sheet.width / abreast)
    sheet.skip(1 * MM * sheet.shape.air)


def _draw_line(sheet: Sheet, block: SlipCode, rows: Sequence[Fields], width: float) -> None:
    """`rows` beside each other, each `width` wide."""
    size = sheet.shape.small
    words = [list(_wrapped(block.lines, row, size, width - _side(row) - 2 * _GAP)) for row in rows]
    quiet = _QUIET * _DOTS * DOT
    heights = [
        max(_side(row), quiet + len(lines) * sheet.line(size)) for row, lines in zip(rows, words, strict=True)
    ]
    sheet.need(max(heights))
    for place, (row, lines) in enumerate(zip(rows, words, strict=True)):
        left = sheet.left + place * width
        _draw_code(sheet, row, left)
        sheet.lines_from(sheet.y + quiet, lines, size, left + _side(row) + _GAP)
    sheet.skip(max(heights))


def _wrapped(texts: Iterable[str], row: Fields, size: float, width: float) -> Iterator[Line]:
    for text in texts:
        yield from wrap(runs(text, row), size, width)


def _draw_code(sheet: Sheet, row: Fields, left: float) -> None:
    if row.get("digits"):
        square, module = long_qr_modules(row["digits"]), _DOTS * DOT
        quiet = _QUIET * module
        sheet.symbol(left + quiet, sheet.y + quiet, module, square.columns * module, square)


def _side(row: Fields) -> float:
    """Of the code with the blank round it; 0 without one."""
    digits = row.get("digits", "")
    return (long_qr_modules(digits).columns + 2 * _QUIET) * _DOTS * DOT if digits else 0.0
