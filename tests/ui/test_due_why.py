"""“Vì sao ngày này?”: the whole calculation, on the intake page and on the dossier page, by keys."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.due_lines import explain
from onestop.office import deeds
from tests.due_table import CALENDARS, at, limit, pauses
from tests.ui.counter import Counter, counter
from tests.ui.dossier_desk import HEAD, RECEPTION, SPECIALIST, Seat
from ui.tasks import Tasks
from ui.tour.keys import press
from ui.widgets.due_why import DueWhy, marks_of

PAUSED = explain(
    CALENDARS["chung"], limit("w5"), at("09/11/2026 15:20"), pauses("lùi 11/11/2026 09:00..13/11/2026 09:00")
)


@pytest.fixture
def seat(tmp_path: Path, tasks: Tasks, app: QApplication, qtbot: QtBot) -> Iterator[Seat]:
    made = Seat(tmp_path, tasks, qtbot)
    yield made
    tasks.shutdown()
    made.end()


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication, qtbot: QtBot) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


def while_open(act: Callable[[], None], qtbot: QtBot) -> list[str]:
    """What the window says that opens by `act`; it is read and closed by Esc."""
    said: list[str] = []

    def read() -> None:
        window = QApplication.activeModalWidget()
        if not isinstance(window, DueWhy):
            QTimer.singleShot(20, read)
            return
        said.extend([window.accessibleName(), window.accessibleDescription(), *window.days.words()])
        press(window, "Escape")

    QTimer.singleShot(20, read)
    act()
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    return said


def test_the_intake_page_tells_every_day(desk: Counter, qtbot: QtBot) -> None:
    desk.desk.clock.set(9, day=20)
    card = desk.page.fields.due
    assert not card.why_button.isVisible()
    desk.choose_procedure("1.004873")  # three working days
    assert card.why_button.isVisible()
    said = while_open(lambda: desk.press("Ctrl+H"), qtbot)
    assert said[0] == "Vì sao ngày này? Hạn trả 16:30 Thứ Năm 26/11/2026"
    assert said[1] == card.reason()
    assert "Thứ Ba 24/11/2026 Không tính: Ngày Văn hoá Việt Nam" in said
    assert said[-2:] == [
        "Thứ Năm 26/11/2026 Tính: ngày làm việc thứ 3",
        "Thứ Năm 26/11/2026 Hạn trả: 16:30 Thứ Năm 26/11/2026",
    ]


def test_the_dossier_page_tells_reception_pause_and_apology(seat: Seat, qtbot: QtBot) -> None:
    dossier = seat.awaiting()  # Monday 16/11, three working days
    seat.at = at("18/11/2026 09:00")
    deeds.take_supplement(seat.by(RECEPTION), dossier, ("Ảnh 4 × 6",))
    seat.at = at("20/11/2026 09:00")
    deeds.extend(seat.by(HEAD), dossier, at("26/11/2026 16:30"), "Chờ xác minh.")
    seat.open(SPECIALIST, dossier)
    said = while_open(seat.page.head.why_button.click, qtbot)
    parts = [line for line in said if line.startswith(("Thời hạn", "Tạm dừng từ", "Hẹn lại theo"))]
    assert [part[:8] for part in parts] == ["Thời hạn", "Tạm dừng", "Hẹn lại "]
    assert "Thứ Tư 18/11/2026 Tạm dừng: ngày làm việc thứ 2" in said
    assert "Thứ Hai 23/11/2026 Lùi: ngày làm việc thứ 2" in said
    assert said[-1] == "Thứ Năm 26/11/2026 Hạn trả: 16:30 Thứ Năm 26/11/2026"


def test_a_paused_dossier_says_that_its_clock_stands(seat: Seat, qtbot: QtBot) -> None:
    seat.open(SPECIALIST, seat.paused())
    said = while_open(lambda: press(seat.page.tabs, "Ctrl+H"), qtbot)
    assert said[-2].startswith("Đang tạm dừng từ 16/11/2026 09:00")


def test_arrows_point_at_the_day_in_the_picture(qtbot: QtBot, app: QApplication) -> None:
    window = DueWhy(None, "Hạn trả", PAUSED.sentence, PAUSED.lines, "2026-11-21")
    qtbot.addWidget(window)
    window.show()
    before = window.months.grab().toImage()
    press(window.days, "Down")
    assert window.months._pointed == date(2026, 11, 9)
    assert window.months.grab().toImage() != before
    press(window.days, "Return")
    assert (window.isVisible(), window.result()) == (False, 1)


def test_only_the_last_due_day_is_shown_as_due() -> None:
    marks = marks_of(PAUSED.lines)
    assert [day for day, mark in marks.items() if mark.kind == "due"] == [date(2026, 11, 18)]
    assert marks[date(2026, 11, 16)].kind == "counted"
    assert {day.day for day, mark in marks.items() if mark.kind == "stands"} == {12, 13}
    assert {day.day for day, mark in marks.items() if mark.kind == "skipped"} == {14, 15}
