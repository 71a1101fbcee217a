"""Whether anything still moves in a healed world."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from onestop.store import tables as t
from onestop.store.log import read_head
from onestop.store.peers import RELAY, find_peer
from onestop.store.taking import wanted_journals

if TYPE_CHECKING:
    from tests.sim.hub import HubHere
    from tests.sim.world import World


def is_quiet(world: "World") -> bool:
    return next(_restless(world), None) is None


def why_restless(world: "World") -> str:
    return "; ".join(list(_restless(world))[:4])


def _restless(world: "World") -> Iterator[str]:
    heads = {}
    for here in [world.root] + ([world.relay.here] if world.relay else []):
        with here.hub.store.read() as connection:
            head = read_head(connection, here.hub.ledger.log)
        heads[head.log] = (here, head.cursor)
    for desk in world.desks.values():
        if world.is_trusted(desk):
            yield from _of(desk.name, desk.node, desk.driver, heads)
    if world.relay is not None:
        yield from _of(world.relay.name, world.relay.node, world.relay.driver, heads)


def _of(name: str, node: Any, driver: Any, heads: dict[str, tuple["HubHere", int]]) -> Iterator[str]:
    if node.talk is None or not driver.state.is_linked or node.talk.log not in heads:
        yield f"{name} has greeted nobody: {driver.state}"
        return
    here, cursor = heads[node.talk.log]
    with node.store.read() as connection:
        peer = find_peer(connection, node.talk.log)
        unsent = t.outbox.c.relayed.is_(False) if node.talk.kind == RELAY else t.outbox.c.verdict == ""
        waiting = len(connection.execute(select(t.outbox.c.entry).where(unsent)).all())
        waiting += len(connection.execute(select(t.shelf.c.id).where(t.shelf.c.sender != "")).all())
        journals = wanted_journals(connection)
        moves = connection.execute(select(t.blob_moves).where(~t.blob_moves.c.is_done)).all()
    if peer is None or peer.cursor != cursor:
        yield f"{name} has read {peer.cursor if peer else None} of {cursor}"
    if waiting or journals:
        yield f"{name} has {waiting} entries to send and {len(journals)} journals to fetch"
    for move in moves:
        if _can_move(here, move):
            yield f"{name} has to move {move.sha256[:12]} {move.direction}"


def _can_move(here: "HubHere", move: Any) -> bool:
    """What the hub does not have cannot come down; what no entry there names cannot go up."""
    with here.hub.store.read() as connection:
        row = connection.execute(select(t.blobs).where(t.blobs.c.sha256 == move.sha256)).first()
        named = connection.scalar(
            select(t.blob_refs.c.dossier).where(t.blob_refs.c.sha256 == move.sha256).limit(1)
        )
    is_whole = row is not None and row.is_whole
    return is_whole if move.direction == "down" else named is not None
