"""Mẫu 02 to 05 as a person reads them, made by real acts of a practice office."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from onestop.domain.dossier import ComponentLine, Party, State
from onestop.domain.moment import VIETNAM
from onestop.domain.stand_in import StandIn
from onestop.domain.state import Role
from onestop.errors import PrintError
from onestop.office import deeds
from onestop.office.facts_letters import returned_rows
from onestop.office.intake import PartyForm, refuse_intake, register_incomplete
from onestop.office.letter_words import (
    HEAD_OF_AGENCY,
    addressee_words,
    bodies_of,
    body_initials,
    letter_number,
    signer_roles,
)
from onestop.office.papers import note_printed, paper_pdf
from onestop.office.proving import check_paper
from onestop.office.templates import template_for
from onestop.printing import page_images
from onestop.store.journal import read_journal
from onestop.store.tables import entries
from tests.office_desk import (
    CASHIER,
    CLERK,
    HEAD,
    LEADER,
    MORNING,
    OTHER_SPECIALIST,
    RECEPTION,
    SPECIALIST,
    Seat,
    form,
    new_folder,
    open_seat,
    reach,
    receive,
)
from tests.printing_samples import font_objects, inked, is_composed, overlaps, page_texts

NEW_DAY = datetime(2026, 12, 2, 16, 30, tzinfo=VIETNAM)
ASKED_FOR = ("Bản chính Giấy chứng sinh để đối chiếu", "Tờ khai có chữ ký của người yêu cầu")
HEADS = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",)
TO = (
    "Ông/Bà Lò Thị Đức",
    "Địa chỉ: Thôn Trung Thành, xã Tân Hòa, tỉnh Thanh Hóa",
    "Số điện thoại: 0912 345 678 Email: ……",
)


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    made = open_seat(new_folder(tmp_path_factory.mktemp("letters")))
    yield made
    made.store.close()


def asked(seat: Seat) -> str:
    dossier = receive(seat).id
    deeds.request_supplement(
        seat.as_(RECEPTION), dossier, ASKED_FOR, "Thành phần hồ sơ chưa đầy đủ.\nBản sao chưa chứng thực."
    )
    return dossier


def refused(seat: Seat) -> str:
    return refuse_intake(seat.as_(RECEPTION), form(), "Không thuộc thẩm quyền của cơ quan.").dossier.id


def extended(seat: Seat) -> str:
    dossier = reach(seat, State.PROCESSING)
    deeds.extend(seat.as_(LEADER), dossier, NEW_DAY, "Chờ ý kiến của cơ quan phối hợp.")
    return dossier


def stopped(seat: Seat) -> str:
    dossier = reach(seat, State.PROCESSING)
    deeds.collect(seat.as_(CASHIER), dossier, 8_000, "cash")
    deeds.stop(seat.as_(HEAD), dossier, "Đang có tranh chấp được toà án thụ lý.")
    return dossier


def drafted(seat: Seat) -> str:
    dossier = reach(seat, State.PROCESSING)
    deeds.draft_apology(seat.as_(SPECIALIST), dossier, NEW_DAY, "Chờ ý kiến của cơ quan phối hợp.")
    return dossier


def withdrawn(seat: Seat) -> str:
    dossier = reach(seat, State.PROCESSING)
    deeds.collect(seat.as_(CASHIER), dossier, 8_000, "cash")
    deeds.withdraw(seat.as_(RECEPTION), dossier, "Chủ hồ sơ không còn nhu cầu.")
    deeds.refund(seat.as_(CASHIER), dossier, 8_000, "Chủ hồ sơ rút hồ sơ")
    return dossier


Story = Callable[[Seat], str]

GOLDEN: dict[str, tuple[str, Story, tuple[str, ...]]] = {
    "02": (
        "02",
        asked,
        (
            "ỦY BAN NHÂN DÂN XÃ TÂN HÒA TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "/HDHS",
            *HEADS,
            "Tân Hòa, ngày 20 tháng 11 năm 2026",
            "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ (Liên 1: Lưu)",
            "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công xã Tân Hòa",
            "Tiếp nhận hồ sơ/yêu cầu của:",
            *TO,
            "Nội dung yêu cầu giải quyết: Thủ tục đăng ký kết hôn lưu động",
            "Yêu cầu Ông/Bà hoàn thiện hồ sơ gồm những nội dung như sau:",
            "1. Bản chính Giấy chứng sinh để đối chiếu",
            "2. Tờ khai có chữ ký của người yêu cầu",
            "Lý do: – Thành phần hồ sơ chưa đầy đủ. – Bản sao chưa chứng thực.",
            "Thời hạn giải quyết hồ sơ tạm dừng từ 08 giờ 00 phút, ngày 20 tháng 11 năm 2026",
            "Ông/Bà liên hệ với Trần Thị Mai, Trung tâm Phục vụ hành chính công xã Tân Hòa",
            "Điện thoại hỗ trợ: 0237 300 0100.",
            "NGƯỜI HƯỚNG DẪN (Ký và ghi rõ họ tên) Trần Thị Mai",
            "Mẫu số 02 · TT 03/2025/TT-VPCP",
        ),
    ),
    "03": (
        "03",
        refused,
        (
            "/TCHS",
            *HEADS,
            "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ (Liên 1: Lưu)",
            "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công xã Tân Hòa",
            "Tiếp nhận hồ sơ của:",
            *TO,
            "Nội dung yêu cầu giải quyết: Thủ tục đăng ký kết hôn lưu động",
            "thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
            "– Không thuộc thẩm quyền của cơ quan.",
            "Xin thông báo cho Ông/Bà được biết và thực hiện.",
            "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Lò Thị Đức",
            "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Trần Thị Mai",
            "Mẫu số 03 · TT 03/2025/TT-VPCP",
        ),
    ),
    "04": (
        "04",
        extended,
        (
            "ỦY BAN NHÂN DÂN XÃ TÂN HÒA",
            "/PXL-UBND",
            *HEADS,
            "Tân Hòa, ngày 20 tháng 11 năm 2026",
            "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
            "(Phiếu xin lỗi và hẹn lại ngày trả kết quả)",
            "Kính gửi:",
            *TO,
            "Ngày 20/11/2026, Trung tâm Phục vụ hành chính công xã Tân Hòa tiếp nhận hồ sơ",
            "đề nghị giải quyết thủ tục hành chính: Thủ tục đăng ký kết hôn lưu động.",
            "Mã hồ sơ: H56.99.88-261120-",
            "Thời gian hẹn trả kết quả: 16 giờ 30 phút, ngày 30 tháng 11 năm 2026",
            "Đơn vị đang giải quyết: Văn phòng HĐND và UBND",
            "Đến nay, UBND xã Tân Hòa dự kiến không trả được kết quả giải quyết hồ sơ của Ông/Bà đúng",
            "Lý do: Chờ ý kiến của cơ quan phối hợp.",
            "xin lỗi Ông/Bà, đề nghị gia hạn thời gian giải quyết và hẹn trả kết quả",
            "Thời gian hẹn trả lại: 16 giờ 30 phút, ngày 02 tháng 12 năm 2026",
            "Nơi nhận: – Như trên; – Trung tâm Phục vụ hành chính công xã Tân Hòa; – Lưu: VT, hồ sơ.",
            "KT. CHỦ TỊCH UBND XÃ PHÓ CHỦ TỊCH UBND XÃ",
            "Bùi Quyết Thắng",
            "Mẫu số 04 · TT 03/2025/TT-VPCP",
        ),
    ),
    "04, drafted for the head to sign": (
        "04",
        drafted,
        (
            "ỦY BAN NHÂN DÂN XÃ TÂN HÒA",
            "Số: ……/PXL-UBND",
            "Tân Hòa, ngày …… tháng …… năm 2026",
            "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
            "(Dự thảo, chưa có giá trị)",
            "Lý do: Chờ ý kiến của cơ quan phối hợp.",
            "Thời gian hẹn trả lại: 16 giờ 30 phút, ngày 02 tháng 12 năm 2026",
            HEAD_OF_AGENCY,
        ),
    ),
    "05": (
        "05",
        stopped,
        (
            "ỦY BAN NHÂN DÂN XÃ TÂN HÒA VĂN PHÒNG HĐND VÀ UBND",
            "/TB-VP",
            *HEADS,
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
            "Kính gửi:",
            *TO,
            "Ngày 20/11/2026, Trung tâm Phục vụ hành chính công xã Tân Hòa tiếp nhận hồ sơ",
            "Mã hồ sơ: H56.99.88-261120-",
            "thông báo dừng giải quyết hồ sơ nêu trên kể từ 08 giờ 00 phút, ngày 20 tháng 11 năm 2026.",
            "Căn cứ: quyết định dừng giải quyết của cơ quan có thẩm quyền",
            "Lý do: Đang có tranh chấp được toà án thụ lý.",
            "Giấy tờ trả lại kèm theo: – Tờ khai đăng ký kết hôn theo mẫu",
            "(01 bản chính)",
            "Phí, lệ phí đã nộp: 8.000 đồng Đã hoàn trả: ……",
            "CHÁNH VĂN PHÒNG HĐND VÀ UBND (Ký, ghi rõ họ tên và đóng dấu)",
            "Vũ Thanh Bình",
            "Mẫu số 05 · TT 03/2025/TT-VPCP",
        ),
    ),
    "05, taken back by its owner": (
        "05",
        withdrawn,
        (
            "/TB-UBND",
            "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
            "Căn cứ: đề nghị rút hồ sơ của chủ hồ sơ",
            "Lý do: Chủ hồ sơ không còn nhu cầu.",
            "Phí, lệ phí đã nộp: 8.000 đồng Đã hoàn trả: 8.000 đồng",
            HEAD_OF_AGENCY,
        ),
    ),
}


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_every_field_is_there_in_the_order_of_the_form(seat: Seat, name: str) -> None:
    number, story, golden = GOLDEN[name]
    pdf = paper_pdf(seat.office, story(seat), number, "A4", 1)
    (text,) = page_texts(pdf)
    at = 0
    for words in golden:
        assert words in text[at:], f"{words!r} after {text[at - 60 : at]!r}"
        at = text.index(words, at) + len(words)
    assert is_composed(text)
    used, carried = font_objects(pdf)
    assert used == carried > 0
    assert not any(overlaps(page) for page in inked(pdf))


@pytest.mark.parametrize("number", ["02", "03", "04", "05"])
def test_a_letter_needs_its_act_and_says_which(seat: Seat, number: str) -> None:
    dossier = receive(seat).id
    with pytest.raises(PrintError, match="Hồ sơ chưa có việc “"):
        paper_pdf(seat.office, dossier, number, "A4", 1)


def test_a_second_request_is_a_letter_of_its_own_and_no_reprint(seat: Seat) -> None:
    dossier = asked(seat)
    number = deeds.find_dossier(seat.office, dossier).register_no
    note_printed(seat.office, deeds.find_dossier(seat.office, dossier), "02", 2)
    (again,) = page_texts(paper_pdf(seat.office, dossier, "02", "A4", 1))
    assert f"Số: {number:02d}/HDHS" in again
    assert "(In lại lần 1, lúc 20/11/2026" in again
    deeds.take_supplement(seat.as_(RECEPTION), dossier, ASKED_FOR)
    deeds.request_supplement(seat.as_(RECEPTION), dossier, ("Ảnh 4x6",), "Thiếu ảnh.")
    (second,) = page_texts(paper_pdf(seat.office, dossier, "02", "A4", 1))
    assert f"Số: {number:02d}.2/HDHS" in second
    assert "In lại" not in second
    assert "1. Ảnh 4x6" in second
    assert ASKED_FOR[0] not in second


def test_a_letter_keeps_its_day_officer_and_promise_when_it_is_printed_later(seat: Seat) -> None:
    dossier = extended(seat)
    first = page_texts(paper_pdf(seat.office, dossier, "04", "A4", 1))
    deeds.extend(seat.as_(LEADER), dossier, NEW_DAY + timedelta(days=5), "Vẫn chờ ý kiến.")
    seat.clock.at += timedelta(minutes=1)
    (second,) = page_texts(paper_pdf(seat.as_(CLERK), dossier, "04", "A4", 1))
    assert "Thời gian hẹn trả kết quả: 16 giờ 30 phút, ngày 02 tháng 12 năm 2026" in second
    assert "Thời gian hẹn trả lại: 16 giờ 30 phút, ngày 07 tháng 12 năm 2026" in second
    assert "Bùi Quyết Thắng" in second
    assert "Ngô Thị Ngọc Lan" not in second
    assert first != [second]


def test_a_draft_promises_nothing_until_the_head_decides(seat: Seat) -> None:
    dossier = drafted(seat)
    drawn = deeds.find_dossier(seat.office, dossier)
    assert drawn.apology_at is None
    assert [read_code(seat, dossier)] == [drawn.code]  # no proof
    assert drawn.clock.due.at == drawn.clock.original_due_at
    assert drawn.apology_draft is not None
    assert (drawn.apology_draft.due_at, drawn.apology_draft.officer) == (NEW_DAY, SPECIALIST)
    note_printed(seat.office, drawn, "04", 1)
    deeds.extend(seat.as_(LEADER), dossier, NEW_DAY, "Chờ ý kiến.")
    decided = deeds.find_dossier(seat.office, dossier)
    assert decided.apology_draft is None
    assert decided.due_at == NEW_DAY
    (text,) = page_texts(paper_pdf(seat.office, dossier, "04", "A4", 1))
    assert f"Số: {decided.register_no:02d}/PXL-UBND" in text
    assert "Dự thảo" not in text
    with seat.store.read() as connection:
        assert check_paper(connection, read_code(seat, dossier)).proof.form == "04"
    assert "In lại" not in text


def test_before_it_is_received_no_clock_stands_still(seat: Seat) -> None:
    incomplete = register_incomplete(seat.as_(RECEPTION), form(), ("Ảnh 4x6",), "Thiếu ảnh.").dossier.id
    (text,) = page_texts(paper_pdf(seat.office, incomplete, "02", "A4", 1))
    assert "1. Ảnh 4x6" in text
    assert "tạm dừng" not in text
    deeds.withdraw(seat.as_(RECEPTION), incomplete, "Chủ hồ sơ xin rút.")
    (text,) = page_texts(paper_pdf(seat.office, incomplete, "05", "A4", 1))
    assert "đã ghi nhận đăng ký của Ông/Bà Lò Thị Đức" in text
    assert "Ngày ," not in text


def test_somebody_else_who_hands_in_is_named(seat: Seat) -> None:
    submitter = PartyForm(
        name="Hà Văn Ỷ", id_number="038080012345", address="Thôn Đông Hải, xã Tân Hòa", phone="0983 000 102"
    )
    dossier = refuse_intake(seat.as_(RECEPTION), form(submitter=submitter), "Không thuộc thẩm quyền.").dossier
    (text,) = page_texts(paper_pdf(seat.office, dossier.id, "03", "A4", 1))
    assert "Tiếp nhận hồ sơ của: Ông/Bà Lò Thị Đức Người nộp: Hà Văn Ỷ" in text
    assert "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Hà Văn Ỷ" in text


@pytest.mark.parametrize(("number", "story"), [("04", extended), ("05", stopped)])
def test_a_decision_that_waits_for_somebody_is_not_printed(seat: Seat, number: str, story: Story) -> None:
    dossier = story(seat)
    _flag_last(seat, dossier, "extend" if number == "04" else "stop")
    with pytest.raises(PrintError, match="chưa có hiệu lực"):
        paper_pdf(seat.office, dossier, number, "A4", 1)


def test_a_request_that_was_flagged_still_stands(seat: Seat) -> None:
    """Facts hold from the moment on that they were done; only decisions wait."""
    dossier = asked(seat)
    _flag_last(seat, dossier, "request_supplement")
    assert ASKED_FOR[0] in page_texts(paper_pdf(seat.office, dossier, "02", "A4", 1))[0]


def test_what_was_erased_is_not_printed_again(seat: Seat) -> None:
    dossier = stopped(seat)
    with seat.store.read() as connection:
        journal = read_journal(connection, dossier)
    (stop,) = (entry.id for entry, _ in journal if entry.header.kind == "stop")
    deeds.erase(seat.as_(HEAD), dossier, [stop], "Theo yêu cầu của chủ thể dữ liệu", LEADER)
    with pytest.raises(PrintError, match="đã xoá theo quy định"):
        paper_pdf(seat.office, dossier, "05", "A4", 1)


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [
        ("02", "TT 01/2018/TT-VPCP", "TT 03/2025/TT-VPCP"),
        ("03", "TT 01/2018/TT-VPCP", "TT 03/2025/TT-VPCP"),
        ("04", "TT 01/2018/TT-VPCP", "TT 03/2025/TT-VPCP"),
        # The older circular had no such notice: a dossier of its time is stopped by this one too.
        ("05", "TT 03/2025/TT-VPCP", "TT 03/2025/TT-VPCP"),
    ],
)
def test_circular_of_the_day_it_was_received(seat: Seat, number: str, before: str, after: str) -> None:
    catalogue = seat.office.catalogue
    assert template_for(catalogue, number, date(2025, 9, 14)).circular == before
    assert template_for(catalogue, number, date(2025, 9, 15)).circular == after


def test_the_older_apology_bears_its_older_name(tmp_path: Path) -> None:
    old = open_seat(new_folder(tmp_path), datetime(2025, 9, 10, 8, 0, tzinfo=VIETNAM))
    try:
        dossier = reach(old, State.PROCESSING)
        deeds.extend(old.as_(LEADER), dossier, NEW_DAY, "Chờ ý kiến của cơ quan phối hợp.")
        (text,) = page_texts(paper_pdf(old.office, dossier, "04", "A5", 1))
    finally:
        old.store.close()
    assert "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ" in text
    assert "sẽ trả kết quả giải quyết hồ sơ vào thời gian sau:" in text
    assert "gia hạn" not in text
    assert "Mẫu số 04 · TT 01/2018/TT-VPCP" in text


def test_numbers_of_letters_are_told_apart_without_asking_another_desk() -> None:
    numbers = [
        letter_number(42, 1, begun=2026, year=2026),
        letter_number(42, 2, begun=2026, year=2026),
        letter_number(42, 1, begun=2026, year=2026, earlier=1),
        letter_number(42, 1, begun=2026, year=2027),
    ]
    assert numbers == ["42", "02-42", "42.2", "42-2026"]
    assert letter_number(7, 1, begun=2026, year=2026) == "07"
    # Another agency's register, or none yet: the records clerk writes it in.
    assert letter_number(42, 0, begun=2026, year=2026) == "……"
    assert letter_number(0, 1, begun=2026, year=2026) == "……"


def test_short_sign_of_the_body_stands_behind_the_number() -> None:
    signs = {
        "Trung tâm Phục vụ hành chính công phường Tân Lập": "TTPVHCC",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG": "TTPVHCC",
        "Ủy ban nhân dân phường Tân Lập": "UBND",
        "UBND phường Tân Lập": "UBND",
        "Văn phòng HĐND và UBND": "VP",
        "Phòng Văn hóa – Xã hội": "PVHXH",
        "Văn phòng Đăng ký đất đai": "VPĐKĐĐ",
        "": "",
    }
    assert {name: body_initials(name, "Phường Tân Lập") for name in signs} == signs


def test_heads_name_the_body_whose_head_signs(seat: Seat) -> None:
    catalogue = seat.office.catalogue
    of_agency = {"superior_body": "", "issuing_body": "Ủy ban nhân dân xã Tân Hòa"}
    assert bodies_of(catalogue, catalogue.officer(LEADER)) == of_agency
    assert bodies_of(catalogue, None) == of_agency
    assert bodies_of(catalogue, catalogue.officer(HEAD)) == {
        "superior_body": "Ủy ban nhân dân xã Tân Hòa",
        "issuing_body": "Văn phòng HĐND và UBND",
    }


def test_deputies_and_stand_ins_sign_for_somebody(seat: Seat) -> None:
    officer = seat.office.catalogue.officer
    assert signer_roles(officer(HEAD), None) == "CHÁNH VĂN PHÒNG HĐND VÀ UBND"
    assert signer_roles(officer(LEADER), None) == "KT. CHỦ TỊCH UBND XÃ\nPHÓ CHỦ TỊCH UBND XÃ"
    stood_in = signer_roles(officer(SPECIALIST), officer(HEAD))
    assert stood_in == "KT. CHÁNH VĂN PHÒNG HĐND VÀ UBND\nCÔNG CHỨC TƯ PHÁP – HỘ TỊCH"
    assert signer_roles(officer("nobody"), None) == HEAD_OF_AGENCY


def test_a_stand_in_signs_in_the_name_of_who_is_away(seat: Seat) -> None:
    roles = frozenset({Role.LEADER})
    away = StandIn("nghi-phep", LEADER, OTHER_SPECIALIST, "2026-11-20", "2026-11-27", roles, "Nghỉ phép")
    catalogue = replace(seat.office.catalogue, stand_ins=(away,))
    stand_in = replace(seat.office, catalogue=catalogue).as_officer(OTHER_SPECIALIST)
    dossier = reach(seat, State.PROCESSING)
    deeds.extend(stand_in, dossier, NEW_DAY, "Chờ ý kiến.")
    (text,) = page_texts(paper_pdf(seat.office, dossier, "04", "A4", 1))
    assert "Số: " in text
    assert "/PXL-UBND" in text
    assert "KT. PHÓ CHỦ TỊCH UBND XÃ CÔNG CHỨC ĐỊA CHÍNH – XÂY DỰNG" in text
    assert "Phạm Đăng Khôi" in text


def test_an_organisation_is_not_addressed_as_a_person() -> None:
    assert addressee_words(Party(name="Y Moan Êban")) == ("Ông/Bà Y Moan Êban", "Ông/Bà")
    company = Party(kind="organisation", name="Công ty TNHH Ánh Dương")
    assert addressee_words(company) == ("Công ty TNHH Ánh Dương", "Quý cơ quan, tổ chức")


def test_only_papers_that_were_handed_in_go_back() -> None:
    lines = (
        ComponentLine(1, "Tờ khai", is_given=True, originals=1),
        ComponentLine(2, "Giấy chứng sinh"),
        ComponentLine(3, "Giấy chứng nhận kết hôn", is_given=True, certified=1, copies=2),
        ComponentLine(4, "Thẻ căn cước", kind="present", is_given=True, originals=1),
        ComponentLine(5, "Ảnh 4x6", is_given=True),
    )
    assert returned_rows(lines) == (
        {"no": "1", "name": "Tờ khai", "sheets": "01 bản chính"},
        {"no": "2", "name": "Giấy chứng nhận kết hôn", "sheets": "01 bản chứng thực, 02 bản chụp"},
        {"no": "3", "name": "Ảnh 4x6", "sheets": "01 bản"},
    )


def test_late_is_said_only_once_it_is_late(tmp_path: Path) -> None:
    late = open_seat(new_folder(tmp_path), MORNING)
    try:
        dossier = reach(late, State.PROCESSING)
        late.clock.at = NEW_DAY
        deeds.extend(late.as_(LEADER), dossier, NEW_DAY + timedelta(days=2), "Chờ ý kiến.")
        (text,) = page_texts(paper_pdf(late.office, dossier, "04", "A4", 1))
    finally:
        late.store.close()
    assert "Đến nay, UBND xã Tân Hòa chưa trả được kết quả giải quyết hồ sơ của Ông/Bà đúng" in text
    assert "Tân Hòa, ngày 02 tháng 12 năm 2026" in text


def read_code(seat: Seat, dossier: str) -> str:
    """What the square code of its mẫu 04 says, as a counter's reader takes it."""
    (page,) = page_images(paper_pdf(seat.office, dossier, "04", "A4", 1), dpi=203)
    picture = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX").convert("L")
    found = [code.text for code in zxingcpp.read_barcodes(picture) if "QR" in str(code.format)]
    (text,) = found
    return str(text)


def _flag_last(seat: Seat, dossier: str, kind: str) -> None:
    """As the hub would: its verdict on the last entry of a kind."""
    with seat.store.write() as connection:
        of_kind = (entries.c.dossier == dossier, entries.c.kind == kind)
        last = connection.execute(select(func.max(entries.c.n)).where(*of_kind)).scalar_one()
        connection.execute(entries.update().where(entries.c.n == last).values(verdict="flagged"))
