"""Statements built once by Core and handed to the driver as they are.

An officer waits for every act: compiling its dozen statements anew, or looking them up by
their shape, would cost as much as the disk does.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Delete, Dialect, Insert, Select, Table, Update, bindparam


class Prepared:
    """One statement with named parameters, compiled at first use for each kind of database.

    Values go to the driver unconverted: text, whole numbers, bytes, booleans and None only.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._made: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Executes within the connection's transaction; `values` may hold more than is asked for."""
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._compile(dialect)
        sql, names = made
        if names is None:
            return connection.exec_driver_sql(sql, dict(values))
        return connection.exec_driver_sql(sql, tuple([values[name] for name in names]))

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
        compiled = self._statement.compile(dialect=dialect)
        names = tuple(compiled.positiontup or ()) if compiled.positional else None
        self._made[dialect.name] = str(compiled), names
        return self._made[dialect.name]


def insert_row(table: Table, without: tuple[str, ...] = ()) -> Insert:
    """INSERT of a whole row but for the columns that the database fills."""
    names = [column.name for column in table.columns if column.name not in without]
    return table.insert().values({name: bindparam(name) for name in names})
