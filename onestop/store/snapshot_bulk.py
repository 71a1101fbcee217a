"""Whole journals that are new here and simply stand: checked like all others, put in in bulk.

A page taken entry by entry folds what it has just written and asks the store for each; for
twenty thousand journals that is minutes. Whatever is not plain (a verdict other than accepted,
an erased body, an unknown device, an entry that is here, a dossier with conflicts) is left to
`taking`, which knows what to do with it.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from onestop.domain.acts import STATES
from onestop.domain.dossier import Dossier
from onestop.domain.entry import Entry, EntryError, Header, parse_header, signed_message
from onestop.domain.fold import Verdict, fold
from onestop.domain.offer import Offer, Record
from onestop.domain.settle import is_settling
from onestop.domain.signing import is_signed
from onestop.store.bulk import add_rows, put_rows, rows_in
from onestop.store.foreign import Odd, sound_header
from onestop.store.moves import queue_downloads
from onestop.store.projection import add_row
from onestop.store.rows import get_local
from onestop.store.tables import device_heads, devices, dossiers, entries

_CHUNK = 100
_A = TypeVar("_A")
_B = TypeVar("_B")
_ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class _Item:
    record: Record
    offer: Offer
    header: Header


@dataclass(frozen=True, slots=True)
class _Journal:
    items: tuple[_Item, ...]
    dossier: Dossier


def take_plain(connection: Connection, records: Sequence[Record]) -> tuple[tuple[Record, ...], set[str]]:
    """Takes the plain journals among `records`; the other records, and the dossiers taken.

    Journals must be whole and each in one piece, as a snapshot has them.
    """
    items = [_item(record) for record in records]
    keys = _keys(connection, {item.header.device for item in items if item})
    signed = _signed([item for item in items if item], keys)
    strangers = _here(connection, [item for item in items if item])
    groups: dict[str | None, list[_Item | None]] = {}
    names = [item.header.dossier if item else dossier_of(record) for item, record in _pairs(items, records)]
    for name, item in _pairs(names, items):
        groups.setdefault(name, []).append(item)
    made = [_journal(group, signed) for name, group in groups.items() if name not in strangers]
    journals = [journal for journal in made if journal is not None]
    _put(connection, journals)
    taken = {journal.dossier.id for journal in journals}
    return tuple(record for name, record in _pairs(names, records) if name not in taken), taken


def _pairs(ones: Sequence[_A], others: Sequence[_B]) -> Iterator[tuple[_A, _B]]:
    return zip(ones, others, strict=True)


def dossier_of(record: Record) -> str | None:
    """Whose journal a record belongs to; None for what is no entry of a dossier."""
    try:
        return None if record.offer is None else parse_header(record.offer.header).dossier
    except EntryError:
        return None


def _item(record: Record) -> _Item | None:
    if record.offer is None or record.offer.body is None or record.verdict != Verdict.ACCEPTED:
        return None
    try:
        return _Item(record, record.offer, sound_header(record.offer, record.ref))
    except Odd:
        return None


def _keys(connection: Connection, wanted: Iterable[str]) -> dict[str, bytes]:
    """Public keys, but for this desk's own: what it gets back of itself needs more care."""
    own = (get_local(connection, "desk") or {}).get("device", "")
    rows = rows_in(connection, select(devices.c.device, devices.c.public_key), devices.c.device, wanted)
    return {row.device: bytes(row.public_key) for row in rows if row.device != own}


def _signed(items: Sequence[_Item], keys: dict[str, bytes]) -> set[str]:
    """Ids of entries that their device did sign. Checking leaves the interpreter: threads help."""
    chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return set().union(*pool.map(lambda chunk: _signed_here(chunk, keys), chunks))


def _signed_here(items: Sequence[_Item], keys: dict[str, bytes]) -> set[str]:
    return {
        item.record.ref
        for item in items
        if item.header.device in keys
        and is_signed(keys[item.header.device], signed_message(item.offer.header), item.offer.signature)
    }


def _here(connection: Connection, items: Sequence[_Item]) -> set[str | None]:
    """Dossiers that are not wholly new: some entry, or another under one of its numbers, is here.

    None, for entries of no dossier, is never plain.
    """
    ids = {item.header.dossier for item in items if item.header.dossier is not None}
    known: set[str | None] = {None}
    for table in (entries, dossiers):
        column = entries.c.dossier if table is entries else dossiers.c.id
        known |= {row[0] for row in rows_in(connection, select(column).distinct(), column, ids)}
    claims = {(item.header.device, item.header.incarnation, item.header.seq): item for item in items}
    columns = (entries.c.device, entries.c.incarnation, entries.c.seq)
    wanted = select(*columns).where(entries.c.device.in_({device for device, _, _ in claims}))
    for row in rows_in(connection, wanted, entries.c.seq, {seq for _, _, seq in claims}):
        rival = claims.get((row.device, row.incarnation, row.seq))
        known |= {rival.header.dossier} if rival else set()
    if len(claims) < len(items):  # two in one snapshot under one number: none of their dossiers
        for item in items:
            first = claims[item.header.device, item.header.incarnation, item.header.seq]
            known |= {first.header.dossier, item.header.dossier} if first is not item else set()
    return known


def _journal(group: Sequence[_Item | None], signed: set[str]) -> _Journal | None:
    """None unless all of it is signed, stands, and folds without a conflict."""
    items = [item for item in group if item is not None]
    refs = [item.record.ref for item in items]
    if len(items) < len(group) or len(set(refs)) < len(refs) or not signed.issuperset(refs):
        return None
    if any(is_settling(item.header.kind) for item in items):
        return None
    try:
        dossier = fold([(_entry(item), Verdict.ACCEPTED) for item in items])
    except _ODD:
        return None
    return None if dossier is None or dossier.conflicts else _Journal(tuple(items), dossier)


def _entry(item: _Item) -> Entry:
    offer = item.offer
    return Entry(item.record.ref, item.header, offer.header, offer.signature, offer.body, offer.salt)


def _put(connection: Connection, journals: Sequence[_Journal]) -> None:
    items = [item for journal in journals for item in journal.items]
    add_rows(connection, entries, [_row(item) for item in items])
    _move_heads(connection, items)
    for journal in journals:
        add_row(connection, journal.dossier)
        if STATES[journal.dossier.state].is_open:
            for item in journal.items:
                queue_downloads(connection, journal.dossier.id, item.header.blobs)


def _row(item: _Item) -> dict[str, Any]:
    record, header, offer = item.record, item.header, item.offer
    return {
        "id": bytes.fromhex(record.ref),
        "dossier": header.dossier,
        "device": header.device,
        "incarnation": header.incarnation,
        "seq": header.seq,
        "kind": header.kind,
        "at": header.at,
        "header": offer.header,
        "signature": offer.signature,
        "body": offer.body,
        "salt": offer.salt,
        "verdict": record.verdict,
        "code": record.code or None,
        "cursor": record.cursor,
        "received_at": record.received_at or record.at,
    }


def _move_heads(connection: Connection, items: Sequence[_Item]) -> None:
    """The last entry of each chain that is here now."""
    last: dict[tuple[str, str], tuple[int, str, str]] = {}
    named = {item.header.device for item in items}
    for row in rows_in(connection, select(device_heads), device_heads.c.device, named):
        last[row.device, row.incarnation] = (row.seq, row.entry, row.at)
    for item in items:
        header = item.header
        chain = (header.device, header.incarnation)
        last[chain] = max(last.get(chain, (0, "", "")), (header.seq, item.record.ref, header.at))
    rows = [
        {"device": device, "incarnation": incarnation, "seq": seq, "entry": entry, "at": at}
        for (device, incarnation), (seq, entry, at) in last.items()
    ]
    put_rows(connection, device_heads, ("device", "incarnation"), rows)
