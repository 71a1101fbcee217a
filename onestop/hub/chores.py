"""What a hub does by itself, in one of its processes: grants go on, old parts go away."""

import logging
import threading
from datetime import timedelta
from types import TracebackType

from onestop.errors import OfficeError
from onestop.hub.admin import renew_grants
from onestop.hub.hub import Hub
from onestop.store.evict import QUOTA, tidy_hub_blobs

_log = logging.getLogger(__name__)

EVERY = 3600.0
PARTS_LIFE = timedelta(days=14)


class Chores:
    """Runs the chores at once and every hour until the end of the block."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores")

    def __enter__(self) -> "Chores":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                do_chores(self._hub)
            except (OfficeError, OSError) as error:  # the next hour tries again
                _log.warning("chores: %s", error)
            self._over.wait(EVERY)


def do_chores(hub: Hub) -> None:
    """A relay states nothing: its root does."""
    now = hub.clock()
    if not hub.ledger.is_relay:
        renewed = renew_grants(hub, now)
        if renewed:
            _log.info("grants renewed: %d", renewed)
    hub.parts.sweep((now - PARTS_LIFE).timestamp())
    hub.snapshots.sweep()
    tidied = tidy_hub_blobs(hub.store, now, QUOTA if hub.ledger.is_relay else None)
    if tidied.orphans or tidied.evicted.evicted:
        _log.info("blobs: %d without use, %d evicted", tidied.orphans, tidied.evicted.evicted)
