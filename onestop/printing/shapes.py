"""The sheets a paper may be printed on: for each size a usual setting, and denser ones to fit a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final, NamedTuple

from onestop.printing.marks import MM, Mark, Rule, Square, Symbol, Text
from onestop.printing.sheet import (
    A4,
    A4_DENSE,
    A4_TIGHT,
    A4_WIDE,
    A5,
    A5_CLOSE,
    A5_DENSE,
    A5_SNUG,
    A5_TIGHT,
    Shape,
)

_LOW, _LOW_DENSE, _LOW_TIGHT = (
    replace(shape, width_mm=210, height_mm=148, top_mm=8, bottom_mm=9) for shape in (A5, A5_SNUG, A5_TIGHT)
)
_LOW_DENSE_TWO, _LOW_TIGHT_TWO = (replace(shape, columns=2) for shape in (_LOW_DENSE, _LOW_TIGHT))
# 576 dots of a 203-dpi head are 72 mm; the roll is cut where the paper ends.
# A tenth bigger than A5: its dots are coarse, and it is read in the hand.
ROLL = Shape(
    72,
    3_000,
    left_mm=1,
    right_mm=1,
    top_mm=2,
    bottom_mm=8,
    body=10,
    head=9.5,
    title=12,
    small=8.5,
    leading=1.17,
    is_roll=True,
)


_WIDE_ROOMY = replace(A4_WIDE, body=11, head=11.5, small=10)
_WIDE_PLAIN = replace(A4_WIDE, body=10, small=9.5)


_MARK_FROM, _MARK = 5, 4  # millimetres from the edge, and long


class Ladder(NamedTuple):
    """The settings of one size, the first that fits a page is taken; when none does, `overflow`."""

    settings: tuple[Shape, ...]
    overflow: Shape


_UPRIGHT = Ladder((A5, A5_SNUG, A5_DENSE, A5_CLOSE, A5_TIGHT), A5_DENSE)

LADDERS: Final[Mapping[str, Ladder]] = {
    "A4": Ladder((A4, A4_DENSE, A4_TIGHT), A4_DENSE),
    "A4_ACROSS": Ladder((_WIDE_ROOMY, _WIDE_PLAIN, A4_WIDE), _WIDE_PLAIN),
    "A5": _UPRIGHT,
    "A5_ACROSS": Ladder((_LOW, _LOW_DENSE, _LOW_DENSE_TWO, _LOW_TIGHT_TWO), _LOW_DENSE_TWO),
    "A5_TWO": _UPRIGHT,
    "K80": Ladder((ROLL,), ROLL),
}
"""By size (onestop/domain/template.py)."""

CROWDED: Final[Mapping[str, Ladder]] = {
    "A4_ACROSS": Ladder((A4_WIDE,), A4_WIDE),
    "A5_ACROSS": Ladder((_LOW, _LOW_DENSE, _LOW_TIGHT), _LOW_DENSE),
}
"""In their stead for papers whose tables have more columns than `MOST_COLUMNS`."""

MOST_COLUMNS: Final[Mapping[str, int]] = {"A4_ACROSS": 9, "A5_ACROSS": 5}


def beside(pages: Sequence[list[Mark]], shape: Shape) -> tuple[list[list[Mark]], Shape]:
    """Two pages next to each other on a sheet twice as wide, with marks where it is cut or folded."""
    wide = 297 / 2 * MM  # half a millimetre more than an A5: the fold is in the middle
    sheets = [
        [*left, *(moved(mark, wide) for mark in right or []), *_fold_marks(wide)]
        for left, right in zip_longest(pages[::2], pages[1::2])
    ]
    return sheets, replace(shape, width_mm=297, height_mm=210)


def _fold_marks(x: float) -> tuple[Rule, Rule]:
    """Short, at the upper and the lower edge, inside what every printer reaches."""
    low = 210 - _MARK_FROM
    return (
        Rule(x, _MARK_FROM * MM, x, (_MARK_FROM + _MARK) * MM, 0.25),
        Rule(x, (low - _MARK) * MM, x, low * MM, 0.25),
    )


def cut_off(pages: Sequence[list[Mark]], shape: Shape) -> tuple[list[list[Mark]], Shape]:
    """Every page as long as the longest needs to be, the margin below it kept."""
    height = max((lower_end(mark) for page in pages for mark in page), default=0) / MM + shape.bottom_mm / 2
    return list(pages), replace(shape, height_mm=min(shape.height_mm, height))


def lower_end(mark: Mark) -> float:
    """How far down the page it reaches, in points."""
    if isinstance(mark, Text):
        return mark.y + mark.size * 0.25
    if isinstance(mark, Rule):
        return max(mark.y1, mark.y2)
    if isinstance(mark, Square):
        return mark.y + mark.side
    return mark.y + mark.high * max((y + high for _, y, _, high in mark.rectangles), default=0)


def moved(mark: Mark, right: float) -> Mark:
    """The same mark, so many points further right."""
    if isinstance(mark, Rule):
        return mark._replace(x1=mark.x1 + right, x2=mark.x2 + right)
    assert isinstance(mark, (Text, Square, Symbol))
    return mark._replace(x=mark.x + right)
