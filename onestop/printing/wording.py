"""How moments, counts and money are written on official papers."""

from datetime import datetime

from onestop.domain.moment import local
from onestop.domain.number_words import number_in_words

BLANK = "………………………"
SHORT_BLANK = "…………"
BLANK_MOMENT = "…… giờ …… phút, ngày …… tháng …… năm ………"
SHORT_BLANK_MOMENT = "…… giờ …… phút, ngày …… tháng …… năm 20…"  # on one line of a cell


def moment_words(moment: datetime | None) -> str:
    """`08 giờ 05 phút, ngày 03 tháng 02 năm 2026`; dots to fill in for None."""
    if moment is None:
        return BLANK_MOMENT
    at = local(moment)
    return f"{at:%H} giờ {at:%M} phút, {_day_words(at)}"


def place_and_day(place: str, moment: datetime) -> str:
    """`Phường X, ngày 05 tháng 02 năm 2026`."""
    return f"{place}, {_day_words(local(moment))}"


def _day_words(at: datetime) -> str:
    # Nghị định 30/2020, Phụ lục I: a leading 0 for days below 10 and for months 1 and 2 only.
    month = f"{at.month:02d}" if at.month <= 2 else str(at.month)
    return f"ngày {at:%d} tháng {month} năm {at.year}"


def count_words(count: int) -> str:
    """`01`, `12`: numbers below ten are written with a leading 0, so nobody adds a digit."""
    return f"{count:02d}"


def money(amount_vnd: int) -> str:
    """`1.250.000 đồng`."""
    return f"{amount_vnd:,} đồng".replace(",", ".")


def money_words(amount_vnd: int) -> str:
    """`Một triệu hai trăm năm mươi nghìn đồng`. Raises ValueError below zero."""
    if amount_vnd < 0:
        raise ValueError("an amount in words is never negative")
    words = number_in_words(amount_vnd)
    return f"{words[0].upper()}{words[1:]} đồng"
