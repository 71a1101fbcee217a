"""One round of build/bench_batch.py in a process of its own: a window with the batch dialog."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import cast

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from build.bench_batch import COUNT, MS
from build.bench_figure import median, timed
from build.people import person
from onestop.office.found import found_practice, open_office
from onestop.office.intake import IntakeForm, PartyForm, component_lines, receive_dossier
from onestop.office.office import Office
from onestop.office.papers import paper_pdf
from onestop.printing import page_images
from onestop.settings import Settings
from onestop.store.store import open_store
from onestop.store.vault import create_key
from ui.look import apply_look
from ui.pages.page import Frame
from ui.print_many import PrintMany
from ui.printer import DPI, Printer
from ui.tasks import Sweep, Tasks

_PROCEDURE = "1.000593"
_NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class _Frame:
    """As much of the shell as the dialog asks for."""

    def __init__(self, office: Office, tasks: Tasks) -> None:
        self.office, self.tasks, self.settings = office, tasks, Settings()

    def change_setting(self, key: str, value: str | int | bool) -> None:
        self.settings = self.settings.with_value(key, value)

    def tell_done(self, done: object, undo: object = None, says: bool = True) -> None:
        """There is no other page to tell."""


def _measure(folder: Path) -> dict[str, float]:
    """In a process of its own."""
    application = QApplication([])
    apply_look(application, "light")
    tasks = Tasks(lambda _, error: sys.exit(str(error)), lambda _, bug: sys.exit(bug.trace))
    office, ids = _received(folder)
    sweep = Sweep()  # a program that has been open for a while has swept up what opening it left
    window = QWidget()
    window.show()
    printer = Printer("máy in thử", folder / "printed.pdf")
    # The dialog asks for nothing else of the shell.
    frame = cast(Frame, _Frame(office, tasks))
    dialog = PrintMany(window, frame, ids, lambda: (printer,), lambda _: ())
    dialog.open()
    _turn(lambda: dialog.print_button.isEnabled() and tasks.is_idle())
    dialog.fields.copies.set_key("1")
    began = time.perf_counter()
    dialog.print_all()
    away = _turn(lambda: not dialog.batch.is_going() and tasks.is_idle())
    taken = time.perf_counter() - began
    if len(dialog.batch.printed) != COUNT:
        sys.exit(f"{[each.why for each in dialog.batch.missed]}")
    bare = _bare(office, ids[0])
    tasks.shutdown()
    sweep.stop()
    office.store.close()
    return {"away_ms": away * MS, "each_ms": taken / COUNT * MS, "bare_ms": bare * MS}


def _turn(is_over: Callable[[], bool]) -> float:
    """Turns the window's loop until it is over; the longest time between two turns, in seconds."""
    loop, timer = QEventLoop(), QTimer(interval=1)
    last, longest = time.perf_counter(), 0.0

    def beat() -> None:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        if is_over():
            loop.quit()

    timer.timeout.connect(beat)
    timer.start()
    loop.exec()
    return longest


def _received(folder: Path) -> tuple[Office, list[str]]:
    """The practice office with dossiers of invented people."""
    store = open_store(folder / "onestop.db", create_key(folder))
    found_practice(store, _NOW)
    office = open_office(store, lambda: _NOW, lambda: ("bench", 1))
    random, ids = Random(30), []
    wanted = next(each for each in office.catalogue.procedures if each.code == _PROCEDURE)
    for _ in range(COUNT):
        who = person(random)
        owner = PartyForm(name=who.name, id_number=who.id_number, address=who.address, phone=who.phone)
        lines = tuple(replace(line, is_given=True, originals=1) for line in component_lines(wanted))
        form = IntakeForm(wanted.code, owner=owner, components=lines)
        ids.append(receive_dossier(office, form).dossier.id)
    return office, ids


def _bare(office: Office, dossier_id: str) -> float:
    """The page alone as a picture, in seconds: the least that printing it takes."""
    pdf = paper_pdf(office, dossier_id, "01", "A5", 1)
    return median([timed(lambda: page_images(pdf, DPI, 0, 0)) for _ in range(9)])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(_measure(Path(made))))
