"""What comes down: pages of a log, journals, and entries brought by other ways.

A page is taken in one transaction with the number it ends at: a kill leaves all of it or
nothing. Nothing in it stops the taking: what cannot be used goes on the shelf as it came,
and the dossier it belongs to is marked as not fully shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select

from onestop.domain.checkpoint import Checkpoint, checkpoint_from, is_checkpoint_signed
from onestop.domain.entry import EntryError
from onestop.domain.offer import Page, Receipt, Record, receipt_from
from onestop.errors import SyncError
from onestop.store.foreign import New, Odd, add_entry
from onestop.store.greeting import HelloOutcome as HelloOutcome  # noqa: PLC0414  hello belongs to taking
from onestop.store.greeting import rewind_root
from onestop.store.greeting import take_hello as take_hello  # noqa: PLC0414  the same
from onestop.store.moves import queue_downloads
from onestop.store.peers import RELAY, ROOT, Peer, change_peer, find_peer, peer_of
from onestop.store.projection import refold_all
from onestop.store.receipts import known_entries, note_receipt
from onestop.store.rows import (
    drop_local,
    drop_reference,
    get_local,
    list_local,
    put_local,
    put_reference,
)
from onestop.store.shelving import put_on_shelf, shelved_of, take_from_shelf
from onestop.store.standing import note_seen
from onestop.store.tables import dossiers, entries, reference
from onestop.store.trust import statement_of, take_statement

WANT = "want:"
"""Local rows: dossiers whose journals are to be fetched whole, with the count of their entries."""

FOUNDED = "founded_rows"
"""Local row of a desk that was joined later: keys of the rows it was founded with, by kind."""

_ODD = (EntryError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a record of another shape than its kind's ends in."""


class StalePage(SyncError):
    """A page of another log or epoch than this node reads: hello has to come first."""


class OtherBranch(StalePage):
    """The root speaks of an entry of this desk that is not here: a copy of this machine wrote it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """`entries`: ids that are new here; `receipts`: every verdict that came; `statements`: new ids;
    `rows`: "kind/key"; `scopes`: dossiers to fetch; `dossiers`: all that look different now."""

    entries: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    statements: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    dossiers: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Basket:
    """What a page has given so far. `kind` of the hub it came from."""

    connection: Connection
    kind: str
    own_device: str = ""
    known: dict[str, Any] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    news: list[New] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    dossiers: set[str] = field(default_factory=set)

    def row(self, ref: str) -> Any:
        """The entry's row as it stands now: read with all of the page's, or anew if met again."""
        if ref in self.unread:
            self.unread.discard(ref)
            return self.known.get(ref)
        return known_entries(self.connection, [ref]).get(ref)

    def touch(self, dossier: str | None) -> None:
        if dossier:
            self.dossiers.add(dossier)

    def whole(self) -> Taken:
        return Taken(
            tuple(self.entries),
            tuple(self.receipts),
            tuple(self.statements),
            tuple(self.rows),
            tuple(self.scopes),
            frozenset(self.dossiers),
        )


def take_page(connection: Connection, peer_log: str, page: Page) -> Taken:
    """Takes a page of a log on an open write transaction, and moves on to its end.

    Raises StalePage, taking nothing, when the page is not of the log and epoch that this node reads;
    OtherBranch when it leaves out an entry as this desk's own that is not here.
    """
    peer = find_peer(connection, peer_log)
    head = page.head.checkpoint
    if peer is None or (head.log, head.epoch) != (peer.log, peer.epoch):
        raise StalePage("Máy chủ đã đổi nhật ký", "Chương trình sẽ chào lại máy chủ rồi nhận tiếp.")
    if not is_checkpoint_signed(peer.public_key, page.head):
        raise StalePage("Trang nhận về không đúng chữ ký của máy chủ", "Chương trình sẽ thử nhận lại.")
    basket = _Basket(connection, peer.kind)
    _take_records(basket, page.records)
    change_peer(
        connection,
        peer.log,
        cursor=max(peer.cursor, page.next),
        durable=max(peer.durable, page.durable),
        reached_at=head.at,
    )
    if peer.kind == ROOT:
        read = min(page.next, head.cursor)
        note_seen(connection, head.epoch, read, head.at, is_whole=not page.more)
    return basket.whole()


def take_journal(connection: Connection, kind: str, dossier: str, records: Sequence[Record]) -> Taken:
    """A whole journal fetched from the hub of `kind`; it is wanted no more."""
    basket = _Basket(connection, kind)
    _take_records(basket, records)
    drop_local(connection, WANT + dossier)
    return basket.whole()


def take_offers(connection: Connection, records: Sequence[Record]) -> Taken:
    """Entries that came without any hub (a slip, a stick): believed by their signatures alone."""
    basket = _Basket(connection, "")
    _take_records(basket, records)
    return basket.whole()


def wanted_journals(connection: Connection, limit: int | None = None) -> list[str]:
    """Dossiers in this office's scope whose journals are not here whole."""
    return [dossier for dossier, _ in list_local(connection, WANT, limit)]


def want_journal(connection: Connection, dossier: str, count: int) -> bool:
    """Notes that a journal of `count` entries is to be fetched, unless it is here.

    What was written here meanwhile and no hub has placed does not count: a folder that was taken in
    by its slip may have grown longer than what is missing.
    """
    is_placed = or_(entries.c.cursor.is_not(None), entries.c.place.is_not(None))
    here = select(func.count()).where(entries.c.dossier == dossier, is_placed)
    if (connection.scalar(here) or 0) >= count:
        return False
    put_local(connection, WANT + dossier, count)
    return True


def _take_records(basket: _Basket, records: Sequence[Record]) -> None:
    connection = basket.connection
    basket.own_device = (get_local(connection, "desk") or {}).get("device", "")
    basket.unread = {record.ref for record in records if record.kind in ("entry", "receipt")}
    basket.known = known_entries(connection, basket.unread)
    for record in records:
        _take_record(basket, record)
    refold_all(connection, basket.dossiers)
    _want_papers(connection, basket.news)


def _take_record(basket: _Basket, record: Record) -> None:
    try:
        _KINDS.get(record.kind, _unknown)(basket, record)
    except Odd as odd:
        put_on_shelf(basket.connection, record, odd.verdict, odd.code, basket.kind)
        basket.touch(odd.dossier)
    except _ODD:
        put_on_shelf(basket.connection, record, "quarantined", "FORMAT", basket.kind)


def _want_papers(connection: Connection, news: Sequence[New]) -> None:
    """Papers of open dossiers come of themselves, those of closed ones when somebody asks."""
    naming = [new for new in news if new.papers]
    is_open = (dossiers.c.queue != "") & dossiers.c.id.in_({new.dossier for new in naming})
    open_here = set(connection.scalars(select(dossiers.c.id).where(is_open))) if naming else set()
    for new in naming:
        if new.dossier in open_here:
            queue_downloads(connection, new.dossier, new.papers)


def _unknown(basket: _Basket, record: Record) -> None:
    raise Odd("held", "FORMAT")


def _entry(basket: _Basket, record: Record) -> None:
    receipt = _receipt_of(basket.kind, record)
    row = basket.row(record.ref)
    if row is None:
        new = add_entry(basket.connection, record, receipt, basket.own_device)
        basket.entries.append(record.ref)
        basket.news.append(new)
        basket.dossiers |= new.touched
    elif basket.kind and note_receipt(basket.connection, basket.kind, row, receipt):
        basket.touch(row.dossier)
    if basket.kind:
        basket.receipts.append(receipt)


def _receipt_of(kind: str, record: Record) -> Receipt:
    at = record.received_at or record.at
    if kind == ROOT:
        return Receipt(record.ref, record.verdict, record.cursor, None, at, record.code)
    place = record.cursor if kind == RELAY else None
    return Receipt(record.ref, "seen", None, place, at, "")


def _receipt(basket: _Basket, record: Record) -> None:
    """A relay tells what the root said."""
    receipt = receipt_from(record.value)
    if receipt.id != record.ref:
        raise Odd("quarantined", "FORMAT")
    basket.receipts.append(receipt)
    row = basket.row(receipt.id)
    if row is None:
        _prefer(basket, receipt)
    elif note_receipt(basket.connection, ROOT, row, receipt):
        basket.touch(row.dossier)


def _prefer(basket: _Basket, receipt: Receipt) -> None:
    """Of two branches of a copied desk the other one was here first; the root chose this one."""
    record = take_from_shelf(basket.connection, receipt.id) if receipt.cursor is not None else None
    if record is None and basket.kind == ROOT and receipt.cursor is not None:
        # A root gives mere receipts for what this desk said it has.
        words = "Máy chủ có bút ký khác mang số của máy này"
        raise OtherBranch(words, "Chương trình sẽ nhận lại cả bút ký.")
    if record is not None:
        new = add_entry(basket.connection, record, receipt, basket.own_device)
        basket.entries.append(record.ref)
        basket.news.append(new)
        basket.dossiers |= new.touched


def _statement(basket: _Basket, record: Record) -> None:
    statement = statement_of(record)
    cursor = record.cursor if basket.kind == ROOT else None
    try:
        device = take_statement(basket.connection, statement, cursor)
    except EntryError as error:
        raise Odd("quarantined", "SIGNATURE") from error
    basket.statements.append(statement.id)
    if device:
        _take_shelved(basket, device)


def _take_shelved(basket: _Basket, device: str) -> None:
    """Entries that waited for their device to be stated, each as the hub that brought it said."""
    kind = basket.kind
    for via, record in shelved_of(basket.connection, device, "DEVICE"):
        basket.kind = via
        _take_record(basket, record)
    basket.kind = kind


def _row(basket: _Basket, record: Record) -> None:
    value = record.value or {}
    kind, key, version = value["kind"], value["key"], value["version"]
    texts_are_sound = all(isinstance(text, str) and text for text in (kind, key))
    if not texts_are_sound or kind == "grant" or record.ref != f"{kind}/{key}":
        raise Odd("quarantined", "FORMAT")
    _forget_founded(basket.connection, kind)
    if value["value"] is None:
        drop_reference(basket.connection, kind, key)
    else:
        put_reference(basket.connection, kind, key, str(version), value["value"])
    basket.rows.append(record.ref)


def _forget_founded(connection: Connection, kind: str) -> None:
    """The first row of a kind that the hub gives takes the place of all that were founded here."""
    founded = get_local(connection, FOUNDED)
    if not founded or kind not in founded:
        return
    here = (reference.c.kind == kind) & reference.c.key.in_(founded.pop(kind))
    connection.execute(delete(reference).where(here))
    put_local(connection, FOUNDED, founded)


def _scope(basket: _Basket, record: Record) -> None:
    value = record.value or {}
    if want_journal(basket.connection, str(value["dossier"]), int(value["count"])):
        basket.scopes.append(value["dossier"])


def _head(basket: _Basket, record: Record) -> None:
    """A relay hands on what the root signed: how far the office has read, and what is backed up."""
    value = record.value or {}
    root = peer_of(basket.connection, ROOT)
    signed = checkpoint_from(value.get("head", value))
    checkpoint = signed.checkpoint
    if root is None or checkpoint.log != root.log or not is_checkpoint_signed(root.public_key, signed):
        raise Odd("quarantined", "SIGNATURE")
    if checkpoint.epoch != root.epoch and not _changes_epoch(basket, root, checkpoint, value):
        return
    read = min(int(value.get("next", checkpoint.cursor)), checkpoint.cursor)
    _move_root(basket.connection, root.log, int(value.get("durable", 0)))
    note_seen(basket.connection, checkpoint.epoch, read, checkpoint.at)


def _changes_epoch(basket: _Basket, root: Peer, checkpoint: Checkpoint, value: Mapping[str, Any]) -> bool:
    """The root was restored, and the relay heard of it first. An old word of it changes nothing."""
    base = value.get("base")
    if type(base) is not int or checkpoint.at <= (root.reached_at or ""):
        return False
    basket.dossiers |= rewind_root(basket.connection, root, checkpoint.epoch, max(0, base))
    basket.unread.clear()  # rows that were read before the root forgot their numbers
    change_peer(basket.connection, root.log, reached_at=checkpoint.at)
    return True


def _move_root(connection: Connection, log: str, durable: int) -> None:
    root = find_peer(connection, log)
    if root is not None:
        change_peer(connection, log, durable=max(root.durable, durable))


_KINDS: dict[str, Callable[[_Basket, Record], None]] = {
    "entry": _entry,
    "receipt": _receipt,
    "statement": _statement,
    "row": _row,
    "scope": _scope,
    "head": _head,
}
