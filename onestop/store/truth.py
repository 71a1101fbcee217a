"""Where a dossier's entries are by now, and how much waits: read by plain SQL, fast enough for every look.

Saved at the counter → at the office (relay) → at the province (root) → in a checked backup.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onestop.domain.moment import from_wire
from onestop.store.queue import Rows


@dataclass(frozen=True, slots=True)
class Truth:
    """How far the whole journal has come, and since when; None where something is still missing.

    `waiting`: entries the root has not numbered; `trouble`: why, in words, or empty.
    """

    saved_at: datetime | None
    office_at: datetime | None
    province_at: datetime | None
    backup: bool
    waiting: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits on this machine. `blobs`, `blob_bytes`: papers still to go up."""

    waiting_entries: int
    waiting_dossiers: int
    oldest_at: datetime | None
    blobs: int
    blob_bytes: int
    conflicts: int
    shelf: int


_TRUTH = (
    "SELECT max(at), count(*), count(coalesce(place, cursor)), max(coalesce(placed_at, received_at)), "
    "count(cursor), max(CASE WHEN cursor IS NOT NULL THEN received_at END), coalesce(max(cursor), 0) "
    "FROM entries WHERE dossier = :dossier"
)
_DURABLE = "SELECT durable FROM peers WHERE kind = 'root'"
_TROUBLE = (
    "SELECT o.trouble FROM outbox o JOIN entries e ON e.n = o.entry "
    "WHERE e.dossier = :dossier AND o.verdict != '' ORDER BY e.n LIMIT 1"
)
_TRAY = "SELECT code FROM tray WHERE dossier = :dossier ORDER BY at LIMIT 1"
_ODD = (
    "SELECT (SELECT count(*) FROM shelf WHERE dossier = :dossier) "
    "+ (SELECT count(*) FROM local WHERE key = :mark)"
)
NOT_SHOWN = "Có bút ký mà chương trình trên máy này chưa hiển thị được"


def truth_of(rows: Rows, dossier_id: str) -> Truth:
    """The truth line of one dossier; all None for one that is not here."""
    values = {"dossier": dossier_id}
    at, count, placed, office_at, numbered, province_at, last = _one(rows(_TRUTH, values))
    durable = next((row[0] for row in rows(_DURABLE, {})), 0)
    is_whole = 0 < count == numbered
    return Truth(
        saved_at=_moment(at),
        office_at=_moment(office_at) if 0 < count == placed else None,
        province_at=_moment(province_at) if is_whole else None,
        backup=is_whole and last <= durable,
        waiting=count - numbered,
        trouble=_trouble(rows, dossier_id),
    )


def is_wholly_shown(rows: Rows, dossier_id: str) -> bool:
    """False when some entry of the dossier lies on the shelf, or its journal could not be folded."""
    return not _one(rows(_ODD, {"dossier": dossier_id, "mark": f"unfolded:{dossier_id}"}))[0]


def _trouble(rows: Rows, dossier_id: str) -> str:
    from onestop.domain.judge import CODES  # not for the first window

    for sql in (_TROUBLE, _TRAY):
        for (code,) in rows(sql, {"dossier": dossier_id}):
            return CODES.get(code, "Có bút ký cần người có thẩm quyền xem")
    return "" if is_wholly_shown(rows, dossier_id) else NOT_SHOWN


_COUNTS = (
    "SELECT (SELECT count(*) FROM outbox), "
    "(SELECT count(DISTINCT e.dossier) FROM outbox o JOIN entries e ON e.n = o.entry), "
    "(SELECT min(e.at) FROM outbox o JOIN entries e ON e.n = o.entry), "
    "(SELECT count(*) FROM tray), (SELECT count(*) FROM shelf)"
)
_BLOBS = (
    "SELECT count(*), coalesce(sum(length), 0) FROM (SELECT sha256, max(length) AS length "
    "FROM blob_moves WHERE direction = 'up' AND is_done = :no GROUP BY sha256) AS waiting"
)


def sync_counts(rows: Rows) -> Counts:
    """What waits, for the chip, the panel and the health report."""
    waiting, dossiers, oldest, conflicts, shelf = _one(rows(_COUNTS, {}))
    blobs, blob_bytes = _one(rows(_BLOBS, {"no": False}))
    return Counts(waiting, dossiers, _moment(oldest), blobs, int(blob_bytes), conflicts, shelf)


def _one(found: Iterable[Sequence[Any]]) -> Sequence[Any]:
    return next(iter(found))


def _moment(wire: str | None) -> datetime | None:
    return from_wire(wire) if wire else None
