"""Disks in the seed's hand: each can end its machine at any statement, fill up, and go back in time."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine
from sqlcipher3 import dbapi2

from onestop.store import store as store_module
from onestop.store.cipher import connect

_FREE = ("ROLLBACK", "BEGIN", "SELECT", "PRAGMA", "WITH", "DELETE")
"""What a full disk still does."""


class PowerCut(BaseException):
    """The machine is gone between two statements; nothing below may catch it and go on."""


class Disk:
    """Counts the statements of one machine and fails where the seed wants it to."""

    def __init__(self) -> None:
        self.cut_after: int | None = None
        self.full_after: int | None = None
        self.is_dead = False
        self.statements = 0
        self.cuts = 0
        self.refusals = 0

    def heal(self) -> None:
        """Power is back, and there is room again."""
        self.cut_after = self.full_after = None
        self.is_dead = False

    def before(self, sql: str) -> None:
        self.statements += 1
        if self.is_dead:
            raise PowerCut
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after < 0:
                self._die()
        if self.full_after is not None and not sql.lstrip().upper().startswith(_FREE):
            self.full_after -= 1
            if self.full_after < 0:
                self.refusals += 1
                raise dbapi2.OperationalError("database or disk is full")

    def after_commit(self) -> None:
        """A cut may also come when the disk has the commit and the program does not know it yet."""
        if self.cut_after == 0:
            self._die()

    def _die(self) -> None:
        self.cut_after = None
        self.is_dead = True
        self.cuts += 1
        raise PowerCut


class _Cursor:
    def __init__(self, cursor: Any, disk: Disk) -> None:
        self._cursor, self._disk = cursor, disk

    def execute(self, sql: str, *values: Any) -> Any:
        self._disk.before(sql)
        self._cursor.execute(sql, *values)
        return self

    def executemany(self, sql: str, values: Any) -> Any:
        self._disk.before(sql)
        self._cursor.executemany(sql, values)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class _Connection:
    """The driver's connection. Rolling back and closing always work: so does a disk without power."""

    def __init__(self, connection: Any, disk: Disk) -> None:
        self._connection, self._disk = connection, disk

    def cursor(self, *arguments: Any) -> _Cursor:
        return _Cursor(self._connection.cursor(*arguments), self._disk)

    def execute(self, sql: str, *values: Any) -> Any:
        return self.cursor().execute(sql, *values)

    def commit(self) -> None:
        self._disk.before("COMMIT")
        self._connection.commit()
        self._disk.after_commit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class Disks:
    """Every disk of a world by the path of the store on it. Engines outlive worlds: statements
    are compiled once for each path, not once for each seed."""

    def __init__(self) -> None:
        self._disks: dict[Path, Disk] = {}
        self._engines: dict[tuple[Path, bytes], Engine] = {}

    def of(self, path: Path) -> Disk:
        return self._disks.setdefault(path, Disk())

    def renew(self, path: Path) -> Disk:
        self._disks[path] = Disk()
        return self._disks[path]

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Stores that are opened within lie on these disks."""
        real_engine = store_module._engine

        def engine(path: Path, key: bytes) -> Engine:
            kept = self._engines.get((path, key))
            if kept is None:
                kept = self._engines[path, key] = real_engine(path, key)
            return kept

        def on_disk(path: Path, key: bytes) -> Any:
            return _Connection(connect(path, key), self.of(path))

        with patch.object(store_module, "_engine", engine), patch.object(store_module, "connect", on_disk):
            yield


def copy_machine(source: Path, target: Path) -> None:
    """An image of a machine that stands still: every file, in place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
