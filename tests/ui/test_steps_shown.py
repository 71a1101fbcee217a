"""Steps and stand-ins where officers see them: in the queue, beside it, on the page of a dossier."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.domain.state import Role
from onestop.office import deeds
from onestop.office.found import open_office
from onestop.office.officers import StandInForm, set_stand_in
from tests.ui.practice_desk import HEAD, RECEPTION, SPECIALIST, Desk, settle
from ui.acts import Scene, make_form
from ui.acts.sending import SendForm
from ui.pages.dossier import DossierPage
from ui.pages.queue import QueuePage
from ui.tasks import Tasks

AWAY = StandInForm(HEAD, SPECIALIST, "16/11/2026", "20/11/2026", frozenset({Role.HEAD}), "Nghỉ phép")


@pytest.fixture
def desk(app: QApplication, tasks: Tasks, tmp_path: Path) -> Iterator[Desk]:
    """Its catalogue is read anew, as after a change of rows: the specialist stands in for the head."""
    made = Desk(tmp_path, tasks)
    set_stand_in(made.office, AWAY)
    made.office = open_office(made.store, made.clock, lambda: ("boot", 0))
    made.frame.worklist = replace(made.frame.worklist, catalogue=made.office.catalogue)
    yield made
    made.close()


def shown(desk: Desk, qtbot: QtBot, page: QWidget) -> None:
    page.resize(1274, 690)
    qtbot.addWidget(page)
    page.show()


def test_the_queue_marks_steps_that_press_and_dossiers_of_the_absent(desk: Desk, qtbot: QtBot) -> None:
    proposed = desk.receive()
    desk.propose(proposed)  # with the head since 09:00; his step has three hours
    mine = desk.receive()
    desk.forward(mine)
    deeds.take_over(desk.by(SPECIALIST), mine.id)
    desk.sign_in(SPECIALIST)
    desk.clock.set(10)
    page = QueuePage(desk.frame)
    shown(desk, qtbot, page)
    page.enter()
    settle(desk, qtbot)

    def marks() -> dict[str, list[str]]:
        rows = [page.table.rows.row(place) for place in range(page.table.rows.rowCount())]
        return {row.id: [f"{icon}:{role}" for icon, role in row.marks] for row in rows if row}

    assert marks() == {proposed.id: ["users:accent"], mine.id: []}
    desk.clock.set(14, 30)
    page.feed.look_again()
    settle(desk, qtbot)
    assert marks()[proposed.id] == ["users:accent", "clock-alert:error_edge"]
    model = page.table.model()
    tips = [model.index(place, 0).data(Qt.ItemDataRole.ToolTipRole) for place in range(2)]
    step = "Bước 4/7: Soát hồ sơ, dự thảo kết quả · quá hạn của bước từ 14:00 hôm nay"
    assert f"Thay Vũ Thanh Bình\n{step}" in tips
    assert page.table.select(proposed.id)
    settle(desk, qtbot)
    words = [each.text() for each in page.preview._parts if hasattr(each, "text")]
    assert any("Thay Vũ Thanh Bình" in each for each in words)
    assert any(each.startswith("Bước 4/7") for each in words)


def test_the_page_of_a_dossier_tells_its_step_and_lets_the_stand_in_decide(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.receive()
    desk.propose(dossier)
    desk.sign_in(SPECIALIST)
    page = DossierPage(desk.frame)
    shown(desk, qtbot, page)
    page.enter(dossier.id)
    settle(desk, qtbot)
    assert page.head.step.text() == "Bước 4/7: Soát hồ sơ, dự thảo kết quả · hạn của bước 14:00 hôm nay"
    assert {Act.TAKE_OVER, Act.APPROVE} <= set(page.legal)
    desk.clock.set(15)
    page.enter(dossier.id)
    settle(desk, qtbot)
    assert "quá hạn của bước từ 14:00 hôm nay" in page.head.step.text()
    assert page.head.step.property("look") == "error"


def test_who_is_away_is_said_in_the_list_of_receivers(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.receive()
    desk.forward(dossier)
    taken = deeds.take_over(desk.by(SPECIALIST), dossier.id).dossier
    form = make_form(Scene(desk.by(SPECIALIST), taken, desk.frame.tasks, "shift"), Act.PROPOSE)
    qtbot.addWidget(form)
    assert isinstance(form, SendForm)
    chosen = form._officer.editor.currentText()
    assert chosen.endswith("· vắng, Nguyễn Thị Ánh Tuyết xử lý thay")


@pytest.mark.parametrize(("unit", "officer"), [("", SPECIALIST), ("kinh-te", "u-khoi")])
def test_the_receiver_of_the_next_step_stands_there_already(
    desk: Desk, qtbot: QtBot, unit: str, officer: str
) -> None:
    catalogue = desk.office.catalogue
    route = next(each for each in catalogue.routes if each.id == "xac-nhan-hon-nhan")
    steps = tuple(replace(step, unit=unit) if step.no == 2 else step for step in route.steps)
    changed = replace(catalogue, routes=(replace(route, steps=steps),))
    office = replace(desk.by(RECEPTION), catalogue=changed)
    form = make_form(Scene(office, desk.receive(), desk.frame.tasks, "shift"), Act.FORWARD)
    qtbot.addWidget(form)
    assert isinstance(form, SendForm)
    assert form._officer.key() == officer
