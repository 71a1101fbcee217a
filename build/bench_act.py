"""What one act costs: `receive_dossier` whole, beside the same rows by the bare drivers."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from build.bench_figure import Bench, Figure, as_at_a_desk, cpu_timed, figure, office_of, percentile
from build.people import person
from onestop.domain.deadline import TimeUnit
from onestop.domain.procedure import has_ordinary
from onestop.domain.text import fold
from onestop.domain.work import search_words
from onestop.office.intake import IntakeForm, PartyForm, Received, component_lines, receive_dossier
from onestop.office.office import Office
from onestop.store.cipher import connect
from onestop.store.migrations import SEARCH_SETTINGS, SEARCH_TABLE
from onestop.store.store import Store

US = 1e6
_BLOCKS, _PER_BLOCK = 6, 11
_TABLES = ("entries", "dossiers", "device_heads", "outbox", "serials")


@dataclass(slots=True)
class _Site:
    """A working copy of a store: our office on it, and the bare driver on the same file."""

    size: int
    office: Office
    bare: Any
    ours: list[tuple[float, float]] = field(default_factory=list)
    floor: list[tuple[float, float]] = field(default_factory=list)
    plain: list[tuple[float, float]] = field(default_factory=list)


def bench_receive(bench: Bench) -> list[Figure]:
    """`receive_dossier` whole, beside the same rows by the bare drivers, round by round."""
    small = min(10_000, *bench.sizes)
    sizes = sorted({small, *bench.sizes})
    with _sites(bench, sizes) as sites:
        plain = _plain_store(sites[0], bench.folder / "plain.db")
        forms = _Forms(sites[0].office)
        for number in range(bench.rounds * _BLOCKS + 1):
            for site in sites:
                with as_at_a_desk():
                    _one_block(site, forms, plain if site is sites[0] else None, number)
        plain.close()
    return _receive_figures(sites, bench.rounds)


def _one_block(site: _Site, forms: "_Forms", plain: Any, number: int) -> None:
    received: list[Received] = []
    ours = [cpu_timed(partial(_receive, site.office, form, received)) for form in forms.take(_PER_BLOCK)]
    rows = [_rows_of(site.bare, done, number) for done in received]
    floor = [cpu_timed(partial(_write_bare, site.bare, row)) for row in rows]
    others = [cpu_timed(partial(_write_bare, plain, row)) for row in rows] if plain else []
    site.office.store.tidy()
    if number:  # the first block warms caches and is not counted
        # Nor is the first act of a block: another hand wrote to the file, its pages are read anew.
        site.ours += ours[1:]
        site.floor += floor[1:]
        site.plain += others[1:]


def _receive(office: Office, form: IntakeForm, received: list[Received]) -> None:
    received.append(receive_dossier(office, form))


def _p(times: list[tuple[float, float]], share: float, clock: int = 0) -> float:
    """Microseconds by the wall (0) or by the processor (1)."""
    return percentile([each[clock] for each in times], share) * US


def _receive_figures(sites: list[_Site], rounds: int) -> list[Figure]:
    first = sites[0]
    cpu = f"CPU p50: {_p(first.ours, 0.5, 1):.0f} µs, sqlite3 không mã hoá {_p(first.plain, 0.5, 1):.0f} µs"
    plain = (_p(first.plain, 0.5), "bare sqlite3 không mã hoá, FULL, cùng các dòng")
    name = f"receive_dossier p50 against plain · {first.size}"
    found = [figure(name, "µs", _p(first.ours, 0.5), plain, 3, rounds, cpu)]
    for site in sites:
        found += _site_figures(site, rounds)
    for site in sites[1:]:
        grown = (_p(first.ours, 0.5), f"p50 ở {first.size} hồ sơ")
        name = f"receive_dossier growth · {site.size}"
        found.append(figure(name, "µs", _p(site.ours, 0.5), grown, 1.3, rounds))
    return found


def _site_figures(site: _Site, rounds: int) -> list[Figure]:
    p50, p99 = _p(site.ours, 0.5), _p(site.ours, 0.99)
    cipher = (_p(site.floor, 0.5), "bare sqlcipher3, FULL, cùng các dòng")
    cpu = f"CPU p50: {_p(site.ours, 0.5, 1):.0f} µs, bare {_p(site.floor, 0.5, 1):.0f} µs"
    spikes = f"p99 của bare sqlcipher3 trong cùng lần đo: {_p(site.floor, 0.99):.0f} µs"
    own = (p50, "p50 của chính nó")
    return [
        figure(f"receive_dossier p50 · {site.size}", "µs", p50, cipher, None, rounds, cpu),
        figure(f"receive_dossier p99 · {site.size}", "µs", p99, own, 4, rounds, spikes),
    ]


class _Forms:
    """Intake forms of many people and procedures, every needed paper given."""

    def __init__(self, office: Office) -> None:
        self._random = Random(11)
        self._procedures = [
            p
            for p in office.catalogue.procedures
            if p.time_limit.unit is TimeUnit.WORKING_DAY and has_ordinary(p)
        ][:24]

    def take(self, count: int) -> Iterator[IntakeForm]:
        for _ in range(count):
            procedure, who = self._random.choice(self._procedures), person(self._random)
            owner = PartyForm("person", who.name, who.id_number, who.born_on, who.sex, who.address, who.phone)
            lines = tuple(replace(line, is_given=True) for line in component_lines(procedure))
            yield IntakeForm(procedure.code, owner, components=lines)


@contextmanager
def _sites(bench: Bench, sizes: list[int]) -> Iterator[list[_Site]]:
    sites: list[_Site] = []
    copies = [_copy(bench, size) for size in sizes]
    try:
        for size, copy in zip(sizes, copies, strict=True):
            store = bench.open(copy)
            sites.append(_Site(size, office_of(store, _next_day(store)), connect(copy, bench.key(copy))))
        yield sites
    finally:
        for site in sites:
            site.bare.close()
            site.office.store.close()
        for copy in copies:
            shutil.rmtree(copy.parent)


def _copy(bench: Bench, size: int) -> Path:
    """What a measurement writes to is thrown away: the kept store stays as it was made."""
    source = bench.path(size)
    work = bench.folder / f"work-{size}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in (source.name, "vault.json"):
        shutil.copyfile(source.parent / name, work / name)
    return work / source.name


def _next_day(store: Store) -> Callable[[], datetime]:
    """A clock that stands a day after the last entry: its serials are all unused."""
    with store.read() as connection:
        last = connection.exec_driver_sql("SELECT max(at) FROM device_heads").scalar_one()
    begins = max(datetime.fromisoformat(last) + timedelta(days=1), datetime.now(UTC))
    return lambda: begins


_Rows = list[tuple[str, tuple[Any, ...]]]


def _rows_of(bare: Any, done: Received, number: int) -> _Rows:
    """The very rows an act wrote, under other ids, as plain statements."""
    entry = _row(bare, "entries", "id", bytes.fromhex(done.entry_id))
    row = _row(bare, "dossiers", "id", done.dossier.id)
    last = {"bare": number}
    entry |= {"id": sha256(entry["id"]).digest(), "device": f"bare {entry['device']}"}
    entry["dossier"] = f"bare {done.dossier.id}"
    row |= {"id": entry["dossier"], "code": f"bare {row['code']}"}
    entry.pop("n")
    row.pop("n")
    chain = (entry["device"], entry["incarnation"], entry["seq"], entry["id"].hex(), entry["at"])
    return [
        (_insert("entries", tuple(entry)), tuple(entry.values())),
        ("INSERT INTO outbox VALUES (last_insert_rowid(), 0, '', '')", ()),
        (_HEAD, chain),
        (_SERIAL, ("bare code", entry["seq"])),
        (_SERIAL, ("bare register", entry["seq"] + last["bare"])),
        (_insert("dossiers", tuple(row)), tuple(row.values())),
        ("INSERT INTO search(rowid, words) VALUES (last_insert_rowid(), ?)", (search_words(done.dossier),)),
    ]


_HEAD = (
    "INSERT INTO device_heads(device, incarnation, seq, entry, at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET seq = excluded.seq, entry = excluded.entry, at = excluded.at"
)
_SERIAL = "INSERT INTO serials(series, last) VALUES (?, ?) ON CONFLICT DO UPDATE SET last = excluded.last"


def _write_bare(connection: Any, rows: _Rows) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for sql, values in rows:
        connection.execute(sql, values)
    connection.execute("COMMIT")


def _row(connection: Any, table: str, column: str, value: Any) -> dict[str, Any]:
    found = connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", (value,))
    return dict(zip([each[0] for each in found.description], found.fetchone(), strict=True))


def _insert(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table}({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _plain_store(site: _Site, path: Path) -> sqlite3.Connection:
    """The same tables, indexes and rows in a file of Python's own SQLite, not encrypted."""
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    plain = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=20000", "cache_size=-16000"):
        plain.execute(f"PRAGMA {pragma}")
    made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN ({})"
    for (sql,) in site.bare.execute(made.format(", ".join(f"'{name}'" for name in _TABLES))):
        plain.execute(sql)
    # contentless_delete came with SQLite 3.43; what is inserted costs the same without it.
    plain.execute(SEARCH_TABLE.replace(", contentless_delete=1", ""))
    for setting in SEARCH_SETTINGS:
        plain.execute(f"INSERT INTO search(search, rank) VALUES {setting}")
    plain.execute("BEGIN")
    for table in _TABLES:
        rows = site.bare.execute(f"SELECT * FROM {table}")
        names = tuple(each[0] for each in rows.description)
        plain.executemany(_insert(table, names), rows)
    words = site.bare.execute(
        "SELECT n, owner_name || ' ' || code || ' ' || id_number || ' ' || phone || ' ' || procedure_name "
        "FROM dossiers ORDER BY n"
    )
    plain.executemany(
        "INSERT INTO search(rowid, words) VALUES (?, ?)", ((n, fold(text)) for n, text in words)
    )
    plain.execute("COMMIT")
    return plain
