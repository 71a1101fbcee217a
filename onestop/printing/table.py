"""Ruled tables whose head is repeated on every page and whose rows may run over a page's end."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from onestop.errors import PrintError
from onestop.printing.fonts import BOLD, width_at_one
from onestop.printing.marks import Rule
from onestop.printing.sheet import Sheet
from onestop.printing.wrapping import Line, Run, bold, wrap

_SIDE = 2.5  # blank beside the text of a cell, points
_EDGE = 2.0  # blank above and below, on a sheet that has room
_SLACK = 0.1  # so that rounding cuts no word
_LEAST_LINES = 3  # a row is cut at a page's end only if that many lines stay together


class Column(NamedTuple):
    """`share` of the table's width."""

    share: float
    align: str = "left"


class HeadCell(NamedTuple):
    """A cell of the head over columns `first` to `last` and levels `top` to `bottom`, all inclusive."""

    text: str
    first: int
    last: int
    top: int = 0
    bottom: int = 0


class Table:
    """Draws its head at once; then `row` after `row`."""

    def __init__(
        self, sheet: Sheet, columns: Sequence[Column], head: Sequence[HeadCell], size: float
    ) -> None:
        self._sheet = sheet
        self._size = size
        self._edge = _EDGE * sheet.shape.air
        self._columns = columns
        self._offsets = list(accumulate(_widths(columns, head, size, sheet.width), initial=0.0))
        self._head = [(cell, self._head_lines(cell)) for cell in head]
        self._levels = self._level_heights()
        self._is_new = False
        sheet.need(sum(self._levels) + self._height(_LEAST_LINES))
        self._draw_head()

    def row(self, cells: Sequence[Sequence[Run]]) -> None:
        """One cell of runs per column."""
        self.lines([self.wrapped(index, runs) for index, runs in enumerate(cells)])

    def lines(self, cells: Sequence[Sequence[Line]]) -> None:
        """One cell of lines per column; a row higher than the rest of the page goes on over its end.

        Raises PrintError where a page has no room for a single line below the table's head."""
        while (most := max(len(cell) for cell in cells)) > (fits := self._fitting()):
            if self._is_new and fits < 1:
                raise _no_room()
            if self._is_new or (fits > _LEAST_LINES and most > 2 * _LEAST_LINES):
                fits -= fits == most - 1 and fits > 1  # no single line on the next page
                self._draw([cell[:fits] for cell in cells])
                cells = [cell[fits:] for cell in cells]
            self.go_on()
        self._draw(cells)

    def _fitting(self) -> int:
        """Lines for which this page has room."""
        return int((self._sheet.room - 2 * self._edge) / self._sheet.line(self._size))

    def go_on(self) -> None:
        """Continues on a new page, head first."""
        self._sheet.new_page()
        self._is_new = self._sheet.is_blank
        self._draw_head()

    def edges(self) -> list[float]:
        """x of every upright line."""
        return [self._sheet.left + offset for offset in self._offsets]

    def wrapped(self, index: int, runs: Sequence[Run]) -> list[Line]:
        """The lines of a cell in that column."""
        return wrap(runs, self._size, self._offsets[index + 1] - self._offsets[index] - 2 * _SIDE)

    def _draw(self, lines: Sequence[Sequence[Line]]) -> None:
        sheet, edges = self._sheet, self.edges()
        height = self._height(max(1, *(len(cell) for cell in lines)))
        for index, cell in enumerate(lines):
            left, right = edges[index], edges[index + 1]
            align = self._columns[index].align
            sheet.lines_from(
                sheet.y + self._edge,
                cell,
                self._size,
                left + _SIDE,
                width=right - left - 2 * _SIDE,
                align=align,
            )
        self.frame(height)

    def frame(self, height: float) -> None:
        """The lines round one row, whose upper one is already there; moves below the row."""
        sheet, edges = self._sheet, self.edges()
        for x in edges:
            sheet.add(Rule(x, sheet.y, x, sheet.y + height))
        sheet.skip(height)
        sheet.rule(edges[0], edges[-1])
        self._is_new = False

    def _height(self, lines: int) -> float:
        return lines * self._sheet.line(self._size) + 2 * self._edge

    def _head_lines(self, cell: HeadCell) -> list[Line]:
        width = self._offsets[cell.last + 1] - self._offsets[cell.first] - 2 * _SIDE
        return wrap([bold(cell.text)], self._size, width)

    def _level_heights(self) -> list[float]:
        heights = [0.0] * (1 + max(cell.bottom for cell, _ in self._head))
        for cell, lines in sorted(self._head, key=lambda both: both[0].bottom - both[0].top):
            levels = range(cell.top, cell.bottom + 1)
            lacking = self._height(len(lines)) - sum(heights[level] for level in levels)
            heights[cell.bottom] += max(0.0, lacking)
        return heights

    def _draw_head(self) -> None:
        sheet, edges = self._sheet, self.edges()
        start = sheet.y
        sheet.rule(edges[0], edges[-1])
        for cell, lines in self._head:
            top = start + sum(self._levels[: cell.top])
            bottom = start + sum(self._levels[: cell.bottom + 1])
            left, right = edges[cell.first], edges[cell.last + 1]
            blank = (bottom - top - len(lines) * self._sheet.line(self._size)) / 2
            sheet.lines_from(top + blank, lines, self._size, left, width=right - left, align="center")
            sheet.add(Rule(left, top, left, bottom))
            sheet.add(Rule(right, top, right, bottom))
            sheet.add(Rule(left, bottom, right, bottom))
        sheet.skip(sum(self._levels))


def _widths(columns: Sequence[Column], head: Sequence[HeadCell], size: float, width: float) -> list[float]:
    """By their shares; but none too narrow for the longest word of its heading, at the cost of those
    that have more than they need."""
    total = sum(column.share for column in columns)
    widths = [column.share / total * width for column in columns]
    least = [0.0] * len(columns)
    for cell in head:
        if cell.first == cell.last:
            words = (width_at_one(word, BOLD) * size for word in cell.text.split())
            least[cell.first] = max(least[cell.first], max(words, default=0.0) + 2 * _SIDE + _SLACK)
    lacking = sum(max(0.0, need - wide) for need, wide in zip(least, widths, strict=True))
    spare = sum(max(0.0, wide - need) for need, wide in zip(least, widths, strict=True))
    if not lacking or spare < lacking:
        return widths
    return [
        need if wide < need else wide - lacking * (wide - need) / spare
        for need, wide in zip(least, widths, strict=True)
    ]


def _no_room() -> PrintError:
    return PrintError(
        "Bảng không đủ chỗ trên tờ giấy",
        "Đầu bảng cao hơn một trang. Chọn khổ giấy lớn hơn, hoặc rút ngắn tên cột trong mẫu in.",
    )
