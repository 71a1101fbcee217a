"""What reading the store costs: a keystroke of search, a page of a queue, a whole check."""

from datetime import UTC, datetime
from hashlib import sha256
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
from onestop.domain.text import fold
from onestop.domain.work import query_words
from onestop.office.work import Worklist
from onestop.store.check import verify_store
from onestop.store.cipher import connect
from onestop.store.queue import queue_anchors

MS = 1e3


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
        floor.append(timed(lambda: _bare_page(bare, view.queues)))
    p50, at = median(first) * MS, median(far) * MS
    note = f"hàng việc {worklist.count(view)} hồ sơ, trang {number}"
    return [
        figure(
            f"queue page 1 · {size}",
            "ms",
            p50,
            (median(floor) * MS, "bare SQL, cùng các dòng"),
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


_ROW = (
    "n, id, code, state, owner_name, procedure_name, received_at, due_at, original_due_at, "
    "ended_at, queue_at, holder_unit, holder_officer, is_taken"
)


def _bare_page(bare: Any, queues: tuple[str, ...]) -> Any:
    """The same rows: the officer's own queue and the tray of the unit in one order."""
    one = f"SELECT * FROM (SELECT {_ROW} FROM dossiers WHERE queue = ? ORDER BY queue_at, n LIMIT {_SCREEN})"
    sql = f"{' UNION ALL '.join([one] * len(queues))} ORDER BY queue_at, n LIMIT {_SCREEN}"
    return bare.execute(sql, queues).fetchall()


# ---- the whole check ------------------------------------------------------------------


def bench_verify(bench: Bench) -> list[Figure]:
    """`verify` with every signature, with one a chain, and the time to read and hash all entries."""
    size = min(20_000, *bench.sizes)  # the cost of an entry is the same in a larger store
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
