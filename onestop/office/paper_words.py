"""What printed papers are called, in journals, lists and panels."""

from collections.abc import Mapping

from onestop.domain.dossier import Printed
from onestop.domain.moment import show_at
from onestop.terms import show

PAPER_FORMS: Mapping[str, str] = {
    "01": show("receipt"),
    "02": show("supplement_request"),
    "03": show("refusal"),
    "04": show("apology"),
    "05": show("stop_notice"),
    "06": show("control_slip"),
    "07": show("register"),
    "TK": show("declaration"),
    "GN": show("payment_note"),
    "BN": show("hand_out_note"),
    "BG": "Phiếu bàn giao hồ sơ",
    "BK": show("result_slip"),
    "QT": show("course"),
    "DS": show("handover_list"),
    "NH": show("address_label"),
    "01N": show("joint_receipt"),
}
"""By form, as entries of printing name it; a form never changes its meaning."""

_SHORT: Mapping[str, str] = {
    "01": "Giấy tiếp nhận",
    "02": "Phiếu yêu cầu bổ sung",
    "03": "Phiếu từ chối",
    "04": "Văn bản xin lỗi",
    "05": "Thông báo dừng giải quyết",
    "06": "Phiếu kiểm soát",
    "QT": "Quá trình xử lý",
    "NH": "Nhãn địa chỉ",
}


def form_words(form: str) -> str:
    """A form of a newer program too has something to be called by."""
    return PAPER_FORMS.get(form, f"Mẫu {form}")


def short_words(form: str) -> str:
    """For lists, buttons and names of files."""
    return _SHORT.get(form) or form_words(form)


def paper_words(printed: Printed) -> str:
    """`Phiếu kiểm soát, lần in 2, lúc 20/11/2026 08:15`."""
    time = f", lần in {printed.number}" if printed.number > 1 else ""
    return f"{short_words(printed.form)}{time}, lúc {show_at(printed.at)}"
