"""A route as a picture: a box for each step, arrows on and back, time laid against the legal limit."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from onestop.domain.route import KIND_WORDS, ROLE_WORDS, Route, Step, StepKind, time_words
from onestop.domain.state import Role
from ui import look

_ICONS: Final[Mapping[str, str]] = {
    Role.RECEPTION: "user",
    Role.SPECIALIST: "pen-line",
    Role.HEAD: "user-check",
    Role.LEADER: "badge-check",
    Role.CLERK: "stamp",
}
_SIDE, _BACK, _BOX, _GAP, _HEAD = 12, 34, 58, 22, 74
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class RouteDiagram(QWidget):
    """Fed with a route, the names of units and the room the law gives; `chosen(row)` for a click."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("route_diagram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._route = Route("", "", (), "", ())
        self._units: Mapping[str, str] = {}
        self._room: int | None = None
        self._room_words = ""
        self._row = -1

    def show_route(self, route: Route, units: Mapping[str, str], room: int | None, words: str) -> None:
        """`room` in minutes, `words` of the limit it comes from; None: no limit to keep."""
        self._route, self._units, self._room, self._room_words = route, units, room, words
        self.setFixedHeight(self.sizeHint().height())
        self.setAccessibleName(f"Sơ đồ quy trình {route.name}")
        steps = (f"{step.no}. {step.words}: {self._second_line(step)}" for step in route.steps)
        self.setAccessibleDescription("; ".join([self.total_words(), *steps]))
        self.update()

    def mark(self, row: int) -> None:
        """The step that is worked on."""
        self._row = row
        self.update()

    def over(self) -> int:
        """Minutes beyond the limit, at the counter or online; 0 when all is well."""
        if self._room is None:
            return 0
        return max(0, max(self._route.time(), self._route.time(is_online=True)) - self._room)

    def total_words(self) -> str:
        """`Tổng 3 ngày · hạn 3 ngày làm việc · 1.004873`."""
        total = f"Tổng {time_words(self._route.time())}"
        online = self._route.time(is_online=True)
        if online != self._route.time():
            total += f" (trực tuyến {time_words(online)})"
        return (
            f"{total} · hạn {self._room_words}" if self._room_words else f"{total} · chưa có thời hạn để so"
        )

    def box(self, row: int) -> QRect:
        """Where the box of a step stands."""
        indent = look.px(20) if self._route.steps[row].kind is StepKind.CONSULT else 0
        left, width = look.px(_SIDE) + indent, self.width() - look.px(_SIDE + _BACK) - indent
        return QRect(left, look.px(_HEAD) + row * look.px(_BOX + _GAP), width, look.px(_BOX))

    def sizeHint(self) -> QSize:
        rows = max(1, len(self._route.steps))
        return QSize(look.px(360), look.px(_HEAD + rows * (_BOX + _GAP)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for row in range(len(self._route.steps)):
            if self.box(row).contains(event.position().toPoint()):
                self.chosen.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), look.colour("base"))
        self._paint_time(painter)
        for row, step in enumerate(self._route.steps):
            if row + 1 < len(self._route.steps):
                self._paint_on(painter, row)
            if row and step.may_return:
                self._paint_back(painter, row)
            self._paint_box(painter, row, step)
        painter.end()

    # ---- the time bar -----------------------------------------------------------------

    def _paint_time(self, painter: QPainter) -> None:
        """Each step a piece of the bar; what lies beyond the limit is red."""
        over = self.over()
        bar = QRect(look.px(_SIDE), look.px(36), self.width() - look.px(2 * _SIDE), look.px(16))
        painter.setFont(look.font(is_bold=True))
        painter.setPen(look.colour("error" if over else "text"))
        self._text(painter, QRect(bar.left(), look.px(6), bar.width(), look.px(26)), self.total_words())
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(look.colour("alt"))
        painter.drawRect(bar)
        whole = max(self._route.time(), self._room or 0, 1)
        self._paint_pieces(painter, bar, whole)
        if self._room is not None:
            at = bar.left() + bar.width() * self._room // whole
            painter.setPen(QPen(look.colour("error" if over else "text"), look.px(2)))
            painter.drawLine(at, bar.top() - look.px(3), at, bar.bottom() + look.px(4))
        if over:
            painter.setFont(look.font(9, is_bold=True))
            painter.setPen(look.colour("error"))
            below = QRect(bar.left(), bar.bottom() + look.px(2), bar.width(), look.px(18))
            self._text(painter, below, f"Vượt thời hạn {time_words(over)}")

    def _paint_pieces(self, painter: QPainter, bar: QRect, whole: int) -> None:
        done, room = 0, self._room
        for row, step in enumerate(self._route.steps):
            left = bar.left() + bar.width() * done // whole
            done += step.minutes
            right = bar.left() + bar.width() * done // whole
            fits = room is None or done <= room
            shade = look.colour("accent" if fits else "danger")
            shade.setAlpha(255 if row == self._row else 150)
            painter.fillRect(QRect(left, bar.top() + 1, max(0, right - left - 1), bar.height() - 1), shade)

    # ---- boxes and arrows -------------------------------------------------------------

    def _paint_box(self, painter: QPainter, row: int, step: Step) -> None:
        box, is_marked = self.box(row), row == self._row
        dashed = Qt.PenStyle.DashLine if step.kind is StepKind.CONSULT else Qt.PenStyle.SolidLine
        edge = look.colour("accent" if is_marked else "border")
        painter.setPen(QPen(edge, look.px(2 if is_marked else 1), dashed))
        painter.setBrush(look.colour("selection" if is_marked else "alt"))
        painter.drawRoundedRect(QRectF(box), look.px(6), look.px(6))
        if step.kind is StepKind.JOINT:
            inner = box.adjusted(look.px(3), look.px(3), -look.px(3), -look.px(3))
            painter.drawRoundedRect(QRectF(inner), look.px(4), look.px(4))
        side = look.px(20)
        painter.drawPixmap(
            QRect(box.left() + look.px(10), box.center().y() - side // 2, side, side),
            look.pixmap(_ICONS.get(step.role, "circle-help"), "accent", 20),
        )
        words = box.adjusted(look.px(40), look.px(6), -look.px(10), -look.px(6))
        half = words.height() // 2
        painter.setPen(look.colour("text"))
        painter.setFont(look.font(is_bold=True))
        first = QRect(words.left(), words.top(), words.width(), half)
        self._text(painter, first, f"{step.no}. {step.words or '(chưa có nội dung)'}")
        painter.setPen(look.colour("dim"))
        painter.setFont(look.font(9))
        self._text(painter, first.translated(0, half), self._second_line(step))

    def _second_line(self, step: Step) -> str:
        """`Chuyên viên · Phòng Kinh tế · 2 ngày · Lấy ý kiến · có thể bỏ qua`."""
        units = [self._units.get(unit, unit) for unit in (step.unit, *step.joint_units) if unit]
        time = time_words(step.minutes)
        if step.online_minutes is not None:
            time += f" (trực tuyến {time_words(step.online_minutes)})"
        parts = [ROLE_WORDS.get(step.role, step.role), time, " + ".join(units)]
        parts += [KIND_WORDS[step.kind]] if step.kind is not StepKind.WORK else []
        parts += ["có thể bỏ qua"] if step.may_skip else []
        return " · ".join(part for part in parts if part)

    def _paint_on(self, painter: QPainter, row: int) -> None:
        box, below = self.box(row), self.box(row + 1)
        x = look.px(_SIDE + 30)
        painter.setPen(QPen(look.colour("text"), look.px(2)))
        painter.drawLine(x, box.bottom() + 1, x, below.top() - look.px(5))
        self._head(painter, QPointF(x, below.top()))

    def _paint_back(self, painter: QPainter, row: int) -> None:
        """The way back to the step before, on the right."""
        box, above = self.box(row), self.box(row - 1)
        out = box.right() + look.px(18)
        start, end = box.center().y() - look.px(10), above.center().y() + look.px(10)
        path = QPainterPath(QPointF(box.right(), start))
        path.cubicTo(QPointF(out, start), QPointF(out, end), QPointF(above.right() + look.px(6), end))
        painter.setPen(QPen(look.colour("dim"), look.px(1.5), Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setPen(QPen(look.colour("dim"), 1))
        tip = QPoint(above.right() + 1, end)
        painter.setBrush(look.colour("dim"))
        painter.drawPolygon(
            QPolygonF([QPointF(tip), QPointF(tip) + QPointF(look.px(7), -look.px(4)),
                       QPointF(tip) + QPointF(look.px(7), look.px(4))])
        )  # fmt: skip

    def _head(self, painter: QPainter, tip: QPointF) -> None:
        wide, high = look.px(5), look.px(8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("text"))
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-wide, -high), tip + QPointF(wide, -high)]))

    def _text(self, painter: QPainter, room: QRect, words: str) -> None:
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, _LEFT, cut)
