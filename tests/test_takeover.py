"""The office's relay is lost: another desk's PC takes its place, and nothing that any living machine
knows is lost. Every relay and the root are the real program."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from onestop.sync.joined import call_relay_first, read_hubs
from onestop.sync.line import Address
from tests.hub_process import Caller, Running, caller_of, running, stranger
from tests.relay_office import ENTRIES, Desk, address, are_at, desk, join_relay, joined_seat, knows, until
from tests.test_hub_relay_office import scan, state_of

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "root", "--demo") as hub:
        yield hub


def relay_at(url: str) -> tuple[str, ...]:
    return ("--relay", "--upstream", url)


def known_at(root_url: str, me: Caller) -> set[str]:
    """Ids of the entries that the root's log has."""
    above = stranger(root_url, me.device, me.key).sign_in()
    return {one.ref for one in above.pull_all() if one.kind == "entry"}


def calls(here: Desk, *hubs: Running) -> bool:
    """Whether a desk calls exactly these, in this order."""
    return read_hubs(here.seat.store) == [Address(hub.url) for hub in hubs]


def ids(desk: Desk) -> set[str]:
    return {row[0].hex() for row in desk.rows(ENTRIES)}


def test_without_the_province_another_pc_takes_over_by_hand(tmp_path: Path) -> None:
    """What a dead desk wrote was on the dead relay and on the desks beside it: they bring it."""
    names = ((1, "dead"), (2, "b"), (3, "c"))
    with running(tmp_path / "root", "--demo") as root, ExitStack() as once:
        join_relay(root, tmp_path / "first")
        join_relay(root, tmp_path / "second")  # a PC held ready, while there is a line
        seats = [joined_seat(tmp_path / name, index, root) for index, name in names]
        for name in ("first", "second"):
            relay = once.enter_context(running(tmp_path / name, *relay_at(root.url)))
            knows(relay, *seats)
        url, place = root.url, address(root)
    with ExitStack() as desks:
        with running(tmp_path / "first", *relay_at(url), is_killed=True) as first:
            with desk(seats[0], first.url) as dead:
                b, c = (desks.enter_context(desk(seat, first.url)) for seat in seats[1:])
                are_at("relay", dead, b, c)
                dossier = dead.receive().id
                digest = scan(dead.seat, dossier)
                dead.runner.poke()
                for here in (b, c):
                    until("seen beside", partial(here.opens, digest))
                lost = ids(dead)
            first.process.kill()
        shutil.rmtree(tmp_path / "dead")
        shutil.rmtree(tmp_path / "first")
        late = b.receive().id
        with running(tmp_path / "second", *relay_at(url)) as second:
            for here in (b, c):
                call_relay_first(here.seat.store, second.url)
                here.runner.sync_now()
            until("seen by the new relay", lambda: c.has(late))
            assert lost <= ids(b)
            with running(tmp_path / "root", "--listen", place) as back:
                me = caller_of(b.seat.store, second.url)
                until("all is at the root", lambda: ids(b) | lost <= known_at(back.url, me), 120)
                until("the paper too", lambda: state_of(back, me, digest)["state"] == "have", 120)
                until("nothing waits", lambda: not (b.unsent() or c.unsent()), 60)
                assert b.rows(ENTRIES) == c.rows(ENTRIES)


def test_desks_find_the_new_relay_by_themselves(root: Running, tmp_path: Path) -> None:
    join_relay(root, tmp_path / "first")
    seats = [joined_seat(tmp_path / name, index, root) for index, name in ((1, "b"), (2, "c"))]
    with ExitStack() as desks:
        with running(tmp_path / "first", *relay_at(root.url), is_killed=True) as first:
            knows(first, *seats)
            b, c = (desks.enter_context(desk(seat)) for seat in seats)
            for here in (b, c):  # nobody typed an address
                until("the root told of the relay", partial(calls, here, first, root))
                here.runner.sync_now()
            are_at("relay", b, c)
            first.process.kill()
        shutil.rmtree(tmp_path / "first")
        join_relay(root, tmp_path / "second")
        with running(tmp_path / "second", *relay_at(root.url)) as second:
            knows(second, *seats)
            for here in (b, c):
                here.runner.sync_now()
                until("the root told of the new relay", partial(calls, here, second, root))
                here.runner.sync_now()
            are_at("relay", b, c)
            dossier = b.receive().id
            until("seen beside", lambda: c.has(dossier))
            me = caller_of(b.seat.store, root.url)
            until("all is at the root", lambda: ids(b) <= known_at(root.url, me))


def test_what_the_dead_relay_had_goes_up_also_without_a_new_one(tmp_path: Path) -> None:
    names = ((1, "dead"), (2, "b"))
    with running(tmp_path / "root", "--demo") as root:
        join_relay(root, tmp_path / "first")
        seats = [joined_seat(tmp_path / name, index, root) for index, name in names]
        with running(tmp_path / "first", *relay_at(root.url)) as relay:
            knows(relay, *seats)
        url, place = root.url, address(root)
    with ExitStack() as desks:
        with running(tmp_path / "first", *relay_at(url), is_killed=True) as first:
            with desk(seats[0], first.url) as dead:
                b = desks.enter_context(desk(seats[1], first.url))
                are_at("relay", dead, b)
                dossier = dead.receive().id
                until("seen beside", lambda: b.has(dossier))
                lost = ids(dead)
            first.process.kill()
        with running(tmp_path / "root", "--listen", place) as back:
            b.runner.sync_now()
            me = caller_of(b.seat.store, back.url)
            until("all is at the root", lambda: lost <= known_at(back.url, me), 60)


def test_only_a_relay_says_where_the_relay_is(root: Running, tmp_path: Path) -> None:
    me = caller_of(joined_seat(tmp_path / "a", 1, root).store, root.url).sign_in()
    answer = me.call("POST", "/sync/v1/relay", json={"url": "https://10.0.0.9:7460"})
    assert answer.status_code == 403
