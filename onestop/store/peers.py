"""The hubs this node speaks to: one root, perhaps the office's relay; how far each was read."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.store.tables import peers

ROOT, RELAY = "root", "relay"


@dataclass(frozen=True, slots=True)
class Peer:
    """`cursor`: read so far; `checkpoint`: the newest that was checked; `durable`: in a checked backup."""

    log: str
    kind: str
    epoch: str
    cursor: int
    checkpoint: SignedCheckpoint | None
    public_key: bytes
    durable: int
    reached_at: str | None


def add_peer(connection: Connection, log: str, kind: str, epoch: str, public_key: bytes) -> Peer:
    """A hub that was never read; another one of its kind is forgotten."""
    connection.execute(delete(peers).where(peers.c.kind == kind))
    row = {"log": log, "kind": kind, "epoch": epoch, "cursor": 0, "public_key": public_key, "durable": 0}
    connection.execute(peers.insert().values(row))
    return Peer(log, kind, epoch, 0, None, public_key, 0, None)


def find_peer(connection: Connection, log: str) -> Peer | None:
    return _peer(connection.execute(select(peers).where(peers.c.log == log)).first())


def peer_of(connection: Connection, kind: str) -> Peer | None:
    """The root, or the relay; None for a desk that was never joined to one."""
    return _peer(connection.execute(select(peers).where(peers.c.kind == kind)).first())


def change_peer(connection: Connection, log: str, **values: Any) -> None:
    """`checkpoint` is given as it is."""
    signed = values.get("checkpoint")
    if isinstance(signed, SignedCheckpoint):
        values["checkpoint"] = json.dumps(checkpoint_plain(signed))
    connection.execute(update(peers).where(peers.c.log == log).values(values))


def _peer(row: Any) -> Peer | None:
    if row is None:
        return None
    signed = checkpoint_from(json.loads(row.checkpoint)) if row.checkpoint else None
    return Peer(row.log, row.kind, row.epoch, row.cursor, signed, row.public_key, row.durable, row.reached_at)
