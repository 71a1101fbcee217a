"""What may stand before the desk: the first set-up, the passphrase, an upgrade, a problem.

Each page is imported when it is needed: most starts go straight to the desk.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from onestop.errors import OfficeError
from onestop.paths import Profile
from onestop.store.vault import load_key
from ui.opening import (
    bring_up,
    fill,
    found_practice_desk,
    found_real,
    import_engine,
    input_errors,
    join_hub,
    join_practice_hub,
)
from ui.tasks import Tasks

if TYPE_CHECKING:
    from onestop.office.found import Founding
    from ui.pages.first_start import FirstStartPage
    from ui.start import PassphrasePage, StartWindow
    from ui.sync_join import JoinPage, JoinWish


class Doorway(QObject):
    """`key_came(key)` when the store can be opened with it; `retried` to begin once more."""

    key_came = Signal(object)
    retried = Signal()
    practice_wanted = Signal()
    folder_chosen = Signal(object)
    window_made = Signal(QWidget)
    closed = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self.window: StartWindow | None = None

    def found(self, profile: Profile) -> None:
        """The form of the first start; the engine is imported while it is being filled in."""
        from ui.pages.first_start import FirstStartPage

        page = FirstStartPage()
        page.founded.connect(partial(self._found_office, profile, page))
        page.practice_wanted.connect(self.practice_wanted)
        page.join_wanted.connect(partial(self.join, profile))
        self._show(page)
        page.start()
        self._tasks.run(page, import_engine, busy=False)

    def join(self, profile: Profile, address: str = "") -> None:
        """The other way to begin: the office has a hub already."""
        from ui.sync_join import JoinPage

        page = JoinPage()
        page.fields.address.set_text(address)
        page.joined.connect(partial(self._join_hub, profile, page))
        page.back_wanted.connect(partial(self.found, profile))
        self._show(page)
        page.start()

    def fill(self, profile: Profile, key: bytes) -> None:
        """A desk just joined reads its catalogue; only then there is something to show."""
        from ui.start import WaitPage

        page = WaitPage("Đang nhận dữ liệu của cơ quan", "Đang nối với máy chủ…")
        self._show(page)
        self._tasks.run_long(
            page,
            partial(fill, profile.database, key),
            lambda _: self.key_came.emit(key),
            partial(self.show_problem, profile),
            on_progress=page.show_report,
            where="store",
        )

    def make_practice(self, profile: Profile) -> None:
        from ui.start import WaitPage

        page = WaitPage("Đang chuẩn bị văn phòng thực hành", "Tạo cơ quan, cán bộ và hồ sơ mẫu…")
        self._show(page)
        self._tasks.run_long(
            page,
            partial(found_practice_desk, profile),
            lambda _: self.retried.emit(),
            partial(self.show_problem, profile),
            on_progress=page.show_report,
            where="store",
        )

    def join_practice(self, profile: Profile, address: str) -> None:
        """A practice desk needs no code from anybody."""
        from ui.start import WaitPage

        page = WaitPage("Đang nối với tỉnh thực hành", f"Ghi danh quầy này ở {address}…")
        self._show(page)
        self._tasks.run(
            page,
            lambda: join_practice_hub(profile, address),
            lambda _: self.key_came.emit(load_key(profile.folder)),
            partial(self.show_problem, profile),
        )

    def ask_passphrase(self, profile: Profile) -> None:
        from ui.start import PassphrasePage

        page = PassphrasePage()
        page.typed.connect(partial(self._try_passphrase, profile, page))
        self._show(page)
        page.start()

    def bring_up(self, profile: Profile, key: bytes) -> None:
        """A store of an older program is brought up to date; one of a newer is refused in words."""
        from ui.start import WaitPage

        page = WaitPage("Đang nâng cấp kho dữ liệu", "Giữ một bản sao rồi mới nâng cấp. Đừng tắt máy.")
        self._show(page)
        self._tasks.run(
            page,
            lambda: bring_up(profile.database, key),
            lambda _: self.key_came.emit(key),
            partial(self.show_problem, profile),
        )

    def show_problem(self, profile: Profile, error: OfficeError) -> None:
        from ui.start import ProblemPage

        page = ProblemPage(error, str(profile.folder))
        page.retried.connect(self.retried)
        page.folder_wanted.connect(self._choose_folder)
        page.quit_wanted.connect(self.closed)
        self._show(page)

    def leave(self) -> None:
        """The desk stands there: the window before it goes."""
        if self.window is not None:
            window, self.window = self.window, None
            window.hide()
            window.deleteLater()

    def _show(self, page: QWidget) -> None:
        if self.window is None:
            from ui.start import StartWindow

            self.window = StartWindow()
            self.window.closed.connect(self.closed)
            self.window_made.emit(self.window)
        self.window.show_page(page)

    def _found_office(
        self, profile: Profile, page: "FirstStartPage", form: "Founding", passphrase: str
    ) -> None:
        page.set_busy(True)

        def failed(error: OfficeError) -> None:
            page.set_busy(False)
            page.show_errors(input_errors(error))

        self._tasks.run(
            page,
            lambda: found_real(profile, form, passphrase),
            lambda _: self.key_came.emit(load_key(profile.folder, passphrase)),
            failed,
        )

    def _join_hub(self, profile: Profile, page: "JoinPage", wish: "JoinWish") -> None:
        page.set_busy(True)

        def failed(error: OfficeError) -> None:
            page.set_busy(False)
            page.show_errors(input_errors(error))

        self._tasks.run(
            page,
            lambda: join_hub(profile, wish),
            lambda _: self.key_came.emit(load_key(profile.folder, wish.passphrase)),
            failed,
        )

    def _try_passphrase(self, profile: Profile, page: "PassphrasePage", passphrase: str) -> None:
        self._tasks.run(
            page,
            lambda: load_key(profile.folder, passphrase),
            self.key_came.emit,
            page.show_wrong,
            where="files",
        )

    @Slot()
    def _choose_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # each class of Qt costs its part of a millisecond

        chosen = QFileDialog.getExistingDirectory(self.window, "Chọn thư mục dữ liệu")
        if chosen:
            self.folder_chosen.emit(Path(chosen))
