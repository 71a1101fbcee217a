"""The truth line: where a dossier is by now, and what waits."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from onestop.domain.moment import from_wire
from onestop.domain.offer import Receipt
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.store.peers import ROOT, add_peer, change_peer
from onestop.store.rows import put_local
from onestop.store.sending import take_receipts
from onestop.store.truth import Counts, Truth, sync_counts, truth_of
from tests.office_desk import MORNING, RECEPTION, SPECIALIST, UNIT, Seat, receive, seated

OFFICE_AT, PROVINCE_AT = "2026-11-20T05:00:00.000Z", "2026-11-20T06:00:00.000Z"


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def ids(seat: Seat, dossier: str) -> list[str]:
    rows = seat.store.rows("SELECT id FROM entries WHERE dossier = :d ORDER BY n", {"d": dossier})
    return [bytes(ident).hex() for (ident,) in rows]


def test_a_dossier_goes_from_the_counter_to_a_backup(seat: Seat) -> None:
    ident = receive(seat).id
    deeds.forward(seat.as_(RECEPTION), ident, Target(UNIT, SPECIALIST))
    first, second = ids(seat, ident)
    alone = truth_of(seat.store.rows, ident)
    assert alone.saved_at is not None
    assert abs(alone.saved_at - MORNING) < timedelta(minutes=1)
    assert alone == Truth(alone.saved_at, None, None, False, 2, "")
    with seat.store.write() as connection:
        add_peer(connection, "log", ROOT, "e", bytes(32))
        take_receipts(connection, "relay", [Receipt(first, "seen", None, 1, OFFICE_AT, "")])
    assert truth_of(seat.store.rows, ident).office_at is None
    with seat.store.write() as connection:
        take_receipts(connection, "relay", [Receipt(second, "seen", None, 2, OFFICE_AT, "")])
        take_receipts(connection, "root", [Receipt(first, "accepted", 1, None, PROVINCE_AT, "")])
    half = truth_of(seat.store.rows, ident)
    assert (half.office_at, half.province_at, half.waiting) == (from_wire(OFFICE_AT), None, 1)
    with seat.store.write() as connection:
        take_receipts(connection, "root", [Receipt(second, "accepted", 3, None, PROVINCE_AT, "")])
    whole = truth_of(seat.store.rows, ident)
    assert whole == Truth(alone.saved_at, from_wire(OFFICE_AT), from_wire(PROVINCE_AT), False, 0, "")
    with seat.store.write() as connection:
        change_peer(connection, "log", durable=2)
    assert not truth_of(seat.store.rows, ident).backup
    with seat.store.write() as connection:
        change_peer(connection, "log", durable=3)
    assert truth_of(seat.store.rows, ident).backup


def test_trouble_is_said_in_words(seat: Seat) -> None:
    ident = receive(seat).id
    (first,) = ids(seat, ident)
    with seat.store.write() as connection:
        take_receipts(connection, "root", [Receipt(first, "held", None, None, OFFICE_AT, "GAP")])
    assert "Còn thiếu bút ký trước" in truth_of(seat.store.rows, ident).trouble
    with seat.store.write() as connection:
        take_receipts(connection, "root", [Receipt(first, "flagged", 1, None, OFFICE_AT, "ROLE")])
    assert "Vai trò" in truth_of(seat.store.rows, ident).trouble
    other = receive(seat).id
    assert truth_of(seat.store.rows, other).trouble == ""
    with seat.store.write() as connection:
        put_local(connection, f"unfolded:{other}", True)
    assert "chưa hiển thị được" in truth_of(seat.store.rows, other).trouble
    assert truth_of(seat.store.rows, "no such") == Truth(None, None, None, False, 0, "")


def test_what_waits_is_counted(seat: Seat) -> None:
    assert sync_counts(seat.store.rows) == Counts(0, 0, None, 0, 0, 0, 0)
    ident = receive(seat).id
    deeds.forward(seat.as_(RECEPTION), ident, Target(UNIT, SPECIALIST))
    receive(seat)
    counts = sync_counts(seat.store.rows)
    assert (counts.waiting_entries, counts.waiting_dossiers) == (3, 2)
    assert counts.oldest_at is not None
    assert abs(counts.oldest_at - MORNING) < timedelta(minutes=1)
    with seat.store.write() as connection:
        for entry in ids(seat, ident):
            take_receipts(
                connection, "root", [Receipt(entry, "flagged", len(entry), None, OFFICE_AT, "ROLE")]
            )
            break
    counts = sync_counts(seat.store.rows)
    assert (counts.waiting_entries, counts.waiting_dossiers, counts.conflicts) == (2, 2, 1)
