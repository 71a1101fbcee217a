"""The text in the QR code of a citizen card.

`number|old number|name|ddmmyyyy|sex|address|ddmmyyyy`, UTF-8. The second field may be
empty. Cards since 7/2024 may append fields or leave the old number out, so what is known
is taken by place and the rest is kept raw. The code is not signed: the officer compares
it with the card.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from onestop.domain.text import fold, nfc
from onestop.errors import InputError

MALE: Final = "nam"
FEMALE: Final = "nữ"
OLDEST_YEAR: Final = 1800
LONGEST_CARD: Final = 2000
"""Real cards hold under 300 characters; more is something else that was scanned."""

_MARKS: Final = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u030c\u031b\u0323")
_SIGNS: Final = frozenset(" .,;:/()'’\"&+-–")


@dataclass(frozen=True, slots=True)
class CitizenCard:
    """What a card says; text that is not given is ''.

    `born_on` is `YYYY-MM-DD` or `YYYY`, `issued_on` is `YYYY-MM-DD` or ''. `rest` holds
    the fields beyond the known ones, untouched. With `is_text_damaged` the accents were
    lost on the way (wrong scanner mode, typing program on): name and address are empty.
    """

    id_number: str
    old_id_number: str
    name: str
    born_on: str
    sex: str
    address: str
    issued_on: str
    rest: tuple[str, ...]
    is_text_damaged: bool


DAMAGED_ADVICE: Final = (
    "Chữ có dấu trên thẻ bị hỏng khi đọc: chỉ lấy số và ngày. "
    "Hãy chuyển bộ gõ sang tiếng Anh (E) hoặc dùng chế độ COM của máy quét."
)


def parse_card(text: str) -> CitizenCard:
    """Reads the QR text of a card.

    Raises InputError (field `card`) in plain words for anything that is not one, and never
    another exception: whatever a scanner sends ends here.
    """
    if len(text) > LONGEST_CARD:
        raise _unreadable("Mã vừa quét quá dài, không phải mã QR trên thẻ căn cước.")
    fields = text.strip("\ufeff\x00\r\n\t ").split("|")
    if len(fields) < 6:
        raise _unreadable("Mã vừa quét không phải mã QR trên thẻ căn cước, hoặc quét chưa hết.")
    if _is_without_old_number(fields):
        fields.insert(1, "")
    number, old, name, born, sex, address, issued, *rest = (*fields, "") if len(fields) == 6 else fields
    is_damaged = _is_damaged(name, address)
    return CitizenCard(
        id_number=_number(number),
        old_id_number=_old_number(old),
        name="" if is_damaged else _name(name),
        born_on=_born_on(born),
        sex=_sex(sex),
        address="" if is_damaged else nfc(address),
        issued_on=_card_day(issued, "Ngày cấp") if issued.strip() else "",
        rest=tuple(rest),
        is_text_damaged=is_damaged,
    )


def _unreadable(message: str) -> InputError:
    advice = "Hãy quét lại, giữ thẻ thẳng, hoặc nhập tay."
    return InputError("Không đọc được thẻ", f"{message} {advice}", "card")


def _is_without_old_number(fields: list[str]) -> bool:
    """Whether the third field already is the birth: then the old number was left out."""
    return bool(re.fullmatch(r"[0-9]{8}|[0-9]{4}", fields[2].strip())) and not fields[1].strip().isdigit()


def _number(text: str) -> str:
    number = text.strip()
    if not re.fullmatch(r"[0-9]{12}", number):
        found = sum(c.isdigit() for c in number)
        raise _unreadable(f"Số định danh trên mã phải có đúng 12 chữ số, hiện có {found}.")
    return number


def _old_number(text: str) -> str:
    number = text.strip()
    if number and not re.fullmatch(r"[0-9]{9}|[0-9]{12}", number):
        raise _unreadable("Ô số CMND cũ trên mã không phải 9 chữ số.")
    return number


def _name(text: str) -> str:
    name = nfc(text)
    if not any(c.isalpha() for c in name):
        raise _unreadable("Ô họ tên trên mã bị trống.")
    return name


def _born_on(text: str) -> str:
    year_only = re.fullmatch(r"(?:0000)?([0-9]{4})", text.strip())
    if year_only and int(year_only[1]) >= OLDEST_YEAR:
        return year_only[1]
    return _card_day(text, "Ngày sinh")


def _card_day(text: str, what: str) -> str:
    parts = re.fullmatch(r"([0-9]{2})/?([0-9]{2})/?([0-9]{4})", text.strip())
    try:
        if parts and int(parts[3]) >= OLDEST_YEAR:
            return date(int(parts[3]), int(parts[2]), int(parts[1])).isoformat()
    except ValueError:  # 31/02 and the like
        pass
    raise _unreadable(f"{what} trên mã không phải một ngày có thật.")


def _sex(text: str) -> str:
    """`nam`, `nữ`, or '' if it cannot be told."""
    return {"nam": MALE, "nu": FEMALE}.get(fold(nfc(text)), "")


def _is_damaged(name: str, address: str) -> bool:
    """Accents lost or garbled: no Vietnamese letter at all, a foreign sign, or `hoÀng`."""
    text = nfc(f"{name} {address}")
    if text.isascii() and any(c.isalpha() for c in text):
        return True
    if not all(_is_expected(c) for c in text):
        return True
    # UTF-8 read as another encoding leaves capitals with marks inside small words.
    return any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(text))


def _is_expected(char: str) -> bool:
    """A letter of Vietnamese or of a people of Vietnam (ŏ, č, ñ…), a digit, an address sign."""
    if char.isascii():
        return char.isalnum() or char in _SIGNS
    letters = list(unicodedata.normalize("NFD", char))
    base, marks = letters[0], letters[1:]
    is_letter = char in "đĐƀɃ" or (base.isascii() and base.isalpha() and set(marks) <= _MARKS)
    return is_letter or char in _SIGNS
