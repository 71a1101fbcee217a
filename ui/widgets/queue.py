"""The work queue: a table that keeps its selection by dossier, and paints bar and pill."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui import look
from ui.widgets.basic import Button
from ui.widgets.pill import paint_bar, paint_pill, pill_size
from ui.widgets.rows import PAGE, Column, RowModel

_PAD, _MARK = 10, 16
MOST_CHOSEN = 200
"""Rows that are done something with together: a list may have thousands."""
_SEVERAL = QAbstractItemView.SelectionMode.ExtendedSelection
Index = QModelIndex | QPersistentModelIndex


class QueueTable(QTableView):
    """Enter opens, Space previews; `current_changed(id)` follows the selection, '' for none."""

    opened = Signal(str)
    previewed = Signal(str)
    current_changed = Signal(str)
    several_changed = Signal(int)

    def __init__(self, name: str, words: str, model: RowModel) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.rows = model
        self._kept_id, self._kept_place, self._kept_scroll = "", -1, 0
        self._kept_several: list[str] = []
        self._is_restoring = False
        self._room = self.maximumViewportSize()
        self._set_behaviour()
        self.setItemDelegate(_RowDelegate(self))
        self.setModel(model)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.page_came.connect(self._page_came)
        self.selectionModel().currentRowChanged.connect(self._row_changed)
        self.doubleClicked.connect(self._open_current)
        self.fit()

    def current_id(self) -> str:
        row = self.rows.row(self.currentIndex().row()) if self.currentIndex().isValid() else None
        return row.id if row else ""

    def allow_several(self) -> None:
        """Shift and Ctrl choose further rows; `several_changed(count)` follows."""
        self.setSelectionMode(_SEVERAL)
        self.selectionModel().selectionChanged.connect(self._tell_several)

    def selected_ids(self) -> list[str]:
        """In the order of the list, `MOST_CHOSEN` at most; rows that have not come yet are left out."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())[:MOST_CHOSEN]
        return [row.id for row in map(self.rows.row, places) if row]

    def select(self, row_id: str) -> bool:
        """Goes to a dossier; False if it is not among the pages held."""
        place = self.rows.place_of(row_id)
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place, 0))
        return place >= 0

    def select_first(self) -> None:
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))

    def rows_in_sight(self) -> tuple[int, int]:
        """The first and the last row the window shows; -1 where there is none."""
        return self.rowAt(0), self.rowAt(self._room.height() - 1)

    def set_density(self, density: str) -> None:
        """wide, medium or tight rows."""
        self.verticalHeader().setDefaultSectionSize(look.row_height(density))

    def fit(self) -> None:
        """Widths from the font; columns that stretch share what is left, or give up what is missing."""
        places = [p for p in range(len(self.rows.columns)) if not self.isColumnHidden(p)]
        widths = {place: self._width_of(self.rows.columns[place]) for place in places}
        spare = self._room.width() - sum(widths.values())
        elastic = [place for place in places if self.rows.columns[place].stretch]
        while elastic and spare:
            # The one that stretches most gives first: what it cannot give the next one must.
            place = max(elastic, key=lambda p: self.rows.columns[p].stretch)
            shares = sum(self.rows.columns[p].stretch for p in elastic)
            extra = spare * self.rows.columns[place].stretch // shares
            least = min(widths[place], look.px(96))
            given = max(least, widths[place] + extra) - widths[place]
            widths[place], spare = widths[place] + given, spare - given
            elastic.remove(place)
        for place, width in widths.items():
            self.setColumnWidth(place, width)

    def _width_of(self, column: Column) -> int:
        if column.is_pill:
            return pill_size(column.sample).width() + look.px(2 * _PAD)
        words = QFontMetrics(look.font()).horizontalAdvance(column.sample)
        return max(words, self._title_width(column.title)) + look.px(2 * _PAD + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._open_current()
        elif event.key() == Qt.Key.Key_Space and not event.modifiers() and self.current_id():
            self.previewed.emit(self.current_id())
        elif event.text().strip() and not event.modifiers():
            event.ignore()  # letters are for the search line, not for jumping about in the list
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Never asked of `viewport()`: PySide would load every class of widget to name its kind.
        self._room = event.size()
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self.model():
            self.set_density("medium")
            self.fit()

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_density("medium")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)

    def _title_width(self, title: str) -> int:
        return QFontMetrics(look.font(is_bold=True)).horizontalAdvance(title)

    def _open_current(self) -> None:
        if self.current_id():
            self.opened.emit(self.current_id())

    def _row_changed(self, *_: object) -> None:
        if not self._is_restoring:
            self._kept_id = ""
            self.current_changed.emit(self.current_id())

    def _tell_several(self) -> None:
        if not self._is_restoring:
            self.several_changed.emit(len(self.selectionModel().selectedRows()))

    def _remember(self) -> None:
        several = self.selected_ids() if self.selectionMode() is _SEVERAL else []
        self._kept_several = several if len(several) > 1 else []
        if self.current_id():
            self._kept_id, self._kept_place = self.current_id(), self.currentIndex().row()
        self._kept_scroll = self.verticalScrollBar().value()

    def _restore(self) -> None:
        """The same dossier stays selected, at the same height of the window."""
        self.verticalScrollBar().setValue(self._kept_scroll)
        place = self.rows.place_of(self._kept_id) if self._kept_id else -1
        if place < 0:
            return
        kept_id, self._kept_id, self._is_restoring = self._kept_id, "", True
        self.selectionModel().setCurrentIndex(
            self.rows.index(place, 0),
            self.selectionModel().SelectionFlag.ClearAndSelect | self.selectionModel().SelectionFlag.Rows,
        )
        self._restore_several()
        self.verticalScrollBar().setValue(self._kept_scroll + place - self._kept_place)
        self._is_restoring = False
        self._tell_several()
        self.current_changed.emit(kept_id)

    def _restore_several(self) -> None:
        """Those that are still in the list."""
        flags = self.selectionModel().SelectionFlag
        for row_id in self._kept_several:
            place = self.rows.place_of(row_id)
            if place >= 0:
                self.selectionModel().select(self.rows.index(place, 0), flags.Select | flags.Rows)

    def _page_came(self, page: int) -> None:
        if self._kept_id:
            self._restore()
        elif self.currentIndex().isValid() and self.currentIndex().row() // PAGE == page:
            self.current_changed.emit(self.current_id())


class _RowDelegate(QStyledItemDelegate):
    """Paints only; no widget is made for a row."""

    def __init__(self, table: QueueTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._table.rows.row(index.row())
        column = self._table.rows.columns[index.column()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.fillRect(rect, look.colour(self._ground(state, index.row())))
        if index.column() == 0 and row and row.urgency:
            paint_bar(painter, rect, row.urgency)
        room = rect.adjusted(look.px(_PAD), 0, -look.px(_PAD), 0)
        if row and column.is_pill and row.urgency:
            paint_pill(painter, room, row.urgency, row.cells[index.column()])
            return
        if row and column.has_marks:
            room = self._paint_marks(painter, room, row.marks)
        self._paint_words(painter, room, index, bool(row and row.is_strong), row is None)

    def _paint_marks(self, painter: QPainter, room: QRect, marks: tuple[tuple[str, str], ...]) -> QRect:
        """Icons before the words; the room that is left."""
        side = look.px(_MARK)
        for name, role in marks:
            top = room.center().y() - side // 2
            painter.drawPixmap(QRect(room.left(), top, side, side), look.pixmap(name, role, _MARK))
            room = room.adjusted(side + look.px(6), 0, 0, 0)
        return room

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(80), look.row_height())

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole text as a tip where it has been cut, and what more the row has to tell."""
        words = str(index.data() or "")
        is_pill = self._table.rows.columns[index.column()].is_pill
        needed = pill_size(words).width() if is_pill else QFontMetrics(look.font()).horizontalAdvance(words)
        is_cut = needed > option.rect.width() - look.px(2 * _PAD)
        lines = (words if is_cut else "", str(index.data(Qt.ItemDataRole.ToolTipRole) or ""))
        QToolTip.showText(event.globalPos(), "\n".join(line for line in lines if line), view)
        return True

    def _ground(self, state: QStyle.StateFlag, row: int) -> str:
        if state & QStyle.StateFlag.State_Selected:
            return "selection"
        return "alt" if row % 2 else "base"

    def _paint_words(self, painter: QPainter, room: QRect, index: Index, strong: bool, waits: bool) -> None:
        painter.setFont(look.font(is_bold=strong))
        painter.setPen(look.colour("dim" if waits else "text"))
        words = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        painter.drawText(room, int(alignment), words)


class NewsBar(QWidget):
    """Words "Có 3 hồ sơ mới": the list itself does not move until the officer wants it."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._button = Button("", "plain", icon="refresh-cw")
        self._button.clicked.connect(self._take)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.hide()

    def set_count(self, count: int) -> None:
        self._button.setText(f"  Có {count} hồ sơ mới · Hiện (F5)")
        self.setVisible(count > 0)

    def _take(self) -> None:
        self.set_count(0)
        self.wanted.emit()
