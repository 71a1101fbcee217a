"""A bundle at the root hub: first looked at whole, then taken in as a push over the line would be.

Nothing is taken before the whole file was read, its signature checked, and its desk found to
be one of ours that was not revoked. Each entry is then judged by `ledger.ingest`, each scan
kept only when an entry that the hub knows names it. Taking the same bundle again changes nothing.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from sqlalchemy import Connection, select

from onestop.domain.entry import EntryError, parse_header
from onestop.domain.moment import to_wire
from onestop.domain.offer import Offer, Receipt, offer_from
from onestop.errors import Refused, StoreError
from onestop.store import blobs as blob_files
from onestop.store.blobs import MAX_BLOB, has_blob
from onestop.store.bundle import BOX, FORMAT, box_plain
from onestop.store.bundle_lines import Plain, SignedReader, key_of, number_of, text_of
from onestop.store.device_view import Standing, find_standing
from onestop.store.ledger import ingest
from onestop.store.log import Ledger
from onestop.store.office_rows import put_row
from onestop.store.parts import mark_whole, settle_key
from onestop.store.report import Progress, quiet
from onestop.store.rows import get_local, put_local
from onestop.store.sealed import broken, new_pair
from onestop.store.store import Store
from onestop.store.tables import blob_streams, blobs

_BATCH = 200

Opened = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the plain stream of one bundle from its beginning, as often as asked."""


@dataclass(frozen=True, slots=True)
class From:
    """The first line of a bundle: who wrote it and what it had read."""

    bundle: str
    device: str
    log: str
    epoch: str
    cursor: int
    checked: int
    reply_to: bytes
    at: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Entries of one device in a bundle. `office` is empty for a device the hub does not know."""

    device: str
    name: str
    office: str
    entries: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bundle holds, before anything of it is taken."""

    sender: From
    office: str
    desk: str
    origins: tuple[Origin, ...]
    unreadable: int
    entries: int
    blobs: int
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of it: the receipts in the order of the entries; scans taken, had before, refused;
    `kept`: digests of those the hub now has."""

    receipts: tuple[Receipt, ...]
    taken: int
    had: int
    refused: int
    kept: tuple[str, ...]

    def count(self, verdict: str) -> int:
        return sum(receipt.verdict == verdict for receipt in self.receipts)


def ensure_box(connection: Connection, ledger: Ledger, now: datetime) -> bytes:
    """The hub's secret box key; made and published to every desk when there is none yet."""
    kept = get_local(connection, BOX)
    if kept is not None:
        return bytes.fromhex(kept)
    secret, public = new_pair()
    put_local(connection, BOX, secret.hex())
    put_row(connection, ledger, "", BOX, ledger.log, box_plain(ledger.key, ledger.log, public), now)
    return secret


def box_secret(connection: Connection) -> bytes:
    """Raises StoreError on a hub that never published one."""
    kept = get_local(connection, BOX)
    if kept is None:
        raise StoreError(
            "Máy chủ này chưa có khoá nhận gói USB",
            "Gói chỉ mở được ở máy chủ gốc đã phát khoá cho các quầy. Hãy kiểm tra đúng máy chủ.",
        )
    return bytes.fromhex(kept)


# --- looking


def preview_bundle(connection: Connection, source: BinaryIO) -> Preview:
    """Reads a whole bundle and takes nothing.

    Raises StoreError (damaged, cut, not a bundle) or Refused (forged, by a desk that is
    unknown or revoked).
    """
    reader = SignedReader(source, FORMAT)
    sender = _sender(reader.first)
    devices: Tally[str] = Tally()
    unreadable = blob_count = size = 0
    for line in _lines(reader):
        if "blob" in line:
            size += len(_blob(reader, line))
            blob_count += 1
            continue
        device = _device_of(_offer(line))
        devices[device] += 1
        unreadable += not device
    known = _require_sender(connection, reader, sender)
    origins = tuple(_origin(connection, device, count) for device, count in devices.most_common() if device)
    entries = devices.total()
    if entries != number_of(reader.first, "entries"):
        raise broken()
    counts = (unreadable, entries, blob_count, size)
    return Preview(sender, known.office, known.name, origins, *counts, reader.digest)


def _sender(first: Plain) -> From:
    return From(
        text_of(first, "bundle"),
        text_of(first, "device"),
        text_of(first, "log"),
        text_of(first, "epoch"),
        number_of(first, "cursor"),
        number_of(first, "checked"),
        key_of(first, "reply_to"),
        text_of(first, "at"),
    )


def _lines(reader: SignedReader) -> Iterator[Plain]:
    while (line := reader.line()) is not None:
        yield line


def _offer(line: Plain) -> Offer:
    try:
        return offer_from(line["offer"])
    except (EntryError, KeyError) as error:
        raise broken() from error


def _blob(reader: SignedReader, line: Plain) -> bytes:
    """The scan that follows; its bytes are what they are called."""
    length = number_of(line, "length")
    if length > MAX_BLOB:
        raise broken()
    plain = reader.raw(length)
    if sha256(plain).hexdigest() != line["blob"]:
        raise broken()
    return plain


def _device_of(offer: Offer) -> str:
    try:
        device = parse_header(offer.header).device
    except EntryError:
        return ""
    return device if isinstance(device, str) else ""


def _origin(connection: Connection, device: str, count: int) -> Origin:
    known = find_standing(connection, device)
    if known is None:
        return Origin(device, "", "", count, False)
    return Origin(device, known.name, known.office, count, True)


def _require_sender(connection: Connection, reader: SignedReader, sender: From) -> Standing:
    known = find_standing(connection, sender.device)
    if known is None:
        raise Refused(
            "Gói do một máy không quen ký",
            f"Máy {sender.device[:13]}… chưa được kết nối với máy chủ này. Không có gì được nhận.",
        )
    if not reader.is_by(known.public):
        raise Refused(
            "Chữ ký của gói không đúng",
            f"Gói tự xưng của {known.name} nhưng không do quầy đó ký. Không có gì được nhận.",
        )
    if known.stopped:
        raise Refused(
            "Quầy ghi gói này đã bị thu hồi",
            f"Quầy {known.name} không còn quyền gửi dữ liệu. Không có gì được nhận.",
        )
    return known


# --- taking


def take_bundle(
    store: Store, ledger: Ledger, opened: Opened, seen: Preview, now: datetime, progress: Progress = quiet
) -> Delivery:
    """Takes a bundle that was looked at. Raises StoreError when the file changed since then."""
    receipts: list[Receipt] = []
    counts: Tally[str] = Tally()
    kept: list[str] = []
    with opened() as source:
        reader = SignedReader(source, FORMAT)
        batch: list[Offer] = []
        for number, line in enumerate(_lines(reader), 1):
            if "blob" not in line:
                batch.append(_offer(line))
            if batch and (len(batch) == _BATCH or "blob" in line):
                receipts += _ingest(store, ledger, batch, seen.sender.device, now)
                batch = []
            if "blob" in line:
                outcome = _take_blob(store, _blob(reader, line), line["blob"], now)
                counts[outcome] += 1
                kept += [line["blob"]] if outcome != "refused" else []
            progress(number, seen.entries + seen.blobs, "Nhận gói")
        if batch:
            receipts += _ingest(store, ledger, batch, seen.sender.device, now)
    if reader.digest != seen.digest:
        raise broken()
    return Delivery(tuple(receipts), counts["taken"], counts["had"], counts["refused"], tuple(kept))


def _ingest(store: Store, ledger: Ledger, batch: list[Offer], sender: str, now: datetime) -> list[Receipt]:
    with store.write() as connection:
        return ingest(connection, ledger, batch, sender, now)


def _take_blob(store: Store, plain: bytes, digest: str, now: datetime) -> str:
    with store.write() as connection:
        asked = select(blob_streams.c.sha256).where(blob_streams.c.sha256 == digest).limit(1)
        if connection.scalar(asked) is None:
            return "refused"
        row = connection.execute(select(blobs).where(blobs.c.sha256 == digest)).first()
        if row is not None and row.erased_at is not None:
            return "refused"
        if row is not None and row.is_whole and has_blob(store.blobs_folder, digest):
            return "had"
        key = settle_key(connection, digest)
    if not has_blob(store.blobs_folder, digest):
        _keep(store, plain, digest, key)
    with store.write() as connection:
        mark_whole(connection, digest, len(plain), to_wire(now))
    return "taken"


def _keep(store: Store, plain: bytes, digest: str, key: bytes) -> None:
    try:
        blob_files._write(store.blobs_folder, BytesIO(plain), digest, key)
    except OSError as error:
        raise StoreError(
            "Không ghi được tệp giấy tờ vào kho của máy chủ",
            "Kiểm tra chỗ trống của ổ đĩa rồi nhận lại gói; phần đã nhận không bị nhân đôi.",
        ) from error
