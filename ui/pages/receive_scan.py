"""The box a scanner types into, and the comparison when a card says something else."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from ui import look
from ui.devices import ScanBox
from ui.widgets import Field, announce, label, plain, primary


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what was typed and what the card says, in words; `text` is what would be put in."""

    field: str
    title: str
    typed: str
    read: str
    text: str


class _IconScanBox(ScanBox):
    """The box with a picture of what belongs into it."""

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Quét thẻ căn cước  (F7)")
        self.setAccessibleName("Ô quét thẻ căn cước, phím F7")
        self.setTextMargins(look.px(24), 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = look.px(18)
        painter.drawPixmap(look.px(9), (self.height() - side) // 2, look.pixmap("scan-line", "dim", 18))
        painter.end()


class CardField(Field):
    """F7 comes here. Enter (which a scanner sends at the end) takes the text."""

    scanned = Signal(str)

    def __init__(self, name: str) -> None:
        box = _IconScanBox()
        super().__init__(name, "Quét thẻ", box)
        self.label.hide()
        self._box = box
        box.scanned.connect(self.scanned)

    def text(self) -> str:
        return self._box.text()

    def set_text(self, text: str) -> None:
        self._box.setText(text)
        self.set_error("")

    def validate(self) -> str:
        """Leaving says nothing new: what was wrong with the last card stays readable."""
        return self.error()


class Comparison(QFrame):
    """Typed beside scanned. The officer chooses; until then nothing changes."""

    decided = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "notice")
        self._shown: tuple[Difference, ...] = ()
        self._cells: list[QLabel] = []
        self._head = label("", "strong", is_wrapped=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.px(16))
        self._grid.setVerticalSpacing(look.px(4))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self.keep, self.take = primary("Giữ như đã nhập"), plain("Lấy theo thẻ")
        self.keep.setObjectName(f"{name}.keep")
        self.take.setObjectName(f"{name}.take")
        self.keep.clicked.connect(lambda: self._decide(is_taken=False))
        self.take.clicked.connect(lambda: self._decide(is_taken=True))
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self.keep)
        row.addWidget(self.take)
        row.addStretch(1)
        column = QVBoxLayout(self)
        side = look.px(12)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(8))
        column.addWidget(self._head)
        column.addLayout(self._grid)
        column.addLayout(row)
        self.setFocusProxy(self.keep)
        self.hide()

    def differences(self) -> tuple[Difference, ...]:
        """What is shown now; empty when there is nothing to decide."""
        return self._shown if not self.isHidden() else ()

    def show_differences(self, differences: Sequence[Difference]) -> None:
        for cell in self._cells:
            cell.hide()
            cell.deleteLater()
        self._cells = []
        self._shown = tuple(differences)
        self.setVisible(bool(differences))
        if not differences:
            return
        words = f"Thẻ ghi khác {len(differences)} chỗ với nội dung đã nhập; chưa thay đổi gì."
        self._head.setText(words)
        self._add_row(0, ("", "Đang ghi", "Trên thẻ"), "small")
        for place, each in enumerate(differences, 1):
            self._add_row(place, (each.title, each.typed or "(trống)", each.read), "")
        announce(self, words)

    def _add_row(self, row: int, words: tuple[str, str, str], kind: str) -> None:
        looks = (kind or "dim", kind, kind or "strong")
        for column, (text, each) in enumerate(zip(words, looks, strict=True)):
            cell = label(text, each, is_wrapped=column > 0)
            self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
            self._cells.append(cell)

    def _decide(self, *, is_taken: bool) -> None:
        texts = {each.field: each.text for each in self._shown} if is_taken else {}
        self.hide()
        self.decided.emit(texts)
