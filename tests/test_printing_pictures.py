"""PDF pages and scanned papers as pictures, and what happens to broken ones."""

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from onestop.errors import PrintError
from onestop.printing import PageImage, page_count, page_images, save_pdf, thumbnail
from tests.printing_samples import receipt_pdf


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return receipt_pdf()


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (400, 200), **save: object) -> bytes:
    file = BytesIO()
    Image.new(mode, size, (255, 0, 0, 0) if mode == "RGBA" else "red").save(file, kind, **save)
    return file.getvalue()


def pixel(image: PageImage, x: int, y: int) -> tuple[int, ...]:
    """Blue, green, red, filler."""
    at = 4 * (y * image.width + x)
    return tuple(image.bgrx[at : at + 4])


def test_pages_are_on_opaque_white(pdf: bytes) -> None:
    pages = page_images(pdf, dpi=72)
    assert page_count(pdf) == len(pages) == 2
    for page in pages:
        assert len(page.bgrx) == 4 * page.width * page.height
        assert pixel(page, 0, 0) == (255, 255, 255, 255)
        assert set(page.bgrx[3::4]) == {255}
        assert min(page.bgrx) < 60  # something is written on it


def test_one_page_of_several(pdf: bytes) -> None:
    both = page_images(pdf, dpi=40)
    assert page_images(pdf, dpi=40, first=1) == both[1:]
    assert page_images(pdf, dpi=40, first=0, last=0) == both[:1]
    assert page_images(pdf, dpi=40, first=7) == []


def test_thumbnail_has_its_longer_side(pdf: bytes) -> None:
    assert thumbnail(pdf, "application/pdf", 128).height == 128
    for kind, mime in (("PNG", "image/png"), ("JPEG", "image/jpeg")):
        small = thumbnail(picture(kind), mime, 100)
        assert (small.width, small.height) == (100, 50)
        blue, green, red, _ = pixel(small, 50, 25)
        assert red > 240
        assert max(blue, green) < 15


def test_transparent_scan_lies_on_white() -> None:
    assert pixel(thumbnail(picture("PNG", "RGBA"), "image/png", 50), 10, 10) == (255, 255, 255, 255)


def test_photo_of_a_telephone_is_turned_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held a quarter turn
    small = thumbnail(picture("JPEG", exif=turned), "image/jpeg", 100)
    assert (small.width, small.height) == (50, 100)


@pytest.mark.parametrize("mime", ["application/pdf", "image/png", "image/jpeg"])
@pytest.mark.parametrize(
    "blob", [b"", b"MZ\x90\x00 not a paper", b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n\x00\x00"]
)
def test_rubbish_is_told_in_words(mime: str, blob: bytes) -> None:
    with pytest.raises(PrintError, match="Không đọc được"):
        thumbnail(blob, mime, 64)


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg"])
def test_half_a_picture_is_told_in_words(mime: str) -> None:
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    file = BytesIO()
    noise.save(file, mime.removeprefix("image/"))
    with pytest.raises(PrintError, match="Không đọc được tệp ảnh"):
        thumbnail(file.getvalue()[: len(file.getvalue()) // 2], mime, 64)


def test_half_a_pdf_is_told_in_words_or_still_readable(pdf: bytes) -> None:
    with pytest.raises(PrintError, match="Không đọc được tệp PDF"):
        page_images(pdf[:300], dpi=50)


def test_kind_that_does_not_fit_the_blob_or_us() -> None:
    with pytest.raises(PrintError, match="Không đọc được tệp ảnh"):
        thumbnail(picture("PNG"), "image/jpeg", 64)
    with pytest.raises(PrintError, match="PDF, PNG và JPEG"):
        thumbnail(b"anything", "application/msword", 64)


def test_picture_too_large_to_hold_is_refused() -> None:
    with pytest.raises(PrintError):
        thumbnail(picture("PNG", "L", (20_000, 20_000)), "image/png", 64)


def test_several_threads_may_ask_at_once(pdf: bytes) -> None:
    expected = thumbnail(pdf, "application/pdf", 90)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: thumbnail(pdf, "application/pdf", 90), range(24)))
        receipts = list(pool.map(lambda _: receipt_pdf(), range(8)))
    assert all(answer == expected for answer in answers)
    assert all(receipt == pdf for receipt in receipts)


def test_saving_is_whole_or_not_at_all(tmp_path: Path, pdf: bytes) -> None:
    path = tmp_path / "Giấy tiếp nhận.pdf"
    save_pdf(pdf, path)
    save_pdf(pdf, path)
    assert path.read_bytes() == pdf
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(PrintError, match="Không lưu được tệp PDF"):
        save_pdf(pdf, tmp_path / "không có" / "a.pdf")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_full_disk_is_told_in_words(pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf.part").symlink_to("/dev/full")
    with pytest.raises(PrintError, match="Ổ đĩa đã đầy") as told:
        save_pdf(pdf, tmp_path / "a.pdf")
    assert isinstance(told.value.__cause__, OSError)
    assert told.value.__cause__.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == []


def test_nothing_heavy_is_loaded_before_the_first_paper() -> None:
    program = (
        "import sys, onestop.printing;"
        "print(sorted({'reportlab', 'segno', 'pypdfium2', 'PIL', 'openpyxl'} & set(sys.modules)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert loaded.stdout.strip() == "[]"
