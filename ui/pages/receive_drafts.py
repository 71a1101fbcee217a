"""Drafts: saved by themselves into the encrypted store, listed, taken up again, thrown away."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from onestop.domain.moment import local, show_at
from onestop.errors import OfficeError
from onestop.office.office import Office
from onestop.store.rows import DraftRow, drop_draft, list_drafts, save_draft
from onestop.store.writer import new_id
from ui import look
from ui.pages.receive_typed import Typed, from_plain, to_plain
from ui.tasks import Tasks
from ui.widgets import Button, confirm, label, plain, primary

SAVE_AFTER_MS = 700
"""With the write itself still within a second of the last key."""


class Autosave(QObject):
    """Saves what is typed shortly after the last change; `saved` when it is on the disk."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self, parent: QObject, tasks: Tasks, office: Callable[[], Office], typed: Callable[[], Typed]
    ) -> None:
        super().__init__(parent)
        self._tasks, self._office, self._typed = tasks, office, typed
        self.draft_id = ""
        self.is_dirty = False
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def touch(self) -> None:
        """Something changed."""
        self.is_dirty = True
        self._timer.start()

    def save(self) -> None:
        """Saves now if there is anything new."""
        self._timer.stop()
        if not self.is_dirty:
            return
        office, typed = self._office(), self._typed()
        self.is_dirty = False
        self.draft_id = self.draft_id or new_id(office.now)
        row = DraftRow(self.draft_id, office.officer.id, typed.title(), to_plain(typed), office.now)
        self._tasks.run(self, lambda: keep_draft(office, row), self._saved, self._failed, busy=False)

    def begin(self, draft_id: str = "") -> None:
        """What follows belongs to this draft, or to a new one."""
        self._timer.stop()
        self.is_dirty = False
        self.draft_id = draft_id

    def forget(self) -> str:
        """Ends the draft without saving; its id, to be dropped."""
        known, self.draft_id = self.draft_id, ""
        self.is_dirty = False
        self._timer.stop()
        return known

    def _saved(self, at: datetime) -> None:
        self.saved.emit(at)

    def _failed(self, error: OfficeError) -> None:
        self.is_dirty = True
        self.failed.emit(error)


class DraftsDialog(QDialog):
    """The drafts: Enter takes one up, Delete throws it away (asked once)."""

    removed = Signal(str)

    def __init__(self, parent: QWidget, drafts: Sequence[DraftRow]) -> None:
        super().__init__(parent)
        self.setObjectName("drafts")
        self.setWindowTitle("Bản nháp")
        self.setMinimumSize(look.px(560), look.px(360))
        self.chosen: DraftRow | None = None
        self._drafts = list(drafts)
        self.list = QListWidget()
        self.list.setAccessibleName("Danh sách bản nháp")
        self.list.itemActivated.connect(lambda _: self.take())
        self._take = primary("Mở tiếp", "Enter")
        self._take.clicked.connect(self.take)
        self._remove = plain("Xoá", "Delete", "trash-2")
        self._remove.clicked.connect(self.remove)
        close = plain("Đóng", "Esc")
        close.clicked.connect(self.reject)
        self._lay_out(close)
        self._show()

    def take(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._drafts):
            self.chosen = self._drafts[row]
            self.accept()

    def remove(self) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self._drafts):
            return
        draft = self._drafts[row]
        words = f"{draft.title}\nLưu lúc {show_at(draft.saved_at)}. Không lấy lại được."
        if confirm(self, "Xoá bản nháp này?", words, "Xoá bản nháp", is_danger=True):
            del self._drafts[row]
            self.removed.emit(draft.id)
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = self.focusWidget()
            focused.click() if isinstance(focused, Button) else self.take()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        self.list.clear()
        for draft in self._drafts:
            item = QListWidgetItem(f"{draft.title}\nlưu lúc {show_at(draft.saved_at)}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setFocus()
        for button in (self._take, self._remove):
            button.setEnabled(bool(self._drafts))

    def _lay_out(self, close: Button) -> None:
        self.list.setSpacing(look.px(2))
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addWidget(self._take)
        foot.addWidget(self._remove)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(12))
        column.addWidget(label("Bản nháp của tôi", "section"))
        column.addWidget(self.list, 1)
        column.addLayout(foot)


def keep_draft(office: Office, row: DraftRow) -> datetime:
    """In the store's thread; the moment it was saved. Raises StoreError."""
    with office.store.write() as connection:
        save_draft(connection, row)
    return row.saved_at


def remove_draft(office: Office, draft_id: str) -> None:
    """In the store's thread. Raises StoreError."""
    if draft_id:
        with office.store.write() as connection:
            drop_draft(connection, draft_id)


def find_drafts(office: Office) -> list[DraftRow]:
    """The officer's own drafts, newest first. Raises StoreError."""
    with office.store.read() as connection:
        return list_drafts(connection, office.officer.id)


def draft_typed(row: DraftRow) -> Typed:
    """What was typed. Raises OfficeError for a draft of another program version."""
    try:
        return from_plain(row.value)
    except (KeyError, TypeError) as error:
        raise OfficeError(
            "Không mở được bản nháp này", "Bản nháp thuộc bản chương trình khác. Hãy nhập lại hồ sơ."
        ) from error


def saved_words(at: datetime) -> str:
    return f"Bản nháp đã tự lưu {local(at):%H:%M:%S}"
