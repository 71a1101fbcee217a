"""How a hub's process learns that another one wrote: PostgreSQL tells it, SQLite is asked."""

from typing import Any

from sqlalchemy import Connection, select

from onestop.errors import StoreError
from onestop.store.tables import log_head, streams

_CHANNEL = "onestop_log"


class Listener:
    """A connection of its own that waits for other processes' word. PostgreSQL only."""

    def __init__(self, url: str) -> None:
        """Raises StoreError."""
        import psycopg

        self._fault = psycopg.Error
        try:
            self._connection: psycopg.Connection[Any] = psycopg.connect(
                url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True
            )
            self._connection.execute(f"LISTEN {_CHANNEL}".encode())
        except psycopg.Error as error:
            raise _lost() from error

    def wait(self, seconds: float) -> None:
        """Until something was written, or the time is over. Raises StoreError for a lost line."""
        try:
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                return
        except self._fault as error:
            raise _lost() from error

    def close(self) -> None:
        self._connection.close()


def ring(connection: Connection) -> None:
    """Tells the other processes, when this transaction is committed. Nothing to do on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_notify('{_CHANNEL}', '')")


def log_cursor(connection: Connection) -> int:
    """The last number the log gave; 0 for an empty one."""
    return connection.scalar(select(log_head.c.cursor)) or 0


def changed_streams(connection: Connection, wanted: frozenset[str], after: int) -> frozenset[str]:
    """Which of the wanted streams have records beyond `after`."""
    asked = select(streams.c.stream).where(streams.c.stream.in_(wanted), streams.c.cursor > after)
    return frozenset(connection.scalars(asked.distinct()))


def _lost() -> StoreError:
    return StoreError("Mất liên lạc với cơ sở dữ liệu", "Máy chủ sẽ tự nối lại.")
