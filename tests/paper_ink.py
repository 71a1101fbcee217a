"""Where the ink of a paper's marks stands, before any PDF: letters by their own height and depth."""

from collections.abc import Iterator, Sequence
from functools import cache

from PIL import ImageFont

from onestop.paths import resource
from onestop.printing.fonts import width_at_one
from onestop.printing.marks import Mark, Rule, Symbol, Text
from tests.printing_samples import Ink

_FILES = {"Tinos": "Regular", "Tinos-Bold": "Bold", "Tinos-Italic": "Italic"}
_UNITS = 1_000


@cache
def _face(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts", f"Tinos-{_FILES[name]}.ttf")), _UNITS)


@cache
def _reach(sign: str, face: str) -> tuple[float, float]:
    """How far above and below the baseline one letter reaches, at 1 point."""
    _, top, _, bottom = _face(face).getbbox(sign, anchor="ls")
    return -top / _UNITS, bottom / _UNITS


def text_ink(mark: Text) -> Ink:
    """y upwards, as in a PDF: so that `overlaps` of the PDF tests measures it too."""
    shown = mark.text.strip()
    reaches = [_reach(sign, mark.face) for sign in shown if sign != " "]
    above, below = max(r[0] for r in reaches), max(r[1] for r in reaches)
    right = mark.x + width_at_one(shown, mark.face) * mark.size
    return Ink(shown, mark.x, -mark.y - below * mark.size, right, -mark.y + above * mark.size)


def inks(page: Sequence[Mark]) -> list[Ink]:
    return [text_ink(mark) for mark in page if isinstance(mark, Text) and mark.text.strip()]


def struck(page: Sequence[Mark], texts: Sequence[Ink]) -> Iterator[tuple[Ink, Mark]]:
    """Texts with a line of a table, or a code, through them."""
    for mark in page:
        box = _box(mark)
        if box is not None:
            yield from ((ink, mark) for ink in texts if _meet(ink, box))


def _box(mark: Mark) -> tuple[float, float, float, float] | None:
    """Left, low, right, high, y upwards; a line is drawn in a little, for it may touch."""
    if isinstance(mark, Symbol):
        wide = max(x + w for x, _, w, _ in mark.rectangles) * mark.wide
        high = max(y + h for _, y, _, h in mark.rectangles) * mark.high
        return mark.x - mark.wide, -mark.y - high, mark.x + wide + mark.wide, -mark.y
    if isinstance(mark, Rule):
        low, high = sorted((-mark.y1, -mark.y2))
        left, right = sorted((mark.x1, mark.x2))
        return left, low, right, high
    return None


def _meet(ink: Ink, box: tuple[float, float, float, float]) -> bool:
    left, low, right, high = box
    is_beside = ink.right <= left + 0.3 or right <= ink.left + 0.3
    return not is_beside and ink.bottom < high - 0.3 and low < ink.top - 0.3
