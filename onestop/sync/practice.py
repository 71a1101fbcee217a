"""Joining the practice province: a code that everybody knows, good on this machine alone."""

from datetime import datetime

from onestop.store.rows import put_local
from onestop.store.store import Store
from onestop.sync.joined import join_new

PRACTICE_CODE = "THUCHANH"
"""Only a hub that was founded to practise takes it, and only from its own machine."""

CLOCK_OFFSET = "ONESTOP_CLOCK_OFFSET"
"""Seconds by which a practice hub's clock is ahead: a simulated month need not be waited for."""


def join_practice(store: Store, url: str, now: datetime) -> None:
    """A new practice desk in an empty store, of the hub at `url`. Raises as `joined.join_new`."""
    join_new(store, url, PRACTICE_CODE, now)
    with store.write() as connection:
        put_local(connection, "is_practice", True)
