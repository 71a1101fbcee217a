"""The legal time for a result: a number and the unit it is counted in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from onestop.errors import InputError

LONGEST: Final = 1000
"""No procedure has a longer limit; a bigger number is a slip of the keys."""

HOURS_A_DAY: Final = 8
"""One working day in internal routes and in sums, whatever the hours of an office are."""


class TimeUnit(StrEnum):
    """Half a day of an internal route is four hours: there is no unit of its own for it."""

    SAME_DAY = "same_day"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The legal time for a result; `value` is 0 for same_day and unspecified."""

    value: int
    unit: TimeUnit

    def words(self) -> str:
        """`2 ngày làm việc`, `15 ngày`, `Trong ngày làm việc`, `Chưa quy định`."""
        match self.unit:
            case TimeUnit.SAME_DAY:
                return "Trong ngày làm việc"
            case TimeUnit.WORKING_DAY:
                return f"{self.value} ngày làm việc"
            case TimeUnit.CALENDAR_DAY:
                return f"{self.value} ngày"
            case TimeUnit.HOUR:
                return f"{self.value} giờ làm việc"
            case TimeUnit.UNSPECIFIED:
                return "Chưa quy định"


def check_limit(limit: TimeLimit) -> None:
    """Raises InputError (field `time_limit`) for a limit without a unit or out of range: the
    portal leaves out many units, and guessing one would print a wrong promise."""
    if limit.unit is TimeUnit.UNSPECIFIED:
        raise InputError(
            "Thủ tục chưa có thời hạn giải quyết",
            "Hãy nhập số ngày và chọn đơn vị (ngày làm việc, ngày, giờ) theo quyết định công bố, "
            "hoặc nhờ quản trị đơn vị bổ sung vào danh mục thủ tục.",
            "time_limit",
        )
    if limit.unit is not TimeUnit.SAME_DAY and not 1 <= limit.value <= LONGEST:
        raise InputError(
            "Thời hạn giải quyết không hợp lệ",
            f"Thời hạn phải từ 1 đến {LONGEST}, hiện là {limit.value}.",
            "time_limit",
        )
