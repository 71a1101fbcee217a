"""What a thermal printer is told (ESC/POS): pictures only, for its own letters know no Vietnamese.

Commands used: `ESC @` begin anew, `GS v 0` a picture, `GS V` cut, `DLE EOT` and `GS r` ask how it is.
"""

from collections.abc import Iterator
from typing import Final

from onestop.printing.dots import PER_MM, ROW_BYTES, Dots

BEGIN: Final = b"\x1b@"
# To where the knife is, then a cut that leaves one point standing: no slip falls on the floor.
CUT: Final = b"\x1dVB\x00"
ASK_WHY_OFFLINE: Final = b"\x10\x04\x02"
ASK_ROLL: Final = b"\x10\x04\x04"
# Answered in its turn, so once everything before it is on paper.
ASK_WHEN_DONE: Final = b"\x1dr\x01"

# 56 rows and their command are below 4 KiB, the smallest buffer known. Every band has just as many:
# some printers lose count after pictures whose height is a multiple of 48.
BAND_ROWS: Final = 56
_BAND: Final = b"\x1dv0\x00" + bytes((ROW_BYTES, 0, BAND_ROWS, 0))


def slip(dots: Dots, feed_mm: int = 0, *, is_cut: bool = True) -> Iterator[bytes]:
    """Whole commands, one at a time. `feed_mm` of white come last, as dots: motion units differ."""
    yield BEGIN
    rows = dots.rows + bytes(feed_mm * PER_MM * ROW_BYTES)
    size = BAND_ROWS * ROW_BYTES
    for start in range(0, len(rows), size):
        yield _BAND + rows[start : start + size].ljust(size, b"\0")
    if is_cut:
        yield CUT


def is_done(answer: int) -> bool:
    """Whether a byte answers `ASK_WHEN_DONE`; those to `DLE EOT` have a bit that this one lacks."""
    return answer & 0x90 == 0


def is_state(answer: int) -> bool:
    """Whether a byte answers `DLE EOT`: some printers also tell of themselves unasked, in other bytes."""
    return answer & 0x93 == 0x12


def fault_in(why_offline: int, roll: int) -> str:
    """What an officer must do before it prints, from the answers to `DLE EOT` 2 and 4; '' for nothing."""
    if why_offline & 0x04:
        return "Nắp máy in đang mở. Đóng nắp rồi in lại."
    if why_offline & 0x20 or roll & 0x60:
        return "Máy in hết giấy. Thay cuộn giấy rồi in lại."
    if why_offline & 0x40:
        return "Máy in báo lỗi (kẹt dao cắt hoặc quá nóng). Tắt máy in, bật lại rồi in lại."
    return ""
