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
from ui.pages.item_list import ItemList, whole_number
from ui.pages.template_rows import short
from ui.widgets import Column, ComboField, Field, LineField, label, plain

_COLUMNS: Final = (
    Column("Cột", "Bản chính", stretch=1),
    Column("Ghi", "{copies}", stretch=1),
    Column("Rộng", "100", is_number=True),
)
_ALIGNS: Final = (("left", "Trái"), ("center", "Giữa"), ("right", "Phải"))
_LEAD: Final = (("", "Không"), ("yes", "Có"))


class ColumnsEdit(ItemList):
    """The columns of a table in their order, and the one chosen."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, "columns_table", "Các cột của bảng")
        self.setProperty("look", "clear")
        self.table.setMaximumHeight(self.table.minimumHeight())
        self.heading = LineField("column_heading", "Tên cột")
        self.text = LineField("column_text", "Ô ghi gì")
        self.share = LineField("column_share", "Rộng")
        self.align = ComboField("column_align", "Canh lề", _ALIGNS)
        self.group = LineField("column_group", "Tên chung")
        self.lead = ComboField("column_lead", "Cột chính", _LEAD)
        self.share.set_digits()
        self.group.editor.setToolTip("Cùng tên với cột bên cạnh: đứng chung dưới một tiêu đề")
        self.lead.editor.setToolTip("Trên giấy cuộn, cột này đứng đầu mỗi dòng")
        self.add_button, self.drop_button = plain("Thêm cột", icon="plus"), short("trash-2", "Bỏ cột")
        self.up_button = short("chevron-up", "Đưa cột sang trái")
        self.down_button = short("chevron-down", "Đưa cột sang phải")
        self.setFocusProxy(self.table)
        self._lay_out()
        self.add_button.clicked.connect(self.add)
        self.drop_button.clicked.connect(self.drop)
        self.up_button.clicked.connect(lambda: self.shift(-1))
        self.down_button.clicked.connect(lambda: self.shift(1))
        self._listen()

    def fields(self) -> tuple[Field, ...]:
        return (self.heading, self.text, self.share, self.align, self.group, self.lead)

    def columns(self) -> tuple[Spec, ...]:
        return tuple(self._items)

    def show_columns(self, specs: Sequence[Spec]) -> None:
        if tuple(specs) != self.columns():
            place = max(0, min(self.place(), len(specs) - 1))
            self._items = list(specs)
            self._list(place)

    def add(self) -> None:
        if len(self._items) < MOST_COLUMNS:
            self._insert(self.place() + 1, Spec("Cột mới", "", 20))

    def _row(self, item: Spec) -> tuple[str, ...]:
        return item.heading, item.text, str(item.share)

    def _fill(self, item: Spec | None) -> None:
        self.drop_button.setEnabled(item is not None)
        if item is None:
            return
        lead = "yes" if item.is_lead else ""
        texts = (item.heading, item.text, str(item.share), item.align, item.group, lead)
        for field, text in zip(self.fields(), texts, strict=True):
            field.set_text(text)

    def _read(self, item: Spec) -> Spec:
        return replace(
            item,
            heading=self.heading.text(),
            text=self.text.text(),
            share=whole_number(self.share.text()),
            align=self.align.key(),
            group=self.group.text(),
            is_lead=bool(self.lead.key()),
        )

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
