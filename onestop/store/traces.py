"""Where folders have been: the entries that moved them, for a page of a list at a time.

Plain SQL through the glance, so that a list may ask while the store is busy.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onestop.domain.acts import Act
from onestop.domain.moment import from_wire
from onestop.domain.route_place import TRACES, Trace
from onestop.store.queue import Rows

_ORDER = "cursor IS NULL, cursor, place IS NULL, place, n"


@dataclass(frozen=True, slots=True)
class Trail:
    """A dossier's way, oldest first, and what its route is chosen by. `received_at`: wire or ""."""

    procedure_code: str
    sector: str
    channel: str
    received_at: str
    traces: tuple[Trace, ...] = ()


def list_trails(rows: Rows, dossier_ids: Sequence[str]) -> dict[str, Trail]:
    """By dossier id. Entries that have no effect (quarantined, held) leave no trace."""
    if not dossier_ids:
        return {}
    named = {f"id{place}": each for place, each in enumerate(dossier_ids)}
    ids = ", ".join(f":{name}" for name in named)
    traces: dict[str, list[Trace]] = {}
    for dossier, kind, at, header in rows(_traces_sql(ids), named):
        traces.setdefault(dossier, []).append(Trace(Act(kind), from_wire(at), _officer(header)))
    sql = (
        "SELECT id, procedure_code, sector, channel, coalesce(received_at, '') "
        f"FROM dossiers WHERE id IN ({ids})"
    )
    return {
        ident: Trail(code, sector, channel, received_at, tuple(traces.get(ident, ())))
        for ident, code, sector, channel, received_at in rows(sql, named)
    }


def _traces_sql(ids: str) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in TRACES)
    return (
        f"SELECT dossier, kind, at, header FROM entries WHERE dossier IN ({ids}) AND kind IN ({kinds}) "
        f"AND verdict NOT IN ('quarantined', 'held') ORDER BY dossier, {_ORDER}"
    )


def _officer(header: Any) -> str:
    return str(json.loads(header)["act"])
