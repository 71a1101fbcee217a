"""The work queue page on a real store, with dossiers made by real acts."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from onestop.office import deeds
from onestop.office.deeds import Target
from tests.ui.practice_desk import (
    CERTIFIED_COPY,
    LEADER,
    MARITAL_STATUS,
    OFFICE_UNIT,
    RECEPTION,
    REPEAT_BIRTH,
    RESIDENCE,
    SPECIALIST,
    Desk,
    fill,
    settle,
)
from ui.look import apply_look
from ui.pages.feed import NEW_WORDS
from ui.pages.queue import QueuePage
from ui.print_many import PrintMany
from ui.tasks import Tasks


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    tasks.shutdown()
    made.close()


def week(desk: Desk) -> None:
    """A week's work: overdue, today, soon, on time, paused and done, all at the counter."""
    desk.clock.set(9, day=9)
    desk.receive(REPEAT_BIRTH, 0)
    desk.clock.set(10, day=10)
    desk.receive(MARITAL_STATUS, 1)
    desk.clock.set(9, day=11)
    desk.receive(MARITAL_STATUS, 2)
    desk.clock.set(8, day=12)
    held = desk.receive(RESIDENCE, 6)
    deeds.request_supplement(desk.by(RECEPTION), held.id, ("Bản chính căn cước",), "Thiếu bản chính")
    desk.complete(desk.receive(MARITAL_STATUS, 12))
    desk.clock.set(8, day=16)
    for citizen, procedure in enumerate((CERTIFIED_COPY, MARITAL_STATUS, MARITAL_STATUS), 3):
        desk.receive(procedure, citizen)
    for citizen in range(8, 12):
        desk.receive(RESIDENCE, citizen)
    desk.clock.set(10, 42)


def open_page(desk: Desk, qtbot: QtBot, width: int = 1250) -> QueuePage:
    page = QueuePage(desk.frame)
    qtbot.addWidget(page)
    desk.frame.pages = [page]
    page.resize(width, 690)
    page.show()
    page.enter()
    settle(desk, qtbot)
    return page


def codes(page: QueuePage) -> list[str]:
    model = page.feed.model
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


def pills(page: QueuePage) -> list[str]:
    model = page.feed.model
    return [str(model.index(row, 4).data()) for row in range(model.rowCount())]


def tab_counts(page: QueuePage) -> dict[str, int | None]:
    return dict(page.tabs._counts)


def test_soonest_due_first_and_counts_equal_rows(desk: Desk, qtbot: QtBot) -> None:
    week(desk)
    page = open_page(desk, qtbot)
    QAbstractItemModelTester(page.feed.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    counts = tab_counts(page)
    assert pills(page)[0].startswith("Quá hạn")
    assert counts["all"] == len(pills(page)) == 12
    for key in ("overdue", "today", "soon", "ontime", "paused", "done"):
        page.tabs.choose(key)
        settle(desk, qtbot)
        assert page.feed.count() == counts[key]
    assert sum(count or 0 for key, count in counts.items() if key != "all") == 12


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture(desk: Desk, qtbot: QtBot, app: QApplication, pictures: Path, theme: str) -> None:
    week(desk)
    sent = desk.receive(MARITAL_STATUS, 20)
    desk.forward(sent)
    deeds.send_back(desk.by(SPECIALIST), sent.id, "Thiếu giấy tờ trong hồ sơ bàn giao.")
    apply_look(app, theme)
    page = open_page(desk, qtbot)
    page.table.setCurrentIndex(page.feed.model.index(2, 0))
    settle(desk, qtbot)
    assert page.preview.timeline.shown()
    page.grab().save(str(pictures / f"queue_{theme}.png"))


def test_preview_tells_the_journal_and_opens(desk: Desk, qtbot: QtBot) -> None:
    sent = desk.receive()
    desk.forward(sent)
    desk.sign_in(SPECIALIST)
    page = open_page(desk, qtbot)
    told = page.preview.timeline.shown()
    assert [moment.verb for moment in told] == ["Đã chuyển", "Đã tiếp nhận"]
    assert page.preview.next_button.text() == "Nhận bàn giao"
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert desk.frame.gone == [("dossier", sent.id)]
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert desk.frame.printed == [(sent.id, "01")]


def test_several_rows_are_printed_together(desk: Desk, qtbot: QtBot) -> None:
    week(desk)
    page = open_page(desk, qtbot)
    assert page.several_button.isHidden()
    for _ in range(2):
        QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    chosen = page.table.selected_ids()
    assert chosen == [row.id for row in map(page.feed.model.row, range(3)) if row]
    assert page.several_button.text().startswith(" In 3 hồ sơ…")
    desk.receive(RESIDENCE, 13)
    page.feed.reload()
    settle(desk, qtbot)
    assert page.table.selected_ids() == chosen, "a list that comes anew keeps what was chosen"
    QTest.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(desk, qtbot)
    (dialog,) = page.findChildren(PrintMany)
    assert [item.id for item in dialog.batch_items()] == chosen
    dialog.put_away()
    assert desk.frame.printed == []
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    assert page.several_button.isHidden()


def test_taking_over_from_the_preview_unmarks_the_row(desk: Desk, qtbot: QtBot) -> None:
    sent = desk.receive()
    desk.forward(sent, officer="")
    desk.sign_in(SPECIALIST)
    page = open_page(desk, qtbot)
    row = page.feed.model.row(0)
    assert row is not None
    assert row.is_strong
    assert row.cells[3].startswith(NEW_WORDS)
    page.preview.next_button.click()
    settle(desk, qtbot)
    assert [done.words for done in desk.frame.done] == [f"Đã nhận bàn giao {sent.code}"]
    row = page.feed.model.row(0)
    assert row is not None
    assert not row.is_strong
    assert not page.preview.next_button.isVisible()


def test_half_past_four_makes_it_overdue_with_no_click(desk: Desk, qtbot: QtBot) -> None:
    desk.clock.set(9, day=11)
    desk.receive(MARITAL_STATUS)
    desk.clock.now = desk.clock.now.replace(day=16, hour=16, minute=29, second=59, microsecond=900_000)
    page = open_page(desk, qtbot)
    assert pills(page) == ["Hôm nay 16:30"]
    assert tab_counts(page)["today"] == 1
    desk.clock.now = desk.clock.now.replace(minute=30, second=59, microsecond=900_000)
    qtbot.waitUntil(lambda: pills(page) == ["Quá hạn từ 16:30"], timeout=30_000)
    assert tab_counts(page)["today"] == 0
    assert tab_counts(page)["overdue"] == 1


def test_newcomers_are_announced_and_move_nothing(desk: Desk, qtbot: QtBot) -> None:
    for _ in range(5):
        desk.receive(RESIDENCE)
    page = open_page(desk, qtbot)
    page.table.setCurrentIndex(page.feed.model.index(2, 0))
    kept, before = page.table.current_id(), codes(page)
    for _ in range(3):
        desk.receive(MARITAL_STATUS)  # due sooner: they belong on top
    page.tick()
    settle(desk, qtbot)
    assert page.news.isVisible()
    assert "3 hồ sơ mới" in page.news.findChildren(type(page.receive_button))[0].text()
    assert codes(page) == before
    assert page.table.current_id() == kept
    QTest.keyClick(page, Qt.Key.Key_F5)
    settle(desk, qtbot)
    assert len(codes(page)) == 8
    assert page.table.current_id() == kept
    assert page.table.currentIndex().row() == 5
    assert not page.news.isVisible()


def test_one_that_left_does_not_hide_one_that_came(desk: Desk, qtbot: QtBot) -> None:
    leaving = desk.receive()
    page = open_page(desk, qtbot)
    desk.forward(leaving)
    desk.receive()
    page.tick()
    settle(desk, qtbot)
    assert page.news.isVisible()


def test_a_dossier_sent_away_gives_its_place_to_the_next(desk: Desk, qtbot: QtBot) -> None:
    first, second, third = desk.receive(), desk.receive(), desk.receive()
    page = open_page(desk, qtbot)
    page.table.setCurrentIndex(page.feed.model.index(1, 0))
    assert page.table.current_id() == second.id
    done = deeds.forward(desk.by(RECEPTION), second.id, Target(OFFICE_UNIT, SPECIALIST))
    desk.frame.tell_done(done)
    settle(desk, qtbot)
    assert codes(page) == [first.code, third.code]
    assert page.table.current_id() == third.id
    assert page.preview.timeline.shown()


def test_typing_in_the_list_filters_without_marks(desk: Desk, qtbot: QtBot) -> None:
    week(desk)
    page = open_page(desk, qtbot)
    for letter in "le quoc":
        QTest.keyClick(focused(page), Qt.Key(ord(letter.upper())))
    settle(desk, qtbot)
    assert page.line.text() == "le quoc"
    assert len(codes(page)) == 1
    page.line.setText("khong co ai")
    settle(desk, qtbot)
    assert "Không có hồ sơ nào khớp" in page._empty._title.text()
    QTest.keyClick(page.line, Qt.Key.Key_Escape)
    settle(desk, qtbot)
    assert len(codes(page)) == 12


def focused(page: QueuePage) -> QWidget:
    return page.focusWidget() or page.table


def test_filter_finds_only_in_my_own_queue(desk: Desk, qtbot: QtBot) -> None:
    mine, other = desk.receive(citizen=1), desk.receive(citizen=1)
    desk.forward(other)
    page = open_page(desk, qtbot)
    page.feed.set_query("quoc uu")
    settle(desk, qtbot)
    assert codes(page) == [mine.code]


def test_empty_tab_says_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    desk.receive(RESIDENCE)
    page = open_page(desk, qtbot)
    page.tabs.choose("overdue")
    settle(desk, qtbot)
    assert page._empty.isVisible()
    assert page._empty._title.text() == "Không còn hồ sơ quá hạn"


def test_space_peeks_where_there_is_no_room(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    week(desk)
    page = open_page(desk, qtbot, width=932)
    assert not page.preview.isVisible()
    page.grab().save(str(pictures / "queue_narrow.png"))
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.preview.isVisible()
    settle(desk, qtbot)
    assert page.preview.timeline.shown()
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.preview.isVisible()


def test_before_the_store_is_open_the_list_is_there(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.receive()
    office = desk.frame.office
    del desk.frame.office
    page = open_page(desk, qtbot)
    assert codes(page) == [dossier.code]
    assert page.preview.timeline.shown() == ()
    desk.frame.office = office
    page.store_opened()
    settle(desk, qtbot)
    assert [moment.verb for moment in page.preview.timeline.shown()] == ["Đã tiếp nhận"]


def test_an_empty_queue_shows_no_button_without_words(desk: Desk, qtbot: QtBot) -> None:
    page = open_page(desk, qtbot)
    assert page.preview.isVisible()
    buttons = [each for each in page.preview.findChildren(QPushButton) if each.isVisible()]
    assert buttons == []
    dossier = desk.forward(desk.receive())
    desk.sign_in(SPECIALIST)
    page.feed.load(select=dossier.id)
    settle(desk, qtbot)
    assert page.preview.next_button.isVisible()
    page.line.setText("không có ai tên này")
    page.narrow()
    settle(desk, qtbot)
    assert not page.preview.next_button.isVisible()


def test_nothing_heavy_is_imported_for_the_first_paint() -> None:
    words = "import sys, ui.pages.queue; print([m for m in ('sqlalchemy', 'reportlab') if m in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == "[]"


MANY = 100_000


def test_a_hundred_thousand_rows_are_never_loaded_whole(desk: Desk, qtbot: QtBot) -> None:
    fill(desk, MANY)
    page = open_page(desk, qtbot)
    assert tab_counts(page)["all"] == MANY
    assert page.feed.count() == MANY
    lists = [sql for sql in desk.rows.statements if "owner_name" in sql]
    assert all("LIMIT" in sql for sql in lists)
    assert len(lists) <= 3
    page.table.scrollToBottom()
    settle(desk, qtbot)
    last = page.feed.model.row(MANY - 1)
    assert last is not None
    assert last.id == f"id-{MANY}"
    lists = [sql for sql in desk.rows.statements if "owner_name" in sql]
    assert len(lists) <= 6


def test_far_down_the_selection_stays_when_the_minute_turns(desk: Desk, qtbot: QtBot) -> None:
    fill(desk, 1000)
    page = open_page(desk, qtbot)
    page.table.setCurrentIndex(page.feed.model.index(700, 0))
    settle(desk, qtbot)
    kept = page.table.current_id()
    assert kept
    desk.receive(CERTIFIED_COPY)
    page.reload("other")
    settle(desk, qtbot)
    assert page.table.current_id() == kept
    assert page.table.currentIndex().row() == 701


def test_who_decides_is_led_to_the_page_for_it(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.approve(desk.receive())
    desk.sign_in(LEADER)
    page = open_page(desk, qtbot)
    assert not page.receive_button.isVisible()
    assert page.preview.next_button.text() == "Nhận bàn giao"
    page.preview.next_button.click()
    settle(desk, qtbot)
    assert page.preview.next_button.text() == "Ký…"
    page.preview.next_button.click()
    assert desk.frame.gone == [("approve", dossier.id)]


def test_a_word_that_all_have_is_met_in_the_first_page(desk: Desk, qtbot: QtBot) -> None:
    fill(desk, 1500)
    with desk.store.write() as connection:
        words = "'h56 99 88 261117 nguyen van ' || n"
        connection.exec_driver_sql(
            f"INSERT OR REPLACE INTO search(rowid, words) SELECT n, {words} FROM dossiers"
        )
    page = open_page(desk, qtbot)
    whole = codes(page)[:200]
    settle(desk, qtbot)  # reading every row has asked for every page
    desk.rows.statements.clear()
    page.line.setText("văn nguy")
    settle(desk, qtbot)
    first = page.feed.model.row(0)
    assert first is not None
    assert page.feed.count() == 200
    assert codes(page)[:199] == [code for code in whole if code != the_real_one(whole)][:199]
    assert len([sql for sql in desk.rows.statements if "owner_name" in sql]) <= 3
    page.line.setText("van 1499")
    settle(desk, qtbot)
    assert [code[-4:] for code in codes(page)] == ["1499"]


def the_real_one(found: list[str]) -> str:
    """The one real dossier among the copies: its owner has another name."""
    return next((code for code in found if code.startswith("H56.99.88-261116-")), "")
