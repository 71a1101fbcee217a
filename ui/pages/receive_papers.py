"""Files of papers on the intake page: taken into the store at once, encrypted, off the window's thread."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from onestop.domain.dossier import ComponentLine
from onestop.errors import OfficeError, PrintError
from onestop.office.intake import PaperForm
from onestop.office.office import Office
from onestop.printing import PageImage, thumbnail
from onestop.store.papers import DRAFTS, keep_blob, open_blob
from ui import look
from ui.pages.receive_typed import short
from ui.tasks import Progress, Tasks
from ui.widgets import Button, Choice, ComboField, label, picture, plain, to_image

PIXELS = 112
HINT = "hoặc kéo tệp PDF, ảnh thả vào đây · tối đa 50 MB mỗi tệp"
FILTER = "Giấy tờ (*.pdf *.jpg *.jpeg *.png)"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the store now, with its small picture (None: cannot be shown)."""

    paper: PaperForm
    small: PageImage | None


class PaperLine(QFrame):
    """A kept file: picture, name, the component it is for."""

    changed = Signal()
    removed = Signal()

    def __init__(self, paper: PaperForm, lines: Sequence[ComponentLine]) -> None:
        super().__init__()
        self.paper = paper
        self._small = QLabel()
        self._small.setFixedSize(QSize(look.px(44), look.px(56)))
        self._small.setAlignment(Qt.AlignmentFlag.AlignCenter)
        look.set_icon(self._small, "file-text", "dim", 24)
        self.choice = ComboField(f"papers.{paper.sha256[:8]}", "", _choices(lines))
        self.choice.label.hide()
        # Else the longest name decides how wide the whole form must be.
        self.choice.editor.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.editor.setMinimumContentsLength(12)
        self.choice.editor.setAccessibleName(f"Tệp {paper.title} là giấy tờ nào")
        self.choice.set_key(str(paper.component_no or ""))
        self.choice.changed.connect(self._chosen)
        remove = Button("", "quiet", icon="trash-2")
        remove.setAccessibleName(f"Bỏ tệp {paper.title}")
        remove.setToolTip("Bỏ tệp này khỏi hồ sơ")
        remove.clicked.connect(self.removed)
        words = QHBoxLayout()
        words.addWidget(label(_short(paper.title), "strong"))
        words.addWidget(label(_size(paper), "small"))
        words.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(look.px(4))
        middle.addLayout(words)
        middle.addWidget(self.choice)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addWidget(self._small)
        row.addLayout(middle, 1)
        row.addWidget(remove)

    def show_small(self, small: PageImage) -> None:
        room = self._small.size()
        image = to_image(small).scaled(
            room * self.devicePixelRatioF(),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        image.setDevicePixelRatio(self.devicePixelRatioF())
        look.set_icon(self._small, "")
        self._small.setPixmap(QPixmap.fromImage(image))

    def has_picture(self) -> bool:
        return bool(self._small.property("onestop_icon")[0] == "")

    def set_lines(self, lines: Sequence[ComponentLine]) -> None:
        self.choice.set_choices(_choices(lines))
        self._take_choice()

    def _chosen(self) -> None:
        self._take_choice()
        self.changed.emit()

    def _take_choice(self) -> None:
        key = self.choice.key()
        self.paper = replace(self.paper, component_no=int(key) if key else None)


class PaperFiles(QWidget):
    """Add by F9, or drop files here. `failed` brings the words of a file that was not taken."""

    changed = Signal()
    failed = Signal(object)
    rebuilt = Signal()

    def __init__(self, name: str, tasks: Tasks, office: Callable[[], Office]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAcceptDrops(True)
        self._tasks, self._office = tasks, office
        self._lines: Sequence[ComponentLine] = ()
        self.rows: list[PaperLine] = []
        self._waiting = 0
        self._round = 0
        self.add = plain("Thêm tệp giấy tờ", "F9", "paperclip")
        self.add.setObjectName("papers_add")
        self._hint = label(HINT, "small", is_wrapped=True)
        self._error = label("", "error", is_wrapped=True)
        self._bar = QProgressBar()
        self._bar.hide()
        self._error.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(look.px(8))
        self._lay_out()

    def typed(self) -> tuple[PaperForm, ...]:
        return tuple(row.paper for row in self.rows)

    def fill(self, papers: Sequence[PaperForm]) -> None:
        """Shows kept files (of a draft); their pictures are read from the store."""
        self._round += 1
        self._waiting = 0
        self._show_progress()
        self.show_error("")
        for row in self.rows:
            self._drop_row(row)
        self.rows = []
        for paper in papers:
            row = self._add_row(paper)
            office = self._office()
            self._tasks.run(row, partial(_picture, office, paper), self._shower(row), where="files")

    def set_lines(self, lines: Sequence[ComponentLine]) -> None:
        """The components a file may belong to."""
        self._lines = lines
        for row in self.rows:
            row.set_lines(lines)

    def counts(self) -> Mapping[int | None, int]:
        return Counter(row.paper.component_no for row in self.rows)

    def ask(self, component_no: int | None) -> None:
        """F9: the dialog for files."""
        names, _ = QFileDialog.getOpenFileNames(self, "Chọn tệp giấy tờ", "", FILTER)
        self.take_files([Path(name) for name in names], component_no)

    def take_files(self, paths: Sequence[Path], component_no: int | None = None) -> None:
        """Takes files into the store one after another; each fault is told by name."""
        self.show_error("")
        office, round_now = self._office(), self._round
        for path in paths:
            self._waiting += 1
            self._tasks.run_long(
                self,
                partial(_keep, office, path, component_no),
                lambda kept: self._kept(kept, round_now),
                lambda error: self._not_kept(error, round_now),
            )
        self._show_progress()

    def show_error(self, words: str) -> None:
        self._error.setText(words)
        self._error.setVisible(bool(words))

    def error(self) -> str:
        return self._error.text()

    def is_busy(self) -> bool:
        return self._waiting > 0

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.take_files(paths)

    def _kept(self, kept: Kept, round_now: int) -> None:
        if round_now != self._round:
            return
        self._waiting -= 1
        self._show_progress()
        if any(row.paper.sha256 == kept.paper.sha256 for row in self.rows):
            self.show_error(f"Tệp “{kept.paper.title}” đã có trong danh sách.")
            return
        row = self._add_row(kept.paper)
        if kept.small:
            row.show_small(kept.small)
        self.changed.emit()

    def _not_kept(self, error: OfficeError, round_now: int) -> None:
        if round_now != self._round:
            return
        self._waiting -= 1
        self._show_progress()
        words = f"{error.title}. {error.message}"
        self.show_error(f"{self.error()}\n{words}".strip())
        self.failed.emit(error)

    def _add_row(self, paper: PaperForm) -> PaperLine:
        row = PaperLine(paper, self._lines)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._list.addWidget(row)
        self.rebuilt.emit()
        return row

    def _remove(self, row: PaperLine) -> None:
        self.rows.remove(row)
        self._drop_row(row)
        self.add.setFocus()
        self.changed.emit()

    def _drop_row(self, row: PaperLine) -> None:
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _shower(self, row: PaperLine) -> Callable[[PageImage | None], None]:
        return lambda small: row.show_small(small) if small else None

    def _show_progress(self) -> None:
        self._bar.setVisible(self._waiting > 0)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(f"Đang mã hoá {self._waiting} tệp")
        self._hint.setText(f"Đang mã hoá và lưu {self._waiting} tệp…" if self._waiting else HINT)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(self.add)
        row.addWidget(picture("download", "dim", 16))
        row.addWidget(self._hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self._error)
        column.addLayout(self._list)


def _keep(office: Office, path: Path, component_no: int | None, progress: Progress) -> Kept:
    """In a worker. Raises InputError or StoreError naming the file."""
    progress.check()
    ref = keep_blob(office.store, path)
    paper = PaperForm(ref.sha256, ref.length, ref.mime, path.name, component_no)
    try:
        return Kept(paper, thumbnail(path.read_bytes(), ref.mime, PIXELS))
    except (PrintError, OSError):
        return Kept(paper, None)


def _picture(office: Office, paper: PaperForm) -> PageImage | None:
    """In a worker: the small picture of a kept file; None when it cannot be opened for a draft."""
    try:
        return thumbnail(open_blob(office.store, DRAFTS, paper.sha256), paper.mime, PIXELS)
    except OfficeError:
        return None


def _choices(lines: Sequence[ComponentLine]) -> list[tuple[str, str]]:
    named = [(str(line.no), f"{line.no}. {short(line.name)}") for line in lines]
    return [("", "Giấy tờ khác của hồ sơ"), *named]


def _size(paper: PaperForm) -> str:
    if paper.length < 1024 * 1024:
        return f"{max(1, round(paper.length / 1024))} KB"
    return f"{paper.length / 1024 / 1024:.1f} MB".replace(".", ",")


def _short(text: str, limit: int = 48) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
