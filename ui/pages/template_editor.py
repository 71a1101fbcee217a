"""The editor of one template: its blocks, the one chosen as fields, and the paper beside them."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QUndoStack
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.moment import local_day
from onestop.domain.template import Block, Template
from onestop.domain.template_check import check_template
from onestop.domain.template_edit import NEW_BLOCKS, block_at, inserted, removed, replaced, shifted
from onestop.domain.template_words import BLOCK_WORDS, flat_all, tag_of
from onestop.errors import InputError, InputErrors
from ui import look
from ui.keys import bind, shown
from ui.pages.edit_steps import Change, EditKeys, Steps
from ui.pages.page import Frame
from ui.pages.template_block_form import BlockForm
from ui.pages.template_fields_picker import FieldsPicker
from ui.pages.template_form import TemplateForm
from ui.pages.template_head_form import HeadForm
from ui.pages.template_preview import TemplatePreview
from ui.pages.template_rows import Link, block_rows, finding_words, short
from ui.widgets import (
    Card,
    Column,
    ComboField,
    ErrorSummary,
    QueueTable,
    RowModel,
    label,
    plain,
    primary,
)

_COLUMNS: Final = (Column("Khối", "Khoảng trống"), Column("Ghi", "Tiếp nhận hồ sơ của", stretch=1))
_NARROW, _BLOCKS_WIDTH, _FORM_WIDTH, _LEAST_PREVIEW = 860, 286, 316, 60
_EMPTY = Template("", "", "", ())


class TemplateEditor(QWidget):
    """`save_wanted(template)`; `left`: back to the list. Row 0 is the template itself, the others its
    blocks in reading order: as findings count them."""

    save_wanted = Signal(object)
    left = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("template_editor")
        self.template = _EMPTY
        self.is_new = False
        self.undo_stack = QUndoStack(self)
        self.head = HeadForm(local_day(frame.worklist.now()))
        self.forms: dict[str, BlockForm] = {}
        self._front: QWidget = self.head
        self.picker = FieldsPicker()
        self.preview = TemplatePreview(frame, "template_look")
        self._make_parts()
        self._lay_out()
        self._connect()

    # ---- what it shows ----------------------------------------------------------------

    def open_template(self, template: Template, is_new: bool) -> None:
        """Begins with this one; nothing can be undone yet."""
        self.is_new = is_new
        self.title.setText(f"{'Bản mới của mẫu' if is_new else 'Mẫu'} {template.form}")
        self.errors.clear()
        self.undo_stack.clear()
        self.preview.read_dossiers()
        self.show_state(template, 0)
        self.preview.show_template(template)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def is_changed(self) -> bool:
        return not self.undo_stack.isClean()

    def saved(self) -> None:
        self.undo_stack.setClean()
        self.errors.clear()

    def row(self) -> int:
        return max(0, self.table.currentIndex().row())

    def show_state(self, template: Template, row: int) -> None:
        """The template as it is after a change, an undo or a redo."""
        self.template = template
        self._model.show_rows(block_rows(template))
        self.mark_row(min(row, self._model.rowCount() - 1))
        self._show_row()
        self._show_findings()
        self._show_buttons()
        self.preview.show_template(template, is_same=True)

    def show_errors(self, error: InputError) -> None:
        """Each with its way to the block and the field it names."""
        found = error.errors if isinstance(error, InputErrors) else [error]
        self.errors.show_errors([(each.title, self._target(each)) for each in found])
        self.findings.hide()

    def mark_row(self, row: int) -> None:
        self.table.setCurrentIndex(self._model.index(row, 0))

    def field(self, row: int, member: str) -> QWidget | None:
        """The field of a finding, its row marked first."""
        self.mark_row(row)
        if not row:
            return self.head.field(member)
        return self._front.field(member) if isinstance(self._front, BlockForm) else None

    # ---- changes ----------------------------------------------------------------------

    def add_block(self) -> None:
        """Behind the one that is marked."""
        new = NEW_BLOCKS[self.kind.key()]
        blocks = inserted(self.template.blocks, max(0, self.row() - 1), new)
        self._put(blocks, self.row() + 1 if self.template.blocks else 1)

    def drop_block(self) -> None:
        if self.row():
            self._put(removed(self.template.blocks, self.row() - 1), self.row())

    def shift_block(self, by: int) -> None:
        """Alt+Up, Alt+Down: among its neighbours."""
        block = self._block()
        if block is not None:
            blocks = shifted(self.template.blocks, self.row() - 1, by)
            place = next((no for no, each in enumerate(flat_all(blocks), 1) if each is block), self.row())
            self._put(blocks, place)

    def save(self) -> None:
        """What is being typed counts."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.save_wanted.emit(self.template)

    def _put(self, blocks: tuple[Block, ...], row: int) -> None:
        self._push(replace(self.template, blocks=blocks), row, "")

    def _push(self, after: Template, row: int, what: str) -> None:
        if after != self.template:
            before, words = (self.template, self.row()), what or "đổi các khối"
            self.undo_stack.push(Change(self.show_state, before, (after, row), what, words))

    def _block_typed(self) -> None:
        block, front = self._block(), self._front
        if block is not None and isinstance(front, BlockForm):
            blocks = replaced(self.template.blocks, self.row() - 1, front.typed(block))
            self._push(replace(self.template, blocks=blocks), self.row(), f"sửa khối {self.row()}")

    def _head_typed(self) -> None:
        self._push(self.head.typed(self.template), self.row(), "sửa thông tin chung")

    def _block(self) -> Block | None:
        return block_at(self.template.blocks, self.row() - 1) if self.row() else None

    # ---- parts ------------------------------------------------------------------------

    def _show_row(self) -> None:
        block = self._block()
        if block is None:
            self.head.show_template(self.template, self.is_new)
            self._bring(self.head)
        else:
            form = self._form(tag_of(block))
            form.show_block(block)
            self._bring(form)
        self._show_buttons()

    def _bring(self, form: QWidget) -> None:
        """One behind the other, each as high as it needs: a stack would be as high as the highest."""
        if form is not self._front:
            self._front.hide()
            self._front = form
            form.show()

    def _form(self, tag: str) -> BlockForm:
        """Made when a block of that kind is first chosen."""
        if tag not in self.forms:
            form = self.forms[tag] = BlockForm(tag)
            form.changed.connect(self._block_typed)
            self._aim_from(form)
            form.hide()
            self._forms.addWidget(form)
        return self.forms[tag]

    def _aim_from(self, form: TemplateForm) -> None:
        """Fields chosen from the list go where one was writing in that form."""
        form.entered.connect(self.picker.aim)
        form.gone.connect(self.picker.remember)

    def _show_findings(self) -> None:
        found = check_template(self.template)
        errors = [each for each in found if each.is_error]
        words = [finding_words(each) for each in found[:2]]
        more = f" (và {len(found) - 2} chỗ nữa)" if len(found) > 2 else ""
        self.findings.setText("\n".join(words) + more)
        look.dress(self.findings, "error" if errors else "warning")
        self.findings.setVisible(bool(found) and not self.errors.isVisible())

    def _show_buttons(self) -> None:
        self.undo_button.setEnabled(self.undo_stack.canUndo())
        self.redo_button.setEnabled(self.undo_stack.canRedo())
        for button in (self.drop_button, self.up_button, self.down_button):
            button.setEnabled(bool(self.row()))

    def _target(self, error: InputError) -> QWidget:
        place, _, member = (error.field or "0:").partition(":")
        row = int(place) if place.isdigit() else 0
        return Link(self.table, lambda: self.field(row, member))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for all, a button changes between the fields and the paper."""
        is_narrow = self.width() < look.px(_NARROW)
        wants_paper = self.paper_button.isChecked()
        self.paper_button.setVisible(is_narrow)
        self.preview.setVisible(not is_narrow or wants_paper)
        self._form_side.setVisible(not (is_narrow and wants_paper))

    def _make_parts(self) -> None:
        self.title = label("", "title")
        self.findings = label("", "error", is_wrapped=True)
        self.errors = ErrorSummary("template_errors")
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("template_blocks", "Các khối của mẫu", self._model)
        self.table.set_density("tight")
        self.kind = ComboField(
            "block_kind", "&Loại khối mới", [(tag, BLOCK_WORDS[tag]) for tag in NEW_BLOCKS]
        )
        self.kind.editor.setMinimumContentsLength(8)
        self.add_button = plain("&Thêm", icon="plus")
        self.add_button.setToolTip("Thêm khối dưới khối đang chọn (Insert)")
        self.drop_button = short("trash-2", "Bỏ khối (Delete)")
        self.up_button = short("chevron-up", "Đưa khối lên (Alt+↑)")
        self.down_button = short("chevron-down", "Đưa khối xuống (Alt+↓)")
        self.back_button = short("arrow-left", "Về danh sách (Esc)")
        self.undo_button = short("undo-2", "Hoàn tác (Ctrl+Z)")
        self.redo_button = short("rotate-ccw", "Làm lại (Ctrl+Y)")
        self.paper_button = plain("Xem &giấy")
        self.paper_button.setCheckable(True)
        self.save_button = primary("Lưu", shown("save_draft"), "save")

    def _connect(self) -> None:
        for button, slot in (
            (self.back_button, self.left.emit), (self.save_button, self.save), (self.paper_button, self._fit),
            (self.undo_button, self.undo_stack.undo), (self.redo_button, self.undo_stack.redo),
            (self.add_button, self.add_block), (self.drop_button, self.drop_block),
            (self.up_button, lambda: self.shift_block(-1)), (self.down_button, lambda: self.shift_block(1)),
        ):  # fmt: skip
            button.clicked.connect(lambda _=False, slot=slot: slot())
        self.table.current_changed.connect(lambda _: self._show_row())
        self.head.changed.connect(self._head_typed)
        self._aim_from(self.head)
        steps = Steps(self.add_block, self.drop_block, self.shift_block, self.left.emit, self._show_buttons)
        EditKeys(self, self.table, self.undo_stack, steps)
        bind(self, "save_draft", self.save)
        bind(self, "next_error", self.errors.next_error)
        bind(self, "previous_error", self.errors.previous_error)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        head = QHBoxLayout()
        head.setSpacing(look.px(8))
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        for button in (self.paper_button, self.undo_button, self.redo_button, self.save_button):
            head.addWidget(button)
        middle = QHBoxLayout()
        middle.setSpacing(look.px(12))
        middle.addWidget(self._blocks_side())
        middle.addWidget(self._fields_side(), 1)
        middle.addWidget(self.preview, 2)
        self.preview.setMinimumWidth(look.px(_LEAST_PREVIEW))  # else a narrow window could not be
        column.addLayout(head)
        column.addWidget(self.errors)
        column.addWidget(self.findings)
        column.addLayout(middle, 1)

    def _blocks_side(self) -> QWidget:
        made, row = QWidget(), QHBoxLayout()
        made.setFixedWidth(look.px(_BLOCKS_WIDTH))
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        for each in (column, row):
            each.setSpacing(look.px(8))
        for button in (self.add_button, self.drop_button, self.up_button, self.down_button):
            row.addWidget(button)
        row.addStretch(1)
        column.addWidget(self.table, 1)
        column.addWidget(self.kind)
        column.addLayout(row)
        return made

    def _fields_side(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(8), 0)
        self._forms = QVBoxLayout()
        self._forms.addWidget(self.head)
        column.addLayout(self._forms)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        made = self._form_side = Card(margin=12)
        made.setMinimumWidth(look.px(_FORM_WIDTH))
        made.body.addWidget(self.picker)
        made.body.addWidget(scroll, 1)
        return made
