"""The dialog of a paper that data may stand in for: taken from which base, or why it was not found."""

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from onestop.domain.data_lookup import DATA_BASES, not_found_words, taken_words
from onestop.errors import InputError
from onestop.office.office import Office
from ui import look
from ui.widgets import ComboField, LineField, label, plain, primary


class DataDialog(QDialog):
    """`words` is what the line keeps; `is_given` whether data stands in for the paper."""

    def __init__(self, parent: QWidget, office: Office, paper: str) -> None:
        super().__init__(parent)
        self.setObjectName("data_lookup")
        self.setWindowTitle("Khai thác dữ liệu thay giấy tờ")
        self.setMinimumWidth(look.px(520))
        self._office = office
        self.words, self.is_given = "", False
        self.base = ComboField("base", "&Cơ sở dữ liệu", tuple((base, base) for base in DATA_BASES))
        self.reason = LineField("reason", "&Lý do không khai thác được")
        self._taken, self._not_found = primary("Đã &khai thác"), plain("Khô&ng khai thác được")
        self._taken.setObjectName("data_taken")
        self._not_found.setObjectName("data_not_found")
        self._taken.clicked.connect(self.take)
        self._not_found.clicked.connect(self.give_up)
        self._lay_out(paper)

    def take(self) -> None:
        """Looked up now, by the officer at the desk."""
        self.words = taken_words(self.base.key(), self._office.now, self._office.officer.name)
        self.is_given = True
        self.accept()

    def give_up(self) -> None:
        """The citizen is asked for the paper, and the reason is kept."""
        try:
            self.words = not_found_words(self.reason.text(), self._office.now, self._office.officer.name)
        except InputError as error:
            self.reason.set_error(error.message)
            self.reason.setFocus()
            return
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a field does not answer for the officer."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return
        super().keyPressEvent(event)

    def _lay_out(self, paper: str) -> None:
        column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(12))
        column.addWidget(label(paper, "strong", is_wrapped=True))
        column.addWidget(self.base)
        column.addWidget(self.reason)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        close = plain("Đóng", "Esc")
        close.clicked.connect(self.reject)
        for button in (self._taken, self._not_found):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
