"""A thermal printer of 80 mm as cheap ones are: reads ESC/POS strictly, burns dots, cuts, tells its state.

Whatever it does not know counts as rubbish on the paper, as with a real one.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import zxingcpp
from PIL import Image

MADE_AT = datetime(2026, 11, 20, 1, 12, 5, tzinfo=UTC)
OFFICE = "Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập"
TRIAL = {"QR Code": "IN THU 2026-11-20T01:12:05.000Z", "Code 128": "IN THU"}
"""What a reading machine finds on a trial slip of that moment."""

HEAD_DOTS = 576
BUFFER = 4096
REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])", re.DOTALL)


@dataclass
class Roll:
    """What the head burnt; `slips` are cut off, `rows` still hang out of the printer."""

    slips: list[Image.Image] = field(default_factory=list)
    rows: bytearray = field(default_factory=bytearray)
    rubbish: list[str] = field(default_factory=list)
    begun: int = 0
    rows_left: int = 1_000_000

    def cut(self) -> None:
        if self.rows:
            self.slips.append(picture(bytes(self.rows)))
        self.rows.clear()


def picture(rows: bytes) -> Image.Image:
    """Black on white, one bit."""
    size = (HEAD_DOTS, len(rows) * 8 // HEAD_DOTS)
    return Image.frombytes("1", size, bytes(255 - byte for byte in rows))


def codes_on(slip: Image.Image) -> dict[str, str]:
    """Kind of code → text, as a reading machine finds them with some white around."""
    sheet = Image.new("L", (slip.width + 64, slip.height + 64), 255)
    sheet.paste(slip.convert("L"), (32, 32))
    return {str(found.format): found.text for found in zxingcpp.read_barcodes(sheet)}


def decoded(stream: bytes) -> Roll:
    """A whole stream, as one that goes through a queue or a file."""
    roll, rest = Roll(), bytearray(stream)
    while rest and take_command(rest, roll) is not None:
        pass
    if rest:
        roll.rubbish.append(f"ends within a command: {bytes(rest[:8])!r}")
    return roll


def take_command(waiting: bytearray, roll: Roll) -> bytes | None:
    """Takes one whole command from the front and does it; its answer, None while more must come."""
    if waiting.startswith(b"\x1b@"):
        roll.begun += 1
    if waiting.startswith(b"\x1b@") or REAL_TIME.match(waiting):
        del waiting[: 2 if waiting[:1] == b"\x1b" else 3]
        return b""
    if waiting.startswith(b"\x1dV"):
        return _take_cut(waiting, roll)
    if waiting.startswith(b"\x1dr"):
        return _take_ask(waiting)
    if waiting.startswith(b"\x1dv0"):
        return _take_picture(waiting, roll)
    if len(waiting) < 3 and bytes(waiting[:1]) in {b"\x1b", b"\x1d", b"\x10"}:
        return None
    roll.rubbish.append(f"letter {waiting[0]}")
    del waiting[0]
    return b""


def _take_cut(waiting: bytearray, roll: Roll) -> bytes | None:
    long = bytes(waiting[2:3]) in {b"A", b"B"}
    length = 4 if long else 3
    if len(waiting) < length:
        return None
    if not long and waiting[2] not in b"\x00\x01":
        roll.rubbish.append(f"cut {waiting[2]}")
    del waiting[:length]
    roll.cut()
    return b""


def _take_ask(waiting: bytearray) -> bytes | None:
    if len(waiting) < 3:
        return None
    del waiting[:3]
    return b"\x00"


def _take_picture(waiting: bytearray, roll: Roll) -> bytes | None:
    if len(waiting) < 8:
        return None
    wide = (waiting[4] + waiting[5] * 256) * 8
    high = waiting[6] + waiting[7] * 256
    size = wide // 8 * high
    if size + 8 > BUFFER:
        roll.rubbish.append(f"picture of {size} bytes is more than the buffer")
    if wide != HEAD_DOTS:
        roll.rubbish.append(f"picture {wide} dots wide")
    if high % 48 == 0:
        roll.rubbish.append(f"picture {high} high")
    if len(waiting) < 8 + size:
        return None
    roll.rows += waiting[8 : 8 + size]
    roll.rows_left -= high
    del waiting[: 8 + size]
    return b""


class SlipPrinter:
    """Listens on a port of this machine. `tells` off: one of the many that never answer.

    `rows_left` on the roll: when they are used up it stands still until somebody asks why.
    """

    def __init__(
        self, *, tells: bool = True, rows_left: int = 1_000_000, is_open: bool = False, port: int = 0
    ) -> None:
        self.roll = Roll(rows_left=rows_left)
        self._tells, self._is_open = tells, is_open
        self._door = socket.create_server(("127.0.0.1", port))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def is_out(self) -> bool:
        return self.roll.rows_left <= 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line, suppress(OSError):
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        waiting, heard = bytearray(), bytearray()
        while part := line.recv(1024):
            waiting += part
            heard += part
            self._answer_now(heard, line)
            while waiting and not self.is_out and not self._is_open:
                answer = take_command(waiting, self.roll)
                if answer is None:
                    break
                if answer and self._tells:
                    line.sendall(answer)
        if waiting and not self.is_out and not self._is_open:
            self.roll.rubbish.append("ends within a command")

    def _answer_now(self, heard: bytearray, line: socket.socket) -> None:
        """`DLE EOT` is answered at once, whatever else waits: even where it is only dots."""
        for found in REAL_TIME.finditer(bytes(heard)):
            why = 0x12 | (0x04 if self._is_open else 0) | (0x20 if self.is_out else 0)
            roll = 0x12 | (0x6C if self.is_out else 0)
            if self._tells:
                line.sendall(bytes(({2: why, 4: roll}.get(found[1][0], 0x12),)))
        last = [found.end() for found in REAL_TIME.finditer(bytes(heard))]
        del heard[: max(last[-1] if last else 0, len(heard) - 2)]


@contextmanager
def slip_printer(
    *, tells: bool = True, rows_left: int = 1_000_000, is_open: bool = False
) -> Iterator[SlipPrinter]:
    made = SlipPrinter(tells=tells, rows_left=rows_left, is_open=is_open)
    made.start()
    yield made
    made.stop()
