"""How much there is to do with a hub, counted by plain SQL: asked after every act and every page."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from onestop.store.peers import RELAY
from onestop.store.queue import Rows
from onestop.store.tables import blob_moves, device_heads
from onestop.store.taking import WANT


@dataclass(frozen=True, slots=True)
class Todo:
    """`offers` that the hub has not answered, `blobs` to move either way, `journals` to fetch."""

    offers: int
    blobs: int
    journals: int


_OFFERS = {
    True: "(SELECT count(*) FROM outbox WHERE relayed = :no)",
    False: "(SELECT count(*) FROM outbox WHERE verdict = '')",
}
# What could not be placed here has a sender until it was passed on.
_SHELVED = " + (SELECT count(*) FROM shelf WHERE sender != '')"
_REST = (
    ", (SELECT count(DISTINCT sha256) FROM blob_moves WHERE is_done = :no)"
    ", (SELECT count(*) FROM local WHERE key >= :want AND key < :beyond)"
)


def count_todo(rows: Rows, kind: str) -> Todo:
    """For the hub of `kind`, "root" or "relay"."""
    sql = "SELECT " + _OFFERS[kind == RELAY] + _SHELVED + _REST
    values = {"no": False, "want": WANT, "beyond": WANT + "~"}
    return Todo(*next(iter(rows(sql, values))))


def heads_of(connection: Connection, device: str) -> dict[str, tuple[int, str]]:
    """Where each chain of a device ends here: (seq, entry id) by incarnation."""
    chains = select(device_heads).where(device_heads.c.device == device)
    return {row.incarnation: (row.seq, row.entry) for row in connection.execute(chains)}


def sent_not_durable(connection: Connection, limit: int) -> list[str]:
    """Papers that the hub has whole, and of which no verified backup is known."""
    wanted = select(blob_moves.c.sha256).where(blob_moves.c.is_done, ~blob_moves.c.is_durable)
    return list(connection.scalars(wanted.distinct().order_by(blob_moves.c.sha256).limit(limit)))
