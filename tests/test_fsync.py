"""The process dies at exactly the n-th time that it waits for the disk: desk and hub, real files.

`strace` kills it there. A sample of the points by default; ONESTOP_FSYNC=all takes every one.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import httpx
import pytest

from onestop.paths import Profile
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key
from tests.chaos import evidence
from tests.chaos.database import children
from tests.chaos.machines import Machine, desk_command, free_port, hub_command, wait_for_hub
from tests.hub_process import Running, administer, running
from tests.office_desk import new_folder

ACTS = 20
DESK_POINTS, HUB_POINTS = 6, 4
DESKS = 20
"""An office has no more."""
AT_ONCE = 3
"""Runs side by side: most of their time they wait."""

WITHIN = 180.0
STRACE = ("strace", "-f", "-qq", "--seccomp-bpf")
CALLS = "fsync,fdatasync"


@cache
def why_not() -> str:
    """Why processes cannot be killed at a call of the system here; empty when they can."""
    if not sys.platform.startswith("linux") or shutil.which("strace") is None:
        return "needs strace, which is not installed"
    inject = f"inject={CALLS}:signal=KILL:when=1"
    python = "import os; os.fsync(os.open('.', os.O_RDONLY))"
    done = subprocess.run(
        [*STRACE, "-e", inject, sys.executable, "-c", python], capture_output=True, check=False
    )
    return "" if done.returncode in (-9, 137) else "strace may not trace or inject here"


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0 if os.environ.get("ONESTOP_FSYNC") else 600),
]


@pytest.fixture(autouse=True)
def able() -> None:
    if why_not():
        pytest.skip(why_not())


def sample(count: int, wanted: int) -> list[int]:
    """Which of so many waits for the disk; all of them by ONESTOP_FSYNC=all."""
    if os.environ.get("ONESTOP_FSYNC") == "all" or count <= wanted:
        return list(range(1, count + 1))
    return sorted(Random(count).sample(range(1, count + 1), wanted))


@dataclass
class Traced(Machine):
    """A program under strace: dies at its `point`-th wait for the disk; 0 counts them only."""

    point: int = 0

    def begin(self) -> None:
        what = f"inject={CALLS}:signal=KILL:when={self.point}" if self.point else f"trace={CALLS}"
        plain = self.command
        self.command = [*STRACE, "-o", str(self.trace), "-e", what, *plain]
        self.start()
        self.command = plain

    @property
    def trace(self) -> Path:
        return self.folder / f"{self.name}.trace"

    def count(self) -> int:
        return sum("sync(" in line and "resumed" not in line for line in self.trace.read_text().splitlines())

    def end(self) -> None:
        """SIGTERM for the program itself, not for the one that watches it, if it is watched."""
        if self.process is not None and self.process.poll() is None:
            for one in children(self.process.pid) or [self.process.pid]:
                os.kill(one, signal.SIGTERM)
            self.process.wait(30)
        self._collect_ended()

    def wait_until_dead(self) -> None:
        assert self.process is not None
        self.process.wait(WITHIN)
        self._collect_ended()

    def _collect_ended(self) -> None:
        if self.process is not None:
            self._collect(self.process)


# --- a desk


def desk_of(folder: Path, hub: Running, index: int, point: int = 0) -> Traced:
    """Not joined yet: joining is part of what must survive."""
    new_folder(folder, index)
    options = {"code": hub.code(), "url": hub.url, "acts": ACTS, "pause": 0.02, "seed": 7}
    return Traced(folder.name, desk_command(folder, plain=True, **options), folder.parent, point=point)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    store = open_store(folder / "onestop.db", load_key(folder))
    try:
        yield store
    finally:
        store.close()


def is_done(desk: Machine) -> bool:
    """All acts of this life are done, and what was told after the last of them is that nothing waits."""
    life = desk.lines[len(desk.lines) - desk.lines[::-1].index("joined") :] if "joined" in desk.lines else []
    acts = int(desk.command[desk.command.index("--acts") + 1])
    done = [place for place, line in enumerate(life) if line.startswith("saved ")]
    if len(done) < acts:
        return False
    told = [line for line in life[done[-1] :] if line.startswith("at ")]
    return bool(told) and told[-1].split()[3:] == ["0", "0", "0"]


def wait_until_done(desk: Traced) -> None:
    until = time.monotonic() + WITHIN
    while not is_done(desk):
        assert time.monotonic() < until, desk.said()
        time.sleep(0.1)


def test_a_desk_that_dies_at_any_wait_for_the_disk_lost_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "counting", "--demo") as hub:
        count = _waits(tmp_path / "counted", hub)
    assert count > ACTS
    points = sample(count, DESK_POINTS)
    killed = 0
    for start in range(0, len(points), DESKS):
        with running(tmp_path / f"hub-{start}", "--demo") as hub:
            killed += _die_at(tmp_path, hub, points[start : start + DESKS])
    assert killed >= len(points) * 3 // 4, "hardly any of them died"
    print(f"a desk waits {count} times for the disk; died at {killed} of {len(points)} points")


def _waits(folder: Path, hub: Running) -> int:
    whole = desk_of(folder, hub, 1)
    try:
        whole.begin()
        wait_until_done(whole)
    finally:
        whole.end()
    return whole.count()


def _die_at(tmp_path: Path, hub: Running, points: list[int]) -> int:
    """How many died. Each desk has its own number: one number is one device."""

    def die(numbered: tuple[int, int]) -> bool:
        index, point = numbered
        return _dies_and_goes_on(tmp_path / f"desk-{point}", hub, index, point)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(die, enumerate(points, start=1)))


def _dies_and_goes_on(folder: Path, hub: Running, index: int, point: int) -> bool:
    """Whether it came so far that it died. Then: opened, verified, begun again, all at the hub."""
    desk = desk_of(folder, hub, index, point)
    try:
        desk.begin()
        _until_dead_or_done(desk)
        is_killed = desk.process is None
        desk.end()
        with opened(folder) as store:
            evidence.is_undamaged(store)
            evidence.are_there(desk.words("saved"), evidence.ids_at(store), f"at {point}")
        desk.command[desk.command.index("--acts") + 1] = str(ACTS // 5)
        desk.start()  # without strace
        wait_until_done(desk)
        desk.stop()
    finally:
        desk.clean_up()
    with opened(folder) as store:
        evidence.is_undamaged(store)
        evidence.nothing_waits(store, others_work=True)
        _is_at(hub, set(desk.words("saved")), evidence.ids_at(store))
    return is_killed


def _until_dead_or_done(desk: Traced) -> None:
    until = time.monotonic() + WITHIN
    while not desk.has_ended() and not is_done(desk):
        assert time.monotonic() < until, desk.said()
        time.sleep(0.05)


def _is_at(hub: Running, saved: set[str], ids: set[str]) -> None:
    with opened(Profile(hub.data, "hub").folder) as store:
        there = evidence.ids_at(store)
    evidence.are_there(saved | ids, there, "the hub")


# --- a hub


def test_a_hub_that_dies_at_any_wait_for_the_disk_lost_nothing(tmp_path: Path) -> None:
    """Founded before, so that each run dies while it serves; a desk sends twenty acts and their scans."""
    with running(tmp_path / "template", "--demo") as template:
        assert template.code()  # it is up
        assert httpx.get(template.url, trust_env=False).status_code == 200
    count = _served(tmp_path, 0)
    assert count > ACTS // 2
    points = sample(count, HUB_POINTS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        killed = sum(pool.map(lambda point: _served(tmp_path, point) > 0, points))
    assert killed >= len(points) // 2, "hardly any of them died"
    print(f"a hub waits about {count} times for the disk; died at {killed} of {len(points)} points")


def _served(tmp_path: Path, point: int) -> int:
    """One run: how many waits were counted, or (with a point) 1 when the hub died at it."""
    folder = tmp_path / f"run-{point}"
    shutil.copytree(tmp_path / "template", folder / "hub")
    port = free_port()
    hub = Traced("hub", hub_command(folder / "hub", port), folder, point=point)
    desk = Machine("desk", [], folder)
    try:
        code = administer(folder / "hub", "enrol", "--office", "H56.99.88").splitlines()[0]
        options = {
            "code": code.removeprefix("Mã ghi danh: "),
            "url": f"http://127.0.0.1:{port}",
            "acts": ACTS,
        }
        new_folder(folder / "desk")
        desk.command = desk_command(folder / "desk", plain=True, pause=0.05, **options)
        hub.begin()
        is_killed = _serve(hub, desk, port)
        desk.stop()
        hub.end()
    finally:
        desk.clean_up()
        hub.end()
    _hub_is_sound(folder, desk)
    return int(is_killed) if point else hub.count()


def _serve(hub: Traced, desk: Machine, port: int) -> bool:
    """Until the desk has sent all; a hub that died is begun again. Whether it died."""
    is_killed, until = False, time.monotonic() + WITHIN
    while not is_done(desk):
        assert time.monotonic() < until, desk.said() + hub.said()
        if hub.has_ended():
            is_killed = True
            hub.start()
            wait_for_hub(hub, port)
        if desk.process is None:
            desk.start()
        time.sleep(0.05)
    return is_killed


def _hub_is_sound(folder: Path, desk: Machine) -> None:
    saved = set(desk.words("saved"))
    with opened(folder / "desk") as store:
        evidence.is_undamaged(store)
        evidence.nothing_waits(store)
        named = evidence.papers_named(store)
        words = evidence.words_of(store)
    with opened(Profile(folder / "hub", "hub").folder) as store:
        evidence.hub_is_undamaged(store)
        numbered = evidence.log_is_sound(store)
        evidence.are_there(saved, set(numbered), "the hub")
        assert evidence.words_of(store) == words
        assert evidence.blobs_are_sound(store) >= named
