"""The box a scanner types into, and the comparison when a card says something else."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from onestop.domain.text import nfc
from ui import look
from ui.widgets import LineField, announce, label, plain, primary


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what was typed and what the card says, in words; `text` is what would be put in."""

    field: str
    title: str
    typed: str
    read: str
    text: str


class ScanBox(LineField):
    """F7 comes here. Enter (which a scanner sends at the end) takes the text; typing on is harmless."""

    scanned = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__(name, "Quét thẻ")
        self.label.hide()
        self.editor.setPlaceholderText("Quét mã QR trên thẻ căn cước  (F7)")
        self.editor.setAccessibleName("Ô quét thẻ căn cước, phím F7")
        action = QAction(self.editor)
        action.setEnabled(False)
        self._action = action
        self.editor.addAction(action, self.editor.ActionPosition.LeadingPosition)
        self._show_icon()

    def changeEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # Qt's own signature
        super().changeEvent(event)
        if event.type() == event.Type.StyleChange and hasattr(self, "_action"):
            self._show_icon()

    def _show_icon(self) -> None:
        self._action.setIcon(look.icon("scan-line", "dim", 18))

    def _go_on(self) -> None:
        text = self.editor.text()
        self.set_text("")
        if nfc(text):
            self.scanned.emit(text)


class Comparison(QFrame):
    """Typed beside scanned. The officer chooses for all, or leaves it as it is."""

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
        for column, text in enumerate(words):
            cell = label(
                text, kind or ("dim" if column == 0 else "strong" if column == 2 else ""), column > 0
            )
            self._grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)
            self._cells.append(cell)

    def _decide(self, *, is_taken: bool) -> None:
        texts = {each.field: each.text for each in self._shown} if is_taken else {}
        self.hide()
        self.decided.emit(texts)
