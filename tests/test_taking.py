"""Desks and a hub hand each other what would travel: all of them come to the same truth."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.checkpoint import sign_checkpoint
from onestop.domain.dossier import Dossier, State
from onestop.domain.offer import Page, Record
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.store.check import verify_store
from onestop.store.hub_store import open_hub_store
from onestop.store.journal import read_dossier
from onestop.store.log import read_head
from onestop.store.rows import get_local, list_reference
from onestop.store.sending import is_halted, next_offers
from onestop.store.standing import read_standing
from onestop.store.store import Store
from onestop.store.taking import StalePage, take_hello, take_page
from onestop.store.tray import list_shelf, list_tray
from tests.hub_desk import AGENCY, MANY, MEGABYTE, Hub, hub_in, reopened, root_of
from tests.office_desk import (
    HEAD,
    RECEPTION,
    SECOND_RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    open_seat,
    reach,
    receive,
    seated,
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "one", 1) as seat:
        yield seat


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "two", 2) as seat:
        yield seat


def dossier_at(seat: Seat, ident: str) -> Dossier | None:
    with seat.store.read() as connection:
        return read_dossier(connection, ident)


def clean(*seats: Seat) -> None:
    for seat in seats:
        assert verify_store(seat.store).findings == []


def rows(store: Store, sql: str, **values: Any) -> list[Any]:
    return [tuple(row) for row in store.rows(sql, values)]


def state_rows(seat: Seat) -> list[Any]:
    names = "id, code, state, owner_name, holder_unit, holder_officer, queue, queue_at, head, entry_count"
    return rows(seat.store, f"SELECT {names} FROM dossiers ORDER BY id")


def entry_words(seat: Seat) -> list[Any]:
    return rows(seat.store, "SELECT hex(id), verdict, code, cursor FROM entries ORDER BY id")


def together(hub: Hub, *seats: Seat) -> None:
    """Twice: what one brings up late, the others have after the second round."""
    for _ in range(2):
        for seat in seats:
            hub.meet(seat)


def granted(hub: Hub) -> None:
    units = {RECEPTION: "pvhcc", SECOND_RECEPTION: "pvhcc", SPECIALIST: UNIT, HEAD: UNIT}
    for officer, unit in units.items():
        hub.grant(officer, unit=unit)


def test_what_a_desk_did_alone_is_accepted_and_seen_by_the_other(hub: Hub, one: Seat, two: Seat) -> None:
    for state in (State.PROCESSING, State.HANDED_OUT, State.PAUSED):
        reach(one, state)
    seat, other = hub.join(one), hub.join(two)
    together(hub, seat, other)
    assert state_rows(seat) == state_rows(other) != []
    assert entry_words(seat) == entry_words(other)
    assert {word[1] for word in entry_words(seat)} == {"accepted"}
    assert rows(seat.store, "SELECT count(*) FROM outbox") == [(0,)]
    clean(seat, other)


def test_acts_after_joining_carry_the_grant_and_what_was_seen(hub: Hub, one: Seat) -> None:
    seat = hub.join(one)
    grant = hub.grant(RECEPTION)
    hub.meet(seat)
    dossier = receive(seat)
    with seat.store.read() as connection:
        standing = read_standing(connection)
        offer = next_offers(connection, "root", MANY, MEGABYTE)[-1]
    assert standing is not None
    assert standing.seen[:2] == (hub.ledger.epoch, root_of(seat).cursor)
    assert f'"gr":"{grant}"'.encode() in offer.header
    assert f'"seen":["{hub.ledger.epoch}",{standing.seen[1]},'.encode() in offer.header
    assert [receipt.verdict for receipt in hub.push(seat)] == ["accepted"]
    assert dossier_at(seat, dossier.id) == dossier
    clean(seat)


def test_what_is_done_while_the_log_is_read_for_the_first_time_was_done_alone(
    hub: Hub, one: Seat, two: Seat
) -> None:
    """The grants of this desk's officers stand behind what it has read so far."""
    reach(one, State.HANDED_OUT)
    hub.meet(hub.join(one))
    granted(hub)
    seat = hub.join(two)
    assert not hub.hello(seat).lies
    hub.pull(seat, 2)
    dossier = receive(seat)
    hub.pull_all(seat)
    later = receive(seat)
    assert [receipt.verdict for receipt in hub.push_all(seat)] == ["accepted"] * 2
    assert dossier_at(seat, dossier.id) == dossier
    assert dossier_at(seat, later.id) == later
    clean(seat)


def test_a_page_is_taken_whole_or_not_at_all(hub: Hub, one: Seat, two: Seat) -> None:
    reach(one, State.HANDED_OUT)
    seat, other = hub.join(one), hub.join(two)
    hub.meet(seat)
    hub.hello(other)
    page = hub.page(other)
    before = root_of(other).cursor
    with pytest.raises(KeyError):
        _cut_off(other, hub.ledger.log, page)
    assert root_of(other).cursor == before
    assert rows(other.store, "SELECT count(*) FROM entries") == [(0,)]
    hub.pull_all(other)
    assert state_rows(seat) == state_rows(other)


def _cut_off(seat: Seat, log: str, page: Page) -> None:
    with seat.store.write() as connection:
        take_page(connection, log, page)
        raise KeyError("the plug is pulled")


def test_a_page_that_comes_again_changes_nothing(hub: Hub, one: Seat, two: Seat) -> None:
    reach(one, State.PROPOSED)
    seat, other = hub.join(one), hub.join(two)
    hub.meet(seat)
    hub.hello(other)
    page = hub.page(other)
    for _ in range(2):
        with other.store.write() as connection:
            taken = take_page(connection, hub.ledger.log, page)
    assert (taken.entries, taken.statements, taken.dossiers) == ((), taken.statements, frozenset())
    assert state_rows(seat) == state_rows(other)
    clean(other)


def test_small_pages_come_to_the_same(hub: Hub, one: Seat, two: Seat) -> None:
    for state in (State.PROCESSING, State.COMPLETED):
        reach(one, state)
    seat, other = hub.join(one), hub.join(two)
    hub.meet(seat)
    hub.hello(other)
    while hub.page(other, 1).records:
        hub.pull(other, 1)
    assert state_rows(seat) == state_rows(other)
    clean(other)


def test_two_desks_on_one_dossier_agree_and_the_second_is_in_the_tray(hub: Hub, one: Seat, two: Seat) -> None:
    seat, other = hub.join(one), hub.join(two)
    granted(hub)
    together(hub, seat, other)
    ident = receive(seat).id
    deeds.forward(seat.as_(RECEPTION), ident, Target(UNIT, ""))
    together(hub, seat, other)
    deeds.take_over(seat.as_(SPECIALIST), ident)
    deeds.take_over(other.as_(HEAD), ident)
    together(hub, seat, other)
    assert state_rows(seat) == state_rows(other)
    folded = dossier_at(other, ident)
    assert folded is not None
    assert len(folded.conflicts) == 1
    for each in (seat, other):
        with each.store.read() as connection:
            (item,) = list_tray(connection)
        assert (item.dossier, item.verdict, item.code) == (ident, "flagged", "ILLEGAL")
        assert item.dossier_code == folded.code
    clean(seat, other)


def test_an_entry_that_cannot_be_believed_lies_on_the_shelf_and_stops_nothing(
    hub: Hub, one: Seat, two: Seat
) -> None:
    reach(one, State.PROCESSING)
    ident = receive(one).id
    seat, other = hub.join(one), hub.join(two)
    hub.meet(seat)
    hub.hello(other)
    page = hub.page(other)
    spoilt = [_spoilt(record, ident) for record in page.records]
    strange = Record(page.next, "dance", "x", page.head.checkpoint.at, {"a": 1})
    with other.store.write() as connection:
        take_page(connection, hub.ledger.log, replace(page, records=(*spoilt, strange)))
        shelf = list_shelf(connection)
    assert sorted(item.code for item in shelf) == ["FORMAT", "SIGNATURE"]
    assert [item.dossier for item in shelf if item.code == "SIGNATURE"] == [ident]
    assert root_of(other).cursor == page.next
    assert len(state_rows(other)) == 1
    report = verify_store(other.store)
    assert report.findings == []
    assert len(report.notes) == 2


def _spoilt(record: Record, dossier: str) -> Record:
    if record.offer is None or dossier.encode() not in record.offer.header:
        return record
    return replace(record, offer=replace(record.offer, signature=bytes(64)))


def test_a_page_of_another_log_or_epoch_is_not_taken(hub: Hub, one: Seat, tmp_path: Path) -> None:
    seat = hub.join(one)
    page = hub.page(seat)
    other_epoch = replace(page.head, checkpoint=replace(page.head.checkpoint, epoch="other"))
    unsigned = replace(page.head, signature=bytes(64))
    for head in (other_epoch, unsigned):
        with pytest.raises(StalePage), seat.store.write() as connection:
            take_page(connection, hub.ledger.log, replace(page, head=head))
    with pytest.raises(StalePage), seat.store.write() as connection:
        take_page(connection, "no such log", page)


# ---- statements, rows, scopes


def test_grants_come_and_go(hub: Hub, one: Seat) -> None:
    seat = hub.join(one)
    grant = hub.grant(RECEPTION)
    hub.grant(SPECIALIST, office="H99.1")
    hub.pull_all(seat)
    assert rows(seat.store, "SELECT officer, grant FROM officer_grants") == [(RECEPTION, grant)]
    clean(seat)
    hub.now += timedelta(days=1)
    newer = hub.grant(RECEPTION)
    hub.pull_all(seat)
    hub.revoke("grant", grant)
    hub.pull_all(seat)
    assert rows(seat.store, "SELECT grant FROM officer_grants") == [(newer,)]
    hub.revoke("officer", RECEPTION)
    hub.pull_all(seat)
    assert rows(seat.store, "SELECT grant FROM officer_grants") == []
    clean(seat)


def test_a_desk_is_told_that_it_is_not_trusted_any_more(hub: Hub, one: Seat) -> None:
    seat = hub.join(one)
    hub.revoke("device", seat.office.pen.device)
    hub.pull_all(seat)
    with seat.store.read() as connection:
        assert get_local(connection, "revoked")["reason"] == "Thử"


def test_rows_replace_what_the_desk_was_founded_with(hub: Hub, one: Seat) -> None:
    seat = hub.join(one)
    hub.put_row("unit", "000 a", {"id": "a", "name": "Đơn vị A"})
    hub.put_row("unit", "001 b", {"id": "b", "name": "Đơn vị B"})
    hub.put_row("notice", "n", {"text": "x"}, office="")
    hub.pull_all(seat)
    with seat.store.read() as connection:
        assert [unit["id"] for unit in list_reference(connection, "unit")] == ["a", "b"]
        assert len(list_reference(connection, "officer")) > 5
        assert list_reference(connection, "notice") == [{"text": "x"}]
    hub.put_row("unit", "000 a", None)
    hub.pull_all(seat)
    with seat.store.read() as connection:
        assert [unit["id"] for unit in list_reference(connection, "unit")] == ["b"]
    assert reopened(seat).office.catalogue.unit_name("b") == "Đơn vị B"
    clean(seat)


# ---- hello


def test_a_log_that_was_rewritten_raises_an_alarm_that_stays(hub: Hub, one: Seat) -> None:
    seat = hub.join(one)
    receive(seat)
    hub.meet(seat)
    hub.hello(seat)
    receive(seat)
    reply = hub.reply_to(seat)
    forged = replace(reply.head.checkpoint, root="00" * 32)
    lie = replace(reply, head=sign_checkpoint(hub.ledger.key, forged))
    with seat.store.write() as connection:
        assert "không còn chứa" in take_hello(connection, lie).lies
        assert is_halted(connection, "root")
        assert next_offers(connection, "root", MANY, MEGABYTE) == []
        assert not is_halted(connection, "relay")
        assert get_local(connection, "log_lies")["theirs"][2] == "00" * 32


@pytest.mark.parametrize("what", ["signature", "log"])
def test_a_hub_that_is_not_ours_is_refused(hub: Hub, one: Seat, tmp_path: Path, what: str) -> None:
    seat = hub.join(one)
    reply = hub.reply_to(seat)
    if what == "signature":
        reply = replace(reply, head=replace(reply.head, signature=bytes(64)))
        with seat.store.write() as connection:
            assert take_hello(connection, reply).lies
        return
    with hub_in(tmp_path / "other") as stranger:
        assert "ghi danh" in stranger.hello(seat).lies


def test_a_restored_hub_gets_back_what_it_lost(hub: Hub, one: Seat, two: Seat, tmp_path: Path) -> None:
    seat, other = hub.join(one), hub.join(two)
    granted(hub)
    together(hub, seat, other)
    kept = receive(seat).id
    together(hub, seat, other)
    copy = _backup(hub, tmp_path)
    deeds.forward(seat.as_(RECEPTION), kept, Target(UNIT, SPECIALIST))
    lost = receive(other).id
    hub.grant("u-moi")
    together(hub, seat, other)
    before = entry_words(seat)
    with _restored(hub, copy) as again:
        outcome = again.hello(seat)
        assert outcome.is_rewound
        assert kept in outcome.dossiers
        assert lost in outcome.dossiers
        assert root_of(seat).epoch == again.ledger.epoch
        together(again, seat, other)
        assert [word[:3] for word in entry_words(seat)] == [word[:3] for word in before]
        assert state_rows(seat) == state_rows(other)
        assert rows(again.store, "SELECT count(*) FROM entries")[0][0] == len(before)
        assert rows(again.store, "SELECT count(*) FROM statements WHERE subject = 'u-moi'") == [(1,)]
        clean(seat, other)


def _backup(hub: Hub, folder: Path) -> Path:
    """The files of a hub at rest."""
    copy = folder / "backup"
    shutil.copytree(hub.folder, copy)
    return copy


@contextmanager
def _restored(hub: Hub, copy: Path) -> Iterator[Hub]:
    hub.store.close()
    shutil.rmtree(hub.folder)
    shutil.copytree(copy, hub.folder)
    made = Hub(open_hub_store(None, hub.folder / "hub.db", hub.key), hub.folder, hub.key, hub.now)
    try:
        with made.store.read() as connection:
            base = read_head(connection, made.ledger.log).cursor
        made.restart_at(base)
        yield made
    finally:
        made.store.close()


def test_a_desk_put_back_begins_a_new_chain_and_gets_its_own_back(
    hub: Hub, one: Seat, tmp_path: Path
) -> None:
    seat = hub.join(one)
    granted(hub)
    hub.meet(seat)
    first = receive(seat)
    seat.store.close()
    shutil.copytree(seat.folder, tmp_path / "image")
    seat = open_seat(seat.folder, seat.clock.at)
    second = receive(seat)
    hub.meet(seat)
    seat.store.close()
    shutil.rmtree(seat.folder)
    shutil.copytree(tmp_path / "image", seat.folder)
    seat = open_seat(seat.folder, seat.clock.at)
    outcome = hub.hello(seat)
    assert outcome.is_rolled_back
    with seat.store.read() as connection:
        standing = read_standing(connection)
    assert standing is not None
    assert standing.incarnation != seat.office.pen.incarnation
    hub.meet(seat)
    third = receive(seat)
    hub.meet(seat)
    assert len({first.code, second.code, third.code}) == 3
    assert third.register_no == 3
    assert {word[1] for word in entry_words(seat)} == {"accepted"}
    clean(seat)
    seat.store.close()


# ---- joining


def test_another_agencys_code_is_refused_and_changes_nothing(hub: Hub, one: Seat) -> None:
    with pytest.raises(InputError, match=r"H99\.1"):
        hub.join(one, "H99.1")
    assert rows(one.store, "SELECT count(*) FROM peers") == [(0,)]
    clean(one)
    seat = hub.join(one)
    assert seat.office.pen == one.office.pen
    with pytest.raises(InputError, match="đã ghi danh"):
        hub.join(seat)
    assert seat.office.catalogue.agency.code == AGENCY
