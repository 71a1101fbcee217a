"""A desk knows the server's time, and never hides that its own clock is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from onestop.domain.moment import from_wire, to_wire
from onestop.office.found import hear
from onestop.store.lent import keep_lease, read_leases
from onestop.store.standing import new_incarnation, note_seen, note_time, read_standing
from tests.hub_desk import hub_in, reopened
from tests.office_desk import MORNING, Seat, receive, seated


def told(seat: Seat, server_minutes: float) -> None:
    """The server says its time: so many minutes ahead of this machine's clock."""
    at = to_wire(seat.clock.at + timedelta(minutes=server_minutes))
    with seat.store.write() as connection:
        note_time(connection, at, seat.clock.boot())
    hear(seat.store, seat.office.told)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (4, ""),
        (-4, ""),
        (9, "lệch 9 phút so với máy chủ (chạy chậm)"),
        (-90, "lệch 90 phút so với máy chủ (chạy nhanh)"),
        (600, "lệch 10 giờ"),
        (-60 * 24 * 40, "lệch 40 ngày"),
    ],
)
def test_a_clock_that_is_off_is_told(tmp_path: Path, minutes: int, words: str) -> None:
    with seated(tmp_path) as seat:
        assert seat.office.clock_trouble() == ""
        told(seat, minutes)
        trouble = seat.office.clock_trouble()
        assert words in trouble
        assert bool(trouble) == bool(words)
        near = seat.clock.at + timedelta(minutes=minutes if words else 0)
        assert abs(seat.office.now - near) < timedelta(seconds=10)


def test_deadlines_follow_the_server_and_entries_too(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        told(seat, 60 * 24)
        dossier = receive(seat)
        assert dossier.received_at is not None
        assert abs(dossier.received_at - MORNING - timedelta(days=1)) < timedelta(minutes=1)
        assert "-261121-" in dossier.code


def test_after_a_restart_the_server_has_to_say_it_anew(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        told(seat, 60)
        with seat.store.read() as connection:
            standing = read_standing(connection)
        assert standing is not None
        assert standing.trusted_at(("boot-2", 5)) is None
        boot, ms = seat.clock.boot()
        trusted = standing.trusted_at((boot, ms + 60_000))
        assert trusted is not None
        assert abs(trusted - seat.clock.at - timedelta(minutes=61)) < timedelta(seconds=5)


def test_what_was_seen_moves_forward_within_an_epoch(tmp_path: Path) -> None:
    with seated(tmp_path) as seat, seat.store.write() as connection:
        at = to_wire(MORNING)
        note_seen(connection, "e1", 7, at)
        note_seen(connection, "e1", 5, at)
        standing = read_standing(connection)
        assert standing is not None
        assert standing.seen == ("e1", 7, at)
        name = new_incarnation(connection)
        standing = read_standing(connection)
        assert standing is not None
        assert standing.incarnation == name != seat.office.pen.incarnation
        assert standing.seen == ("e1", 7, at)


def test_the_root_tells_its_time_with_hello(tmp_path: Path) -> None:
    with hub_in(tmp_path / "hub") as hub, seated(tmp_path / "desk") as made:
        seat = hub.join(made)
        hub.hello(seat, seat.clock.boot())
        hear(seat.store, seat.office.told)
        assert "lệch 4 giờ" in seat.office.clock_trouble()
        assert abs(seat.office.now - hub.now) < timedelta(seconds=10)
        with seat.store.read() as connection:
            standing = read_standing(connection)
        assert standing is not None
        assert from_wire(standing.seen[2] or "") == hub.now


def test_lent_numbers_come_after_the_desks_own_and_before_the_emergency_ones(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        with seat.store.write() as connection:
            keep_lease(connection, MORNING.date(), 7051, 7100)
            keep_lease(connection, MORNING.date(), 7051, 7100)
            keep_lease(connection, MORNING.date() + timedelta(days=1), 7001, 7050)
            assert read_leases(connection) == {"261120": ((7051, 7100),), "261121": ((7001, 7050),)}
        assert reopened(seat).office.code_ranges == ((1, 350), (7051, 7100), (8000, 8099), (10000, 10999))
        from onestop.store.rows import keep_serial

        first = receive(seat)
        with seat.store.write() as connection:
            keep_serial(connection, f"code {first.code.rsplit('-', 2)[0]} 261120", 350)
        hear(seat.store, seat.office.told)
        assert receive(seat).code.endswith("-7051")
