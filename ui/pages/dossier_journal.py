"""The journal beside the dossier: newest first, with a box for notes at its foot."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from onestop.office.timeline import JournalMoment
from ui import look
from ui.keys import shown
from ui.pages.dossier_words import shown_moment
from ui.widgets import Card, NoteField, Timeline, label, plain


class JournalPane(Card):
    """`noted(text)` when a note is to be written; `take_note` says that it is kept."""

    noted = Signal(str)

    def __init__(self) -> None:
        super().__init__(margin=12)
        self.setObjectName("journal")
        self.body.setSpacing(look.px(8))
        self.timeline = Timeline("journal_moments")
        self.only_decisions = QCheckBox("Chỉ &quyết định")
        self.only_decisions.toggled.connect(self.timeline.set_only_decisions)
        self.note = NoteField("text", f"&Ghi chú vào nhật ký ({shown('add_note')})", rows=2)
        self._write = plain("Ghi chú", shown("main_act"), "message-square")
        self._write.clicked.connect(self.write_note)
        head = QHBoxLayout()
        head.addWidget(label("Nhật ký", "section"), 1)
        head.addWidget(self.only_decisions)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._write)
        self.body.addLayout(head)
        self.body.addWidget(self.timeline, 1)
        self.body.addWidget(self.note)
        self.body.addLayout(foot)

    def show_moments(self, moments: Sequence[JournalMoment]) -> None:
        """Given oldest first, as the journal is read."""
        self.timeline.show_moments([shown_moment(told) for told in reversed(moments)])

    def focus_note(self) -> None:
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_writing(self) -> bool:
        """The focus stands in the note: Ctrl+Enter then means the note."""
        return self.note.editor.hasFocus()

    def has_note(self) -> bool:
        return bool(self.note.text())

    def write_note(self) -> None:
        if not self.note.text():
            self.note.set_error("Hãy ghi nội dung rồi bấm Ghi chú")
            self.focus_note()
            return
        self.noted.emit(self.note.text())

    def take_note(self) -> None:
        self.note.set_text("")
