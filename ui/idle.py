"""Nobody at the keyboard for some minutes: the screen locks itself."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

_SIGNS = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
)


class IdleWatch(QObject):
    """`idle` after `minutes` without a key or a move in the window; 0 minutes: never."""

    idle = Signal()

    def __init__(self, window: "QWindow", minutes: int) -> None:
        super().__init__(window)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idle)
        self.set_minutes(minutes)
        window.installEventFilter(self)

    def set_minutes(self, minutes: int) -> None:
        self._timer.setInterval(minutes * 60_000)
        self._is_on = minutes > 0
        self._timer.start() if self._is_on else self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_on and event.type() in _SIGNS:
            self._timer.start()
        return False
