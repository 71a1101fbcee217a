"""Changing what flows to desks as plain versioned rows: all or nothing, kept, and undone at will.

Catalogue, calendar, fees, routes, forms and stand-ins are rows. Whoever changes them (a page, a
pack, a command) comes through here, so that every change is told, dated and can be taken back.
Desks that are joined to a hub share its rows: there a change goes to the root first, and is
written here once the root has it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from onestop.domain.entry import EntryError, canonical
from onestop.domain.moment import to_wire
from onestop.errors import OfficeError, Offline, RuleError
from onestop.office.office import Office
from onestop.office.row_shape import require_readable
from onestop.store.peers import ROOT, peer_of
from onestop.store.report import Progress, quiet
from onestop.store.rows import (
    ReferenceRow,
    get_local,
    list_local,
    put_local,
    put_references,
    read_references,
)
from onestop.store.writer import new_id

_KEPT = "change:"
_ROWS = "rows_of_change:"
"""Beside the change itself: a pack's rows are megabytes, and a list of changes needs none of them."""
_STEP = 500


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


@dataclass(frozen=True, slots=True)
class _Swap:
    """A row before and after."""

    old: ReferenceRow
    new: ReferenceRow

    @property
    def is_none(self) -> bool:
        return bool(self.old.value == self.new.value)


def change_rows(
    office: Office, changes: Sequence[RowChange], words: str, progress: Progress = quiet
) -> Changed:
    """Makes all of them or none; rows that say so already are left. Of two for one row the last counts.

    Raises EntryError for a value that rows cannot hold, InputError for one that no desk could read,
    StoreError; at a desk that is joined to a hub also Offline, Refused, ConflictError. `progress`
    may raise to cancel: then nothing was written.
    """
    require_readable((change.kind, change.key, change.value) for change in changes)
    news = _versioned(changes, progress)
    now = office.now
    with office.store.read() as connection:
        swaps = _swaps(connection, news)
    progress(len(news), len(news), "Đang lưu")
    is_published = _publish(office, swaps, words)
    with office.store.write() as connection:
        if not is_published:  # else the root's own word of it may have come first: nothing would be other
            swaps = _swaps(connection, news)
        put_references(connection, [swap.new for swap in swaps])
        made = Changed(new_id(now), to_wire(now), office.officer.id, words, len(swaps))
        put_local(connection, _KEPT + made.id, asdict(made))
        rows = {"before": [_row(swap.old) for swap in swaps], "after": [_row(swap.new) for swap in swaps]}
        put_local(connection, _ROWS + made.id, rows)
    return made


def list_changes(office: Office) -> list[Changed]:
    """What was changed at this desk, newest first."""
    with office.store.read() as connection:
        kept = list_local(connection, _KEPT)
    return [Changed(**plain) for _, plain in reversed(kept)]


def read_change(office: Office, change_id: str) -> list[tuple[RowChange, RowChange]]:
    """The rows of a change, as they were and as they became."""
    with office.store.read() as connection:
        rows = get_local(connection, _ROWS + change_id) or {"before": [], "after": []}
    return [
        (RowChange(old[0], old[1], old[3]), RowChange(new[0], new[1], new[3]))
        for old, new in zip(rows["before"], rows["after"], strict=True)
    ]


def undo_change(office: Office, change_id: str, progress: Progress = quiet) -> Changed:
    """Every row as it was before. Raises RuleError when one was changed again since: the later
    change is undone first. At a desk joined to a hub it goes the way of a change, and raises as one."""
    with office.store.read() as connection:
        kept, rows = _undoable(connection, change_id)
    swaps = [
        _Swap(ReferenceRow(*new), ReferenceRow(*old))
        for old, new in zip(rows["before"], rows["after"], strict=True)
    ]
    progress(len(swaps), len(swaps), "Đang lưu")
    is_published = _publish(office, swaps, f"Hoàn tác: {kept['words']}")
    undone = kept | {"undone_at": to_wire(office.now)}
    with office.store.write() as connection:
        if not is_published:
            _undoable(connection, change_id)
        put_references(connection, [swap.new for swap in swaps])
        put_local(connection, _KEPT + change_id, undone)
    return Changed(**undone)


def row_version(value: Any) -> str:
    """Of a row's value: the same at every desk. Raises EntryError for what rows cannot hold."""
    return _name(canonical({"value": value}))


def _name(raw: bytes) -> str:
    return sha256(raw).hexdigest()[:16]


def _versioned(changes: Sequence[RowChange], progress: Progress) -> list[ReferenceRow]:
    last = {(change.kind, change.key): change.value for change in changes}
    rows = []
    for done, ((kind, key), value) in enumerate(last.items()):
        if done % _STEP == 0:
            progress(done, len(last), "Đang chuẩn bị")
        raw = canonical({"value": value})
        # Read back: a tuple of the caller's is a list in the store, and compares as one.
        rows.append(ReferenceRow(kind, key, _name(raw), json.loads(raw)["value"]))
    return rows


def _swaps(connection: Connection, news: Sequence[ReferenceRow]) -> list[_Swap]:
    """The rows that become other ones."""
    olds = read_references(connection, [(new.kind, new.key) for new in news])
    swaps = [
        _Swap(olds.get((new.kind, new.key), ReferenceRow(new.kind, new.key, "", None)), new) for new in news
    ]
    return [swap for swap in swaps if not swap.is_none]


def _publish(office: Office, swaps: Sequence[_Swap], words: str) -> bool:
    """To the root, where this desk has one; whether it was told."""
    with office.store.read() as connection:
        is_alone = peer_of(connection, ROOT) is None
    if is_alone or not swaps:
        return False
    if office.told.send_rows is None:
        raise Offline(
            "Thay đổi này cần đường truyền tới máy chủ",
            "Danh mục dùng chung cho mọi quầy của cơ quan, nên chưa có gì được ghi. "
            "Hãy thử lại khi quầy đã nối máy chủ.",
        )
    rows = [{**_plain(swap.new), "was": _version(swap.old.value)} for swap in swaps]
    office.told.send_rows(rows, office.officer.id, words)
    return True


def _plain(row: ReferenceRow) -> dict[str, Any]:
    return {"kind": row.kind, "key": row.key, "value": row.value}


def _version(value: Any) -> str:
    """What the root calls the row that this desk saw; "" for none."""
    try:
        return "" if value is None else row_version(value)
    except EntryError:  # written here before the desk was joined: no root ever had it
        return ""


def _undoable(connection: Connection, change_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    kept = get_local(connection, _KEPT + change_id)
    if kept is None or kept["undone_at"]:
        raise OfficeError("Thay đổi này không còn để hoàn tác", "Hãy xem lại danh sách thay đổi.")
    rows = get_local(connection, _ROWS + change_id)
    here = read_references(connection, [(kind, key) for kind, key, _, _ in rows["after"]])
    for kind, key, _, value in rows["after"]:
        if (here[kind, key].value if (kind, key) in here else None) != value:
            raise RuleError(
                "Dòng danh mục này đã được đổi tiếp sau đó",
                f"Hãy hoàn tác thay đổi mới hơn trước ({kind}: {key}).",
            )
    return kept, rows


def _row(row: ReferenceRow) -> list[Any]:
    return [row.kind, row.key, row.version, row.value]
