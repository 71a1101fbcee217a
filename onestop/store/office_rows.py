"""Plain versioned rows, root → desks: catalogues, officers, units, calendars, templates.

A row of one office goes into its stream; one of no office ("") into everyone's.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.entry import canonical
from onestop.domain.legality import Absent
from onestop.domain.merger import Merger, merger_from
from onestop.domain.moment import from_wire, local_day, to_wire
from onestop.domain.stand_in import StandIn, stand_in_from_dict
from onestop.domain.state import Role
from onestop.store.bulk import put_rows
from onestop.store.log import POLICY, Ledger, lock_tail, office_stream, value_leaf
from onestop.store.tables import office_rows

Absences = tuple[tuple[StandIn, Absent], ...]
"""Stand-ins of an office, each with what the officer who is away may do there."""


def put_row(
    connection: Connection, ledger: Ledger, office: str, kind: str, key: str, value: Any, now: datetime
) -> str:
    """Writes a row, None takes it away; its version. Nothing happens when it says so already.

    Raises EntryError for a value that JSON without fractions cannot hold.
    """
    put_all(connection, ledger, office, [(kind, key, value)], now)
    return row_name(value)


def put_all(
    connection: Connection, ledger: Ledger, office: str, rows: Sequence[tuple[str, str, Any]], now: datetime
) -> int:
    """Many rows (kind, key, value) as `put_row` does one, under one hold of the log; how many are others."""
    tail = lock_tail(connection, ledger)
    stream = office_stream(office) if office else POLICY
    here = newest_versions(connection, (office,), {kind for kind, _, _ in rows})
    new: dict[tuple[str, str], dict[str, Any]] = {}
    for kind, key, value in rows:
        version = row_name(value)
        if here.get((kind, key)) == version:
            continue
        here[kind, key] = version
        record = {"kind": kind, "key": key, "version": version, "value": value}
        cursor = tail.add_value("row", f"{kind}/{key}", (stream,), to_wire(now), record)
        row = {"office": office, "kind": kind, "key": key, "version": version, "value": _text(value)}
        new[kind, key] = row | {"cursor": cursor}
    put_rows(connection, office_rows, ("office", "kind", "key"), list(new.values()))
    tail.close(connection)
    return len(new)


def row_name(value: Any) -> str:
    """The version of a value. Raises EntryError for what rows cannot hold."""
    return value_leaf({"value": value}).hex()[:16]


def newest_versions(
    connection: Connection, offices: Iterable[str], kinds: Iterable[str]
) -> dict[tuple[str, str], str]:
    """Version by (kind, key) of what was last written for any of these offices."""
    columns = (office_rows.c.kind, office_rows.c.key, office_rows.c.version)
    wanted = select(*columns).where(
        office_rows.c.office.in_(sorted(offices)), office_rows.c.kind.in_(sorted(kinds))
    )
    rows = connection.execute(wanted.order_by(office_rows.c.cursor))
    return {(row.kind, row.key): row.version for row in rows}


def list_rows(connection: Connection, office: str, kind: str) -> list[tuple[str, Any]]:
    """(key, value) of the rows of an office ("": everyone's), by key; not those taken away."""
    wanted = select(office_rows.c.key, office_rows.c.value).where(
        office_rows.c.office == office, office_rows.c.kind == kind, office_rows.c.value.is_not(None)
    )
    return [(key, json.loads(value)) for key, value in connection.execute(wanted.order_by(office_rows.c.key))]


def list_newest(connection: Connection, offices: Iterable[str]) -> list[tuple[str, str, Any]]:
    """(kind, key, value) as a desk that reads all of these offices' streams has them; none taken away."""
    columns = (office_rows.c.kind, office_rows.c.key, office_rows.c.value)
    wanted = select(*columns).where(office_rows.c.office.in_(sorted(offices)))
    found = {
        (row.kind, row.key): row.value for row in connection.execute(wanted.order_by(office_rows.c.cursor))
    }
    return [(kind, key, json.loads(value)) for (kind, key), value in found.items() if value is not None]


def list_mergers(connection: Connection, office: str) -> tuple[Merger, ...]:
    """Mergers that an office's rows tell, of its units and of agencies."""
    return tuple(merger_from(value) for _, value in list_rows(connection, office, "merger"))


def list_absences(connection: Connection, office: str) -> Absences:
    """Those that an office's rows tell."""
    officers = {value["id"]: value for _, value in list_rows(connection, office, "officer")}
    found = []
    for _, value in list_rows(connection, office, "stand_in"):
        one = stand_in_from_dict(value)
        officer = officers.get(one.officer)
        if officer is not None:
            roles = one.roles & frozenset(map(Role, officer["roles"]))
            found.append((one, Absent(one.officer, roles, officer["unit"])))
    return tuple(found)


def absent_for(absences: Absences, officer: str, at: str) -> tuple[Absent, ...]:
    """Whom `officer` stood in for on the day of a wire moment."""
    if not absences:
        return ()
    day = local_day(from_wire(at))
    return tuple(absent for one, absent in absences if one.stand_in == officer and one.is_in_force(day))


def _text(value: Any) -> str | None:
    return None if value is None else canonical(value).decode()
