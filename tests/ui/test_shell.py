"""The frame with real pages on a real store: places, keys, search, sign-in, settings, end of the day."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QGuiApplication, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.deadline import Urgency
from onestop.domain.dossier import Role
from onestop.errors import RuleError
from onestop.office.deeds import add_note, find_dossier
from onestop.office.intake import Received
from onestop.paths import Profile
from onestop.settings import SETTINGS
from tests.ui.desk import SIZE, copy_of, opened, running, settle
from ui import look
from ui.app import Program
from ui.chrome import MessageBar
from ui.clock import machine_clock
from ui.finder import Finder
from ui.geometry import brought_back
from ui.idle import IdleWatch
from ui.keys import KEYS
from ui.overlay import KeysOverlay
from ui.pages.dossier import DossierPage
from ui.pages.hand_out import HandOutPage
from ui.pages.page import Page
from ui.pages.queue import QueuePage
from ui.pages.receive import ReceivePage
from ui.pages.receive_drafts import find_drafts
from ui.pages.search import SearchPage
from ui.pages.settings import SettingsPage
from ui.pages.sign_in import SignInPage
from ui.paper_kinds import REGISTER
from ui.places import places_of, start_of
from ui.printing import PrintPanel
from ui.shell import NotOpenYet, Shell
from ui.tour.keys import type_text
from ui.widgets import Drawer, Toast
from ui.widgets.field import ComboField
from ui.widgets.queue import QueueTable

EVERY_PLACE = ("queue", "receive", "search", "approve", "hand_out", "settings", "help")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shell(qtbot: QtBot, program: Program) -> Shell:
    made = opened(qtbot, program)
    made.activateWindow()
    return made


def press(shell: Shell, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(shell.focusWidget() or shell, key, modifier)


def sign_in_as(qtbot: QtBot, program: Program, shell: Shell, officer_id: str) -> None:
    shell.sign_in_wanted.emit(officer_id)
    settle(qtbot, program, lambda: shell.office.officer.id == officer_id)


# --- places and roles


def test_places_follow_the_roles() -> None:
    assert places_of(frozenset({Role.RECEPTION}))[:4] == ("queue", "receive", "search", "hand_out")
    assert "approve" in places_of(frozenset({Role.CLERK}))
    assert "receive" not in places_of(frozenset({Role.SPECIALIST}))
    assert [start_of(frozenset({role})) for role in (Role.HEAD, Role.LEADER, Role.SPECIALIST)] == [
        "approve",
        "approve",
        "queue",
    ]
    assert start_of(frozenset(Role)) == "queue"


def test_pages_come_at_first_visit_and_stay(qtbot: QtBot, program: Program, shell: Shell) -> None:
    queue = shell.page("queue")
    assert shell.place == "queue"
    assert shell.page("settings") is None
    shell.go("settings")
    assert isinstance(shell.page("settings"), SettingsPage)
    press(shell, Qt.Key.Key_1, CONTROL)
    assert (shell.place, shell.page("queue")) == ("queue", queue)
    press(shell, Qt.Key.Key_F1)
    assert shell.place == "help"


def test_a_page_may_keep_the_person(qtbot: QtBot, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = shell.page("queue")
    assert queue is not None
    monkeypatch.setattr(queue, "leave", lambda: False)
    shell.go("help")
    assert shell.place == "queue"
    shell.lock()
    assert shell.findChild(SignInPage) is None
    assert not shell.close()
    monkeypatch.undo()
    shell.go("help")
    assert shell.place == "help"


def test_a_place_of_another_role_is_said_not_shown(shell: Shell) -> None:
    press(shell, Qt.Key.Key_4, CONTROL)
    toast = shell.findChild(Toast)
    assert shell.place == "queue"
    assert toast is not None
    assert toast.isVisible()


def test_badges_count_what_waits(qtbot: QtBot, program: Program, shell: Shell) -> None:
    worklist = shell.worklist
    badge = shell._rail.button("queue").badge
    paused_and_done = sum(worklist.count(tab.view) for tab in worklist.tabs()[-2:])
    assert badge == worklist.count(worklist.tabs()[0].view) - paused_and_done
    assert shell._rail.button("hand_out").badge == worklist.count(worklist.at_counter()) == 3


def test_before_the_store_is_open_the_office_is_not_there(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path
) -> None:
    with running(copy_of(office, tmp_path)) as program:
        assert program.shell is not None
        with pytest.raises(NotOpenYet):
            _ = program.shell.office
        assert getattr(program.shell, "office", None) is None
        program.shell.go("search")
        assert program.shell.place == "queue"
        opened(qtbot, program)
        assert program.shell.place == "search"


# --- keys


def shortcuts(shell: Shell) -> list[QShortcut]:
    return [each for each in shell.findChildren(QShortcut) if each.parent() is shell]


def test_every_shortcut_of_the_frame_is_declared_and_answers_once(shell: Shell) -> None:
    declared = {key.sequence for key in KEYS}
    for place in EVERY_PLACE:
        shell.go(place)
        page = shell.page(place)
        assert page is not None
        used = [each.key().toString() for each in shortcuts(shell)]
        own = [each.key().toString() for each in page.findChildren(QShortcut)]
        assert set(used) <= declared
        assert len(used) == len(set(used))
        assert not set(used) & set(own), place


def test_the_overview_lists_every_key_and_gives_the_focus_back(qtbot: QtBot, shell: Shell) -> None:
    came_from = shell.focusWidget()
    press(shell, Qt.Key.Key_Slash, CONTROL)
    overlay = shell.findChild(KeysOverlay)
    assert overlay is not None
    assert overlay.isVisible()
    said = {each.text() for each in overlay.findChildren(QLabel)}
    assert {key.words for key in KEYS} <= said
    press(shell, Qt.Key.Key_Escape)
    assert not overlay.isVisible()
    assert shell.focusWidget() is came_from


def test_f6_goes_round_the_panes_and_back(qtbot: QtBot, shell: Shell) -> None:
    seen = []
    for _ in range(12):
        press(shell, Qt.Key.Key_F6)
        seen.append(shell.focusWidget())
    first = seen[0]
    round_ = seen.index(first, 1)
    assert round_ >= 4
    assert seen[:round_] == seen[round_ : 2 * round_][: len(seen[:round_])] or round_ > 6
    press(shell, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert shell.focusWidget() is seen[-2]


def test_zoom_and_theme_hold_for_the_officer(
    qtbot: QtBot, program: Program, shell: Shell, app: QApplication
) -> None:
    press(shell, Qt.Key.Key_Equal, CONTROL)
    assert app.property("onestop_zoom") == 1.1
    shell.change_setting("look.theme", "dark")
    assert app.property("onestop_theme") == "dark"
    sign_in_as(qtbot, program, shell, "u-duc")
    assert app.property("onestop_zoom") == 1.0
    sign_in_as(qtbot, program, shell, "u-mai")
    assert (app.property("onestop_zoom"), app.property("onestop_theme")) == (1.1, "dark")
    press(shell, Qt.Key.Key_0, CONTROL)
    assert app.property("onestop_zoom") == 1.0


def zoomed(qtbot: QtBot, program: Program, shell: Shell, old: Page) -> Page:
    """The page that stands there when a step of zoom has been followed."""
    shell.zoom_by(10)
    settle(qtbot, program, lambda: shell.front() is not old)
    settle(qtbot, program)
    new = shell.front()
    assert new is not None
    return new


def test_a_page_is_laid_out_anew_for_another_zoom(qtbot: QtBot, program: Program, shell: Shell) -> None:
    queue = shell.front()
    assert isinstance(queue, QueuePage)
    before = queue.line.width()
    queue.tabs.choose("overdue")
    settle(qtbot, program)
    new = zoomed(qtbot, program, shell, queue)
    assert isinstance(new, QueuePage)
    assert new.line.width() == round(before * 1.1)
    assert (shell.place, new.tabs.key()) == ("queue", "overdue")
    assert new.table.hasFocus()


def test_another_zoom_keeps_the_dossier_and_what_is_being_written(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    dossier_id = shell.worklist.newest(limit=1)[0].row.id
    shell.go("dossier", dossier_id)
    settle(qtbot, program)
    page = shell.front()
    assert isinstance(page, DossierPage)
    new = zoomed(qtbot, program, shell, page)
    assert isinstance(new, DossierPage)
    assert new.dossier is not None
    assert new.dossier.id == dossier_id
    new.journal.note.set_text("Chủ hồ sơ hẹn chiều quay lại.")
    press(shell, Qt.Key.Key_Equal, CONTROL)
    qtbot.wait(200)
    assert shell.front() is new
    assert new.journal.note.text() == "Chủ hồ sơ hẹn chiều quay lại."
    new.journal.take_note()
    shell.go("queue")
    settle(qtbot, program)
    shell.go("dossier")  # what could not be made anew then is made anew when it comes again
    settle(qtbot, program, lambda: shell.front() is not new)
    assert isinstance(last := shell.front(), DossierPage)
    settle(qtbot, program)
    assert last.dossier is not None
    assert last.dossier.id == dossier_id


def test_another_zoom_keeps_the_intake_that_is_being_typed(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    shell.go("receive")
    settle(qtbot, program)
    page = shell.front()
    assert isinstance(page, ReceivePage)
    type_text(shell.focusWidget() or shell, "khai sinh")
    press(shell, Qt.Key.Key_Return)
    typed = page.fields.typed()
    assert page.is_changed()
    new = zoomed(qtbot, program, shell, page)
    assert isinstance(new, ReceivePage)
    assert new.fields.typed() == typed
    assert new.autosave.draft_id == page.autosave.draft_id != ""
    qtbot.wait(800)  # it saves itself once more
    settle(qtbot, program)
    assert [row.id for row in find_drafts(shell.office)] == [new.autosave.draft_id]


def test_high_contrast_can_be_chosen(qtbot: QtBot, shell: Shell, app: QApplication, pictures: Path) -> None:
    shell.go("settings")
    page = shell.page("settings")
    assert isinstance(page, SettingsPage)
    theme = page.editors["look.theme"]
    assert isinstance(theme, ComboField)
    theme.editor.setFocus()
    QTest.keyClick(theme.editor, Qt.Key.Key_End)
    assert shell.settings.text("look.theme") == app.property("onestop_theme") == "contrast"
    qtbot.wait(60)
    shell.grab().save(str(pictures / "shell_settings_contrast.png"))


def test_f6_shows_where_it_is_on_the_help_page(qtbot: QtBot, shell: Shell) -> None:
    shell.go("help")
    page = shell.page("help")
    assert page is not None
    area = page.panes()[0]
    assert area.hasFocus()
    edge = QPoint(1, area.height() // 2)
    ring = area.grab().toImage().pixelColor(edge)
    shell.open_finder()
    assert ring == look.colour("accent") != area.grab().toImage().pixelColor(edge)


def test_density_reaches_every_table(shell: Shell) -> None:
    table = shell.findChild(QueueTable)
    assert table is not None
    before = table.verticalHeader().defaultSectionSize()
    shell.change_setting("look.density", "roomy")
    assert table.verticalHeader().defaultSectionSize() > before


# --- search


def test_search_finds_without_marks_and_enter_opens(qtbot: QtBot, program: Program, shell: Shell) -> None:
    gone: list[tuple[str, str]] = []
    press(shell, Qt.Key.Key_K, CONTROL)
    finder = shell.findChild(Finder)
    assert finder is not None
    assert finder.hasFocus()
    finder.chosen.disconnect()
    finder.chosen.connect(lambda dossier_id: gone.append(("dossier", dossier_id)))
    QTest.keyClicks(finder, "dang huong")
    qtbot.waitUntil(lambda: finder.results().isVisible(), timeout=30_000)
    words = finder.results().model().index(0, 0).data()
    assert "Nguyễn Thị Đặng Hường" in words
    assert finder.hasFocus()
    QTest.keyClick(finder, Qt.Key.Key_Down)
    QTest.keyClick(finder, Qt.Key.Key_Return)
    assert len(gone) == 1
    assert gone[0][1]
    assert not finder.results().isVisible()
    QTest.keyClicks(finder, "khong co ai ten nay")
    qtbot.waitUntil(lambda: finder.results().isVisible(), timeout=30_000)
    assert "Không tìm thấy" in finder.results().model().index(0, 0).data()
    QTest.keyClick(finder, Qt.Key.Key_Escape)
    assert not finder.results().isVisible()
    assert finder.text() == ""


# --- sign-in


def test_signing_in_by_keys_changes_officer_places_and_pages(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    old = shell.page("queue")
    press(shell, Qt.Key.Key_L, CONTROL)
    page = shell.findChild(SignInPage)
    assert page is not None
    assert page.isVisible()
    assert not shell._rail.isVisible()
    assert {role for card in page.cards for role in card.officer.roles} == set(Role)
    for letter in "chuyen vien ho tich":
        QTest.keyClicks(shell.focusWidget(), letter)
    assert [card.officer.id for card in page.shown()] == ["u-tuyet"]
    press(shell, Qt.Key.Key_Return)
    settle(qtbot, program, lambda: shell.office.officer.id == "u-tuyet")
    assert shell._rail.isVisible()
    assert shell.worklist.officer.id == "u-tuyet"
    assert shell.page("queue") is not old
    assert not shell._rail.button("receive").isVisible()
    assert "Ánh Tuyết" not in shell.windowTitle()


def test_arrows_go_from_card_to_card(qtbot: QtBot, program: Program, shell: Shell) -> None:
    shell.lock()
    page = shell.findChild(SignInPage)
    assert page is not None
    qtbot.wait(60)
    assert page.cards[0].hasFocus()
    press(shell, Qt.Key.Key_Right)
    assert page.cards[1].hasFocus()
    press(shell, Qt.Key.Key_Down)
    assert page.cards[4].hasFocus()  # the second of the next unit
    press(shell, Qt.Key.Key_Up)
    press(shell, Qt.Key.Key_Left)
    press(shell, Qt.Key.Key_Return)
    settle(qtbot, program, shell._rail.isVisible)
    assert shell.office.officer.id == "u-mai"


def test_nobody_at_the_desk_locks_it(qtbot: QtBot, shell: Shell) -> None:
    handle = shell.windowHandle()
    watch = IdleWatch(handle, 1)
    watch._timer.setInterval(30)
    with qtbot.waitSignal(watch.idle, timeout=30_000):
        watch._timer.start()
    watch.set_minutes(0)
    assert not watch._timer.isActive()


def test_the_officer_is_remembered(qtbot: QtBot, app: QApplication, office: Profile, tmp_path: Path) -> None:
    profile = copy_of(office, tmp_path)
    with running(profile) as program:
        sign_in_as(qtbot, program, opened(qtbot, program), "u-khoi")
    with running(profile) as program:
        assert program.shell is not None
        assert program.shell.worklist.officer.id == "u-khoi"


# --- settings


def test_every_setting_has_its_editor_and_filling_keeps_nothing(
    qtbot: QtBot, program: Program, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(shell, "change_setting", lambda key, value: kept.append(key))
    shell.go("settings")
    page = shell.page("settings")
    assert isinstance(page, SettingsPage)
    assert set(page.editors) == {setting.key for setting in SETTINGS}
    shell.go("help")
    shell.go("settings")
    assert kept == []


def test_a_setting_is_kept_as_soon_as_it_is_left(
    qtbot: QtBot, app: QApplication, office: Profile, tmp_path: Path
) -> None:
    profile = copy_of(office, tmp_path)
    with running(profile) as program:
        shell = opened(qtbot, program)
        shell.go("settings")
        page = shell.page("settings")
        assert isinstance(page, SettingsPage)
        copies = page.editors["print.receipt_copies"]
        line = copies.findChild(QLineEdit)
        assert line is not None
        line.setFocus()
        line.setText("9")
        page.editors["look.theme"].setFocus()
        assert "từ 1 đến 5" in copies.error()  # type: ignore[attr-defined]  # a Field
        line.setFocus()
        line.setText("3")
        page.editors["look.theme"].setFocus()
    with running(profile) as program:
        assert program.preferences.settings.number("print.receipt_copies") == 3


def test_safe_mode_takes_no_setting_and_keeps_none(
    qtbot: QtBot, app: QApplication, office: Profile, tmp_path: Path
) -> None:
    profile = copy_of(office, tmp_path)
    with running(profile, is_safe=True) as program:
        opened(qtbot, program).change_setting("look.theme", "dark")
    assert not list(profile.folder.glob("settings*.toml"))


# --- messages


def test_an_act_is_told_with_undo_and_pages_reload(qtbot: QtBot, program: Program, shell: Shell) -> None:
    undone: list[bool] = []
    first = shell.worklist.newest(limit=1)[0].row.id
    done = add_note(shell.office, first, "Đã gọi điện cho người nộp.")
    shell.tell_done(done, lambda: undone.append(True))
    toast = shell.findChild(Toast)
    assert toast is not None
    assert toast.isVisible()
    press(shell, Qt.Key.Key_Z, CONTROL)
    assert undone == [True]
    assert not toast.isVisible()
    settle(qtbot, program)
    assert "108 bút ký" in shell._head.line.toolTip()


def test_what_the_page_says_itself_has_no_toast_but_pages_reload(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    first = shell.worklist.newest(limit=1)[0].row.id
    shell.toast("Đã giữ bản nháp")
    shell.tell_done(add_note(shell.office, first, "Đã gọi điện cho người nộp."), says=False)
    toast = shell.findChild(Toast)
    assert toast is not None
    assert not toast.isVisible()
    settle(qtbot, program)
    assert "108 bút ký" in shell._head.line.toolTip()


def test_an_error_is_a_bar_and_goes_with_the_page(shell: Shell) -> None:
    shell.show_error(RuleError("Chưa thể thực hiện", "Hãy mở lại hồ sơ."))
    bar = shell.findChild(MessageBar, "errors_bar")
    assert bar is not None
    assert bar.isVisible()
    assert QApplication.activeModalWidget() is None
    shell.go("help")
    assert not bar.isVisible()


def test_a_clock_set_back_is_said(qtbot: QtBot, program: Program, shell: Shell) -> None:
    banner = shell.findChild(MessageBar, "banner")
    assert banner is not None
    assert not banner.isVisible()
    shell.take_office(replace(shell.office, clock=lambda: machine_clock() - timedelta(days=365)))
    assert banner.isVisible()
    assert "Đồng hồ" in banner.accessibleDescription()
    shell.take_office(replace(shell.office, clock=machine_clock))
    assert not banner.isVisible()


def test_papers_are_printed_from_a_drawer_beside_the_page(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    dossier = find_dossier(shell.office, shell.worklist.newest(limit=1)[0].row.id)
    shell.print_papers(dossier, "01")
    drawer = shell.findChild(Drawer)
    assert drawer is not None
    assert drawer.isVisible()
    settle(qtbot, program)
    assert QApplication.activeModalWidget() is None
    drawer.close_drawer()
    assert not drawer.isVisible()


def test_a_paper_that_comes_by_itself_leaves_the_focus_on_the_code(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    shell.go("receive")
    page = shell.page("receive")
    assert isinstance(page, ReceivePage)
    dossier = find_dossier(shell.office, shell.worklist.newest(limit=1)[0].row.id)
    page.result.show(Received(dossier, "", "Đã tiếp nhận"))
    page.view.stack.setCurrentWidget(page.done)
    page.done.number.setFocus()
    shell.print_papers(dossier, "01", is_new=True)
    settle(qtbot, program)
    qtbot.wait(20)
    drawer = shell.findChild(Drawer)
    assert drawer is not None
    assert drawer.isVisible()
    assert shell.focusWidget() is page.done.number
    QApplication.clipboard().clear()
    press(shell, Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == dossier.code
    shell.print_papers(dossier, "01")
    assert drawer.isAncestorOf(shell.focusWidget())
    assert drawer.width() == look.px(460)


def test_the_register_is_offered_on_the_search_page(qtbot: QtBot, program: Program, shell: Shell) -> None:
    shell.go("search")
    page = shell.page("search")
    assert isinstance(page, SearchPage)
    page.register_button.click()
    settle(qtbot, program)
    panel = shell.findChild(PrintPanel)
    assert panel is not None
    assert panel.kind.key() == REGISTER.form
    assert panel.paper().startswith(b"%PDF")


def test_the_paper_shown_follows_every_act(qtbot: QtBot, program: Program, shell: Shell) -> None:
    dossier = find_dossier(shell.office, shell.worklist.newest(limit=1)[0].row.id)
    shell.print_papers(dossier, "06")
    settle(qtbot, program)
    panel = shell.findChild(PrintPanel)
    assert panel is not None
    before = panel._made
    shell.tell_done(add_note(shell.office, dossier.id, "Đã gọi điện cho người nộp"))
    settle(qtbot, program)
    assert panel._made is not None
    assert panel._made is not before


# --- scanners

CARD = "038188004217|171902345|Nguyễn Thị Đặng Hường|14031988|Nữ|Thôn Đông Hải, xã Tân Hòa|25042021"


def scan(shell: Shell, text: str) -> None:
    """As a scanner types: all at once, Enter at the end, into whatever has the focus."""
    for letter in text:
        type_text(shell.focusWidget() or shell, letter)
    QTest.keyClick(shell.focusWidget() or shell, Qt.Key.Key_Return)


def test_a_card_scanned_anywhere_begins_an_intake(qtbot: QtBot, program: Program, shell: Shell) -> None:
    shell.go("search")
    settle(qtbot, program)
    scan(shell, CARD)
    page = shell.page("receive")
    assert shell.place == "receive"
    assert isinstance(page, ReceivePage)
    assert page.fields.owner.typed().name == "Nguyễn Thị Đặng Hường"
    shell.go("hand_out")
    settle(qtbot, program)
    scan(shell, CARD)
    assert shell.place == "hand_out"


def test_the_code_of_a_receipt_opens_its_dossier(qtbot: QtBot, program: Program, shell: Shell) -> None:
    row = shell.worklist.newest(limit=3)[2].row
    shell.go("search")
    settle(qtbot, program)
    scan(shell, row.code)
    settle(qtbot, program, lambda: shell.place == "dossier")
    page = shell.page("dossier")
    assert isinstance(page, DossierPage)
    settle(qtbot, program, lambda: page.dossier is not None)
    assert page.dossier is not None
    assert page.dossier.id == row.id
    scan(shell, "H56.99.88-200101-0099")
    settle(qtbot, program)
    toast = shell.findChild(Toast)
    assert toast is not None
    assert toast.isVisible()


def test_a_locked_window_takes_no_card(qtbot: QtBot, program: Program, shell: Shell) -> None:
    shell.lock()
    settle(qtbot, program)
    scan(shell, CARD)
    assert shell.page("receive") is None


def test_f7_leads_to_the_scan_box_of_the_page_or_of_the_intake(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    shell.go("hand_out")
    page = shell.page("hand_out")
    assert isinstance(page, HandOutPage)
    press(shell, Qt.Key.Key_F7)
    assert shell.focusWidget() is page.box
    shell.go("queue")
    press(shell, Qt.Key.Key_F7)
    assert shell.place == "receive"
    assert "quét thẻ" in shell.focusWidget().accessibleName().lower()


# --- settings that hold at once


def test_the_days_that_count_as_soon_are_the_desks_choice(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    def soon() -> int:
        return next(shell.worklist.count(tab.view) for tab in shell.worklist.tabs() if tab.key == "soon")

    before = soon()
    shell.change_setting("queue.soon_days", 10)
    after = soon()
    assert after > before
    view = next(tab.view for tab in shell.worklist.tabs() if tab.key == "soon")
    assert {work.urgency for work in shell.worklist.page(view)} == {Urgency.SOON}
    sign_in_as(qtbot, program, shell, "u-duc")
    assert shell.worklist.soon_days == 10


def test_the_time_until_the_lock_holds_at_once(qtbot: QtBot, program: Program, shell: Shell) -> None:
    watch = shell.windowHandle().findChild(IdleWatch)
    assert watch is not None
    shell.change_setting("desk.lock_minutes", 3)
    assert watch._timer.interval() == 180_000
    shell.change_setting("desk.lock_minutes", 0)
    assert not watch._timer.isActive()


# --- the window


def test_a_window_left_on_a_lost_screen_is_brought_back() -> None:
    screens = [QRect(0, 0, 1920, 1040), QRect(1920, 0, 1280, 984)]
    here = QRect(2000, 50, 1000, 700)
    assert brought_back(here, screens) == here
    for lost in (QRect(5000, 50, 1000, 700), QRect(-1900, 50, 1000, 700), QRect(100, -900, 1000, 700)):
        back = brought_back(lost, screens)
        assert screens[0].contains(back)
        assert back.size() == lost.size()
    assert brought_back(QRect(9000, 0, 4000, 3000), screens).size() == screens[0].size()


def test_the_window_stands_where_it_stood(
    qtbot: QtBot, app: QApplication, office: Profile, tmp_path: Path
) -> None:
    profile = copy_of(office, tmp_path)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    wanted = QRect(screen.x() + 20, screen.y() + 30, 900, 600)
    with running(profile) as program:
        shell = opened(qtbot, program)
        shell.setGeometry(wanted)
        qtbot.waitUntil(lambda: shell.geometry().topLeft() == wanted.topLeft(), timeout=30_000)
    with running(profile) as program:
        assert program.shell is not None
        assert program.shell.geometry().topLeft() == wanted.topLeft()


def test_at_1024_by_700_nothing_is_wider_than_the_window(
    qtbot: QtBot, program: Program, shell: Shell
) -> None:
    shell.resize(1024, 700)
    for place in ("queue", "settings", "help"):
        shell.go(place)
        settle(qtbot, program)
        assert shell.width() == 1024
    shell.resize(*SIZE)


# --- words

ENGLISH = re.compile(
    r"\b(the|and|ok|cancel|open|close|save|yes|no|not|file|error|warning|print|search|help|settings|loading"
    r"|untitled|copy|paste|undo|redo|delete|select|all|page|of|font|size|next|back|finish|apply)\b",
    re.IGNORECASE,
)
OURS = re.compile(
    r"(A4|A5|USB|COM\d*|Serial|Virtual|Ctrl\S*|Shift\S*|Esc|Enter|Alt\+Insert|Alt\+Delete|Alt|QR|PDF|F\d+"
    r"|/dev\S*|Caps Lock)"
)


def words_of(root: QWidget) -> Iterator[str]:
    for part in [root, *root.findChildren(QWidget)]:
        yield from (part.toolTip(), part.accessibleName(), part.accessibleDescription(), part.windowTitle())
        if isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        elif isinstance(part, QLineEdit):
            yield part.placeholderText()
        elif isinstance(part, QComboBox):
            yield from (part.itemText(row) for row in range(part.count()))
    yield from (action.text() for action in root.findChildren(QAction))


def test_no_english_stands_anywhere(qtbot: QtBot, program: Program, shell: Shell) -> None:
    for place in EVERY_PLACE:
        shell.go(place)
        settle(qtbot, program)
    shell.show_keys()
    shell.lock()
    said = {words for words in words_of(shell) if words}
    assert len(said) > 150
    english = {words for words in said if ENGLISH.search(OURS.sub("", words))}
    assert not english


def test_icon_buttons_and_tables_have_names(shell: Shell) -> None:
    for button in shell.findChildren(QAbstractButton):
        if button.isVisible() and not button.objectName().startswith("qt_"):
            assert button.accessibleName() or button.text(), button
