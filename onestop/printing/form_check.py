"""Whether a paper as laid out can be read: nothing beyond the sheet, no text over another."""

from collections.abc import Iterator, Sequence

from onestop.domain.template import SIZE_WORDS, Facts, Template
from onestop.printing.fonts import width_at_one
from onestop.printing.form import form_pages
from onestop.printing.marks import MM, Mark, Symbol, Text
from onestop.printing.sheet import Shape

_SLACK = 0.5  # points: what rounding may add
_ABOVE, _BELOW = 0.62, 0.2  # of the size: where letters without marks reach
_SHOWN = 40  # letters of the text that is named

Box = tuple[float, float, float, float, str]
"""Left, top, right, bottom, the words."""


def form_faults(template: Template, facts: Facts, size: str) -> list[str]:
    """In words, the first of each kind; empty when all of it can be read on that sheet. Raises PrintError."""
    pages, shape = form_pages(template, facts, size, 1)
    return [f"Khổ {SIZE_WORDS[size]}: {words}" for words in page_faults(pages, shape)]


def page_faults(pages: Sequence[Sequence[Mark]], shape: Shape) -> list[str]:
    """As `form_faults`, of pages that are laid out."""
    beyond = next((box for page in pages for box in _beyond(page, shape)), None)
    covered = next((box for page in pages for box in _covered(page)), None)
    found = [f"“{_short(beyond[4])}” ra ngoài tờ giấy."] if beyond else []
    return [*found, f"“{_short(covered[4])}” chồng lên chữ khác."] if covered else found


def boxes(page: Sequence[Mark]) -> list[Box]:
    """Where texts and codes stand."""
    found = []
    for mark in page:
        if isinstance(mark, Text):
            right = mark.x + width_at_one(mark.text, mark.face) * mark.size
            top, bottom = mark.y - mark.size * _ABOVE, mark.y + mark.size * _BELOW
            found.append((mark.x, top, right, bottom, mark.text))
        elif isinstance(mark, Symbol):
            wide = max(x + w for x, _, w, _ in mark.rectangles) * mark.wide
            high = max(y + h for _, y, _, h in mark.rectangles) * mark.high
            found.append((mark.x, mark.y, mark.x + wide, mark.y + high, "mã vạch"))
    return found


def _beyond(page: Sequence[Mark], shape: Shape) -> Iterator[Box]:
    wide, high = shape.width_mm * MM + _SLACK, shape.height_mm * MM + _SLACK
    for box in boxes(page):
        if box[0] < -_SLACK or box[1] < -_SLACK or box[2] > wide or box[3] > high:
            yield box


def _covered(page: Sequence[Mark]) -> Iterator[Box]:
    """Of two boxes that share ground, the later one. Sorted by their top: only near ones are compared."""
    open_boxes: list[Box] = []
    for box in sorted(boxes(page), key=lambda each: each[1]):
        open_boxes = [each for each in open_boxes if each[3] - _SLACK > box[1]]
        if any(each[0] < box[2] - _SLACK and box[0] < each[2] - _SLACK for each in open_boxes):
            yield box
        open_boxes.append(box)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
