"""The inbox of those who decide, on a real store with dossiers made by real acts."""

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
from tests.ui.practice_desk import (
    CLERK,
    HEAD,
    LEADER,
    MARITAL_STATUS,
    OFFICE_UNIT,
    REPEAT_BIRTH,
    SPECIALIST,
    Desk,
    settle,
)
from ui.acts import panel as act_panel
from ui.look import apply_look
from ui.pages.approve import ApprovePage
from ui.pages.bulk import BulkDialog
from ui.tasks import Tasks

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    tasks.shutdown()
    made.close()


def open_page(desk: Desk, qtbot: QtBot, officer: str, width: int = 1250) -> ApprovePage:
    desk.sign_in(officer)
    page = ApprovePage(desk.frame)
    qtbot.addWidget(page)
    desk.frame.pages = [page]
    page.resize(width, 690)
    page.show()
    page.enter()
    settle(desk, qtbot)
    return page


def state(desk: Desk, dossier: Dossier) -> State:
    return find_dossier(desk.office, dossier.id).state


def names(page: ApprovePage) -> list[str]:
    model = page.feed.model
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def say_yes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Answers the question before an act that cannot be taken back; gives what was asked."""
    asked: list[str] = []

    def answer(_: object, title: str, text: str, words: str, is_danger: bool = False) -> bool:
        asked.append(f"{title} {text}")
        return True

    monkeypatch.setattr(act_panel, "confirm", answer)
    return asked


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_picture(desk: Desk, qtbot: QtBot, app: QApplication, pictures: Path, theme: str) -> None:
    desk.clock.set(9, day=10)
    desk.propose(desk.receive(MARITAL_STATUS, 0))
    desk.clock.set(9, day=16)
    for citizen in (1, 2):
        desk.propose(desk.receive(MARITAL_STATUS, citizen))
    desk.propose(desk.receive(REPEAT_BIRTH, 5, (Fee("levy", "Lệ phí hộ tịch", 8000),)))
    back = desk.propose(desk.receive(MARITAL_STATUS, 6))
    deeds.disapprove(desk.by(HEAD), back.id, "Dự thảo kết quả ghi sai năm sinh.")
    deeds.propose(
        desk.by(SPECIALIST), back.id, "Đã sửa năm sinh trong dự thảo.", deeds.Target(OFFICE_UNIT, HEAD)
    )
    desk.clock.set(10, 42)
    apply_look(app, theme)
    page = open_page(desk, qtbot, HEAD)
    page.table.select(back.id)
    settle(desk, qtbot)
    assert page.grab().save(str(pictures / f"approve_{theme}.png"))
    page.send_back()
    assert page.grab().save(str(pictures / f"approve_back_{theme}.png"))


def test_summary_tells_proposal_and_what_changed_since(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.propose(desk.receive(), "Đủ điều kiện. Kính trình.")
    deeds.disapprove(desk.by(HEAD), dossier.id, "Ghi sai năm sinh.")
    deeds.propose(desk.by(SPECIALIST), dossier.id, "Đã sửa năm sinh.", deeds.Target(OFFICE_UNIT, HEAD))
    page = open_page(desk, qtbot, HEAD)
    assert page.brief is not None
    assert [each.words for each in page.brief.since] == ["Đã trình duyệt"]
    words = " ".join(part.text() for part in page.room.sheet.findChildren(type(page.room._owner)))
    assert "Đã sửa năm sinh." in words
    assert "Thay đổi từ lần bạn xử lý trước" in words


def test_ctrl_enter_approves_from_the_list_and_goes_to_the_next(desk: Desk, qtbot: QtBot) -> None:
    first, second = desk.propose(desk.receive()), desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    assert page.table.hasFocus()
    assert page.table.current_id() == first.id
    QTest.keyClick(page, Qt.Key.Key_Return, CTRL)
    settle(desk, qtbot)
    assert state(desk, first) is State.APPROVED
    holder = find_dossier(desk.office, first.id).holder
    assert holder is not None
    assert holder.officer == LEADER
    assert page.table.current_id() == second.id
    assert state(desk, second) is State.PROPOSED
    assert page.panel.form is not None
    assert page.panel.form.dossier_id == second.id


def test_an_approval_can_be_taken_back(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    page.decide()
    settle(desk, qtbot)
    assert desk.frame.undo is not None
    desk.frame.undo()
    settle(desk, qtbot)
    assert state(desk, dossier) is State.PROPOSED
    assert len(names(page)) == 1


def test_ctrl_r_needs_a_reason_and_returns_to_the_proposer(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    QTest.keyClick(page, Qt.Key.Key_R, CTRL)
    assert page.panel.form is not None
    page.decide()
    settle(desk, qtbot)
    assert state(desk, dossier) is State.PROPOSED
    assert page.panel.errors.isVisible()
    reason = page.panel.form.place("reason")
    assert reason is not None
    reason.set_text("Dự thảo ghi sai năm sinh.")
    QTest.keyClick(page, Qt.Key.Key_Return, CTRL)
    settle(desk, qtbot)
    after = find_dossier(desk.office, dossier.id)
    assert after.state is State.PROCESSING
    assert after.reason == "Dự thảo ghi sai năm sinh."
    assert names(page) == []
    assert page._nothing.isVisible()


def test_half_written_reason_waits_while_another_is_read(desk: Desk, qtbot: QtBot) -> None:
    first, second = desk.propose(desk.receive()), desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    page.send_back()
    assert page.panel.form is not None
    reason = page.panel.form.place("reason")
    assert reason is not None
    reason.set_text("Thiếu chữ ký")
    page.table.select(second.id)
    settle(desk, qtbot)
    assert page.panel.form is not None
    assert page.panel.form.dossier_id == second.id
    assert not page.panel.is_changed()
    page.table.select(first.id)
    settle(desk, qtbot)
    assert page.panel.form is not None
    kept = page.panel.form.place("reason")
    assert kept is not None
    assert kept.text() == "Thiếu chữ ký"
    page.panel.close_form()


def test_signing_asks_once_and_names_dossier_and_person(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = desk.approve(desk.receive())
    asked = say_yes(monkeypatch)
    page = open_page(desk, qtbot, LEADER)
    page.decide()
    settle(desk, qtbot)
    assert state(desk, dossier) is State.SIGNED
    assert len(asked) == 1
    assert dossier.code in asked[0]
    assert dossier.owner.name in asked[0]
    assert desk.frame.undo is None


def test_the_clerk_gives_number_and_day(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.sign(desk.receive())
    page = open_page(desk, qtbot, CLERK)
    page.decide()
    settle(desk, qtbot)
    assert state(desk, dossier) is State.SIGNED  # without a number
    assert page.panel.form is not None
    number = page.panel.form.place("number")
    assert number is not None
    number.set_text("125/UBND-XN")
    page.decide()
    settle(desk, qtbot)
    after = find_dossier(desk.office, dossier.id)
    assert after.state is State.COMPLETED
    assert (after.result.number, after.result.issued_on) == ("125/UBND-XN", "2026-11-16")


def test_space_turns_to_the_papers_and_enter_opens(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.room.papers.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.room.sheet.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert desk.frame.gone == [("dossier", dossier.id)]


def test_tabs_count_what_waits_for_what(desk: Desk, qtbot: QtBot) -> None:
    desk.propose(desk.receive())
    desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    assert dict(page.tabs._counts) == {"all": 2, "proposed": 2, "approved": 0, "signed": 0}


def bulk(desk: Desk, qtbot: QtBot, page: ApprovePage) -> BulkDialog:
    page.approve_many()
    settle(desk, qtbot)
    return page.findChildren(BulkDialog)[0]


def test_bulk_approves_one_procedure_and_leaves_the_odd_ones(
    desk: Desk, qtbot: QtBot, pictures: Path
) -> None:
    plain = [desk.propose(desk.receive()) for _ in range(3)]
    owing = desk.propose(desk.receive(fees=(Fee("levy", "Lệ phí hộ tịch", 8000),)))
    other = desk.propose(desk.receive(REPEAT_BIRTH))
    page = open_page(desk, qtbot, HEAD)
    dialog = bulk(desk, qtbot, page)
    assert [each.id for each in dialog.chosen()] == [dossier.id for dossier in plain]
    assert dialog.exceptions.count() == 1
    assert "8.000 đồng" in dialog.exceptions.item(0).text()
    dialog.grab().save(str(pictures / "approve_bulk.png"))
    dialog.list.item(2).setCheckState(Qt.CheckState.Unchecked)
    dialog.approve_chosen()
    settle(desk, qtbot)
    assert [state(desk, each) for each in plain] == [State.APPROVED, State.APPROVED, State.PROPOSED]
    assert state(desk, owing) is state(desk, other) is State.PROPOSED
    assert desk.frame.toasts == ["Đã phê duyệt 2 hồ sơ"]
    assert len(names(page)) == 3


def test_bulk_tells_what_could_not_be_approved(desk: Desk, qtbot: QtBot) -> None:
    first, second = desk.propose(desk.receive()), desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD)
    dialog = bulk(desk, qtbot, page)
    deeds.recall(desk.by(SPECIALIST), first.id, "Cần bổ sung nội dung trước khi chuyển.")
    dialog.approve_chosen()
    settle(desk, qtbot)
    assert state(desk, second) is State.APPROVED
    assert dialog.isVisible()
    assert [failure.words.split(" ")[0] for failure in dialog.failures] == [first.code]
    assert "1 hồ sơ chưa duyệt" in dialog.summary()
    dialog.put_away()
    settle(desk, qtbot)


def test_bulk_stops_where_it_is_told_to(desk: Desk, qtbot: QtBot) -> None:
    dossiers = [desk.propose(desk.receive()) for _ in range(12)]
    page = open_page(desk, qtbot, HEAD)
    dialog = bulk(desk, qtbot, page)
    dialog.approve_chosen()
    dialog.put_away()
    settle(desk, qtbot)
    states = [state(desk, each) for each in dossiers]
    assert states.count(State.APPROVED) == len(dialog.approved) < 12
    assert "Đã dừng theo yêu cầu" in dialog._state.text()
    dialog.put_away()
    settle(desk, qtbot)


def test_narrow_window_still_shows_all_three(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    desk.propose(desk.receive())
    page = open_page(desk, qtbot, HEAD, width=932)
    parts = (page.table, page.room.sheet, page.panel)
    assert all(part.isVisible() for part in parts)
    assert all(page.rect().contains(part.mapTo(page, part.rect().bottomRight())) for part in parts)
    page.grab().save(str(pictures / "approve_narrow.png"))
