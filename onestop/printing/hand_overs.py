"""The blocks of the control slip: who gave the folder to whom, when, and how the time was kept."""

from typing import Final, NamedTuple

from onestop.domain.template import Facts, Fields, HandOvers
from onestop.printing import roll
from onestop.printing.marks import MM, Rule
from onestop.printing.sheet import Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wording import SHORT_BLANK, SHORT_BLANK_MOMENT
from onestop.printing.wrapping import Line, Run, bold, wrap, wrap_even

OUTCOMES: Final = ("Trước hạn", "Đúng hạn", "Quá hạn")
"""What a row's `outcome` may say; the one it says is ticked."""

_COLUMNS = (Column(29), Column(85), Column(22), Column(24))
_HEAD = (
    HeadCell("TÊN CƠ QUAN", 0, 0),
    HeadCell("THỜI GIAN GIAO, NHẬN HỒ SƠ", 1, 1),
    HeadCell("KẾT QUẢ GIẢI QUYẾT HỒ SƠ", 2, 2),
    HeadCell("GHI CHÚ", 3, 3),
)
_SIDE = 3.0  # blank round what is written in a block, points
_SIGN_ROOM = 11 * MM
_MOST_LINES = 12  # longer notes go on in a row of their own, which may run over a page's end


class _Block(NamedTuple):
    """One hand-over, wrapped: the cells, and the two signers below the moments."""

    units: list[Line]
    moments: list[Line]
    signers: tuple[list[Line], list[Line]]
    names: tuple[list[Line], list[Line]]
    note: list[Line]
    outcome: str


def draw_hand_overs(sheet: Sheet, block: HandOvers, facts: Facts) -> None:
    """Rows `hand_overs` of `from_unit`, `from_officer`, `to_unit`, `to_officer`, `handed_at`,
    `taken_at`, `outcome`, `note`; what is empty is left to be written by hand."""
    rows = list(facts.rows.get("hand_overs", ()))
    rows += [{}] * (block.least - len(rows))
    if sheet.shape.is_roll:
        for number, row in enumerate(rows):
            roll.draw_hand_over(sheet, row, number * 2 + 1)
        return
    table = Table(sheet, _COLUMNS, _HEAD, sheet.shape.small)
    for number, row in enumerate(rows):
        _draw(sheet, table, _block(table, sheet.shape.small, row, number * 2 + 1))


def _block(table: Table, size: float, row: Fields, number: int) -> _Block:
    units = [
        *table.wrapped(0, [Run(f"{number}. Giao:"), Run(row.get("from_unit") or SHORT_BLANK)]),
        *table.wrapped(0, [Run(f"{number + 1}. Nhận:"), Run(row.get("to_unit") or SHORT_BLANK)]),
    ]
    moments = [
        *table.wrapped(1, [Run(f"Giao: {row.get('handed_at') or SHORT_BLANK_MOMENT}")]),
        *table.wrapped(1, [Run(f"Nhận: {row.get('taken_at') or SHORT_BLANK_MOMENT}")]),
    ]
    edges = table.edges()
    half = (edges[2] - edges[1]) / 2 - 2 * _SIDE
    signers = wrap([bold("Người giao")], size, half), wrap([bold("Người nhận")], size, half)
    names = (
        wrap_even([Run(row.get("from_officer", ""))], size, half),
        wrap_even([Run(row.get("to_officer", ""))], size, half),
    )
    note = table.wrapped(3, [Run(row.get("note", ""))])
    return _Block(units, moments, signers, names, note, row.get("outcome", ""))


def _draw(sheet: Sheet, table: Table, block: _Block) -> None:
    size = sheet.shape.small
    signing = 4 + sheet.line(size) * (1 + max(1, *map(len, block.names))) + _SIGN_ROOM
    middle = len(block.moments) * sheet.line(size) + signing
    side = min(_MOST_LINES, max(len(block.units), len(block.note))) * sheet.line(size)
    height = max(middle, side) + 2 * _SIDE
    if height > sheet.room:
        table.go_on()
    edges, top = table.edges(), sheet.y + _SIDE
    sheet.lines_from(top, block.units[:_MOST_LINES], size, edges[0] + _SIDE)
    _draw_middle(sheet, block, edges[1], edges[2])
    _draw_outcomes(sheet, block.outcome, edges[2] + _SIDE)
    sheet.lines_from(top, block.note[:_MOST_LINES], size, edges[3] + _SIDE)
    table.frame(height)
    rest = [block.units[_MOST_LINES:], [], [], block.note[_MOST_LINES:]]
    if any(rest):
        table.lines(rest)


def _draw_middle(sheet: Sheet, block: _Block, left: float, right: float) -> None:
    size, half = sheet.shape.small, (right - left) / 2
    y = sheet.lines_from(sheet.y + _SIDE, block.moments, size, left + _SIDE) + 2
    sheet.add(Rule(left, y, right, y, 0.25))
    y += 2
    for x, signer, name in zip((left, left + half), block.signers, block.names, strict=True):
        below = sheet.lines_from(y, signer, size, x, width=half, align="center") + _SIGN_ROOM - 2 * _SIDE
        sheet.lines_from(below, name, size, x, width=half, align="center")


def _draw_outcomes(sheet: Sheet, outcome: str, x: float) -> None:
    """The three answers, the right one ticked; none while the step is not done."""
    size, y = sheet.shape.small, sheet.y + _SIDE
    for choice in OUTCOMES:
        sheet.square(x, y + size * 0.2, size * 0.75, is_ticked=choice == outcome)
        y = sheet.lines_from(y, wrap([Run(choice)], size, 1000), size, x + size * 1.2) + size * 0.3
