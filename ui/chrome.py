"""What stands around the pages: head bar, message bars and the foot of the window."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import look
from ui.finder import Finder
from ui.keys import shown
from ui.widgets.basic import Button, StatusChip, announce, label, picture

if TYPE_CHECKING:  # nothing of sync is loaded before the first paint
    from onestop.sync.status import SyncStatus


class MessageBar(QFrame):
    """One message above the page: what is so, what to do; it blocks nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._picture = picture("triangle-alert", "warning_icon", 24)
        self._title = label("", "strong", is_wrapped=True)
        self._message = label("", is_wrapped=True)
        self._action = Button("", "plain")
        self._action.clicked.connect(self._act)
        self._close = Button("Đóng", "quiet", icon="x")
        self._close.clicked.connect(self.hide)
        self._on_action: Callable[[], object] | None = None
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._message)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(16), look.px(6), look.px(8), look.px(6))
        row.setSpacing(look.px(12))
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    def show_message(
        self,
        title: str,
        message: str = "",
        *,
        is_error: bool = False,
        action: str = "",
        on_action: Callable[[], object] | None = None,
    ) -> None:
        """An empty title hides the bar."""
        look.set_icon(
            self._picture,
            "octagon-alert" if is_error else "triangle-alert",
            "error" if is_error else "warning_icon",
            24,
        )
        look.dress(self, "errors" if is_error else "notice")
        self._title.setText(title)
        self._message.setText(message)
        self._message.setVisible(bool(message))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._on_action = on_action
        self.setAccessibleName(title)
        self.setAccessibleDescription(message)
        self.setVisible(bool(title))
        if title:
            announce(self, f"{title}. {message}")

    def title(self) -> str:
        return self._title.text()

    def _act(self) -> None:
        action = self._on_action
        self.hide()
        if action:
            action()


class Foot(QWidget):
    """The lowest line: keys at the left, version and state of the store at the right."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self.setObjectName("foot")
        keys = "F1 Trợ giúp · Ctrl+1…9 Chuyển trang · F6 Chuyển vùng · Ctrl+K Tìm · Ctrl+/ Mọi phím tắt"
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(14), 0, look.px(14), look.px(4))
        row.addWidget(label(keys, "small"), 1)
        row.addWidget(label(f"Bản {version} · CSDL đã mã hoá", "small"))


class HeadBar(QWidget):
    """The upper line: search box, then chips for the card reader, the line and the officer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("head")
        self.finder = Finder()
        self.finder.setMinimumWidth(look.px(200))
        self.finder.setMaximumWidth(look.px(430))
        self.scanner = StatusChip("scan-line", "success_icon", "")
        self.scanner.setObjectName("chip_scanner")
        self.line = StatusChip("cloud-off", "warning_icon", "")
        self.line.setObjectName("chip_line")
        self.officer = StatusChip("user", "text", "")
        self.officer.setObjectName("chip_officer")
        self._line_state: tuple[bool, bool, int] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(14), look.px(6), look.px(6), look.px(2))
        row.setSpacing(look.px(4))
        row.addWidget(self.finder, 100)
        row.addStretch(1)
        for chip in (self.scanner, self.line, self.officer):
            row.addWidget(chip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for all words the card reader keeps its picture only."""
        chips = (self.scanner, self.line, self.officer)
        room = self.width() - look.px(200 + 14 + 6 + 16)
        self.scanner.set_short(sum(chip.full_width() for chip in chips) > room)

    def show_scanner(self, port: str, is_there: bool) -> None:
        """`port` empty: the reader types like a keyboard."""
        if not port:
            self.scanner.set_state("scan-line", "dim", "Máy quét: kiểu bàn phím")
        elif is_there:
            self.scanner.set_state("scan-line", "success_icon", f"Máy quét: {port} sẵn sàng")
        else:
            self.scanner.set_state("scan-line", "warning_icon", f"Máy quét: chưa thấy {port}")
        self.scanner.setToolTip(f"{self.scanner.accessibleName()}. Mở Thiết lập để chọn cổng đầu đọc thẻ")
        self._fit()

    def show_unsent(self, count: int) -> None:
        """A desk alone: everything it has recorded stands on this machine only."""
        words = "Ngoại tuyến · làm việc tại máy"
        self.line.set_state("cloud-off", "warning_icon", words)
        numbered = f"{count:,}".replace(",", ".")
        self.line.setToolTip(
            f"Máy này chưa nối máy chủ. {numbered} bút ký chỉ có trên máy này; hãy sao lưu thư mục dữ liệu."
        )
        self.line.setAccessibleDescription(self.line.toolTip())
        self._fit()

    def show_line(self, status: "SyncStatus", now: datetime) -> None:
        """The line to the hub; a change of state is told to a screen reader, a count is not."""
        from ui.sync_words import chip_look, waiting_tip

        chip = chip_look(status, now)
        self.line.set_state(chip.icon, chip.role, chip.words)
        self.line.setToolTip(f"{waiting_tip(status, now)}\nMở khung đồng bộ ({shown('sync_panel')})")
        self.line.setAccessibleDescription(self.line.toolTip())
        self._fit()
        state = (status.phase == "offline", status.phase == "trouble", status.conflicts)
        if state != self._line_state:
            self._line_state = state
            announce(self.line, chip.words)

    def show_officer(self, desk: str, name: str) -> None:
        self.officer.set_state("user", "text", f"{desk} · {name}")
        self.officer.setToolTip("Đổi cán bộ (Ctrl+L)")
        self._fit()


def frame_body(
    rail: QWidget,
    head: QWidget,
    bars: tuple[QWidget, ...],
    pages: QWidget,
    drawers: tuple[QWidget, ...],
    foot: QWidget,
) -> QWidget:
    """The rail at the left; head, bars, pages with the drawers beside them, and foot at the right."""
    middle = QHBoxLayout()
    middle.setSpacing(0)
    middle.addWidget(pages, 1)
    for drawer in drawers:
        middle.addWidget(drawer)
    said = QVBoxLayout()
    said.setContentsMargins(look.px(14), 0, look.px(14), 0)
    said.setSpacing(look.px(4))
    for bar in bars:
        said.addWidget(bar)
    right = QVBoxLayout()
    right.setSpacing(0)
    right.addWidget(head)
    right.addLayout(said)
    right.addLayout(middle, 1)
    right.addWidget(foot)
    made = QWidget()
    made.setProperty("look", "page")
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(rail)
    row.addLayout(right, 1)
    return made
