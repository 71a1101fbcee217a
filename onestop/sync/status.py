"""What an officer is told about the line to the hub: the chip, and the panel behind it.

Being offline is a state, not a fault: the words say what waits, never what broke, unless
somebody must do something about it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from onestop.domain.moment import local, local_day

Phase = Literal["alone", "offline", "connecting", "sending", "receiving", "synced", "trouble"]
Peer = Literal["", "relay", "root"]

PHASES: tuple[Phase, ...] = (
    "alone",
    "offline",
    "connecting",
    "sending",
    "receiving",
    "synced",
    "trouble",
)
_MB = 1024 * 1024
_CLOCK_WRONG = 300  # seconds; from here on the clock is called wrong (as the hub's code CLOCK)


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where sync stands. Counts are of entries, except `waiting_dossiers`.

    `sent` of `to_send` counts one run of sending; `rate` is bytes a second, `oldest` the
    moment of the oldest act that stands on this machine alone.
    """

    phase: Phase
    since: datetime
    last_success: datetime | None = None
    sent: int = 0
    to_send: int = 0
    blobs_left: int = 0
    bytes_left: int = 0
    rate: float = 0.0
    seconds_left: int | None = None
    conflicts: int = 0
    shelf: int = 0
    waiting_dossiers: int = 0
    oldest: datetime | None = None
    peer: Peer = ""
    words_of_failure: str = ""
    clock_off_seconds: int = 0
    next_try: datetime | None = None


def chip_words(status: SyncStatus, now: datetime) -> str:
    """The one line of the chip; every state has words of its own."""
    if status.phase == "sending":
        return f"Đang gửi {min(status.sent, status.to_send)}/{status.to_send}"
    if status.conflicts and status.phase != "alone":
        return f"Có {status.conflicts} xung đột"
    if status.phase == "offline":
        return _offline_words(status)
    if status.phase == "synced" and status.last_success is not None:
        return f"Đã đồng bộ {clock_words(status.last_success, now)}"
    return _PHASE_WORDS[status.phase]


_CONNECTING = "Đang nối với máy chủ"
_PHASE_WORDS = {
    "alone": "Ngoại tuyến · làm việc tại máy",
    "connecting": _CONNECTING,
    "synced": _CONNECTING,  # in word only: nothing was ever exchanged
    "receiving": "Đang nhận dữ liệu",
    "trouble": "Đồng bộ cần người xem",
}


def _offline_words(status: SyncStatus) -> str:
    if status.waiting_dossiers:
        return f"Ngoại tuyến · {status.waiting_dossiers} hồ sơ chờ gửi"
    return "Ngoại tuyến · không có hồ sơ chờ gửi"


def panel_lines(status: SyncStatus, now: datetime) -> tuple[tuple[str, str], ...]:
    """(label, words) for the sync panel, top to bottom; lines with nothing to say are left out."""
    lines = (
        ("Nối với", _peer_words(status)),
        ("Đồng bộ gần nhất", _last_words(status, now)),
        ("Lý do", status.words_of_failure),
        ("Thử lại lúc", clock_words(status.next_try, now) if status.next_try else ""),
        ("Chờ gửi", waiting_words(status)),
        ("Chỉ có ở máy này", _oldest_words(status, now)),
        ("Tốc độ", rate_words(status.rate) if status.rate > 0 else ""),
        ("Còn khoảng", span_words(status.seconds_left) if status.seconds_left else ""),
        ("Xung đột", f"{status.conflicts} việc cần xem" if status.conflicts else ""),
        ("Để riêng", f"{status.shelf} bút ký chưa dùng được" if status.shelf else ""),
        ("Đồng hồ máy", clock_off_words(status.clock_off_seconds)),
    )
    return tuple((label, words) for label, words in lines if words)


def waiting_words(status: SyncStatus) -> str:
    """`3 hồ sơ · 7 bút ký · 2 tệp, 41 MB`; empty when nothing waits."""
    parts = []
    if status.waiting_dossiers:
        parts.append(f"{status.waiting_dossiers} hồ sơ")
    if status.to_send > status.sent:
        parts.append(f"{status.to_send - status.sent} bút ký")
    if status.blobs_left:
        parts.append(f"{status.blobs_left} tệp, {size_words(status.bytes_left)}")
    return " · ".join(parts)


def clock_off_words(seconds: int) -> str:
    """Says a wrong clock plainly; positive seconds: this machine runs ahead."""
    if abs(seconds) < _CLOCK_WRONG:
        return ""
    way = "nhanh" if seconds > 0 else "chậm"
    return f"chạy {way} {span_words(abs(seconds))} so với máy chủ. Hãy chỉnh lại giờ của máy."


def clock_words(moment: datetime, now: datetime) -> str:
    """`10:42`, and `21/11 10:42` on another day."""
    time = f"{local(moment):%H:%M}"
    return time if local_day(moment) == local_day(now) else f"{local(moment):%d/%m} {time}"


def span_words(seconds: int) -> str:
    """`40 giây`, `4 phút`, `3 giờ`, `2 ngày`: rounded, for people who wait."""
    if seconds < 60:
        return f"{max(1, seconds)} giây"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} phút"
    if seconds < 36 * 3600:
        return f"{round(seconds / 3600)} giờ"
    return f"{round(seconds / 86400)} ngày"


def size_words(count: int) -> str:
    """`41 MB`, `0,4 MB`, `12 kB`."""
    if count >= 10 * _MB:
        return f"{count // _MB} MB"
    if count >= _MB // 10:
        return f"{count / _MB:.1f} MB".replace(".", ",")
    return f"{max(1, count // 1024)} kB"


def rate_words(rate: float) -> str:
    return f"{size_words(int(rate))}/giây"


def _peer_words(status: SyncStatus) -> str:
    return {"": "", "relay": "máy chủ của cơ quan", "root": "máy chủ của tỉnh"}[status.peer]


def _last_words(status: SyncStatus, now: datetime) -> str:
    if status.phase == "alone":
        return "máy này chưa ghép với máy chủ"
    if status.last_success is None:
        return "chưa lần nào"
    return clock_words(status.last_success, now)


def _oldest_words(status: SyncStatus, now: datetime) -> str:
    if status.oldest is None or not status.waiting_dossiers:
        return ""
    age = max(timedelta(0), now - status.oldest)
    return f"{status.waiting_dossiers} hồ sơ, cũ nhất {span_words(int(age.total_seconds()))}"


_FAILURE_WORDS = {
    "offline": "Không nối được với máy chủ: mất mạng hoặc máy chủ đang tắt. Vẫn làm việc được tại máy.",
    "stalled": "Đường truyền đứng, không nhận được gì trong 20 giây. Chương trình sẽ gửi tiếp từ chỗ dở.",
    "refused": "Máy chủ không nhận máy này: đã bị thu hồi hoặc chưa ghép. Hãy liên hệ quản trị.",
    "epoch": "Máy chủ vừa được khôi phục từ bản sao lưu. Chương trình đang đối chiếu và gửi lại phần thiếu.",
    "too_big": "Gói gửi quá lớn cho đường truyền. Chương trình sẽ gửi từng phần nhỏ hơn.",
    "busy": "Máy chủ đang bận. Chương trình sẽ tự gửi lại.",
    "bug": "Máy chủ gặp lỗi khi nhận dữ liệu. Dữ liệu vẫn còn nguyên tại máy; chương trình sẽ gửi lại.",
    "version": "Phiên bản chương trình và máy chủ không khớp. Hãy cập nhật chương trình.",
    "lies": "Nhật ký của máy chủ không khớp với bản máy này đã xác nhận. Đã dừng gửi nhận; hãy báo quản trị.",
    "store": "Máy này không ghi được dữ liệu nhận về. Kiểm tra ổ đĩa còn chỗ trống.",
}


def failure_words(kind: str) -> str:
    """Why it does not go on, and what becomes of it; for a `happenings.FailureKind`."""
    return _FAILURE_WORDS.get(kind, _FAILURE_WORDS["bug"])
