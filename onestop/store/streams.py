"""Reading a hub's log: page by page in the order of its numbers, or one dossier's journal.

Records were fanned out into streams when they were written, so a page is one range of an index.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.offer import Offer, Page, Receipt, Record, receipt_plain
from onestop.store.bulk import rows_in
from onestop.store.journal import IN_ORDER
from onestop.store.log import Ledger, read_head, sign_head
from onestop.store.tables import device_heads, dossiers, entries, records, scopes, streams

MAX_BYTES = 4 * 1024 * 1024
"""Bodies in one page; the page ends before, but never without a record."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a device has of its own chains: the number of the last entry by incarnation."""

    device: str
    heads: Mapping[str, int]

    def has(self, row: Any) -> bool:
        return bool(row.device == self.device and row.seq <= self.heads.get(row.incarnation, 0))


def read_page(
    connection: Connection,
    ledger: Ledger,
    wanted: Iterable[str],
    after: int,
    limit: int,
    now: datetime | None = None,
    own: Own | None = None,
) -> Page:
    """The records of these streams after cursor `after`, at most `limit`, oldest first.

    A root gives a receipt in the place of each entry that the reader wrote itself and has (`own`).
    """
    head = read_head(connection, ledger.log)  # first: all that this head counts is readable
    numbers = (
        select(streams.c.cursor)
        .where(streams.c.stream.in_(list(wanted)), streams.c.cursor > after, streams.c.cursor <= head.cursor)
        .distinct()
        .order_by(streams.c.cursor)
        .limit(limit + 1)
    )
    cursors = [cursor for (cursor,) in connection.execute(numbers)]
    read, is_cut = _within(_records(connection, ledger, cursors[:limit], own))
    more = len(cursors) > limit or is_cut
    until = max(head.cursor, after)
    if more:
        until = read[-1].cursor if is_cut else cursors[limit - 1]
    return Page(tuple(read), until, more, sign_head(connection, ledger, head, now), head.durable)


def _records(connection: Connection, ledger: Ledger, cursors: Sequence[int], own: Own | None) -> list[Record]:
    rows = list(rows_in(connection, select(records), records.c.cursor, cursors))
    idents = [bytes.fromhex(row.ref) for row in rows if row.kind == "entry"]
    bodies = {row.id.hex(): row for row in rows_in(connection, select(entries), entries.c.id, idents)}
    rows.sort(key=lambda row: row.cursor)
    # A relay numbered an entry whose number the root then gave to another branch: it is on the shelf.
    return [_record(ledger, row, bodies, own) for row in rows if row.kind != "entry" or row.ref in bodies]


def _record(ledger: Ledger, row: Any, bodies: dict[str, Any], own: Own | None) -> Record:
    if row.kind == "entry":
        entry = bodies[row.ref]
        if own is not None and not ledger.is_relay and own.has(entry):
            return _root_receipt(entry, row.cursor)
        return entry_record(ledger, entry, row.cursor, row.at)
    value = None if row.value is None else json.loads(row.value)
    return Record(row.cursor, row.kind, row.ref, row.at, value)


def entry_record(ledger: Ledger, row: Any, cursor: int, at: str) -> Record:
    """An entry as this log speaks of it: a relay only ever says that it has seen it."""
    offer = Offer(row.header, row.signature, row.body, row.salt)
    verdict, code, received = row.verdict, row.code or "", row.received_at or ""
    if ledger.is_relay:
        verdict, code, received = "seen", "", row.placed_at or ""
    return Record(cursor, "entry", row.id.hex(), at, None, offer, verdict, code, received)


def _within(read: list[Record]) -> tuple[list[Record], bool]:
    size = 0
    for place, record in enumerate(read):
        size += len(record.offer.body or b"") + len(record.offer.header) if record.offer else 200
        if size > MAX_BYTES and place:
            return read[:place], True
    return read, False


def read_journal_page(
    connection: Connection,
    ledger: Ledger,
    dossier: str,
    after: int = 0,
    limit: int = 500,
    now: datetime | None = None,
) -> Page:
    """A dossier's entries in the order of the log, from the `after`-th on; `next` counts them.

    A relay adds the root's receipt behind each entry that the root has judged.
    """
    head = read_head(connection, ledger.log)
    number = entries.c.place if ledger.is_relay else entries.c.cursor
    journal = select(entries).where(entries.c.dossier == dossier, number.is_not(None), number <= head.cursor)
    rows = list(connection.execute(journal.order_by(*IN_ORDER).offset(after).limit(limit + 1)))
    read: list[Record] = []
    for row in rows[:limit]:
        place = row.place if ledger.is_relay else row.cursor
        read.append(entry_record(ledger, row, place, row.placed_at or row.received_at or ""))
        if ledger.is_relay and row.cursor is not None:
            read.append(_root_receipt(row, place))
    until = after + len(rows[:limit])
    signed = sign_head(connection, ledger, head, now)
    return Page(tuple(read), until, len(rows) > limit, signed, head.durable)


def _root_receipt(row: Any, place: int) -> Record:
    at = row.received_at or ""
    receipt = Receipt(row.id.hex(), row.verdict, row.cursor, row.place, at, row.code or "")
    return Record(place, "receipt", row.id.hex(), at, receipt_plain(receipt))


def streams_of(connection: Connection, dossier: str) -> set[str]:
    """Which offices' streams have a dossier."""
    wanted = select(scopes.c.stream).where(scopes.c.dossier == dossier)
    return {stream for (stream,) in connection.execute(wanted)}


def dossier_by_code(connection: Connection, code: str) -> str | None:
    """The id of the dossier that was first to bear a code."""
    wanted = select(dossiers.c.id).where(dossiers.c.code == code).order_by(dossiers.c.n).limit(1)
    return connection.scalar(wanted)


def device_head(connection: Connection, device: str) -> dict[str, tuple[int, str]]:
    """By incarnation of a device: the last number that the log has, and that entry's id."""
    wanted = select(device_heads).where(device_heads.c.device == device)
    return {row.incarnation: (row.seq, row.entry) for row in connection.execute(wanted)}
