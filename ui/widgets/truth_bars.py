"""How much of what was saved stands where: one bar for each place."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import look

_ROW, _ICON, _GAP, _BAR = 28, 18, 8, 8
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


@dataclass(frozen=True, slots=True)
class Bar:
    """`there` of `total`; `is_used` False: the way does not lead through this place."""

    icon: str
    words: str
    there: int
    total: int
    is_used: bool = True

    @property
    def numbers(self) -> str:
        if not self.is_used:
            return "không qua"
        there, total = (f"{number:,}".replace(",", ".") for number in (self.there, self.total))
        return there if self.there == self.total else f"{there}/{total}"


class TruthBars(QWidget):
    """Fed by `show_bars`; its height depends on how many there are, never on their numbers."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._words = words
        self.bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        if tuple(bars) == self.bars:
            return
        is_other_height = len(bars) != len(self.bars)
        self.bars = tuple(bars)
        spoken = "; ".join(f"{bar.words}: {bar.numbers}" for bar in bars)
        self.setAccessibleName(f"{self._words}: {spoken}")
        if is_other_height:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look.px(280), look.px(_ROW) * max(1, len(self.bars)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(9.75))
        metrics = painter.fontMetrics()
        words = max((metrics.horizontalAdvance(bar.words) for bar in self.bars), default=0)
        numbers = max((metrics.horizontalAdvance(bar.numbers) for bar in self.bars), default=0)
        for place, bar in enumerate(self.bars):
            row = QRect(0, place * look.px(_ROW), self.width(), look.px(_ROW))
            self._paint_bar(painter, row, bar, words, max(numbers, metrics.horizontalAdvance("0.000/0.000")))
        painter.end()

    def _paint_bar(self, painter: QPainter, row: QRect, bar: Bar, words: int, numbers: int) -> None:
        side, gap = look.px(_ICON), look.px(_GAP)
        is_whole = bar.is_used and bar.there >= bar.total
        mark = look.pixmap(bar.icon, "success_icon" if is_whole and bar.total else "dim", _ICON)
        painter.drawPixmap(QPointF(row.left(), row.center().y() - side / 2 + 1), mark)
        left = row.left() + side + gap
        painter.setPen(look.colour("text" if bar.is_used else "dim"))
        painter.drawText(QRect(left, row.top(), words + 1, row.height()), _LEFT, bar.words)
        right = row.right() - numbers
        painter.drawText(QRect(right, row.top(), numbers, row.height()), _RIGHT, bar.numbers)
        left += words + 2 * gap
        self._paint_track(painter, QRect(left, row.top(), right - gap - left, row.height()), bar)

    def _paint_track(self, painter: QPainter, room: QRect, bar: Bar) -> None:
        if room.width() < look.px(24):
            return
        height = look.px(_BAR)
        track = QRectF(room.left(), room.center().y() - height / 2 + 1, room.width(), height)
        painter.setPen(QPen(look.colour("border" if bar.is_used else "line"), 1))
        painter.setBrush(look.colour("alt"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        if not bar.is_used or not bar.total or not bar.there:
            return
        share = min(1.0, bar.there / bar.total)
        full = QRectF(track)
        full.setWidth(max(height, track.width() * share))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("success_icon" if share == 1.0 else "accent"))
        painter.drawRoundedRect(full, height / 2, height / 2)
