"""The calm box of a fault: imported only when there is one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui import look
from ui.widgets.basic import Button, label, picture, plain, primary


class BugDialog(QDialog):
    """What happened, that nothing saved is lost, a code to read on the phone, details on demand."""

    def __init__(self, parent: QWidget | None, code: str, details: str, count: int) -> None:
        super().__init__(parent)
        self.setObjectName("bug_dialog")
        self.setWindowTitle("Có lỗi trong chương trình")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(look.px(480))
        self.code = code
        words = "Việc vừa làm có thể chưa xong. Những gì đã báo “đã lưu” và mọi bản nháp vẫn còn."
        more = f" (có {count} lỗi liền nhau)" if count > 1 else ""
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Chi tiết lỗi")
        self.details.setMinimumHeight(look.px(180))
        self.details.hide()
        body = QVBoxLayout()
        body.setSpacing(look.px(8))
        for line in (
            label(f"Có lỗi trong chương trình{more}", "section", is_wrapped=True),
            label(words, is_wrapped=True),
            label("Hãy làm tiếp. Nếu lỗi lặp lại, gọi hỗ trợ và đọc mã:", is_wrapped=True),
            label(code, "number"),
            self.details,
        ):
            body.addWidget(line)
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(picture("triangle-alert", "warning_icon", 28), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(body, 1)
        column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(20))
        column.addLayout(head)
        close = primary("Đóng", "Esc")
        column.addLayout(self._button_row(close))
        close.setFocus()  # only now: before, it stood in no window
        self.setAccessibleName(f"Có lỗi trong chương trình, mã {code}")

    def show_details(self) -> None:
        self.details.setVisible(not self.details.isVisible())
        self.adjustSize()

    def copy(self) -> None:
        QApplication.clipboard().setText(f"{self.code}\n{self.details.toPlainText()}")

    def _button_row(self, close: Button) -> QHBoxLayout:
        details, copy = plain("&Chi tiết"), plain("Ché&p", icon="copy")
        details.clicked.connect(self.show_details)
        copy.clicked.connect(self.copy)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(details)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        return row
