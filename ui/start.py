"""The window before the desk: what stands in the way, the passphrase, the first set-up, progress."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QProgressBar, QVBoxLayout, QWidget

from onestop.errors import OfficeError
from ui import look
from ui.pages.first_start import PassphraseField
from ui.tasks import Report
from ui.widgets.basic import Button, Card, announce, label, picture, plain, primary


class StartWindow(QMainWindow):
    """Shows one page at a time. Closing it before the desk is open ends the program."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setWindowTitle("Một cửa")
        self.resize(look.px(1080), look.px(700))

    def show_page(self, page: QWidget) -> None:
        self.setCentralWidget(page)
        self.show()
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()


class _Middle(QWidget):
    """A card in the middle of the window."""

    def __init__(self, icon: str, role: str, title: str, words: str) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.title = label(title, "title", is_wrapped=True)
        self.words = label(words, is_wrapped=True)
        self.card = Card(margin=28)
        self.card.setFixedWidth(look.px(620))
        self.body = QVBoxLayout()
        self.body.setSpacing(look.px(12))
        self.body.addWidget(self.title)
        self.body.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(look.px(20))
        row.addWidget(picture(icon, role, 36), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self.body, 1)
        self.card.body.addLayout(row)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(look.px(8))
        column = QVBoxLayout(self)
        # Not by an alignment: that would forget how high wrapped words are.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.card)
        middle.addStretch(1)
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)

    def add_buttons(self, *buttons: Button) -> None:
        self.buttons.addStretch(1)
        for button in buttons:
            self.buttons.addWidget(button)
        self.card.body.addLayout(self.buttons)


class ProblemPage(_Middle):
    """The store cannot be opened: what is so, what to do, and nothing is made anew."""

    retried = Signal()
    folder_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, error: OfficeError, folder: str) -> None:
        super().__init__("octagon-alert", "error", error.title, error.message)
        self.setObjectName("problem")
        self.setAccessibleName(error.title)
        self.body.addWidget(label(f"Thư mục dữ liệu: {folder}", "small", is_wrapped=True))
        self.retry = primary("&Thử lại", icon="refresh-cw")
        self.choose = plain("&Chọn thư mục khác…", icon="folder-open")
        self.quit = plain("T&hoát")
        self.retry.clicked.connect(self.retried)
        self.choose.clicked.connect(self.folder_wanted)
        self.quit.clicked.connect(self.quit_wanted)
        self.add_buttons(self.quit, self.choose, self.retry)
        self.setFocusProxy(self.retry)
        announce(self, f"{error.title}. {error.message}")


class PassphrasePage(_Middle):
    """Asks for the passphrase; `typed(passphrase)`."""

    typed = Signal(str)

    def __init__(self) -> None:
        words = "Kho dữ liệu của quầy này được khoá bằng mật khẩu đặt khi thiết lập."
        super().__init__("lock", "accent", "Mở kho dữ liệu", words)
        self.setObjectName("passphrase_page")
        self.field = PassphraseField("passphrase", "&Mật khẩu mở kho")
        self.field.editor.returnPressed.connect(self._send)
        self.open = primary("Mở kho", "Enter")
        self.open.clicked.connect(self._send)
        self.body.addWidget(self.field)
        self.add_buttons(self.open)
        self.setFocusProxy(self.field)

    def start(self) -> None:
        self.setEnabled(True)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_wrong(self, error: OfficeError) -> None:
        """Keeps the page; the field is emptied and says what is wrong."""
        self.field.set_text("")
        self.field.set_error(f"{error.title}. {error.message}")
        self.start()

    def _send(self) -> None:
        if not self.field.text():
            self.field.set_error("Hãy nhập mật khẩu.")
        elif self.isEnabled():
            self.setEnabled(False)
            self.typed.emit(self.field.text())


class WaitPage(_Middle):
    """Something that takes a moment, said in words and by a bar."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__("hourglass", "accent", title, words)
        self.setObjectName("wait")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(title)
        self.body.addWidget(self.bar)

    def show_report(self, report: Report) -> None:
        self.bar.setRange(0, report.total)
        self.bar.setValue(report.done)
        self.words.setText(report.words)
