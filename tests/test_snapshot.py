"""A fresh desk begins from one signed stream: everything open of its office, then it pulls on."""

import base64
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from onestop.domain.dossier import State
from onestop.domain.signing import SigningKey
from onestop.errors import OfficeError, Refused, StoreError
from onestop.store.bundle_lines import SignedReader, SignedWriter
from onestop.store.check import verify_store
from onestop.store.ledger import put_row
from onestop.store.log import POLICY, office_stream, open_ledger
from onestop.store.peers import ROOT, peer_of
from onestop.store.rows import list_reference
from onestop.store.sealed import Sink
from onestop.store.snapshot import FORMAT, SnapshotReport, take_snapshot, write_snapshot
from onestop.store.tables import dossiers
from onestop.sync.packed import packing, unpacking
from tests.office_desk import Seat, reach, seated
from tests.test_hub_backup import attach_scan, folds
from tests.town import OFFICE, Town, count, founded, rows_of

OPEN = (State.RECEIVED, State.PROCESSING, State.PROPOSED, State.COMPLETED)
CLOSED = (State.HANDED_OUT, State.REFUSED)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A hub with six dossiers of one desk, four of them open."""
    with founded(tmp_path / "hub") as made, seated(tmp_path / "old") as seat:
        for state in (*OPEN, *CLOSED):  # before it is joined: what a desk alone did counts as granted
            reach(seat, state)
        attach_scan(seat, next(iter(open_ids(seat))), 1)
        made.join(seat)
        assert {receipt.verdict for receipt in made.push_all(seat)} == {"accepted"}
        with made.store.write() as connection:
            ledger = open_ledger(connection)
            put_row(connection, ledger, OFFICE, "template", "slip", {"text": "Mẫu"}, made.now)
            put_row(connection, ledger, "H56.99.99", "template", "other", {"text": "Khác"}, made.now)
        yield made


@pytest.fixture
def fresh(tmp_path: Path, town: Town) -> Iterator[Seat]:
    """A desk that knows its root and has read nothing."""
    with seated(tmp_path / "new", index=2) as seat:
        town.join(seat, is_read=False)
        yield seat


def open_ids(seat: Seat) -> set[str]:
    closed = ", ".join(f"'{state.value}'" for state in CLOSED)
    return {
        ident for (ident,) in rows_of(seat.store, f"SELECT id FROM dossiers WHERE state NOT IN ({closed})")
    }


def snapshot(town: Town, office: str = OFFICE) -> tuple[bytes, SnapshotReport]:
    sink = BytesIO()
    with town.store.read() as connection, packing(sink) as packer:
        streams = [office_stream(office), POLICY]
        report = write_snapshot(connection, open_ledger(connection), streams, packer)
    return sink.getvalue(), report


def opened(packed: bytes) -> AbstractContextManager[BinaryIO]:
    @contextmanager
    def give() -> Iterator[BinaryIO]:
        yield unpacking(BytesIO(packed))

    return give()


def take(seat: Seat, packed: bytes) -> SnapshotReport:
    return take_snapshot(seat.store, lambda: opened(packed))


def cursor(seat: Seat) -> int:
    with seat.store.read() as connection:
        root = peer_of(connection, ROOT)
    assert root is not None
    return root.cursor


def test_a_fresh_desk_has_what_is_open_and_goes_on_from_there(
    town: Town, fresh: Seat, tmp_path: Path
) -> None:
    packed, written = snapshot(town)
    report = take(fresh, packed)
    assert (report.dossiers, report.cursor) == (len(OPEN), written.cursor)
    assert report.entries == written.entries == count(fresh.store, "entries")
    assert cursor(fresh) == written.cursor
    whole = folds(town.store)
    assert folds(fresh.store) == {ident: whole[ident] for ident in open_ids(fresh)}
    assert len(open_ids(fresh)) == len(OPEN)
    columns = "id, state, owner_name, queue, queue_at, head, entry_count, register_no"
    here = set(rows_of(fresh.store, f"SELECT {columns} FROM dossiers"))
    assert here <= set(rows_of(town.store, f"SELECT {columns} FROM dossiers"))
    assert len(here) == len(OPEN)
    assert count(fresh.store, "blob_moves") == 1  # the scan will come down
    assert town.pull(fresh) == 0
    mine = reach(fresh, State.RECEIVED)
    town.push_all(fresh)
    assert mine in folds(town.store)
    assert verify_store(fresh.store).findings == []


def test_rows_and_statements_come_with_it(town: Town, fresh: Seat) -> None:
    take(fresh, snapshot(town)[0])
    with fresh.store.read() as connection:
        assert list_reference(connection, "template") == [{"text": "Mẫu"}]
    assert count(fresh.store, "statements") == count(town.store, "statements") == 2
    assert count(fresh.store, "shelf") == 0


def test_taken_again_it_changes_nothing(town: Town, fresh: Seat) -> None:
    packed, _ = snapshot(town)
    take(fresh, packed)
    before = rows_of(fresh.store, "SELECT id, cursor, verdict FROM entries ORDER BY n")
    take(fresh, packed)
    assert rows_of(fresh.store, "SELECT id, cursor, verdict FROM entries ORDER BY n") == before


def test_an_office_sees_only_its_own_dossiers(town: Town) -> None:
    packed, report = snapshot(town, "H56.99.99")
    assert (report.dossiers, report.entries) == (0, 0)
    with opened(packed) as source:
        assert "Lò Thị Đức".encode() not in source.read()


def test_a_snapshot_forged_cut_or_altered_is_refused_whole(town: Town, fresh: Seat) -> None:
    packed, _ = snapshot(town)
    with opened(packed) as source:
        plain = source.read()
    sink = BytesIO()
    reader = SignedReader(BytesIO(plain), FORMAT)
    writer = SignedWriter(sink, FORMAT, {name: v for name, v in reader.first.items() if name != "format"})
    while (line := reader.line()) is not None:
        writer.line(line)
    writer.finish(SigningKey.generate())
    wrong = [sink.getvalue(), plain.replace("Mẫu".encode(), "Mầu".encode()), plain[: len(plain) // 2], b""]
    for other in wrong:
        out = BytesIO()
        with packing(out) as packer:
            put(packer, other)
        with pytest.raises(OfficeError):
            take(fresh, out.getvalue())
    for length in (0, 10, len(packed) // 2, len(packed) - 1):
        with pytest.raises(StoreError):
            take(fresh, packed[:length])
    assert (count(fresh.store, "entries"), cursor(fresh)) == (0, 0)
    take(fresh, packed)


def put(packer: Sink, data: bytes) -> None:
    packer.write(data)


def test_a_snapshot_of_another_hub_or_epoch_is_refused(town: Town, fresh: Seat, tmp_path: Path) -> None:
    from onestop.store.log import start_epoch

    with founded(tmp_path / "other") as other, pytest.raises(Refused, match="không phải của máy chủ này"):
        take(fresh, snapshot(other)[0])
    with town.store.write() as connection:
        ledger = open_ledger(connection)
        start_epoch(connection, ledger, snapshot(town)[1].cursor)
    with pytest.raises(Refused, match="kỳ sổ khác"):
        take(fresh, snapshot(town)[0])


SAME = (
    "SELECT id, dossier, device, incarnation, seq, kind, at, header, signature, body, salt, verdict, "
    "code, cursor, received_at FROM entries ORDER BY id",
    "SELECT * FROM device_heads ORDER BY device, incarnation",
    "SELECT sha256, dossier, direction, length, is_done, is_durable FROM blob_moves ORDER BY sha256, dossier",
    "SELECT entry, dossier, verdict, code, at FROM tray ORDER BY entry",
    "SELECT key, value FROM local WHERE key NOT IN ('desk', 'courier', 'officer') ORDER BY key",
    "SELECT cursor, durable FROM peers",
    "SELECT code, verdict FROM shelf ORDER BY id",
)


def test_in_bulk_or_one_by_one_makes_the_same_desk(
    town: Town, fresh: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seated(tmp_path / "later", index=3) as later, seated(tmp_path / "slow", index=2) as slow:
        town.join(later)
        reach(later, State.PROPOSED)  # joined and without a grant: flagged, so a journal that is not plain
        mixed = next(iter(open_ids(later)))
        attach_scan(later, mixed, 7)
        assert "flagged" in {receipt.verdict for receipt in town.push_all(later)}
        town.join(slow, is_read=False)
        packed, _ = snapshot(town)
        take(fresh, packed)
        monkeypatch.setattr("onestop.store.snapshot.take_plain", lambda connection, records: (records, set()))
        take(slow, packed)
        names = [column.name for column in dossiers.c if column.name != "n"]
        queries = (*SAME, f"SELECT {', '.join(names)} FROM dossiers ORDER BY id")
        for query in queries:
            assert rows_of(fresh.store, query) == rows_of(slow.store, query), query
        assert count(fresh.store, "tray") > 0
        assert verify_store(fresh.store).findings == verify_store(slow.store).findings == []


def test_a_bad_signature_inside_sets_that_entry_aside(town: Town, fresh: Seat) -> None:
    """Signed by the log, but not by the desk: even the hub cannot write in a desk's name."""
    packed, _ = snapshot(town)
    with opened(packed) as source:
        reader = SignedReader(source, FORMAT)
        first = {name: value for name, value in reader.first.items() if name != "format"}
        sink = BytesIO()
        writer = SignedWriter(sink, FORMAT, first)
        harmed = 0
        while (line := reader.line()) is not None:
            if not harmed and line["record"]["kind"] == "entry":
                line["record"]["s"] = base64.b64encode(bytes(64)).decode()
                harmed += 1
            writer.line(line)
    writer.finish(town.ledger.key)
    out = BytesIO()
    with packing(out) as packer:
        put(packer, sink.getvalue())
    report = take(fresh, out.getvalue())
    assert count(fresh.store, "entries") == report.entries - 1
    assert rows_of(fresh.store, "SELECT verdict, code FROM shelf") == [("quarantined", "SIGNATURE")]
