"""What the root states of devices, relays and officers, in its log and in the tables beside it."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from onestop.domain.entry import EntryError
from onestop.domain.moment import to_wire
from onestop.domain.state import Role
from onestop.domain.statement import (
    Statement,
    make_statement,
    parse_statement,
    read_statement,
    statement_id,
    statement_subject,
)
from onestop.store.bulk import add_rows, put_rows, rows_in
from onestop.store.log import POLICY, Ledger, Tail, lock_tail
from onestop.store.tables import devices, statements


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement as the log has it; `plain` is what it says."""

    id: str
    cursor: int
    plain: dict[str, Any]


def add_statement(
    connection: Connection, ledger: Ledger, plain: Mapping[str, Any], now: datetime
) -> Statement:
    """Signs a statement and puts it into the log; a second time it is simply there.

    Raises EntryError for one of no known shape.
    """
    statement = make_statement(ledger.key, plain)
    tail = lock_tail(connection, ledger)
    append_statements(connection, tail, [statement], to_wire(now))
    tail.close(connection)
    return statement


def append_statements(
    connection: Connection, tail: Tail, signed: Sequence[Statement], at: str
) -> list[Stated]:
    """Statements into a log that is locked already: those that were not known."""
    known = rows_in(connection, select(statements.c.id), statements.c.id, [one.id for one in signed])
    have = {ident for (ident,) in known}
    added: dict[str, Stated] = {}
    rows = []
    for statement in signed:
        if statement.id in have or statement.id in added:
            continue
        cursor, plain = state(tail, statement, at)
        added[statement.id] = Stated(statement.id, cursor, plain)
        rows.append(statement_row(statement, plain, cursor))
    add_rows(connection, statements, rows)
    _keep_devices(connection, [stated.plain for stated in added.values()])
    return list(added.values())


def state(tail: Tail, statement: Statement, at: str) -> tuple[int, dict[str, Any]]:
    """Its record, for everyone; the cursor, and what it says."""
    value = _record_value(statement)
    cursor = tail.add("statement", statement.id, bytes.fromhex(statement.id), (POLICY,), at, value)
    return cursor, parse_statement(statement.body)


def _record_value(statement: Statement) -> dict[str, str]:
    return {"body": statement.body.decode(), "signature": base64.b64encode(statement.signature).decode()}


def statement_row(statement: Statement, plain: Mapping[str, Any], cursor: int | None) -> dict[str, Any]:
    return {
        "id": statement.id,
        "kind": plain["kind"],
        "subject": statement_subject(plain),
        "body": statement.body,
        "signature": statement.signature,
        "cursor": cursor,
    }


def _keep_devices(connection: Connection, stated: Iterable[Mapping[str, Any]]) -> None:
    """The public keys by which entries are checked."""
    rows = [
        {"device": plain["device"], "public_key": bytes.fromhex(plain["public"]), "name": plain["name"]}
        for plain in stated
        if plain["kind"] == "device"
    ]
    put_rows(connection, devices, ("device",), rows)


def known_signed(ledger: Ledger, offered: Iterable[tuple[bytes, bytes]]) -> list[Statement]:
    """Those of (body, signature) that this log did sign; the rest is left out."""
    signed = []
    for body, signature in offered:
        try:
            read_statement(ledger.key.public, body, signature)
        except EntryError:
            continue
        signed.append(Statement(statement_id(body), body, signature))
    return signed


def list_stated(connection: Connection, kind: str, subject: str | None = None) -> list[Stated]:
    """All statements of a kind, oldest first."""
    wanted = select(statements.c.id, statements.c.cursor, statements.c.body).where(statements.c.kind == kind)
    if subject is not None:
        wanted = wanted.where(statements.c.subject == subject)
    ordered = wanted.order_by(statements.c.cursor, statements.c.id)
    return [Stated(row.id, row.cursor or 0, parse_statement(row.body)) for row in connection.execute(ordered)]


def device_of(connection: Connection, device: str) -> dict[str, Any] | None:
    """What was last stated of a device ({kind, device, public, office, index, …}), or None."""
    stated = list_stated(connection, "device", device)
    return stated[-1].plain if stated else None


def grant(
    connection: Connection,
    ledger: Ledger,
    *,
    officer: str,
    name: str,
    roles: Iterable[Role],
    unit: str,
    office: str,
    begins: datetime,
    ends: datetime,
    now: datetime,
    policy: int = 1,
) -> Statement:
    """Grants an officer roles in an office for a time."""
    plain = {
        "kind": "grant",
        "officer": officer,
        "name": name,
        "roles": sorted(role.value for role in roles),
        "unit": unit,
        "office": office,
        "policy": policy,
        "from": to_wire(begins),
        "to": to_wire(ends),
    }
    return add_statement(connection, ledger, plain, now)


def revoke(
    connection: Connection, ledger: Ledger, of: str, subject: str, reason: str, now: datetime
) -> Statement:
    """Takes back a grant (by its id), all of an officer's, or the trust in a device."""
    return add_statement(connection, ledger, revocation(of, subject, reason, to_wire(now)), now)


def revocation(of: str, subject: str, reason: str, at: str) -> dict[str, Any]:
    return {"kind": "revoke", "of": of, "subject": subject, "at": at, "reason": reason}


def grants_at(connection: Connection, now: datetime) -> list[Stated]:
    """Grants in force: begun, not ended, not taken back."""
    at = to_wire(now)
    revoked = {one.plain["subject"]: one.cursor for one in list_stated(connection, "revoke")}
    return [
        one
        for one in list_stated(connection, "grant")
        if one.plain["from"] <= at <= one.plain["to"]
        and one.id not in revoked
        and revoked.get(one.plain["officer"], 0) < one.cursor
    ]


def is_device_revoked(connection: Connection, device: str) -> bool:
    """Whether trust in it was taken back (also for a fork) after it was last stated."""
    stated = list_stated(connection, "device", device)
    revoked = [one for one in list_stated(connection, "revoke", device) if one.plain["of"] == "device"]
    return bool(revoked) and (not stated or revoked[-1].cursor > stated[-1].cursor)
