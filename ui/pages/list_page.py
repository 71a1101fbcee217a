"""What a page with a list has: the table, a line to type in, the preview beside or as a peek."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from onestop.office.work import WorkRow
from ui import look
from ui.keys import bind
from ui.pages.page import Frame, Page
from ui.pages.preview import Preview
from ui.widgets import QueueTable

WIDE = 1200
_TYPING_MS = 120
_CODE = 1


class ListPage(Page):
    """Letters typed in the list go to the line; Space peeks where the preview has no room; Esc closes."""

    def __init__(self, frame: Frame, table: QueueTable) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.table = table
        self.line = QLineEdit()
        self.line.setClearButtonEnabled(True)
        self.preview = Preview(frame)
        self._is_peeking = False
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.narrow)
        self.line.textChanged.connect(lambda _: self._typing.start())
        table.opened.connect(self.open_dossier)
        table.previewed.connect(lambda _: self._peek())
        table.current_changed.connect(lambda _: self.show_current())
        bind(self, "print_panel", self.print)

    def narrow(self) -> None:
        """The pause after typing: the list follows the line."""
        raise NotImplementedError  # each list asks its own question

    def current(self) -> WorkRow | None:
        """The dossier selected."""
        raise NotImplementedError  # each list holds its own rows

    def print(self) -> None:
        """Ctrl+P: the papers of the dossier selected."""
        self.preview.print()

    def store_opened(self) -> None:
        """The journal can be read now: the preview fills."""
        self.preview.read_again()

    def shown_dossier(self) -> str:
        return self.table.current_id()

    def go_on_from(self, old: Page) -> None:
        if isinstance(old, ListPage):
            self.line.setText(old.line.text())

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.table, self.preview)

    def show_current(self) -> None:
        self.preview.show_work(self.current())

    def open_dossier(self, dossier_id: str) -> None:
        self.frame.go("dossier", dossier_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape and (self.line.text() or self._is_peeking):
            self._close()
        elif text.strip() and text.isprintable() and is_plain and not self.line.hasFocus():
            self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.line.insert(text)
        elif event.key() == Qt.Key.Key_Down and self.line.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """The preview stands always where the page is wide enough."""
        is_wide = self.is_wide()
        self._is_peeking = self._is_peeking and not is_wide
        self.preview.setVisible(is_wide or self._is_peeking)
        if len(self.table.rows.columns) > _CODE + 1:
            # Beside the peek the code gives its room to the status; the peek shows the code.
            self.table.setColumnHidden(_CODE, self._is_peeking)
            self.table.fit()

    def is_wide(self) -> bool:
        return self.width() >= look.px(WIDE)

    def _peek(self) -> None:
        self._is_peeking = not self._is_peeking
        self.fit()
        if self.preview.isVisible():
            self.preview.read_again()

    def _close(self) -> None:
        if self._is_peeking:
            self._is_peeking = False
            self.fit()
        else:
            self.line.clear()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
