"""What a new holiday costs an office: every open dossier looked at, its new date written, and undone."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from build.bench_figure import Bench, Figure, as_at_a_desk, at_most, figure, timed
from build.fill import fill_store
from onestop.domain.calendar import WorkCalendar
from onestop.domain.moment import VIETNAM, local_day
from onestop.office.found import open_office
from onestop.office.office import Office
from onestop.office.recompute import DueChange, preview_recompute, recompute, undo_recompute
from onestop.store.cipher import connect
from onestop.store.vault import create_key

ADMIN = "u-vy"
_SPAN = timedelta(days=21)
_FULL, _QUICK = 10_000, 400


def bench_recompute(bench: Bench) -> list[Figure]:
    """Looked at, written, undone; beside them the same number of bare rows, each in a transaction."""
    count = _QUICK if bench.is_quick or max(bench.sizes) < _FULL else _FULL
    with _office(bench, count) as office, as_at_a_desk():
        calendar = _with_holiday(office.calendar, local_day(office.now))
        found: list[DueChange] = []
        look_s = timed(lambda: found.extend(preview_recompute(office, calendar)))
        batch: list[str] = []
        write_s = timed(lambda: batch.append(recompute(office, found, "Nghỉ theo công điện").batch))
        bare_s = timed(lambda: _bare(bench, len(found)))
        undo_s = timed(lambda: undo_recompute(office, batch[0]))
        left = len(preview_recompute(office, office.calendar))
    note = f"{len(found)} hồ sơ đổi hạn trong {count}"
    bare = (bare_s, "bare sqlcipher3, mỗi hồ sơ một giao dịch")
    return [
        at_most(f"recompute whole · {count}", "s", look_s + write_s, 15, 1, note),
        figure(f"recompute look · {count}", "s", look_s, bare, None, 1, note),
        figure(f"recompute write · {count}", "s", write_s, bare, None, 1, note),
        figure(f"recompute undo · {count}", "s", undo_s, bare, None, 1, note),
        at_most(f"recompute dates not restored · {count}", "dossiers", left, 0, 1, note),
    ]


def _with_holiday(calendar: WorkCalendar, today: date) -> WorkCalendar:
    """The next working day is off: nearly every open dossier is due after it."""
    day = calendar.next_working_day(today + timedelta(days=1))
    return replace(calendar, version="thử", days_off={**calendar.days_off, day: "Nghỉ theo công điện"})


@contextmanager
def _office(bench: Bench, count: int) -> Iterator[Office]:
    """Open dossiers alone, received in the last weeks."""
    folder = bench.folder / f"open-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path, now = folder / "onestop.db", _noon(datetime.now(UTC))
    key = create_key(folder)
    fill_store(path, key, count, now, is_all_open=True, span=_SPAN)
    store = bench.open(path)
    try:
        yield open_office(store, lambda: now, lambda: ("bench", 0), ADMIN)
    finally:
        store.close()
        shutil.rmtree(folder)


def _noon(now: datetime) -> datetime:
    return now.astimezone(VIETNAM).replace(hour=12, minute=0, second=0, microsecond=0)


def _bare(bench: Bench, count: int) -> None:
    """A row of an entry's size a transaction, with the disk's word for each."""
    folder = bench.folder / "bare-recompute"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    connection: Any = connect(folder / "bare.db", create_key(folder))
    try:
        connection.execute("CREATE TABLE bare(n INTEGER PRIMARY KEY, body BLOB)")
        for n in range(count):
            _one(connection, n)
    finally:
        connection.close()
        shutil.rmtree(folder)


def _one(connection: Any, n: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bare VALUES (?, ?)", (n, bytes(1500)))
    connection.execute("COMMIT")
