"""A sheet that is filled from top to bottom and goes on to the next page by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from onestop.printing.fonts import ITALIC, REGULAR
from onestop.printing.marks import MM, Mark, Rule, Square, Symbol, Text
from onestop.printing.symbols import Modules
from onestop.printing.wrapping import Line, Run, stretched, wrap


@dataclass(frozen=True, slots=True)
class Shape:
    """A sheet's size and margins in millimetres, its type sizes in points."""

    width_mm: float
    height_mm: float
    left_mm: float
    right_mm: float
    top_mm: float
    bottom_mm: float
    body: float
    head: float
    title: float
    small: float
    leading: float = 1.22  # never below 1.15: from the top of Ễ to the foot of g it is 1.137
    air: float = 1.0  # share of the blank between blocks, in cells and above signatures
    is_roll: bool = False  # too narrow for columns, cut where the paper ends
    columns: int = 1  # two: what stands below the title flows from the left half into the right one
    column_share: float = 1.0  # how much of the height below the title the columns of a first page take

    @property
    def fine(self) -> float:
        """Type size of tables: a little below the body, never below what is legible on paper."""
        return max(7.5, self.body * 0.92)


# Margins and sizes of Nghị định 30/2020, Phụ lục I, the smallest it allows.
A4 = Shape(210, 297, left_mm=30, right_mm=15, top_mm=20, bottom_mm=20, body=13, head=12, title=14, small=11)
# The decree gives no margins for A5: those of A4, in proportion.
A5 = Shape(148, 210, left_mm=15, right_mm=10, top_mm=10, bottom_mm=12, body=10, head=9, title=12, small=8.5)
# A slip is a form, not a full official letter: rather a little smaller than on a second page.
A4_DENSE = Shape(
    210,
    297,
    left_mm=25,
    right_mm=15,
    top_mm=14,
    bottom_mm=14,
    body=12,
    head=11.5,
    title=14,
    small=10,
    leading=1.17,
)
A5_DENSE = Shape(
    148,
    210,
    left_mm=13,
    right_mm=9,
    top_mm=8,
    bottom_mm=10,
    body=9,
    head=8.5,
    title=11.5,
    small=7.5,
    leading=1.16,
)
# Half a point smaller than A5 is a page saved more often than not.
A5_SNUG = replace(A5_DENSE, body=9.5, head=9, title=12, small=8, leading=1.18)
# The last resort before a second page: the margins of the dense setting, nothing below 7.5 points.
A4_TIGHT = replace(A4_DENSE, body=11, head=10.5, title=13, small=9.5, leading=1.15, air=0.7)
A5_CLOSE = replace(A5_DENSE, body=8.5, head=8.5, title=11.5, small=7.5, leading=1.15, air=0.6)
A5_TIGHT = replace(A5_DENSE, body=8, head=8, title=11, small=7.5, leading=1.15, air=0.45)
A4_SLIP = Shape(
    210,
    297,
    left_mm=25,
    right_mm=15,
    top_mm=15,
    bottom_mm=15,
    body=12,
    head=12,
    title=14,
    small=11,
    leading=1.2,
)
A4_WIDE = Shape(
    297, 210, left_mm=15, right_mm=10, top_mm=15, bottom_mm=15, body=8.5, head=11, title=14, small=8
)


_GUTTER = 8 * MM


class Sheet:
    """The pages of one copy. `y` is how far down the present page is filled."""

    def __init__(self, shape: Shape, running_head: str, form_version: str) -> None:
        self.shape = shape
        self.left = shape.left_mm * MM
        self.right = (shape.width_mm - shape.right_mm) * MM
        self.top = shape.top_mm * MM
        self.bottom = (shape.height_mm - shape.bottom_mm) * MM
        self.pages: list[list[Mark]] = [[]]
        self.y = self.top
        self._sides = (self.left, self.right)
        self._column = 0  # from 1 where there are two; 0 over the whole width
        self._start = self.top  # where this page, or its columns, begin
        self._running_head = running_head
        self._form_version = form_version
        self._given = 0

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def room(self) -> float:
        """Height left on this page, or in this column of it."""
        if self._column and len(self.pages) == 1:
            return self._start + (self.bottom - self._start) * self.shape.column_share - self.y
        return self.bottom - self.y

    def line(self, size: float) -> float:
        """Height of one line of that type size."""
        return size * self.shape.leading

    def add(self, mark: Mark) -> None:
        self.pages[-1].append(mark)

    def start_columns(self) -> None:
        """From here on in columns, if the sheet has any."""
        if self.shape.columns > 1 and not self._column:
            self._start = self.y
            self._go_to_column(1)

    def _go_to_column(self, number: int) -> None:
        left, right = self._sides
        width = (right - left - _GUTTER) / 2
        self._column, self.y = number, self._start
        self.left = left if number == 1 else right - width
        self.right = self.left + width

    def endless(self) -> "Sheet":
        """One column as wide as this one, without an end: to measure with."""
        sheet = Sheet(replace(self.shape, height_mm=10_000, columns=1), "", "")
        sheet.left, sheet.right = self.left, self.right
        return sheet

    def new_page(self) -> None:
        """Goes to the next column; or starts a page with the running head and its page number, as yet
        without the total."""
        if self._column == 1:
            self._go_to_column(2)
            return
        self.left, self.right = self._sides
        self._start_page()
        self._start = self.y
        if self._column:
            self._go_to_column(1)

    def _start_page(self) -> None:
        self.pages.append([])
        size = self.shape.small
        self.y = self.top
        self.lines_at(wrap([Run(self._running_head, ITALIC)], size, self.width * 0.8), size, self.left)
        self.rule(self.left, self.right)
        self.y += size * 0.8

    @property
    def column_fill(self) -> float:
        """Of a page in columns: what share of their height two equal ones would take."""
        height = self.bottom - self._start
        return ((self._column - 1) * height + self.y - self._start) / height / 2

    def need(self, height: float) -> None:
        """Goes to the next page unless `height` points are left on this one, or it is blank as yet."""
        while height > self.room and not self.is_blank:
            self.new_page()

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands below the head of this page."""
        return self.y <= self._start and self._column < 2

    def skip(self, points: float) -> None:
        self.y += points

    def paragraph(
        self,
        runs: Sequence[Run],
        size: float = 0,
        indent: float = 0,
        align: str = "left",
        first: float = 0,
    ) -> None:
        """Wrapped lines over the whole width, the first one `first` points further in; going to the
        next page when this one is full, never with a single line here or there."""
        size = size or self.shape.body
        width = self.width - indent
        lines = wrap(runs, size, width, first)
        for number, line in enumerate(lines):
            self.need(self.line(size) * _inseparable(number, len(lines)))
            is_full = align == "justify" and number < len(lines) - 1
            shown = stretched(line, size, width) if is_full else line
            side = "left" if align == "justify" else align
            self.lines_at([shown], size, self.left + indent, width=width, align=side)

    def lines_at(
        self, lines: Sequence[Line], size: float, x: float, *, width: float = 0, align: str = "left"
    ) -> None:
        """Lines below each other from `y` on, within `width` from `x`; moves `y` below them."""
        self.y = self.lines_from(self.y, lines, size, x, width=width, align=align)

    def lines_from(
        self, y: float, lines: Sequence[Line], size: float, x: float, *, width: float = 0, align: str = "left"
    ) -> float:
        """As `lines_at`, but from a given height and without moving `y`; returns where it ends."""
        for line in lines:
            free = width - line.width
            start = x + {"left": 0.0, "center": free / 2, "right": free}[align]
            baseline = y + size * 0.95
            for piece in line.pieces:
                self.add(Text(start + piece.x, baseline, piece.face, size, piece.text))
            y += self.line(size)
        return y

    def rule(self, x1: float, x2: float, weight: float = 0.5) -> None:
        """A line across at `y`."""
        self.add(Rule(x1, self.y, x2, self.y, weight))

    def square(self, x: float, y: float, side: float, *, is_ticked: bool) -> None:
        self.add(Square(x, y, side, is_ticked))

    def symbol(self, x: float, y: float, module: float, height: float, modules: Modules) -> None:
        """A code with its upper left corner at x, y; `height` is that of the whole code."""
        self.add(Symbol(x, y, module, height / modules.rows, modules.rectangles))

    def full_pages(self) -> Iterator[list[Mark]]:
        """Hands over the pages that are full, so that a long register is never held whole."""
        while len(self.pages) > 1:
            yield self._numbered(self.pages.pop(0), "")

    def finish(self, *, is_counted: bool = True) -> list[list[Mark]]:
        """What is left of the pages; with their total number, which is known only now."""
        total = self._given + len(self.pages) if is_counted else 0
        if self.shape.is_roll and len(self.pages) == 1:
            self.bottom = self.y  # the roll is cut here
        if total > 1:
            self.pages[0].append(self._foot("Xem tiếp trang 2", "right"))
        return [self._numbered(page, f"/{total}" if total else "") for page in self.pages]

    def _numbered(self, page: list[Mark], total: str) -> list[Mark]:
        self._given += 1
        if self._given > 1:
            text = f"Trang {self._given}{total}"
            page.append(self._margin_text(text, self.top, "right", self.shape.small))
        page.append(self._foot(self._form_version, "left"))
        return page

    def _foot(self, text: str, align: str) -> Text:
        size = self.shape.small * 0.8
        return self._margin_text(text, self.bottom + 3 * MM, align, size, ITALIC)

    def _margin_text(self, text: str, y: float, align: str, size: float, face: str = REGULAR) -> Text:
        left, right = self._sides
        line = wrap([Run(text, face)], size, right - left)[0]
        x = left if align == "left" else right - line.width
        return Text(x, y + size * 0.95, face, size, line.pieces[0].text)


def _inseparable(number: int, count: int) -> int:
    """How many lines from this one on must stand on one page: the first two, and the last two."""
    if number == 0:
        return min(count, 3 if count == 3 else 2)
    return 2 if number == count - 2 else 1
