"""What a node knows for checking a printed paper: keys of desks, dossiers by their code."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from onestop.store.device_view import find_standing
from onestop.store.tables import devices, dossiers


@dataclass(frozen=True, slots=True)
class DeskKey:
    """A desk whose key is known here. `stopped`: since when its key is trusted no more, "" while it is."""

    device: str
    public: bytes
    name: str
    stopped: str


def find_desk_keys(connection: Connection, hint: bytes) -> list[DeskKey]:
    """Every desk whose public key begins with `hint`, by device: chance may give one hint to two."""
    key = devices.c.public_key
    asked = select(devices).where(key >= hint, key <= hint + b"\xff" * (32 - len(hint)))
    rows = connection.execute(asked.order_by(devices.c.device)).all()
    return [
        DeskKey(row.device, bytes(row.public_key), row.name, _stopped(connection, row.device)) for row in rows
    ]


def _stopped(connection: Connection, device: str) -> str:
    standing = find_standing(connection, device)
    return standing.stopped if standing else ""


def find_ids_by_code(connection: Connection, code: str) -> list[str]:
    """Ids of the dossiers with this code: one, or more where two desks gave the same by mistake."""
    asked = select(dossiers.c.id).where(dossiers.c.code == code).order_by(dossiers.c.n)
    return list(connection.scalars(asked))
