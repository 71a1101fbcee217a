"""A hub on a machine: founded at its first start, opened ever after."""

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from onestop.domain.signing import SigningKey
from onestop.errors import StoreError
from onestop.hub.hub import Hub
from onestop.hub.practice import clock_of
from onestop.paths import Profile
from onestop.store.bundle_in import ensure_box
from onestop.store.device_view import find_log
from onestop.store.hub_store import open_hub_store
from onestop.store.log import found_ledger, open_ledger
from onestop.store.rows import put_local
from onestop.store.store import Store
from onestop.store.vault import create_key, has_key, load_key

Clock = Callable[[], datetime]


def hub_key(profile: Profile, url: str | None) -> bytes:
    """The key of the hub's store; made at the first start. Raises StoreError."""
    if has_key(profile.folder) or (url is None and profile.database.exists()):
        return load_key(profile.folder)
    return create_key(profile.folder)


def open_hub(
    profile: Profile,
    url: str | None,
    clock: Clock,
    *,
    is_relay: bool = False,
    name: str = "",
    is_practice: bool = False,
) -> Hub:
    """The hub of this profile, founded if there was none; `is_practice`: to practise, for ever.

    Raises StoreError.
    """
    store = open_hub_store(url, profile.database, hub_key(profile, url))
    try:
        _found(store, is_relay, name, is_practice)
        clock = clock_of(store, clock)
        if not is_relay:
            _publish_box(store, clock())
        hub = Hub(store, url, profile.folder, clock)
    except BaseException:
        store.close()
        raise
    if is_relay and not hub.ledger.is_relay:
        hub.close()
        raise StoreError(
            "Máy chủ này là máy chủ gốc, không phải trạm chuyển tiếp",
            "Chạy trạm với một hồ sơ cấu hình khác: --profile tram.",
        )
    return hub


def reopened(profile_folder: Path, url: str | None, database: Path, key: bytes, clock: Clock) -> Hub:
    """The same hub in another process of it; it is there already."""
    store = open_hub_store(url, database, key)
    return Hub(store, url, profile_folder, clock_of(store, clock))


def _found(store: Store, is_relay: bool, name: str, is_practice: bool) -> None:
    with store.write() as connection:
        if find_log(connection) is None:
            found_ledger(connection, SigningKey.generate(), is_relay)
            keys = {"token": secrets.token_hex(32), "parts": secrets.token_hex(32)}
            put_local(connection, "hub_secrets", keys)
            put_local(connection, "hub_name", name or _NAMES[is_relay])
            put_local(connection, "is_practice", is_practice)
        elif name:
            put_local(connection, "hub_name", name)


def _publish_box(store: Store, now: datetime) -> None:
    """Desks seal to it what they send by stick."""
    with store.write() as connection:
        ledger = open_ledger(connection)
        if not ledger.is_relay:
            ensure_box(connection, ledger, now)


_NAMES = {False: "Máy chủ Một cửa của tỉnh", True: "Trạm Một cửa của cơ quan"}
