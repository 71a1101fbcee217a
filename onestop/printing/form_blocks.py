"""How each block of a template is drawn on a sheet."""

from collections.abc import Callable, Generator, Sequence
from itertools import chain, groupby, islice
from typing import Any, Final

from onestop.domain.template import (
    Column as ColumnSpec,
)
from onestop.domain.template import (
    Facts,
    Fields,
    Gap,
    Grid,
    HandOvers,
    Heads,
    Labelled,
    Listing,
    Note,
    Pair,
    Paragraph,
    Signatures,
    SlipCode,
    Title,
    filled,
)
from onestop.printing import blocks, roll
from onestop.printing.fonts import BOLD
from onestop.printing.hand_overs import draw_hand_overs
from onestop.printing.marks import MM
from onestop.printing.sheet import Sheet
from onestop.printing.slip_code import draw_slip_code
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.template_runs import runs
from onestop.printing.wording import BLANK
from onestop.printing.wrapping import Run

Draw = Callable[[Sheet, Any, Facts], None]

_INDENT = 4 * MM
_FIRST_LINE = 10 * MM  # Nghị định 30/2020, Phụ lục I: 1 cm or 1.27 cm


def grid_steps(sheet: Sheet, block: Grid, facts: Facts) -> Generator[None, None, int]:
    """The table, pausing after each row; gives back how many rows were filled."""
    rows = iter(facts.rows.get(block.rows, ()))
    first = list(islice(rows, 1))
    if not first and not block.least:
        if block.label or block.empty:
            sheet.paragraph([*_label(block.label), Run(block.empty)])
        return 0
    if block.label:
        sheet.need(sheet.line(sheet.shape.body) * 8)  # not parted from the table's first row
        sheet.paragraph(_label(block.label))
    draw_row = _row_drawer(sheet, block)
    count = 0
    for row in chain(first, rows):
        draw_row(row)
        count += 1
        yield
    for _ in range(block.least - count):
        draw_row({})
    sheet.skip(1 * MM * sheet.shape.air)
    return count


def _row_drawer(sheet: Sheet, block: Grid) -> Callable[[Fields], None]:
    """Starts the table; gives back what draws one row of it."""
    sheet.skip(1 * MM * sheet.shape.air)
    if sheet.shape.is_roll:
        return lambda row: roll.draw_row(sheet, block.columns, row)
    columns = [Column(column.share, column.align) for column in block.columns]
    table = Table(sheet, columns, head_cells(block.columns), _grid_size(sheet, block))
    return lambda row: table.row([runs(column.text, row) for column in block.columns])


def _grid_size(sheet: Sheet, block: Grid) -> float:
    shape = sheet.shape
    return {"body": shape.body, "small": shape.small}.get(block.size, shape.fine)


def head_cells(columns: Sequence[ColumnSpec]) -> list[HeadCell]:
    """One level, or two where columns stand under a common heading."""
    if not any(column.group for column in columns):
        return [HeadCell(column.heading, n, n) for n, column in enumerate(columns)]
    cells = []
    for group, numbered in groupby(enumerate(columns), lambda each: each[1].group):
        places = [(n, column.heading) for n, column in numbered]
        if group:
            cells.append(HeadCell(group, places[0][0], places[-1][0]))
        cells += [HeadCell(words, n, n, 1 if group else 0, 1) for n, words in places]
    return cells


def _label(label: str) -> list[Run]:
    return [Run(f"{label}:")] if label else []


def _heads(sheet: Sheet, block: Heads, facts: Facts) -> None:
    draw = roll.heads if sheet.shape.is_roll else blocks.heads
    draw(
        sheet,
        (facts.fields.get("superior_body", ""), facts.fields.get("issuing_body", "")),
        filled(block.number, facts.fields),
        filled(block.place_day, facts.fields),
        facts.code if block.has_codes else "",
        facts.proof,
    )


def _title(sheet: Sheet, block: Title, facts: Facts) -> None:
    notes = [filled(note, facts.fields).strip() for note in block.notes]
    blocks.title(sheet, filled(block.text, facts.fields), [note for note in notes if note])


def _line(sheet: Sheet, block: Labelled, facts: Facts) -> None:
    blocks.labelled(sheet, block.label, filled(block.text, facts.fields), is_strong=block.is_strong)


def _pair(sheet: Sheet, block: Pair, facts: Facts) -> None:
    left = (block.left_label, filled(block.left_text, facts.fields))
    right = (block.right_label, filled(block.right_text, facts.fields))
    blocks.labelled_pair(sheet, left, right)


def _text(sheet: Sheet, block: Paragraph, facts: Facts) -> None:
    """Justified text is indented in its first line, as in a letter; other text as a whole."""
    shape = sheet.shape
    sizes = {"body": shape.body, "small": shape.small, "head": shape.head}
    words = runs(block.text, facts.fields, is_italic=block.is_italic)
    size, is_letter = sizes.get(block.size, shape.title), block.align == "justify"
    indent = 0.0 if is_letter or not block.has_indent else _INDENT
    first = _FIRST_LINE if is_letter and block.has_indent else 0.0
    if all(run.face == BOLD for run in words):  # a heading is not parted from what it is the heading of
        sheet.need(sheet.line(size) * 3)
    sheet.paragraph(words, size, indent, block.align, first)


def _list(sheet: Sheet, block: Listing, facts: Facts) -> None:
    lines = [runs(block.text, row) for row in facts.rows.get(block.rows, ())]
    label = _label(block.label)
    if len(lines) == 1 and label:
        sheet.paragraph([*label, *lines[0]])
        return
    if label or not lines:
        sheet.need(sheet.line(sheet.shape.body) * min(3, 1 + len(lines)))  # not parted from the first line
        sheet.paragraph([*label, *([] if lines else [Run(block.empty or BLANK)])])
    for line in lines:
        sheet.paragraph([Run(block.mark), *line], indent=_INDENT)


def _signatures(sheet: Sheet, block: Signatures, facts: Facts) -> None:
    signers = [
        (
            filled(signer.role, facts.fields),
            filled(signer.hint, facts.fields),
            filled(signer.name, facts.fields),
        )
        for signer in block.signers
    ]
    blocks.signed(sheet, signers, [filled(line, facts.fields) for line in block.recipients])


def _note(sheet: Sheet, block: Note, facts: Facts) -> None:
    blocks.note(sheet, block.label, filled(block.text, facts.fields))


def _gap(sheet: Sheet, block: Gap, facts: Facts) -> None:
    blank = block.mm * MM * sheet.shape.air
    sheet.skip(blank)
    if block.has_rule:
        sheet.rule(sheet.left, sheet.right, 0.5)
        sheet.skip(blank)


DRAW: Final[dict[type, Draw]] = {
    Heads: _heads,
    Title: _title,
    Labelled: _line,
    Pair: _pair,
    Paragraph: _text,
    Listing: _list,
    Signatures: _signatures,
    Note: _note,
    Gap: _gap,
    HandOvers: draw_hand_overs,
    SlipCode: draw_slip_code,
}
"""All but tables and blocks of blocks, which pause between their parts."""
