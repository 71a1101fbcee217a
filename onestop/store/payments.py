"""Which dossiers money was taken for, or given back, in a span of time."""

from sqlalchemy import Connection, select

from onestop.domain.acts import Act
from onestop.store.tables import entries

_MONEY = (Act.COLLECT.value, Act.REFUND.value)


def list_paid(connection: Connection, first: str, last: str) -> list[str]:
    """Dossiers with a payment at or after `first` and before `last` (wire moments), by id.

    Reads through the whole journal: once at the end of a day, in a worker.
    """
    wanted = select(entries.c.dossier).where(
        entries.c.kind.in_(_MONEY), entries.c.at >= first, entries.c.at < last
    )
    return sorted({dossier for dossier in connection.scalars(wanted) if dossier})
