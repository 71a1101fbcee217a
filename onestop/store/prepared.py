"""Statements built once by Core and handed to the driver as they are.

An officer waits for every act, and an act is a dozen small statements: compiling them anew,
looking them up by their shape and wrapping their results would cost more than the disk does.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Table, Update, bindparam


class Prepared:
    """One statement with named parameters, compiled at first use for each kind of database.

    Values go to the driver unconverted: text, whole numbers, bytes, booleans and None only.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._made: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Executes within the connection's transaction and gives the driver's cursor.

        `values` may hold more than is asked for. Raises the driver's own errors.
        """
        dialect = connection.dialect
        sql, names = self._made.get(dialect.name) or self._compile(dialect)
        if not connection.in_transaction():
            connection.begin()  # as SQLAlchemy does of itself before the first statement
        cursor = connection.connection.cursor()
        cursor.execute(sql, values if names is None else tuple([values[name] for name in names]))
        return cursor

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
        compiled = self._statement.compile(dialect=dialect)
        names = tuple(compiled.positiontup or ()) if compiled.positional else None
        self._made[dialect.name] = str(compiled), names
        return self._made[dialect.name]


def insert_row(table: Table, without: tuple[str, ...] = ()) -> Insert:
    """INSERT of a whole row but for the columns that the database fills."""
    names = [column.name for column in table.columns if column.name not in without]
    return table.insert().values({name: bindparam(name) for name in names})
