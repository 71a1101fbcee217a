"""Numbers of the day that a hub lends to desks whose own are used up; no two blocks overlap."""

from datetime import date

from sqlalchemy import Connection, func, select

from onestop.domain.code import DEFAULT_POLICY, CodeRange
from onestop.errors import RuleError
from onestop.store.device_view import Standing, find_standing
from onestop.store.log import lock_tail, open_ledger
from onestop.store.tables import leases


def lease_codes(
    connection: Connection, agency: str, day: str, device: str, count: int, at: str = ""
) -> tuple[int, int]:
    """(first, last) of a block of the agency's numbers of `day` (`2026-11-20`), at most `count` long.

    Raises RuleError when none are left or the day is none.
    """
    _require(day, count)
    lock_tail(connection, open_ledger(connection))  # one lender at a time
    lent = select(func.max(leases.c.last)).where(leases.c.agency == agency, leases.c.day == day)
    block = DEFAULT_POLICY.lease
    first = (connection.scalar(lent) or block.first - 1) + 1
    last = min(first + count - 1, block.last)
    if first > block.last:
        raise RuleError(
            "Đã cấp hết số mượn trong ngày", "Hãy tiếp nhận ở quầy khác, hoặc dùng dãy số dự phòng."
        )
    row = {"agency": agency, "day": day, "first": first, "last": last, "device": device, "at": at}
    connection.execute(leases.insert().values(row))
    return first, last


def borrower_of(connection: Connection, caller: Standing, named: str | None) -> str:
    """Whose the numbers will be: the caller's, or, for a relay, those of the desk it names.

    Raises PermissionError for anybody else's.
    """
    if named is None or named == caller.device:
        return caller.device
    desk = find_standing(connection, named)
    if not caller.is_relay or desk is None or desk.stopped or desk.office != caller.office:
        raise PermissionError(named)
    return named


def leases_of(connection: Connection, agency: str, day: str, device: str) -> list[CodeRange]:
    """What a device has been lent for a day, in order."""
    wanted = select(leases.c.first, leases.c.last).where(
        leases.c.agency == agency, leases.c.day == day, leases.c.device == device
    )
    return [CodeRange(*row) for row in connection.execute(wanted.order_by(leases.c.first))]


def _require(day: str, count: int) -> None:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise RuleError("Ngày cấp số không đúng", "Ngày có dạng 2026-11-20.") from error
    if count < 1:
        raise RuleError("Số lượng số cần mượn phải từ 1", "Hãy nhập lại số lượng.")
