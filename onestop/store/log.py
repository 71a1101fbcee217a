"""The log of a hub: records numbered 1, 2, 3 … without a gap, under a signed Merkle root.

A number is given only while the one row of `log_head` is locked, and the lock ends with the
transaction: whoever reads up to a number has read all below it. Numbers from a sequence would
become visible out of order, and readers would step over entries for ever.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from onestop.domain.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from onestop.domain.entry import canonical
from onestop.domain.merkle import Frontier, consistency_proof, leaf_hash
from onestop.domain.moment import to_wire
from onestop.domain.signing import SigningKey
from onestop.store.bulk import add_rows
from onestop.store.prepared import Prepared
from onestop.store.rows import get_local, put_local
from onestop.store.tables import epochs, log_head, records, streams, tiles

POLICY = "policy"
"""The stream that every desk and relay reads."""

_BEGINNING = "2000-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Ledger:
    """A hub's own log: its id, its running epoch, its key. `office`: whose relay it is, or empty."""

    log: str
    epoch: str
    key: SigningKey
    is_relay: bool
    office: str = ""


@dataclass(frozen=True, slots=True)
class LogHead:
    """Where a log stands. `base`: last cursor that was there when the epoch began; `durable`: up to
    where a checked backup has everything."""

    log: str
    epoch: str
    base: int
    cursor: int
    root: bytes
    durable: int


def office_stream(office: str) -> str:
    return f"office:{office}"


def value_leaf(value: Mapping[str, Any]) -> bytes:
    """Leaf bytes of a record that is no entry and no statement."""
    return sha256(canonical(dict(value))).digest()


def log_id(public: bytes) -> str:
    """A log is named by its key: nobody else can sign for that name."""
    return sha256(b"mc.log.1\0" + public).hexdigest()[:32]


def found_ledger(connection: Connection, key: SigningKey, is_relay: bool, office: str = "") -> Ledger:
    """Begins an empty log in a store that has none. Raises ValueError when there is one."""
    if get_local(connection, "ledger") is not None:
        raise ValueError("this store has a log already")
    ledger = Ledger(log_id(key.public), secrets.token_hex(16), key, is_relay, office)
    put_local(connection, "ledger", {"secret": key.secret.hex(), "is_relay": is_relay, "office": office})
    connection.execute(
        log_head.insert().values(
            log=ledger.log,
            epoch=ledger.epoch,
            base=0,
            cursor=0,
            frontier=Frontier().encode(),
            durable=0,
        )
    )
    connection.execute(epochs.insert().values(epoch=ledger.epoch, base=0, ended_at=None))
    return ledger


def open_ledger(connection: Connection) -> Ledger:
    """The log of this store. Raises LookupError when there is none."""
    kept = get_local(connection, "ledger")
    if kept is None:
        raise LookupError("this store has no log")
    key = SigningKey(bytes.fromhex(kept["secret"]))
    head = read_head(connection, log_id(key.public))
    return Ledger(head.log, head.epoch, key, kept["is_relay"], kept["office"])


_HEAD = Prepared(
    select(
        log_head.c.epoch, log_head.c.base, log_head.c.cursor, log_head.c.frontier, log_head.c.durable
    ).where(log_head.c.log == bindparam("of_log"))
)


def read_head(connection: Connection, log: str) -> LogHead:
    epoch, base, cursor, frontier, durable = _HEAD.run(connection, {"of_log": log}).fetchone()
    return LogHead(log, epoch, base, cursor, Frontier.decode(frontier).root(), durable)


def sign_head(
    connection: Connection, ledger: Ledger, head: LogHead, now: datetime | None
) -> SignedCheckpoint:
    """Signed as of `now`, or as of the last record."""
    at = to_wire(now) if now else last_at(connection, head.cursor)
    return sign_checkpoint(ledger.key, Checkpoint(head.log, head.epoch, head.cursor, head.root.hex(), at))


def head_of(connection: Connection, ledger: Ledger, now: datetime | None = None) -> SignedCheckpoint:
    """The newest checkpoint; `at` is `now`, or else when the last record was written."""
    return sign_head(connection, ledger, read_head(connection, ledger.log), now)


def last_at(connection: Connection, cursor: int) -> str:
    return connection.scalar(select(records.c.at).where(records.c.cursor == cursor)) or _BEGINNING


def proof_between(connection: Connection, old: int, new: int) -> list[bytes]:
    """Consistency proof for a reader who knows `old` records. Raises ValueError outside 0..new."""

    def node(level: int, place: int) -> bytes:
        if level == 0:
            leaf = connection.execute(select(records.c.leaf).where(records.c.cursor == place + 1))
            return leaf_hash(leaf.scalar_one())
        kept = select(tiles.c.hash).where(tiles.c.level == level, tiles.c.place == place)
        return bytes(connection.execute(kept).scalar_one())

    return consistency_proof(old, new, node)


def set_durable(connection: Connection, cursor: int) -> None:
    """A checked backup has everything up to `cursor`; it never goes back."""
    moved = update(log_head).where(log_head.c.durable < cursor, log_head.c.cursor >= cursor)
    connection.execute(moved.values(durable=cursor))


def start_epoch(connection: Connection, ledger: Ledger, base: int) -> Ledger:
    """After a restore: the same log goes on from `base`, its last cursor, under a new epoch.

    Desks that knew more find that out by the epoch and bring it back. Raises ValueError when
    the log does not stand at `base`.
    """
    tail = lock_tail(connection, ledger)
    if tail.cursor != base:
        raise ValueError(f"the log stands at {tail.cursor}, not at {base}")
    begun = replace(ledger, epoch=secrets.token_hex(16))
    connection.execute(update(epochs).where(epochs.c.ended_at.is_(None)).values(ended_at=base))
    connection.execute(epochs.insert().values(epoch=begun.epoch, base=base, ended_at=None))
    moved = update(log_head).where(log_head.c.log == ledger.log)
    connection.execute(moved.values(epoch=begun.epoch, base=base))
    return begun


class Tail:
    """The end of the log in the hand of one transaction. Nothing is written before `close`."""

    def __init__(self, log: str, epoch: str, cursor: int, frontier: Frontier) -> None:
        self.log = log
        self.epoch = epoch
        self.cursor = cursor
        self._frontier = frontier
        self._records: list[dict[str, Any]] = []
        self._streams: list[dict[str, Any]] = []
        self._tiles: list[dict[str, Any]] = []

    def add(
        self,
        kind: str,
        ref: str,
        leaf: bytes,
        into: Iterable[str],
        at: str,
        value: Mapping[str, Any] | None = None,
    ) -> int:
        """One more record; its cursor."""
        self.cursor += 1
        for level, place, node in self._frontier.append(leaf)[1:]:
            self._tiles.append({"level": level, "place": place, "hash": node})
        plain = None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._records.append(
            {"cursor": self.cursor, "kind": kind, "ref": ref, "leaf": leaf, "at": at, "value": plain}
        )
        self._streams.extend({"stream": name, "cursor": self.cursor} for name in sorted(set(into)))
        return self.cursor

    def add_value(self, kind: str, ref: str, into: Iterable[str], at: str, value: Mapping[str, Any]) -> int:
        return self.add(kind, ref, value_leaf(value), into, at, value)

    def close(self, connection: Connection) -> None:
        """Writes what was added, the head last."""
        if not self._records:
            return
        add_rows(connection, records, self._records)
        add_rows(connection, streams, self._streams)
        add_rows(connection, tiles, self._tiles)
        moved = update(log_head).where(log_head.c.log == self.log)
        connection.execute(moved.values(cursor=self.cursor, frontier=self._frontier.encode()))


def lock_tail(connection: Connection, ledger: Ledger) -> Tail:
    """Waits for everybody before us; nobody else adds to the log until this transaction ends."""
    locked = (
        update(log_head)
        .where(log_head.c.log == ledger.log)
        .values(cursor=log_head.c.cursor)
        .returning(log_head.c.epoch, log_head.c.cursor, log_head.c.frontier)
    )
    row = connection.execute(locked).one()
    return Tail(ledger.log, row.epoch, row.cursor, Frontier.decode(row.frontier))
