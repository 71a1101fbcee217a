"""Đối soát cuối ngày: the payments of a day from the journals, and what was counted in the drawer.

The sums are the journals', so they are the same at every desk that has the entries. A count is this
desk's own fact: the drawer stands here, a cashier may not change rows of the office, and the day
ends also without a line. A later count never overwrites an earlier one.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier
from onestop.domain.entry import Entry
from onestop.domain.moment import VIETNAM, from_wire, local_day, to_wire
from onestop.domain.state import Role
from onestop.domain.text import nfc_lines
from onestop.domain.till import Count, DaySheet, TillLine, split_payments
from onestop.errors import InputError, RuleError
from onestop.office.office import Office
from onestop.store.journal import read_dossier, read_journal
from onestop.store.payments import list_paid
from onestop.store.rows import get_local, put_local

_SIGNS = {Act.COLLECT: 1, Act.REFUND: -1}
_HEADS = frozenset({Role.ADMIN, Role.HEAD, Role.LEADER})


def day_sheet(office: Office, day: date, officer: str | None = None) -> DaySheet:
    """The payments of a day (Vietnam's), by moment; `officer` None: of all. Raises StoreError."""
    first = datetime.combine(day, time(), VIETNAM)
    span = (to_wire(first), to_wire(first + timedelta(days=1)))
    with office.store.read() as connection:
        found = [each for dossier in list_paid(connection, *span) for each in _payments(connection, dossier)]
        counts = _counts(connection, day, officer) if officer else ()
    own = [each for each in found if local_day(each[0].at) == day and officer in {None, each[0].officer}]
    lines = sorted((line for line, is_in_effect in own if is_in_effect), key=lambda line: line.at)
    return DaySheet(day, officer, tuple(lines), counts, len(own) - len(lines))


def close_till(office: Office, day: date, counted_vnd: int, reason: str = "") -> Count:
    """Keeps what the officer who sits here counted at the end of a day. Raises InputError for a
    difference without a reason, RuleError for one who takes no money."""
    if not may_count(office):
        raise RuleError("Bạn không có quyền chốt quầy thu", "Việc này của cán bộ thu phí, lệ phí.")
    if counted_vnd < 0:
        raise InputError("Số tiền đếm được chưa đúng", "Nhập số đồng, không có tiền thì nhập 0.", "counted")
    if day > local_day(office.now):
        raise InputError("Chưa tới ngày này", "Chọn hôm nay hoặc một ngày đã qua.", "day")
    sheet = day_sheet(office, day, office.officer.id)
    made = Count(office.now, office.officer.id, counted_vnd, sheet.cash_vnd, nfc_lines(reason))
    if made.difference_vnd and not made.reason:
        raise InputError("Chưa ghi lý do chênh lệch", "Ghi vì sao tiền đếm được khác sổ.", "reason")
    key = _key(day, office.officer.id)
    with office.store.write() as connection:
        put_local(connection, key, [*(get_local(connection, key) or []), _plain(made)])
    return made


def may_count(office: Office) -> bool:
    return bool(office.officer.roles & {Role.CASHIER, Role.RECEPTION})


def may_see_all(office: Office) -> bool:
    """Whether the money of others is this officer's business."""
    return bool(office.officer.roles & _HEADS)


def _payments(connection: Connection, dossier_id: str) -> Iterator[tuple[TillLine, bool]]:
    """Every payment of a dossier, and whether it is in effect: what waits in the tray is not."""
    dossier = read_dossier(connection, dossier_id)
    if dossier is None:
        return
    left = [e for e, _ in read_journal(connection, dossier_id) if e.header.kind in _SIGNS and e.body]
    splits = split_payments(dossier.subject.fees, [payment.amount_vnd for payment in dossier.payments])
    for payment, split in zip(dossier.payments, splits, strict=True):
        entry = next(
            e for e in left if (from_wire(e.header.at), _amount(e)) == (payment.at, payment.amount_vnd)
        )
        left.remove(entry)
        yield _line(dossier, entry, split), True
    for entry in left:
        if entry.id not in dossier.voided:
            yield _line(dossier, entry, (0, 0, 0)), False


def _line(dossier: Dossier, entry: Entry, split: tuple[int, int, int]) -> TillLine:
    facts = entry.facts() or {}
    return TillLine(
        entry.id,
        dossier.id,
        dossier.code,
        dossier.subject.submitter.name or dossier.owner.name,
        from_wire(entry.header.at),
        entry.header.officer,
        facts.get("method", ""),
        facts.get("fee_receipt", ""),
        _amount(entry),
        *split,
    )


def _amount(entry: Entry) -> int:
    facts = entry.facts() or {}
    return int(_SIGNS[Act(entry.header.kind)] * facts["amount_vnd"])


def _key(day: date, officer: str) -> str:
    return f"till:{day.isoformat()}:{officer}"


def _counts(connection: Connection, day: date, officer: str) -> tuple[Count, ...]:
    return tuple(_read(plain) for plain in get_local(connection, _key(day, officer)) or [])


def _plain(count: Count) -> dict[str, Any]:
    return asdict(count) | {"at": to_wire(count.at)}


def _read(plain: dict[str, Any]) -> Count:
    return Count(**(plain | {"at": from_wire(plain["at"])}))
