"""Papers of an invented ward, and what a machine reads back from them."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pypdfium2  # type: ignore[import-untyped]  # it ships no types

from onestop.domain.moment import VIETNAM
from onestop.domain.template import Facts, Fields, Template
from onestop.office.templates import shipped_templates
from onestop.printing import Letterhead
from onestop.printing.form import form_pdf

MM = 72 / 25.4
CODE = "H15.50.05.13-261120-2001"
RECEIVED_AT = datetime(2026, 11, 20, 8, 12, tzinfo=VIETNAM)
DUE_AT = datetime(2026, 11, 25, 16, 30, tzinfo=VIETNAM)


def component(number: int, name: str, note: str = "", **counts: str) -> Fields:
    """A paper handed in; counts as they are printed."""
    blank = {"originals": "", "certified": "", "copies": ""}
    return {"no": str(number), "name": name, "note": note, **blank, **counts}


LETTERHEAD = Letterhead(
    superior_body="Ủy ban nhân dân phường Tân Lập",
    issuing_body="Trung tâm Phục vụ hành chính công",
    office_name="Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập",
    place="Phường Tân Lập",
    lookup_address="dichvucong.gov.vn",
    hotline="0262 3850 115",
)

FORM = next(each for each in shipped_templates() if each.key == "01@2025-09-15")

RECEIPT = Facts(
    code=CODE,
    made_at=RECEIVED_AT + timedelta(minutes=1),
    fields={
        "superior_body": LETTERHEAD.superior_body,
        "issuing_body": LETTERHEAD.issuing_body,
        "office_name": LETTERHEAD.office_name,
        "place_day": "Phường Tân Lập, ngày 20 tháng 11 năm 2026",
        "number": "12",
        "code": CODE,
        "owner_name": "Nguyễn Thị Ngọc Ánh",
        "submitter_name": "Trần Văn Đức",
        "address": "Số 45/12 đường Y Moan Ênuôl, tổ dân phố 7, phường Tân Lập, tỉnh Đắk Lắk",
        "phone": "0905 123 456",
        "email": "tranvanduc@example.vn",
        "id_number": "066090001234",
        "channel": "Trực tiếp tại quầy",
        "procedure_name": "Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
        "sets": "01",
        "term": "03 ngày làm việc",
        "received_at": "08 giờ 12 phút, ngày 20 tháng 11 năm 2026",
        "due_at": "16 giờ 30 phút, ngày 25 tháng 11 năm 2026",
        "due_explanation": "3 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Ngày Văn hoá Việt Nam 24/11",
        "fee_sum": "24.000 đồng",
        "fee_words": "Hai mươi tư nghìn đồng",
        "hand_out_place": "Quầy trả kết quả, phường Tân Lập",
        "register_book": "01/2026",
        "register_number": "1245",
        "officer_name": "Lê Thị Hoài Thương",
        "lookup_words": "Tra cứu tình trạng hồ sơ theo mã hồ sơ tại dichvucong.gov.vn. ",
        "hotline_words": "Điện thoại hỗ trợ: 0262 3850 115. ",
    },
    rows={
        "components": (
            component(1, "Tờ khai đăng ký khai sinh, đăng ký nhận cha, mẹ, con theo mẫu", originals="01"),
            component(2, "Giấy chứng sinh", certified="01", copies="02"),
            component(3, "Giấy chứng nhận kết hôn", note="(dữ liệu tra cứu tại CSDL hộ tịch)"),
        ),
        "fees": (
            {"kind": "Lệ phí", "name": "đăng ký khai sinh", "amount": "8.000 đồng"},
            {"kind": "Phí", "name": "cấp bản sao trích lục", "amount": "16.000 đồng"},
        ),
    },
)


def receipt_pdf(facts: Facts = RECEIPT, size: str = "A5", copies: int = 0, form: Template = FORM) -> bytes:
    """The receipt as the counter prints it."""
    return form_pdf(form, facts, size, copies)


def changed(**values: str) -> Facts:
    """The receipt with other texts in some fields."""
    return replace(RECEIPT, fields={**RECEIPT.fields, **values})


def listed(**rows: tuple[Fields, ...]) -> Facts:
    """The receipt with other lists."""
    return replace(RECEIPT, rows={**RECEIPT.rows, **rows})


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


def require_in_order(text: str, golden: tuple[str, ...]) -> None:
    """Every piece of `golden` stands in the text, one behind the other, in composed letters."""
    assert is_composed(text)
    at = 0
    for words in golden:
        assert words in text[at:], f"{words!r} is not behind {text[max(0, at - 60) : at]!r} in {text!r}"
        at = text.index(words, at) + len(words)
