"""Quy trình nội bộ: the list with search, and the editor of one route."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.moment import local_day
from onestop.domain.person import parse_day
from onestop.domain.route import Route, Step, renumbered, route_key, time_words
from onestop.domain.state import Role
from onestop.errors import InputError, InputErrors, OfficeError
from onestop.office.changing import Changed
from onestop.office.route_saving import drop_route, find_routes, new_route_id, save_route
from ui import look
from ui.pages.page import Frame
from ui.pages.route_editor import RouteEditor
from ui.pages.row_form import tell_changed
from ui.widgets import Answer, Column, QueueTable, Row, RowModel, ask, label, plain, primary

_COLUMNS = (
    Column("Quy trình", "Xác nhận tình trạng hôn nhân", stretch=3),
    Column("Dùng cho", "1.004884, 1.005461…", stretch=1),
    Column("Bước", "10", is_number=True),
    Column("Tổng thời gian", "14 ngày 4 giờ"),
    Column("Hiệu lực", "từ 24/11/2026"),
)
_BLANK = renumbered(
    (
        Step(0, "Tiếp nhận, kiểm tra thành phần hồ sơ", Role.RECEPTION, minutes=60, may_return=False),
        Step(0, "Thẩm định hồ sơ, dự thảo kết quả", Role.SPECIALIST, minutes=240),
        Step(0, "Soát hồ sơ, dự thảo kết quả", Role.HEAD, minutes=60, may_skip=True),
        Step(0, "Xem xét, ký kết quả", Role.LEADER, minutes=60),
        Step(0, "Vào sổ, lấy số, đóng dấu", Role.CLERK, minutes=30),
        Step(0, "Trả kết quả", Role.RECEPTION, minutes=30, may_return=False),
    )
)
"""What a new route begins with: the usual chain of a commune in one day."""


class RoutesSection(QWidget):
    """List and editor lie over one another: the editor needs the whole width."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._is_new = False
        self._kept: dict[str, Route] = {}
        self.editor = RouteEditor()
        self.editor.save_wanted.connect(self._save)
        self.editor.left.connect(self._leave_editor)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._list())
        self._stack.addWidget(self.editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    # ---- the page and its section -----------------------------------------------------

    def enter(self) -> None:
        self._show_list()

    def catalogue_came(self) -> None:
        self._show_list()

    def leave(self) -> bool:
        return self._stack.currentWidget() is not self.editor or self._may_drop()

    def may_be_remade(self) -> bool:
        return self._stack.currentWidget() is not self.editor

    def panes(self) -> tuple[QWidget, ...]:
        if self._stack.currentWidget() is self.editor:
            return (self.editor.table, self.editor.form, self.editor.save_button)
        return (self.line, self.table)

    # ---- the list ---------------------------------------------------------------------

    def open_route(self, key: str) -> None:
        """Into the editor, by the key of its row."""
        if key in self._kept:
            self._edit(self._kept[key], is_new=False)

    def add_route(self) -> None:
        self._edit(Route("", "", (), "", _BLANK), is_new=True)

    def copy_route(self) -> None:
        """The marked one as the beginning of a new one, for other procedures."""
        route = self._kept.get(self.table.current_id())
        if route is not None:
            self._edit(Route("", f"{route.name} (bản sao)", (), "", route.steps), is_new=True)

    def drop(self) -> None:
        route = self._kept.get(self.table.current_id())
        if route is None:
            return
        answers = (Answer("drop", "Bỏ quy trình", "danger"), Answer("", "Ở lại", "primary", "Esc"))
        text = "Hồ sơ đang đi theo quy trình này sẽ theo quy trình trước đó hoặc quy trình chung."
        if ask(self, f"Bỏ quy trình “{route.name}”?", text, answers) == "drop":
            office = self._frame.office
            self._frame.tasks.run(
                self, lambda: drop_route(office, route), self._dropped, self._frame.show_error
            )

    def _list(self) -> QWidget:
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("routes", "Quy trình nội bộ", self._model)
        self.table.opened.connect(self.open_route)
        self.line = QLineEdit()
        self.line.setObjectName("routes_filter")
        self.line.setAccessibleName("Tìm quy trình")
        self.line.setPlaceholderText("Tìm: tên quy trình, mã hoặc tên thủ tục (không cần dấu)")
        self.line.textChanged.connect(lambda _: self._show_list())
        self.line.returnPressed.connect(self.table.setFocus)
        self.count = label("", "dim")
        self.add_button = primary("Tạo quy trình &mới", icon="plus")
        self.open_button = plain("&Sửa", "Enter", "pen-line")
        self.copy_button = plain("Sao &chép", icon="copy")
        self.drop_button = plain("&Bỏ", icon="trash-2")
        self.add_button.clicked.connect(self.add_route)
        self.open_button.clicked.connect(lambda: self.open_route(self.table.current_id()))
        self.copy_button.clicked.connect(self.copy_route)
        self.drop_button.clicked.connect(self.drop)
        return self._laid_out()

    def _laid_out(self) -> QWidget:
        head, foot = QHBoxLayout(), QHBoxLayout()
        for row in (head, foot):
            row.setSpacing(look.px(8))
        head.addWidget(label("Quy trình nội bộ", "title"))
        head.addStretch(1)
        head.addWidget(self.line, 3)
        for button in (self.open_button, self.copy_button, self.drop_button):
            foot.addWidget(button)
        foot.addWidget(self.count, 1, Qt.AlignmentFlag.AlignRight)
        foot.addWidget(self.add_button)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        return made

    def _show_list(self) -> None:
        office = self._frame.office
        today = local_day(office.now)
        found = find_routes(office.catalogue, self.line.text(), today)
        self._kept = {route_key(route): route for route in found}
        self._model.show_rows([_row(route, today.isoformat()) for route in found])
        self.count.setText(f"{len(found)} quy trình")
        if not self.table.current_id():
            self.table.select_first()

    # ---- the editor -------------------------------------------------------------------

    def _edit(self, route: Route, is_new: bool) -> None:
        self._is_new = is_new
        self._stack.setCurrentWidget(self.editor)
        self.editor.open_route(self._frame.office, route, is_new)

    def _save(self, route: Route, typed: str) -> None:
        office = self._frame.office
        try:
            day = (
                parse_day(typed, local_day(office.now), "effective_on")
                if typed and not self._is_new
                else None
            )
        except InputError as error:
            self.editor.show_errors(InputErrors([error]))
            return
        if self._is_new:
            route = replace(route, id=new_route_id(office.catalogue, route.name))
        self._frame.tasks.run(self, lambda: save_route(office, route, day), self._saved, self._refused)

    def _saved(self, made: Changed) -> None:
        self.editor.saved()
        self._stack.setCurrentIndex(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        tell_changed(self._frame, made)

    def _dropped(self, made: Changed) -> None:
        tell_changed(self._frame, made)

    def _refused(self, error: OfficeError) -> None:
        if isinstance(error, InputErrors):
            self.editor.show_errors(error)
        else:
            self._frame.show_error(error)

    def _leave_editor(self) -> None:
        if self._may_drop():
            self.editor.saved()
            self._stack.setCurrentIndex(0)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may_drop(self) -> bool:
        if not self.editor.is_changed():
            return True
        answers = (Answer("drop", "Bỏ thay đổi", "danger"), Answer("", "Ở lại", "primary", "Esc"))
        return (
            ask(self, "Bỏ các thay đổi của quy trình?", "Quy trình đang sửa chưa được lưu.", answers)
            == "drop"
        )


def _row(route: Route, today: str) -> Row:
    codes = ", ".join(route.procedure_codes[:2]) + ("…" if len(route.procedure_codes) > 2 else "")
    day = "/".join(reversed(route.effective_on.split("-")))
    since = f"từ {day}" if route.effective_on else "từ đầu"
    cells = (route.name, codes or "quy trình chung", str(len(route.steps)), time_words(route.time()), since)
    return Row(route_key(route), cells, is_strong=route.effective_on > today)
