"""HTTP to one address of a hub: pinned authority, stall time-outs, answers with a limit."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx

from onestop.errors import Refused
from onestop.sync import wire
from onestop.sync.happenings import Failure, FailureKind
from onestop.sync.lines import WireError, unpack
from onestop.sync.transport import LineFailed, NotThere

CONNECT = 5.0
STALL = 20.0
_MAX_ANSWER = 256 * 1024  # of anything that is not a page or a blob
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hub listens, and the authority (PEM) it must show; "": the system's authorities."""

    url: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


def tls_context(authority: str) -> ssl.SSLContext:
    """Trusts this authority alone, or the system's when there is none."""
    context = ssl.create_default_context(cadata=authority or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def unverified_context() -> ssl.SSLContext:
    """For one question only: which certificate do you show? Its fingerprint is compared afterwards."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fingerprint(pem: str) -> str:
    """Lower-case hex SHA-256 of a certificate's DER bytes; "" when it is none."""
    try:
        return sha256(ssl.PEM_cert_to_DER_cert(pem.strip())).hexdigest()
    except ValueError:
        return ""


def require_safe(url: str) -> str:
    """The address without its last slash. Raises Refused for plain HTTP beyond this machine."""
    parts = urlsplit(url)
    is_here = parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_here)):
        raise Refused(
            "Địa chỉ máy chủ không dùng được",
            "Địa chỉ phải bắt đầu bằng https://. Chỉ máy chủ chạy ngay trên máy này mới được dùng http://.",
            "address",
        )
    return url.rstrip("/")


class Line:
    """HTTP to one address; sockets are known, so that `close` can break off what waits on them."""

    def __init__(self, address: Address, context: ssl.SSLContext | None = None, stall: float = STALL) -> None:
        self.address = address
        self.url = require_safe(address.url)
        verify = context if context is not None else self._context(address)
        self._client = httpx.Client(base_url=self.url, verify=verify, trust_env=False, follow_redirects=False)
        self._sockets: set[socket.socket] = set()
        self._lock = Lock()
        self._is_closed = False
        self._stall = stall

    def _context(self, address: Address) -> ssl.SSLContext | bool:
        return tls_context(address.authority) if self.url.startswith("https") else False

    def call(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        limit: int = _MAX_ANSWER,
        wait: float = 0.0,
        keeps_part: bool = False,
        only_part: bool = False,
    ) -> Answer:
        """One exchange. Raises LineFailed: offline or stalled; statuses are the caller's matter.

        `wait`: seconds the hub may hold its answer back. `keeps_part`: what came of a body before
        the line broke is an answer too. `only_part`: of an answer that is the whole nothing is read.
        """
        if self._is_closed:
            raise LineFailed(Failure("offline"))
        try:
            with self._client.stream(
                method,
                path,
                content=content or None,
                headers={"Accept-Encoding": wire.ZSTD, **(headers or {})},
                params=params,
                timeout=httpx.Timeout(self._stall, connect=CONNECT, read=self._stall + wait),
                extensions={"trace": self._trace},
            ) as response:
                if only_part and response.status_code == 200:
                    return Answer(200, response.headers, b"")
                return _answer(response, limit, keeps_part)
        except httpx.ConnectTimeout as error:
            raise LineFailed(Failure("offline", _said(error))) from error
        except httpx.TimeoutException as error:
            raise LineFailed(Failure("stalled", _said(error))) from error
        except (httpx.TransportError, httpx.StreamError, OSError, RuntimeError) as error:
            # RuntimeError: the client was closed between two lines of its own.
            raise LineFailed(Failure("offline", _said(error))) from error

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            opened = info["return_value"].get_extra_info("socket")
            with self._lock:
                self._sockets = {one for one in self._sockets if one.fileno() >= 0}
                self._sockets.add(opened)

    def close(self) -> None:
        self._is_closed = True
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for one in sockets:  # wakes whoever waits for bytes; closing alone does not
            with suppress(OSError, ValueError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)
        self._client.close()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _answer(response: httpx.Response, limit: int, keeps_part: bool) -> Answer:
    raw = _body(response, limit, keeps_part)
    if response.headers.get("Content-Encoding", "").lower() == wire.ZSTD:
        try:
            raw = unpack(raw, limit)
        except WireError as error:
            raise LineFailed(Failure("offline", str(error))) from error
    return Answer(response.status_code, response.headers, raw)


def _body(response: httpx.Response, limit: int, keeps_part: bool) -> bytes:
    body = bytearray()
    try:
        for piece in response.iter_raw():
            body += piece
            if len(body) > limit:
                raise LineFailed(Failure("bug", "an answer above its limit"))
    except httpx.TransportError:
        if not (keeps_part and body):
            raise
    return bytes(body)


_STATUS: dict[int, FailureKind] = {
    401: "refused",
    403: "refused",
    408: "stalled",
    409: "epoch",
    413: "too_big",
    429: "busy",
    502: "busy",  # a proxy whose hub is being started
    503: "busy",
    504: "busy",
    507: "busy",
}


def require_ok(answer: Answer) -> Answer:
    """The answer itself. Raises LineFailed for every status that says no, NotThere for 404."""
    if answer.status in (200, 201, 204, 206):
        return answer
    if answer.status == 404:
        raise NotThere
    if 300 <= answer.status < 400:  # a network that wants somebody to log in first
        raise LineFailed(Failure("offline", f"redirected ({answer.status})"))
    kind = _STATUS.get(answer.status, "bug")
    raise LineFailed(Failure(kind, f"HTTP {answer.status}", _retry_after(answer)))


def _retry_after(answer: Answer) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
