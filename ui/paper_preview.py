"""The paper as it will be printed: white pages, drawn anew for every zoom so that they stay sharp."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from onestop.printing import PageImage
from ui import look
from ui.print_work import MOST_SHOWN, Made, show_pages
from ui.tasks import Running, Tasks
from ui.widgets import Button, PageView, label

_SETTLE_MS = 150
_STEP = 1.25
_MOST_PIXELS = 2400  # A4 at 290 dpi; beyond that the picture is only stretched


class _Pages(PageView):
    """Says when its pages have become larger or smaller."""

    resized = Signal()

    def set_zoom(self, zoom: float) -> None:
        super().set_zoom(zoom)
        self.resized.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class PaperPreview(QWidget):
    """`shown` comes when the pages stand there at the sharpness of the present zoom."""

    shown = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._made: Made | None = None
        self._pixels = 0
        self._running: Running | None = None
        self.pages = _Pages("paper_pages")
        # A bar that comes and goes would change the fitting width, and with it every picture.
        self.pages.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.pages.resized.connect(self._wait)
        self._caption = label("", "small", is_wrapped=True)
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addLayout(self._head())
        column.addWidget(self.pages, 1)

    def show_paper(self, made: Made | None) -> None:
        """None: an empty desk, while another dossier's paper is being made."""
        if self._running is not None:
            self._running.cancel()
        self._made, self._pixels = made, 0
        if made is None:
            self.pages.set_pages([])
            self.fit()
        else:
            self._draw()

    def set_caption(self, words: str) -> None:
        self._caption.setText(words)

    def caption(self) -> str:
        return self._caption.text()

    def most_shown(self) -> int:
        return MOST_SHOWN

    def fit(self) -> None:
        """As wide as the view."""
        self.pages.set_zoom(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wait()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom, 0 fits; with Ctrl they belong to the whole program."""
        steps = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: 1 / _STEP}
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.pages.zoom_by(steps[key])
        elif key is Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._caption, 1)
        for icon, short, words, slot in (
            ("zoom-out", "", "Nhỏ hơn (phím -)", lambda: self.pages.zoom_by(1 / _STEP)),
            ("", "Vừa", "Vừa bề ngang (phím 0)", self.fit),
            ("zoom-in", "", "Lớn hơn (phím +)", lambda: self.pages.zoom_by(_STEP)),
        ):
            button = Button(short, "quiet", icon=icon)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(slot)
            row.addWidget(button)
        return row

    def _wait(self) -> None:
        if self._made is not None:
            self._timer.start()

    def _draw(self) -> None:
        """Renders at the width the pages have now; a picture of that very width is kept."""
        if self._made is None or not self.isVisible():
            return
        pixels = min(_MOST_PIXELS, round(self.pages.page_width() * self.devicePixelRatioF()))
        if pixels == self._pixels:
            return
        self._pixels = pixels
        wanted = self._made.wanted
        if self._running is not None:
            self._running.cancel()
        self._running = self._tasks.run(
            self,
            partial(show_pages, self._made.pdf, wanted.size, pixels),
            self._show,
            where="files",
            busy=False,
        )

    def _show(self, pages: Sequence[PageImage]) -> None:
        self._running = None
        self.pages.swap_pages(pages)
        self.shown.emit()
