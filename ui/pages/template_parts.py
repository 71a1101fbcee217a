"""Parts of a block that are several: the columns of a table, the signers of a paper."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.template import Column as Spec
from onestop.domain.template import Signer
from onestop.domain.template_check import MOST_COLUMNS
from ui import look
from ui.pages.procedure_components import whole_number
from ui.widgets import Button, Column, ComboField, Field, LineField, QueueTable, Row, RowModel, label, plain

_COLUMNS: Final = (
    Column("Cột", "Bản chính", stretch=1),
    Column("Ghi", "{copies}", stretch=1),
    Column("Rộng", "100", is_number=True),
)
_ALIGNS: Final = (("left", "Trái"), ("center", "Giữa"), ("right", "Phải"))
_LEAD: Final = (("", "Không"), ("yes", "Có"))
_ROWS_SHOWN = 5


class ColumnsEdit(QWidget):
    """`changed` when a person has changed a column, its place or how many there are."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._specs: list[Spec] = []
        self._is_filling = False
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("columns_table", "Các cột của bảng", self._model)
        self.table.set_density("tight")
        self.table.setFixedHeight(look.row_height("tight") * (_ROWS_SHOWN + 1))
        self.heading = LineField("column_heading", "Tên cột")
        self.text = LineField("column_text", "Ô ghi gì")
        self.share = LineField("column_share", "Rộng")
        self.align = ComboField("column_align", "Canh lề", _ALIGNS)
        self.group = LineField("column_group", "Tên chung")
        self.lead = ComboField("column_lead", "Cột chính", _LEAD)
        self.share.set_digits()
        self.group.editor.setToolTip("Cùng tên với cột bên cạnh: đứng chung dưới một tiêu đề")
        self.lead.editor.setToolTip("Trên giấy cuộn, cột này đứng đầu mỗi dòng")
        self.add_button, self.drop_button = plain("Thêm cột", icon="plus"), _short("trash-2", "Bỏ cột")
        self.up_button = _short("chevron-up", "Đưa cột sang trái")
        self.down_button = _short("chevron-down", "Đưa cột sang phải")
        self.setFocusProxy(self.table)
        self._lay_out()
        self._connect()

    def fields(self) -> tuple[Field, ...]:
        return (self.heading, self.text, self.share, self.align, self.group, self.lead)

    def columns(self) -> tuple[Spec, ...]:
        return tuple(self._specs)

    def show_columns(self, specs: Sequence[Spec]) -> None:
        if tuple(specs) != self.columns():
            place = max(0, min(self._place(), len(specs) - 1))
            self._specs = list(specs)
            self._list(place)

    def add(self) -> None:
        if len(self._specs) < MOST_COLUMNS:
            place = self._place() + 1
            self._specs.insert(place, Spec("Cột mới", "", 20))
            self._list(place)
            self.heading.setFocus()
            self.changed.emit()

    def drop(self) -> None:
        place = self._place()
        if 0 <= place < len(self._specs):
            del self._specs[place]
            self._list(min(place, len(self._specs) - 1))
            self.changed.emit()

    def shift(self, by: int) -> None:
        place, specs = self._place(), self._specs
        if 0 <= place < len(specs) and 0 <= place + by < len(specs):
            specs[place], specs[place + by] = specs[place + by], specs[place]
            self._list(place + by)
            self.changed.emit()

    def _place(self) -> int:
        return int(self.table.current_id() or -1)

    def _list(self, place: int) -> None:
        self._is_filling = True
        self._model.show_rows([_row(no, each) for no, each in enumerate(self._specs)])
        self.table.select(str(place))
        self._is_filling = False
        self._show_current()

    def _show_current(self) -> None:
        """While typing the list is shown anew: what is being typed then stays untouched."""
        if self._is_filling:
            return
        place = self._place()
        one = self._specs[place] if 0 <= place < len(self._specs) else None
        for field in self.fields():
            field.setEnabled(one is not None)
        self.drop_button.setEnabled(one is not None)
        if one is not None:
            texts = (
                one.heading,
                one.text,
                str(one.share),
                one.align,
                one.group,
                "yes" if one.is_lead else "",
            )
            for field, text in zip(self.fields(), texts, strict=True):
                field.set_text(text)

    def _typed(self) -> None:
        place = self._place()
        if not 0 <= place < len(self._specs):
            return
        self._specs[place] = replace(
            self._specs[place],
            heading=self.heading.text(),
            text=self.text.text(),
            share=whole_number(self.share.text()),
            align=self.align.key(),
            group=self.group.text(),
            is_lead=bool(self.lead.key()),
        )
        self._is_filling = True
        self._model.show_rows([_row(no, each) for no, each in enumerate(self._specs)])
        self._is_filling = False
        self.changed.emit()

    def _connect(self) -> None:
        self.table.current_changed.connect(lambda _: self._show_current())
        self.add_button.clicked.connect(self.add)
        self.drop_button.clicked.connect(self.drop)
        self.up_button.clicked.connect(lambda: self.shift(-1))
        self.down_button.clicked.connect(lambda: self.shift(1))
        for field in self.fields():
            field.changed.connect(self._typed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(label("Các cột", "strong"))
        column.addWidget(self.table)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.px(6))
        for button in (self.add_button, self.drop_button, self.up_button, self.down_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        for pair in ((self.heading, self.text), (self.share, self.align), (self.group, self.lead)):
            row = QHBoxLayout()
            row.setSpacing(look.px(10))
            for field in pair:
                row.addWidget(field, 1)
                if isinstance(field, ComboField):
                    field.editor.setMinimumContentsLength(4)
            column.addLayout(row)


class SignersEdit(QWidget):
    """One or two signers; the second is left out while its role is empty."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._pairs = [_signer_fields(number) for number in (1, 2)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        for number, fields in enumerate(self._pairs, 1):
            words = "Người ký" if number == 1 else "Người ký thứ hai (để trống chức danh: không có)"
            column.addWidget(label(words, "strong", is_wrapped=True))
            for field in fields:
                column.addWidget(field)
                field.changed.connect(self.changed)
        self.setFocusProxy(self._pairs[0][0])

    def fields(self) -> tuple[Field, ...]:
        return tuple(field for fields in self._pairs for field in fields)

    def show_signers(self, signers: Sequence[Signer]) -> None:
        for number, fields in enumerate(self._pairs):
            one = signers[number] if number < len(signers) else Signer("")
            for field, text in zip(fields, (one.role, one.name, one.hint), strict=True):
                if field.text() != text:
                    field.set_text(text)

    def signers(self) -> tuple[Signer, ...]:
        made = tuple(Signer(*(field.text() for field in fields)) for fields in self._pairs)
        return made if made[1].role else made[:1]


def _signer_fields(number: int) -> tuple[LineField, LineField, LineField]:
    return (
        LineField(f"signer_{number}_role", "Chức danh (in hoa)"),
        LineField(f"signer_{number}_name", "Họ tên"),
        LineField(f"signer_{number}_hint", "Lời dưới chức danh"),
    )


def _short(icon: str, words: str) -> Button:
    made = plain("", icon=icon)
    made.setToolTip(words)
    made.setAccessibleName(words)
    made.setFixedWidth(look.px(40))
    return made


def _row(place: int, one: Spec) -> Row:
    return Row(str(place), (one.heading, one.text, str(one.share)))
