"""The tray and the shelf hold all that is not plainly accepted; what is erased by law is gone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onestop.domain.entry import parse_header
from onestop.domain.offer import Offer, Receipt, Record
from onestop.errors import StoreError
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import PaperForm
from onestop.store.check import rebuild_store, verify_store
from onestop.store.journal import read_journal
from onestop.store.papers import keep_blob, open_blob
from onestop.store.projection import UNFOLDED, refold
from onestop.store.rows import get_local
from onestop.store.sending import next_offers, take_receipts
from onestop.store.standing import read_standing
from onestop.store.taking import take_offers, take_page
from onestop.store.tray import list_shelf, list_tray
from onestop.store.truth import is_wholly_shown, truth_of
from tests.hub_desk import Hub, hub_in
from tests.office_desk import HEAD, LEADER, RECEPTION, SPECIALIST, UNIT, Seat, open_seat, receive, seated

AT = "2026-11-20T05:00:00.000Z"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


def trays(seat: Seat) -> list[tuple[str, str]]:
    with seat.store.read() as connection:
        return [(item.verdict, item.code) for item in list_tray(connection)]


def entry_ids(seat: Seat, dossier: str) -> list[str]:
    with seat.store.read() as connection:
        return [entry.id for entry, _ in read_journal(connection, dossier)]


def flag(seat: Seat, entry: str, cursor: int, verdict: str = "flagged", code: str = "EXPIRED") -> None:
    with seat.store.write() as connection:
        take_receipts(connection, "root", [Receipt(entry, verdict, cursor, None, AT, code)])


def test_a_voided_entry_leaves_the_tray_and_its_effect(desk: Seat) -> None:
    ident = receive(desk).id
    deeds.forward(desk.as_(RECEPTION), ident, Target(UNIT, SPECIALIST))
    first, second = entry_ids(desk, ident)
    flag(desk, first, 1, "accepted", "")
    flag(desk, second, 2)
    assert trays(desk) == [("flagged", "EXPIRED")]
    done = deeds.void(desk.as_(HEAD), ident, (second,), "Chuyển nhầm")
    assert trays(desk) == []
    assert done.dossier.voided == (second,)
    row = desk.store.rows("SELECT holder_officer, state FROM dossiers", {})[0]
    assert tuple(row) == (RECEPTION, "received")


def test_an_entry_the_root_forbade_has_no_effect_and_stays_in_the_tray(desk: Seat) -> None:
    ident = receive(desk).id
    deeds.add_note(desk.as_(RECEPTION), ident, "Chủ hồ sơ hẹn bổ sung")
    deeds.forward(desk.as_(RECEPTION), ident, Target(UNIT, SPECIALIST))
    first, second, third = entry_ids(desk, ident)
    flag(desk, first, 1, "accepted", "")
    flag(desk, second, 2)
    flag(desk, third, 3, "quarantined", "REVOKED")
    assert trays(desk) == [("flagged", "EXPIRED"), ("quarantined", "REVOKED")]
    assert desk.store.rows("SELECT state FROM dossiers", {})[0][0] == "received"
    deeds.void(desk.as_(HEAD), ident, (second,), "Đã xem")
    assert trays(desk) == [("quarantined", "REVOKED")]


def test_a_dossier_all_of_whose_entries_are_forbidden_loses_its_row_and_gets_it_back(desk: Seat) -> None:
    ident = receive(desk).id
    (first,) = entry_ids(desk, ident)
    flag(desk, first, 1, "quarantined", "REVOKED")
    assert desk.store.rows("SELECT id FROM dossiers", {}) == []
    assert desk.store.rows("SELECT rowid FROM search WHERE search MATCH 'duc'", {}) == []
    assert trays(desk) == [("quarantined", "REVOKED")]
    flag(desk, first, 1, "accepted", "")
    assert len(desk.store.rows("SELECT rowid FROM search WHERE search MATCH 'duc'", {})) == 1
    assert trays(desk) == []


def test_a_journal_no_program_can_fold_is_marked_and_stops_nothing(
    desk: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a newer program could write such a thing: here the fold itself is made to fail."""
    ident = receive(desk).id

    def fail(journal: object) -> None:
        raise ValueError("of another shape")

    with monkeypatch.context() as newer, desk.store.write() as connection:
        newer.setattr("onestop.store.projection.fold", fail)
        assert refold(connection, ident) is None
        assert get_local(connection, UNFOLDED + ident) is True
    assert not is_wholly_shown(desk.store.rows, ident)
    assert "chưa hiển thị" in truth_of(desk.store.rows, ident).trouble
    assert len(desk.store.rows("SELECT id FROM dossiers", {})) == 1
    with desk.store.write() as connection:
        refold(connection, ident)
    assert is_wholly_shown(desk.store.rows, ident)


# ---- two entries under one number


def test_a_copied_desk_finds_itself_on_the_losing_branch(hub: Hub, tmp_path: Path) -> None:
    import shutil

    with seated(tmp_path / "one") as made:
        hub.join(made)
        receive(made)
        hub.meet(made)
    (made.folder / "onestop.anchor").unlink()
    shutil.copytree(made.folder, tmp_path / "copy")
    seat, copy = open_seat(made.folder), open_seat(tmp_path / "copy")
    won, lost = receive(seat), receive(copy)
    hub.meet(seat)
    page = hub.page(copy)
    with copy.store.write() as connection:
        take_page(connection, hub.ledger.log, page)
        standing = read_standing(connection)
        shelf = list_shelf(connection)
    assert [(item.code, item.dossier) for item in shelf] == [("FORK", lost.id)]
    assert standing is not None
    assert standing.incarnation != copy.office.pen.incarnation
    names = {row[0] for row in copy.store.rows("SELECT id FROM dossiers", {})}
    assert won.id in names
    assert lost.id not in names
    assert verify_store(copy.store).findings == []
    receive(copy)
    hub.meet(copy)
    hub.pull_all(seat)
    assert verify_store(copy.store).findings == []
    assert verify_store(seat.store).findings == []
    for each in (seat, copy):
        each.store.close()


def test_a_second_entry_under_a_numbered_one_goes_to_the_shelf(hub: Hub, tmp_path: Path) -> None:
    import shutil

    with seated(tmp_path / "one") as made:
        receive(made)
    (made.folder / "onestop.anchor").unlink()
    shutil.copytree(made.folder, tmp_path / "copy")
    seat, copy = hub.join(open_seat(made.folder)), open_seat(tmp_path / "copy")
    receive(seat)
    hub.meet(seat)
    receive(copy)
    with copy.store.read() as connection:
        forked = next_offers(connection, "root", 9, 1 << 20)[-1]
    with seat.store.write() as connection:
        taken = take_offers(connection, [_record(forked)])
        (item,) = list_shelf(connection)
    assert taken.entries == ()
    assert (item.code, item.seq) == ("FORK", 2)
    assert verify_store(seat.store).findings == []
    for each in (seat, copy):
        each.store.close()


def _record(offer: Offer) -> Record:
    from onestop.domain.entry import entry_id

    return Record(0, "entry", entry_id(offer.header), AT, None, offer)


def test_entries_of_a_device_that_is_stated_later_come_off_the_shelf(hub: Hub, tmp_path: Path) -> None:
    with seated(tmp_path / "one", 1) as one, seated(tmp_path / "two", 2) as two:
        dossier = receive(two)
        seat = hub.join(one)
        with two.store.read() as connection:
            offers = next_offers(connection, "root", 9, 1 << 20)
        with seat.store.write() as connection:
            take_offers(connection, [_record(offer) for offer in offers])
            assert [item.code for item in list_shelf(connection)] == ["DEVICE"]
        assert not is_wholly_shown(seat.store.rows, dossier.id)
        hub.join(two)
        hub.pull_all(seat)
        with seat.store.read() as connection:
            assert list_shelf(connection) == ()
        assert seat.store.rows("SELECT id FROM dossiers", {})[0][0] == dossier.id
        assert verify_store(seat.store).findings == []


# ---- erased by law


def _with_paper(seat: Seat, dossier: str) -> str:
    scan = seat.folder / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    ref = keep_blob(seat.store, scan)
    deeds.attach(seat.as_(RECEPTION), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
    return ref.sha256


def _bodies(seat: Seat, dossier: str) -> int:
    sql = "SELECT count(*) FROM entries WHERE dossier = :d AND (body IS NOT NULL OR salt IS NOT NULL)"
    return int(seat.store.rows(sql, {"d": dossier})[0][0])


def test_a_desk_alone_erases_at_once_and_still_verifies(desk: Seat) -> None:
    ident = receive(desk).id
    digest = _with_paper(desk, ident)
    names = entry_ids(desk, ident)
    deeds.withdraw(desk.as_(RECEPTION), ident, "Chủ hồ sơ xin rút")
    assert open_blob(desk.store, ident, digest)
    deeds.erase(desk.as_(HEAD), ident, names, "Hết thời hạn lưu trữ", LEADER)
    assert _bodies(desk, ident) == 2
    with pytest.raises(StoreError):
        open_blob(desk.store, ident, digest)
    assert desk.store.rows("SELECT owner_name FROM dossiers", {})[0][0] == ""
    assert verify_store(desk.store).findings == []
    rebuild_store(desk.store)
    assert verify_store(desk.store).findings == []


def test_with_a_hub_bodies_go_everywhere_once_the_root_has_accepted(hub: Hub, tmp_path: Path) -> None:
    with seated(tmp_path / "one", 1) as one, seated(tmp_path / "two", 2) as two:
        seat, other = hub.join(one), hub.join(two)
        hub.grant(RECEPTION)
        hub.grant(HEAD, unit=UNIT)
        hub.meet(seat)
        ident = receive(seat).id
        _with_paper(seat, ident)
        names = entry_ids(seat, ident)
        hub.meet(seat)
        hub.meet(other)
        assert _bodies(other, ident) == 2
        deeds.erase(seat.as_(HEAD), ident, names, "Hết thời hạn lưu trữ", LEADER)
        assert _bodies(seat, ident) == 3
        hub.meet(seat)
        hub.meet(other)
        assert (_bodies(seat, ident), _bodies(other, ident)) == (1, 1)
        for each in (seat, other):
            assert verify_store(each.store).findings == []


# ---- a relay between


def test_a_desk_behind_a_relay_hears_the_root_through_it(tmp_path: Path) -> None:
    from onestop.store.ledger import open_ledger, relay_news
    from onestop.store.peers import ROOT, add_peer, find_peer

    with (
        hub_in(tmp_path / "root") as root,
        hub_in(tmp_path / "relay", is_relay=True) as relay,
        seated(tmp_path / "one", 1) as one,
        seated(tmp_path / "two", 2) as two,
    ):
        seat, other = root.join(one), root.join(two)
        root.grant(RECEPTION)
        root.pull_all(seat)
        root.pull_all(other)
        with relay.store.write() as connection:
            add_peer(connection, root.ledger.log, ROOT, root.ledger.epoch, root.ledger.key.public)

        def news() -> None:
            with relay.store.read() as connection:
                peer = find_peer(connection, root.ledger.log)
            assert peer is not None
            with root.store.read() as connection:
                from onestop.store.ledger import POLICY, office_stream, read_page

                streams = (office_stream("H56.99.88"), POLICY)
                page = read_page(connection, root.ledger, streams, peer.cursor, 500, root.now)
            with relay.store.write() as connection:
                taken = take_page(connection, root.ledger.log, page)
                relay_news(connection, open_ledger(connection), taken, page)

        news()
        relay.hello(seat)
        relay.hello(other)
        dossier = receive(seat)
        relay.push_all(seat)
        relay.pull_all(seat)
        relay.pull_all(other)
        truth = truth_of(seat.store.rows, dossier.id)
        assert truth.office_at is not None
        assert (truth.province_at, truth.waiting) == (None, 1)
        assert other.store.rows("SELECT code FROM dossiers", {})[0][0] == dossier.code
        root.push_all(seat)
        news()
        relay.pull_all(other)
        assert truth_of(other.store.rows, dossier.id).province_at is not None
        assert truth_of(seat.store.rows, dossier.id).province_at is not None
        for each in (seat, other):
            assert verify_store(each.store).findings == []
        with hub_in(tmp_path / "relay2", is_relay=True) as second:
            outcome = second.hello(other)
            assert (outcome.kind, outcome.is_new) == ("relay", True)
            assert other.store.rows("SELECT count(*) FROM peers", {})[0][0] == 2
        assert (
            parse_header(bytes(other.store.rows("SELECT header FROM entries", {})[0][0])).device
            == seat.office.pen.device
        )


def test_a_record_that_says_another_hash_is_shelved(desk: Seat) -> None:
    receive(desk)
    with desk.store.read() as connection:
        (offer,) = next_offers(connection, "root", 9, 1 << 20)
    other = replace(_record(offer), ref="00" * 32)
    half = replace(_record(replace(offer, salt=None)), ref="11" * 32)
    with desk.store.write() as connection:
        assert take_offers(connection, [other, half]).entries == ()
        assert [item.code for item in list_shelf(connection)] == ["FORMAT", "FORMAT"]
