"""Cần xử lý: entries that wait for a person, with both versions; and the shelf of unreadable ones.

Nothing leaves by itself. Whoever has no right to decide sees everything and may ask.
"""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.acts import RULES, Act
from onestop.errors import OfficeError
from onestop.office.deeds import Done
from ui import look
from ui.acts import FORMS, ActForm, ActPanel, AskForm, Scene, make_form
from ui.keys import bind
from ui.pages.feed import DENSITIES
from ui.pages.page import Frame, Page
from ui.pages.tray_case import CaseRoom
from ui.pages.tray_forms import TrayForm, put_facts
from ui.pages.tray_read import Case, TrayLine, read_case, read_tray
from ui.pages.tray_shelf import ShelfRoom
from ui.sync_words import moment_words
from ui.widgets import Column, EmptyState, QueueTable, Row, RowModel, TabBar, label

_SETTLE_MS, _WIDE = 60, 1200
_COLUMNS = (
    Column("Mã hồ sơ", "H56.99.88-261116-0001"),
    Column("Việc", "Phê duyệt", stretch=1),
    Column("Cán bộ", "Nguyễn Tuyết", stretch=2),
    Column("Lúc", "16/11 09:00"),
    Column("Vì sao", "Trái trạng thái hồ sơ"),
)
_NONE = (
    "circle-check",
    "Không có gì cần xử lý",
    "Bút ký trái nhau hoặc chờ phê chuẩn sau khi đồng bộ sẽ hiện ở đây.",
)
_CHOOSE = ("git-compare-arrows", "Chọn một dòng trong danh sách", "Hai bản sẽ hiện cạnh nhau, từng mục.")


class TrayPage(Page):
    """Left: the list, or the form in its place. Right: who wanted what, and how it stands now."""

    place = "tray"
    title = "Cần xử lý"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.lines: tuple[TrayLine, ...] = ()
        self.case: Case | None = None
        self._wanted = ""
        self._make_parts()
        self._lay_out()
        self._connect()
        self._bind_keys()

    # ---- the page and its frame -------------------------------------------------------

    def enter(self, dossier_id: str = "") -> None:
        self._wanted = dossier_id
        self.table.set_density(DENSITIES[self.frame.settings.text("look.density")])
        self._read()
        self.shelf.read()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        if not self.panel.may_close():
            return False
        self.panel.close_form()
        return True

    def may_be_remade(self) -> bool:
        return self.panel.form is None

    def shown_dossier(self) -> str:
        line = self.current()
        return line.dossier_id if line else ""

    def go_on_from(self, old: Page) -> None:
        if isinstance(old, TrayPage):
            self.tabs.choose(old.tabs.key())

    def reload(self, dossier_id: str) -> None:
        """A form half filled in stays; list and versions follow what was recorded."""
        if self.isVisible():
            self._read()
            self.shelf.read()

    def panes(self) -> tuple[QWidget, ...]:
        if self.tabs.key() == "shelf":
            return (self.tabs, self.shelf)
        return (self.tabs, self._left, self.room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.panel.form is not None:
            self.panel.ask_to_close()
        else:
            super().keyPressEvent(event)

    def current(self) -> TrayLine | None:
        return next((line for line in self.lines if line.entry_id == self.table.current_id()), None)

    # ---- acts -------------------------------------------------------------------------

    def ratify(self) -> None:
        """Ctrl+Enter: the open form, else Phê chuẩn."""
        if self.panel.form is not None:
            self.panel.execute()
        else:
            self._settle(Act.RATIFY, self.room.ratify)

    def void(self) -> None:
        self._settle(Act.VOID, self.room.void)

    def redo(self) -> None:
        """The entry is voided, then its act is offered again with what it said."""
        self._settle(Act.VOID, self.room.redo, is_redo=True)

    def ask(self) -> None:
        case = self.case
        if case is not None and self.room.ask.isVisibleTo(self.room) and self.panel.may_close():
            self._open(AskForm(self._scene(case), case.moment))

    def _settle(self, act: Act, button: QWidget, is_redo: bool = False) -> None:
        case = self.case
        if case is not None and button.isVisibleTo(self.room) and self.panel.may_close():
            self._open(TrayForm(self._scene(case), act, case, is_redo))

    def _scene(self, case: Case) -> Scene:
        mode = self.frame.settings.text("supplement.resume_mode")
        return Scene(self.frame.office, case.dossier, self.frame.tasks, mode)

    def _open(self, form: ActForm) -> None:
        self._left.setCurrentWidget(self.panel)
        self.room.set_acting(True)
        self.panel.open_form(form)

    def _did(self, done: Done, form: ActForm) -> None:
        self.frame.tell_done(done)
        if isinstance(form, TrayForm) and form.is_redo:
            self._offer_again(done, form.case)

    def _offer_again(self, done: Done, case: Case) -> None:
        """The act once more on the dossier as it is now, if this officer may do it."""
        from onestop.domain.legality import legal_acts

        act = case.moment.act
        office = self.frame.office
        if act is None or act not in FORMS or act not in legal_acts(done.dossier, office.actor):
            words = RULES[act].words.lower() if act else "này"
            why = "Hồ sơ đang ở trạng thái khác, hoặc việc này thuộc cán bộ khác. Hãy hỏi người lập."
            self.frame.show_error(OfficeError(f"Đã huỷ bút ký; chưa làm lại được việc {words}", why))
            return
        mode = self.frame.settings.text("supplement.resume_mode")
        form = make_form(Scene(office, done.dossier, self.frame.tasks, mode), act)
        self._open(form)
        put_facts(form, case.facts)

    def _closed(self) -> None:
        self._left.setCurrentWidget(self._list)
        self.room.set_acting(False)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- reading ----------------------------------------------------------------------

    def _read(self) -> None:
        office = self.frame.office
        self.frame.tasks.run(self, lambda: read_tray(office), self._show, self.frame.show_error, busy=False)

    def _show(self, lines: tuple[TrayLine, ...]) -> None:
        self.lines = lines
        now = self.frame.worklist.now()
        self.tabs.set_count("conflicts", len(lines))
        rows = [
            Row(x.entry_id, (x.code, x.words, x.officer, moment_words(x.at, now), x.short)) for x in lines
        ]
        self._model.show_rows(rows)
        self._list.setCurrentWidget(self.table if lines else self._empty)
        self._choose_wanted()
        self._current_changed()

    def _choose_wanted(self) -> None:
        wanted = next((x.entry_id for x in self.lines if x.dossier_id == self._wanted), "")
        self._wanted = ""
        if wanted:
            self.table.select(wanted)
        elif not self.table.current_id():
            self.table.select_first()

    def _current_changed(self) -> None:
        line = self.current()
        if line is None:
            self.case = None
            self.room.show_none(_CHOOSE if self.lines else _NONE)
        else:
            self._reading.start()

    def _read_current(self) -> None:
        line = self.current()
        if line is None:
            return
        work = partial(read_case, self.frame.office, line.dossier_id, line.entry_id)
        show = partial(self._show_case, line)
        self.frame.tasks.run(self, work, show, self.frame.show_error, busy=False)

    def _show_case(self, line: TrayLine, case: Case | None) -> None:
        if self.current() != line:
            return
        self.case = case
        if case is None:
            self.room.show_none(_CHOOSE)
        else:
            self.room.show_case(line, case, self.frame.office.officer.id, self.frame.worklist.now())

    # ---- parts ------------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.tabs = TabBar("tray_tabs", "Việc cần xử lý")
        self.tabs.set_tabs([("conflicts", "Xung đột, chờ phê chuẩn", None), ("shelf", "Kệ cách ly", None)])
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("tray_table", "Bút ký cần xử lý, cũ nhất trước", self._model)
        self._empty = EmptyState(*_NONE)
        self._list = QStackedWidget()
        self._list.addWidget(self.table)
        self._list.addWidget(self._empty)
        self.panel = ActPanel()
        self._left = QStackedWidget()
        self._left.addWidget(self._list)
        self._left.addWidget(self.panel)
        self.room = CaseRoom()
        self.room.show_none(_NONE)
        self.shelf = ShelfRoom(self.frame)
        self._reading = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._reading.timeout.connect(self._read_current)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(label(self.title, "title"))
        head.addWidget(self.tabs, 1)
        conflicts = QWidget()
        row = QHBoxLayout(conflicts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addWidget(self._left, 11)
        row.addWidget(self.room, 10)
        self._body = QStackedWidget()
        self._body.addWidget(conflicts)
        self._body.addWidget(self.shelf)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(8), look.px(14), look.px(8))
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self._body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow the list says which dossier, what and why; the rest stands beside it."""
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(_WIDE)
        for column in (2, 3):
            self.table.setColumnHidden(column, not is_wide)
        self.table.fit()

    def _connect(self) -> None:
        self.tabs.chosen.connect(lambda key: self._body.setCurrentIndex(int(key == "shelf")))
        self.table.current_changed.connect(lambda _: self._current_changed())
        self.table.opened.connect(lambda _: self._open_dossier())
        self.room.ratify_wanted.connect(self.ratify)
        self.room.void_wanted.connect(self.void)
        self.room.redo_wanted.connect(self.redo)
        self.room.ask_wanted.connect(self.ask)
        self.room.open_wanted.connect(self._open_dossier)
        self.shelf.counted.connect(partial(self.tabs.set_count, "shelf"))
        self.panel.done.connect(self._did)
        self.panel.failed.connect(lambda _: self._read())
        self.panel.closed.connect(self._closed)

    def _bind_keys(self) -> None:
        bind(self, "main_act", self.ratify)
        bind(self, "send_back", self.void)
        bind(self, "add_note", self.ask)
        bind(self, "refresh", lambda: self.reload(""))
        bind(self, "next_tab", partial(self._turn_tab, 1))
        bind(self, "previous_tab", partial(self._turn_tab, -1))

    def _turn_tab(self, step: int) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + step) % self.tabs.count())

    def _open_dossier(self) -> None:
        if self.shown_dossier():
            self.frame.go("dossier", self.shown_dossier())
