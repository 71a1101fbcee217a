"""Cơ quan khác: those that dossiers go to or come from, by either form of their code; and their mergers."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onestop.domain.merger import Merger, MergerKind
from onestop.domain.moment import local_day, show_on
from onestop.domain.person import parse_day
from onestop.office.agencies import AgencyLine, find_agencies, merge, set_agency
from ui import look
from ui.pages.agencies_own import code_words
from ui.pages.page import Frame
from ui.pages.row_form import Job, RowForm, SidedRoom, day_field
from ui.widgets import (
    Card,
    Column,
    ComboField,
    LineField,
    QueueTable,
    Row,
    RowModel,
    plain,
    primary,
)

_COLUMNS = (
    Column("Cơ quan", "Ủy ban nhân dân xã Hồi Xuân", stretch=3),
    Column("Mã dạng mới", "H56.77.66"),
    Column("Mã dạng cũ", "000.66.77.H56"),
    Column("Ghi chú", "Đã vào H56.77.66", stretch=2),
)
_TYPING_MS = 120
_NONE = ("", "Chọn cơ quan")


class OthersRoom(SidedRoom):
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.lines: tuple[AgencyLine, ...] = ()
        self.line = LineField("agency_query", "&Tìm theo tên hoặc mã (dạng nào cũng được)")
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("agencies_table", "Cơ quan trong danh mục", self._model)
        self.agency = OtherAgencyForm(frame)
        self.merger = AgencyMergerForm(frame)
        agency, merger = Card("Thêm, sửa cơ quan", margin=14), Card("Sáp nhập cơ quan", margin=14)
        agency.body.addWidget(self.agency)
        merger.body.addWidget(self.merger)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(self.line)
        left.addWidget(self.table, 1)
        super().__init__(left, (agency, merger), narrow_columns=(2,))
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self.line.changed.connect(self._typing.start)
        self.table.current_changed.connect(lambda _: self._show_current())
        for form in (self.agency, self.merger):
            form.saved.connect(self.read)

    def enter(self) -> None:
        self.read()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> None:
        office, query = self._frame.office, self.line.text()

        def both() -> tuple[tuple[AgencyLine, ...], tuple[AgencyLine, ...]]:
            return find_agencies(office, query), find_agencies(office)

        self._frame.tasks.run(self, both, self._show, self._frame.show_error, busy=False)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.table, self.agency, self.merger)

    def forms(self) -> tuple[RowForm, ...]:
        return (self.agency, self.merger)

    def _show(self, found: tuple[tuple[AgencyLine, ...], tuple[AgencyLine, ...]]) -> None:
        self.lines, everyone = found
        names = {line.code: line.name for line in everyone}
        self._model.show_rows([_row(line, names) for line in self.lines])
        self.merger.show_lines(everyone)

    def _show_current(self) -> None:
        code = self.table.current_id()
        line = next((each for each in self.lines if each.code == code), None)
        if line is not None and not line.is_own:
            self.agency.show_line(line)
            self.merger.begin_with(line)


class OtherAgencyForm(RowForm):
    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "other_agency")
        self.code = LineField("agency_code", "&Mã định danh", "Dạng mới hoặc cũ")
        self.name = LineField("agency_name", "Tê&n cơ quan")
        self.add(self.code)
        self.add(self.name)
        self.add_button(primary("&Lưu cơ quan", icon="save"))
        self.code.changed.connect(self._say_forms)
        self.saved.connect(self._begin_anew)

    def show_line(self, line: AgencyLine) -> None:
        self.clear_errors()
        self.code.set_text(line.code)
        self.name.set_text(line.name)
        self._say_forms()

    def job(self) -> Job:
        code, name = self.code.text(), self.name.text()
        return lambda office: set_agency(office, code, name)

    def _begin_anew(self) -> None:
        self.code.set_text("")
        self.name.set_text("")
        self._say_forms()

    def _say_forms(self) -> None:
        words = code_words(self.code.text())
        self.code.set_hint(words if "(" in words else "Dạng mới hoặc cũ")


class AgencyMergerForm(RowForm):
    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "agency_merger")
        self._today = local_day(frame.worklist.now())
        self.old = ComboField("old", "Cơ &quan cũ", (_NONE,))
        self.new = ComboField("new", "Cơ quan nhận &việc", (_NONE,))
        self.on = day_field("on", "Từ n&gày", self._today)
        self.ground = LineField("ground", "Căn cứ (&số, ngày quyết định)")
        for combo in (self.old, self.new):
            combo.editor.setMinimumContentsLength(12)
        for field in (self.old, self.new, self.on, self.ground):
            self.add(field)
        self.on.set_text(show_on(self._today))
        self.say("Mã cũ vẫn tìm thấy; hồ sơ đã chuyển đến cơ quan cũ được tính cho cơ quan nhận việc.")
        self.add_button(plain("Ghi nhận sá&p nhập", icon="git-compare-arrows"))
        self.saved.connect(lambda: self.ground.set_text(""))

    def show_lines(self, lines: tuple[AgencyLine, ...]) -> None:
        alive = [line for line in lines if not line.merged]
        self.old.set_choices((_NONE, *((line.code, line.name) for line in alive if not line.is_own)))
        self.new.set_choices((_NONE, *((line.code, line.name) for line in alive)))

    def begin_with(self, line: AgencyLine) -> None:
        self.old.set_key(line.code)

    def job(self) -> Job:
        on = parse_day(self.on.text(), self._today, "on")
        merger = Merger(self.old.key(), self.new.key(), on, self.ground.text(), MergerKind.AGENCY)
        return lambda office: merge(office, merger)


def _row(line: AgencyLine, names: dict[str, str]) -> Row:
    note = "Cơ quan này" if line.is_own else ""
    if line.merged:
        note = f"Đã vào {names.get(line.merged, line.merged)}"
    return Row(line.code, (line.name, line.code, line.old_form, note), is_strong=line.is_own)
