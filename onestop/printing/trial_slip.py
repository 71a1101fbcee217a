"""What comes out when somebody tries the thermal printer: it shows what can go wrong with one."""

from datetime import datetime
from typing import Final

from onestop.domain.moment import show_at, to_wire
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import DOT, MM, Rule
from onestop.printing.shapes import ROLL, cut_off
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import code128_modules, qr_modules
from onestop.printing.wrapping import Run, bold, wrap_even

_LETTERS: Final = "Nguyễn Thị Ngọc Ánh, đường Y Moan Ênuôl ẪỄỖẮỜỰ ẫễỗắờự"
_SIZES: Final = (8.5, 10, 12)
_QR_DOTS, _BAR_DOTS = 5, 3


def trial_slip_pdf(office_name: str, printer_name: str, made_at: datetime) -> bytes:
    """One slip: both edges, letters of the sizes in use, a QR and a bar code. Raises PrintError."""
    sheet = Sheet(ROLL, "", "onestop · phiếu in thử")
    _ruler(sheet)
    sheet.paragraph([bold("IN THỬ MÁY IN NHIỆT")], sheet.shape.title, align="center")
    for words in (office_name, printer_name, f"In lúc {show_at(made_at)}"):
        lines = wrap_even([Run(words)], sheet.shape.body, sheet.width)
        sheet.lines_at(lines, sheet.shape.body, sheet.left, width=sheet.width, align="center")
    sheet.skip(2 * MM)
    for size in _SIZES:
        sheet.paragraph([Run(_LETTERS), bold("đậm ẪỄ"), Run("nghiêng", ITALIC)], size)
    sheet.skip(3 * MM)
    _codes(sheet, f"IN THU {to_wire(made_at)}")
    sheet.paragraph([Run("Vạch trên và vạch dưới phải đủ hai đầu.", ITALIC)], align="center")
    sheet.skip(1 * MM)
    _ruler(sheet)
    pages, shape = cut_off(sheet.finish(), ROLL)
    return ink(pages, shape, Imprint("Phiếu in thử", office_name, printer_name, made_at))


def _ruler(sheet: Sheet) -> None:
    """From the first dot of the head to the last, with a tick at every centimetre."""
    wide = ROLL.width_mm * MM
    ends = (DOT / 2, wide - DOT / 2)
    for x in (*ends, *(wide / 2 + side * 10 * MM for side in (-3, -2, -1, 0, 1, 2, 3))):
        reach = 3 * MM if x in ends else 1.5 * MM
        sheet.add(Rule(x, sheet.y, x, sheet.y + reach, DOT))
    sheet.add(Rule(0, sheet.y + DOT / 2, wide, sheet.y + DOT / 2, DOT))
    sheet.skip(4 * MM)


def _codes(sheet: Sheet, text: str) -> None:
    square, bars = qr_modules(text), code128_modules("IN THU")
    side, length = square.columns * _QR_DOTS * DOT, bars.columns * _BAR_DOTS * DOT
    sheet.symbol(sheet.left + 4 * MM, sheet.y, _QR_DOTS * DOT, side, square)
    sheet.symbol(sheet.right - 4 * MM - length, sheet.y + 3 * MM, _BAR_DOTS * DOT, 10 * MM, bars)
    sheet.skip(side + 2 * MM)
