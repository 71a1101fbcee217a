"""Codes found again on what a scanner or a telephone makes of a printed paper."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from onestop.domain.moment import VIETNAM
from onestop.domain.proof import make_proof, proof_digits
from onestop.domain.signing import SigningKey
from onestop.domain.template_sample import sample_facts
from onestop.errors import PrintError
from onestop.office.templates import shipped_templates
from onestop.printing import page_images
from onestop.printing.form import form_pdf
from onestop.printing.reading import read_codes

CODE = "H99.26.13-261120-0042"
PRINTED = datetime(2026, 11, 20, 9, 15, tzinfo=VIETNAM)
PROOF = proof_digits(make_proof(SigningKey(b"\x33" * 32), "01", CODE, PRINTED, PRINTED))

Picture = Image.Image


def as_file(picture: Picture, kind: str = "PNG", **options: int) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    template = next(one for one in shipped_templates() if one.form == "01" and not one.variant)
    facts = replace(sample_facts(template), code=CODE, proof=PROOF)
    return form_pdf(template, facts, "A5", 1)


@pytest.fixture(scope="module")
def sheet(pdf: bytes) -> Picture:
    """The first page as a scanner of 203 dpi sees it."""
    (page,) = page_images(pdf, 203, 0, 0)
    return Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX")


def on_a_table(sheet: Picture) -> Picture:
    """A photograph from above: half the picture is table, the paper lies askew on it."""
    table = Image.new("RGB", (2400, 2600), (92, 74, 58))
    paper = sheet.convert("RGBA").rotate(11, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste(paper, (300, 350), paper)
    return table


def from_aside(sheet: Picture) -> Picture:
    """The camera stands to the left: the right edge is shorter."""
    wide, high = sheet.size
    corners = (0, 0, -60, high, wide + 160, high + 120, wide + 160, -120)
    return sheet.transform(sheet.size, Image.Transform.QUAD, corners, fillcolor=(120, 110, 100))


def in_shade(sheet: Picture) -> Picture:
    """Falling light: the top is twice as bright as the bottom."""
    shade = Image.linear_gradient("L").resize(sheet.size)
    return Image.composite(Image.new("RGB", sheet.size, (30, 30, 36)), sheet, shade.point(lambda v: v // 2))


def faded(sheet: Picture) -> Picture:
    """Thermal paper after a summer: grey on light grey."""
    return ImageEnhance.Brightness(ImageEnhance.Contrast(sheet).enhance(0.18)).enhance(1.1)


def noisy(sheet: Picture) -> Picture:
    grain = Image.frombytes("L", sheet.size, Random(7).randbytes(sheet.width * sheet.height))
    return Image.blend(sheet, grain.convert("RGB"), 0.3)


def blurred(sheet: Picture) -> Picture:
    return sheet.filter(ImageFilter.GaussianBlur(1.6))


LOOKS: dict[str, Callable[[Picture], Picture]] = {
    "thẳng": lambda sheet: sheet,
    "ngược đầu": lambda sheet: sheet.rotate(180),
    "nằm ngang": lambda sheet: sheet.transpose(Image.Transpose.ROTATE_90),
    "lệch 4 độ": lambda sheet: sheet.rotate(4, expand=True, fillcolor="white"),
    "lệch 37 độ": lambda sheet: sheet.rotate(37, expand=True, fillcolor="white"),
    "trên bàn": on_a_table,
    "chụp chéo": from_aside,
    "bóng đổ": in_shade,
    "bạc màu": faded,
    "nhiễu": noisy,
    "mờ": blurred,
    "âm bản": ImageOps.invert,
    "ảnh nhỏ": lambda sheet: sheet.resize((sheet.width * 3 // 4, sheet.height * 3 // 4)),
}


@pytest.mark.parametrize("look", LOOKS)
def test_the_square_is_found_however_the_paper_lies(sheet: Picture, look: str) -> None:
    assert read_codes(as_file(LOOKS[look](sheet)))[0] == PROOF


def test_squares_come_first_and_nothing_twice(pdf: bytes) -> None:
    assert read_codes(pdf) == (PROOF, CODE)


def test_bars_alone_are_enough_where_the_square_is_torn_off(sheet: Picture) -> None:
    torn = sheet.copy()
    torn.paste("white", (sheet.width * 2 // 3, 0, sheet.width, sheet.height // 3))
    assert read_codes(as_file(torn.rotate(2, fillcolor="white"))) == (CODE,)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "BMP", "WEBP"])
def test_files_of_scanners_and_telephones_are_read(sheet: Picture, kind: str) -> None:
    assert PROOF in read_codes(as_file(sheet, kind))


def test_a_photograph_turned_by_its_own_note_and_a_transparent_picture_are_read(sheet: Picture) -> None:
    note = Image.Exif()
    note[0x0112] = 6
    file = BytesIO()
    sheet.save(file, "JPEG", quality=60, exif=note)
    assert PROOF in read_codes(file.getvalue())
    ink = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    ink.putalpha(ImageOps.invert(sheet.convert("L")))
    assert PROOF in read_codes(as_file(ink))


def test_the_code_may_stand_on_a_later_page_of_a_scan(sheet: Picture) -> None:
    file = BytesIO()
    blank = Image.new("1", sheet.size, 1)
    blank.save(file, "TIFF", save_all=True, append_images=[blank, sheet.convert("1")])
    assert PROOF in read_codes(file.getvalue())


def test_a_paper_without_codes_gives_none(sheet: Picture) -> None:
    below = sheet.crop((0, sheet.height // 3, sheet.width, sheet.height))
    assert read_codes(as_file(below)) == ()


@pytest.mark.parametrize(
    "spoil", [b"", b"%PDF-1.7 nothing", b"GIF89a....", b"\x89PNG\r\n\x1a\n" + b"\0" * 40]
)
def test_other_and_damaged_files_are_said_to_be_unreadable(spoil: bytes) -> None:
    with pytest.raises(PrintError) as told:
        read_codes(spoil)
    assert "Không đọc được" in told.value.title


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    huge = as_file(Image.new("1", (9000, 9000)))
    with pytest.raises(PrintError) as told:
        read_codes(huge)
    assert told.value.title == "Ảnh quá lớn"
