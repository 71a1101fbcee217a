"""Rows of every table as lines of JSON, the same from SQLite and PostgreSQL, and back.

    {"table": name, "columns": [...]}      then a line for each row, in the order of its key
    [value, ...]                           bytes as base64

Rows pass through one by one: memory does not grow with the store.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import Connection, LargeBinary, Table, func, select, text

from onestop.errors import StoreError
from onestop.store.bulk import add_rows
from onestop.store.report import Progress
from onestop.store.sealed import Sink, broken
from onestop.store.tables import metadata

MAX_LINE = 4 * 1024 * 1024
_BATCH = 1000
_SAY = 5000

TABLES: tuple[Table, ...] = tuple(metadata.sorted_tables)
"""All of them, each after those it refers to."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one table gave: how many rows, and the SHA-256 of their lines."""

    rows: int
    sha256: str


def write_line(sink: Sink, plain: object) -> bytes:
    line = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    sink.write(line)
    return line


def read_line(source: BinaryIO) -> Any:
    """The next line's value. Raises StoreError at the end, for too long a line, for no JSON."""
    return _line(source)[1]


def _line(source: BinaryIO) -> tuple[bytes, Any]:
    line = source.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise broken()
    try:
        return line, json.loads(line)
    except (ValueError, RecursionError) as error:
        raise broken() from error


@dataclass(slots=True)
class Counter:
    """Says now and then how far the work is; the one who watches may raise to cancel."""

    total: int
    words: str
    progress: Progress
    done: int = 0

    def add(self, count: int = 1) -> None:
        before, self.done = self.done, self.done + count
        if before // _SAY != self.done // _SAY or self.done == self.total:
            self.progress(self.done, max(self.total, self.done), self.words)


def count_rows(connection: Connection) -> int:
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES)


def dump_tables(connection: Connection, sink: Sink, progress: Progress) -> dict[str, Part]:
    """Every table within the connection's transaction; the parts by table name."""
    counter = Counter(count_rows(connection), "Ghi dữ liệu vào bản sao lưu", progress)
    return {table.name: _dump(connection, table, sink, counter) for table in TABLES}


def _dump(connection: Connection, table: Table, sink: Sink, counter: Counter) -> Part:
    columns = list(table.columns)
    raw = {number for number, column in enumerate(columns) if isinstance(column.type, LargeBinary)}
    write_line(sink, {"table": table.name, "columns": [column.name for column in columns]})
    digest, count = sha256(), 0
    for row in stream(connection, select(*columns).order_by(*table.primary_key.columns)):
        plain = [_text(value) if number in raw else value for number, value in enumerate(row)]
        digest.update(write_line(sink, plain))
        count += 1
        counter.add()
    return Part(count, digest.hexdigest())


def stream(connection: Connection, statement: Any) -> Iterator[Any]:
    """Rows as they come from the database, never all at once."""
    with connection.execute(statement, execution_options={"yield_per": _BATCH}) as found:
        yield from found


def _text(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def load_tables(
    connection: Connection, source: BinaryIO, total: int, progress: Progress
) -> tuple[dict[str, Part], Any]:
    """Fills the empty tables; the parts, and the first line that is no table's.

    Raises StoreError for what is no such stream.
    """
    counter = Counter(total, "Đọc dữ liệu từ bản sao lưu", progress)
    known = {table.name: table for table in TABLES}
    parts: dict[str, Part] = {}
    head = read_line(source)
    while isinstance(head, dict) and "table" in head:
        table = known.pop(str(head["table"]), None)
        if table is None:
            raise broken()
        parts[table.name], head = _load(connection, table, head.get("columns"), source, counter)
    return parts, head


def _load(
    connection: Connection, table: Table, names: Any, source: BinaryIO, counter: Counter
) -> tuple[Part, Any]:
    if not isinstance(names, list) or not set(names) <= set(table.columns.keys()):
        raise broken()
    reader = _Rows(source)
    raw = frozenset(name for name in names if isinstance(table.columns[name].type, LargeBinary))
    rows = _values(reader.lines(), names, raw)
    count = 0
    while batch := list(islice(rows, _BATCH)):
        add_rows(connection, table, batch)
        counter.add(len(batch))
        count += len(batch)
    return Part(count, reader.digest.hexdigest()), reader.following


class _Rows:
    """The rows that follow, until a line that is none; that one is kept in `following`."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = sha256()
        self.following: Any = None

    def lines(self) -> Iterator[list[Any]]:
        while True:
            line, plain = _line(self._source)
            if not isinstance(plain, list):
                self.following = plain
                return
            self.digest.update(line)
            yield plain


def _values(rows: Iterable[list[Any]], names: list[str], raw: frozenset[str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if len(row) != len(names):
            raise broken()
        try:
            yield {
                name: _bytes(value) if name in raw else value for name, value in zip(names, row, strict=True)
            }
        except (ValueError, TypeError) as error:
            raise broken() from error


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else base64.b64decode(value, validate=True)


_NEVER_EMPTIED = ("entries", "records", "log_head", "statements", "dossiers", "enrolments")


def require_empty(connection: Connection) -> None:
    """Raises StoreError for a store in which anything was ever recorded."""
    for name in _NEVER_EMPTIED:
        table = metadata.tables[name]
        if connection.scalar(select(func.count()).select_from(table)):
            raise StoreError(
                "Kho đích không trống",
                "Chỉ phục hồi vào một cơ sở dữ liệu trống để không đè lên dữ liệu đang có. "
                "Hãy chỉ ra thư mục hoặc cơ sở dữ liệu mới; kho hiện có vẫn nguyên.",
            )


def clear_tables(connection: Connection) -> None:
    """Takes away what a new store notes of itself; `require_empty` found no journal in it."""
    for table in reversed(TABLES):
        if table.name not in _NEVER_EMPTIED:
            connection.execute(table.delete())


def set_counters(connection: Connection) -> None:
    """PostgreSQL numbers rows by a counter of its own that knows nothing of rows put in by number."""
    if connection.dialect.name != "postgresql":
        return
    for name in ("entries", "dossiers"):
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'n'), greatest(max(n), 1)) FROM {name}")
        )
