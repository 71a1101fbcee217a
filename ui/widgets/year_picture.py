"""A year as a picture: twelve months, each day as it is worked or not. Arrows walk through the days."""

import calendar as months
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from onestop.domain.moment import show_on, weekday
from ui import look
from ui.widgets.basic import announce

_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_HEADS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_WIDE = 600
"""From this width on four months stand side by side, else three."""
_GAP = 12
_LEGEND = (
    ("off", "Nghỉ lễ, nghỉ hoán đổi"),
    ("estimate", "Dự kiến"),
    ("worked", "Làm bù"),
    ("closed", "Cơ quan đóng cửa"),
    ("half", "Đóng một buổi"),
)
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -7,
    Qt.Key.Key_Down: 7,
}


@dataclass(frozen=True, slots=True)
class DayLook:
    """How one day is drawn: `kind` off, closed, half, worked, weekend or ''; `words` for reading."""

    kind: str = ""
    words: str = ""
    is_estimate: bool = False


class YearPicture(QWidget):
    """`selected(day)` follows the arrows and the mouse; `wanted(day)` Enter or a double click;
    `dropped(day)` Delete; `year_wanted(year)` when the walk leaves the year."""

    selected = Signal(object)
    wanted = Signal(object)
    dropped = Signal(object)
    year_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("year_picture")
        self.setAccessibleName("Lịch cả năm, phím mũi tên để chọn ngày")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.day = date(2026, 1, 1)
        self._today = self.day
        self._looks: Callable[[date], DayLook] = lambda _: DayLook()
        self._changed: Collection[date] = ()

    def show_year(
        self, looks: Callable[[date], DayLook], day: date, today: date, changed: Collection[date] = ()
    ) -> None:
        """The year of `day`, which is selected; `changed`: days that differ from what is saved."""
        self._looks, self._today, self._changed = looks, today, changed
        self.day = day
        self._tell()
        self.update()

    def select(self, day: date) -> None:
        """A day of the year shown, or of another, which is then asked for."""
        if day.year != self.day.year:
            self.day = day
            self.year_wanted.emit(day.year)
        elif day != self.day:
            self.day = day
            self._tell()
            self.update()
            self.selected.emit(day)

    def words_of(self, day: date) -> str:
        """`Thứ Ba 24/11/2026: Ngày Văn hoá Việt Nam`."""
        shown = self._looks(day)
        words = f"{weekday(day)} {show_on(day)}"
        told = shown.words + (" (dự kiến)" if shown.is_estimate else "")
        return f"{words}: {told}" if told else words

    def sizeHint(self) -> QSize:
        return QSize(look.px(720), look.px(560))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(380), look.px(420))

    # ---- keys and mouse ---------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        moved = self._walked(key)
        if moved is not None:
            self.select(moved)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and not event.modifiers():
            self.wanted.emit(self.day)
        elif key == Qt.Key.Key_Delete:
            self.dropped.emit(self.day)
        else:
            super().keyPressEvent(event)

    def _walked(self, key: int) -> date | None:
        for each, step in _STEPS.items():
            if key == each:
                return self.day + timedelta(days=step)
        if key == Qt.Key.Key_Home:
            return self.day.replace(day=1)
        if key == Qt.Key.Key_End:
            return self.day.replace(day=_length(self.day.year, self.day.month))
        if key == Qt.Key.Key_PageUp:
            return _month_off(self.day, -1)
        return _month_off(self.day, 1) if key == Qt.Key.Key_PageDown else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._day_at(event.position())
        if found is not None:
            self.select(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._day_at(event.position())
        if found is not None:
            self.wanted.emit(found)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QHelpEvent.Type.ToolTip:
            found = self._day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.words_of(found) if found else "", self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # every other event of Qt

    def _day_at(self, at: QPointF) -> date | None:
        for month in range(1, 13):
            if self._month_box(month).contains(at):
                days = (date(self.day.year, month, n + 1) for n in range(_length(self.day.year, month)))
                return next((day for day in days if self._cell(day).contains(at)), None)
        return None

    def _tell(self) -> None:
        words = self.words_of(self.day)
        self.setAccessibleDescription(words)
        if self.hasFocus():
            announce(self, words)

    # ---- where things stand -----------------------------------------------------------

    def _columns(self) -> int:
        return 4 if self.width() >= look.px(_WIDE) else 3

    def _month_box(self, month: int) -> QRectF:
        columns = self._columns()
        rows, gap = 12 // columns, look.px(_GAP)
        width = (self.width() - gap * (columns - 1)) / columns
        height = (self.height() - look.px(34 if columns == 4 else 58) - gap * (rows - 1)) / rows
        row, column = divmod(month - 1, columns)
        return QRectF(column * (width + gap), row * (height + gap), width, height)

    def _cell(self, day: date) -> QRectF:
        box = self._month_box(day.month)
        first = date(day.year, day.month, 1).weekday()
        week, column = divmod(first + day.day - 1, 7)
        return self._place(box, week + 2, column)

    def _place(self, box: QRectF, line: int, column: int) -> QRectF:
        """Line 0 is the month's name, line 1 the heads of the days, then at most six weeks."""
        width, height = box.width() / 7, box.height() / 8
        return QRectF(box.x() + column * width, box.y() + line * height, width, height)

    # ---- painting ---------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for month in range(1, 13):
            self._paint_month(painter, month)
        self._paint_legend(painter)
        painter.end()

    def _paint_month(self, painter: QPainter, month: int) -> None:
        box = self._month_box(month)
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(9, is_bold=True))
        title = QRectF(box.x() + look.px(4), box.y() - look.px(3), box.width(), box.height() / 8 + look.px(3))
        painter.drawText(title, _LEFT, f"Tháng {month}")
        painter.setFont(look.font(8.25))
        for column, head in enumerate(_HEADS):
            painter.setPen(look.colour("dim"))
            painter.drawText(self._place(box, 1, column), _CENTRE, head)
        for number in range(1, _length(self.day.year, month) + 1):
            self._paint_day(painter, date(self.day.year, month, number))

    def _paint_day(self, painter: QPainter, day: date) -> None:
        box, shown = self._cell(day), self._looks(day)
        inner = box.adjusted(1.5, 1, -1.5, -1)
        self._paint_ground(painter, inner, shown)
        is_marked = shown.kind in {"off", "closed", "half", "worked"}
        painter.setFont(
            look.font(9 if box.height() >= look.px(18) else 8.25, is_bold=is_marked or day == self._today)
        )
        painter.setPen(_ink(shown.kind))
        painter.drawText(box, _CENTRE, str(day.day))
        if day == self._today:
            painter.setPen(QPen(look.colour("text"), 2))
            y, half = inner.bottom() - 1.5, look.px(5)
            painter.drawLine(QPointF(box.center().x() - half, y), QPointF(box.center().x() + half, y))
        if day in self._changed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawEllipse(QPointF(inner.right() - 3, inner.top() + 3), 2.5, 2.5)
        if day == self.day:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("accent"), 2 if self.hasFocus() else 1.5))
            painter.drawRoundedRect(inner, look.px(4), look.px(4))

    def _paint_ground(self, painter: QPainter, box: QRectF, shown: DayLook) -> None:
        ground, edge = _ground(shown.kind)
        if edge is None:
            return
        pen = QPen(edge, 1.2)
        if shown.is_estimate:
            pen.setStyle(Qt.PenStyle.DashLine)
        radius = look.px(4)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush if ground is None or shown.kind == "half" else ground)
        painter.drawRoundedRect(box, radius, radius)
        if shown.kind == "half" and ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(edge)
            corner = QPointF(box.left() + box.height() * 0.5, box.top())
            painter.drawPolygon(
                QPolygonF([box.topLeft(), corner, QPointF(box.left(), box.top() + box.height() * 0.5)])
            )

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(look.font(9))
        side, gap = look.px(14), look.px(6)
        x, y = look.px(2), self.height() - look.px(24 if self._columns() == 4 else 48)
        for kind, words in _LEGEND:
            width = painter.fontMetrics().horizontalAdvance(words)
            if x + side + gap + width > self.width():
                x, y = look.px(2), y + look.px(24)
            box = QRectF(x, y, side, side)
            is_estimate = kind == "estimate"
            self._paint_ground(painter, box, DayLook("off" if is_estimate else kind, "", is_estimate))
            painter.setPen(look.colour("dim"))
            painter.drawText(QRectF(x + side + gap, y - 3, width + gap, side + 6), _LEFT, words)
            x += side + gap + width + look.px(16)


def _ink(kind: str) -> QColor:
    role = {"off": "error", "closed": "today", "half": "text", "worked": "accent", "weekend": "dim"}
    return look.colour(role.get(kind, "text"))


def _ground(kind: str) -> tuple[QColor | None, QColor | None]:
    """Fill and edge; a fill of None shows the ground of the page."""
    tokens = look.current()
    if kind == "off":
        return QColor(tokens.error_tint), QColor(tokens.error_edge)
    if kind in {"closed", "half"}:
        return QColor(tokens.today.tint), QColor(tokens.today.edge)
    return (None, QColor(tokens.accent)) if kind == "worked" else (None, None)


def _length(year: int, month: int) -> int:
    return months.monthrange(year, month)[1]


def _month_off(day: date, by: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, month + 1, min(day.day, _length(year, month + 1)))
