"""A relay's line to its root: joined once with a code, then kept up by the same engine as a desk's."""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from onestop import __version__
from onestop.domain.signing import SigningKey
from onestop.errors import Offline, RuleError, StoreError
from onestop.hub.hub import Hub
from onestop.store.listening import log_cursor
from onestop.store.moves import count_open
from onestop.store.peers import add_peer, find_peer
from onestop.store.rows import get_local, put_local
from onestop.sync.client import Client, enrol
from onestop.sync.line import Address
from onestop.sync.node import Node
from onestop.sync.publishing import send_rows
from onestop.sync.runner import Runner
from onestop.sync.transport import LineFailed, NotThere

RELAY = "relay"
"""In `local`: this relay's device, its key, and where its root is."""

HERD = 5.0
"""Seconds over which relays spread their first hello; a desk's minute would be an office's minute."""

TELL_AGAIN = 15.0
"""Seconds between two tries to tell the root this relay's address."""

FOLLOW = 0.3
"""Seconds between two looks whether desks brought something."""


def join_upstream(hub: Hub, code: str, url: str) -> str:
    """Enrols this relay at its root; the office it now serves.

    Raises RuleError when it has joined before, Refused and Offline as `sync.client.enrol`.
    """
    identity = _identity(hub)
    if "office" in identity:
        raise RuleError(
            f"Trạm này đã ghi danh cho cơ quan {identity['office']}", "Mỗi trạm chỉ ghi danh một lần."
        )
    key = SigningKey(bytes.fromhex(identity["secret"]))
    log = {"log": hub.ledger.log, "log_key": hub.ledger.key.public.hex()}
    joined = enrol(url, code, key.public, {"device": identity["device"], "name": hub.name} | log)
    _keep(hub, identity, joined.reply, joined.address.url, joined.address.authority)
    return str(joined.reply["office"])


def _identity(hub: Hub) -> dict[str, Any]:
    """Kept before the code is used: a machine that dies meanwhile asks again as the same one."""
    with hub.store.write() as connection:
        kept: dict[str, Any] | None = get_local(connection, RELAY)
        if kept is None:
            kept = {"device": str(uuid.uuid4()), "secret": SigningKey.generate().secret.hex()}
            put_local(connection, RELAY, kept)
    return kept


def _keep(hub: Hub, identity: dict[str, Any], reply: dict[str, Any], url: str, authority: str) -> None:
    office = reply["office"]
    with hub.store.write() as connection:
        known = {"office": office, "url": url, "authority": authority}
        put_local(connection, RELAY, identity | known)
        put_local(connection, "ledger", get_local(connection, "ledger") | {"office": office})
        if find_peer(connection, reply["log"]) is None:
            add_peer(connection, reply["log"], "root", reply["epoch"], bytes.fromhex(reply["log_key"]))


def lease_above(hub: Hub, device: str, day: str, count: int) -> tuple[int, int]:
    """Numbers of a day that the root lends to a desk behind this relay.

    Raises Offline without a line to the root, RuleError when it has none left.
    """
    client = _client(hub)
    try:
        lent = client.lease(day, count, device)
    except NotThere as error:
        raise Offline("Máy chủ của tỉnh chưa cấp số qua trạm", "Quầy dùng dãy số của mình.") from error
    except LineFailed as error:
        if error.failure.kind == "epoch":  # 409: as a lender answers that has none left
            raise RuleError(
                "Đã cấp hết số mượn trong ngày", "Hãy tiếp nhận ở quầy khác, hoặc dùng dãy số dự phòng."
            ) from error
        raise Offline("Trạm chưa nối được với máy chủ của tỉnh", "Quầy dùng dãy số của mình.") from error
    finally:
        client.close()
    return lent.first, lent.last


def rows_above(hub: Hub, wish: Mapping[str, Any]) -> None:
    """Hands an office's change of rows on to the root. Raises Offline, Refused, ConflictError."""
    client = _client(hub)
    try:
        send_rows(client, wish)
    finally:
        client.close()


def _client(hub: Hub) -> Client:
    """A line to the root for one call. Raises Offline for a relay that never joined."""
    with hub.store.read() as connection:
        kept = get_local(connection, RELAY) or {}
    if "url" not in kept:
        raise Offline("Trạm chưa ghi danh với máy chủ cấp trên", "Hãy chạy: hub join MÃ_GHI_DANH URL")
    key = SigningKey(bytes.fromhex(kept["secret"]))
    return Client([Address(kept["url"], kept["authority"])], kept["device"], key)


class Upstream:
    """The relay's line to its root, from the beginning to the end of the block.

    What desks push here, in whichever process of the hub, goes up as soon as the log has grown.
    """

    def __init__(self, hub: Hub, url: str, where: str = "") -> None:
        """`where`: the address at which desks call this relay; the root tells them.

        Raises RuleError for a relay that has not joined, or joined elsewhere.
        """
        with hub.store.read() as connection:
            kept = get_local(connection, RELAY) or {}
        if kept.get("url") != url.rstrip("/"):
            raise RuleError(
                "Trạm này chưa ghi danh với máy chủ cấp trên", f"Hãy chạy: hub join MÃ_GHI_DANH {url}"
            )
        key, device = SigningKey(bytes.fromhex(kept["secret"])), kept["device"]
        node = Node(
            hub.store,
            device,
            key,
            hub.clock,
            _monotonic(),
            app=__version__,
            parts=hub.parts,
            ledger=hub.ledger,
        )
        self._client = Client([Address(kept["url"], kept["authority"])], device, key)
        self._hub = hub
        self._where = where
        self._tell_at = 0.0
        self._runner = Runner(node, self._client, herd=HERD)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="upstream")

    def __enter__(self) -> "Upstream":
        self._runner.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._runner.stop()

    def _follow(self) -> None:
        known = (-1, -1)
        while not self._over.wait(FOLLOW):
            try:
                with self._hub.store.read() as connection:
                    look = (log_cursor(connection), count_open(connection))
            except StoreError:  # the database is away: the next look may find it
                continue
            if look != known:
                known = look
                self._runner.poke()
            self._tell_where()

    def _tell_where(self) -> None:
        """Until the root has heard it: desks of the office then find this relay by themselves."""
        if not self._where or time.monotonic() < self._tell_at:
            return
        try:
            self._client.tell_relay(self._where, self._authority())
            self._where = ""
        except (LineFailed, NotThere):
            self._tell_at = time.monotonic() + TELL_AGAIN

    def _authority(self) -> str:
        with self._hub.store.read() as connection:
            kept = get_local(connection, "hub_address") or {}
        return self._hub.authority if kept.get("is_pinned") else ""


def _monotonic() -> Callable[[], tuple[str, int]]:
    """(this run, milliseconds of it): a relay's own moments are compared within one run only."""
    run = uuid.uuid4().hex
    return lambda: (run, time.monotonic_ns() // 1_000_000)
