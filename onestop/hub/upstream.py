"""A relay's line to its root: joined once with a code, then kept up by the same engine as a desk's."""

import uuid
from typing import Any

from onestop.domain.signing import SigningKey
from onestop.errors import RuleError
from onestop.hub.hub import Hub
from onestop.store.peers import add_peer, find_peer
from onestop.store.rows import get_local, put_local
from onestop.sync.client import enrol

RELAY = "relay"
"""In `local`: this relay's device, its key, and where its root is."""


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
