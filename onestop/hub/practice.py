"""What only a hub that was founded to practise does: a code everybody knows, a clock of its own.

A real hub has neither: whether a hub practises is written when it is founded, and never again.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from onestop.errors import RuleError
from onestop.hub.hub import Hub
from onestop.hub.tls import is_loopback
from onestop.hub.upstream import RELAY, join_upstream
from onestop.store.enrolment import make_enrolment
from onestop.store.log import open_ledger
from onestop.store.rows import get_local
from onestop.store.statements import device_of, list_stated
from onestop.store.store import Store
from onestop.sync.client import enrol
from onestop.sync.practice import CLOCK_OFFSET, PRACTICE_CODE

OFFICE = "H56.99.88"
"""The office that desks and relays of the practice code belong to."""

Clock = Callable[[], datetime]


def is_practice(store: Store) -> bool:
    with store.read() as connection:
        return bool(get_local(connection, "is_practice"))


def clock_of(store: Store, clock: Clock) -> Clock:
    """The machine's clock; for a practice hub that was told so, one that is ahead."""
    ahead = os.environ.get(CLOCK_OFFSET, "")
    if not ahead or not is_practice(store):
        return clock
    offset = timedelta(seconds=int(ahead))
    return lambda: clock() + offset


def is_practice_code(code: str) -> bool:
    return code.strip().upper() == PRACTICE_CODE


def require_practice(hub: Hub, host: str) -> None:
    """Raises RuleError, in the words for any wrong code, unless this hub practises and `host` is here."""
    if not is_practice(hub.store) or not is_loopback(host):
        raise RuleError("Mã ghi danh không đúng", "Kiểm tra lại từng nhóm bốn ký tự trên giấy.", "code")


def practice_enrolment(connection: Connection, wish: Mapping[str, Any], now: datetime) -> str:
    """A one-time code for whoever asks at a root; who has a log of its own is a relay."""
    if wish.get("log"):
        return make_enrolment(connection, OFFICE, "relay", "", now)
    return make_enrolment(connection, OFFICE, "desk", _desk_name(connection, wish), now)


def _desk_name(connection: Connection, wish: Mapping[str, Any]) -> str:
    """Asked again by the same desk after a lost answer: the same name."""
    known = device_of(connection, str(wish.get("device") or ""))
    if known is not None:
        return str(known["name"])
    desks = [one for one in list_stated(connection, "device") if one.plain["office"] == OFFICE]
    return str(wish.get("name") or f"Quầy {len(desks) + 1}")


def hand_on(hub: Hub, public: bytes, wish: Mapping[str, Any]) -> dict[str, Any]:
    """At a relay: its root enrols the desk; the answer names the root, for when the relay is away.

    Raises OfficeError.
    """
    with hub.store.read() as connection:
        kept = get_local(connection, RELAY) or {}
    if "url" not in kept:
        raise RuleError("Trạm này chưa ghi danh với máy chủ cấp trên", "Hãy chạy lại trạm với --upstream.")
    return enrol(kept["url"], PRACTICE_CODE, public, wish).reply | {"root": kept["url"]}


def join_by_itself(hub: Hub, url: str) -> None:
    """A practice relay joins at its first start. Raises OfficeError."""
    with hub.store.read() as connection:
        kept = get_local(connection, RELAY) or {}
    if "url" in kept:
        return
    if not is_practice(hub.store):
        raise RuleError("Trạm này là trạm thật", "Chạy trạm thực hành với hồ sơ khác: --profile tram-thu.")
    join_upstream(hub, PRACTICE_CODE, url)
    with hub.store.read() as connection:
        hub.ledger = open_ledger(connection)  # it serves an office now
