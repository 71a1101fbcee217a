"""What goes wrong in a world, beside its lines: power, disks, clocks, copies, hubs, people."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from onestop.domain.moment import local_day, to_wire
from onestop.domain.state import Role
from onestop.hub import admin
from onestop.office.joining import is_joined
from onestop.store import tables as t
from onestop.store.evict import evict_blobs
from onestop.store.log import POLICY, lock_tail, office_stream, open_ledger, set_durable, start_epoch
from onestop.store.peers import ROOT
from onestop.store.sending import next_offers
from onestop.sync.transport import LineFailed
from tests.sim.disk import copy_machine
from tests.sim.hub import whole_here
from tests.sim.machine import Desk
from tests.sim.template import ALONE, HERE, THERE, join_desk, template

if TYPE_CHECKING:
    from tests.sim.world import World

_JUMPS = (-72.0, -25.0, -3.0, -0.2, 0.2, 5.0, 26.0, 80.0, 24 * 30.0)
"""Hours a clock may be set off."""


def _desk(world: "World") -> Desk:
    return world.random.choice(list(world.desks.values()))


def partition(world: "World") -> str:
    """One machine has no line, or none to one hub, for minutes or for hours."""
    name = world.random.choice([name for name, _ in world.machines()] or ["desk-1"])
    hub = world.random.choice(("", "root", "relay"))
    world.cut_off[name, hub] = world.now + world.random.choice((60.0, 900.0, 40_000.0))
    return f"{name} {hub or 'all'}"


def detour(world: "World") -> str:
    """The relay has no line to the root, and one of its desks has one of its own."""
    if world.relay is None:
        return ""
    desk = _desk(world)
    world.cut_off[world.relay.name, "root"] = world.now + world.random.choice((100.0, 2000.0))
    world.soon(60.0, lambda: world.cut_off.update({(desk.name, "relay"): world.now + 900.0}))
    return desk.name


def power_cut(world: "World") -> str:
    """The power goes at one of the next statements. It is counted when it does."""
    desk = _desk(world)
    desk.disk.cut_after = world.random.randrange(60)
    return desk.name


def disk_full(world: "World") -> str:
    """Nothing more can be written for a while."""
    desk = _desk(world)
    desk.disk.full_after = world.random.randrange(25)
    world.soon(world.random.uniform(30, 3000), lambda: setattr(desk.disk, "full_after", None))
    return desk.name


def hub_restarted(world: "World") -> str:
    here = world.relay.here if world.relay is not None and world.random.random() < 0.5 else world.root
    here.restart()
    return here.name


def clock_jump(world: "World") -> str:
    desk = _desk(world)
    desk.clock.off = timedelta(hours=world.random.choice(_JUMPS))
    return f"{desk.name} {desk.clock.off}"


def reboot(world: "World") -> str:
    desk = _desk(world)
    world.restart(desk)
    return desk.name


def clone(world: "World") -> str:
    """A desk's folder is copied, and two machines go on with one identity: on a machine that looks
    the same to the anchor, or on one that does not."""
    whole = [desk for desk in world.desks.values() if not desk.is_copied]
    if len(whole) < len(world.desks) or not whole:
        return ""
    desk = world.random.choice(whole)
    with world.standing_still(desk):
        name = f"{desk.name}-b"
        copy_machine(desk.folder, world.folder / name)
    is_alike = world.random.random() < 0.5
    if is_alike:
        world.places[world.folder / name] = str(desk.folder.name)
    copied = world.add_desk(name, desk.name, world.folder / name)
    copied.is_joined = desk.is_joined
    desk.is_copied = copied.is_copied = True
    desk.may_fork = copied.may_fork = is_alike or desk.may_fork
    copied.saved = dict(desk.saved)
    return f"{desk.name} {world.random.random():.3f}"


def image(world: "World") -> str:
    """Somebody keeps an image of a desk's disk."""
    desk = _desk(world)
    with world.standing_still(desk):
        copy_machine(desk.folder, world.folder / "images" / desk.name)
        world.images[desk.name] = dict(desk.saved)
    return desk.name


def rolled_back(world: "World") -> str:
    """The image is put back: the whole folder, or the store alone with its anchor left as it was."""
    kept = sorted(world.images.keys() & world.desks.keys())
    if not kept:
        return ""
    desk = world.desks[world.random.choice(kept)]
    anchor = desk.path.with_suffix(".anchor")
    is_whole = world.random.random() < 0.5
    desk.close()
    known = anchor.read_bytes()
    copy_machine(world.folder / "images" / desk.name, desk.folder)
    if not is_whole:
        anchor.write_bytes(known)
    world.burned |= desk.saved.keys() - world.images[desk.name].keys()
    desk.saved = dict(world.images[desk.name])
    desk.is_copied = True
    desk.is_adrift = is_whole or desk.is_adrift  # an anchor that went back before knows no better now
    desk.disk.heal()
    desk.open(5.0)
    return f"{desk.name} {'whole' if is_whole else 'store'}"


def hub_backup(world: "World") -> str:
    """A copy of the root is proved and kept; only then desks are told that it is safe."""
    world.root.close()
    copy_machine(world.root.folder, world.folder / "backup")
    world.root.restart()
    with world.root.hub.store.write() as connection:
        cursor = _cursor(world)
        set_durable(connection, cursor)
        whole = whole_here(world.root.hub)
        marked = update(t.blobs).where(t.blobs.c.sha256.in_(list(whole)))
        connection.execute(marked.values(is_durable=True))
    world.backed_up = max(world.backed_up, cursor)
    world.blobs_backed_up |= set(whole)
    return str(cursor)


def _cursor(world: "World") -> int:
    with world.root.hub.store.read() as connection:
        return connection.scalar(select(t.log_head.c.cursor)) or 0


def hub_restored(world: "World") -> str:
    """The root's disk is lost; the backup goes on under a new epoch."""
    kept = world.folder / "backup"
    if not kept.exists():
        return ""
    world.root.close()
    copy_machine(kept, world.root.folder)
    world.root.restart()
    hub = world.root.hub
    with hub.store.write() as connection:
        base = connection.scalar(select(t.log_head.c.cursor)) or 0
        set_durable(connection, base)
        connection.execute(update(t.blobs).where(t.blobs.c.is_whole).values(is_durable=True))
        start_epoch(connection, open_ledger(connection), base)
    world.root.restart()
    return str(base)


def relay_lost(world: "World") -> str:
    """The office's relay is gone with all it had; another one takes its address."""
    if world.relay is None or world.relay.name != "relay":
        return ""
    world.relay.here.close()
    world.burn_relay()
    world.add_relay(template(), "relay-2", joined=False)
    return "relay-2"


def officer_revoked(world: "World") -> str:
    """An officer, a grant, or now and then a device is taken back."""
    hub = world.root.hub
    with hub.store.read() as connection:
        grants = [
            row.id
            for row in connection.execute(
                select(t.statements).where(t.statements.c.kind == "grant").order_by(t.statements.c.cursor)
            )
        ]
    of, subject = ("grant", world.random.choice(grants))
    if world.random.random() < 0.5:
        of, subject = "officer", world.random.choice(("u-mai", "u-tuyet", "u-binh", "u-thang"))
    elif world.random.random() < 0.2:
        of, subject = "device", _desk(world).office.pen.device
        with hub.store.read() as connection:
            known = select(t.statements.c.id).where(
                t.statements.c.kind == "device", t.statements.c.subject == subject
            )
            if connection.scalar(known) is None:
                return ""
    admin.take_back(hub, of, subject, "chuyển công tác", world.server_now())
    return f"{of} {subject[:12]}"


def role_changed(world: "World") -> str:
    """An officer gets other roles, and with them a new grant."""
    office = world.random.choice((HERE, THERE))
    officer = world.random.choice(_desk(world).office.catalogue.officers)
    roles = sorted(world.random.sample([role.value for role in Role], 2))
    form = admin.OfficerForm(officer.id, officer.name, tuple(roles), officer.unit, officer.title)
    admin.add_officer(world.root.hub, office, form, world.server_now())
    return f"{officer.id} {' '.join(roles)}"


def poisoned(world: "World") -> str:
    """Bytes of an entry that waits are damaged, or the hub has a bug that this very entry wakes."""
    desk = _desk(world)
    if world.poisoned >= 2:
        return ""
    with desk.store.read() as connection:
        asked = select(t.entries).join(t.outbox, t.outbox.c.entry == t.entries.c.n)
        waiting = [
            r
            for r in connection.execute(
                asked.where(t.outbox.c.verdict == "", t.outbox.c.relayed.is_(False)).order_by(t.entries.c.n)
            )
            if r.body
        ]
    if not waiting:
        return ""
    row = world.random.choice(waiting)
    world.poisoned += 1
    if world.random.random() < 0.6:
        world.root.bugs.add(row.header.decode().partition('"bh":"')[2][:64])
        return f"bug {row.id.hex()[:12]}"
    damaged = bytes([row.body[0] ^ 1]) + row.body[1:]
    with world.hands_on(desk) as connection:
        connection.execute(update(t.entries).where(t.entries.c.n == row.n).values(body=damaged))
    world.damaged[row.dossier] = row.id.hex()
    return f"bytes {row.id.hex()[:12]}"


def joins(world: "World") -> str:
    """A desk that worked alone joins."""
    desk = world.desks.get(ALONE)
    if desk is None or is_joined(desk.store):
        return ""
    join_desk(world.root.hub, desk.office, world.server_now())
    desk.is_joined = True
    world.restart(desk)
    return desk.name


def tidied(world: "World") -> str:
    """The desk needs room: scans that the hub has safe may go."""
    desk = _desk(world)
    gone = evict_blobs(desk.store, 0)
    return f"{desk.name} {gone.evicted}"


def leased(world: "World") -> str:
    """A busy day: a desk borrows numbers."""
    desk = _desk(world)
    if desk.node is None or desk.node.talk is None:
        return ""
    desk.lease(local_day(world.server_now()), world.random.choice((5, 100)))
    return desk.name


def novelty(world: "World") -> str:
    """A newer hub writes records that nobody here knows."""
    hub = world.root.hub
    stream = world.random.choice((POLICY, office_stream(HERE)))
    with hub.store.write() as connection:
        tail = lock_tail(connection, hub.ledger)
        value = {"what": world.random.random().hex()}
        tail.add_value("novelty", value["what"][:20], (stream,), to_wire(world.server_now()), value)
        tail.close(connection)
    return stream


def forged(world: "World") -> str:
    """Somebody who has a device's token hands in an entry that its key never signed."""
    desk = _desk(world)
    if desk.node is None or desk.client is None:
        return ""
    with desk.store.read() as connection:
        waiting = next_offers(connection, ROOT, 1, 1)
    for offer in waiting:
        bad = replace(offer, signature=bytes([offer.signature[0] ^ 1]) + offer.signature[1:])
        try:
            desk.client.push([bad])
        except LineFailed:
            return ""
    return desk.name if waiting else ""


FAULTS: Mapping[str, tuple[Callable[["World"], str], float]] = {
    "partition": (partition, 0.03),
    "detour": (detour, 0.03),
    "power_cut_armed": (power_cut, 0.04),
    "disk_full": (disk_full, 0.02),
    "hub_restarted": (hub_restarted, 0.015),
    "clock_jump": (clock_jump, 0.02),
    "reboot": (reboot, 0.015),
    "clone": (clone, 0.01),
    "image": (image, 0.02),
    "rolled_back": (rolled_back, 0.02),
    "hub_backup": (hub_backup, 0.02),
    "hub_restored": (hub_restored, 0.02),
    "relay_lost": (relay_lost, 0.015),
    "officer_revoked": (officer_revoked, 0.015),
    "role_changed": (role_changed, 0.015),
    "poisoned": (poisoned, 0.03),
    "joins": (joins, 0.03),
    "tidied": (tidied, 0.03),
    "leased": (leased, 0.03),
    "novelty": (novelty, 0.02),
    "forged": (forged, 0.03),
}
"""Each with how likely it is at one step, in the seeds that have it."""

TOGETHER = {"rolled_back": "image", "hub_restored": "hub_backup"}
"""The one means nothing without the other."""
