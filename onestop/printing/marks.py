"""What can stand on a page. Points (1/72 inch), x from the left edge, y **down** from the top edge."""

from typing import NamedTuple

MM = 72 / 25.4
DOT = 72 / 203.2  # one dot of a 203-dpi printer, eight to a millimetre

# Bars and modules of a code as rectangles (x, y, width, height), counted in modules.
Rectangles = tuple[tuple[int, int, int, int], ...]


class Text(NamedTuple):
    """One string; `y` is its baseline."""

    x: float
    y: float
    face: str
    size: float
    text: str


class Rule(NamedTuple):
    """One straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.5


class Square(NamedTuple):
    """A box to tick, drawn because Tinos has no ☐ and ☑."""

    x: float
    y: float
    side: float
    is_ticked: bool


class Symbol(NamedTuple):
    """A QR or bar code; one module is `wide` × `high` points."""

    x: float
    y: float
    wide: float
    high: float
    rectangles: Rectangles


Mark = Text | Rule | Square | Symbol
