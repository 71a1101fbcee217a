"""The program with a window: what is built when, so that the work queue stands there at once.

Order: look, key, a narrow read of the store, window painted; only then the engine is imported
and the office opened, on the store's thread. Nothing heavy may be imported above that line
(tests/ui/test_start.py lists what is loaded at the first paint).
"""

import sys
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from onestop import __version__
from onestop.errors import OfficeError
from onestop.office.founding import is_new
from onestop.office.office import Clock, Monotonic
from onestop.paths import Profile
from onestop.store.vault import load_key, needs_passphrase
from ui import look
from ui.clock import MonotonicClock, machine_clock
from ui.crash import Bugs, CrashLog
from ui.doorway import Doorway
from ui.geometry import load_geometry, place_window, save_geometry
from ui.instance import Instance, alone
from ui.opening import NotFilled, Opening, glance_office
from ui.preferences import Preferences
from ui.shell import Shell
from ui.tasks import Bug, Sweep, Tasks
from ui.translate import translate_qt

if TYPE_CHECKING:  # the engine is imported behind the first paint
    from onestop.office.office import Office
    from onestop.store.store import Store
    from onestop.sync.runner import Runner
    from ui.idle import IdleWatch
    from ui.start import StartWindow


LISTEN_AFTER_MS = 400
"""A second start may ask from here on; it waits for us when it comes earlier."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for. `is_timed`: says when it is painted and ends.

    `hub`: a new desk joins this hub instead of working alone. `clock` and `monotonic` are the
    machine's; the tour brings its own, which walk through a week or a month.
    """

    profile: Profile
    is_demo: bool = False
    is_timed: bool = False
    is_safe: bool = False
    hub: str = ""
    clock: Clock = machine_clock
    monotonic: Monotonic = field(default_factory=MonotonicClock)


class Program(QObject):
    """Holds the parts for as long as the program runs, and opens one profile after another page."""

    painted = Signal()
    office_ready = Signal()
    ended = Signal()

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self.wish = wish
        self.shell: Shell | None = None
        self._key = b""
        self._opening: Opening | None = None
        self._store: Store | None = None
        self._idle: IdleWatch | None = None
        self._sweep: Sweep | None = None
        self._died = False
        self.crash_log = CrashLog(wish.profile.logs)
        self.bugs = Bugs(self.crash_log, __version__)
        self.tasks = Tasks(self._show_error, self._take_bug)
        self.preferences = Preferences(wish.profile, self.wish.clock(), wish.is_safe)
        self.door = Doorway(self.tasks)
        self.door.key_came.connect(self._key_came)
        self.door.window_made.connect(self.bugs.set_window)
        self.door.retried.connect(self.begin)
        self.door.practice_wanted.connect(self._go_to_practice)
        self.door.folder_chosen.connect(self.use_folder)
        self.door.closed.connect(self._close)

    # --- from the start to the first window

    def begin(self) -> None:
        """Shows the desk, or the page that says what is needed first."""
        self._died = self.crash_log.died_last_time(self.wish.clock())
        try:
            profile = self.wish.profile
            if is_new(profile):
                self._found(profile)
            elif needs_passphrase(profile.folder):
                self.door.ask_passphrase(profile)
            else:
                self._open(load_key(profile.folder))
        except OfficeError as error:
            self._show_problem(error)

    def _found(self, profile: Profile) -> None:
        if self.wish.hub and self.wish.is_demo:
            self.door.join_practice(profile, self.wish.hub)
        elif self.wish.hub:
            self.door.join(profile, self.wish.hub)
        elif self.wish.is_demo:
            self.door.make_practice(profile)
        else:
            self.door.found(profile)

    @property
    def start_window(self) -> "StartWindow | None":
        """What stands there while there is no desk yet."""
        return self.door.window

    def raise_window(self) -> None:
        """A second start of the same profile asked for it."""
        window: QWidget | None = self.shell or self.start_window
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    def end(self) -> None:
        """Lets go of everything; what is still to be written is written."""
        if self.shell is not None:
            self._keep_geometry(self.shell)
            self.shell.let_go()
        self.tasks.shutdown()
        if self._opening is not None:
            self._opening.glance.close()
        if self._store is not None:
            self._store.close()
        if self._sweep is not None:
            self._sweep.stop()
        self.crash_log.ended_well()
        self.ended.emit()

    def _open(self, key: bytes) -> None:
        self._key = key
        try:
            opening = glance_office(self.wish.profile, key, self.wish.clock)
        except NotFilled:
            self.door.fill(self.wish.profile, key)
            return
        if opening is None:
            self.door.bring_up(self.wish.profile, key)
            return
        self._opening = opening
        self.crash_log.watch()
        self.preferences.take_officer(opening.worklist.officer.id, self.wish.clock())
        self._show_shell(opening)

    def _show_shell(self, opening: Opening) -> None:
        shell = Shell(self.tasks, opening.worklist, opening.desk_name, self.preferences, __version__)
        self.shell = shell
        shell.apply_look()
        place_window(shell, load_geometry(self._geometry_file()))
        shell.painted.connect(self._window_painted)
        shell.closed.connect(self._close)
        shell.sign_in_wanted.connect(self._sign_in)
        shell.setting_changed.connect(self._setting_changed)
        shell.joined.connect(self._joined)
        self.bugs.set_window(shell)
        shell.start()
        shell.show()
        self.door.leave()

    @Slot()
    def _window_painted(self) -> None:
        """The work queue stands there: now the engine is imported."""
        if self.wish.is_timed:
            print(f"painted {time.monotonic() * 1000:.1f}", flush=True)
        self.painted.emit()
        if self.shell is None:
            return
        if self.wish.is_timed:
            QTimer.singleShot(0, self.shell.close)
            return
        self._sweep = Sweep(self)
        self.shell.settle()
        self._open_office()

    def _open_office(self) -> None:
        self.tasks.run(self, self._opened_office, self._take_office, self._show_problem, busy=False)
        if self.shell is not None and (handle := self.shell.windowHandle()):
            from ui.idle import IdleWatch

            self._idle = IdleWatch(handle, self.preferences.settings.number("desk.lock_minutes"))
            self._idle.idle.connect(self.shell.lock)

    def _opened_office(self) -> "tuple[Store, Office]":
        """On the store's thread: the engine is imported here."""
        from onestop.office.found import open_office
        from onestop.store.store import open_store

        store = open_store(self.wish.profile.database, self._key)
        return store, open_office(store, self.wish.clock, self.wish.monotonic)

    @Slot(str)
    def _setting_changed(self, key: str) -> None:
        if key == "desk.lock_minutes" and self._idle is not None:
            self._idle.set_minutes(self.preferences.settings.number(key))

    def _take_office(self, opened: "tuple[Store, Office]") -> None:
        self._store, office = opened
        if self.shell is not None:
            self.shell.take_office(office)
            self._tell_last_time(self.shell)
            self._begin_line(self.shell, office)
        self.office_ready.emit()

    def _begin_line(self, shell: Shell, office: "Office") -> None:
        """The line to the hub, if this desk has one; nothing waits for it."""
        from ui.sync_start import make_runner

        self.tasks.run(
            shell, lambda: make_runner(office, shell.line), partial(self._line_made, shell),
            where="files", busy=False,
        )  # fmt: skip

    def _line_made(self, shell: Shell, runner: "Runner | None") -> None:
        if runner is not None and shell is self.shell:
            shell.line.start(runner)
        elif runner is None:
            from onestop.sync.status import SyncStatus

            shell.line.show(SyncStatus("alone", self.wish.clock()))

    @Slot(object)
    def _joined(self, office: "Office") -> None:
        """This desk has a hub now, or another one."""
        if self.shell is not None:
            self.shell.line.stop()
            self.shell.take_office(office)
            self._begin_line(self.shell, office)

    def _tell_last_time(self, shell: Shell) -> None:
        if self._died:
            words = "Những gì đã lưu vẫn còn. Đơn đang nhập dở được giữ trong bản nháp."
            go = partial(shell.go, "receive")
            shell.show_notice("Lần trước chương trình bị tắt đột ngột", words, "Mở bản nháp", go)
        elif self.preferences.warning:
            go = partial(shell.go, "settings")
            shell.show_notice("Xem lại thiết lập", self.preferences.warning, "Thiết lập", go)

    @Slot(str)
    def _sign_in(self, officer_id: str) -> None:
        if self.shell is None:
            return
        office = self.shell.office
        from onestop.office.found import sign_in

        self.tasks.run(self.shell, lambda: sign_in(office, officer_id), self._signed_in)

    def _signed_in(self, office: "Office") -> None:
        self.preferences.take_officer(office.officer.id, self.wish.clock())
        if self.shell is not None:
            self.shell.apply_look()
            self.shell.take_office(office)

    # --- another profile

    @Slot()
    def _go_to_practice(self) -> None:
        """The practice office lives in a profile of its own; a real one may still be founded later."""
        self._begin_with(Wish(Profile(self.wish.profile.data_dir, "practice"), is_demo=True))

    @Slot(object)
    def use_folder(self, folder: Path) -> None:
        """The same profile in another data folder."""
        self._begin_with(replace(self.wish, profile=Profile(folder, self.wish.profile.name)))

    def _begin_with(self, wish: Wish) -> None:
        self.wish = wish
        self.preferences = Preferences(wish.profile, wish.clock(), wish.is_safe)
        self.begin()

    # --- errors, end

    @Slot(object)
    def _key_came(self, key: bytes) -> None:
        try:
            self._open(key)
        except OfficeError as error:
            self._show_problem(error)

    def _show_problem(self, error: OfficeError) -> None:
        self.door.show_problem(self.wish.profile, error)
        if self.shell is not None:
            shell, self.shell = self.shell, None
            shell.hide()
            shell.deleteLater()

    def _show_error(self, parent: QObject | None, error: OfficeError) -> None:
        if self.shell is not None:
            self.shell.show_error(error)
        else:
            self._show_problem(error)

    def _take_bug(self, parent: QObject | None, bug: Bug) -> None:
        self.bugs.take(bug)

    def _geometry_file(self) -> Path:
        return self.wish.profile.folder / "window.json"

    def _keep_geometry(self, shell: Shell) -> None:
        try:
            save_geometry(self._geometry_file(), shell)
        except OSError as error:  # not worth a question at the end of the day
            print(error, file=sys.stderr)

    @Slot()
    def _close(self) -> None:
        QApplication.quit()


def make_application(argv: list[str]) -> QApplication:
    """The one QApplication, dressed and speaking Vietnamese."""
    app = QApplication(argv)
    app.setApplicationName("onestop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("onestop")
    translate_qt(app)
    return app


def run_desk(wish: Wish) -> int:
    """Runs until the window is closed; the exit code."""
    app = make_application(sys.argv[:1])
    program = Program(wish)
    look.apply_look(app, program.preferences.settings.text("look.theme"))
    instance: Instance | None = alone(wish.profile, program.raise_window)
    if instance is None:
        program.tasks.shutdown()
        return 0
    program.bugs.install()
    app.styleHints().colorSchemeChanged.connect(lambda _: _follow(program))
    QTimer.singleShot(0, program.begin)
    QTimer.singleShot(LISTEN_AFTER_MS, instance.listen)
    program.painted.connect(lambda: app.setWindowIcon(look.icon("building-2", "accent", 64)))
    code = app.exec()
    program.end()
    program.bugs.uninstall()
    instance.close()
    return code


def _follow(program: Program) -> None:
    if program.shell is not None and program.preferences.settings.text("look.theme") == "system":
        program.shell.apply_look()
