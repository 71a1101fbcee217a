"""Every shortcut, declared once: the pages bind them, Ctrl+/ lists them, settings may change them.

Not used: Ctrl+Shift+letter, Alt+Z and Ctrl+Shift+F5/F6/F9 (UniKey), Ctrl+Alt (AltGr),
bare letters (they are for typing), F4 (opens drop-downs on Windows). Ctrl+Shift+Tab is free.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

EVERYWHERE = "Mọi nơi"
LIST = "Danh sách"
FORM = "Tiếp nhận"
DOSSIER = "Hồ sơ"
_OWN = "onestop_keys"


@dataclass(frozen=True, slots=True)
class Key:
    """`scope` is the heading in the overview; the same sequence may serve two pages."""

    id: str
    sequence: str
    words: str
    scope: str = EVERYWHERE
    is_native: bool = False
    """Handled by the widget itself (Enter in a list): shown, never bound nor changed."""


KEYS: tuple[Key, ...] = (
    Key("go_queue", "Ctrl+1", "Hàng việc"),
    Key("go_receive", "Ctrl+2", "Tiếp nhận"),
    Key("go_search", "Ctrl+3", "Tra cứu"),
    Key("go_approve", "Ctrl+4", "Phê duyệt"),
    Key("go_hand_out", "Ctrl+5", "Trả kết quả"),
    Key("go_tray", "Ctrl+7", "Cần xử lý"),
    Key("go_admin", "Ctrl+8", "Quản trị"),
    Key("go_till", "Ctrl+9", "Đối soát cuối ngày"),
    Key("new_dossier", "Ctrl+N", "Tiếp nhận hồ sơ mới"),
    Key("find", "Ctrl+K", "Tìm hồ sơ (không cần dấu)"),
    Key("main_act", "Ctrl+Return", "Việc chính của trang"),
    Key("scan_box", "F7", "Ô quét thẻ căn cước"),
    Key("print_panel", "Ctrl+P", "In"),
    Key("read_paper", "Ctrl+O", "Mở hồ sơ từ bản quét giấy đã in"),
    Key("refresh", "F5", "Làm mới, đồng bộ ngay"),
    Key("sync_panel", "Ctrl+D", "Khung đồng bộ"),
    Key("undo", "Ctrl+Z", "Hoàn tác việc vừa làm", is_native=True),
    Key("next_pane", "F6", "Vùng kế tiếp"),
    Key("previous_pane", "Shift+F6", "Vùng trước"),
    Key("help", "F1", "Trợ giúp của trang"),
    Key("all_keys", "Ctrl+/", "Mọi phím tắt"),
    Key("zoom_in", "Ctrl+=", "Phóng to"),
    Key("zoom_out", "Ctrl+-", "Thu nhỏ"),
    Key("zoom_reset", "Ctrl+0", "Cỡ chữ gốc"),
    Key("lock", "Ctrl+L", "Khoá màn hình"),
    Key("due_why", "Ctrl+H", "Vì sao hạn trả là ngày này"),
    Key("close_panel", "Esc", "Đóng khung, huỷ", is_native=True),
    Key("open_row", "Return", "Mở hồ sơ đang chọn", LIST, is_native=True),
    Key("preview_row", "Space", "Xem nhanh", LIST, is_native=True),
    Key("select_more", "Shift+Down", "Chọn thêm hồ sơ để in cùng lúc", LIST, is_native=True),
    Key("save_draft", "Ctrl+S", "Lưu nháp ngay", FORM),
    Key("scan_pages", "F9", "Quét giấy tờ", FORM),
    Key("next_error", "F8", "Lỗi kế tiếp", FORM),
    Key("previous_error", "Shift+F8", "Lỗi trước", FORM),
    Key("add_row", "Alt+Insert", "Thêm dòng vào bảng của tờ khai", FORM),
    Key("remove_row", "Alt+Delete", "Bỏ dòng của bảng", FORM),
    Key("next_tab", "Ctrl+Tab", "Thẻ kế tiếp", DOSSIER),
    Key("previous_tab", "Ctrl+Shift+Tab", "Thẻ trước", DOSSIER),
    Key("send_back", "Ctrl+R", "Trả lại, yêu cầu bổ sung", DOSSIER),
    Key("add_note", "Ctrl+M", "Ghi chú vào nhật ký", DOSSIER),
)

_FORBIDDEN = (
    (r"Ctrl\+Shift\+[A-Z]$", "UniKey dùng Ctrl+Shift để bật tắt gõ tiếng Việt"),
    (r"Alt\+Z$", "UniKey dùng Alt+Z để bật tắt gõ tiếng Việt"),
    (r"Ctrl\+Shift\+F[569]$", "UniKey đã dùng phím này"),
    (r"Ctrl\+Alt\+", "trùng với phím AltGr"),
    (r"(Shift\+)?.$", "phím chữ dùng để gõ"),
    (r"F4$", "Windows dùng F4 để mở danh sách"),
)


def key(key_id: str) -> Key:
    """The key, with the officer's own sequence if there is one. Raises KeyError if unknown."""
    found = next((each for each in KEYS if each.id == key_id), None)
    if found is None:
        raise KeyError(key_id)
    own = _own().get(key_id)
    return replace(found, sequence=own) if own else found


def use_own(own: Mapping[str, str]) -> None:
    """The officer's own sequences by key id; they hold for what is bound from now on."""
    app = QApplication.instance()
    if app is not None:
        app.setProperty(_OWN, dict(own))


def bind(widget: QWidget, key_id: str, slot: Callable[[], object]) -> QShortcut:
    """Everywhere-keys hold in the whole window, the others in `widget` and what it contains."""
    wanted = key(key_id)
    shortcut = QShortcut(widget)
    sequences = [QKeySequence(wanted.sequence)]
    if "Return" in wanted.sequence:
        sequences.append(QKeySequence(wanted.sequence.replace("Return", "Enter")))
    shortcut.setKeys(sequences)
    is_wide = wanted.scope == EVERYWHERE
    context = Qt.ShortcutContext
    shortcut.setContext(context.WindowShortcut if is_wide else context.WidgetWithChildrenShortcut)
    shortcut.setObjectName(f"key_{key_id}")
    shortcut.activated.connect(slot)
    return shortcut


def shown(key_id: str) -> str:
    """As written on a button: `Ctrl+Enter`."""
    return key(key_id).sequence.replace("Return", "Enter").replace("Space", "Dấu cách")


def overview() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """((heading, ((keys, words), …)), …) for Ctrl+/, every key of the table once."""
    scopes = list(dict.fromkeys(each.scope for each in KEYS))
    return tuple((scope, tuple(_line(each) for each in KEYS if each.scope == scope)) for scope in scopes)


def what_is_wrong(sequence: str) -> str:
    """Why a sequence must not be used, '' if it may."""
    for pattern, words in _FORBIDDEN:
        if re.match(pattern, sequence):
            return f"Không dùng được {sequence}: {words}"
    return "" if QKeySequence(sequence).toString() else f"Không hiểu phím {sequence}"


def conflicts(keys: Sequence[Key] = KEYS) -> tuple[str, ...]:
    """Two keys that would answer to the same sequence at the same time."""
    clashes = []
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            is_met = one.scope == other.scope or EVERYWHERE in {one.scope, other.scope}
            if is_met and one.sequence == other.sequence:
                clashes.append(f"{one.sequence}: {one.words} và {other.words}")
    return tuple(clashes)


def _own() -> dict[str, str]:
    app = QApplication.instance()
    return dict(app.property(_OWN) or {}) if app else {}


def _line(each: Key) -> tuple[str, str]:
    return shown(each.id), each.words
