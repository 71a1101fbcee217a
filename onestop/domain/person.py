"""Facts about persons as they come in: card text, numbers, births, phones, names.

Everything takes what people type and gives one canonical form, or an InputError in plain
words. What is only implausible is a warning: registers hold wrong births and changed
sexes, and the counter must go on (`check_id_number`).
"""

import calendar as months
import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from onestop.domain.card import DAMAGED_ADVICE, FEMALE, MALE, OLDEST_YEAR, CitizenCard, parse_card
from onestop.domain.text import nfc
from onestop.errors import InputError

__all__ = [
    "DAMAGED_ADVICE",
    "FEMALE",
    "MALE",
    "CitizenCard",
    "check_id_number",
    "check_tax_code",
    "normalise_id_number",
    "normalise_name",
    "normalise_phone",
    "parse_born_on",
    "parse_card",
    "parse_day",
    "show_born_on",
    "show_phone",
]

_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_TAX_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)


# ---- names ----------------------------------------------------------------------------


def normalise_name(text: str, field: str = "name") -> str:
    """NFC, single blanks, straight apostrophes; every real name passes (Y, H'Hen, K', Êban).

    Raises InputError for an empty name or one without any letter.
    """
    name = nfc(text).translate(_APOSTROPHES)
    if not name:
        raise InputError("Chưa có họ tên", "Hãy nhập họ và tên như trên giấy tờ.", field)
    if not any(c.isalpha() for c in name):
        raise InputError(
            "Họ tên chưa đúng", f"“{_short(name)}” không có chữ cái nào. Hãy nhập họ và tên.", field
        )
    return name


# ---- identity numbers -----------------------------------------------------------------


def normalise_id_number(text: str, field: str = "id_number") -> str:
    """12 digits (personal number), 9 digits (old card) or a passport number, without blanks.

    Raises InputError saying how many digits there are.
    """
    number = re.sub(r"[\s.\-]", "", nfc(text)).upper()
    if re.fullmatch(r"[0-9]{12}|[0-9]{9}|[A-Z][0-9]{7,8}", number):
        return number
    if not number:
        raise InputError("Chưa có số giấy tờ", "Hãy nhập số định danh cá nhân 12 chữ số.", field)
    if re.fullmatch(r"[0-9]+", number):
        raise InputError(
            "Số định danh chưa đúng",
            f"Phải có đúng 12 chữ số, hiện có {len(number)}. (Số CMND cũ: 9 chữ số.)",
            field,
        )
    raise InputError(
        "Số giấy tờ chưa đúng",
        f"“{_short(number)}” có ký tự lạ. Số định danh gồm 12 chữ số; hộ chiếu gồm một chữ cái "
        "và 7 hoặc 8 chữ số.",
        field,
    )


def check_id_number(
    number: str, born_on: str = "", sex: str = "", provinces: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """What looks wrong in a number beside the birth and the sex; warnings, never a bar.

    `provinces` maps the first three digits to a province of the list of 63 that was in
    force when most numbers were given. A 12-digit number has no check digit. Raises
    InputError only for a number of impossible length or letters.
    """
    digits = normalise_id_number(number)
    if len(digits) == 9:
        return ("Đây là số CMND 9 số: nên hỏi số định danh cá nhân 12 số.",)
    if len(digits) != 12:
        return ()
    # Digit 4 holds century and sex together: 0/1 = 1900s male/female, 2/3 = 2000s, …
    century = 1900 + int(digits[3]) // 2 * 100
    year = century + int(digits[4:6])
    number_sex = FEMALE if int(digits[3]) % 2 else MALE
    warnings = []
    if provinces is not None and digits[:3] not in provinces:
        warnings.append(f"Ba số đầu {digits[:3]} không phải mã tỉnh, thành phố đã biết.")
    if sex and sex != number_sex:
        warnings.append(f"Theo số định danh là giới tính {number_sex}, đang ghi {sex}.")
    if born_on and born_on[:4] != str(year):
        warnings.append(f"Theo số định danh là sinh năm {year}, đang ghi {born_on[:4]}.")
    return tuple(warnings)


def check_tax_code(text: str, field: str = "tax_code") -> str:
    """`0101234567`, `0101234567-001`, or a person's 12-digit number (since 01/7/2025).

    Raises InputError for a wrong length or check digit.
    """
    code = re.sub(r"[\s.]", "", nfc(text))
    if re.fullmatch(r"[0-9]{12}", code):
        return code
    parts = re.fullmatch(r"([0-9]{10})(?:-?([0-9]{3}))?", code)
    if parts is None:
        found = sum(c.isdigit() for c in code)
        raise InputError(
            "Mã số thuế chưa đúng",
            f"Mã số thuế có 10 chữ số, hoặc 10 chữ số - 3 chữ số, hoặc 12 chữ số; hiện có {found}.",
            field,
        )
    main, branch = parts.groups()
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, main, strict=False))
    if 10 - total % 11 != int(main[9]):
        raise InputError(
            "Mã số thuế chưa đúng", "Chữ số kiểm tra không khớp. Hãy xem lại từng chữ số.", field
        )
    return f"{main}-{branch}" if branch else main


# ---- phones ---------------------------------------------------------------------------


def normalise_phone(text: str, field: str = "phone") -> str:
    """`0912345678` (mobile, 10 digits) or `02438251234` (landline, 11), whatever was typed.

    Takes +84, 84, blanks, dots, hyphens, brackets. Raises InputError.
    """
    digits = re.sub(r"[\s.()\-]", "", nfc(text))
    digits = re.sub(r"^(\+|00)?84(?=[235789])", "0", digits)
    if re.fullmatch(r"0[35789][0-9]{8}|02[0-9]{9}", digits):
        return digits
    if not digits:
        raise InputError("Chưa có số điện thoại", "Hãy nhập số điện thoại liên hệ.", field)
    if not re.fullmatch(r"[0-9]+", digits):
        raise InputError("Số điện thoại chưa đúng", "Số điện thoại chỉ gồm chữ số và dấu + ở đầu.", field)
    raise InputError("Số điện thoại chưa đúng", _phone_trouble(digits), field)


def _phone_trouble(digits: str) -> str:
    if digits.startswith("02"):
        return f"Số máy bàn (bắt đầu bằng 02) phải có 11 chữ số, hiện có {len(digits)}."
    if re.match(r"0[35789]", digits):
        return f"Số di động phải có 10 chữ số, hiện có {len(digits)}."
    return "Số di động bắt đầu bằng 03, 05, 07, 08, 09; số máy bàn bắt đầu bằng 02."


def show_phone(phone: str) -> str:
    """`0912 345 678`, `024 3825 1234`, `0251 382 1234`; anything else as it is."""
    if re.fullmatch(r"0[35789][0-9]{8}", phone):
        return f"{phone[:4]} {phone[4:7]} {phone[7:]}"
    if re.fullmatch(r"02[0-9]{9}", phone):
        area = 3 if phone[:3] in {"024", "028"} else 4
        return f"{phone[:area]} {phone[area:-4]} {phone[-4:]}"
    return phone


# ---- days -----------------------------------------------------------------------------


def parse_born_on(text: str, today: date, field: str = "born_on") -> str:
    """A birth as `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, from `1/2/85`, `01021985`, `2/1985`, `1985`.

    A year of two digits is the latest one that is not in the future. Raises InputError.
    """
    typed = nfc(text)
    year, month, day = _born_parts(typed, field)
    if len(year) == 2:
        year = _full_year(year, month, day, today)
    number = int(year)
    if not OLDEST_YEAR <= number <= today.year:
        limits = f"Năm sinh phải từ {OLDEST_YEAR} đến {today.year}, hiện là {number}."
        raise InputError("Ngày sinh chưa đúng", limits, field)
    if not month:
        return year
    if not day:
        _check_month(int(month), "Ngày sinh chưa đúng", field)
        born_on = f"{year}-{int(month):02d}"
        is_future = born_on > f"{today:%Y-%m}"
    else:
        born_on = _day(number, int(month), int(day), "Ngày sinh chưa đúng", field).isoformat()
        is_future = born_on > today.isoformat()
    if is_future:
        shown = show_born_on(born_on)
        raise InputError("Ngày sinh chưa đúng", f"{shown} ở sau hôm nay. Hãy xem lại ngày sinh.", field)
    return born_on


def show_born_on(born_on: str) -> str:
    """`01/02/1985`, `02/1985` or `1985`."""
    return "/".join(reversed(born_on.split("-")))


def parse_day(text: str, today: date, field: str = "day") -> date:
    """A full date from `1/2/26`, `01022026`, `01-02-2026`, `2026-02-01` or `1/2` (this year).

    Raises InputError.
    """
    typed = nfc(text)
    short = re.fullmatch(r"([0-9]{1,2})[/.\-\s]([0-9]{1,2})", typed)
    year, month, day = (str(today.year), short[2], short[1]) if short else _born_parts(typed, field)
    if not day:
        raise InputError("Ngày chưa đủ", "Hãy nhập đủ ngày, tháng, năm, ví dụ 24/11/2026.", field)
    full = int(year) if len(year) == 4 else 2000 + int(year)
    return _day(full, int(month), int(day), "Ngày chưa đúng", field)


_DAY_FORMS: Final = (
    r"(?P<day>[0-9]{1,2})[/.\-\s](?P<month>[0-9]{1,2})[/.\-\s](?P<year>[0-9]{4}|[0-9]{2})",
    r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{4})",
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
    # Six digits are mmyyyy only if they end in a year of 19xx or 20xx: no day has month 19 or 20.
    r"(?P<month>[0-9]{2})(?P<year>(?:19|20)[0-9]{2})",
    r"(?P<day>[0-9]{2})(?P<month>[0-9]{2})(?P<year>[0-9]{2})",
    r"(?P<month>[0-9]{1,2})[/.\-\s](?P<year>[0-9]{4})",
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})",
    r"(?P<year>[0-9]{4})",
)


def _born_parts(typed: str, field: str) -> tuple[str, str, str]:
    """Year (two or four digits), month or '', day or ''."""
    for form in _DAY_FORMS:
        found = re.fullmatch(form, typed)
        if found:
            parts = found.groupdict()
            return parts["year"], parts.get("month", ""), parts.get("day", "")
    raise InputError(
        "Ngày chưa đúng" if typed else "Chưa có ngày",
        "Hãy nhập ngày/tháng/năm, ví dụ 01/02/1985; chỉ biết năm thì nhập 1985, biết tháng thì 2/1985.",
        field,
    )


def _full_year(year: str, month: str, day: str, today: date) -> str:
    guess = 2000 + int(year)
    is_future = (guess, int(month), int(day)) > (today.year, today.month, today.day)
    return str(guess - 100 if is_future else guess)


def _check_month(month: int, title: str, field: str) -> None:
    if not 1 <= month <= 12:
        raise InputError(title, f"Không có tháng {month}. Hãy nhập theo thứ tự ngày/tháng/năm.", field)


def _day(year: int, month: int, day: int, title: str, field: str) -> date:
    _check_month(month, title, field)
    if year < 1:
        raise InputError(title, "Năm phải có đủ bốn chữ số.", field)
    last = months.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise InputError(
            title, f"Tháng {month}/{year} không có ngày {day} (tháng này có {last} ngày).", field
        )
    return date(year, month, day)


def _short(text: str, limit: int = 30) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
