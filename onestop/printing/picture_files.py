"""A page as a PNG file."""

from io import BytesIO

from onestop.printing.pictures import PageImage


def png_of(page: PageImage) -> bytes:
    """Black ink alone: one byte a pixel."""
    from PIL import Image

    picture = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX").convert("L")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
