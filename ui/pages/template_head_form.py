"""What a template says of itself: name, from when, for which procedures, on which sheets, how many copies."""

from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from onestop.domain.moment import show_on
from onestop.domain.person import parse_day
from onestop.domain.template import SIZE_WORDS, SIZES, Template
from onestop.errors import InputError
from ui import look
from ui.pages.row_form import day_field
from ui.pages.template_form import TemplateForm
from ui.widgets import ComboField, Field, LineField, NoteField, label

_USUAL: Final = tuple((size, SIZE_WORDS[size]) for size in SIZES)

_HINT: Final = (
    "Mọi hồ sơ nhận từ ngày áp dụng in theo bản này, cả khi in lại. Muốn đổi từ một ngày khác, hay chỉ cho "
    "một số thủ tục: về danh sách, Sao thành bản mới."
)


class HeadForm(TemplateForm):
    """What the key of its row is made of can be changed only in a copy."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setObjectName("template_head")
        self.setProperty("look", "clear")
        self._today = today
        self.hint = label(_HINT, "dim", is_wrapped=True)
        self.name = LineField("name", "Tên giấy")
        self.version = LineField("version", "Bản trình bày", "in ở góc giấy")
        self.since = day_field("since", "Áp dụng từ ngày", today, "theo ngày nhận hồ sơ; trống: từ đầu")
        self.variant = LineField("variant", "Mã biến thể", "chữ thường, chữ số")
        self.procedures = LineField(
            "procedures", "Chỉ cho thủ tục mã", "cách nhau bằng dấu phẩy; trống: mọi thủ tục"
        )
        self.number = LineField("number", "Số của mẫu trong văn bản", "in ở góc giấy; trống: như số mẫu")
        self.circular = LineField("circular", "Văn bản ban hành mẫu", "in ở góc giấy")
        self.ground = LineField("ground", "Căn cứ chi tiết")
        self.copies = NoteField("copies", "Các liên", "Mỗi dòng một liên; trống: một tờ không tên", rows=3)
        self.running_head = LineField("running_head", "Đầu trang từ trang 2")
        self.usual = ComboField("sizes", "Khổ giấy thường dùng", _USUAL)
        self.boxes = {size: QCheckBox(words) for size, words in SIZE_WORDS.items()}
        self._lay_out()
        for field in self.fields():
            field.changed.connect(self.changed)
        self.watch(self.running_head)
        for box in self.boxes.values():
            box.clicked.connect(self.changed)
        self.usual.changed.connect(self._show_boxes)

    def fields(self) -> tuple[Field, ...]:
        return (
            self.name, self.version, self.since, self.variant, self.procedures, self.circular, self.number,
            self.ground, self.copies, self.running_head, self.usual,
        )  # fmt: skip

    def show_template(self, template: Template, is_new: bool) -> None:
        """Fills what stands otherwise; nothing counts as typed."""
        self.hint.setVisible(not is_new)
        keyed: tuple[Field, ...] = (self.since, self.variant, self.procedures)
        for field in keyed:
            field.setEnabled(is_new)
        texts = (
            template.name, template.version, self._day(template), template.variant,
            ", ".join(template.procedures), template.circular, template.number, template.ground,
            "\n".join(template.copies), template.running_head, next(iter(template.sizes), SIZES[0]),
        )  # fmt: skip
        # "1.001193, " and "1/1/2027" are what somebody may be typing.
        kept: list[Field] = [self.procedures] if self._codes() == template.procedures else []
        kept += [self.since] if self._since() == template.since else []
        for field, text in zip(self.fields(), texts, strict=True):
            if field.text() != text.strip() and field not in kept:
                field.set_text(text)
        for size, box in self.boxes.items():
            box.setChecked(size in template.sizes)
        self._show_boxes()

    def typed(self, template: Template) -> Template:
        """`template` with what stands in the fields."""
        usual = self.usual.key()
        others = (size for size, box in self.boxes.items() if box.isChecked() and size != usual)
        return replace(
            template,
            name=self.name.text(),
            version=self.version.text(),
            since=self._since(),
            variant=self.variant.text(),
            procedures=self._codes(),
            circular=self.circular.text(),
            number=self.number.text(),
            ground=self.ground.text(),
            copies=tuple(self.copies.text().splitlines()) or ("",),
            running_head=self.running_head.text(),
            sizes=(usual, *others),
        )

    def field(self, member: str) -> QWidget:
        return next((field for field in self.fields() if field.name() == member), self.name)

    def _codes(self) -> tuple[str, ...]:
        return tuple(self.procedures.text().replace(",", " ").replace(";", " ").split())

    def _day(self, template: Template) -> str:
        """A day half typed stays as it is."""
        try:
            return show_on(date.fromisoformat(template.since)) if template.since else ""
        except ValueError:
            return template.since

    def _since(self) -> str:
        text = self.since.text()
        try:
            return parse_day(text, self._today, "since").isoformat() if text else ""
        except InputError:
            return text

    def _show_boxes(self) -> None:
        """The usual one is always among them."""
        for size, box in self.boxes.items():
            is_usual = size == self.usual.key()
            box.setChecked(box.isChecked() or is_usual)
            box.setEnabled(not is_usual)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(10))
        column.addWidget(self.hint)
        for field in self.fields():
            if isinstance(field, ComboField):
                field.editor.setMinimumContentsLength(8)
            column.addWidget(field)
        column.addWidget(label("In được trên", "strong"))
        for box in self.boxes.values():
            column.addWidget(box)
