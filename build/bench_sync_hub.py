"""What a hub takes in on PostgreSQL, beside an endpoint that only stores and beside COPY alone.

Run as a program, this is that bare endpoint: `python -m build.bench_sync_hub PORT URL`.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import zstandard

from build.bench_figure import Bench, Figure, at_most, figure, median
from build.bench_peers import Peers, free_port, listening
from build.bench_sync import corpus_of, dossiers, new_hub, sent
from build.bench_sync_line import ROOT, Trip, join_folder, send, work_copy
from onestop.domain.code import DossierCode
from onestop.domain.moment import local_day
from onestop.domain.offer import Offer
from onestop.domain.signing import SigningKey
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import ingest
from onestop.store.log import found_ledger
from onestop.store.statements import add_statement
from onestop.sync import wire
from tests.fault_proxy import Line
from tests.hub_process import PRACTICE, administer, stranger
from tests.postgres import Postgres, conninfo
from tests.postgres import running as postgres_running
from tests.small_desk import SmallDesk

BATCH = 500
PER_DAY = 100
_TABLE = "bench_rows(id text PRIMARY KEY, header bytea, signature bytea, body bytea, salt bytea)"
_COLUMNS = "id, header, signature, body, salt"
_INTO_TEMP = f"COPY arrived({_COLUMNS}) FROM STDIN"
_TAKE = f"INSERT INTO bench_rows({_COLUMNS}) SELECT {_COLUMNS} FROM arrived ON CONFLICT DO NOTHING"


@dataclass
class BusyDesk(SmallDesk):
    """A desk whose work goes over many days: no day has more dossiers than its numbers allow."""

    days: int = 0
    used: int = field(default=0)

    def code(self) -> str:
        if self.used == PER_DAY:
            self.used, self.at = 0, self.at + timedelta(days=1)
        self.used += 1
        return str(
            DossierCode(self.office, local_day(self.at), 8000 + (self.index - 1) * 100 + self.used - 1)
        )


def busy_desk(count: int) -> BusyDesk:
    """`count` entries, eight to a dossier, the last one of yesterday or before."""
    begins = datetime.now(UTC) - timedelta(days=count // (8 * PER_DAY) + 3)
    desk = BusyDesk(office=PRACTICE, at=begins, grant="a" * 64)
    while len(desk.offers) < count:
        desk.receive()
        for _ in range(7):
            desk.note(list(desk.dossiers)[-1])
    return desk


# --- ingest


def bench_ingest(bench: Bench) -> list[Figure]:
    """Entries a second, every signature checked: `ingest` itself, and through HTTP."""
    count = 2_000 if bench.is_quick else 8_000
    desk = busy_desk(count)
    rates: dict[str, list[float]] = {}
    with postgres_running() as server:
        for _ in range(1 if bench.is_quick else 3):  # in turns: the machine is not ours alone
            _measure(server, desk, rates)
    return _ingest_figures(rates, count)


def _measure(server: Postgres, desk: BusyDesk, rates: dict[str, list[float]]) -> None:
    for name, measure in (("ingest", _direct), ("http", _by_http), ("bare", _bare), ("copy", _copied)):
        url = server.fresh_database()
        seconds = measure(url, desk)
        rates.setdefault(name, []).append(len(desk.offers) / seconds)
        server.drop(url)


def _ingest_figures(rates: dict[str, list[float]], count: int) -> list[Figure]:
    rounds = len(rates["copy"])
    rate = {name: max(found) for name, found in rates.items()}  # the quietest round of each
    figures = []
    for name, words in (("ingest", "ingest"), ("http", "push by HTTP")):
        title = f"hub {words} on PostgreSQL · {count}"
        micro = 1e6 / rate[name]
        note = f"{rate[name]:.0f} bút/s (giữa: {median(rates[name]):.0f}); mục tiêu ≥ 2000/s"
        figures.append(at_most(f"{title} · time of an entry", "µs", micro, 500, rounds, note))
        for other, said in (("bare", "endpoint chỉ nhận, giải nén, COPY"), ("copy", "psycopg COPY")):
            figures.append(figure(f"{title} · {other}", "µs", micro, (1e6 / rate[other], said), None, rounds))
    return figures


def _direct(url: str, desk: BusyDesk) -> float:
    with (
        TemporaryDirectory() as name,
        closing(open_hub_store(url, Path(name) / "hub.db", b"k" * 32)) as store,
    ):
        with store.write() as connection:
            ledger = found_ledger(connection, SigningKey.generate(), is_relay=False)
            add_statement(connection, ledger, desk.stated() | {"self_grant": desk.grant}, desk.at)
        now = desk.at + timedelta(hours=1)
        began = time.perf_counter()
        for batch in batches(desk.offers):
            with store.write() as connection:
                receipts = ingest(connection, ledger, batch, desk.device, now)
            assert {one.verdict for one in receipts} == {"accepted"}, receipts[0]
        return time.perf_counter() - began


def batches(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    rest = iter(offers)
    while some := list(islice(rest, BATCH)):
        yield some


def _by_http(url: str, desk: BusyDesk) -> float:
    bodies = [_body(batch) for batch in batches(desk.offers)]
    with new_hub(url) as hub:
        code = administer(hub.data, "enrol", "--office", PRACTICE, database=url).splitlines()[0]
        caller = stranger(hub.url, desk.device, desk.key)
        caller.enrol(code.removeprefix("Mã ghi danh: "), self_grant=desk.grant, index=desk.index)
        caller.sign_in()
        headers = {"Content-Encoding": wire.ZSTD, "Content-Type": wire.NDJSON}
        began = time.perf_counter()
        for body in bodies:
            answer = caller.call("POST", wire.PUSH, content=body, headers=headers)
            assert answer.status_code == 200, answer.text
            assert {one.verdict for one in wire.decode_receipts(answer.content)} == {"accepted"}
        return time.perf_counter() - began


def _body(batch: Sequence[Offer]) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(wire.encode_push(batch))


# --- the two below


def _copied(url: str, desk: BusyDesk) -> float:
    """The database alone: rows at hand, COPY into a temporary table, INSERT … ON CONFLICT."""
    rows = [_rows_of(batch) for batch in batches(desk.offers)]
    with bare_table(url) as connection:
        began = time.perf_counter()
        for some in rows:
            take_rows(connection, some)
        return time.perf_counter() - began


def _rows_of(batch: Sequence[Offer]) -> list[tuple[Any, ...]]:
    return [
        (str(hash(o.signature)) + o.signature.hex(), o.header, o.signature, o.body, o.salt) for o in batch
    ]


@contextmanager
def bare_table(url: str) -> Iterator[Any]:
    import psycopg

    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {_TABLE}".encode())
        connection.execute(b"CREATE TEMP TABLE arrived (LIKE bench_rows) ON COMMIT DELETE ROWS")
        yield connection


def take_rows(connection: Any, rows: list[tuple[Any, ...]]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy(_INTO_TEMP) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_TAKE)


def _bare(url: str, desk: BusyDesk) -> float:
    """An endpoint that takes the same bodies, unpacks and stores them: nothing is checked."""
    return bare_pushed(url, [_body(batch) for batch in batches(desk.offers)])


def bare_pushed(url: str, bodies: Sequence[bytes]) -> float:
    port = free_port()
    words = [sys.executable, "-m", "build.bench_sync_hub", str(port), url]
    with listening(words, port, ROOT), httpx.Client(trust_env=False, timeout=60) as client:
        began = time.perf_counter()
        for body in bodies:
            client.post(f"http://127.0.0.1:{port}/push", content=body).raise_for_status()
        return time.perf_counter() - began


def serve_bare(port: int, url: str) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    with bare_table(url) as connection:

        async def push(request: Request) -> Response:
            raw = zstandard.ZstdDecompressor().decompress(await request.body(), max_output_size=1 << 26)
            offers = [line.offer for line in wire.decode_push(raw) if line.offer]
            take_rows(connection, _rows_of(offers))
            return Response(b"{}")

        app = Starlette(routes=[Route("/push", push, methods=["POST"])])
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


# --- 70,000 records, all there is


def bench_push(bench: Bench) -> list[Figure]:
    """A big backlog from an encrypted desk to PostgreSQL on a good line, beside the peers."""
    wanted = 2_000 if bench.is_quick else 70_000
    number = dossiers(wanted)
    peers = Peers(bench.peers)
    line = Line()
    with corpus_of(bench, number) as corpus, postgres_running() as server:
        ours = sent(bench, number, line, database=server.fresh_database())
        theirs = {
            "PouchDB": peers.pouch(line, corpus.path, 120, batch=1000),
            "Anki": peers.anki(line, corpus.path, 120),
        }
        bare = bare_pushed(server.fresh_database(), _bodies(bench, number))
    return _push_figures(ours, theirs, bare)


def _bodies(bench: Bench, number: int) -> list[bytes]:
    store = bench.open(bench.path(number))
    rows = store.rows("SELECT header, signature, body, salt FROM entries ORDER BY n", {})
    store.close()
    return [_body(batch) for batch in batches([Offer(*row) for row in rows])]


def _push_figures(ours: Trip, theirs: dict[str, Trip | None], bare: float) -> list[Figure]:
    name = f"push of {ours.done} records"
    speed = f"{ours.done / ours.seconds:.0f} bút/s; {ours.words}"
    figures = [figure(f"{name} · bare", "s", ours.seconds, (bare, "endpoint chỉ COPY"), 1 / 0.6, 1, speed)]
    for peer, limit in (("PouchDB", 1 / 5), ("Anki", 1 / 1.2)):
        trip = theirs[peer]
        if trip is None:
            continue
        figures.append(
            figure(f"{name} · {peer}", "s", ours.seconds, (trip.seconds, peer), limit, 1, trip.words)
        )
        if peer == "PouchDB":
            cpu, other = (1e6 * (t.cpu + t.hub_cpu) / max(1, t.done) for t in (ours, trip))
            figures.append(figure(f"{name} · CPU", "µs/bút", cpu, (other, peer), 1 / 6, 1))
            figures.append(figure(f"{name} · bytes up", "byte", ours.up, (trip.up, peer), 1 / 8, 1))
    return figures


# --- again, and idle


def bench_again(bench: Bench) -> list[Figure]:
    """All of it once more: nothing is added. Then a minute in which nothing happens."""
    wanted = 200 if bench.is_quick else 2_000
    folder = work_copy(bench, dossiers(wanted), "again")
    with new_hub() as hub:
        join_folder(folder, hub)
        first = send(folder, hub, Line(), "sent", 120)
        before = _log_size(hub)
        forget_sent(folder)
        second = send(folder, hub, Line(), "sent", 120)
        added = _log_size(hub) - before
        send(folder, hub, Line(), "caught", 60)
        nothing = send(folder, hub, Line(), "caught", 60)
        seconds = 10.0 if bench.is_quick else 60.0
        idle = send(folder, hub, Line(), "idle", seconds)
    return [*_again_figures(first, second, added), *_idle_figures(nothing, idle, seconds)]


def _again_figures(first: Trip, second: Trip, added: int) -> list[Figure]:
    name = f"{first.done} entries again"
    return [
        at_most(f"{name} · rows added", "dòng", added, 0.0, 1),
        figure(f"{name} · time", "s", second.seconds, (first.seconds, "lần đầu"), 1, 1, second.words),
    ]


def _idle_figures(nothing: Trip, idle: Trip, seconds: float) -> list[Figure]:
    """A start with nothing to do (token, hello, one page), and what the line then costs by itself."""
    said = "sau lần đồng bộ đầu"
    requests = max(0, idle.requests - nothing.requests)
    size = max(0, idle.up + idle.down - nothing.up - nothing.down)
    return [
        at_most("sync with nothing new · requests", "lần", nothing.requests, 2, 1),
        at_most("sync with nothing new · bytes", "byte", nothing.up + nothing.down, 2048, 1, nothing.words),
        at_most(f"idle for {seconds:g} s · requests", "lần", requests, 3, 1, said),
        at_most(f"idle for {seconds:g} s · bytes", "byte", size, 2048, 1, said),
    ]


def _log_size(hub: Any) -> int:
    with closing(open_hub(hub)) as opened:
        return int(opened.store.rows("SELECT max(cursor) FROM records", {})[0][0])


def open_hub(hub: Any) -> Any:
    from onestop.hub import founding
    from onestop.hub.hub import utc_now
    from onestop.paths import Profile

    return founding.open_hub(Profile(hub.data, "hub"), None, utc_now)


def forget_sent(folder: Path) -> None:
    """As if every answer had been lost after the hub committed."""
    from build.bench_sync_line import open_folder

    store = open_folder(folder)
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO outbox SELECT n, 0, '', '' FROM entries")
        connection.exec_driver_sql("UPDATE entries SET cursor = NULL")
    store.close()


if __name__ == "__main__":
    serve_bare(int(sys.argv[1]), sys.argv[2])
