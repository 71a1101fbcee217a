"""One part of the tour, in a process of its own: opens the desk, plays the steps, says what was done."""

import json
import sys
import time
import traceback
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from onestop.paths import Profile
from ui import look
from ui.app import Program, Wish, make_application
from ui.tour.day import CUT, Record
from ui.tour.gallery import take_pictures
from ui.tour.hand import Stuck
from ui.tour.officer import Officers, TourClock
from ui.tour.plan import AFTERNOON, END, MORNING, At, PowerCut, Step

SIZE = (1366, 768)


def play(out: Path, part: str) -> int:
    """The exit code. The morning ends in a power cut: it waits to be killed."""
    steps = {"morning": MORNING, "afternoon": AFTERNOON, "gallery": ()}[part]
    kept = out / "ids.json"
    ids: dict[str, str] = {} if part == "morning" else json.loads(kept.read_text("utf-8"))
    clock = TourClock(_start(part))
    app = make_application(sys.argv[:1])
    program = Program(Wish(Profile(out / "data", "practice"), clock=clock))
    look.apply_look(app, "light")
    program.bugs.install()
    try:
        officers = _open(program, clock, out, ids)
        if part == "gallery":
            take_pictures(officers)
        else:
            for step in steps:
                _play_step(officers, step, part, kept)
    except Exception as fault:  # told here: the program's own hook would show a box to nobody
        if not isinstance(fault, Stuck):
            traceback.print_exc()
        if program.shell is not None:
            (out / "pictures").mkdir(exist_ok=True)
            program.shell.grab().save(str(out / "pictures" / "stuck.png"))
        print(f"{part}: {fault}", file=sys.stderr)
        _has_bugs(out)
        return 1
    program.end()
    return 1 if _has_bugs(out) else 0


def _has_bugs(out: Path) -> bool:
    """A bug that the program survived is still a fault of the tour."""
    log = Profile(out / "data", "practice").logs / "bugs.log"
    if not log.exists():
        return False
    print(log.read_text("utf-8"), file=sys.stderr)
    return True


def _start(part: str) -> datetime:
    moments = [step.moment for step in (MORNING if part == "morning" else AFTERNOON) if isinstance(step, At)]
    return END if part == "gallery" else moments[0]


def _open(program: Program, clock: TourClock, out: Path, ids: dict[str, str]) -> Officers:
    """The window stands and the store is open behind it."""
    is_ready: list[bool] = []
    program.office_ready.connect(lambda: is_ready.append(True))
    program.begin()
    end = time.monotonic() + 30
    while not is_ready:
        QCoreApplication.processEvents()
        if time.monotonic() > end:
            raise Stuck("the desk did not open within thirty seconds")
        time.sleep(0.002)
    assert program.shell is not None
    program.shell.resize(*SIZE)
    program.shell.activateWindow()
    return Officers(program, clock, out, ids)


def _play_step(officers: Officers, step: Step, part: str, kept: Path) -> None:
    if isinstance(step, PowerCut):
        print(CUT, flush=True)
        time.sleep(60)  # killed long before
        raise Stuck("nobody cut the power")
    started = time.perf_counter()
    words = officers.do(step)
    took = (time.perf_counter() - started) * 1000
    kept.write_text(json.dumps(officers.ids), "utf-8")
    print(
        json.dumps(asdict(Record(part, words, round(took, 1), dict(officers.ids))), ensure_ascii=False),
        flush=True,
    )
