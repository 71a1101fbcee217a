"""The rows of a long list, a page of 200 at a time. It is fed; it knows no database."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

PAGE = 200
PAGES_KEPT = 50
Index = QModelIndex | QPersistentModelIndex
_TIPS = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole)


@dataclass(frozen=True, slots=True)
class Column:
    """`sample` is the longest usual text: the width comes from the font, not from pixels.

    `stretch` shares the room that is left. `is_pill` shows the row's urgency and words.
    """

    title: str
    sample: str
    stretch: int = 0
    is_number: bool = False
    is_pill: bool = False
    has_marks: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` in the order of the columns; the pill's column holds the pill's words. `tip`: more of
    it, shown where the mouse rests; `marks`: (icon, colour role) before the words of the column that
    `has_marks`."""

    id: str
    cells: tuple[str, ...]
    urgency: str = ""
    is_strong: bool = False
    tip: str = ""
    marks: tuple[tuple[str, str], ...] = ()


class RowModel(QAbstractTableModel):
    """`fetch(page)` asks for rows `page * 200 …`; the answer comes later through `put_page`."""

    page_came = Signal(int)

    def __init__(
        self,
        columns: tuple[Column, ...],
        fetch: Callable[[int], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = columns
        self._fetch = fetch
        self._count = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._asked: set[int] = set()
        self._wanted: set[int] = set()

    def begin(self, count: int) -> None:
        """A new list of `count` rows, nothing of it loaded yet."""
        self.beginResetModel()
        self._count = count
        self._pages.clear()
        self._asked.clear()
        self._wanted.clear()
        self.endResetModel()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """A short list, whole."""
        self.beginResetModel()
        self._count = len(rows)
        self._asked.clear()
        self._wanted.clear()
        starts = range(0, len(rows), PAGE)
        self._pages = OrderedDict((start // PAGE, rows[start : start + PAGE]) for start in starts)
        self.endResetModel()

    def put_page(self, page: int, rows: Sequence[Row]) -> None:
        """Rows of one page; the oldest page goes when more than 50 are held."""
        self._asked.discard(page)
        if not rows or page * PAGE >= self._count:
            return
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        first, last = page * PAGE, min(page * PAGE + len(rows), self._count) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.page_came.emit(page)

    def row(self, number: int) -> Row | None:
        """The row, or None while its page is on the way (which is asked for)."""
        page, place = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        return rows[place] if place < len(rows) else None

    def last_row_before(self, page: int) -> Row | None:
        """The anchor for keyset paging: the last row of the page before, if it is held."""
        rows = self._pages.get(page - 1)
        return rows[-1] if rows else None

    def place_of(self, row_id: str) -> int:
        """Row number of an id among the pages held, -1 if not there."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.id == row_id:
                    return page * PAGE + place
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature; never changed
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return row.cells[index.column()] if row else "…"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.row(index.row())
            return f"{self.columns[index.column()].title}: {row.cells[index.column()]}" if row else "Đang tải"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role in _TIPS:
            row = self.row(index.row())
            return row.tip if row else ""
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.columns[column].is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _want(self, page: int) -> None:
        """Asked from inside painting: the question itself goes out after it."""
        if self._fetch is None or page in self._asked:
            return
        self._asked.add(page)
        if not self._wanted:
            QTimer.singleShot(0, self, self._ask)
        self._wanted.add(page)

    def _ask(self) -> None:
        pages, self._wanted = sorted(self._wanted), set()
        for page in pages:
            if self._fetch:
                self._fetch(page)
