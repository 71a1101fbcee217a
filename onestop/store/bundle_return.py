"""What goes back on the stick: the receipts of a bundle, and what its office has not read yet.

    {"format": "onestop.return.1", "bundle", "device", "log", "receipts", "hello"}
    {"receipt": {...}} for each entry of the bundle
    {"have": digest, "durable": …} for each scan of it that the hub has now
    {"record": {...}} … {"page": {"next", "more", "head", "durable"}}   pages as a pull gives them
    {"signature": ...}  by the log's key

Sealed to the key that came in the bundle. A desk takes it as it takes a push's receipts and a
pull's pages; taking it twice, or after the line came back, changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import Connection

from onestop.domain.entry import EntryError
from onestop.domain.offer import (
    Page,
    Receipt,
    Record,
    page_end_plain,
    page_from,
    receipt_from,
    receipt_plain,
    record_from,
    record_plain,
)
from onestop.errors import Refused, StoreError, SyncError
from onestop.store.bundle import COURIER
from onestop.store.bundle_hello import Greeting, greeting_for, greeting_from, greeting_plain
from onestop.store.bundle_in import Delivery, From, Opened
from onestop.store.bundle_lines import SignedReader, SignedWriter, number_of, text_of
from onestop.store.device_view import whole_blobs
from onestop.store.ledger import read_page
from onestop.store.log import POLICY, Ledger, office_stream
from onestop.store.moves import mark_sent
from onestop.store.peers import ROOT, peer_of
from onestop.store.report import Progress, quiet
from onestop.store.rows import get_local, put_local
from onestop.store.sealed import Sink, broken
from onestop.store.sending import take_receipts
from onestop.store.store import Store
from onestop.store.taking import take_hello, take_page

FORMAT = "onestop.return.1"
PURPOSE = "return"
_PAGE = 500
_RECEIPTS = 500


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """What a desk took from a return."""

    receipts: int
    records: int
    dossiers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Have:
    """A scan that the hub has."""

    digest: str
    is_durable: bool


_Line = Receipt | Record | Have | dict[str, Any]

# --- at the hub


def write_return(
    connection: Connection,
    ledger: Ledger,
    sender: From,
    office: str,
    delivery: Delivery,
    sink: Sink,
    now: datetime,
    progress: Progress = quiet,
) -> int:
    """Writes the return of a bundle whose sender was checked; how many records it holds."""
    known = sender.epoch if sender.log == ledger.log else ""
    greeting = greeting_for(connection, ledger, sender.device, known, sender.checked, now)
    first = {
        "bundle": sender.bundle,
        "device": sender.device,
        "log": ledger.log,
        "receipts": len(delivery.receipts),
        "hello": greeting_plain(greeting),
    }
    writer = SignedWriter(sink, FORMAT, first)
    for receipt in delivery.receipts:
        writer.line({"receipt": receipt_plain(receipt)})
    for start in range(0, len(delivery.kept), _PAGE):
        some = delivery.kept[start : start + _PAGE]
        durable = whole_blobs(connection, some)
        for digest in some:
            writer.line({"have": digest, "durable": durable.get(digest, False)})
    count = 0
    for page in _pages(connection, ledger, min(sender.cursor, greeting.common), office):
        for record in page.records:
            writer.line({"record": record_plain(record)})
        writer.line({"page": page_end_plain(page)})
        count += len(page.records)
        progress(page.next, page.head.checkpoint.cursor, "Ghi biên nhận")
    writer.finish(ledger.key)
    return count


def _pages(connection: Connection, ledger: Ledger, after: int, office: str) -> Iterator[Page]:
    more = True
    while more:
        page = read_page(connection, ledger, [office_stream(office), POLICY], after, _PAGE)
        yield page
        after, more = page.next, page.more


# --- at the desk


def return_secrets(connection: Connection) -> tuple[bytes, ...]:
    """All keys that may open a return, newest first: the file does not say whose it is."""
    kept = get_local(connection, COURIER) or {}
    return tuple(bytes.fromhex(secret) for secret in reversed(kept.values()))


def check_return(connection: Connection, source: BinaryIO) -> int:
    """Reads a whole return and takes nothing; how many lines it has.

    Raises StoreError (damaged, cut) or Refused (forged, another desk's, of an unknown log).
    """
    reader = SignedReader(source, FORMAT)
    lines = 0
    while (line := reader.line()) is not None:
        _parsed(line)
        lines += 1
    root = peer_of(connection, ROOT)
    desk = get_local(connection, "desk")
    if root is None or root.log != text_of(reader.first, "log") or not reader.is_by(root.public_key):
        raise Refused(
            "Biên nhận không phải của máy chủ này",
            "Tệp không do máy chủ mà quầy này đã kết nối ký. Không có gì được nhận.",
        )
    if text_of(reader.first, "device") != desk["device"]:
        raise Refused("Biên nhận của quầy khác", "Hãy đưa tệp về đúng quầy đã ghi gói.")
    greeting_from(reader.first.get("hello"))
    return lines


def take_return(store: Store, opened: Opened, total: int, progress: Progress = quiet) -> ReturnReport:
    """Takes a return that was checked, page by page as over the line."""
    taken = _Taking(store)
    with opened() as source:
        reader = SignedReader(source, FORMAT)
        taken.greet(greeting_from(reader.first["hello"]))
        number = 0
        while (line := reader.line()) is not None:
            taken.take(_parsed(line))
            number += 1
            progress(number, total, "Nhận biên nhận")
    taken.settle_receipts()
    return ReturnReport(taken.receipts, taken.records, frozenset(taken.dossiers))


def forget_bundle(store: Store, bundle: str) -> None:
    """The return was taken: its key opens nothing any more."""
    with store.write() as connection:
        kept = get_local(connection, COURIER) or {}
        put_local(connection, COURIER, {name: secret for name, secret in kept.items() if name != bundle})


def _parsed(line: dict[str, Any]) -> _Line:
    try:
        if "have" in line:
            return Have(text_of(line, "have"), line["durable"] is True)
        if "receipt" in line:
            return receipt_from(line["receipt"])
        if "record" in line:
            return record_from(line["record"])
        page_from((), line["page"])
        return dict(line["page"])
    except (EntryError, KeyError) as error:
        raise broken() from error


class _Taking:
    """Gathers lines into batches of receipts and pages of records, and takes each in one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._receipts: list[Receipt] = []
        self._records: list[Record] = []
        self.receipts = 0
        self.records = 0
        self.dossiers: set[str] = set()

    def greet(self, greeting: Greeting) -> None:
        """A restored hub is heard of here too. Raises SyncError when its log lies."""
        with self._store.write() as connection:
            outcome = take_hello(connection, greeting)
        if outcome.lies:
            raise SyncError(outcome.lies, "Không có gì được nhận. Hãy báo ngay cho quản trị của tỉnh.")
        self.dossiers |= outcome.dossiers

    def take(self, item: _Line) -> None:
        if isinstance(item, Have):
            with self._store.write() as connection:
                mark_sent(connection, item.digest, item.is_durable)
        elif isinstance(item, Receipt):
            self._receipts.append(item)
            if len(self._receipts) == _RECEIPTS:
                self.settle_receipts()
        elif isinstance(item, Record):
            self._records.append(item)
        else:
            self.settle_receipts()
            self._take_page(item)

    def settle_receipts(self) -> None:
        if not self._receipts:
            return
        with self._store.write() as connection:
            self.dossiers |= set(take_receipts(connection, ROOT, self._receipts))
        self.receipts += len(self._receipts)
        self._receipts = []

    def _take_page(self, end: dict[str, Any]) -> None:
        """A desk that read on over the line meanwhile takes only what is new to it."""
        with self._store.write() as connection:
            root = peer_of(connection, ROOT)
            assert root is not None  # `check_return` asked
            news = tuple(record for record in self._records if record.cursor > root.cursor)
            if number_of(end, "next") > root.cursor:
                page = page_from(news, end)
                self.dossiers |= set(take_page(connection, root.log, page).dossiers)
                self.records += len(news)
        self._records = []


def bundle_name(source: BinaryIO) -> str:
    """The bundle that a return answers."""
    return text_of(SignedReader(source, FORMAT).first, "bundle")


def no_return_key() -> StoreError:
    return StoreError(
        "Không mở được biên nhận",
        "Biên nhận không phải của gói nào do quầy này ghi, đã nhận xong, hoặc tệp bị hỏng.",
    )
