"""Quy trình nội bộ at a real desk: list, editor, picture; by keys, refused and saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from onestop.office.found import open_office
from tests.ui.practice_desk import ADMIN, Desk, settle
from tests.ui.windows import NARROW, WIDE, in_window
from ui.look import apply_look
from ui.pages.route_form import hours_text, minutes_of
from ui.pages.routes_section import RoutesSection
from ui.tasks import Tasks

PLAIN = Qt.KeyboardModifier.NoModifier
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
MARITAL = "xac-nhan-hon-nhan"


class Seat:
    """The section in a window of its own, the administrator signed in."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.sign_in(ADMIN)
        self.section = RoutesSection(desk.frame)
        self.editor = self.section.editor
        self.window = in_window(self.section, qtbot)
        self.section.enter()

    def settle(self) -> None:
        settle(self.desk, self.qtbot)

    def press(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        on: QWidget | None = None,
    ) -> None:
        QTest.keyClick(on or self.window.focusWidget() or self.section, key, modifier)

    def steps(self) -> list[str]:
        return [step.words for step in self.editor.route.steps]

    def read_again(self) -> None:
        """As the shell does after a change of rows."""
        desk = self.desk
        desk.frame.office = desk.office = open_office(desk.store, desk.clock, lambda: ("boot", 0), ADMIN)
        self.section.catalogue_came()


@pytest.fixture
def seat(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    desk = Desk(tmp_path, tasks)
    yield Seat(desk, qtbot)
    desk.close()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4", 240), ("2,5", 150), ("0.5", 30), ("2 ngày", 960), ("1,5 ngày", 720), ("20 phút", 20),
        ("4 giờ", 240), ("", None), ("bốn", None), ("-1", None), ("0,333", None),
        ("0,33", None), ("1 tuần", None),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("minutes", [0, 15, 20, 30, 90, 100, 240, 480, 2400])
def test_a_time_shown_reads_back(minutes: int) -> None:
    assert minutes_of(hours_text(minutes)) == minutes


def test_the_list_is_searched_without_marks(seat: Seat) -> None:
    everything = seat.section.table.rows.rowCount()
    assert everything >= 20
    QTest.keyClicks(seat.section.line, "ho kinh doanh")
    assert seat.section.table.rows.rowCount() == 1
    assert seat.section.table.current_id() == "ho-kinh-doanh"


def test_steps_are_shifted_added_dropped_and_taken_back_by_keys(seat: Seat) -> None:
    seat.section.open_route(MARITAL)
    before = seat.steps()
    seat.editor.mark_row(1)
    table = seat.editor.table
    seat.press(Qt.Key.Key_Down, ALT, table)
    assert seat.steps()[1:3] == [before[2], before[1]]
    assert seat.editor.row() == 2  # the marked step goes along
    seat.press(Qt.Key.Key_Up, ALT, table)
    assert seat.steps() == before
    seat.press(Qt.Key.Key_Insert, on=table)
    assert len(seat.steps()) == len(before) + 1
    QTest.keyClicks(seat.window.focusWidget(), "Hop hoi dong")
    assert seat.steps()[2] == "Hop hoi dong"
    seat.press(Qt.Key.Key_Delete, on=table)
    assert seat.steps() == before
    assert [step.no for step in seat.editor.route.steps] == list(range(1, len(before) + 1))
    for _ in range(5):
        seat.press(Qt.Key.Key_Z, CONTROL, table)
    assert seat.steps() == before
    assert not seat.editor.is_changed()
    seat.press(Qt.Key.Key_Y, CONTROL, table)
    assert seat.steps()[1:3] == [before[2], before[1]]


def test_typing_in_one_field_is_taken_back_at_once(seat: Seat) -> None:
    seat.section.open_route(MARITAL)
    seat.editor.mark_row(1)
    old = seat.steps()[1]
    seat.editor.form.words.editor.selectAll()
    QTest.keyClicks(seat.editor.form.words.editor, "Xem ho so")
    assert seat.steps()[1] == "Xem ho so"
    seat.press(Qt.Key.Key_Z, CONTROL, seat.editor.table)
    assert seat.steps()[1] == old
    assert seat.editor.form.words.text() == old


def test_too_many_hours_turn_the_bar_red_and_are_not_saved(seat: Seat) -> None:
    seat.section.open_route(MARITAL)
    seat.editor.mark_row(1)
    assert seat.editor.diagram.over() == 0
    seat.editor.form.minutes.setFocus()
    seat.editor.form.minutes.editor.selectAll()
    QTest.keyClicks(seat.editor.form.minutes.editor, "16")
    seat.press(Qt.Key.Key_S, CONTROL, seat.editor.form.minutes.editor)
    seat.settle()
    assert seat.editor.diagram.over() == 480
    assert "hạn 3 ngày làm việc" in seat.editor.diagram.accessibleDescription()
    links = [link.text() for link in seat.editor.errors.links()]
    assert links[0] == "Thủ tục 1.004873: vượt thời hạn 1 ngày"
    assert "2 (2 ngày)" in seat.editor.finding.text()
    assert seat.editor.is_changed()
    assert not seat.desk.frame.toasts


def test_a_finding_of_a_step_leads_to_its_field(seat: Seat) -> None:
    seat.section.open_route(MARITAL)
    seat.editor.mark_row(3)
    seat.editor.form.words.editor.clear()
    QTest.keyClicks(seat.editor.form.words.editor, " ")
    seat.editor.mark_row(0)
    seat.editor.save()
    seat.settle()
    assert [link.text() for link in seat.editor.errors.links()] == ["Bước 4 chưa có nội dung công việc"]
    seat.press(Qt.Key.Key_F8)
    assert seat.editor.row() == 3
    assert seat.window.focusWidget() is seat.editor.form.words.editor


def test_a_saved_change_is_told_with_its_undo_and_read_again(seat: Seat) -> None:
    seat.section.open_route(MARITAL)
    seat.editor.mark_row(1)
    seat.editor.form.minutes.setFocus()
    seat.editor.form.minutes.editor.selectAll()
    QTest.keyClicks(seat.editor.form.minutes.editor, "6,5")
    seat.editor.save()
    seat.settle()
    assert seat.desk.frame.toasts == ["Đã lưu: Sửa quy trình: Xác nhận tình trạng hôn nhân"]
    seat.read_again()
    kept = seat.section.table.rows
    names = [kept.row(place) for place in range(kept.rowCount())]
    changed = next(row for row in names if row and row.id == f"{MARITAL}@2026-11-16")
    assert changed.cells[3:] == ("2 ngày 6 giờ 30 phút", "từ 16/11/2026")


def test_a_new_route_begins_with_the_usual_chain(seat: Seat) -> None:
    seat.section.add_button.click()
    assert seat.window.focusWidget() is seat.editor.name.editor
    QTest.keyClicks(seat.editor.name.editor, "Cap phep via he")
    QTest.keyClicks(seat.editor.codes.editor, "1.013274")
    seat.editor.save()
    seat.settle()
    assert seat.desk.frame.toasts == ["Đã lưu: Thêm quy trình: Cap phep via he"]
    seat.read_again()
    QTest.keyClicks(seat.section.line, "1.013274")
    assert seat.section.table.current_id() == "cap-phep-via-he"


def test_pictures_at_both_sizes_and_themes(seat: Seat, app: QApplication, pictures: Path) -> None:
    for theme in ("light", "dark"):
        apply_look(app, theme)
        for words, size in (("1366", WIDE), ("1024", NARROW)):
            seat.window.resize(*size)
            seat.section.open_route("hoa-giai-dat-dai")
            seat.editor.mark_row(2)
            QApplication.processEvents()
            assert seat.window.width() == size[0]  # nothing pushes the window wider than the screen
            assert seat.window.grab().save(str(pictures / f"route_{theme}_{words}.png"))
            is_narrow = size is NARROW
            assert seat.editor.picture_button.isVisible() is is_narrow
            assert seat.editor.diagram.isVisible() is not is_narrow
            seat.editor.left.emit()


def test_a_click_in_the_picture_marks_the_step(seat: Seat) -> None:
    seat.section.open_route(MARITAL)
    box = seat.editor.diagram.box(2)
    QTest.mouseClick(seat.editor.diagram, Qt.MouseButton.LeftButton, pos=box.center())
    assert seat.editor.row() == 2
    assert seat.editor.form.words.text() == seat.steps()[2]
