"""The search box of the head bar: results below it while typing, no marks needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from onestop.office.work import WorkRow
from ui import look
from ui.widgets.basic import announce
from ui.widgets.pill import paint_pill, pill_size

_SHOWN = 8
_PAUSE_MS = 60
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed; `number` tells a late answer from the newest."""

    number: int
    text: str


class Finder(QLineEdit):
    """`asked(query)` while typing; `show_answer` gives the rows; `chosen(id)`, or `all_wanted(text)`."""

    asked = Signal(object)
    chosen = Signal(str)
    all_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("finder")
        self.setAccessibleName("Tìm hồ sơ")
        self.setPlaceholderText("Tìm hồ sơ: mã, số định danh, họ tên (không cần dấu)  Ctrl+K")
        self.setClearButtonEnabled(False)
        self._number = 0
        self._list: _Results | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self.textChanged.connect(self._typed)

    def show_answer(self, query: Query, rows: Sequence[WorkRow]) -> None:
        """Rows of the newest question only."""
        if query.number != self._number or not self.hasFocus():
            return
        results = self._results()
        results.show_rows(rows[:_SHOWN], query.text)
        self._place(results)
        announce(self, f"{len(rows)} hồ sơ" if rows else "Không tìm thấy hồ sơ nào")

    def close_results(self) -> None:
        self._number += 1
        self._timer.stop()
        if self._list is not None:
            self._list.hide()

    def results(self) -> QListView:
        return self._results()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        is_open = self._list is not None and self._list.isVisible()
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and is_open:
            self._results().step(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        elif key == Qt.Key.Key_Escape and (is_open or self.text()):
            self.clear()
            self.close_results()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self._list is not None and self._list.isVisible():
            self._place(self._list)
        return False

    def focusOutEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.close_results()

    def _typed(self, text: str) -> None:
        self._number += 1
        if text.strip():
            self._timer.start()
        else:
            self.close_results()

    def _ask(self) -> None:
        self.asked.emit(Query(self._number, self.text().strip()))

    def _enter(self) -> None:
        chosen = self._list.current_id() if self._list is not None and self._list.isVisible() else ""
        if chosen:
            self._take(chosen)
        elif self.text().strip():
            text = self.text().strip()
            self.close_results()
            self.all_wanted.emit(text)

    def _take(self, dossier_id: str) -> None:
        self.clear()
        self.close_results()
        self.chosen.emit(dossier_id)

    def _results(self) -> "_Results":
        if self._list is None:
            self._list = _Results(self.window(), self._take)
            self.window().installEventFilter(self)
        return self._list

    def _place(self, results: "_Results") -> None:
        corner = self.mapTo(self.window(), QPoint(0, self.height() + look.px(2)))
        width = min(look.px(720), self.window().width() - corner.x() - look.px(16))
        results.setGeometry(QRect(corner, QSize(width, results.wanted_height())))
        results.show()
        results.raise_()


class _Results(QListView):
    """Lies over the page as a child of the window: the focus stays in the box."""

    def __init__(self, window: QWidget, on_chosen: Callable[[str], None]) -> None:
        super().__init__(window)
        self.setObjectName("finder_results")
        self.setAccessibleName("Hồ sơ tìm thấy")
        self.setProperty("look", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows = _ResultModel()
        self.setModel(self.rows)
        self.setItemDelegate(_ResultDelegate(self))
        self.clicked.connect(lambda index: on_chosen(self.rows.id_at(index.row())))

    def show_rows(self, rows: Sequence[WorkRow], text: str) -> None:
        self.rows.set_rows(rows, text)
        if rows:
            self.setCurrentIndex(self.rows.index(0))

    def current_id(self) -> str:
        return self.rows.id_at(self.currentIndex().row())

    def step(self, by: int) -> None:
        count = self.rows.rowCount()
        if count and self.rows.found:
            self.setCurrentIndex(self.rows.index((self.currentIndex().row() + by) % count))

    def wanted_height(self) -> int:
        return self.rows.rowCount() * _row_height() + look.px(4)


class _ResultModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[WorkRow] = ()
        self._text = ""

    def set_rows(self, rows: Sequence[WorkRow], text: str) -> None:
        self.beginResetModel()
        self.found, self._text = rows, text
        self.endResetModel()

    def id_at(self, place: int) -> str:
        return self.found[place].row.id if 0 <= place < len(self.found) else ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature; never changed
        return 0 if parent.isValid() else max(1, len(self.found))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if not self.found:
            return f"Không tìm thấy hồ sơ nào có “{self._text}”"
        row = self.found[index.row()]
        return f"{row.row.owner_name}, {row.row.procedure_name}, {row.row.code}, {row.words}"


class _ResultDelegate(QStyledItemDelegate):
    """Two lines: who and what number, then which procedure; the pill at the right."""

    def __init__(self, view: _Results) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(100), _row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        is_on = bool(option.state & QStyle.StateFlag.State_Selected) and bool(self._view.rows.found)
        painter.fillRect(rect, look.colour("selection" if is_on else "base"))
        room = rect.adjusted(look.px(12), look.px(6), -look.px(12), -look.px(6))
        if not self._view.rows.found:
            painter.setPen(look.colour("dim"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), str(index.data()))
            return
        row = self._view.rows.found[index.row()]
        pill = pill_size(row.words).width()
        paint_pill(
            painter,
            QRect(room.right() - pill, room.top(), pill, room.height()),
            _look_of(row),
            row.words,
        )
        room.setRight(room.right() - pill - look.px(12))
        half = room.height() // 2
        first = f"{row.row.owner_name} · {row.row.code}"
        _line(painter, QRect(room.left(), room.top(), room.width(), half), first, is_bold=True)
        _line(painter, QRect(room.left(), room.top() + half, room.width(), half), row.row.procedure_name)


def _look_of(row: WorkRow) -> str:
    """Domain and look name the urgencies alike, but for the one that is in time."""
    return {"ontime": "in_time"}.get(row.urgency.value, row.urgency.value)


def _line(painter: QPainter, room: QRect, words: str, is_bold: bool = False) -> None:
    painter.setFont(look.font(10.5 if is_bold else 9.75, is_bold=is_bold))
    painter.setPen(look.colour("text" if is_bold else "dim"))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)


def _row_height() -> int:
    return max(look.px(52), 2 * look.row_height("tight") - look.px(12))
