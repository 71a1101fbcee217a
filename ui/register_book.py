"""The paper book that a desk's book of the register goes on from: asked once, when an office begins."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onestop.domain.book import Book
from onestop.domain.code import DEFAULT_POLICY
from onestop.errors import InputError, OfficeError
from onestop.office.changing import Changed
from onestop.office.register import book_at, continue_book
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import tell_changed
from ui.widgets import Answer, ComboField, Field, FieldQuestion, LineField, error_words

_ANSWERS = (Answer("yes", "Nối tiếp", "primary", "Ctrl+Enter"), Answer("", "Quay lại", "plain", "Esc"))
_WHY = (
    "Mỗi quầy đánh số một quyển riêng, để vẫn đánh số được khi mất mạng. Ghi số cuối cùng của sổ giấy "
    "(hoặc của phần mềm trước) để quyển của quầy đánh số tiếp từ đó."
)


class BookDialog(FieldQuestion):
    """Stays open while something is wrong; `saved` once the row is written."""

    saved = Signal()

    def __init__(self, parent: QWidget | None, frame: Frame, year: int) -> None:
        super().__init__(parent, f"Nối sổ giấy năm {year}", _WHY, _ANSWERS, icon="pen-line")
        self.setObjectName("book_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(look.px(560))
        self._frame, self._year = frame, year
        desks = [(str(desk), f"Quầy số {desk}") for desk in range(1, DEFAULT_POLICY.desks + 1)]
        self.desk = ComboField("desk", "&Quầy", desks)
        self.last = LineField("last", "&Số cuối của sổ giấy", "0: không có sổ giấy")
        self.name = LineField("name", "&Tên quyển", f"để trống: {Book(year, frame.office.desk.index).words}")
        self.last.set_digits()
        self.desk.set_key(str(frame.office.desk.index))
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for field in (self.desk, self.last, self.name):
            row.addWidget(field, 1)
        self.body.addLayout(row)
        self.desk.changed.connect(self._read)
        self._read()
        self.last.setFocus()

    def take(self, key: str) -> None:
        if key != "yes":
            super().take(key)
            return
        text = self.last.text().replace(".", "")
        number = int(text) if text.isascii() and text.isdigit() else -1
        save = partial(
            continue_book, self._frame.office, self._year, int(self.desk.key()), number, self.name.text()
        )
        self._frame.tasks.run(self, save, self._saved, self._failed)

    def _read(self) -> None:
        read = partial(book_at, self._frame.office, self._year, int(self.desk.key()))
        self._frame.tasks.run(self, read, self._show, where="files", busy=False)

    def _show(self, book: Book) -> None:
        self.last.set_text(str(book.last))
        self.name.set_text(book.name)
        self.name.set_hint(f"để trống: {Book(book.year, book.desk).words}")

    def _saved(self, made: Changed) -> None:
        self.saved.emit()
        tell_changed(self._frame, made)
        super().take("yes")

    def _failed(self, error: OfficeError) -> None:
        field = self.findChild(Field, error.field or "") if isinstance(error, InputError) else None
        if field is None:
            super().take("")
            self._frame.show_error(error)
            return
        assert isinstance(error, InputError)
        field.set_error(error_words(error))
        field.setFocus()
        QTimer.singleShot(0, self, self.fit)  # the words are laid out first
