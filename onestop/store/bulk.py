"""Many rows at once: one statement for a whole batch, whatever the database.

PostgreSQL takes new rows by COPY, several times faster than INSERT; SQLite by executemany.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, text

Row = Mapping[str, Any]

_PART = 5_000
"""Values in one list of a query: SQLite takes 32,766 at most."""


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Rows that are known to be new; all have the same columns."""
    if not rows:
        return
    names = tuple(rows[0])
    if connection.dialect.name != "postgresql":
        connection.execute(text(_insert(table.name, names)), list(rows))
        return
    raw: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in names)
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


def add_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Rows of which some may be there already: those are left as they are."""
    if rows:
        sql = _insert(table.name, tuple(rows[0])) + " ON CONFLICT DO NOTHING"
        connection.execute(text(sql), list(rows))


def put_rows(connection: Connection, table: Table, keys: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows that replace those of the same `keys`."""
    if rows:
        names = tuple(rows[0])
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
        sql = f"{_insert(table.name, names)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
        connection.execute(text(sql), list(rows))


@cache
def _insert(table: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(f":{name}" for name in names)})'


def rows_in(
    connection: Connection, wanted: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
) -> Iterator[Any]:
    """The rows of `wanted` whose `column` is one of `values`; no query when there are none."""
    values = list(values)
    for start in range(0, len(values), _PART):
        yield from connection.execute(wanted.where(column.in_(values[start : start + _PART])))
