"""What hubs say of entries that are here: verdict, number, reason; and what that changes."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, true, update

from onestop.domain.acts import REFOLDS
from onestop.domain.fold import Verdict
from onestop.domain.offer import Receipt
from onestop.store.bulk import rows_in
from onestop.store.journal import IN_ORDER
from onestop.store.prepared import Prepared
from onestop.store.projection import refold_all
from onestop.store.tables import entries, outbox

_NEEDS_OTHERS = frozenset({"PARENT", "GAP"})
_OURS_TO_KEEP = frozenset({"SERVER_BUG", "DEVICE"})
"""A hub that could not read an entry, or does not know its desk yet, says nothing of its worth."""

_ORDER = Prepared(select(entries.c.n).where(entries.c.dossier == bindparam("of_dossier")).order_by(*IN_ORDER))
_HERE = entries.c.n == bindparam("of_n")
_NUMBERED = Prepared(
    update(entries)
    .where(_HERE)
    .values(
        verdict=bindparam("to_verdict"),
        code=bindparam("to_code"),
        cursor=bindparam("to_cursor"),
        received_at=bindparam("to_received_at"),
    )
)
_PLACED = Prepared(
    update(entries).where(_HERE).values(place=bindparam("to_place"), placed_at=bindparam("to_placed_at"))
)
_SENT = Prepared(delete(outbox).where(outbox.c.entry == bindparam("of_n")))
_RELAYED = Prepared(update(outbox).where(outbox.c.entry == bindparam("of_n")).values(relayed=true()))
_WAITS = Prepared(
    update(outbox)
    .where(outbox.c.entry == bindparam("of_n"))
    .values(verdict=bindparam("to_verdict"), trouble=bindparam("to_trouble"))
)

_COLUMNS = (
    entries.c.n,
    entries.c.id,
    entries.c.dossier,
    entries.c.kind,
    entries.c.verdict,
    entries.c.code,
    entries.c.cursor,
    entries.c.place,
    entries.c.placed_at,
    outbox.c.verdict.label("said"),
)
_WITH_OUTBOX = select(*_COLUMNS).join(outbox, outbox.c.entry == entries.c.n, isouter=True)


def known_entries(connection: Connection, ids: Iterable[str]) -> dict[str, Any]:
    """The rows of entries that are here, by id: what is known of them, and what a hub `said` last."""
    raw = [bytes.fromhex(ident) for ident in ids if _is_id(ident)]
    return {row.id.hex(): row for row in rows_in(connection, _WITH_OUTBOX, entries.c.id, raw)}


_ID = re.compile(r"[0-9a-f]{64}")


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def take_receipts(connection: Connection, kind: str, receipts: Sequence[Receipt]) -> set[str]:
    """Writes down what the hub of `kind` ("root" or "relay") said; dossiers it concerns.

    A dossier is folded anew only where a verdict or the order of its journal changed.
    """
    known = known_entries(connection, [receipt.id for receipt in receipts])
    before = orders(connection, (row.dossier for row in known.values()))
    touched, turned = set(), set()
    for receipt in receipts:
        row = known.get(receipt.id)
        if row is None or not note_receipt(connection, kind, row, receipt):
            continue
        touched.add(row.dossier)
        if is_turned(row, receipt):
            turned.add(row.dossier)
    after = orders(connection, touched - turned)
    turned |= {dossier for dossier, order in after.items() if order != before[dossier]}
    refold_all(connection, (dossier for dossier in turned if dossier is not None))
    return {dossier for dossier in touched if dossier is not None}


def orders(connection: Connection, dossier_ids: Iterable[str | None]) -> dict[str, list[int]]:
    """The row numbers of whole journals in their order now."""
    wanted = sorted({dossier for dossier in dossier_ids if dossier is not None})
    return {d: [n for (n,) in _ORDER.run(connection, {"of_dossier": d})] for d in wanted}


def is_turned(row: Any, receipt: Receipt) -> bool:
    """Whether the word may change the fold or the tray, even if the order stays."""
    is_plain = receipt.verdict in ("seen", row.verdict) and row.verdict == Verdict.ACCEPTED
    return not is_plain or bool(row.said) or row.kind in REFOLDS


def note_receipt(connection: Connection, kind: str, row: Any, receipt: Receipt) -> bool:
    """Writes one word; whether it was news. The root's last word takes an entry out of the outbox."""
    if receipt.place is not None and receipt.place != row.place:
        # The root's word may come with the relay's number; the time is then the root's.
        placed_at = receipt.at if receipt.cursor is None else row.placed_at
        placed = {"of_n": row.n, "to_place": receipt.place, "to_placed_at": placed_at}
        _PLACED.run(connection, placed)
    if receipt.cursor is not None:
        return _numbered(connection, row, receipt)
    if row.cursor is not None:
        return False  # older than what is known already
    if kind == "relay":
        _RELAYED.run(connection, {"of_n": row.n})
        if receipt.verdict == Verdict.QUARANTINED:  # the relay passes it on; the root may think better of it
            _waits(connection, row, receipt)
        return True
    _waits(connection, row, receipt)
    return True


def _numbered(connection: Connection, row: Any, receipt: Receipt) -> bool:
    verdict = verdict_of(receipt.verdict).value
    code = receipt.code or None
    if (row.cursor, row.verdict, row.code) == (receipt.cursor, verdict, code):
        return False
    said = {"to_verdict": verdict, "to_code": code, "to_cursor": receipt.cursor}
    _NUMBERED.run(connection, said | {"to_received_at": receipt.at, "of_n": row.n})
    _SENT.run(connection, {"of_n": row.n})
    return True


def _waits(connection: Connection, row: Any, receipt: Receipt) -> None:
    """Held or set aside by the root: it stays in the outbox, with the reason, and is not sent again."""
    verdict = verdict_of(receipt.verdict)
    said = {"to_verdict": verdict.value, "to_trouble": receipt.code, "of_n": row.n}
    _WAITS.run(connection, said)
    if verdict is Verdict.QUARANTINED and receipt.code not in _OURS_TO_KEEP:
        said = {"to_verdict": verdict.value, "to_code": receipt.code, "to_cursor": None}
        _NUMBERED.run(connection, said | {"to_received_at": receipt.at, "of_n": row.n})
    if receipt.code in _NEEDS_OTHERS:
        carry_journal(connection, row.dossier)


def verdict_of(text: str) -> Verdict:
    """A relay's `seen` counts as accepted; a word of a newer hub as held."""
    if text == "seen":
        return Verdict.ACCEPTED
    try:
        return Verdict(text)
    except ValueError:
        return Verdict.HELD


def carry_journal(connection: Connection, dossier: str) -> int:
    """The root lacks something that this entry builds on: what others wrote is brought to it from here."""
    return carry(connection, entries.c.dossier == dossier)


def carry(connection: Connection, which: Any) -> int:
    """Entries of anyone that the root has not numbered go into the outbox; how many."""
    queued = select(outbox.c.entry)
    missing = select(entries.c.n).where(which, entries.c.cursor.is_(None), entries.c.n.not_in(queued))
    numbers = [n for (n,) in connection.execute(missing.order_by(entries.c.n))]
    fresh = {"relayed": False, "verdict": "", "trouble": ""}
    if numbers:
        connection.execute(outbox.insert(), [{"entry": n} | fresh for n in numbers])
    return len(numbers)


def ask_again(connection: Connection) -> set[str]:
    """Whatever hubs said of entries without giving them a number is forgotten: all are offered anew.
    The dossiers to fold anew."""
    doubted = select(entries.c.dossier).join(outbox, outbox.c.entry == entries.c.n)
    doubted = doubted.where(outbox.c.verdict != "", entries.c.dossier.is_not(None)).distinct()
    touched = set(connection.scalars(doubted))
    aside = (entries.c.verdict != Verdict.ACCEPTED.value) & entries.c.cursor.is_(None)
    unsaid = {"verdict": Verdict.ACCEPTED.value, "code": None, "received_at": None}
    connection.execute(update(entries).where(aside).values(unsaid))
    connection.execute(update(outbox).values(verdict="", trouble="", relayed=False))
    return touched
