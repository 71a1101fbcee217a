"""Papers that several dossiers share: one receipt for one submitter, lists for each unit."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from onestop.domain.dossier import Fee, State
from onestop.errors import PrintError
from onestop.office import deeds
from onestop.office.deeds import find_dossier
from onestop.office.intake import PartyForm
from onestop.office.paper_list import MANY
from onestop.office.papers_many import make_many, note_many
from onestop.office.proving import Worth, check_at
from onestop.office.templates import shipped_templates
from onestop.printing import page_count, page_images
from tests.office_desk import OTHER_UNIT, OWNER, RECEPTION, SAME_DAY, Seat, reach, receive, seated
from tests.printing_samples import inked, overlaps, page_texts, require_in_order

OTHER = PartyForm(
    name="Cầm Bá Chương",
    id_number="038089012346",
    born_on="04/07/1989",
    sex="nam",
    address="Thôn Đông Hải, xã Tân Hòa, tỉnh Thanh Hóa",
)
SIZES = {template.form: template.sizes for template in shipped_templates()}


@pytest.fixture(scope="module")
def seat() -> Iterator[Seat]:
    with tempfile.TemporaryDirectory() as folder, seated(Path(folder)) as made:
        yield made


def texts_of(seat: Seat, ids: list[str], form: str, size: str = "", copies: int = 1) -> list[str]:
    return page_texts(make_many(seat.as_(RECEPTION), ids, form, size, copies))


# ---- one receipt for many ---------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["01N"])
def test_one_receipt_holds_every_dossier_of_its_submitter(seat: Seat, size: str) -> None:
    fees = (Fee("levy", "Lệ phí đăng ký kết hôn", 30_000),)
    child = PartyForm(name="Lò Gia Hân", id_number="038392012348", born_on="2020", address=OWNER.address)
    one = receive(seat, fees=fees)
    two = receive(seat, procedure=SAME_DAY, owner=child, submitter=OWNER, fees=fees)
    texts = texts_of(seat, [one.id, two.id], "01N", size)
    numbers = f"{one.register_no:02d}, {two.register_no:02d}"
    require_in_order(
        " ".join(texts),
        (
            f"Số: {numbers}/TNHS",
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            "(Dùng chung cho 02 hồ sơ của một người nộp) (Liên 1: Lưu)",
            "Tiếp nhận hồ sơ của người nộp: Lò Thị Đức",
            "1. Nội dung yêu cầu giải quyết, thời gian nhận và trả kết quả của từng hồ sơ:",
            one.code,
            "chủ hồ sơ: Lò Thị Đức",
            "30/11/2026 16:30",
            two.code,
            "chủ hồ sơ: Lò Gia Hân",
            "20/11/2026 1",
            "2. Thành phần hồ sơ, số lượng mỗi loại giấy tờ:",
            "3. Phí, lệ phí: – Lệ phí đăng ký kết hôn: 30.000 đồng – Lệ phí đăng ký kết hôn: 30.000 đồng",
            "Tổng cộng: 60.000 đồng (Bằng chữ: Sáu mươi nghìn đồng)",
            "4. Đăng ký nhận kết quả tại:",
            f"Số thứ tự: {numbers}",
            "NGƯỜI NỘP HỒ SƠ",
        ),
    )


def test_every_component_says_of_which_dossier_it_is(seat: Seat) -> None:
    dossiers = [receive(seat), receive(seat, procedure=SAME_DAY)]
    text = " ".join(texts_of(seat, [each.id for each in dossiers], "01N"))
    for number, dossier in enumerate(dossiers, 1):
        for line in dossier.subject.components:
            assert f"HS {number} {line.name[:30]}" in text


def test_two_submitters_get_two_receipts(seat: Seat) -> None:
    one, other = receive(seat), receive(seat, owner=OTHER)
    with pytest.raises(PrintError, match=f"Hồ sơ {other.code} của người nộp khác"):
        texts_of(seat, [one.id, other.id], "01N")


def test_what_was_not_received_has_no_receipt(seat: Seat) -> None:
    with pytest.raises(PrintError, match="chưa được tiếp nhận"):
        texts_of(seat, [receive(seat).id, reach(seat, State.SUBMITTED)], "01N")


def test_the_journal_of_each_tells_of_the_receipt_and_the_next_is_a_reprint(seat: Seat) -> None:
    ids = [receive(seat).id, receive(seat).id]
    assert "In lại" not in texts_of(seat, ids, "01N")[0]
    assert len(note_many(seat.as_(RECEPTION), ids, "01N", 2)) == 2
    for each in ids:
        assert [paper.form for paper in find_dossier(seat.as_(RECEPTION), each).printed] == ["01N"]
    assert "(In lại lần 1, lúc 20/11/2026 08:" in texts_of(seat, ids, "01N")[0]


@pytest.mark.parametrize("size", SIZES["01N"])
def test_each_dossier_of_a_joint_receipt_is_proven_by_a_code_of_its_own(seat: Seat, size: str) -> None:
    office, dossiers = seat.as_(RECEPTION), [receive(seat) for _ in range(3)]
    ids = [each.id for each in dossiers]
    pdf = make_many(office, ids, "01N", size, 1)
    note_many(office, ids, "01N", 1)
    numbers = read_codes(pdf)
    checks = [check_at(office, number) for number in numbers]
    assert [(check.worth, check.dossier_id) for check in checks] == [(Worth.GENUINE, each) for each in ids]
    assert all(check.proof.check in " ".join(page_texts(pdf)) for check in checks)


def read_codes(pdf: bytes) -> list[str]:
    """What a reader finds on paper from a 203-dpi printer, from top to bottom, from left to right."""
    found = []
    for page, image in enumerate(page_images(pdf, dpi=203)):
        picture = Image.frombytes("RGB", (image.width, image.height), image.bgrx, "raw", "BGRX").convert("L")
        for code in zxingcpp.read_barcodes(picture):
            corner = code.position.top_left
            found.append((page, corner.y // 20, corner.x, code.text))
    return [text for *_, text in sorted(found)]


# ---- lists for units --------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES["DS"])
def test_each_unit_gets_a_list_of_its_own(seat: Seat, size: str) -> None:
    office = seat.as_(RECEPTION)
    here, sent, other = receive(seat), receive(seat, owner=OTHER), receive(seat)
    deeds.forward(office, sent.id, deeds.Target(OTHER_UNIT))
    texts = texts_of(seat, [here.id, sent.id, other.id], "DS", size, copies=0)
    assert len(texts) == 4
    first, again, second, _ = texts
    require_in_order(
        first,
        (
            "DANH SÁCH BÀN GIAO HỒ SƠ (Liên 1: Bên giao giữ)",
            "Bên giao: Trần Thị Mai, Trung tâm Phục vụ hành chính công",
            "Đơn vị nhận: Văn phòng HĐND và UBND",
            "Thời gian giao: 08 giờ",
            "Số hồ sơ: 02",
            "Mã hồ sơ Chủ hồ sơ Thủ tục hành chính Ngày",
            "1 H56.99.88-",
            "Lò Thị Đức",
            "2 H56.99.88-",
            "giao, nhận đủ 02 hồ sơ nêu trên",
            "BÊN GIAO (Ký và ghi rõ họ tên) Trần Thị Mai BÊN NHẬN",
        ),
    )
    assert again == first.replace("Liên 1: Bên giao giữ", "Liên 2: Bên nhận giữ")
    assert "Đơn vị nhận: Phòng Kinh tế" in second
    assert "Cầm Bá Chương" in second
    assert "Cầm Bá Chương" not in first


def test_a_closed_dossier_is_handed_to_nobody(seat: Seat) -> None:
    with pytest.raises(PrintError, match="không còn để bàn giao: đã trả kết quả"):
        texts_of(seat, [reach(seat, State.HANDED_OUT)], "DS")


def test_results_of_one_unit_go_on_one_slip(seat: Seat) -> None:
    ids = [reach(seat, State.COMPLETED) for _ in range(3)]
    (text,) = texts_of(seat, ids, "BK")
    assert "Bên giao: Ngô Thị Ngọc Lan, Văn phòng HĐND và UBND" in text
    assert "Kết quả bàn giao của 03 hồ sơ:" in text
    assert text.count("15/TLKS 23/11/2026 Trích lục") == 3


def test_forty_dossiers_go_on_over_pages_without_words_over_others(seat: Seat) -> None:
    ids = [receive(seat).id for _ in range(8)] * 5
    pdf = make_many(seat.as_(RECEPTION), ids, "DS", "A4", 1)
    texts = page_texts(pdf)
    assert page_count(pdf) > 1
    assert all("Danh sách bàn giao hồ sơ · Văn phòng HĐND và UBND" in text for text in texts[1:])
    assert "BÊN NHẬN" in texts[-1]
    assert [overlaps(page) for page in inked(pdf) if overlaps(page)] == []


def test_nothing_chosen_is_said_in_words(seat: Seat) -> None:
    with pytest.raises(PrintError, match="Chưa chọn hồ sơ nào"):
        texts_of(seat, [], "DS")
    with pytest.raises(PrintError, match="in riêng từng hồ sơ"):
        texts_of(seat, [receive(seat).id], "06")


@pytest.mark.parametrize("form", MANY)
def test_a_paper_for_many_is_shipped_with_a_template(form: str) -> None:
    assert form in SIZES
