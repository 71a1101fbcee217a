"""The number of a biên lai that the recognised e-receipt system gave: read and kept, never issued here.

Ký hiệu of an electronic one: two digits of the year, `T`, two letters, as `26TAA` (TT 91/2026/TT-BTC);
the number has at most 8 digits and begins anew on 1 January (NĐ 254/2026/NĐ-CP). Printed ones with
other series may be used until 31/12/2026 and not after (the same decree).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from onestop.domain.text import nfc
from onestop.errors import InputError

LAST_PAPER_DAY: Final = date(2026, 12, 31)
_LETTERS = "ABCDEGHKLMNPQRSTUVXY"
"""The twenty that a series may be made of: none that is taken for a digit or has a mark."""
_ELECTRONIC = re.compile(rf"(\d\d)T[{_LETTERS}]{{2}}")
_NEARLY = re.compile(r"\d\dT")
"""Begins as an electronic one: a slip of the keys, not a printed receipt."""
_PARTED = re.compile(r"([0-9A-ZĐ/-]{1,12})[\s.:;,]+(\d{1,8})")
_JOINED = re.compile(rf"(\d\dT[{_LETTERS}]{{2}}|[A-ZĐ][A-ZĐ/-]{{0,11}})(\d{{1,8}})")
_EXAMPLE = "Ghi ký hiệu 5 ký tự rồi số, ví dụ 26TAA 00000123."


@dataclass(frozen=True, slots=True)
class FeeReceipt:
    """`series` as `26TAA`; `number` keeps its leading zeros."""

    series: str
    number: str

    def __str__(self) -> str:
        return f"{self.series} {self.number}"

    @property
    def is_electronic(self) -> bool:
        return _ELECTRONIC.fullmatch(self.series) is not None


def read_fee_receipt(text: str, day: date) -> FeeReceipt:
    """`26taa 123` → `26TAA 123`. Raises InputError (field `fee_receipt`) for what cannot be one on `day`."""
    plain = nfc(text).upper()
    found = _PARTED.fullmatch(plain) or _JOINED.fullmatch(plain)
    if found is None or not int(found[2]):
        raise InputError("Số biên lai chưa đúng", _EXAMPLE, "fee_receipt")
    made = FeeReceipt(found[1], found[2])
    if made.is_electronic:
        _check_year(made, day)
    elif _NEARLY.match(made.series):
        raise InputError(f"Ký hiệu “{made.series}” chưa đúng", _EXAMPLE, "fee_receipt")
    elif day > LAST_PAPER_DAY:
        raise InputError(
            f"Ký hiệu “{made.series}” không phải của biên lai điện tử",
            f"Từ 01/01/2027 chỉ dùng biên lai điện tử (NĐ 254/2026/NĐ-CP). {_EXAMPLE}",
            "fee_receipt",
        )
    return made


def _check_year(made: FeeReceipt, day: date) -> None:
    """This year's series, or last year's: money taken on 31/12 may be written down on 2/1."""
    if int(made.series[:2]) not in {day.year % 100, (day.year - 1) % 100}:
        raise InputError(
            f"Ký hiệu “{made.series}” là của năm 20{made.series[:2]}",
            "Xem lại hai số đầu của ký hiệu: chúng là năm lập biên lai.",
            "fee_receipt",
        )
