"""Where a dossier stands, as a stepped line: saved here, at the office, at the province, backed up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import look
from ui.widgets.basic import label, picture

Mark = Literal["done", "open", "stuck", "passed"]
_DOT, _GAP, _LINE = 18, 6, 28
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_SPOKEN = {"done": "", "open": "chưa", "stuck": "chưa, đang vướng", "passed": "không qua"}


@dataclass(frozen=True, slots=True)
class Stop:
    """One step. `words` stands in the line, `at` is its time in words ('' while it is not reached).

    `passed`: the way did not lead through it (a desk that speaks to the province at once).
    """

    icon: str
    words: str
    at: str = ""
    mark: Mark = "open"


class TruthLine(QWidget):
    """Fed by `show_stops`; the whole of it is also its accessible name.

    `is_compact`: pictures only, and the words of the last step reached; for a narrow panel.
    """

    def __init__(self, name: str = "truth", is_compact: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self._steps = _Steps(is_compact)
        self._reason = label("", "small", is_wrapped=True)
        self._mark = picture("triangle-alert", "warning_icon", 16)
        row = QHBoxLayout()
        row.setSpacing(look.px(_GAP))
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._reason, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(2))
        column.addWidget(self._steps)
        column.addLayout(row)
        self.show_stops(())

    def show_stops(self, stops: Sequence[Stop], reason: str = "", is_trouble: bool = False) -> None:
        """`reason`: why it goes no further, in plain words; empty when there is nothing to say."""
        self._steps.show_stops(tuple(stops))
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self._mark.setVisible(is_trouble)
        spoken = "; ".join(_spoken(stop) for stop in stops)
        parts = [f"Hồ sơ đang ở đâu: {spoken}"] if spoken else []
        self.setAccessibleName(". ".join([*parts, *([reason] if reason else [])]))
        self.setToolTip(self.accessibleName())

    def stops(self) -> tuple[Stop, ...]:
        return self._steps.stops

    def reason(self) -> str:
        return self._reason.text()


def _spoken(stop: Stop) -> str:
    """`đã lưu tại quầy lúc 10:42`, `tại tỉnh: chưa`."""
    words = stop.words[:1].lower() + stop.words[1:]
    if stop.mark == "done":
        return f"{words} lúc {stop.at}" if stop.at else words
    return f"{words}: {_SPOKEN[stop.mark]}"


class _Steps(QWidget):
    """Dots with words, joined by a line that is full as far as the dossier has come."""

    def __init__(self, is_compact: bool) -> None:
        super().__init__()
        self.stops: tuple[Stop, ...] = ()
        self._is_compact = is_compact
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stops(self, stops: tuple[Stop, ...]) -> None:
        if stops != self.stops:
            self.stops = stops
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._needed(with_times=True), look.px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(120), look.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 1
        for place, stop in enumerate(self.stops):
            if place:
                left = self._paint_line(painter, left, stop)
            left = self._paint_stop(painter, left, stop, place)
        painter.end()

    def _texts(self, stop: Stop, place: int) -> tuple[str, str]:
        """(words, time) that are written beside the dot."""
        if self._is_compact or self._needed(with_times=False) > self.width():
            is_last = place == self._last_reached()
            return (stop.words, stop.at) if is_last else ("", "")
        has_room = self._needed(with_times=True) <= self.width()
        return stop.words, stop.at if has_room else ""

    def _last_reached(self) -> int:
        reached = [place for place, stop in enumerate(self.stops) if stop.mark == "done"]
        return reached[-1] if reached else 0

    def _needed(self, with_times: bool) -> int:
        width = look.px(_LINE + 2 * _GAP) * self._gaps()
        for stop in self.stops:
            width += look.px(_DOT + _GAP) + QFontMetrics(_words_font(stop)).horizontalAdvance(stop.words)
            if with_times and stop.at:
                width += QFontMetrics(look.font(9.75)).horizontalAdvance(stop.at) + look.px(_GAP)
        return width

    def _gaps(self) -> int:
        return max(0, len(self.stops) - 1)

    def _line_length(self) -> int:
        """Shorter where pictures and the words of one step leave no more."""
        used = look.px(_DOT) * len(self.stops) + look.px(2 * _GAP) * self._gaps()
        for place, stop in enumerate(self.stops):
            for text in self._texts(stop, place):
                used += QFontMetrics(_words_font(stop)).horizontalAdvance(text) + look.px(_GAP) * bool(text)
        rest = (self.width() - 4 - used) // max(1, self._gaps())
        return max(look.px(4), min(look.px(_LINE), rest))

    def _paint_line(self, painter: QPainter, left: int, stop: Stop) -> int:
        is_full = stop.mark in {"done", "passed"}
        pen = QPen(look.colour("success_icon" if is_full else "border"), 2)
        if not is_full:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        left += look.px(_GAP)
        middle = self.height() / 2
        length = self._line_length()
        painter.drawLine(QPointF(left, middle), QPointF(left + length, middle))
        return left + length + look.px(_GAP)

    def _paint_stop(self, painter: QPainter, left: int, stop: Stop, place: int) -> int:
        self._paint_dot(painter, left, stop)
        left += look.px(_DOT)
        words, at = self._texts(stop, place)
        parts = ((words, _words_font(stop), _ROLES[stop.mark]), (at, look.font(9.75), "dim"))
        for text, font, role in parts:
            if text:
                left += look.px(_GAP)
                painter.setFont(font)
                painter.setPen(look.colour(role))
                width = painter.fontMetrics().horizontalAdvance(text) + 1
                painter.drawText(QRect(left, 0, width, self.height()), _MIDDLE, text)
                left += width
        return left

    def _paint_dot(self, painter: QPainter, left: int, stop: Stop) -> None:
        side = look.px(_DOT)
        box = QRectF(left, (self.height() - side) / 2, side, side)
        mark = look.px(12)
        place = QPointF(box.center().x() - mark / 2, box.center().y() - mark / 2)
        if stop.mark == "done":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("success_icon"))
            painter.drawEllipse(box)
            painter.drawPixmap(place, look.pixmap("check", "base", 12))
            return
        role = "warning_icon" if stop.mark == "stuck" else "border"
        painter.setPen(QPen(look.colour(role), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        painter.drawPixmap(place, look.pixmap(_PICTURES.get(stop.mark, stop.icon), role, 12))


_ROLES = {"done": "text", "open": "dim", "stuck": "warning", "passed": "dim"}
_PICTURES = {"stuck": "clock", "passed": "minus"}


def _words_font(stop: Stop) -> QFont:
    return look.font(9.75, is_bold=stop.mark in {"done", "stuck"})
