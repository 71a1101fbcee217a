"""Hồ sơ: one dossier whole: what it says, its papers, its journal, and the acts legal now."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.acts import Act
from onestop.domain.deadline import Urgency
from onestop.domain.dossier import Dossier
from onestop.domain.legality import legal_acts
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.paper_list import papers_of
from onestop.office.routes import Pressure
from onestop.office.timeline import JournalMoment, read_timeline
from ui import look
from ui.acts import ActForm, ActPanel, Scene, make_form
from ui.acts.form import Job
from ui.acts.papers import DetachForm
from ui.keys import bind
from ui.pages.dossier_head import DossierHead, Prints
from ui.pages.dossier_info import Sheet, show_fees, show_information, show_result
from ui.pages.dossier_journal import JournalPane
from ui.pages.dossier_papers import PapersTab
from ui.pages.dossier_words import main_act, print_words, standing
from ui.pages.due_view import show_dossier_due
from ui.pages.feed_steps import STEP_LOOKS, read_step
from ui.pages.page import Frame, Page
from ui.sync_facts import TruthTold, read_truth
from ui.widgets import Answer, Card, EmptyState, TabBar, ask

_MINUTE_MS, _NARROW = 30_000, 640
_BACK = (Act.SEND_BACK, Act.DISAPPROVE, Act.REQUEST_SUPPLEMENT)
_TABS = (("info", "Thông tin"), ("papers", "Giấy tờ"), ("result", "Kết quả"), ("fees", "Phí"))


class DossierPage(Page):
    """Left: tabs. Right: the journal, or the form of the act being done in its place."""

    place = "dossier"
    title = "Hồ sơ"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.dossier: Dossier | None = None
        self.legal: tuple[Act, ...] = ()
        self._wanted = ""
        self._is_noting, self._wants_note = False, False
        self._acts_shown: tuple[tuple[Act, ...], Act | None, Prints] | None = None
        self._prints: Prints = ()
        self._make_parts()
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._timer = QTimer(self, interval=_MINUTE_MS)
        self._timer.timeout.connect(self._look_at_clock)
        self._timer.start()

    def _make_parts(self) -> None:
        self.head = DossierHead()
        self.journal = JournalPane()
        self.panel = ActPanel()
        self.tabs = TabBar("dossier_tabs", "Phần của hồ sơ")
        self.tabs.set_tabs([(key, words, None) for key, words in _TABS])
        self.papers = PapersTab(self.frame.tasks)
        self.info = Sheet("dossier_info", "Thông tin hồ sơ")
        self.result = Sheet("dossier_result", "Kết quả")
        self.fees = Sheet("dossier_fees", "Phí, lệ phí")
        self._empty = EmptyState(
            "folder-open", "Chưa mở hồ sơ nào", "Chọn một hồ sơ trong Hàng việc, hoặc tìm bằng Ctrl+K."
        )

    # ---- the page and its frame -------------------------------------------------------

    def enter(self, dossier_id: str = "") -> None:
        """Another dossier begins at its first tab; the same one stays as it was left."""
        if dossier_id and dossier_id != self._wanted:
            # The frame asks `leave` only between places: nothing typed here goes unasked.
            if self._wanted and not self.leave():
                return
            self._wanted, self.dossier = dossier_id, None
            self.tabs.choose("info")
        else:
            self._take_focus()
        self._read()

    def leave(self) -> bool:
        if not self.panel.may_close():
            return False
        if self.journal.has_note() and not self._may_drop_note():
            return False
        self.panel.close_form()
        self.journal.take_note()
        return True

    def may_be_remade(self) -> bool:
        return self.panel.form is None and not self.journal.has_note()

    def shown_dossier(self) -> str:
        return self._wanted

    def go_on_from(self, old: Page) -> None:
        if isinstance(old, DossierPage):
            self.tabs.choose(old.tabs.key())

    def reload(self, dossier_id: str) -> None:
        if dossier_id == self._wanted:
            self._read()

    def panes(self) -> tuple[QWidget, ...]:
        """Where F6 goes: the head with the acts, the tabs, and what stands on the right."""
        right: QWidget = self.panel if self.panel.form else self.journal
        return (self.head, self._card, right)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the open form wherever on the page the focus is."""
        if event.key() == Qt.Key.Key_Escape and self.panel.form is not None:
            self.panel.ask_to_close()
        elif event.key() == Qt.Key.Key_Escape and self._wants_note:
            self._show_note(False)
            self.tabs.setFocus()
        else:
            super().keyPressEvent(event)

    # ---- acts -------------------------------------------------------------------------

    def open_act(self, act: Act) -> None:
        """The form of an act; taking over needs none and is done at once."""
        if self.dossier is None or act not in self.legal:
            return
        if act is Act.TAKE_OVER:
            dossier_id = self.dossier.id
            self._run_job(lambda office: deeds.take_over(office, dossier_id))
        elif act is Act.ADD_NOTE:
            self._show_note(True)
            self.journal.focus_note()
        elif act is Act.PRINT_PAPER:
            self.print_form("01")
        elif self.panel.may_close():
            self._open_form(act)

    def print_form(self, form: str) -> None:
        if self.dossier is not None and self._prints:
            self.frame.print_papers(self.dossier, form)

    def do_main(self) -> None:
        """Ctrl+Enter: what the eye is on: the open form, the note, or the next step."""
        if self.panel.form is not None:
            self.panel.execute()
        elif self.journal.is_writing():
            self.journal.write_note()
        else:
            self.head.acts.choose_main()

    def _open_form(self, act: Act) -> None:
        assert self.dossier is not None  # an act is legal, so a dossier is shown
        form = make_form(self._scene(self.dossier), act)
        self._right.setCurrentWidget(self.panel)
        self._fit()
        self.head.acts.set_quiet(True)
        self.panel.open_form(form)

    def _scene(self, dossier: Dossier) -> Scene:
        mode = self.frame.settings.text("supplement.resume_mode")
        return Scene(self.frame.office, dossier, self.frame.tasks, mode)

    def _show_journal(self) -> None:
        self.head.acts.set_quiet(False)
        self._right.setCurrentWidget(self.journal)
        self._fit()

    def _detach(self, sha256: str) -> None:
        self.open_act(Act.DETACH)
        if isinstance(self.panel.form, DetachForm):
            self.panel.form.paper.set_key(sha256)
            self.panel.form.begin()

    def _go_back(self) -> None:
        act = next((each for each in _BACK if each in self.legal), None)
        if act is not None:
            self.open_act(act)

    def _did(self, done: Done, form: ActForm) -> None:
        undo = form.undo(done)
        self.frame.tell_done(done, partial(self._run_job, undo) if undo else None)
        if any(one.form == form.next_form() for one in papers_of(self.frame.office, done.dossier)):
            self.frame.print_papers(done.dossier, form.next_form())

    def _run_job(self, job: Job) -> None:
        """An act without a form: taking over, a note, or taking one back."""
        office = self.frame.office
        self.frame.tasks.run(self, lambda: job(office), self.frame.tell_done, self._refused)

    def _write_note(self, text: str) -> None:
        if self.dossier is None or self._is_noting:
            return
        self._is_noting = True
        office, dossier_id = self.frame.office, self.dossier.id
        self.frame.tasks.run(
            self, lambda: deeds.add_note(office, dossier_id, text), self._noted, self._not_noted
        )

    def _noted(self, done: Done) -> None:
        self._is_noting = False
        self.journal.take_note()
        self._show_note(False)
        self.frame.tell_done(done)

    def _not_noted(self, error: OfficeError) -> None:
        self._is_noting = False
        self.journal.note.set_error(f"{error.title}. {error.message}")

    def _refused(self, error: OfficeError) -> None:
        """Somebody was first, or the law says no: say it, and show the dossier as it is now."""
        self.frame.show_error(error)
        self._read()

    def _may_drop_note(self) -> bool:
        answers = (Answer("drop", "Bỏ", "danger"), Answer("", "Ở lại", "primary", "Esc"))
        return ask(self, "Bỏ ghi chú đang viết?", "Ghi chú này chưa được ghi.", answers) == "drop"

    # ---- reading ----------------------------------------------------------------------

    def _read(self) -> None:
        if not self._wanted:
            self._body.setCurrentWidget(self._empty)
            return
        office, dossier_id = self.frame.office, self._wanted
        self.frame.tasks.run(
            self,
            lambda: read_timeline(office, dossier_id),
            self._show,
            partial(self._not_read, dossier_id),
        )

    def _show(self, answer: tuple[Dossier, tuple[JournalMoment, ...]]) -> None:
        dossier, moments = answer
        if dossier.id != self._wanted:
            return  # another dossier was opened meanwhile
        office, is_new = self.frame.office, self.dossier is None
        self.dossier = dossier
        self.legal = legal_acts(dossier, office.actor)
        self._prints = print_words(papers_of(office, dossier))
        self._body.setCurrentWidget(self._whole)
        self.head.show_dossier(office.catalogue, dossier, moments)
        self._read_truth()
        self._read_step(dossier)
        self._look_at_clock()
        self.journal.show_moments(moments)
        show_information(self.info, office.catalogue, dossier)
        show_result(self.result, dossier)
        show_fees(self.fees, dossier)
        self._show_papers()
        if is_new:
            self._take_focus()

    def _read_truth(self) -> None:
        """Beside the dossier: where it stands needs no journal, and may come a moment later."""
        rows, dossier_id, now = self.frame.worklist.rows, self._wanted, self.frame.worklist.now()
        read = partial(read_truth, rows, dossier_id, now)
        self.frame.tasks.run(
            self, read, partial(self._show_truth, dossier_id), self.frame.show_error, busy=False
        )

    def _show_truth(self, dossier_id: str, told: TruthTold) -> None:
        if dossier_id == self._wanted:
            self.head.show_truth(told)

    def _read_step(self, dossier: Dossier) -> None:
        """As the lists tell it: one way of reckoning for both."""
        worklist = self.frame.worklist
        work = standing(worklist, dossier)
        read = partial(read_step, worklist, work)
        shown = partial(self._show_step, dossier.id)
        self.frame.tasks.run(self, read, shown, self.frame.show_error, busy=False)

    def _show_step(self, dossier_id: str, told: tuple[str, Pressure]) -> None:
        if dossier_id == self._wanted:
            words, pressure = told
            self.head.show_step(words, STEP_LOOKS.get(pressure, "small"))

    def _take_focus(self) -> None:
        """The keys of the page hold where the focus is."""
        if not self.isAncestorOf(self.window().focusWidget() or self.window()):
            self.tabs.setFocus()

    def _not_read(self, dossier_id: str, error: OfficeError) -> None:
        if dossier_id == self._wanted:
            self._wanted, self.dossier, self.legal = "", None, ()
            self._body.setCurrentWidget(self._empty)
        self.frame.show_error(error)

    def _look_at_clock(self) -> None:
        """Status and main act follow the clock: at 16:30 a dossier becomes overdue by itself."""
        if self.dossier is None:
            return
        work = standing(self.frame.worklist, self.dossier)
        self.head.show_standing(work)
        main = main_act(self.dossier, self.legal, work.urgency is Urgency.OVERDUE)
        bar = self.head.acts
        if (self.legal, main, self._prints) != self._acts_shown:
            self._acts_shown = (self.legal, main, self._prints)
            bar.show_acts(self.legal, main, self._prints)

    def _show_papers(self) -> None:
        """Pictures are drawn only once somebody looks at them."""
        if self.dossier is None:
            return
        self.tabs.set_count("papers", len(self.dossier.visible_papers) or None)
        if self.tabs.key() == "papers":
            can_attach, can_detach = Act.ATTACH in self.legal, Act.DETACH in self.legal
            self.papers.show_dossier(self.frame.office, self.dossier, can_attach, can_detach)

    def _choose_tab(self, key: str) -> None:
        self._left.setCurrentIndex([each for each, _ in _TABS].index(key))
        self._show_papers()

    def _turn_tab(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_note(self, is_wanted: bool) -> None:
        self._wants_note = is_wanted
        self._fit()

    def _fit(self) -> None:
        """Beside the open print drawer there is one column: the form or note in work, else the tabs."""
        is_narrow = self.width() < look.px(_NARROW)
        is_busy = self._right.currentWidget() is self.panel or self._wants_note
        self._card.setVisible(not (is_narrow and is_busy))
        self._right.setVisible(is_busy or not is_narrow)
        self._grid.setColumnStretch(1, 0 if is_narrow and not is_busy else 2)
        self._grid.setHorizontalSpacing(0 if is_narrow else look.px(12))

    # ---- parts ------------------------------------------------------------------------

    def _connect(self) -> None:
        self.head.acts.chosen.connect(self.open_act)
        self.head.acts.printed.connect(self.print_form)
        self.head.reprint_asked.connect(lambda: self.print_form("01"))
        self.head.why_asked.connect(partial(show_dossier_due, self))
        self.tabs.chosen.connect(self._choose_tab)
        self.papers.attach_asked.connect(lambda: self.open_act(Act.ATTACH))
        self.papers.detach_asked.connect(self._detach)
        self.journal.noted.connect(self._write_note)
        self.panel.done.connect(self._did)
        self.panel.failed.connect(lambda _: self._read())
        self.panel.closed.connect(self._show_journal)

    def _bind_keys(self) -> None:
        bind(self, "main_act", self.do_main)
        bind(self, "print_panel", lambda: self.print_form("01"))
        bind(self, "refresh", self._read)
        bind(self, "send_back", self._go_back)
        bind(self, "add_note", lambda: self.open_act(Act.ADD_NOTE))
        bind(self, "next_tab", partial(self._turn_tab, 1))
        bind(self, "previous_tab", partial(self._turn_tab, -1))

    def _lay_out(self) -> None:
        self._right = QStackedWidget()
        self._right.addWidget(self.journal)
        self._right.addWidget(self.panel)
        self._whole = QWidget()
        self._grid = QGridLayout(self._whole)
        grid = self._grid
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.px(12))
        grid.addWidget(self.head, 0, 0, 1, 2)
        self._card = self._tabs_card()
        grid.addWidget(self._card, 1, 0)
        grid.addWidget(self._right, 1, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self._body = QStackedWidget()
        self._body.addWidget(self._empty)
        self._body.addWidget(self._whole)
        column = QVBoxLayout(self)
        side = look.px(12)
        column.setContentsMargins(side, side, side, side)
        column.addWidget(self._body)

    def _tabs_card(self) -> Card:
        self._left = QStackedWidget()
        for part in (self.info, self.papers, self.result, self.fees):
            self._left.addWidget(part)
        card = Card(margin=12)
        card.body.setSpacing(0)
        card.body.setContentsMargins(look.px(12), look.px(4), look.px(4), look.px(8))
        card.body.addWidget(self.tabs)
        card.body.addWidget(self._left, 1)
        return card
