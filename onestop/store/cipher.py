"""One way to open the encrypted file, for the engine and for the first glance alike.

Foreign errors of the database become ours here and nowhere else.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from onestop.errors import OfficeError, StoreError

# A commit may be answered only when it is on the disk; checkpoints of the log are made
# between citizens (`Store.tidy`), not while one waits.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=20000",
    "PRAGMA cache_size=-16000",
)


def connect(path: Path, key: bytes) -> Any:
    """An open DB-API connection in autocommit mode, the raw key set. Raises StoreError."""
    try:
        connection = dbapi2.connect(str(path), check_same_thread=False, timeout=10, isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except (dbapi2.Error, sqlite3.Error) as error:
        raise store_error(error) from error
    return connection


def store_error(error: BaseException) -> OfficeError:
    """The words for what the database said."""
    said = str(error).lower()
    for mark, title, message in _SAID:
        if mark in said:
            return StoreError(title, message)
    return StoreError(
        "Kho dữ liệu báo lỗi",
        "Việc vừa làm chưa được lưu; những gì đã lưu vẫn còn. Chạy “verify” hoặc gọi hỗ trợ kèm tệp nhật ký.",
    )


_SAID = (
    (
        "not a database",
        "Không mở được kho dữ liệu: sai khoá hoặc tệp bị hỏng",
        "Kiểm tra mật khẩu và tệp vault.json có đúng của kho này. Không tạo kho mới đè lên.",
    ),
    (
        "disk is full",
        "Ổ đĩa đã đầy: việc vừa làm chưa được lưu",
        "Hãy dọn chỗ trống trên ổ đĩa rồi làm lại. Những gì đã báo “đã lưu” vẫn còn.",
    ),
    (
        "readonly",
        "Không ghi được vào kho dữ liệu",
        "Thư mục dữ liệu chỉ cho đọc. Hãy cấp quyền ghi cho tài khoản đang dùng.",
    ),
    (
        "unable to open",
        "Không mở được tệp kho dữ liệu",
        "Kiểm tra thư mục dữ liệu có tồn tại, có quyền đọc và ghi.",
    ),
    (
        "locked",
        "Kho dữ liệu đang bận",
        "Một chương trình khác đang giữ kho. Chờ vài giây rồi làm lại.",
    ),
    (
        "malformed",
        "Kho dữ liệu bị hỏng",
        "Hãy ngừng ghi, chép thư mục dữ liệu ra nơi khác và gọi hỗ trợ.",
    ),
    (
        "disk i/o error",
        "Ổ đĩa báo lỗi đọc ghi: việc vừa làm chưa được lưu",
        "Kiểm tra ổ đĩa, dây cắm; những gì đã báo “đã lưu” vẫn còn.",
    ),
)


@contextmanager
def in_words() -> Iterator[None]:
    """Turns the database's errors within the block into StoreError."""
    try:
        yield
    except (dbapi2.Error, sqlite3.Error) as error:
        raise store_error(error) from error
