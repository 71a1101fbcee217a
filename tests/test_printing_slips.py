"""Control slip and register."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
import zxingcpp
from PIL import Image

from onestop.printing import (
    PaperSize,
    RegisterPaper,
    control_slip_pdf,
    page_images,
    receipt_pdf,
    register_pdf,
)
from tests.printing_samples import (
    CODE,
    CONTROL_SLIP,
    LETTERHEAD,
    MM,
    RECEIPT,
    RECEIVED_AT,
    font_objects,
    is_composed,
    page_texts,
    register_rows,
)

SLIP_GOLDEN = (
    f"Mã hồ sơ: {CODE}",
    "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
    "Quyển số: 01/2026 Số thứ tự: 1245",
    "Kèm theo hồ sơ của: Nguyễn Thị Ngọc Ánh",
    "Ngày nhận: 08 giờ 12 phút, ngày 20 tháng 11 năm 2026",
    "Ngày, giờ hẹn trả kết quả: 16 giờ 30 phút, ngày 25 tháng 11 năm 2026",
    "Cơ quan (bộ phận) giải quyết hồ sơ: Phòng Văn hóa – Xã hội phường Tân Lập",
    "Cơ quan phối hợp giải quyết hồ sơ: không có",
    "TÊN CƠ QUAN THỜI GIAN GIAO, NHẬN HỒ SƠ KẾT QUẢ GIẢI QUYẾT HỒ SƠ GHI CHÚ",
    "1. Giao: Bộ phận Tiếp nhận và Trả kết quả 2. Nhận: Phòng Văn hóa – Xã hội",
    "Giao: 08 giờ 52 phút, ngày 20 tháng 11 năm 2026 Nhận: 09 giờ 07 phút, ngày 20 tháng 11 năm 2026",
    "Người giao Lê Thị Hoài Thương Người nhận Nguyễn Hữu Phước",
    "Trước hạn Đúng hạn Quá hạn",
    "3. Giao: Phòng Văn hóa – Xã hội 4. Nhận: Lãnh đạo Uỷ ban nhân dân phường",
    "Chờ xác minh của Công an phường",
    "5. Giao: ………… 6. Nhận: …………",
    "7. Giao: ………… 8. Nhận: …………",
    "Mẫu số 06",
)


def test_slip_says_every_hand_over_and_leaves_room_for_more() -> None:
    (text,) = page_texts(control_slip_pdf(CONTROL_SLIP))
    at = 0
    for words in SLIP_GOLDEN:
        at = text.index(words, at) + len(words)
    assert is_composed(text)
    assert "9. Giao" not in text


def test_slip_shows_one_tick_for_each_answered_hand_over() -> None:
    """Ticks are drawn, not written: the difference between two slips is where the ink is."""
    unanswered = tuple(replace(hand_over, outcome=None) for hand_over in CONTROL_SLIP.hand_overs)
    ticked, empty = (
        _dark_pixels(control_slip_pdf(paper))
        for paper in (CONTROL_SLIP, replace(CONTROL_SLIP, hand_overs=unanswered))
    )
    more = ticked - empty
    assert more
    rows = sorted({y for _, y in more})
    groups = 1 + sum(after - before > 20 for before, after in pairwise(rows))
    assert groups == 2
    assert not empty - ticked


def _dark_pixels(pdf: bytes) -> set[tuple[int, int]]:
    (page,) = page_images(pdf, dpi=100)
    grey = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX").convert("L").tobytes()
    return {(at % page.width, at // page.width) for at, level in enumerate(grey) if level < 128}


def test_slip_is_a4_with_its_fonts_and_both_codes() -> None:
    pdf = control_slip_pdf(CONTROL_SLIP)
    used, carried = font_objects(pdf)
    assert used == carried > 0
    (page,) = page_images(pdf, dpi=203)
    assert (page.width, page.height) == pytest.approx((210 / 25.4 * 203, 297 / 25.4 * 203), abs=4)
    picture = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX")
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [CODE, CODE]


def test_register_of_a_busy_year_is_paged_with_its_head_on_every_page() -> None:
    heard: list[int] = []
    paper = RegisterPaper(LETTERHEAD, 2026, "01", register_rows(500), RECEIVED_AT)
    texts = page_texts(pdf := register_pdf(paper, heard.append))
    assert len(texts) > 20
    assert texts[0].count("SỔ THEO DÕI HỒ SƠ (Năm 2026 – Quyển số: 01)") == 1
    for number, text in enumerate(texts, 1):
        assert "TT Mã hồ sơ Tên thủ tục hành chính Số bộ" in text
        assert "Ngày, tháng, năm Trả kết quả" in text
        assert number == 1 or f"Trang {number} " in text
    together = " ".join(texts)
    assert together.count("H15.50.05.13- 261120-") == 500
    assert all(f"H15.50.05.13- 261120-{number:04d}" in together for number in range(1, 501))
    assert "Cộng: 500 hồ sơ. In lúc 20/11/2026 08:12." in texts[-1]
    assert heard == sorted(heard)
    assert heard[-1] == 500
    with pypdfium2.PdfDocument(pdf) as document:
        assert document[0].get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.5 * MM)


def test_register_shows_moments_and_leaves_open_what_is_not_done() -> None:
    (text,) = page_texts(register_pdf(RegisterPaper(LETTERHEAD, 2026, "01", register_rows(4), RECEIVED_AT)))
    assert text.count("20/11/2026 08:12") == 4 + 1  # received four times, and printed
    assert text.count("25/11/2026 16:30") == 4 + 3  # due four times, the fourth is not handed out
    assert text.count("ĐT: 0905123456") == 4


def test_empty_register_is_a_head_and_a_sum() -> None:
    (text,) = page_texts(register_pdf(RegisterPaper(LETTERHEAD, 2026, "01", [], RECEIVED_AT)))
    assert "Cộng: 0 hồ sơ." in text


def test_a_receipt_does_not_wait_for_a_register() -> None:
    """Both are made at once, each byte for byte as when it is made alone."""
    alone = receipt_pdf(RECEIPT, PaperSize.A5), register_pdf(_register(400))
    pages: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(register_pdf, _register(400), pages.append)
        while not pages:
            assert not making.done()
        first = receipt_pdf(RECEIPT, PaperSize.A5)
        assert not making.done()  # on a busy machine not all five are sooner
        receipts = [receipt_pdf(RECEIPT, PaperSize.A5) for _ in range(4)]
        assert {first, *receipts} == {alone[0]}
        assert making.result(timeout=60) == alone[1]


def _register(count: int) -> RegisterPaper:
    return RegisterPaper(LETTERHEAD, 2026, "01", register_rows(count), RECEIVED_AT)
