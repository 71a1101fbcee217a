"""A store that is not where it was, or not as far as it was, begins a new chain before it writes."""

import shutil
import time
from pathlib import Path

import pytest

from onestop.store.anchor import Mooring, place_of, read_anchor
from onestop.store.check import verify_store
from onestop.store.standing import read_standing
from tests.office_desk import Seat, new_folder, open_seat, receive


def incarnation(seat: Seat) -> str:
    with seat.store.read() as connection:
        standing = read_standing(connection)
    assert standing is not None
    return standing.incarnation


def work(folder: Path, count: int) -> str:
    """Opens, receives `count` dossiers, closes; the chain they were written in."""
    seat = open_seat(folder)
    for _ in range(count):
        receive(seat)
    found = incarnation(seat)
    _moor(seat)
    assert verify_store(seat.store).findings == []
    seat.store.close()
    return found


def _moor(seat: Seat) -> None:
    Mooring(seat.store, seat.office.pen.device, seat.office.pen.incarnation).keep()


def test_the_same_store_goes_on_with_its_chain(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "desk")
    assert len({work(folder, 2) for _ in range(3)}) == 1
    anchor = read_anchor(folder / "onestop.anchor")
    assert anchor is not None
    assert (anchor.seq, anchor.place) == (6, place_of(folder / "onestop.db"))


def test_a_copy_in_another_place_begins_a_chain_of_its_own(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "desk")
    first = work(folder, 2)
    shutil.copytree(folder, tmp_path / "copy")
    assert work(tmp_path / "copy", 1) != first
    assert work(folder, 1) == first


def test_an_older_image_of_the_store_begins_a_new_chain(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "desk")
    first = work(folder, 1)
    shutil.copy2(folder / "onestop.db", tmp_path / "image.db")
    assert work(folder, 2) == first
    for name in ("onestop.db", "onestop.db-wal", "onestop.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy2(tmp_path / "image.db", folder / "onestop.db")
    second = work(folder, 1)
    assert second != first
    assert work(folder, 1) == second


@pytest.mark.parametrize("content", [None, "", "{}", "x", '{"incarnation": "a", "seq": "b", "place": "c"}'])
def test_without_a_readable_anchor_the_chain_goes_on(tmp_path: Path, content: str | None) -> None:
    folder = new_folder(tmp_path / "desk")
    first = work(folder, 1)
    path = folder / "onestop.anchor"
    path.unlink() if content is None else path.write_text(content)
    assert work(folder, 1) == first


def test_the_anchor_follows_acts_but_not_each_of_many(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "desk")
    seat = open_seat(folder)
    for _ in range(5):
        receive(seat)
    anchor = read_anchor(folder / "onestop.anchor")
    assert anchor is not None
    assert anchor.seq < 5
    time.sleep(1.1)
    receive(seat)
    anchor = read_anchor(folder / "onestop.anchor")
    assert anchor is not None
    assert anchor.seq == 6
    seat.store.close()


def test_a_disk_that_takes_no_anchor_stops_nobody(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "desk")
    (folder / "onestop.anchor").mkdir()
    work(folder, 2)
