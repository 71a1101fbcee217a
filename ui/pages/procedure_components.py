"""The papers a procedure asks for, as an administrator edits them: a list, and the one chosen below it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from onestop.domain.procedure import KIND_WORDS, Component, ComponentKind
from ui import look
from ui.pages.item_list import ItemList, whole_number
from ui.widgets import Column, ComboField, Field, LineField, NoteField, plain

_COLUMNS = (
    Column("Giấy tờ", "Tờ khai theo mẫu quy định", stretch=1),
    Column("Cách nộp", "Nếu ủy quyền"),
    Column("Chính", "12", is_number=True),
    Column("Sao", "12", is_number=True),
)
_KINDS = tuple((kind.value, words) for kind, words in KIND_WORDS.items())
_NEEDED = (("yes", "Bắt buộc"), ("", "Khi có điều kiện"))


class ComponentsEdit(ItemList):
    """The papers, and the one chosen."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, "components_table", "Thành phần hồ sơ")
        self.name = NoteField("name", "Tên &giấy tờ", rows=2)
        self.kind = ComboField("kind", "Cách nộ&p", _KINDS)
        self.needed = ComboField("needed", "&Yêu cầu", _NEEDED)
        self.originals = LineField("originals", "Bản &chính")
        self.copies = LineField("copies", "&Bản sao")
        self.condition = LineField("condition", "Đ&iều kiện (như văn bản ghi)")
        for field in (self.originals, self.copies):
            field.set_digits()
        self._add = plain("&Thêm giấy tờ", icon="plus")
        self._drop = plain("Bỏ giấy tờ", icon="trash-2")
        self._lay_out()
        self._add.clicked.connect(self.add)
        self._drop.clicked.connect(self.drop)
        self._listen()

    def fields(self) -> tuple[Field, ...]:
        return (self.name, self.kind, self.needed, self.originals, self.copies, self.condition)

    def components(self) -> tuple[Component, ...]:
        """Each keeps its number: cases share papers by it."""
        return tuple(self._items)

    def show_components(self, components: Sequence[Component]) -> None:
        self._items = list(components)
        self._list(0)

    def go_to(self, number: int, name: str) -> Field | None:
        """The field of paper `number` (from 1), shown."""
        self.table.select(str(number - 1))
        return next((field for field in self.fields() if field.name() == name), None)

    def add(self) -> None:
        number = max((each.no for each in self._items), default=0) + 1
        self._insert(len(self._items), Component(number, "", ComponentKind.SUBMIT, True, 1, 0, ""))

    def _row(self, item: Component) -> tuple[str, ...]:
        is_ordinary = item.needed or item.kind is not ComponentKind.SUBMIT
        name = item.name if is_ordinary else f"{item.name} (không bắt buộc)"
        return name.replace("\n", " "), KIND_WORDS[item.kind], str(item.originals), str(item.copies)

    def _fill(self, item: Component | None) -> None:
        self._drop.setEnabled(item is not None)
        self.name.set_text(item.name if item else "")
        self.kind.set_key(item.kind.value if item else "")
        self.needed.set_key("yes" if item and item.needed else "")
        self.originals.set_text(str(item.originals) if item else "")
        self.copies.set_text(str(item.copies) if item else "")
        self.condition.set_text(item.condition if item else "")

    def _read(self, item: Component) -> Component:
        return replace(
            item,
            name=self.name.text(),
            kind=ComponentKind(self.kind.key()),
            needed=self.needed.key() == "yes",
            originals=whole_number(self.originals.text()),
            copies=whole_number(self.copies.text()),
            condition=self.condition.text(),
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.table)
        buttons = QHBoxLayout()
        buttons.addWidget(self._add)
        buttons.addWidget(self._drop)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.name)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for field, share in ((self.kind, 4), (self.needed, 4), (self.originals, 2), (self.copies, 2)):
            row.addWidget(field, share)
        column.addLayout(row)
        column.addWidget(self.condition)
