"""What must hold: some of it at every step, all of it once everything is healed and quiet."""

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from onestop.domain.entry import parse_header, signed_message
from onestop.domain.merkle import Frontier
from onestop.domain.signing import is_signed
from onestop.store import tables as t
from onestop.store.backup_check import check_restored
from onestop.store.check import verify_store
from onestop.store.log import head_of, open_ledger, read_head
from tests.sim.agreement import projections_are_folds, same_as_root, saved_is_at_the_root, witnessed
from tests.sim.lawful import (
    codes_are_one,
    forks_are_frozen,
    held_wait_for_something,
    trays_show_all,
    verdicts_hold,
)
from tests.sim.looks import differing, ids_at, shelved_at
from tests.sim.remains import blobs_are_sound, durable_is_backed_up, erased_is_gone, scans_arrived

if TYPE_CHECKING:
    from tests.sim.hub import HubHere
    from tests.sim.machine import Desk
    from tests.sim.world import World


# --- at every step, for one machine


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
    assert stood == numbered, f"I3 {here.name}: entries and records differ: {differing(stood, numbered)}"
    leaves = {row.ref: bytes(row.leaf).hex() for row in rows if row.kind in ("entry", "statement")}
    assert all(ref == leaf for ref, leaf in leaves.items()), f"I3 {here.name}: a leaf of something else"


def _numbers(connection: Connection, here: "HubHere") -> dict[str, int]:
    number = t.entries.c.place if here.hub.ledger.is_relay else t.entries.c.cursor
    asked = select(t.entries.c.id, number).where(number.is_not(None))
    return {ident.hex(): cursor for ident, cursor in connection.execute(asked)}


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
        verified(world)


def _of_copies(world: "World", desk: "Desk") -> list[str]:
    """Entries and dossiers of devices with two histories: which one counts is the root's to say."""
    copied = {one.office.pen.device for one in world.desks.values() if one.may_fork}
    with desk.store.read() as connection:
        asked = select(t.entries.c.id, t.entries.c.dossier).where(t.entries.c.device.in_(copied))
        rows = connection.execute(asked).all()
    return [name for row in rows for name in (row.id.hex(), row.dossier)]


def verified(world: "World") -> None:
    """I2: the program's own search for damage finds none, on desks and in the root's log."""
    for desk in world.desks.values():
        if desk.may_fork and not world.is_trusted(desk):
            continue  # frozen between two histories: what the root has of it never came here whole
        known = [*_of_copies(world, desk), *world.damaged, *world.damaged.values()]
        findings = verify_store(desk.store).findings
        found = [f for f in findings if not any(ident.startswith(f.where) for ident in known)]
        assert not found, f"I2 verify {desk.name}: {found[:3]}"
    hub = world.root.hub
    with hub.store.read() as connection:
        ledger = open_ledger(connection)
        report = check_restored(connection, head_of(connection, ledger), ledger)
    assert report.is_clean, f"I2 verify root: {report.findings[:3]}"


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
