"""The receipt as a person reads it and as a machine reads it back."""

import subprocess
import sys
import unicodedata
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
import zxingcpp
from PIL import Image

from onestop.domain.procedure import procedures_from_pack
from onestop.errors import PrintError
from onestop.office.packs import read_pack
from onestop.printing import page_images
from tests.printing_samples import (
    CODE,
    FORM,
    MM,
    RECEIPT,
    changed,
    component,
    font_objects,
    is_composed,
    listed,
    page_texts,
    receipt_pdf,
)

SIZES = ("A4", "A5")

GOLDEN = (
    "ỦY BAN NHÂN DÂN PHƯỜNG TÂN LẬP",
    "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
    "Số: 12/TNHS",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
    "Phường Tân Lập, ngày 20 tháng 11 năm 2026",
    f"Mã hồ sơ: {CODE}",
    "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "(Liên 1: Lưu)",
    "Bộ phận tiếp nhận và trả kết quả: Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập",
    "Tiếp nhận hồ sơ của: Nguyễn Thị Ngọc Ánh",
    "Người nộp: Trần Văn Đức",
    "Địa chỉ: Số 45/12 đường Y Moan Ênuôl, tổ dân phố 7, phường Tân Lập, tỉnh Đắk Lắk",
    "Số điện thoại: 0905 123 456 Email: tranvanduc@example.vn",
    "Số CMND/Thẻ căn cước/Hộ chiếu: 066090001234",
    "Hình thức nộp: Trực tiếp tại quầy",
    "Nội dung yêu cầu giải quyết: Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con",
    "1. Thành phần hồ sơ, số lượng mỗi loại giấy tờ:",
    "TT Thành phần hồ sơ Số lượng Bản chính Chứng thực Bản chụp",
    "1 Tờ khai đăng ký khai sinh, đăng ký nhận cha, mẹ, con theo mẫu 01",
    "2 Giấy chứng sinh 01 02",
    "3 Giấy chứng nhận kết hôn (dữ liệu tra cứu tại CSDL hộ tịch)",
    "2. Số lượng hồ sơ: 01 (bộ)",
    "3. Thời gian giải quyết hồ sơ theo quy định là: 03 ngày làm việc",
    "4. Thời gian nhận hồ sơ: 08 giờ 12 phút, ngày 20 tháng 11 năm 2026",
    "5. Thời gian trả kết quả giải quyết hồ sơ: 16 giờ 30 phút, ngày 25 tháng 11 năm 2026",
    "(3 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Ngày Văn hoá Việt Nam 24/11)",
    "6. Phí, lệ phí: – Lệ phí đăng ký khai sinh: 8.000 đồng – Phí cấp bản sao trích lục: 16.000 đồng",
    "Tổng cộng: 24.000 đồng",
    "(Bằng chữ: Hai mươi tư nghìn đồng)",
    "7. Đăng ký nhận kết quả tại: Quầy trả kết quả, phường Tân Lập",
    "Vào sổ theo dõi hồ sơ, Quyển số: 01/2026 Số thứ tự: 1245",
    "Tra cứu tình trạng hồ sơ theo mã hồ sơ tại dichvucong.gov.vn. Điện thoại hỗ trợ: 0262 3850 115.",
    "NGƯỜI NỘP HỒ SƠ (Ký và ghi rõ họ tên) Trần Văn Đức",
    "NGƯỜI TIẾP NHẬN HỒ SƠ (Ký và ghi rõ họ tên) Lê Thị Hoài Thương",
    "Mẫu số 01 · TT 03/2025/TT-VPCP",
)


@pytest.mark.parametrize("size", SIZES)
def test_every_field_is_there_in_the_order_of_the_form(size: str) -> None:
    kept, given = page_texts(receipt_pdf(size=size))
    at = 0
    for words in GOLDEN:
        at = kept.index(words, at) + len(words)
    assert is_composed(kept)
    assert kept.replace("Liên 1: Lưu", "Liên 2: Giao người nộp") == given


@pytest.mark.parametrize(("size", "wide", "high"), [("A4", 210, 297), ("A5", 148, 210)])
def test_sheet_has_its_size_to_half_a_millimetre(size: str, wide: int, high: int) -> None:
    with pypdfium2.PdfDocument(receipt_pdf(size=size)) as document:
        for page in document:
            assert page.get_size() == pytest.approx((wide * MM, high * MM), abs=0.5 * MM)


@pytest.mark.parametrize("size", SIZES)
def test_all_fonts_are_in_the_file_and_it_stays_small(size: str) -> None:
    pdf = receipt_pdf(size=size)
    used, carried = font_objects(pdf)
    assert used == carried == 3
    assert b"Tinos" in pdf
    assert len(pdf) <= 40_000


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", [CODE, "000.00.06.H56-231027-0361", "H56.14-240823-12345"])
def test_both_codes_are_read_from_a_counter_printer(size: str, code: str) -> None:
    for page in page_images(receipt_pdf(replace(RECEIPT, code=code), size), dpi=203):
        picture = Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX").convert("L")
        found = {(str(found.format), found.text) for found in zxingcpp.read_barcodes(picture)}
        formats = {
            kind.replace(" ", "").replace("Code", "").replace("BarcodeFormat.", "") for kind, _ in found
        }
        assert {text for _, text in found} == {code}
        assert len(formats) == 2


def test_same_paper_gives_same_bytes_in_another_process_too() -> None:
    once = receipt_pdf()
    assert receipt_pdf() == once
    assert receipt_pdf(changed(owner_name="Y Thuin Êban")) != once
    program = (
        "import sys; from tests.printing_samples import receipt_pdf; sys.stdout.buffer.write(receipt_pdf())"
    )
    other = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)
    assert other.stdout == once


def test_file_says_what_it_is_and_when_it_was_made() -> None:
    with pypdfium2.PdfDocument(receipt_pdf()) as document:
        said = document.get_metadata_dict()
    assert said["Title"] == f"{FORM.name} {CODE}"
    assert said["Author"] == "Trung tâm Phục vụ hành chính công"
    assert said["CreationDate"] == "D:20261120081300+07'00'"


def test_letters_with_marks_apart_are_drawn_as_one() -> None:
    apart = changed(**{name: unicodedata.normalize("NFD", text) for name, text in RECEIPT.fields.items()})
    assert page_texts(receipt_pdf(apart, "A4")) == page_texts(receipt_pdf(size="A4"))


def test_reprint_and_replacement_are_said_below_the_title() -> None:
    facts = changed(
        reprint="In lại lần 2, lúc 20/11/2026 08:13", replaces="Thay thế giấy cấp lúc 20/11/2026 08:12"
    )
    (text,) = page_texts(receipt_pdf(facts, copies=1))
    assert "(In lại lần 2, lúc 20/11/2026 08:13) (Thay thế giấy cấp lúc 20/11/2026 08:12)" in text


def test_what_is_not_known_is_left_to_fill_in() -> None:
    facts = changed(due_at="", due_explanation="Hẹn khi có kết quả đo đạc", phone="")
    text = page_texts(receipt_pdf(replace(facts, rows={**RECEIPT.rows, "fees": ()}), "A4"))[0]
    assert "5. Thời gian trả kết quả giải quyết hồ sơ: ……" in text
    assert "(Hẹn khi có kết quả đo đạc)" in text
    assert "Số điện thoại: ……" in text
    assert "6. Phí, lệ phí: không thu." in text


def test_no_components_is_said_in_words() -> None:
    text = page_texts(receipt_pdf(listed(components=()), "A4"))[0]
    assert "giấy tờ: không có giấy tờ kèm theo." in text


def test_one_fee_needs_no_sum() -> None:
    facts = changed(fee_sum="", fee_words="Tám nghìn đồng", fee_note="đã nộp")
    fee = {"kind": "Lệ phí", "name": "hộ tịch", "amount": "8.000 đồng"}
    text = page_texts(receipt_pdf(replace(facts, rows={**RECEIPT.rows, "fees": (fee,)})))[0]
    assert "6. Phí, lệ phí: Lệ phí hộ tịch: 8.000 đồng (Bằng chữ: Tám nghìn đồng) · đã nộp 7." in text


def test_many_components_go_on_with_code_head_and_page_number() -> None:
    many = tuple(component(n, f"Giấy tờ thứ {n}, bản có dấu", originals="01") for n in range(1, 61))
    first, *others = page_texts(receipt_pdf(listed(components=many), copies=1))
    assert "Xem tiếp trang 2" in first
    for number, text in enumerate(others, 2):
        assert text.startswith(f"Mã hồ sơ: {CODE} · Liên 1: Lưu")
        assert f"Trang {number}/{1 + len(others)}" in text
    everything = " ".join([first, *others])
    assert all(f"Giấy tờ thứ {n}, bản có dấu 01" in everything for n in range(1, 61))
    assert everything.count("Thành phần hồ sơ Số lượng") == 1 + sum("bản có dấu" in text for text in others)


BIRTH = next(each for each in procedures_from_pack(read_pack("procedures.json")) if each.code == "1.001193")
SEVEN = tuple(component(n, each.name, originals="01") for n, each in enumerate(BIRTH.components, 1))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("reprint", ["", "In lại lần 1, lúc 20/11/2026 08:13"])
def test_birth_with_every_paper_given_is_one_sheet_a_copy(size: str, reprint: str) -> None:
    assert sum(len(row["name"]) for row in SEVEN) > 700
    facts = replace(changed(reprint=reprint), rows={**RECEIPT.rows, "components": SEVEN})
    pdf = receipt_pdf(facts, size)
    texts = page_texts(pdf)
    assert len(texts) == 2
    assert all("NGƯỜI TIẾP NHẬN HỒ SƠ" in text for text in texts)
    with pypdfium2.PdfDocument(pdf) as document:
        page, kinds = document[0], [pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
        items = list(page.get_objects(filter=kinds, textpage=page.get_textpage()))
        sizes = {item.get_font_size() for item in items if not item.extract().startswith("Mẫu số")}
    assert min(sizes) >= 7.5


@pytest.mark.parametrize("size", FORM.sizes)
def test_signatures_never_stand_alone_on_a_page(size: str) -> None:
    """With ever more papers the end of the receipt wanders over the end of a page."""
    for count in range(6, 30):
        rows = tuple(component(n, f"Giấy tờ thứ {n}", originals="01") for n in range(count))
        last = page_texts(receipt_pdf(listed(components=rows), size, 1))[-1]
        assert "7. Đăng ký nhận kết quả tại" in last
        assert "NGƯỜI NỘP HỒ SƠ" in last


def test_signs_the_letterface_lacks_never_vanish_silently() -> None:
    text = page_texts(receipt_pdf(changed(content="Nhà ☑ đất ☐ 𠀋 xong → rồi\u200b \x07hết"), "A4"))[0]
    assert "Nhà ■ đất □ □ xong → rồi hết" in text


def test_a_code_that_has_no_bars_is_refused_in_words() -> None:
    with pytest.raises(PrintError, match="mã vạch"):
        receipt_pdf(replace(RECEIPT, code="Đ15-261120-0001"))


@pytest.mark.parametrize("size", FORM.sizes[:-1])
def test_no_word_of_the_table_head_is_cut(size: str) -> None:
    assert {"Chứng", "thực", "chính", "chụp"} <= set(page_texts(receipt_pdf(size=size))[0].split())
