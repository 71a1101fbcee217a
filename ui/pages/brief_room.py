"""The middle of the approval inbox: head, summary, papers of the dossier being decided."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from onestop.office.office import Office
from onestop.office.work import WorkRow
from ui import look
from ui.pages.decision import Brief, show_brief
from ui.pages.dossier_info import Sheet
from ui.pages.dossier_papers import PapersTab
from ui.pages.dossier_words import due_words
from ui.pages.feed import look_of, short_name
from ui.tasks import Tasks
from ui.widgets import Card, EmptyState, StatusPill, TabBar, label, plain


class BriefRoom(QStackedWidget):
    """Fed twice: the head from the list at once, the rest when the journal has been read."""

    open_asked = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._office: Office | None = None
        self._brief: Brief | None = None
        self._code, self._due = label("", "dim"), label("", "dim")
        self._owner, self._procedure = label("", "section", is_wrapped=True), label("", is_wrapped=True)
        self._pill = StatusPill()
        self.parts = TabBar("approve_parts", "Phần của hồ sơ")
        self.parts.set_tabs([("summary", "Tóm tắt", None), ("papers", "Giấy tờ", None)])
        self.parts.chosen.connect(self._choose_part)
        self.sheet = Sheet("approve_summary", "Tóm tắt hồ sơ")
        self.papers = PapersTab(tasks)
        self._part = QStackedWidget()
        self._part.addWidget(self.sheet)
        self._part.addWidget(self.papers)
        self.open_button = plain("Mở hồ sơ", "Enter")
        self.open_button.clicked.connect(self.open_asked)
        self._lay_out()

    def show_head(self, work: WorkRow) -> None:
        self._brief = None
        self.setCurrentWidget(self._card)
        self._code.setText(work.row.code)
        self._owner.setText(work.row.owner_name)
        self._procedure.setText(short_name(work.row.procedure_name))
        self._due.setText("")
        self.show_standing(work)

    def show_standing(self, work: WorkRow) -> None:
        """Urgency and words follow the clock."""
        self._pill.set_state(look_of(work), work.words)

    def show_brief(self, office: Office, brief: Brief) -> None:
        self._office, self._brief = office, brief
        self._due.setText(due_words(brief.dossier))
        show_brief(self.sheet, office.catalogue, brief)
        self.parts.set_count("papers", len(brief.dossier.visible_papers) or None)
        self._show_papers()

    def show_none(self) -> None:
        self._brief = None
        self.setCurrentWidget(self._none)

    def turn(self) -> None:
        """Space: from the summary to the papers and back."""
        self.parts.choose("summary" if self.parts.key() == "papers" else "papers")

    def _choose_part(self, key: str) -> None:
        self._part.setCurrentWidget(self.papers if key == "papers" else self.sheet)
        self._show_papers()

    def _show_papers(self) -> None:
        """Pictures are drawn only once somebody looks at them."""
        if self._office is not None and self._brief is not None and self.parts.key() == "papers":
            self.papers.show_dossier(self._office, self._brief.dossier, False, False)

    def _lay_out(self) -> None:
        self._card = Card(margin=12)
        body = self._card.body
        body.setSpacing(look.px(4))
        top, line = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._code, 1)
        top.addWidget(self._pill)
        line.addWidget(self._due, 1)
        line.addWidget(self.open_button)
        body.addLayout(top)
        body.addWidget(self._owner)
        body.addWidget(self._procedure)
        body.addLayout(line)
        body.addWidget(self.parts)
        body.addWidget(self._part, 1)
        self._none = Card()
        words = EmptyState("stamp", "Chưa chọn hồ sơ", "Chọn một hồ sơ trong danh sách.")
        self._none.body.addWidget(words)
        self.addWidget(self._card)
        self.addWidget(self._none)
