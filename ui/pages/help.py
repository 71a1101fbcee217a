"""Help: how to begin, the keys, and how to set a card reader to the mode that works best."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import look
from ui.overlay import keys_table
from ui.pages.page import Frame, Page
from ui.widgets.basic import Card, label

_STEPS = (
    ("Tiếp nhận", "Ctrl+N mở trang Tiếp nhận. Gõ vài chữ của tên thủ tục rồi chọn; quét thẻ căn cước (F7); "
     "đánh dấu giấy tờ đã nhận; Ctrl+Enter để tiếp nhận và in giấy hẹn."),
    ("Giải quyết", "Hồ sơ chuyển đến bạn nằm ở Hàng việc, sắp theo hạn trả. Enter mở hồ sơ; các nút bên phải "
     "là những việc pháp luật cho phép bạn làm lúc này."),
    ("In giấy", "Ctrl+P mở khung in: mọi giấy mà hồ sơ đã có, xem trước rồi in, lưu PDF. Ở Hàng việc, giữ "
     "Shift và bấm mũi tên để chọn nhiều hồ sơ, rồi Ctrl+P in một lượt. Giấy hỏng: mở hồ sơ, Việc khác, Huỷ "
     "giấy đã in."),
    ("Tìm", "Ctrl+K rồi gõ họ tên, số định danh, số điện thoại hoặc mã hồ sơ; không cần gõ dấu."),
    ("Không mất gì", "Việc đã báo “đã lưu” nằm trên ổ đĩa, kể cả khi mất điện. Đơn đang nhập được giữ "
     "làm bản nháp."),
)  # fmt: skip
_SCANNER = (
    "Chế độ nên dùng là USB-COM (cổng nối tiếp): chữ tiếng Việt đến đủ dấu, không phụ thuộc bộ gõ.",
    "1. Mở sách hướng dẫn của đầu đọc, tìm trang mã cài đặt “USB-COM”, “USB Serial” hoặc “Virtual COM”.",
    "2. Quét mã cài đặt đó; đầu đọc kêu một tiếng và máy nhận một cổng mới (COM3, COM4… hoặc /dev/ttyACM0).",
    "3. Vào Thiết lập › Đầu đọc thẻ, ghi tên cổng. Góc trên báo “Máy quét: … sẵn sàng” là được.",
    "Nếu đầu đọc chỉ gõ như bàn phím: chuyển bộ gõ sang tiếng Anh (E) trước khi quét, và bấm F7 để quét "
    "vào ô quét thẻ. Thông tin lấy từ thẻ luôn phải so lại với thẻ: mã QR không có chữ ký.",
)


class HelpPage(Page):
    place = "help"
    title = "Trợ giúp"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.setObjectName("help")
        begin, scanner, keys = Card("Bắt đầu"), Card("Đầu đọc thẻ căn cước"), Card("Mọi phím tắt (Ctrl+/)")
        for title, words in _STEPS:
            begin.body.addWidget(label(title, "strong"))
            begin.body.addWidget(label(words, is_wrapped=True))
        for words in _SCANNER:
            scanner.body.addWidget(label(words, is_wrapped=True))
        keys.body.addWidget(keys_table())
        left = QVBoxLayout()
        left.setSpacing(look.px(12))
        left.addWidget(begin)
        left.addWidget(scanner)
        left.addStretch(1)
        inside = QWidget()
        inside.setProperty("look", "clear")
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, look.px(8), 0)
        row.setSpacing(look.px(12))
        row.addLayout(left, 5)
        row.addWidget(keys, 6, Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName(self.title)
        self._scroll.setProperty("look", "reading")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(8), look.px(8), look.px(8))
        column.setSpacing(look.px(8))
        column.addWidget(label(self.title, "title"))
        column.addWidget(self._scroll, 1)

    def enter(self, dossier_id: str = "") -> None:
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[QWidget, ...]:
        return (self._scroll,)
