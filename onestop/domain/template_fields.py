"""What a template may name: each field with its meaning for people and a sample to show it with.

`NEEDED` are the fields a form must at least hold (Thông tư 01/2018 and 03/2025/TT-VPCP as far as
their sample pages are known; see `confidence` of a template).
"""

from collections.abc import Mapping
from typing import Final

from onestop.domain.field_sample import FieldSample as FieldSample  # noqa: PLC0414  asked for here by others
from onestop.domain.template_fields_slips import SLIP_NEEDED, SLIP_NEEDED_ROWS, SLIP_ROWS, SLIPS

COMMON: Final[Mapping[str, FieldSample]] = {
    "superior_body": FieldSample("Cơ quan chủ quản", "Ủy ban nhân dân thành phố Minh Hà"),
    "issuing_body": FieldSample("Cơ quan ban hành", "Trung tâm Phục vụ hành chính công phường Tân Lập"),
    "office_name": FieldSample("Bộ phận Một cửa", "Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập"),
    "agency_name": FieldSample("Tên cơ quan", "Ủy ban nhân dân phường Tân Lập"),
    "agency_code": FieldSample("Mã cơ quan", "H99.26.13"),
    "lookup_address": FieldSample("Địa chỉ tra cứu", "tracuu.tanlap.example"),
    "hotline": FieldSample("Điện thoại hỗ trợ", "0999 555 0100"),
    "lookup_words": FieldSample(
        "Câu về tra cứu", "Tra cứu tình trạng hồ sơ theo mã hồ sơ tại tracuu.tanlap.example. "
    ),
    "hotline_words": FieldSample("Câu về điện thoại hỗ trợ", "Điện thoại hỗ trợ: 0999 555 0100. "),
    "place": FieldSample("Địa danh", "Phường Tân Lập"),
    "place_day": FieldSample("Địa danh, ngày của giấy", "Phường Tân Lập, ngày 20 tháng 11 năm 2026"),
    "copy": FieldSample("Tên liên", "Liên 1: Lưu"),
    "reprint": FieldSample("In lại lần mấy", "In lại lần 1, lúc 20/11/2026 09:15"),
    "replaces": FieldSample("Thay thế giấy nào", "Thay thế giấy cấp lúc 20/11/2026 08:05"),
    "made_at": FieldSample("Lúc in", "20/11/2026 09:15"),
    "check": FieldSample("Số kiểm tra giấy", "482 917"),
    "check_words": FieldSample("Câu về kiểm tra giấy", "Mã vuông và số kiểm tra cho biết giấy này có thật. "),
    "code": FieldSample("Mã hồ sơ", "H99.26.13-261120-0042"),
    "number": FieldSample("Số thứ tự của giấy trong năm", "42"),
    "procedure_name": FieldSample("Tên thủ tục", "Đăng ký khai sinh"),
    "procedure_code": FieldSample("Mã thủ tục", "1.001193"),
    "content": FieldSample("Nội dung yêu cầu", "Đăng ký khai sinh cho con"),
    "channel": FieldSample("Hình thức nộp", "Trực tiếp"),
    "owner_name": FieldSample("Chủ hồ sơ", "Nguyễn Thị Ngọc Ánh"),
    "owner_address": FieldSample("Địa chỉ chủ hồ sơ", "Tổ 4, phường Tân Lập"),
    "submitter_name": FieldSample("Người nộp", "Trần Văn Bưởi"),
    "address": FieldSample("Địa chỉ người nộp", "Tổ 4, phường Tân Lập"),
    "phone": FieldSample("Số điện thoại", "0999 555 0123"),
    "email": FieldSample("Email", "buoi@example.vn"),
    "id_number": FieldSample("Số giấy tờ tuỳ thân", "099199000123"),
    "officer_name": FieldSample("Cán bộ làm giấy", "Lê Thị Hồng"),
    "officer_title": FieldSample("Chức vụ cán bộ", "Công chức tiếp nhận"),
    "sets": FieldSample("Số bộ hồ sơ", "01"),
    "term": FieldSample("Thời hạn", "02 ngày làm việc"),
    "received_at": FieldSample("Lúc nhận hồ sơ", "08 giờ 05 phút, ngày 20 tháng 11 năm 2026"),
    "received_on": FieldSample("Ngày nhận hồ sơ", "20/11/2026"),
    "due_at": FieldSample("Lúc hẹn trả", "08 giờ 05 phút, ngày 24 tháng 11 năm 2026"),
    "due_explanation": FieldSample("Vì sao ngày hẹn này", "nhận thứ Sáu, tính từ thứ Hai"),
    "hand_out_place": FieldSample("Nơi nhận kết quả", "Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập"),
    "register_book": FieldSample("Quyển số", "01/2026"),
    "register_number": FieldSample("Số thứ tự trong sổ", "42"),
    "fee_total": FieldSample("Tổng phí, lệ phí", "16.000 đồng"),
    "fee_words": FieldSample("Tổng bằng chữ", "Mười sáu nghìn đồng"),
    "fee_sum": FieldSample("Tổng, khi có nhiều khoản", "16.000 đồng"),
    "fee_note": FieldSample("Lời về miễn giảm", "Miễn lệ phí theo Nghị quyết của HĐND"),
    "row_count": FieldSample("Số dòng của bảng ở trên", "3"),
    "reason": FieldSample("Lý do", "Thiếu bản chính giấy chứng sinh"),
}

COMPONENTS: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Tên giấy tờ", "Tờ khai đăng ký khai sinh"),
    "note": FieldSample("Ghi chú", "khai thác từ cơ sở dữ liệu"),
    "originals": FieldSample("Bản chính", "01"),
    "certified": FieldSample("Bản chứng thực", ""),
    "copies": FieldSample("Bản chụp", "02"),
}

FEES: Final[Mapping[str, FieldSample]] = {
    "kind": FieldSample("Phí hay lệ phí", "Lệ phí"),
    "name": FieldSample("Tên khoản", "đăng ký khai sinh"),
    "amount": FieldSample("Số tiền", "8.000 đồng"),
}

HAND_OVERS: Final[Mapping[str, FieldSample]] = {
    "from_unit": FieldSample("Bên giao", "Bộ phận Tiếp nhận và Trả kết quả"),
    "from_officer": FieldSample("Người giao", "Lê Thị Hồng"),
    "handed_at": FieldSample("Lúc giao", "08 giờ 30 phút, ngày 20 tháng 11 năm 2026"),
    "to_unit": FieldSample("Bên nhận", "Phòng Văn hóa – Xã hội"),
    "to_officer": FieldSample("Người nhận", "Phạm Đăng Khôi"),
    "taken_at": FieldSample("Lúc nhận", "09 giờ 05 phút, ngày 20 tháng 11 năm 2026"),
    "outcome": FieldSample("Trước hạn, Đúng hạn hay Quá hạn", "Đúng hạn"),
    "note": FieldSample("Ghi chú", "Chờ xác minh của Công an phường"),
}

LETTERS: Final[Mapping[str, FieldSample]] = {
    "letter_number": FieldSample("Số của phiếu, văn bản", "42"),
    "body_initials": FieldSample("Chữ viết tắt cơ quan ban hành", "TTPVHCC"),
    "addressee": FieldSample("Kính gửi ai", "Ông/Bà Nguyễn Thị Ngọc Ánh"),
    "you_words": FieldSample("Cách xưng hô với người nhận", "Ông/Bà"),
    "other_submitter": FieldSample("Người nộp, khi không phải chủ hồ sơ", "Trần Văn Bưởi"),
    "contact_phone": FieldSample("Điện thoại chủ hồ sơ, không có thì của người nộp", "0999 555 0123"),
    "contact_email": FieldSample("Email chủ hồ sơ, không có thì của người nộp", "anh@example.vn"),
    "signer_role": FieldSample("Chức vụ người ký, chữ in hoa", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"),
    "signer_name": FieldSample("Người ký", "Phạm Quang Đỉnh"),
    "draft_mark": FieldSample("Chữ “Dự thảo” khi chưa ký", ""),
    "paused_from": FieldSample("Lúc thời hạn tạm dừng", "10 giờ 20 phút, ngày 23 tháng 11 năm 2026"),
    "promised_at": FieldSample("Lúc đã hẹn trả trước đó", "08 giờ 05 phút, ngày 24 tháng 11 năm 2026"),
    "late_words": FieldSample("Chưa trả được hay dự kiến không trả được", "chưa trả được"),
    "settling_unit": FieldSample("Đơn vị đang giải quyết", "Phòng Văn hóa – Xã hội"),
    "new_due_at": FieldSample("Lúc hẹn trả lại", "16 giờ 30 phút, ngày 27 tháng 11 năm 2026"),
    "not_received": FieldSample("Bộ phận đã ghi nhận, khi hồ sơ chưa được tiếp nhận", ""),
    "stopped_at": FieldSample("Lúc dừng giải quyết", "14 giờ 00 phút, ngày 23 tháng 11 năm 2026"),
    "ground": FieldSample("Căn cứ dừng giải quyết", "đề nghị rút hồ sơ của chủ hồ sơ"),
    "paid_total": FieldSample("Phí, lệ phí đã nộp", "16.000 đồng"),
    "refunded_total": FieldSample("Phí, lệ phí đã hoàn", "16.000 đồng"),
}
"""Of the letters to a citizen: mẫu 02 to 05."""

MISSING: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Nội dung cần bổ sung", "Bản chính Giấy chứng sinh để đối chiếu"),
}

REASONS: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Lý do", "Thông tin của người mẹ không thống nhất giữa các giấy tờ."),
}

RETURNED: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự", "1"),
    "name": FieldSample("Tên giấy tờ", "Tờ khai đăng ký khai sinh"),
    "sheets": FieldSample("Số lượng từng loại", "01 bản chính, 02 bản chụp"),
}

CONTROL: Final[Mapping[str, FieldSample]] = {
    "competent_agency": FieldSample("Cơ quan giải quyết", "Ủy ban nhân dân phường Tân Lập"),
    "consulted_agencies": FieldSample("Cơ quan phối hợp, hoặc “không có”", "Phòng Kinh tế"),
    "has_digits": FieldSample("Có mã liên thông để in", "có"),
    "transfer_from": FieldSample("Cơ quan chuyển", "Ủy ban nhân dân phường Tân Lập (H99.26.13)"),
    "transfer_to": FieldSample("Cơ quan nhận", "Ủy ban nhân dân xã Hồi Xuân (H99.26.66)"),
    "transfer_role": FieldSample("Vai trò cơ quan nhận", "Cơ quan có thẩm quyền giải quyết"),
    "transfer_officer": FieldSample("Người chuyển", "Lê Thị Hồng"),
    "transfer_sender": FieldSample("Người chuyển, đơn vị", "Lê Thị Hồng, Phòng Văn hóa – Xã hội"),
    "transfer_at": FieldSample("Lúc chuyển", "10 giờ 00 phút, ngày 20 tháng 11 năm 2026"),
    "transfer_reason": FieldSample("Lý do chuyển", "Thuộc thẩm quyền của xã Hồi Xuân"),
    "transfer_note": FieldSample("Lời dặn", "Bản chính giấy chứng sinh ở bìa sau"),
    "transfer_count": FieldSample("Số giấy tờ kèm theo", "03 bản"),
}
"""Of the control slip; those of the transfer are empty while the folder stays."""

REGISTER: Final[Mapping[str, FieldSample]] = {
    "year": FieldSample("Năm của sổ", "2026"),
    "range_words": FieldSample("Phần của sổ được in", "Từ số 1 đến số 42"),
    "dossier_count": FieldSample("Số hồ sơ trong phần được in", "42"),
}

REGISTER_LINES: Final[Mapping[str, FieldSample]] = {
    "no": FieldSample("Số thứ tự trong sổ", "42"),
    "code": FieldSample("Mã hồ sơ", "H99.26.13-261120-0042"),
    "procedure_name": FieldSample("Tên thủ tục", "Đăng ký khai sinh"),
    "sets": FieldSample("Số bộ", "01"),
    "owner_name": FieldSample("Chủ hồ sơ", "Nguyễn Thị Ngọc Ánh"),
    "address": FieldSample("Địa chỉ", "Tổ 4, phường Tân Lập"),
    "phone": FieldSample("Số điện thoại", "0999 555 0123"),
    "phone_words": FieldSample("“ĐT:” và số điện thoại", "ĐT: 09995550123"),
    "competent_agency": FieldSample("Cơ quan giải quyết", "Ủy ban nhân dân phường Tân Lập"),
    "received_at": FieldSample("Lúc nhận hồ sơ", "20/11/2026 08:05"),
    "due_at": FieldSample("Lúc hẹn trả", "24/11/2026 08:05"),
    "forwarded_at": FieldSample("Lúc chuyển giải quyết", "20/11/2026 08:30"),
    "completed_at": FieldSample("Lúc có kết quả", "23/11/2026 15:00"),
    "handed_out_at": FieldSample("Lúc trả kết quả", "23/11/2026 16:10"),
    "hand_out_way": FieldSample("Phương thức nhận kết quả", "Trực tiếp"),
    "recipient": FieldSample("Người nhận kết quả", "Trần Văn Bưởi"),
    "note": FieldSample("Ghi chú", ""),
    "book": FieldSample("Quyển số", "01/2026"),
}
"""Of the register; a number without a dossier has a line too, whose note says why."""

ROWS: Final[Mapping[str, Mapping[str, FieldSample]]] = {
    "components": COMPONENTS, "fees": FEES, "hand_overs": HAND_OVERS,
    "missing": MISSING, "reasons": REASONS, "returned": RETURNED,
    "register": REGISTER_LINES, **SLIP_ROWS,
}  # fmt: skip
"""The columns of each list that a template may show."""

FIELDS: Final[Mapping[str, FieldSample]] = {**SLIPS, **COMMON, **LETTERS, **CONTROL, **REGISTER}
"""Every field of every form."""

NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "01": frozenset(
        (
            "superior_body", "issuing_body", "place_day", "copy", "office_name", "owner_name",
            "submitter_name", "address", "phone", "email", "id_number", "procedure_name", "sets", "term",
            "received_at", "due_at", "hand_out_place", "register_book", "register_number", "officer_name",
            "lookup_words", "hotline_words",
        )
    ),
    "02": frozenset(
        (
            "superior_body", "issuing_body", "letter_number", "place_day", "office_name", "addressee",
            "procedure_name", "owner_address", "contact_phone", "contact_email", "you_words",
            "hotline_words", "signer_name",
        )
    ),
    "03": frozenset(
        (
            "superior_body", "issuing_body", "letter_number", "place_day", "office_name", "addressee",
            "procedure_name", "owner_address", "contact_phone", "contact_email", "you_words",
            "hotline_words", "submitter_name", "signer_name",
        )
    ),
    "04": frozenset(
        (
            "superior_body", "issuing_body", "letter_number", "place_day", "draft_mark", "addressee",
            "owner_address", "contact_phone", "received_on", "procedure_name", "code", "promised_at",
            "settling_unit", "late_words", "you_words", "new_due_at", "signer_role", "signer_name",
        )
    ),
    "05": frozenset(
        (
            "superior_body", "issuing_body", "letter_number", "place_day", "addressee", "owner_address",
            "received_on", "procedure_name", "code", "ground", "stopped_at", "paid_total",
            "refunded_total", "signer_role", "signer_name",
        )
    ),
    "06": frozenset(
        (
            "superior_body", "issuing_body", "register_book", "register_number", "owner_name",
            "procedure_name", "received_at", "due_at", "competent_agency", "consulted_agencies",
            "transfer_from", "transfer_to", "transfer_role", "transfer_reason", "transfer_at",
        )
    ),
    "07": frozenset(("superior_body", "issuing_body", "year", "register_book", "dossier_count")),
    **SLIP_NEEDED,
}  # fmt: skip
"""Fields a form must name, by form."""

NEEDED_ROWS: Final[Mapping[str, frozenset[str]]] = {
    "01": frozenset(("components", "fees")),
    "02": frozenset(("missing", "reasons")),
    "03": frozenset(("reasons",)),
    "04": frozenset(("reasons",)),
    "05": frozenset(("reasons", "returned")),
    "06": frozenset(("hand_overs",)),
    "07": frozenset(("register",)),
    **SLIP_NEEDED_ROWS,
}
"""Lists a form must show, by form."""
