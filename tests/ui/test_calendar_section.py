"""Quản trị › Lịch làm việc: by keys alone from a day to the list of people who must be told, and back."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.moment import show_at
from onestop.errors import StoreError
from onestop.office.calendar_rows import DayForm, read_rows, with_days
from onestop.office.changing import list_changes
from onestop.office.deeds import find_dossier
from tests.ui.practice_desk import ADMIN, MARITAL_STATUS, RESIDENCE, Desk
from ui.look import apply_look
from ui.pages.admin import AdminPage
from ui.pages.calendar_dialogs import DayDialog, HoursDialog, spans_of, spans_words
from ui.pages.calendar_section import CalendarSection
from ui.pages.packs_section import PacksSection
from ui.pages.told_export import HEADS, write_told
from ui.tasks import Tasks
from ui.tour.keys import press

DAY = date(2026, 11, 18)  # the dossiers of Monday 16/11 are due after it


class At:
    """The page at a practice desk with four open dossiers, an administrator before it."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.dossiers = [desk.receive(code).id for code in (MARITAL_STATUS, RESIDENCE) * 2]
        desk.sign_in(ADMIN)
        self.page = AdminPage(desk.frame)
        desk.frame.pages.append(self.page)
        qtbot.addWidget(self.page)
        self.page.resize(1250, 690)
        self.page.show()
        self.page.activateWindow()
        self.page.enter("calendar")
        self.settle()
        front = self.page.front()
        assert isinstance(front, CalendarSection)
        self.section = front

    def settle(self) -> None:
        """An answer may ask for the next reading at once."""
        for _ in range(2):
            self.qtbot.waitUntil(self.desk.frame.tasks.is_idle, timeout=30_000)
            QApplication.processEvents()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.activateWindow()  # a question that was closed took it; offscreen nothing gives it back
            self.qtbot.waitUntil(self.page.isActiveWindow)
            press(None, key)
            self.settle()

    def add(self, day: date = DAY, reason: str = "Nghỉ tránh bão") -> None:
        assert self.section.wanted is not None
        self.section.take(with_days(self.section.wanted, DayForm(day, day, reason)))

    def dues(self) -> list[str]:
        office = self.desk.office
        found = [find_dossier(office, dossier).due_at for dossier in self.dossiers]
        return [show_at(each) for each in found if each]


@pytest.fixture
def at(app: QApplication, tasks: Tasks, tmp_path: Path, qtbot: QtBot) -> Iterator[At]:
    desk = Desk(tmp_path, tasks)
    yield At(desk, qtbot)
    desk.close()


def in_dialog(qtbot: QtBot, answer: object) -> None:
    """Answers the next question as a person does, by keys; `answer(dialog)` types."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DayDialog | HoursDialog)
        answer(dialog)  # type: ignore[operator]  # a function of the test

    QTimer.singleShot(0, act)


def test_a_holiday_from_the_keys_to_the_list_and_back(at: At) -> None:
    before = at.dues()
    assert before == ["19/11/2026 16:30", "26/11/2026 16:30"] * 2
    at.section.picture.setFocus()
    at.press("Right", "Right")
    assert at.section.picture.day == DAY

    def answer(dialog: DayDialog) -> None:
        dialog.reason.set_text("Nghỉ tránh bão")
        press(dialog.reason.editor, "Ctrl+Return")

    in_dialog(at.qtbot, answer)
    at.press("Return")
    assert "Nghỉ 18/11/2026: Nghỉ tránh bão" in at.section.side.changes.text()
    assert read_rows(at.desk.office).calendar.is_working_day(DAY)
    at.press("Ctrl+Return")
    assert at.section.room.title.text() == "4 hồ sơ đổi hạn trả"
    assert at.dues() == before
    at.press("Ctrl+Return")
    assert at.dues() == ["20/11/2026 16:30", "27/11/2026 16:30"] * 2
    assert at.section.room.title.text() == "Cần báo hạn trả mới cho 4 người"
    assert at.desk.frame.toasts[-1] == "Đã lưu lịch, 4 hồ sơ có hạn trả mới"
    assert not at.desk.frame.office.calendar.is_working_day(DAY)
    at.press("Esc")
    assert not at.section.is_dirty
    assert at.desk.frame.undo is not None
    at.desk.frame.undo()
    at.settle()
    assert at.dues() == before
    assert at.desk.frame.office.calendar.is_working_day(DAY)
    assert at.desk.frame.toasts[-1] == "Đã hoàn tác lịch và hạn trả của 4 hồ sơ."
    assert [change.undone_at != "" for change in list_changes(at.desk.office)] == [True]


def test_esc_goes_back_and_nothing_is_saved(at: At) -> None:
    at.add()
    before = at.dues()
    at.press("Ctrl+Return", "Esc")
    assert at.section.side.changes.text()
    assert at.dues() == before
    assert list_changes(at.desk.office) == []
    at.section.side.forget.click()
    assert not at.section.is_dirty


def test_a_day_is_taken_off_the_calendar_by_delete(at: At) -> None:
    at.section.picture.select(date(2026, 11, 24))
    at.section.picture.setFocus()
    at.press("Delete")
    assert at.section.side.changes.text() == "Bỏ: Nghỉ 24/11/2026: Ngày Văn hoá Việt Nam"
    at.section.picture.select(date(2026, 11, 25))
    at.press("Delete")
    assert "không có gì để bỏ" in at.desk.frame.toasts[-1]


def test_dates_are_computed_again_by_the_calendar_that_holds(at: At) -> None:
    at.press("Ctrl+Return")
    assert at.section.room.title.text() == "Không hồ sơ nào đổi hạn trả"
    assert not at.section.room.main.isVisible()


def test_arrows_pages_and_years(at: At) -> None:
    picture = at.section.picture
    picture.setFocus()
    at.press("Home", "PgDown", "End", "Down")
    assert picture.day == date(2027, 1, 7)
    assert at.section.head.year.text() == "Lịch làm việc 2027"
    at.press("PgUp")
    assert picture.day == date(2026, 12, 7)
    assert picture.accessibleDescription() == "Thứ Hai 07/12/2026"
    picture.select(date(2027, 2, 8))
    assert picture.accessibleDescription() == "Thứ Hai 08/02/2027: Tết Nguyên đán (dự kiến)"


def test_hours_are_typed_as_people_write_them(at: At) -> None:
    assert spans_of("7:00-11:30; 13h30–17h", "hours") == [["07:00", "11:30"], ["13:30", "17:00"]]
    assert spans_words([["07:00", "11:30"]]) == "07:00–11:30"
    said: list[str] = []

    def answer(dialog: HoursDialog) -> None:
        dialog.hours.set_text("7:00-11:30, sáng")
        dialog.take("yes")
        said.append(dialog.hours.error())
        dialog.hours.set_text("07:30–11:30, 13:00–17:00")
        name, days, hours = dialog.seasons[0]
        for field, text in ((name, "Mùa hè"), (days, "16/4-15/10"), (hours, "06:30–11:00, 13:00–16:30")):
            field.set_text(text)
        dialog.take("yes")

    in_dialog(at.qtbot, answer)
    at.section.edit_hours()
    assert "Ghi dạng 07:00–11:30" in said[0]
    assert "Mùa hè: 06:30–11:00, 13:00–16:30" in at.section.side.hours.text()
    assert at.section.side.changes.text() == "Đổi giờ làm việc của cơ quan"


def test_who_must_be_told_goes_out_as_a_table(at: At, tmp_path: Path) -> None:
    at.add()
    at.press("Ctrl+Return", "Ctrl+Return")
    path = tmp_path / "can-bao.csv"
    at.section.room.export_to(path)
    at.settle()
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == HEADS
    assert len(rows) == 4
    assert all(row[1] and row[2] for row in rows)
    assert rows[0][4:6] == ["19/11/2026 16:30", "20/11/2026 16:30"]
    with pytest.raises(StoreError, match="Không ghi được tệp"):
        write_told(at.section.room.effect, tmp_path)


@pytest.mark.parametrize("size", [(1250, 690), (932, 622)], ids=["1366", "1024"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures(at: At, app: QApplication, pictures: Path, theme: str, size: tuple[int, int]) -> None:
    apply_look(app, theme)
    at.page.resize(*size)
    at.add()
    at.settle()
    assert at.page.minimumSizeHint().width() <= size[0]
    _shoot(at.page, pictures / f"calendar-{theme}-{size[0]}.png")
    at.press("Ctrl+Return")
    _shoot(at.page, pictures / f"calendar-effect-{theme}-{size[0]}.png")


def _shoot(page: QWidget, path: Path) -> None:
    assert page.grab().save(str(path))


def test_a_calendar_taken_back_from_the_list_of_changes_gives_the_dates_back(at: At) -> None:
    before = at.dues()
    at.add()
    at.press("Ctrl+Return", "Ctrl+Return")
    assert at.dues() != before
    section = PacksSection(at.desk.frame)
    at.qtbot.addWidget(section)
    section.undo(list_changes(at.desk.office)[0].id)
    at.settle()
    assert at.dues() == before
    assert read_rows(at.desk.office).calendar.is_working_day(DAY)
