"""How much of this machine's journal stands where, and which dossiers wait: for the sync panel.

Read while things move, so nothing here goes through all entries: what waits is in the outbox,
and what no backup has yet lies at the end.
"""

from dataclasses import dataclass
from datetime import datetime

from onestop.domain.moment import from_wire
from onestop.store.queue import Rows


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Counts of entries. `is_joined`: a hub is known; `has_relay`: one of this office too."""

    saved: int
    at_office: int
    at_province: int
    backed_up: int
    is_joined: bool
    has_relay: bool


@dataclass(frozen=True, slots=True)
class WaitingDossier:
    """`trouble`: code of the hub's last word on one of its entries, or empty."""

    dossier: str
    code: str
    since: datetime | None
    trouble: str
    is_at_office: bool


_COUNTS = (
    "SELECT (SELECT coalesce(max(n), 0) FROM entries), (SELECT count(*) FROM outbox), "
    "(SELECT count(*) FROM outbox WHERE relayed = :no)"
)
_AT_ONCE = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM tray)"
_PEERS = "SELECT kind, durable FROM peers"
_BACKED = "SELECT n FROM entries WHERE cursor IS NOT NULL AND cursor <= :durable ORDER BY n DESC LIMIT 1"
_WAITING = (
    "SELECT e.dossier, coalesce(d.code, ''), min(e.at), max(o.trouble), min(o.relayed) "
    "FROM outbox o JOIN entries e ON e.n = o.entry LEFT JOIN dossiers d ON d.id = e.dossier "
    "GROUP BY e.dossier, d.code ORDER BY min(e.at) LIMIT :limit"
)


def count_waiting(rows: Rows) -> tuple[int, int]:
    """Entries not sent, entries in the tray: after every act, so only what is counted at once."""
    unsent, conflicts = next(iter(rows(_AT_ONCE, {})))
    return unsent, conflicts


def is_joined(rows: Rows) -> bool:
    """Whether this desk was ever joined to a hub."""
    return any(True for _ in rows("SELECT 1 FROM peers LIMIT 1", {}))


def whereabouts_of(rows: Rows) -> Whereabouts:
    """`backed_up` counts up to the newest entry that a checked backup has."""
    saved, unsent, unplaced = next(iter(rows(_COUNTS, {"no": False})))
    peers = {row[0]: row[1] for row in rows(_PEERS, {})}
    durable = peers.get("root", 0)
    backed = next((n for (n,) in rows(_BACKED, {"durable": durable})), 0) if durable else 0
    has_relay = "relay" in peers
    return Whereabouts(
        saved=saved,
        at_office=saved - unplaced if has_relay else 0,
        at_province=saved - unsent if peers else 0,
        backed_up=min(backed, saved - unsent),
        is_joined=bool(peers),
        has_relay=has_relay,
    )


def list_waiting(rows: Rows, limit: int = 100) -> tuple[WaitingDossier, ...]:
    """Dossiers with entries that the root has not numbered, oldest first."""
    return tuple(
        WaitingDossier(dossier or "", code, from_wire(at) if at else None, trouble or "", bool(relayed))
        for dossier, code, at, trouble, relayed in rows(_WAITING, {"limit": limit})
    )


def row_versions(rows: Rows) -> tuple[tuple[str, str, str], ...]:
    """(kind, key, version) of every reference row: another answer means that a hub changed some."""
    found = rows("SELECT kind, key, version FROM reference ORDER BY kind, key", {})
    return tuple((kind, key, version) for kind, key, version in found)
