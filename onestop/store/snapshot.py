"""A snapshot: what a fresh desk of an office needs to begin, in one signed stream at cursor C.

    {"format": "onestop.snapshot.1", "streams", "entries", "head", "durable"}
    {"record": {...}}  every statement, every row in force, then the whole journals of the open
                       dossiers of these streams, dossier by dossier
    {"signature": ...} by the log's key

The desk goes on from C with pulls. Closed dossiers do not come; whoever opens one fetches it.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Connection, func, select

from onestop.domain.acts import STATES
from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.domain.entry import EntryError
from onestop.domain.offer import Offer, Page, Record, record_from, record_plain
from onestop.errors import Refused
from onestop.store.backup_rows import Counter, stream
from onestop.store.bundle_lines import SignedReader, SignedWriter, number_of
from onestop.store.journal import IN_ORDER
from onestop.store.log import Ledger, head_of, read_head
from onestop.store.peers import ROOT, peer_of
from onestop.store.report import Progress, quiet
from onestop.store.sealed import Sink, broken
from onestop.store.snapshot_bulk import dossier_of, take_plain
from onestop.store.store import Store
from onestop.store.tables import dossiers, entries, office_rows, scopes, statements
from onestop.store.taking import take_page

FORMAT = "onestop.snapshot.1"
_AT_ONCE = 200  # dossiers asked for in one query
_PAGE = 2000  # entries taken in one transaction, or as many more as their last dossier has
_OFFICE = "office:"

Opened = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the plain stream from its beginning, as often as asked."""


@dataclass(frozen=True, slots=True)
class SnapshotReport:
    """`cursor`: where the next pull begins."""

    cursor: int
    dossiers: int
    entries: int


# --- at the hub


def write_snapshot(
    connection: Connection, ledger: Ledger, streams: Sequence[str], sink: Sink, progress: Progress = quiet
) -> SnapshotReport:
    """Writes the snapshot of these streams, as the connection's transaction sees the log."""
    head = head_of(connection, ledger)
    opened = _open_dossiers(connection, streams)
    count = _count_entries(connection, opened)
    durable = read_head(connection, ledger.log).durable
    first = {"streams": list(streams), "entries": count, "head": checkpoint_plain(head), "durable": durable}
    writer = SignedWriter(sink, FORMAT, first)
    for record in (*_statements(connection), *_rows(connection, streams)):
        writer.line({"record": record_plain(record)})
    counter = Counter(count, "Ghi bản chụp hồ sơ", progress)
    for record in _journals(connection, opened):
        writer.line({"record": record_plain(record)})
        counter.add()
    writer.finish(ledger.key)
    return SnapshotReport(head.checkpoint.cursor, len(opened), count)


def _open_dossiers(connection: Connection, streams: Sequence[str]) -> list[str]:
    states = [state.value for state, row in STATES.items() if row.is_open]
    wanted = select(dossiers.c.id).join(scopes, scopes.c.dossier == dossiers.c.id)
    wanted = wanted.where(scopes.c.stream.in_(streams), dossiers.c.state.in_(states))
    return list(connection.scalars(wanted.distinct().order_by(dossiers.c.id)))


def _count_entries(connection: Connection, opened: list[str]) -> int:
    wanted = select(func.count()).select_from(entries).where(entries.c.cursor.is_not(None))
    return sum(connection.scalar(wanted.where(entries.c.dossier.in_(some))) or 0 for some in _parts(opened))


def _parts(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _statements(connection: Connection) -> Iterator[Record]:
    wanted = select(statements).where(statements.c.cursor.is_not(None)).order_by(statements.c.cursor)
    for row in stream(connection, wanted):
        signature = base64.b64encode(row.signature).decode()
        yield Record(row.cursor, "statement", row.id, "", {"body": row.body.decode(), "signature": signature})


def _rows(connection: Connection, streams: Sequence[str]) -> Iterator[Record]:
    offices = [name.removeprefix(_OFFICE) for name in streams if name.startswith(_OFFICE)]
    wanted = select(office_rows).where(office_rows.c.office.in_(["", *offices]))
    for row in stream(connection, wanted.order_by(office_rows.c.cursor)):
        value = {"kind": row.kind, "key": row.key, "version": row.version, "value": _plain(row.value)}
        yield Record(row.cursor, "row", f"{row.kind}/{row.key}", "", value)


def _plain(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _journals(connection: Connection, opened: list[str]) -> Iterator[Record]:
    wanted = select(entries).where(entries.c.cursor.is_not(None))
    for some in _parts(opened):
        here = wanted.where(entries.c.dossier.in_(some)).order_by(entries.c.dossier, *IN_ORDER)
        for row in stream(connection, here):
            offer = Offer(row.header, row.signature, row.body, row.salt)
            received = row.received_at or row.at
            yield Record(
                row.cursor,
                "entry",
                row.id.hex(),
                received,
                None,
                offer,
                row.verdict,
                row.code or "",
                received,
            )


# --- at the desk


def is_fresh(connection: Connection) -> bool:
    """Whether this desk has read nothing of its root yet; what it wrote alone does not count."""
    root = peer_of(connection, ROOT)
    numbered = select(entries.c.n).where(entries.c.cursor.is_not(None)).limit(1)
    return root is not None and root.cursor == 0 and connection.scalar(numbered) is None


def list_dossiers(connection: Connection) -> list[str]:
    return list(connection.scalars(select(dossiers.c.id)))


def take_snapshot(store: Store, opened: Opened, progress: Progress = quiet) -> SnapshotReport:
    """Fills a fresh desk; a kill on the way loses nothing, it is taken again from the beginning.

    Raises StoreError (damaged, cut) or Refused (not signed by this desk's root): nothing taken.
    """
    with store.read() as connection, opened() as source:
        head, count = _check(connection, SignedReader(source, FORMAT))
    taken = 0
    found: set[str] = set()
    with opened() as source:
        reader = SignedReader(source, FORMAT)
        durable = number_of(reader.first, "durable")
        for records, is_last in _pages(_records(reader)):
            with store.write() as connection:
                rest, plain = take_plain(connection, records)
                page = Page(rest, head.checkpoint.cursor if is_last else 0, not is_last, head, durable)
                found |= plain | take_page(connection, head.checkpoint.log, page).dossiers
            taken += sum(record.kind == "entry" for record in records)
            progress(taken, max(taken, count), "Nhận bản chụp hồ sơ")
    return SnapshotReport(head.checkpoint.cursor, len(found), taken)


def _check(connection: Connection, reader: SignedReader) -> tuple[SignedCheckpoint, int]:
    count = sum(record.kind == "entry" for record in _records(reader))
    root = peer_of(connection, ROOT)
    if root is None or not reader.is_by(root.public_key):
        raise Refused(
            "Bản chụp không phải của máy chủ này",
            "Tệp không do máy chủ mà quầy này đã kết nối ký. Không có gì được nhận.",
        )
    try:
        head = checkpoint_from(reader.first.get("head"))
    except EntryError as error:
        raise broken() from error
    if count != number_of(reader.first, "entries"):
        raise broken()
    if (head.checkpoint.log, head.checkpoint.epoch) != (root.log, root.epoch):
        raise Refused("Bản chụp thuộc một kỳ sổ khác", "Hãy nối máy chủ rồi tải bản chụp mới.")
    return head, count


def _records(reader: SignedReader) -> Iterator[Record]:
    while (line := reader.line()) is not None:
        try:
            yield record_from(line["record"])
        except (EntryError, KeyError) as error:
            raise broken() from error


def _pages(records: Iterator[Record]) -> Iterator[tuple[tuple[Record, ...], bool]]:
    """Pages that end before the first journal and then between two of them: each is folded once,
    by keys that are known. And whether it is the last."""
    page: list[Record] = []
    entries_in = 0
    dossier: str | None = None
    for record in records:
        following = dossier_of(record)
        is_first = record.kind == "entry" and not entries_in
        if page and (is_first or (entries_in >= _PAGE and following != dossier)):
            yield tuple(page), False
            page, entries_in = [], 0
        page.append(record)
        entries_in += record.kind == "entry"
        dossier = following
    yield tuple(page), True
