"""The status pill: icon, words and fill together say how urgent a dossier is."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import look
from ui.tokens import Fill, UrgencyLook

_ICON, _GAP, _SIDE = 16, 6, 10


def pill_size(words: str) -> QSize:
    """Room a pill needs, in px at the zoom in force."""
    metrics = QFontMetrics(look.font(is_bold=True))
    width = metrics.horizontalAdvance(words) + look.px(_ICON + _GAP + 2 * _SIDE) + 2
    return QSize(width, max(look.px(26), metrics.height() + look.px(4)))


def paint_pill(painter: QPainter, rect: QRect, urgency: str, words: str) -> None:
    """Draws the pill at the left of `rect`, in its middle; words too long are elided."""
    made = look.current().urgency(urgency)
    size = pill_size(words)
    width = min(size.width(), rect.width())
    height = min(size.height(), rect.height())
    box = QRect(rect.left(), rect.center().y() - height // 2 + 1, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_fill(painter, box, made)
    side = look.px(_SIDE)
    mark = look.pixmap(made.icon, made.text, _ICON)
    top = box.center().y() - look.px(_ICON) / 2 + 0.5
    painter.drawPixmap(QPointF(box.left() + side, top), mark)
    left = box.left() + side + look.px(_ICON + _GAP)
    room = QRect(left, box.top(), box.right() - left - side + 2, box.height())
    painter.setFont(look.font(is_bold=True))
    painter.setPen(look.colour(made.text))
    short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)
    painter.restore()


def paint_bar(painter: QPainter, rect: QRect, urgency: str) -> None:
    """Draws the urgency's bar along the left edge of a row."""
    made = look.current().urgency(urgency)
    bar = QRect(rect.left(), rect.top() + 1, look.px(made.bar_width), rect.height() - 2)
    painter.fillRect(bar, look.colour(made.bar))
    if made.edge != made.bar:
        painter.save()
        painter.setPen(QPen(look.colour(made.edge), 1))
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        painter.restore()


def _paint_fill(painter: QPainter, box: QRect, made: UrgencyLook) -> None:
    if made.fill is Fill.none:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(made.tint))
    radius = box.height() / 2
    painter.drawRoundedRect(QRectF(box), radius, radius)


class StatusPill(QWidget):
    """The pill standing alone, in the head of a dossier or its preview."""

    def __init__(self, urgency: str = "in_time", words: str = "") -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_state(urgency, words)

    def set_state(self, urgency: str, words: str) -> None:
        self._urgency, self._words = urgency, words
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        return self._words

    def sizeHint(self) -> QSize:
        return pill_size(self._words)

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(64), pill_size(self._words).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._words:
            return
        painter = QPainter(self)
        paint_pill(painter, self.rect(), self._urgency, self._words)
        painter.end()
