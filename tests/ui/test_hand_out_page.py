"""Handing out at the counter, on a real store with dossiers completed by real acts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import Dossier, Fee, State
from onestop.office import deeds
from onestop.office.deeds import find_dossier
from tests.ui.practice_desk import HEAD, MARITAL_STATUS, RECEPTION, REPEAT_BIRTH, Desk, settle
from ui.acts import panel as act_panel
from ui.look import apply_look
from ui.pages.hand_out import HandOutPage
from ui.tasks import Tasks

CTRL = Qt.KeyboardModifier.ControlModifier
FEE = (Fee("levy", "Lệ phí hộ tịch", 8000),)


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    tasks.shutdown()
    made.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked before an act that cannot be taken back; the answer is yes."""
    questions: list[str] = []

    def answer(_: object, title: str, text: str, words: str, is_danger: bool = False) -> bool:
        questions.append(f"{title} {text}")
        return True

    monkeypatch.setattr(act_panel, "confirm", answer)
    return questions


def open_page(desk: Desk, qtbot: QtBot, width: int = 1250) -> HandOutPage:
    desk.sign_in(RECEPTION)
    page = HandOutPage(desk.frame)
    qtbot.addWidget(page)
    desk.frame.pages = [page]
    page.resize(width, 690)
    page.show()
    page.enter()
    settle(desk, qtbot)
    return page


def three(desk: Desk) -> list[Dossier]:
    return [
        desk.complete(desk.receive(MARITAL_STATUS, 0), "12/UBND-XN"),
        desk.complete(desk.receive(REPEAT_BIRTH, 1, FEE), "13/UBND-XN"),
        desk.complete(desk.receive(MARITAL_STATUS, 2), "14/UBND-XN"),
    ]


def text(page: HandOutPage, field: str) -> str:
    assert page.panel.form is not None
    place = page.panel.form.place(field)
    assert place is not None
    return place.text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture(desk: Desk, qtbot: QtBot, app: QApplication, pictures: Path, theme: str) -> None:
    made = three(desk)
    apply_look(app, theme)
    page = open_page(desk, qtbot)
    page.table.select(made[1].id)
    settle(desk, qtbot)
    assert page.grab().save(str(pictures / f"hand_out_{theme}.png"))


def test_only_what_waits_at_my_counter(desk: Desk, qtbot: QtBot) -> None:
    made = three(desk)
    desk.receive()
    page = open_page(desk, qtbot)
    assert page.feed.count() == 3
    assert page._count.text() == "3 kết quả chờ trả tại quầy"
    assert page.table.current_id() == made[0].id
    assert text(page, "recipient") == made[0].owner.name
    assert text(page, "id_number") == made[0].owner.id_number


def test_the_receipt_is_scanned_and_the_result_handed_out(desk: Desk, qtbot: QtBot, asked: list[str]) -> None:
    made = three(desk)
    page = open_page(desk, qtbot)
    assert page.box.hasFocus()
    QTest.keyClicks(page.box, made[2].code)
    QTest.keyClick(page.box, Qt.Key.Key_Return)
    settle(desk, qtbot)
    assert page.table.current_id() == made[2].id
    assert page.feed.count() == 3
    QTest.keyClick(page, Qt.Key.Key_Return, CTRL)
    settle(desk, qtbot)
    after = find_dossier(desk.office, made[2].id)
    assert after.state is State.HANDED_OUT
    assert after.result.recipient == made[2].owner.name
    assert len(asked) == 1
    assert made[2].code in asked[0]
    assert made[2].owner.name in asked[0]
    assert [done.words for done in desk.frame.done] == [f"Đã trả kết quả {made[2].code}"]
    assert desk.frame.undo is None
    assert page.feed.count() == 2
    assert page.table.current_id() == made[1].id
    assert page.box.hasFocus()
    assert desk.frame.printed == []
    QTest.keyClick(page.box, Qt.Key.Key_P, CTRL)
    assert desk.frame.printed == [(made[2].id, "BN")]


def test_a_receipt_whose_result_is_not_here_says_where_it_is(desk: Desk, qtbot: QtBot) -> None:
    waiting = desk.forward(desk.receive(citizen=5))
    three(desk)
    page = open_page(desk, qtbot)
    page.take_card(waiting.code)
    settle(desk, qtbot)
    assert "Đang xử lý" in page._said.text()
    assert "Văn phòng HĐND và UBND" in page._said.text()
    page.take_card("H56.99.88-261116-0999")
    settle(desk, qtbot)
    assert "Không có hồ sơ" in page._said.text()
    page.take_card("12345")
    assert "Mã hồ sơ chưa đúng" in page._said.text()


def test_an_already_handed_out_dossier_says_so(desk: Desk, qtbot: QtBot) -> None:
    given = desk.complete(desk.receive())
    deeds.hand_out(desk.by(RECEPTION), given.id, given.owner.name, "in_person")
    page = open_page(desk, qtbot)
    page.take_card(given.code)
    settle(desk, qtbot)
    assert "Đã trả kết quả" in page._said.text()
    assert page._nothing.isVisible()


def card_of(citizen: dict[str, str]) -> str:
    year, month, day = citizen["born_on"].split("-")
    return "|".join(
        (
            citizen["id_number"],
            citizen["old_id_number"],
            citizen["name"],
            f"{day}{month}{year}",
            citizen["sex"].capitalize(),
            citizen["address"],
            "25042021",
        )
    )


def test_a_card_fills_who_takes_it_and_warns_of_a_stranger(
    desk: Desk, qtbot: QtBot, asked: list[str]
) -> None:
    made = three(desk)
    page = open_page(desk, qtbot)
    page.take_card(card_of(desk.citizens[0]))
    assert "là người trong hồ sơ" in page._said.text()
    stranger = desk.citizens[4]
    page.take_card(card_of(stranger))
    assert text(page, "recipient") == stranger["name"]
    assert text(page, "id_number") == stranger["id_number"]
    assert "KHÔNG có tên trong hồ sơ" in page._said.text()
    page.hand_out()
    settle(desk, qtbot)
    assert find_dossier(desk.office, made[0].id).result.recipient == stranger["name"]
    assert stranger["name"] in asked[0]


def test_a_damaged_card_is_refused_in_words(desk: Desk, qtbot: QtBot) -> None:
    three(desk)
    page = open_page(desk, qtbot)
    page.take_card("không|phải|thẻ")
    assert page._said.isVisible()
    assert page._said.text()


def test_a_fee_still_due_is_collected_first(desk: Desk, qtbot: QtBot, asked: list[str]) -> None:
    made = three(desk)[1]
    page = open_page(desk, qtbot)
    assert not page.head.owed_row.isVisible()
    page.table.select(made.id)
    settle(desk, qtbot)
    assert page.head.owed.text() == "Còn phải thu 8.000 đồng"
    page.head.collect_button.click()
    assert page.panel.form is not None
    receipt = page.panel.form.place("fee_receipt")
    assert receipt is not None
    receipt.set_text("AA/26E 0000123")
    page.hand_out()
    settle(desk, qtbot)
    after = find_dossier(desk.office, made.id)
    assert after.collected_vnd == 8000
    assert after.payments[0].fee_receipt == "AA/26E 0000123"
    assert not page.head.owed_row.isVisible()
    assert page.table.current_id() == made.id
    page.hand_out()
    settle(desk, qtbot)
    assert find_dossier(desk.office, made.id).state is State.HANDED_OUT


def test_a_name_narrows_the_list(desk: Desk, qtbot: QtBot) -> None:
    made = three(desk)
    page = open_page(desk, qtbot)
    QTest.keyClicks(page.box, "quoc uu")
    settle(desk, qtbot)
    assert page.feed.count() == 1
    assert page.table.current_id() == made[1].id
    QTest.keyClick(page.box, Qt.Key.Key_Return)
    settle(desk, qtbot)
    assert page.feed.count() == 1
    assert page.table.hasFocus()
    page.box.clear()
    settle(desk, qtbot)
    assert page.feed.count() == 3


def test_nobody_waits(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    page = open_page(desk, qtbot, width=932)
    assert page._nothing.isVisible()
    desk.clock.pass_by(minutes=1)
    desk.complete(desk.receive())
    page.reload("")
    settle(desk, qtbot)
    assert page.news.isVisible()
    QTest.keyClick(page, Qt.Key.Key_F5)
    settle(desk, qtbot)
    assert page.feed.count() == 1
    page.grab().save(str(pictures / "hand_out_narrow.png"))


def test_who_may_not_hand_out_has_no_form(desk: Desk, qtbot: QtBot) -> None:
    three(desk)
    page = open_page(desk, qtbot)
    desk.sign_in(HEAD)
    page.feed.load("all")
    settle(desk, qtbot)
    assert page.feed.count() == 0
    assert page.panel.form is None
