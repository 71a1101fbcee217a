"""The one place where errors of other people's code become PrintError."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from onestop.errors import PrintError


@contextmanager
def making_paper() -> Iterator[None]:
    """Around everything reportlab does."""
    try:
        yield
    except (OSError, MemoryError) as error:
        raise PrintError(
            "Không tạo được bản in",
            "Máy thiếu bộ nhớ hoặc thiếu tệp phông chữ của chương trình. Đóng bớt chương trình khác "
            "rồi thử lại; nếu vẫn lỗi, hãy cài đặt lại chương trình.",
        ) from error


@contextmanager
def saving_paper() -> Iterator[None]:
    """Around writing a PDF to where a person wants it."""
    try:
        yield
    except OSError as error:
        raise PrintError("Không lưu được tệp PDF", _saving_advice(error)) from error


def _saving_advice(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "Ổ đĩa đã đầy. Xoá bớt tệp hoặc chọn ổ đĩa khác rồi lưu lại."
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return "Không có quyền ghi vào thư mục này, hoặc tệp đang mở ở chương trình khác. Chọn nơi khác."
    return "Thư mục không còn hoặc không ghi được. Chọn nơi khác rồi lưu lại."


def unreadable(kind: str) -> PrintError:
    """For a stored paper that is damaged or not what its ending says."""
    return PrintError(
        f"Không đọc được {kind}",
        "Tệp bị hỏng, có mật khẩu hoặc không đúng loại. "
        "Mở bằng chương trình khác để kiểm tra, hoặc quét lại.",
    )
