"""The hub's part of `selftest`: does a server run on this machine? No store of a person is touched."""

import http.client
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import uvicorn

from onestop.errors import StoreError
from onestop.hub.app import make_app
from onestop.hub.founding import open_hub
from onestop.hub.hub import Hub, utc_now
from onestop.hub.serve import own_certificate
from onestop.paths import Profile
from onestop.store.hub_store import open_hub_store
from onestop.sync.lines import pack, unpack

_HERE = "127.0.0.1"
_WITHIN_S = 30
_NOBODY_LISTENS = 1
"""A port that no database listens at."""


class Failed(Exception):
    """A part is there and does not do what it should."""


def _packing() -> None:
    lines = b'{"kind":"entry"}\n' * 1000
    packed = pack(lines)
    if len(packed) > len(lines) // 10 or unpack(packed, len(lines)) != lines:
        raise Failed(f"{len(packed)} bytes")


def _database() -> None:
    """The way to a PostgreSQL is inside: it is tried, and nobody answers."""
    url = f"postgresql://onestop@{_HERE}:{_NOBODY_LISTENS}/onestop"
    with tempfile.TemporaryDirectory() as folder:
        try:
            open_hub_store(url, Path(folder, "hub.db"), bytes(32)).close()
        except StoreError as error:
            if error.title != "Không nối được cơ sở dữ liệu":
                raise
            return
    raise Failed(f"a database at port {_NOBODY_LISTENS}")


def _server() -> None:
    """A hub is founded and serves by TLS; its page and its calls answer."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_hub(Profile(Path(folder), "hub"), None, utc_now)) as hub,
        _serving(hub) as port,
    ):
        for path in ("/", "/sync/v1/openapi.json"):
            _answer(hub, port, path)


def _answer(hub: Hub, port: int, path: str) -> None:
    trusted = ssl.create_default_context(cadata=hub.authority)
    with closing(http.client.HTTPSConnection(_HERE, port, timeout=_WITHIN_S, context=trusted)) as line:
        line.request("GET", path)
        status = line.getresponse().status
    if status != http.client.OK:
        raise Failed(f"{path} answers {status}")


@contextmanager
def _serving(hub: Hub) -> Iterator[int]:
    files = own_certificate(hub, _HERE)
    config = uvicorn.Config(
        make_app(hub),
        host=_HERE,
        port=0,
        log_level="warning",
        ssl_certfile=files.chain,
        ssl_keyfile=files.key,
        ssl_keyfile_password=files.password,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="selftest")
    thread.start()
    try:
        until = time.monotonic() + _WITHIN_S
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        if not server.started:
            raise Failed(f"not within {_WITHIN_S} s")
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


CHECKS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("Nén dữ liệu trên đường truyền", _packing),
    ("Đường vào cơ sở dữ liệu PostgreSQL", _database),
    ("Máy chủ trả lời qua TLS", _server),
)
