"""A bundle: everything a desk has not been able to send, in one sealed file on a stick.

    {"format": "onestop.bundle.1", "bundle", "device", "log", "epoch", "cursor", "checked", "reply_to",
     "at", "entries"}
    {"offer": {...}}  own entries and those carried for others, parents first
    {"blob": digest, "length": n} + n plain bytes
    {"signature": ...}  by the desk

The file is sealed to the root hub's box key (`box`): whoever finds the stick reads nothing.
`reply_to` is a fresh key of the desk: only this desk opens what comes back.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from onestop.domain.entry import EntryError, parse_header
from onestop.domain.offer import Offer, offer_plain
from onestop.domain.signing import SigningKey, is_signed
from onestop.errors import StoreError
from onestop.store.backup_rows import Counter, stream
from onestop.store.blobs import has_blob, read_blob
from onestop.store.bundle_lines import SignedWriter
from onestop.store.parts import find_key
from onestop.store.peers import ROOT, Peer, peer_of
from onestop.store.report import Progress, quiet
from onestop.store.rows import get_local, list_reference, put_local
from onestop.store.sealed import Sink, new_pair
from onestop.store.store import Store
from onestop.store.tables import blob_moves, entries, outbox

FORMAT = "onestop.bundle.1"
PURPOSE = "bundle"
BOX = "box"
"""Kind of the row by which a root hub publishes its box key, under the log's name."""

COURIER = "courier"
"""The desk's own note of bundles that are out: the keys that open their returns."""

_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What was put in. `lost` are scans that this machine no longer has or cannot open."""

    bundle: str
    entries: int
    blobs: int
    size: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Courier:
    """A desk about to write a bundle: who it is, what it has read (`cursor`) and proved (`checked`)
    of the log, its fresh key."""

    bundle: str
    device: str
    key: SigningKey
    log: str
    epoch: str
    cursor: int
    checked: int
    reply_to: bytes


def box_plain(key: SigningKey, log: str, public: bytes) -> dict[str, Any]:
    """The row that publishes a box key, signed by the log's key."""
    return {"log": log, "public": public.hex(), "signature": key.sign(_box_message(log, public)).hex()}


def _box_message(log: str, public: bytes) -> bytes:
    return b"mc.box.1\0" + log.encode() + b"\0" + public


def box_of(connection: Connection) -> bytes:
    """The root hub's box key, as its log published it. Raises StoreError before there is one."""
    root = _root(connection)
    for value in list_reference(connection, BOX):
        try:
            public, signature = bytes.fromhex(value["public"]), bytes.fromhex(value["signature"])
        except (KeyError, TypeError, ValueError):
            continue
        if is_signed(root.public_key, _box_message(root.log, public), signature):
            return public
    raise StoreError(
        "Chưa có khoá của máy chủ để niêm phong gói",
        "Máy này cần nối máy chủ ít nhất một lần để nhận khoá, sau đó mới ghi được gói ra USB.",
    )


def _root(connection: Connection) -> Peer:
    root = peer_of(connection, ROOT)
    if root is None:
        raise StoreError(
            "Máy này chưa nối với máy chủ nào",
            "Hãy nhập mã kết nối do quản trị cấp trước khi dùng USB chuyển dữ liệu.",
        )
    return root


def begin_bundle(store: Store) -> Courier:
    """Makes the fresh key and notes it, before the file is written: no return can come too early."""
    secret, public = new_pair()
    with store.write() as connection:
        root = _root(connection)
        desk = get_local(connection, "desk")
        bundle = secrets.token_hex(16)
        noted = (get_local(connection, COURIER) or {}) | {bundle: secret.hex()}
        put_local(connection, COURIER, dict(list(noted.items())[-_REMEMBERED:]))
    key = SigningKey(bytes.fromhex(desk["secret"]))
    checked = root.checkpoint.checkpoint.cursor if root.checkpoint else 0
    return Courier(bundle, desk["device"], key, root.log, root.epoch, root.cursor, checked, public)


def write_bundle(
    store: Store, courier: Courier, sink: Sink, at: str, progress: Progress = quiet
) -> BundleReport:
    """Writes everything unsent into `sink`; nothing is thereby said to be sent."""
    with store.read() as connection:
        count = connection.scalar(select(func.count()).select_from(_unsent().subquery())) or 0
        first = {
            "bundle": courier.bundle,
            "device": courier.device,
            "log": courier.log,
            "epoch": courier.epoch,
            "cursor": courier.cursor,
            "checked": courier.checked,
            "reply_to": courier.reply_to.hex(),
            "at": at,
            "entries": count,
        }
        writer = SignedWriter(sink, FORMAT, first)
        named = _write_entries(connection, writer, Counter(count, "Ghi bút ký vào gói", progress))
        written, lost = _write_blobs(store, connection, writer, named, progress)
    writer.finish(courier.key)
    return BundleReport(courier.bundle, count, written, writer.length, lost)


def _unsent() -> Any:
    waiting = select(entries).join(outbox, outbox.c.entry == entries.c.n)
    return waiting.where(outbox.c.verdict != "quarantined").order_by(entries.c.n)


def _write_entries(connection: Connection, writer: SignedWriter, counter: Counter) -> list[str]:
    """The digests that those entries name, and those that still wait to be sent from before."""
    named: dict[str, None] = {}
    for row in stream(connection, _unsent()):
        writer.line({"offer": offer_plain(Offer(row.header, row.signature, row.body, row.salt))})
        named |= dict.fromkeys(_blobs_of(row.header))
        counter.add()
    left = select(blob_moves.c.sha256).where(blob_moves.c.direction == "up", blob_moves.c.is_done.is_(False))
    named |= dict.fromkeys(digest for (digest,) in connection.execute(left))
    return list(named)


def _blobs_of(header: bytes) -> Iterator[str]:
    try:
        yield from (ref.sha256 for ref in parse_header(header).blobs)
    except EntryError:
        return


def _write_blobs(
    store: Store, connection: Connection, writer: SignedWriter, named: list[str], progress: Progress
) -> tuple[int, tuple[str, ...]]:
    written, lost = 0, []
    for number, digest in enumerate(named, 1):
        plain = _plain_blob(store, connection, digest)
        if plain is None:
            lost.append(digest)
        else:
            writer.line({"blob": digest, "length": len(plain)})
            writer.raw(plain)
            written += 1
        progress(number, len(named), "Chép tệp giấy tờ vào gói")
    return written, tuple(lost)


def _plain_blob(store: Store, connection: Connection, digest: str) -> bytes | None:
    """None for a carried entry's scan that is not here, and for a damaged one: the entries go anyway."""
    if not has_blob(store.blobs_folder, digest):
        return None
    try:
        key = find_key(connection, digest)
        return None if key is None else read_blob(store.blobs_folder, digest, key)
    except StoreError:
        return None
