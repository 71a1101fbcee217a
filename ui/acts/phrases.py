"""Sentences that officers write every day, to begin a reason from; each may be changed."""

from collections.abc import Mapping

from onestop.domain.acts import Act

_LATE = (
    "Hồ sơ cần thêm thời gian thẩm tra, xác minh.",
    "Chờ ý kiến của cơ quan phối hợp.",
    "Hệ thống thông tin gặp sự cố.",
)

PHRASES: Mapping[Act, tuple[str, ...]] = {
    Act.REFUSE: (
        "Thủ tục không thuộc thẩm quyền giải quyết của cơ quan.",
        "Chưa đủ điều kiện giải quyết theo quy định của thủ tục.",
        "Hồ sơ không được bổ sung trong thời hạn đã thông báo.",
    ),
    Act.REQUEST_SUPPLEMENT: (
        "Thành phần hồ sơ chưa đầy đủ theo quy định của thủ tục.",
        "Giấy tờ chưa hợp lệ: thông tin không thống nhất giữa các giấy tờ.",
        "Bản sao chưa được chứng thực; đề nghị xuất trình bản chính để đối chiếu.",
    ),
    Act.SEND_BACK: (
        "Chuyển nhầm đơn vị giải quyết.",
        "Thiếu giấy tờ trong hồ sơ bàn giao.",
        "Dự thảo kết quả cần chỉnh sửa.",
    ),
    Act.RECALL: (
        "Chuyển nhầm người nhận.",
        "Cần bổ sung nội dung trước khi chuyển.",
    ),
    Act.PROPOSE: (
        "Hồ sơ đầy đủ, hợp lệ, đủ điều kiện giải quyết. Kính trình phê duyệt.",
        "Hồ sơ không đủ điều kiện giải quyết. Kính trình văn bản trả lời.",
    ),
    Act.DISAPPROVE: (
        "Dự thảo kết quả có sai sót về thể thức hoặc nội dung.",
        "Chưa đủ căn cứ để phê duyệt; đề nghị thẩm tra lại.",
        "Cần lấy thêm ý kiến của đơn vị liên quan.",
    ),
    Act.PAUSE: (
        "Chờ tổ chức, cá nhân thực hiện nghĩa vụ tài chính theo thông báo.",
        "Chờ kết quả xác minh của cơ quan có thẩm quyền.",
        "Chờ ý kiến của cơ quan phối hợp.",
    ),
    Act.RESUME: (
        "Đã có chứng từ thực hiện nghĩa vụ tài chính.",
        "Đã có kết quả xác minh.",
        "Đã có ý kiến của cơ quan phối hợp.",
    ),
    Act.STOP: (
        "Hồ sơ không đủ điều kiện giải quyết theo quy định.",
        "Quá thời hạn bổ sung mà không nhận được giấy tờ theo yêu cầu.",
        "Có tranh chấp, khiếu nại đang được giải quyết theo quy định.",
    ),
    # Mẫu 04 apologises in its own words: only the reason is written.
    Act.DRAFT_APOLOGY: _LATE,
    Act.EXTEND: _LATE,
    Act.WITHDRAW: (
        "Theo đề nghị của chủ hồ sơ.",
        "Chủ hồ sơ không còn nhu cầu giải quyết thủ tục.",
    ),
    Act.CORRECT: (
        "Nhập sai thông tin khi tiếp nhận.",
        "Theo đề nghị đính chính của người nộp, có giấy tờ kèm theo.",
    ),
    Act.DETACH: (
        "Tải nhầm giấy tờ của hồ sơ khác.",
        "Bản quét mờ, đã thay bằng bản rõ hơn.",
        "Trùng giấy tờ đã có.",
    ),
    Act.VOID_PAPER: (
        "Giấy in bị kẹt, mờ hoặc rách.",
        "In nhầm loại giấy hoặc nhầm hồ sơ.",
        "Đã thu lại của người nộp để đính chính.",
    ),
    Act.REFUND: (
        "Thu thừa so với mức quy định.",
        "Chủ hồ sơ rút hồ sơ, được hoàn theo quy định.",
        "Thuộc diện được miễn phí, lệ phí.",
    ),
    Act.TRANSFER_OUT: (
        "Thuộc thẩm quyền giải quyết của cơ quan nhận.",
        "Hồ sơ liên thông: chuyển giải quyết bước tiếp theo.",
        "Tiếp nhận không phụ thuộc địa giới hành chính; chuyển cơ quan có thẩm quyền.",
    ),
    Act.RATIFY: (
        "Đã kiểm tra, nội dung đúng thẩm quyền và quy định.",
        "Đã đối chiếu với bản giấy.",
    ),
    Act.VOID: (
        "Trùng với việc đã thực hiện ở máy khác.",
        "Thực hiện khi không còn thẩm quyền.",
        "Sai so với bản giấy.",
    ),
}
