"""Ctrl+/: every shortcut of the program over the page; any Esc closes it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import look
from ui.keys import overview
from ui.widgets.basic import Button, label


def keys_table() -> QWidget:
    """All keys under their headings, in two columns."""
    made = QWidget()
    made.setProperty("look", "clear")
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look.px(32))
    headings = overview()
    for group in (headings[:1], headings[1:]):
        column = QVBoxLayout()
        column.setSpacing(look.px(4))
        for heading, lines in group:
            column.addWidget(label(heading, "section"))
            column.addLayout(_lines(lines))
            column.addSpacing(look.px(8))
        column.addStretch(1)
        row.addLayout(column, 1)
    return made


def _lines(lines: tuple[tuple[str, str], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(look.px(16))
    grid.setVerticalSpacing(look.px(2))
    grid.setColumnMinimumWidth(0, look.px(104))
    grid.setColumnStretch(1, 1)
    for place, (keys, words) in enumerate(lines):
        grid.addWidget(label(keys, "strong"), place, 0)
        grid.addWidget(label(words), place, 1)
    return grid


class KeysOverlay(QFrame):
    """Lies over the window; takes the focus and gives it back."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("keys_overlay")
        self.setAccessibleName("Mọi phím tắt")
        self.setProperty("look", "popup")
        self.setAutoFillBackground(True)
        self._came_from: QWidget | None = None
        close = Button("Đóng", "plain", "Esc")
        close.clicked.connect(self.close_overlay)
        head = QHBoxLayout()
        head.addWidget(label("Mọi phím tắt", "title"), 1)
        head.addWidget(close)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(keys_table())
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        side = look.px(24)
        column.setContentsMargins(side, look.px(16), side, look.px(16))
        column.setSpacing(look.px(12))
        column.addLayout(head)
        column.addWidget(scroll, 1)
        self._close = close
        self.hide()

    def open_overlay(self) -> None:
        window = self.window()
        self._came_from = window.focusWidget()
        width, height = min(look.px(860), window.width() - 40), min(look.px(720), window.height() - 40)
        self.setGeometry((window.width() - width) // 2, (window.height() - height) // 2, width, height)
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_overlay(self) -> None:
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
            self._came_from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_overlay()
        else:
            super().keyPressEvent(event)
