"""Fields that only acts need: money in đồng, and files on their way into the store."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from onestop.domain.entry import BlobRef
from onestop.errors import InputError, OfficeError
from onestop.office.intake import PaperForm
from onestop.office.office import Office
from onestop.office.papers import keep_paper
from ui import look
from ui.tasks import Tasks
from ui.widgets import Button, Field, LineField, error_words, label


class MoneyField(LineField):
    """Whole đồng: `8000`, `8.000`, `8 000 đ` are the same; shown with thousand dots."""

    def __init__(self, name: str, title: str, amount_vnd: int = 0) -> None:
        super().__init__(name, title, "Số đồng, ví dụ 8.000", self._what_is_wrong)
        self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.set_digits()
        self.set_text(dotted(amount_vnd) if amount_vnd else "")

    def amount(self) -> int:
        """Raises InputError for what is no whole number of đồng."""
        return parse_money(self.text(), self.name())

    def tidy(self) -> None:
        super().tidy()
        if self.text() and not self._what_is_wrong(self.text()):
            self.editor.setText(dotted(self.amount()))

    def _what_is_wrong(self, text: str) -> str:
        try:
            parse_money(text, self.name()) if text else 0
        except InputError as error:
            return error_words(error)
        return ""


def dotted(amount_vnd: int) -> str:
    return f"{amount_vnd:,}".replace(",", ".")


def parse_money(text: str, field: str) -> int:
    """Raises InputError. Dots, commas and blanks only part the thousands: there is no half đồng."""
    plain = text.casefold().removesuffix("đồng").removesuffix("vnd").removesuffix("đ")
    digits = "".join(c for c in plain if c not in "., \u00a0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise InputError("Số tiền chưa đúng", "Chỉ nhập số đồng, ví dụ 8.000.", field)
    return int(digits)


def choose_files(parent: QWidget) -> list[Path]:
    """The system's own window to choose scanned papers."""
    kinds = "Giấy tờ (*.pdf *.jpg *.jpeg *.png);;Mọi tệp (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, "Chọn giấy tờ", "", kinds)
    return [Path(name) for name in names]


class FilesField(Field):
    """Files chosen or dropped here go into the store at once, beside the window's work.

    Nothing names them yet: they belong to the dossier once the act is done.
    """

    editor: QListWidget

    def __init__(self, name: str, title: str, office: Office, tasks: Tasks) -> None:
        super().__init__(name, title, QListWidget(), "PDF, JPEG, PNG; kéo tệp vào đây cũng được")
        self._office, self._tasks = office, tasks
        self._kept: list[tuple[str, BlobRef]] = []
        self._underway = 0
        self.choose: Callable[[QWidget], list[Path]] = choose_files
        self.editor.setFixedHeight(look.px(76))
        self.editor.hide()
        self.setAcceptDrops(True)
        self._button = Button("&Chọn tệp…", "plain", icon="paperclip")
        self._button.clicked.connect(lambda: self.take(self.choose(self)))
        self._state = label("", "small", is_wrapped=True)
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addWidget(self._state, 1)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertLayout(2, row)
        self.setFocusProxy(self._button)

    def take(self, paths: list[Path]) -> None:
        """Keeps each file in the store; a file that cannot be kept is named with its reason."""
        for path in paths:
            self._underway += 1
            keep = partial(keep_paper, self._office, path)
            self._tasks.run(self, keep, partial(self._came, path), partial(self._failed, path), where="files")
        self._say()

    def papers(self, component_no: int | None = None) -> tuple[PaperForm, ...]:
        """Raises InputError while a file is still on its way."""
        if self._underway:
            raise InputError("Tệp đang được lưu", "Chờ lưu xong rồi thực hiện lại.", self.name())
        return tuple(
            PaperForm(ref.sha256, ref.length, ref.mime, title, component_no) for title, ref in self._kept
        )

    def text(self) -> str:
        return "\n".join(title for title, _ in self._kept)

    def set_text(self, text: str) -> None:
        """A list of files is not filled from text."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _came(self, path: Path, ref: BlobRef) -> None:
        self._underway -= 1
        if any(known.sha256 == ref.sha256 for _, known in self._kept):
            self.set_error(f"Tệp “{path.name}” đã có trong danh sách")
        else:
            self._kept.append((path.stem, ref))
            self.editor.addItem(f"{path.name} · {size_words(ref.length)}")
            self.set_error("")
        self._say()
        self.changed.emit()

    def _failed(self, path: Path, error: OfficeError) -> None:
        self._underway -= 1
        self.set_error(f"{error.title}. {error.message}")
        self._say()

    def _say(self) -> None:
        count = len(self._kept)
        kept = f"Đã lưu {count} tệp" if count else ""
        self.editor.setVisible(bool(count))
        self._state.setText(f"Đang lưu {self._underway} tệp…" if self._underway else kept)


def size_words(length: int) -> str:
    """`12 KB`, `3,4 MB`."""
    if length < 1024 * 1024:
        return f"{max(1, length // 1024)} KB"
    return f"{length / 1024 / 1024:.1f} MB".replace(".", ",")
