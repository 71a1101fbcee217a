"""The officers of the office: name, title, unit, roles; add one, change one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from onestop.domain.moment import local_day
from onestop.domain.stand_in import who_stands_in
from onestop.office.office import Office, Officer
from onestop.office.officers import find_officers, set_officer
from onestop.terms import show
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import Job, RowForm, SidedRoom
from ui.widgets import Card, Column, ComboField, LineField, QueueTable, Row, RowModel, label, plain, primary
from ui.widgets.role_ticks import RoleTicks

_COLUMNS = (
    Column("Họ và tên", "Nguyễn Thị Ánh Tuyết", stretch=2),
    Column("Chức danh", "Công chức tư pháp – hộ tịch", stretch=2),
    Column("Đơn vị", "Văn phòng HĐND và UBND", stretch=3),
    Column("Vai trò", "Cán bộ tiếp nhận", stretch=1),
)


class OfficersRoom(SidedRoom):
    """Left the officers, right the one chosen."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("officers_table", "Cán bộ của cơ quan", self._model)
        self.form = OfficerForm(frame)
        self.line = QLineEdit()
        self.line.setObjectName("officers_filter")
        self.line.setAccessibleName("Tìm cán bộ")
        self.line.setPlaceholderText("Tìm: tên, chức danh, đơn vị (không cần dấu)")
        self.line.setClearButtonEnabled(True)
        new = plain("&Thêm cán bộ", icon="plus")
        new.setObjectName("new_officer")
        card = Card(margin=14)
        card.body.addWidget(self.form)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(self.line)
        left.addWidget(self.table, 1)
        left.addWidget(new, 0, Qt.AlignmentFlag.AlignLeft)
        super().__init__(left, (card,), narrow_columns=(1, 3))
        self.line.textChanged.connect(lambda _: self.read())
        self.line.returnPressed.connect(self.table.setFocus)
        new.clicked.connect(self.begin_new)
        self.table.current_changed.connect(lambda _: self._show_current())

    def enter(self) -> None:
        self.read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> None:
        office = self._frame.office
        found = find_officers(office, self.line.text())
        self._model.show_rows([_row(office, each) for each in found])
        if not self.table.current_id():
            self.table.select_first()
        self._show_current()

    def begin_new(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.rootIndex())
        self.form.show_officer(None)
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.table, self.form)

    def _show_current(self) -> None:
        wanted = self.table.current_id()
        officers = self._frame.office.catalogue.officers
        self.form.show_officer(next((each for each in officers if each.id == wanted), None))


class OfficerForm(RowForm):
    """For a new one when none is chosen."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "officer_form")
        self._officer = ""
        self._title = label("", "section", is_wrapped=True)
        self.rows.insertWidget(0, self._title)
        self.name = LineField("name", "&Họ và tên")
        self.title = LineField("title", "&Chức danh")
        self.unit = ComboField("unit", "Đơ&n vị", (("", "Chọn đơn vị"),))
        self.unit.editor.setMinimumContentsLength(12)
        self.roles = RoleTicks("roles", "Vai trò")
        for field in (self.name, self.title, self.unit, self.roles):
            self.add(field)
        self.away = self.say("")
        self.add_button(primary("&Lưu cán bộ", icon="save"))

    def show_officer(self, officer: Officer | None) -> None:
        self.clear_errors()
        catalogue = self.frame.office.catalogue
        self._officer = officer.id if officer else ""
        self._title.setText("Sửa cán bộ" if officer else "Cán bộ mới")
        self.unit.set_choices((("", "Chọn đơn vị"), *((unit.id, unit.name) for unit in catalogue.units)))
        self.unit.set_key(officer.unit if officer else "")
        self.name.set_text(officer.name if officer else "")
        self.title.set_text(officer.title if officer else "")
        self.roles.tick(officer.roles if officer else ())
        self.away.setText(_away_words(self.frame.office, officer))

    def job(self) -> Job:
        ident, name, roles = self._officer, self.name.text(), self.roles.roles()
        unit, title = self.unit.key(), self.title.text()
        return lambda office: set_officer(office, ident, name, roles, unit, title)


def _away_words(office: Office, officer: Officer | None) -> str:
    if officer is None:
        return "Người không còn vai trò nào thì không đăng nhập được; nhật ký vẫn ghi tên."
    one = who_stands_in(office.catalogue.stand_ins, officer.id, local_day(office.now))
    if one is None:
        return ""
    last = "/".join(reversed(one.ends_on.split("-")))
    return f"Đang vắng mặt: {office.catalogue.officer(one.stand_in).name} xử lý thay đến hết {last}."


def _row(office: Office, officer: Officer) -> Row:
    roles = ", ".join(show(role) for role in sorted(officer.roles)) or "Không còn vai trò"
    unit = office.catalogue.unit_name(officer.unit)
    return Row(officer.id, (officer.name, officer.title, unit, roles))
