"""The live checklist of a dossier's components: what is needed, what has been handed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui import look
from ui.widgets.basic import label

_BOX, _GAP = 20, 10
_FROM_DATA = "Khai thác từ "
"""How the note of a paper begins that data stands in for."""
_SHOWN_ONLY = "chỉ xuất trình"
"""How the note of a paper begins that is looked at and given back."""
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class Component(Protocol):
    """The shape of `onestop.domain` component lines."""

    @property
    def no(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def needed(self) -> bool: ...
    @property
    def is_given(self) -> bool: ...
    @property
    def originals(self) -> int: ...
    @property
    def certified(self) -> int: ...
    @property
    def copies(self) -> int: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Given:
    """What the officer has ticked for component `no`; counts are sheets of paper."""

    no: int
    is_given: bool
    originals: int
    certified: int
    copies: int


class Stepper(QSpinBox):
    """A small count with its word inside: "Chính 1"; arrows and digits change it.

    The sheet makes its buttons 0 px wide: with `NoButtons` a styled box hides its own text.
    """

    def __init__(self, words: str, spoken: str) -> None:
        super().__init__()
        self.setRange(0, 99)
        self.setPrefix(f"{words} ")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(spoken)
        self.setToolTip(f"{spoken}: gõ số, hoặc ↑ ↓")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(QFontMetrics(look.font()).horizontalAdvance(f"{words} 00") + look.px(16))

    def set_count(self, count: int) -> None:
        """Silent: only a person's change is told."""
        self.blockSignals(True)
        self.setValue(count)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the page must not change a count on the way."""
        event.ignore()


class CheckRow(QAbstractButton):
    """Box, name, and in words whether it is missing; Space or a click toggles."""

    def __init__(self, component: Component) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._needed, self._note = component.needed, component.note
        self.setText(component.name)
        self.setChecked(component.is_given)
        self.toggled.connect(self._say)
        self._say()

    def status(self) -> tuple[str, str]:
        """(words, colour role) of the second line."""
        note = f" · {self._note}" if self._note else ""
        if self.isChecked() and self._note.startswith(_FROM_DATA):
            return self._note, "success"
        if self.isChecked():
            is_shown_only = self._note.startswith(_SHOWN_ONLY)
            words = f"Đã {self._note.removeprefix('chỉ ')}" if is_shown_only else f"Đã nộp{note}"
            return words, "success"
        if self._needed:
            return f"Bắt buộc · còn thiếu{note}", "error"
        return f"Không bắt buộc{note}", "dim"

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        name, status = self._heights(width)
        return max(look.px(40), name + status + look.px(8))

    def sizeHint(self) -> QSize:
        return QSize(look.px(260), self.heightForWidth(self.width() or look.px(260)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(160), look.px(40))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), look.colour("hover"))
        words, role = self.status()
        self._paint_box(painter, role)
        name, status = self._heights(self.width())
        left, width = look.px(_BOX + _GAP + 4), self._text_width(self.width())
        top = look.px(4)
        painter.setFont(look.font())
        painter.setPen(look.colour("text"))
        painter.drawText(QRect(left, top, width, name), _WRAP, self.text())
        painter.setFont(look.font(9.75))
        painter.setPen(look.colour(role))
        painter.drawText(QRect(left, top + name, width, status), _WRAP, words)
        if self.hasFocus():
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_box(self, painter: QPainter, role: str) -> None:
        edge = {"success": "success_icon", "error": "error_edge"}.get(role, "border")
        box = QRectF(look.px(4) + 1, look.px(5) + 1, look.px(_BOX) - 2, look.px(_BOX) - 2)
        painter.setPen(QPen(look.colour(edge), 2))
        painter.setBrush(look.colour("base"))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            mark = look.pixmap("check", edge, 14)
            spare = (box.width() - look.px(14)) / 2
            painter.drawPixmap(box.topLeft() + _point(spare), mark)

    def _heights(self, width: int) -> tuple[int, int]:
        room = QRect(0, 0, self._text_width(width), 4000)
        name = QFontMetrics(look.font()).boundingRect(room, _WRAP, self.text())
        status = QFontMetrics(look.font(9.75)).boundingRect(room, _WRAP, self.status()[0])
        return name.height(), status.height()

    def _text_width(self, width: int) -> int:
        return max(look.px(80), width - look.px(_BOX + _GAP + 8))

    def _say(self) -> None:
        self.setAccessibleName(f"{self.text()}. {self.status()[0]}")
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self.setFixedHeight(self.heightForWidth(self.width()))  # other words, other lines
        self.update()


class _Counts(QWidget):
    """Counts side by side, or below one another where the checklist is narrow."""

    def __init__(self, steppers: Sequence[Stepper]) -> None:
        super().__init__()
        self._steppers = steppers
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(look.px(_BOX + _GAP + 4), 0, 0, look.px(4))
        self._grid.setSpacing(look.px(4))
        self._grid.setColumnStretch(len(steppers), 1)
        self._in_a_row = 0
        self._arrange(len(steppers))

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest count: it must not push the checklist out of its column."""
        widest = max(stepper.width() for stepper in self._steppers)
        return QSize(look.px(_BOX + _GAP + 4) + widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() - look.px(_BOX + _GAP + 4)
        for count in range(len(self._steppers), 0, -1):
            needed = sum(stepper.width() + look.px(4) for stepper in self._steppers[:count])
            if needed - look.px(4) <= room or count == 1:
                self._arrange(count)
                return

    def _arrange(self, in_a_row: int) -> None:
        if in_a_row == self._in_a_row:
            return
        self._in_a_row = in_a_row
        for place, stepper in enumerate(self._steppers):
            self._grid.addWidget(stepper, place // in_a_row, place % in_a_row)


class _Line(QWidget):
    """One component: its row, and the counts of paper once it has been handed in."""

    changed = Signal()

    def __init__(self, component: Component, has_counts: bool, extra: QWidget | None) -> None:
        super().__init__()
        self.no = component.no
        self.needed = component.needed
        self.row = CheckRow(component)
        self.row.setObjectName(f"component_{component.no}")
        self.originals = Stepper("Chính", "Số bản chính")
        self.certified = Stepper("Chứng thực", "Số bản sao chứng thực")
        self.copies = Stepper("Sao", "Số bản sao")
        self.originals.set_count(component.originals)
        self.certified.set_count(component.certified)
        self.copies.set_count(component.copies)
        self._counts = _Counts(self._steppers())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self._counts)
        if extra is not None:
            column.addLayout(_indented(extra))
        self._has_counts = has_counts
        self._counts.setVisible(has_counts and self.row.isChecked())
        self.row.toggled.connect(self._toggled)
        for stepper in self._steppers():
            stepper.valueChanged.connect(self._counted)

    def given(self) -> Given:
        is_given = self.row.isChecked()
        counts = [stepper.value() if is_given else 0 for stepper in self._steppers()]
        return Given(self.no, is_given, *counts)

    def _steppers(self) -> tuple[Stepper, Stepper, Stepper]:
        return self.originals, self.certified, self.copies

    def _counted(self, _: int) -> None:
        self.changed.emit()

    def _toggled(self, is_on: bool) -> None:
        """A paper that has just been handed in is one original, unless counted otherwise."""
        if is_on and not any(stepper.value() for stepper in self._steppers()):
            self.originals.set_count(1)
        self._counts.setVisible(self._has_counts and is_on)
        self.changed.emit()


class Checklist(QWidget):
    """Headed "Thành phần hồ sơ · 2/3 bắt buộc"; `changed` after every tick or count."""

    changed = Signal()

    def __init__(self, name: str, title: str = "Thành phần hồ sơ", has_counts: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title, self._has_counts = title, has_counts
        self._head: QLabel = label(title, "section", is_wrapped=True)
        self._lines: list[_Line] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(4))
        self._column.addWidget(self._head)

    def set_components(
        self, components: Sequence[Component], extras: Mapping[int, QWidget] | None = None
    ) -> None:
        """Shows the components of a procedure; what was ticked before is replaced.

        `extras`: by number of the component, a button that stands below it.
        """
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        below = extras or {}
        self._lines = [_Line(each, self._has_counts, below.get(each.no)) for each in components]
        for line in self._lines:
            self._column.addWidget(line)
            line.changed.connect(self._line_changed)
        self._count()

    def given(self) -> tuple[Given, ...]:
        return tuple(line.given() for line in self._lines)

    def apply(self, components: Iterable[Component]) -> tuple[Component, ...]:
        """The same frozen components with what was ticked put in (dataclasses only)."""
        by_no = {given.no: given for given in self.given()}
        return tuple(_with(component, by_no.get(component.no)) for component in components)

    def missing(self) -> tuple[str, ...]:
        """Names of needed components that have not been handed in."""
        return tuple(line.row.text() for line in self._lines if line.needed and not line.row.isChecked())

    def focus_missing(self) -> None:
        for line in self._lines:
            if line.needed and not line.row.isChecked():
                line.row.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def rows(self) -> tuple[CheckRow, ...]:
        return tuple(line.row for line in self._lines)

    def _line_changed(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        needed = [line for line in self._lines if line.needed]
        done = sum(line.row.isChecked() for line in needed)
        tail = f" · {done}/{len(needed)} bắt buộc" if needed else ""
        self._head.setText(f"{self._title}{tail}")


def _with(component: Component, given: Given | None) -> Component:
    if given is None:
        return component
    return replace(
        component,  # type: ignore[type-var]  # the real one is a frozen dataclass
        is_given=given.is_given,
        originals=given.originals,
        certified=given.certified,
        copies=given.copies,
    )


def _indented(extra: QWidget) -> QHBoxLayout:
    """Its words stand below those of the row."""
    row = QHBoxLayout()
    row.addSpacing(look.px(_BOX))
    row.addWidget(extra)
    row.addStretch(1)
    return row


def _point(side: float) -> QPointF:
    return QPointF(side, side)
