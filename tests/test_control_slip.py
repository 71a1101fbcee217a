"""Mẫu 06: the journal told as hand-overs, in the wording and number of both circulars."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
import zxingcpp
from PIL import Image

from onestop.domain.dossier import State
from onestop.domain.template import Facts
from onestop.office import deeds
from onestop.office.deeds import find_dossier
from onestop.office.facts_control import control_slip_facts
from onestop.office.paper_facts import Asked
from onestop.office.templates import template_for
from onestop.printing import page_images
from onestop.printing.form import form_pdf
from onestop.store.journal import read_journal
from tests.office_desk import HEAD, SPECIALIST, Seat, reach, seated
from tests.printing_samples import font_objects, is_composed, page_texts

NOW, BEFORE = date(2026, 11, 20), date(2025, 9, 14)

GOLDEN = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Mã hồ sơ: H56.99.88-261120-0001",
    "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
    "Vào sổ theo dõi hồ sơ, Quyển số: 01/2026 Số thứ tự: 01",
    "Kèm theo hồ sơ của: Lò Thị Đức",
    "Nội dung yêu cầu giải quyết: Thủ tục đăng ký kết hôn lưu động",
    "Ngày nhận: 08 giờ 00 phút, ngày 20 tháng 11 năm 2026",
    "Ngày, giờ hẹn trả kết quả:",
    "Cơ quan (bộ phận) giải quyết hồ sơ: UBND xã Tân Hòa",
    "Cơ quan phối hợp giải quyết hồ sơ: không có",
    "TÊN CƠ QUAN THỜI GIAN GIAO, NHẬN HỒ SƠ KẾT QUẢ GIẢI QUYẾT HỒ SƠ GHI CHÚ",
    "1. Giao: Trung tâm Phục vụ hành chính công 2. Nhận: Văn phòng HĐND và UBND",
    "Giao: 08 giờ 00 phút, ngày 20 tháng 11 năm 2026 Nhận: 08 giờ 00 phút, ngày 20 tháng 11 năm 2026",
    "Người giao Trần Thị Mai Người nhận Nguyễn Thị Ánh Tuyết",
    "Trước hạn Đúng hạn Quá hạn",
    "3. Giao: ………… 4. Nhận: …………",
    "7. Giao: ………… 8. Nhận: …………",
)


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    with seated(tmp_path_factory.mktemp("slip") / "desk") as one:
        yield one


def facts_of(seat: Seat, dossier_id: str) -> Facts:
    with seat.store.read() as connection:
        journal = [entry for entry, _ in read_journal(connection, dossier_id)]
    return control_slip_facts(Asked(seat.office, find_dossier(seat.office, dossier_id), journal))


def slip(seat: Seat, facts: Facts, size: str = "A4", day: date = NOW) -> bytes:
    return form_pdf(template_for(seat.office.catalogue, "06", day), facts, size)


@pytest.fixture(scope="module")
def facts(seat: Seat) -> Facts:
    """Received, forwarded and taken over."""
    return facts_of(seat, reach(seat, State.PROCESSING))


def test_it_says_every_hand_over_and_leaves_room_for_more(seat: Seat, facts: Facts) -> None:
    (text,) = page_texts(slip(seat, facts))
    at = 0
    for words in GOLDEN:
        at = text.index(words, at) + len(words)
    assert is_composed(text)
    assert "9. Giao" not in text
    assert "Mẫu số 06 · TT 03/2025/TT-VPCP" in text


def test_the_former_circular_has_it_as_number_05(seat: Seat, facts: Facts) -> None:
    for text in page_texts(slip(seat, facts, "A5", BEFORE)):
        assert "Mẫu số 05 · TT 01/2018/TT-VPCP" in text


def test_one_tick_for_each_answered_hand_over(seat: Seat, facts: Facts) -> None:
    """Ticks are drawn, not written: the difference between two slips is where the ink is."""
    (row,) = facts.rows["hand_overs"]
    answered = replace(
        facts, rows={"hand_overs": ({**row, "outcome": "Đúng hạn"}, {**row, "outcome": "Quá hạn"})}
    )
    open_ = replace(facts, rows={"hand_overs": (row, row)})
    ticked, empty = (_dark_pixels(slip(seat, each)) for each in (answered, open_))
    rows = sorted({y for _, y in ticked - empty})
    assert rows
    assert 1 + sum(after - before > 20 for before, after in pairwise(rows)) == 2
    assert not empty - ticked


def _dark_pixels(pdf: bytes) -> set[tuple[int, int]]:
    (page,) = page_images(pdf, dpi=100)
    grey = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX").convert("L").tobytes()
    return {(at % page.width, at // page.width) for at, level in enumerate(grey) if level < 128}


def test_a4_with_its_fonts_and_both_codes(seat: Seat, facts: Facts) -> None:
    pdf = slip(seat, facts)
    used, carried = font_objects(pdf)
    assert used == carried > 0
    (page,) = page_images(pdf, dpi=203)
    assert (page.width, page.height) == pytest.approx((210 / 25.4 * 203, 297 / 25.4 * 203), abs=4)
    picture = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX")
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [facts.code, facts.code]


def test_the_whole_way_of_a_folder(seat: Seat) -> None:
    """Each sending is a block; the outcome where the result came out, the reason where it went back."""
    ident = reach(seat, State.PROPOSED)
    deeds.take_over(seat.as_(HEAD), ident)
    deeds.disapprove(seat.as_(HEAD), ident, "Thiếu xác minh nơi cư trú")
    blocks = facts_of(seat, ident).rows["hand_overs"]
    told = [(row["from_officer"], row["to_officer"], row["note"]) for row in blocks]
    assert told[-1] == ("Vũ Thanh Bình", "", "Thiếu xác minh nơi cư trú")
    assert told[-2][:2] == ("Nguyễn Thị Ánh Tuyết", "Vũ Thanh Bình")
    done = list(facts_of(seat, reach(seat, State.COMPLETED)).rows["hand_overs"])
    assert [row["outcome"] for row in done] == ["", "", "", "", "Trước hạn"]


def test_a_folder_called_back_was_never_handed_over(seat: Seat) -> None:
    ident = reach(seat, State.PROPOSED)
    before = len(list(facts_of(seat, ident).rows["hand_overs"]))
    deeds.recall(seat.as_(SPECIALIST), ident, "Gửi nhầm")
    assert len(list(facts_of(seat, ident).rows["hand_overs"])) == before - 1
