"""Chip, panel and truth line, fed with what the runner and the store say; looked at in light and dark."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.moment import VIETNAM
from onestop.office.deeds import add_note
from onestop.store.peers import add_peer, change_peer
from onestop.store.tables import entries, outbox
from onestop.store.truth import Truth
from onestop.store.whereabouts import Whereabouts, is_joined, list_waiting, whereabouts_of
from onestop.sync.status import PHASES, SyncStatus
from tests.ui.desk import SIZE, opened, settle
from tests.ui.practice_desk import Desk
from ui import look
from ui.app import Program
from ui.look import apply_look
from ui.pages.queue import QueuePage
from ui.shell import Shell
from ui.sync import REST_MS, Line
from ui.sync_facts import Facts, Waiting, read_facts, read_truth, truth_told
from ui.sync_panel import SyncPanel, bars_of, progress_words
from ui.sync_words import chip_look, next_try_words
from ui.tasks import Tasks
from ui.widgets.truth import Stop, TruthLine

NOW = datetime(2026, 11, 20, 10, 45, tzinfo=VIETNAM)
SYNCED = SyncStatus("synced", NOW, last_success=NOW - timedelta(minutes=3), peer="root")
OFFLINE = SyncStatus(
    "offline",
    NOW - timedelta(minutes=20),
    last_success=NOW - timedelta(minutes=21),
    waiting_dossiers=3,
    oldest=NOW - timedelta(minutes=19),
    words_of_failure="Không có đường truyền tới máy chủ.",
    next_try=NOW + timedelta(seconds=12),
)
SENDING = SyncStatus(
    "sending",
    NOW,
    last_success=NOW,
    sent=3,
    to_send=7,
    blobs_left=2,
    bytes_left=43 * 1024 * 1024,
    rate=123_000.0,
    seconds_left=240,
    waiting_dossiers=2,
    peer="relay",
)
CONTROL = Qt.KeyboardModifier.ControlModifier


# --- the chip


def test_the_chip_says_the_words_that_were_agreed() -> None:
    assert chip_look(SYNCED, NOW).words == "Đã đồng bộ 10:42"
    assert chip_look(SENDING, NOW).words == "Đang gửi 3/7"
    assert chip_look(OFFLINE, NOW).words == "Ngoại tuyến · 3 hồ sơ chờ gửi"
    assert chip_look(replace(SYNCED, conflicts=1), NOW).words == "Có 1 xung đột"
    assert chip_look(SyncStatus("alone", NOW), NOW).words == "Ngoại tuyến · làm việc tại máy"


def test_offline_is_a_state_and_never_red(app: QApplication) -> None:
    for phase in PHASES:
        for conflicts in (0, 2):
            chip = chip_look(SyncStatus(phase, NOW, conflicts=conflicts), NOW)
            assert chip.role not in {"error", "danger", "overdue"}
            look.pixmap(chip.icon)  # it is shipped
    assert chip_look(OFFLINE, NOW).role == "dim"
    assert chip_look(replace(OFFLINE, conflicts=2), NOW).role == "warning_icon"


def test_the_next_try_is_counted_down() -> None:
    assert next_try_words(OFFLINE, NOW) == "Thử lại sau 12 giây"
    assert next_try_words(OFFLINE, NOW + timedelta(seconds=13)) == "Đang thử lại…"
    assert next_try_words(SYNCED, NOW) == ""


# --- the line


class Counted:
    """A runner that keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def start(self) -> None:
        self.asked.append("start")

    def stop(self) -> None:
        self.asked.append("stop")

    def poke(self) -> None:
        self.asked.append("poke")

    def sync_now(self) -> None:
        self.asked.append("sync_now")


def test_the_window_hears_five_words_a_second_and_the_last_one(qtbot: QtBot, app: QApplication) -> None:
    line, heard = Line(), list[int]()
    line.status_changed.connect(lambda status: heard.append(status.sent))

    def talk() -> None:
        for number in range(1, 501):
            line.take_status(replace(SENDING, sent=number, to_send=500))
            time.sleep(0.001)

    thread, begun = Thread(target=talk), time.monotonic()
    thread.start()
    qtbot.waitUntil(lambda: heard[-1:] == [500], timeout=30_000)
    thread.join()
    took = time.monotonic() - begun
    assert len(heard) <= took * 1000 / REST_MS + 2
    assert heard == sorted(heard)
    assert line.status is not None
    assert line.status.sent == 500


def test_news_are_gathered_and_none_is_lost(qtbot: QtBot, app: QApplication) -> None:
    line, heard = Line(), list[frozenset[str]]()
    line.news_came.connect(heard.append)
    wanted = {f"d{number}" for number in range(40)}

    def talk() -> None:
        for each in sorted(wanted):
            line.take_news(frozenset({each}))
            time.sleep(0.01)

    thread = Thread(target=talk)
    thread.start()
    qtbot.waitUntil(lambda: set().union(*heard) == wanted, timeout=30_000)
    thread.join()
    assert len(heard) <= 4


# --- the panel

FACTS = Facts(
    Whereabouts(1204, 1202, 1197, 900, is_joined=True, has_relay=True),
    3,
    (
        Waiting("d1", "H56.99.88-261120-0012", NOW - timedelta(days=2), "Chờ gửi"),
        Waiting("d2", "H56.99.88-261120-0013", NOW - timedelta(minutes=9), "Đã ở cơ quan, chờ lên tỉnh"),
        Waiting("d3", "H56.99.88-261120-0014", NOW, "Máy đang bị khoá vì nghi bị sao chép"),
    ),
)


@pytest.fixture
def panel(qtbot: QtBot, app: QApplication) -> SyncPanel:
    made = SyncPanel()
    qtbot.addWidget(made)
    made.resize(408, 640)
    made.show()
    return made


def test_nothing_moves_while_numbers_change(panel: SyncPanel, qtbot: QtBot) -> None:
    panel.show_status(SENDING, NOW)
    panel.show_facts(FACTS, NOW)
    parts = (panel.bar, panel.bars, panel.table, panel.now)
    qtbot.wait(50)
    before = [part.geometry() for part in parts]
    for sent in range(4, 8):
        panel.show_status(replace(SENDING, sent=sent, rate=sent * 50_000.0, seconds_left=9), NOW)
        panel.show_facts(replace(FACTS, where=replace(FACTS.where, at_province=1197 + sent)), NOW)
        qtbot.wait(20)
    assert [part.geometry() for part in parts] == before


def test_every_line_has_its_room_in_a_low_window(panel: SyncPanel, qtbot: QtBot) -> None:
    panel.resize(388, 580)
    panel.show_status(replace(OFFLINE, clock_off_seconds=900, shelf=1), NOW)
    panel.show_facts(FACTS, NOW)
    qtbot.wait(30)
    assert panel.minimumSizeHint().height() <= 580
    parts = (panel.bars, panel.table, panel.now, panel.bundle)
    for upper, lower in pairwise(parts):
        assert (
            upper.mapTo(panel, upper.rect().bottomLeft()).y() < lower.mapTo(panel, lower.rect().topLeft()).y()
        )
    assert panel.bars.height() >= panel.bars.sizeHint().height()


def test_progress_and_places_are_said_in_words(panel: SyncPanel) -> None:
    assert progress_words(SENDING) == "3/7 bút ký · 0,1 MB/giây · còn khoảng 4 phút"
    panel.show_facts(FACTS, NOW)
    spoken = panel.bars.accessibleName()
    assert "Tại tỉnh: 1.197/1.204" in spoken
    alone = bars_of(Facts(Whereabouts(8, 0, 0, 0, is_joined=False, has_relay=False), 0, ()))
    assert [bar.numbers for bar in alone] == ["8", "không qua", "không qua", "không qua"]


def test_a_desk_alone_is_offered_to_join(panel: SyncPanel) -> None:
    panel.show_status(SyncStatus("alone", NOW), NOW)
    assert panel.join.isVisible()
    assert not panel.now.isVisible()
    panel.show_status(replace(SYNCED, phase="trouble"), NOW)
    assert panel.retry.isVisible()


# --- the store's side


@pytest.fixture
def desk(app: QApplication, tmp_path: Path, tasks: Tasks) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    made.close()


def test_whereabouts_of_a_desk_alone_and_of_a_joined_one(desk: Desk) -> None:
    first, second = desk.receive(), desk.receive()
    assert not is_joined(desk.rows)
    assert read_facts(desk.rows).waiting == ()
    with desk.store.write() as connection:
        add_peer(connection, "log", "root", "e1", b"k" * 32)
        connection.execute(entries.update().where(entries.c.n == 1).values(cursor=5))
        connection.execute(outbox.delete().where(outbox.c.entry == 1))
        change_peer(connection, "log", durable=5)
    where = whereabouts_of(desk.rows)
    assert (where.saved, where.at_province, where.backed_up, where.has_relay) == (2, 1, 1, False)
    (waits,) = list_waiting(desk.rows)
    assert (waits.dossier, waits.code) == (second.id, second.code)
    told = read_truth(desk.rows, first.id, NOW)
    assert told.stops[-1].mark == "done"
    assert read_truth(desk.rows, second.id, NOW).reason == "1 bút ký chờ gửi lên tỉnh."


# --- the truth line

AT = NOW - timedelta(minutes=5)
WHOLE = Truth(AT, AT + timedelta(seconds=2), AT + timedelta(minutes=1), True, 0, "")
STUCK = Truth(AT, None, None, False, 2, "Máy đang bị khoá vì nghi bị sao chép")


def test_the_truth_line_reads_well_aloud(qtbot: QtBot, app: QApplication) -> None:
    line = TruthLine()
    qtbot.addWidget(line)
    told = truth_told(WHOLE, True, NOW)
    line.show_stops(told.stops, told.reason, told.is_trouble)
    assert line.accessibleName() == (
        "Hồ sơ đang ở đâu: đã lưu tại quầy lúc 10:40; tại cơ quan lúc 10:40; tại tỉnh lúc 10:41; đã sao lưu"
    )
    told = truth_told(STUCK, True, NOW)
    line.show_stops(told.stops, told.reason, told.is_trouble)
    assert "tại cơ quan: chưa, đang vướng" in line.accessibleName()
    assert line.accessibleName().endswith("Máy đang bị khoá vì nghi bị sao chép")


def test_a_desk_without_a_relay_says_so() -> None:
    told = truth_told(replace(WHOLE, office_at=WHOLE.province_at), True, NOW)
    assert [stop.mark for stop in told.stops] == ["done", "passed", "done", "done"]
    alone = truth_told(Truth(AT, None, None, False, 1, ""), False, NOW)
    assert "chưa nối máy chủ" in alone.reason


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_truth_lines_fit_their_room(qtbot: QtBot, app: QApplication, pictures: Path, theme: str) -> None:
    apply_look(app, theme)
    for number, (truth, width) in enumerate(((WHOLE, 900), (STUCK, 900), (WHOLE, 560), (STUCK, 300))):
        line = TruthLine(is_compact=width == 300)
        qtbot.addWidget(line)
        told = truth_told(truth, True, NOW)
        line.show_stops(told.stops, told.reason, told.is_trouble)
        line.resize(width, line.sizeHint().height())
        line.show()
        assert line.minimumSizeHint().width() <= width
        line.grab().save(str(pictures / f"truth_{number}_{theme}.png"))
    assert Stop("user", "x").mark == "open"


# --- in the window


@pytest.fixture
def shell(qtbot: QtBot, program: Program) -> Shell:
    made = opened(qtbot, program)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(shell: Shell, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(shell.focusWidget() or shell, key, modifier)


def test_a_key_opens_the_panel_and_closes_it_again(qtbot: QtBot, program: Program, shell: Shell) -> None:
    before = shell.focusWidget()
    press(shell, Qt.Key.Key_D, CONTROL)
    settle(qtbot, program, shell._sync.isVisible)
    focused = shell.focusWidget()
    assert focused is not None
    assert shell._sync.isAncestorOf(focused)
    press(shell, Qt.Key.Key_D, CONTROL)
    assert not shell._sync.isVisible()
    assert shell.focusWidget() is before
    shell._head.line.click()
    assert shell._sync.isVisible()
    press(shell, Qt.Key.Key_Escape)
    assert not shell._sync.isVisible()


def test_f5_means_sync_now_and_an_act_pokes(qtbot: QtBot, program: Program, shell: Shell) -> None:
    worker = Counted()
    shell.line.start(worker)
    press(shell, Qt.Key.Key_F5)
    assert "sync_now" in worker.asked
    shell.go("tray")
    settle(qtbot, program)
    worker.asked.clear()
    press(shell, Qt.Key.Key_F5)
    assert worker.asked == ["sync_now"]
    shell.tell_done(add_note(shell.office, _first(shell), "Đã gọi điện."))
    assert worker.asked[-1] == "poke"
    shell.line.stop()
    assert worker.asked[-1] == "stop"


def _first(shell: Shell) -> str:
    page = shell.page("queue")
    assert isinstance(page, QueuePage)
    row = page.table.rows.row(0)
    assert row is not None
    return row.id


def test_chip_and_panel_are_looked_at(
    qtbot: QtBot, program: Program, shell: Shell, pictures: Path, app: QApplication
) -> None:
    now = shell.worklist.now()
    statuses = {
        "synced": replace(SYNCED, since=now, last_success=now),
        "offline": replace(
            OFFLINE, since=now - timedelta(minutes=20), next_try=now + timedelta(seconds=12), oldest=now
        ),
        "sending": replace(SENDING, last_success=now, since=now),
        "conflict": replace(SYNCED, since=now, last_success=now, conflicts=1, shelf=2),
        "clock": replace(SYNCED, since=now, last_success=now, clock_off_seconds=900),
    }
    shell._sync.open_panel()
    for name, status in statuses.items():
        shell.line.show(status)
        settle(qtbot, program)
        if name != "clock":
            shell._sync.panel().show_facts(FACTS, now)
        for theme in ("light", "dark"):
            apply_look(app, theme)
            for size in (SIZE, (1024, 700)):
                shell.resize(*size)
                for _ in range(3):
                    QApplication.processEvents()
                shell.grab().save(str(pictures / f"sync_{name}_{theme}_{size[0]}.png"))
        apply_look(app, "light")
    chip = shell._head.line
    assert chip.accessibleName().startswith("Đã đồng bộ")
    assert "nhanh 15 phút" in chip.toolTip()


def test_nothing_is_modal(qtbot: QtBot, program: Program, shell: Shell) -> None:
    for status in (SYNCED, OFFLINE, replace(OFFLINE, conflicts=3), replace(SYNCED, phase="trouble")):
        shell.line.show(status)
        assert QApplication.activeModalWidget() is None
        assert shell.isEnabled()
