"""Code 128 (ISO/IEC 15417), sets B and C: all a dossier code needs.

reportlab has this too, but its module pulls in the whole flowing-text part: a quarter of a
second before the first receipt. A test compares both.
"""

import re
from itertools import groupby

from onestop.errors import PrintError

_CODE_C, _CODE_B, _START_B, _START_C = 99, 100, 104, 105

# Widths of bar, gap, bar, gap, bar, gap for the values 0 to 105.
_WIDTHS = re.findall(
    r"\d{6}",
    """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
    122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
    322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
    112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
    331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
    112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
    124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
    411311 113141 114131 311141 411131 211412 211214 211232
    """,
)
_STOP = "2331112"

# Shorter runs of digits are no gain: switching to pairs and back costs two symbols.
_LEAST_DIGITS = 4


def code128_widths(text: str) -> str:
    """Widths in modules, bar and gap in turn, beginning and ending with a bar.

    Raises PrintError for text outside printable ASCII.
    """
    if not text or not all(" " <= character <= "~" for character in text):
        raise PrintError(
            "Không tạo được mã vạch",
            f"Mã “{text}” có ký tự không in được bằng mã vạch. Kiểm tra lại mã hồ sơ.",
        )
    values = _values(text)
    check = (values[0] + sum(at * value for at, value in enumerate(values))) % 103
    return "".join(_WIDTHS[value] for value in [*values, check]) + _STOP


def _values(text: str) -> list[int]:
    values: list[int] = []
    is_pairs = False
    for run in _runs(text):
        wants_pairs = len(run) >= _LEAST_DIGITS and run.isdigit()
        if not values:
            values.append(_START_C if wants_pairs else _START_B)
        elif wants_pairs != is_pairs:
            values.append(_CODE_C if wants_pairs else _CODE_B)
        is_pairs = wants_pairs
        values += _pairs(run) if wants_pairs else [ord(character) - 32 for character in run]
    return values


def _runs(text: str) -> list[str]:
    """Digits and the rest in turn; the odd digit of a long run goes to its left neighbour."""
    runs: list[str] = []
    for is_digit, characters in groupby(text, lambda character: character.isascii() and character.isdigit()):
        run = "".join(characters)
        if is_digit and len(run) >= _LEAST_DIGITS:
            odd = len(run) % 2
            runs += [run[:odd], run[odd:]]
        else:
            runs.append(run)
    return [run for run in runs if run]


def _pairs(digits: str) -> list[int]:
    return [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
