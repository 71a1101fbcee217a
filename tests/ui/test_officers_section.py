"""Cán bộ, xử lý thay at a real desk: an officer added, a stand-in from day to day, ended, refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.state import Role
from onestop.office.found import open_office
from onestop.office.office import Catalogue
from onestop.office.officers import StandInForm, set_stand_in
from tests.ui.practice_desk import ADMIN, HEAD, RECEPTION, SPECIALIST, Desk, settle
from tests.ui.windows import NARROW, WIDE, in_window
from ui.look import apply_look
from ui.pages.officers_section import OfficersSection
from ui.tasks import Tasks

AWAY = StandInForm(HEAD, SPECIALIST, "16/11/2026", "20/11/2026", frozenset({Role.HEAD}), "Nghỉ phép năm")


class Seat:
    """The section in a window of its own, the administrator signed in."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.sign_in(ADMIN)
        self.section = OfficersSection(desk.frame)
        self.window = in_window(self.section, qtbot)
        self.section.enter()

    def settle(self) -> None:
        settle(self.desk, self.qtbot)

    def read_again(self) -> Catalogue:
        """As the shell does after a change of rows."""
        desk = self.desk
        desk.frame.office = desk.office = open_office(desk.store, desk.clock, lambda: ("boot", 0), ADMIN)
        self.section.catalogue_came()
        return desk.office.catalogue

    def save(self) -> list[str]:
        """What was wrong, each as its link says it; [] when it was written."""
        form = self.section.room().form
        form.save()
        self.settle()
        return [link.text() for link in form.errors.links() if form.errors.isVisible()]


@pytest.fixture
def seat(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    desk = Desk(tmp_path, tasks)
    yield Seat(desk, qtbot)
    desk.close()


def test_an_officer_is_added_and_found(seat: Seat) -> None:
    room = seat.section.people
    room.begin_new()
    form = room.form
    QTest.keyClicks(form.name.editor, "Ha Thi Thu")
    assert seat.save() == ["Chưa chọn đơn vị"]
    form.unit.set_key("kinh-te")
    assert seat.save() == ["Chưa chọn vai trò"]
    form.roles.boxes[Role.SPECIALIST].click()
    assert seat.save() == []
    assert seat.desk.frame.toasts == ["Đã lưu: Thêm cán bộ Ha Thi Thu"]
    made = seat.read_again().officer("u-thu")
    assert (made.name, made.unit, made.roles) == ("Ha Thi Thu", "kinh-te", frozenset({Role.SPECIALIST}))
    QTest.keyClicks(room.line, "thu kinh te")
    assert room.table.current_id() == "u-thu"


def test_the_last_administrator_stays_one(seat: Seat) -> None:
    room = seat.section.people
    assert room.table.select(ADMIN)
    room.form.roles.boxes[Role.ADMIN].click()
    assert seat.save() == ["Cơ quan phải còn ít nhất một quản trị"]
    assert not seat.desk.frame.toasts


def test_a_title_is_changed_and_the_row_stays_the_same_one(seat: Seat) -> None:
    room = seat.section.people
    assert room.table.select(RECEPTION)
    room.form.title.editor.clear()
    QTest.keyClicks(room.form.title.editor, "To truong")
    assert seat.save() == []
    catalogue = seat.read_again()
    assert catalogue.officers[0].title == "To truong"
    assert len(catalogue.officers) == len({each.id for each in catalogue.officers})


def test_a_stand_in_is_entered_offered_only_the_absent_one_s_roles_and_ended(seat: Seat) -> None:
    seat.section.tabs.choose("stand_ins")
    room = seat.section.stand_ins
    room.new_button.click()
    form = room.form
    assert seat.save() == ["Chưa nhập ngày"]
    form.officer.set_key(HEAD)
    form.officer.changed.emit()
    assert [role for role, box in form.roles.boxes.items() if not box.isHidden()] == [Role.HEAD]
    assert form.roles.roles() == {Role.HEAD}
    form.stand_in.set_key(HEAD)
    form.ends.set_text("20/11/2026")
    assert seat.save() == ["Chưa chọn người xử lý thay"]
    form.stand_in.set_key(SPECIALIST)
    assert seat.save() == []
    (one,) = seat.read_again().stand_ins
    assert (one.officer, one.stand_in, one.begins_on, one.ends_on) == (
        HEAD, SPECIALIST, "2026-11-16", "2026-11-20",
    )  # fmt: skip
    room.begin_new()
    form.officer.set_key(HEAD)
    form.officer.changed.emit()
    form.stand_in.set_key(RECEPTION)
    form.ends.set_text("17/11/2026")
    assert seat.save() == ["Cán bộ này đã có người xử lý thay trong các ngày đó"]
    assert room.table.select(one.id)
    room.end_button.click()
    seat.settle()
    (ended,) = seat.read_again().stand_ins
    assert ended.ends_on == "2026-11-16"  # what was done today stands


def test_one_that_has_not_begun_is_taken_away(seat: Seat) -> None:
    form = StandInForm(HEAD, SPECIALIST, "18/11/2026", "20/11/2026", frozenset({Role.HEAD}))
    set_stand_in(seat.desk.office, form)
    seat.section.tabs.choose("stand_ins")
    seat.read_again()
    seat.section.stand_ins.end_button.click()
    seat.settle()
    assert seat.read_again().stand_ins == ()


def test_who_is_away_is_said_beside_his_name(seat: Seat) -> None:
    set_stand_in(seat.desk.office, AWAY)
    seat.read_again()
    assert seat.section.people.table.select(HEAD)
    words = seat.section.people.form.away.text()
    assert words == "Đang vắng mặt: Nguyễn Thị Ánh Tuyết xử lý thay đến hết 20/11/2026."


def test_pictures_at_both_sizes_and_themes(seat: Seat, app: QApplication, pictures: Path) -> None:
    set_stand_in(seat.desk.office, AWAY)
    seat.read_again()
    for theme in ("light", "dark"):
        apply_look(app, theme)
        for words, size in (("1366", WIDE), ("1024", NARROW)):
            seat.window.resize(*size)
            for tab in ("people", "stand_ins"):
                seat.section.tabs.choose(tab)
                QApplication.processEvents()
                assert seat.window.width() == size[0]
                assert seat.window.grab().save(str(pictures / f"officers_{tab}_{theme}_{words}.png"))
