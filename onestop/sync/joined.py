"""A desk's own line: joined once with a printed code, then opened at every start.

Which hubs a desk calls, and which authority each must show, lies in one local row; a relay
of the office comes before the root.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from onestop import __version__
from onestop.domain.signing import SigningKey
from onestop.errors import Refused
from onestop.office.joining import join_existing, join_office, new_device, wish_of
from onestop.office.office import Office
from onestop.store.office_relay import told_relay
from onestop.store.rows import drop_local, get_local, put_local
from onestop.store.store import Store
from onestop.store.trust import own_statement
from onestop.sync.client import Client, enrol, look_up_authority
from onestop.sync.line import Address, require_safe, tls_context
from onestop.sync.node import Node
from onestop.sync.runner import Runner, ignore
from onestop.sync.status import SyncStatus

_ANSWERED = "hubs_row"
"""Local row: version of the office's `relay` row when the hubs were last set by hand."""

HUBS = "hubs"
"""Local row: [{"url", "authority"}] in the order they are called, the root last."""

_JOINING = "joining"
"""Local row: device and key of a new desk whose answer from the hub may have been lost."""


def join_desk(office: Office, url: str, code: str) -> Office:
    """Joins a desk that worked alone to a root hub; the desk as it is now.

    Raises Refused, Offline, InputError. Asked again after a lost answer, it goes through.
    """
    enrolled = enrol(url, code, office.pen.key.public, wish_of(office))
    return join_existing(office, enrolled.reply, _hubs([enrolled.address]))


def join_new(store: Store, url: str, code: str, now: datetime) -> None:
    """A new desk in an empty store. Its catalogue is there after the first pull. Raises as `join_desk`."""
    identity = _identity(store, now)
    key = SigningKey(bytes.fromhex(identity["secret"]))
    enrolled = enrol(url, code, key.public, {"device": identity["device"]})
    addresses = [enrolled.address, *_root_behind(enrolled.reply)]
    join_office(store, enrolled.reply, key, now, _hubs(addresses))
    with store.write() as connection:
        drop_local(connection, _JOINING)


def _root_behind(reply: dict[str, Any]) -> list[Address]:
    """A practice relay that had its root enrol the desk names it: it is called when the relay is away."""
    return [Address(require_safe(str(reply["root"])))] if reply.get("root") else []


def _identity(store: Store, now: datetime) -> dict[str, Any]:
    """Kept before the code is used: a machine that dies meanwhile asks again as the same one."""
    with store.write() as connection:
        kept: dict[str, Any] | None = get_local(connection, _JOINING)
        if kept is None:
            kept = new_device(now) | {"secret": SigningKey.generate().secret.hex()}
            put_local(connection, _JOINING, kept)
    return kept


def call_relay_first(store: Store, url: str, mark: str = "") -> None:
    """From now on the office's relay is called first; "" for `url`: no relay any more.

    Set by hand, it holds until the root tells of another relay.
    `mark`: 16 hex digits of the relay's authority, as its screen shows. Raises Refused, Offline.
    """
    root = read_hubs(store)[-1:]
    relay = [Address(require_safe(url), look_up_authority(url, mark) if mark else "")] if url else []
    _keep(store, relay + root)


def read_hubs(store: Store) -> list[Address]:
    """Empty for a desk that was never joined. Of what was set here and what the root told of the
    office's relay, that counts which was said last."""
    with store.read() as connection:
        kept = get_local(connection, HUBS) or []
        answered = get_local(connection, _ANSWERED) or ""
        version, told = told_relay(connection)
    hubs = [Address(one["url"], one["authority"]) for one in kept]
    relay = _usable(told) if version != answered else None
    return hubs if relay is None or not hubs else list(dict.fromkeys([relay, hubs[-1]]))


def _usable(told: Any) -> Address | None:
    """The relay of a row, if a line to it can be made at all."""
    try:
        address = Address(require_safe(str(told["url"])), str(told["authority"]))
        tls_context(address.authority)
    except (KeyError, OSError, TypeError, ValueError, Refused):
        return None
    return address


def _keep(store: Store, addresses: list[Address]) -> None:
    with store.write() as connection:
        put_local(connection, _ANSWERED, told_relay(connection)[0])
        for key, value in _hubs(addresses).items():
            put_local(connection, key, value)


def _hubs(addresses: list[Address]) -> dict[str, Any]:
    return {HUBS: [{"url": one.url, "authority": one.authority} for one in addresses]}


def desk_runner(
    store: Store,
    clock: Callable[[], datetime],
    monotonic: Callable[[], tuple[str, int]],
    on_status: Callable[[SyncStatus], None] = ignore,
    on_news: Callable[[frozenset[str]], None] = ignore,
    *,
    herd: float = 60.0,
) -> Runner | None:
    """The line of the desk in this store, not started; None for one that was never joined."""
    addresses = read_hubs(store)
    with store.read() as connection:
        desk = get_local(connection, "desk")
        stated = own_statement(connection) if desk else None
    if desk is None or not addresses:
        return None
    key = SigningKey(bytes.fromhex(desk["secret"]))
    node = Node(store, desk["device"], key, clock, monotonic, app=__version__)
    client = Client(addresses, node.device, key, stated=stated, look=lambda: read_hubs(store))
    return Runner(node, client, on_status, on_news, herd=herd)
