"""Slips over the network: TCP, port 9100 unless another is named."""

import re
import socket
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from time import sleep
from typing import TYPE_CHECKING, Final

from onestop.errors import PrintError
from onestop.printing.escpos import (
    ASK_ROLL,
    ASK_WHEN_DONE,
    ASK_WHY_OFFLINE,
    BEGIN,
    CUT,
    fault_in,
    is_done,
    is_state,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT: Final = 9100
_CONNECT_SECONDS = 4.0
_TRIES, _PAUSE_SECONDS = 4, 1.0
_SEND_SECONDS = 15.0  # a printer takes nothing while it is busy with what it has
_ANSWER_SECONDS = 0.8
_MOST_WAITS = 40  # for slips to come out after the last byte: half a minute


def send_over_network(address: str, bands: Iterable[bytes], check: Callable[[], None]) -> None:
    """Sends band by band; waits until all is on paper where the printer tells so.

    `check` is called while waiting; what it or `bands` raises cuts off the slip begun.
    Raises PrintError.
    """
    host, port = address_of(address)
    with _failing_as(address), _connected(host, port, check) as line:
        tells = _ask_ready(line, address)
        line.settimeout(_SEND_SECONDS)
        try:
            for band in bands:
                line.sendall(band)
        except OSError:
            raise
        except BaseException:
            with suppress(OSError):
                line.sendall(BEGIN + CUT)
            _hang_up(line)
            raise
        if tells:
            _wait_for_paper(line, address, check)
        _hang_up(line)


def address_of(text: str) -> tuple[str, int]:
    """`host`, `host:port` or `[ipv6]:port`. Raises PrintError."""
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?", text.strip())
    port = int(found[3] or PORT) if found else 0
    if found is None or not 0 < port < 65_536:
        raise PrintError(
            "Địa chỉ máy in nhiệt không đúng",
            f"“{text}” không phải địa chỉ máy. Sửa trong Thiết lập, ví dụ 192.168.1.50.",
        )
    return found[1] or found[2], port


def _connected(host: str, port: int, check: Callable[[], None]) -> socket.socket:
    """Several counters share a printer, and many printers turn away a second line: tried again soon."""
    for _ in range(_TRIES - 1):
        try:
            return socket.create_connection((host, port), _CONNECT_SECONDS)
        except ConnectionRefusedError:
            sleep(_PAUSE_SECONDS)
            check()
    return socket.create_connection((host, port), _CONNECT_SECONDS)


@contextmanager
def _failing_as(address: str) -> "Iterator[None]":
    """Every fault of the line in words."""
    try:
        yield
    except ConnectionRefusedError as error:
        raise PrintError(
            f"Máy in nhiệt {address} không nhận kết nối",
            "Máy khác đang in, hoặc sai cổng. Thử lại sau ít giây; xem lại địa chỉ trong Thiết lập.",
        ) from error
    except TimeoutError as error:
        raise PrintError(
            f"Máy in nhiệt {address} không trả lời",
            "Kiểm tra máy in đã bật, còn giấy, nắp đã đóng, dây mạng còn cắm; xem lại địa chỉ đã đặt.",
        ) from error
    except OSError as error:
        raise PrintError(
            f"Không tới được máy in nhiệt {address}",
            "Kiểm tra máy in đã bật và dây mạng còn cắm; xem lại địa chỉ trong Thiết lập.",
        ) from error


def _ask_ready(line: socket.socket, address: str) -> bool:
    """Whether the printer will tell when it is done: many never answer, and print all the same."""
    why = _state(line, ASK_WHY_OFFLINE)
    if why is None:
        return False
    _stop_at_fault(why, _state(line, ASK_ROLL) or 0, address)
    return any(map(is_done, _asked(line, ASK_WHEN_DONE)))


def _stop_at_fault(why_offline: int, roll: int, address: str) -> None:
    words = fault_in(why_offline, roll)
    if words:
        raise PrintError(f"Máy in nhiệt {address} chưa in được", words)


def _state(line: socket.socket, question: bytes) -> int | None:
    """The last byte that answers, None when there is none."""
    return next(filter(is_state, reversed(_asked(line, question))), None)


def _asked(line: socket.socket, question: bytes) -> bytes:
    line.settimeout(_ANSWER_SECONDS)
    line.sendall(question)
    return _heard(line)


def _heard(line: socket.socket) -> bytes:
    """What it has said; empty when it stays silent for a while."""
    try:
        answers = line.recv(256)
    except TimeoutError:
        return b""
    if not answers:
        raise ConnectionResetError("the printer hung up")
    return answers


def _wait_for_paper(line: socket.socket, address: str, check: Callable[[], None]) -> None:
    """While it is silent it is asked why: that is answered at once, even without paper.

    An answer nobody asked for is passed over: dots may look like a question.
    """
    line.settimeout(_ANSWER_SECONDS)
    line.sendall(ASK_WHEN_DONE)
    silences = 0
    while silences < _MOST_WAITS:
        check()
        answers = _heard(line)
        if any(map(is_done, answers)):
            return
        if silences:
            for answer in filter(is_state, answers):
                _stop_at_fault(answer, 0, address)
        if not answers:
            silences += 1
            line.sendall(ASK_WHY_OFFLINE)
    raise PrintError(
        f"Máy in nhiệt {address} không báo đã in xong",
        "Xem phiếu đã ra đủ chưa; nếu chưa, tắt máy in, bật lại rồi in lại.",
    )


def _hang_up(line: socket.socket) -> None:
    """Says that nothing more comes, and hears the rest: an answer left unread would throw away the slip.

    A printer that hangs up first has what it needs.
    """
    with suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        line.settimeout(_ANSWER_SECONDS)
        while line.recv(256):
            pass
