"""Quản trị: for whom, by which key, a section at its first visit, rows read anew."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from onestop.domain.moment import local_day, show_on
from onestop.domain.state import Role
from onestop.office.changing import RowChange, change_rows
from onestop.office.recompute import preview_recompute
from tests.ui.desk import opened, settle
from tests.ui.practice_desk import ADMIN, RECEPTION
from ui.app import Program
from ui.pages.admin import SECTIONS, AdminPage
from ui.places import places_of
from ui.shell import Shell
from ui.tour.administrator import take_day_off
from ui.tour.hand import Hand
from ui.tour.keys import press
from ui.tour.plan import DayOff
from ui.widgets.rail import Rail


@pytest.fixture
def shell(qtbot: QtBot, program: Program) -> Shell:
    made = opened(qtbot, program)
    made.activateWindow()
    made.sign_in_wanted.emit(ADMIN)
    settle(qtbot, program, lambda: made.office.officer.id == ADMIN)
    return made


def admin_page(qtbot: QtBot, program: Program, shell: Shell, section: str = "") -> AdminPage:
    shell.go("admin", section)
    settle(qtbot, program)
    page = shell.page("admin")
    assert isinstance(page, AdminPage)
    return page


def test_only_administrators_find_it() -> None:
    assert "admin" in places_of(frozenset({Role.ADMIN}))
    assert "admin" not in places_of(frozenset(Role) - {Role.ADMIN})


def test_the_key_opens_it_and_arrows_go_through_the_sections(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    press(shell, "Ctrl+8")
    settle(qtbot, program)
    page = shell.page("admin")
    assert isinstance(page, AdminPage)
    assert page.section == SECTIONS[0].id
    seen = [page.section]
    for _ in SECTIONS[1:]:
        press(page.list, "Down")
        settle(qtbot, program)
        seen.append(page.section)
    assert seen == [section.id for section in SECTIONS]


def test_a_section_can_be_asked_for(qtbot: QtBot, program: Program, shell: Shell) -> None:
    page = admin_page(qtbot, program, shell, SECTIONS[-1].id)
    assert page.section == SECTIONS[-1].id
    assert page.shown_dossier() == SECTIONS[-1].id


def test_every_place_of_an_officer_with_every_role_stands_in_the_rail_at_both_sizes(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    rail = shell.findChild(Rail, "rail")
    assert rail is not None
    rail.set_shown(places_of(frozenset(Role)))
    for size in ((1366, 768), (1024, 700)):
        shell.resize(*size)
        qtbot.wait(20)
        buttons = [rail.button(place) for place in places_of(frozenset(Role))]
        assert all(button.height() >= button.minimumSizeHint().height() for button in buttons), size
        assert buttons[-1].geometry().bottom() <= rail.height(), size


def test_rows_changed_here_reach_the_office_of_the_window(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    page = admin_page(qtbot, program, shell)
    row = {"id": "u-moi", "name": "Hồ Thị Mới", "roles": ["cashier"], "unit": "pvhcc", "title": ""}
    change_rows(shell.office, [RowChange("officer", "999 u-moi", row)], "Thêm cán bộ")
    page.frame.catalogue_changed()
    settle(qtbot, program, lambda: "u-moi" in {each.id for each in shell.office.catalogue.officers})
    assert shell.worklist.catalogue == shell.office.catalogue
    assert shell.office.officer.id == ADMIN != RECEPTION


def test_hands_take_a_day_off_and_the_dossiers_of_the_office_follow(
    qtbot: QtBot, program: Program, shell: Shell, tmp_path: Path
) -> None:
    calendar, today = shell.office.calendar, local_day(shell.office.now)
    day = calendar.next_working_day(today + timedelta(days=1))
    take_day_off(Hand(shell, tmp_path), DayOff(show_on(day), "Nghỉ tránh bão"))
    settle(qtbot, program, lambda: not shell.office.calendar.is_working_day(day))
    rows = shell.office.store.rows("SELECT count(*) FROM entries WHERE kind = 'recompute'", {})
    assert rows[0][0] > 0
    assert preview_recompute(shell.office, shell.office.calendar) == []
    press(None, "Ctrl+Z")
    settle(qtbot, program, lambda: shell.office.calendar.is_working_day(day))
    assert preview_recompute(shell.office, shell.office.calendar) == []
    assert {path.stem for path in tmp_path.glob("calendar*.png")} == {
        "calendar", "calendar-effect", "calendar-told",
    }  # fmt: skip
