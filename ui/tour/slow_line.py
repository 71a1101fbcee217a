"""A line between desks and their hub that can be slow and can be cut: TCP on this machine, handed on.

A line on one machine is too good: nobody would see anything being sent.
"""

import socket
import threading
import time
from contextlib import suppress

_PIECE, _FAST = 256, 65_536


class SlowLine:
    """Listens on a free port of this machine and hands on to `port`.

    `rate`: bytes a second in each direction of each connection, 0 for as fast as it goes.
    `is_up`: whether anybody gets through; `cut` also breaks what is open.
    """

    def __init__(self, port: int) -> None:
        self.rate = 0
        self.is_up = True
        self._port = port
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, name="line", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def has_callers(self) -> bool:
        with self._lock:
            return bool(self._open)

    def cut(self) -> None:
        self.is_up = False
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            _break(end)

    def close(self) -> None:
        _break(self._server)
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        if not self.is_up:
            _break(near)
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._port), 5)
        except OSError:
            _break(near)
            return
        far.settimeout(None)
        with self._lock:
            self._open |= {near, far}
        back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
        back.start()
        self._pump(near, far)
        back.join()
        with self._lock:
            self._open -= {near, far}
        near.close()
        far.close()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE if self.rate else _FAST):
                if self.rate:
                    time.sleep(len(piece) / self.rate)
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
