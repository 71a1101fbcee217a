"""Papers of an invented ward, and what a machine reads back from them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import pypdfium2  # type: ignore[import-untyped]  # it ships no types

from onestop.domain.moment import VIETNAM
from onestop.printing import (
    ComponentRow,
    FeeRow,
    Letterhead,
    ReceiptPaper,
)

MM = 72 / 25.4
CODE = "H15.50.05.13-261120-2001"
RECEIVED_AT = datetime(2026, 11, 20, 8, 12, tzinfo=VIETNAM)
DUE_AT = datetime(2026, 11, 25, 16, 30, tzinfo=VIETNAM)

LETTERHEAD = Letterhead(
    superior_body="Ủy ban nhân dân phường Tân Lập",
    issuing_body="Trung tâm Phục vụ hành chính công",
    office_name="Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập",
    place="Phường Tân Lập",
    lookup_address="dichvucong.gov.vn",
    hotline="0262 3850 115",
)

RECEIPT = ReceiptPaper(
    letterhead=LETTERHEAD,
    code=CODE,
    received_at=RECEIVED_AT,
    due_at=DUE_AT,
    made_at=RECEIVED_AT + timedelta(minutes=1),
    owner_name="Nguyễn Thị Ngọc Ánh",
    submitter_name="Trần Văn Đức",
    procedure_name="Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
    officer_name="Lê Thị Hoài Thương",
    number="12/TNHS",
    address="Số 45/12 đường Y Moan Ênuôl, tổ dân phố 7, phường Tân Lập, tỉnh Đắk Lắk",
    phone="0905 123 456",
    email="tranvanduc@example.vn",
    id_number="066090001234",
    channel="Trực tiếp tại quầy",
    components=(
        ComponentRow("Tờ khai đăng ký khai sinh, đăng ký nhận cha, mẹ, con theo mẫu", originals=1),
        ComponentRow("Giấy chứng sinh", certified=1, copies=2),
        ComponentRow("Giấy chứng nhận kết hôn", note="dữ liệu tra cứu tại CSDL hộ tịch"),
    ),
    term="03 ngày làm việc",
    due_explanation="3 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Ngày Văn hoá Việt Nam 24/11",
    fees=(FeeRow("Lệ phí", "đăng ký khai sinh", 8_000), FeeRow("Phí", "cấp bản sao trích lục", 16_000)),
    hand_out_place="Quầy trả kết quả, phường Tân Lập",
    register_book="01/2026",
    register_number="1245",
)


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page in reading order, blanks and line ends made one blank."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@dataclass(frozen=True)
class Ink:
    """Where one drawn string stands, points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def inked(pdf: bytes) -> list[list[Ink]]:
    """Per page, the ink box of every string: the union of its letters' own boxes."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_inked_page(page) for page in document]


def _inked_page(page: pypdfium2.PdfPage) -> list[Ink]:
    found = []
    kinds = [pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
    for item in page.get_objects(filter=kinds, textpage=page.get_textpage()):
        left, bottom, right, top = item.get_bounds()
        if right > left and top > bottom:
            found.append(Ink(item.extract(), left, bottom, right, top))
    return found


def overlaps(page: list[Ink], least: float = 0.35) -> list[tuple[Ink, Ink]]:
    """Pairs of strings whose ink covers each other by more than `least` points each way."""
    rows = sorted(page, key=lambda ink: ink.left)
    found = []
    for index, one in enumerate(rows):
        for other in rows[index + 1 :]:
            if other.left > one.right - least:
                break
            if min(one.top, other.top) - max(one.bottom, other.bottom) > least:
                found.append((one, other))
    return found


def is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def font_objects(pdf: bytes) -> tuple[int, int]:
    """How many fonts the file uses, and how many font files it carries."""
    return len(re.findall(rb"/Type\s*/Font\s", pdf)), len(re.findall(rb"/FontFile2\s", pdf))
