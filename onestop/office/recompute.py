"""A changed calendar: which open dossiers are due at another time now, an entry for each, and back.

Nothing is guessed from the date a dossier has: it is computed anew from what its journal says
(`domain/recount.py`). So a recomputation that was cut off is simply begun again: what was written
stands, and only what still differs is found. All entries of one change carry one `batch`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from onestop.domain.acts import RULES, Act
from onestop.domain.calendar import WorkCalendar
from onestop.domain.dossier import Dossier, Due, due_plain
from onestop.domain.fold import Step, unfold
from onestop.domain.legality import is_legal
from onestop.domain.moment import from_wire, to_wire
from onestop.domain.recount import Recount, recount
from onestop.domain.settle import facts_of
from onestop.errors import RuleError
from onestop.office.office import Office
from onestop.store.journal import list_dated, read_journals
from onestop.store.report import Progress, quiet
from onestop.store.rows import list_local, put_local
from onestop.store.writer import Draft, new_id, record

PART = 250
"""Dossiers of one transaction: nobody at the desk waits for them longer than a moment."""
_KEPT = "recompute:"
"""Local rows: ids of the dossiers of each part of a batch, so that an undo need not look for them."""
_STATES = sorted(state.value for state in RULES[Act.RECOMPUTE].froms)


@dataclass(frozen=True, slots=True)
class DueChange:
    """A dossier that is due at another time; `why` explains the new one in words.

    `due` and `original_due_at` as the journal will keep them: the second is what lateness is
    measured by, and may be another where an apology had named a later day.
    """

    dossier_id: str
    code: str
    owner: str
    phone: str
    procedure: str
    due_before: datetime | None
    due_after: datetime | None
    why: str
    due: Due
    original_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What was written. `skipped`: codes of dossiers that changed since they were looked at."""

    batch: str
    changes: tuple[DueChange, ...]
    skipped: tuple[str, ...] = ()


def preview_recompute(
    office: Office, calendar_after: WorkCalendar, progress: Progress = quiet
) -> list[DueChange]:
    """Open dossiers of this agency whose due moment would be another, soonest first; writes nothing.

    `progress` may raise to cancel. Raises RuleError for an officer who is no administrator.
    """
    _require_role(office)
    ids = _list_open(office)
    found: list[DueChange] = []
    for start in range(0, len(ids), PART):
        progress(start, len(ids), "Đang tính lại hạn trả")
        with office.store.read() as connection:
            for steps in _journals(connection, ids[start : start + PART]):
                change = _change_of(office, steps, calendar_after)
                if change is not None:
                    found.append(change)
    progress(len(ids), len(ids), "Đã tính lại")
    return found


def recompute(
    office: Office, changes: Sequence[DueChange], words: str, progress: Progress = quiet, batch: str = ""
) -> Recomputed:
    """Writes one entry for each change, many to a transaction; `words` become its reason.

    `batch`: the id of the change of rows it belongs to, so that both are undone together. Cut off
    or cancelled (`progress` may raise) half-way, what was written stays: preview and write again,
    or undo the batch. Raises RuleError, StoreError.
    """
    _require_role(office)
    batch = batch or new_id(office.now)
    wanted = {change.dossier_id: change for change in changes}

    def facts_for(steps: list[Step], dossier: Dossier) -> dict[str, Any] | None:
        change = wanted[dossier.id]
        if dossier.due_at != change.due_before:
            return None
        return _facts(dossier, change.due, change.original_due_at, words) | {"batch": batch}

    done = _write(office, batch, list(wanted), facts_for, progress)
    skipped = tuple(change.code for change in changes if change.dossier_id not in done)
    return Recomputed(batch, tuple(each for each in changes if each.dossier_id in done), skipped)


def undo_recompute(office: Office, batch: str, progress: Progress = quiet) -> Recomputed:
    """Gives every dossier of a batch the date it had before, by one more entry each.

    One whose date is another by now (a pause ended, an apology) is left, and named in `skipped`.
    Can be begun again when it was cut off. Raises RuleError, StoreError.
    """
    _require_role(office)
    with office.store.read() as connection:
        parts = list_local(connection, f"{_KEPT}{batch}:")
    ids = list(dict.fromkeys(each for _, part in parts for each in part))
    undone: list[DueChange] = []
    left: list[str] = []

    def facts_for(steps: list[Step], dossier: Dossier) -> dict[str, Any] | None:
        step = _last_of(steps, batch)
        if step is None or step.before is None or step.after is None:
            return None
        if facts_of(step.entry).get("is_undo"):
            return None  # begun again after a cut: this one is back already
        if dossier.clock.due != step.after.clock.due:
            left.append(dossier.code)
            return None
        former = step.before.clock
        undone.append(_as_change(dossier, Recount(former.due, former.original_due_at)))
        facts = _facts(dossier, former.due, former.original_due_at, "Hoàn tác thay đổi lịch làm việc")
        return facts | {"batch": batch, "is_undo": True}

    done = _write(office, "", ids, facts_for, progress)
    return Recomputed(batch, tuple(each for each in undone if each.dossier_id in done), tuple(left))


def _write(
    office: Office,
    batch: str,
    ids: Sequence[str],
    facts_for: Callable[[list[Step], Dossier], dict[str, Any] | None],
    progress: Progress,
) -> set[str]:
    """Ids of the dossiers an entry was written for. With a `batch` they are kept for its undo."""
    done: set[str] = set()
    for start in range(0, len(ids), PART):
        progress(start, len(ids), "Đang ghi hạn trả mới")
        with office.store.write() as connection:
            written = list(_write_part(office, connection, ids[start : start + PART], facts_for))
            if batch and written:
                put_local(connection, f"{_KEPT}{batch}:{new_id(office.now)}", written)
        done.update(written)
    progress(len(ids), len(ids), "Đã ghi")
    return done


def _write_part(
    office: Office,
    connection: Connection,
    ids: Sequence[str],
    facts_for: Callable[[list[Step], Dossier], dict[str, Any] | None],
) -> Iterator[str]:
    last_at = None
    for steps in _journals(connection, ids):
        dossier = steps[-1].after
        if dossier is None or not is_legal(Act.RECOMPUTE, dossier, office.actor):
            continue
        facts = facts_for(steps, dossier)
        if facts is not None:
            draft = Draft(Act.RECOMPUTE, dossier.id, office.actor, office.now, facts, office.monotonic())
            last_at = record(connection, office.pen, draft, dossier).entry.header.at
            yield dossier.id
    if office.last_at and last_at:
        office.last_at.move(from_wire(last_at))


def _list_open(office: Office) -> list[str]:
    with office.store.read() as connection:
        return list_dated(connection, _STATES)


def _journals(connection: Connection, ids: Sequence[str]) -> Iterator[list[Step]]:
    """In the order of `ids`, each journal unfolded."""
    journals = dict(read_journals(connection, ids))
    for dossier_id in ids:
        if journals.get(dossier_id):
            yield list(unfold(journals[dossier_id]))


def _change_of(office: Office, steps: list[Step], calendar: WorkCalendar) -> DueChange | None:
    dossier = steps[-1].after
    if dossier is None or not is_legal(Act.RECOMPUTE, dossier, office.actor):
        return None
    new = recount(steps, calendar)
    return _as_change(dossier, new) if new is not None and new.differs(dossier.clock) else None


def _as_change(dossier: Dossier, new: Recount) -> DueChange:
    owner, submitter = dossier.subject.owner, dossier.subject.submitter
    return DueChange(
        dossier_id=dossier.id,
        code=dossier.code,
        owner=owner.name,
        phone=submitter.phone or owner.phone,
        procedure=dossier.subject.procedure.name,
        due_before=dossier.due_at,
        due_after=new.due.at,
        why=new.due.explanation,
        due=new.due,
        original_due_at=new.original_due_at,
    )


def _facts(dossier: Dossier, due: Due, original: datetime | None, words: str) -> dict[str, Any]:
    return {
        "due": due_plain(due),
        "due_before": to_wire(dossier.due_at) if dossier.due_at else None,
        "original_due_at": to_wire(original) if original else None,
        "reason": words,
    }


def _last_of(steps: list[Step], batch: str) -> Step | None:
    """The last entry of the batch on this dossier, the undo of it among them."""
    ours = [step for step in steps if step.entry.header.kind == Act.RECOMPUTE.value]
    return next((step for step in reversed(ours) if facts_of(step.entry).get("batch") == batch), None)


def _require_role(office: Office) -> None:
    if not office.actor.roles & RULES[Act.RECOMPUTE].roles:
        raise RuleError(
            "Bạn không có quyền tính lại hạn trả", "Việc này dành cho cán bộ có vai trò quản trị."
        )
