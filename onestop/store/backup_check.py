"""Whether a restored store is the hub it was: root, entries, folds, all recomputed.

Only what passes here may be called durable. Memory stays flat: records and entries are read
in a stream, and that both say the same is told by a sum over all of them.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from onestop.domain.checkpoint import SignedCheckpoint, is_checkpoint_signed
from onestop.domain.entry import EntryError, body_hash, entry_id, parse_header
from onestop.domain.merkle import Frontier
from onestop.domain.statement import statement_id
from onestop.store.backup_rows import Counter, stream
from onestop.store.journal import list_journals, read_dossier
from onestop.store.log import Ledger, value_leaf
from onestop.store.projection import row_of
from onestop.store.report import Progress, Report, quiet
from onestop.store.tables import dossiers, entries, log_head, records

_SPAN = 2**256
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What folding a journal of another shape ends in."""


@dataclass(slots=True)
class _Sum:
    """The sum of hashes of (cursor, id): equal for equal sets, whatever their order."""

    count: int = 0
    value: int = 0

    def add(self, cursor: int, ident: bytes) -> None:
        self.count += 1
        digest = sha256(cursor.to_bytes(8, "big") + ident).digest()
        self.value = (self.value + int.from_bytes(digest, "big")) % _SPAN


def check_restored(
    connection: Connection, head: SignedCheckpoint, ledger: Ledger, progress: Progress = quiet
) -> Report:
    """Findings in words; none when the store is what the log's key once signed."""
    report = Report()
    if not is_checkpoint_signed(ledger.key.public, head):
        report.found("sổ cái", "Chữ ký của mốc sổ cái không đúng khoá của máy chủ")
    recorded = _check_records(connection, head, report, progress)
    if _check_entries(connection, ledger, report, progress) != recorded:
        report.found("sổ cái", "Bút ký trong kho khác với bút ký trong sổ cái")
    _check_folds(connection, report, progress)
    return report


def _check_records(
    connection: Connection, head: SignedCheckpoint, report: Report, progress: Progress
) -> _Sum:
    counter = Counter(head.checkpoint.cursor, "Tính lại gốc sổ cái", progress)
    frontier, recorded = Frontier(), _Sum()
    for row in stream(connection, select(records).order_by(records.c.cursor)):
        if row.cursor != counter.done + 1:
            report.found(f"sổ cái, số {row.cursor}", "Số thứ tự không liền nhau")
            break
        if _leaf_of(row) != row.leaf:
            report.found(f"sổ cái, số {row.cursor}", "Nội dung khác với lá trong cây băm")
        frontier.append(row.leaf)
        if row.kind == "entry":
            recorded.add(row.cursor, bytes.fromhex(row.ref))
        counter.add()
    said = head.checkpoint
    if (counter.done, frontier.root().hex()) != (said.cursor, said.root):
        report.found("sổ cái", "Gốc tính lại khác với gốc máy chủ đã ký")
    _check_head(connection, head, frontier, report)
    return recorded


def _check_head(connection: Connection, head: SignedCheckpoint, frontier: Frontier, report: Report) -> None:
    row = connection.execute(select(log_head)).one_or_none()
    said = head.checkpoint
    if row is None or (row.log, row.epoch, row.cursor) != (said.log, said.epoch, said.cursor):
        report.found("sổ cái", "Đầu sổ khác với mốc đã ký")
    elif row.frontier != frontier.encode():
        report.found("sổ cái", "Cây băm lưu trong kho khác với cây tính lại")


def _leaf_of(row: Any) -> bytes:
    """What the leaf of a record has to be; empty for a record that cannot be read."""
    try:
        if row.kind == "entry":
            return bytes.fromhex(row.ref)
        value = json.loads(row.value)
        if row.kind == "statement":
            return bytes.fromhex(statement_id(value["body"].encode()))
        return value_leaf(value)
    except (ValueError, TypeError, KeyError, AttributeError):
        return b""


def _check_entries(connection: Connection, ledger: Ledger, report: Report, progress: Progress) -> _Sum:
    total = connection.scalar(select(func.count()).select_from(entries)) or 0
    counter, standing = Counter(total, "Tính lại mã băm của bút ký", progress), _Sum()
    for row in stream(connection, select(entries).order_by(entries.c.n)):
        report.entries += 1
        _check_entry(row, report)
        number = row.place if ledger.is_relay else row.cursor
        if number is not None:
            standing.add(number, row.id)
        counter.add()
    return standing


def _check_entry(row: Any, report: Report) -> None:
    where = row.id.hex()[:12]
    if entry_id(row.header) != row.id.hex():
        report.found(where, "Mã băm của bút ký không khớp nội dung")
        return
    try:
        header = parse_header(row.header)
    except EntryError:
        report.found(where, "Phần đầu bút ký không đọc được")
        return
    if row.body is not None and body_hash(row.salt or b"", row.body) != header.body_hash:
        report.found(where, "Nội dung bút ký bị sửa")


def _check_folds(connection: Connection, report: Report, progress: Progress) -> None:
    counter = Counter(0, "So nhật ký với danh sách hồ sơ", progress)
    journals = list_journals(connection)
    counter.total = len(journals)
    for dossier_id in journals:
        _check_fold(connection, dossier_id, report)
        counter.add()
    listed = connection.scalar(select(func.count()).select_from(dossiers)) or 0
    if listed != report.dossiers:
        report.found("danh sách hồ sơ", f"Có {listed} dòng nhưng nhật ký cho {report.dossiers} hồ sơ")


def _check_fold(connection: Connection, dossier_id: str, report: Report) -> None:
    try:
        dossier = read_dossier(connection, dossier_id)
    except UNREADABLE:
        report.found(dossier_id[:12], "Không đọc được nhật ký của hồ sơ")
        return
    if dossier is None:
        return
    report.dossiers += 1
    row = connection.execute(select(dossiers).where(dossiers.c.id == dossier_id)).one_or_none()
    if row is None:
        report.found(dossier.code or dossier_id[:12], "Có nhật ký nhưng không có trong danh sách hồ sơ")
        return
    for column, value in row_of(dossier).items():
        if getattr(row, column) != value:
            report.found(dossier.code or dossier_id[:12], f"Cột “{column}” khác với nhật ký")
