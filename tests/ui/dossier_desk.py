"""The dossier page at a real desk: a real store, real acts, an officer's keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, Fee
from onestop.domain.moment import VIETNAM
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.deeds import Done, Target
from onestop.office.found import open_office
from onestop.office.intake import (
    IntakeForm,
    PaperForm,
    PartyForm,
    component_lines,
    receive_dossier,
    submit_dossier,
)
from onestop.office.office import Office
from onestop.office.papers import keep_paper
from onestop.office.timeline import JournalMoment, read_timeline
from onestop.office.transfer import transfer_out
from onestop.office.work import Worklist
from onestop.settings import Settings
from onestop.store.check import rebuild_store
from onestop.store.glance import Glance
from onestop.store.store import open_store
from onestop.store.tables import entries
from onestop.store.vault import load_key
from tests.office_desk import NEIGHBOUR, new_folder
from ui.pages.dossier import DossierPage
from ui.tasks import Tasks
from ui.tour.keys import press, type_text
from ui.widgets import Question

MORNING = datetime(2026, 11, 16, 9, 0, tzinfo=VIETNAM)
PROCEDURE = "1.004873"  # three working days
RECEPTION, CASHIER, SPECIALIST, OTHER = "u-mai", "u-hoa", "u-tuyet", "u-khoi"
HEAD, LEADER, CLERK = "u-binh", "u-thang", "u-lan"
COUNTER, UNIT, OTHER_UNIT, LEADERS = "pvhcc", "van-phong", "kinh-te", "lanh-dao"
LEVY = Fee("levy", "Cấp giấy xác nhận", 15_000, "Nghị quyết của HĐND tỉnh")

OWNER = PartyForm(
    name="Lò Thị Đức",
    id_number="038192012345",
    born_on="12/03/1992",
    sex="nữ",
    address="Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa",
    phone="0912 345 678",
)


class PageFrame:
    """What the shell is to its page; it keeps what the page asked of it."""

    def __init__(self, office: Office, worklist: Worklist, tasks: Tasks) -> None:
        self.tasks, self.office, self.worklist = tasks, office, worklist
        self.settings = Settings()
        self.page: DossierPage | None = None
        self.told: list[Done] = []
        self.undo: Callable[[], None] | None = None
        self.errors: list[OfficeError] = []
        self.printed: list[tuple[str, str]] = []

    def change_setting(self, key: str, value: str | int | bool) -> None:
        self.settings = self.settings.with_value(key, value)

    def go(self, place: str, dossier_id: str = "") -> None:
        raise AssertionError(f"the page never leaves by itself: {place}")

    def tell_done(self, done: Done, undo: Callable[[], None] | None = None, says: bool = True) -> None:
        self.told.append(done)
        self.undo = undo
        assert self.page is not None
        self.page.reload(done.dossier.id)

    def toast(self, words: str, undo: Callable[[], None] | None = None) -> None:
        raise AssertionError(words)

    def catalogue_changed(self) -> None:
        raise AssertionError("a dossier changes no catalogue")

    def show_error(self, error: OfficeError) -> None:
        self.errors.append(error)

    def print_register(self) -> None:
        raise AssertionError("a dossier has no register")

    def read_paper(self) -> None:
        raise AssertionError("a dossier is not read from paper")

    def print_papers(self, dossier: Dossier, form: str = "01", is_new: bool = False) -> None:
        """Prints at once, as the drawer does after its button."""
        self.printed.append((dossier.id, form))
        replaces = dossier.printed[-1].at if dossier.correction_at and dossier.printed else None
        self.tell_done(deeds.print_paper(self.office, dossier.id, form, 2, replaces))


class Seat:
    """The practice office at quầy 01; every reading of the clock is a second later."""

    def __init__(self, folder: Path, tasks: Tasks, qtbot: QtBot) -> None:
        self.at, self.qtbot, self.folder = MORNING, qtbot, folder
        key = load_key(new_folder(folder))
        self.store = open_store(folder / "onestop.db", key)
        self.office = open_office(self.store, self.clock, lambda: ("boot", 1), RECEPTION)
        self._glance = Glance(folder / "onestop.db", key)
        worklist = Worklist(self._glance.rows, self.office.officer, self.office.catalogue, lambda: self.at)
        self.frame = PageFrame(self.office, worklist, tasks)
        self.page = DossierPage(self.frame)
        self.frame.page = self.page
        self.window = QWidget()
        QVBoxLayout(self.window).addWidget(self.page)
        self.window.resize(1274, 714)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def clock(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def end(self) -> None:
        self._glance.close()
        self.store.close()

    def by(self, officer: str) -> Office:
        return self.office.as_officer(officer)

    # ---- dossiers in every state ------------------------------------------------------

    def form(self, is_given: bool = True) -> IntakeForm:
        lines = component_lines(self.office.catalogue.procedure(PROCEDURE))
        given = tuple(replace(line, is_given=is_given, originals=int(is_given)) for line in lines)
        return IntakeForm(procedure_code=PROCEDURE, owner=OWNER, components=given, fees=(LEVY,))

    def submitted(self) -> str:
        return submit_dossier(self.by(RECEPTION), self.form(is_given=False)).dossier.id

    def received(self) -> str:
        return receive_dossier(self.by(RECEPTION), self.form()).dossier.id

    def sent(self) -> str:
        dossier = self.received()
        deeds.forward(self.by(RECEPTION), dossier, Target(UNIT, SPECIALIST))
        return dossier

    def processing(self) -> str:
        dossier = self.sent()
        deeds.take_over(self.by(SPECIALIST), dossier)
        return dossier

    def asked(self) -> str:
        dossier = self.processing()
        deeds.consult(self.by(SPECIALIST), dossier, OTHER_UNIT, "Đất này có thuộc quy hoạch không?")
        return dossier

    def awaiting(self) -> str:
        dossier = self.processing()
        missing = ("Bản chính giấy chứng sinh", "Ảnh 4 × 6")
        deeds.request_supplement(self.by(SPECIALIST), dossier, missing, "Hồ sơ chưa đủ.")
        return dossier

    def paused(self) -> str:
        dossier = self.processing()
        deeds.pause(self.by(SPECIALIST), dossier, "payment", "Chờ nộp thuế.")
        return dossier

    def proposed(self) -> str:
        dossier = self.processing()
        deeds.propose(self.by(SPECIALIST), dossier, "Kính trình.", Target(UNIT, HEAD))
        return dossier

    def approved(self) -> str:
        dossier = self.proposed()
        deeds.approve(self.by(HEAD), dossier, Target(LEADERS, LEADER))
        return dossier

    def signed(self) -> str:
        dossier = self.approved()
        deeds.sign(self.by(LEADER), dossier, Target(UNIT, CLERK))
        return dossier

    def completed(self) -> str:
        dossier = self.signed()
        deeds.complete(self.by(CLERK), dossier, "12/UBND-XN", MORNING.date())
        return dossier

    def paid(self) -> str:
        dossier = self.received()
        deeds.collect(self.by(CASHIER), dossier, 15_000, "cash", "1C26TTT 0000123")
        return dossier

    def printed_receipt(self) -> str:
        dossier = self.received()
        deeds.print_paper(self.by(RECEPTION), dossier, "01", 2)
        return dossier

    def with_paper(self) -> str:
        dossier = self.processing()
        self.attach(dossier, self.picture())
        return dossier

    def on_its_way_here(self) -> str:
        """From the neighbouring agency to this one."""
        dossier, here = self.received(), self.office.catalogue.agency
        there = replace(self.by(RECEPTION), catalogue=replace(self.office.catalogue, agency=NEIGHBOUR))
        transfer_out(there, dossier, here, "Thuộc thẩm quyền của xã Tân Hòa.")
        return dossier

    def waiting(self) -> str:
        """The head's approval waits for somebody else to ratify it."""
        dossier = self.approved()
        with self.store.write() as connection:
            last = select(func.max(entries.c.n)).where(entries.c.dossier == dossier).scalar_subquery()
            connection.execute(entries.update().where(entries.c.n == last).values(verdict="flagged"))
        rebuild_store(self.store)
        return dossier

    def picture(self, name: str = "Ảnh chụp giấy tờ.png") -> Path:
        from PIL import Image

        path = self.folder / name
        Image.new("RGB", (600, 800), (230, 240, 220)).save(path)
        return path

    def attach(self, dossier: str, *paths: Path, officer: str = SPECIALIST) -> None:
        refs = [(path, keep_paper(self.office, path)) for path in paths]
        papers = tuple(PaperForm(r.sha256, r.length, r.mime, path.stem) for path, r in refs)
        deeds.attach(self.by(officer), dossier, papers)

    # ---- the officer at the page ------------------------------------------------------

    def open(self, officer: str, dossier: str) -> None:
        office = self.by(officer)
        self.frame.office = office
        self.frame.worklist = replace(self.frame.worklist, officer=office.officer)
        self.page.enter(dossier)
        self.settle(lambda: self.page.dossier is not None and self.page.dossier.id == dossier)

    def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        self.qtbot.waitUntil(lambda: self.frame.tasks.is_idle() and until(), timeout=10_000)

    def focused(self) -> QWidget:
        return self.window.focusWidget() or self.page

    def press(self, *chords: str) -> None:
        for chord in chords:
            press(self.focused(), chord)

    def go_to(self, name: str) -> None:
        """Tabs on until `name` has the focus."""
        for _ in range(80):
            if self.focused().objectName() in {name, f"{name}_editor"}:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reaches {name}")

    def fill(self, name: str, text: str) -> None:
        self.go_to(name)
        self.press("Ctrl+A")
        type_text(self.focused(), text)

    def open_act(self, act: Act) -> None:
        """By keys alone: the main act, a button reached by Tab, or the menu."""
        bar = self.page.head.acts
        if bar.main is act:
            self.press("Ctrl+Return")
        elif act in bar.in_menu():
            self.press("Alt+V")
            self.qtbot.waitUntil(bar.menu.isVisible)
            for _ in range(bar.in_menu().index(act)):
                press(bar.menu, "Down")
            press(bar.menu, "Return")
            # Shortcuts sleep until the window is the active one again.
            self.window.activateWindow()
            self.qtbot.waitUntil(lambda: bar.menu.isHidden() and self.window.isActiveWindow())
        else:
            self.go_to(f"act_{act.value}")
            self.press("Space")

    def execute(self, expects: Callable[[], bool] = lambda: True) -> None:
        self.press("Ctrl+Return")
        self.settle(expects)

    def moments(self, dossier: str) -> tuple[JournalMoment, ...]:
        return read_timeline(self.office, dossier)[1]


@contextmanager
def answering(keys: tuple[str, ...]) -> Iterator[list[str]]:
    """Presses `keys` in the next question that comes; gives the words of every question met."""
    met: list[str] = []
    timer = QTimer(interval=20)

    def answer() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, Question):
            met.append(f"{question.accessibleName()}\n{question.accessibleDescription()}")
            for chord in keys:
                press(question.focusWidget() or question, chord)

    timer.timeout.connect(answer)
    timer.start()
    try:
        yield met
    finally:
        timer.stop()
