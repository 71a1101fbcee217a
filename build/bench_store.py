"""What the store costs: one act, a keystroke of search, a page of a queue, a whole check."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from build.bench_figure import (
    Bench,
    Figure,
    as_at_a_desk,
    at_most,
    figure,
    median,
    office_of,
    percentile,
    timed,
    worklist_of,
)
from build.people import person
from onestop.domain.deadline import TimeUnit
from onestop.domain.text import fold
from onestop.domain.work import query_words, search_words
from onestop.office.intake import IntakeForm, PartyForm, Received, component_lines, receive_dossier
from onestop.office.office import Office
from onestop.office.work import Worklist
from onestop.store.check import verify_store
from onestop.store.cipher import connect
from onestop.store.migrations import SEARCH_SETTINGS, SEARCH_TABLE
from onestop.store.queue import queue_anchors
from onestop.store.store import Store

US, MS = 1e6, 1e3
_BLOCKS, _PER_BLOCK = 6, 11
_TABLES = ("entries", "dossiers", "device_heads", "outbox", "serials")


# ---- one act --------------------------------------------------------------------------


@dataclass(slots=True)
class _Site:
    """A working copy of a store: our office on it, and the bare driver on the same file."""

    size: int
    office: Office
    bare: Any
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)


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
    ours, received = [], []
    for form in forms.take(_PER_BLOCK):
        ours.append(timed(lambda form=form: received.append(receive_dossier(site.office, form))))  # type: ignore[misc]  # bound at once
    rows = [_rows_of(site.bare, done, number) for done in received]
    floor = [timed(lambda row=row: _write_bare(site.bare, row)) for row in rows]  # type: ignore[misc]  # as above
    others = [timed(lambda row=row: _write_bare(plain, row)) for row in rows] if plain else []  # type: ignore[misc]  # as above
    site.office.store.tidy()
    if number:  # the first block warms caches and is not counted
        # Nor is the first act of a block: another hand wrote to the file, its pages are read anew.
        site.ours += ours[1:]
        site.floor += floor[1:]
        site.plain += others[1:]


def _receive_figures(sites: list[_Site], rounds: int) -> list[Figure]:
    found = []
    first = sites[0]
    cipher, plain = "bare sqlcipher3, FULL, cùng các dòng", "bare sqlite3 không mã hoá, FULL, cùng các dòng"
    p50 = median(first.ours) * US
    found.append(
        figure(
            f"receive_dossier p50 against plain · {first.size}",
            "µs",
            p50,
            (median(first.plain) * US, plain),
            3,
            rounds,
        )
    )
    for site in sites:
        p50, p99 = median(site.ours) * US, percentile(site.ours, 0.99) * US
        floor = median(site.floor) * US
        found.append(figure(f"receive_dossier p50 · {site.size}", "µs", p50, (floor, cipher), None, rounds))
        found.append(
            figure(
                f"receive_dossier p99 · {site.size}",
                "µs",
                p99,
                (p50, "p50 của chính nó"),
                4,
                rounds,
                f"p99 của bare sqlcipher3 trong cùng lần đo: {percentile(site.floor, 0.99) * US:.0f} µs",
            )
        )
    for site in sites[1:]:
        grown = (median(first.ours) * US, f"p50 ở {first.size} hồ sơ")
        found.append(
            figure(f"receive_dossier growth · {site.size}", "µs", median(site.ours) * US, grown, 1.3, rounds)
        )
    return found


class _Forms:
    """Intake forms of many people and procedures, every needed paper given."""

    def __init__(self, office: Office) -> None:
        self._random = Random(11)
        self._procedures = [
            p for p in office.catalogue.procedures if p.time_limit.unit is TimeUnit.WORKING_DAY
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
        ("INSERT INTO outbox(entry) VALUES (last_insert_rowid())", ()),
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


# ---- search ---------------------------------------------------------------------------


def bench_search(bench: Bench) -> list[Figure]:
    """Every keystroke of people looking for dossiers, newest first; bare FTS5 and LIKE beside it."""
    found: list[Figure] = []
    p95: dict[int, float] = {}
    for size in bench.sizes:
        path = bench.path(size)
        store, bare = bench.open(path), connect(path, bench.key(path))
        worklist = worklist_of(office_of(store, lambda: datetime.now(UTC)))
        with as_at_a_desk():
            found += _search_figures(bench, size, worklist, bare)
        p95[size] = found[-3].ours if len(found) >= 3 else 0.0
        bare.close()
        store.close()
    small, large = min(p95), max(p95)
    if small != large:
        grown = (p95[small], f"p95 ở {small} hồ sơ")
        found.append(figure(f"search growth · {large}", "ms", p95[large], grown, 1.3, bench.rounds))
    return found


def _search_figures(bench: Bench, size: int, worklist: Worklist, bare: Any) -> list[Figure]:
    keystrokes = _keystrokes(bare, size, bench.rounds)
    ours: list[float] = []
    floor: list[float] = []
    for place, typed in enumerate(keystrokes):
        pair = [(ours, lambda t=typed: worklist.search(t)), (floor, lambda t=typed: _bare_search(bare, t))]
        for times, work in pair if place % 2 else reversed(pair):  # whoever comes second finds pages warm
            times.append(timed(work))
    few = keystrokes[:: max(1, len(keystrokes) // 16)]
    like = [timed(lambda t=typed: _like(bare, t)) for typed in few]  # type: ignore[misc]  # bound at once
    p50, p95 = median(ours) * MS, percentile(ours, 0.95) * MS
    return [
        figure(
            f"search keystroke p50 · {size}", "ms", p50, (median(floor) * MS, "bare FTS5"), None, bench.rounds
        ),
        figure(
            f"search keystroke p95 · {size}",
            "ms",
            p95,
            (percentile(floor, 0.95) * MS, "bare FTS5 prefix, cùng tệp mã hoá"),
            1.5,
            bench.rounds,
            f"{len(keystrokes)} lần gõ",
        ),
        figure(
            f"search keystroke p95 against LIKE · {size}",
            "ms",
            p95,
            (percentile(like, 0.95) * MS, "LIKE '%…%'"),
            1 / 15,
            bench.rounds,
            f"LIKE: {len(like)} lần gõ",
        ),
        _d_names(bare, size, worklist),
    ]


def _keystrokes(bare: Any, size: int, rounds: int) -> list[str]:
    """As people type, without marks: names, names and numbers, codes; from the second character on."""
    random, typed = Random(5), []
    for place in range(8 * rounds):
        sql = "SELECT owner_name, id_number, code, phone, procedure_name FROM dossiers WHERE n = ?"
        name, number, code, phone, procedure = bare.execute(sql, (random.randrange(1, size + 1),)).fetchone()
        wanted = (name, f"{name} {procedure}", code, number, phone)[place % 5]
        whole = fold(wanted)[:28]
        typed += [whole[:k] for k in range(2, len(whole) + 1) if whole[k - 1] != " "]
    return typed


def _bare_search(bare: Any, typed: str) -> Any:
    match = " ".join(f'"{word}"*' for word in query_words(typed))
    sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 50"
    return bare.execute(sql, (match,)).fetchall()


def _like(bare: Any, typed: str) -> Any:
    sql = (
        "SELECT n FROM dossiers WHERE owner_name || ' ' || code || ' ' || id_number || ' ' || phone "
        "LIKE ? ORDER BY n DESC LIMIT 50"
    )
    return bare.execute(sql, (f"%{typed}%",)).fetchall()


def _d_names(bare: Any, size: int, worklist: Worklist) -> Figure:
    """People with đ in their name, typed without it: none may be missed."""
    sql = (
        "SELECT n, owner_name, id_number FROM dossiers WHERE n > ? AND "
        "(owner_name LIKE '%đ%' OR owner_name LIKE '%Đ%') ORDER BY n LIMIT 200"
    )
    rows = bare.execute(sql, (size // 2,)).fetchall()
    missed = sum(
        n not in {work.row.n for work in worklist.search(f"{fold(name)} {number}")}
        for n, name, number in rows
    )
    return at_most(f"search missed đ/Đ names · {size}", "names", missed, 0, 1, f"{len(rows)} tên được tìm")


# ---- queue ----------------------------------------------------------------------------

_SCREEN = 50


def bench_queue(bench: Bench) -> list[Figure]:
    """The first page of the longest queue, its hundredth, and the same rows by bare SQL."""
    found: list[Figure] = []
    firsts: dict[int, float] = {}
    for size in bench.sizes:
        path = bench.path(size)
        store, bare = bench.open(path), connect(path, bench.key(path))
        worklist = worklist_of(office_of(store, lambda: datetime.now(UTC)))
        with as_at_a_desk():
            found += _queue_figures(bench, size, worklist, bare)
        firsts[size] = found[-3].ours
        bare.close()
        store.close()
    small, large = min(firsts), max(firsts)
    if small != large:
        grown = (firsts[small], f"trang 1 ở {small} hồ sơ")
        found.append(figure(f"queue growth · {large}", "ms", firsts[large], grown, 1.3, bench.rounds))
    return found


def _queue_figures(bench: Bench, size: int, worklist: Worklist, bare: Any) -> list[Figure]:
    view = worklist.tabs()[0].view
    anchors_ms = timed(lambda: queue_anchors(worklist.rows, view, _SCREEN)) * MS
    anchors = queue_anchors(worklist.rows, view, _SCREEN)
    number = min(100, len(anchors) - 1)
    first, far, floor = [], [], []
    for _ in range(60 * bench.rounds):
        first.append(timed(lambda: worklist.page(view, anchors[0], _SCREEN)))
        far.append(timed(lambda: worklist.page(view, anchors[max(0, number - 1)], _SCREEN)))
        floor.append(timed(lambda: _bare_page(bare, view.queues[0])))
    p50, at = median(first) * MS, median(far) * MS
    note = f"hàng việc {worklist.count(view)} hồ sơ, trang {number}"
    return [
        figure(
            f"queue page 1 · {size}",
            "ms",
            p50,
            (median(floor) * MS, "bare SQL, cùng tệp"),
            3,
            bench.rounds,
            note,
        ),
        figure(f"queue page 100 · {size}", "ms", at, (p50, "trang 1"), 1.2, bench.rounds, note),
        figure(
            f"queue anchors · {size}",
            "ms",
            anchors_ms,
            (p50, "trang 1"),
            None,
            1,
            "đọc một lần khi mở danh sách dài",
        ),
    ]


def _bare_page(bare: Any, queue: str) -> Any:
    sql = (
        "SELECT n, id, code, state, owner_name, procedure_name, received_at, due_at, original_due_at, "
        "ended_at, queue_at, holder_unit, holder_officer, is_taken FROM dossiers WHERE queue = ?"
        f" ORDER BY queue_at, n LIMIT {_SCREEN}"
    )
    return bare.execute(sql, (queue,)).fetchall()


# ---- the whole check ------------------------------------------------------------------


def bench_verify(bench: Bench) -> list[Figure]:
    """`verify` with every signature, with one a chain, and the time to read and hash all entries."""
    size = min(bench.sizes)
    path = bench.path(size)
    store, bare = bench.open(path), connect(path, bench.key(path))
    read = timed(lambda: _read_and_hash(bare))
    count = bare.execute("SELECT count(*) FROM entries").fetchone()[0]
    reports = []
    every = timed(lambda: reports.append(verify_store(store)))
    one = timed(lambda: reports.append(verify_store(store, every_signature=False)))
    read = min(read, timed(lambda: _read_and_hash(bare)))
    bare.close()
    store.close()
    clean = all(report.is_clean for report in reports)
    note = f"{count} bút ký, {size} hồ sơ; " + ("sạch" if clean else "CÓ SAI LỆCH")
    name = "đọc và băm mọi bút ký"
    return [
        figure("verify, one signature a chain", "s", one, (read, name), 5, 1, note),
        figure("verify, every signature", "s", every, (read, name), None, 1, note),
    ]


def _read_and_hash(bare: Any) -> None:
    for header, body, salt in bare.execute("SELECT header, body, salt FROM entries ORDER BY n"):
        sha256(header).digest()
        sha256((salt or b"") + (body or b"")).digest()
