"""What stands otherwise on a roll of 80 mm: heads above each other, a table's row as lines of text."""

from collections.abc import Sequence

from onestop.domain.template import Column, Fields, filled
from onestop.printing.blocks import MOTTO, STATE, underline
from onestop.printing.fonts import ITALIC
from onestop.printing.marks import DOT, MM
from onestop.printing.proof_words import proof_words
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import Modules, code128_modules, qr_modules
from onestop.printing.template_runs import runs
from onestop.printing.wording import BLANK, SHORT_BLANK, SHORT_BLANK_MOMENT
from onestop.printing.wrapping import Run, bold, wrap, wrap_even

_BAR_HEIGHT = 9 * MM
_BAR_DOTS = 2  # the narrowest bar every reader takes
_QR_DOTS = 6
_MOST_QR = 30 * MM
_INDENT = 3 * MM
_HAIR = 0.25
_CLEAR = 0.8  # points: a line of coarse dots does not touch the letters above it


def heads(
    sheet: Sheet, bodies: tuple[str, str], number: str, place_day: str, code: str = "", proof: str = ""
) -> None:
    """The state, the issuing body below its superior, number, place and day, both codes."""
    size = sheet.shape.head
    _centered(sheet, bold(STATE), size * 0.9)
    _underlined(sheet, MOTTO, size, 1)
    sheet.skip(1 * MM)
    _centered(sheet, Run(bodies[0].upper()), size)
    _underlined(sheet, bodies[1].upper(), size, 0.42)
    if number:
        _centered(sheet, Run(f"Số: {number}"), size)
    _centered(sheet, Run(place_day, ITALIC), size)
    if code:
        _codes(sheet, code, proof)


def _centered(sheet: Sheet, run: Run, size: float) -> None:
    lines = wrap_even([run], size, sheet.width)
    sheet.lines_at(lines, size, sheet.left, width=sheet.width, align="center")


def _underlined(sheet: Sheet, text: str, size: float, share: float) -> None:
    """Bold, with a line below it of that share of its length (Nghị định 30/2020)."""
    lines = wrap_even([bold(text)], size, sheet.width)
    sheet.lines_at(lines, size, sheet.left, width=sheet.width, align="center")
    sheet.skip(_CLEAR)
    underline(sheet, sheet.left + sheet.width / 2, lines[-1].width * share if lines else 0)


def _codes(sheet: Sheet, code: str, proof: str) -> None:
    """A bar code too long for two dots a bar is left out: no reader takes a finer one from a roll."""
    sheet.skip(1.5 * MM)
    bars, square = code128_modules(code), qr_modules(proof or code)
    if bars.columns * _BAR_DOTS * DOT <= sheet.width:
        _symbol(sheet, bars, _BAR_DOTS * DOT, _BAR_HEIGHT)
        sheet.skip(1 * MM)
    fitting = (n for n in range(_QR_DOTS, 3, -1) if square.columns * n * DOT <= _MOST_QR)
    module = next(fitting, 3) * DOT
    sheet.skip(module * 2)
    _symbol(sheet, square, module, square.rows * module)
    sheet.skip(module * 4)
    _centered(sheet, bold(code), sheet.shape.body)
    if proof:
        _centered(sheet, Run(proof_words(proof)), sheet.shape.body)


def _symbol(sheet: Sheet, modules: Modules, wide: float, height: float) -> None:
    """In the middle, from a whole dot on."""
    free = sheet.width - modules.columns * wide
    sheet.symbol(sheet.left + int(free / 2 / DOT) * DOT, sheet.y, wide, height, modules)
    sheet.skip(height)


def draw_row(sheet: Sheet, columns: Sequence[Column], row: Fields) -> None:
    """`1. Giấy khai sinh`, and below it `Bản chính: 01 · Bản chụp: 02`, a hair line under both."""
    lead = next((column for column in columns if column.is_lead), None)
    lead = lead or max(columns, key=lambda column: column.share)
    words = {id(column): runs(column.text, row) for column in columns}
    number = words[id(columns[0])] if columns[0] is not lead and _is_number(columns[0], row) else []
    shown = [Run(f"{number[0].text.strip()}.")] if number else []
    sheet.paragraph([*shown, *(words[id(lead)] or [Run(BLANK)])])
    rest = [c for c in columns if c is not lead and not (number and c is columns[0])]
    behind = [_behind(column, words[id(column)], is_blank=not row) for column in rest]
    parts = [run for part in behind if part for run in (Run("·"), *part)]
    sheet.paragraph(parts[1:], sheet.shape.small, _INDENT)
    sheet.skip(1.5)
    sheet.rule(sheet.left, sheet.right, _HAIR)
    sheet.skip(1.5)


def _is_number(column: Column, row: Fields) -> bool:
    return filled(column.text, row).strip().isdigit()


def _behind(column: Column, words: list[Run], *, is_blank: bool) -> list[Run]:
    """Dots where a person writes; nothing where there is nothing to say."""
    if words:
        return [Run(f"{column.heading}:"), *words] if column.heading else words
    return [Run(f"{column.heading}: {SHORT_BLANK}")] if is_blank or not column.text else []


def draw_hand_over(sheet: Sheet, row: Fields, number: int) -> None:
    """Who gave it to whom and when, with room for two signatures."""
    sides = (
        (f"{number}. Giao", "from_unit", "handed_at"),
        (f"{number + 1}. Nhận", "to_unit", "taken_at"),
    )
    for label, unit, at in sides:
        sheet.paragraph([bold(f"{label}:"), Run(row.get(unit) or SHORT_BLANK)])
        sheet.paragraph([Run(row.get(at) or SHORT_BLANK_MOMENT)], sheet.shape.small, _INDENT)
    if row.get("outcome"):
        sheet.paragraph([Run("Kết quả:"), bold(row["outcome"])])
    if row.get("note"):
        sheet.paragraph([Run("Ghi chú:"), Run(row["note"])])
    _two_signers(sheet, row)
    sheet.skip(1.5)
    sheet.rule(sheet.left, sheet.right, _HAIR)
    sheet.skip(2.5)


def _two_signers(sheet: Sheet, row: Fields) -> None:
    size, half = sheet.shape.small, sheet.width / 2
    ends = []
    for x, role, name in (
        (sheet.left, "Người giao", row.get("from_officer", "")),
        (sheet.left + half, "Người nhận", row.get("to_officer", "")),
    ):
        y = sheet.lines_from(sheet.y, wrap([bold(role)], size, half), size, x, width=half, align="center")
        lines = wrap_even([Run(name)], size, half - 2 * MM)
        ends.append(sheet.lines_from(y + 9 * MM, lines, size, x, width=half, align="center"))
    sheet.y = max(ends)
