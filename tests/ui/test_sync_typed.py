"""Others' acts arrive while somebody types: pages read again, and nothing typed is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.store.projection import refold
from tests.ui.practice_desk import HEAD, SPECIALIST, Desk, settle
from tests.ui.tray_desk import OtherDesk
from ui.pages.approve import ApprovePage
from ui.pages.dossier import DossierPage
from ui.pages.page import Page
from ui.tasks import Tasks


@pytest.fixture
def desk(app: QApplication, tmp_path: Path, tasks: Tasks) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    made.close()


def shown(qtbot: QtBot, desk: Desk, page: Page) -> QWidget:
    window = QWidget()
    QVBoxLayout(window).addWidget(page)
    window.resize(1274, 700)
    qtbot.addWidget(window)
    window.show()
    return window


def note_arrives(desk: Desk, dossier_id: str) -> None:
    from onestop.office.deeds import find_dossier

    other, saw = OtherDesk(desk), find_dossier(desk.office, dossier_id)
    other.arrive(other.sign(SPECIALIST, Act.ADD_NOTE, {"text": "Đã gọi điện cho dân."}, saw))
    with desk.store.write() as connection:
        refold(connection, dossier_id)


def test_a_decision_half_written_stays(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.propose(desk.receive())
    desk.sign_in(HEAD)
    page = ApprovePage(desk.frame)
    window = shown(qtbot, desk, page)
    page.enter(dossier.id)
    settle(desk, qtbot)
    page.open_form(Act.DISAPPROVE)
    form = page.panel.form
    assert form is not None
    reason = form.place("reason")
    assert reason is not None
    reason.set_text("Thiếu chữ ký của")
    note_arrives(desk, dossier.id)
    page.reload("")
    page._reading.start()
    settle(desk, qtbot)
    assert page.brief is not None
    assert page.brief.dossier.count > dossier.count
    again = page.panel.form
    assert again is not None
    assert again.act is Act.DISAPPROVE
    assert again.texts()["reason"] == "Thiếu chữ ký của"
    assert window.isVisible()


def test_a_form_open_on_the_dossier_page_stays(desk: Desk, qtbot: QtBot) -> None:
    dossier = desk.propose(desk.receive())
    desk.sign_in(HEAD)
    page = DossierPage(desk.frame)
    window = shown(qtbot, desk, page)
    page.enter(dossier.id)
    settle(desk, qtbot)
    page.open_act(Act.DISAPPROVE)
    form = page.panel.form
    assert form is not None
    reason = form.place("reason")
    assert reason is not None
    reason.set_text("Thiếu chữ ký của")
    note_arrives(desk, dossier.id)
    page.reload(dossier.id)
    settle(desk, qtbot)
    assert page.dossier is not None
    assert page.dossier.count > dossier.count
    assert page.panel.form is form
    assert form.texts()["reason"] == "Thiếu chữ ký của"
    assert page.head.truth.stops()
    assert window.isVisible()
