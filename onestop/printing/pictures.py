"""Pages and papers as pictures: for previews, for thumbnails, and for printing page by page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from onestop.errors import PrintError
from onestop.printing.edge import unreadable

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped]  # it ships no types

# PDFium may be called by one thread at a time only, whatever documents are open.
_PDFIUM = Lock()

_POINTS_PER_INCH = 72
_MOST_PIXELS = 120_000_000  # an A3 sheet at 600 dpi has 70 million
_IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True, slots=True)
class PageImage:
    """`bgrx` holds 4 bytes per pixel (blue, green, red, 255), rows from the top without gaps.

    This is QImage's Format_RGB32 with 4 * width bytes per line.
    """

    width: int
    height: int
    bgrx: bytes


def page_count(pdf: bytes) -> int:
    """Number of pages. Raises PrintError for what is no readable PDF."""
    with opened(pdf) as document:
        return len(document)


def page_images(pdf: bytes, dpi: float, first: int = 0, last: int | None = None) -> list[PageImage]:
    """Pages `first` to `last` (from 0, inclusive; None: to the end) on opaque white.

    An A4 page at 300 dpi takes 35 MB: print page by page. Raises PrintError.
    """
    with opened(pdf) as document:
        end = len(document) if last is None else min(last + 1, len(document))
        return [_rendered(document, number, dpi / _POINTS_PER_INCH) for number in range(first, end)]


def thumbnail(blob: bytes, mime: str, pixels: int) -> PageImage:
    """The first page of a PDF, or a PNG or JPEG picture, its longer side `pixels` long.

    Raises PrintError for other kinds, and for a blob that is not what `mime` says.
    """
    if mime == "application/pdf":
        return _pdf_thumbnail(blob, pixels)
    if mime in _IMAGES:
        return _image_thumbnail(blob, _IMAGES[mime], pixels)
    raise PrintError("Không xem trước được loại tệp này", "Chỉ xem được tệp PDF, PNG và JPEG.")


def _pdf_thumbnail(blob: bytes, pixels: int) -> PageImage:
    with opened(blob) as document:
        return _rendered(document, 0, None, pixels)


@contextmanager
def opened(pdf: bytes) -> "Iterator[PdfDocument]":
    """The document, with PDFium held for as long. Raises PrintError for what is no readable PDF."""
    import pypdfium2

    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise unreadable("tệp PDF") from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise unreadable("trang trong tệp PDF") from error
        finally:
            document.close()


def _rendered(document: "PdfDocument", number: int, scale: float | None, longest: int = 0) -> PageImage:
    page = document[number]
    try:
        if scale is None:
            scale = longest / max(page.get_size())
        return _pixels(page, scale)
    finally:
        page.close()


def _pixels(page: "PdfPage", scale: float) -> PageImage:
    width, height = page.get_size()
    if width * height * scale * scale > _MOST_PIXELS:
        raise _too_large()
    # Opaque white first: a PDF page is transparent, which is black in a dark window.
    bitmap = page.render(scale=scale, prefer_bgrx=True, fill_color=(255, 255, 255, 255))
    try:
        return PageImage(bitmap.width, bitmap.height, bytes(bitmap.buffer))
    finally:
        bitmap.close()


def _image_thumbnail(blob: bytes, kind: str, pixels: int) -> PageImage:
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(blob), formats=[kind]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise _too_large()
            image.draft("RGB", (pixels, pixels))  # a JPEG is then decoded at a fraction of its size
            upright = ImageOps.exif_transpose(image)
            upright = ImageOps.contain(upright.convert("RGBA"), (pixels, pixels))
            sheet = Image.new("RGBA", upright.size, "white")
            sheet.alpha_composite(upright)
            return PageImage(*sheet.size, sheet.tobytes("raw", "BGRA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Pillow tells of damage by all of these, SyntaxError for a broken PNG among them.
        raise unreadable("tệp ảnh") from error


def _too_large() -> PrintError:
    return PrintError("Trang quá lớn", "Trang này quá lớn để hiển thị. Quét lại với độ phân giải thấp hơn.")
