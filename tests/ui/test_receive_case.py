"""Choosing a case on the intake page, by keys: papers, due date and fees follow, ticks are kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.procedure import procedure_to_dict
from onestop.office.changing import RowChange, change_rows
from onestop.office.deeds import find_dossier
from onestop.office.paper_facts import Asked, receipt_facts
from onestop.office.versions import Versions
from tests.ui.counter import BIRTH, CARD, Counter, counter
from ui.pages.receive_data import DataDialog
from ui.pages.receive_drafts import draft_typed, find_drafts
from ui.tasks import Tasks
from ui.tour.keys import press, type_text
from ui.widgets import CheckRow

RESIDENCE, CHANGES = "1.004222", "1.004859"


@pytest.fixture
def at(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


def given(at: Counter) -> list[str]:
    return [line.name[:24] for line in at.fields.components.lines() if line.is_given]


def numbers(at: Counter) -> list[int]:
    return [line.no for line in at.fields.components.lines()]


def test_every_case_is_in_sight_and_the_ordinary_one_is_chosen(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    assert at.fields.case.names() == [
        "Trường hợp thông thường",
        "Trẻ em bị bỏ rơi",
        "Trẻ em sinh ra do mang thai hộ",
        "Đăng ký quá hạn",
    ]
    assert at.focused().objectName() == "case_1"
    assert at.focused().accessibleName().startswith("1. Trường hợp thông thường")
    assert at.fields.case.key() == ""
    assert numbers(at) == [1, 2, 5, 6, 7]


def test_a_procedure_without_cases_shows_none(at: Counter) -> None:
    at.choose_procedure("1.000593")
    assert not at.fields.case.isVisible()
    assert at.focused().objectName().startswith("owner.")


def test_arrows_and_digits_choose(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.press("Down")
    assert at.fields.case.key() == "tre-em-bi-bo-roi"
    assert numbers(at) == [1, 3, 5, 6, 7]
    at.press("3")
    assert at.fields.case.key() == "tre-em-sinh-ra-do-mang-thai-ho"
    assert at.focused().objectName() == "case_3"
    at.press("Up", "Up", "Up")
    assert at.fields.case.key() == "dang-ky-qua-han"  # round the top
    at.press("9")
    assert at.fields.case.key() == "dang-ky-qua-han"
    at.press("Return")
    assert at.focused().objectName().startswith("owner.")


def test_one_row_is_picked_also_right_after_another_procedure(at: Counter) -> None:
    at.choose_procedure(RESIDENCE)
    at.press("2")
    at.page.start_new()
    at.choose_procedure(BIRTH)
    at.press("Down")
    assert at.fields.case.key() == "tre-em-bi-bo-roi"
    at.press("Space")  # a picked row stays picked
    assert at.fields.case.key() == "tre-em-bi-bo-roi"


def test_one_stop_of_tab_and_an_access_key(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.press("2", "Tab")
    assert at.focused().objectName() == "owner.person"
    at.press("Shift+Tab")
    assert at.focused().objectName() == "case_2"
    at.fields.owner.fields["name"].setFocus()
    at.press("Alt+R")
    assert at.focused().objectName() == "case_2"


def test_a_case_must_be_chosen_where_there_is_no_ordinary_one(at: Counter) -> None:
    at.choose_procedure(RESIDENCE)
    assert at.fields.case.is_open()
    assert at.fields.due.words() == "Chưa tính được"
    assert at.fields.components.lines() == ()
    at.scan(CARD)
    at.press("Ctrl+Return")
    assert not at.desk.frame.done
    assert at.focused() is at.page.errors
    at.press("F8")
    assert at.focused().objectName() == "case_1"
    assert at.fields.case.error()
    at.press("1")
    assert not at.fields.case.error()
    assert at.fields.due.words().startswith("Thứ")


def test_due_date_and_papers_follow_the_case_at_once(at: Counter) -> None:
    at.choose_procedure(CHANGES)
    at.press("2")
    correction = at.fields.due.words()
    assert at.fields.due.reason().startswith("3 ngày làm việc")
    at.press("4")
    assert at.fields.due.reason().startswith("Trong ngày")
    assert at.fields.due.words() != correction


def test_ticks_of_papers_with_the_same_name_are_kept_there_and_back(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.tick_needed()
    before = given(at)
    assert len(before) == 3
    at.fields.case.setFocus()
    at.press("2")
    assert given(at) == [name for name in before if not name.startswith("Giấy chứng sinh")]
    at.press("1")
    assert given(at) == before


def test_a_tick_taken_back_in_the_other_case_does_not_return(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.tick_needed()
    at.fields.case.setFocus()
    at.press("3")
    at.go_to("component_1")
    at.press("Space")
    at.fields.case.setFocus()
    at.press("1")
    assert not any(name.startswith("Tờ khai") for name in given(at))


def test_a_draft_keeps_its_case(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.press("2")
    at.scan(CARD)
    at.press("Ctrl+S")
    at.settle()
    draft = find_drafts(at.desk.office)[0]
    assert draft_typed(draft).case == "tre-em-bi-bo-roi"
    at.page.start_new()
    at.settle()
    at.page.take_draft(draft)
    at.settle()
    assert at.fields.case.key() == "tre-em-bi-bo-roi"
    assert numbers(at) == [1, 3, 5, 6, 7]


def test_a_draft_whose_case_is_gone_is_asked_again(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.press("2")
    typed = replace(at.fields.typed(), case="khong-con")
    at.fields.fill(typed)
    assert at.fields.case.is_open()
    at.press("Ctrl+Return")
    assert at.fields.case.error()


def test_receipt_lists_and_dossier_name_the_case(at: Counter) -> None:
    at.choose_procedure(RESIDENCE)
    at.press("3")
    at.scan(CARD)
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    dossier = at.desk.frame.done[0].dossier
    assert dossier.subject.procedure.case == "thue-muon-o-nho"
    assert dossier.subject.procedure.case_name == "Thuê, mượn, ở nhờ"
    title = "Đăng ký thường trú – Thuê, mượn, ở nhờ"
    assert receipt_facts(Asked(at.desk.office, dossier, ())).fields["procedure_name"] == title
    row = at.desk.frame.worklist.search(dossier.code)[0].row
    assert row.procedure_name == title
    found = at.desk.frame.worklist.search("thue muon")
    assert dossier.id in {each.row.id for each in found}
    assert find_dossier(at.desk.office, dossier.id).subject == dossier.subject


def test_online_has_its_own_limit(at: Counter) -> None:
    old = at.desk.office.catalogue.procedure("1.000593")
    faster = replace(old, online_limit=TimeLimit(2, TimeUnit.WORKING_DAY))
    change_rows(at.desk.office, [RowChange("procedure", old.code, procedure_to_dict(faster))], "Trực tuyến")
    catalogue = replace(at.desk.office.catalogue, versions=Versions((faster,)))
    at.desk.frame.office = replace(at.desk.office, catalogue=catalogue)
    at.choose_procedure("1.000593")
    assert at.fields.due.reason().startswith("5 ngày làm việc")
    at.go_to("channel")
    at.press("Down")
    assert at.fields.channel.key() == "online"
    assert at.fields.due.reason().startswith("2 ngày làm việc")


def test_a_case_whose_fee_is_open_asks_for_it(at: Counter) -> None:
    at.choose_procedure("1.001193")
    assert at.fields.due.fee() != "Chưa nhập số tiền"
    at.press("4")
    assert at.fields.due.fee() == "Chưa nhập số tiền"


# ---- papers that data stands in for --------------------------------------------------------


def answer(reason: str, button: str) -> None:
    """The dialog that is open gets its answer."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, DataDialog)
    if reason:
        type_text(dialog.reason.editor, reason)
    press(dialog.findChild(QAbstractButton, button), "Space")


def look_up(at: Counter, no: int, reason: str = "", button: str = "data_taken") -> None:
    at.go_to(f"data_{no}")
    QTimer.singleShot(0, lambda: answer(reason, button))
    at.press("Space")
    at.page.activateWindow()  # shortcuts sleep until the window is the active one again
    at.qtbot.waitUntil(at.page.isActiveWindow)


def test_data_stands_in_for_a_paper_and_says_from_where_when_and_by_whom(at: Counter) -> None:
    at.choose_procedure(RESIDENCE)
    at.press("1")
    look_up(at, 2)
    line = at.fields.components.lines()[1]
    assert line.is_given
    assert (line.originals, line.certified, line.copies) == (0, 0, 0)
    assert line.note.startswith("Khai thác từ Cơ sở dữ liệu quốc gia về dân cư, ")
    assert line.note.endswith(", Trần Thị Mai")
    row = at.fields.components.box(2)
    assert isinstance(row, CheckRow)
    assert row.status() == (line.note, "success")
    at.scan(CARD)
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    dossier = at.desk.frame.done[0].dossier
    assert dossier.subject.components[1] == line
    rows = list(receipt_facts(Asked(at.desk.office, dossier, ())).rows["components"])
    assert rows[1]["note"] == f"({line.note})"


def test_what_could_not_be_looked_up_needs_a_reason_and_the_paper(at: Counter) -> None:
    at.choose_procedure(RESIDENCE)
    at.press("1")
    look_up(at, 2, "Hệ thống dân cư không phản hồi", "data_not_found")
    line = at.fields.components.lines()[1]
    assert not line.is_given
    assert line.note.startswith("Không khai thác được dữ liệu: Hệ thống dân cư không phản hồi (")
    at.go_to("component_2")
    at.press("Space")
    line = at.fields.components.lines()[1]
    assert (line.is_given, line.originals) == (True, 1)
    assert "không phản hồi" in line.note


def test_a_tick_of_data_taken_back_leaves_no_words(at: Counter) -> None:
    at.choose_procedure(RESIDENCE)
    at.press("1")
    look_up(at, 2)
    assert at.focused().objectName() == "component_2"
    at.press("Space")
    assert at.fields.components.lines()[1].note == ""


def test_no_reason_no_answer(at: Counter) -> None:
    dialog = DataDialog(at.page, at.desk.office, "Giấy tờ")
    dialog.give_up()
    assert dialog.reason.error()
    assert not dialog.words
    dialog.deleteLater()
