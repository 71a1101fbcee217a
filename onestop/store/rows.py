"""Plain rows beside the journal: reference rows, drafts, this desk's own facts, serials."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from onestop.domain.moment import from_wire, to_wire
from onestop.store.bulk import put_rows, rows_in
from onestop.store.prepared import Prepared, insert_row
from onestop.store.tables import drafts, local, reference, serials

_PUT_REFERENCE = Prepared(insert_row(reference))
_DROP_REFERENCE = Prepared(
    delete(reference).where(reference.c.kind == bindparam("of_kind"), reference.c.key == bindparam("of_key"))
)
_LOCAL = Prepared(select(local.c.value).where(local.c.key == bindparam("of_key")))
_PUT_LOCAL = Prepared(insert_row(local))
_DROP_LOCAL = Prepared(delete(local).where(local.c.key == bindparam("of_key")))


def put_reference(connection: Connection, kind: str, key: str, version: str, value: Any) -> None:
    """Writes one versioned row; an older one under the same key is replaced."""
    drop_reference(connection, kind, key)
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    row = {"kind": kind, "key": key, "version": version, "value": plain}
    _PUT_REFERENCE.run(connection, row)


def drop_reference(connection: Connection, kind: str, key: str) -> None:
    _DROP_REFERENCE.run(connection, {"of_kind": kind, "of_key": key})


def list_reference(connection: Connection, kind: str) -> list[Any]:
    """The values of a kind, by key."""
    rows = connection.execute(
        select(reference.c.value).where(reference.c.kind == kind).order_by(reference.c.key)
    )
    return [json.loads(value) for (value,) in rows]


def read_reference(connection: Connection, kind: str, key: str) -> Any:
    """The value of one row, or None."""
    value = connection.scalar(
        select(reference.c.value).where(reference.c.kind == kind, reference.c.key == key)
    )
    return None if value is None else json.loads(value)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One versioned row; a `value` of None: there is none, or it goes."""

    kind: str
    key: str
    version: str
    value: Any


def read_references(
    connection: Connection, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], ReferenceRow]:
    """Those of the (kind, key) that are there: a query for thousands."""
    found: dict[tuple[str, str], ReferenceRow] = {}
    for kind in sorted({kind for kind, _ in wanted}):
        keys = {key for one, key in wanted if one == kind}
        rows = select(reference).where(reference.c.kind == kind)
        for row in rows_in(connection, rows, reference.c.key, keys):
            found[kind, row.key] = ReferenceRow(kind, row.key, row.version, json.loads(row.value))
    return found


def put_references(connection: Connection, rows: Sequence[ReferenceRow]) -> None:
    """Writes many rows at once, each in place of the one under its key."""
    for row in rows:
        if row.value is None:
            drop_reference(connection, row.kind, row.key)
    put_rows(
        connection, reference, ("kind", "key"), [_as_columns(row) for row in rows if row.value is not None]
    )


def _as_columns(row: ReferenceRow) -> dict[str, str]:
    plain = json.dumps(row.value, ensure_ascii=False, separators=(",", ":"))
    return {"kind": row.kind, "key": row.key, "version": row.version, "value": plain}


def list_references(connection: Connection, kind: str) -> list[ReferenceRow]:
    """The rows of a kind with their keys, by key."""
    rows = connection.execute(select(reference).where(reference.c.kind == kind).order_by(reference.c.key))
    return [ReferenceRow(kind, row.key, row.version, json.loads(row.value)) for row in rows]


def list_keys(connection: Connection, kind: str) -> list[str]:
    return list(connection.scalars(select(reference.c.key).where(reference.c.kind == kind)))


def get_local(connection: Connection, key: str) -> Any:
    """This desk's own fact, or None."""
    row = _LOCAL.run(connection, {"of_key": key}).fetchone()
    return None if row is None else json.loads(row[0])


def put_local(connection: Connection, key: str, value: Any) -> None:
    drop_local(connection, key)
    _PUT_LOCAL.run(connection, {"key": key, "value": json.dumps(value, ensure_ascii=False)})


def drop_local(connection: Connection, key: str) -> None:
    _DROP_LOCAL.run(connection, {"of_key": key})


def list_local(connection: Connection, prefix: str, limit: int | None = None) -> list[tuple[str, Any]]:
    """Facts whose keys begin with `prefix`, which is cut off, by key."""
    wanted = select(local.c.key, local.c.value).where(local.c.key >= prefix, local.c.key < prefix + "~")
    rows = connection.execute(wanted.order_by(local.c.key).limit(limit))
    return [(key.removeprefix(prefix), json.loads(value)) for key, value in rows]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """Something an officer has begun; `value` is the page's own plain form."""

    id: str
    officer: str
    title: str
    value: Any
    saved_at: datetime


def save_draft(connection: Connection, draft: DraftRow) -> None:
    connection.execute(delete(drafts).where(drafts.c.id == draft.id))
    connection.execute(
        drafts.insert().values(
            id=draft.id,
            officer=draft.officer,
            title=draft.title,
            value=json.dumps(draft.value, ensure_ascii=False),
            saved_at=to_wire(draft.saved_at),
        )
    )


def list_drafts(connection: Connection, officer: str) -> list[DraftRow]:
    """An officer's drafts, newest first."""
    rows = connection.execute(
        select(drafts).where(drafts.c.officer == officer).order_by(drafts.c.saved_at.desc())
    )
    return [DraftRow(r.id, r.officer, r.title, json.loads(r.value), from_wire(r.saved_at)) for r in rows]


def drop_draft(connection: Connection, draft_id: str) -> None:
    connection.execute(delete(drafts).where(drafts.c.id == draft_id))


_SERIES = serials.c.series == bindparam("of_series")
_READ_SERIAL = Prepared(select(serials.c.last).where(_SERIES))
_MOVE_SERIAL = Prepared(update(serials).where(_SERIES).values(last=bindparam("to_last")))
_ADD_SERIAL = Prepared(insert_row(serials))


def last_serial(connection: Connection, series: str) -> int | None:
    """The last number drawn from a series at this desk, or None."""
    found = _READ_SERIAL.run(connection, {"of_series": series}).fetchone()
    return found[0] if found else None


def keep_serial(connection: Connection, series: str, last: int) -> None:
    """Notes the number just drawn, in the transaction that uses it: no number is lost or doubled."""
    moved = _MOVE_SERIAL.run(connection, {"of_series": series, "to_last": last})
    if not moved.rowcount:
        _ADD_SERIAL.run(connection, {"series": series, "last": last})
