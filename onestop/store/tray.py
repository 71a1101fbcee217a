"""The tray: entries that wait for a person. A projection; the shelf beside it holds raw bytes.

Nothing leaves it by itself: an entry goes when somebody ratified or voided it, or when the
hub's last word on it is that it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from onestop.domain.dossier import Dossier
from onestop.domain.fold import Verdict
from onestop.domain.moment import from_wire
from onestop.store.prepared import Prepared, insert_row
from onestop.store.tables import dossiers, entries, outbox, shelf, tray

ILLEGAL = "illegal"
"""Accepted when it was written, and without effect in the journal as it now stands."""

TrayRow = tuple[str, str, str, str]
"""Entry id, verdict, code, at."""


@dataclass(frozen=True, slots=True)
class TrayItem:
    """`verdict`: flagged, quarantined, held or illegal; `code`: one of `judge.CODES`, or empty."""

    entry: str
    dossier: str
    dossier_code: str
    owner_name: str
    kind: str
    device: str
    header: bytes
    verdict: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """Bytes that are kept and not used; device, number, entry and dossier are what they claim."""

    id: str
    verdict: str
    code: str
    device: str
    seq: int
    entry: str
    dossier: str
    length: int
    at: str


_STATE = Prepared(
    select(entries.c.id, entries.c.verdict, entries.c.code, entries.c.at, outbox.c.verdict, outbox.c.trouble)
    .join(outbox, outbox.c.entry == entries.c.n, isouter=True)
    .where(entries.c.dossier == bindparam("of_dossier"))
)
_DROP = Prepared(delete(tray).where(tray.c.dossier == bindparam("of_dossier")))
_ADD = Prepared(insert_row(tray))


def keep_tray(connection: Connection, dossier_id: str, dossier: Dossier | None) -> None:
    """Writes the tray of one dossier anew; `dossier` is the fold of its journal."""
    _DROP.run(connection, {"of_dossier": dossier_id})
    for entry, verdict, code, at in tray_of(connection, dossier_id, dossier):
        row = {"entry": entry, "dossier": dossier_id, "verdict": verdict, "code": code, "at": at}
        _ADD.run(connection, row)


def tray_of(connection: Connection, dossier_id: str, dossier: Dossier | None) -> Iterator[TrayRow]:
    """What of a journal belongs in the tray."""
    conflicts = frozenset(dossier.conflicts if dossier else ())
    voided = frozenset(dossier.voided if dossier else ())
    for row in _STATE.run(connection, {"of_dossier": dossier_id}).fetchall():
        ident, verdict, code, at, said, trouble = row
        entry = bytes(ident).hex()
        found = _place(verdict, code or "", said or "", trouble or "", entry in conflicts)
        if found and not (found[0] == Verdict.QUARANTINED and entry in voided):
            yield entry, found[0], found[1], at


def _place(verdict: str, code: str, said: str, trouble: str, is_conflict: bool) -> tuple[str, str] | None:
    if Verdict.QUARANTINED in (verdict, said):
        return Verdict.QUARANTINED.value, code or trouble
    if Verdict.HELD in (verdict, said):
        return Verdict.HELD.value, trouble or code
    if not is_conflict:
        return None
    return (Verdict.FLAGGED.value, code) if verdict == Verdict.FLAGGED else (ILLEGAL, "ILLEGAL")


def list_tray(connection: Connection) -> tuple[TrayItem, ...]:
    """Oldest first. The header tells who, when and under which grant; the journal holds the rest."""
    joined = select(tray, dossiers.c.code.label("dossier_code"), dossiers.c.owner_name)
    joined = joined.join(dossiers, dossiers.c.id == tray.c.dossier, isouter=True)
    rows = connection.execute(joined.order_by(tray.c.at, tray.c.entry)).all()
    columns = (entries.c.id, entries.c.kind, entries.c.device, entries.c.header)
    named = entries.c.id.in_([bytes.fromhex(row.entry) for row in rows])
    known = {entry.id.hex(): entry for entry in connection.execute(select(*columns).where(named))}
    return tuple(_item(row, known[row.entry]) for row in rows if row.entry in known)


def _item(row: Any, entry: Any) -> TrayItem:
    return TrayItem(
        entry=row.entry,
        dossier=row.dossier,
        dossier_code=row.dossier_code or "",
        owner_name=row.owner_name or "",
        kind=entry.kind,
        device=entry.device,
        header=entry.header,
        verdict=row.verdict,
        code=row.code,
        at=from_wire(row.at),
    )


def list_shelf(connection: Connection) -> tuple[ShelfItem, ...]:
    """What could not be read or believed, oldest first; kept for somebody to look at."""
    rows = connection.execute(select(shelf).order_by(shelf.c.at, shelf.c.id))
    return tuple(
        ShelfItem(r.id, r.verdict, r.code, r.device, r.seq, r.entry, r.dossier, len(r.raw), r.at)
        for r in rows
    )
