"""Lists of dossiers, always by key and never whole.

The SQL is plain text so that the first window can be filled by a bare connection while
SQLAlchemy is still being imported, and the very same words serve afterwards.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onestop.domain.state import State
from onestop.domain.work import QueueRow, query_words

Rows = Callable[[str, dict[str, Any]], Iterable[Sequence[Any]]]
"""Runs SQL with named parameters and gives plain rows."""

Anchor = tuple[str, int]
"""The sort key a page starts after: (queue_at or received text, n)."""

START: Anchor = ("", -1)
PAGE = 200

# In the order of QueueRow.
_COLUMNS = (
    "n, id, code, state, owner_name, procedure_name, coalesce(received_at, ''), coalesce(due_at, ''), "
    "coalesce(original_due_at, ''), coalesce(ended_at, ''), queue_at, holder_unit, holder_officer, is_taken"
)


@dataclass(frozen=True, slots=True)
class QueueView:
    """Rows of some queues, from `lower` (inclusive) to `upper` (exclusive) of `queue_at`."""

    queues: tuple[str, ...]
    lower: str = ""
    upper: str = "~"
    states: tuple[State, ...] = ()


def count_queue(rows: Rows, view: QueueView) -> int:
    where, values = _where(view)
    return int(next(iter(rows(f"SELECT count(*) FROM dossiers WHERE {where}", values)))[0])


def queue_page(rows: Rows, view: QueueView, after: Anchor = START, limit: int = PAGE) -> list[QueueRow]:
    """The next rows after an anchor, soonest due first."""
    parts, values = [], {"at": after[0], "n": after[1], "limit": limit}
    lower = max(view.lower, after[0])  # the index is entered at the anchor, not walked up to it
    for index, queue in enumerate(view.queues):
        where, more = _where(QueueView((queue,), lower, view.upper, view.states), prefix=f"q{index}_")
        values |= more
        parts.append(
            f"SELECT * FROM (SELECT queue_at AS at, n FROM dossiers WHERE {where} "
            "AND (queue_at, n) > (:at, :n) ORDER BY queue_at, n LIMIT :limit)"
        )
    # Keys alone come out of the index; whole rows are fetched only for those that are shown.
    keys = f"SELECT n FROM ({' UNION ALL '.join(parts)}) ORDER BY at, n LIMIT :limit"
    sql = f"SELECT {_COLUMNS} FROM dossiers WHERE n IN ({keys}) ORDER BY queue_at, n"
    return [_row(found) for found in rows(sql, values)]


def queue_anchors(rows: Rows, view: QueueView, step: int = PAGE) -> list[Anchor]:
    """The key of every `step`-th row: pages of a long list can be entered anywhere."""
    where, values = _where(view)
    sql = (
        "SELECT queue_at, n FROM (SELECT queue_at, n, row_number() OVER (ORDER BY queue_at, n) AS r "
        f"FROM dossiers WHERE {where}) WHERE r % :step = 0 ORDER BY queue_at, n"
    )
    return [START, *((at, n) for at, n in rows(sql, values | {"step": step}))]


def list_page(rows: Rows, before: int | None = None, limit: int = PAGE) -> list[QueueRow]:
    """All dossiers, newest first, before a row number."""
    where = "n < :before" if before is not None else "1 = 1"
    sql = f"SELECT {_COLUMNS} FROM dossiers WHERE {where} ORDER BY n DESC LIMIT :limit"
    return [_row(found) for found in rows(sql, {"before": before, "limit": limit})]


def search_page(rows: Rows, query: str, before: int | None = None, limit: int = 50) -> list[QueueRow]:
    """Dossiers whose words begin with every word typed, marks or no marks, newest first."""
    words = query_words(query)
    if not words:
        return list_page(rows, before, limit)
    match = " ".join(f'"{word}"*' for word in words)
    where = "AND rowid < :before" if before is not None else ""
    sql = (
        f"SELECT {_COLUMNS} FROM dossiers WHERE n IN (SELECT rowid FROM search WHERE search MATCH :match "
        f"{where} ORDER BY rowid DESC LIMIT :limit) ORDER BY n DESC"
    )
    return [_row(found) for found in rows(sql, {"match": match, "before": before, "limit": limit})]


def find_row(rows: Rows, dossier_id: str) -> QueueRow | None:
    sql = f"SELECT {_COLUMNS} FROM dossiers WHERE id = :id"
    return next((_row(found) for found in rows(sql, {"id": dossier_id})), None)


def _where(view: QueueView, prefix: str = "") -> tuple[str, dict[str, Any]]:
    names = [f"{prefix}queue{i}" for i in range(len(view.queues))]
    values: dict[str, Any] = dict(zip(names, view.queues, strict=True))
    queues = ", ".join(f":{name}" for name in names)
    where = f"queue IN ({queues}) AND queue_at >= :{prefix}lower AND queue_at < :{prefix}upper"
    values |= {f"{prefix}lower": view.lower, f"{prefix}upper": view.upper}
    if view.states:
        names = [f"{prefix}state{i}" for i in range(len(view.states))]
        values |= dict(zip(names, (state.value for state in view.states), strict=True))
        where += f" AND state IN ({', '.join(f':{name}' for name in names)})"
    return where, values


_STATES = {state.value: state for state in State}


def _row(found: Sequence[Any]) -> QueueRow:
    return QueueRow._make((*found[:3], _STATES[found[3]], *found[4:13], bool(found[13])))
