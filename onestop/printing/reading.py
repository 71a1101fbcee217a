"""Papers that come back as pictures: the codes on a scan or a photograph, however it lies."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final

from onestop.errors import PrintError
from onestop.printing.edge import unreadable
from onestop.printing.pictures import page_count, page_images

if TYPE_CHECKING:
    from PIL.Image import Image

DPI: Final = 300
"""What pages of a PDF are looked at with: a module of half a millimetre is six dots."""

MOST_PAGES: Final = 20
MOST_PIXELS: Final = 80_000_000
"""An A3 sheet at 600 dpi has 70 million; Pillow itself warns above 89."""

MOST_PHOTO_PIXELS: Final = 50_000_000

_PHOTO_KINDS = ("JPEG", "PNG", "WEBP")
_KINDS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
_LONGEST = 4000
_SMALLER = (2000, 1200)
"""Longer sides to look again with, where noise of single dots or a blurred lens hid the codes."""

_TURNS = (30, 60)
"""Bars are found along the sides and a little askew; a square is found however it lies."""


def read_codes(data: bytes) -> tuple[str, ...]:
    """The texts of the codes on a PDF, JPEG, PNG, TIFF, BMP or WebP: squares first, none twice.

    Takes the first `MOST_PAGES` pages and stops at the first one that bears a code; () when none does.
    Raises PrintError for a file that cannot be read.
    """
    return next((found for found in map(_codes_on, _pages(data)) if found), ())


def read_photo(data: bytes) -> tuple[str, ...]:
    """As `read_codes`, for pictures of strangers: JPEG, PNG or WebP, at most `MOST_PHOTO_PIXELS`."""
    pages = _image_pages(data, _PHOTO_KINDS, MOST_PHOTO_PIXELS)
    return next((found for found in map(_codes_on, pages) if found), ())


def _pages(data: bytes) -> "Iterator[Image]":
    if b"%PDF" in data[:1024]:
        return _pdf_pages(data)
    return _image_pages(data, _KINDS, MOST_PIXELS)


def _pdf_pages(data: bytes) -> "Iterator[Image]":
    from PIL import Image

    for number in range(min(page_count(data), MOST_PAGES)):
        (page,) = page_images(data, DPI, number, number)
        yield Image.frombuffer("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX").convert("L")


def _image_pages(data: bytes, kinds: tuple[str, ...], most: int) -> "Iterator[Image]":
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(BytesIO(data), formats=kinds) as image:
            if image.width * image.height > most:
                raise _too_large()
            image.draft("L", (_LONGEST, _LONGEST))  # a JPEG is then decoded at a fraction of its size
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number == MOST_PAGES or frame.width * frame.height > most:
                    return
                yield _on_white(ImageOps.exif_transpose(frame))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Pillow tells of damage by all of these, SyntaxError for a broken PNG among them.
        raise unreadable("tệp ảnh") from error


def _on_white(image: "Image") -> "Image":
    """Grey; what is transparent was white on paper."""
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("L")
    sheet = Image.new("RGBA", image.size, "white")
    sheet.alpha_composite(image.convert("RGBA"))
    return sheet.convert("L")


def _codes_on(page: "Image") -> tuple[str, ...]:
    """Looks again and again as long as there is no square; bars alone do to open a dossier."""
    bars: dict[str, None] = {}
    for look in _looks(page):
        found = _read(look)
        bars |= dict.fromkeys(text for is_square, text in found if not is_square)
        squares = dict.fromkeys(text for is_square, text in found if is_square)
        if squares:
            return tuple(squares | bars)
    return tuple(bars)


def _looks(page: "Image") -> "Iterator[Image]":
    """The page as it is, then with its greys spread, smaller, sharper, and turned."""
    from PIL import ImageFilter, ImageOps

    page.thumbnail((_LONGEST, _LONGEST))
    yield page
    clear = ImageOps.autocontrast(page, cutoff=1)
    yield clear
    for longest in _SMALLER:
        if max(clear.size) > longest:
            yield ImageOps.contain(clear, (longest, longest))
    yield clear.filter(ImageFilter.UnsharpMask(radius=3, percent=200))
    if max(clear.size) < _LONGEST // 2:
        yield clear.resize((clear.width * 2, clear.height * 2))
    for degrees in _TURNS:
        yield clear.rotate(degrees, expand=True, fillcolor=255)


def _read(image: "Image") -> list[tuple[bool, str]]:
    """(whether it is a square, text) of each code."""
    import zxingcpp

    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
    found = zxingcpp.read_barcodes(image, formats)
    return [(code.format == zxingcpp.BarcodeFormat.QRCode, code.text) for code in found if code.text]


def _too_large() -> PrintError:
    return PrintError("Ảnh quá lớn", "Chụp hoặc quét lại với độ phân giải thấp hơn (300 dpi là đủ).")
