"""Where the window stood last time; a screen that is gone is no reason to lose the window."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

_LEAST_SEEN = 120
_USUAL = QSize(1366, 768)


@dataclass(frozen=True, slots=True)
class Geometry:
    """Of the window when it is not maximised, in screen pixels."""

    x: int
    y: int
    width: int
    height: int
    is_maximised: bool = False


def load_geometry(path: Path) -> Geometry | None:
    """None when there is none, or when it cannot be read."""
    try:
        return Geometry(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_geometry(path: Path, window: QMainWindow) -> None:
    """Raises OSError."""
    rect = window.normalGeometry()
    kept = Geometry(rect.x(), rect.y(), rect.width(), rect.height(), window.isMaximized())
    path.write_text(json.dumps(asdict(kept)), "utf-8")


def brought_back(wanted: QRect, screens: list[QRect]) -> QRect:
    """The rectangle itself if enough of its head bar lies on a screen; else on the first screen."""
    for screen in screens:
        seen = screen.intersected(QRect(wanted.x(), wanted.y(), wanted.width(), 40))
        if seen.width() >= _LEAST_SEEN and seen.height() > 0:
            return QRect(wanted.topLeft(), wanted.size().boundedTo(screen.size()))
    home = screens[0]
    made = QRect(home.topLeft(), wanted.size().boundedTo(home.size()))
    made.moveCenter(home.center())
    return made


def place_window(window: QMainWindow, kept: Geometry | None) -> None:
    """As it stood, or 1366 × 768 at first."""
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    if kept is None:
        wanted = QRect(screens[0].topLeft(), screens[0].size().boundedTo(_USUAL))
        wanted.moveCenter(screens[0].center())
    else:
        wanted = QRect(kept.x, kept.y, kept.width, kept.height)
    window.setGeometry(brought_back(wanted, screens))
    if kept is not None and kept.is_maximised:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
