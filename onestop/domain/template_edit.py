"""Changing the blocks of a template one at a time. A place is the block's number from 0 in reading
order, groups counted before what they hold: the order of `flat_all`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from onestop.domain.template import (
    Block,
    Column,
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
    Signer,
    SlipCode,
    Title,
    Together,
)
from onestop.domain.template_words import flat_all

Blocks = tuple[Block, ...]

NEW_BLOCKS: Final[Mapping[str, Block]] = {
    "line": Labelled("Nhãn", ""),
    "pair": Pair("Nhãn", "", "Nhãn", ""),
    "text": Paragraph("Đoạn văn mới."),
    "table": Grid(
        "components", (Column("TT", "{no}", 10, "center"), Column("Tên", "{name}", 90, is_lead=True))
    ),
    "list": Listing("fees", "{kind} {name}: {amount}", "Danh sách"),
    "signatures": Signatures(
        (Signer("NGƯỜI NỘP", "{submitter_name}"), Signer("NGƯỜI NHẬN", "{officer_name}"))
    ),
    "note": Note("Ghi chú", "Lời ghi chú."),
    "gap": Gap(3),
    "title": Title("TÊN GIẤY"),
    "heads": Heads(),
    "hand_overs": HandOvers(),
    "slip_code": SlipCode(),
    "together": Together((Paragraph("Đoạn văn mới."),)),
}
"""What a new block begins with, by tag, in the order in which they are offered."""


def block_at(blocks: Blocks, place: int) -> Block | None:
    return next((block for number, block in enumerate(flat_all(blocks)) if number == place), None)


def depths(blocks: Blocks) -> list[int]:
    """How deep each block lies, in reading order."""
    return list(_depths(blocks, 0))


def _depths(blocks: Blocks, depth: int) -> Iterator[int]:
    for block in blocks:
        yield depth
        if isinstance(block, Together):
            yield from _depths(block.blocks, depth + 1)


def replaced(blocks: Blocks, place: int, block: Block) -> Blocks:
    return _at(blocks, place, lambda beside, at: (*beside[:at], block, *beside[at + 1 :]))


def removed(blocks: Blocks, place: int) -> Blocks:
    return _at(blocks, place, lambda beside, at: (*beside[:at], *beside[at + 1 :]))


def inserted(blocks: Blocks, place: int, block: Block) -> Blocks:
    """Behind the block at `place`, in the same group; at the end of an empty template."""
    if not blocks:
        return (block,)
    return _at(blocks, place, lambda beside, at: (*beside[: at + 1], block, *beside[at + 1 :]))


def shifted(blocks: Blocks, place: int, by: int) -> Blocks:
    """The block one up (-1) or down (1) among its neighbours; the same where there is none."""

    def swap(beside: Blocks, at: int) -> Blocks:
        if not 0 <= at + by < len(beside):
            return beside
        order = list(beside)
        order[at], order[at + by] = order[at + by], order[at]
        return tuple(order)

    return _at(blocks, place, swap)


def place_of(blocks: Blocks, wanted: Block) -> int:
    """Where that very block stands, -1 when it does not."""
    return next((number for number, block in enumerate(flat_all(blocks)) if block is wanted), -1)


def _at(blocks: Blocks, place: int, change: Callable[[Blocks, int], Blocks]) -> Blocks:
    """`change` is given the blocks beside the one at `place`, and its number among them."""
    number = 0
    for at, block in enumerate(blocks):
        if number == place:
            return change(blocks, at)
        held = len(list(flat_all((block,))))
        if isinstance(block, Together) and place < number + held:
            inside = replace(block, blocks=_at(block.blocks, place - number - 1, change))
            return (*blocks[:at], inside, *blocks[at + 1 :])
        number += held
    return blocks
