"""The shelf as lines for whoever is to look at it: what is known of each, and the bytes as they came."""

import base64
from typing import Any

from sqlalchemy import Connection, select

from onestop.store.tables import shelf


def shelf_lines(connection: Connection) -> list[dict[str, Any]]:
    """Oldest first; `raw` is base64."""
    rows = connection.execute(select(shelf).order_by(shelf.c.at, shelf.c.id))
    return [
        {
            "id": row.id,
            "verdict": row.verdict,
            "code": row.code,
            "device": row.device,
            "seq": row.seq,
            "at": row.at,
            "raw": base64.b64encode(row.raw).decode(),
        }
        for row in rows
    ]
