"""The editor of one route: its steps as a table and as a picture, one form for the step chosen."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent, QUndoStack
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.moment import local_day, show_on
from onestop.domain.route import ROLE_WORDS, Route, Step, renumbered, time_words
from onestop.domain.state import Role
from onestop.errors import InputError, InputErrors
from onestop.office.office import Office
from onestop.office.route_saving import room_of
from ui import look
from ui.keys import bind, shown
from ui.pages.edit_steps import Change, EditKeys, Steps
from ui.pages.route_diagram import RouteDiagram
from ui.pages.route_form import StepForm
from ui.widgets import (
    Button,
    Column,
    ErrorSummary,
    LineField,
    QueueTable,
    Row,
    RowModel,
    label,
    plain,
    primary,
)

_COLUMNS = (
    Column("Bước", "12", is_number=True),
    Column("Nội dung", "Thẩm định hồ sơ, dự thảo", stretch=4),
    Column("Người thực hiện", "Cán bộ tiếp nhận"),
    Column("Thời gian", "2 ngày 4 giờ"),
)
_NARROW = 860
_NEW = Step(0, "", Role.SPECIALIST, minutes=240)


class RouteEditor(QWidget):
    """`save_wanted(route, day)`: the day in words, as typed; `left`: back to the list."""

    save_wanted = Signal(object, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("route_editor")
        self.route = Route("", "", (), "", ())
        self._office: Office | None = None
        self._unit_names: dict[str, str] = {}
        self.undo_stack = QUndoStack(self)
        self._make_fields()
        self._make_steps()
        self._lay_out()
        self._connect()

    # ---- what it shows ----------------------------------------------------------------

    def open_route(self, office: Office, route: Route, is_new: bool = False) -> None:
        """Begins with this route; nothing can be undone yet."""
        self._office = office
        units = [(unit.id, unit.name) for unit in office.catalogue.units]
        self.form.show_units(units)
        self._unit_names = dict(units)
        self._clear_errors()
        self.title.setText("Quy trình mới" if is_new else "Sửa quy trình")
        self.day.set_text("" if is_new else show_on(local_day(office.now)))
        self.day.setEnabled(not is_new)
        self.day.set_hint("Dùng ngay từ đầu" if is_new else "hồ sơ nhận từ ngày đó")
        self.undo_stack.clear()
        self.show_state(route, 0)
        (self.name if is_new else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def is_changed(self) -> bool:
        return not self.undo_stack.isClean()

    def saved(self) -> None:
        self.undo_stack.setClean()
        self._clear_errors()

    def _clear_errors(self) -> None:
        self.errors.clear()
        self.finding.hide()

    def row(self) -> int:
        return self.table.currentIndex().row()

    def show_state(self, route: Route, row: int) -> None:
        """The route as it is after a change, an undo or a redo."""
        self.route = route
        codes = ", ".join(route.procedure_codes)
        for field, text in ((self.name, route.name), (self.codes, codes), (self.ground, route.ground)):
            if field is self.codes and _codes(field.text()) == route.procedure_codes:
                continue  # "1.004873, " is what somebody may be typing
            if field.text() != text:
                field.set_text(text)
        row = max(0, min(row, len(route.steps) - 1))
        self._show_picture()
        self._model.show_rows([_line(step) for step in route.steps])
        self.table.selectionModel().setCurrentIndex(
            self._model.index(row, 0),
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )
        self._show_step()
        self._show_buttons()

    def show_errors(self, errors: InputErrors) -> None:
        """Each with its way to the place: a field of the route, or of the step it names."""
        self.errors.show_errors([(each.title, self._target(each)) for each in errors.errors])
        told = [each.message for each in errors.errors if each.message]
        self.finding.setText("".join(told[:1]))
        self.finding.setVisible(bool(told))

    # ---- changes ----------------------------------------------------------------------

    def add_step(self) -> None:
        """Below the one that is marked, but before the last: a route ends at the counter."""
        steps, row = list(self.route.steps), self.row() + 1
        row = min(row, max(0, len(steps) - 1)) if steps else 0
        steps.insert(row, _NEW)
        self._put(steps, row, "thêm bước")
        self.form.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_step(self) -> None:
        if self.route.steps:
            steps = [step for step in self.route.steps if step.no != self.row() + 1]
            self._put(steps, self.row(), "bỏ bước")

    def shift_step(self, by: int) -> None:
        """Alt+Up, Alt+Down."""
        row, steps = self.row(), list(self.route.steps)
        if 0 <= row + by < len(steps):
            steps[row], steps[row + by] = steps[row + by], steps[row]
            self._put(steps, row + by, "đổi thứ tự bước")

    def save(self) -> None:
        """What is being typed counts, then the section is asked to write it."""
        focused = self.focusWidget()
        if focused is not None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.save_wanted.emit(self.route, self.day.text())

    def _put(self, steps: Sequence[Step], row: int, words: str) -> None:
        self._push(replace(self.route, steps=renumbered(steps)), row, "", words)

    def _push(self, after: Route, row: int, what: str, words: str) -> None:
        if after != self.route:
            before = (self.route, self.row())
            self.undo_stack.push(Change(self.show_state, before, (after, row), what, words))

    def _step_changed(self, step: Step, what: str) -> None:
        steps = tuple(step if each.no == step.no else each for each in self.route.steps)
        self._push(replace(self.route, steps=steps), step.no - 1, f"{what} {step.no}", f"sửa bước {step.no}")

    def _head_changed(self) -> None:
        codes, ground = _codes(self.codes.text()), self.ground.text()
        after = replace(self.route, name=self.name.text(), procedure_codes=codes, ground=ground)
        self._push(after, self.row(), "head", "sửa thông tin quy trình")

    # ---- parts ------------------------------------------------------------------------

    def _show_step(self) -> None:
        row = self.row()
        steps = self.route.steps
        self.form.show_step(steps[row] if 0 <= row < len(steps) else None)
        self.diagram.mark(row)
        if steps and 0 <= row < len(steps):
            box = self.diagram.box(row)
            self._scroll.ensureVisible(box.left(), box.center().y(), 0, box.height())

    def _show_picture(self) -> None:
        if self._office is not None:
            room = room_of(self._office.catalogue, self.route)
            self.diagram.show_route(self.route, self._unit_names, room.minutes, room.words)
            over = self.diagram.over()
            self.total.setText(self.diagram.total_words() + (f" · VƯỢT {time_words(over)}" if over else ""))
            look.dress(self.total, "error" if over else "strong")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for both, a button changes between the steps and their picture."""
        is_narrow = self.width() < look.px(_NARROW)
        wants_picture = self.picture_button.isChecked()
        self.picture_button.setVisible(is_narrow)
        self.total.setVisible(is_narrow)
        self._scroll.setVisible(not is_narrow or wants_picture)
        self._steps_side.setVisible(not (is_narrow and wants_picture))

    def _show_buttons(self) -> None:
        self.undo_button.setEnabled(self.undo_stack.canUndo())
        self.redo_button.setEnabled(self.undo_stack.canRedo())
        self.drop_button.setEnabled(bool(self.route.steps))

    def _target(self, error: InputError) -> QWidget | None:
        name, _, no = (error.field or "").partition(":")
        if no:
            return _StepLink(self, int(no) - 1, self.form.fields().get(name, self.form.words))
        fields: dict[str, QWidget] = {
            "name": self.name,
            "procedure_codes": self.codes,
            "effective_on": self.day,
        }
        return fields.get(name, self.table)

    def mark_row(self, row: int) -> None:
        self.table.setCurrentIndex(self._model.index(row, 0))

    def _make_fields(self) -> None:
        self.title = label("", "title")
        self.total = label("", "strong", is_wrapped=True)
        self.errors = ErrorSummary("route_errors")
        self.finding = label("", "error", is_wrapped=True)
        self.finding.hide()
        self.name = LineField("name", "&Tên quy trình")
        self.codes = LineField("procedure_codes", "&Mã thủ tục", "trống: quy trình chung")
        self.ground = LineField("ground", "Quyết định &ban hành")
        self.day = LineField("effective_on", "&Hiệu lực từ ngày")
        self.back_button = _short("arrow-left", "Esc", "Về danh sách")
        self.save_button = primary("Lưu", shown("save_draft"), "save")
        self.undo_button = _short("undo-2", "Ctrl+Z", "Hoàn tác")
        self.picture_button = plain("&Sơ đồ")
        self.picture_button.setCheckable(True)
        self.redo_button = _short("", "Ctrl+Y", "Làm lại")

    def _make_steps(self) -> None:
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("route_steps", "Các bước của quy trình", self._model)
        self.table.set_density("tight")
        self.table.setMinimumHeight(look.row_height("tight") * 5)
        self.add_button = _short("plus", "Insert", "Thêm bước", "Thêm")
        self.drop_button = _short("trash-2", "Delete", "Bỏ bước", "Bỏ")
        self.up_button = _short("chevron-up", "Alt+↑", "Đưa bước lên trên")
        self.down_button = _short("chevron-down", "Alt+↓", "Đưa bước xuống dưới")
        self.form = StepForm()
        self.diagram = RouteDiagram()
        self._scroll = QScrollArea()
        self._scroll.setObjectName("route_picture")
        self._scroll.setProperty("look", "reading")
        self._scroll.setAccessibleName("Sơ đồ quy trình")
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.diagram)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _connect(self) -> None:
        for button, slot in (
            (self.back_button, self.left.emit),
            (self.picture_button, self._fit),
            (self.save_button, self.save),
            (self.undo_button, self.undo_stack.undo),
            (self.redo_button, self.undo_stack.redo),
            (self.add_button, self.add_step),
            (self.drop_button, self.drop_step),
            (self.up_button, partial(self.shift_step, -1)),
            (self.down_button, partial(self.shift_step, 1)),
        ):
            button.clicked.connect(lambda _=False, slot=slot: slot())
        for field in (self.name, self.codes, self.ground):
            field.changed.connect(self._head_changed)
        self.form.changed.connect(self._step_changed)
        self.table.current_changed.connect(lambda _: self._show_step())
        self.diagram.chosen.connect(self.mark_row)
        steps = Steps(self.add_step, self.drop_step, self.shift_step, self.left.emit, self._show_buttons)
        EditKeys(self, self.table, self.undo_stack, steps)
        bind(self, "save_draft", self.save)
        bind(self, "next_error", self.errors.next_error)
        bind(self, "previous_error", self.errors.previous_error)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.px(8))
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        for button in (self.picture_button, self.undo_button, self.redo_button, self.save_button):
            head.addWidget(button)
        fields = QHBoxLayout()
        fields.setSpacing(look.px(12))
        for field, share in ((self.name, 4), (self.codes, 4), (self.ground, 3), (self.day, 2)):
            fields.addWidget(field, share)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.px(8))
        for button in (self.add_button, self.drop_button, self.up_button, self.down_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside = QWidget()
        inside.setProperty("look", "clear")
        left = QVBoxLayout(inside)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(look.px(8))
        left.addWidget(self.table, 1)
        left.addLayout(buttons)
        left.addWidget(self.form)
        self._steps_side = QScrollArea()
        self._steps_side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._steps_side.setWidgetResizable(True)
        self._steps_side.setFrameShape(QFrame.Shape.NoFrame)
        self._steps_side.setWidget(inside)
        self._steps_side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._steps_side.setMinimumWidth(inside.minimumSizeHint().width() + look.px(14))
        middle = QHBoxLayout()
        middle.setSpacing(look.px(12))
        middle.addWidget(self._steps_side, 5)
        middle.addWidget(self._scroll, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self.errors)
        column.addWidget(self.finding)
        column.addLayout(fields)
        column.addWidget(self.total)
        column.addLayout(middle, 1)


class _StepLink(QWidget):
    """Where a finding of a step leads: first the step is marked, then its field has the focus."""

    def __init__(self, editor: RouteEditor, row: int, field: QWidget) -> None:
        super().__init__(editor)
        self._editor, self._row, self._field = editor, row, field
        self.hide()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self._editor.mark_row(self._row)
        self._field.setFocus(reason)


def _short(icon: str, keys: str, words: str, shown_words: str = "") -> Button:
    """Few letters, so that all find room at 1024; the whole words as tip and for the reader."""
    made = plain(shown_words or keys, keys if shown_words else "", icon)
    made.setToolTip(f"{words} ({keys})")
    made.setAccessibleName(words)
    return made


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").replace(";", " ").split())


def _line(step: Step) -> Row:
    time = time_words(step.minutes)
    cells = (str(step.no), step.words or "(chưa có nội dung)", ROLE_WORDS.get(step.role, step.role), time)
    return Row(str(step.no), cells)
