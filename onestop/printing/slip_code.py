"""The QR code from which another agency goes on without a line, and what stands beside it."""

from onestop.domain.template import Facts, SlipCode, field_names, filled
from onestop.printing.code_rows import draw_code_rows
from onestop.printing.fonts import ITALIC
from onestop.printing.marks import DOT, MM
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import Modules, long_qr_modules
from onestop.printing.template_runs import runs
from onestop.printing.wrapping import Line, Run, wrap

_DOTS = 4  # of a 203-dpi printer to a module
_LEAST_DOTS = 2  # rather fine than none at all
_QUIET = 4  # modules that a reader wants blank round the code
_GAP = 4 * MM
_LEAST_SHARE = 0.3  # of the width for the words; else the code stands below them


def draw_slip_code(sheet: Sheet, block: SlipCode, facts: Facts) -> None:
    """The lines at the left and the code of `facts.digits` at the right; no code without digits.

    A line whose fields are all empty is left out."""
    if block.rows:
        draw_code_rows(sheet, block, facts)
        return
    lines = [runs(line, facts.fields) for line in block.lines if _says_something(line, facts)]
    if not facts.digits:
        _draw_lines(sheet, lines, sheet.width)
        return
    square = long_qr_modules(facts.digits)
    module = _module(square, sheet.width)
    side = (square.columns + 2 * _QUIET) * module
    room = sheet.width - side - _GAP
    hint = wrap([Run(filled(block.hint, facts.fields), ITALIC)], _hint_size(sheet), side)
    height = side + len(hint) * sheet.line(_hint_size(sheet))
    if room < sheet.width * _LEAST_SHARE:
        _draw_lines(sheet, lines, sheet.width)
        sheet.need(height)
        left = sheet.left + (sheet.width - side) / 2
        sheet.y = _draw_code(sheet, square, module, left, hint)
        return
    sheet.need(height)
    end = _draw_code(sheet, square, module, sheet.right - side, hint)
    first_page = len(sheet.pages)
    _draw_lines(sheet, lines, room)
    if len(sheet.pages) == first_page:
        sheet.y = max(sheet.y, end)


def _says_something(line: str, facts: Facts) -> bool:
    names = field_names(line)
    return not names or any(facts.fields.get(name, "").strip() for name in names)


def _draw_lines(sheet: Sheet, lines: list[list[Run]], width: float) -> None:
    size = sheet.shape.small
    for line in lines:
        for words in wrap(line, size, width):
            sheet.need(sheet.line(size))
            sheet.lines_at([words], size, sheet.left)
        sheet.skip(size * 0.25)


def _draw_code(sheet: Sheet, square: Modules, module: float, left: float, hint: list[Line]) -> float:
    """From `sheet.y` on, which does not move; gives back where it ends."""
    quiet, side = _QUIET * module, square.columns * module
    sheet.symbol(left + quiet, sheet.y + quiet, module, side, square)
    below = sheet.y + side + 2 * quiet
    return sheet.lines_from(below, hint, _hint_size(sheet), left, width=side + 2 * quiet, align="center")


def _module(square: Modules, width: float) -> float:
    """Whole dots of a 203-dpi printer, as many as there is room for."""
    fitting = (n for n in range(_DOTS, _LEAST_DOTS, -1) if (square.columns + 2 * _QUIET) * n * DOT <= width)
    return next(fitting, _LEAST_DOTS) * DOT


def _hint_size(sheet: Sheet) -> float:
    return max(7.0, sheet.shape.small * 0.8)
