"""A real program on a real practice store for the tests of the window."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from onestop.office.found import found_practice, open_office
from onestop.office.founding import found
from onestop.office.practice import fill_practice
from onestop.paths import Profile
from onestop.store.store import Store
from ui.app import Program, Wish
from ui.clock import machine_clock
from ui.shell import Shell

SIZE = (1366, 768)


def practice(folder: Path) -> Profile:
    """A profile with the practice office and its dossiers."""
    profile = Profile(folder, "practice")

    def make(store: Store) -> None:
        now = machine_clock()
        found_practice(store, now)
        fill_practice(open_office(store, lambda: now, lambda: ("boot", 1)), now)

    found(profile, make)
    return profile


def copy_of(profile: Profile, folder: Path) -> Profile:
    """The same office once more: tests may write into it."""
    shutil.copytree(profile.data_dir, folder, dirs_exist_ok=True)
    return Profile(folder, profile.name)


@contextmanager
def running(profile: Profile, *, is_demo: bool = False, is_safe: bool = False) -> Iterator[Program]:
    """Begun as `run_desk` does, without its event loop; ended whatever happens."""
    program = Program(Wish(profile, is_demo=is_demo, is_safe=is_safe))
    program.begin()
    try:
        yield program
    finally:
        windows = [window for window in (program.shell, program.start_window) if window]
        program.end()
        for window in windows:
            window.hide()
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def opened(qtbot: QtBot, program: Program) -> Shell:
    """The shell, when the office has been opened and nothing is awaited."""
    qtbot.waitUntil(lambda: program.shell is not None and program.shell.is_open, timeout=20_000)
    shell = program.shell
    assert shell is not None
    shell.resize(*SIZE)
    settle(qtbot, program)
    return shell


def settle(qtbot: QtBot, program: Program, until: Callable[[], bool] = lambda: True) -> None:
    """Until nothing is awaited, and `until` holds."""
    qtbot.waitUntil(lambda: program.tasks.is_idle() and until(), timeout=20_000)
