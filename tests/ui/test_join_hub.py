"""A desk and a real hub on this machine: joining at once and later, a line that dies and comes back."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.office.deeds import add_note
from onestop.paths import Profile
from onestop.store.whereabouts import row_versions, whereabouts_of
from tests import hub_process
from tests.hub_process import Running
from tests.ui.desk import copy_of, opened, running, settle
from ui.app import Program
from ui.pages.dossier import DossierPage
from ui.pages.first_start import FirstStartPage
from ui.pages.queue import QueuePage
from ui.pages.settings import SettingsPage
from ui.shell import Shell
from ui.sync_courier import Courier
from ui.sync_join import JoinPage
from ui.tour.keys import press, type_text

CALM = 30_000


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with hub_process.running(tmp_path_factory.mktemp("hub"), "--demo") as made:
        yield made


def start_page(program: Program) -> object:
    assert program.start_window is not None
    return program.start_window.centralWidget()


def join_page(qtbot: QtBot, program: Program) -> JoinPage:
    first = start_page(program)
    assert isinstance(first, FirstStartPage)
    first.join.click()
    page = start_page(program)
    assert isinstance(page, JoinPage)
    page.window().activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def chip(shell: Shell) -> str:
    return shell._head.line.accessibleName()


def test_a_new_desk_joins_by_keys_and_is_ready(
    app: QApplication, qtbot: QtBot, hub: Running, tmp_path: Path, pictures: Path
) -> None:
    with running(Profile(tmp_path, "ward")) as program:
        page = join_page(qtbot, program)
        page.send()
        assert page.fields.address.error()
        assert page.fields.code.error()
        assert program.start_window is not None
        program.start_window.grab().save(str(pictures / "join_errors.png"))
        page.start()
        type_text(page.fields.address.editor, hub.url)
        type_text(page.fields.code.editor, "sai-ma")
        press(page.fields.code.editor, "Ctrl+Return")
        settle(qtbot, program, page.isEnabled)
        assert "Máy chủ không nhận mã ghép này" in page.fields.code.error()
        page.fields.code.set_text(hub.code())
        press(page.fields.code.editor, "Ctrl+Return")
        shell = opened(qtbot, program)
        assert shell.office.catalogue.agency.code == hub_process.PRACTICE
        assert len(shell.office.catalogue.officers) > 3
        assert shell.office.officer.roles
        qtbot.waitUntil(lambda: chip(shell).startswith("Đã đồng bộ"), timeout=CALM)


def test_a_hub_that_is_not_there_is_said_at_its_field(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with running(Profile(tmp_path, "ward")) as program:
        page = join_page(qtbot, program)
        page.fields.address.set_text("http://127.0.0.1:9")
        page.fields.code.set_text("ABCD")
        page.send()
        settle(qtbot, program, page.isEnabled)
        assert "Chưa ghép được với máy chủ" in page.fields.address.error()
        page.back.click()
        assert isinstance(start_page(program), FirstStartPage)


@contextmanager
def joined(qtbot: QtBot, office: Profile, folder: Path, hub: Running) -> Iterator[tuple[Program, Shell]]:
    """A practice desk with its dossiers, joined on the settings page."""
    with running(copy_of(office, folder)) as program:
        shell = opened(qtbot, program)
        qtbot.waitUntil(lambda: "làm việc tại máy" in chip(shell))
        shell.go("settings")
        page = shell.page("settings")
        assert isinstance(page, SettingsPage)
        card = page.server
        settle(qtbot, program, card.join.isVisible)
        card.fields.address.set_text(hub.url)
        card.fields.code.set_text(hub.code())
        card.join.click()
        settle(qtbot, program, card.addresses.isVisible)
        assert hub.url in card.addresses.text()
        yield program, shell


def test_a_desk_that_worked_alone_joins_and_sends_all_it_has(
    app: QApplication, qtbot: QtBot, office: Profile, hub: Running, tmp_path: Path, pictures: Path
) -> None:
    with joined(qtbot, office, tmp_path, hub) as (program, shell):
        qtbot.waitUntil(lambda: chip(shell).startswith(("Đã đồng bộ", "Có ")), timeout=CALM)
        rows = shell.worklist.rows
        qtbot.waitUntil(lambda: whereabouts_of(rows).at_province == whereabouts_of(rows).saved, timeout=CALM)
        shell.resize(1366, 768)
        shell.grab().save(str(pictures / "settings_joined.png"))
        shell.show_sync()
        settle(qtbot, program)
        shell.grab().save(str(pictures / "sync_joined.png"))
        shell.go("queue")
        queue = shell.page("queue")
        assert isinstance(queue, QueuePage)
        settle(qtbot, program)
        row = queue.table.rows.row(0)
        assert row is not None
        shell.go("dossier", row.id)
        page = shell.page("dossier")
        assert isinstance(page, DossierPage)
        settle(qtbot, program, lambda: bool(page.head.truth.stops()))
        assert [stop.mark for stop in page.head.truth.stops()] == ["done", "passed", "done", "open"]
        shell.grab().save(str(pictures / "truth_joined.png"))
        words = ("--office", hub_process.PRACTICE, "--name", "Đỗ Thị Mới", "--roles", "reception")
        hub_process.administer(hub.data, "officer", "add", "u-moi", *words, "--unit", "pvhcc")
        before = len(shell.office.catalogue.officers)
        qtbot.waitUntil(lambda: "u-moi" in str(row_versions(rows)), timeout=CALM)
        shell._wires.hear()
        settle(qtbot, program, lambda: len(shell.office.catalogue.officers) > before)
        Courier(shell, shell).write_to(tmp_path / "quay.mcb")
        settle(qtbot, program)
        assert not shell._errors.isVisible(), shell._errors.title()
        assert (tmp_path / "quay.mcb").read_bytes()  # sealed; nothing waits, so it is small


@contextmanager
def killable(data: Path) -> Iterator[Running]:
    """A hub that a test ends by force."""
    words = hub_process.command(data, "--demo", "--listen", "127.0.0.1:0")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=hub_process.environment()) as process:
        try:
            yield Running(process, hub_process._url(process), data, "")
        finally:
            process.kill()


def test_the_chip_goes_offline_when_the_hub_is_killed_and_comes_back(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path
) -> None:
    data = tmp_path / "hub"
    with killable(data) as first:
        port = first.url.rpartition(":")[2]
        with joined(qtbot, office, tmp_path / "desk", first) as (_, shell):
            qtbot.waitUntil(lambda: chip(shell).startswith(("Đã đồng bộ", "Có ")), timeout=CALM)
            first.process.send_signal(signal.SIGKILL)
            first.process.wait(10)
            killed = time.monotonic()
            qtbot.waitUntil(lambda: chip(shell).startswith("Ngoại tuyến"), timeout=30_000)
            assert time.monotonic() - killed < 20
            assert QApplication.activeModalWidget() is None
            queue = shell.page("queue")
            assert isinstance(queue, QueuePage)
            row = queue.table.rows.row(0)
            assert row is not None
            shell.tell_done(add_note(shell.office, row.id, "Ghi khi mất đường truyền."))
            qtbot.waitUntil(lambda: chip(shell) == "Ngoại tuyến · 1 hồ sơ chờ gửi", timeout=30_000)
            again = hub_process.command(data, "--listen", f"127.0.0.1:{port}")
            with subprocess.Popen(again, env=hub_process.environment()) as second:
                shell.line.sync_now()
                qtbot.waitUntil(lambda: chip(shell).startswith(("Đã đồng bộ", "Có ")), timeout=CALM)
                begun = time.monotonic()
                shell.line.stop()
                assert time.monotonic() - begun < 5
                second.terminate()
                second.wait(60)
