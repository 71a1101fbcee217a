"""A bad line: entries and scans of one desk over it, beside PouchDB, Anki and tus with the same records.

The line is that of every peer's run: 200 ms there and back, the same rate, cut after the same
number of bytes by the same seed. Ours is the whole program: encrypted desk, real hub process,
signatures made before and checked there.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import zstandard

from build.bench_figure import Bench, Figure, at_most, figure
from build.bench_peers import Peers
from build.bench_sync_line import (
    RTT_MS,
    Trip,
    count_rows,
    join_folder,
    send,
    work_copy,
)
from onestop.domain.moment import VIETNAM
from onestop.office.deeds import attach
from onestop.office.intake import PaperForm
from onestop.office.papers import keep_paper
from tests.fault_proxy import Line
from tests.hub_process import Running, running
from tests.office_desk import RECEPTION, new_folder, open_seat, receive

PER_DOSSIER = 2.28
"""Entries of one dossier in a filled store, about."""
NARROW, WIDE = 250_000, 500_000
CUT_ENTRIES, CUT_SCANS = 600_000, 4_000_000
GIVEN_UP = 60.0
"""Seconds after which a peer that is not through is stopped."""
_TOGETHER = 500


def bench_line(bench: Bench) -> list[Figure]:
    """2,000 entries, without cuts and with them."""
    wanted = 200 if bench.is_quick else 2_000
    cut = CUT_ENTRIES // (4 if bench.is_quick else 1)
    peers = Peers(bench.peers)
    clean, cuts = _narrow(0), _narrow(cut)
    with corpus_of(bench, dossiers(wanted)) as corpus:
        count, own = corpus.count, corpus.text_bytes
        without = _trips(bench, peers, clean, corpus, dossiers(wanted))
        with_cuts = _trips(bench, peers, cuts, corpus, dossiers(wanted))
    scale = wanted / 2_000
    figures = _line_figures(f"{count} entries, 250 kB/s", without, max(3.0, 8 * scale))
    figures += _line_figures(f"{count} entries, 250 kB/s, cuts", with_cuts, max(4.0, 10 * scale))
    figures.append(_overhead(f"{count} entries, bytes with cuts", _ours(with_cuts), _ours(without), 1.15))
    return figures + _byte_figures(without, count, own)


def bench_backlog(bench: Bench) -> list[Figure]:
    """20,000 entries with cuts: ours alone, none of the peers gets through in time."""
    wanted = 1_000 if bench.is_quick else 20_000
    line = _narrow(CUT_ENTRIES)
    trip = sent(bench, dossiers(wanted), line)
    name = f"{trip.done} entries, 250 kB/s, cuts"
    each = trip.up / max(1, trip.done)
    note = f"{trip.words}; {each:.0f} byte một bút"
    return [at_most(f"{name} · time", "s", _time(trip), max(8.0, 80 * wanted / 20_000), 1, note)]


def bench_scans(bench: Bench) -> list[Figure]:
    """Scans over a line that is cut every 4 MB, beside tus (and Anki's media for the smaller ones)."""
    quick = bench.is_quick
    small = _scan_figures(bench, 2 if quick else 10, 300_000 if quick else 1_500_000, 8 if quick else 45)
    return small + _scan_figures(
        bench, 1 if quick else 2, 1_000_000 if quick else 10_000_000, 10 if quick else 60
    )


def dossiers(entries: int) -> int:
    return round(entries / PER_DOSSIER / 50) * 50 or 50


def _narrow(cut: int) -> Line:
    return Line(RTT_MS, NARROW, NARROW, cut)


# --- entries


@dataclass(frozen=True, slots=True)
class Corpus:
    """The records of a store as a peer gets them: no signature, no salt. `text_bytes`: the texts alone,
    compressed as they go over the line."""

    path: Path
    count: int
    text_bytes: int


@contextmanager
def corpus_of(bench: Bench, dossier_count: int) -> Iterator[Corpus]:
    """A line of JSON for each entry of the kept store."""
    store = bench.open(bench.path(dossier_count))
    rows = store.rows("SELECT id, header, body FROM entries ORDER BY n", {})
    store.close()
    with tempfile.TemporaryDirectory(prefix="onestop-corpus-") as folder:
        path = Path(folder) / "corpus.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for ident, header, body in rows:
                plain = {"_id": ident.hex(), "header": json.loads(header), "body": json.loads(body)}
                out.write(json.dumps(plain, ensure_ascii=False) + "\n")
        yield Corpus(path, len(rows), _packed([body for _, _, body in rows]))


def _packed(texts: list[bytes]) -> int:
    packer = zstandard.ZstdCompressor(level=3)
    parts = range(0, len(texts), _TOGETHER)
    return sum(len(packer.compress(b"\n".join(texts[at : at + _TOGETHER]))) for at in parts)


def sent(bench: Bench, dossier_count: int, line: Line, until: str = "sent", database: str = "") -> Trip:
    """A desk with so many dossiers, joined to a new hub, sends all it has."""
    folder = work_copy(bench, dossier_count, "line")
    with new_hub(database) as hub:
        join_folder(folder, hub)
        return send(folder, hub, line, until, 240)


@contextmanager
def new_hub(database: str = "") -> Iterator[Running]:
    data = tempfile.TemporaryDirectory(prefix="onestop-hub-", ignore_cleanup_errors=True)
    with data as name, running(Path(name), "--demo", database=database) as hub:
        yield hub


def _trips(
    bench: Bench, peers: Peers, line: Line, corpus: Corpus, dossier_count: int
) -> dict[str, Trip | None]:
    """Ours under "", each peer under its name; None where it is not installed."""
    limit = 20.0 if bench.is_quick else GIVEN_UP
    return {
        "": sent(bench, dossier_count, line),
        "PouchDB": peers.pouch(line, corpus.path, limit),
        "Anki": peers.anki(line, corpus.path, limit),
    }


def _time(trip: Trip) -> float:
    return trip.seconds if trip.is_done else max(trip.seconds, 1e6)


def _line_figures(name: str, trips: dict[str, Trip | None], limit: float) -> list[Figure]:
    ours = _ours(trips)
    missing = [peer for peer, trip in trips.items() if peer and trip is None]
    note = ours.words + (f"; không có ở đây: {', '.join(missing)}" if missing else "")
    figures = [at_most(f"{name} · time", "s", _time(ours), limit, 1, note)]
    for peer, trip in trips.items():
        if peer and trip is not None:
            figures.append(beside(f"{name} · time", ours, trip, peer))
    return figures


def beside(name: str, ours: Trip, theirs: Trip, peer: str, limit: float | None = 1) -> Figure:
    words = peer if theirs.is_done else f"{peer}, dừng khi chưa xong"
    return figure(f"{name} · {peer}", "s", _time(ours), (theirs.seconds, words), limit, 1, theirs.words)


def _ours(trips: dict[str, Trip | None]) -> Trip:
    ours = trips[""]
    assert ours is not None
    return ours


def _overhead(name: str, cut: Trip, clean: Trip, limit: float) -> Figure:
    return figure(name, "byte", cut.up, (clean.up, "không đứt"), limit, 1, f"{cut.cuts} lần đứt")


def _byte_figures(trips: dict[str, Trip | None], count: int, text_bytes: int) -> list[Figure]:
    ours = _ours(trips)
    figures = []
    for peer, limit in (("PouchDB", 1 / 8), ("Anki", None)):
        theirs = trips[peer]
        if theirs is not None and theirs.is_done:
            said = (theirs.up + theirs.down, peer)
            total = ours.up + ours.down
            note = f"lên {ours.up / count:.0f} + xuống {ours.down / count:.0f} byte một bút; {theirs.words}"
            figures.append(figure(f"{count} entries, bytes · {peer}", "byte", total, said, limit, 1, note))
    each = (ours.up - text_bytes) / count
    note = f"cả văn bản: {ours.up / count:.0f} byte lên; riêng văn bản nén: {text_bytes / count:.0f}"
    return [*figures, at_most(f"{count} entries, bytes up without text", "byte/bút", each, 60, 1, note)]


# --- scans


def _scan_figures(bench: Bench, count: int, size: int, limit: float) -> list[Figure]:
    line = Line(RTT_MS, WIDE, WIDE, CUT_SCANS // (10 if bench.is_quick else 1))
    peers = Peers(bench.peers)
    with tempfile.TemporaryDirectory(prefix="onestop-scans-", ignore_cleanup_errors=True) as name:
        files = _scan_files(Path(name) / "files", count, size)
        ours = _scans_sent(Path(name) / "desk", files, line)
        tus = peers.tus(line, files, max(GIVEN_UP * 2, limit * 2))
    raw = count * size
    title = f"{count} scans of {size / 1e6:g} MB, 500 kB/s, cuts"
    note = ours.words + ("" if tus else "; không có ở đây: tus")
    figures = [
        at_most(f"{title} · time", "s", _time(ours), limit, 1, note),
        figure(f"{title} · floor", "s", _time(ours), (raw / WIDE, "chính các byte"), None, 1),
        figure(f"{title} · bytes", "byte", ours.up, (raw, "chính các byte"), 1.10, 1, note),
    ]
    return figures + ([beside(f"{title} · time", ours, tus, "tus")] if tus else [])


def _scan_files(folder: Path, count: int, size: int) -> Path:
    folder.mkdir()
    random = Random(7)
    for number in range(count):
        head = b"%PDF-1.7\n"
        (folder / f"quet-{number}.pdf").write_bytes(head + random.randbytes(size - len(head)))
    return folder


def _scans_sent(folder: Path, files: Path, line: Line) -> Trip:
    """A desk with a dossier for each scan sends all of it."""
    seat = open_seat(new_folder(folder), datetime.now(VIETNAM))
    for file in sorted(files.iterdir()):
        ref = keep_paper(seat.office, file)
        paper = PaperForm(ref.sha256, ref.length, ref.mime, "Đơn đề nghị")
        attach(seat.as_(RECEPTION), receive(seat).id, (paper,))
    seat.store.close()
    with new_hub() as hub:
        join_folder(folder, hub)
        trip = send(folder, hub, line, "papers", 240)
    assert not trip.is_done or count_rows(folder, "outbox") == 0
    return trip
