"""A narrow look into the store, for the first window: one connection, plain SQL, no engine.

SQLAlchemy takes longer to import than a window takes to paint. What the first page needs is
read here; everything that writes, and everything after, goes through `Store`.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from onestop.errors import StoreError
from onestop.store.cipher import connect, in_words


class Glance:
    """Reads only. Safe to call from one thread at a time; it guards itself."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Raises StoreError when there is no store at `path`, or the key is not its own."""
        if not path.exists():
            raise StoreError("Chưa có kho dữ liệu", f"Không thấy tệp {path.name} trong {path.parent}.")
        self._lock = Lock()
        self._connection = connect(path, key)
        self.version: int = next(iter(self.rows("PRAGMA user_version", {})))[0]

    def rows(self, sql: str, values: dict[str, Any]) -> Iterable[Sequence[Any]]:
        """All rows of a query with named parameters."""
        with self._lock, in_words():
            found: list[Sequence[Any]] = self._connection.execute(sql, values).fetchall()
        return found

    def local(self, key: str) -> Any:
        """This desk's own fact, or None."""
        for (value,) in self.rows("SELECT value FROM local WHERE key = :key", {"key": key}):
            return json.loads(value)
        return None

    def reference(self, kind: str) -> list[Any]:
        """The values of a kind of reference rows, by key."""
        sql = "SELECT value FROM reference WHERE kind = :kind ORDER BY key"
        return [json.loads(value) for (value,) in self.rows(sql, {"kind": kind})]

    def close(self) -> None:
        with self._lock:
            self._connection.close()
