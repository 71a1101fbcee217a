"""A long QR code with the blank round it that a reader wants."""

from typing import NamedTuple

from onestop.printing.marks import DOT
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import Modules, long_qr_modules

_QUIET = 4  # modules of blank on each side
_DOTS = 4  # of a 203-dpi printer to a module
_LEAST_DOTS = 2  # rather fine than none at all


class QuietCode(NamedTuple):
    """`module` and all sizes in points."""

    square: Modules
    module: float

    @property
    def blank(self) -> float:
        return _QUIET * self.module

    @property
    def side(self) -> float:
        """With the blank on both sides."""
        return self.square.columns * self.module + 2 * self.blank


def quiet_code(digits: str, width: float) -> QuietCode:
    """Of whole dots of a 203-dpi printer, as many as `width` points have room for."""
    square = long_qr_modules(digits)
    sizes = (QuietCode(square, dots * DOT) for dots in range(_DOTS, _LEAST_DOTS, -1))
    return next((code for code in sizes if code.side <= width), QuietCode(square, _LEAST_DOTS * DOT))


def draw_quiet(sheet: Sheet, code: QuietCode, left: float) -> None:
    """Its blank begins at `left` and at `sheet.y`, which does not move."""
    height = code.square.rows * code.module
    sheet.symbol(left + code.blank, sheet.y + code.blank, code.module, height, code.square)
