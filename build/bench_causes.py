"""Why a goal is not reached, where that is known; said in the figure's note, only when it is not."""

from dataclasses import replace

from build.bench_figure import Figure

_BUSY = "hai nhân bận việc khác trong lúc đo thì mỗi lượt hỏi đáp đều chậm thêm; xem CPU bên cạnh"
_OF_SYNC = {
    "fresh desk": f"quầy kiểm từng chữ ký rồi ghi vào kho mã hoá; {_BUSY}",
    "idle for": "mỗi lần chờ dài 25 giây là một câu hỏi; đầu HTTP chiếm gần hết",
    "sync with nothing new": (
        "lần gọi đầu còn lấy mã truy cập (hai câu hỏi) và chào; sau đó chỉ còn chờ dài, xem “idle for”"
    ),
    "push of": (
        "ở đây là cả chương trình: kho mã hoá, kiểm từng chữ ký Ed25519 (khoảng 110 µs), xét hợp lệ, fold, "
        "bảng tra cứu, và nhận lại nhật ký; chương trình kia chỉ cất dữ liệu"
    ),
    "hub ": "kiểm từng chữ ký, đọc từng tiêu đề JSON, xét hợp lệ và fold bằng Python",
}
"""Those of a line and a hub."""

# By the beginning of a figure's name.
_CAUSES = {
    "start to painted": (
        "phần lớn là nạp mô-đun: Qt, các bảng của miền nghiệp vụ (dataclass sinh mã lúc nạp), sqlcipher3, "
        "rồi mở kho và vẽ trang"
    ),
    "receive_dossier p50 against plain": (
        "mã hoá từng trang ghi (khoảng 23 trang một hồ sơ) đã là 1,5–1,8 lần; còn lại là việc của Python: "
        "kiểm tra đơn, tính hạn, JSON chuẩn tắc, băm, chữ ký Ed25519, fold, chữ tìm kiếm"
    ),
    "receive_dossier p99": ("đuôi là lúc chờ ổ đĩa (fdatasync); bare sqlcipher3 cũng có, xem số bên cạnh"),
    "search keystroke p95": "trên kho nhỏ, đọc 50 dòng và diễn giải hạn tốn hơn chính việc tìm",
    "search growth": (
        "giao của nhiều âm tiết phổ biến lớn theo kho: bare FTS5 lớn như vậy, tiền tố dài hơn không "
        "đỡ (đã thử)"
    ),
    "queue page 1": "50 dòng thành đối tượng, mỗi hạn được diễn giải bằng lời theo lịch làm việc",
    "table first paint": "kho nhỏ thì nạp hết cũng nhanh; phần cố định là dựng bảng và đo chữ",
    "receipt PDF warm": "dàn chữ (đo từng từ, xuống dòng) mà bản trần không làm",
    **_OF_SYNC,
    "verify": (
        "mỗi bút ký được phân tích, viết lại chuẩn tắc để so, và fold hai lần (hồ sơ, chỉ mục tìm kiếm) bằng "
        "Python; đọc và băm chỉ tốn vài micrô giây"
    ),
}


def with_cause(figure: Figure) -> Figure:
    """The figure, its note opened with the cause when the goal is missed."""
    if figure.reached is not False:
        return figure
    name = figure.name
    if "bytes up without text" in name:
        cause = "mỗi bút mang chữ ký 64 byte và muối 16 byte, không nén được"
    elif "kB/s" in name or "into an empty hub" in name:
        cause = _BUSY
    else:
        cause = next((words for begin, words in _CAUSES.items() if name.startswith(begin)), "chưa rõ")
    note = f"; {figure.note}" if figure.note else ""
    return replace(figure, note=f"Chưa đạt vì: {cause}{note}")
