"""The shelf: bytes that could not be used, kept as they came so that nothing is lost or in the way."""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from onestop.domain.entry import EntryError, parse_header
from onestop.domain.offer import Record, record_from, record_plain
from onestop.store.tables import shelf


def put_on_shelf(
    connection: Connection,
    record: Record,
    verdict: str,
    code: str,
    via: str = "",
    sender: str | None = None,
) -> None:
    """Keeps a record whole, with whatever its bytes claim to be. `via`: kind of the hub it came from;
    `sender`: the device whose entry it is, when the hub has not heard of it yet."""
    plain = record_plain(record) | {"via": via}
    raw = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ident = sha256(raw).hexdigest()
    if connection.scalar(select(shelf.c.id).where(shelf.c.id == ident)) is not None:
        return
    said = {"verdict": verdict, "code": code, "raw": raw, "at": record.at, "sender": sender}
    connection.execute(shelf.insert().values(id=ident, **said, **_claims(record)))


def _claims(record: Record) -> dict[str, Any]:
    nothing = {"device": "", "incarnation": "", "seq": 0, "entry": record.ref, "dossier": ""}
    try:
        header = parse_header(record.offer.header if record.offer else b"")
    except EntryError:
        return nothing
    claims = {
        "device": header.device,
        "incarnation": header.incarnation,
        "seq": header.seq,
        "entry": record.ref,
        "dossier": header.dossier or "",
    }
    # An unreadable header may hold anything where text or a number should stand.
    is_sound = all(type(claims[name]) is type(nothing[name]) for name in claims)
    return claims if is_sound else nothing


def take_from_shelf(connection: Connection, entry: str) -> Record | None:
    """What was set aside for an entry that had the same number; it leaves the shelf."""
    here = (shelf.c.entry == entry) & (shelf.c.code == "FORK")
    rows = connection.execute(select(shelf.c.id, shelf.c.raw).where(here)).all()
    for row in rows:
        plain = json.loads(row.raw)
        if "cursor" in plain:  # as `put_on_shelf` writes it
            connection.execute(delete(shelf).where(shelf.c.id == row.id))
            return record_from(plain)
    return None


def pass_on_again(connection: Connection) -> None:
    """The hub may have lost what it was told of the lines on this shelf."""
    told = update(shelf).where(shelf.c.sender == "")
    connection.execute(told.values(sender=func.coalesce(func.nullif(shelf.c.device, ""), "?")))


def shelved_of(connection: Connection, device: str, code: str) -> list[tuple[str, Record]]:
    """Records set aside for `code` that claim to be of a device, with the kind of hub each came from;
    they leave the shelf. What a desk brought to a relay stays: the root has its say first."""
    here = (shelf.c.device == device) & (shelf.c.code == code) & shelf.c.sender.is_(None)
    rows = connection.execute(select(shelf.c.raw).where(here).order_by(shelf.c.seq)).all()
    connection.execute(delete(shelf).where(here))
    plains = [json.loads(row.raw) for row in rows]
    return [(plain["via"], record_from(plain)) for plain in plains]
