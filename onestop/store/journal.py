"""Reading journals: the bytes as they were written, and the dossier they make."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, bindparam, func, select

from onestop.domain.dossier import Dossier
from onestop.domain.entry import Entry, parse_header
from onestop.domain.fold import Verdict, fold
from onestop.domain.settle import verdict_for
from onestop.store.bulk import rows_in
from onestop.store.prepared import Prepared
from onestop.store.tables import dossiers, entries

_COLUMNS = (
    entries.c.id,
    entries.c.header,
    entries.c.signature,
    entries.c.body,
    entries.c.salt,
    entries.c.verdict,
    entries.c.code,
)
IN_ORDER = (
    entries.c.cursor.is_(None),
    entries.c.cursor,
    entries.c.place.is_(None),
    entries.c.place,
    entries.c.n,
)
"""The one order of a journal on every node: the root's numbers, then the relay's, then this store's."""

_OF_DOSSIER = Prepared(
    select(*_COLUMNS).where(entries.c.dossier == bindparam("of_dossier")).order_by(*IN_ORDER)
)


def read_journal(connection: Connection, dossier: str) -> list[tuple[Entry, Verdict]]:
    """A dossier's entries in the order of the log, with their verdicts."""
    rows = _OF_DOSSIER.run(connection, {"of_dossier": dossier})
    return [_entry(*row) for row in rows]


def _entry(
    ident: bytes, header: bytes, signature: bytes, body: bytes, salt: bytes, verdict: str, code: str | None
) -> tuple[Entry, Verdict]:
    entry = Entry(ident.hex(), parse_header(header), header, signature, body, salt)
    return entry, verdict_for(verdict, code)


def read_dossier(connection: Connection, dossier: str) -> Dossier | None:
    """The dossier its journal makes; None when there is no journal."""
    return fold(read_journal(connection, dossier))


def read_journals(
    connection: Connection, dossier_ids: Sequence[str]
) -> Iterator[tuple[str, list[tuple[Entry, Verdict]]]]:
    """Several dossiers' journals by one question; those without entries are left out."""
    wanted = select(entries.c.dossier, *_COLUMNS).order_by(entries.c.dossier, *IN_ORDER)
    rows = rows_in(connection, wanted, entries.c.dossier, dossier_ids)
    for dossier, lines in groupby(rows, key=itemgetter(0)):
        yield dossier, [_entry(*line[1:]) for line in lines]


def list_journals(connection: Connection) -> list[str]:
    """Ids of all dossiers with a journal, by their first entry."""
    ordered = select(entries.c.dossier).where(entries.c.dossier.is_not(None))
    ordered = ordered.group_by(entries.c.dossier).order_by(func.min(entries.c.n))
    return [dossier for (dossier,) in connection.execute(ordered)]


def list_dated(connection: Connection, states: Iterable[str]) -> list[str]:
    """Ids of dossiers in one of these states that have a due moment, soonest first."""
    chosen = select(dossiers.c.id).where(dossiers.c.state.in_(list(states)), dossiers.c.due_at.is_not(None))
    return [dossier for (dossier,) in connection.execute(chosen.order_by(dossiers.c.due_at, dossiers.c.n))]
