"""Search line with a list below: find a procedure, an officer, a place by a few letters.

The list is a child of the window, not a window of its own: it takes no keys and no
focus, so UniKey's Backspaces and input methods keep working in the line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from shiboken6 import isValid

from onestop.domain.text import fold, nfc
from ui import look
from ui.widgets.field import Check, LineField

_ROLE = Qt.ItemDataRole.UserRole + 1
_SHOWN = 8
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _SHOWN,
    Qt.Key.Key_PageUp: -_SHOWN,
}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    title: str
    subtitle: str = ""


class Picker(LineField):
    """`find(query)` gives the options, accent-free; `chosen(key)` when one is taken, '' when given up."""

    chosen = Signal(str)

    def __init__(
        self, name: str, title: str, find: Callable[[str], Sequence[Option]], hint: str = "", lost: str = ""
    ) -> None:
        super().__init__(name, title, hint)
        self._find, self._key = find, ""
        self._lost = lost or "Hãy chọn một dòng trong danh sách"
        self.wish: Check | None = None
        self.check = self._what_is_wrong
        self._list = OptionList(self)
        self._list.clicked.connect(self._take_index)
        self.destroyed.connect(self._list.deleteLater)
        self.changed.connect(self._ask)
        look.dress(self.editor, "search")
        self.editor.setPlaceholderText("Gõ vài chữ để tìm, không cần dấu")

    def key(self) -> str:
        """'' while what stands in the line is not one of the options."""
        return self._key

    def set_option(self, option: Option | None) -> None:
        """Shows a choice from the program, silently."""
        self._key = option.key if option else ""
        self.set_text(option.title if option else "")

    def options(self) -> tuple[Option, ...]:
        """What the list shows now."""
        return self._list.options() if self._list.isVisible() else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_alive():
            return False
        if watched is self.editor and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key_pressed(event)
        if event.type() is QEvent.Type.FocusOut and not self._list.underMouse():
            self._list.hide()
        return super().eventFilter(watched, event)

    def is_alive(self) -> bool:
        return super().is_alive() and "_list" in self.__dict__ and isValid(self._list)

    def tidy(self) -> None:
        """Leaving after typing the whole title takes it."""
        super().tidy()
        if self._key or not self.text():
            return
        same = [option for option in self._find(self.text()) if fold(option.title) == fold(self.text())]
        if len(same) == 1:
            self._take(same[0])

    def _ask(self) -> None:
        if self._key:
            self._key = ""
            self.chosen.emit("")
        self._open()

    def _open(self) -> None:
        query = nfc(self.editor.text())
        self._list.show_options(self._find(query))

    def _key_pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and not self._list.isVisible():
            self._open()
            return True
        if not self._list.isVisible():
            return False
        if key in _STEPS:
            self._list.step(_STEPS[key])
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._take_index(self._list.currentIndex())
            return True
        if key is Qt.Key.Key_Escape:
            self._list.hide()
            return True
        return False

    def _take_index(self, index: QModelIndex) -> None:
        option = index.data(_ROLE)
        if isinstance(option, Option):
            self._take(option)

    def _take(self, option: Option) -> None:
        self._list.hide()
        self.set_option(option)
        self.chosen.emit(option.key)

    def _what_is_wrong(self, text: str) -> str:
        if text and not self._key:
            return self._lost
        return self.wish(text) if self.wish else ""


class OptionList(QListView):
    """The list below a line; it takes no keys and no focus of its own."""

    def __init__(self, picker: LineField) -> None:
        super().__init__(picker)
        self._picker = picker
        self.setProperty("look", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_OptionDelegate(self))
        self.setAccessibleName("Kết quả tìm")
        self.hide()

    def options(self) -> tuple[Option, ...]:
        rows = range(self._model.rowCount())
        found = (self._model.index(row, 0).data(_ROLE) for row in rows)
        return tuple(option for option in found if isinstance(option, Option))

    def show_options(self, options: Sequence[Option]) -> None:
        self._model.clear()
        for option in options:
            item = QStandardItem(f"{option.title}, {option.subtitle}" if option.subtitle else option.title)
            item.setData(option, _ROLE)
            self._model.appendRow(item)
        if not options:
            item = QStandardItem("Không tìm thấy. Thử ít chữ hơn.")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._model.appendRow(item)
        self._lay_below()
        self.show()
        self.raise_()
        self.setCurrentIndex(self._model.index(0, 0))

    def step(self, rows: int) -> None:
        last = self._model.rowCount() - 1
        row = min(last, max(0, self.currentIndex().row() + rows))
        self.setCurrentIndex(self._model.index(row, 0))

    def _lay_below(self) -> None:
        """Under the line, or over it where there is no room; inside the window always."""
        picker = self._picker
        window = picker.window()
        self.setParent(window)
        line = QRect(picker.editor.mapTo(window, QPoint(0, 0)), picker.editor.size())
        rows = min(_SHOWN, self._model.rowCount())
        height = rows * self.sizeHintForRow(0) + look.px(4)
        under = window.height() - line.bottom() - look.px(8)
        top = line.bottom() + look.px(4)
        if under < height and line.top() > under:
            height = min(height, line.top() - look.px(8))
            top = line.top() - height - look.px(4)
        self.setGeometry(line.left(), top, line.width(), min(height, max(under, line.top())))


class _OptionDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = QFontMetrics(look.font()).height() + QFontMetrics(look.font(9)).height()
        return QSize(look.px(200), lines + look.px(10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect
        is_on = bool(option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        painter.fillRect(rect, look.colour("selection" if is_on else "base"))
        room = rect.adjusted(look.px(10), look.px(4), -look.px(10), -look.px(4))
        made = index.data(_ROLE)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        if not isinstance(made, Option):
            painter.setPen(look.colour("dim"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), str(index.data()))
            return
        painter.setFont(look.font())
        painter.setPen(look.colour("text"))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(made.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, left, title)
        room.setTop(room.top() + metrics.height())
        painter.setFont(look.font(9))
        painter.setPen(look.colour("dim"))
        short = painter.fontMetrics().elidedText(made.subtitle, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, left, short)
