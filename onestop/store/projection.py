"""A dossier as its row, its search words and its tray: made only from the fold of its journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from onestop.domain.acts import STATES
from onestop.domain.dossier import Dossier
from onestop.domain.fold import fold
from onestop.domain.moment import to_wire
from onestop.domain.work import queue_at_of, queue_of, search_words
from onestop.store.erasing import erase_settled
from onestop.store.journal import read_journal
from onestop.store.prepared import Prepared, insert_row
from onestop.store.rows import drop_local, put_local
from onestop.store.tables import dossiers
from onestop.store.tray import keep_tray

UNFOLDED = "unfolded:"
"""Local rows of dossiers whose journal this program could not fold: shown as far as known."""


def row_of(dossier: Dossier) -> dict[str, Any]:
    """Every column of `dossiers` but `n`."""
    subject, clock, custody = dossier.subject, dossier.clock, dossier.custody
    holder = custody.holder
    return {
        "id": dossier.id,
        "code": dossier.code,
        "state": dossier.state.value,
        "national": STATES[dossier.state].national,
        "procedure_code": subject.procedure.code,
        "procedure_name": subject.procedure.title,
        "sector": subject.procedure.sector,
        "owner_name": subject.owner.name,
        "submitter_name": subject.submitter.name,
        "id_number": subject.owner.id_number or subject.owner.tax_code,
        "phone": subject.submitter.phone or subject.owner.phone,
        "channel": subject.channel,
        "received_at": _wire(clock.received_at),
        "due_at": _wire(clock.due.at),
        "original_due_at": _wire(clock.original_due_at),
        "ended_at": _wire(clock.ended_at),
        "handed_out_at": _wire(dossier.result.handed_out_at),
        "register_no": dossier.register_no,
        "counter": custody.counter,
        "holder_unit": holder.unit if holder else "",
        "holder_officer": (holder.officer or "") if holder else "",
        "is_taken": bool(holder and holder.is_taken),
        "queue": queue_of(dossier),
        "queue_at": queue_at_of(dossier),
        "head": " ".join(dossier.heads),
        "entry_count": dossier.count,
    }


def _wire(moment: datetime | None) -> str | None:
    return to_wire(moment) if moment else None


_ADD = Prepared(insert_row(dossiers, without=("n",)).returning(dossiers.c.n))
_COLUMNS = [column.name for column in dossiers.c if column.name not in ("n", "id")]
_UPDATE = Prepared(
    update(dossiers)
    .where(dossiers.c.id == bindparam("of_id"))
    .values({name: bindparam(f"to_{name}") for name in _COLUMNS})
    .returning(dossiers.c.n)
)
_NUMBER = Prepared(select(dossiers.c.n).where(dossiers.c.id == bindparam("of_id")))


def add_row(connection: Connection, dossier: Dossier) -> None:
    (number,) = _ADD.run(connection, row_of(dossier)).fetchone()
    index_words(connection, int(number), search_words(dossier))


def change_row(connection: Connection, dossier: Dossier, same_words: bool = False) -> bool:
    """Writes the row anew; False when there is none. `same_words`: its search words stay."""
    row = {f"to_{column}": value for column, value in row_of(dossier).items()}
    found = _UPDATE.run(connection, row | {"of_id": dossier.id}).fetchone()
    if found and not same_words:
        index_words(connection, int(found[0]), search_words(dossier))
    return found is not None


# SQLite's own full-text index; a database without one keeps no such table.
_INDEX = "INSERT OR REPLACE INTO search(rowid, words) VALUES (?, ?)"
_UNINDEX = "DELETE FROM search WHERE rowid = ?"


def index_words(connection: Connection, number: int, words: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(_INDEX, (number, words))


def refold(connection: Connection, dossier_id: str) -> Dossier | None:
    """Folds the whole journal anew and rewrites row, search words and tray.

    A dossier that no entry makes any more loses its row. One whose journal cannot be folded
    by this program keeps what was shown of it, and is marked; nothing is raised.
    """
    journal = read_journal(connection, dossier_id)
    erase_settled(connection, dossier_id, journal)
    try:
        dossier = fold(journal)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        put_local(connection, UNFOLDED + dossier_id, True)
        keep_tray(connection, dossier_id, None)
        return None
    drop_local(connection, UNFOLDED + dossier_id)
    if dossier is None:
        _drop_row(connection, dossier_id)
    elif not change_row(connection, dossier):
        add_row(connection, dossier)
    keep_tray(connection, dossier_id, dossier)
    return dossier


def refold_all(connection: Connection, dossier_ids: Iterable[str]) -> None:
    for dossier_id in sorted(dossier_ids):
        refold(connection, dossier_id)


def _drop_row(connection: Connection, dossier_id: str) -> None:
    found = _NUMBER.run(connection, {"of_id": dossier_id}).fetchone()
    if found is None:
        return
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute(_UNINDEX, (found[0],))
    connection.execute(delete(dossiers).where(dossiers.c.id == dossier_id))
