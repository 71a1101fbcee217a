"""Five hundred dossiers of random text in every form and size: nothing beyond the margins, no text on
another, nothing lost, a head and a number on every further page.

They are dealt round over the forms and sizes; ONESTOP_ALL_FORMS=1 prints all of them on all.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import pytest

from onestop.domain.template import (
    Block,
    Facts,
    Fields,
    Grid,
    HandOvers,
    Heads,
    Listing,
    Signatures,
    SlipCode,
    Template,
    Together,
    field_names,
    filled,
)
from onestop.domain.template_words import texts_of
from onestop.office.templates import shipped_templates
from onestop.printing.fonts import REGULAR, printable
from onestop.printing.form import form_pages
from onestop.printing.marks import MM, Mark, Text
from onestop.printing.sheet import Shape
from tests.paper_ink import inks, struck
from tests.printing_samples import overlaps
from tests.random_facts import random_facts

DOSSIERS = 500
ALL = "ONESTOP_ALL_FORMS"
PAIRS = [(template, size) for template in shipped_templates() for size in template.sizes]
HALF = 297 / 2 * MM


def seeds_of(place: int) -> range:
    return range(DOSSIERS) if os.environ.get(ALL) else range(place, DOSSIERS, len(PAIRS))


@pytest.mark.parametrize("place", range(len(PAIRS)), ids=[f"{t.key}-{size}" for t, size in PAIRS])
def test_random_dossiers(place: int) -> None:
    template, size = PAIRS[place]
    for seed in seeds_of(place):
        facts = random_facts(template, seed)
        facts = replace(facts, fields={**facts.fields, "copy": template.copies[0]})
        pages, shape = form_pages(template, facts, size, 1)
        where = f"{template.key} {size} seed {seed}"
        for page in pages:
            assert_clear(page, shape, size, where)
        assert_nothing_lost(template, facts, size, (pages, shape), where)
        assert_heads(template, facts, size, pages, where)


def assert_clear(page: Sequence[Mark], shape: Shape, size: str, where: str) -> None:
    """Inside the margins, the line of the form's version below them; nothing over anything else."""
    texts = inks(page)
    left, right = shape.left_mm * MM - 1, (shape.width_mm - shape.right_mm) * MM + 1
    low = -(shape.height_mm - shape.bottom_mm) * MM - 1
    below = feet(page)
    for ink in texts:
        assert left <= ink.left, (where, ink)
        assert ink.right <= right, (where, ink)
        assert ink.top <= -shape.top_mm * MM + 1, (where, ink)
        assert ink.bottom >= (low if ink.text not in below else -shape.height_mm * MM + 2), (where, ink)
        if size == "A5_TWO":
            assert ink.right <= HALF - shape.right_mm * MM + 1 or ink.left >= HALF + left, (where, ink)
    assert not overlaps(texts), (where, overlaps(texts)[:2])
    assert not list(struck(page, texts)), (where, next(struck(page, texts)))


def feet(page: Sequence[Mark]) -> set[str]:
    """What is set smaller than anything else."""
    texts = [mark for mark in page if isinstance(mark, Text)]
    smallest = min(mark.size for mark in texts)
    return {mark.text.strip() for mark in texts if mark.size == smallest}


def assert_nothing_lost(
    template: Template, facts: Facts, size: str, laid_out: tuple[list[list[Mark]], Shape], where: str
) -> None:
    """Every letter of what was to be said is on paper; on one page, each text in one piece."""
    pages, shape = laid_out
    joined = "".join(mark.text for page in pages for mark in page if isinstance(mark, Text))
    drawn = "".join(joined.split())
    texts = [_bare(text) for text in said(template.blocks, facts)]
    lacking = Counter("".join(texts)) - Counter(drawn)
    assert not lacking, (where, lacking)
    is_cut = any(isinstance(block, HandOvers) for block in template.blocks)  # long notes, into two cells
    if len(pages) == 1 and shape.columns == 1 and size != "A5_TWO" and not is_cut:
        assert not [text for text in texts if text not in drawn], where


def _bare(text: str) -> str:
    return "".join(printable(text, REGULAR).split())


def said(parts: Sequence[Block], facts: Facts) -> Iterator[str]:
    """The values that blocks show, each as often as they show it."""
    for block in parts:
        if block.when and not filled(block.when, facts.fields).strip():
            continue
        yield from said(block.blocks, facts) if isinstance(block, Together) else _said(block, facts)


def _said(block: Block, facts: Facts) -> Iterator[str]:
    if isinstance(block, Heads):
        yield from (facts.fields.get(name, "").upper() for name in ("superior_body", "issuing_body"))
        yield from (filled(text, facts.fields) for text in (block.number, block.place_day))
    elif isinstance(block, HandOvers):
        for row in facts.rows["hand_overs"]:
            yield from (text for name, text in row.items() if name != "outcome")
    elif isinstance(block, (Grid, Listing)):
        texts = [block.text] if isinstance(block, Listing) else [column.text for column in block.columns]
        yield from chain.from_iterable(values(texts, row) for row in facts.rows.get(block.rows, ()))
    elif isinstance(block, SlipCode) and block.rows:
        yield from chain.from_iterable(values(block.lines, row) for row in facts.rows.get(block.rows, ()))
    elif isinstance(block, Signatures):
        lines = [text for signer in block.signers for text in (signer.role, signer.name, signer.hint)]
        yield from values([*lines, *block.recipients], facts.fields)
    else:
        yield from values(own_texts(block), facts.fields)


def own_texts(block: Block) -> list[str]:
    """Texts of a block that stands for itself."""
    paper = Template("XX", "", "", (replace(block, when=""),))
    return [each.text for each in texts_of(paper) if each.place]


def values(texts: Sequence[str], known: Fields) -> Iterator[str]:
    for text in texts:
        yield from (known.get(name, "") for name in field_names(text))


def assert_heads(
    template: Template, facts: Facts, size: str, pages: Sequence[Sequence[Mark]], where: str
) -> None:
    words = [[mark.text for mark in page if isinstance(mark, Text)] for page in pages]
    if size == "A5_TWO":
        words = [list(chain.from_iterable(words))]
    total = next((text.split("/")[1] for text in chain(*words) if text.startswith("Trang 2/")), "1")
    numbers = [text for page in words for text in page if text.startswith("Trang ")]
    for number in range(2, int(total) + 1):
        assert any(text == f"Trang {number}/{total}" for text in numbers), (where, numbers)
    if size != "A5_TWO":
        assert len(pages) == int(total), where
        head = _bare(filled(template.running_head, facts.fields))
        assert all(head in "".join("".join(page).split()) for page in words[1:]), where
