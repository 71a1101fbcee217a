"""Where this desk stands: the name of its chain, what it has seen of the root log, what time it is.

Every entry says what its desk could know (`seen`) and under which grant it was made: both are
read here, in the transaction that writes the entry.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from onestop.domain.entry import NEVER_SEEN, Seen
from onestop.domain.moment import from_wire
from onestop.store.prepared import Prepared, insert_row
from onestop.store.tables import officer_grants, standing

_ROW = 1


@dataclass(frozen=True, slots=True)
class DeskStanding:
    """`seen`: last signed checkpoint of the root; `mono`: this machine's (boot id, ms) at its time."""

    incarnation: str
    seen: Seen = NEVER_SEEN
    mono: tuple[str, int] | None = None

    def trusted_at(self, mono: tuple[str, int]) -> datetime | None:
        """The server's time now; None when it was never told since the machine was started."""
        server_at = self.seen[2]
        if server_at is None or self.mono is None or self.mono[0] != mono[0]:
            return None
        return from_wire(server_at) + timedelta(milliseconds=mono[1] - self.mono[1])


_READ = Prepared(
    select(
        standing.c.incarnation,
        standing.c.epoch,
        standing.c.cursor,
        standing.c.server_at,
        standing.c.server_boot,
        standing.c.server_mono,
    ).where(standing.c.id == bindparam("of_id"))
)
_ADD = Prepared(insert_row(standing))


def read_standing(connection: Connection) -> DeskStanding | None:
    """None in a store that was founded before desks had one."""
    found = _READ.run(connection, {"of_id": _ROW}).fetchone()
    if found is None:
        return None
    incarnation, epoch, cursor, server_at, boot, mono = found
    return DeskStanding(incarnation, (epoch, cursor, server_at), None if boot is None else (boot, mono))


def found_standing(connection: Connection, incarnation: str) -> None:
    nothing = dict.fromkeys(("epoch", "server_at", "server_mono", "server_boot"))
    _ADD.run(connection, {"id": _ROW, "incarnation": incarnation, "cursor": 0} | nothing)


def new_incarnation(connection: Connection) -> str:
    """A new chain under a name nobody had: no number of the old one is given again."""
    name = secrets.token_hex(8)
    if not _change(connection, incarnation=name):
        found_standing(connection, name)
    return name


def note_seen(
    connection: Connection, epoch: str, cursor: int, server_at: str, *, is_whole: bool = True
) -> None:
    """What this desk now knows of the root log: everything up to `cursor`.

    Until it was read to its end once (`is_whole`), nothing was seen: the grants of this desk's
    officers may stand further on, and what they do meanwhile they do alone.
    """
    known = read_standing(connection)
    if known is None or (known.seen[0] == epoch and cursor <= known.seen[1]):
        return
    if known.seen[0] is None and not is_whole:
        return
    _change(connection, epoch=epoch, cursor=cursor)
    if known.seen[2] is None:
        _change(connection, server_at=server_at)


def rewind_seen(connection: Connection, epoch: str, base: int) -> None:
    """The root log went back to `base` and goes on under another epoch."""
    known = read_standing(connection)
    if known is not None:
        _change(connection, epoch=epoch, cursor=min(known.seen[1], base))


def note_time(connection: Connection, server_at: str, mono: tuple[str, int]) -> None:
    """The root said its time while this machine's monotonic clock stood at `mono`."""
    _change(connection, server_at=server_at, server_boot=mono[0], server_mono=mono[1])


def _change(connection: Connection, **values: Any) -> bool:
    return bool(connection.execute(update(standing).where(standing.c.id == _ROW).values(values)).rowcount)


def put_grant(connection: Connection, officer: str, grant: str, until: str) -> None:
    """The newest grant of an officer takes the place of the one before."""
    drop_grants(connection, officer)
    connection.execute(officer_grants.insert().values(officer=officer, grant=grant, until=until))


def drop_grants(connection: Connection, officer: str) -> None:
    connection.execute(officer_grants.delete().where(officer_grants.c.officer == officer))
