"""Đơn vị: the tree of units; add, rename, put below another, merge from a day on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onestop.domain.merger import Merger, MergerKind
from onestop.domain.moment import local_day, show_on
from onestop.domain.person import parse_day
from onestop.errors import InputError
from onestop.office.agencies import UnitLine, merge, move_along, set_unit, unit_tree
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import Job, RowForm, SidedRoom, day_field
from ui.widgets import Card, Column, ComboField, LineField, QueueTable, Row, RowModel, label, plain, primary

_COLUMNS = (
    Column("Đơn vị", "Văn phòng HĐND và UBND", stretch=3),
    Column("Cán bộ", "12", is_number=True),
    Column("Đang giữ", "1.234", is_number=True),
    Column("Ghi chú", "Vào Văn phòng HĐND và UBND", stretch=2),
)


class UnitsRoom(SidedRoom):
    """Left the tree, right what can be done with the unit that is chosen."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self.lines: tuple[UnitLine, ...] = ()
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("units_table", "Đơn vị của cơ quan, theo cấp", self._model)
        self.unit = UnitForm(frame)
        self.merger = UnitMergerForm(frame)
        new = plain("&Thêm đơn vị", icon="plus")
        new.setObjectName("new_unit")
        unit_card, self.merger_card = Card(margin=14), Card("Sáp nhập vào đơn vị khác", margin=14)
        unit_card.body.addWidget(self.unit)
        self.merger_card.body.addWidget(self.merger)
        left = QVBoxLayout()
        left.setSpacing(look.px(8))
        left.addWidget(self.table, 1)
        left.addWidget(new, 0, Qt.AlignmentFlag.AlignLeft)
        super().__init__(left, (unit_card, self.merger_card), narrow_columns=(3,))
        new.clicked.connect(self.begin_new)
        self.table.current_changed.connect(lambda _: self._show_current())
        self.unit.saved.connect(self.read)
        self.merger.saved.connect(self.read)

    def enter(self) -> None:
        self.read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> None:
        office = self._frame.office
        self._frame.tasks.run(self, lambda: unit_tree(office), self._show, self._frame.show_error, busy=False)

    def begin_new(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(self.table.rootIndex())
        self._show_line(None)
        self.unit.name_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def current(self) -> UnitLine | None:
        return next((line for line in self.lines if line.unit.id == self.table.current_id()), None)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.table, self.unit, self.merger)

    def forms(self) -> tuple[RowForm, ...]:
        return (self.unit, self.merger)

    def _show(self, lines: tuple[UnitLine, ...]) -> None:
        self.lines = lines
        names = {line.unit.id: line.unit.name for line in lines}
        self._model.show_rows([_row(line, names) for line in lines])
        if not self.table.current_id():
            self.table.select_first()
        self._show_current()

    def _show_current(self) -> None:
        self._show_line(self.current())

    def _show_line(self, line: UnitLine | None) -> None:
        self.unit.show_line(line, self.lines)
        self.merger_card.setVisible(line is not None)
        if line is not None:
            self.merger.show_line(line, self.lines)


class UnitForm(RowForm):
    """Name, and the unit it stands under; for a new one when none is chosen."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "unit_form")
        self._unit = ""
        self._title = label("", "section", is_wrapped=True)
        self.rows.insertWidget(0, self._title)
        self.name_field = LineField("unit_name", "Tê&n đơn vị")
        self.parent_field = ComboField("unit_parent", "Đơn vị &cấp trên", (("", "Trực thuộc cơ quan"),))
        self.parent_field.editor.setMinimumContentsLength(12)
        for field in (self.name_field, self.parent_field):
            self.add(field)
        self.add_button(primary("&Lưu đơn vị", icon="save"))

    def show_line(self, line: UnitLine | None, lines: tuple[UnitLine, ...]) -> None:
        self.clear_errors()
        unit = line.unit if line else None
        self._unit = unit.id if unit else ""
        self._title.setText("Sửa đơn vị" if unit else "Đơn vị mới")
        others = [each.unit for each in lines if each.unit.id != self._unit and not each.merged]
        self.parent_field.set_choices(
            (("", "Trực thuộc cơ quan"), *((each.id, each.name) for each in others))
        )
        self.parent_field.set_key(unit.parent if unit else "")
        self.name_field.set_text(unit.name if unit else "")

    def job(self) -> Job:
        unit, name, parent = self._unit, self.name_field.text(), self.parent_field.key()
        return lambda office: set_unit(office, unit, name, parent)


class UnitMergerForm(RowForm):
    """Into which unit, from when, by what decision; and what that changes, before it is done."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "unit_merger")
        self._line: UnitLine | None = None
        today = local_day(frame.worklist.now())
        self._today = today
        self.into = ComboField("new", "Đơn &vị nhận việc", (("", "Chọn đơn vị"),))
        self.into.editor.setMinimumContentsLength(12)
        self.on = day_field("on", "Từ n&gày", today)
        self.ground = LineField("ground", "Căn cứ (số, ngày &quyết định)")
        for field in (self.into, self.on, self.ground):
            self.add(field)
        self.changes = self.say("", "")
        self._button = self.add_button(plain("&Sáp nhập", icon="git-compare-arrows"))
        self.into.changed.connect(self._say_changes)
        self.on.left.connect(self._say_changes)

    def show_line(self, line: UnitLine, lines: tuple[UnitLine, ...]) -> None:
        self.clear_errors()
        self._today = local_day(self.frame.worklist.now())  # the program may run over midnight
        is_other = self._line is None or self._line.unit.id != line.unit.id
        self._line = line
        others = [each.unit for each in lines if each.unit.id != line.unit.id and not each.merged]
        self.into.set_choices((("", "Chọn đơn vị"), *((each.id, each.name) for each in others)))
        if is_other:
            self.into.set_key("")
            self.on.set_text(show_on(self._today))
            self.ground.set_text("")
        for part in (self.into, self.on, self.ground):
            part.setVisible(not line.merged)
        self._button.setVisible(not line.merged or self._lies_behind(line))
        self._button.setText("  &Sáp nhập" if not line.merged else "  Chuyển cán bộ &sang")
        self._say_changes()

    def job(self) -> Job:
        line = self._line
        assert line is not None
        if line.merged:
            return lambda office: move_along(office, line.unit.id)
        on = parse_day(self.on.text(), self._today, "on")
        merger = Merger(line.unit.id, self.into.key(), on, self.ground.text(), MergerKind.UNIT)
        return lambda office: merge(office, merger)

    def _lies_behind(self, line: UnitLine) -> bool:
        """Its day has come and its officers are still written under the old unit."""
        return bool(line.officer_count and line.merged_on and line.merged_on <= self._today)

    def _say_changes(self) -> None:
        line = self._line
        if line is None:
            return
        catalogue = self.frame.office.catalogue
        if line.merged:
            day = show_on(line.merged_on) if line.merged_on else ""
            self.changes.setText(f"Đã sáp nhập vào {catalogue.unit_name(line.merged)} từ {day}.")
            return
        self.changes.setText(_changes_words(line, self._is_later(), catalogue.unit_name(self.into.key())))

    def _is_later(self) -> bool:
        try:
            return parse_day(self.on.text(), self._today, "on") > self._today
        except InputError:
            return False  # still being typed: the field says what is wrong when it is left


def _changes_words(line: UnitLine, is_later: bool, into: str) -> str:
    whose = f"hàng việc của {into}" if into else "hàng việc của đơn vị nhận việc"
    when = "Đến ngày đó" if is_later else "Ngay khi lưu"
    moved = (
        "Cán bộ và phân công lĩnh vực: bấm “Chuyển cán bộ sang” khi đến ngày."
        if is_later
        else f"{line.officer_count} cán bộ và các lĩnh vực của đơn vị chuyển theo."
    )
    return (
        f"{when}: {line.open_count} hồ sơ đang giữ hiện trong {whose}; mã, hạn trả và nhật ký giữ nguyên. "
        f"{moved}"
    )


def _row(line: UnitLine, names: dict[str, str]) -> Row:
    indent = "    " * line.depth + ("└ " if line.depth else "")
    note = f"Vào {names.get(line.merged, line.merged)}" if line.merged else ""
    cells = (indent + line.unit.name, str(line.officer_count), str(line.open_count), note)
    return Row(line.unit.id, cells)
