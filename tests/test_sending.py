"""What waits goes up in an order any hub can take; what a hub says of it is written down once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from onestop.domain.entry import parse_header
from onestop.domain.offer import Receipt
from onestop.domain.state import State
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import PaperForm
from onestop.office.papers import ask_for_paper
from onestop.store import moves
from onestop.store.check import verify_store
from onestop.store.papers import keep_blob, open_blob
from onestop.store.sending import carry_all, next_offers, send_again, take_receipts
from onestop.store.tables import blob_moves, outbox
from onestop.store.tray import list_tray
from tests.hub_desk import MANY, MEGABYTE, Hub, hub_in
from tests.office_desk import RECEPTION, SPECIALIST, UNIT, Seat, reach, receive, seated

AT = "2026-11-20T05:00:00.000Z"


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path / "hub") as made:
        yield made


def offered(seat: Seat, kind: str = "root", limit: int = MANY, size: int = MEGABYTE) -> list[str]:
    from onestop.domain.entry import entry_id

    with seat.store.read() as connection:
        return [entry_id(offer.header) for offer in next_offers(connection, kind, limit, size)]


def say(seat: Seat, kind: str, *receipts: Receipt) -> set[str]:
    with seat.store.write() as connection:
        return take_receipts(connection, kind, receipts)


def entry(seat: Seat, ident: str) -> Any:
    sql = "SELECT verdict, code, cursor, place, received_at, placed_at FROM entries WHERE hex(id) = :id"
    return tuple(seat.store.rows(sql, {"id": ident.upper()})[0])


def queued(seat: Seat) -> list[Any]:
    return [
        tuple(r) for r in seat.store.rows("SELECT relayed, verdict, trouble FROM outbox ORDER BY entry", {})
    ]


def test_a_batch_ends_at_its_limits_and_never_before_its_first(seat: Seat) -> None:
    reach(seat, State.HANDED_OUT)
    every = offered(seat)
    assert len(every) == 8
    assert offered(seat, limit=3) == every[:3]
    assert offered(seat, size=1) == every[:1]
    assert 1 < len(offered(seat, size=8000)) < 8


@pytest.mark.parametrize("kind", ["root", "relay"])
def test_a_batch_is_read_without_sorting_all_that_waits(seat: Seat, kind: str) -> None:
    """A backlog of weeks would else be read whole for every batch of it."""
    receive(seat)
    asked: list[tuple[str, Any]] = []
    with seat.store.read() as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def note(_: Any, __: Any, sql: str, values: Any, *___: Any) -> None:
            asked.append((sql, values))

        assert next_offers(connection, kind, MANY, MEGABYTE)
        sql, values = next(one for one in asked if "JOIN outbox" in one[0])
        plan = [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert any("outbox" in step for step in plan)
    assert not [step for step in plan if "TEMP B-TREE" in step], plan


def test_parents_come_before_children_whatever_the_order_of_rows(seat: Seat) -> None:
    reach(seat, State.HANDED_OUT)
    every = offered(seat)
    with seat.store.write() as connection:
        raw = connection.connection.cursor()
        raw.execute("PRAGMA defer_foreign_keys = ON")
        for table, column in (("entries", "n"), ("outbox", "entry")):
            raw.execute(f"UPDATE {table} SET {column} = 1000 - {column}")
    assert offered(seat) == every
    with seat.store.read() as connection:
        offers = next_offers(connection, "root", MANY, MEGABYTE)
    assert [parse_header(offer.header).seq for offer in offers] == list(range(1, 9))


def test_the_last_word_takes_an_entry_out(seat: Seat) -> None:
    dossier = receive(seat)
    (ident,) = offered(seat)
    assert say(seat, "relay", Receipt(ident, "seen", None, 4, AT, "")) == {dossier.id}
    assert queued(seat) == [(1, "", "")]
    assert offered(seat, "relay") == []
    assert offered(seat) == [ident]
    later = "2026-11-20T06:00:00.000Z"
    assert say(seat, "root", Receipt(ident, "accepted", 9, None, later, "MERGED")) == {dossier.id}
    assert queued(seat) == []
    assert entry(seat, ident) == ("accepted", "MERGED", 9, 4, later, AT)
    assert say(seat, "root", Receipt(ident, "accepted", 9, None, later, "MERGED", True)) == set()
    assert say(seat, "root", Receipt(ident, "held", None, None, later, "GAP")) == set()
    assert entry(seat, ident)[0] == "accepted"


@pytest.mark.parametrize(
    ("verdict", "code", "is_aside"),
    [("held", "GAP", False), ("quarantined", "FORK", True), ("quarantined", "SERVER_BUG", False)],
)
def test_what_has_no_number_stays_and_is_seen(seat: Seat, verdict: str, code: str, is_aside: bool) -> None:
    dossier = receive(seat)
    (ident,) = offered(seat)
    say(seat, "root", Receipt(ident, verdict, None, None, AT, code))
    assert queued(seat) == [(0, verdict, code)]
    assert offered(seat) == []
    assert len(seat.store.rows("SELECT id FROM dossiers", {})) == (0 if is_aside else 1)
    with seat.store.write() as connection:
        (item,) = list_tray(connection)
        assert (item.entry, item.dossier, item.verdict, item.code) == (ident, dossier.id, verdict, code)
        assert send_again(connection) == 1
    assert offered(seat) == [ident]
    say(seat, "root", Receipt(ident, "accepted", 1, None, AT, ""))
    with seat.store.read() as connection:
        assert list_tray(connection) == ()
    assert len(seat.store.rows("SELECT id FROM dossiers", {})) == 1


def test_a_flag_is_seen_and_a_ratifying_act_takes_it_away(seat: Seat) -> None:
    dossier = receive(seat)
    (ident,) = offered(seat)
    say(seat, "root", Receipt(ident, "flagged", 1, None, AT, "EXPIRED"))
    with seat.store.read() as connection:
        (item,) = list_tray(connection)
    assert (item.verdict, item.code, item.owner_name) == ("flagged", "EXPIRED", dossier.owner.name)
    deeds.ratify(seat.as_("u-binh"), dossier.id, (ident,), "Đúng thẩm quyền")
    with seat.store.read() as connection:
        assert list_tray(connection) == ()


def test_others_entries_are_carried_for_what_builds_on_them(hub: Hub, tmp_path: Path) -> None:
    with seated(tmp_path / "one", 1) as one, seated(tmp_path / "two", 2) as two:
        dossier = receive(one)
        seat, other = hub.join(one), hub.join(two)
        hub.pull_all(other)
        with one.store.read() as connection:
            offers = next_offers(connection, "root", MANY, MEGABYTE)
        _hand_over(other, offers)
        deeds.forward(other.as_(RECEPTION), dossier.id, Target(UNIT, SPECIALIST))
        (receipt,) = hub.push(other)
        assert (receipt.verdict, receipt.code) == ("held", "PARENT")
        assert len(offered(other)) == 1
        assert [receipt.verdict for receipt in hub.push_all(other)] == ["accepted"]
        hub.pull_all(other)
        assert queued(other) == []
        hub.pull_all(seat)
        assert verify_store(seat.store).findings == []
        assert queued(seat) == []
        assert verify_store(other.store).findings == []


def _hand_over(seat: Seat, offers: Any) -> None:
    """As a slip or a stick brings them: without any hub's word."""
    from onestop.domain.entry import entry_id
    from onestop.domain.offer import Record
    from onestop.store.taking import take_offers

    records = [Record(0, "entry", entry_id(o.header), AT, None, o) for o in offers]
    with seat.store.write() as connection:
        assert len(take_offers(connection, records).entries) == len(records)
    with seat.store.write() as connection:
        assert take_offers(connection, records).entries == ()
        assert carry_all(connection) == len(records)
        connection.execute(outbox.delete())


# ---- papers


def _paper(seat: Seat, dossier: str, number: int = 0) -> str:
    scan = seat.folder / f"scan{number}.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + bytes([65 + number]) * 9000)
    ref = keep_blob(seat.store, scan)
    deeds.attach(seat.as_(RECEPTION), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
    return ref.sha256


def test_papers_go_up_and_come_down_where_the_dossier_is_open(hub: Hub, tmp_path: Path) -> None:
    with seated(tmp_path / "one", 1) as one, seated(tmp_path / "two", 2) as two:
        open_one, closed = receive(one).id, receive(one).id
        wanted, other_paper = _paper(one, open_one), _paper(one, closed, 1)
        deeds.withdraw(one.as_(RECEPTION), closed, "Chủ hồ sơ xin rút")
        seat, other = hub.join(one), hub.join(two)
        hub.meet(seat)
        hub.meet(other)
        with seat.store.write() as connection:
            assert {move.sha256 for move in moves.next_uploads(connection)} == {wanted, other_paper}
            moves.mark_sent(connection, wanted)
            assert [move.sha256 for move in moves.next_uploads(connection)] == [other_paper]
            moves.mark_durable(connection, [wanted])
            moves.offer_again(connection)
            assert [move.sha256 for move in moves.next_uploads(connection)] == [other_paper]
        with other.store.read() as connection:
            assert [move.sha256 for move in moves.next_downloads(connection)] == [wanted]
        assert verify_store(other.store).findings == []
        came = tmp_path / "came"
        came.write_bytes(open_blob(seat.store, open_one, wanted))
        moves.take_paper(other.store, wanted, came)
        assert open_blob(other.store, open_one, wanted) == came.read_bytes()
        with other.store.read() as connection:
            assert moves.next_downloads(connection) == []
        report = verify_store(other.store)
        assert report.findings == []
        assert report.blobs == 1
        with other.store.write() as connection:
            connection.execute(update(blob_moves).values(is_done=False))
        from onestop.errors import StoreError

        came.write_bytes(b"%PDF-1.7\nother")
        with pytest.raises(StoreError, match="mã băm"):
            moves.take_paper(other.store, wanted, came)


def test_a_paper_that_is_elsewhere_is_brought_when_somebody_opens_it(hub: Hub, tmp_path: Path) -> None:
    with seated(tmp_path / "one", 1) as one, seated(tmp_path / "two", 2) as two:
        dossier = receive(one).id
        wanted = _paper(one, dossier)
        paper = deeds.find_dossier(one.office, dossier).papers[0]
        assert not ask_for_paper(one.office, dossier, paper)  # it is here
        deeds.withdraw(one.as_(RECEPTION), dossier, "Chủ hồ sơ xin rút")
        seat, other = hub.join(one), hub.join(two)
        hub.meet(seat)
        hub.meet(other)
        with other.store.read() as connection:
            assert moves.next_downloads(connection) == []  # nobody needs the papers of what is closed
        assert ask_for_paper(other.office, dossier, paper)
        with other.store.read() as connection:
            assert [move.sha256 for move in moves.next_downloads(connection)] == [wanted]


def test_a_desk_alone_asks_nobody_for_papers(seat: Seat) -> None:
    dossier = receive(seat).id
    _paper(seat, dossier)
    paper = deeds.find_dossier(seat.office, dossier).papers[0]
    for file in seat.store.blobs_folder.glob("*/*"):
        file.unlink()
    assert not ask_for_paper(seat.office, dossier, paper)
