"""A bad line between a desk and its hub, on this machine: slow, narrow, cut, silent or refused.

    with FaultProxy(hub_port, Line(rtt_ms=200, up_rate=250_000, cut_bytes=600_000), seed=7) as proxy:
        talk_to(proxy.port)
        proxy.change(mode=Mode.BLACK_HOLE)
        print(proxy.count())

Every byte really passes through sockets. What the seed decides is how many bytes lie between two cuts.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from types import TracebackType
from typing import Any, Self, TypeVar

Result = TypeVar("Result")
HERE = "127.0.0.1"
LARGEST_PIECE = 16_384
# Pieces under way in each direction: enough for 1 MB, so that a long delay does not narrow the line.
UNDER_WAY = 64


class Mode(Enum):
    PASS = "pass"
    # Connections are accepted and stay open, what is sent vanishes: a router that forgot them. One that
    # was open before stays silent for ever, also after the line is well again.
    BLACK_HOLE = "black hole"
    # Nobody listens: new connections are refused, open ones reset.
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Line:
    """How bad the line is; 0 means: not at all.

    Half of `rtt_ms` passes before a piece arrives, and one whole before the first of a connection.
    Rates are bytes a second for all connections together, up is from the desk to the hub.
    After `cut_bytes` × U(0.3, 1.7) bytes, both ways together, the connection that reaches it is reset.
    """

    rtt_ms: float = 0
    up_rate: float = 0
    down_rate: float = 0
    cut_bytes: int = 0
    mode: Mode = Mode.PASS

    def rate(self, way: str) -> float:
        return self.up_rate if way == "up" else self.down_rate


@dataclass(slots=True)
class Count:
    """Bytes handed over each way, bytes that vanished, connections accepted, connections cut."""

    up: int = 0
    down: int = 0
    swallowed: int = 0
    connections: int = 0
    cuts: int = 0

    def add(self, way: str, size: int) -> None:
        if way == "up":
            self.up += size
        else:
            self.down += size


class CutError(ConnectionError):
    """The line cuts this connection."""


@dataclass(slots=True)
class Wire:
    """One connection of a desk; `is_lost` once it fell into a black hole."""

    is_lost: bool = False
    is_cut: bool = False


class FaultProxy:
    """Listens on `port` and passes everything on to `target_port`, as well as `line` allows.

    It works in a thread of its own; all methods may be called from any thread.
    """

    def __init__(self, target_port: int, line: Line = Line(), *, seed: int = 0) -> None:
        self.target_port = target_port
        self.line = line
        self.port = 0
        self._random = random.Random(seed)
        self._left = self._draw()
        self._count = Count()
        self._clock = {"up": 0.0, "down": 0.0}
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: socket.socket | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- From outside

    def change(self, **parts: Any) -> None:
        """Another line from now on, with the fields of `Line` that are named: `change(mode=Mode.REFUSE)`."""
        self._call(self._change(replace(self.line, **parts)))

    def cut_all(self) -> None:
        """Reset every open connection at once."""
        self._call(self._cut_all())

    def count(self) -> Count:
        return replace(self._count)

    def _call(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    # --- Inside the thread

    async def _listen(self) -> None:
        listening = socket.create_server((HERE, self.port))
        self.port = listening.getsockname()[1]
        if self.line.mode is Mode.REFUSE:
            listening.close()  # the number is for later
            return
        listening.setblocking(False)
        # Not asyncio's own server: closed while it accepts somebody, it forgets that connection open.
        self._listening = listening
        self._loop.add_reader(listening, self._accept, listening)

    async def _change(self, line: Line) -> None:
        was, self.line = self.line, line
        if line.cut_bytes != was.cut_bytes:
            self._left = self._draw()
        if line.mode is Mode.REFUSE and was.mode is not Mode.REFUSE:
            await self._close()
        elif was.mode is Mode.REFUSE and line.mode is not Mode.REFUSE:
            await self._listen()

    async def _close(self) -> None:
        if self._listening is not None:
            self._loop.remove_reader(self._listening)
            self._listening.close()
            self._listening = None
        await self._cut_all()

    async def _cut_all(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, listening: socket.socket) -> None:
        desk, _ = listening.accept()
        desk.setblocking(False)
        self._count.connections += 1
        task = self._loop.create_task(self._serve(desk))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # A task cancelled before its start closes nothing itself.
        task.add_done_callback(lambda task: desk.close())

    async def _serve(self, desk: socket.socket) -> None:
        """One connection until both sides are through; every other end is a reset for both."""
        writers: list[asyncio.StreamWriter] = []
        try:
            reader, writer = await asyncio.open_connection(sock=desk)
            writers.append(writer)
            await asyncio.sleep(self.line.rtt_ms / 1000)
            if self.line.mode is Mode.BLACK_HOLE:
                await self._swallow(reader)
                return
            hub_reader, hub_writer = await asyncio.open_connection(HERE, self.target_port)
            writers.append(hub_writer)
            wire = Wire()
            async with asyncio.TaskGroup() as group:
                self._carry(group, wire, "up", reader, hub_writer)
                self._carry(group, wire, "down", hub_reader, writer)
            await close_well(writers)
        except* OSError:  # cut, or reset by one of the two
            pass
        finally:
            for each in writers:
                reset(each)

    async def _swallow(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(LARGEST_PIECE):
            self._count.swallowed += len(data)

    def _carry(
        self, group: asyncio.TaskGroup, wire: Wire, way: str,
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(UNDER_WAY)
        group.create_task(self._take(pieces, way, reader))
        group.create_task(self._hand_over(pieces, wire, way, writer))

    async def _take(
        self, pieces: asyncio.Queue[tuple[float, bytes]], way: str, reader: asyncio.StreamReader
    ) -> None:
        """Read what one side sends, and when each piece is to arrive; an empty piece is the end."""
        while True:
            data = await reader.read(self._piece(way))
            await pieces.put((self._arrival(way, len(data)), data))
            if not data:
                return

    async def _hand_over(
        self, pieces: asyncio.Queue[tuple[float, bytes]], wire: Wire, way: str, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            arrival, data = await pieces.get()
            await asyncio.sleep(arrival - asyncio.get_running_loop().time())
            wire.is_lost = wire.is_lost or self.line.mode is Mode.BLACK_HOLE
            if wire.is_lost:
                self._count.swallowed += len(data)
            elif data:
                await self._pass_on(data, wire, way, writer)
            else:
                writer.write_eof()
            if not data:
                return

    async def _pass_on(self, data: bytes, wire: Wire, way: str, writer: asyncio.StreamWriter) -> None:
        """Hand over a piece, or as much of it as the line lives."""
        if wire.is_cut:  # while the other way carried something
            raise CutError
        wire.is_cut = self.line.cut_bytes > 0 and self._left <= len(data)
        part = data[: self._left] if wire.is_cut else data
        self._left -= len(part)
        self._count.add(way, len(part))
        writer.write(part)
        if wire.is_cut:
            self._left = self._draw()
            self._count.cuts += 1
            raise CutError
        await writer.drain()

    def _piece(self, way: str) -> int:
        """Small on a narrow line, so that it flows instead of jumping."""
        rate = self.line.rate(way)
        return max(256, min(LARGEST_PIECE, int(rate / 50))) if rate else LARGEST_PIECE

    def _arrival(self, way: str, size: int) -> float:
        """When a piece arrives, on the clock of the loop: after those before it, then half a round trip."""
        now, rate = asyncio.get_running_loop().time(), self.line.rate(way)
        if rate:
            self._clock[way] = now = max(self._clock[way], now) + size / rate
        return now + self.line.rtt_ms / 2000

    def _draw(self) -> int:
        return max(1, int(self.line.cut_bytes * self._random.uniform(0.3, 1.7)))


async def close_well(writers: list[asyncio.StreamWriter]) -> None:
    """Both sides said their last word: everything written still arrives."""
    for writer in writers:
        writer.close()
    for writer in writers:
        with suppress(OSError):
            await writer.wait_closed()


def reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side gets a reset, not an end; nothing happens to a closed one."""
    if writer.transport.is_closing():
        return
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
