"""A month of one office, done without a line and then sent to an empty hub by all its desks at once.

As a program, one desk: `python -m build.bench_sync_month FOLDER INDEX DAYS` does its part of the work.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from build.bench_figure import Bench, Figure, at_most, figure
from build.bench_sync import new_hub
from build.bench_sync_hub import open_hub
from build.bench_sync_line import ROOT, Trip, call_at, cpu_of, join_folder, port_of
from onestop.domain.moment import VIETNAM
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import PaperForm
from onestop.office.papers import keep_paper
from tests.fault_proxy import FaultProxy, Line
from tests.hub_process import Running
from tests.office_desk import (
    CLERK,
    HEAD,
    LEADER,
    LEADERS,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    new_folder,
    open_seat,
    receive,
)

DESKS, PER_DAY, DAYS = 6, 150, 30
SCAN = 60_000
GOAL = 240.0
LIMIT = 420.0
_CORES = 2


def bench_month(bench: Bench) -> list[Figure]:
    """Thirty working days of six desks, 150 dossiers a day, each whole and with a scan of 60 KB."""
    days, desks = (1, 2) if bench.is_quick else (DAYS, DESKS)
    with TemporaryDirectory(prefix="onestop-month-", ignore_cleanup_errors=True) as name:
        folders = [Path(name) / f"desk-{index}" for index in range(1, desks + 1)]
        made = [_program("build.bench_sync_month", f, n, days) for n, f in enumerate(folders, 1)]
        _run_all(made, _CORES)
        with new_hub() as hub:
            for folder in folders:
                join_folder(folder, hub)
            trip = _replayed(hub, folders)
    return _month_figures(trip, days, desks)


def _replayed(hub: Running, folders: Sequence[Path]) -> Trip:
    before = cpu_of(hub.process.pid)
    with FaultProxy(port_of(hub.url), Line()) as proxy:
        for folder in folders:
            call_at(folder, proxy.port)
        began = time.monotonic()
        told = _run_all(
            [_program("build.bench_sync_desk", f, "papers", LIMIT) for f in folders], len(folders)
        )
        seconds, count = time.monotonic() - began, proxy.count()
    desks = [json.loads(line) for line in told]
    is_done = all(desk["is_done"] for desk in desks)
    cpu, hub_cpu = sum(desk["cpu"] for desk in desks), cpu_of(hub.process.pid) - before
    return Trip(seconds, is_done, _entries(hub), count.up, count.down, cpu=cpu, hub_cpu=hub_cpu)


def _program(module: str, *words: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, words)]


def _run_all(commands: Sequence[Sequence[str]], at_once: int) -> list[str]:
    """The last line of what each said; never more than `at_once` run side by side."""
    said: list[str] = []
    for start in range(0, len(commands), at_once):
        begun = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for command in commands[start : start + at_once]
        ]
        for process in begun:
            out, _ = process.communicate(timeout=LIMIT * 2)
            if process.returncode:
                raise RuntimeError(f"{process.args!r:.200} failed")
            said.append(out.strip().rpartition("\n")[2])
    return said


def _entries(hub: Running) -> int:
    with closing(open_hub(hub)) as opened:
        return int(opened.store.rows("SELECT count(*) FROM entries", {})[0][0])


def _month_figures(trip: Trip, days: int, desks: int) -> list[Figure]:
    name = f"{days} days of {desks} desks into an empty hub"
    scans = days * PER_DAY // DESKS * desks * SCAN
    rate = f"{trip.done / trip.seconds:.0f} bút/s; {trip.words}"
    each = f"{(trip.up - scans) / max(1, trip.done):.0f} byte lên một bút, không kể ảnh quét"
    seconds = trip.seconds if trip.is_done else 1e6
    return [
        at_most(f"{name} · time", "s", seconds, max(15.0, GOAL * days / DAYS), 1, rate),
        figure(f"{name} · bytes up", "byte", trip.up, (scans, "chính các ảnh quét"), 1.10, 1, each),
    ]


# --- one desk of it


def work(folder: Path, index: int, days: int) -> None:
    """Its share of every day's dossiers, each from the counter to the result in the citizen's hand."""
    began = datetime.now(VIETNAM) - timedelta(days=days + 3)
    seat = open_seat(new_folder(folder, index), began)
    random = Random(index)
    for day in range(days):
        seat.clock.at = began + timedelta(days=day)
        for _ in range(PER_DAY // DESKS):
            _one_dossier(seat, random.randbytes(SCAN))
    seat.store.close()
    print(json.dumps({"days": days}))


def _one_dossier(seat: Seat, scan: bytes) -> None:
    source = seat.folder / "quet.pdf"
    source.write_bytes(b"%PDF-1.7\n" + scan[9:])
    dossier = receive(seat).id
    ref = keep_paper(seat.office, source)
    paper = PaperForm(ref.sha256, ref.length, ref.mime, "Đơn đề nghị")
    deeds.attach(seat.as_(RECEPTION), dossier, (paper,))
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    deeds.propose(seat.as_(SPECIALIST), dossier, "Đủ điều kiện", Target(UNIT, HEAD))
    deeds.approve(seat.as_(HEAD), dossier, Target(LEADERS, LEADER))
    deeds.sign(seat.as_(LEADER), dossier, Target(UNIT, CLERK))
    deeds.complete(seat.as_(CLERK), dossier, "15/TLKS", date(2026, 11, 23), "Trích lục")
    deeds.hand_out(seat.as_(RECEPTION), dossier, "Lò Thị Đức", "in_person")


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
