"""The step that is worked on, field by field; every change goes to the editor at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from onestop.domain.route import KIND_WORDS, ROLE_WORDS, Step, StepKind, time_words
from onestop.domain.text import fold
from ui import look
from ui.widgets import ComboField, LineField

_UNITS = {"": 60, "gio": 60, "ngay": 480, "phut": 1}
_BY_ROUTING = "Theo phân công lĩnh vực"


def minutes_of(text: str) -> int | None:
    """`4`, `2,5`, `0.5`: hours as people write them, in minutes; `2 ngày` (of eight hours), `20 phút`.
    None for what is no time in whole minutes."""
    words = fold(text).replace(",", ".").split()
    each = _UNITS.get(" ".join(words[1:]), 0)
    whole, _, part = words[0].partition(".") if words else ("", "", "")
    if not each or not (whole + part).isdigit() or len(whole) > 5 or len(part) > 2:
        return None
    minutes, rest = divmod(int(whole or 0) * each * 100 + int((part + "00")[:2]) * each, 100)
    return None if rest else minutes


def hours_text(minutes: int) -> str:
    """`2,5`; what hundredths of an hour cannot say stands in minutes: `20 phút`."""
    hundredths, rest = divmod(minutes * 100, 60)
    if rest:
        return f"{minutes} phút"
    return f"{hundredths // 100},{hundredths % 100:02d}".rstrip("0").rstrip(",")


class StepForm(QWidget):
    """`changed(step, what)`: the step as it is now, and which field made it so."""

    changed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("route_step")
        self._step: Step | None = None
        self.words = LineField("words", "&Nội dung công việc")
        self.role = ComboField("role", "&Người thực hiện", [(str(k), v) for k, v in ROLE_WORDS.items()])
        self.unit = ComboField("unit", "Đơn &vị", [("", _BY_ROUTING)])
        self.kind = ComboField("kind", "&Loại bước", [(str(k), v) for k, v in KIND_WORDS.items()])
        self.joint = ComboField("joint_units", "Đơn vị &phối hợp", [("", "Không")])
        self.minutes = LineField("minutes", "&Giờ làm việc", "8 giờ = 1 ngày")
        self.online = LineField("online_minutes", "Trực t&uyến (giờ)", "trống: như trên")
        self.output = LineField("output", "&Kết quả, biểu mẫu")
        self.may_return = QCheckBox("Được trả lại bước t&rước")
        self.may_skip = QCheckBox("Được bỏ &qua")
        self._lay_out()
        self._connect()

    def fields(self) -> Mapping[str, QWidget]:
        """Where a finding's link leads, by the name of the step's member."""
        named = (
            self.words,
            self.role,
            self.unit,
            self.kind,
            self.joint,
            self.minutes,
            self.online,
            self.output,
        )
        return {each.name(): each for each in named} | {"may_skip": self.may_skip}

    def show_units(self, units: Sequence[tuple[str, str]]) -> None:
        self.unit.set_choices([("", _BY_ROUTING), *units])
        self.joint.set_choices([("", "Không"), *units])

    def show_step(self, step: Step | None) -> None:
        """Fills the fields; says nothing of it."""
        self._step = step
        self.setEnabled(step is not None)
        if step is None:
            return
        for field, text in self._texts(step):
            if field.text() != text:
                field.set_text(text)
        for box, is_on in ((self.may_return, step.may_return), (self.may_skip, step.may_skip)):
            box.blockSignals(True)
            box.setChecked(is_on)
            box.blockSignals(False)
        self.joint.setEnabled(step.kind is StepKind.JOINT)

    def _texts(self, step: Step) -> list[tuple[LineField | ComboField, str]]:
        online = "" if step.online_minutes is None else hours_text(step.online_minutes)
        times: list[tuple[LineField | ComboField, str]] = [
            (field, text)
            for field, text in ((self.minutes, hours_text(step.minutes)), (self.online, online))
            # "2,50" is what somebody may be typing: the same time is not written over.
            if not text or minutes_of(field.text()) != minutes_of(text)
        ]
        return [
            (self.words, step.words),
            (self.role, step.role),
            (self.unit, step.unit),
            (self.kind, step.kind),
            (self.joint, next(iter(step.joint_units), "")),
            (self.output, step.output),
            *times,
        ]

    def _connect(self) -> None:
        for field in (self.words, self.role, self.unit, self.kind, self.joint, self.output):
            field.changed.connect(partial(self._tell, field.name()))
        for field in (self.minutes, self.online):
            field.left.connect(partial(self._tell, field.name()))
            field.editor.returnPressed.connect(partial(self._tell, field.name()))
            field.check = _time_trouble
        self.may_return.toggled.connect(lambda _: self._tell("may_return"))
        self.may_skip.toggled.connect(lambda _: self._tell("may_skip"))

    def _tell(self, name: str) -> None:
        if self._step is None:
            return
        now = self._read(self._step)
        if now != self._step:
            self._step = now
            self.joint.setEnabled(now.kind is StepKind.JOINT)
            self.changed.emit(now, name)

    def _read(self, step: Step) -> Step:
        minutes, online = minutes_of(self.minutes.text()), self.online.text()
        kind, joint = StepKind(self.kind.key()), self.joint.key()
        return replace(
            step,
            words=self.words.text(),
            role=self.role.key(),
            unit=self.unit.key(),
            kind=kind,
            joint_units=_joined(step, joint) if kind is StepKind.JOINT else (),
            minutes=step.minutes if minutes is None else minutes,
            online_minutes=minutes_of(online) if online else None,
            output=self.output.text(),
            may_return=self.may_return.isChecked(),
            may_skip=self.may_skip.isChecked(),
        )

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(4))
        places = (
            (self.words, 0, 0, 4),
            (self.role, 1, 0, 1), (self.unit, 1, 1, 1), (self.minutes, 1, 2, 1), (self.online, 1, 3, 1),
            (self.kind, 2, 0, 1), (self.joint, 2, 1, 1), (self.output, 2, 2, 2),
        )  # fmt: skip
        for part, row, column, span in places:
            grid.addWidget(part, row, column, 1, span)
        for column, share in enumerate((3, 4, 2, 2)):
            grid.setColumnStretch(column, share)
        ticks = QHBoxLayout()
        ticks.setSpacing(look.px(24))
        ticks.addWidget(self.may_return)
        ticks.addWidget(self.may_skip)
        ticks.addStretch(1)
        grid.addLayout(ticks, 3, 0, 1, 4)


def _joined(step: Step, first: str) -> tuple[str, ...]:
    """The list shows the first; the others a pack may have named stay."""
    if step.joint_units and first == step.joint_units[0]:
        return step.joint_units
    return (first,) if first else ()


def _time_trouble(text: str) -> str:
    if not text or minutes_of(text) is not None:
        return ""
    return f"Nhập số giờ, ví dụ 4 hoặc 2,5 (một ngày là {time_words(480)} = 8 giờ)"
