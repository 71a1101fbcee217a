"""What a procedure says in its ordinary case, or in another: limits, fees, result, grounds, papers."""

from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.procedure import Case, Procedure
from onestop.domain.time_limit import TimeLimit, TimeUnit
from ui import look
from ui.pages.item_list import whole_number
from ui.pages.procedure_components import ComponentsEdit
from ui.widgets import ComboField, Field, LineField, NoteField, label

Part = TypeVar("Part", Procedure, Case)

_UNITS = (
    (TimeUnit.WORKING_DAY.value, "ngày làm việc"),
    (TimeUnit.CALENDAR_DAY.value, "ngày"),
    (TimeUnit.HOUR.value, "giờ làm việc"),
    (TimeUnit.SAME_DAY.value, "trong ngày làm việc"),
    (TimeUnit.UNSPECIFIED.value, "chưa quy định (hỏi khi tiếp nhận)"),
)
_WITHOUT_NUMBER = {TimeUnit.SAME_DAY, TimeUnit.UNSPECIFIED}
_AS_COUNTER = ("", "như nộp trực tiếp")


class PartEdit(QWidget):
    """Fields bear the last words of `InputError.field`: `time_limit`, `online_limit`, `fees`, `name`…"""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = LineField("name", "Tên t&rường hợp")
        self.condition = LineField("condition", "Khi &nào là trường hợp này")
        self.limit = LineField("time_limit", "Thời &hạn")
        self.unit = ComboField("time_unit", "Đơn &vị tính", _UNITS)
        self.online = LineField("online_limit", "Trực t&uyến")
        self.online_unit = ComboField("online_unit", "Đơn vị tính", (_AS_COUNTER, *_UNITS[:-1]))
        self.fees = LineField("fees", "Mã &mức thu", "Ở mục phí, lệ phí; cách nhau bằng dấu phẩy")
        self.result = LineField("result", "&Kết quả")
        self.grounds = NoteField("grounds", "Căn cứ, mỗi &dòng một văn bản", rows=2)
        self.components = ComponentsEdit()
        for field in (self.limit, self.online):
            field.set_digits()
        self._lay_out()
        for each in self.fields():
            each.changed.connect(self.changed)
        self.components.changed.connect(self.changed)
        self.unit.changed.connect(self._show_numbers)
        self.online_unit.changed.connect(self._show_numbers)

    def fields(self) -> tuple[Field, ...]:
        limits = (self.limit, self.unit, self.online, self.online_unit)
        return (self.name, self.condition, *limits, self.fees, self.result, self.grounds)

    def show_part(self, part: Procedure | Case) -> None:
        """Fills the fields; nothing counts as typed."""
        is_case = isinstance(part, Case)
        self.name.setVisible(is_case)
        self.condition.setVisible(is_case)
        self.name.set_text(part.name if is_case else "")
        self.condition.set_text(part.condition if isinstance(part, Case) else "")
        _show_limit(part.time_limit, self.limit, self.unit)
        _show_limit(part.online_limit, self.online, self.online_unit)
        self.fees.set_text(", ".join(part.fees))
        self.result.set_text(part.result)
        self.grounds.set_text("\n".join(part.grounds))
        self.components.show_components(part.components)
        self._show_numbers()

    def typed(self, part: Part) -> Part:
        """`part` with what stands in the fields."""
        limit = _read_limit(self.limit, self.unit) or TimeLimit(0, TimeUnit.UNSPECIFIED)
        same = replace(
            part,
            time_limit=limit,
            online_limit=_read_limit(self.online, self.online_unit),
            fees=tuple(text for text in (each.strip() for each in self.fees.text().split(",")) if text),
            result=self.result.text(),
            grounds=tuple(self.grounds.text().splitlines()),
            components=self.components.components(),
        )
        if isinstance(same, Case):
            return replace(same, name=self.name.text(), condition=self.condition.text())
        return same

    def field(self, name: str) -> Field | None:
        """The field of `time_limit`, `components.2.name`…; a paper is shown first."""
        if name.startswith("components."):
            _, number, rest = name.split(".")
            return self.components.go_to(int(number), rest)
        return next((field for field in self.fields() if field.name() == name), None)

    def clear_errors(self) -> None:
        for field in (*self.fields(), *self.components.fields()):
            field.set_error("")

    def _show_numbers(self) -> None:
        """Where the unit says it all there is no number to type."""
        self.limit.setEnabled(self.unit.key() not in _WITHOUT_NUMBER)
        self.online.setEnabled(self.online_unit.key() not in {"", *_WITHOUT_NUMBER})

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(10))
        rows: tuple[tuple[tuple[Field, int], ...], ...] = (
            ((self.name, 1), (self.condition, 1)),
            ((self.limit, 2), (self.unit, 5), (self.online, 2), (self.online_unit, 5)),
            ((self.fees, 1), (self.result, 1)),
        )
        for shares in rows:
            row = QHBoxLayout()
            row.setSpacing(look.px(12))
            for field, share in shares:
                row.addWidget(field, share)
                if isinstance(field, ComboField):
                    field.editor.setMinimumContentsLength(8)
            column.addLayout(row)
        column.addWidget(self.grounds)
        column.addWidget(label("Thành phần hồ sơ", "strong"))
        column.addWidget(self.components)


def _show_limit(limit: TimeLimit | None, number: LineField, unit: ComboField) -> None:
    has_number = limit is not None and limit.unit not in _WITHOUT_NUMBER
    number.set_text(str(limit.value) if limit is not None and has_number else "")
    unit.set_key(limit.unit.value if limit else "")


def _read_limit(number: LineField, unit: ComboField) -> TimeLimit | None:
    if not unit.key():
        return None
    kind = TimeUnit(unit.key())
    return TimeLimit(0 if kind in _WITHOUT_NUMBER else whole_number(number.text()), kind)
