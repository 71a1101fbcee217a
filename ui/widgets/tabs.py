"""Tabs with counts above a list: "Quá hạn 4"."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QToolButton

from ui import look

_PAD, _GAP = 14, 6
_SCROLLS = ("Các thẻ bên trái", "Các thẻ bên phải")


class TabBar(QTabBar):
    """Left and right arrows change the tab; `chosen(key)` says which."""

    chosen = Signal(str)

    def __init__(self, name: str, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button, spoken in zip(self.findChildren(QToolButton), _SCROLLS, strict=False):
            button.setAccessibleName(spoken)  # Qt gives them English names that no translation reaches
        self._counts: dict[str, int | None] = {}
        self._words: dict[str, str] = {}
        self.currentChanged.connect(self._changed)

    def set_tabs(self, tabs: Sequence[tuple[str, str, int | None]]) -> None:
        """(key, words, count or None) from left to right; the first is chosen, silently."""
        self.blockSignals(True)
        while self.count():
            self.removeTab(0)
        for key, words, count in tabs:
            self._words[key], self._counts[key] = words, count
            place = self.addTab(self._full(key))
            self.setTabData(place, key)
        self.blockSignals(False)

    def set_count(self, key: str, count: int | None) -> None:
        place = self._place(key)
        if place >= 0 and self._counts.get(key) != count:
            self._counts[key] = count
            self.setTabText(place, self._full(key))

    def key(self) -> str:
        return str(self.tabData(self.currentIndex()) or "")

    def choose(self, key: str) -> None:
        if self._place(key) >= 0:
            self.setCurrentIndex(self._place(key))

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as when it is bold, so that choosing does not move the others."""
        words, count = self._parts(index)
        metrics = QFontMetrics(look.font(is_bold=True))
        width = metrics.horizontalAdvance(words) + look.px(2 * _PAD)
        width += metrics.horizontalAdvance(count) + look.px(_GAP) if count else 0
        return QSize(width, look.px(40))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self.count()):
            self._paint_tab(painter, index)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        rect, is_on = self.tabRect(index), index == self.currentIndex()
        words, count = self._parts(index)
        painter.setFont(look.font(is_bold=is_on))
        metrics = painter.fontMetrics()
        used = metrics.horizontalAdvance(words)
        used += metrics.horizontalAdvance(count) + look.px(_GAP) if count else 0
        left = rect.left() + (rect.width() - used) // 2
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setPen(look.colour("text" if is_on else "dim"))
        painter.drawText(QRect(left, rect.top(), rect.width(), rect.height()), middle, words)
        if count:
            at = left + metrics.horizontalAdvance(words) + look.px(_GAP)
            painter.setPen(look.colour("accent" if is_on else "dim"))
            painter.drawText(QRect(at, rect.top(), rect.width(), rect.height()), middle, count)
        if is_on:
            line = QRect(rect.left(), rect.bottom() - look.px(3) + 1, rect.width(), look.px(3))
            painter.fillRect(line, look.colour("accent"))
        if is_on and self.hasFocus():
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -5), 4, 4)

    def _parts(self, index: int) -> tuple[str, str]:
        key = str(self.tabData(index) or "")
        count = self._counts.get(key)
        number = "" if count is None else f"{count:,}".replace(",", ".")
        return self._words.get(key, self.tabText(index)), number

    def _full(self, key: str) -> str:
        """What a screen reader says."""
        count = self._counts.get(key)
        return self._words[key] if count is None else f"{self._words[key]} {count}"

    def _place(self, key: str) -> int:
        return next((i for i in range(self.count()) if self.tabData(i) == key), -1)

    def _changed(self, _: int) -> None:
        if self.key():
            self.chosen.emit(self.key())
