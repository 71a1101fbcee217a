"""A hub of few words on loopback, to see what the client makes of bad lines and bad answers.

It speaks real HTTP over real sockets; what it answers, and how it breaks off, a test decides.
"""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from onestop.domain.signing import is_signed
from onestop.sync import wire
from onestop.sync.lines import b64, from_b64


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Told:
    """What to answer. `cut`: bytes of the body after which the connection is reset."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None


Answering = Callable[[Asked], Told]


def plain(value: Any, status: int = 200, **headers: str) -> Told:
    return Told(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


class StandIn:
    """Gives tokens as a hub does (unless `answer` says otherwise) and counts what it was asked."""

    def __init__(self, public: bytes, context: ssl.SSLContext | None = None) -> None:
        self.public = public
        self.answer: dict[str, Answering] = {}
        self.asked: list[Asked] = []
        self.good_token = ""
        self.connections = 0
        self._server = _server(self)
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "http" if context is None else "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        return [f"{one.method} {one.path.partition('?')[0]}" for one in self.asked]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def told(self, asked: Asked) -> Told:
        self.asked.append(asked)
        path = asked.path.partition("?")[0]
        if path in self.answer:
            return self.answer[path](asked)
        if path == wire.NONCE:
            return plain({"nonce": b64(b"n" * 40)})
        if path == wire.TOKEN:
            return self._token(json.loads(asked.body))
        return Told(404)

    def _token(self, wish: dict[str, str]) -> Told:
        if not is_signed(self.public, wire.token_message(b"n" * 40), from_b64(wish["signature"])):
            return Told(401)
        self.good_token = f"token-{len(self.asked)}"
        return plain({"token": self.good_token, "until": "2026-11-20T01:12:05.123Z"})

    def with_token(self, answering: Answering) -> Answering:
        def answer(asked: Asked) -> Told:
            if asked.headers.get("authorization") != f"Bearer {self.good_token}":
                return Told(401)
            return answering(asked)

        return answer


def _server(hub: StandIn) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the test cut it, or the client went
                self.close_connection = True

        def setup(self) -> None:
            super().setup()
            hub.connections += 1

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._tell(hub.told(Asked(self.command, self.path, headers, body)))

        def _tell(self, told: Told) -> None:
            time.sleep(told.delay)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body if told.cut is None else told.body[: told.cut])
            if told.cut is not None:
                self._reset()

        def _reset(self) -> None:
            self.wfile.flush()
            time.sleep(0.05)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

        do_GET = do_POST = do_PATCH = do_HEAD = _serve  # noqa: N815  names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:
            """Tests say what they saw themselves."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A connection that a test broke off."""

    return Server(("127.0.0.1", 0), Handler)
