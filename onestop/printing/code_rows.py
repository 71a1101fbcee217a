"""A QR code for each row of a list, with words beside it: two in a line where the sheet is wide enough."""

from collections.abc import Sequence
from typing import NamedTuple

from onestop.domain.template import Facts, Fields, SlipCode, filled
from onestop.printing.fonts import ITALIC
from onestop.printing.marks import MM
from onestop.printing.quiet_code import QuietCode, draw_quiet, quiet_code
from onestop.printing.sheet import Sheet
from onestop.printing.template_runs import runs
from onestop.printing.wrapping import Line, Run, wrap

_LEAST_CELL = 58 * MM
_GAP = 1 * MM
_LEAST_WORDS = 20 * MM  # room for words beside a code, however wide that is
_ABOVE = 2 * MM  # blank above the words: as much as a code has


class _Cell(NamedTuple):
    """One row, laid out; no code where it has no digits."""

    code: QuietCode | None
    lines: list[Line]
    height: float

    @property
    def words_at(self) -> float:
        """How far in from the cell's left edge its words begin."""
        return (self.code.side if self.code else 0.0) + _GAP


def draw_code_rows(sheet: Sheet, block: SlipCode, facts: Facts) -> None:
    """The hint first, as a line of its own; then the rows, none of them parted by a page's end."""
    rows = tuple(facts.rows.get(block.rows, ()))
    if not rows:
        return
    abreast = 2 if sheet.width / 2 >= _LEAST_CELL else 1
    width = sheet.width / abreast
    cells = [_cell(sheet, block, row, width) for row in rows]
    hint = filled(block.hint, facts.fields)
    if hint:
        sheet.need(sheet.line(sheet.shape.small) + cells[0].height)  # not parted from the first codes
        sheet.paragraph([Run(hint, ITALIC)], sheet.shape.small)
    for first in range(0, len(cells), abreast):
        _draw_line(sheet, cells[first : first + abreast], width)
    sheet.skip(1 * MM * sheet.shape.air)


def _cell(sheet: Sheet, block: SlipCode, row: Fields, width: float) -> _Cell:
    digits, size = row.get("digits", ""), sheet.shape.small
    code = quiet_code(digits, width - _LEAST_WORDS) if digits else None
    side = code.side if code else 0.0
    lines = [line for text in block.lines for line in wrap(runs(text, row), size, width - side - 2 * _GAP)]
    return _Cell(code, lines, max(side, _ABOVE + len(lines) * sheet.line(size)))


def _draw_line(sheet: Sheet, cells: Sequence[_Cell], width: float) -> None:
    """Beside each other, each `width` wide."""
    height = max(cell.height for cell in cells)
    sheet.need(height)
    for place, cell in enumerate(cells):
        left = sheet.left + place * width
        if cell.code:
            draw_quiet(sheet, cell.code, left)
        sheet.lines_from(sheet.y + _ABOVE, cell.lines, sheet.shape.small, left + cell.words_at)
    sheet.skip(height)
