"""The small parts every page is made of: buttons, words, cards, chips."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import look


class Button(QPushButton):
    """A push button with its shortcut in its words; `kind` is primary, plain, danger, quiet or link."""

    def __init__(self, words: str, kind: str = "plain", shortcut: str = "", icon: str = "") -> None:
        gap = "  " if icon else ""  # the style leaves no room between picture and words
        super().__init__(f"{gap}{words}  ({shortcut})" if shortcut else gap + words)
        self.setAccessibleName(words.replace("&", ""))
        self.setProperty("look", kind)
        self.setAutoDefault(False)
        self._kind = kind
        role = {"primary": "accent_text", "danger": "danger_text", "link": "accent"}.get(kind, "text")
        if icon:
            look.set_icon(self, icon, role, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A filled button shows focus as an inner ring in its text colour: 6:1 on its own fill."""
        super().paintEvent(event)
        if not self.hasFocus() or self._kind not in {"primary", "danger"}:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour(f"{'accent' if self._kind == 'primary' else 'danger'}_text"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 2, 2)
        painter.end()


def primary(words: str, shortcut: str = "", icon: str = "") -> Button:
    """The main action: one a page."""
    return Button(words, "primary", shortcut, icon)


def plain(words: str, shortcut: str = "", icon: str = "") -> Button:
    return Button(words, "plain", shortcut, icon)


def danger(words: str, shortcut: str = "", icon: str = "") -> Button:
    """An act that cannot be taken back."""
    return Button(words, "danger", shortcut, icon)


def label(words: str = "", kind: str = "", is_wrapped: bool = False) -> QLabel:
    """Words in a look of ui/sheet.py: title, section, strong, dim, small, error, success, warning.

    Plain text always: a citizen's name may hold `<` and must not become markup.
    """
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(is_wrapped)
    if kind:
        made.setProperty("look", kind)
    return made


def picture(name: str, role: str = "text", size: int = 20) -> QLabel:
    """An icon that only decorates words standing beside it."""
    made = QLabel()
    look.set_icon(made, name, role, size)
    made.setFixedSize(look.px(size), look.px(size))
    return made


def rule() -> QFrame:
    """A thin line between two groups."""
    made = QFrame()
    made.setProperty("look", "rule")
    return made


class Card(QFrame):
    """A white panel with a thin edge; fill `self.body`."""

    def __init__(self, title: str = "", margin: int = 16) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.body = QVBoxLayout(self)
        side = look.px(margin)
        self.body.setContentsMargins(side, side, side, side)
        self.body.setSpacing(look.px(12))
        if title:
            self.body.addWidget(label(title, "section"))


class StatusChip(QPushButton):
    """An icon with words in the head bar (scanner, line, officer); a click opens its panel."""

    def __init__(self, icon: str, role: str, words: str) -> None:
        super().__init__()
        self.setProperty("look", "quiet")
        self.setAutoDefault(False)
        self._is_short = False
        self.set_state(icon, role, words)

    def set_short(self, is_short: bool) -> None:
        """Its picture only; the words stay its accessible name."""
        self._is_short = is_short
        self.setText("" if is_short else f" {self.accessibleName()}")

    def full_width(self) -> int:
        """What it needs with its words."""
        words = self.fontMetrics().horizontalAdvance(f" {self.accessibleName()}")
        return words + look.px(20 + 4 + 2 * 8)

    def set_state(self, icon: str, role: str, words: str) -> None:
        self.setAccessibleName(words)
        self.set_short(self._is_short)
        look.set_icon(self, icon, role, 20)


class BigNumber(QFrame):
    """The dossier's code, big enough to read across the counter; Ctrl+C copies it."""

    copied = Signal()

    def __init__(self, caption: str) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._caption = label(caption, "dim")
        self._number = label("", "number")
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = Button("Chép mã", "quiet", "Ctrl+C", "copy")
        self._copy.clicked.connect(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(16), look.px(10), look.px(12), look.px(12))
        column.setSpacing(look.px(2))
        head = QHBoxLayout()
        head.addWidget(self._caption, 1)
        head.addWidget(self._copy)
        column.addLayout(head)
        column.addWidget(self._number)

    def show_number(self, number: str) -> None:
        """Shows it, and tells it to a screen reader."""
        self._number.setText(number)
        self.setAccessibleName(f"{self._caption.text()}: {number}")
        announce(self, f"{self._caption.text()}: {number}")

    def number(self) -> str:
        return self._number.text()

    def copy(self) -> None:
        QApplication.clipboard().setText(self._number.text())
        self.copied.emit()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


class EmptyState(QWidget):
    """What a list says when it is empty: why, and what to do next."""

    def __init__(self, icon: str, title: str, words: str = "", button: QPushButton | None = None) -> None:
        super().__init__()
        self._picture = picture(icon, "dim", 40)
        self._title = label(title, "section", is_wrapped=True)
        self._words = label(words, "dim", is_wrapped=True)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(8))
        column.addStretch(2)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in (self._title, self._words):
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(line)
        if button:
            column.addSpacing(look.px(8))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_words(self, icon: str, title: str, words: str = "") -> None:
        look.set_icon(self._picture, icon, "dim", 40)
        self._title.setText(title)
        self._words.setText(words)


def announce(widget: QWidget, words: str) -> None:
    """Says words through the screen reader, without moving the focus."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
