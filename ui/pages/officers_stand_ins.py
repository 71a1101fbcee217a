"""Xử lý thay: who acts for an officer who is away, in which roles, from which day to which."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onestop.domain.moment import local_day
from onestop.domain.stand_in import StandIn
from onestop.domain.state import Role
from onestop.office.office import Office
from onestop.office.officers import StandInForm, end_stand_in, list_stand_ins, set_stand_in
from onestop.terms import show
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import Job, RowForm, SidedRoom, day_field, tell_changed
from ui.widgets import Card, Column, ComboField, LineField, QueueTable, Row, RowModel, label, plain, primary
from ui.widgets.role_ticks import RoleTicks

_COLUMNS = (
    Column("Vắng mặt", "Nguyễn Thị Ánh Tuyết", stretch=2),
    Column("Người xử lý thay", "Nguyễn Thị Ánh Tuyết", stretch=2),
    Column("Từ ngày", "24/11/2026"),
    Column("Đến hết", "24/11/2026"),
    Column("Tình trạng", "Đang thay"),
)


class StandInsRoom(SidedRoom):
    """Left all of them, those in force on top; right the one chosen, or a new one."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._kept: dict[str, StandIn] = {}
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("stand_ins_table", "Xử lý thay", self._model)
        self.form = AbsenceForm(frame)
        self.new_button = plain("&Thêm lần xử lý thay", icon="plus")
        self.new_button.setObjectName("new_stand_in")
        self.end_button = plain("Đã trở lại &làm việc", icon="user-check")
        self.end_button.setObjectName("end_stand_in")
        card = Card(margin=14)
        card.body.addWidget(self.form)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(self.table, 1)
        left.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self.end_button, 0, Qt.AlignmentFlag.AlignLeft)
        super().__init__(left, (card,), narrow_columns=(2, 4))
        self.new_button.clicked.connect(self.begin_new)
        self.end_button.clicked.connect(self.end)
        self.table.current_changed.connect(lambda _: self._show_current())

    def enter(self) -> None:
        self.read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> None:
        office = self._frame.office
        found = list_stand_ins(office)
        self._kept = {one.id: one for one in found}
        self._model.show_rows([_row(office, one) for one in found])
        if not self.table.current_id():
            self.table.select_first()
        self._show_current()

    def begin_new(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.rootIndex())
        self._show_current()
        self.form.officer.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        office, wanted = self._frame.office, self.table.current_id()
        self._frame.tasks.run(
            self,
            lambda: end_stand_in(office, wanted),
            lambda made: tell_changed(self._frame, made),
            self._frame.show_error,
        )

    def panes(self) -> tuple[QWidget, ...]:
        return (self.table, self.form)

    def _show_current(self) -> None:
        one = self._kept.get(self.table.current_id())
        today = local_day(self._frame.office.now).isoformat()
        self.end_button.setEnabled(one is not None and one.ends_on >= today)
        self.form.show_stand_in(one)


class AbsenceForm(RowForm):
    """Who is away, who acts, in which of the absent one's roles, when and why."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "stand_in_form")
        self._id = ""
        today = local_day(frame.worklist.now())
        self._title = label("", "section", is_wrapped=True)
        self.rows.insertWidget(0, self._title)
        self.officer = ComboField("officer", "Cán bộ &vắng mặt", (("", "Chọn cán bộ"),))
        self.stand_in = ComboField("stand_in", "&Người xử lý thay", (("", "Chọn cán bộ"),))
        for field in (self.officer, self.stand_in):
            field.editor.setMinimumContentsLength(12)
            self.add(field)
        self.begins = day_field("begins_on", "Từ n&gày", today)
        self.ends = day_field("ends_on", "Đến &hết ngày", today)
        self.add(self.begins, self.ends)
        self.roles = RoleTicks("roles", "Được làm với vai trò")
        self.reason = LineField("reason", "Lý &do, văn bản uỷ quyền")
        self.add(self.roles)
        self.add(self.reason)
        self.say("Người thay thấy hồ sơ của cán bộ vắng mặt; mỗi bút ký ghi rõ “Thay …”.", "small")
        self.add_button(primary("Lưu xử lý th&ay", icon="save"))
        self.officer.changed.connect(self._offer_roles)

    def show_stand_in(self, one: StandIn | None) -> None:
        self.clear_errors()
        named = [(each.id, each.name) for each in self.frame.office.catalogue.officers if each.roles]
        for field in (self.officer, self.stand_in):
            field.set_choices((("", "Chọn cán bộ"), *named))
        self._id = one.id if one else ""
        self._title.setText("Sửa lần xử lý thay" if one else "Lần xử lý thay mới")
        self.officer.set_key(one.officer if one else "")
        self.stand_in.set_key(one.stand_in if one else "")
        today = local_day(self.frame.office.now).isoformat()
        self.begins.set_text(_shown(one.begins_on if one else today))
        self.ends.set_text(_shown(one.ends_on) if one else "")
        self.reason.set_text(one.reason if one else "")
        self._offer_roles()
        if one:
            self.roles.tick(one.roles)

    def job(self) -> Job:
        form = StandInForm(
            officer=self.officer.key(),
            stand_in=self.stand_in.key(),
            begins_on=self.begins.text(),
            ends_on=self.ends.text(),
            roles=self.roles.roles(),
            reason=self.reason.text(),
            id=self._id,
        )
        return lambda office: set_stand_in(office, form)

    def _offer_roles(self) -> None:
        """All roles of whoever is away are offered, ticked; the right to administer is never lent."""
        roles = self.frame.office.catalogue.officer(self.officer.key()).roles - {Role.ADMIN}
        self.roles.offer(roles)
        self.roles.setVisible(bool(roles))


def _row(office: Office, one: StandIn) -> Row:
    catalogue, today = office.catalogue, local_day(office.now).isoformat()
    state = "Đang thay"
    if one.ends_on < today:
        state = "Đã hết"
    elif one.begins_on > today:
        state = "Sắp tới"
    names = (catalogue.officer(one.officer).name, catalogue.officer(one.stand_in).name)
    roles = ", ".join(show(role) for role in sorted(one.roles))
    cells = (*names, _shown(one.begins_on), _shown(one.ends_on), state)
    return Row(one.id, cells, is_strong=state == "Đang thay", tip=f"{roles}. {one.reason}")


def _shown(day: str) -> str:
    return "/".join(reversed(day.split("-")))
