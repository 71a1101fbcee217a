"""The correction panel: another case shows its papers and what becomes of the due date, then is recorded."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.domain.procedure import in_case
from onestop.office.deeds import find_dossier
from onestop.office.intake import IntakeForm, component_lines, receive_dossier
from tests.ui.dossier_desk import OWNER, RECEPTION, Seat
from ui.acts.correction import CorrectForm
from ui.tasks import Tasks

CHANGES = "1.004859"


@pytest.fixture
def seat(tmp_path: Path, tasks: Tasks, app: QApplication, qtbot: QtBot) -> Iterator[Seat]:
    made = Seat(tmp_path, tasks, qtbot)
    yield made
    tasks.shutdown()
    made.end()


def received(seat: Seat, case: str) -> str:
    asked = in_case(seat.office.catalogue.procedure(CHANGES), case)
    lines = tuple(replace(line, is_given=line.needed, originals=1) for line in component_lines(asked))
    form = IntakeForm(CHANGES, OWNER, components=lines, case=case)
    return receive_dossier(seat.by(RECEPTION), form).dossier.id


def test_another_case_shows_its_due_date_and_is_recorded(seat: Seat) -> None:
    dossier = received(seat, "bo-sung-thong-tin-ho-tich")
    seat.open(RECEPTION, dossier)
    seat.open_act(Act.CORRECT)
    form = seat.page.panel.form
    assert isinstance(form, CorrectForm)
    seat.go_to("case")
    seat.press("Up")
    difference = seat.page.panel.findChild(QLabel, "difference")
    assert difference is not None
    assert "Trường hợp: Bổ sung thông tin hộ tịch → Xác định lại dân tộc" in difference.text()
    assert "Hạn trả:" in difference.text()
    assert "3 ngày làm việc" in difference.text()
    seat.go_to("reason")
    seat.fill("reason", "Chọn nhầm trường hợp")
    seat.execute(lambda: find_dossier(seat.office, dossier).correction_at is not None)
    after = find_dossier(seat.office, dossier)
    assert after.subject.procedure.case == "xac-dinh-lai-dan-toc"
    assert after.clock.due.value == 3
    assert all(line.is_given for line in after.subject.components if line.needed)
    assert "Xác định lại dân tộc" in seat.page.head.procedure.text()


def test_going_back_to_the_case_changes_nothing(seat: Seat) -> None:
    seat.open(RECEPTION, received(seat, "bo-sung-thong-tin-ho-tich"))
    seat.open_act(Act.CORRECT)
    seat.go_to("case")
    seat.press("Up", "Down")
    difference = seat.page.panel.findChild(QLabel, "difference")
    assert difference is not None
    assert difference.text() == "Chưa sửa chỗ nào."
