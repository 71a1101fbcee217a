"""Both versions field by field: what the dossier says without the entry, and what by it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from onestop.office.changes import Change
from ui import look
from ui.widgets.basic import label, rule

_EMPTY = "(trống)"
_HEADS = ("Nội dung", "Không có bút ký này", "Theo bút ký này")


class Versions(QScrollArea):
    """Two columns side by side; lines that differ are bold on both sides and say so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tray_versions")
        self.setProperty("look", "reading")
        self.setAccessibleName("Hai bản, từng mục")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.changes: tuple[Change, ...] = ()

    def show_changes(self, changes: Sequence[Change], lines: Sequence[str]) -> None:
        """`lines`: the entry in words, for what is no field (a note, a question)."""
        self.changes = tuple(changes)
        room = QWidget()
        room.setProperty("look", "clear")
        grid = QGridLayout(room)
        grid.setContentsMargins(look.px(4), 0, look.px(8), 0)
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(6))
        for column, (words, share) in enumerate(zip(_HEADS, (3, 4, 4), strict=True)):
            grid.setColumnStretch(column, share)
            if changes:
                grid.addWidget(_words(words, "dim"), 0, column, Qt.AlignmentFlag.AlignTop)
        row = self._put_changes(grid)
        self._put_lines(grid, row, lines)
        self.setWidget(room)
        spoken = [
            f"{c.what}: không có bút ký này là {c.before or _EMPTY}, theo bút ký là {c.after or _EMPTY}"
            for c in changes
        ]
        self.setAccessibleDescription(". ".join([*spoken, *lines]))

    def _put_changes(self, grid: QGridLayout) -> int:
        row = 1
        for change in self.changes:
            is_other = change.before != change.after
            grid.addWidget(rule(), row, 0, 1, 3)
            grid.addWidget(_words(change.what, "dim"), row + 1, 0, Qt.AlignmentFlag.AlignTop)
            for column, words in ((1, change.before), (2, change.after)):
                cell = _words(words or _EMPTY, "strong" if is_other else "")
                grid.addWidget(cell, row + 1, column, Qt.AlignmentFlag.AlignTop)
            row += 2
        return row

    def _put_lines(self, grid: QGridLayout, row: int, lines: Sequence[str]) -> None:
        if lines:
            grid.addWidget(rule(), row, 0, 1, 3)
            grid.addWidget(_words("Nguyên văn bút ký", "dim"), row + 1, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_words("\n".join(lines)), row + 1, 1, 1, 2)
        grid.setRowStretch(row + 2, 1)


def _spoken(change: Change) -> str:
    without, by_it = change.before or _EMPTY, change.after or _EMPTY
    return f"{change.what}: không có bút ký này là {without}, theo bút ký này là {by_it}"


def _words(words: str, kind: str = "") -> QLabel:
    made = label(words, kind, is_wrapped=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
