"""The payment note: what it says, in figures and words, and that it is no biên lai."""

from dataclasses import replace
from datetime import datetime

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest

from onestop.domain.moment import VIETNAM
from onestop.printing import Letterhead, page_count
from onestop.printing.payment_note import NO_RECEIPT, OwedRow, PaidRow, PaymentNotePaper, payment_note_pdf
from onestop.printing.till_sheet import TillPaper, TillRow, till_sheet_pdf
from tests.printing_samples import inked, overlaps

AT = datetime(2026, 11, 23, 9, 5, tzinfo=VIETNAM)
PAPER = PaymentNotePaper(
    Letterhead("UBND tỉnh Thanh Hóa", "UBND xã Tân Hòa", "Trung tâm Phục vụ hành chính công", "Xã Tân Hòa"),
    "H56.99.88-261123-000012",
    "Nguyễn Thị Đặng Hường",
    "Chứng thực bản sao từ bản chính",
    "Lê Thị Thanh Hoa",
    AT,
    "12/GN",
    "Thôn Đông Hải, xã Tân Hòa",
    (OwedRow("Phí chứng thực bản sao", 21_000, "TT 226/2016/TT-BTC"),),
    (PaidRow(AT, "Tiền mặt", "26TAA 00000123", 31_000), PaidRow(AT, "Tiền mặt", "", -5_000)),
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def test_it_says_what_was_paid_and_that_it_is_no_receipt() -> None:
    pdf = payment_note_pdf(PAPER)
    text = text_of(pdf)
    assert page_count(pdf) == 1
    assert text.count("Không phải biên lai") >= 2
    assert NO_RECEIPT.split(";")[0] in text
    for words in ("21.000", "26.000 đồng", "Hai mươi sáu nghìn đồng", "26TAA 00000123", "-5.000", "12/GN"):
        assert words in text
    assert "Nộp thừa, được hoàn lại: 5.000 đồng" in text


@pytest.mark.parametrize(
    ("paid", "said"),
    [((), "Còn phải nộp: 21.000 đồng"), (PAPER.paid[:1], "Nộp thừa, được hoàn lại: 10.000 đồng")],
)
def test_what_is_left_is_said(paid: tuple[PaidRow, ...], said: str) -> None:
    assert said in text_of(payment_note_pdf(replace(PAPER, paid=paid)))


def test_the_same_note_is_the_same_bytes_and_a_reprint_says_so() -> None:
    assert payment_note_pdf(PAPER) == payment_note_pdf(PAPER)
    assert "In lại lần 2" in text_of(payment_note_pdf(replace(PAPER, reprint_no=2)))


def test_many_lines_go_on_to_the_next_page() -> None:
    many = replace(PAPER, owed=PAPER.owed * 20, paid=PAPER.paid * 20)
    pdf = payment_note_pdf(many)
    assert page_count(pdf) > 1
    assert text_of(pdf).count("26TAA 00000123") == 20


@pytest.mark.parametrize("times", [1, 20])
def test_no_words_stand_over_others(times: int) -> None:
    head = replace(PAPER.letterhead, issuing_body="TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ TÂN HÒA")
    paper = replace(PAPER, letterhead=head, owed=PAPER.owed * times, paid=PAPER.paid * times)
    assert [overlaps(page) for page in inked(payment_note_pdf(paper)) if overlaps(page)] == []


@pytest.mark.parametrize("count", [0, 3, 120])
def test_the_day_sheet_goes_on_over_pages_without_words_over_others(count: int) -> None:
    row = TillRow(
        AT, "H56.99.88-261123-0012", PAPER.payer_name, "Thanh toán trực tuyến", "26TAA 00000123", 5_000
    )
    sums = (("Đã thu", 5_000 * count), ("Phí", 5_000 * count))
    counted = "600.000 đồng, khớp sổ" if count else ""
    sheet = TillPaper(PAPER.letterhead, AT.date(), "Lê Thị Thanh Hoa", AT, (row,) * count, sums, 0, counted)
    pdf = till_sheet_pdf(sheet)
    text = text_of(pdf)
    assert text.count("H56.99.88-261123-0012") == count
    assert "Lê Thị Thanh Hoa" in text
    assert (page_count(pdf) > 1) == (count > 100)
    assert [overlaps(page) for page in inked(pdf) if overlaps(page)] == []
