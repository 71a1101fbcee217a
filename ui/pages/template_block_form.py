"""One block of a template as fields: every change goes to the editor at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.template import Block
from onestop.domain.template_fields import ROWS
from onestop.domain.template_words import rows_words
from ui import look
from ui.pages.item_list import whole_number
from ui.pages.template_form import TemplateForm
from ui.pages.template_parts import ColumnsEdit, SignersEdit
from ui.widgets import ComboField, Field, LineField, NoteField, label

ALIGN_CHOICES: Final = (
    ("left", "Trái"), ("center", "Giữa"), ("right", "Phải"), ("justify", "Đều hai bên"),
)  # fmt: skip
_SIZE_CHOICES: Final = (("body", "Thường"), ("small", "Nhỏ"), ("head", "Tiêu ngữ"), ("title", "Tên giấy"))
_SMALL: Final = frozenset(("yes", "align", "size", "size_or_none", "number"))
_COLUMNS, _SIGNERS = "columns", "signers"
_YES_NO: Final = (("", "Không"), ("yes", "Có"))


@dataclass(frozen=True, slots=True)
class Member:
    """How one member of a block is shown: `how` is line, note, lines, number, yes, align, size, rows."""

    name: str
    title: str
    how: str = "line"
    hint: str = ""


_WHEN: Final = Member("when", "Chỉ in khi trường này có giá trị", hint="Để trống: luôn in")

MEMBERS: Final[dict[str, tuple[Member, ...]]] = {
    "heads": (
        Member("number", "Số của giấy", hint="Ví dụ {number}/TNHS"),
        Member("place_day", "Địa danh, ngày"),
        Member("has_codes", "Mã vạch và mã QR", "yes"),
    ),
    "title": (
        Member("text", "Tên giấy", "note"),
        Member("notes", "Trong ngoặc bên dưới", "lines", "Mỗi dòng một ý; dòng trống khi in được bỏ"),
    ),
    "line": (
        Member("label", "Nhãn"),
        Member("text", "Nội dung", "note"),
        Member("is_strong", "Chữ đậm", "yes"),
    ),
    "pair": (
        Member("left_label", "Nhãn bên trái"),
        Member("left_text", "Nội dung bên trái"),
        Member("right_label", "Nhãn bên phải"),
        Member("right_text", "Nội dung bên phải"),
    ),
    "text": (
        Member("text", "Đoạn văn", "tall", "Chữ giữa hai dấu ** được in đậm"),
        Member("align", "Canh lề", "align"),
        Member("size", "Cỡ chữ", "size"),
        Member("is_italic", "Chữ nghiêng", "yes"),
        Member("has_indent", "Lùi đầu dòng", "yes"),
    ),
    "table": (
        Member("label", "Dòng trước bảng"),
        Member("rows", "Danh sách", "rows"),
        Member("empty", "Lời khi danh sách trống"),
        Member("least", "Số dòng để sẵn", "number"),
        Member("size", "Cỡ chữ", "size_or_none"),
    ),
    "list": (
        Member("label", "Nhãn"),
        Member("rows", "Danh sách", "rows"),
        Member("text", "Mỗi dòng ghi", "note"),
        Member("mark", "Dấu đầu dòng"),
        Member("empty", "Lời khi danh sách trống"),
    ),
    "signatures": (Member("recipients", "Nơi nhận", "lines", "Mỗi dòng một nơi; chỉ khi có một người ký"),),
    "note": (Member("label", "Nhãn"), Member("text", "Nội dung", "tall")),
    "hand_overs": (Member("least", "Số ô để sẵn", "number"),),
    "slip_code": (
        Member("rows", "Một mã cho mỗi dòng của", "rows_or_none"),
        Member("lines", "Lời bên mã", "lines"),
        Member("hint", "Lời hướng dẫn", "note"),
    ),
    "gap": (Member("mm", "Cao bao nhiêu mm", "number"), Member("has_rule", "Có đường kẻ ngang", "yes")),
    "together": (),
}  # fmt: skip
"""By the tag of a block, in the order shown; `when` comes last in each."""


class BlockForm(TemplateForm):
    """The fields of one kind of block."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.setObjectName(f"block_{tag}")
        self.setProperty("look", "clear")
        self._block: Block | None = None
        self.members: dict[str, Field] = {}
        self.columns = ColumnsEdit() if tag == "table" else None
        self.signers = SignersEdit() if tag == "signatures" else None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(10))
        if tag == "together":
            self._column.addWidget(
                label("Các khối bên trong luôn nằm trên cùng một trang.", "dim", is_wrapped=True)
            )
        for row in _in_rows((*MEMBERS[tag], _WHEN)):
            self._add(row)
        for part in (self.columns, self.signers):
            if part is not None:
                self._column.insertWidget(self._column.count() - 1, part)  # `when` stays the last
                part.changed.connect(self.changed)
                for field in part.fields():
                    self.watch(field)

    def show_block(self, block: Block) -> None:
        """Fills what stands otherwise; nothing counts as typed."""
        self._block = block
        for name, field in self.members.items():
            text = _shown(getattr(block, name))
            if field.text() != text:
                field.set_text(text)
        if self.columns is not None:
            self.columns.show_columns(getattr(block, _COLUMNS))
        if self.signers is not None:
            self.signers.show_signers(getattr(block, _SIGNERS))

    def typed(self, block: Block) -> Block:
        """`block` with what stands in the fields."""
        told: dict[str, Any] = {}
        for name, field in self.members.items():
            held = getattr(block, name)
            if field.text() != _shown(held):  # else blanks at its ends, which no field keeps, would go
                told[name] = _read(field.text(), held)
        if self.columns is not None:
            told[_COLUMNS] = self.columns.columns()
        if self.signers is not None:
            told[_SIGNERS] = self.signers.signers()
        return replace(block, **told)

    def field(self, member: str) -> QWidget | None:
        """Where a finding leads."""
        part = {_COLUMNS: self.columns, _SIGNERS: self.signers}.get(member)
        return part or self.members.get(member) or next(iter(self.members.values()), None)

    def rows_of(self, editor: str) -> str:
        own = {"column_text_editor", "lines_editor", *(("text_editor",) if "mark" in self.members else ())}
        is_of_row = editor in own
        return self.members["rows"].text() if is_of_row and "rows" in self.members else ""

    def _add(self, members: Sequence[Member]) -> None:
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        for member in members:
            field = self.members[member.name] = _MAKERS[member.how](member)
            if isinstance(field, ComboField):
                field.editor.setMinimumContentsLength(4)
            row.addWidget(field, 1)
            field.changed.connect(self.changed)
            self.watch(field)
        self._column.addLayout(row)


def _in_rows(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    """Two short ones side by side."""
    for is_small, some in groupby(members, lambda member: member.how in _SMALL):
        group = list(some)
        step = 2 if is_small else 1
        yield from (group[at : at + step] for at in range(0, len(group), step))


def _rows_choices() -> list[tuple[str, str]]:
    return [(name, rows_words(name)) for name in ROWS]


def _number_field(member: Member) -> Field:
    made = LineField(member.name, member.title, member.hint)
    made.set_digits()
    return made


_MAKERS: Final[dict[str, Callable[[Member], Field]]] = {
    "line": lambda member: LineField(member.name, member.title, member.hint),
    "note": lambda member: NoteField(member.name, member.title, member.hint, rows=2),
    "tall": lambda member: NoteField(member.name, member.title, member.hint, rows=6),
    "lines": lambda member: NoteField(member.name, member.title, member.hint, rows=3),
    "number": _number_field,
    "yes": lambda member: ComboField(member.name, member.title, _YES_NO, member.hint),
    "align": lambda member: ComboField(member.name, member.title, ALIGN_CHOICES, member.hint),
    "size": lambda member: ComboField(member.name, member.title, _SIZE_CHOICES, member.hint),
    "size_or_none": lambda member: ComboField(
        member.name, member.title, (("", "Vừa"), *_SIZE_CHOICES[:2]), member.hint
    ),
    "rows": lambda member: ComboField(member.name, member.title, _rows_choices(), member.hint),
    "rows_or_none": lambda member: ComboField(
        member.name, member.title, (("", "Không: mã của giấy"), *_rows_choices()), member.hint
    ),
}


def _shown(held: Any) -> str:
    """As a field shows it: a text without blanks at its ends, a list as lines."""
    if isinstance(held, bool):
        return "yes" if held else ""
    if isinstance(held, tuple):
        return "\n".join(held).strip()
    return str(held).strip()


def _read(text: str, held: Any) -> Any:
    """What a field says, of the kind it was before."""
    if isinstance(held, bool):
        return bool(text)
    if isinstance(held, int):
        return whole_number(text)
    return tuple(line for line in text.splitlines() if line.strip()) if isinstance(held, tuple) else text
