"""How moments, counts and money are written on official papers."""

from datetime import datetime

from onestop.domain.moment import local

BLANK = "………………………"
SHORT_BLANK = "…………"
BLANK_MOMENT = "…… giờ …… phút, ngày …… tháng …… năm ………"

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")


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
    words = _number_words(amount_vnd) or "không"
    return f"{words[0].upper()}{words[1:]} đồng"


def _number_words(number: int) -> str:
    billions, rest = divmod(number, 10**9)
    parts = [f"{_number_words(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group, rest = divmod(rest, 1000**power)
        if group:
            parts.append(f"{_group_words(group, is_first=not parts)} {_GROUPS[power]}".strip())
    return " ".join(parts)


def _group_words(group: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [] if is_first and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_ones_word(ones, tens))
    return " ".join(words)


def _ones_word(ones: int, tens: int) -> str:
    if ones == 5 and tens:
        return "lăm"
    if tens > 1:
        return {1: "mốt", 4: "tư"}.get(ones, _DIGITS[ones])
    return _DIGITS[ones]
