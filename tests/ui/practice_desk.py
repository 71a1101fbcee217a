"""A desk for tests of pages: a real store, the practice office, real acts, a frame that takes notes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import Dossier, Fee
from onestop.domain.moment import VIETNAM
from onestop.domain.procedure import first_case, in_case
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.catalogue import read_catalogue
from onestop.office.deeds import Done, Target
from onestop.office.found import found_practice, open_office
from onestop.office.intake import IntakeForm, PartyForm, component_lines, receive_dossier
from onestop.office.office import Office
from onestop.office.packs import read_pack
from onestop.office.work import Worklist
from onestop.settings import Settings
from onestop.store.glance import Glance
from onestop.store.rows import list_reference
from onestop.store.store import Store, open_store
from ui.tasks import Tasks

KEY = bytes(range(32))
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=VIETNAM)
MARITAL_STATUS = "1.004873"  # three working days
REPEAT_BIRTH, RESIDENCE, CERTIFIED_COPY = "1.004884", "1.004222", "2.000815"

RECEPTION, SPECIALIST, HEAD, LEADER = "u-mai", "u-tuyet", "u-binh", "u-thang"
CLERK, ADMIN = "u-lan", "u-vy"
COUNTER, OFFICE_UNIT, LEADERS = "pvhcc", "van-phong", "lanh-dao"


@dataclass
class Clock:
    """The office's clock, set by the test; it never runs by itself."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def set(self, hour: int, minute: int = 0, day: int | None = None, second: int = 0) -> None:
        day = self.now.day if day is None else day
        self.now = self.now.replace(day=day, hour=hour, minute=minute, second=second)

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Watched:
    """Rows of a glance, with every statement that was run."""

    glance: Glance
    statements: list[str] = field(default_factory=list)

    def __call__(self, sql: str, values: dict[str, Any]) -> Any:
        self.statements.append(sql)
        return self.glance.rows(sql, values)


class DeskFrame:
    """What the shell is to its pages; it keeps what pages asked of it."""

    def __init__(self, office: Office, worklist: Worklist, tasks: Tasks) -> None:
        self.tasks = tasks
        self.office, self.worklist, self.settings = office, worklist, Settings()
        self.gone: list[tuple[str, str]] = []
        self.done: list[Done] = []
        self.undo: Callable[[], None] | None = None
        self.toasts: list[str] = []
        self.errors: list[OfficeError] = []
        self.printed: list[tuple[str, str]] = []
        self.pages: list[Any] = []
        self.registers = 0
        self.readings = 0

    def change_setting(self, key: str, value: str | int | bool) -> None:
        self.settings = self.settings.with_value(key, value)

    def go(self, place: str, dossier_id: str = "") -> None:
        self.gone.append((place, dossier_id))

    def tell_done(self, done: Done, undo: Callable[[], None] | None = None, says: bool = True) -> None:
        self.done.append(done)
        self.undo = undo
        for page in self.pages:
            page.reload(done.dossier.id)

    def toast(self, words: str, undo: Callable[[], None] | None = None) -> None:
        self.toasts.append(words)
        self.undo = undo

    def catalogue_changed(self) -> None:
        """As the window does, at once."""
        with self.office.store.read() as connection:
            catalogue = read_catalogue(partial(list_reference, connection), is_practice=True)
        officer = catalogue.officer(self.office.officer.id)
        self.office = replace(self.office, catalogue=catalogue, officer=officer)
        self.worklist = replace(self.worklist, catalogue=catalogue, officer=officer)
        for page in self.pages:
            page.catalogue_came()

    def show_error(self, error: OfficeError) -> None:
        self.errors.append(error)

    def print_register(self) -> None:
        self.registers += 1

    def read_paper(self) -> None:
        self.readings += 1

    def print_papers(self, dossier: Dossier, form: str = "01", is_new: bool = False) -> None:
        self.printed.append((dossier.id, form))


class Desk:
    """The practice office at quầy 01, with any of its officers signed in."""

    def __init__(self, folder: Path, tasks: Tasks) -> None:
        self.clock = Clock()
        is_new = not (folder / "onestop.db").exists()
        self.store: Store = open_store(folder / "onestop.db", KEY)
        if is_new:
            found_practice(self.store, self.clock())
        self.office = open_office(self.store, self.clock, self._ticks)
        self.rows = Watched(Glance(folder / "onestop.db", KEY))
        worklist = Worklist(self.rows, self.office.officer, self.office.catalogue, self.clock)
        self.frame = DeskFrame(self.office, worklist, tasks)
        self.citizens: list[dict[str, str]] = read_pack("practice.json")["citizens"]
        self._received = 0

    def close(self) -> None:
        self.rows.glance.close()
        self.store.close()

    def sign_in(self, officer_id: str) -> None:
        self.frame.office = self.office = self.office.as_officer(officer_id)
        self.frame.worklist = replace(self.frame.worklist, officer=self.office.officer)

    def by(self, officer_id: str) -> Office:
        return self.office.as_officer(officer_id)

    def receive(
        self, procedure: str = MARITAL_STATUS, citizen: int | None = None, fees: tuple[Fee, ...] = ()
    ) -> Dossier:
        """A dossier taken in at the counter by its reception officer, all papers given."""
        who = self.citizens[(self._received if citizen is None else citizen) % len(self.citizens)]
        self._received += 1
        names = ("name", "id_number", "born_on", "sex", "address", "phone")
        wanted = self.office.catalogue.procedure(procedure)
        case = first_case(wanted)
        lines = component_lines(in_case(wanted, case))
        form = IntakeForm(
            procedure_code=procedure,
            owner=PartyForm(**{name: who[name] for name in names}),
            components=tuple(replace(line, is_given=True, originals=1) for line in lines),
            case=case,
            fees=fees,
            time_value=5,
            time_unit="working_day",
        )
        return receive_dossier(self.by(RECEPTION), form).dossier

    def forward(self, dossier: Dossier, officer: str = SPECIALIST, unit: str = OFFICE_UNIT) -> Dossier:
        return deeds.forward(self.by(RECEPTION), dossier.id, Target(unit, officer)).dossier

    def propose(self, dossier: Dossier, words: str = "Hồ sơ hợp lệ. Kính trình phê duyệt.") -> Dossier:
        """Forwarded to the specialist, taken over, proposed to the head of unit."""
        self.forward(dossier)
        deeds.take_over(self.by(SPECIALIST), dossier.id)
        return deeds.propose(self.by(SPECIALIST), dossier.id, words, Target(OFFICE_UNIT, HEAD)).dossier

    def approve(self, dossier: Dossier) -> Dossier:
        self.propose(dossier)
        return deeds.approve(self.by(HEAD), dossier.id, Target(LEADERS, LEADER)).dossier

    def sign(self, dossier: Dossier) -> Dossier:
        self.approve(dossier)
        return deeds.sign(self.by(LEADER), dossier.id, Target(OFFICE_UNIT, CLERK)).dossier

    def complete(self, dossier: Dossier, number: str = "12/UBND-XN") -> Dossier:
        self.sign(dossier)
        return deeds.complete(self.by(CLERK), dossier.id, number, self.clock().date()).dossier

    def _ticks(self) -> tuple[str, int]:
        return "boot", 0


def settle(desk: Desk, qtbot: QtBot) -> None:
    """Until nothing is under way: answers, the pause of typing, the rest of the selection."""
    for _ in range(3):
        qtbot.waitUntil(desk.frame.tasks.is_idle, timeout=30_000)
        pause = QTimer(singleShot=True, interval=140)
        with qtbot.waitSignal(pause.timeout, timeout=30_000):
            pause.start()
    qtbot.waitUntil(desk.frame.tasks.is_idle, timeout=30_000)


def fill(desk: Desk, count: int) -> Dossier:
    """Rows as a store holds after years: copies of one real row, under their own keys."""
    first = desk.receive(RESIDENCE)
    columns = (
        "state, national, procedure_code, procedure_name, sector, submitter_name, id_number, phone, channel, "
        "received_at, original_due_at, ended_at, handed_out_at, register_no, counter, holder_unit, "
        "holder_officer, is_taken, queue, head, entry_count"
    )
    sql = (
        f"WITH RECURSIVE k(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM k WHERE i < {count}) "
        f"INSERT INTO dossiers (n, id, code, owner_name, due_at, queue_at, {columns}) "
        "SELECT i, 'id-' || i, printf('H56.99.88-251117-%06d', i), 'Nguyễn Văn ' || i, due.at, due.at, "
        f"{columns} FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%S', '2026-11-20', '+' || i || ' minutes') "
        f"|| '.000Z' AS at FROM k) AS due, dossiers WHERE dossiers.n = 1"
    )
    with desk.store.write() as connection:
        connection.exec_driver_sql(sql)
    return first
