"""The papers a procedure asks for, as an administrator edits them: a list, and the one chosen below it."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.procedure import KIND_WORDS, Component, ComponentKind
from ui import look
from ui.widgets import Column, ComboField, Field, LineField, NoteField, QueueTable, Row, RowModel, plain

_COLUMNS = (
    Column("Giấy tờ", "Tờ khai theo mẫu quy định", stretch=1),
    Column("Cách nộp", "Nếu ủy quyền"),
    Column("Chính", "12", is_number=True),
    Column("Sao", "12", is_number=True),
)
_KINDS = tuple((kind.value, words) for kind, words in KIND_WORDS.items())
_NEEDED = (("yes", "Bắt buộc"), ("", "Khi có điều kiện"))
_ROWS_SHOWN = 5


class ComponentsEdit(QWidget):
    """`changed` when a person has changed a paper, its place or how many there are."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._components: list[Component] = []
        self._is_filling = False
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("components_table", "Thành phần hồ sơ", self._model)
        self.table.set_density("tight")
        self.table.setMinimumHeight(look.row_height("tight") * (_ROWS_SHOWN + 1))
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
        self.table.current_changed.connect(lambda _: self._show_current())
        self._add.clicked.connect(self.add)
        self._drop.clicked.connect(self.drop)
        for each in self.fields():
            each.changed.connect(self._typed)

    def fields(self) -> tuple[Field, ...]:
        return (self.name, self.kind, self.needed, self.originals, self.copies, self.condition)

    def components(self) -> tuple[Component, ...]:
        """Each keeps its number: cases share papers by it."""
        return tuple(self._components)

    def show_components(self, components: Sequence[Component]) -> None:
        self._components = list(components)
        self._list(0)

    def go_to(self, number: int, name: str) -> Field | None:
        """The field of paper `number` (from 1), shown."""
        self.table.select(str(number - 1))
        return next((field for field in self.fields() if field.name() == name), None)

    def add(self) -> None:
        number = max((each.no for each in self._components), default=0) + 1
        new = Component(number, "", ComponentKind.SUBMIT, True, 1, 0, "")
        self._components.append(new)
        self._list(len(self._components) - 1)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def drop(self) -> None:
        place = self._place()
        if 0 <= place < len(self._components):
            del self._components[place]
            self._list(min(place, len(self._components) - 1))
            self.changed.emit()

    def _place(self) -> int:
        return int(self.table.current_id() or -1)

    def _list(self, place: int) -> None:
        self._is_filling = True
        self._model.show_rows([_row(no, each) for no, each in enumerate(self._components)])
        self.table.select(str(place))
        self._is_filling = False
        self._show_current()

    def _show_current(self) -> None:
        """Also while typing the list is shown anew: what is being typed then stays untouched."""
        if self._is_filling:
            return
        place = self._place()
        is_there = 0 <= place < len(self._components)
        for field in self.fields():
            field.setEnabled(is_there)
        self._drop.setEnabled(is_there)
        one = self._components[place] if is_there else None
        self.name.set_text(one.name if one else "")
        self.kind.set_key(one.kind.value if one else "")
        self.needed.set_key("yes" if one and one.needed else "")
        self.originals.set_text(str(one.originals) if one else "")
        self.copies.set_text(str(one.copies) if one else "")
        self.condition.set_text(one.condition if one else "")

    def _typed(self) -> None:
        place = self._place()
        if not 0 <= place < len(self._components):
            return
        self._components[place] = replace(
            self._components[place],
            name=self.name.text(),
            kind=ComponentKind(self.kind.key()),
            needed=self.needed.key() == "yes",
            originals=whole_number(self.originals.text()),
            copies=whole_number(self.copies.text()),
            condition=self.condition.text(),
        )
        self._is_filling = True
        self._model.show_rows([_row(no, each) for no, each in enumerate(self._components)])
        self._is_filling = False
        self.changed.emit()

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


def whole_number(text: str) -> int:
    """-1 for what is none: the check of the procedure then names the field."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1


def _row(place: int, one: Component) -> Row:
    name = one.name if one.needed or one.kind is not ComponentKind.SUBMIT else f"{one.name} (không bắt buộc)"
    cells = (name.replace("\n", " "), KIND_WORDS[one.kind], str(one.originals), str(one.copies))
    return Row(str(place), cells)
