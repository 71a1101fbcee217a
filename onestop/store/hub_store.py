"""The store of a hub: PostgreSQL for a province, the encrypted file of a desk for an office alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from onestop.errors import OfficeError, StoreError
from onestop.store.migrations import NEWEST, migrate, version_of
from onestop.store.store import Store, open_store

_MIGRATION_LOCK = 0x0E5709
"""Two workers that start at once bring the tables up one after the other."""


class PostgresStore(Store):
    """As `Store`, on a server. Readers see one moment; writers see what was committed before each
    statement, so that whoever waited for the log's lock goes on from what the other left."""

    def __init__(self, path: Path, engine: Engine) -> None:
        super().__init__(path, engine)
        self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._writer = engine.execution_options(isolation_level="READ COMMITTED")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _in_words(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with _in_words(), self._writer.connect() as connection, connection.begin():
            yield connection

    def rows(self, sql: str, values: dict[str, Any]) -> Sequence[Sequence[Any]]:
        with self.read() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def tidy(self) -> None:
        """PostgreSQL keeps itself in order."""


def open_hub_store(url: str | None, path: Path, key: bytes) -> Store:
    """The store at `url` (postgresql://…), or without one the encrypted file at `path`.

    `path` names the folder of blobs in both cases. Raises StoreError.
    """
    if not url:
        return open_store(path, key)
    engine = _engine(url)
    store = PostgresStore(path, engine)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _bring_up(store)
    except BaseException:
        store.close()
        raise
    return store


def _engine(url: str) -> Engine:
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise StoreError(
            "Địa chỉ cơ sở dữ liệu không đúng dạng",
            "Địa chỉ phải có dạng postgresql://tài-khoản:mật-khẩu@máy-chủ/tên-cơ-sở-dữ-liệu.",
        )
    try:
        return create_engine(
            f"postgresql+psycopg://{rest}", pool_size=10, max_overflow=10, pool_pre_ping=True
        )
    except (SQLAlchemyError, ValueError) as error:
        raise StoreError("Địa chỉ cơ sở dữ liệu không đúng dạng", "Kiểm tra lại từng phần.") from error


def _bring_up(store: PostgresStore) -> None:
    with store.write() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        version = version_of(connection)
        if version > NEWEST:
            raise StoreError(
                "Cơ sở dữ liệu thuộc bản chương trình mới hơn",
                f"Dữ liệu ở bản {version}, chương trình này chỉ biết đến bản {NEWEST}. "
                "Hãy cập nhật chương trình trên máy chủ; dữ liệu vẫn nguyên.",
            )
        if version < NEWEST:
            migrate(connection, version)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _store_error(error.orig or error) from error
    except psycopg.Error as error:
        raise _store_error(error) from error


def _store_error(error: BaseException) -> OfficeError:
    if isinstance(error, psycopg.errors.DiskFull):
        return StoreError("Ổ đĩa của cơ sở dữ liệu đã đầy", "Hãy dọn chỗ trống rồi làm lại.")
    if isinstance(error, psycopg.OperationalError):
        return StoreError(
            "Không nối được cơ sở dữ liệu",
            "Kiểm tra máy chủ cơ sở dữ liệu đang chạy, địa chỉ, tài khoản. Việc đang làm chưa được lưu.",
        )
    return StoreError(
        "Cơ sở dữ liệu báo lỗi",
        "Việc vừa làm chưa được lưu; những gì đã lưu vẫn còn. Gọi hỗ trợ kèm tệp nhật ký.",
    )
