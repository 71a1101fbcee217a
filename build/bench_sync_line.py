"""What every measurement over a line shares: a hub in its process, desks in theirs, a bad line between."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from build.bench_figure import Bench, office_of
from onestop.store.rows import put_local
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key
from onestop.sync.joined import HUBS, join_desk
from tests.fault_proxy import FaultProxy, Line
from tests.hub_process import Running

ROOT = Path(__file__).resolve().parent.parent
SEED = 7
RTT_MS = 200


@dataclass(frozen=True, slots=True)
class Trip:
    """What one run over a line took. `done` of what was to go; bytes as the line handed them over."""

    seconds: float
    is_done: bool
    done: int
    up: int = 0
    down: int = 0
    cuts: int = 0
    cpu: float = 0.0
    hub_cpu: float = 0.0
    requests: int = 0

    @property
    def words(self) -> str:
        ended = "xong" if self.is_done else f"KHÔNG xong, được {self.done}"
        return (
            f"{ended} {self.seconds:.1f} s, lên {self.up / 1e6:.2f} MB, xuống {self.down / 1e6:.2f} MB, "
            f"{self.cuts} lần đứt, CPU {self.cpu:.1f} + {self.hub_cpu:.1f} s"
        )


def over(line: Line, port: int, pid: int, work: Callable[[int], dict[str, Any]]) -> Trip:
    """Runs `work(port of the line)`; `pid`: the server's process, whose CPU is counted."""
    with FaultProxy(port, line, seed=SEED) as proxy:
        before = cpu_of(pid)
        told = work(proxy.port)
        count, after = proxy.count(), cpu_of(pid)
    return Trip(
        told["seconds"], told["is_done"], told.get("done", 0), count.up, count.down, count.cuts,
        told.get("cpu", 0.0), after - before, told.get("requests", 0),
    )  # fmt: skip


def cpu_of(pid: int) -> float:
    """Seconds of processor of a process and its children that ended; 0 where that cannot be read."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def run_program(command: Sequence[str], limit: float) -> dict[str, Any]:
    """The last line of what a program says, which is JSON."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=limit + 120,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise RuntimeError(f"{Path(command[-1]).name}: {(done.stderr or done.stdout)[-800:]}")
    told: dict[str, Any] = json.loads(lines[-1])
    return told


def sync_desk(folder: Path, until: str, limit: float) -> dict[str, Any]:
    """The desk in `folder` syncs in a process of its own, until `until` holds."""
    return run_program([sys.executable, "-m", "build.bench_sync_desk", str(folder), until, str(limit)], limit)


def work_copy(bench: Bench, count: int, name: str) -> Path:
    """A folder with a copy of the kept store of `count` dossiers: kept ones stay unsent."""
    source = bench.path(count)
    work = bench.folder / f"work-{name}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for file in (source.name, "vault.json"):
        shutil.copyfile(source.parent / file, work / file)
    return work


def open_folder(folder: Path) -> Store:
    return open_store(folder / "onestop.db", load_key(folder))


def join_folder(folder: Path, hub: Running) -> None:
    store = open_folder(folder)
    try:
        join_desk(office_of(store, lambda: datetime.now(UTC)), hub.url, hub.code())
    finally:
        store.close()


def call_at(folder: Path, port: int) -> None:
    """From now on the desk calls its hub through this port."""
    store = open_folder(folder)
    try:
        with store.write() as connection:
            put_local(connection, HUBS, [{"url": f"http://127.0.0.1:{port}", "authority": ""}])
    finally:
        store.close()


def count_rows(folder: Path, table: str) -> int:
    store = open_folder(folder)
    try:
        return int(store.rows(f"SELECT count(*) FROM {table}", {})[0][0])
    finally:
        store.close()


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def send(folder: Path, hub: Running, line: Line, until: str, limit: float) -> Trip:
    """A joined desk sends what it has over `line`."""
    total = count_rows(folder, "outbox")

    def work(port: int) -> dict[str, Any]:
        call_at(folder, port)
        told = sync_desk(folder, until, limit)
        return told | {"done": total - told["left"]}

    return over(line, port_of(hub.url), hub.process.pid, work)
