"""What the root stated, as this node keeps it: whose keys count, who may sign here, who no more."""

import base64
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from onestop.domain.entry import EntryError
from onestop.domain.offer import Record
from onestop.domain.statement import Statement, read_statement, statement_id, statement_subject
from onestop.store.peers import ROOT, peer_of
from onestop.store.prepared import Prepared, insert_row
from onestop.store.rows import get_local, put_local
from onestop.store.standing import drop_grants, put_grant
from onestop.store.tables import devices, officer_grants, statements

OFFICE = "office"
"""Local row: code of the agency this desk was joined under."""

REVOKED = "revoked"
"""Local row: why and since when the root does not trust this desk any more."""

_KNOWN = Prepared(select(statements.c.cursor).where(statements.c.id == bindparam("of_id")))
_ADD = Prepared(insert_row(statements))


def statement_of(record: Record) -> Statement:
    """Raises EntryError for a value of another shape."""
    value = record.value or {}
    try:
        body = value["body"].encode()
        signature = base64.b64decode(value["signature"], validate=True)
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise EntryError("not a statement's record") from error
    if statement_id(body) != record.ref:
        raise EntryError("another statement than its record says")
    return Statement(record.ref, body, signature)


def take_statement(connection: Connection, statement: Statement, cursor: int | None) -> str:
    """Keeps what the root signed and does what it says; the device whose key it made known, or "".

    `cursor`: its number in the root's log, None when it came by a relay. Raises EntryError
    when the root did not sign it.
    """
    known = _KNOWN.run(connection, {"of_id": statement.id}).fetchone()
    if known is not None:
        if cursor is not None and known[0] != cursor:
            here = statements.c.id == statement.id
            connection.execute(update(statements).where(here).values(cursor=cursor))
        return ""
    root = peer_of(connection, ROOT)
    if root is None:
        raise EntryError("no root is known here")
    plain = read_statement(root.public_key, statement.body, statement.signature)
    said = {"kind": plain["kind"], "subject": statement_subject(plain), "cursor": cursor}
    bytes_of = {"id": statement.id, "body": statement.body, "signature": statement.signature}
    _ADD.run(connection, {**said, **bytes_of})
    return _heed(connection, statement.id, plain)


def _heed(connection: Connection, ident: str, plain: Mapping[str, Any]) -> str:
    kind = plain["kind"]
    if kind == "device":
        return keep_device(connection, plain)
    if kind == "grant" and plain["office"] in ("", office_of(connection)):
        put_grant(connection, plain["officer"], ident, plain["to"])
    if kind == "revoke":
        _revoke(connection, plain)
    return ""


def office_of(connection: Connection) -> str:
    """The agency this desk was joined under; empty for a desk alone."""
    return str(get_local(connection, OFFICE) or "")


def keep_device(connection: Connection, plain: Mapping[str, Any]) -> str:
    """A key once known is never replaced: what it signed is still to be checked. A device that
    comes back with another key comes under another name."""
    device = plain["device"]
    if connection.scalar(select(devices.c.device).where(devices.c.device == device)) is not None:
        return ""
    public = bytes.fromhex(plain["public"])
    connection.execute(devices.insert().values(device=device, public_key=public, name=plain["name"]))
    return str(device)


def _revoke(connection: Connection, plain: Mapping[str, Any]) -> None:
    subject = plain["subject"]
    if plain["of"] == "officer":
        drop_grants(connection, subject)
    elif plain["of"] == "grant":
        here = officer_grants.c.grant == subject
        connection.execute(officer_grants.delete().where(here))
    elif subject == (get_local(connection, "desk") or {}).get("device"):
        put_local(connection, REVOKED, {"at": plain["at"], "reason": plain["reason"]})


def own_statement(connection: Connection) -> Statement | None:
    """What the root stated of this desk; None for one that was never joined."""
    desk = get_local(connection, "desk")
    stated = select(statements).where(statements.c.kind == "device", statements.c.subject == desk["device"])
    row = connection.execute(stated.order_by(statements.c.cursor.desc(), statements.c.id).limit(1)).first()
    return None if row is None else Statement(row.id, row.body, row.signature)
