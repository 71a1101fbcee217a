"""The case (trường hợp) of the chosen procedure: every one in sight, its condition below its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from onestop.domain.procedure import Procedure, has_ordinary
from ui import look
from ui.widgets import Field

ORDINARY = "Trường hợp thông thường"
_RING, _GAP = 18, 10
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row as shown: `key` "" is the ordinary case."""

    key: str
    name: str
    condition: str


class CaseField(Field):
    """`chosen` when a person has picked another case. Hidden for a procedure without cases."""

    chosen = Signal()

    def __init__(self, name: str) -> None:
        self._list = CaseList()
        super().__init__(name, "T&rường hợp", self._list)
        self._list.picked.connect(self._picked)

    def show_cases(self, procedure: Procedure | None, key: str = "") -> None:
        """The cases of a procedure with `key` picked; nothing is told."""
        rows = case_rows(procedure) if procedure else []
        self._list.set_rows(rows, key)
        self.set_error("")
        self.setVisible(bool(rows))
        self.label.setBuddy(self._list.stop())  # a buddy must take keys: the list itself must not

    def key(self) -> str:
        return self._list.key() or ""

    def is_open(self) -> bool:
        """Whether a case must be picked and none is."""
        return bool(self._list.rows()) and self._list.key() is None

    def text(self) -> str:
        return self.key()

    def set_text(self, text: str) -> None:
        self._list.pick(text)
        self.label.setBuddy(self._list.stop())

    def validate(self) -> str:
        """Nothing can be wrong with a row: an error stays until one is picked."""
        return self.error()

    def names(self) -> list[str]:
        return [row.shown.name for row in self._list.rows()]

    def _picked(self) -> None:
        self.label.setBuddy(self._list.stop())
        self.set_error("")
        self.chosen.emit()
        self.changed.emit()


def case_rows(procedure: Procedure) -> list[CaseRow]:
    """None for a procedure without cases; the ordinary one first where there is one."""
    rows = [CaseRow(case.id, case.name, case.condition) for case in procedure.cases]
    if rows and has_ordinary(procedure):
        rows.insert(0, CaseRow("", ORDINARY, "Không thuộc trường hợp nào dưới đây"))
    return rows


class CaseList(QWidget):
    """Arrows go up and down, the digit before a row picks it: one stop for Tab."""

    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[CaseButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(2))

    def set_rows(self, rows: Sequence[CaseRow], key: str) -> None:
        for button in self._buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [CaseButton(self, no, row) for no, row in enumerate(rows, 1)]
        for button in self._buttons:
            self._column.addWidget(button)
            button.clicked.connect(lambda _=False, key=button.shown.key: self._clicked(key))
        self.pick(key)

    def rows(self) -> tuple["CaseButton", ...]:
        return tuple(self._buttons)

    def key(self) -> str | None:
        """None while nothing is picked."""
        return next((button.shown.key for button in self._buttons if button.isChecked()), None)

    def pick(self, key: str) -> None:
        """From the program: nothing is told. A key that is not here picks none."""
        for button in self._buttons:
            button.setChecked(button.shown.key == key)
        self._let_tab_in()

    def stop(self) -> QWidget:
        """Where Tab comes to: the picked row, or the first while none is."""
        policy = Qt.FocusPolicy.StrongFocus
        return next((button for button in self._buttons if button.focusPolicy() is policy), self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever jumps to the list means the row that Tab would come to."""
        if self._buttons:
            self.stop().setFocus(event.reason())

    def step(self, button: "CaseButton", steps: int) -> None:
        place = (self._buttons.index(button) + steps) % len(self._buttons)
        self.take(place)

    def take(self, place: int) -> None:
        if 0 <= place < len(self._buttons):
            self._buttons[place].setFocus(Qt.FocusReason.OtherFocusReason)
            self._buttons[place].click()

    def _clicked(self, key: str) -> None:
        """Not by Qt's exclusive buttons: they would count rows that are on their way out."""
        self.pick(key)
        self.picked.emit()

    def _let_tab_in(self) -> None:
        checked = [button for button in self._buttons if button.isChecked()]
        first = (checked or self._buttons)[:1]
        for button in self._buttons:
            is_in = button in first
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_in else Qt.FocusPolicy.ClickFocus)


class CaseButton(QAbstractButton):
    """Ring, digit and name; the condition in a quieter line below."""

    def __init__(self, owner: CaseList, no: int, shown: CaseRow) -> None:
        super().__init__()
        self._owner, self._no, self.shown = owner, no, shown
        self.setObjectName(f"case_{no}")
        self.setCheckable(True)
        self.setText(shown.name)
        self.setAccessibleName(f"{no}. {shown.name}. {shown.condition}")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._owner.step(self, _STEPS[key])
        elif event.text().isascii() and event.text().isdigit():
            self._owner.take(int(event.text()) - 1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.click()
            self.window().focusNextChild()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(self._heights(width)) + look.px(10)

    def sizeHint(self) -> QSize:
        return QSize(look.px(320), self.heightForWidth(self.width() or look.px(320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(160), look.px(30))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("selection" if self.isChecked() else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        self._paint_ring(painter)
        name, condition = self._heights(self.width())
        left, width, top = look.px(_RING + _GAP + 6), self._room(self.width()), look.px(5)
        painter.setFont(look.font(is_bold=self.isChecked()))
        painter.setPen(look.colour("text"))
        painter.drawText(QRect(left, top, width, name), _WRAP, self._words())
        painter.setFont(look.font(9.75))
        painter.setPen(look.colour("text" if self.isChecked() else "dim"))
        painter.drawText(QRect(left, top + name, width, condition), _WRAP, self.shown.condition)
        if self.hasFocus():
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_ring(self, painter: QPainter) -> None:
        ring = QRectF(look.px(6) + 1, look.px(6) + 1, look.px(_RING) - 2, look.px(_RING) - 2)
        is_on = self.isChecked()
        painter.setPen(QPen(look.colour("accent" if is_on else "border"), 2))
        painter.setBrush(look.colour("base"))
        painter.drawEllipse(ring)
        if is_on:
            inner = ring.width() * 0.25
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawEllipse(ring.adjusted(inner, inner, -inner, -inner))

    def _words(self) -> str:
        return f"{self._no}. {self.shown.name}"

    def _heights(self, width: int) -> tuple[int, int]:
        """Bold letters are wider: a row must not jump when it is picked."""
        room = QRect(0, 0, self._room(width), 4000)
        name = QFontMetrics(look.font(is_bold=True)).boundingRect(room, _WRAP, self._words())
        if not self.shown.condition:
            return name.height(), 0
        condition = QFontMetrics(look.font(9.75)).boundingRect(room, _WRAP, self.shown.condition)
        return name.height(), condition.height()

    def _room(self, width: int) -> int:
        return max(look.px(80), width - look.px(_RING + _GAP + 12))
