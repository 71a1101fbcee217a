"""What lies beside or over a page: error summary, toast, drawer."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import look
from ui.widgets.basic import Button, announce, label

TOAST_MS = 8000
_TOAST_ROOM = 84
"""Above the foot of the window and the buttons at the foot of a form: it covers neither."""


class ErrorSummary(QFrame):
    """On top of a form: a heading, the count, one link for each error; F8 goes round them."""

    def __init__(self, name: str = "errors") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "errors")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = label("", is_wrapped=True)
        self._title.setContentsMargins(look.px(4), 0, 0, 0)
        self._links: list[Button] = []
        self._targets: list[QWidget | None] = []
        self._place = -1
        self._column = QVBoxLayout(self)
        side = look.px(12)
        self._column.setContentsMargins(look.px(8), look.px(8), side, look.px(8))
        self._column.setSpacing(look.px(2))
        self._column.addWidget(self._title)
        self.hide()

    def show_errors(self, errors: Sequence[tuple[str, QWidget | None]], what: str = "trước khi lưu") -> None:
        """(words, the widget to jump to or None); takes the focus. An empty list hides the box."""
        for link in self._links:
            link.hide()
            link.deleteLater()
        self._links = [self._link(words, place) for place, (words, _) in enumerate(errors)]
        self._targets = [target for _, target in errors]
        self._place = -1
        self.setVisible(bool(errors))
        if errors:
            words = f"Cần sửa {len(errors)} chỗ {what} (F8: tới lỗi kế tiếp)"
            self._title.setText(words)
            self.setAccessibleName(words)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self, words)

    def clear(self) -> None:
        self.show_errors([])

    def next_error(self) -> None:
        """F8."""
        self._jump(self._place + 1)

    def previous_error(self) -> None:
        """Shift+F8."""
        self._jump(self._place - 1 if self._place >= 0 else len(self._targets) - 1)

    def links(self) -> tuple[Button, ...]:
        return tuple(self._links)

    def _link(self, words: str, place: int) -> Button:
        made = Button(words, "link")
        made.clicked.connect(lambda: self._jump(place))
        self._column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _jump(self, place: int) -> None:
        if not self._targets:
            return
        self._place = place % len(self._targets)
        target = self._targets[self._place]
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)


class Toast(QFrame):
    """A short message at the foot of the window with one thing to do, gone after 8 s."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("toast")
        self.setProperty("look", "toast")
        self._window = window
        self._words = label()
        self._button = Button("", "quiet")
        self._button.clicked.connect(self._act)
        self._action: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(16), look.px(6), look.px(8), look.px(6))
        row.setSpacing(look.px(16))
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MS)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def show_words(
        self, words: str, action: str = "", on_action: Callable[[], None] | None = None, ms: int = TOAST_MS
    ) -> None:
        """Words like "Đã chuyển hồ sơ · Hoàn tác"; a new one replaces the old one."""
        self._words.setText(words)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._action = on_action
        self._place()
        self.show()
        self.raise_()
        self._timer.start(ms)
        announce(self, words)

    def act(self) -> bool:
        """Ctrl+Z while it stands: does its action; False if there is none."""
        if not self.isVisible() or self._action is None:
            return False
        self._act()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _act(self) -> None:
        action, self._action = self._action, None
        self.hide()
        if action:
            action()

    def _place(self) -> None:
        self.adjustSize()
        left = (self._window.width() - self.width()) // 2
        self.move(max(0, left), self._window.height() - self.height() - look.px(_TOAST_ROOM))


class Drawer(QFrame):
    """The panel at the right edge (print preview): beside the page, never over it; Esc closes."""

    closed = Signal()

    def __init__(self, name: str, title: str, width: int = 460) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("look", "drawer")
        self._width = width
        self.setFixedWidth(look.px(width))
        self._title = label(title, "section")
        close = Button("Đóng", "quiet", "Esc", "x")
        close.clicked.connect(self.close_drawer)
        head = QHBoxLayout()
        head.setContentsMargins(look.px(16), look.px(8), look.px(8), look.px(8))
        head.addWidget(self._title, 1)
        head.addWidget(close)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(look.px(16), 0, look.px(16), look.px(16))
        self.body.setSpacing(look.px(12))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self.body, 1)
        self._came_from: QWidget | None = None
        self.hide()

    def open_drawer(self) -> None:
        """Shows it and takes the focus; closing gives the focus back."""
        self._came_from = self.window().focusWidget()
        self.show()
        self.focusNextChild()

    def come_up(self) -> None:
        """Shows it by itself: the focus stays where somebody works; F6 leads here."""
        self._came_from = None
        self.show()

    def close_drawer(self) -> None:
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
            self._came_from = None
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.setFixedWidth(look.px(self._width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        else:
            super().keyPressEvent(event)
