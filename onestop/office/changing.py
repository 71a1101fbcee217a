"""Changing what flows to desks as plain versioned rows: all or nothing, kept, and undone at will.

Catalogue, calendar, fees, routes, forms and stand-ins are rows. Whoever changes them (a page, a
pack, a command) comes through here, so that every change is told, dated and can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from onestop.domain.entry import canonical
from onestop.domain.moment import to_wire
from onestop.errors import OfficeError, RuleError
from onestop.office.office import Office
from onestop.store.rows import drop_reference, get_local, list_local, put_local, put_reference, read_reference
from onestop.store.writer import new_id

_KEPT = "change:"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row as it shall be: plain JSON without fractions, member names in ASCII; None takes it away."""

    kind: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was made. `at`: wire moment; `count`: rows that are other than before."""

    id: str
    at: str
    officer: str
    words: str
    count: int
    undone_at: str = ""


def change_rows(office: Office, changes: Sequence[RowChange], words: str) -> Changed:
    """Makes all of them or none; rows that say so already are left. Raises EntryError for a value
    that rows cannot hold, StoreError."""
    now = office.now
    with office.store.write() as connection:
        before = [_swap(connection, change) for change in changes]
        others = [old for old, change in zip(before, changes, strict=True) if old.value != change.value]
        made = Changed(new_id(now), to_wire(now), office.officer.id, words, len(others))
        rows = [[old.kind, old.key, old.value] for old in others]
        after = [[c.kind, c.key, c.value] for c in changes]
        put_local(connection, _KEPT + made.id, _plain(made) | {"before": rows, "after": after})
    return made


def list_changes(office: Office) -> list[Changed]:
    """What was changed at this desk, newest first."""
    with office.store.read() as connection:
        kept = list_local(connection, _KEPT)
    return [_read(ident, plain) for ident, plain in reversed(kept)]


def undo_change(office: Office, change_id: str) -> Changed:
    """Every row as it was before. Raises RuleError when one was changed again since: the later
    change is undone first."""
    now = to_wire(office.now)
    with office.store.write() as connection:
        kept = get_local(connection, _KEPT + change_id)
        if kept is None or kept["undone_at"]:
            raise OfficeError("Thay đổi này không còn để hoàn tác", "Hãy xem lại danh sách thay đổi.")
        for kind, key, value in kept["after"]:
            if read_reference(connection, kind, key) != value:
                raise RuleError(
                    "Dòng danh mục này đã được đổi tiếp sau đó",
                    f"Hãy hoàn tác thay đổi mới hơn trước ({kind}: {key}).",
                )
        for kind, key, value in kept["before"]:
            _swap(connection, RowChange(kind, key, value))
        put_local(connection, _KEPT + change_id, kept | {"undone_at": now})
    return _read(change_id, kept | {"undone_at": now})


def row_version(value: Any) -> str:
    """Of a row's value: the same at every desk. Raises EntryError for what rows cannot hold."""
    return sha256(canonical({"value": value})).hexdigest()[:16]


def _swap(connection: Connection, change: RowChange) -> RowChange:
    """Writes the row; what stood there before."""
    old = read_reference(connection, change.kind, change.key)
    if change.value is None:
        drop_reference(connection, change.kind, change.key)
    elif change.value != old:
        put_reference(connection, change.kind, change.key, row_version(change.value), change.value)
    return RowChange(change.kind, change.key, old)


def _plain(made: Changed) -> dict[str, Any]:
    return {
        "at": made.at,
        "officer": made.officer,
        "words": made.words,
        "count": made.count,
        "undone_at": made.undone_at,
    }


def _read(ident: str, plain: dict[str, Any]) -> Changed:
    return Changed(ident, plain["at"], plain["officer"], plain["words"], plain["count"], plain["undone_at"])
