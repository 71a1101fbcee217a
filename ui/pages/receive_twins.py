"""A soft notice: this person has an open dossier for the same procedure already."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from onestop.office.work import WorkRow
from ui import look
from ui.widgets import Button, announce, label, picture

MOST = 3


class TwinNotice(QFrame):
    """`opened(dossier_id)` when a link is followed. Never a bar: it may be right."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("twins")
        self.setProperty("look", "notice")
        self.links: list[Button] = []
        self._words = label("", "strong", is_wrapped=True)
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addWidget(self._words)
        row = QHBoxLayout(self)
        side = look.px(10)
        row.setContentsMargins(side, side, side, side)
        row.setSpacing(look.px(10))
        row.addWidget(picture("triangle-alert", "warning_icon", 20))
        row.addLayout(self._column, 1)
        self.hide()

    def show_rows(self, rows: Sequence[WorkRow]) -> None:
        """Hidden when there is none."""
        for link in self.links:
            link.hide()
            link.deleteLater()
        self.links = [self._link(each) for each in rows[:MOST]]
        self.setVisible(bool(rows))
        if rows:
            words = f"Chủ hồ sơ đang có {len(rows)} hồ sơ cùng thủ tục chưa xong. Hãy hỏi lại trước khi nhận."
            self._words.setText(words)
            announce(self, words)

    def _link(self, each: WorkRow) -> Button:
        link = Button(f"{each.row.code} · {each.row.owner_name} · {each.words}", "link")
        link.clicked.connect(lambda: self.opened.emit(each.row.id))
        self._column.addWidget(link)
        return link
