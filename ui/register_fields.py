"""Which part of the register is printed: year, book, numbers or days; and the same part as Excel."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QVBoxLayout, QWidget

from onestop.domain.book import Book
from onestop.domain.moment import local_day
from onestop.domain.person import parse_day
from onestop.domain.register import Span
from onestop.domain.state import Role
from onestop.errors import InputError, OfficeError
from onestop.office.office import Office
from onestop.office.register import books_of_year, save_register
from ui import look
from ui.pages.page import Frame
from ui.pages.row_form import day_field
from ui.print_fields import row_of
from ui.print_strip import PrintStrip
from ui.tasks import Progress, Report, Running
from ui.widgets import Button, ComboField, Field, LineField, error_words, plain

_YEARS_BACK = 5
_WHOLE, _NUMBERS, _DAYS = "whole", "numbers", "days"
_PARTS = ((_WHOLE, "Cả năm"), (_NUMBERS, "Theo số thứ tự"), (_DAYS, "Theo ngày nhận"))
_ALL = ("0", "Tất cả")


class RegisterFields(QWidget):
    """`changed`: another part is wanted, and `span()` is it. Excel is told of in the panel's strip.

    The panel places the buttons `excel` and `paper_book` where it has room for them.
    """

    changed = Signal()

    def __init__(self, frame: Frame, strip: PrintStrip) -> None:
        super().__init__()
        self.setObjectName("register_fields")
        self._frame, self._strip = frame, strip
        self._span = Span(local_day(frame.worklist.now()).year)
        self._saving: Running | None = None
        self._make_fields()
        self._connect()
        self._lay_out()

    def open_year(self, year: int = 0) -> None:
        """The whole of a year; 0: this year."""
        this_year = local_day(self._frame.office.now).year
        years = range(this_year, this_year - _YEARS_BACK, -1)
        self.year.set_choices([(str(each), str(each)) for each in years])
        self.year.set_key(str(year or this_year))
        self.book.set_key("0")
        self.part.set_key(_WHOLE)
        self._show_part()
        self.read_books()
        self._span = Span(int(self.year.key()))

    def show_all(self, is_shown: bool) -> None:
        """With the buttons that stand elsewhere."""
        self.setVisible(is_shown)
        self.excel.setVisible(is_shown)
        self.paper_book.setVisible(is_shown and Role.ADMIN in self._frame.office.officer.roles)

    def span(self) -> Span:
        """The last part that was asked for rightly."""
        return self._span

    def read_books(self) -> None:
        office, year = self._frame.office, int(self.year.key())
        read = partial(books_of_year, office, year)
        self._frame.tasks.run(self, read, self._show_books, where="files", busy=False)

    # What is asked for

    def _asked(self) -> Span:
        """Raises InputError."""
        year, desk, part = int(self.year.key()), int(self.book.key() or 0), self.part.key()
        if part == _NUMBERS:
            span = Span(year, desk, _number(self.first), _number(self.last))
        elif part == _DAYS:
            today = local_day(self._frame.office.now)
            days = [
                parse_day(each.text(), today, each.name()) if each.text() else None
                for each in (self.first_on, self.last_on)
            ]
            span = Span(year, desk, first_on=days[0], last_on=days[1])
        else:
            span = Span(year, desk)
        span.require()
        return span

    def _ask(self) -> None:
        fields = {field.name(): field for field in (self.first, self.last, self.first_on, self.last_on)}
        for field in fields.values():
            field.set_error("")
        try:
            asked = self._asked()
        except InputError as error:
            fields.get(error.field or "", self.last).set_error(error_words(error))
            return
        if asked != self._span:
            self._span = asked
            self.changed.emit()

    def _choose_year(self) -> None:
        self.read_books()
        self._ask()

    def _choose_part(self) -> None:
        self._show_part()
        self._ask()

    def _show_part(self) -> None:
        part = self.part.key()
        for shown, fields in ((_NUMBERS, (self.first, self.last)), (_DAYS, (self.first_on, self.last_on))):
            for field in fields:
                field.setVisible(part == shown)

    def _show_books(self, books: tuple[Book, ...]) -> None:
        """One book is not asked about."""
        self.book.set_choices([_ALL, *((str(book.desk), book.words) for book in books)])
        self.book.setVisible(len(books) > 1)
        self._ask()

    # Excel

    def save(self) -> None:
        """Asks where."""
        folder = Path(self._frame.settings.text("print.folder") or Path.home())
        name = f"{self._span.title}.xlsx"
        dialog = QFileDialog(self, "Lưu Excel", str(folder), "Excel (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_to(self, path: Path) -> None:
        if self._saving is not None:
            return
        self._frame.change_setting("print.folder", str(path.parent))
        self.excel.setEnabled(False)
        self._strip.show_progress(f"Đang lưu {path.name}…", 0, 0)
        self._saving = self._frame.tasks.run_long(
            self,
            partial(_save, self._frame.office, self._span, path),
            partial(self._show_saved, path),
            self._show_unsaved,
            on_progress=self._show_saving,
            on_cancelled=partial(self._end, "Đã huỷ, không lưu tệp nào.", "info"),
            where="files",
        )

    def cancel(self) -> bool:
        """Stops the file that is being written; False when there is none."""
        if self._saving is None:
            return False
        self._saving.cancel()
        return True

    def _show_saving(self, report: Report) -> None:
        self._strip.show_progress(f"Đang lưu Excel: {report.words}", 0, 0)

    def _show_saved(self, path: Path, lines: int) -> None:
        self._end(f"Đã lưu {path.name}, {lines} dòng", "circle-check")

    def _show_unsaved(self, error: OfficeError) -> None:
        self._end(f"{error.title.rstrip('.')}. {error.message}", "triangle-alert")

    def _end(self, words: str, icon: str) -> None:
        self._saving = None
        self.excel.setEnabled(True)
        self._strip.show_words(words, icon)

    # Another book before this one

    def _continue_book(self) -> None:
        from ui.register_book import BookDialog

        dialog = BookDialog(self, self._frame, int(self.year.key()))
        dialog.saved.connect(self.read_books)
        dialog.saved.connect(self.changed)
        dialog.open()

    # Parts

    def _make_fields(self) -> None:
        today = local_day(self._frame.worklist.now())
        self.year = ComboField("year", "Năm", [(str(self._span.year), str(self._span.year))])
        self.book = ComboField("book", "Quyển số", [_ALL])
        self.part = ComboField("part", "Phần của sổ", _PARTS)
        self.first = LineField("first", "Từ số")
        self.last = LineField("last", "Đến số")
        self.first_on = day_field("first_on", "Từ ngày", today)
        self.last_on = day_field("last_on", "Đến ngày", today)
        for field, words in (
            (self.first, "từ đầu quyển"),
            (self.last, "tới cuối quyển"),
            (self.first_on, "từ đầu năm"),
            (self.last_on, "tới cuối năm"),
        ):
            field.editor.setPlaceholderText(words)  # a hint below each would cost the preview its room
        self.excel = plain("Excel…", icon="download")
        self.paper_book = Button("Nối sổ giấy…", "quiet", icon="pen-line")
        for digits in (self.first, self.last):
            digits.set_digits()
        for narrow in (self.year, self.book):
            narrow.editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.book.hide()

    def _connect(self) -> None:
        self.year.changed.connect(self._choose_year)
        self.book.changed.connect(self._ask)
        self.part.changed.connect(self._choose_part)
        for field in (self.first, self.last, self.first_on, self.last_on):
            field.left.connect(self._ask)
            field.editor.returnPressed.connect(self._ask)
        self.excel.clicked.connect(self.save)
        self.paper_book.clicked.connect(self._continue_book)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(row_of((self.year, 0), (self.book, 0), (self.part, 1)))
        column.addLayout(row_of((self.first, 1), (self.last, 1), (self.first_on, 1), (self.last_on, 1)))
        self._show_part()


def _number(field: Field) -> int:
    text = field.text().replace(".", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 9):
        raise InputError(
            "Số thứ tự chưa đúng", "Nhập số, ví dụ 42; để trống nếu không giới hạn.", field.name()
        )
    return int(text or 0)


def _save(office: Office, span: Span, path: Path, progress: Progress) -> int:
    def tell(line: int) -> None:
        progress.check()
        progress.report(line, 0, f"dòng {line}")

    return save_register(office, span, path, tell)
