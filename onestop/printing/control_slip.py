"""Mẫu 06: phiếu kiểm soát quá trình giải quyết hồ sơ; it travels with the paper folder."""

from typing import NamedTuple

from onestop.printing import blocks
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Rule
from onestop.printing.papers import ControlSlipPaper, HandOver, Outcome
from onestop.printing.sheet import A4_SLIP, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.transfer_note import transfer_note
from onestop.printing.wording import SHORT_BLANK, moment_words
from onestop.printing.wrapping import Line, Run, bold, wrap, wrap_even

TITLE = "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ"

_COLUMNS = (Column(30), Column(78), Column(24), Column(28))
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
    outcome: Outcome | None


def control_slip_pdf(paper: ControlSlipPaper) -> bytes:
    """The slip on A4, upright. Raises PrintError."""
    sheet = Sheet(A4_SLIP, f"Phiếu kiểm soát · Mã hồ sơ: {paper.code}", paper.form_version)
    blocks.heads(sheet, paper.letterhead, "", paper.received_at, paper.code)
    sheet.skip(3 * MM)
    blocks.title(sheet, TITLE, ())
    sheet.skip(1.5 * MM)
    _facts(sheet, paper)
    sheet.skip(2 * MM)
    _hand_overs(sheet, paper)
    if paper.transfer is not None:
        transfer_note(sheet, paper.transfer)
    imprint = Imprint(f"{TITLE} {paper.code}", paper.letterhead.issuing_body, paper.code, paper.made_at)
    return ink(sheet.finish(), A4_SLIP, imprint)


def _facts(sheet: Sheet, paper: ControlSlipPaper) -> None:
    book = ("Vào sổ theo dõi hồ sơ, Quyển số", paper.register_book)
    blocks.labelled_pair(sheet, book, ("Số thứ tự", paper.register_number))
    blocks.labelled(sheet, "Kèm theo hồ sơ của", paper.owner_name, is_strong=True)
    blocks.labelled(sheet, "Nội dung yêu cầu giải quyết", paper.procedure_name)
    blocks.labelled(sheet, "Ngày nhận", moment_words(paper.received_at))
    due = moment_words(paper.due_at)
    blocks.labelled(sheet, "Ngày, giờ hẹn trả kết quả", due, is_strong=bool(paper.due_at))
    blocks.labelled(sheet, "Cơ quan (bộ phận) giải quyết hồ sơ", paper.competent_agency)
    blocks.labelled(sheet, "Cơ quan phối hợp giải quyết hồ sơ", paper.consulted_agencies or "không có")


def _hand_overs(sheet: Sheet, paper: ControlSlipPaper) -> None:
    table = Table(sheet, _COLUMNS, _HEAD, sheet.shape.small)
    blank = (HandOver(),) * max(0, paper.min_blocks - len(paper.hand_overs))
    for number, hand_over in enumerate((*paper.hand_overs, *blank)):
        _draw(sheet, table, _block(table, sheet.shape.small, hand_over, number * 2 + 1))


def _block(table: Table, size: float, hand_over: HandOver, number: int) -> _Block:
    units = [
        *table.wrapped(0, [Run(f"{number}. Giao:"), Run(hand_over.from_unit or SHORT_BLANK)]),
        *table.wrapped(0, [Run(f"{number + 1}. Nhận:"), Run(hand_over.to_unit or SHORT_BLANK)]),
    ]
    moments = [
        *table.wrapped(1, [Run(f"Giao: {moment_words(hand_over.handed_at)}")]),
        *table.wrapped(1, [Run(f"Nhận: {moment_words(hand_over.taken_at)}")]),
    ]
    edges = table.edges()
    half = (edges[2] - edges[1]) / 2 - 2 * _SIDE
    signers = wrap([bold("Người giao")], size, half), wrap([bold("Người nhận")], size, half)
    names = (
        wrap_even([Run(hand_over.from_officer)], size, half),
        wrap_even([Run(hand_over.to_officer)], size, half),
    )
    note = table.wrapped(3, [Run(hand_over.note)])
    return _Block(units, moments, signers, names, note, hand_over.outcome)


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


def _draw_outcomes(sheet: Sheet, outcome: Outcome | None, x: float) -> None:
    """The three answers, the right one ticked; none while the step is not done."""
    size, y = sheet.shape.small, sheet.y + _SIDE
    for choice in Outcome:
        sheet.square(x, y + size * 0.2, size * 0.75, is_ticked=choice is outcome)
        y = sheet.lines_from(y, wrap([Run(choice)], size, 1000), size, x + size * 1.2) + size * 0.3
