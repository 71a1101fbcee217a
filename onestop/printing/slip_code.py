"""The QR code from which another agency goes on without a line, and what stands beside it."""

from collections.abc import Sequence

from onestop.domain.template import Facts, SlipCode, field_names, filled
from onestop.printing.code_rows import draw_code_rows
from onestop.printing.fonts import ITALIC
from onestop.printing.marks import MM
from onestop.printing.quiet_code import QuietCode, draw_quiet, quiet_code
from onestop.printing.sheet import Sheet
from onestop.printing.template_runs import runs
from onestop.printing.wrapping import Line, Run, wrap

Lines = Sequence[Sequence[Run]]

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
    code = quiet_code(facts.digits, sheet.width)
    hint = wrap([Run(filled(block.hint, facts.fields), ITALIC)], _hint_size(sheet), code.side)
    is_narrow = sheet.shape.is_roll or sheet.width - code.side - _GAP < sheet.width * _LEAST_SHARE
    (_draw_below if is_narrow else _draw_beside)(sheet, lines, code, hint)


def _draw_below(sheet: Sheet, lines: Lines, code: QuietCode, hint: Sequence[Line]) -> None:
    _draw_lines(sheet, lines, sheet.width)
    sheet.need(_height(sheet, code, hint))
    sheet.y = _draw_code(sheet, code, sheet.left + (sheet.width - code.side) / 2, hint)


def _draw_beside(sheet: Sheet, lines: Lines, code: QuietCode, hint: Sequence[Line]) -> None:
    sheet.need(_height(sheet, code, hint))
    column = len(sheet.pages), sheet.left
    end = _draw_code(sheet, code, sheet.right - code.side, hint)
    _draw_lines(sheet, lines, sheet.width - code.side - _GAP)
    if (len(sheet.pages), sheet.left) == column:
        sheet.y = max(sheet.y, end)


def _says_something(line: str, facts: Facts) -> bool:
    names = field_names(line)
    return not names or any(facts.fields.get(name, "").strip() for name in names)


def _draw_lines(sheet: Sheet, lines: Lines, width: float) -> None:
    size = sheet.shape.small
    for line in lines:
        for words in wrap(line, size, width):
            sheet.need(sheet.line(size))
            sheet.lines_at([words], size, sheet.left)
        sheet.skip(size * 0.25)


def _height(sheet: Sheet, code: QuietCode, hint: Sequence[Line]) -> float:
    return code.side + len(hint) * sheet.line(_hint_size(sheet))


def _draw_code(sheet: Sheet, code: QuietCode, left: float, hint: Sequence[Line]) -> float:
    """From `sheet.y` on, which does not move; gives back where it ends."""
    draw_quiet(sheet, code, left)
    below = sheet.y + code.side
    return sheet.lines_from(below, hint, _hint_size(sheet), left, width=code.side, align="center")


def _hint_size(sheet: Sheet) -> float:
    return max(7.0, sheet.shape.small * 0.8)
