"""Cơ quan, địa bàn at a real desk: units, mergers, the letterhead, other agencies, places; by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.office import deeds
from onestop.office.deeds import Target
from tests.ui.practice_desk import RECEPTION, Desk
from tests.ui.windows import NARROW, WIDE, in_window, letters
from ui.look import apply_look
from ui.pages.agencies_others import OthersRoom
from ui.pages.agencies_own import OwnRoom
from ui.pages.agencies_places import PlacesRoom
from ui.pages.agencies_section import AgenciesSection
from ui.pages.agencies_units import UnitsRoom
from ui.tasks import Tasks

ADMIN, ECONOMY, OFFICE = "u-vy", "kinh-te", "van-phong"


class Seat:
    """The section in a window of its own, the administrator signed in."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.sign_in(ADMIN)
        self.section = AgenciesSection(desk.frame)
        desk.frame.pages = [self.section]
        self.window = in_window(self.section, qtbot)
        self.section.enter()
        self.settle()

    def settle(self) -> None:
        """Until every answer has come, and what followed from it."""
        for _ in range(3):
            self.qtbot.waitUntil(self.desk.frame.tasks.is_idle, timeout=10_000)
            QApplication.processEvents()

    def open(self, tab: str) -> None:
        self.section.tabs.choose(tab)
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.section, key, modifier)
        self.settle()

    def picture(self, pictures: Path, name: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for theme in ("light", "dark"):
            apply_look(app, theme)
            for words, size in (("1366", WIDE), ("1024", NARROW)):
                self.window.resize(*size)
                for _ in range(3):
                    QApplication.processEvents()
                assert self.window.grab().save(str(pictures / f"agencies_{name}_{theme}_{words}.png"))
        apply_look(app, "light")
        self.window.resize(*WIDE)

    @property
    def units(self) -> UnitsRoom:
        room = self.section.rooms["units"]
        assert isinstance(room, UnitsRoom)
        return room

    @property
    def own(self) -> OwnRoom:
        room = self.section.rooms["own"]
        assert isinstance(room, OwnRoom)
        return room

    @property
    def others(self) -> OthersRoom:
        room = self.section.rooms["others"]
        assert isinstance(room, OthersRoom)
        return room

    @property
    def places(self) -> PlacesRoom:
        room = self.section.rooms["places"]
        assert isinstance(room, PlacesRoom)
        return room


@pytest.fixture
def seat(app: QApplication, tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Seat]:
    desk = Desk(tmp_path, tasks)
    yield Seat(desk, qtbot)
    desk.close()


def test_a_unit_is_added_below_another_and_undone(seat: Seat, pictures: Path) -> None:
    room = seat.units
    assert [line.unit.id for line in room.lines][:3] == ["pvhcc", OFFICE, ECONOMY]
    room.begin_new()
    room.unit.name_field.set_text("Tổ Công nghệ số")
    room.unit.parent_field.set_key(ECONOMY)
    room.unit.save()
    seat.settle()
    assert [(line.unit.name, line.depth) for line in room.lines][3] == ("Tổ Công nghệ số", 1)
    assert seat.desk.frame.toasts == ["Đã lưu: Thêm đơn vị Tổ Công nghệ số"]
    room.table.select(OFFICE)
    seat.picture(pictures, "units")
    assert seat.desk.frame.undo is not None
    seat.desk.frame.undo()
    seat.settle()
    assert "Tổ Công nghệ số" not in [line.unit.name for line in room.lines]


def test_a_name_that_cannot_stand_is_said_at_its_field(seat: Seat) -> None:
    form = seat.units.unit
    form.name_field.set_text("  ")
    form.save()
    seat.settle()
    assert "Chưa nhập tên đơn vị" in form.name_field.error()
    assert form.errors.isVisible()
    seat.press(Qt.Key.Key_F8)
    assert form.name_field.editor.hasFocus()
    assert not seat.desk.frame.toasts


def test_a_merger_says_what_it_changes_before_and_carries_the_dossiers(seat: Seat, pictures: Path) -> None:
    dossier = seat.desk.receive()
    deeds.forward(seat.desk.by(RECEPTION), dossier.id, Target(ECONOMY))
    room = seat.units
    room.read()
    seat.settle()
    room.table.select(ECONOMY)
    form = room.merger
    form.into.set_key(OFFICE)
    form.into.changed.emit()
    words = form.changes.text()
    assert "1 hồ sơ đang giữ hiện trong hàng việc của Văn phòng HĐND và UBND" in words
    assert "2 cán bộ" in words
    form.save()
    seat.settle()
    assert "Chưa nhập căn cứ" in form.ground.error()
    seat.picture(pictures, "merger")
    form.ground.set_text("NQ 12/NQ-HĐND ngày 10/11/2026")
    form.save()
    seat.settle()
    line = next(line for line in room.lines if line.unit.id == ECONOMY)
    assert (line.merged, line.open_count) == (OFFICE, 1)
    assert "Đã sáp nhập" in form.changes.text()
    assert not form.into.isVisible()
    seat.picture(pictures, "merged")
    seat.desk.sign_in("u-tuyet")
    view = seat.desk.frame.worklist.tabs()[0].view
    assert [work.row.id for work in seat.desk.frame.worklist.page(view)] == [dossier.id]


def test_a_merger_to_come_says_that_it_waits(seat: Seat) -> None:
    form = seat.units.merger
    form.on.set_text("01/01/2027")
    form.on.left.emit()
    assert form.changes.text().startswith("Đến ngày đó")
    seat.units.table.select(ECONOMY)
    form.into.set_key(OFFICE)
    form.on.set_text("01/01/2027")
    form.ground.set_text("NQ 12/NQ-HĐND")
    form.save()
    seat.settle()
    assert not form._button.isVisible()
    seat.desk.clock.now = seat.desk.clock.now.replace(year=2027, month=1, day=4)
    seat.units.read()
    seat.settle()
    assert form._button.isVisible()
    form.save()
    seat.settle()
    assert seat.desk.frame.office.catalogue.officer("u-khoi").unit == OFFICE
    assert not form._button.isVisible()


def test_the_letterhead_is_saved_by_keys_and_faults_stand_at_their_fields(seat: Seat, pictures: Path) -> None:
    seat.open("own")
    room = seat.own
    assert "H56.99.88 (dạng cũ 000.88.99.H56)" in room.code.text()
    place = room.form.field("place")
    assert place is not None
    place.set_text("")
    seat.picture(pictures, "own")
    room.form.save()
    seat.settle()
    assert place.error()
    place.set_text("Xuân Nha")
    room.form.save()
    seat.settle()
    assert seat.desk.frame.office.catalogue.agency.place == "Xuân Nha"
    assert not room.form.is_typed()


def test_other_agencies_are_added_and_found_by_either_code(seat: Seat, pictures: Path) -> None:
    seat.open("others")
    room = seat.others
    for code, name in (("000.66.77.H56", "UBND xã Mường Xuân"), ("H56.77.65", "UBND xã Bản Lim")):
        room.agency.code.set_text(code)
        room.agency.name.set_text(name)
        room.agency.save()
        seat.settle()
    assert [line.code for line in room.lines] == ["H56.99.88", "H56.77.65", "H56.77.66"]
    room.line.set_text("000.66.77.H56")
    room.read()
    seat.settle()
    assert [line.name for line in room.lines] == ["UBND xã Mường Xuân"]
    room.table.select_first()
    assert room.agency.code.text() == "H56.77.66"
    room.line.set_text("")
    room.read()
    seat.settle()
    room.merger.new.set_key("H56.77.65")
    room.merger.ground.set_text("NQ 1")
    room.merger.save()
    seat.settle()
    assert next(line for line in room.lines if line.code == "H56.77.66").merged == "H56.77.65"
    seat.picture(pictures, "others")


def test_a_wrong_code_is_said_at_its_field(seat: Seat) -> None:
    seat.open("others")
    room = seat.others
    room.agency.code.set_text("56")
    room.agency.name.set_text("UBND xã Bản Lim")
    room.agency.save()
    seat.settle()
    assert "Mã định danh cơ quan không đúng dạng" in room.agency.code.error()


def test_places_are_looked_up_without_accents(seat: Seat, pictures: Path) -> None:
    seat.open("places")
    room = seat.places
    assert room.table.rows.rowCount() == 34
    room.line.set_text("phuong ha")
    room.read()
    seat.settle()
    first = room.table.rows.row(0)
    assert first is not None
    assert first.cells[2] == "tỉnh Thanh Hóa"
    seat.picture(pictures, "places")


def test_access_keys_are_unique_in_each_tab(seat: Seat) -> None:
    for tab in seat.section.rooms:
        seat.open(tab)
        keys = letters(seat.section.room())
        assert len(keys) == len(set(keys)), (tab, sorted(keys))
