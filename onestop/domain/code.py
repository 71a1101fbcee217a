"""Dossier codes, and the numbers each desk may give so that no two desks give the same.

`H56.14-240823-0001`: the receiving agency, the day received, the running number of that
day (TT 01/2018/TT-VPCP, Điều 19). The one code is printed on the receipt (NĐ 118/2025,
Điều 17), so a desk without a line needs numbers of its own: every desk has its block of
the day, and more beyond four digits, so that the counter is never stopped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from onestop.errors import InputError, RuleError

_CODE: Final = re.compile(r"([A-Z0-9.]+)-([0-9]{6})-([0-9]{4,7})")
_DASHES: Final = str.maketrans("‐‑‒–—−", "------")


@dataclass(frozen=True, slots=True)
class DossierCode:
    """`digits` is the least width of the serial: ministries' own codes are padded to 6–7."""

    agency_code: str
    received_on: date
    serial: int
    digits: int = 4

    def __str__(self) -> str:
        return f"{self.agency_code}-{self.received_on:%y%m%d}-{self.serial:0{self.digits}d}"


def parse_code(text: str) -> DossierCode:
    """Reads a typed or scanned code of any agency; the serial has 4 to 7 digits.

    Raises InputError (field `code`).
    """
    typed = "".join(text.split()).translate(_DASHES).upper()
    parts = _CODE.fullmatch(typed)
    if parts is None:
        raise InputError(
            "Mã hồ sơ chưa đúng",
            "Mã hồ sơ có dạng MÃ CƠ QUAN-NĂM THÁNG NGÀY-SỐ, ví dụ H56.14-261120-0001.",
            "code",
        )
    agency_code, day, serial = parts.groups()
    # Four digits are the rule; leading zeros beyond it are part of a ministry's code.
    digits = 4 if f"{int(serial):04d}" == serial else len(serial)
    return DossierCode(agency_code, _received_on(day), int(serial), digits)


def is_code(text: str) -> bool:
    """Whether `parse_code` can read it."""
    try:
        parse_code(text)
    except InputError:
        return False
    return True


def _received_on(day: str) -> date:
    try:
        return date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError as error:
        raise InputError(
            "Mã hồ sơ chưa đúng",
            f"Phần ngày “{day}” không phải một ngày có thật (năm, tháng, ngày; mỗi phần hai chữ số).",
            "code",
        ) from error


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Serials from `first` to `last`, both included."""

    first: int
    last: int

    def __contains__(self, serial: object) -> bool:
        return isinstance(serial, int) and self.first <= serial <= self.last


@dataclass(frozen=True, slots=True)
class CodePolicy:
    """How the serials of one day are shared out; the same for all desks of an agency.

    Desk k has its own block, an emergency block and an overflow of five digits. What lies
    between the own blocks and the emergency ones is kept for leases given by a hub.
    """

    desks: int = 20
    own_size: int = 350
    lease: CodeRange = CodeRange(7001, 7999)
    emergency_from: int = 8000
    emergency_size: int = 100
    overflow_from: int = 10000
    overflow_size: int = 1000


DEFAULT_POLICY: Final = CodePolicy()


def static_ranges(desk_index: int, policy: CodePolicy = DEFAULT_POLICY) -> tuple[CodeRange, ...]:
    """The serials desk `desk_index` (from 1) may use with no line at all, in order of use.

    Raises RuleError for a desk number the policy has no block for.
    """
    if not 1 <= desk_index <= policy.desks:
        raise RuleError(
            "Số quầy ngoài phạm vi cấp mã",
            f"Số quầy phải từ 1 đến {policy.desks}, hiện là {desk_index}. "
            "Hãy chọn số quầy khác, hoặc nhờ quản trị đổi cách chia số.",
            "desk_index",
        )
    place = desk_index - 1
    return (
        _block(1, policy.own_size, place),
        _block(policy.emergency_from, policy.emergency_size, place),
        _block(policy.overflow_from, policy.overflow_size, place),
    )


def _block(start: int, size: int, place: int) -> CodeRange:
    return CodeRange(start + size * place, start + size * (place + 1) - 1)


def next_serial(ranges: Sequence[CodeRange], used_up_to: int | None) -> int:
    """The serial after `used_up_to` (the last one given today; None at the start of a day).

    Walks the ranges in their order. Raises RuleError when all are used up.
    """
    for place, block in enumerate(ranges):
        if used_up_to is None:
            return block.first
        if used_up_to in block:
            if used_up_to < block.last:
                return used_up_to + 1
            return next_serial(ranges[place + 1 :], None)
    # Not one of ours: the ranges were changed in the middle of the day.
    later = [block.first for block in ranges if used_up_to is not None and block.first > used_up_to]
    if later:
        return later[0]
    raise RuleError(
        "Đã dùng hết số thứ tự hôm nay",
        "Quầy này không còn số để cấp mã hồ sơ trong ngày. Hãy tiếp nhận ở quầy khác "
        "hoặc nối mạng để nhận thêm dãy số.",
        "code",
    )
