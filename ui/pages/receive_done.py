"""After an intake: the code big enough to read across the counter, and what may come next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from onestop.domain.dossier import Dossier, State
from onestop.domain.moment import local, show_on, weekday
from onestop.office.intake import Received
from onestop.office.office import Catalogue
from ui import keys, look
from ui.widgets import BigNumber, Button, Card, label, picture, plain, primary, rule

_HEADS = {
    State.RECEIVED: ("circle-check", "success_icon", "Đã tiếp nhận hồ sơ"),
    State.AWAITING_SUPPLEMENT: ("file-clock", "warning_icon", "Đã ghi nhận và yêu cầu bổ sung"),
    State.REFUSED: ("file-x", "error_edge", "Đã từ chối tiếp nhận"),
}
_PAPERS = {
    State.RECEIVED: "01",
    State.PROCESSING: "01",
    State.AWAITING_SUPPLEMENT: "02",
    State.REFUSED: "03",
}
"""The paper the citizen takes home, by what came of the intake."""
_MARGIN, _NARROW = 24, 520


class DonePanel(QWidget):
    """`print_wanted`, `forward_wanted(unit)`, `open_wanted`, `next_wanted`; the page does them."""

    print_wanted = Signal()
    forward_wanted = Signal(str)
    open_wanted = Signal()
    next_wanted = Signal()

    _first: QBoxLayout

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("received")
        self._unit = ""
        self.form = ""
        self._picture = picture("circle-check", "success_icon", 28)
        self._title = label("", "title")
        self.number = BigNumber("Mã hồ sơ")
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(look.px(16))
        self._facts.setVerticalSpacing(look.px(6))
        self._facts.setColumnStretch(1, 1)
        self._warning = label("", "warning", is_wrapped=True)
        self.print = primary("In phiếu", keys.shown("print_panel"), "printer")
        self.forward = plain("Chuyển", icon="send")
        self.open = plain("Mở hồ sơ", icon="folder-open")
        self.next = plain("Hồ sơ tiếp theo", keys.shown("new_dossier"), "file-plus-2")
        for button, signal in (
            (self.print, self.print_wanted),
            (self.open, self.open_wanted),
            (self.next, self.next_wanted),
        ):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
        self.forward.clicked.connect(lambda: self.forward_wanted.emit(self._unit))
        self._lay_out()

    def show_received(self, received: Received, catalogue: Catalogue) -> None:
        """Shows it, tells the screen reader, and takes the focus: Ctrl+C copies the code."""
        dossier = received.dossier
        self.show_dossier(dossier, catalogue)
        self._warning.setText("\n".join(received.warnings))
        self._warning.setVisible(bool(received.warnings))
        self.number.show_number(dossier.code)
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_dossier(self, dossier: Dossier, catalogue: Catalogue) -> None:
        """The same dossier after another act (forwarded, recalled)."""
        icon, role, words = _HEADS.get(dossier.state, _HEADS[State.RECEIVED])
        look.set_icon(self._picture, icon, role, 28)
        self._title.setText(words)
        self._show_facts(dossier, catalogue)
        self._unit = catalogue.routing.get(dossier.subject.procedure.sector, "")
        self.forward.setText(f"  Chuyển ngay đến {catalogue.unit_name(self._unit)}")
        self._fit()
        self.forward.setAccessibleName(self.forward.text().strip())
        self.forward.setVisible(dossier.state is State.RECEIVED and bool(self._unit))
        self.form = _PAPERS.get(dossier.state, "")
        self.print.setVisible(bool(self.form))

    def can_print(self) -> bool:
        return not self.print.isHidden()

    def facts(self) -> dict[str, str]:
        """What is shown, by its title."""
        shown = {}
        for row in range(self._facts.rowCount()):
            head, value = self._facts.itemAtPosition(row, 0), self._facts.itemAtPosition(row, 1)
            words = [item.widget() for item in (head, value) if item]
            if len(words) == 2 and isinstance(words[0], QLabel) and isinstance(words[1], QLabel):
                shown[words[0].text()] = words[1].text()
        return shown

    def _show_facts(self, dossier: Dossier, catalogue: Catalogue) -> None:
        while self._facts.count():
            taken = self._facts.takeAt(0)
            old = taken.widget() if taken else None
            if old:
                old.hide()
                old.deleteLater()
        for row, (title, words, kind) in enumerate(_facts(dossier, catalogue)):
            head = label(title, "dim")
            self._facts.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(words, kind, is_wrapped=True), row, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Beside the open print drawer of a small screen the buttons stand below one another."""
        needed = self.print.sizeHint().width() + self.forward.sizeHint().width() + look.px(2 * _MARGIN + 16)
        is_narrow = self.width() < max(needed, look.px(_NARROW))
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._first.setDirection(way)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.px(12))
        head.addWidget(self._picture)
        head.addWidget(self._title, 1)
        card = Card(margin=_MARGIN)
        card.body.setSpacing(look.px(20))
        card.body.addLayout(head)
        card.body.addWidget(self.number)
        card.body.addLayout(self._facts)
        card.body.addWidget(self._warning)
        self._first = _button_row(self.print, self.forward)
        card.body.addLayout(self._first)
        card.body.addWidget(rule())
        card.body.addLayout(_button_row(self.next, self.open))
        card.setMaximumWidth(look.px(900))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 10)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(2)


def _button_row(*buttons: Button) -> QBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.px(8))
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def _facts(dossier: Dossier, catalogue: Catalogue) -> list[tuple[str, str, str]]:
    subject = dossier.subject
    rows = [("Thủ tục", subject.procedure.title, ""), ("Chủ hồ sơ", subject.owner.name, "strong")]
    if subject.delegate:
        rows.append(("Người nộp", subject.delegate.name, ""))
    if dossier.due_at:
        at = local(dossier.due_at)
        rows.append(("Hạn trả kết quả", f"{weekday(at.date())} {show_on(at.date())}, {at:%H:%M}", "strong"))
        rows.append(("", dossier.clock.due.explanation, "small"))
    if dossier.missing:
        rows.append(("Cần bổ sung", "\n".join(f"• {item}" for item in dossier.missing), ""))
    if dossier.reason:
        rows.append(("Lý do", dossier.reason, ""))
    if dossier.holder:
        rows.append(("Đang giữ hồ sơ", _holder_words(dossier, catalogue), ""))
    return rows


def _holder_words(dossier: Dossier, catalogue: Catalogue) -> str:
    holder = dossier.holder
    if holder is None:
        return ""
    unit = catalogue.unit_name(holder.unit)
    return f"{catalogue.officer(holder.officer).name} · {unit}" if holder.officer else unit
