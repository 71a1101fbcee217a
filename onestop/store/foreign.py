"""One entry that somebody else brought: checked at first sight, put beside our own."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, literal_column, select, update

from onestop.domain.code import parse_code
from onestop.domain.entry import (
    BlobRef,
    EntryError,
    Header,
    body_hash,
    entry_id,
    require_canonical,
    signed_message,
)
from onestop.domain.moment import from_wire, local_day
from onestop.domain.offer import Offer, Receipt, Record
from onestop.domain.signing import is_signed
from onestop.errors import OfficeError
from onestop.store.prepared import Prepared, insert_row
from onestop.store.receipts import verdict_of
from onestop.store.rows import keep_serial, last_serial
from onestop.store.shelving import put_on_shelf
from onestop.store.standing import new_incarnation
from onestop.store.tables import device_heads, devices, entries, outbox, shelf


class Odd(Exception):
    """A record that goes on the shelf: verdict, code, and the dossier it claims to belong to."""

    def __init__(self, verdict: str, code: str, dossier: str = "") -> None:
        super().__init__(code)
        self.verdict, self.code, self.dossier = verdict, code, dossier


@dataclass(frozen=True, slots=True)
class New:
    """What an entry that was taken touches; `papers` that it names."""

    dossier: str
    touched: frozenset[str]
    papers: tuple[BlobRef, ...]


_KEY = Prepared(select(devices.c.public_key).where(devices.c.device == bindparam("of_device")))
_ADD = Prepared(insert_row(entries, without=("n",)))
_UNSHELVE = Prepared(
    delete(shelf).where(shelf.c.entry == bindparam("of_entry"), shelf.c.verdict == literal_column("'held'"))
)
"""What waited for something is here now."""
_RIVAL = Prepared(
    select(entries.c.n, entries.c.cursor).where(
        entries.c.device == bindparam("of_device"),
        entries.c.incarnation == bindparam("of_incarnation"),
        entries.c.seq == bindparam("of_seq"),
    )
)
_CHAIN = (device_heads.c.device == bindparam("of_device")) & (
    device_heads.c.incarnation == bindparam("of_incarnation")
)
_HEAD = Prepared(select(device_heads.c.seq).where(_CHAIN))
_ADD_HEAD = Prepared(insert_row(device_heads))
_MOVE_HEAD = Prepared(
    update(device_heads)
    .where(_CHAIN)
    .values(seq=bindparam("to_seq"), entry=bindparam("to_entry"), at=bindparam("to_at"))
)


def add_entry(connection: Connection, record: Record, receipt: Receipt, own_device: str) -> New:
    """Puts an entry that is not here yet into the store. Raises Odd when it cannot be believed."""
    offer = record.offer
    if offer is None:
        raise Odd("quarantined", "FORMAT")
    header = sound_header(offer, record.ref)
    _require_signature(connection, header, offer)
    touched = _make_room(connection, header, receipt, own_device)
    row = _row(header, offer, receipt)
    _ADD.run(connection, row)
    _UNSHELVE.run(connection, {"of_entry": record.ref})
    _move_head(connection, header, record.ref)
    if header.device == own_device:
        _advance_serials(connection, offer, header)
    dossier = header.dossier or ""
    return New(dossier, frozenset(touched | {dossier}) - {""}, header.blobs)


def sound_header(offer: Offer, ref: str) -> Header:
    """The header of canonical bytes whose members are what they should be, with its own body."""
    try:
        header = require_canonical(offer.header)
    except EntryError as error:
        raise Odd("quarantined", "FORMAT") from error
    texts = (header.device, header.incarnation, header.kind, header.at, header.officer, header.grant)
    is_sound = all(isinstance(text, str) for text in texts) and isinstance(header.dossier, str | None)
    is_sound = is_sound and type(header.seq) is int and 0 < header.seq < 2**31
    is_sound = is_sound and all(isinstance(parent, str) for parent in header.parents)
    if not is_sound or entry_id(offer.header) != ref or not _is_own_body(header, offer):
        raise Odd("quarantined", "FORMAT", header.dossier if isinstance(header.dossier, str) else "")
    return header


def _is_own_body(header: Header, offer: Offer) -> bool:
    """An erased body proves nothing and is lawful; half of one is not."""
    if offer.body is None or offer.salt is None:
        return offer.body is None and offer.salt is None
    is_whole = len(offer.body) == header.body_length
    return is_whole and body_hash(offer.salt, offer.body) == header.body_hash


def _require_signature(connection: Connection, header: Header, offer: Offer) -> None:
    key = _KEY.run(connection, {"of_device": header.device}).fetchone()
    if key is None:
        raise Odd("held", "DEVICE", header.dossier or "")
    if not is_signed(bytes(key[0]), signed_message(offer.header), offer.signature):
        raise Odd("quarantined", "SIGNATURE", header.dossier or "")


def _make_room(connection: Connection, header: Header, receipt: Receipt, own_device: str) -> set[str]:
    """Two entries under one number: a machine was copied. The root's branch stays, the other is kept
    on the shelf; a desk that finds itself on the losing one begins a new chain."""
    claim = {"of_device": header.device, "of_incarnation": header.incarnation, "of_seq": header.seq}
    rival = _RIVAL.run(connection, claim).fetchone()
    if rival is None:
        return set()
    if rival[1] is not None or receipt.cursor is None:
        raise Odd("quarantined", "FORK", header.dossier or "")
    row = connection.execute(select(entries).where(entries.c.n == rival[0])).one()
    set_aside(connection, row)
    if header.device == own_device:
        new_incarnation(connection)
    return {row.dossier or ""}


def set_aside(connection: Connection, row: Any) -> None:
    """Moves an entry that lost its number onto the shelf, whole; the root is to hear of it."""
    offer = Offer(row.header, row.signature, row.body, row.salt)
    kept = Record(0, "entry", row.id.hex(), row.at, None, offer, "quarantined", "FORK", row.at)
    put_on_shelf(connection, kept, "quarantined", "FORK", sender=row.device)
    connection.execute(delete(outbox).where(outbox.c.entry == row.n))
    connection.execute(delete(entries).where(entries.c.n == row.n))


def _row(header: Header, offer: Offer, receipt: Receipt) -> dict[str, Any]:
    is_numbered = receipt.cursor is not None
    return {
        "id": bytes.fromhex(receipt.id),
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
        "verdict": verdict_of(receipt.verdict).value,
        "code": receipt.code or None,
        "cursor": receipt.cursor,
        "place": receipt.place,
        "received_at": receipt.at if is_numbered else None,
        "placed_at": receipt.at if receipt.place is not None else None,
    }


def _move_head(connection: Connection, header: Header, entry: str) -> None:
    chain = {"of_device": header.device, "of_incarnation": header.incarnation}
    found = _HEAD.run(connection, chain).fetchone()
    if found is None:
        row = {"device": header.device, "incarnation": header.incarnation, "seq": header.seq}
        _ADD_HEAD.run(connection, row | {"entry": entry, "at": header.at})
    elif header.seq >= found[0]:
        moved = {"to_seq": header.seq, "to_entry": entry, "to_at": header.at}
        _MOVE_HEAD.run(connection, chain | moved)


def _advance_serials(connection: Connection, offer: Offer, header: Header) -> None:
    """A desk put back to an older state gets its own entries again: their numbers are used up."""
    try:
        facts = json.loads(offer.body or b"{}")
        code, number = parse_code(facts["code"]), int(facts["register_no"])
    except (OfficeError, ValueError, TypeError, KeyError):
        return
    year = local_day(from_wire(header.at)).year
    used = {f"code {code.agency_code} {code.received_on:%y%m%d}": code.serial, f"register {year}": number}
    for series, serial in used.items():
        if serial > (last_serial(connection, series) or 0):
            keep_serial(connection, series, serial)
