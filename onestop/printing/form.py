"""Any paper whose template is data: its blocks, one after the other, on the sheet that was asked for."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from onestop.domain.template import (
    Block,
    Facts,
    Gap,
    Grid,
    HandOvers,
    Listing,
    Template,
    Title,
    Together,
    filled,
    flat,
)
from onestop.printing import blocks
from onestop.printing.form_blocks import DRAW, grid_steps
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import Mark
from onestop.printing.shapes import CROWDED, LADDERS, MOST_COLUMNS, Ladder, beside, cut_off
from onestop.printing.sheet import Shape, Sheet

_WHOLE = ("A5_TWO", "K80")
_USUAL_LEADING = 1.22
_WORTH_IT = 0.04  # of the height of a page
_COLUMN_SLACK = (0.05, 0.15)  # a line, or a block that is not parted, goes over to the second column


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
    copies_of = [_copy(facts, name) for name in names]
    shape, pages = _first_copy(template, copies_of[0], _ladder(template, size))
    pages += [page for other in copies_of[1:] for page in _laid_out(template, other, shape)]
    if size == "A5_TWO":
        return beside(pages, shape)
    return cut_off(pages, shape) if shape.is_roll else (pages, shape)


def form_stream(
    template: Template, facts: Facts, size: str, on_page: Callable[[int], None] | None = None
) -> bytes:
    """The first copy of a paper that may be thousands of pages, in its size's setting for such ones.

    Rows may be generators, read once, line by line; each page is let go when it is drawn. `on_page`
    hears its number, from 1, and may raise to stop. The total is not known, so pages say theirs alone.
    A roll, and two pages on one sheet, are laid out as a whole first.
    """
    if size in _WHOLE:
        whole, shape = form_pages(template, facts, size, 1)
        return ink(_told(whole, on_page), shape, _imprint(template, facts))
    shape = _ladder(template, size).overflow
    pages = _streamed(template, _copy(_read_once(template, facts), template.copies[0]), shape)
    return ink(_told(pages, on_page), shape, _imprint(template, facts))


def put(sheet: Sheet, parts: Iterable[Block], facts: Facts) -> None:
    """Draws the blocks whose `when` holds."""
    deque(_steps(sheet, parts, facts), maxlen=0)


def _steps(sheet: Sheet, parts: Iterable[Block], facts: Facts) -> Iterator[None]:
    """As `put`, pausing after each block and each row of a table, so that full pages can be taken."""
    is_below_title = False
    for block in parts:
        if block.when and not filled(block.when, facts.fields).strip():
            continue
        if is_below_title and not isinstance(block, Gap):
            sheet.start_columns()
        if isinstance(block, Grid):
            count = yield from grid_steps(sheet, block, facts)
            facts = replace(facts, fields={**facts.fields, "row_count": str(count)})
        else:
            _draw(sheet, block, facts)
            is_below_title = is_below_title or isinstance(block, Title)
            yield


def _draw(sheet: Sheet, block: Block, facts: Facts) -> None:
    if isinstance(block, Together):
        blocks.kept_together(sheet, lambda onto: put(onto, block.blocks, facts))
    else:
        DRAW[type(block)](sheet, block, facts)


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


def _ladder(template: Template, size: str) -> Ladder:
    if size not in CROWDED:
        return LADDERS[size]
    is_crowded = any(
        isinstance(block, HandOvers) or (isinstance(block, Grid) and len(block.columns) > MOST_COLUMNS[size])
        for block in flat(template.blocks)
    )
    return CROWDED[size] if is_crowded else LADDERS[size]


def _first_copy(template: Template, facts: Facts, ladder: Ladder) -> tuple[Shape, list[list[Mark]]]:
    """In the first setting that holds it on one page, or as long as it is in that for longer ones."""
    for shape in ladder.settings:
        sheet = _one_page(template, facts, shape)
        if sheet:
            sheet = (_balanced if shape.columns > 1 else _loosened)(template, facts, sheet)
            return sheet.shape, sheet.finish()
    return ladder.overflow, _laid_out(template, facts, ladder.overflow)


def _balanced(template: Template, facts: Facts, sheet: Sheet) -> Sheet:
    """Columns so much shorter that both end at much the same height."""
    for more in _COLUMN_SLACK:
        shape = replace(sheet.shape, column_share=sheet.column_fill + more)
        lower = _one_page(template, facts, shape) if shape.column_share < 1 else None
        if lower:
            return lower
    return sheet


def _loosened(template: Template, facts: Facts, sheet: Sheet) -> Sheet:
    """With what room is left given to its lines and blanks, up to those of a usual page."""
    shape, free = sheet.shape, sheet.room / (sheet.bottom - sheet.top)
    if shape.is_roll or free < _WORTH_IT or (shape.air >= 1 and shape.leading >= _USUAL_LEADING):
        return sheet
    leading = min(_USUAL_LEADING, shape.leading * (1 + free / 2))
    looser = replace(shape, leading=leading, air=min(1.0, shape.air + 0.3))
    return _one_page(template, facts, looser) or sheet


def _one_page(template: Template, facts: Facts, shape: Shape) -> Sheet | None:
    """None when it needs a second page; given up where that begins."""
    sheet = _sheet(template, facts, shape)
    for _ in _steps(sheet, template.blocks, facts):
        if len(sheet.pages) > 1:
            return None
    return sheet


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
    number = f"Mẫu số {template.number or template.form}" if template.circular else ""
    parts = (number, template.circular, f"bản trình bày {template.version}")
    return " · ".join(part for part in parts if part)
