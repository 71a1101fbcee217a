"""What the templates of slips may name beside the fields of every paper: handing over, results, money,
certification, and papers of several dossiers. `template_fields` joins them to the others."""

from collections.abc import Mapping
from typing import Final

from onestop.domain.field_sample import FieldSample

SLIPS: Final[Mapping[str, FieldSample]] = {
    "from_officer": FieldSample("Người giao", "Lê Thị Hồng"),
    "from_unit": FieldSample("Bên giao", "Bộ phận Tiếp nhận và Trả kết quả"),
    "to_officer": FieldSample("Người nhận bàn giao", "Phạm Đăng Khôi"),
    "to_unit": FieldSample("Đơn vị nhận", "Phòng Văn hóa – Xã hội"),
    "handed_at": FieldSample("Lúc giao, lúc trả", "08 giờ 30 phút, ngày 20 tháng 11 năm 2026"),
    "note": FieldSample("Lời dặn", "Giải quyết trước 16 giờ"),
    "paper_count": FieldSample("Tổng số giấy tờ", "05"),
    "dossier_count": FieldSample("Số hồ sơ", "03"),
    "result_kind": FieldSample("Loại kết quả", "Giấy khai sinh"),
    "result_number": FieldSample("Số, ký hiệu của kết quả", "15/2026"),
    "result_on": FieldSample("Ngày của kết quả", "23/11/2026"),
    "result_title": FieldSample("Trích yếu kết quả", "Giấy khai sinh của Nguyễn Gia Hân"),
    "recipient_name": FieldSample("Người nhận kết quả", "Trần Văn Bưởi"),
    "recipient_phone": FieldSample("Điện thoại người nhận", "0999 555 0123"),
    "recipient_id": FieldSample("Số giấy tờ người nhận", "099199000123"),
    "recipient_address": FieldSample("Địa chỉ người nhận", "Tổ 4, phường Tân Lập, thành phố Minh Hà"),
    "hand_out_way": FieldSample("Cách nhận kết quả", "Nhận trực tiếp"),
    "office_address": FieldSample("Địa chỉ cơ quan", "Số 12 đường Hoa Ban, phường Tân Lập"),
    "state_words": FieldSample("Tình trạng hồ sơ", "Đang xử lý"),
    "holder_name": FieldSample("Người đang giữ hồ sơ", "Phạm Đăng Khôi, Phòng Văn hóa – Xã hội"),
    "payer_name": FieldSample("Người nộp tiền", "Trần Văn Bưởi"),
    "payer_address": FieldSample("Địa chỉ người nộp tiền", "Tổ 4, phường Tân Lập"),
    "owed_total": FieldSample("Phải nộp", "16.000 đồng"),
    "paid_total": FieldSample("Phí, lệ phí đã nộp", "10.000 đồng"),
    "paid_words": FieldSample("Đã nộp, bằng chữ", "Mười nghìn đồng"),
    "left_to_pay": FieldSample("Còn phải nộp", "6.000 đồng"),
    "paid_too_much": FieldSample("Nộp thừa", ""),
}

DOSSIERS: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "code": FieldSample("Mã hồ sơ", "H99.26.13-261120-0042"),
    "owner_name": FieldSample("Chủ hồ sơ", "Nguyễn Thị Ngọc Ánh"),
    "procedure_name": FieldSample("Tên thủ tục", "Đăng ký khai sinh"),
    "sets": FieldSample("Số bộ hồ sơ", "01"),
    "paper_count": FieldSample("Số giấy tờ", "05"),
    "received_at": FieldSample("Lúc nhận hồ sơ", "20/11/2026 08:05"),
    "received_on": FieldSample("Ngày nhận hồ sơ", "20/11/2026"),
    "due_at": FieldSample("Lúc hẹn trả", "25/11/2026 08:05"),
    "term": FieldSample("Thời hạn", "02 ngày làm việc"),
    "fee_total": FieldSample("Phí, lệ phí", "16.000 đồng"),
    "register_number": FieldSample("Số thứ tự trong sổ", "42"),
    "note": FieldSample("Ghi chú", "Trả kết quả qua bưu chính"),
    "digits": FieldSample("Số trong mã vuông", "99518001" + "2026112000429912613754" * 13),
    "check": FieldSample("Số kiểm tra giấy", "482 917"),
}

ALL_COMPONENTS: Final[Mapping[str, FieldSample]] = {
    "dossier_no": FieldSample("Của hồ sơ thứ mấy", "1"),
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Tên giấy tờ", "Tờ khai đăng ký khai sinh"),
    "note": FieldSample("Ghi chú", "(khai thác từ cơ sở dữ liệu)"),
    "originals": FieldSample("Bản chính", "01"),
    "certified": FieldSample("Bản chứng thực", ""),
    "copies": FieldSample("Bản chụp", "02"),
}

RESULTS: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "code": FieldSample("Mã hồ sơ", "H99.26.13-261120-0042"),
    "owner_name": FieldSample("Chủ hồ sơ", "Nguyễn Thị Ngọc Ánh"),
    "procedure_name": FieldSample("Tên thủ tục", "Đăng ký khai sinh"),
    "result_kind": FieldSample("Loại kết quả", "Giấy khai sinh"),
    "result_number": FieldSample("Số, ký hiệu", "15/2026"),
    "result_on": FieldSample("Ngày", "23/11/2026"),
    "result_title": FieldSample("Trích yếu", "Giấy khai sinh của Nguyễn Gia Hân"),
}

MOMENTS: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "at": FieldSample("Lúc xử lý", "20/11/2026 08:30"),
    "officer": FieldSample("Người xử lý", "Lê Thị Hồng, Công chức tiếp nhận"),
    "act": FieldSample("Thao tác", "Đã chuyển"),
    "receiver": FieldSample("Người nhận", "Phạm Đăng Khôi, Phòng Văn hóa – Xã hội"),
    "due": FieldSample("Hạn của bước", "23/11/2026 16:30"),
    "told": FieldSample("Nội dung", "Đề nghị thẩm định trước ngày 23"),
}

OWED: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Khoản phí, lệ phí", "Lệ phí đăng ký khai sinh"),
    "ground": FieldSample("Căn cứ", "(Nghị quyết 12/2026/NQ-HĐND)"),
    "amount": FieldSample("Số đồng", "8.000"),
}

PAYMENTS: Final[Mapping[str, FieldSample]] = {
    "at": FieldSample("Lúc nộp", "20/11/2026 08:10"),
    "method": FieldSample("Hình thức", "Tiền mặt"),
    "fee_receipt": FieldSample("Biên lai điện tử", "26TAA 00000123"),
    "amount": FieldSample("Số đồng", "10.000"),
}

REQUESTED: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Tên giấy tờ", "Bằng tốt nghiệp trung học phổ thông (Trần Văn Bưởi)"),
    "pages": FieldSample("Số trang", "02"),
    "copies": FieldSample("Số bản giấy", "03"),
    "electronic": FieldSample("Ký bản điện tử", ""),
}

SLIP_ROWS: Final[Mapping[str, Mapping[str, FieldSample]]] = {
    "dossiers": DOSSIERS, "all_components": ALL_COMPONENTS, "results": RESULTS, "moments": MOMENTS,
    "owed": OWED, "payments": PAYMENTS, "requested": REQUESTED,
}  # fmt: skip

_HEADS = ("superior_body", "issuing_body", "place_day")
_HANDS = ("from_officer", "from_unit", "to_officer", "to_unit", "copy")

SLIP_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "BN": frozenset(
        (*_HEADS, "copy", "procedure_name", "owner_name", "from_officer", "hotline", "recipient_name",
         "recipient_phone", "result_kind", "result_number", "result_on", "result_title", "handed_at")
    ),
    "BG": frozenset(
        (*_HEADS, *_HANDS, "owner_name", "procedure_name", "received_at", "due_at", "handed_at",
         "paper_count")
    ),
    "BK": frozenset((*_HEADS, *_HANDS, "dossier_count")),
    "QT": frozenset((*_HEADS, "owner_name", "procedure_name", "received_at", "due_at")),
    "DS": frozenset((*_HEADS, "from_officer", "from_unit", "to_unit", "copy", "dossier_count")),
    "NH": frozenset(("issuing_body", "recipient_name", "recipient_address", "recipient_phone", "code")),
    "GN": frozenset(
        (*_HEADS, "payer_name", "payer_address", "procedure_name", "owed_total", "paid_total", "paid_words",
         "left_to_pay", "paid_too_much", "officer_name")
    ),
    "01N": frozenset(
        (*_HEADS, "copy", "office_name", "dossier_count", "submitter_name", "address", "phone", "email",
         "id_number", "hand_out_place", "register_book", "register_number", "officer_name", "lookup_words",
         "hotline_words")
    ),
}  # fmt: skip

SLIP_NEEDED_ROWS: Final[Mapping[str, frozenset[str]]] = {
    "BG": frozenset(("components",)),
    "BK": frozenset(("results",)),
    "QT": frozenset(("moments",)),
    "DS": frozenset(("dossiers",)),
    "GN": frozenset(("owed", "payments")),
    "01N": frozenset(("dossiers", "all_components", "fees")),
}
