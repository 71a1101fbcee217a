"""What a relay tells its desks of the root: the root's news, under the relay's own numbers."""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, select, update

from onestop.domain.checkpoint import checkpoint_from, checkpoint_plain
from onestop.domain.entry import Header, parse_header
from onestop.domain.offer import Page, Receipt, Record, receipt_plain
from onestop.store.bulk import add_missing, rows_in
from onestop.store.greeting import ROOT_BASE
from onestop.store.log import POLICY, Ledger, Tail, lock_tail, office_stream
from onestop.store.rows import get_local
from onestop.store.tables import blob_refs, blob_streams, blobs, entries, records, scopes, statements


class News(Protocol):
    """What `taking.take_page` says it took; the relay needs none of it beside the page itself."""


def relay_news(connection: Connection, ledger: Ledger, taken: News, page: Page) -> None:
    """Appends a page of the root's log, already taken into this store, to the relay's log.

    An entry that came through this relay gets the root's receipt; one that did not, its bytes
    first. The root's signed head comes last: desks hold the root to it even without a line to it.
    """
    tail = lock_tail(connection, ledger)
    _new_epoch(connection, ledger, tail, page)
    stood = _stored(connection, page.records)
    told = _told(connection, page)
    for record in page.records:
        if record.kind == "statement":
            _statement(tail, record, told)
        elif record.kind == "entry":
            _entry(connection, ledger, tail, record, stood)
        elif record.kind in ("row", "scope"):
            _value(connection, ledger, tail, record)
    _head(connection, ledger, tail, page)
    tail.close(connection)


def relay_journal(connection: Connection, ledger: Ledger, read: Sequence[Record]) -> None:
    """A journal that came into view and was fetched whole: the desks hear of what they had not."""
    tail = lock_tail(connection, ledger)
    stood = _stored(connection, read)
    for record in read:
        row = stood.get(record.ref)
        if record.kind == "entry" and row is not None and row.place is None:
            _entry(connection, ledger, tail, record, stood)
    tail.close(connection)


def _stored(connection: Connection, read: Sequence[Record]) -> dict[str, Any]:
    wanted = [bytes.fromhex(record.ref) for record in read if record.kind == "entry"]
    has_body = entries.c.body.is_not(None).label("has_body")
    columns = select(entries.c.id, entries.c.dossier, entries.c.place, entries.c.header, has_body)
    return {row.id.hex(): row for row in rows_in(connection, columns, entries.c.id, wanted)}


def _told(connection: Connection, page: Page) -> set[str]:
    """Statements that this store could read; others are not passed on."""
    wanted = [record.ref for record in page.records if record.kind == "statement"]
    return {ident for (ident,) in rows_in(connection, select(statements.c.id), statements.c.id, wanted)}


def _statement(tail: Tail, record: Record, told: set[str]) -> None:
    if record.ref in told:
        tail.add("statement", record.ref, bytes.fromhex(record.ref), (POLICY,), record.at, record.value)


def _entry(connection: Connection, ledger: Ledger, tail: Tail, record: Record, stood: dict[str, Any]) -> None:
    row = stood.get(record.ref)
    if row is None:
        return  # it stands on the shelf: nothing of it can be shown
    into = _streams(connection, ledger, row.dossier)
    if row.has_body:  # papers of an erased entry are not asked for again
        _papers(connection, parse_header(row.header), into)
    if row.place is None:
        place = tail.add("entry", record.ref, bytes.fromhex(record.ref), into, record.at)
        moved = update(entries).where(entries.c.id == row.id)
        connection.execute(moved.values(place=place, placed_at=record.received_at or record.at))
    receipt = Receipt(record.ref, record.verdict, record.cursor, None, record.received_at, record.code)
    tail.add_value("receipt", record.ref, into, record.at, receipt_plain(receipt))


def _papers(connection: Connection, header: Header, into: set[str]) -> None:
    """What the entry names may be read by whoever reads the entry, once this relay has fetched it."""
    fresh = {"is_whole": False, "stored_at": None, "is_durable": False, "erased_at": None}
    for ref in header.blobs:
        add_missing(connection, blobs, [{"sha256": ref.sha256, "length": ref.length} | fresh])
        add_missing(connection, blob_refs, [{"sha256": ref.sha256, "dossier": header.dossier or ""}])
        add_missing(
            connection, blob_streams, [{"sha256": ref.sha256, "stream": name} for name in sorted(into)]
        )


def _streams(connection: Connection, ledger: Ledger, dossier: str | None) -> set[str]:
    own = office_stream(ledger.office)
    if dossier is None:
        return {own}
    add_missing(connection, scopes, [{"dossier": dossier, "stream": own}])
    wanted = select(scopes.c.stream).where(scopes.c.dossier == dossier)
    return {stream for (stream,) in connection.execute(wanted)}


def _value(connection: Connection, ledger: Ledger, tail: Tail, record: Record) -> None:
    if record.value is None:
        return
    if record.kind == "scope":
        add_missing(connection, scopes, [{"dossier": record.ref, "stream": office_stream(ledger.office)}])
    tail.add_value(record.kind, record.ref, (office_stream(ledger.office),), record.at, record.value)


def _new_epoch(connection: Connection, ledger: Ledger, tail: Tail, page: Page) -> None:
    """A root that was restored: told before any of its new numbers, which would be taken for old ones.

    A relay that is new tells the epoch it met: its desks may know the root from before it was restored.
    """
    head, last = page.head.checkpoint, _last_head(connection)
    noted = get_local(connection, ROOT_BASE)
    if noted is None:
        return
    if last is not None and checkpoint_from(last["head"]).checkpoint.epoch == head.epoch:
        return
    base = noted["base"] if noted["epoch"] == head.epoch else 0
    value = {
        "head": checkpoint_plain(page.head),
        "durable": min(page.durable, base),
        "base": base,
        "next": base,
    }
    tail.add_value("head", head.log, {POLICY, office_stream(ledger.office)}, head.at, value)


def _head(connection: Connection, ledger: Ledger, tail: Tail, page: Page) -> None:
    """Told only when everything it counts was told, and when it says something new."""
    value = {"head": checkpoint_plain(page.head), "durable": page.durable}
    last = _last_head(connection)
    is_news = bool(page.records) or last is None or last["durable"] != page.durable
    if page.more or not is_news or last == value:
        return
    head = page.head.checkpoint
    tail.add_value("head", head.log, {POLICY, office_stream(ledger.office)}, head.at, value)


def _last_head(connection: Connection) -> Any:
    told = select(records.c.value).where(records.c.kind == "head")
    value = connection.scalar(told.order_by(records.c.cursor.desc()).limit(1))
    return None if value is None else json.loads(value)
