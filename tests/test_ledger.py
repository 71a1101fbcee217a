"""The ledger of a root hub, on the encrypted file and on PostgreSQL alike: no line is lost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from onestop.domain.acts import Act
from onestop.domain.checkpoint import is_checkpoint_signed
from onestop.domain.entry import BlobRef, entry_id
from onestop.domain.fold import fold
from onestop.domain.merkle import verify_consistency
from onestop.domain.moment import to_wire
from onestop.domain.offer import Offer, Receipt, Record, unreadable_offer
from onestop.domain.state import Role
from onestop.errors import StoreError
from onestop.store.hub_store import open_hub_store
from onestop.store.journal import read_dossier, read_journal
from onestop.store.ledger import (
    Ledger,
    add_statement,
    device_head,
    dossier_by_code,
    grants_at,
    head_of,
    ingest,
    is_device_revoked,
    lease_codes,
    open_ledger,
    proof_between,
    put_row,
    quarantine_line,
    read_head,
    read_journal_page,
    read_page,
    revoke,
    set_durable,
    start_epoch,
    streams_of,
    take_statements,
)
from onestop.store.ledger_sheet import fitted
from onestop.store.projection import row_of
from onestop.store.store import Store
from onestop.store.tables import (
    blob_refs,
    blob_streams,
    blobs,
    dossiers,
    entries,
    records,
    shelf,
    statements,
    tray,
)
from onestop.store.tray import tray_of
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures
from tests.small_desk import (
    MORNING,
    NEIGHBOUR,
    OFFICE,
    OFFICER,
    UNIT,
    SmallDesk,
    found,
    intake_body,
    joined,
)

KEY = b"k" * 32
NOW = MORNING + timedelta(hours=1)
ALL = ("office:" + OFFICE, "office:" + NEIGHBOUR, "policy")


@dataclass
class Hub:
    store: Store
    ledger: Ledger

    def push(self, *offers: Offer, at: Any = NOW) -> list[Receipt]:
        with self.store.write() as connection:
            return ingest(connection, open_ledger(connection), offers, "sender", at)

    def words(self, *offers: Offer) -> list[tuple[str, str]]:
        return [(receipt.verdict, receipt.code) for receipt in self.push(*offers)]

    def records(self, *streams: str, limit: int = 3) -> list[Record]:
        """All records of these streams, read in small pages."""
        read: list[Record] = []
        after, more = 0, True
        while more:
            with self.store.read() as connection:
                page = read_page(connection, self.ledger, streams or ALL, after, limit)
            read += page.records
            after, more = page.next, page.more
        return read

    def one(self, statement: Any) -> Any:
        with self.store.read() as connection:
            return connection.execute(statement).scalar_one()

    def rows(self, statement: Any) -> list[Any]:
        with self.store.read() as connection:
            return list(connection.execute(statement))

    def check(self) -> None:
        """What always holds: numbers without a gap, one record an entry, projections as folded."""
        with self.store.read() as connection:
            _check_numbers(connection, self.ledger)
            _check_projections(connection)


def _check_numbers(connection: Connection, ledger: Ledger) -> None:
    head = read_head(connection, ledger.log)
    numbers = [row.cursor for row in connection.execute(select(records.c.cursor).order_by(records.c.cursor))]
    assert numbers == list(range(1, head.cursor + 1))
    kept = {row.id.hex(): row.cursor for row in connection.execute(select(entries.c.id, entries.c.cursor))}
    told = {
        row.ref: row.cursor for row in connection.execute(select(records).where(records.c.kind == "entry"))
    }
    assert kept == told
    for old in range(0, head.cursor + 1, max(1, head.cursor // 5)):
        proof = proof_between(connection, old, head.cursor)
        assert old in (0, head.cursor) or proof
    assert (
        not {row.entry for row in connection.execute(select(shelf).where(shelf.c.verdict == "held"))}
        & kept.keys()
    )


def _check_projections(connection: Connection) -> None:
    for row in connection.execute(select(dossiers)).mappings():
        journal = read_journal(connection, row["id"])
        state = fold(journal)
        assert state is not None
        assert {name: value for name, value in row.items() if name != "n"} == fitted(row_of(state))
        wanted = select(tray.c.entry, tray.c.verdict, tray.c.code, tray.c.at).where(
            tray.c.dossier == row["id"]
        )
        shown = {tuple(found) for found in connection.execute(wanted)}
        assert shown == set(tray_of(connection, row["id"], state))


@pytest.fixture(params=["sqlite", "postgresql"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    url = request.getfixturevalue("fresh_database")() if request.param == "postgresql" else None
    store = open_hub_store(url, tmp_path / "hub.db", KEY)
    made = Hub(store, found(store))
    yield made
    made.check()
    store.close()


@pytest.fixture
def desk(hub: Hub) -> SmallDesk:
    return joined(hub.store, hub.ledger)


def only(desk: SmallDesk) -> str:
    (dossier,) = desk.dossiers
    return dossier


# ---- the usual way


def test_a_day_s_work_is_accepted_numbered_and_read_in_order(hub: Hub, desk: SmallDesk) -> None:
    offers = [desk.receive(), *(desk.note(only(desk), f"Lần {n}") for n in range(5))]
    receipts = hub.push(*offers)
    assert [(receipt.verdict, receipt.code) for receipt in receipts] == [("accepted", "")] * 6
    assert [receipt.cursor for receipt in receipts] == list(range(3, 9))
    assert [receipt.id for receipt in receipts] == [entry_id(offer.header) for offer in offers]
    read = hub.records()
    assert [record.kind for record in read] == ["statement", "statement"] + ["entry"] * 6
    assert [record.offer for record in read[2:]] == offers
    assert {record.received_at for record in read[2:]} == {to_wire(NOW)}
    with hub.store.read() as connection:
        assert device_head(connection, desk.device) == {desk.incarnation: (6, receipts[-1].id)}
        assert streams_of(connection, only(desk)) == {f"office:{OFFICE}"}
        assert dossier_by_code(connection, f"{OFFICE}-261120-0001") == only(desk)
        assert read_dossier(connection, only(desk)) == desk.dossiers[only(desk)]


def test_a_repeated_push_gives_the_stored_receipt(hub: Hub, desk: SmallDesk) -> None:
    offers = [desk.receive(), desk.note(only(desk)), desk.note(only(desk), "")]
    first = hub.push(*offers)
    assert first[2].code == "ILLEGAL"
    again = hub.push(*offers, at=NOW + timedelta(days=3))
    assert again == [replace(receipt, is_repeat=True) for receipt in first]
    new = desk.note(only(desk), "Hai lần trong một lô")
    once, twice = hub.push(new, new)
    assert twice == replace(once, is_repeat=True)
    assert not once.is_repeat
    assert hub.one(select(func.count()).select_from(entries)) == 4


def test_one_bad_line_never_blocks_the_others(hub: Hub, desk: SmallDesk) -> None:
    good = desk.receive()
    note = desk.note(only(desk))
    broken = replace(good, header=good.header.replace(b'"kind"', b'"kimd"'))
    rubbish = unreadable_offer(b"\xff\x00 no line at all")
    unsigned = replace(desk.note(only(desk), "x"), signature=b"s" * 64)
    after = desk.receive()
    stranger = SmallDesk(index=2).receive()
    words = hub.words(broken, good, rubbish, note, unsigned, after, stranger)
    assert words == [
        ("quarantined", "FORMAT"),
        ("accepted", ""),
        ("quarantined", "FORMAT"),
        ("accepted", ""),
        ("quarantined", "SIGNATURE"),
        ("accepted", ""),
        ("held", "DEVICE"),
    ]
    kept = {row.entry: row for row in hub.rows(select(shelf))}
    assert kept.keys() == {entry_id(offer.header) for offer in (broken, rubbish, unsigned, stranger)}
    assert kept[entry_id(rubbish.header)].raw == rubbish.header
    assert json.loads(kept[entry_id(unsigned.header)].raw)["h"] == unsigned.header.decode()
    assert {row.sender for row in kept.values()} == {"sender"}
    repeats = hub.push(broken, rubbish, unsigned, at=NOW + timedelta(days=1))
    assert [(receipt.is_repeat, receipt.at) for receipt in repeats] == [(True, to_wire(NOW))] * 3


def test_a_desk_goes_on_over_an_entry_that_cannot_be_read(hub: Hub, desk: SmallDesk) -> None:
    """In the same batch as in the next one: it is known by what it says of its place."""
    broken = [replace(desk.receive(), body=b"{}") for _ in range(2)]
    assert hub.words(broken[0], broken[1], desk.receive()) == [
        ("quarantined", "FORMAT"),
        ("quarantined", "FORMAT"),
        ("accepted", ""),
    ]
    whole = [replace(offer, body=kept.body) for offer, kept in zip(broken, desk.offers, strict=False)]
    assert hub.words(*whole) == [("accepted", "")] * 2


def test_a_signature_broken_on_the_way_does_not_lose_the_entry(hub: Hub, desk: SmallDesk) -> None:
    desk.receive()
    first = desk.note(only(desk))
    offers = [desk.note(only(desk), "hai"), desk.note(only(desk), "ba")]
    intake = offer_of_first(desk)
    assert hub.words(intake, replace(first, signature=b"x" * 64), *offers)[1:] == [
        ("quarantined", "SIGNATURE"),
        ("held", "PARENT"),
        ("held", "PARENT"),
    ]
    assert hub.words(first) == [("accepted", "")]
    assert hub.one(select(func.count()).select_from(shelf).where(shelf.c.verdict == "held")) == 0
    assert [receipt.verdict for receipt in hub.push(*offers)] == ["accepted"] * 2


def offer_of_first(desk: SmallDesk) -> Offer:
    return desk.offers[0]


# ---- what waits


def test_lines_in_any_order_end_as_in_the_right_one(hub: Hub, desk: SmallDesk) -> None:
    other = joined(hub.store, hub.ledger, 2)
    desk.receive()
    dossier = only(desk)
    other.dossiers |= desk.dossiers
    for number in range(12):
        writer, reader = (desk, other) if number % 2 else (other, desk)
        writer.note(dossier, f"Ghi chú {number}")
        reader.dossiers[dossier] = writer.dossiers[dossier]
    offers = [*desk.offers, *other.offers]
    Random(7).shuffle(offers)
    for start in range(0, len(offers), 4):
        hub.push(*offers[start : start + 4])
    assert hub.one(select(func.count()).select_from(shelf)) == 0
    assert [receipt.verdict for receipt in hub.push(*offers)] == ["accepted"] * 13
    with hub.store.read() as connection:
        state = read_dossier(connection, dossier)
    assert state is not None
    assert state.heads == desk.dossiers[dossier].heads


def test_a_held_entry_is_not_forced_and_does_not_stop_its_desk(hub: Hub, desk: SmallDesk) -> None:
    """Its parent lies on another desk; other dossiers of the same desk go on."""
    other = joined(hub.store, hub.ledger, 2)
    intake = other.receive()
    desk.dossiers |= other.dossiers
    waiting = desk.note(only(other))
    own = desk.receive()
    assert hub.words(waiting, own) == [("held", "PARENT"), ("accepted", "")]
    assert hub.words(waiting) == [("held", "PARENT")]
    assert hub.words(intake) == [("accepted", "")]
    assert hub.push(waiting)[0].verdict == "accepted"
    assert hub.one(select(func.count()).select_from(shelf)) == 0
    assert [record.ref for record in hub.records()][-1] == entry_id(waiting.header)


def test_a_gap_is_held_and_its_backlog_comes_at_once_when_it_closes(hub: Hub, desk: SmallDesk) -> None:
    offers = [desk.receive()] + [desk.note(only(desk), str(n)) for n in range(1200)]
    for start in range(1, 1201, 400):
        receipts = hub.push(*offers[start : start + 400])
        assert {receipt.code for receipt in receipts} == {"GAP"}
    hub.push(offers[0])
    assert hub.one(select(func.count()).select_from(shelf)) == 0
    numbers = [row.seq for row in hub.rows(select(entries.c.seq).order_by(entries.c.cursor))]
    assert numbers == list(range(1, 1202))


def test_an_unknown_desk_waits_until_it_is_stated(hub: Hub) -> None:
    desk = SmallDesk()
    with hub.store.write() as connection:
        desk.grant = desk.granted(connection, hub.ledger)
    offers = [desk.receive(), desk.note(only(desk))]
    assert hub.words(*offers) == [("held", "DEVICE")] * 2
    elsewhere = Hub(hub.store, hub.ledger)
    with elsewhere.store.write() as connection:
        signed = desk.statement(hub.ledger)
        assert take_statements(connection, hub.ledger, [(b"{}", b"x"), signed, signed], NOW) != []
        assert take_statements(connection, hub.ledger, [signed], NOW) == []
    assert [receipt.verdict for receipt in hub.push(*offers)] == ["accepted"] * 2
    assert hub.one(select(func.count()).select_from(shelf)) == 0


def test_a_line_that_breaks_the_hub_is_kept_unread_and_stepped_over(hub: Hub, desk: SmallDesk) -> None:
    intake = desk.receive()
    poison = desk.receive()
    after = desk.receive()
    hub.push(intake)
    raw = json.dumps({"h": poison.header.decode(), "s": "", "b": None, "salt": None}).encode()
    with hub.store.write() as connection:
        receipt = quarantine_line(connection, hub.ledger, raw, desk.device, NOW)
        junk = quarantine_line(connection, hub.ledger, b"{", desk.device, NOW)
    assert (receipt.verdict, receipt.code, receipt.id) == (
        "quarantined",
        "SERVER_BUG",
        entry_id(poison.header),
    )
    assert junk.code == "SERVER_BUG"
    assert hub.words(after) == [("accepted", "")]
    assert hub.words(poison) == [("accepted", "")]


# ---- authority


def test_a_revoked_officer_is_judged_by_what_the_desk_had_seen(hub: Hub, desk: SmallDesk) -> None:
    hub.push(desk.receive())
    before = hub.one(select(func.max(records.c.cursor)))
    with hub.store.write() as connection:
        revoke(connection, hub.ledger, "officer", OFFICER, "Nghỉ việc", NOW)
    after = hub.one(select(func.max(records.c.cursor)))
    desk.seen = (hub.ledger.epoch, before, to_wire(MORNING))
    could_not_know = desk.note(only(desk), "chưa biết")
    desk.seen = (hub.ledger.epoch, after, to_wire(MORNING))
    knew = desk.note(only(desk), "đã biết")
    desk.seen = ("epoch-nobody-knows", after, to_wire(MORNING))
    unsure = desk.note(only(desk), "lạ")
    assert hub.words(could_not_know, knew, unsure) == [
        ("flagged", "REVOKED_LATER"),
        ("quarantined", "REVOKED"),
        ("flagged", "REVOKED_LATER"),
    ]
    shown = {row.entry: row.verdict for row in hub.rows(select(tray))}
    assert shown == {
        entry_id(could_not_know.header): "flagged",
        entry_id(knew.header): "quarantined",
        entry_id(unsure.header): "flagged",
    }
    with hub.store.read() as connection:
        assert grants_at(connection, NOW) == []
    with hub.store.write() as connection:
        desk.grant = desk.granted(connection, hub.ledger, ends=NOW + timedelta(days=5))
    assert hub.words(desk.note(only(desk), "được giao lại")) == [("accepted", "MERGED")]


def test_a_lone_grant_can_be_taken_back(hub: Hub, desk: SmallDesk) -> None:
    with hub.store.write() as connection:
        revoke(connection, hub.ledger, "grant", desk.grant, "Đổi việc", NOW)
    assert hub.words(desk.receive()) == [("flagged", "REVOKED_LATER")]


def test_a_role_is_asked_for(hub: Hub, desk: SmallDesk) -> None:
    hub.push(desk.receive())
    with hub.store.write() as connection:
        desk.grant = desk.granted(connection, hub.ledger, roles=frozenset({Role.CASHIER}))
    assert hub.words(desk.note(only(desk)), desk.receive()) == [("accepted", ""), ("flagged", "ROLE")]


def test_a_copied_disk_freezes_the_desk_and_both_histories_are_kept(hub: Hub, desk: SmallDesk) -> None:
    intake = desk.receive()
    hub.push(intake)
    copy = desk.clone()
    first, second = desk.note(only(desk), "bản gốc"), copy.note(only(desk), "bản sao")
    more = copy.note(only(desk), "bản sao, tiếp")
    assert hub.words(first) == [("accepted", "")]
    assert hub.words(second, more) == [("quarantined", "FORK")] * 2
    assert hub.words(second, more) == [("quarantined", "FORK")] * 2
    with hub.store.read() as connection:
        assert is_device_revoked(connection, desk.device)
        (frozen,) = connection.execute(select(statements).where(statements.c.kind == "revoke"))
    assert json.loads(frozen.body)["reason"] == "fork"
    unaware = desk.note(only(desk), "chưa hay")
    desk.seen = (hub.ledger.epoch, frozen.cursor, to_wire(MORNING))
    aware = desk.note(only(desk), "đã hay")
    assert hub.words(unaware, aware) == [("flagged", "REVOKED_LATER"), ("quarantined", "FROZEN")]
    assert {row.entry for row in hub.rows(select(shelf))} == {entry_id(second.header), entry_id(more.header)}


def test_two_branches_in_one_batch_are_a_fork_too(hub: Hub, desk: SmallDesk) -> None:
    hub.push(desk.receive())
    copy = desk.clone()
    words = hub.words(desk.note(only(desk), "một"), copy.note(only(copy), "hai"))
    assert words == [("accepted", ""), ("quarantined", "FORK")]


def test_a_new_incarnation_is_a_chain_of_its_own(hub: Hub, desk: SmallDesk) -> None:
    hub.push(desk.receive())
    again = SmallDesk(key=desk.key, device=desk.device, incarnation="ffff", grant=desk.grant, serial=5)
    assert hub.words(again.receive()) == [("accepted", "")]
    with hub.store.read() as connection:
        assert device_head(connection, desk.device).keys() == {desk.incarnation, "ffff"}


# ---- codes


def test_no_two_dossiers_share_a_code_unflagged(hub: Hub, desk: SmallDesk) -> None:
    code = f"{OFFICE}-261120-0007"
    offers = [desk.act(Act.RECEIVE, name, intake_body(code)) for name in ("d-1", "d-2", "d-3")]
    assert hub.words(*offers[:2]) == [("accepted", ""), ("flagged", "CODE")]
    assert hub.words(offers[2]) == [("flagged", "CODE")]
    assert hub.one(select(func.count()).select_from(dossiers)) == 3
    with hub.store.read() as connection:
        assert dossier_by_code(connection, code) == "d-1"


def test_a_leased_number_is_lawful_for_who_leased_it(hub: Hub, desk: SmallDesk) -> None:
    other = joined(hub.store, hub.ledger, 2)
    with hub.store.write() as connection:
        first, last = lease_codes(connection, OFFICE, "2026-11-20", desk.device, 50, to_wire(NOW))
    assert (first, last) == (7001, 7050)

    def with_serial(who: SmallDesk, day: str, serial: int) -> Offer:
        return who.act(Act.RECEIVE, f"d-{day}-{serial}", intake_body(f"{OFFICE}-{day}-{serial}"))

    offers = [with_serial(desk, "261120", 7001), with_serial(desk, "261120", 7051)]
    offers += [with_serial(desk, "261121", 7002), with_serial(other, "261120", 7003)]
    assert [code for _, code in hub.words(*offers)] == ["", "CODE", "CODE", "CODE"]


# ---- scopes, papers, erasing


def test_the_other_agency_hears_of_a_dossier_that_is_sent_to_it(hub: Hub, desk: SmallDesk) -> None:
    neighbour = joined(hub.store, hub.ledger, 3, NEIGHBOUR)
    paper = BlobRef("ab" * 32, 1000, "application/pdf", "paper")
    body = intake_body(desk.code())
    intake = desk.act(Act.RECEIVE, "d-1", body, (paper,))
    early = SmallDesk(3, NEIGHBOUR, neighbour.key, neighbour.device, neighbour.incarnation, neighbour.grant)
    early.dossiers |= desk.dossiers
    assert hub.words(intake, early.note("d-1", "không có quyền")) == [
        ("accepted", ""),
        ("flagged", "UNGRANTED"),
    ]
    out = desk.act(
        Act.TRANSFER_OUT,
        "d-1",
        {"to_agency": {"code": NEIGHBOUR, "name": "Phường bên"}, "reason": "Thẩm quyền"},
    )
    hub.push(out)
    ours = [(record.kind, record.ref) for record in hub.records(f"office:{OFFICE}")]
    theirs = [(record.kind, record.ref, record.value) for record in hub.records(f"office:{NEIGHBOUR}")]
    assert ours[-1] == ("entry", entry_id(out.header))
    assert theirs[-1] == ("scope", "d-1", {"dossier": "d-1", "count": 3})
    with hub.store.read() as connection:
        back_fill = read_journal_page(connection, hub.ledger, "d-1", 0, 2)
        rest = read_journal_page(connection, hub.ledger, "d-1", back_fill.next, 2)
        assert streams_of(connection, "d-1") == {f"office:{OFFICE}", f"office:{NEIGHBOUR}"}
    assert (back_fill.more, rest.more) == (True, False)
    assert back_fill.records[0].offer == intake
    assert len(back_fill.records + rest.records) == 3
    read_by = {row.stream for row in hub.rows(select(blob_streams))}
    assert read_by == {f"office:{OFFICE}", f"office:{NEIGHBOUR}"}
    neighbour.dossiers |= desk.dossiers
    neighbour.head = early.head
    taken = neighbour.act(Act.TRANSFER_IN, "d-1", {"agency": NEIGHBOUR, "counter": UNIT})
    assert [record.ref for record in hub.records(f"office:{OFFICE}")][-1] == entry_id(out.header)
    assert hub.words(taken)[0][0] == "accepted"
    assert [record.ref for record in hub.records(f"office:{OFFICE}")][-1] == entry_id(taken.header)


def test_an_accepted_erase_takes_body_salt_and_papers_and_the_chain_still_verifies(
    hub: Hub, desk: SmallDesk
) -> None:
    shared, lone = (BlobRef(letter * 64, 1000, "image/png", "paper") for letter in "ab")
    desk.act(Act.RECEIVE, "d-1", intake_body(desk.code()))
    papers = desk.act(Act.ADD_NOTE, "d-1", {"text": "CANARY Ngọc"}, (shared, lone))
    desk.act(Act.RECEIVE, "d-2", intake_body(desk.code()), (shared,))
    named = entry_id(papers.header)
    body = {"entries": [named], "ground": "Yêu cầu của chủ thể", "second": "u-duc"}
    hub.push(*desk.offers[:2])
    erase = desk.act(Act.ERASE, "d-1", body)
    assert hub.words(desk.offers[2], erase) == [("accepted", ""), ("accepted", "")]
    (row,) = hub.rows(select(entries).where(entries.c.id == bytes.fromhex(named)))
    assert (row.body, row.salt) == (None, None)
    assert entry_id(row.header) == named
    gone = {row.sha256: row.erased_at for row in hub.rows(select(blobs))}
    assert gone == {"a" * 64: None, "b" * 64: to_wire(NOW)}
    assert {row.sha256 for row in hub.rows(select(blob_streams))} == {"a" * 64}
    assert {(row.sha256[0], row.dossier) for row in hub.rows(select(blob_refs))} == {("a", "d-2")}
    assert hub.words(papers) == [("accepted", "")]
    assert hub.one(select(func.count()).select_from(entries).where(entries.c.body.is_(None))) == 1
    kept = next(record for record in hub.records() if record.ref == named)
    assert kept.offer == Offer(papers.header, papers.signature, None, None)


def test_erasing_takes_the_copy_that_lay_aside_for_its_signature(hub: Hub, desk: SmallDesk) -> None:
    desk.receive()
    note = desk.note(only(desk), "CANARY")
    false = replace(note, signature=bytes(64))
    assert hub.words(false)[0][0] == "quarantined"
    assert hub.one(select(func.count()).select_from(shelf)) == 1
    body = {"entries": [entry_id(note.header)], "ground": "Luật", "second": "u-duc"}
    desk.act(Act.ERASE, only(desk), body)
    hub.push(*desk.offers)
    assert hub.one(select(func.count()).select_from(shelf)) == 0
    hub.push(false)  # under a name that stands in the log: the answer is that of the entry itself
    assert hub.one(select(func.count()).select_from(shelf)) == 0


def test_erasing_what_came_in_the_same_batch_leaves_nothing(hub: Hub, desk: SmallDesk) -> None:
    desk.receive()
    note = desk.note(only(desk), "CANARY")
    body = {"entries": [entry_id(note.header)], "ground": "Luật", "second": "u-duc"}
    desk.act(Act.ERASE, only(desk), body)
    hub.push(*desk.offers)
    assert hub.one(select(func.count()).select_from(entries).where(entries.c.body.is_(None))) == 1


def test_a_flagged_erase_waits_for_its_ratification(hub: Hub, desk: SmallDesk) -> None:
    desk.receive()
    note = desk.note(only(desk), "CANARY")
    hub.push(*desk.offers)
    right = desk.grant
    with hub.store.write() as connection:
        desk.grant = desk.granted(connection, hub.ledger, roles=frozenset({Role.CASHIER}))
    body = {"entries": [entry_id(note.header)], "ground": "Luật", "second": "u-duc"}
    erase = desk.act(Act.ERASE, only(desk), body)
    assert hub.words(erase) == [("flagged", "ROLE")]
    bare = select(func.count()).select_from(entries).where(entries.c.body.is_(None))
    assert hub.one(bare) == 0
    assert [row.entry for row in hub.rows(select(tray))] == [entry_id(erase.header)]
    desk.grant = right
    hub.push(desk.act(Act.RATIFY, only(desk), {"entries": [entry_id(erase.header)], "reason": "Đúng luật"}))
    assert hub.one(bare) == 1
    assert hub.rows(select(tray)) == []


def test_a_body_stripped_on_the_way_is_filled_in_by_whoever_has_it(hub: Hub, desk: SmallDesk) -> None:
    intake = desk.receive()
    assert hub.words(replace(intake, body=None, salt=None)) == [("accepted", "")]
    assert hub.push(intake)[0].is_repeat
    with hub.store.read() as connection:
        assert read_dossier(connection, only(desk)) == desk.dossiers[only(desk)]


def test_facts_that_no_column_can_hold_are_kept_all_the_same(hub: Hub, desk: SmallDesk) -> None:
    odd = intake_body(desk.code(), register_no=2**40, counter="k" * 5000)
    odd["owner"] = dict(odd["owner"], name="Lò\0Thị")
    offer = desk.act(Act.RECEIVE, "d-1", odd)
    assert hub.push(offer)[0].verdict == "accepted"
    (row,) = hub.rows(select(dossiers))
    assert (row.register_no, row.owner_name) == (0, "LòThị")


def test_what_loses_its_ground_when_another_act_is_voided_shows_in_the_tray(
    hub: Hub, desk: SmallDesk
) -> None:
    hub.push(desk.receive())
    right, dossier = desk.grant, only(desk)
    with hub.store.write() as connection:
        desk.grant = desk.granted(connection, hub.ledger, roles=frozenset({Role.CASHIER}))
    ask = desk.act(
        Act.REQUEST_SUPPLEMENT, dossier, {"missing": ["Giấy chứng sinh"], "reason": "Thiếu giấy tờ"}
    )
    desk.grant = right
    given = desk.act(Act.TAKE_SUPPLEMENT, dossier, {"given": ["Giấy chứng sinh"]})
    assert hub.words(ask, given) == [("flagged", "ROLE"), ("accepted", "")]
    void = {"entries": [entry_id(ask.header)], "reason": "Ghi nhầm hồ sơ"}
    assert hub.words(desk.act(Act.VOID, dossier, void)) == [("accepted", "")]
    (row,) = hub.rows(select(tray))
    assert (row.entry, row.verdict, row.code) == (entry_id(given.header), "illegal", "ILLEGAL")
    hub.push(desk.act(Act.VOID, dossier, void | {"entries": [row.entry]}))
    assert hub.rows(select(tray)) == []


# ---- the log itself


def test_the_head_is_signed_and_every_older_head_is_consistent_with_it(hub: Hub, desk: SmallDesk) -> None:
    heads = []
    for _ in range(6):
        hub.push(desk.receive(), desk.receive(), desk.receive())
        with hub.store.read() as connection:
            heads.append(head_of(connection, hub.ledger))
    assert all(is_checkpoint_signed(hub.ledger.key.public, head) for head in heads)
    new = heads[-1].checkpoint
    with hub.store.read() as connection:
        for head in heads:
            old = head.checkpoint
            proof = proof_between(connection, old.cursor, new.cursor)
            roots = bytes.fromhex(old.root), bytes.fromhex(new.root)
            assert verify_consistency(old.cursor, roots[0], new.cursor, roots[1], proof)
            assert not verify_consistency(old.cursor, b"x" * 32, new.cursor, roots[1], proof)
        with pytest.raises(ValueError):
            proof_between(connection, new.cursor + 1, new.cursor)


def test_rows_reach_the_office_they_are_for(hub: Hub) -> None:
    with hub.store.write() as connection:
        version = put_row(connection, hub.ledger, OFFICE, "unit", "counter", {"name": "Một cửa"}, NOW)
        assert put_row(connection, hub.ledger, OFFICE, "unit", "counter", {"name": "Một cửa"}, NOW) == version
        put_row(connection, hub.ledger, "", "calendar", "vn", {"days": []}, NOW)
        put_row(connection, hub.ledger, OFFICE, "unit", "counter", None, NOW)
    ours = [
        (record.ref, record.value and record.value["value"]) for record in hub.records(f"office:{OFFICE}")
    ]
    assert ours == [("unit/counter", {"name": "Một cửa"}), ("unit/counter", None)]
    assert [record.ref for record in hub.records("policy")] == ["calendar/vn"]
    assert hub.records(f"office:{NEIGHBOUR}") == []


def test_a_page_ends_at_the_head_for_whoever_reads_a_quiet_stream(hub: Hub, desk: SmallDesk) -> None:
    hub.push(desk.receive())
    with hub.store.read() as connection:
        page = read_page(connection, hub.ledger, [f"office:{NEIGHBOUR}"], 0, 10)
        assert (page.records, page.more) == ((), False)
        assert page.next == page.head.checkpoint.cursor == read_head(connection, hub.ledger.log).cursor
        assert read_page(connection, hub.ledger, ALL, 10**9, 10).next == 10**9


def test_a_new_epoch_goes_on_from_the_backup(hub: Hub, desk: SmallDesk) -> None:
    hub.push(desk.receive())
    desk.seen = (hub.ledger.epoch, 500, to_wire(MORNING))  # records that the backup did not have
    with hub.store.write() as connection:
        base = read_head(connection, hub.ledger.log).cursor
        with pytest.raises(ValueError):
            start_epoch(connection, hub.ledger, base + 1)
        begun = start_epoch(connection, hub.ledger, base)
        set_durable(connection, base)
        set_durable(connection, base - 1)
        set_durable(connection, base + 1)
    assert begun.epoch != hub.ledger.epoch
    with hub.store.read() as connection:
        head = read_head(connection, hub.ledger.log)
        assert (head.epoch, head.base, head.durable) == (begun.epoch, base, base)
        assert open_ledger(connection).epoch == begun.epoch
    hub.ledger = begun
    with hub.store.write() as connection:
        revoke(connection, begun, "officer", OFFICER, "Nghỉ việc", NOW)
    assert hub.words(desk.note(only(desk))) == [("flagged", "REVOKED_LATER")]


def test_a_batch_is_one_transaction(hub: Hub, desk: SmallDesk) -> None:
    offer = desk.receive()

    def cut_off() -> None:
        with hub.store.write() as connection:
            ingest(connection, hub.ledger, [offer], "sender", NOW)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        cut_off()
    assert hub.one(select(func.count()).select_from(entries)) == 0
    assert hub.words(offer) == [("accepted", "")]


def test_entries_cannot_be_changed_or_removed_on_postgresql(hub: Hub, desk: SmallDesk) -> None:
    if hub.store.path.exists():
        pytest.skip("the encrypted file has no triggers; its desk is the only writer")
    hub.push(desk.receive())
    for sql in (
        "UPDATE entries SET header = '\\x00'",
        "UPDATE entries SET signature = '\\x00'",
        "DELETE FROM entries",
        "TRUNCATE entries CASCADE",
        "DELETE FROM records",
        "UPDATE records SET leaf = '\\x00'",
    ):
        with pytest.raises(StoreError), hub.store.write() as connection:
            connection.execute(text(sql))


@pytest.mark.parametrize("kind", ["device", "grant"])
def test_a_statement_is_in_the_log_once(hub: Hub, kind: Callable[[], str]) -> None:
    plain = {"kind": "revoke", "of": kind, "subject": "x", "at": to_wire(NOW), "reason": ""}
    with hub.store.write() as connection:
        first = add_statement(connection, hub.ledger, plain, NOW)
        assert add_statement(connection, hub.ledger, plain, NOW) == first
    assert [record.ref for record in hub.records()] == [first.id]
