"""A drop-down list found by typing, without marks."""

from PySide6.QtCore import QElapsedTimer, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView

from onestop.domain.text import fold
from ui import look

_PAUSE_MS = 1000


class Choice(QComboBox):
    """Not editable; typed letters jump to the first entry that begins with them."""

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""
        self._since = QElapsedTimer()
        self._list = _ChoiceList(self)
        self.setView(self._list)
        self.setMaxVisibleItems(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def find_typed(self, text: str) -> int:
        """Row for the letters typed so far, -1 when none fits: start of the words, then inside."""
        if not self._since.isValid() or self._since.restart() > _PAUSE_MS:
            self._typed = ""
            self._since.start()
        self._typed += fold(text)
        words = [fold(self.itemText(row)) for row in range(self.count())]
        starts = [row for row, each in enumerate(words) if each.startswith(self._typed)]
        inside = [row for row, each in enumerate(words) if f" {self._typed}" in f" {each}"]
        return next(iter(starts + inside), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        is_command = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_command or not text.strip() or not text.isprintable():
            super().keyPressEvent(event)
            return
        row = self.find_typed(text)
        if row >= 0 and row != self.currentIndex():
            self.setCurrentIndex(row)
            self.activated.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the page must not change an answer on the way."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = look.px(18)
        place = QPoint(self.width() - side - look.px(8), (self.height() - side) // 2)
        painter.drawPixmap(place, look.pixmap("chevron-down", "dim", 18))
        painter.end()


class _ChoiceList(QListView):
    def __init__(self, choice: Choice) -> None:
        super().__init__(choice)
        self._choice = choice

    def keyboardSearch(self, search: str) -> None:
        row = self._choice.find_typed(search)
        if row >= 0:
            self.setCurrentIndex(self.model().index(row, 0))
