"""The glossary as code: one word for one thing, in code, on screen and in print.

`code` is the English name used for modules, classes, columns, wire fields and tests; `vi` is
what people read; `avoid` are words that would name the same thing a second time. The tests
hold it: each state, act, role and form has a term, and no avoided word is used as a name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One thing. `vi` starts in lower case, NFC; `show` begins a line or a label with it."""

    code: str
    vi: str
    avoid: tuple[str, ...] = ()

    @property
    def show(self) -> str:
        """`hồ sơ` → `Hồ sơ`."""
        return self.vi[:1].upper() + self.vi[1:]


TERMS = (
    # The dossier and what belongs to it
    Term("dossier", "hồ sơ", ("file", "record", "case", "application")),
    Term("journal", "nhật ký hồ sơ", ("event", "log", "history")),
    Term("entry", "bút ký", ("event", "log", "history")),
    Term("act", "việc"),
    Term("state", "trạng thái"),
    Term("procedure", "thủ tục hành chính", ("service", "process")),
    Term("case", "trường hợp", ("service", "process")),
    Term("procedure_code", "mã thủ tục"),
    Term("sector", "lĩnh vực", ("field", "domain", "category")),
    Term("declaration", "tờ khai"),
    Term("component", "thành phần hồ sơ", ("document", "part")),
    Term("paper", "giấy tờ", ("attachment", "file")),
    Term("blob", "tệp"),
    Term("dossier_code", "mã hồ sơ", ("id", "number")),
    Term("serial", "số thứ tự trong ngày", ("id", "number")),
    Term("content", "nội dung yêu cầu giải quyết"),
    Term("channel", "hình thức nộp"),
    Term("reason", "lý do"),
    Term("ground", "căn cứ"),
    Term("note", "ghi chú"),
    Term("result", "kết quả"),
    Term("set", "bộ hồ sơ"),
    Term("original", "bản chính"),
    Term("certified", "bản chứng thực"),
    Term("copy", "bản sao"),
    Term("queue", "hàng việc"),
    # Bodies and places
    Term("agency", "cơ quan", ("organisation", "org")),
    Term("agency_code", "mã định danh cơ quan", ("organisation", "org")),
    Term("unit", "đơn vị", ("department", "group")),
    Term("merger", "sáp nhập"),
    Term("place", "địa danh hành chính"),
    Term("assisting_agency", "nơi hỗ trợ"),
    Term("receiving_agency", "nơi tiếp nhận"),
    Term("competent_agency", "cơ quan có thẩm quyền"),
    Term("counter", "bộ phận tiếp nhận và trả kết quả"),
    Term("desk", "quầy", ("device", "client", "terminal")),
    Term("hub", "máy chủ", ("server", "node")),
    Term("office", "bộ phận một cửa"),
    # People
    Term("owner", "chủ hồ sơ", ("customer", "citizen", "client")),
    Term("person", "cá nhân"),
    Term("organisation", "tổ chức"),
    Term("submitter", "người nộp", ("user",)),
    Term("delegate", "người được uỷ quyền", ("user",)),
    Term("officer", "cán bộ", ("user", "staff")),
    Term("reception", "cán bộ tiếp nhận", ("user", "staff")),
    Term("specialist", "chuyên viên", ("user", "staff")),
    Term("head", "trưởng phòng", ("user", "staff")),
    Term("leader", "lãnh đạo", ("user", "staff")),
    Term("clerk", "văn thư", ("user", "staff")),
    Term("cashier", "kế toán, thu phí", ("user", "staff")),
    Term("admin", "quản trị", ("user", "staff")),
    Term("holder", "người đang giữ hồ sơ", ("assignee", "owner")),
    Term("stand_in", "người xử lý thay"),
    # What is written of a person or an organisation
    Term("name", "họ và tên"),
    Term("id_number", "số định danh"),
    Term("born_on", "ngày sinh"),
    Term("sex", "giới tính"),
    Term("address", "địa chỉ"),
    Term("phone", "số điện thoại"),
    Term("email", "thư điện tử"),
    Term("tax_code", "mã số thuế"),
    # The way of a dossier
    Term("route", "quy trình nội bộ", ("workflow",)),
    Term("step", "bước", ("task",)),
    Term("submit", "nộp hồ sơ"),
    Term("receive", "tiếp nhận", ("accept", "submit", "create")),
    Term("refuse", "từ chối tiếp nhận", ("reject", "deny")),
    Term("request_supplement", "yêu cầu bổ sung"),
    Term("take_supplement", "nhận bổ sung"),
    Term("forward", "chuyển", ("move",)),
    Term("take_over", "nhận bàn giao", ("move",)),
    Term("send_back", "trả lại bước trước", ("move",)),
    Term("recall", "thu hồi", ("move",)),
    Term("consult", "lấy ý kiến"),
    Term("give_opinion", "cho ý kiến"),
    Term("opinion_slip", "phiếu lấy ý kiến"),
    Term("propose", "trình duyệt"),
    Term("approve", "phê duyệt"),
    Term("disapprove", "không duyệt"),
    Term("sign", "ký số"),
    Term("pause", "tạm dừng", ("suspend", "hold")),
    Term("resume", "tiếp tục", ("suspend", "hold")),
    Term("stop", "dừng giải quyết", ("suspend", "hold")),
    Term("draft_apology", "trình xin lỗi và gia hạn"),
    Term("extend", "gia hạn", ("delay",)),
    Term("recompute", "tính lại hạn trả"),
    Term("withdraw", "rút hồ sơ", ("cancel",)),
    Term("correct", "đính chính", ("edit",)),
    Term("complete", "có kết quả", ("finish", "close", "deliver")),
    Term("hand_out", "trả kết quả", ("finish", "close", "deliver")),
    Term("collect", "thu phí, lệ phí", ("cost", "price")),
    Term("refund", "hoàn phí, lệ phí", ("cost", "price")),
    Term("add_note", "thêm ghi chú"),
    Term("attach", "thêm giấy tờ"),
    Term("detach", "gỡ giấy tờ"),
    Term("print_paper", "in giấy tờ"),
    Term("void_paper", "huỷ giấy đã in"),
    Term("transfer_out", "chuyển cơ quan khác", ("move",)),
    Term("transfer_in", "tiếp nhận liên thông", ("move",)),
    Term("ratify", "phê chuẩn"),
    Term("void", "huỷ bút ký", ("cancel",)),
    Term("erase", "xoá dữ liệu theo luật"),
    # States of a dossier
    Term("submitted", "mới đăng ký"),
    Term("received", "được tiếp nhận"),
    Term("processing", "đang xử lý"),
    Term("in_transit", "đang chuyển liên thông"),
    Term("proposed", "đã trình duyệt"),
    Term("approved", "đã phê duyệt"),
    Term("signed", "đã ký, chờ vào sổ"),
    Term("completed", "đã có kết quả, chờ trả"),
    Term("handed_out", "đã trả kết quả"),
    Term("awaiting_supplement", "chờ bổ sung giấy tờ"),
    Term("awaiting_payment", "chờ thực hiện nghĩa vụ tài chính"),
    Term("paused", "tạm dừng xử lý"),
    Term("stopped", "dừng giải quyết"),
    Term("withdrawn", "đã rút hồ sơ"),
    Term("refused", "không được tiếp nhận"),
    # Time
    Term("received_at", "ngày giờ tiếp nhận"),
    Term("due_at", "hạn trả", ("deadline_date",)),
    Term("step_due_at", "hạn của bước", ("deadline_date",)),
    Term("overdue", "quá hạn", ("deadline_date",)),
    Term("ended_at", "ngày giờ kết thúc giải quyết"),
    Term("hand_out_by", "giờ trả kết quả"),
    Term("season", "mùa giờ làm việc"),
    Term("closure", "ngày cơ quan đóng cửa"),
    Term("resumption", "cách tính hạn khi chạy tiếp"),
    Term("stage", "chặng của một cơ quan trong liên thông"),
    # Money
    Term("fee", "phí, lệ phí", ("cost", "price")),
    Term("charge", "phí", ("cost", "price")),
    Term("levy", "lệ phí", ("cost", "price")),
    Term("fee_receipt", "biên lai"),
    Term("payment_note", "phiếu ghi nhận nộp tiền", ("receipt_note",)),
    Term("fee_rule", "mức thu"),
    Term("exemption", "diện miễn, giảm"),
    Term("till", "đối soát cuối ngày"),
    # Forms that the law names, and slips beside them
    Term("receipt", "giấy tiếp nhận hồ sơ và hẹn trả kết quả", ("invoice", "ticket")),
    Term("supplement_request", "phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    Term("refusal", "phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    Term("apology", "văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    Term("stop_notice", "thông báo dừng giải quyết hồ sơ"),
    Term("control_slip", "phiếu kiểm soát quá trình giải quyết hồ sơ"),
    Term("register", "sổ theo dõi hồ sơ"),
    Term("book", "quyển của sổ theo dõi"),
    Term("handover_slip", "phiếu bàn giao"),
    Term("proof", "mã kiểm tra của giấy"),
    Term("result_slip", "phiếu bàn giao kết quả"),
    Term("handover_list", "danh sách bàn giao theo đơn vị"),
    Term("hand_out_note", "giấy biên nhận trả kết quả"),
    Term("joint_receipt", "giấy tiếp nhận nhiều hồ sơ"),
    Term("course", "quá trình xử lý hồ sơ"),
    Term("address_label", "nhãn địa chỉ gửi bưu chính"),
    Term("transfer_slip", "phiếu chuyển liên thông"),
    # Between desks
    Term("pending", "chờ chuyển"),
    Term("conflict", "xung đột"),
    Term("flagged", "chờ phê chuẩn"),
    Term("held", "tạm giữ"),
    Term("quarantine", "cách ly"),
    Term("ratified", "đã phê chuẩn"),
    Term("voided", "đã huỷ"),
    Term("rating", "đánh giá hài lòng", ("feedback",)),
    Term("petition", "phản ánh kiến nghị", ("feedback",)),
)

_BY_CODE = {term.code: term for term in TERMS}


def term(code: str) -> Term:
    """The term of a code. Raises KeyError: a name without a term is a bug."""
    return _BY_CODE[code]


def vi(code: str) -> str:
    """What people read for a code: `handed_out` → `đã trả kết quả`."""
    return _BY_CODE[code].vi


def show(code: str) -> str:
    """`vi` as a label begins: `handed_out` → `Đã trả kết quả`."""
    return _BY_CODE[code].show
