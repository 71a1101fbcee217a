"""From the command line to the first window: what is loaded, what is said when it cannot open."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.office.found import Founding, found_office
from onestop.office.founding import found
from onestop.paths import Profile
from onestop.store.cipher import connect
from onestop.store.migrations import NEWEST
from onestop.store.vault import load_key
from tests.ui.desk import copy_of, opened, running, settle
from ui.clock import machine_clock
from ui.opening import READ_AT_ONCE
from ui.pages.first_start import FirstStartPage
from ui.start import PassphrasePage, ProblemPage

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "sqlalchemy", "reportlab", "httpx", "openpyxl", "argon2", "segno", "PIL", "pypdfium2", "holidays",
    "alembic", "cryptography", "serial", "zxingcpp", "keyring", "email", "unittest", "tomllib",
    "PySide6.QtNetwork", "onestop.domain.dossier", "onestop.domain.procedure", "onestop.store.store",
    "ui.start", "ui.bug_box", "ui.idle", "ui.pages.receive", "ui.printing", "ui.devices",
}  # fmt: skip

AT_FIRST_PAINT = """
import json, sys
from pathlib import Path
from onestop.paths import Profile
from ui.app import Program, Wish, make_application
app = make_application(["onestop"])
program = Program(Wish(Profile(Path(sys.argv[1]), "practice")))
program.painted.connect(lambda: (print(json.dumps(sorted(sys.modules))), app.quit()))
program.begin()
app.exec()
rows = program.shell.page("queue").table.model().rowCount()
program.end()
print(rows)
"""


def run(*words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


def problem_of(program: object) -> ProblemPage:
    window = getattr(program, "start_window", None)
    page = window.centralWidget() if window else None
    assert isinstance(page, ProblemPage)
    return page


def test_the_window_reads_the_newest_store_at_once() -> None:
    assert READ_AT_ONCE == NEWEST


def test_nothing_heavy_is_loaded_at_the_first_paint(office: Profile, tmp_path: Path) -> None:
    profile = copy_of(office, tmp_path)
    done = run("-c", AT_FIRST_PAINT, str(profile.data_dir))
    assert done.returncode == 0, done.stderr
    modules, rows = done.stdout.splitlines()
    loaded = set(json.loads(modules))
    assert "sqlcipher3" in loaded
    assert not HEAVY & loaded
    assert int(rows) > 10


def test_no_class_of_qt_is_loaded_for_nothing(office: Profile, tmp_path: Path) -> None:
    """Asking Qt for a widget it made itself (`viewport()`) loads every kind of widget there is."""
    profile = copy_of(office, tmp_path)
    watch = "import enum, sys\nmade = []\nmake = enum.EnumType.__new__\n"
    watch += "def seen(*a, **k):\n    made.append(a[1])\n    return make(*a, **k)\n"
    watch += "enum.EnumType.__new__ = seen\n"
    words = watch + "import main\nmain.main(sys.argv[1:])\nprint(*made)"
    done = run("-c", words, "--data-dir", str(profile.data_dir), "--demo", "--time-start")
    made = done.stdout.split()
    assert "WindowType" in made, done.stderr
    assert not {"WizardButton", "ColorDialogOption", "DockWidgetFeature"} & set(made)


def test_the_time_of_the_first_paint_is_said_and_the_program_ends(office: Profile, tmp_path: Path) -> None:
    profile = copy_of(office, tmp_path)
    done = run("main.py", "--data-dir", str(profile.data_dir), "--demo", "--time-start")
    words = [line.split()[0] for line in done.stdout.splitlines()]
    assert (done.returncode, words) == (0, ["painted"]), done.stderr
    assert "Recursive repaint" not in done.stderr


def test_the_practice_office_is_made_while_a_window_says_so(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with running(Profile(tmp_path, "practice"), is_demo=True) as program:
        window = program.start_window
        assert window is not None
        assert window.isVisible()
        shell = opened(qtbot, program)
        assert program.start_window is None
        assert shell.office.catalogue.is_practice
        assert shell.page("queue") is not None


def test_a_first_start_asks_and_then_opens_the_office(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with running(Profile(tmp_path, "ward")) as program:
        assert program.start_window is not None
        page = program.start_window.centralWidget()
        assert isinstance(page, FirstStartPage)
        page.send()
        wrong = {name for name, field in page.fields.items() if field.error()}
        assert wrong == {"agency_code", "agency_name", "place", "officer_name"}
        page.fields["agency_code"].set_text("h56.99.88")
        page.fields["agency_name"].set_text("UBND xã Tân Hòa")
        page.fields["place"].set_text("Tân Hòa")
        page.fields["officer_name"].set_text("Trần Thị Mai")
        page.passphrase.set_text("ngắn")
        page.again.set_text("khác")
        page.send()
        assert page.passphrase.error()
        page.passphrase.set_text("một mật khẩu dài")
        page.send()
        assert page.again.error()
        page.again.set_text("một mật khẩu dài")
        page.send()
        shell = opened(qtbot, program)
        assert shell.office.catalogue.agency.code == "H56.99.88"
        assert "Trần Thị Mai" not in shell.windowTitle()


def test_a_wrong_passphrase_is_said_in_place_and_the_right_one_opens(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    profile = Profile(tmp_path, "ward")
    form = Founding("H56.99.88", "UBND xã Tân Hòa", "", "Tân Hòa", 1, "Quầy 01", "Trần Thị Mai")
    found(profile, lambda store: found_office(store, form, machine_clock()), "mật khẩu đúng")
    with running(profile) as program:
        assert program.start_window is not None
        page = program.start_window.centralWidget()
        assert isinstance(page, PassphrasePage)
        page.field.set_text("mật khẩu sai")
        page.open.click()
        settle(qtbot, program, page.isEnabled)
        assert "không đúng" in page.field.error()
        assert page.field.text() == ""
        page.field.set_text("mật khẩu đúng")
        page.open.click()
        opened(qtbot, program)


def test_a_wrong_key_shows_a_page_and_retry_opens_once_it_is_mended(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path
) -> None:
    profile = copy_of(office, tmp_path)
    vault = profile.folder / "vault.json"
    right = vault.read_text()
    vault.write_text(json.dumps({"kept": "file", "key": "A" * 43 + "="}))
    with running(profile) as program:
        page = problem_of(program)
        assert "sai khoá" in page.title.text()
        assert "Traceback" not in page.words.text()
        vault.write_text(right)
        page.retry.click()
        opened(qtbot, program)


def _make_newer(profile: Profile) -> None:
    connection = connect(profile.database, load_key(profile.folder))
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda p: (p.folder / "vault.json").write_text("{"), "bị hỏng"),
        (lambda p: (p.folder / "vault.json").unlink(), "vault.json"),
        (lambda p: p.database.unlink(), "onestop.db"),
        (lambda p: p.database.write_bytes(b"x" * 8192), "sai khoá hoặc tệp bị hỏng"),
        (_make_newer, "mới hơn"),
    ],
)
def test_what_stands_in_the_way_is_said(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path, harm: object, words: str
) -> None:
    profile = copy_of(office, tmp_path)
    assert callable(harm)
    harm(profile)
    with running(profile, is_demo=True) as program:
        settle(qtbot, program)
        assert words in problem_of(program).title.text()


def test_another_folder_can_be_chosen(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path
) -> None:
    broken, whole = copy_of(office, tmp_path / "broken"), copy_of(office, tmp_path / "whole")
    (broken.folder / "vault.json").unlink()
    with running(broken) as program:
        problem_of(program)
        program.use_folder(whole.data_dir)
        assert opened(qtbot, program).office.catalogue.is_practice


def test_a_folder_that_cannot_be_written_is_said(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("a file in the way")
    with running(Profile(tmp_path, "practice"), is_demo=True) as program:
        settle(qtbot, program)
        page = problem_of(program)
        assert page.title.text() == "Không ghi được vào thư mục dữ liệu"


# --- the commands


def test_verify_and_rebuild_say_what_they_found(office: Profile, tmp_path: Path) -> None:
    profile = copy_of(office, tmp_path)
    where = ("--data-dir", str(profile.data_dir), "--profile", profile.name)
    clean = run("main.py", "verify", *where)
    assert clean.returncode == 0, clean.stderr
    assert "Không có sai lệch." in clean.stdout
    connection = connect(profile.database, load_key(profile.folder))
    connection.execute("UPDATE dossiers SET owner_name = 'Người Khác' WHERE n = 3")
    connection.close()
    harmed = run("main.py", "verify", *where)
    assert harmed.returncode == 1
    assert "owner_name" in harmed.stdout
    assert "Có 1 sai lệch." in harmed.stdout
    mended = run("main.py", *where, "rebuild")
    assert mended.returncode == 0, mended.stdout
    assert "Đã dựng lại 34 hồ sơ" in mended.stdout


def test_a_command_without_a_store_says_so(tmp_path: Path) -> None:
    done = run("main.py", "verify", "--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert "Chưa có kho dữ liệu" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_profile_name_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    done = run("main.py", "--profile", "../x", "--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert "Tên hồ sơ cấu hình không hợp lệ" in done.stderr


def test_the_self_test_passes() -> None:
    done = run("main.py", "selftest", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    *parts, last = done.stdout.splitlines()
    assert len(parts) >= 8
    assert all(part.startswith("đạt  ") for part in parts), last


# --- one program for each profile


def test_a_second_start_raises_the_first_and_ends(office: Profile, tmp_path: Path) -> None:
    profile = copy_of(office, tmp_path)
    words = ["main.py", "--data-dir", str(profile.data_dir), "--profile", profile.name]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    first = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment)
    try:
        _await_instance(profile)
        second = run(*words)
        assert (second.returncode, second.stdout) == (0, "")
        other = shutil.copytree(profile.folder, profile.folder.with_name("other"))
        third = run("main.py", "--data-dir", str(profile.data_dir), "--profile", other.name, "--time-start")
        assert "painted" in third.stdout
        assert first.poll() is None
    finally:
        first.kill()  # as a power cut: its socket stays behind
        first.wait(10)
    again = run(*words, "--time-start")
    assert "painted" in again.stdout


def _await_instance(profile: Profile) -> None:
    import time

    from ui.instance import raise_first

    until = time.monotonic() + 20
    while not raise_first(profile):
        assert time.monotonic() < until
        time.sleep(0.1)
