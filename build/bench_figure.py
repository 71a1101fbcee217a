"""What a measurement says: always ours beside something else, taken in the same run."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from build.fill import fill_store
from onestop.office.found import open_office
from onestop.office.office import Office
from onestop.office.work import Worklist
from onestop.paths import Profile
from onestop.store.journal import read_dossier
from onestop.store.migrations import NEWEST
from onestop.store.projection import row_of
from onestop.store.store import Store, open_store
from onestop.store.vault import create_key, load_key

FILL_VERSION = 2
"""Raised when the filler makes other stores than before; kept stores are then made anew."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is ours by reference; `reached` None where there is nothing to reach."""

    name: str
    unit: str
    ours: float
    reference: float
    reference_name: str
    ratio: float
    goal: str
    reached: bool | None
    rounds: int
    note: str


def figure(
    name: str,
    unit: str,
    ours: float,
    reference: tuple[float, str],
    limit: float | None,
    rounds: int,
    note: str = "",
) -> Figure:
    """`limit` is the greatest ratio wanted, None where the figure is only told."""
    other, other_name = reference
    ratio = ours / other if other else 0.0
    goal = f"≤ {limit:g} × {other_name}" if limit is not None else ""
    reached = None if limit is None else ratio <= limit
    return Figure(
        name, unit, _round(ours), _round(other), other_name, _round(ratio), goal, reached, rounds, note
    )


def at_most(name: str, unit: str, ours: float, limit: float, rounds: int, note: str = "") -> Figure:
    """A figure with a limit of its own, not beside anything."""
    ratio = ours / limit if limit else 0.0
    goal = f"≤ {limit:g} {unit}"
    return Figure(
        name,
        unit,
        _round(ours),
        limit,
        "giới hạn / the limit",
        _round(ratio),
        goal,
        ours <= limit,
        rounds,
        note,
    )


def _round(value: float) -> float:
    return float(f"{value:.4g}")


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cpu_timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and seconds of this thread's processor: a busy machine blurs only the first."""
    began, worked = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - began, time.thread_time() - worked


@dataclass(frozen=True)
class Bench:
    """What every measurement gets: where stores are kept, how big they are, how often to measure.

    `peers`: where other programs to compare with are installed; may not exist.
    """

    folder: Path
    sizes: tuple[int, ...]
    rounds: int
    say: Callable[[str], None] = print
    is_quick: bool = False
    peers: Path = Path(".peers")

    @property
    def largest(self) -> int:
        return max(self.sizes)

    def path(self, count: int) -> Path:
        """The database of a kept store of `count` dossiers, made when there is none."""
        profile = Profile(self.folder / str(count))
        stamp = profile.folder / "bench.stamp"
        wanted = f"{FILL_VERSION} {NEWEST} {count}"
        is_kept = stamp.exists() and stamp.read_text() == wanted
        if not (is_kept and self._is_sound(profile)):
            self._fill(profile, count)
            stamp.write_text(wanted)
        return profile.database

    def key(self, path: Path) -> bytes:
        return load_key(path.parent)

    def open(self, path: Path) -> Store:
        return open_store(path, load_key(path.parent))

    def _fill(self, profile: Profile, count: int) -> None:
        self.say(f"… làm kho {count} hồ sơ")
        profile.folder.mkdir(parents=True, exist_ok=True)
        for old in profile.folder.glob("*"):
            if old.is_file():
                old.unlink()
        fill_store(profile.database, create_key(profile.folder), count, datetime.now(UTC))

    def _is_sound(self, profile: Profile) -> bool:
        """A few dossiers folded and compared: the program may have changed since the store was made."""
        store = self.open(profile.database)
        try:
            with store.read() as connection:
                rows = _some_rows(connection)
                return bool(rows) and all(_is_same(connection, row) for row in rows)
        finally:
            store.close()


def _some_rows(connection: Connection) -> list[dict[str, object]]:
    random, found = Random(1), []
    run = connection.exec_driver_sql
    last = run("SELECT max(n) FROM dossiers").scalar() or 0
    for n in {random.randrange(1, last + 1) for _ in range(40)} if last else ():
        found += [dict(row) for row in run("SELECT * FROM dossiers WHERE n = ?", (n,)).mappings()]
    return found


def _is_same(connection: Connection, row: dict[str, object]) -> bool:
    dossier = read_dossier(connection, str(row["id"]))
    return dossier is not None and row_of(dossier) | {"n": row["n"]} == row


@contextmanager
def as_at_a_desk() -> Iterator[None]:
    """The garbage collector as the window keeps it (`ui.tasks.Sweep`): never in the midst of an act."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def office_of(store: Store, clock: Callable[[], datetime]) -> Office:
    return open_office(store, clock, lambda: ("bench", int(time.monotonic() * 1000)))


def worklist_of(office: Office) -> Worklist:
    return Worklist(office.store.rows, office.officer, office.catalogue, office.clock)
