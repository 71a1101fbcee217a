"""The store of one desk: an encrypted file, opened once, written by one hand."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from onestop.errors import StoreError
from onestop.store.cipher import connect, in_words, store_error
from onestop.store.migrations import NEWEST, migrate

PATIENCE = 60.0
"""Seconds that a thread waits for the others' writes."""


class Store:
    """Reads side by side, writes one at a time, each all or nothing.

    `read` and `write` give a SQLAlchemy connection inside a transaction; leaving the block
    of `write` commits with the disk's word for it (synchronous=FULL), an exception undoes all.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._writer = engine.execution_options(writes=True)  # the same pool, told apart by `_begin`
        self._turn = Lock()

    @property
    def blobs_folder(self) -> Path:
        return self.path.parent / "blobs"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        try:
            with in_words(), self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise store_error(error.orig or error) from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        try:
            with in_words(), self._in_turn(), self._writer.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise store_error(error.orig or error) from error

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads of this program wait here, not in SQLite: there it is a lottery, and who loses it
        for ten seconds is told that the store is busy."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise dbapi2.OperationalError("database is locked")
        try:
            yield
        finally:
            self._turn.release()

    def rows(self, sql: str, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
        """All rows of plain SQL with named parameters; the lists of `queue` are read by it."""
        with self.read() as connection:
            found: list[Sequence[Any]] = connection.connection.cursor().execute(sql, values).fetchall()
        return found

    def tidy(self) -> None:
        """Merges some of the search index and moves the write-ahead log into the file.

        Called when nobody waits: after acts, while the desk rests. Tens of milliseconds.
        """
        with self.write() as connection:
            connection.exec_driver_sql(_MERGE)
        with in_words():
            raw = self._engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                raw.close()

    def close(self) -> None:
        self._engine.dispose()


_MERGE = "INSERT INTO search(search, rank) VALUES ('merge', 500)"
"""At most so many pages at once; what is left waits for the next quiet moment."""


def open_store(path: Path, key: bytes) -> Store:
    """The store at `path`, made when there is none, brought up to this program's version.

    Raises StoreError: wrong key, read-only folder, damage, or a store written by a newer program.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            "Không tạo được thư mục dữ liệu", f"Kiểm tra quyền ghi của thư mục {path.parent}."
        ) from error
    engine = _engine(path, key)
    store = Store(path, engine)
    try:
        _bring_up(store, key)
    except BaseException:
        store.close()
        raise
    return store


def _engine(path: Path, key: bytes) -> Engine:
    # The default pool of these URLs is SingletonThreadPool, which dies under 16 threads.
    engine = create_engine(
        "sqlite://",
        creator=lambda: connect(path, key),
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=5,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # A writer that reads first and then asks for the lock fails at once instead of waiting.
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up(store: Store, key: bytes) -> None:
    with store.read() as connection:
        version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > NEWEST:
        raise StoreError(
            "Kho dữ liệu thuộc bản chương trình mới hơn",
            f"Kho ở bản {version}, chương trình này chỉ biết đến bản {NEWEST}. "
            "Hãy cập nhật chương trình; dữ liệu vẫn nguyên.",
        )
    if version == NEWEST:
        return
    if version > 0:
        _keep_copy(store.path, key, version)
    with store.write() as connection:
        migrate(connection, version)


def _keep_copy(path: Path, key: bytes, version: int) -> None:
    """A whole copy beside the file before its shape changes; the old program can open it."""
    copy = path.with_name(f"{path.stem}.v{version}.bak")
    connection: Any = connect(path, key)
    try:
        with in_words():
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy2(path, copy)
    except OSError as error:
        raise StoreError(
            "Không giữ được bản sao trước khi nâng cấp kho",
            f"Cần chỗ trống bằng cỡ tệp {path.name} trong {path.parent}. Kho chưa bị thay đổi.",
        ) from error
    finally:
        connection.close()
