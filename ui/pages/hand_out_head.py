"""The head of the dossier being handed out: whose, what result, what is still owed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from onestop.domain.acts import STATES
from onestop.domain.dossier import Dossier
from onestop.office.changes import money
from onestop.office.office import Catalogue
from onestop.office.work import WorkRow
from ui import look
from ui.pages.feed import look_of, short_name
from ui.widgets import Card, StatusPill, label, plain


class HandOutHead(Card):
    """Fed twice: from the list at once, from the journal when it has been read."""

    collect_asked = Signal()

    def __init__(self) -> None:
        super().__init__(margin=12)
        self._code, self._owner = label("", "dim"), label("", "section", is_wrapped=True)
        self._procedure, self._result = label("", is_wrapped=True), label("", "strong", is_wrapped=True)
        self._pill = StatusPill()
        self.owed = label("", "warning")
        self.collect_button = plain("Thu phí…", icon="wallet")
        self.collect_button.clicked.connect(self.collect_asked)
        self.owed_row = QWidget()
        self.owed_row.setProperty("look", "clear")
        row = QHBoxLayout(self.owed_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.owed, 1)
        row.addWidget(self.collect_button)
        self.body.setSpacing(look.px(4))
        for part in (self._code, self._owner, self._procedure, self._pill, self._result, self.owed_row):
            self.body.addWidget(part)

    def show_work(self, work: WorkRow) -> None:
        self._code.setText(work.row.code)
        self._owner.setText(work.row.owner_name)
        self._procedure.setText(short_name(work.row.procedure_name))
        self._pill.set_state(look_of(work), work.words)
        self._result.setText("")
        self.owed_row.hide()

    def show_dossier(self, dossier: Dossier, can_collect: bool) -> None:
        """The number of the result, and the fee to take before it is given."""
        title = dossier.result.title or dossier.subject.procedure.result
        self._result.setText(f"Kết quả số {dossier.result.number} · {title}")
        owed = dossier.fee_total_vnd - dossier.collected_vnd
        self.owed.setText(f"Còn phải thu {money(owed)}")
        self.owed_row.setVisible(owed > 0 and can_collect)


class NotYours(Card):
    """Stands in the place of the form for those who may see the result but not hand it out."""

    def __init__(self) -> None:
        super().__init__()
        words = (
            "Kết quả do cán bộ tiếp nhận trả cho công dân. "
            "Hồ sơ còn thiếu phí, lệ phí có nút “Thu phí” ở khung trên."
        )
        self.body.addWidget(label("Trả kết quả", "section"))
        self.body.addWidget(label(words, "dim", is_wrapped=True))
        self.body.addStretch(1)
        self.hide()


def why_not_here(work: WorkRow, catalogue: Catalogue) -> str:
    """Why the result of a dossier cannot be handed out at this counter."""
    state = STATES[work.row.state]
    if not state.is_open:
        return f"{state.words}. Không còn gì để trả."
    holder = catalogue.unit_name(work.row.holder_unit)
    return f"{state.words}, đang ở {holder}. Chưa trả được tại quầy này."
