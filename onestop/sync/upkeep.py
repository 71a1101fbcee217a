"""What is done every few minutes when nothing waits: counters, numbers of the day, durable papers."""

from datetime import date

from onestop.domain.code import CodeRange, static_ranges
from onestop.domain.moment import local_day
from onestop.errors import RuleError
from onestop.store.lent import keep_lease, read_leases
from onestop.store.rows import get_local, last_serial, list_reference
from onestop.store.todo import sent_not_durable
from onestop.store.truth import sync_counts
from onestop.sync.node import Node
from onestop.sync.papers import ask_durable
from onestop.sync.transport import LineFailed, NotThere, Transport
from onestop.sync.wire import MAX_HAVE

LEASE = 100
"""Numbers asked for at a time, once fewer than half as many are left."""


def keep_up(node: Node, transport: Transport) -> None:
    """Raises LineFailed when the line or the hub fails on the counters."""
    transport.health(node.app, counters(node))
    with node.store.read() as connection:
        digests = sent_not_durable(connection, MAX_HAVE)
    ask_durable(node, transport, digests)
    if node.ledger is None:  # a relay numbers nothing itself; asked by a desk, it asks the root
        _lend(node, transport)


def counters(node: Node) -> dict[str, int]:
    """Whole numbers only, nothing of any dossier."""
    counts = sync_counts(node.store.rows)
    age = (node.clock() - counts.oldest_at).total_seconds() if counts.oldest_at else 0
    return {
        "waiting_entries": counts.waiting_entries,
        "waiting_dossiers": counts.waiting_dossiers,
        "oldest_seconds": max(0, int(age)),
        "blobs": counts.blobs,
        "blob_bytes": counts.blob_bytes,
        "conflicts": counts.conflicts,
        "shelf": counts.shelf,
        "clock_off_seconds": abs(node.clock_off),
        "disk_free": node.disk_free(),
    }


def _lend(node: Node, transport: Transport) -> None:
    """Desks of an office that are busy today get more numbers; a hub without any left is no fault."""
    day = local_day(node.clock())
    if not needs_lease(node, day):
        return
    try:
        lease = transport.lease(day.isoformat(), LEASE)
    except (LineFailed, NotThere):
        return
    with node.store.write() as connection:
        keep_lease(connection, date.fromisoformat(lease.day), lease.first, lease.last)


def needs_lease(node: Node, day: date) -> bool:
    """Whether fewer than half a lease of the desk's own and lent numbers of `day` are left."""
    with node.store.read() as connection:
        desk = get_local(connection, "desk")
        agencies = list_reference(connection, "agency")
        if desk is None or not agencies:
            return False
        last = last_serial(connection, f"code {agencies[0]['code']} {day:%y%m%d}")
        lent = read_leases(connection).get(f"{day:%y%m%d}", ())
    try:
        own = static_ranges(desk["index"])[0]
    except RuleError:
        return False
    left = serials_left((own, *(CodeRange(*one) for one in lent)), last)
    return left is not None and left < LEASE // 2


def serials_left(ranges: tuple[CodeRange, ...], last: int | None) -> int | None:
    """How many follow `last` in these ranges; None when it is in none of them: the day went on elsewhere."""
    if last is None:
        return sum(block.last - block.first + 1 for block in ranges)
    for place, block in enumerate(ranges):
        if last in block:
            return block.last - last + sum(b.last - b.first + 1 for b in ranges[place + 1 :])
    return None
