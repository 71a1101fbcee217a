"""Tờ khai: a form of the procedure as the citizen signs it, laid out as Nghị định 30/2020 does."""

from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM
from onestop.printing.papers import (
    DeclarationLine,
    DeclarationPaper,
    DeclarationSection,
    DeclarationTable,
)
from onestop.printing.sheet import A4_SLIP, A4_TIGHT, Shape, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wording import place_and_day
from onestop.printing.wrapping import Run, bold, wrap, wrap_even

_NUMBER_SHARE = 0.45  # of one quarter: the running number of a row
_BLANK_ROWS = 2  # of a table nobody has filled in, to be filled in by hand


def declaration_pdf(paper: DeclarationPaper) -> bytes:
    """The form on A4, upright; tables go on over a page's end. Raises PrintError."""
    sheet = _filled(paper, A4_SLIP)
    if len(sheet.pages) > 1:
        # Rather a little smaller than a signature on a sheet of its own.
        smaller = _filled(paper, A4_TIGHT)
        sheet = smaller if len(smaller.pages) < len(sheet.pages) else sheet
    imprint = Imprint(f"{paper.title} {paper.code}".strip(), paper.addressee, paper.code, paper.made_at)
    return ink(sheet.finish(), sheet.shape, imprint)


def _filled(paper: DeclarationPaper, shape: Shape) -> Sheet:
    running = f"{paper.title} · {paper.code}" if paper.code else paper.title
    sheet = Sheet(shape, running, paper.form_version)
    _heads(sheet, paper)
    shown = [section for section in paper.sections if section.parts]
    for number, section in enumerate(shown, 1):
        _section(sheet, section, number)
    _foot(sheet, paper)
    return sheet


def _heads(sheet: Sheet, paper: DeclarationPaper) -> None:
    top = [part for part in (paper.label, f"Mã hồ sơ: {paper.code}" if paper.code else "") if part]
    for words in top:
        sheet.paragraph([Run(words, ITALIC)], sheet.shape.small, align="right")
    if top:
        sheet.skip(1.5 * MM)
    blocks.state_alone(sheet)
    sheet.skip(5 * MM)
    blocks.title(sheet, paper.title.upper(), ())
    for line in wrap_even([Run(f"({paper.ground})", ITALIC)], sheet.shape.small, sheet.width):
        sheet.lines_at([line], sheet.shape.small, sheet.left, width=sheet.width, align="center")
    sheet.skip(3 * MM)
    for line in wrap_even([Run("Kính gửi:"), bold(paper.addressee)], sheet.shape.body, sheet.width):
        sheet.lines_at([line], sheet.shape.body, sheet.left, width=sheet.width, align="center")


def _section(sheet: Sheet, section: DeclarationSection, number: int) -> None:
    """A heading never stands alone at the foot of a page."""
    size = sheet.shape.body
    sheet.skip(2.2 * MM)
    sheet.need(sheet.line(size) * 3)
    sheet.paragraph([bold(f"{number}. {section.title}")], size)
    if section.note:
        sheet.paragraph([Run(section.note, ITALIC)], sheet.shape.small)
    waiting: DeclarationLine | None = None
    for part in section.parts:
        if isinstance(part, DeclarationLine) and part.is_short and waiting is not None:
            blocks.labelled_pair(sheet, (waiting.label, waiting.text), (part.label, part.text))
            waiting = None
            continue
        _line(sheet, waiting)
        waiting = part if isinstance(part, DeclarationLine) and part.is_short else None
        if waiting is None:
            _part(sheet, part)
    _line(sheet, waiting)


def _part(sheet: Sheet, part: DeclarationLine | DeclarationTable) -> None:
    if isinstance(part, DeclarationTable):
        _table(sheet, part)
    else:
        _line(sheet, part)


def _line(sheet: Sheet, line: DeclarationLine | None) -> None:
    if line is None:
        return
    first, *rest = line.text.splitlines() or [""]
    blocks.labelled(sheet, line.label, first, is_strong=line.is_strong and bool(first))
    for more in rest:
        sheet.paragraph([Run(more)])


def _table(sheet: Sheet, table: DeclarationTable) -> None:
    size = sheet.shape.small
    sheet.need(sheet.line(sheet.shape.body) + sheet.line(size) * 6)
    sheet.paragraph([Run(f"{table.title}:")])
    sheet.skip(1 * MM)
    columns = [Column(_NUMBER_SHARE, "center")]
    columns += [Column(share, "right" if is_number else "left") for _, share, is_number in table.columns]
    titles = ["TT", *(title for title, _, _ in table.columns)]
    drawn = Table(sheet, columns, [HeadCell(words, n, n) for n, words in enumerate(titles)], size)
    blank = (("",) * len(table.columns),) * (0 if table.rows else _BLANK_ROWS)
    for number, row in enumerate((*table.rows, *blank), 1):
        drawn.row([[Run(str(number))], *([Run(text)] for text in row)])
    sheet.skip(1.5 * MM)


def _foot(sheet: Sheet, paper: DeclarationPaper) -> None:
    """What is promised stands on the same page as the signature below it."""
    sheet.skip(2.2 * MM)
    blocks.kept_together(sheet, lambda page: _pledge(page, paper))


def _pledge(sheet: Sheet, paper: DeclarationPaper) -> None:
    if paper.pledge:
        sheet.paragraph([Run(paper.pledge)])
        sheet.skip(2 * MM)
    _signature(sheet, paper)


def _signature(sheet: Sheet, paper: DeclarationPaper) -> None:
    """Place and day, who signs, and room for it, in the right half."""
    size, half = sheet.shape.body, sheet.width * 0.52
    x = sheet.right - half
    lines = (
        [Run(place_and_day(paper.place, paper.made_at), ITALIC)],
        [bold(paper.signer.upper())],
        [Run("(Ký, ghi rõ họ, chữ đệm, tên)", ITALIC)],
    )
    for runs in lines:
        sheet.lines_at(wrap(runs, size, half), size, x, width=half, align="center")
    sheet.skip(size * (2 + 2 * sheet.shape.air))
    name = wrap_even([bold(paper.signer_name)], size, half)
    sheet.lines_at(name, size, x, width=half, align="center")
