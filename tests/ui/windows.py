"""A page or a section alone in a window, and what can be pressed in it."""

import re

from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

# What a section of Quản trị has of a window of 1366 and of 1024, beside the rail and the list of sections.
WIDE, NARROW = (1050, 674), (708, 604)


def in_window(inside: QWidget, qtbot: QtBot, size: tuple[int, int] = WIDE) -> QWidget:
    """The window that shows it, in front."""
    window = QWidget()
    window.setProperty("look", "page")
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inside)
    window.resize(*size)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def access_keys(root: QWidget) -> list[tuple[str, str]]:
    """(letter, words) of everything in sight that answers to Alt and a letter."""
    found = []
    for part in root.findChildren(QWidget):
        if not part.isVisible():
            continue
        texts = []
        if isinstance(part, QAbstractButton) or (isinstance(part, QLabel) and part.buddy()):
            texts = [part.text()]
        elif isinstance(part, QTabBar):
            texts = [part.tabText(place) for place in range(part.count())]
        found += [(match[1].upper(), text) for text in texts if (match := re.search(r"&([^&\s])", text))]
    return found


def letters(root: QWidget) -> list[str]:
    """The letters alone."""
    return [letter for letter, _ in access_keys(root)]
