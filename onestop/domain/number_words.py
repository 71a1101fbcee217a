"""Whole numbers and dates in Vietnamese words, as receipts and registers write them."""

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")


def number_in_words(number: int) -> str:
    """`một triệu hai trăm năm mươi nghìn`; `không` for 0. Raises ValueError below zero."""
    if number < 0:
        raise ValueError("a number in words is never negative")
    return _number_words(number) or "không"


def day_in_words(day: date) -> str:
    """`ngày mùng một tháng hai năm hai nghìn không trăm hai mươi sáu`."""
    number = number_in_words(day.day)
    # A day of the month up to ten is spoken with "mùng".
    spoken = f"mùng {number}" if day.day <= 10 else number
    # The fourth month is "tháng tư": the word of the calendar, not of the count.
    month = "tư" if day.month == 4 else number_in_words(day.month)
    return f"ngày {spoken} tháng {month} năm {number_in_words(day.year)}"


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
