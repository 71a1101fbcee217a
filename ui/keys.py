"""Every shortcut of the program, once: bound from here, listed by Ctrl+/, checked by the tests.

Ctrl+Shift+letter, Alt+Z and bare letters are never used: UniKey owns them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

WINDOW, PAGE, LIST = "Cả chương trình", "Trong trang", "Trong danh sách"


@dataclass(frozen=True, slots=True)
class Key:
    """`keys` as people read it ("Ctrl+K"); `group` heads it in the overview."""

    id: str
    keys: str
    words: str
    group: str = WINDOW


KEYS = (
    Key("queue", "Ctrl+1", "Hàng việc"),
    Key("receive", "Ctrl+2", "Tiếp nhận"),
    Key("search", "Ctrl+3", "Tra cứu"),
    Key("approve", "Ctrl+4", "Phê duyệt"),
    Key("hand_out", "Ctrl+5", "Trả kết quả"),
    Key("new", "Ctrl+N", "Tiếp nhận hồ sơ mới"),
    Key("find", "Ctrl+K", "Tìm hồ sơ (không cần dấu)"),
    Key("refresh", "F5", "Làm mới"),
    Key("next_pane", "F6", "Vùng kế tiếp"),
    Key("previous_pane", "Shift+F6", "Vùng trước"),
    Key("undo", "Ctrl+Z", "Hoàn tác việc vừa làm"),
    Key("sign_in", "Ctrl+L", "Khoá màn hình, đổi cán bộ"),
    Key("zoom_in", "Ctrl+=", "Phóng to"),
    Key("zoom_out", "Ctrl+-", "Thu nhỏ"),
    Key("zoom_reset", "Ctrl+0", "Cỡ chữ 100 %"),
    Key("help", "F1", "Trợ giúp"),
    Key("keys", "Ctrl+/", "Mọi phím tắt"),
    Key("act", "Ctrl+Return", "Việc chính của trang (tiếp nhận, duyệt, trả)", PAGE),
    Key("save_draft", "Ctrl+S", "Lưu nháp ngay", PAGE),
    Key("scan_card", "F7", "Quét thẻ căn cước", PAGE),
    Key("next_error", "F8", "Tới lỗi kế tiếp", PAGE),
    Key("previous_error", "Shift+F8", "Tới lỗi trước", PAGE),
    Key("scan_pages", "F9", "Thêm giấy tờ từ máy quét hoặc tệp", PAGE),
    Key("print", "Ctrl+P", "In phiếu", PAGE),
    Key("send_back", "Ctrl+R", "Trả lại, yêu cầu bổ sung", PAGE),
    Key("note", "Ctrl+M", "Ghi chú vào nhật ký", PAGE),
    Key("copy", "Ctrl+C", "Chép mã hồ sơ", PAGE),
    Key("close", "Esc", "Đóng, quay lại", PAGE),
    Key("open", "Return", "Mở hồ sơ", LIST),
    Key("preview", "Space", "Xem nhanh", LIST),
    Key("up_down", "↑ ↓", "Hồ sơ trước, sau", LIST),
    Key("left_right", "← →", "Thẻ trước, sau", LIST),
)

_SHOWN = {"Return": "Enter", "Ctrl+Return": "Ctrl+Enter"}


def key_of(key_id: str) -> Key:
    """The declaration. Raises KeyError: a shortcut that is not declared is a bug."""
    for key in KEYS:
        if key.id == key_id:
            return key
    raise KeyError(key_id)


def shown(key: Key) -> str:
    """`Ctrl+Return` is read as `Ctrl+Enter`."""
    return _SHOWN.get(key.keys, key.keys)


def bind(owner: QWidget, key_id: str, slot: Callable[[], object], *, is_window: bool = False) -> QShortcut:
    """The declared key does `slot` while the focus is within `owner`, or anywhere in its window."""
    context = (
        Qt.ShortcutContext.WindowShortcut if is_window else Qt.ShortcutContext.WidgetWithChildrenShortcut
    )
    made = QShortcut(QKeySequence(key_of(key_id).keys), owner)
    made.setContext(context)
    made.setObjectName(f"key_{key_id}")
    made.activated.connect(lambda: slot())
    return made
