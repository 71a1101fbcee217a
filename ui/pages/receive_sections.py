"""Sections of a form below one another, a thin line between; their heads at the left."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from ui import look
from ui.widgets import label, rule

HEAD = 96
_ANY_WIDTH = 16777215  # Qt's own QWIDGETSIZE_MAX
NARROW = 640
"""Below this width (at 100 %) heads go over their fields: beside the open print panel."""


@dataclass(frozen=True, slots=True)
class Section:
    line: QFrame
    head: QLabel
    part: QWidget


class Sections(QWidget):
    """Each section takes three rows: line, head when narrow, fields."""

    def __init__(self, tops: Sequence[QWidget]) -> None:
        """`tops` stand over the first section, over the whole width."""
        super().__init__()
        self._sections: list[Section] = []
        self._first = len(tops)
        self._is_narrow = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(look.px(20), look.px(12), look.px(16), look.px(12))
        self._grid.setHorizontalSpacing(look.px(20))
        self._grid.setVerticalSpacing(look.px(12))
        self._grid.setColumnStretch(1, 1)
        for row, top in enumerate(tops):
            self._grid.addWidget(top, row, 0, 1, 2)

    def add(self, title: str, part: QWidget) -> None:
        line, head = rule(), label(title, "strong", is_wrapped=True)
        line.setVisible(bool(self._sections))
        self._sections.append(Section(line, head, part))
        self._grid.setRowStretch(self._first + 3 * len(self._sections), 0)
        self._arrange()

    def set_shown(self, part: QWidget, is_shown: bool) -> None:
        for section in self._sections:
            if section.part is part:
                for each in (section.line, section.head, section.part):
                    each.setVisible(is_shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < look.px(NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._arrange()

    def _arrange(self) -> None:
        self._grid.setColumnMinimumWidth(0, 0 if self._is_narrow else look.px(HEAD))
        for place, section in enumerate(self._sections):
            row = self._first + 3 * place
            section.head.setMaximumWidth(_ANY_WIDTH if self._is_narrow else look.px(HEAD))
            self._grid.addWidget(section.line, row, 0, 1, 2)
            if self._is_narrow:
                self._grid.addWidget(section.head, row + 1, 0, 1, 2)
                self._grid.addWidget(section.part, row + 2, 0, 1, 2)
            else:
                self._grid.addWidget(section.head, row + 2, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(section.part, row + 2, 1)
        self._grid.setRowStretch(self._first + 3 * len(self._sections), 1)
