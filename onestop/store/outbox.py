"""Entries that stand on this machine alone: not yet acknowledged by any hub."""

from onestop.store.queue import Rows


def count_unsent(rows: Rows) -> int:
    """How many entries wait to be sent."""
    return int(next(iter(rows("SELECT count(*) FROM outbox", {})))[0])
