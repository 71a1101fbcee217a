"""An office on its relay: its papers, its numbers, and its own line when the province is away."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from onestop.domain.dossier import State
from onestop.domain.entry import BlobRef
from onestop.office import deeds
from onestop.office.intake import PaperForm
from onestop.store.blobs import has_blob
from onestop.store.moves import want_paper
from onestop.store.papers import keep_blob, open_blob
from onestop.store.truth import truth_of
from onestop.sync import wire
from onestop.sync.joined import join_desk
from tests.hub_process import Caller, Running, administer, caller_of, running, stranger
from tests.office_desk import RECEPTION, Seat, new_folder, open_seat, reach
from tests.relay_office import (
    ENTRIES,
    Desk,
    address,
    are_at,
    desk,
    join_relay,
    joined_seat,
    knows,
    reopened,
    until,
)

pytestmark = pytest.mark.slow

SEEN_WITHIN = 5  # seconds; the bench says 0.17


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "root", "--demo") as hub:
        yield hub


def scan(seat: Seat, dossier: str, mark: int = 1) -> str:
    source = seat.folder / "scan.pdf"
    source.write_bytes(b"%PDF-1.7\n" + random.Random(mark).randbytes(50_000))
    ref = keep_blob(seat.store, source)
    deeds.attach(seat.as_(RECEPTION), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
    return ref.sha256


def state_of(hub: Running, caller: Caller, digest: str) -> dict[str, object]:
    """What a hub says of a paper to this desk."""
    there = caller_of_url(caller, hub.url)
    told: dict[str, object] = there.call("POST", wire.HAVE, json={"hashes": [digest]}).json()[digest]
    return told


def caller_of_url(caller: Caller, url: str) -> Caller:
    return stranger(url, caller.device, caller.key).sign_in()


def durable(desk: Desk) -> bool:
    return bool(desk.rows("SELECT 1 FROM blob_moves WHERE is_durable"))


def test_a_paper_goes_on_to_the_root_and_only_the_root_says_durable(root: Running, tmp_path: Path) -> None:
    join_relay(root, tmp_path / "relay")
    seats = [joined_seat(tmp_path / name, index, root) for index, name in ((1, "a"), (2, "b"))]
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("muoi hai con giap 2026", "utf-8")
    sealed = ("--passphrase-file", str(passphrase))
    with running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay, ExitStack() as desks:
        knows(relay, *seats)
        a, b = (desks.enter_context(desk(seat, relay.url)) for seat in seats)
        are_at("relay", a, b)
        dossier = a.receive().id
        digest = scan(a.seat, dossier)
        a.runner.poke()
        until("the desk beside has the paper", partial(b.opens, digest))
        assert open_blob(b.seat.store, dossier, digest).startswith(b"%PDF-1.7")
        me = caller_of(a.seat.store, root.url)
        until("the root has the paper", lambda: state_of(root, me, digest)["state"] == "have", 120)
        administer(relay.data, "backup", str(tmp_path / "relay-copy"), *sealed, "--profile", "relay")
        assert state_of(relay, me, digest) == {"state": "have", "offset": 0, "durable": False}
        assert not durable(a)
    administer(root.data, "backup", str(tmp_path / "copy"), *sealed)
    with running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay:
        until("the relay heard of the backup", lambda: state_of(relay, me, digest)["durable"])
        with desk(reopened(tmp_path / "a"), relay.url) as a:
            until("the desk heard of the backup", lambda: durable(a))
            assert a.peer() == "relay"


def test_an_old_paper_is_fetched_from_the_root_when_a_desk_asks(root: Running, tmp_path: Path) -> None:
    old = open_seat(new_folder(tmp_path / "old", 1))
    dossier = reach(old, State.COMPLETED)  # before it is joined: what a desk alone did counts as granted
    digest = scan(old, dossier)
    deeds.hand_out(old.as_(RECEPTION), dossier, "Lò Thị Đức", "in_person")
    join_desk(old.office, root.url, root.code())
    with desk(old) as made:
        until("all of it is at the root", lambda: not made.rows("SELECT 1 FROM blob_moves WHERE NOT is_done"))
    join_relay(root, tmp_path / "relay")
    seat = joined_seat(tmp_path / "new", 2, root)
    with running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay, ExitStack() as desks:
        knows(relay, seat)
        new = desks.enter_context(desk(seat, relay.url))
        until("it is known here", lambda: new.has(dossier))
        me = caller_of(seat.store, relay.url)
        assert state_of(relay, me, digest)["state"] == "missing"
        assert not has_blob(seat.store.blobs_folder, digest)
        with seat.store.write() as connection:
            want_paper(connection, dossier, BlobRef(digest, 50_009, "application/pdf", "paper"))
        new.runner.poke()
        until("it is here", partial(new.opens, digest))
        assert open_blob(seat.store, dossier, digest).startswith(b"%PDF-1.7")


def test_an_office_goes_on_alone_and_nothing_is_doubled_after(tmp_path: Path) -> None:
    with running(tmp_path / "root", "--demo") as root:
        join_relay(root, tmp_path / "relay")
        seats = [joined_seat(tmp_path / name, index, root) for index, name in ((1, "a"), (2, "b"))]
        with running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay:
            me = caller_of(seats[0].store, relay.url)
            knows(relay, *seats)
        url, place = root.url, address(root)
    with (
        running(tmp_path / "relay", "--relay", "--upstream", url) as relay,
        desk(seats[0], relay.url) as a,
        desk(seats[1], relay.url) as b,
    ):
        are_at("relay", a, b)
        time.sleep(1.0)  # both lie in a long poll now
        times, made = [], []
        for _ in range(5):
            dossier = a.receive().id
            made.append(dossier)
            times.append(until("seen beside", partial(b.has, dossier)))
        assert sorted(times)[2] < SEEN_WITHIN, times
        digest = scan(a.seat, made[0])
        a.runner.poke()
        until("the paper is beside", partial(b.opens, digest))
        until("it is at the office", lambda: a.rows("SELECT 1 FROM outbox WHERE NOT relayed") == [])
        for here in (a, b):
            truth = truth_of(here.seat.store.rows, made[1])
            assert truth.office_at is not None
            assert truth.province_at is None
        answer = caller_of_url(me, relay.url).call("POST", wire.LEASE, json={"day": "2026-11-23", "count": 9})
        assert answer.status_code == 503
        with running(tmp_path / "root", "--listen", place):
            until("all is at the province", lambda: not (a.unsent() or b.unsent()), 120)
            until("both know the same", lambda: a.rows(ENTRIES) == b.rows(ENTRIES), 60)
            known = a.rows(ENTRIES)
            assert {row[4] for row in known} == {"accepted"}
            assert len({row[2] for row in known}) == len(known) == len({row[0] for row in known})
            assert all(truth_of(a.seat.store.rows, one).province_at for one in made)


def test_numbers_are_lent_by_the_root_through_the_relay(root: Running, tmp_path: Path) -> None:
    join_relay(root, tmp_path / "relay")
    seat = joined_seat(tmp_path / "a", 1, root)
    beside = caller_of(joined_seat(tmp_path / "b", 2, root).store, root.url).sign_in()
    day = {"day": "2026-11-23", "count": 50}
    with running(tmp_path / "relay", "--relay", "--upstream", root.url) as relay:
        me = caller_of(seat.store, relay.url)
        knows(relay, seat)
        through = me.sign_in().call("POST", wire.LEASE, json=day).json()
        direct = beside.call("POST", wire.LEASE, json=day).json()
        numbers = [n for one in (through, direct) for n in range(one["first"], one["last"] + 1)]
        assert len(set(numbers)) == 100
        foreign = beside.call("POST", wire.LEASE, json=day | {"device": me.device})
        assert foreign.status_code == 403
