"""The journal as a timeline: newest first, one heading a day; icon, verb, person, reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import look

_ROLE = Qt.ItemDataRole.UserRole + 1
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry in words. `day` is the heading ("Thứ Bảy 21/11/2026"), `time` is "10:05"."""

    id: str
    day: str
    time: str
    icon: str
    verb: str
    person: str
    reason: str = ""
    is_decision: bool = False
    tone: str = "accent"


class Timeline(QListView):
    """Fed newest first by `show_moments`; read only."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Nhật ký hồ sơ")
        self.setProperty("look", "plain")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(look.px(24))
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_MomentDelegate(self))
        self._moments: tuple[Moment, ...] = ()
        self._only_decisions = False

    def show_moments(self, moments: Sequence[Moment]) -> None:
        self._moments = tuple(moments)
        self._fill()

    def set_only_decisions(self, is_on: bool) -> None:
        """The filter "Chỉ quyết định"."""
        self._only_decisions = is_on
        self._fill()

    def shown(self) -> tuple[Moment, ...]:
        return tuple(m for m in self._moments if m.is_decision or not self._only_decisions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _fill(self) -> None:
        self._model.clear()
        day = ""
        for moment in self.shown():
            if moment.day != day:
                day = moment.day
                self._model.appendRow(_heading(day))
            self._model.appendRow(_entry(moment))
        self.scrollToTop()


def _heading(day: str) -> QStandardItem:
    item = QStandardItem(day)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _entry(moment: Moment) -> QStandardItem:
    words = ", ".join(part for part in (moment.time, moment.verb, moment.person, moment.reason) if part)
    item = QStandardItem(words)
    item.setData(moment, _ROLE)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return item


class _MomentDelegate(QStyledItemDelegate):
    """Three lines at most of which the last two wrap; a thread runs through the icons."""

    def __init__(self, view: Timeline) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        moment = index.data(_ROLE)
        width = self._view.viewport().width()
        if not isinstance(moment, Moment):
            return QSize(width, look.px(36))
        lines = self._lines(moment, self._text_width(width))
        return QSize(width, sum(height for _, _, _, height in lines) + look.px(12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        moment = index.data(_ROLE)
        if not isinstance(moment, Moment):
            self._paint_day(painter, rect, str(index.data()))
            return
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(rect, look.colour("selection"))
        self._paint_thread(painter, rect, index)
        top = rect.top() + look.px(4)
        left, width = rect.left() + look.px(36), self._text_width(rect.width())
        for words, role, is_bold, height in self._lines(moment, width):
            painter.setFont(look.font(9.75 if role == "dim" else look.BODY_PT, is_bold))
            painter.setPen(look.colour(role))
            painter.drawText(QRect(left, top, width, height), _WRAP, words)
            top += height
        mark = look.pixmap(moment.icon, moment.tone, 18)
        painter.drawPixmap(QPointF(rect.left() + look.px(6), rect.top() + look.px(5)), mark)

    def _lines(self, moment: Moment, width: int) -> list[tuple[str, str, bool, int]]:
        """(words, colour, bold, height) of the lines that are not empty."""
        parts = [
            (moment.verb, "text", True, look.BODY_PT),
            (" · ".join(p for p in (moment.time, moment.person) if p), "dim", False, 9.75),
            (moment.reason, "text", False, look.BODY_PT),
        ]
        lines = []
        for words, role, is_bold, size in parts:
            if words:
                metrics = QFontMetrics(look.font(size, is_bold))
                height = metrics.boundingRect(QRect(0, 0, width, 4000), _WRAP, words).height()
                lines.append((words, role, is_bold, height + look.px(1)))
        return lines

    def _text_width(self, width: int) -> int:
        return max(look.px(80), width - look.px(36 + 8))

    def _paint_day(self, painter: QPainter, rect: QRect, day: str) -> None:
        painter.setFont(look.font(9.75, is_bold=True))
        painter.setPen(look.colour("dim"))
        room = rect.adjusted(look.px(6), look.px(6), 0, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), day)
        metrics = painter.fontMetrics()
        left = room.left() + metrics.horizontalAdvance(day) + look.px(8)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(left, room.center().y(), rect.right() - look.px(8), room.center().y())

    def _paint_thread(self, painter: QPainter, rect: QRect, index: Index) -> None:
        below = index.model().index(index.row() + 1, 0).data(_ROLE)
        if not isinstance(below, Moment):
            return
        x = rect.left() + look.px(15)
        painter.setPen(QPen(look.colour("line"), 2))
        painter.drawLine(x, rect.top() + look.px(27), x, rect.bottom() + look.px(3))
