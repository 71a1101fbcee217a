"""A relay's ledger: it sees, numbers and passes on; only the root judges."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from onestop.domain.acts import Act
from onestop.domain.checkpoint import checkpoint_from, is_checkpoint_signed
from onestop.domain.entry import BlobRef, entry_id
from onestop.domain.offer import Offer, Page, Receipt, Record
from onestop.store.greeting import ROOT_BASE
from onestop.store.hub_store import open_hub_store
from onestop.store.journal import read_dossier
from onestop.store.ledger import (
    POLICY,
    Ledger,
    ingest,
    office_stream,
    put_row,
    read_head,
    read_journal_page,
    read_page,
    relay_news,
)
from onestop.store.peers import ROOT, add_peer, peer_of
from onestop.store.rows import put_local
from onestop.store.sending import next_offers, take_receipts
from onestop.store.store import Store
from onestop.store.tables import blob_streams, blobs, entries, outbox, records, shelf
from onestop.store.taking import take_page
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures
from tests.small_desk import MORNING, OFFICE, SmallDesk, found, joined

KEY = b"k" * 32
NOW = MORNING + timedelta(hours=1)
STREAMS = (office_stream(OFFICE), POLICY)


@dataclass
class Office:
    """A root, a relay of one office, and no line but what these functions hand over."""

    root: Store
    root_ledger: Ledger
    relay: Store
    ledger: Ledger

    def push(self, *offers: Offer) -> list[Receipt]:
        with self.relay.write() as connection:
            return ingest(connection, self.ledger, offers, "desk", NOW)

    def up(self) -> list[Receipt]:
        """What waits goes to the root, its receipts come back."""
        with self.relay.read() as connection:
            offers = next_offers(connection, ROOT, 500, 2**20)
        with self.root.write() as connection:
            receipts = ingest(connection, self.root_ledger, offers, "relay", NOW)
        with self.relay.write() as connection:
            take_receipts(connection, ROOT, receipts)
        return receipts

    def down(self, limit: int = 500) -> Page:
        """One page of the root's log, taken and told on."""
        with self.relay.read() as connection:
            peer = peer_of(connection, ROOT)
        assert peer is not None
        with self.root.read() as connection:
            page = read_page(connection, self.root_ledger, STREAMS, peer.cursor, limit)
        with self.relay.write() as connection:
            relay_news(connection, self.ledger, take_page(connection, peer.log, page), page)
        return page

    def told(self) -> list[Record]:
        """The relay's own log, as a desk of the office reads it."""
        with self.relay.read() as connection:
            return list(read_page(connection, self.ledger, STREAMS, 0, 1000).records)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    is_sqlite = request.param == "sqlite"
    fresh: Callable[[], str | None] = (
        (lambda: None) if is_sqlite else request.getfixturevalue("fresh_database")
    )
    root = open_hub_store(fresh(), tmp_path / "root" / "hub.db", KEY)
    relay = open_hub_store(fresh(), tmp_path / "relay" / "hub.db", KEY)
    made = Office(root, found(root), relay, found(relay, True, OFFICE))
    with relay.write() as connection:
        ledger = made.root_ledger
        add_peer(connection, ledger.log, ROOT, ledger.epoch, ledger.key.public)
    yield made
    with relay.read() as connection:
        head = read_head(connection, made.ledger.log)
        assert head.cursor == connection.execute(select(func.count()).select_from(records)).scalar_one()
    root.close()
    relay.close()


@pytest.fixture
def desk(office: Office) -> SmallDesk:
    made = joined(office.root, office.root_ledger)
    office.down()
    return made


def test_a_relay_has_seen_and_never_accepts(office: Office, desk: SmallDesk) -> None:
    offers = [desk.receive(), desk.receive()]
    receipts = office.push(*offers)
    assert [(receipt.verdict, receipt.code, receipt.cursor) for receipt in receipts] == [
        ("seen", "", None)
    ] * 2
    first, second = (receipt.place for receipt in receipts)
    assert first is not None
    assert second == first + 1
    again = office.push(*offers)
    assert again == [replace(receipt, is_repeat=True) for receipt in receipts]
    with office.relay.read() as connection:
        assert [row.cursor for row in connection.execute(select(entries.c.cursor))] == [None, None]
        assert connection.execute(select(func.count()).select_from(outbox)).scalar_one() == 2
        for dossier, state in desk.dossiers.items():
            assert read_dossier(connection, dossier) == state
    read = [record for record in office.told() if record.kind == "entry"]
    assert [(record.verdict, record.offer) for record in read] == [("seen", offer) for offer in offers]


def test_the_root_s_word_reaches_the_office_under_the_relay_s_numbers(
    office: Office, desk: SmallDesk
) -> None:
    intake = desk.receive()
    (dossier,) = desk.dossiers
    illegal = desk.act(Act.SIGN, dossier, {"to": {"unit": "counter"}})
    office.push(intake, illegal)
    words = [(receipt.verdict, receipt.code) for receipt in office.up()]
    assert words == [("accepted", ""), ("flagged", "ILLEGAL")]
    assert office.up() == []
    page = office.down()
    told = office.told()
    receipts = {record.ref: record.value for record in told if record.kind == "receipt"}
    assert receipts.keys() == {entry_id(intake.header), entry_id(illegal.header)}
    value = receipts[entry_id(illegal.header)]
    assert value is not None
    assert (value["verdict"], value["code"]) == ("flagged", "ILLEGAL")
    assert value["cursor"] == page.records[-1].cursor
    assert len([record for record in told if record.kind == "entry"]) == 2
    head = [record for record in told if record.kind == "head"][-1].value
    assert head is not None
    assert is_checkpoint_signed(office.root_ledger.key.public, checkpoint_from(head["head"]))


def test_a_new_relay_tells_first_from_where_the_root_went_back(office: Office) -> None:
    """Its desks may know the root from before it was restored: what it lost they bring again."""
    desk = joined(office.root, office.root_ledger)
    with office.root.write() as connection:
        ingest(connection, office.root_ledger, [desk.receive()], "relay", NOW)
    with office.relay.write() as connection:  # as the hello of a restored root is kept
        put_local(connection, ROOT_BASE, {"epoch": office.root_ledger.epoch, "base": 1})
    office.down()
    first, *others = office.told()
    assert first.kind == "head"
    assert first.value is not None
    assert (first.value["base"], first.value["next"]) == (1, 1)
    assert [record.kind for record in others].count("entry") == 1
    assert not [record for record in others if record.value and "base" in record.value]


def test_a_quiet_root_makes_no_noise_and_a_head_is_told_when_all_below_it_is(
    office: Office, desk: SmallDesk
) -> None:
    office.push(desk.receive(), desk.receive(), desk.receive())
    office.up()
    before = len([record for record in office.told() if record.kind == "head"])
    while office.down(limit=1).more:
        assert len([record for record in office.told() if record.kind == "head"]) == before
    count = len(office.told())
    for _ in range(3):
        office.down()
    assert len(office.told()) == count
    assert office.told()[-1].kind == "head"


def test_what_another_desk_sent_straight_to_the_root_comes_down_with_its_bytes(
    office: Office, desk: SmallDesk
) -> None:
    offer = desk.receive()
    (dossier,) = desk.dossiers
    with office.root.write() as connection:
        ingest(connection, office.root_ledger, [offer], "desk", NOW)
        put_row(connection, office.root_ledger, OFFICE, "unit", "counter", {"name": "Một cửa"}, NOW)
    office.down()
    told = office.told()
    kinds = [record.kind for record in told if record.kind != "head"]
    assert kinds == ["statement", "statement", "entry", "receipt", "row"]
    (record,) = (record for record in told if record.kind == "entry")
    assert (record.offer, record.verdict) == (offer, "seen")
    assert office.push(offer)[0].place == record.cursor
    with office.relay.read() as connection:
        journal = read_journal_page(connection, office.ledger, dossier)
    assert [record.kind for record in journal.records] == ["entry", "receipt"]
    assert journal.next == 1


def test_a_relay_takes_a_chain_with_holes_and_any_parent(office: Office, desk: SmallDesk) -> None:
    """The desk may have sent the rest straight to the root, or has yet to send it."""
    desk.receive()
    (dossier,) = desk.dossiers
    desk.note(dossier, "hai")
    late = desk.note(dossier, "ba")
    assert office.push(late)[0].verdict == "seen"
    assert [receipt.verdict for receipt in office.push(*desk.offers)] == ["seen"] * 3
    assert [receipt.verdict for receipt in office.up()] == ["accepted"] * 3


def test_bad_bytes_strangers_and_forks_stay_on_the_relay_s_shelf(office: Office, desk: SmallDesk) -> None:
    good = desk.receive()
    office.push(good)
    copy = desk.clone()
    desk.receive()
    (dossier, _) = desk.dossiers
    fork = copy.note(dossier, "bản sao")
    unsigned = replace(desk.note(dossier), signature=b"s" * 64)
    stranger = SmallDesk(index=2).receive()
    receipts = office.push(desk.offers[1], fork, unsigned, stranger)
    assert [(receipt.verdict, receipt.code) for receipt in receipts] == [
        ("seen", ""),
        ("quarantined", "FORK"),
        ("quarantined", "SIGNATURE"),
        ("held", "DEVICE"),
    ]
    with office.relay.read() as connection:
        assert connection.execute(select(func.count()).select_from(shelf)).scalar_one() == 3
        assert connection.execute(select(func.count()).select_from(outbox)).scalar_one() == 2


def test_what_the_law_erased_a_relay_gives_nobody(office: Office, desk: SmallDesk) -> None:
    paper = BlobRef("ab" * 32, 1000, "application/pdf", "paper")
    office.push(desk.receive())
    (dossier,) = desk.dossiers
    note = desk.act(Act.ADD_NOTE, dossier, {"text": "CANARY"}, (paper,))
    office.push(note)
    office.up()
    office.down()
    with office.relay.read() as connection:
        assert list(connection.scalars(select(blob_streams.c.sha256))) == [paper.sha256]
    named = entry_id(note.header)
    erase = desk.act(Act.ERASE, dossier, {"entries": [named], "ground": "Yêu cầu", "second": "u-duc"})
    office.push(erase)
    assert [(receipt.verdict, receipt.code) for receipt in office.up()] == [("accepted", "")]
    office.down()
    with office.relay.read() as connection:
        kept = select(entries.c.body, entries.c.salt).where(entries.c.id == bytes.fromhex(named))
        assert connection.execute(kept).one() == (None, None)
        assert list(connection.scalars(select(blob_streams.c.sha256))) == []
        assert connection.scalar(select(blobs.c.erased_at)) is not None
