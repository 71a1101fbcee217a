"""The hubs this node speaks to: one root, perhaps the office's relay; how far each was read."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.store.prepared import Prepared
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


_COLUMNS = (
    peers.c.log,
    peers.c.kind,
    peers.c.epoch,
    peers.c.cursor,
    peers.c.checkpoint,
    peers.c.public_key,
    peers.c.durable,
    peers.c.reached_at,
)
_OF_LOG = Prepared(select(*_COLUMNS).where(peers.c.log == bindparam("of_log")))
_OF_KIND = Prepared(select(*_COLUMNS).where(peers.c.kind == bindparam("of_kind")))


def find_peer(connection: Connection, log: str) -> Peer | None:
    return _peer(_OF_LOG.run(connection, {"of_log": log}).fetchone())


def peer_of(connection: Connection, kind: str) -> Peer | None:
    """The root, or the relay; None for a desk that was never joined to one."""
    return _peer(_OF_KIND.run(connection, {"of_kind": kind}).fetchone())


def change_peer(connection: Connection, log: str, **values: Any) -> None:
    """`checkpoint` is given as it is."""
    signed = values.get("checkpoint")
    if isinstance(signed, SignedCheckpoint):
        values["checkpoint"] = json.dumps(checkpoint_plain(signed))
    connection.execute(update(peers).where(peers.c.log == log).values(values))


def _peer(row: Any) -> Peer | None:
    if row is None:
        return None
    log, kind, epoch, cursor, checkpoint, public_key, durable, reached_at = row
    signed = checkpoint_from(json.loads(checkpoint)) if checkpoint else None
    return Peer(log, kind, epoch, cursor, signed, public_key, durable, reached_at)
