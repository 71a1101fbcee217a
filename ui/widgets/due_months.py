"""The months of a calculation: which days count, which do not, and the day of the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import look

_DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_CELL, _TITLE, _HEAD, _GAP = 32, 26, 20, 14


@dataclass(frozen=True, slots=True)
class DayMark:
    """How a day stands in the calculation: starts, counted, skipped, stands, moved or due; and the words."""

    kind: str
    words: str


class DueMonths(QWidget):
    """Fed with marks by day; `point_at` rings one of them. Every mark has a shape besides its colour."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("due_months")
        self._marks: Mapping[date, DayMark] = {}
        self._months: list[date] = []
        self._pointed: date | None = None

    def show_marks(self, marks: Mapping[date, DayMark]) -> None:
        self._marks, self._pointed = marks, None
        self._months = _months(min(marks), max(marks)) if marks else []
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName("Lịch của phép tính; danh sách bên cạnh đọc từng ngày")
        self.update()

    def point_at(self, day: date | None) -> None:
        self._pointed = day
        self.update()

    def top_of(self, day: date) -> int:
        """Where the month of a day begins, to scroll there."""
        place = next((n for n, month in enumerate(self._months) if _same_month(month, day)), 0)
        return sum(_height(month) for month in self._months[:place])

    def sizeHint(self) -> QSize:
        height = sum(_height(month) for month in self._months)
        return QSize(look.px(_CELL) * 7 + look.px(4), max(height, look.px(40)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0
        for month in self._months:
            self._paint_month(painter, month, top)
            top += _height(month)
        painter.end()

    def _paint_month(self, painter: QPainter, month: date, top: int) -> None:
        cell, width = look.px(_CELL), look.px(_CELL) * 7
        painter.setFont(look.font(look.BODY_PT, is_bold=True))
        painter.setPen(look.colour("text"))
        head = QRectF(0, top, width, look.px(_TITLE))
        painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter), f"Tháng {month.month}/{month.year}")
        painter.setFont(look.font(look.BODY_PT - 1.5))
        painter.setPen(look.colour("dim"))
        for place, words in enumerate(_DAYS):
            box = QRectF(place * cell, top + look.px(_TITLE), cell, look.px(_HEAD))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
        first = top + look.px(_TITLE + _HEAD)
        day = month
        while _same_month(day, month):
            row = (day.day - 1 + month.weekday()) // 7
            box = QRectF(day.weekday() * cell, first + row * cell, cell, cell)
            self._paint_day(painter, day, box.adjusted(2, 2, -2, -2))
            day += timedelta(days=1)

    def _paint_day(self, painter: QPainter, day: date, box: QRectF) -> None:
        mark = self._marks.get(day)
        paint_mark(painter, mark.kind if mark else "", box, str(day.day))
        if day == self._pointed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("text"), 2))
            painter.drawRoundedRect(box, 4, 4)


def paint_mark(painter: QPainter, kind: str, box: QRectF, words: str) -> None:
    """One day as its kind looks: filled, tinted, ringed, struck out, or two bars for a pause."""
    painter.setPen(Qt.PenStyle.NoPen)
    if kind in {"due", "counted", "moved"}:
        painter.setBrush(look.colour("accent" if kind == "due" else "selection"))
        painter.drawRoundedRect(box, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if kind == "starts":
        painter.setPen(QPen(look.colour("accent"), 1.5))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
    if kind == "stands":
        painter.setPen(QPen(look.colour("dim"), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
    painter.setFont(look.font(look.BODY_PT - 1, is_bold=kind in {"due", "counted", "moved"}))
    painter.setPen(look.colour({"due": "accent_text", "skipped": "dim", "": "dim"}.get(kind, "text")))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
    if kind == "skipped":
        painter.setPen(QPen(look.colour("dim"), 1.2))
        middle, reach = box.center(), box.width() / 3.2
        painter.drawLine(QPointF(middle.x() - reach, middle.y()), QPointF(middle.x() + reach, middle.y()))


class MarkSample(QWidget):
    """One mark beside its words in the legend."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(look.px(24), look.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, self._kind, QRectF(self.rect()).adjusted(1, 1, -1, -1), "8")
        painter.end()


def _months(first: date, last: date) -> list[date]:
    months, month = [], first.replace(day=1)
    while month <= last:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return months


def _height(month: date) -> int:
    last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    rows = (last.day - 1 + month.weekday()) // 7 + 1
    return look.px(_TITLE + _HEAD) + rows * look.px(_CELL) + look.px(_GAP)


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)
