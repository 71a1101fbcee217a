"""“Vì sao ngày này?”: every day of a calculation, as a list to read and as the months it runs through."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from onestop.domain.due_lines import DueLine, LineKind
from onestop.domain.moment import show_on, weekday
from ui import look
from ui.widgets.basic import label, primary
from ui.widgets.due_months import DayMark, DueMonths, MarkSample

_ICONS = {
    LineKind.STARTS: ("play", "accent"),
    LineKind.COUNTED: ("check", "success_icon"),
    LineKind.SKIPPED: ("minus", "dim"),
    LineKind.STANDS: ("circle-pause", "dim"),
    LineKind.MOVED: ("arrow-right", "accent"),
    LineKind.DUE: ("calendar-check", "accent"),
    LineKind.NOTE: ("info", "dim"),
}
_RANK = (LineKind.DUE, LineKind.MOVED, LineKind.STANDS, LineKind.COUNTED, LineKind.STARTS, LineKind.SKIPPED)
"""A day may stand in two parts of a calculation: the picture shows the mark named first here."""
_LEGEND = (
    ("starts", "ngày nhận, không tính"),
    ("counted", "được tính, lùi"),
    ("skipped", "không tính"),
    ("stands", "tạm dừng"),
    ("due", "hạn trả"),
)
_WIDTH, _HEIGHT, _DAY_COLUMN = 960, 600, 184
_DAY = Qt.ItemDataRole.UserRole


class DueWhy(QDialog):
    """Read only; arrows go through the days, Esc or Enter closes."""

    def __init__(
        self, parent: QWidget | None, title: str, sentence: str, lines: Sequence[DueLine], calendar: str
    ) -> None:
        super().__init__(parent)
        self.setObjectName("due_why")
        self.setWindowTitle("Vì sao ngày này?")
        self.setAccessibleName(f"Vì sao ngày này? {title}")
        self.setAccessibleDescription(sentence)
        self.days = _DayList()
        self.months = DueMonths()
        self._close = primary("Đó&ng", "Esc")
        self._close.setDefault(True)
        self._close.clicked.connect(self.accept)
        self._lay_out(title, sentence, calendar)
        self.days.show_lines(lines)
        self.months.show_marks(marks_of(lines))
        self.days.currentItemChanged.connect(lambda item, _: self._point_at(item))
        self.days.setFocus()
        room = self.screen().availableSize() if self.screen() else self.size()
        self.resize(min(look.px(_WIDTH), room.width() - 40), min(look.px(_HEIGHT), room.height() - 60))

    def _point_at(self, item: QTreeWidgetItem | None) -> None:
        day = item.data(0, _DAY) if item is not None else None
        self.months.point_at(day)
        if day is not None:
            self._room.ensureVisible(0, self.months.top_of(day) + look.px(110), 0, look.px(110))

    def _lay_out(self, title: str, sentence: str, calendar: str) -> None:
        self._room = QScrollArea()
        self._room.setObjectName("due_months_room")
        self._room.setFrameShape(QFrame.Shape.NoFrame)
        self._room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setWidget(self.months)
        self._room.setMinimumWidth(look.px(32 * 7 + 28))
        self._room.setMaximumWidth(look.px(32 * 7 + 28))
        right = QVBoxLayout()
        right.setSpacing(look.px(8))
        right.addWidget(self._room, 1)
        right.addLayout(_legend())
        middle = QHBoxLayout()
        middle.setSpacing(look.px(16))
        middle.addWidget(self.days, 1)
        middle.addLayout(right)
        foot = QHBoxLayout()
        foot.addWidget(label(f"Lịch làm việc phiên bản {calendar}" if calendar else "", "dim"), 1)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(12))
        column.addWidget(label(title, "title", is_wrapped=True))
        column.addWidget(label(sentence, is_wrapped=True))
        column.addLayout(middle, 1)
        column.addLayout(foot)


class _Wrapped(QStyledItemDelegate):
    """Rows as high as their words need in the width of their column."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        made = super().sizeHint(option, index)
        width = self._tree.columnWidth(index.column()) - look.px(16)
        if index.column() == 0:
            return QSize(made.width(), max(made.height(), look.px(26)))
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        flags = int(Qt.TextFlag.TextWordWrap)
        box = self._tree.fontMetrics().boundingRect(QRect(0, 0, max(width, 1), 10_000), flags, words)
        return QSize(made.width(), max(box.height() + look.px(6), look.px(26)))


class _DayList(QTreeWidget):
    """Two columns: the day, and how it is counted; headings run across both."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("due_days")
        self.setAccessibleName("Từng ngày của phép tính")
        self.setHeaderLabels(["Ngày", "Cách tính"])
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(False)
        self.setWordWrap(True)
        self.setItemDelegate(_Wrapped(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAllColumnsShowFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.header().setStretchLastSection(True)
        self.setColumnWidth(0, look.px(_DAY_COLUMN))

    def show_lines(self, lines: Sequence[DueLine]) -> None:
        self.clear()
        for line in lines:
            self._add(line)
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap at another place: the rows are measured anew."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def words(self) -> list[str]:
        """What is read from top to bottom."""
        items = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        return [f"{item.text(0)} {item.text(1)}".strip() for item in items if item is not None]

    def _add(self, line: DueLine) -> None:
        day = f"{weekday(line.day)} {show_on(line.day)}" if line.day else ""
        is_heading = line.kind is LineKind.PART
        item = QTreeWidgetItem([line.words, ""] if is_heading else [day, line.words])
        item.setData(0, _DAY, line.day)
        self.addTopLevelItem(item)
        item.setFirstColumnSpanned(is_heading)
        if line.kind in {LineKind.PART, LineKind.DUE}:
            for column in (0, 1):
                item.setFont(column, look.font(look.BODY_PT, is_bold=True))
        if line.kind in _ICONS:
            name, role = _ICONS[line.kind]
            item.setIcon(0, look.icon(name, role, 18))
        spoken = f"{day}: {line.words}" if day else line.words
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(1, line.words)


def marks_of(lines: Sequence[DueLine]) -> dict[date, DayMark]:
    """One mark for each day of the picture: the most telling of those it has. A due day that moved on
    is a day like the others: only the last one is shown as due."""
    marks: dict[date, DayMark] = {}
    last = [line for line in lines if line.kind is LineKind.DUE][-1:]
    for kind in _RANK:
        for line in last if kind is LineKind.DUE else lines:
            if line.kind is kind and line.day is not None and line.day not in marks:
                marks[line.day] = DayMark(kind.value, line.words)
    return marks


def explain_due(
    parent: QWidget | None, title: str, sentence: str, lines: Sequence[DueLine], calendar: str
) -> None:
    """Shows the calculation and waits until it is closed."""
    shown = DueWhy(parent, title, sentence, lines, calendar)
    shown.exec()
    shown.deleteLater()


def _legend() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(6))
    grid.setVerticalSpacing(look.px(2))
    for place, (kind, words) in enumerate(_LEGEND):
        row, column = divmod(place, 2)
        grid.addWidget(MarkSample(kind), row, column * 2)
        grid.addWidget(label(words, "small"), row, column * 2 + 1)
    grid.setColumnStretch(3, 1)
    return grid
