"""One entry of the tray: who, when, why, both versions, and what may be done about it."""

from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.acts import Act
from ui import look
from ui.keys import shown
from ui.pages.tray_read import Case, TrayLine
from ui.pages.tray_versions import Versions
from ui.sync_words import moment_words
from ui.widgets import Card, EmptyState, label, picture, plain, primary

_NARROW, _ALL_IN_A_ROW = 560, 4


class CaseRoom(QStackedWidget):
    """Fed with a line of the list and its case; the buttons say what is wanted."""

    ratify_wanted = Signal()
    void_wanted = Signal()
    redo_wanted = Signal()
    ask_wanted = Signal()
    open_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tray_case")
        self.code, self.about = label("", "title"), label("", "dim", is_wrapped=True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.act, self.who = label("", "section", is_wrapped=True), label("", is_wrapped=True)
        self.why = label("", is_wrapped=True)
        self.rights = label("", "small", is_wrapped=True)
        self.versions = Versions()
        self._make_buttons()
        self._lay_out()

    def show_case(self, line: TrayLine, case: Case, me: str, now: datetime) -> None:
        """`me`: the officer signed in; nobody settles an entry of their own."""
        self.setCurrentIndex(1)
        dossier, moment = case.dossier, case.moment
        self.code.setText(dossier.code)
        self.about.setText(f"{dossier.owner.name} · {dossier.subject.procedure.title}")
        self.act.setText(moment.words)
        person = f"{moment.officer}, {moment.title}" if moment.title else moment.officer
        self.who.setText(" · ".join(p for p in (person, line.desk, moment_words(moment.at, now)) if p))
        self.why.setText(line.why)
        self.versions.show_changes(case.changes, moment.lines)
        self._show_rights(line, case, me)

    def show_none(self, words: tuple[str, str, str]) -> None:
        self.setCurrentIndex(0)
        self._none.set_words(*words)

    def _show_rights(self, line: TrayLine, case: Case, me: str) -> None:
        is_own = case.moment.officer_id == me
        can = {Act.RATIFY: line.can_be_ratified, Act.VOID: line.can_be_voided}
        may = {act: can[act] and not is_own and act in case.legal for act in can}
        self.ratify.setVisible(may[Act.RATIFY])
        self.void.setVisible(may[Act.VOID])
        self.redo.setVisible(may[Act.VOID] and case.can_be_redone)
        self.ask.setVisible(Act.ADD_NOTE in case.legal)
        self.rights.setText("" if any(may.values()) else _why_not(line, is_own))
        self.rights.setVisible(bool(self.rights.text()))

    def _make_buttons(self) -> None:
        self.ratify = primary("Phê chuẩn", shown("main_act"), "badge-check")
        self.void = plain("Huỷ", icon="ban")
        self.void.setToolTip(f"Huỷ bút ký ({shown('send_back')})")
        self.redo = plain("&Làm lại", icon="rotate-ccw")
        self.ask = plain("Hỏi", icon="message-square")
        self.ask.setToolTip(f"Hỏi về bút ký này ({shown('add_note')})")
        self.open = plain("&Mở hồ sơ", icon="folder-open")
        pairs = (
            (self.ratify, self.ratify_wanted),
            (self.void, self.void_wanted),
            (self.redo, self.redo_wanted),
            (self.ask, self.ask_wanted),
            (self.open, self.open_wanted),
        )
        for button, signal in pairs:
            button.clicked.connect(signal)

    def _lay_out(self) -> None:
        card = Card(margin=12)
        body = card.body
        body.setSpacing(look.px(6))
        head = QHBoxLayout()
        head.addWidget(self.code, 1)
        head.addWidget(self.open)
        body.addLayout(head)
        for part in (self.about, self.act, self.who, self._why_box()):
            body.addWidget(part)
        body.addWidget(self.versions, 1)
        body.addWidget(self.rights)
        self._foot = QWidget()
        self._buttons = QGridLayout(self._foot)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(look.px(8))
        self._arrange(_ALL_IN_A_ROW)
        body.addWidget(self._foot)
        none = Card()
        self._none = EmptyState("circle-check", "")
        none.body.addWidget(self._none)
        self.addWidget(none)
        self.addWidget(card)

    def set_acting(self, is_acting: bool) -> None:
        """While a form is open its own button is the one filled button."""
        self._foot.setVisible(not is_acting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(_ALL_IN_A_ROW if self.width() >= look.px(_NARROW) else 2)

    def minimumSizeHint(self) -> QSize:
        """Of the narrow arrangement, whichever is shown now."""
        return QSize(look.px(400), look.px(300))

    def _arrange(self, columns: int) -> None:
        buttons = (self.ratify, self.void, self.redo, self.ask)
        for place, button in enumerate(buttons):
            self._buttons.removeWidget(button)
            self._buttons.addWidget(button, place // columns, place % columns)
        for column in range(_ALL_IN_A_ROW + 1):
            self._buttons.setColumnStretch(column, int(column == columns))

    def _why_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("look", "notice")
        row = QHBoxLayout(box)
        row.setContentsMargins(look.px(12), look.px(6), look.px(12), look.px(6))
        row.setSpacing(look.px(12))
        row.addWidget(picture("triangle-alert", "warning_icon", 18), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.addWidget(self.why)
        row.addLayout(column, 1)
        return box


def _why_not(line: TrayLine, is_own: bool) -> str:
    if not line.can_be_voided:
        return "Không cần quyết định: chương trình tự xử lý khi nhận đủ dữ liệu."
    if is_own:
        return "Bút ký của chính bạn: trưởng phòng hoặc lãnh đạo khác quyết định. Bạn có thể hỏi."
    return "Trưởng phòng hoặc lãnh đạo phê chuẩn hay huỷ. Bạn có thể hỏi."
