"""The print panel on a real store: real papers, a printer that writes into a file, no other pretence."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import Dossier
from onestop.errors import OfficeError
from onestop.office.deeds import Done
from onestop.office.office import Office
from onestop.office.work import Worklist
from onestop.settings import Settings
from tests.office_desk import Seat, receive, seated
from ui.look import apply_look
from ui.printer import FindPrinters, Printer
from ui.printing import PrintPanel
from ui.tasks import Tasks
from ui.widgets import Drawer

BIRTH = "1.001193"


class TakingFrame:
    """What the shell is to the panel; it keeps what the panel asked of it."""

    def __init__(self, office: Office, worklist: Worklist, tasks: Tasks) -> None:
        self.tasks, self.office, self.worklist = tasks, office, worklist
        self.settings = Settings()
        self.done: list[Done] = []

    def change_setting(self, key: str, value: str | int | bool) -> None:
        self.settings = self.settings.with_value(key, value)

    def go(self, place: str, dossier_id: str = "") -> None:
        raise AssertionError("the panel leads nowhere")

    def tell_done(self, done: Done, undo: Callable[[], None] | None = None) -> None:
        self.done.append(done)

    def toast(self, words: str) -> None:
        raise AssertionError("the panel says it itself")

    def show_error(self, error: OfficeError) -> None:
        raise AssertionError("the panel says it itself")

    def print_papers(self, dossier: Dossier, form: str = "01") -> None:
        raise AssertionError("the panel is already there")


@dataclass
class Counter:
    seat: Seat
    frame: TakingFrame
    drawer: Drawer | None = None

    def receive(self, procedure: str = BIRTH) -> Dossier:
        return receive(self.seat, procedure=procedure)


@pytest.fixture
def counter(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Counter]:
    with seated(tmp_path / "store") as seat:
        office = seat.office
        worklist = Worklist(office.store.rows, office.officer, office.catalogue, office.clock)
        yield Counter(seat, TakingFrame(office, worklist, tasks))
        tasks.shutdown()


def show(counter: Counter, qtbot: QtBot, find: FindPrinters = tuple) -> PrintPanel:
    """The panel in a drawer, as the shell shows it."""
    drawer = Drawer("print_drawer", "In giấy tờ", 460)
    qtbot.addWidget(drawer)
    panel = PrintPanel(counter.frame, find)
    drawer.body.addWidget(panel)
    drawer.resize(460, 690)
    drawer.show()
    counter.drawer = drawer
    return panel


def settle(panel: PrintPanel, counter: Counter, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: counter.frame.tasks.is_idle() and panel.line.is_idle(), timeout=20_000)


def test_shots(counter: Counter, qtbot: QtBot, tmp_path: Path, pictures: Path, app: QApplication) -> None:
    printers = (Printer("HP-Q02", tmp_path / "out.pdf"), Printer("Canon LBP 2900"))
    panel = show(counter, qtbot, lambda: printers)
    panel.open(counter.receive(BIRTH))
    settle(panel, counter, qtbot)
    qtbot.wait(300)
    settle(panel, counter, qtbot)
    for theme in ("light", "dark"):
        apply_look(app, theme)
        panel.window().grab().save(str(pictures / f"print_{theme}.png"))
    panel.print()
    settle(panel, counter, qtbot)
    qtbot.wait(300)
    settle(panel, counter, qtbot)
    panel.window().grab().save(str(pictures / "print_sent.png"))
    panel.open_register()
    settle(panel, counter, qtbot)
    qtbot.wait(300)
    settle(panel, counter, qtbot)
    panel.window().grab().save(str(pictures / "print_register.png"))
