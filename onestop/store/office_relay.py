"""Where an office's relay is found: a row of the office's stream, which the root writes when a relay
tells it. Desks learn by it of a relay that took the place of another."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from onestop.store.log import Ledger
from onestop.store.office_rows import put_row
from onestop.store.tables import reference

_KIND = _KEY = "relay"


def put_relay(
    connection: Connection, ledger: Ledger, office: str, url: str, authority: str, now: datetime
) -> None:
    """At the root: the office's relay is at `url` from now on, and shows this authority (PEM, or "")."""
    put_row(connection, ledger, office, _KIND, _KEY, {"url": url, "authority": authority}, now)


def told_relay(connection: Connection) -> tuple[str, Any]:
    """At a desk: version and value of the row; "" and None when there is none."""
    wanted = select(reference.c.version, reference.c.value)
    row = connection.execute(wanted.where(reference.c.kind == _KIND, reference.c.key == _KEY)).first()
    return ("", None) if row is None else (row.version, json.loads(row.value))
