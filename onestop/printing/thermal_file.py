"""Slips into a file, a folder, or a port that the system shows as a file (USB: /dev/usb/lp0)."""

import os
import select
import stat
from contextlib import closing
from pathlib import Path

from onestop.errors import PrintError
from onestop.printing.escpos import BEGIN

_STUCK_SECONDS = 15.0


def send_to_file(where: str, title: str, stream: bytes) -> None:
    """A folder gets a file for each job; else a port, a shared printer or a file. Raises PrintError."""
    path = Path(where)
    try:
        if path.is_dir():
            path = path / f"{_file_name(title)}.prn"
        if _is_port(path):
            _feed(path, stream)
        else:
            _spare_foreign(path)
            path.write_bytes(stream)
    except TimeoutError as error:
        raise PrintError(
            f"Máy in nhiệt ở {path} không nhận tiếp",
            "Kiểm tra máy in đã bật, còn giấy và nắp đã đóng; rồi in lại.",
        ) from error
    except OSError as error:
        raise PrintError(
            f"Không ghi được bản in vào {path}",
            "Kiểm tra đường dẫn của máy in nhiệt trong Thiết lập, máy in đã bật và quyền ghi vào nơi này.",
        ) from error


def _is_port(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # not there yet, or a share that is asked by writing
    return os.name == "posix" and (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode))


def _feed(port: Path, stream: bytes) -> None:
    """A printer without paper takes nothing more, and a plain write would wait for ever."""
    line = os.open(port, os.O_WRONLY | os.O_NONBLOCK)
    with closing(os.fdopen(line, "wb", buffering=0)) as file:
        rest = memoryview(stream)
        while rest:
            _, ready, _ = select.select([], [file], [], _STUCK_SECONDS)
            if not ready:
                raise TimeoutError("the port takes nothing")
            rest = rest[file.write(rest) or 0 :]


def _spare_foreign(path: Path) -> None:
    """Somebody's document named by mistake is not overwritten; an older slip is."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        start = file.read(len(BEGIN))
    if start not in {b"", BEGIN}:
        raise PrintError(
            f"Tệp {path.name} đã có và không phải bản in",
            "Đặt trong Thiết lập một tệp khác, một thư mục hoặc cổng của máy in nhiệt.",
        )


def _file_name(title: str) -> str:
    return "".join(each if each.isalnum() or each in " .-_" else "_" for each in title).strip() or "phieu"
