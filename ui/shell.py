"""The frame of the program: rail, head bar, the page in front, drawer, foot. No page lives here."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from onestop.errors import OfficeError
from onestop.office.work import Worklist
from onestop.settings import Settings
from ui import look
from ui.chrome import Foot, HeadBar, MessageBar, frame_body
from ui.curtain import Curtain
from ui.frame_keys import bind_frame_keys
from ui.pages.page import Page
from ui.panes import step_pane
from ui.places import FOOT, PLACES, WITHOUT_OFFICE, places_of, start_of, words_of
from ui.preferences import Preferences
from ui.print_drawer import PrintDrawer
from ui.reading import PaperReading
from ui.scan_route import ScanRoute
from ui.seek import Seek
from ui.stage import Stage
from ui.sync import Line
from ui.sync_drawer import SyncDrawer
from ui.sync_wires import SyncWires
from ui.tasks import Tasks
from ui.watch import Watch
from ui.widgets.panels import Toast
from ui.widgets.queue import QueueTable
from ui.widgets.rail import Rail

if TYPE_CHECKING:  # the engine is imported behind the first paint
    from onestop.domain.dossier import Dossier
    from onestop.office.deeds import Done
    from onestop.office.office import Catalogue, Office
    from ui.overlay import KeysOverlay

UNDO = "Hoàn tác (Ctrl+Z)"
DENSITIES = {"roomy": "wide", "normal": "medium", "compact": "tight"}


class NotOpenYet(OfficeError, AttributeError):
    """The store is still being opened behind the first window."""

    def __init__(self) -> None:
        super().__init__("Kho dữ liệu đang được mở", "Chờ một chút rồi làm lại.")


class Shell(QMainWindow):
    """Implements the Frame of ui/pages/page.py.

    `sign_in_wanted(officer_id)` asks the program to sign another officer in; `setting_changed(key)`
    follows each change of a setting; `closed` comes when the window has been let go; `joined(Office)`
    when this desk has been joined to a hub, or calls another one. `line` is where sync stands.
    """

    painted = Signal()
    office_ready = Signal()
    sign_in_wanted = Signal(str)
    setting_changed = Signal(str)
    closed = Signal()
    joined = Signal(object)

    def __init__(
        self, tasks: Tasks, worklist: Worklist, desk_name: str, preferences: Preferences, version: str
    ) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.tasks = tasks
        self._worklist, self._desk_name = worklist, desk_name
        self._preferences = preferences
        self._office: Office | None = None
        self._wanted = ("", "")
        self._is_painted = False
        self._overlay: KeysOverlay | None = None
        self.line = Line(self)
        self._make_parts(version)
        self._lay_out()
        bind_frame_keys(self)
        self._weigh()
        self._show_officer()

    # --- the Frame that pages see

    @property
    def office(self) -> "Office":
        """Raises NotOpenYet (an AttributeError too) before the store is open."""
        if self._office is None:
            raise NotOpenYet
        return self._office

    @property
    def worklist(self) -> Worklist:
        return self._worklist

    @property
    def settings(self) -> Settings:
        return self._preferences.settings

    def change_setting(self, key: str, value: str | int | bool) -> None:
        try:
            self._preferences.change(key, value)
        except OfficeError as error:
            self.show_error(error)
        if key.startswith("look."):
            self.apply_look()
        if key.startswith("scan."):
            self._look_for_scanners()
        if key == "queue.soon_days":
            self._weigh()
            self._stage.reload("")
        self.setting_changed.emit(key)

    def go(self, place: str, dossier_id: str = "") -> None:
        """Shows a place; one that needs the open store comes as soon as it is open."""
        if self._office is None and place not in WITHOUT_OFFICE:
            self._wanted = (place, dossier_id)
            self._rail.choose(place)
            return
        if not self._stage.may_leave(place):
            self._rail.choose(self.place)
            return
        self._bring(place, dossier_id)

    def tell_done(self, done: "Done", undo: Callable[[], None] | None = None, says: bool = True) -> None:
        self._errors.hide()
        if says:
            self._toast.show_words(done.words, UNDO if undo else "", undo)
        else:
            self._toast.hide()
        self._stage.reload(done.dossier.id)
        self._drawer.reload(done.dossier.id)
        self._watch.acted()
        self.line.poke()
        self._sync.reload()

    def toast(self, words: str, undo: Callable[[], None] | None = None) -> None:
        self._toast.show_words(words, UNDO if undo else "", undo)

    def catalogue_changed(self) -> None:
        self._wires.read_anew()

    def show_error(self, error: OfficeError) -> None:
        self._errors.show_message(error.title, error.message, is_error=True)

    def print_papers(self, dossier: "Dossier", form: str = "01", is_new: bool = False) -> None:
        self._sync.hide()
        self._drawer.show_papers(dossier, form, is_new)

    def print_register(self) -> None:
        self._sync.hide()
        self._drawer.show_register()

    def read_paper(self) -> None:
        self._reading.choose()

    # --- what the program tells the frame

    def start(self) -> None:
        """The first page. Heads and leaders start on Phê duyệt, which comes once the store is open."""
        first = start_of(self._worklist.officer.roles)
        self._bring("queue")
        if first != "queue":
            self.go(first)

    def settle(self) -> None:
        """After the first paint: what could wait for it."""
        settled = getattr(self._stage.front(), "settle", None)
        if settled:
            settled()
        self._watch.count()
        self._watch.look_for_port()

    def take_office(self, office: "Office") -> None:
        """The store is open, or another officer has signed in."""
        is_other = self._worklist.officer.id != office.officer.id
        is_first = self._office is None
        self._office = office
        self._worklist = replace(self._worklist, officer=office.officer, catalogue=office.catalogue)
        self._show_officer()
        self._watch.look_at_clock()
        if is_other:
            self._drawer.close_drawer()
            self._sync.close_drawer()
            self._stage.drop()
        self.unlock()
        if is_other:
            self._bring(start_of(office.officer.roles))
        elif is_first:
            self._open_wanted()
            self._look_for_scanners()
        self._watch.count()
        self.office_ready.emit()

    def let_go(self) -> None:
        """The end: nothing is listened to any more."""
        self.line.stop()
        self._scans.stop()

    def show_notice(self, title: str, message: str, action: str, on_action: Callable[[], object]) -> None:
        self._banner.show_message(title, message, action=action, on_action=on_action)

    def apply_look(self) -> None:
        settings = self.settings
        app = QApplication.instance()
        if isinstance(app, QApplication):
            look.apply_look(app, settings.text("look.theme"), settings.number("look.zoom") / 100)
        for table in self.findChildren(QueueTable):
            table.set_density(DENSITIES[settings.text("look.density")])
        self._stage.fit_zoom()

    def page(self, place: str) -> Page | None:
        """The page of a place that was visited."""
        return self._stage.page(place)

    @property
    def place(self) -> str:
        return self._stage.place

    @property
    def is_open(self) -> bool:
        """Whether acts can be recorded: the engine has been imported, the office opened."""
        return self._office is not None

    # --- keys of the whole window

    def front(self) -> Page | None:
        """The page in front; None while the window is locked."""
        return None if self._curtain.is_down else self._stage.front()

    @Slot()
    def lock(self) -> None:
        """Covers the window with the list of officers: nobody reads over the counter."""
        front = self.front()
        if self._office is None or self._curtain.is_down or (front is not None and not front.leave()):
            return
        around = (self._rail, self._head, self._foot, self._drawer, self._sync, self._errors, self._toast)
        self._curtain.fall(*around)

    def unlock(self) -> None:
        self._curtain.rise(self._stage.front(), self._rail, self._head, self._foot)

    def zoom_by(self, percent: int) -> None:
        """0: back to 100 %."""
        now = self.settings.number("look.zoom") + percent if percent else 100
        self.change_setting("look.zoom", min(200, max(80, now)))
        self.toast(f"Cỡ chữ {self.settings.number('look.zoom')} %")

    def step_pane(self, by: int) -> None:
        front = self._stage.front()
        panes = (self._rail, self._head, *(front.panes() if front else ()), self._drawer, self._sync)
        step_pane([pane for pane in panes if pane.isVisible()], by)

    @Slot()
    def open_finder(self) -> None:
        self._head.finder.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._head.finder.selectAll()

    @Slot()
    def show_keys(self) -> None:
        if self._overlay is None:
            from ui.overlay import KeysOverlay

            self._overlay = KeysOverlay(self)
        self._overlay.open_overlay()

    @Slot()
    def show_sync(self) -> None:
        """The chip: what is where, what waits. One drawer at a time."""
        if not self._curtain.is_down:
            self._drawer.hide()
            self._sync.toggle()

    @Slot()
    def focus_scan(self) -> None:
        if not self._curtain.is_down:
            self._scans.focus()

    # --- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self.painted.emit)  # when it has reached the screen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no page and no field has taken."""
        is_ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        front = self.front()
        if event.key() == Qt.Key.Key_F5 and front is not None:
            front.reload("")
            self._watch.count()
            self.line.sync_now()
        elif event.key() == Qt.Key.Key_Z and is_ctrl:
            self._toast.act()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        front = self.front()
        if front is not None and not front.leave():
            event.ignore()
            return
        event.accept()
        self.closed.emit()

    # --- inside

    def _make_parts(self, version: str) -> None:
        self._rail = Rail(PLACES, FOOT)
        self._head = HeadBar()
        self._banner, self._errors = MessageBar("banner"), MessageBar("errors_bar")
        self._stage = Stage(self)
        self._drawer = PrintDrawer(self)
        self._sync = SyncDrawer(self, self.line)
        self._foot = Foot(version)
        self._watch = Watch(self, self, self._rail, self._head, self._banner)
        self._wires = SyncWires(self, self.line, self._stage, self._drawer, self._watch)
        self._wires.catalogue_came.connect(self._take_catalogue)
        self._scans = ScanRoute(self, self)
        self._reading = PaperReading(self, self, self._scans)
        self._seek = Seek(self, self, self._head.finder)
        self._curtain = Curtain(self, self._stage)
        self._curtain.chosen.connect(self.sign_in_wanted)

    def _lay_out(self) -> None:
        bars = (self._banner, self._errors)
        drawers = (self._drawer, self._sync)
        body = frame_body(self._rail, self._head, bars, self._stage, drawers, self._foot)
        self.setCentralWidget(body)
        self.setMinimumSize(900, 600)
        self._toast = Toast(self)
        self._rail.chosen.connect(self.go)
        self._head.officer.clicked.connect(self.lock)
        self._head.scanner.clicked.connect(lambda: self.go("settings"))
        self._head.line.clicked.connect(self.show_sync)

    def go_by_key(self, place: str) -> None:
        """Ctrl+1…5 and the like: a place of another role is said, not shown."""
        if self._curtain.is_down:
            return
        if place in places_of(self._worklist.roles()):
            self.go(place)
        else:
            self.toast(f"“{words_of(place)}” không dành cho vai trò của bạn")

    @Slot(object)
    def _take_catalogue(self, catalogue: "Catalogue") -> None:
        """The hub changed officers, units or procedures; whoever sits here stays where they are."""
        if self._office is not None and catalogue != self._office.catalogue:
            officer = catalogue.officer(self._office.officer.id)
            self._office = replace(self._office, catalogue=catalogue, officer=officer)
            self._worklist = replace(self._worklist, catalogue=catalogue, officer=officer)
            self._show_officer()
            self._watch.count()
            self._stage.catalogue_came()

    def _weigh(self) -> None:
        """How many days count as soon is the desk's own choice."""
        self._worklist = replace(self._worklist, soon_days=self.settings.number("queue.soon_days"))

    def _look_for_scanners(self) -> None:
        """Listened to only once the store is open: before, a card could not be taken anywhere."""
        self._watch.look_for_port()
        if self._office is not None:
            self._scans.start()

    def _bring(self, place: str, dossier_id: str = "") -> None:
        self._wanted = ("", "")
        self._errors.hide()
        self._head.finder.close_results()
        self._rail.choose(place)
        self._stage.bring(place, dossier_id)

    def _open_wanted(self) -> None:
        self._stage.store_opened()
        place, dossier_id = self._wanted
        if place:
            self.go(place, dossier_id)

    def _show_officer(self) -> None:
        officer, agency = self._worklist.officer, self._worklist.catalogue.agency
        self._rail.set_shown(places_of(self._worklist.roles()))
        self._head.show_officer(self._desk_name, officer.name)
        # No person's name in the title: it shows in the task bar and in other programs.
        self.setWindowTitle(f"Một cửa · {agency.name} · {self._desk_name}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._watch.look_at_clock()
