"""Slips through a queue of the system, as they are: no driver draws them anew."""

import os
import subprocess
import sys
from typing import Final

from onestop.errors import PrintError

_SECONDS: Final = 20


def send_to_queue(queue: str, title: str, stream: bytes) -> None:
    """Raises PrintError when the queue is not there, stands still, or does not take it."""
    if sys.platform == "win32":
        from onestop.printing.thermal_winspool import send_to_spooler, spooler

        send_to_spooler(spooler(), queue, title, stream)
    else:
        _look_at(queue)
        _ran(["lp", "-d", queue, "-o", "raw", "-t", title, "-s"], queue, stream)


def _look_at(queue: str) -> None:
    """CUPS takes jobs for a printer that is stopped or has no paper, and keeps them silently."""
    told = _ran(["lpstat", "-l", "-p", queue], queue, b"").lower()
    if "media-empty" in told:
        raise PrintError(f"Máy in {queue} hết giấy", "Thay cuộn giấy rồi in lại.")
    if "cover-open" in told:
        raise PrintError(f"Nắp máy in {queue} đang mở", "Đóng nắp rồi in lại.")
    if " disabled since " in told:
        raise PrintError(
            f"Máy in {queue} đang tạm dừng",
            "Mở danh sách máy in của hệ thống, cho máy in chạy lại rồi in lại.",
        )


def _ran(command: list[str], queue: str, stream: bytes) -> str:
    plain = {**os.environ, "LC_ALL": "C"}  # what CUPS says of a printer is then in words we know
    try:
        done = subprocess.run(
            command, input=stream, capture_output=True, timeout=_SECONDS, check=True, env=plain
        )
    except FileNotFoundError as error:
        raise PrintError(
            "Máy này chưa có hệ thống in (CUPS)",
            "Cài CUPS, hoặc đặt máy in nhiệt theo địa chỉ mạng trong Thiết lập.",
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise PrintError(
            f"Máy in {queue} không nhận bản in",
            "Kiểm tra tên máy in nhiệt trong Thiết lập có đúng tên trong danh sách máy in của hệ thống, "
            "máy in đã bật và còn được nối với máy này.",
        ) from error
    return done.stdout.decode("utf-8", "replace")
