"""What must hold: some of it at every step, all of it once everything is healed and quiet."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from onestop.domain.acts import RULES, Act
from onestop.domain.entry import parse_header, signed_message
from onestop.domain.fold import Verdict, fold
from onestop.domain.judge import CLOCK_SLACK, Code
from onestop.domain.merkle import Frontier
from onestop.domain.moment import from_wire
from onestop.domain.settle import Standing, settle
from onestop.domain.signing import is_signed
from onestop.domain.statement import parse_statement
from onestop.store import tables as t
from onestop.store.check import verify_store
from onestop.store.erasing import erase_settled
from onestop.store.journal import list_journals, read_journal
from onestop.store.log import read_head
from onestop.store.parts import blob_length, find_key, read_range
from onestop.store.peers import ROOT, peer_of
from onestop.store.projection import row_of
from onestop.store.rows import get_local
from onestop.store.store import Store

if TYPE_CHECKING:
    from tests.sim.hub import HubHere
    from tests.sim.machine import Desk
    from tests.sim.world import World

_BESIDE = ("n",)
"""Columns of a dossier's row that each store gives itself."""


# --- at every step, for one machine


def ids_at(store: Store) -> set[str]:
    with store.read() as connection:
        return {ident.hex() for (ident,) in connection.execute(select(t.entries.c.id))}


def shelved_at(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.scalars(select(t.shelf.c.entry)))


def saved_is_there(desk: "Desk") -> None:
    """I1, I4: what the office reported as saved is on its disk, in the journal or on the shelf."""
    lost = desk.saved.keys() - ids_at(desk.store) - shelved_at(desk.store)
    assert not lost, f"I1 {desk.name} lost {len(lost)} saved entries: {sorted(lost)[:3]}"


def log_is_sound(here: "HubHere") -> None:
    """I3: one number for each record, none missing; every leaf under the signed root."""
    with here.hub.store.read() as connection:
        head = read_head(connection, here.hub.ledger.log)
        rows = connection.execute(select(t.records).order_by(t.records.c.cursor)).all()
        numbered = _numbers(connection, here)
    cursors = [row.cursor for row in rows]
    assert cursors == list(range(1, head.cursor + 1)), (
        f"I3 {here.name}: numbers {cursors[-5:]} of {head.cursor}"
    )
    frontier = Frontier()
    for row in rows:
        frontier.append(bytes(row.leaf))
    assert frontier.root() == head.root, f"I3 {here.name}: the root is not that of the records"
    stood = {row.ref: row.cursor for row in rows if row.kind == "entry"}
    twice = [ref for ref, count in Counter(r.ref for r in rows if r.kind == "entry").items() if count > 1]
    assert not twice, f"I3 {here.name}: {twice[0][:12]} has two numbers"
    if here.hub.ledger.is_relay:  # what lost its number to another branch is on the shelf
        stood = {
            ref: cursor
            for ref, cursor in stood.items()
            if ref in numbered or ref not in shelved_at(here.hub.store)
        }
    assert stood == numbered, f"I3 {here.name}: entries and records differ: {_differing(stood, numbered)}"
    leaves = {row.ref: bytes(row.leaf).hex() for row in rows if row.kind in ("entry", "statement")}
    assert all(ref == leaf for ref, leaf in leaves.items()), f"I3 {here.name}: a leaf of something else"


def _numbers(connection: Connection, here: "HubHere") -> dict[str, int]:
    number = t.entries.c.place if here.hub.ledger.is_relay else t.entries.c.cursor
    asked = select(t.entries.c.id, number).where(number.is_not(None))
    return {ident.hex(): cursor for ident, cursor in connection.execute(asked)}


def _differing(one: dict[str, Any], other: dict[str, Any]) -> str:
    keys = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
    return ", ".join(f"{key[:12]}: {one.get(key)} / {other.get(key)}" for key in sorted(keys)[:3])


def chains_are_whole(world: "World") -> None:
    """I3: no device has two entries under one number in the root's log."""
    with world.root.hub.store.read() as connection:
        rows = connection.execute(select(t.entries.c.device, t.entries.c.incarnation, t.entries.c.seq)).all()
    twice = [row for row, count in Counter(rows).items() if count > 1]
    assert not twice, f"I3 a number was given twice: {twice[0]}"


# --- once all is quiet


def everything(world: "World", is_deep: bool) -> None:
    """All that must hold when everything is healed and nothing moves."""
    for desk in world.desks.values():
        saved_is_there(desk)
    hubs = [world.root] + ([world.relay.here] if world.relay else [])
    for here in hubs:
        log_is_sound(here)
    chains_are_whole(world)
    saved_is_at_the_root(world)
    codes_are_one(world)
    verdicts_hold(world)
    order_is_causal(world)
    forks_are_frozen(world)
    held_wait_for_something(world)
    scans_arrived(world)
    trays_show_all(world)
    for desk in world.desks.values():
        if world.is_trusted(desk):
            same_as_root(world, desk)
            witnessed(world, desk)
    durable_is_backed_up(world)
    erased_is_gone(world)
    blobs_are_sound(world)
    for name, store in world.stores():
        projections_are_folds(world, name, store)
        if is_deep:
            found = [f for f in verify_store(store).findings if not world.is_known_damage(name, f)]
            assert not found, f"I2 verify {name}: {found[:3]}"


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
    assert numbered == theirs, f"I2 {desk.name} words differ: {_differing(numbered, theirs)}"
    unsaid = set(waiting.values()) | world.damaged.keys()
    for dossier in sorted(scope - unsaid):
        assert own_rows.get(dossier) == rows.get(dossier), (
            f"I2 {desk.name} {dossier}: {_differing(own_rows.get(dossier, {}), rows.get(dossier, {}))}"
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
                f"I2 {name} {ident}: {_differing(made, {k: row[k] for k in made})}"
            )
            is_told = name == "root" and not dossier.conflicts and not dossier.voided
            if is_told:
                assert (dossier.holder is None) == bool(dossier.in_transit_to), f"I7 {name} {ident}"
    assert not rows, f"I2 {name}: rows without a journal {sorted(rows)[:3]}"


def codes_are_one(world: "World") -> None:
    """I6: a code names one dossier; another that bears it was flagged, and no two leases overlap."""
    with world.root.hub.store.read() as connection:
        bearers: dict[str, list[str]] = defaultdict(list)
        for row in connection.execute(select(t.dossiers.c.code, t.dossiers.c.id)):
            bearers[row.code].append(row.id)
        first = {
            ident: _first(connection, ident) for ids in bearers.values() if len(ids) > 1 for ident in ids
        }
        lent = connection.execute(
            select(t.leases).order_by(t.leases.c.agency, t.leases.c.day, t.leases.c.first)
        )
        blocks = lent.all()
    for code, ids in bearers.items():
        unflagged = [
            i for i in ids if first.get(i) is not None and first[i].verdict == Verdict.ACCEPTED.value
        ]
        assert len(ids) < 2 or len(unflagged) < 2, f"I6 {code} names {len(unflagged)} dossiers"
    for one, other in pairwise(blocks):
        is_same = (one.agency, one.day) == (other.agency, other.day)
        assert not is_same or one.last < other.first, f"I6 leases overlap: {one} {other}"
    with_own_ranges(world, blocks)


def with_own_ranges(world: "World", blocks: Iterable[Any]) -> None:
    """I6: what was lent is nobody's own; desks of an office have no number in common."""
    from onestop.domain.code import static_ranges

    own: dict[tuple[str, int], str] = {}
    for desk in world.desks.values():
        if desk.is_copied:
            continue
        for block in static_ranges(desk.office.desk.index):
            for serial in (block.first, block.last):
                held = own.setdefault((desk.agency, serial), desk.name)
                assert held == desk.name, f"I6 {desk.name} and {held} share {serial}"
            for lent in blocks:
                assert lent.last < block.first or block.last < lent.first, (
                    f"I6 {lent} was lent of {desk.name}"
                )


def _first(connection: Connection, dossier: str) -> Any:
    asked = select(t.entries).where(t.entries.c.dossier == dossier).order_by(t.entries.c.cursor).limit(1)
    return connection.execute(asked).first()


def verdicts_hold(world: "World") -> None:
    """I8, I14: by the root's own log, whoever knew that he was revoked did nothing, a decision of
    one who could not know waits for a person, and times lie between what was seen and received."""
    with world.root.hub.store.read() as connection:
        cuts = _cuts(connection)
        rows = connection.execute(select(t.entries).where(t.entries.c.cursor.is_not(None))).all()
        bases = connection.execute(select(t.epochs.c.epoch, t.epochs.c.base).order_by(t.epochs.c.base)).all()
    for row in rows:
        header = parse_header(row.header)
        _time_holds(row, header)
        seen = _seen(header.seen, bases)
        for subject in (header.officer, header.grant, header.device):
            for cut, until in cuts.get(subject, ()):
                is_later = until is not None and header.grant in until
                if seen >= cut and not is_later:
                    assert row.verdict == Verdict.QUARANTINED.value, (
                        f"I8 {row.id.hex()[:12]} of {subject} stands"
                    )


def _cuts(connection: Connection) -> dict[str, list[tuple[int, Any]]]:
    """When each officer, grant or device was revoked, and grants that an officer was given since."""
    cuts: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    given: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in connection.execute(select(t.statements).where(t.statements.c.kind.in_(("grant", "revoke")))):
        plain = parse_statement(row.body)
        if plain["kind"] == "grant":
            given[plain["officer"]].append((row.cursor or 0, row.id))
    for row in connection.execute(select(t.statements).where(t.statements.c.kind == "revoke")):
        plain = parse_statement(row.body)
        since = [ident for cursor, ident in given.get(plain["subject"], []) if cursor > (row.cursor or 0)]
        cuts[plain["subject"]].append((row.cursor or 0, since))
    return cuts


def _seen(seen: tuple[Any, int, Any], bases: Any) -> int:
    epoch, cursor = str(seen[0]), seen[1]
    names = [row.epoch for row in bases]
    if epoch not in names:
        return 0
    later: list[int] = [row.base for row in bases[names.index(epoch) + 1 :]]
    return min([cursor, *later])


def _time_holds(row: Any, header: Any) -> None:
    if row.verdict != Verdict.ACCEPTED.value or row.code == Code.CLOCK or row.received_at is None:
        return
    at, received = from_wire(header.at), from_wire(row.received_at)
    assert at <= received + CLOCK_SLACK + timedelta(seconds=1), f"I14 {row.id.hex()[:12]} is of the future"
    if header.seen[2] is not None:
        assert at >= from_wire(header.seen[2]) - CLOCK_SLACK, (
            f"I14 {row.id.hex()[:12]} is older than what it saw"
        )


def trays_show_all(world: "World") -> None:
    """I5: whatever was not accepted and not settled is in the tray, whatever has no number on the
    shelf or in the outbox with a word; a flagged decision has no effect."""
    with world.root.hub.store.read() as connection:
        shown = set(connection.scalars(select(t.tray.c.entry)))
        for ident in list_journals(connection):
            journal = read_journal(connection, ident)
            _flagged_is_shown(journal, shown)
    for name, store in world.stores():
        with store.read() as connection:
            _troubled_is_shown(name, connection)


def _flagged_is_shown(journal: Any, shown: set[str]) -> None:
    settled = settle(journal)
    for entry, verdict in journal:
        standing = settled.standing(entry.id, verdict)
        if standing in (Standing.FLAGGED, Standing.QUARANTINED):
            assert entry.id in shown, f"I5 {entry.id[:12]} is {standing} and in no tray"
    waiting = [e.id for e, v in journal if settled.standing(e.id, v) is Standing.FLAGGED and _decides(e)]
    if waiting:
        without = fold([pair for pair in journal if pair[0].id not in waiting])
        whole = fold(journal)
        assert whole is not None
        if without is not None:
            same = (without.state, without.holder, without.clock.due) == (
                whole.state,
                whole.holder,
                whole.clock.due,
            )
            assert same or journal[0][0].id in waiting, (
                f"I8 a decision that waits took effect: {waiting[0][:12]}"
            )


def _decides(entry: Any) -> bool:
    try:
        return RULES[Act(entry.header.kind)].is_decision
    except ValueError:
        return False


def _troubled_is_shown(name: str, connection: Connection) -> None:
    shown = set(connection.scalars(select(t.tray.c.entry)))
    asked = select(t.entries.c.id, t.outbox.c.verdict).join(t.outbox, t.outbox.c.entry == t.entries.c.n)
    for row in connection.execute(asked.where(t.outbox.c.verdict != "", t.entries.c.dossier.is_not(None))):
        assert row.id.hex() in shown, f"I5 {name}: {row.id.hex()[:12]} is {row.verdict} and in no tray"


def order_is_causal(world: "World") -> None:
    """I3: what an entry builds on has a lower number, and its device's chain goes up; every entry of
    the log bears the signature of its device."""
    with world.root.hub.store.read() as connection:
        rows = connection.execute(select(t.entries).order_by(t.entries.c.cursor)).all()
        keys = {row.device: bytes(row.public_key) for row in connection.execute(select(t.devices))}
    seen: set[str] = set()
    heads: dict[tuple[str, str], int] = {}
    for row in rows:
        header, ident = parse_header(row.header), row.id.hex()
        assert seen.issuperset(header.parents), f"I3 {ident[:12]} stands before what it builds on"
        assert is_signed(keys[row.device], signed_message(row.header), row.signature), (
            f"I3 {ident[:12]} is forged"
        )
        seen.add(ident)
        chain = (row.device, row.incarnation)
        heads[chain] = max(heads.get(chain, 0), row.seq)


def forks_are_frozen(world: "World") -> None:
    """A copied desk is frozen, and no other is."""
    with world.root.hub.store.read() as connection:
        forked = set(connection.scalars(select(t.shelf.c.device).where(t.shelf.c.code == Code.FORK)))
        revoked = connection.execute(select(t.statements).where(t.statements.c.kind == "revoke")).all()
    plains = [parse_statement(row.body) for row in revoked]
    frozen = {plain["subject"] for plain in plains if plain["reason"] == "fork"}
    stopped = {plain["subject"] for plain in plains if plain["of"] == "device"}
    assert forked <= stopped, "a copied desk goes on under one name"
    lawful = {desk.office.pen.device for desk in world.desks.values() if desk.may_fork}
    assert frozen <= lawful, "I3 a desk is frozen that nobody copied: it gave a number twice"


def held_wait_for_something(world: "World") -> None:
    """Whatever is held at the root still lacks something."""
    with world.root.hub.store.read() as connection:
        rows = connection.execute(select(t.shelf).where(t.shelf.c.verdict == Verdict.HELD.value)).all()
        heads = {(r.device, r.incarnation): r for r in connection.execute(select(t.device_heads))}
        here = {ident.hex() for (ident,) in connection.execute(select(t.entries.c.id))}
    for row in rows:
        header = parse_header(json.loads(row.raw)["h"].encode())
        head = heads.get((row.device, row.incarnation))
        is_next = (head.seq + 1, head.entry) == (header.seq, header.prev) if head else header.seq == 1
        if row.code in (Code.GAP, Code.PARENT):
            assert not (is_next and here.issuperset(header.parents)), (
                f"held with nothing missing: {row.entry[:12]}"
            )


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


__all__ = ["chains_are_whole", "erase_settled", "everything", "ids_at", "log_is_sound", "saved_is_there"]
