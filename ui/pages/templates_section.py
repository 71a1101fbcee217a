"""Mẫu in: every form in every version beside how it looks, and the editor of one."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.template import Template
from onestop.errors import InputError, OfficeError
from onestop.office.changing import Changed
from onestop.office.office import Catalogue
from onestop.office.template_saving import (
    copy_of,
    drop_own,
    find_templates,
    is_own,
    save_copy,
    save_template,
    shipped_template,
    since_words,
)
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import tell_changed
from ui.pages.template_editor import TemplateEditor
from ui.pages.template_preview import TemplatePreview
from ui.widgets import (
    Answer,
    Column,
    LineField,
    QueueTable,
    Row,
    RowModel,
    ask,
    confirm,
    label,
    plain,
    primary,
)

_COLUMNS = (
    Column("Mẫu", "01-ct"),
    Column("Tên giấy", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", stretch=1),
    Column("Áp dụng", "từ 15/09/2025"),
    Column("Nguồn", "chương trình"),
)
_OWN, _SHIPPED = "cơ quan", "chương trình"
_NARROW, _LEAST_PREVIEW = 860, 200


class TemplatesSection(QWidget):
    """List and editor lie over one another: the editor needs the whole width."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.setObjectName("templates_section")
        self._frame = frame
        self._kept: dict[str, Template] = {}
        self._copied = ""
        self.line = LineField("template_query", "&Tìm theo tên, số mẫu, văn bản (không cần dấu)")
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("templates", "Mẫu in", self._model)
        self.preview = TemplatePreview(frame, "list_look")
        self.facts = label("", "dim", is_wrapped=True)
        self.editor = TemplateEditor(frame)
        self._stage = QStackedWidget()
        self._make_buttons()
        self._lay_out()
        self._connect()

    # ---- the section and its page -----------------------------------------------------

    def enter(self) -> None:
        self.preview.read_dossiers()
        self.read()
        if not self.is_editing():
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        return not self.is_editing() or self._may_drop()

    def may_be_remade(self) -> bool:
        return not self.is_editing() or not self.editor.is_changed()

    def catalogue_came(self) -> None:
        self.read()

    def panes(self) -> tuple[QWidget, ...]:
        if self.is_editing():
            return (self.editor.table, self.editor.picker, self.editor.preview.pages)
        return (self.line, self.table, self.preview.pages)

    def is_editing(self) -> bool:
        return self._stage.currentWidget() is self.editor

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.line.editor.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(_NARROW)
        self.table.setColumnHidden(3, not is_wide)
        self.table.fit()

    # ---- the list ---------------------------------------------------------------------

    def read(self) -> None:
        """From the catalogue in memory: nothing is waited for."""
        catalogue = self._frame.office.catalogue
        found = find_templates(catalogue, self.line.text())
        self._kept = {one.key: one for one in found}
        self._model.show_rows([_row(catalogue, one) for one in found])
        if not self.table.current_id():
            self.table.select_first()
        self._show_current()

    def current(self) -> Template | None:
        return self._kept.get(self.table.current_id())

    def open(self, key: str) -> None:
        """Into the editor, as it is: what is printed from now on is the changed one."""
        if key in self._kept:
            self._edit(self._kept[key], "")

    def copy(self) -> None:
        """A new version from a day on, or for some procedures; the old one stays for older dossiers."""
        template = self.current()
        if template is not None:
            self._edit(copy_of(self._frame.office, template), template.key)

    def drop(self) -> None:
        """The office's own one is given up."""
        template, office = self.current(), self._frame.office
        if template is None:
            return
        has_shipped = shipped_template(template.key) is not None
        text = "Bản kèm chương trình được dùng lại." if has_shipped else "Phiên bản trước đó được dùng lại."
        if confirm(self, f"Bỏ bản riêng của “{template.name}”?", text, "Bỏ bản riêng", is_danger=True):
            self._frame.tasks.run(
                self, lambda: drop_own(office, template), self._dropped, self._frame.show_error
            )

    def _dropped(self, made: Changed) -> None:
        tell_changed(self._frame, made)

    def _show_current(self) -> None:
        template = self.current()
        self.open_button.setEnabled(template is not None)
        self.copy_button.setEnabled(template is not None)
        own = template is not None and is_own(self._frame.office.catalogue, template.key)
        self.drop_button.setEnabled(own)
        self.facts.setText(_facts(template) if template else "")
        self.preview.show_template(template)

    # ---- the editor -------------------------------------------------------------------

    def _edit(self, template: Template, copied: str) -> None:
        self._copied = copied
        self._stage.setCurrentWidget(self.editor)
        self.editor.open_template(template, is_new=bool(copied))

    def _save(self, template: Template) -> None:
        office, copied = self._frame.office, self._copied

        def job() -> Changed:
            return save_copy(office, template, copied) if copied else save_template(office, template)

        self._frame.tasks.run(self, job, self._saved, self._refused)

    def _saved(self, made: Changed) -> None:
        key = self.editor.template.key
        self.editor.saved()
        self._show_list()
        tell_changed(self._frame, made)
        self.table.select(key)

    def _refused(self, error: OfficeError) -> None:
        if isinstance(error, InputError):
            self.editor.show_errors(error)
        else:
            self._frame.show_error(error)

    def _leave_editor(self) -> None:
        if self._may_drop():
            self._show_list()

    def _show_list(self) -> None:
        self._stage.setCurrentIndex(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may_drop(self) -> bool:
        if not self.editor.is_changed():
            return True
        answers = (Answer("drop", "Bỏ thay đổi", "danger"), Answer("", "Ở lại", "primary", "Esc"))
        text = "Mẫu in đang sửa chưa được lưu."
        if ask(self, "Bỏ các thay đổi của mẫu in?", text, answers) != "drop":
            return False
        self.editor.saved()
        return True

    # ---- building ---------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.open_button = primary("Sử&a", "Enter", "pen-line")
        self.copy_button = plain("Sao thành &bản mới", icon="copy")
        self.drop_button = plain("Bỏ bản &riêng", icon="rotate-ccw")

    def _connect(self) -> None:
        self.line.changed.connect(self.read)
        self.table.opened.connect(self.open)
        self.table.current_changed.connect(lambda _: self._show_current())
        self.open_button.clicked.connect(lambda: self.open(self.table.current_id()))
        self.copy_button.clicked.connect(self.copy)
        self.drop_button.clicked.connect(self.drop)
        self.editor.save_wanted.connect(self._save)
        self.editor.left.connect(self._leave_editor)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(look.px(8))
        for button in (self.open_button, self.copy_button, self.drop_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(label("Mẫu in", "title"))
        left.addWidget(self.line)
        left.addWidget(self.table, 1)
        left.addWidget(self.facts)
        left.addLayout(buttons)
        room = QWidget()
        row = QHBoxLayout(room)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addLayout(left, 3)
        row.addWidget(self.preview, 2)
        self.preview.setMinimumWidth(look.px(_LEAST_PREVIEW))
        self._stage.addWidget(room)
        self._stage.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stage)


def _row(catalogue: Catalogue, one: Template) -> Row:
    ident = replace(one, since="").key
    source = _OWN if is_own(catalogue, one.key) else _SHIPPED
    return Row(one.key, (ident, one.name, since_words(one), source), tip=_facts(one))


def _facts(one: Template) -> str:
    parts = (one.circular or "Không theo mẫu của thông tư", one.ground, one.confidence)
    only = f"Chỉ cho thủ tục {', '.join(one.procedures)}" if one.procedures else ""
    copies = f"{len(one.copies)} liên" if len(one.copies) > 1 else ""
    return " · ".join(part for part in (*parts, only, copies) if part)
