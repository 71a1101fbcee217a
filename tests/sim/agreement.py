"""I1, I2, I7: every desk has what the root has, and every row is the fold of its journal."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from onestop.domain.fold import fold
from onestop.domain.merkle import Frontier
from onestop.store import tables as t
from onestop.store.journal import list_journals, read_journal
from onestop.store.log import read_head
from onestop.store.peers import ROOT, peer_of
from onestop.store.projection import row_of
from onestop.store.rows import get_local
from onestop.store.store import Store
from tests.sim.looks import differing, ids_at, shelved_at

if TYPE_CHECKING:
    from tests.sim.machine import Desk
    from tests.sim.world import World


_BESIDE = ("n",)
"""Columns of a dossier's row that each store gives itself."""


def saved_is_at_the_root(world: "World") -> None:
    """I1, I4: whatever a trusted desk still has is at the root too, numbered or on its shelf; and
    nothing that the root ever numbered and did not lose with its disk is gone."""
    at_root = ids_at(world.root.hub.store)
    shelved = shelved_at(world.root.hub.store)
    for desk in world.desks.values():
        if world.is_trusted(desk):
            missing = ids_at(desk.store) - at_root - shelved
            assert not missing, f"I1 {desk.name}: {sorted(missing)[:3]} never came to the root"


def same_as_root(world: "World", desk: "Desk") -> None:
    """I2: the same entries with the same words in scope, and rows equal wherever nothing waits."""
    with world.root.hub.store.read() as connection:
        stream = f"office:{desk.agency}"
        scope = set(connection.scalars(select(t.scopes.c.dossier).where(t.scopes.c.stream == stream)))
        theirs = _words(connection, scope)
        rows = _rows(connection, scope)
        tray = _tray(connection, scope)
        head = read_head(connection, world.root.hub.ledger.log)
    with desk.store.read() as connection:
        ours = _words(connection, scope)
        waiting = _waiting(connection)
        own_rows = _rows(connection, scope)
        own_tray = _tray(connection, scope)
        peer = peer_of(connection, ROOT)
    missing = theirs.keys() - ours.keys() - shelved_at(desk.store)
    assert not missing, f"I2 {desk.name} lacks {len(missing)} entries in scope: {sorted(missing)[:3]}"
    numbered = {key: word for key, word in ours.items() if key not in waiting}
    assert numbered == theirs, f"I2 {desk.name} words differ: {differing(numbered, theirs)}"
    unsaid = set(waiting.values()) | world.damaged.keys()
    for dossier in sorted(scope - unsaid):
        assert own_rows.get(dossier) == rows.get(dossier), (
            f"I2 {desk.name} {dossier}: {differing(own_rows.get(dossier, {}), rows.get(dossier, {}))}"
        )
        assert own_tray.get(dossier) == tray.get(dossier), (
            f"I5 {desk.name} {dossier}: tray {own_tray.get(dossier)} is not the root's {tray.get(dossier)}"
        )
    assert peer is not None
    if desk.node is not None and desk.node.talk is not None and desk.node.talk.kind == ROOT:
        assert peer.cursor == head.cursor, f"I11 {desk.name} stopped at {peer.cursor} of {head.cursor}"


def _words(connection: Connection, scope: set[str]) -> dict[str, tuple[Any, ...]]:
    columns = (t.entries.c.id, t.entries.c.dossier, t.entries.c.verdict, t.entries.c.code, t.entries.c.cursor)
    return {
        row.id.hex(): (row.verdict, row.code or "", row.cursor)
        for row in connection.execute(select(*columns))
        if row.dossier in scope
    }


def _waiting(connection: Connection) -> dict[str, str]:
    """Entries the root has not numbered, and their dossiers."""
    asked = select(t.entries.c.id, t.entries.c.dossier).where(t.entries.c.cursor.is_(None))
    return {row.id.hex(): row.dossier for row in connection.execute(asked)}


def _rows(connection: Connection, scope: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {
        row.id: {k: v for k, v in row._mapping.items() if k not in _BESIDE}
        for row in connection.execute(select(t.dossiers))
        if row.id in scope
    }


def _tray(connection: Connection, scope: Iterable[str]) -> dict[str, set[tuple[str, str, str]]]:
    found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for row in connection.execute(select(t.tray)):
        if row.dossier in scope:
            found[row.dossier].add((row.entry, row.verdict, row.code))
    return dict(found)


def witnessed(world: "World", desk: "Desk") -> None:
    """I3: every checkpoint that a desk keeps is a root of this very log."""
    with desk.store.read() as connection:
        peer = peer_of(connection, ROOT)
        lies = get_local(connection, "log_lies")
    assert lies is None, f"I3 {desk.name} holds the hub for a liar: {lies}"
    if peer is None or peer.checkpoint is None:
        return
    known = peer.checkpoint.checkpoint
    with world.root.hub.store.read() as connection:
        leaves = connection.scalars(
            select(t.records.c.leaf).where(t.records.c.cursor <= known.cursor).order_by(t.records.c.cursor)
        ).all()
        head = read_head(connection, world.root.hub.ledger.log)
    if known.epoch == head.epoch:
        frontier = Frontier()
        for leaf in leaves:
            frontier.append(bytes(leaf))
        assert known.cursor <= head.cursor, f"I3 {desk.name}: a shorter log"
        assert frontier.root().hex() == known.root, f"I3 {desk.name}: another root"


def projections_are_folds(world: "World", name: str, store: Store) -> None:
    """I2, I7: every row is the fold of its journal; a dossier has one holder or is on its way."""
    with store.read() as connection:
        rows = {row.id: row._mapping for row in connection.execute(select(t.dossiers))}
        for ident in list_journals(connection):
            row = rows.pop(ident, None)
            if ident in world.damaged:
                continue
            dossier = fold(read_journal(connection, ident))
            assert (dossier is None) == (row is None), f"I2 {name} {ident}: row and journal differ"
            if dossier is None or row is None:
                continue
            made = row_of(dossier)
            assert all(row[k] == v for k, v in made.items()), (
                f"I2 {name} {ident}: {differing(made, {k: row[k] for k in made})}"
            )
            is_told = name == "root" and not dossier.conflicts and not dossier.voided
            if is_told:
                assert (dossier.holder is None) == bool(dossier.in_transit_to), f"I7 {name} {ident}"
    assert not rows, f"I2 {name}: rows without a journal {sorted(rows)[:3]}"
