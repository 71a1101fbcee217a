"""The papers of a dossier: small pages on the left, the chosen paper on white beside them.

Decrypting and drawing happen beside the window's thread; a batch of pages at a time, so that
a scan of three hundred pages is as quick to open as one of three.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from onestop.domain.dossier import Dossier, Paper
from onestop.errors import OfficeError, StoreError
from onestop.office.office import Office
from onestop.office.papers import ask_for_paper, open_paper
from onestop.printing import PageImage, page_count, page_images, thumbnail
from ui import look
from ui.acts.parts import size_words
from ui.tasks import Progress, Running, Tasks
from ui.widgets import Button, EmptyState, PageView, Thumbnails, label, plain, to_image

BATCH = 8
_DPI = 110
_PICTURE_PX = 1700
_SMALL_PX = 200
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Pages:
    """Some pages of a paper: `first` from 0, `total` of the whole."""

    images: Sequence[PageImage]
    first: int
    total: int


def read_pages(office: Office, dossier_id: str, paper: Paper, first: int) -> Pages:
    """A batch of pages as pictures. Raises StoreError or PrintError."""
    if ask_for_paper(office, dossier_id, paper):
        raise StoreError(
            f"Tệp “{paper.title}” chưa có trên máy này",
            "Chương trình đang tải tệp từ máy chủ; hãy mở lại sau ít phút. Ngoại tuyến thì tải khi có mạng.",
        )
    blob = open_paper(office, dossier_id, paper.sha256)
    if paper.mime != _PDF:
        return Pages((thumbnail(blob, paper.mime, _PICTURE_PX),), 0, 1)
    return Pages(page_images(blob, _DPI, first, first + BATCH - 1), first, page_count(blob))


def read_small(office: Office, dossier_id: str, papers: Sequence[Paper], progress: Progress) -> None:
    """Says (place, picture or None) for each paper; one that cannot be drawn stops no other."""
    for place, paper in enumerate(papers):
        progress.check()
        try:
            blob = open_paper(office, dossier_id, paper.sha256)
            progress.say((place, thumbnail(blob, paper.mime, _SMALL_PX)))
        except OfficeError:
            progress.say((place, None))


class PapersTab(QWidget):
    """`attach_asked`, `detach_asked(sha256)`: the page opens the form of the act."""

    attach_asked = Signal()
    detach_asked = Signal(str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._office: Office | None = None
        self._dossier_id = ""
        self._papers: tuple[Paper, ...] = ()
        self._small: list[QImage] = []
        self._running: Running | None = None
        self._pages = Pages((), 0, 0)
        self._question = 0
        self._make_views()
        self._make_buttons()
        self._lay_out()

    def _make_views(self) -> None:
        self.small = Thumbnails("papers", 88)
        self.small.setAccessibleName("Giấy tờ của hồ sơ")
        self.small.setFlow(QListView.Flow.TopToBottom)
        self.small.setWrapping(False)
        self.small.setWordWrap(True)
        self.small.setFixedWidth(look.px(156))
        self.small.chosen.connect(self.open_paper)
        self.view = PageView("paper_view")
        self.caption = label("", "dim")
        self._empty = EmptyState(
            "paperclip", "Chưa có tệp giấy tờ", "Thêm bản quét PDF, JPEG hoặc PNG của giấy tờ đã nộp."
        )

    def show_dossier(self, office: Office, dossier: Dossier, can_attach: bool, can_detach: bool) -> None:
        """Reads the small pictures only when the papers are others than before."""
        self.attach.setVisible(can_attach)
        self._can_detach = can_detach
        papers = dossier.visible_papers
        is_same = dossier.id == self._dossier_id and papers == self._papers
        self._office, self._dossier_id = office, dossier.id
        if not is_same:
            self._papers = papers
            self._begin()
        self.detach.setVisible(can_detach and bool(papers))

    def current(self) -> Paper | None:
        row = self.small.currentRow()
        return self._papers[row] if 0 <= row < len(self._papers) else None

    def open_paper(self, row: int, first: int = 0) -> None:
        """Shows a paper from page `first` on; only the newest question is answered."""
        if self._office is None or not 0 <= row < len(self._papers):
            return
        paper = self._papers[row]
        self._question += 1
        self.caption.setText(f"{paper.title} · đang mở…")
        read = partial(read_pages, self._office, self._dossier_id, paper, first)
        self._tasks.run(
            self,
            read,
            partial(self._show, self._question, paper),
            partial(self._failed, self._question, paper),
            where="files",
        )

    def turn(self, step: int) -> None:
        """The next or the previous batch of pages."""
        first = self._pages.first + step * BATCH
        if 0 <= first < self._pages.total:
            self.open_paper(self.small.currentRow(), first)

    def _begin(self) -> None:
        has_papers = bool(self._papers)
        for part in (self.small, self.view, self._bar):
            part.setVisible(has_papers)
        self._empty.setVisible(not has_papers)
        self._small = [_blank() for _ in self._papers]
        self._fill()
        self.view.set_images([])
        self._pages = Pages((), 0, 0)
        self._show_turns()
        if self._running:
            self._running.cancel()
        if has_papers:
            self.small.setCurrentRow(0)
            self._read_small()

    def _read_small(self) -> None:
        assert self._office is not None  # there are papers, so a dossier is shown
        work = partial(read_small, self._office, self._dossier_id, self._papers)
        self._running = self._tasks.run_long(
            self, work, lambda _: self._fill(), on_progress=self._take_small, where="files"
        )

    def _take_small(self, answer: tuple[int, PageImage | None]) -> None:
        place, image = answer
        if image is not None and place < len(self._small):
            self._small[place] = to_image(image)

    def _fill(self) -> None:
        row = self.small.currentRow()
        self.small.set_images(self._small, [_short(paper.title) for paper in self._papers])
        for place, paper in enumerate(self._papers):
            self.small.item(place).setToolTip(f"{paper.title} · {size_words(paper.length)}")
        if row >= 0:
            self.small.blockSignals(True)
            self.small.setCurrentRow(row)
            self.small.blockSignals(False)

    def _show(self, question: int, paper: Paper, pages: Pages) -> None:
        if question != self._question:
            return
        self._pages = pages
        self.view.set_pages(pages.images)
        last = pages.first + len(pages.images)
        count = f"trang {pages.first + 1}–{last} / {pages.total}" if pages.total > 1 else "1 trang"
        self.caption.setText(f"{_short(paper.title, 44)} · {count} · {size_words(paper.length)}")
        self._show_turns()

    def _failed(self, question: int, paper: Paper, error: OfficeError) -> None:
        if question == self._question:
            self.view.set_images([])
            self.caption.setText(f"{_short(paper.title, 30)}: {error.title}. {error.message}")

    def _show_turns(self) -> None:
        self._before.setVisible(self._pages.first > 0)
        self._after.setVisible(self._pages.first + len(self._pages.images) < self._pages.total)

    def _make_buttons(self) -> None:
        self.attach = plain("&Thêm giấy tờ", icon="paperclip")
        self.attach.clicked.connect(self.attach_asked)
        self.detach = plain("Gỡ giấ&y tờ", icon="trash-2")
        self.detach.clicked.connect(self._ask_detach)
        self._before = _small_button("chevron-left", "Các trang trước")
        self._before.clicked.connect(lambda: self.turn(-1))
        self._after = _small_button("chevron-right", "Các trang sau")
        self._after.clicked.connect(lambda: self.turn(1))
        self._out = _small_button("zoom-out", "Thu nhỏ trang")
        self._out.clicked.connect(lambda: self.view.zoom_by(1 / 1.25))
        self._in = _small_button("zoom-in", "Phóng to trang")
        self._in.clicked.connect(lambda: self.view.zoom_by(1.25))
        self._can_detach = False

    def _ask_detach(self) -> None:
        paper = self.current()
        if paper is not None:
            self.detach_asked.emit(paper.sha256)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.addWidget(self.attach)
        acts.addWidget(self.detach)
        acts.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(look.px(4))
        right.addWidget(self._make_bar())
        right.addWidget(self.view, 1)
        middle = QHBoxLayout()
        middle.setSpacing(look.px(12))
        middle.addWidget(self.small)
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.px(8), 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(acts)
        column.addLayout(middle, 1)
        column.addWidget(self._empty, 1)

    def _make_bar(self) -> QWidget:
        """Above the page: which paper, which pages, how large."""
        self._bar = QWidget()
        turns = QHBoxLayout(self._bar)
        turns.setContentsMargins(0, 0, 0, 0)
        turns.setSpacing(look.px(2))
        self.caption.setMinimumWidth(look.px(80))
        turns.addWidget(self.caption, 1)
        for part in (self._before, self._after, self._out, self._in):
            turns.addWidget(part)
        return self._bar


def _small_button(icon: str, words: str) -> Button:
    made = Button("", "quiet", icon=icon)
    made.setAccessibleName(words)
    made.setToolTip(words)
    return made


def _blank() -> QImage:
    """A white sheet until the picture comes."""
    made = QImage(70, 99, QImage.Format.Format_RGB32)
    made.fill(0xFFFFFFFF)
    return made


def _short(text: str, limit: int = 34) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
