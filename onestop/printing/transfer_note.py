"""The part of the control slip that goes with the folder to another agency: what, why, and the QR code
from which that agency goes on without a line."""

from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.marks import MM
from onestop.printing.papers import TransferNote
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import long_qr_modules
from onestop.printing.wording import BLANK, moment_words
from onestop.printing.wrapping import Run, bold, wrap

TITLE = "PHIẾU CHUYỂN HỒ SƠ LIÊN THÔNG"

_MODULE = 0.5 * MM  # four dots of a 203-dpi printer
_QUIET = 4 * _MODULE  # what a reader wants blank round the code
_GAP = 4 * MM
_HINT = "Cơ quan nhận quét mã này để tiếp nhận, kể cả khi không có mạng."


def transfer_note(sheet: Sheet, note: TransferNote) -> None:
    """Never parted by a page's end."""
    blocks.kept_together(sheet, lambda page: _draw(page, note))


def _draw(sheet: Sheet, note: TransferNote) -> None:
    sheet.skip(4 * MM)
    blocks.title(sheet, TITLE, ())
    sheet.skip(1.5 * MM)
    top = sheet.y
    code_end, room = _code(sheet, note.digits, top)
    sheet.y = top
    for label, value in _lines(note):
        shown = Run(value) if value else Run(BLANK)
        words = wrap([bold(f"{label}:"), shown], sheet.shape.small, room)
        sheet.lines_at(words, sheet.shape.small, sheet.left)
        sheet.skip(sheet.shape.small * 0.25)
    sheet.y = max(sheet.y, code_end) + 2 * MM
    blocks.signatures(sheet, ("BÊN GIAO", note.officer), ("BÊN NHẬN", ""))


def _lines(note: TransferNote) -> tuple[tuple[str, str], ...]:
    sender = ", ".join(part for part in (note.officer, note.unit) if part)
    lines = (
        ("Cơ quan chuyển", note.from_agency),
        ("Cơ quan nhận", note.to_agency),
        ("Chuyển đến", note.role),
        ("Người chuyển", sender),
        ("Chuyển lúc", moment_words(note.sent_at)),
        ("Lý do chuyển", note.reason),
        ("Lời dặn", note.note),
        ("Số giấy tờ kèm theo", f"{note.count:02d} bản" if note.count else ""),
    )
    return tuple(line for line in lines if line[1] or line[0] != "Lời dặn")


def _code(sheet: Sheet, digits: str, top: float) -> tuple[float, float]:
    """Draws the code at the right; where it ends, and how much room is left of it."""
    if not digits:
        return top, sheet.width
    square = long_qr_modules(digits)
    side = square.columns * _MODULE
    x = sheet.right - side - _QUIET
    sheet.symbol(x, top + _QUIET, _MODULE, side, square)
    hint = wrap([Run(_HINT, ITALIC)], sheet.shape.small * 0.8, side)
    below = top + 2 * _QUIET + side
    end = sheet.lines_from(below, hint, sheet.shape.small * 0.8, x, width=side, align="center")
    return end, x - _QUIET - _GAP - sheet.left
