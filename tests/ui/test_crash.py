"""What breaks is kept, said once and calmly, and the program lives on."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.paths import Profile
from tests.ui.desk import copy_of, opened, practice, running
from ui.bug_box import BugDialog
from ui.chrome import MessageBar
from ui.crash import Bugs, CrashLog, code_of, redact
from ui.widgets import Button

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TRACE = 'Traceback\n  File "/a/b/c.py", line 7, in f\nValueError: 038188004217 of 0912000101\n'


def test_numbers_of_persons_are_hidden_and_the_code_is_the_same_again() -> None:
    assert "038188004217" not in redact(TRACE)
    assert "0912000101" not in redact(TRACE)
    assert "line 7" in redact(TRACE)
    assert code_of(TRACE) == code_of(TRACE.replace("038188004217", "040064003371").replace("/a/b", "D:\\x"))
    assert code_of(TRACE) != code_of(TRACE.replace("line 7", "line 8"))
    assert code_of(TRACE).startswith("TN-")
    assert len(code_of(TRACE)) == 7


def test_many_errors_at_once_are_one_box(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    bugs = Bugs(CrashLog(tmp_path), "1.2.3")
    for _ in range(50):
        bugs.take_trace(TRACE)
    qtbot.waitUntil(lambda: bugs.dialog is not None, timeout=30_000)
    dialog = bugs.dialog
    assert isinstance(dialog, BugDialog)
    focused = dialog.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Đóng"
    details = dialog.details.toPlainText()
    assert "1.2.3" in details
    assert details.count("ValueError") == 1
    assert "038188004217" not in details
    assert not dialog.details.isVisible()
    dialog.show_details()
    assert dialog.details.isVisible()
    dialog.copy()
    assert dialog.code in QApplication.clipboard().text()
    kept = (tmp_path / "bugs.log").read_text(encoding="utf-8")
    assert kept.count("ValueError") == 50
    assert "038188004217" not in kept
    dialog.close()
    qtbot.waitUntil(lambda: bugs.dialog is None, timeout=30_000)


def test_an_exception_in_a_slot_is_said_and_the_program_lives(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    bugs = Bugs(CrashLog(tmp_path), "1.2.3")
    button = Button("Nút")
    qtbot.addWidget(button)
    button.clicked.connect(_break)
    with pytest.MonkeyPatch.context() as patched:
        # pytest-qt puts its own hook in place; the program has none before ours
        patched.setattr(sys, "excepthook", sys.__excepthook__)
        bugs.install()
        QTimer.singleShot(0, button.click)
        qtbot.waitUntil(lambda: bugs.dialog is not None, timeout=30_000)
        bugs.uninstall()
    assert bugs.dialog is not None
    assert "ZeroDivisionError" in bugs.dialog.details.toPlainText()
    bugs.dialog.close()


def _break() -> None:
    print(1 // 0)


def test_a_segmentation_fault_is_told_at_the_next_start(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    profile = practice(tmp_path)
    died = (
        "import faulthandler, sys\nfrom pathlib import Path\nfrom ui.crash import CrashLog\n"
        "CrashLog(Path(sys.argv[1])).watch()\nfaulthandler._sigsegv()\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", died, str(profile.logs)], cwd=ROOT, env=environment, check=False
    )
    assert done.returncode != 0
    with running(profile) as program:
        shell = opened(qtbot, program)
        banner = shell.findChild(MessageBar, "banner")
        assert banner is not None
        assert "tắt đột ngột" in banner.title()
        assert any(button.text() == "Mở bản nháp" for button in banner.findChildren(Button))
    with running(profile) as program:
        shell = opened(qtbot, program)
        banner = shell.findChild(MessageBar, "banner")
        assert banner is not None
        assert not banner.title()
    assert list(profile.logs.glob("crash-*.log"))


def test_a_program_that_ended_well_says_nothing(tmp_path: Path) -> None:
    log = CrashLog(tmp_path / "logs")
    log.watch()
    log.ended_well()
    assert not CrashLog(tmp_path / "logs").died_last_time(NOW)


def test_broken_settings_are_kept_aside_and_told(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    profile = copy_of(practice(tmp_path / "a"), tmp_path / "b")
    (profile.folder / "settings.toml").write_text("look = [", encoding="utf-8")
    with running(Profile(tmp_path / "b", "practice")) as program:
        shell = opened(qtbot, program)
        banner = shell.findChild(MessageBar, "banner")
        assert banner is not None
        assert banner.title() == "Xem lại thiết lập"
    assert list(profile.folder.glob("settings.toml.broken-*"))
