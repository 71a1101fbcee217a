"""What travels between nodes: entries offered, receipts given, records of a log read page by page.

`*_plain` gives JSON values, `*_from` reads them back and raises EntryError for anything else.
Bytes go as base64, a header as the text it is. Nothing here checks signatures.
"""

import base64
from dataclasses import dataclass
from typing import Any

from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.domain.entry import EntryError


@dataclass(frozen=True, slots=True)
class Offer:
    """An entry as it travels; `body` and `salt` are None once erased."""

    header: bytes
    signature: bytes
    body: bytes | None
    salt: bytes | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a hub said of an entry.

    `verdict`: accepted, flagged, held, quarantined, or seen (a relay's). `cursor` is the place in
    the root's log, `place` that in the relay's. `at`: when the hub had it. `is_repeat`: it had it before.
    """

    id: str
    verdict: str
    cursor: int | None
    place: int | None
    at: str
    code: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One numbered line of a log; `offer`, `verdict`, `code`, `received_at` only of kind `entry`."""

    cursor: int
    kind: str
    ref: str
    at: str
    value: dict[str, Any] | None = None
    offer: Offer | None = None
    verdict: str = ""
    code: str = ""
    received_at: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Records in order; ask again after `next`. `more`: others wait already."""

    records: tuple[Record, ...]
    next: int
    more: bool
    head: SignedCheckpoint
    durable: int


def unreadable_offer(raw: bytes) -> Offer:
    """A line that is no offer at all: it is judged FORMAT and kept, as every line is."""
    return Offer(raw, b"", None, None)


def offer_plain(offer: Offer) -> dict[str, Any]:
    return {
        "h": offer.header.decode(),
        "s": _text(offer.signature),
        "b": None if offer.body is None else _text(offer.body),
        "salt": None if offer.salt is None else _text(offer.salt),
    }


def offer_from(plain: Any) -> Offer:
    try:
        header = plain["h"].encode()
        return Offer(header, _bytes(plain["s"]), _maybe(plain.get("b")), _maybe(plain.get("salt")))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EntryError("not an offer") from error


def receipt_plain(receipt: Receipt) -> dict[str, Any]:
    return {name: getattr(receipt, name) for name in receipt.__slots__}


def receipt_from(plain: Any) -> Receipt:
    try:
        receipt = Receipt(
            plain["id"],
            plain["verdict"],
            plain["cursor"],
            plain["place"],
            plain["at"],
            plain["code"],
            bool(plain.get("is_repeat", False)),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise EntryError("not a receipt") from error
    _require_texts(receipt.id, receipt.verdict, receipt.at, receipt.code)
    _require_places(receipt.cursor, receipt.place)
    return receipt


def record_plain(record: Record) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "cursor": record.cursor,
        "kind": record.kind,
        "ref": record.ref,
        "at": record.at,
    }
    if record.value is not None:
        plain["value"] = record.value
    if record.offer is not None:
        plain |= offer_plain(record.offer)
        plain |= {"verdict": record.verdict, "code": record.code, "received_at": record.received_at}
    return plain


def record_from(plain: Any) -> Record:
    try:
        record = Record(
            plain["cursor"],
            plain["kind"],
            plain["ref"],
            plain["at"],
            plain.get("value"),
            offer_from(plain) if "h" in plain else None,
            plain.get("verdict", ""),
            plain.get("code", ""),
            plain.get("received_at", ""),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise EntryError("not a record") from error
    _require_texts(record.kind, record.ref, record.at, record.verdict, record.code, record.received_at)
    if type(record.cursor) is not int or not isinstance(record.value, dict | None):
        raise EntryError("not a record")
    return record


def page_end_plain(page: Page) -> dict[str, Any]:
    """The line after a page's records."""
    return {
        "next": page.next,
        "more": page.more,
        "head": checkpoint_plain(page.head),
        "durable": page.durable,
    }


def page_from(records: tuple[Record, ...], end: Any) -> Page:
    try:
        page = Page(records, end["next"], end["more"], checkpoint_from(end["head"]), end["durable"])
    except (KeyError, TypeError) as error:
        raise EntryError("not the end of a page") from error
    if type(page.next) is not int or type(page.durable) is not int or type(page.more) is not bool:
        raise EntryError("not the end of a page")
    return page


def _require_texts(*values: object) -> None:
    if not all(isinstance(value, str) for value in values):
        raise EntryError("text is missing")


def _require_places(*values: object) -> None:
    if not all(value is None or type(value) is int for value in values):
        raise EntryError("a place is no number")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: Any) -> bytes:
    return base64.b64decode(text, validate=True)


def _maybe(text: Any) -> bytes | None:
    return None if text is None else _bytes(text)
