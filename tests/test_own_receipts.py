"""A desk that reads the log gets its own entries back as receipts: it wrote them, it has them."""

import shutil
from pathlib import Path

import pytest

from onestop.store.ledger import ingest, read_page
from onestop.store.log import POLICY, office_stream, open_ledger
from onestop.store.peers import ROOT, peer_of
from onestop.store.rows import get_local
from onestop.store.sending import next_offers
from onestop.store.streams import Own
from onestop.store.taking import OtherBranch, take_page
from onestop.store.todo import heads_of
from onestop.sync.wire import OWN, own_from, own_text
from tests.office_desk import Seat, open_seat, receive, seated
from tests.town import OFFICE, Town, count, founded, rows_of


def own_of(seat: Seat, less: int = 0) -> Own:
    """What the seat has of its chain, as its client would say, all but the last `less` entries."""
    with seat.store.read() as connection:
        device = get_local(connection, "desk")["device"]
        heads = heads_of(connection, device)
    text = own_text({incarnation: (seq - less, entry) for incarnation, (seq, entry) in heads.items()})
    assert text
    assert OWN.match(text)
    return Own(device, own_from(text))


def pull(town: Town, seat: Seat, own: Own | None) -> list[str]:
    """Takes one page; kinds of the records about entries in it."""
    with seat.store.read() as connection:
        peer = peer_of(connection, ROOT)
    assert peer is not None
    with town.store.read() as connection:
        streams = [office_stream(OFFICE), POLICY]
        page = read_page(connection, open_ledger(connection), streams, peer.cursor, 500, town.now, own)
    with seat.store.write() as connection:
        take_page(connection, peer.log, page)
    return [record.kind for record in page.records if record.kind in ("entry", "receipt")]


def test_own_entries_come_as_receipts_and_count_the_same(tmp_path: Path) -> None:
    with founded(tmp_path / "hub") as town, seated(tmp_path / "a") as a, seated(tmp_path / "b", 2) as b:
        town.join(a)
        town.join(b)
        for _ in range(3):
            receive(a)
        receive(b)
        with a.store.read() as connection:
            offers = next_offers(connection, ROOT, 50, 2**20)
        with town.store.write() as connection:  # the answer to a's push is lost
            ingest(connection, open_ledger(connection), offers, "sender", town.now)
        town.push_all(b)
        assert count(a.store, "outbox") == 3
        assert pull(town, a, own_of(a)) == ["receipt", "receipt", "receipt", "entry"]
        assert count(a.store, "outbox") == 0
        both = "SELECT id, verdict, cursor, received_at FROM entries ORDER BY cursor"
        assert rows_of(a.store, both) == rows_of(town.store, both)
        assert pull(town, b, None) == ["entry"] * 4


def test_what_a_desk_has_lost_comes_whole(tmp_path: Path) -> None:
    """A desk that went back in time names the head it has now."""
    with founded(tmp_path / "hub") as town, seated(tmp_path / "a") as a:
        town.join(a)
        for _ in range(3):
            receive(a)
        town.push_all(a)
        assert pull(town, a, own_of(a, less=1)) == ["receipt", "receipt", "entry"]


def test_a_copied_desk_is_not_told_that_it_has_what_its_twin_wrote(tmp_path: Path) -> None:
    """Both say "I have number one of this chain"; the root gives a mere receipt for its own, and the
    desk that has another one takes nothing of that page: it asks again for all of it."""
    with founded(tmp_path / "hub") as town, seated(tmp_path / "a") as a:
        town.join(a)
        shutil.copytree(tmp_path / "a", tmp_path / "twin")
        twin = open_seat(tmp_path / "twin")
        mine = receive(a)
        town.push_all(a)
        with pytest.raises(OtherBranch):
            pull(town, twin, own_of(a))
        assert rows_of(twin.store, "SELECT id FROM dossiers") == []
        assert pull(town, twin, None) == ["entry"]
        assert rows_of(twin.store, "SELECT id FROM dossiers") == [(mine.id,)]
        twin.store.close()


def test_a_strange_chain_is_not_named() -> None:
    assert own_text({}) == ""
    assert own_text({"x&y": (4, "")}) == ""
    assert own_text({f"{n:016x}": (n, "") for n in range(17)}) == ""
    assert own_from("") == {}
    assert own_from(own_text({"ab" * 8: (7, ""), "cd" * 8: (9, "")})) == {"ab" * 8: 7, "cd" * 8: 9}
