"""Pages of a roll as dots of a thermal head: 576 across, 8 to the millimetre, burnt or not, no grey."""

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Final

from onestop.errors import PrintError
from onestop.printing.pictures import opened

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage  # type: ignore[import-untyped]  # it ships no types

DOTS: Final = 576
ROW_BYTES: Final = DOTS // 8
PER_MM: Final = 8
_PER_POINT = PER_MM * 25.4 / 72
# Darker than half: a hairline of Tinos at 8 points is thinner than a dot, and would be lost.
_PAPER_FROM = 160
_MOST_MM = 4_000
_HAIR = 0.01  # of a dot: what a millimetre loses as a point with a few digits in a PDF


@dataclass(frozen=True, slots=True)
class Dots:
    """Rows from the top, 72 bytes each; the highest bit of a byte is the leftmost dot, 1 is burnt."""

    rows: bytes

    @property
    def height(self) -> int:
        return len(self.rows) // ROW_BYTES


def is_roll(pdf: bytes) -> bool:
    """Whether its first page is made for a roll of 80 mm, 72 of which can be printed. Raises PrintError."""
    with opened(pdf) as document:
        return _is_narrow(document[0])


def roll_dots(pdf: bytes, number: int) -> Dots:
    """Page `number` from 0, without the white below its last line.

    Raises PrintError for a page that is not as wide as the head, or longer than four metres.
    """
    with opened(pdf) as document:
        page = document[number]
        try:
            if not _is_narrow(page):
                raise _other_sheet()
            return _burnt(_grey(page))
        finally:
            page.close()


def _is_narrow(page: "PdfPage") -> bool:
    wide, high = page.get_size()
    return bool(abs(wide * _PER_POINT - DOTS) <= PER_MM / 2 and high * _PER_POINT <= _MOST_MM * PER_MM)


def _grey(page: "PdfPage") -> "Image":
    """One grey pixel per dot. The page is made whole dots long, else PDFium stretches it a little."""
    left, _, right, top = page.get_mediabox()
    height = ceil(page.get_height() * _PER_POINT - _HAIR)
    page.set_mediabox(left, top - height / _PER_POINT, right, top)
    _put_codes_on_dots(page, left, top)
    # PDFium rounds up; a hair less gives just the dots there are.
    bitmap = page.render(scale=_PER_POINT - 1e-5, grayscale=True)
    try:
        grey: Image = bitmap.to_pil().copy()
        return grey
    finally:
        bitmap.close()


def _put_codes_on_dots(page: "PdfPage", left: float, top: float) -> None:
    """A code between dots has modules of 5 and of 7; each is a form of its own on the page."""
    from pypdfium2 import PdfMatrix, raw

    for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_FORM], max_depth=1):
        wide, skew, tilt, high, x, y = each.get_matrix().get()
        if skew or tilt or wide <= 0 or high >= 0:
            continue  # not one of our codes, which hang upright from their upper left corner
        at, down = round((x - left) * _PER_POINT), round((top - y) * _PER_POINT)
        across, along = _whole(wide), _whole(-high)
        corner = (left + at / _PER_POINT, top - down / _PER_POINT)
        each.set_matrix(PdfMatrix(across / _PER_POINT, 0, 0, -along / _PER_POINT, *corner))


def _whole(points: float) -> int:
    """Dots of a module: never more than its room, at least one."""
    return max(1, floor(points * _PER_POINT + _HAIR))


def _burnt(grey: "Image") -> Dots:
    from PIL import Image

    sheet = Image.new("L", (DOTS, grey.height), 255)
    sheet.paste(grey, (0, 0))
    # A picture of one bit has 1 for white in its bytes; the head burns where there is a 1.
    burnt = sheet.point(lambda shade: 255 * (shade < _PAPER_FROM)).convert("1", dither=Image.Dither.NONE)
    rows = burnt.tobytes()
    return Dots(rows[: ceil(len(rows.rstrip(b"\0")) / ROW_BYTES) * ROW_BYTES])


def _other_sheet() -> PrintError:
    return PrintError(
        "Máy in nhiệt chỉ in khổ K80",
        "Chọn khổ “Giấy cuộn 80 mm” rồi in lại, hoặc chọn máy in khác cho khổ giấy này.",
    )
