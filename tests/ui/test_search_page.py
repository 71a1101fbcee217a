"""Searching among every dossier of the office, on a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.office import deeds
from tests.ui.practice_desk import MARITAL_STATUS, RECEPTION, RESIDENCE, Desk, fill, settle
from ui.look import apply_look
from ui.pages.feed import NEW_WORDS
from ui.pages.search import CHIPS, SearchPage
from ui.tasks import Tasks


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    tasks.shutdown()
    made.close()


def open_page(desk: Desk, qtbot: QtBot, width: int = 1250) -> SearchPage:
    page = SearchPage(desk.frame)
    qtbot.addWidget(page)
    desk.frame.pages = [page]
    page.resize(width, 690)
    page.show()
    page.enter()
    settle(desk, qtbot)
    return page


def codes(page: SearchPage) -> list[str]:
    model = page.table.model()
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


def mixed(desk: Desk) -> dict[str, str]:
    """One dossier in each of several states; their codes by state."""
    made = {"received": desk.receive(RESIDENCE, 0)}
    made["processing"] = desk.forward(desk.receive(MARITAL_STATUS, 1))
    made["proposed"] = desk.propose(desk.receive(MARITAL_STATUS, 5))
    made["completed"] = desk.complete(desk.receive(MARITAL_STATUS, 12))
    given = desk.complete(desk.receive(MARITAL_STATUS, 13), "13/UBND-XN")
    deeds.hand_out(desk.by(RECEPTION), given.id, given.owner.name, "in_person")
    made["handed_out"] = given
    made["withdrawn"] = desk.receive(RESIDENCE, 8)
    deeds.withdraw(desk.by(RECEPTION), made["withdrawn"].id, "Theo đề nghị của chủ hồ sơ.")
    made["awaiting_supplement"] = desk.receive(RESIDENCE, 6)
    deeds.request_supplement(
        desk.by(RECEPTION), made["awaiting_supplement"].id, ("Bản chính",), "Thiếu bản chính"
    )
    return {state: dossier.code for state, dossier in made.items()}


def test_newest_first_in_every_state(desk: Desk, qtbot: QtBot) -> None:
    made = mixed(desk)
    page = open_page(desk, qtbot)
    QAbstractItemModelTester(page.table.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert codes(page) == sorted(made.values(), reverse=True)
    assert page._said.text() == "7 hồ sơ"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture(desk: Desk, qtbot: QtBot, app: QApplication, pictures: Path, theme: str) -> None:
    mixed(desk)
    apply_look(app, theme)
    page = open_page(desk, qtbot)
    assert page.grab().save(str(pictures / f"search_{theme}.png"))


def test_found_without_marks_by_name_number_and_code(desk: Desk, qtbot: QtBot) -> None:
    made = mixed(desk)
    page = open_page(desk, qtbot)
    number = desk.citizens[1]["id_number"]
    for words in ("le quoc uu", "LÊ QUỐC ƯU", number, made["processing"]):
        page.look_for(words)
        settle(desk, qtbot)
        assert codes(page) == [made["processing"]], words


def test_what_was_sent_to_others_is_not_marked_as_mine(desk: Desk, qtbot: QtBot) -> None:
    desk.forward(desk.receive())
    page = open_page(desk, qtbot)
    row = page.table.rows.row(0)
    assert row is not None
    assert not row.is_strong
    assert not row.cells[3].startswith(NEW_WORDS)


def test_states_narrow_and_nothing_found_says_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    made = mixed(desk)
    page = open_page(desk, qtbot)
    for key, expected in (
        ("running", {"received", "processing", "proposed"}),
        ("waiting", {"awaiting_supplement"}),
        ("completed", {"completed"}),
        ("handed_out", {"handed_out"}),
        ("ended", {"withdrawn"}),
    ):
        page.chips.choose(key)
        settle(desk, qtbot)
        assert set(codes(page)) == {made[state] for state in expected}, key
    page.look_for("khong co ai ten nay")
    settle(desk, qtbot)
    assert page._empty.isVisible()
    assert "Không tìm thấy" in page._empty._title.text()


def test_every_state_is_under_one_chip() -> None:
    states = [state for _, _, states in CHIPS[1:] for state in states]
    assert sorted(states) == sorted(CHIPS[0][2])


def test_enter_opens_the_only_one_found(desk: Desk, qtbot: QtBot) -> None:
    wanted = desk.receive(RESIDENCE, 0)
    desk.receive(RESIDENCE, 1)
    page = open_page(desk, qtbot)
    QTest.keyClicks(page.line, "dang huong")
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    settle(desk, qtbot)
    assert desk.frame.gone == [("dossier", wanted.id)]


def test_enter_with_several_goes_into_the_list(desk: Desk, qtbot: QtBot) -> None:
    desk.receive(RESIDENCE, 0)
    newest = desk.receive(RESIDENCE, 1)
    page = open_page(desk, qtbot)
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert desk.frame.gone == [("dossier", newest.id)]


def test_an_act_is_shown_and_the_selection_stays(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.receive(RESIDENCE, 0)
    desk.receive(RESIDENCE, 1)
    page = open_page(desk, qtbot)
    page.table.select(dossier.id)
    desk.frame.tell_done(deeds.withdraw(desk.by(RECEPTION), dossier.id, "Theo đề nghị của chủ hồ sơ."))
    settle(desk, qtbot)
    assert page.table.current_id() == dossier.id
    row = page.table.rows.row(1)
    assert row is not None
    assert row.cells[4] == "Đã rút hồ sơ"


def test_of_very_many_only_a_few_hundred_are_read(desk: Desk, qtbot: QtBot) -> None:
    fill(desk, 100_000)
    page = open_page(desk, qtbot)
    assert page.table.rows.rowCount() == 200
    assert "kéo xuống" in page._said.text()
    page.table.scrollToBottom()
    settle(desk, qtbot)
    assert page.table.rows.rowCount() == 400
    lists = [sql for sql in desk.rows.statements if "owner_name" in sql]
    assert len(lists) == 2
    assert all("LIMIT" in sql for sql in lists)


def test_a_rare_state_is_found_behind_thousands(desk: Desk, qtbot: QtBot) -> None:
    """The only one withdrawn is the oldest of 9,000: the search goes on by itself."""
    oldest = fill(desk, 9_000)
    deeds.withdraw(desk.by(RECEPTION), oldest.id, "Theo đề nghị của chủ hồ sơ.")
    page = open_page(desk, qtbot)
    page.chips.choose("ended")
    settle(desk, qtbot)
    assert codes(page) == [oldest.code]
    assert page._said.text() == "1 hồ sơ"
