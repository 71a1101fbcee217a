"""The program with a window: what is built when, so that the work queue stands there at once.

Order: look, key, a narrow read of the store, window painted; only then the engine is imported
and the office opened, on the store's thread. Nothing heavy may be imported above that line
(tests/ui/test_start.py lists what is loaded at the first paint).
"""

import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from onestop import __version__
from onestop.errors import OfficeError
from onestop.office.founding import is_new
from onestop.office.office import Clock
from onestop.paths import Profile
from onestop.store.vault import load_key, needs_passphrase
from ui import look
from ui.clock import MonotonicClock, machine_clock
from ui.crash import Bugs, CrashLog
from ui.geometry import load_geometry, place_window, save_geometry
from ui.idle import IdleWatch
from ui.instance import Instance, alone
from ui.opening import (
    Opening,
    bring_up,
    found_practice_desk,
    found_real,
    glance_office,
    import_engine,
    input_errors,
)
from ui.preferences import Preferences
from ui.shell import Shell
from ui.tasks import Bug, Sweep, Tasks
from ui.translate import translate_qt

if TYPE_CHECKING:  # the engine is imported behind the first paint
    from onestop.office.found import Founding
    from onestop.office.office import Office
    from onestop.store.store import Store
    from ui.pages.first_start import FirstStartPage
    from ui.start import PassphrasePage, StartWindow


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for. `is_timed`: says when it is painted and ends.

    `clock` is the machine's; the tour brings its own, which walks through a week.
    """

    profile: Profile
    is_demo: bool = False
    is_timed: bool = False
    is_safe: bool = False
    clock: Clock = machine_clock


class Program(QObject):
    """Holds the parts for as long as the program runs, and opens one profile after another page."""

    painted = Signal()
    office_ready = Signal()
    ended = Signal()

    def __init__(self, wish: Wish) -> None:
        super().__init__()
        self.wish = wish
        self.shell: Shell | None = None
        self.start_window: StartWindow | None = None
        self._key = b""
        self._opening: Opening | None = None
        self._store: Store | None = None
        self._idle: IdleWatch | None = None
        self._sweep: Sweep | None = None
        self._died = False
        self._is_painted = False
        self.crash_log = CrashLog(wish.profile.logs)
        self.bugs = Bugs(self.crash_log, __version__)
        self.tasks = Tasks(self._show_error, self._take_bug)
        self.preferences = Preferences(wish.profile, self.wish.clock(), wish.is_safe)

    # --- from the start to the first window

    def begin(self) -> None:
        """Shows the desk, or the page that says what is needed first."""
        self._died = self.crash_log.died_last_time(self.wish.clock())
        try:
            if is_new(self.wish.profile):
                self._found()
            elif needs_passphrase(self.wish.profile.folder):
                self._ask_passphrase()
            else:
                self._open(load_key(self.wish.profile.folder))
        except OfficeError as error:
            self._show_problem(error)

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
        opening = glance_office(self.wish.profile, key, self.wish.clock)
        if opening is None:
            self._bring_up()
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
        self.bugs.set_window(shell)
        shell.start()
        shell.show()
        if self.start_window is not None:
            window, self.start_window = self.start_window, None
            window.hide()
            window.deleteLater()

    @Slot()
    def _window_painted(self) -> None:
        if self.wish.is_timed:
            print(f"window {time.monotonic() * 1000:.1f}", flush=True)
        from ui.pages.queue import QueuePage

        queue = self.shell.page("queue") if self.shell else None
        if isinstance(queue, QueuePage) and not queue.feed.is_loaded:
            queue.feed.loaded.connect(self._queue_came)
        else:
            self._queue_came()

    @Slot()
    def _queue_came(self) -> None:
        """The rows are there: paint them now, then let the engine be imported."""
        shell = self.shell
        if shell is None or self._is_painted:
            return
        self._is_painted = True
        shell.repaint()
        if self.wish.is_timed:
            print(f"painted {time.monotonic() * 1000:.1f}", flush=True)
        self.painted.emit()
        if self.wish.is_timed:
            QTimer.singleShot(0, shell.close)
            return
        self._sweep = Sweep(self)
        QTimer.singleShot(0, self._open_office)

    def _open_office(self) -> None:
        self.tasks.run(self, self._opened_office, self._take_office, self._show_problem, busy=False)
        if self.shell is not None and (handle := self.shell.windowHandle()):
            self._idle = IdleWatch(handle, self.preferences.settings.number("desk.lock_minutes"))
            self._idle.idle.connect(self.shell.lock)

    def _opened_office(self) -> "tuple[Store, Office]":
        """On the store's thread: the engine is imported here."""
        from onestop.office.found import open_office
        from onestop.store.store import open_store

        store = open_store(self.wish.profile.database, self._key)
        return store, open_office(store, self.wish.clock, MonotonicClock())

    def _take_office(self, opened: "tuple[Store, Office]") -> None:
        self._store, office = opened
        if self.shell is not None:
            self.shell.take_office(office)
            self.shell.look_for_scanner()
            self._tell_last_time(self.shell)
        self.office_ready.emit()

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

    # --- what may stand before the desk

    def _page(self, page: QWidget) -> None:
        """In the start window, which is made when it is needed."""
        if self.start_window is None:
            from ui.start import StartWindow

            self.start_window = StartWindow()
            self.start_window.closed.connect(self._close)
            self.bugs.set_window(self.start_window)
        self.start_window.show_page(page)

    def _found(self) -> None:
        if self.wish.is_demo:
            self._make_practice()
            return
        from ui.pages.first_start import FirstStartPage

        page = FirstStartPage()
        page.founded.connect(partial(self._found_office, page))
        page.practice_wanted.connect(self._go_to_practice)
        self._page(page)
        page.start()
        # The engine is imported while the page is being filled in.
        self.tasks.run(page, import_engine, busy=False)

    def _found_office(self, page: "FirstStartPage", form: "Founding", passphrase: str) -> None:
        page.set_busy(True)

        def failed(error: OfficeError) -> None:
            page.set_busy(False)
            page.show_errors(input_errors(error))

        self.tasks.run(
            page,
            lambda: found_real(self.wish.profile, form, passphrase),
            lambda _: self._key_came(load_key(self.wish.profile.folder, passphrase)),
            failed,
        )

    @Slot()
    def _go_to_practice(self) -> None:
        """The practice office lives in a profile of its own; a real one may still be founded later."""
        self.wish = Wish(Profile(self.wish.profile.data_dir, "practice"), is_demo=True)
        self.preferences = Preferences(self.wish.profile, self.wish.clock(), self.wish.is_safe)
        self.begin()

    def _make_practice(self) -> None:
        from ui.start import WaitPage

        page = WaitPage("Đang chuẩn bị văn phòng thực hành", "Tạo cơ quan, cán bộ và hồ sơ mẫu…")
        self._page(page)
        self.tasks.run_long(
            page,
            partial(found_practice_desk, self.wish.profile),
            lambda _: self.begin(),
            self._show_problem,
            on_progress=page.show_report,
            where="store",
        )

    def _ask_passphrase(self) -> None:
        from ui.start import PassphrasePage

        page = PassphrasePage()
        page.typed.connect(partial(self._try_passphrase, page))
        self._page(page)
        page.start()

    def _try_passphrase(self, page: "PassphrasePage", passphrase: str) -> None:
        folder = self.wish.profile.folder
        self.tasks.run(
            page, lambda: load_key(folder, passphrase), self._key_came, page.show_wrong, where="files"
        )

    def _key_came(self, key: bytes) -> None:
        try:
            self._open(key)
        except OfficeError as error:
            self._show_problem(error)

    def _bring_up(self) -> None:
        """A store of an older program is brought up to date; one of a newer is refused in words."""
        from ui.start import WaitPage

        page = WaitPage("Đang nâng cấp kho dữ liệu", "Giữ một bản sao rồi mới nâng cấp. Đừng tắt máy.")
        self._page(page)
        database, key = self.wish.profile.database, self._key
        self.tasks.run(page, lambda: bring_up(database, key), self._brought_up, self._show_problem)

    def _brought_up(self, _: None) -> None:
        self._key_came(self._key)

    def _show_problem(self, error: OfficeError) -> None:
        from ui.start import ProblemPage

        page = ProblemPage(error, str(self.wish.profile.folder))
        page.retried.connect(self.begin)
        page.folder_wanted.connect(self._choose_folder)
        page.quit_wanted.connect(self._close)
        self._page(page)
        if self.shell is not None:
            shell, self.shell = self.shell, None
            shell.hide()
            shell.deleteLater()

    @Slot()
    def _choose_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # each class of Qt costs its part of a millisecond

        chosen = QFileDialog.getExistingDirectory(self.start_window, "Chọn thư mục dữ liệu")
        if chosen:
            self.use_folder(Path(chosen))

    def use_folder(self, folder: Path) -> None:
        """The same profile in another data folder."""
        self.wish = Wish(Profile(folder, self.wish.profile.name), is_demo=self.wish.is_demo)
        self.preferences = Preferences(self.wish.profile, self.wish.clock(), self.wish.is_safe)
        self.begin()

    # --- errors, end

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
    app.setWindowIcon(look.icon("building-2", "accent", 64))
    instance: Instance | None = alone(wish.profile, program.raise_window)
    if instance is None:
        program.tasks.shutdown()
        return 0
    program.bugs.install()
    app.styleHints().colorSchemeChanged.connect(lambda _: _follow(program))
    QTimer.singleShot(0, program.begin)
    code = app.exec()
    program.end()
    program.bugs.uninstall()
    instance.close()
    return code


def _follow(program: Program) -> None:
    if program.shell is not None and program.preferences.settings.text("look.theme") == "system":
        program.shell.apply_look()
