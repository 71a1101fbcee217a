"""Running a hub: its address, its certificate, its processes, its upstream line, its chores."""

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from onestop.errors import InputError, StoreError
from onestop.hub.app import make_app
from onestop.hub.chores import Chores
from onestop.hub.founding import reopened
from onestop.hub.hub import Hub, utc_now
from onestop.hub.tls import (
    Pair,
    is_loopback,
    keep_files,
    make_ca,
    make_server_certificate,
    names_of,
    needs_renewal,
)
from onestop.hub.upstream import Upstream
from onestop.store.rows import get_local, put_local

_log = logging.getLogger(__name__)

GRACE = 5
"""Seconds that open calls get when the hub is told to stop."""

SLOW_START = 30
"""Seconds that a process of the hub may be silent. On a busy machine one needs longer than uvicorn's five
to start, and would be killed and begun again for ever."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hub listens; `port` 0 takes a free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files for TLS; `password` opens the key."""

    chain: Path
    key: Path
    password: str | None


@dataclass(frozen=True, slots=True)
class Worker:
    """All that another process needs to serve the same hub."""

    url: str | None
    folder: Path
    database: Path
    key: bytes
    parent: int


def address_of(text: str) -> Address:
    """`HOST:PORT`, `[v6]:PORT`. Raises InputError."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535 or not host:
        raise InputError(
            "Địa chỉ --listen không đúng dạng", "Ví dụ: 127.0.0.1:7460 hoặc 0.0.0.0:7460.", "listen"
        )
    return Address(host.strip("[]"), int(port))


def bound(address: Address) -> socket.socket:
    """A socket that listens there. Raises StoreError when it cannot."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let two programs share a port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((address.host, address.port))
    except OSError as error:
        made.close()
        raise StoreError(
            f"Không mở được cổng {address.host}:{address.port}",
            "Một chương trình khác đang dùng cổng này, hoặc địa chỉ không phải của máy này.",
        ) from error
    made.listen(512)
    made.set_inheritable(True)
    return made


@dataclass(frozen=True, slots=True)
class Serving:
    """How a hub is served: its socket, its certificate (None: plain), its processes, its line to a root."""

    line: socket.socket
    certificate: Certificate | None
    workers: int
    worker: Worker
    upstream: Upstream | None = None


def run_hub(hub: Hub, serving: Serving, greet: Callable[[], None]) -> None:
    """Serves until SIGTERM or Ctrl+C; then open calls end and everything is closed.

    `greet` tells where it listens, once it can be told to stop.
    """
    early: list[int] = []  # a word that comes before there is anybody to stop is not lost
    _hear_stops(lambda number, _: early.append(number))
    greet()
    with ExitStack() as beside:
        beside.enter_context(Chores(hub))
        if serving.upstream is not None:
            beside.enter_context(serving.upstream)
        if serving.workers == 1:
            server = uvicorn.Server(_config(make_app(hub), serving))
            # uvicorn raises the signal again when it has ended: that changes nothing then.
            _hear_stops(server.handle_exit)
            server.should_exit = server.should_exit or bool(early)
            server.run([serving.line])
            return
        config = _config(partial(build_worker, serving.worker), serving)
        supervisor = Multiprocess(config, [serving.line])
        supervisor.signal_queue.extend(early)
        supervisor.run()


def _hear_stops(handler: Callable[[int, FrameType | None], object]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def build_worker(worker: Worker) -> FastAPI:
    """The application in a process of its own; it ends when its parent is gone."""
    hub = reopened(worker.folder, worker.url, worker.database, worker.key, utc_now)
    threading.Thread(target=_follow, args=(worker.parent,), daemon=True, name="parent").start()
    return make_app(hub)


def _follow(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _config(app: object, serving: Serving) -> uvicorn.Config:
    certificate, workers = serving.certificate, serving.workers
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an application, or what makes one in each process
        factory=workers > 1,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_keep_alive=75,
        timeout_worker_healthcheck=SLOW_START,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
        ssl_keyfile_password=certificate.password if certificate else None,
    )


def own_certificate(hub: Hub, host: str) -> Certificate:
    """The server's certificate by the hub's own authority, made anew when it must be."""
    now, names = hub.clock(), names_of(host)
    ca = authority_of(hub)
    with hub.store.write() as connection:
        kept = get_local(connection, "hub_server")
        if kept is None or needs_renewal(kept["certificate"], names, now):
            made = make_server_certificate(ca, names, now)
            kept = {"certificate": made.certificate, "key": made.key}
            put_local(connection, "hub_server", kept)
    password = secrets.token_hex(16)
    chain, key = keep_files(hub.folder / "tls", Pair(kept["certificate"], kept["key"]), ca, password)
    return Certificate(chain, key, password)


def authority_of(hub: Hub) -> Pair:
    """The hub's own certificate authority; made when first asked for."""
    with hub.store.write() as connection:
        kept = get_local(connection, "hub_authority")
        if kept is None:
            made = make_ca(hub.name, hub.clock())
            kept = {"certificate": made.certificate, "key": made.key}
            put_local(connection, "hub_authority", kept)
    hub.authority = kept["certificate"]
    return Pair(kept["certificate"], kept["key"])


def certificate_for(hub: Hub, address: Address, system: tuple[Path, Path] | None) -> Certificate | None:
    """Plain HTTP only on loopback."""
    if system is not None:
        return Certificate(*system, None)
    return None if is_loopback(address.host) else own_certificate(hub, address.host)


def url_of(address: Address, line: socket.socket, is_tls: bool) -> str:
    """How desks call this hub."""
    host = address.host if address.host not in {"0.0.0.0", "::"} else socket.gethostname()
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if is_tls else 'http'}://{shown}:{line.getsockname()[1]}"
