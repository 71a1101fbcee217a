"""Any paper whose template is data: its blocks, one after the other, on the sheet that was asked for."""

from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice
from typing import Any, Final

from onestop.domain.template import (
    Block,
    Facts,
    Fields,
    Gap,
    Grid,
    Heads,
    Labelled,
    Listing,
    Note,
    Pair,
    Paragraph,
    Signatures,
    Template,
    Title,
    Together,
    filled,
    flat,
)
from onestop.domain.template import (
    Column as ColumnSpec,
)
from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Mark
from onestop.printing.shapes import LADDERS, beside
from onestop.printing.sheet import Shape, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wrapping import Run, bold

Put = Callable[[Sheet, Any, Facts], None]


def form_pdf(template: Template, facts: Facts, size: str, copies: int = 0) -> bytes:
    """One PDF with every copy after the other; `copies` 0 for all the template has. Raises PrintError."""
    pages, shape = form_pages(template, facts, size, copies)
    return ink(pages, shape, _imprint(template, facts))


def form_pages(
    template: Template, facts: Facts, size: str, copies: int = 0
) -> tuple[list[list[Mark]], Shape]:
    """The marks of every page, and the sheet they stand on."""
    names = template.copies[:copies] if copies else template.copies
    facts = replace(facts, rows={name: tuple(rows) for name, rows in facts.rows.items()})
    ladder = LADDERS[size]
    first = _copy(facts, names[0])
    shape = next((each for each in ladder if len(_laid_out(template, first, each)) == 1), ladder[-2])
    pages = [page for name in names for page in _laid_out(template, _copy(facts, name), shape)]
    return beside(pages, shape) if size == "A5_TWO" else (pages, shape)


def form_stream(
    template: Template, facts: Facts, size: str, on_page: Callable[[int], None] | None = None
) -> bytes:
    """The first copy of a paper that may be thousands of pages, in the usual setting of its size.

    Rows may be generators, read once, line by line; each page is let go when it is drawn. `on_page`
    hears its number, from 1, and may raise to stop. The total is not known, so pages say theirs alone.
    """
    shape = LADDERS[size][0]
    pages = _streamed(template, _copy(_read_once(template, facts), template.copies[0]), shape)
    return ink(_told(pages, on_page), shape, _imprint(template, facts))


def put(sheet: Sheet, parts: Iterable[Block], facts: Facts) -> None:
    """Draws the blocks whose `when` holds."""
    deque(_steps(sheet, parts, facts), maxlen=0)


def _steps(sheet: Sheet, parts: Iterable[Block], facts: Facts) -> Iterator[None]:
    """As `put`, pausing after each block and each row of a table, so that full pages can be taken."""
    for block in parts:
        if block.when and not filled(block.when, facts.fields).strip():
            continue
        if isinstance(block, Grid):
            count = yield from _grid_steps(sheet, block, facts)
            facts = replace(facts, fields={**facts.fields, "row_count": str(count)})
        else:
            _PUT[type(block)](sheet, block, facts)
            yield


def _streamed(template: Template, facts: Facts, shape: Shape) -> Iterator[list[Mark]]:
    sheet = _sheet(template, facts, shape)
    for _ in _steps(sheet, template.blocks, facts):
        yield from sheet.full_pages()
    yield from sheet.finish(is_counted=False)


def _told(pages: Iterable[list[Mark]], on_page: Callable[[int], None] | None) -> Iterator[list[Mark]]:
    for number, page in enumerate(pages, 1):
        yield page
        if on_page is not None:
            on_page(number)


def _read_once(template: Template, facts: Facts) -> Facts:
    """Rows stay a generator where one table on the paper's first level shows them; else are held."""
    shown = Counter(block.rows for block in flat(template.blocks) if isinstance(block, (Grid, Listing)))
    first = {block.rows for block in template.blocks if isinstance(block, Grid) and shown[block.rows] == 1}
    held = {name: rows if name in first else tuple(rows) for name, rows in facts.rows.items()}
    return replace(facts, rows=held)


def _imprint(template: Template, facts: Facts) -> Imprint:
    title = f"{template.name} {facts.code}".strip()
    return Imprint(title, facts.fields.get("issuing_body", ""), facts.code, facts.made_at)


def _copy(facts: Facts, name: str) -> Facts:
    return replace(facts, fields={**facts.fields, "copy": name})


def _sheet(template: Template, facts: Facts, shape: Shape) -> Sheet:
    return Sheet(shape, filled(template.running_head, facts.fields), _form_words(template))


def _laid_out(template: Template, facts: Facts, shape: Shape) -> list[list[Mark]]:
    sheet = _sheet(template, facts, shape)
    put(sheet, template.blocks, facts)
    return sheet.finish()


def _form_words(template: Template) -> str:
    """What stands in the corner: which form in which version."""
    number = f"Mẫu số {template.form}" if template.circular else ""
    parts = (number, template.circular, f"bản trình bày {template.version}")
    return " · ".join(part for part in parts if part)


def runs(text: str, fields: Fields, *, is_italic: bool = False) -> list[Run]:
    """Text with its fields filled in; what stands between `**` is bold."""
    made = []
    for number, part in enumerate(text.split("**")):
        words = filled(part, fields)
        if words.strip():
            made.append(bold(words) if number % 2 else Run(words, ITALIC) if is_italic else Run(words))
    return made


def _put_heads(sheet: Sheet, block: Heads, facts: Facts) -> None:
    blocks.heads_of(
        sheet,
        (facts.fields.get("superior_body", ""), facts.fields.get("issuing_body", "")),
        filled(block.number, facts.fields),
        filled(block.place_day, facts.fields),
        facts.code if block.has_codes else "",
        facts.proof,
    )


def _put_title(sheet: Sheet, block: Title, facts: Facts) -> None:
    notes = [filled(note, facts.fields).strip() for note in block.notes]
    blocks.title(sheet, filled(block.text, facts.fields), [note for note in notes if note])


def _put_line(sheet: Sheet, block: Labelled, facts: Facts) -> None:
    blocks.labelled(sheet, block.label, filled(block.text, facts.fields), is_strong=block.is_strong)


def _put_pair(sheet: Sheet, block: Pair, facts: Facts) -> None:
    left = (block.left_label, filled(block.left_text, facts.fields))
    right = (block.right_label, filled(block.right_text, facts.fields))
    blocks.labelled_pair(sheet, left, right)


def _put_text(sheet: Sheet, block: Paragraph, facts: Facts) -> None:
    sizes = {"body": sheet.shape.body, "small": sheet.shape.small, "head": sheet.shape.head}
    sheet.paragraph(
        runs(block.text, facts.fields, is_italic=block.is_italic),
        sizes.get(block.size, sheet.shape.title),
        4 * MM if block.has_indent else 0,
        block.align,
    )


def _grid_steps(sheet: Sheet, block: Grid, facts: Facts) -> Generator[None, None, int]:
    """The table, pausing after each row; gives back how many rows were filled."""
    rows = iter(facts.rows.get(block.rows, ()))
    first = list(islice(rows, 1))
    if not first and not block.least:
        if block.label or block.empty:
            label = [Run(f"{block.label}:")] if block.label else []
            sheet.paragraph([*label, Run(block.empty)])
        return 0
    if block.label:
        sheet.need(sheet.line(sheet.shape.body) * 8)  # not parted from the table's first row
        sheet.paragraph([Run(f"{block.label}:")])
    sheet.skip(1 * MM * sheet.shape.air)
    columns = [Column(column.share, column.align) for column in block.columns]
    table = Table(sheet, columns, head_cells(block.columns), sheet.shape.fine)
    count = 0
    for row in chain(first, rows):
        table.row([runs(column.text, row) for column in block.columns])
        count += 1
        yield
    for _ in range(block.least - count):
        table.row([runs(column.text, {}) for column in block.columns])
    sheet.skip(1 * MM * sheet.shape.air)
    return count


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


def _put_list(sheet: Sheet, block: Listing, facts: Facts) -> None:
    lines = [runs(block.text, row) for row in facts.rows.get(block.rows, ())]
    label = [Run(f"{block.label}:")] if block.label else []
    if len(lines) == 1 and label:
        sheet.paragraph([*label, *lines[0]])
        return
    if label or not lines:
        sheet.paragraph([*label, *([] if lines else [Run(block.empty)])])
    for line in lines:
        sheet.paragraph([Run(block.mark), *line], indent=4 * MM)


def _put_signatures(sheet: Sheet, block: Signatures, facts: Facts) -> None:
    signers = [
        (
            filled(signer.role, facts.fields),
            filled(signer.hint, facts.fields),
            filled(signer.name, facts.fields),
        )
        for signer in block.signers
    ]
    blocks.signed(sheet, signers, [filled(line, facts.fields) for line in block.recipients])


def _put_note(sheet: Sheet, block: Note, facts: Facts) -> None:
    blocks.note(sheet, block.label, filled(block.text, facts.fields))


def _put_gap(sheet: Sheet, block: Gap, facts: Facts) -> None:
    sheet.skip(block.mm * MM * sheet.shape.air)
    if block.has_rule:
        sheet.rule(sheet.left, sheet.right, 0.5)
        sheet.skip(block.mm * MM * sheet.shape.air)


def _put_together(sheet: Sheet, block: Together, facts: Facts) -> None:
    blocks.kept_together(sheet, lambda onto: put(onto, block.blocks, facts))


_PUT: Final[dict[type, Put]] = {
    Heads: _put_heads,
    Title: _put_title,
    Labelled: _put_line,
    Pair: _put_pair,
    Paragraph: _put_text,
    Listing: _put_list,
    Signatures: _put_signatures,
    Note: _put_note,
    Gap: _put_gap,
    Together: _put_together,
}
