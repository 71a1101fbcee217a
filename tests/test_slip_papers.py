"""The slips of one dossier as a person reads them, printed after real acts of a real office."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from onestop.domain.acts import STATES, Act
from onestop.domain.dossier import Declaration, Fee, State
from onestop.errors import PrintError
from onestop.office import deeds
from onestop.office.papers import note_printed, paper_pdf
from onestop.office.payment_note import PAYMENT_NOTE
from onestop.office.templates import shipped_templates
from onestop.store.journal import read_journal
from tests.office_desk import (
    CASHIER,
    HEAD,
    LEADER,
    OWNER,
    RECEPTION,
    SPECIALIST,
    Seat,
    reach,
    receive,
    seated,
)
from tests.printing_samples import page_texts, require_in_order

CERTIFIED_COPY = "2.000815"
SIGNATURE = "2.000884"
SIZES = {template.key: template.sizes for template in shipped_templates()}


@pytest.fixture(scope="module")
def seat() -> Iterator[Seat]:
    with tempfile.TemporaryDirectory() as folder, seated(Path(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def handed_out(seat: Seat) -> str:
    """A dossier that went all the way."""
    return reach(seat, State.HANDED_OUT)


def texts_of(seat: Seat, dossier_id: str, form: str, size: str = "A4", copies: int = 1) -> list[str]:
    return page_texts(paper_pdf(seat.as_(RECEPTION), dossier_id, form, size, copies))


def text_of(seat: Seat, dossier_id: str, form: str, size: str = "A4") -> str:
    (text,) = texts_of(seat, dossier_id, form, size)
    return text


HEADS = (
    "ỦY BAN NHÂN DÂN XÃ TÂN HÒA TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Tân Hòa, ngày 20 tháng 11 năm 2026",
)


# ---- giấy biên nhận trả kết quả ---------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["BN"])
def test_a_result_handed_out_is_acknowledged(seat: Seat, handed_out: str, size: str) -> None:
    texts = texts_of(seat, handed_out, "BN", size, 0)
    assert " ".join(texts).count("GIẤY BIÊN NHẬN TRẢ KẾT QUẢ (Liên 1: Lưu)") == 1
    assert " ".join(texts).count("GIẤY BIÊN NHẬN TRẢ KẾT QUẢ (Liên 2: Giao người nhận)") == 1
    require_in_order(
        texts[0],
        (
            *(HEADS if size not in {"K80"} else ("CỘNG HÒA XÃ HỘI", "ỦY BAN NHÂN DÂN XÃ TÂN HÒA")),
            "GIẤY BIÊN NHẬN TRẢ KẾT QUẢ",
            "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công xã Tân Hòa",
            "Chủ hồ sơ: Lò Thị Đức",
            "Thủ tục hành chính: Thủ tục đăng ký kết hôn lưu động",
            "Ngày tiếp nhận: 20/11/2026",
            "Hẹn trả: 16 giờ 30 phút, ngày 30 tháng 11 năm 2026",
            "1. Kết quả giải quyết Loại kết quả: Giấy chứng nhận kết hôn",
            "Số, ký hiệu: 15/TLKS",
            "Ngày ban hành: 23/11/2026",
            "Trích yếu: Trích lục",
            "2. Bên nhận kết quả Họ và tên người nhận: Lò Thị Đức",
            "Số định danh: 038192012345",
            "Số điện thoại: 0912 345 678",
            "Hình thức nhận: Nhận trực tiếp",
            "3. Bên trả kết quả Họ và tên người trả: Trần Thị Mai",
            "Điện thoại: 0237 300 0100",
            "Thời gian trả kết quả: 08 giờ 00 phút, ngày 20 tháng 11 năm 2026",
        ),
    )


def test_before_it_is_handed_out_the_time_and_the_way_are_left_to_fill_in(seat: Seat) -> None:
    text = text_of(seat, reach(seat, State.COMPLETED), "BN")
    assert "Họ và tên người nhận: Lò Thị Đức" in text
    assert "Hình thức nhận: ……" in text
    assert "Thời gian trả kết quả: ……" in text


def test_another_recipient_is_named_with_his_own_number(seat: Seat) -> None:
    dossier_id = reach(seat, State.COMPLETED)
    deeds.hand_out(seat.as_(RECEPTION), dossier_id, "Cầm Bá Chương", "in_person", "038089012346")
    text = text_of(seat, dossier_id, "BN")
    assert "người nhận: Cầm Bá Chương" in text
    assert "Số định danh: 038089012346 Số điện thoại: ……" in text
    assert "Chủ hồ sơ: Lò Thị Đức" in text


@pytest.mark.parametrize("form", ["BN", "BK"])
def test_without_a_result_there_is_nothing_to_acknowledge(seat: Seat, form: str) -> None:
    with pytest.raises(PrintError, match="chưa có kết quả"):
        text_of(seat, reach(seat, State.PROCESSING), form)


# ---- handing over -----------------------------------------------------------------------------


def test_a_folder_is_handed_over_on_two_copies(seat: Seat) -> None:
    office, dossier = seat.as_(RECEPTION), receive(seat)
    before = text_of(seat, dossier.id, "BG")
    assert "Thời gian giao: ……" in before
    assert "Đơn vị nhận: Văn phòng HĐND và UBND Người nhận: Nguyễn Thị Ánh Tuyết" in before
    deeds.forward(office, dossier.id, deeds.Target("kinh-te", "u-khoi"), "Bản chính ở bìa sau")
    kept, given = texts_of(seat, dossier.id, "BG", copies=0)
    require_in_order(
        kept,
        (
            *HEADS,
            "PHIẾU BÀN GIAO HỒ SƠ (Liên 1: Bên giao giữ)",
            "Bên giao: Trần Thị Mai, Trung tâm Phục vụ hành chính công",
            "Đơn vị nhận: Phòng Kinh tế Người nhận: Phạm Đăng Khôi",
            "Thời gian giao: 08 giờ 0",
            "Chủ hồ sơ: Lò Thị Đức",
            "Giấy tờ bàn giao: TT Thành phần hồ sơ Số lượng Bản chính Chứng thực Bản chụp",
            "1 Tờ khai đăng ký kết hôn theo mẫu",
            "Tổng số giấy tờ: 03 bản Số bộ hồ sơ: 01 bộ Lời dặn: Bản chính ở bìa sau",
            "BÊN GIAO (Ký và ghi rõ họ tên) Trần Thị Mai BÊN NHẬN (Ký và ghi rõ họ tên) Phạm Đăng Khôi",
        ),
    )
    assert kept.replace("Liên 1: Bên giao giữ", "Liên 2: Bên nhận giữ") == given


def test_a_folder_that_was_given_back_goes_to_whoever_sent_it(seat: Seat) -> None:
    dossier_id = reach(seat, State.PROCESSING)
    deeds.send_back(seat.as_(SPECIALIST), dossier_id, "Thiếu tờ khai")
    text = text_of(seat, dossier_id, "BG")
    assert "Bên giao: Nguyễn Thị Ánh Tuyết" in text
    assert "Đơn vị nhận: Trung tâm Phục vụ hành chính công" in text


def test_a_result_goes_back_to_the_counter(seat: Seat, handed_out: str) -> None:
    require_in_order(
        text_of(seat, handed_out, "BK"),
        (
            *HEADS,
            "PHIẾU BÀN GIAO KẾT QUẢ (Liên 1: Bên giao giữ)",
            "Bên giao: Ngô Thị Ngọc Lan, Văn phòng HĐND và UBND",
            "Đơn vị nhận: Trung tâm Phục vụ hành chính công",
            "Kết quả bàn giao của 01 hồ sơ",
            "TT Mã hồ sơ Chủ hồ sơ Số, ký hiệu kết quả Ngày Tên, trích yếu kết quả",
            "Lò Thị Đức 15/TLKS 23/11/2026 Trích lục",
            "BÊN GIAO (Ký và ghi rõ họ tên) Ngô Thị Ngọc Lan BÊN NHẬN",
        ),
    )


# ---- quá trình xử lý --------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["QT"])
def test_the_course_of_a_dossier_names_hands_and_times(seat: Seat, handed_out: str, size: str) -> None:
    text = text_of(seat, handed_out, "QT", size)
    require_in_order(
        text,
        (
            "QUÁ TRÌNH XỬ LÝ HỒ SƠ",
            "Chủ hồ sơ: Lò Thị Đức",
            "Tình trạng: Đã trả kết quả",
            "TT Ngày xử lý Người xử lý Thao tác Người nhận Thời hạn Nội dung",
            "Trần Thị Mai, Công chức tiếp nhận và trả kết quả Đã tiếp nhận",
            "Đã chuyển Nguyễn Thị Ánh Tuyết, Văn phòng HĐND và UBND 26/11/2026",
            "Đã nhận bàn giao",
            "Đã trình duyệt Vũ Thanh Bình, Văn phòng HĐND và UBND",
            "Đủ điều kiện",
            "Đã ký Ngô Thị Ngọc Lan, Văn phòng HĐND và UBND",
            "Đã có kết quả",
            "Số 15/TLKS, ngày 23/11/2026; Trích lục",
            "Đã trả kết quả",
            "NGƯỜI IN",
        ),
    )


def test_printing_is_no_step_of_the_course(seat: Seat) -> None:
    dossier = receive(seat)
    note_printed(seat.as_(RECEPTION), dossier, "01", 2)
    deeds.add_note(seat.as_(RECEPTION), dossier.id, "Chủ hồ sơ hẹn quay lại")
    text = text_of(seat, dossier.id, "QT")
    assert "Đã tiếp nhận" in text
    assert "Chủ hồ sơ hẹn" not in text
    assert "Đã in" not in text


def test_what_was_erased_is_no_more_told_by_a_slip(seat: Seat) -> None:
    dossier_id = reach(seat, State.PROCESSING)
    office = seat.as_(RECEPTION)
    with office.store.read() as connection:
        sent = next(e for e, _ in read_journal(connection, dossier_id) if e.header.kind == Act.FORWARD)
    assert "Đã chuyển Nguyễn Thị Ánh Tuyết" in text_of(seat, dossier_id, "QT")
    deeds.erase(seat.as_(HEAD), dossier_id, [sent.id], "Hết thời hạn lưu trữ", LEADER)
    text = text_of(seat, dossier_id, "QT")
    assert "Đã chuyển Nguyễn Thị Ánh Tuyết" not in text
    assert "Nội dung đã xoá theo quy định" in text
    assert "PHIẾU BÀN GIAO HỒ SƠ" in text_of(seat, dossier_id, "BG")


@pytest.mark.parametrize("state", sorted(set(State) - {State.SUBMITTED, State.REFUSED}))
def test_in_every_state_a_slip_tells_where_the_folder_is(seat: Seat, state: State) -> None:
    dossier_id = reach(seat, state)
    assert f"Tình trạng: {STATES[state].words}" in text_of(seat, dossier_id, "QT")
    assert "Bên giao: " in text_of(seat, dossier_id, "BG")


# ---- nhãn địa chỉ -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["NH"])
def test_a_letter_is_addressed_and_says_nothing_of_its_content(
    seat: Seat, handed_out: str, size: str
) -> None:
    text = text_of(seat, handed_out, "NH", size)
    require_in_order(
        text,
        (
            "NGƯỜI GỬI",
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa",
            "NGƯỜI NHẬN Lò Thị Đức Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa Điện thoại: 0912 345 678",
            "Mã hồ sơ: H56.99.88-261120-0001",
        ),
    )
    assert "kết hôn" not in text
    assert "038192012345" not in text


def test_a_stranger_who_took_the_result_has_no_label(seat: Seat) -> None:
    dossier_id = reach(seat, State.COMPLETED)
    assert "NGƯỜI NHẬN Lò Thị Đức" in text_of(seat, dossier_id, "NH")
    deeds.hand_out(seat.as_(RECEPTION), dossier_id, "Cầm Bá Chương", "post")
    with pytest.raises(PrintError, match="Chưa biết địa chỉ của người nhận Cầm Bá Chương"):
        text_of(seat, dossier_id, "NH")


# ---- phiếu ghi nhận nộp tiền ------------------------------------------------------------------


def test_a_payment_is_written_down_and_is_no_receipt(seat: Seat) -> None:
    cashier = seat.as_(CASHIER)
    fees = (Fee("charge", "Phí chứng thực bản sao", 21_000, "TT 226/2016/TT-BTC"),)
    dossier = receive(seat, fees=fees)
    with pytest.raises(PrintError, match="chưa thu khoản nào"):
        text_of(seat, dossier.id, PAYMENT_NOTE)
    deeds.collect(cashier, dossier.id, 31_000, "cash", "26TAA 00000123")
    assert "Nộp thừa, được hoàn lại: 10.000 đồng" in text_of(seat, dossier.id, PAYMENT_NOTE)
    deeds.refund(cashier, dossier.id, 15_000, "Thu nhầm", "transfer")
    require_in_order(
        text_of(seat, dossier.id, PAYMENT_NOTE, "A5"),
        (
            *HEADS,
            "PHIẾU GHI NHẬN NỘP TIỀN (Không phải biên lai, hóa đơn; không thay biên lai",
            "Người nộp tiền: Lò Thị Đức Địa chỉ: Thôn Trung Thành",
            "1. Phải nộp: 21.000 đồng TT Khoản phí, lệ phí Số tiền (đồng)",
            "1 Phí chứng thực bản sao (TT 226/2016/TT-BTC) 21.000",
            "2. Đã nộp: 16.000 đồng Lúc Hình thức Biên lai điện tử Số tiền (đồng)",
            "Tiền mặt 26TAA 00000123 31.000",
            "Hoàn lại: chuyển khoản -15.000",
            "(Bằng chữ: Mười sáu nghìn đồng)",
            "Còn phải nộp: 5.000 đồng",
            "Ghi chú: Không phải biên lai, hóa đơn",
            "NGƯỜI NỘP TIỀN (Ký và ghi rõ họ tên) Lò Thị Đức NGƯỜI THU TIỀN",
        ),
    )


def test_a_second_note_says_that_it_is_a_reprint(seat: Seat) -> None:
    dossier = receive(seat)
    deeds.collect(seat.as_(CASHIER), dossier.id, 8_000, "cash")
    assert "In lại" not in text_of(seat, dossier.id, PAYMENT_NOTE)
    note_printed(seat.as_(RECEPTION), dossier, PAYMENT_NOTE, 1)
    assert "(In lại lần 1, lúc 20/11/2026 08:0" in text_of(seat, dossier.id, PAYMENT_NOTE)


# ---- chứng thực -------------------------------------------------------------------------------


def _certified(seat: Seat, procedure: str, declaration: Declaration | None) -> str:
    dossier = receive(seat, procedure=procedure, declaration=declaration)
    return text_of(seat, dossier.id, "01")


def test_a_receipt_for_certified_copies_counts_pages_and_copies(seat: Seat) -> None:
    person = {
        "name": OWNER.name,
        "id_number": OWNER.id_number,
        "address": OWNER.address,
        "phone": OWNER.phone,
    }
    papers = [
        {"title": "Bằng tốt nghiệp đại học", "holder": "Lò Thị Đức", "pages": 2, "copies": 3},
        {"title": "Giấy khai sinh", "holder": "", "pages": 1, "copies": 12},
    ]
    filled = Declaration("chung-thuc-ban-sao", "2026-07", {"requester": person, "papers": papers})
    require_in_order(
        _certified(seat, CERTIFIED_COPY, filled),
        (
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ (Liên 1: Lưu)",
            "Giấy tờ yêu cầu chứng thực: TT Tên giấy tờ Số trang Số bản giấy Ký bản điện tử",
            "1 Bằng tốt nghiệp đại học (Lò Thị Đức) 02 03",
            "2 Giấy khai sinh 01 12",
            "1. Thành phần hồ sơ, số lượng mỗi loại giấy tờ: TT Thành phần hồ sơ Số lượng",
            "7. Đăng ký nhận kết quả tại",
            "Mẫu số 01 · TT 03/2025/TT-VPCP",
        ),
    )


def test_a_receipt_for_a_signature_names_the_paper_chosen(seat: Seat) -> None:
    person = {
        "name": OWNER.name, "born_on": "1992-03-12", "id_number": OWNER.id_number,
        "address": OWNER.address, "phone": OWNER.phone,
    }  # fmt: skip
    values = {"requester": person, "paper": "cv", "way": "sign", "pages": 2, "copies": 1, "signers": []}
    text = _certified(seat, SIGNATURE, Declaration("chung-thuc-chu-ky", "2026-07", values))
    assert "1 Sơ yếu lý lịch 02 01" in text


def test_what_no_declaration_says_is_filled_in_by_hand(seat: Seat) -> None:
    text = _certified(seat, CERTIFIED_COPY, None)
    assert "Số trang Số bản giấy Ký bản điện tử 1. Thành phần hồ sơ" in text
    assert "Số bản giấy" not in text_of(seat, receive(seat).id, "01")
