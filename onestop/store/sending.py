"""What goes up: entries of the outbox in an order any hub can take, statements a restored one lost."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select, true, update

from onestop.domain.entry import EntryError, parse_header
from onestop.domain.offer import Offer, offer_from, unreadable_offer
from onestop.domain.statement import Statement
from onestop.store.peers import RELAY
from onestop.store.projection import refold_all
from onestop.store.receipts import ask_again, carry
from onestop.store.receipts import take_receipts as take_receipts  # noqa: PLC0414  the answer to an offer
from onestop.store.rows import get_local
from onestop.store.tables import entries, outbox, shelf, statements

LOG_LIES = "log_lies"
"""Local row that a hub's log contradicts what it signed before: nothing more is sent to it."""

TO_OFFER = 0
"""Cursor of a statement that the root lost and that has not been brought back yet."""


def next_offers(connection: Connection, kind: str, limit: int, max_bytes: int) -> list[Offer]:
    """The oldest entries that the hub of `kind` has not answered, parents before children.

    At least one if there is any, however long it is; none while that hub's log is in doubt.
    """
    if is_halted(connection, kind):
        return []
    waiting = outbox.c.relayed.is_(False) if kind == RELAY else outbox.c.verdict == ""
    wanted = select(entries).join(outbox, outbox.c.entry == entries.c.n).where(waiting)
    # By the outbox's own number: by that of entries SQLite would read and sort all that waits.
    rows = connection.execute(wanted.order_by(outbox.c.entry).limit(limit)).all()
    fitting: list[Any] = []
    size = 0
    for row in _in_order(rows):
        size += offer_size(row)
        if fitting and size > max_bytes:
            break
        fitting.append(row)
    return [Offer(row.header, row.signature, row.body, row.salt) for row in fitting]


def _in_order(rows: Iterable[Any]) -> Iterator[Any]:
    """A journal that came in pieces may stand in the store with its beginning last."""
    waiting = {row.id.hex(): row for row in rows}
    while waiting:
        yield from _with_parents(next(iter(waiting)), waiting)


def _with_parents(first: str, waiting: dict[str, Any]) -> Iterator[Any]:
    """The entry after all of `waiting` that it builds on; no recursion: chains are long."""
    path = [first]
    while path:
        header = parse_header(waiting[path[-1]].header)
        before = next((p for p in (header.prev, *header.parents) if p in waiting and p not in path), None)
        if before is not None:
            path.append(before)
        else:
            yield waiting.pop(path.pop())


def shelved_offers(connection: Connection, limit: int) -> list[tuple[str, Offer]]:
    """Lines that could not be placed here and that the root has not heard of, with their shelf's id."""
    wanted = select(shelf.c.id, shelf.c.raw).where(shelf.c.sender != "")
    rows = connection.execute(wanted.order_by(shelf.c.device, shelf.c.seq, shelf.c.id).limit(limit))
    return [(row.id, _shelved(bytes(row.raw))) for row in rows]


def _shelved(raw: bytes) -> Offer:
    try:
        return offer_from(json.loads(raw))
    except (EntryError, ValueError, RecursionError):
        return unreadable_offer(raw.decode(errors="replace").encode())


def passed_on(connection: Connection, shelf_id: str) -> None:
    """The hub has the line too: nothing more is to be done with it here."""
    connection.execute(update(shelf).where(shelf.c.id == shelf_id).values(sender=""))


_BASE64 = 4 / 3
_FRAME = 120


def offer_size(row: Any) -> int:
    """About how many bytes an entry takes as a line."""
    raw = len(row.signature) + len(row.body or b"") + len(row.salt or b"")
    return int(len(row.header) * 1.1 + raw * _BASE64) + _FRAME


def is_halted(connection: Connection, kind: str) -> bool:
    lies = get_local(connection, LOG_LIES)
    return lies is not None and lies["kind"] == kind


def send_again(connection: Connection) -> int:
    """Somebody asks that everything be offered once more; how many entries wait."""
    refold_all(connection, ask_again(connection))
    return len(connection.execute(select(outbox.c.entry)).all())


def carry_all(connection: Connection) -> int:
    """Everything here that the root has not numbered is brought to it, whoever wrote it."""
    return carry(connection, true())


def statements_to_offer(connection: Connection) -> list[Statement]:
    """Statements of the root that a restore of it lost: they are signed, anyone may bring them back."""
    lost = select(statements).where(statements.c.cursor == TO_OFFER).order_by(statements.c.id)
    return [Statement(row.id, row.body, row.signature) for row in connection.execute(lost)]


def statements_offered(connection: Connection, ids: Iterable[str]) -> None:
    """The hub has read them; their numbers come back with the next page."""
    here = statements.c.id.in_(list(ids)) & (statements.c.cursor == TO_OFFER)
    connection.execute(update(statements).where(here).values(cursor=None))
