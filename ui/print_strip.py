"""One line of the print panel: what is going on, or how it ended, with one thing to do about it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from ui import look
from ui.widgets import Button, announce, label, picture

_ROLES = {"circle-check": "success_icon", "info": "dim", "triangle-alert": "error"}


class PrintStrip(QFrame):
    """Hidden while there is nothing to say. `cancelled` is its "Huỷ" while something moves."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("print_strip")
        self._picture = picture("info", "dim", 20)
        self._words = label("", is_wrapped=True)
        self._link = Button("", "link")
        self._link.clicked.connect(self._follow)
        self._action: Callable[[], object] | None = None
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Tiến độ in")
        self._stop = Button("Huỷ", "plain")
        self._stop.clicked.connect(self.cancelled)
        self._lay_out()
        self.hide()

    def show_progress(self, words: str, done: int, total: int) -> None:
        """`total` 0: nobody knows how much is left."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._show(words, "", "", is_moving=True)

    def show_words(
        self, words: str, icon: str, action: str = "", on_action: Callable[[], object] | None = None
    ) -> None:
        """How it ended; said to a screen reader too."""
        self._action = on_action
        self._show(words, icon, action, is_moving=False)
        announce(self, words)

    def show_error(self, words: str) -> None:
        self.show_words(words, "triangle-alert")

    def clear(self) -> None:
        self.hide()
        self._words.setText("")
        self._action = None

    def words(self) -> str:
        return self._words.text()

    def is_moving(self) -> bool:
        return not self._bar.isHidden() and not self.isHidden()

    def link(self) -> Button:
        return self._link

    def stop(self) -> Button:
        return self._stop

    def _show(self, words: str, icon: str, action: str, *, is_moving: bool) -> None:
        self._words.setText(words)
        look.dress(self._words, "error" if icon == "triangle-alert" else "")
        self._picture.setVisible(bool(icon))
        if icon:
            look.set_icon(self._picture, icon, _ROLES[icon], 20)
        self._link.setText(action)
        self._link.setAccessibleName(action)
        self._link.setVisible(bool(action))
        self._bar.setVisible(is_moving)
        self._stop.setVisible(is_moving)
        self.show()

    def _follow(self) -> None:
        if self._action is not None:
            self._action()

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(look.px(8))
        words.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        words.addWidget(self._words, 1)
        words.addWidget(self._link, 0, Qt.AlignmentFlag.AlignVCenter)
        moving = QHBoxLayout()
        moving.setSpacing(look.px(8))
        moving.addWidget(self._bar, 1)
        moving.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addLayout(words)
        column.addLayout(moving)
