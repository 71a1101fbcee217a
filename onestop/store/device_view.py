"""What a hub knows of one device: whether it may speak, which streams it reads, what they hold."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, literal_column, or_, select

from onestop.store.prepared import Prepared
from onestop.store.tables import (
    blob_streams,
    blobs,
    device_heads,
    epochs,
    health,
    log_head,
    scopes,
    statements,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A device as the statements have it. `stopped`: since when it may not speak, "" while it may."""

    device: str
    public: bytes
    office: str
    name: str
    is_relay: bool
    index: int
    stopped: str

    @property
    def streams(self) -> tuple[str, ...]:
        return (f"office:{self.office}", "policy")


_OF_DEVICE = Prepared(
    select(statements.c.kind, statements.c.body)
    .where(
        or_(*(statements.c.kind == literal_column(f"'{kind}'") for kind in ("device", "relay", "revoke"))),
        statements.c.subject == bindparam("of_device"),
    )
    .order_by(statements.c.cursor, statements.c.id)
)


def find_standing(connection: Connection, device: str) -> Standing | None:
    """None for a device that was never enrolled."""
    enrolled, stopped = None, ""
    for kind, body in _OF_DEVICE.run(connection, {"of_device": device}):
        plain = json.loads(body)
        if kind != "revoke":
            enrolled, stopped = plain, ""
        elif plain["of"] == "device":
            stopped = stopped or plain["at"]
    return None if enrolled is None else _standing(enrolled, stopped)


def _standing(plain: dict[str, Any], stopped: str) -> Standing:
    return Standing(
        device=plain["device"],
        public=bytes.fromhex(plain["public"]),
        office=plain["office"],
        name=plain.get("name", ""),
        is_relay=plain["kind"] == "relay",
        index=plain.get("index", 0),
        stopped=stopped,
    )


def list_standings(connection: Connection) -> list[Standing]:
    """Every device and relay, by id."""
    asked = select(statements.c.subject).where(statements.c.kind.in_(("device", "relay")))
    found = [find_standing(connection, device) for device in connection.scalars(asked.distinct())]
    return sorted((one for one in found if one is not None), key=lambda one: one.device)


def may_read_dossier(connection: Connection, streams: Iterable[str], dossier: str) -> bool:
    asked = select(scopes.c.dossier).where(scopes.c.dossier == dossier, scopes.c.stream.in_(tuple(streams)))
    return connection.scalar(asked.limit(1)) is not None


def readable_blobs(connection: Connection, streams: Iterable[str], digests: Iterable[str]) -> frozenset[str]:
    """Those that an entry of one of these streams names."""
    asked = select(blob_streams.c.sha256).where(
        blob_streams.c.sha256.in_(tuple(digests)), blob_streams.c.stream.in_(tuple(streams))
    )
    return frozenset(connection.scalars(asked.distinct()))


def whole_blobs(connection: Connection, digests: Iterable[str]) -> dict[str, bool]:
    """Stored blobs; True where a verified backup has them too."""
    asked = select(blobs.c.sha256, blobs.c.is_durable).where(
        blobs.c.sha256.in_(tuple(digests)), blobs.c.is_whole.is_(True)
    )
    return {row.sha256: row.is_durable for row in connection.execute(asked)}


def put_health(connection: Connection, device: str, at: str, value: dict[str, Any]) -> None:
    """What a desk last said of itself."""
    connection.execute(delete(health).where(health.c.device == device))
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    connection.execute(health.insert().values(device=device, at=at, value=plain))


def list_health(connection: Connection) -> dict[str, tuple[str, dict[str, Any]]]:
    """Device → (when, what)."""
    return {row.device: (row.at, json.loads(row.value)) for row in connection.execute(select(health))}


def find_log(connection: Connection) -> Row[Any] | None:
    """The head of this hub's log: log, epoch, base, cursor, durable."""
    return connection.execute(select(log_head)).first()


def count_blobs(connection: Connection) -> tuple[int, int]:
    """Stored blobs, and their plain bytes."""
    asked = select(func.count(), func.coalesce(func.sum(blobs.c.length), 0)).where(blobs.c.is_whole.is_(True))
    count, length = connection.execute(asked).one()
    return count, int(length)


def lives_until(connection: Connection, epoch: str) -> int | None:
    """The last cursor of an epoch that is still in the log; None for an epoch it never had.

    What a restore cut off at a lower place is gone also for those who knew an older epoch.
    """
    rows = connection.execute(select(epochs)).all()
    if epoch not in {row.epoch for row in rows}:
        return None
    begun = next(row.base for row in rows if row.epoch == epoch)
    # Epochs follow one another: each later one began where its predecessor ended.
    return min((row.ended_at for row in rows if row.ended_at is not None and row.base >= begun), default=None)


def read_heads(connection: Connection, device: str) -> dict[str, tuple[int, str]]:
    """Incarnation → (number, id) of the last entry of a device that the log has."""
    asked = select(device_heads).where(device_heads.c.device == device)
    return {row.incarnation: (row.seq, row.entry) for row in connection.execute(asked)}
