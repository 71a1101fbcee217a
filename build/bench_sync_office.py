"""One office: how soon a colleague sees an act, how a fresh desk begins."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import BinaryIO

from build.bench_figure import Bench, Figure, at_most, figure, percentile
from build.bench_sync import new_hub
from build.bench_sync_line import RTT_MS
from build.fill import fill_store
from onestop.domain.moment import VIETNAM
from onestop.store.log import POLICY, office_stream, open_ledger
from onestop.store.peers import ROOT as ROOT_HUB
from onestop.store.peers import peer_of
from onestop.store.snapshot import SnapshotReport, take_snapshot, write_snapshot
from onestop.store.vault import create_key
from onestop.sync.joined import call_relay_first, desk_runner, join_desk
from onestop.sync.packed import packing, unpacking
from onestop.sync.runner import Runner
from tests.fault_proxy import FaultProxy, Line
from tests.hub_process import PRACTICE, Running, administer, caller_of, running
from tests.office_desk import Seat, new_folder, open_seat, receive
from tests.town import OFFICE, Town, founded

# --- an act here, seen there


@dataclass
class Ear:
    """When a desk's window was told of each dossier."""

    seen: dict[str, float] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def hear(self, dossiers: frozenset[str]) -> None:
        with self.changed:
            self.seen |= {dossier: time.monotonic() for dossier in dossiers}
            self.changed.notify_all()

    def wait_for(self, dossier: str, limit: float = 30.0) -> float:
        with self.changed:
            assert self.changed.wait_for(lambda: dossier in self.seen, limit), dossier
            return self.seen[dossier]


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk with its line running."""

    seat: Seat
    runner: Runner
    ear: Ear


def bench_seen(bench: Bench) -> list[Figure]:
    """From the officer's key on desk A to the news in the window of desk B, both real lines."""
    count = 10 if bench.is_quick else 60
    with new_hub() as root, TemporaryDirectory(prefix="onestop-seen-") as name:
        straight = _times(Path(name) / "straight", root, "", count)
        with _relay(root, Path(name) / "relay") as relay:
            relayed = _times(Path(name) / "relayed", root, relay.url, count)
    figures = []
    for words, times in (("straight", straight), ("by a relay", relayed)):
        note = f"p50 {percentile(times, 0.5):.3f} s, lâu nhất {max(times):.3f} s, {count} việc"
        figures.append(
            at_most(f"seen on desk B {words} · p95", "s", percentile(times, 0.95), 1.5, count, note)
        )
    return figures


@contextmanager
def _relay(root: Running, data: Path) -> Iterator[Running]:
    administer(data, "join", root.code(PRACTICE, "--relay"), root.url)
    with running(data, "--relay", "--upstream", root.url) as relay:
        yield relay


def _times(folder: Path, root: Running, relay: str, count: int) -> list[float]:
    with ExitStack() as stack:
        numbers = (3, 4) if relay else (1, 2)  # one number is one device: twice would be a copied desk
        a, b = (stack.enter_context(_desk(folder / str(n), root, n, relay)) for n in numbers)
        _act(a, b)  # both lie in a long poll after the first
        kind = "relay" if relay else "root"
        assert {_peer(a), _peer(b)} == {kind}
        random, times = Random(7), []
        for _ in range(count):
            time.sleep(random.uniform(0.1, 0.5))
            times.append(_act(a, b))
    return times


def _peer(desk: Desk) -> str:
    return desk.runner.node.talk.kind if desk.runner.node.talk else ""


def _act(a: Desk, b: Desk) -> float:
    began = time.monotonic()
    dossier = receive(a.seat).id
    a.runner.poke()
    return b.ear.wait_for(dossier) - began


@contextmanager
def _desk(folder: Path, root: Running, index: int, relay: str) -> Iterator[Desk]:
    seat = open_seat(new_folder(folder, index), datetime.now(VIETNAM))
    join_desk(seat.office, root.url, root.code())
    if relay:
        call_relay_first(seat.store, relay)
        _wait_until_known(seat, relay)
    ear = Ear()
    made = desk_runner(seat.store, seat.clock, seat.clock.boot, on_news=ear.hear, herd=0)
    assert made is not None
    made.start()
    try:
        yield Desk(seat, made, ear)
    finally:
        made.stop()
        seat.store.close()


def _wait_until_known(seat: Seat, relay: str) -> None:
    """A relay hears from its root which desks there are; until then they would call the root itself."""
    caller = caller_of(seat.store, relay)
    until = time.monotonic() + 120
    while caller.ask_token().status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.2)
    caller.http.close()


# --- a fresh desk


def bench_fresh(bench: Bench) -> list[Figure]:
    """A new desk of an office with 20,000 open dossiers: snapshot over 1 MB/s, taken, ready to work."""
    count = 1_000 if bench.is_quick else 20_000
    with TemporaryDirectory(prefix="onestop-fresh-") as name:
        folder = Path(name)
        with _town_with(folder, count) as town:
            packed = folder / "snapshot"
            writing = _written(town, packed)
            seat = open_seat(new_folder(folder / "new", 2), datetime.now(VIETNAM))
            town.join(seat, is_read=False)
        carrying = _carried(packed)
        began = time.monotonic()
        report = take_snapshot(seat.store, lambda: _opened(packed))
        taking = time.monotonic() - began
        with seat.store.read() as connection:
            root = peer_of(connection, ROOT_HUB)
        assert root is not None
        assert root.cursor == report.cursor
        seat.store.close()
        size = packed.stat().st_size
    return _fresh_figures(report, size, (writing, carrying, taking), 60 * count / 20_000)


_AS_JSON = (1_490, "một hồ sơ dạng JSON")


def _fresh_figures(
    report: SnapshotReport, size: int, times: tuple[float, float, float], limit: float
) -> list[Figure]:
    writing, carrying, taking = times
    note = (
        f"{report.entries} bút, {size / 1e6:.1f} MB; máy chủ ghi {writing:.1f} s, "
        f"đường truyền {carrying:.1f} s, quầy nhận {taking:.1f} s"
    )
    name = f"fresh desk, {report.dossiers} open dossiers, 1 MB/s"
    return [
        at_most(f"{name} · time", "s", writing + carrying + taking, max(6.0, limit), 1, note),
        figure(
            f"{name} · bytes", "byte/hồ sơ", size / report.dossiers, (1_490, "một hồ sơ dạng JSON"), None, 1
        ),
    ]


@contextmanager
def _town_with(folder: Path, count: int) -> Iterator[Town]:
    """A root that has all that one desk with `count` open dossiers sent."""
    old, now = folder / "old", datetime.now(VIETNAM)
    old.mkdir()
    fill_store(old / "onestop.db", create_key(old), count, now, is_all_open=True)
    seat = open_seat(old, now)
    with founded(folder / "hub") as town:
        town.now = datetime.now(UTC)
        town.join(seat)
        town.push_all(seat)
        seat.store.close()
        yield town


def _written(town: Town, packed: Path) -> float:
    began = time.monotonic()
    with town.store.read() as connection, packed.open("wb") as sink, packing(sink) as packer:
        write_snapshot(connection, open_ledger(connection), [office_stream(OFFICE), POLICY], packer)
    return time.monotonic() - began


def _carried(packed: Path) -> float:
    """Seconds that the file takes over 200 ms and 1 MB/s, by plain HTTP."""
    import httpx

    words = [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1", "-d", str(packed.parent)]
    words.insert(1, "-u")
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(words, stdout=pipe, stderr=quiet, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().split(" port ")[1].split()[0])
            began = time.monotonic()
            with FaultProxy(port, Line(RTT_MS, 1_000_000, 1_000_000), seed=7) as proxy:
                url = f"http://127.0.0.1:{proxy.port}/{packed.name}"
                with httpx.stream("GET", url, trust_env=False, timeout=60) as answer:
                    size = sum(len(piece) for piece in answer.iter_raw())
            assert size == packed.stat().st_size
            return time.monotonic() - began
        finally:
            server.kill()


@contextmanager
def _opened(packed: Path) -> Iterator[BinaryIO]:
    with packed.open("rb") as source:
        yield unpacking(source)
