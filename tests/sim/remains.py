"""I9, I10, I12, I13: scans arrive whole, what is safe is safe, what is erased is nowhere."""

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select

from onestop.domain.entry import parse_header
from onestop.domain.settle import settle
from onestop.store import tables as t
from onestop.store.journal import list_journals, read_journal
from onestop.store.parts import blob_length, find_key, read_range
from onestop.store.peers import ROOT, peer_of

if TYPE_CHECKING:
    from tests.sim.world import World


def scans_arrived(world: "World") -> None:
    """I9: every scan that a trusted desk saved is at the root, if the entry is."""
    with world.root.hub.store.read() as connection:
        whole = set(connection.scalars(select(t.blobs.c.sha256).where(t.blobs.c.is_whole)))
        named = set(connection.scalars(select(t.blob_refs.c.sha256)))
    for desk in world.desks.values():
        if not world.is_trusted(desk):
            continue
        with desk.store.read() as connection:
            asked = select(t.entries.c.id, t.entries.c.header).where(t.entries.c.cursor.is_not(None))
            rows = [row for row in connection.execute(asked) if row.id.hex() in desk.saved]
        own = {ref.sha256 for row in rows for ref in parse_header(row.header).blobs}
        missing = own & named - whole
        assert not missing, f"I9 {desk.name}: {sorted(missing)[0][:12]} never came to the root"


def durable_is_backed_up(world: "World") -> None:
    """I12: nobody is told that more is safe than what a restore has shown."""
    for name, store in world.stores():
        with store.read() as connection:
            peer = peer_of(connection, ROOT)
            told = peer.durable if peer else 0
            gone = connection.scalars(select(t.blob_moves.c.sha256).where(t.blob_moves.c.is_durable)).all()
        assert told <= world.backed_up, f"I12 {name} was told {told}, the backup has {world.backed_up}"
        assert set(gone) <= world.blobs_backed_up, f"I12 {name}: a scan counts as safe that no backup has"


def erased_is_gone(world: "World") -> None:
    """I13: what was erased by law is nowhere: no body, no salt, in no journal and on no shelf."""
    erased: set[str] = set()
    with world.root.hub.store.read() as connection:
        for ident in list_journals(connection):
            erased |= settle(read_journal(connection, ident)).erased
    for name, store in world.stores():
        if not world.is_heard(name):
            continue
        with store.read() as connection:
            bare = t.entries.c.body.is_(None) & t.entries.c.salt.is_(None)
            left = {i.hex() for (i,) in connection.execute(select(t.entries.c.id).where(~bare))} & erased
            shelved = connection.execute(select(t.shelf.c.entry, t.shelf.c.raw)).all()
        on_shelf = {row.entry for row in shelved if b'"salt":"' in bytes(row.raw)} & erased
        assert not left, f"I13 {name} keeps the body of {sorted(left)[:2]}"
        assert not on_shelf, f"I13 {name} keeps on its shelf {sorted(on_shelf)[:2]}"


def blobs_are_sound(world: "World") -> None:
    """I10: every scan that a store can open has the bytes of its name."""
    for name, store in world.stores():
        with store.read() as connection:
            keyed = sorted(set(connection.scalars(select(t.blob_keys.c.sha256))))
            keys = {digest: find_key(connection, digest) for digest in keyed}
            whole = set(connection.scalars(select(t.blobs.c.sha256).where(t.blobs.c.is_whole)))
        for digest, key in keys.items():
            path = store.blobs_folder / digest[:2] / digest
            if key is None or not path.exists():
                assert digest not in whole, f"I10 {name} says it has {digest[:12]}"
                continue
            last = blob_length(store.blobs_folder, digest) - 1
            plain = b"".join(read_range(store.blobs_folder, digest, key, 0, last))
            assert sha256(plain).hexdigest() == digest, f"I10 {name}: {digest[:12]} has other bytes"
