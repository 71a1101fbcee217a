"""The rail at the left: places with icon, word, key, and a count of what waits for me."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui import look

_AIR, _TIGHT = 10, 3
"""Above and below a place's picture and word."""
_CENTRE = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Place:
    """`key` is the shortcut in words ("Ctrl+1"), '' for none."""

    id: str
    icon: str
    words: str
    key: str = ""


class RailButton(QAbstractButton):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.setObjectName(f"rail_{place.id}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setToolTip(f"{place.words} ({place.key})" if place.key else place.words)
        self.badge = 0
        self.set_badge(0)

    def set_badge(self, count: int) -> None:
        self.badge = count
        waiting = f", {count} việc đang chờ" if count else ""
        self.setAccessibleName(self.place.words + waiting)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(84), self._height(2 if self.place.key else 1))

    def minimumSizeHint(self) -> QSize:
        """Without the key and with little air: a low window, or a big zoom, still shows every place."""
        return QSize(look.px(84), self._height(1, _TIGHT))

    def _height(self, lines: int, air: int = _AIR) -> int:
        return QFontMetrics(look.font(9)).height() * lines + look.px(24 + 4 + 2 * air)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        side = look.px(24)
        air = min(look.px(_AIR), max(look.px(_TIGHT), (self.height() - self._height(1, 0)) // 2))
        left, top = (self.width() - side) / 2, air
        painter.drawPixmap(QPointF(left, top), look.pixmap(self.place.icon, "rail_text", 24))
        self._paint_words(painter, top + side + look.px(4))
        if self.badge:
            self._paint_badge(painter, left + side, top)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("rail_on"))
            painter.setOpacity(1.0 if self.isChecked() else 0.5)
            painter.drawRoundedRect(box, look.px(6), look.px(6))
            painter.setOpacity(1.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("rail_text"), 2))
            painter.drawRoundedRect(box, look.px(6), look.px(6))

    def _paint_words(self, painter: QPainter, top: int) -> None:
        painter.setPen(look.colour("rail_text"))
        painter.setFont(look.font(9, is_bold=self.isChecked()))
        height = painter.fontMetrics().height()
        painter.drawText(QRect(0, top, self.width(), height), _CENTRE, self.place.words)
        if self.place.key and self.height() >= self._height(2):
            painter.setFont(look.font(8.25))
            painter.drawText(QRect(0, top + height, self.width(), height), _CENTRE, self.place.key)

    def _paint_badge(self, painter: QPainter, x: float, y: float) -> None:
        words = str(self.badge) if self.badge < 100 else "99+"
        painter.setFont(look.font(8.25, is_bold=True))
        metrics = painter.fontMetrics()
        height = look.px(18)
        width = max(height, metrics.horizontalAdvance(words) + look.px(10))
        box = QRectF(x - look.px(8), y - look.px(6), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("badge"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(look.colour("badge_text"))
        painter.drawText(box, _CENTRE, words)


class Rail(QWidget):
    """`chosen(id)` when a place is clicked; `choose(id)` only marks it."""

    chosen = Signal(str)

    def __init__(self, places: Sequence[Place], foot: Sequence[Place] = ()) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Các trang")
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(4), look.px(8), look.px(4), look.px(8))
        column.setSpacing(look.px(4))
        for place in places:
            column.addWidget(self._button(place))
        column.addStretch(1)
        for place in foot:
            column.addWidget(self._button(place))

    def choose(self, place_id: str) -> None:
        for each, button in self._buttons.items():
            button.setChecked(each == place_id)

    def set_badge(self, place_id: str, count: int) -> None:
        self._buttons[place_id].set_badge(count)

    def set_shown(self, place_ids: Sequence[str]) -> None:
        """Only the places this officer may use."""
        for each, button in self._buttons.items():
            button.setVisible(each in place_ids)

    def button(self, place_id: str) -> RailButton:
        return self._buttons[place_id]

    def sizeHint(self) -> QSize:
        return QSize(look.px(92), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(92), look.px(200))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("rail"))
        painter.end()

    def _button(self, place: Place) -> RailButton:
        made = RailButton(place)
        self._buttons[place.id] = made
        made.clicked.connect(lambda: self._go(place.id))
        return made

    def _go(self, place_id: str) -> None:
        self.choose(place_id)
        self.chosen.emit(place_id)
