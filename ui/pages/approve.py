"""Phê duyệt: what waits for this officer's decision, signature or number.

List, then the summary or the papers, then the decision. Nothing typed is lost by looking at
another dossier: each keeps its own half-written decision.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.acts import Act
from onestop.domain.dossier import State
from onestop.errors import OfficeError
from onestop.office.deeds import Done
from onestop.office.work import Tab, Worklist, WorkRow
from ui import look
from ui.acts import ActForm, ActPanel, Scene, make_form
from ui.acts.form import Job
from ui.keys import bind, shown
from ui.pages.brief_room import BriefRoom
from ui.pages.bulk import BulkDialog
from ui.pages.decision import Brief, read_brief
from ui.pages.feed import DENSITIES, Feed, look_of
from ui.pages.list_page import WIDE
from ui.pages.page import Frame, Page
from ui.widgets import Card, Column, EmptyState, NewsBar, Row, TabBar, label, plain

_LEFT, _RIGHT, _TOP = 384, 372, 200
_ANY = 16_777_215  # Qt's own "no limit"
_SETTLE_MS = 60
_MINUTE_MS = 60_000
_COLUMNS = (
    Column("Chủ hồ sơ", "Nguyễn Thị Hường", stretch=1),
    Column("Hạn trả", "Còn 14 ngày làm việc", is_pill=True),
)
_STATES = (
    ("proposed", "Chờ duyệt", State.PROPOSED),
    ("approved", "Chờ ký", State.APPROVED),
    ("signed", "Chờ vào sổ", State.SIGNED),
)
_DECIDE_ROLE = {"proposed": "phê duyệt", "approved": "ký", "signed": "vào sổ"}


def decision_tabs(worklist: Worklist) -> tuple[Tab, ...]:
    """All that waits, then by what it waits for."""
    whole = worklist.to_decide()
    parts = [Tab(key, words, replace(whole, states=(state,))) for key, words, state in _STATES]
    return (Tab("all", "Tất cả", whole), *parts)


def decision_row(work: WorkRow, _: datetime) -> Row:
    """A line of the narrow list: whose dossier, how urgent."""
    name = f"● {work.row.owner_name}" if work.is_new else work.row.owner_name
    return Row(work.row.id, (name, work.words), look_of(work), work.is_new)


class ApprovePage(Page):
    """↓/↑ go through the list, Space turns to the papers, Ctrl+Enter decides, Ctrl+R returns."""

    place = "approve"
    title = "Phê duyệt"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.feed = Feed(
            frame, "approve_table", "Hồ sơ chờ quyết định", decision_tabs, _COLUMNS, decision_row
        )
        self.feed.key = "all"
        self.table = self.feed.table
        self.brief: Brief | None = None
        self._half_written: dict[str, tuple[Act, dict[str, str]]] = {}
        self._make_list()
        self.room = BriefRoom(frame.tasks)
        self.panel = ActPanel()
        self._make_buttons()
        self._lay_out()
        self._connect()

    # ---- the page and its frame -------------------------------------------------------

    def enter(self, dossier_id: str = "") -> None:
        self.table.set_density(DENSITIES[self.frame.settings.text("look.density")])
        if dossier_id or not self.feed.is_loaded:
            self.tabs.choose("all")
            self.feed.load("all", select=dossier_id)
        else:
            self.feed.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        return self.panel.may_close()

    def may_be_remade(self) -> bool:
        return not self.panel.is_changed() and not self._half_written

    def shown_dossier(self) -> str:
        return self.table.current_id()

    def reload(self, dossier_id: str) -> None:
        if not self.isVisible():
            return
        if dossier_id:
            self.feed.reload()
        else:
            self.feed.look_again()
        if self.brief is not None and self.brief.dossier.id == dossier_id:
            self._reading.start()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.tabs, self.table, self.room, self.panel)

    def decide(self) -> None:
        """Ctrl+Enter: the form that stands open, else the decision."""
        if self.panel.form is not None:
            self.panel.execute()
        elif self.brief is not None and self.brief.decision is not None:
            self.open_form(self.brief.decision)

    def send_back(self) -> None:
        """Ctrl+R: back with a reason."""
        if self.brief is not None and self.brief.way_back is not None:
            self.open_form(self.brief.way_back)
            self.panel.focus_first()

    def approve_many(self) -> None:
        """Every proposal of the procedure selected, in one list, each with its own act."""
        work = self.feed.current()
        if work is None:
            return
        dialog = BulkDialog(self, self.frame, work.row.procedure_name)
        dialog.finished.connect(lambda _: self._told_many(dialog))
        dialog.open()

    # ---- list and brief ----------------------------------------------------------------

    def _show_loaded(self) -> None:
        self._list.setCurrentWidget(self.table if self.feed.count() else self._nothing)
        self._current_changed()

    def _current_changed(self) -> None:
        work = self.feed.current()
        if work is None:
            if not self.feed.count():
                self._show_none()
            return
        if self.brief is None or self.brief.dossier.id != work.row.id:
            self._keep_half_written()
            self.brief = None
            self.panel.close_form()
            self._clear_right()
            self.room.show_head(work)
        self.room.show_standing(work)
        self._reading.start()

    def _read(self) -> None:
        work = self.feed.current()
        if work is None or not self.isVisible():
            return
        dossier_id, office = work.row.id, self.frame.office
        self.frame.tasks.run(
            self, partial(read_brief, office, dossier_id), self._show_brief, self.frame.show_error, busy=False
        )

    def _show_brief(self, brief: Brief) -> None:
        work = self.feed.current()
        if work is None or work.row.id != brief.dossier.id:
            return
        is_same = self.brief is not None and self.brief.dossier == brief.dossier
        self.brief = brief
        if is_same and self.panel.form is not None:
            return
        self._keep_half_written()  # another desk's act has come meanwhile: what is typed stays
        self.room.show_brief(self.frame.office, brief)
        self._show_buttons(brief)
        self._open_decision()

    def _show_none(self) -> None:
        self.brief = None
        self.panel.close_form()
        self.room.show_none()
        self.many_button.hide()
        self._clear_right()

    def _clear_right(self) -> None:
        """Nothing to decide until the dossier has been read: no button without words."""
        self.back_button.hide()
        self._no_act_words.setText("")
        self._right.setCurrentWidget(self._no_act)

    def _show_buttons(self, brief: Brief) -> None:
        words = "Không duyệt…" if brief.way_back is Act.DISAPPROVE else "Trả lại…"
        self.back_button.setText(f"  {words}  ({shown('send_back')})")
        self.back_button.setAccessibleName(words.rstrip("…"))
        self.many_button.setVisible(brief.decision is Act.APPROVE)

    # ---- deciding ---------------------------------------------------------------------

    def open_form(self, act: Act) -> None:
        """The form of an act on the dossier shown; the focus stays in the list."""
        if self.brief is None:
            return
        is_elsewhere = not self._right.isAncestorOf(self.window().focusWidget() or self)
        scene = Scene(self.frame.office, self.brief.dossier, self.frame.tasks)
        self.panel.open_form(make_form(scene, act), takes_focus=not is_elsewhere)
        self._right.setCurrentWidget(self.panel)
        self.setTabOrder(self.panel.last_stop(), self.back_button)
        self.back_button.setVisible(act is not self.brief.way_back and self.brief.way_back is not None)

    def _open_decision(self) -> None:
        """What was half written for this dossier, else its decision."""
        brief = self.brief
        if brief is None:
            return
        act, texts = self._half_written.pop(brief.dossier.id, (brief.decision, {}))
        if act is None or act not in brief.legal:
            self.back_button.setVisible(brief.way_back is not None)
            self._right.setCurrentWidget(self._no_act)
            self._no_act_words.setText(self._why_not(brief))
            return
        self.open_form(act)
        if self.panel.form is not None:
            _put(self.panel.form, texts)

    def _why_not(self, brief: Brief) -> str:
        needed = _DECIDE_ROLE.get(brief.dossier.state.value, "")
        return f"Hồ sơ đang chờ {needed}; vai trò của bạn không làm được việc này." if needed else ""

    def _keep_half_written(self) -> None:
        form = self.panel.form
        if form is not None and form.is_changed():
            self._half_written[form.dossier_id] = (form.act, form.texts())

    def _closed(self) -> None:
        """The form was put away: the decision stands there again once nothing else is happening."""
        if self.brief is not None:
            QTimer.singleShot(0, self, self._open_decision)

    def _did(self, done: Done, form: ActForm) -> None:
        self.brief = None
        job = form.undo(done)
        undo = partial(self._undo, job) if job else None
        self.frame.tell_done(done, undo)

    def _undo(self, job: Job) -> None:
        office = self.frame.office
        self.frame.tasks.run(self, lambda: job(office), self.frame.tell_done, self.frame.show_error)

    def _failed(self, _: OfficeError) -> None:
        self.feed.reload()

    def _told_many(self, dialog: BulkDialog) -> None:
        if dialog.approved:
            self.frame.tell_done(dialog.approved[-1])
            self.frame.toast(dialog.summary())
        dialog.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in the list puts an open form away as in the form itself."""
        if event.key() == Qt.Key.Key_Escape and self.panel.is_changed():
            self.panel.ask_to_close()
        else:
            super().keyPressEvent(event)

    # ---- parts ------------------------------------------------------------------------

    def _make_list(self) -> None:
        self.tabs = TabBar("approve_tabs", "Hồ sơ theo việc chờ quyết định")
        self.tabs.set_tabs([("all", "Tất cả", None), *((key, words, None) for key, words, _ in _STATES)])
        self.news = NewsBar()
        self._nothing = EmptyState(
            "circle-check",
            "Không có hồ sơ nào chờ bạn",
            "Hồ sơ trình duyệt, chờ ký, chờ vào sổ sẽ hiện ở đây.",
        )
        self._list = QStackedWidget()
        self._list.addWidget(self.table)
        self._list.addWidget(self._nothing)
        self._reading = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._reading.timeout.connect(self._read)
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(lambda: self.reload(""))
        self._minute.start()

    def _make_buttons(self) -> None:
        self.back_button = plain("", icon="corner-up-left")
        self.many_button = plain("Duyệt nhiều cùng thủ tục…", icon="list-checks")
        self._no_act_words = label("", "dim", is_wrapped=True)
        self._no_act = Card()
        self._no_act.body.addWidget(self._no_act_words)
        self._no_act.body.addStretch(1)
        self._right = QStackedWidget()
        self._right.addWidget(self.panel)
        self._right.addWidget(self._no_act)
        self._right.setCurrentWidget(self._no_act)
        self.back_button.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.px(16))
        head.addWidget(label(self.title, "title"))
        head.addWidget(self.tabs, 1)
        head.addWidget(self.many_button)
        self._left_room = _column((self.news, self._list))
        self._right_room = _column((self._right, self.back_button))
        self._right_room.setFixedWidth(look.px(_RIGHT))
        self._grid = QGridLayout()
        self._grid.setSpacing(look.px(12))
        self._arrange(True)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(look.px(14), look.px(8), look.px(14), look.px(8))
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addLayout(self._grid, 1)

    def _arrange(self, is_wide: bool) -> None:
        """Three columns where they fit; else the list lies on top."""
        self._is_wide = is_wide
        for part in (self._left_room, self.room, self._right_room):
            self._grid.removeWidget(part)
        self._left_room.setMinimumWidth(look.px(_LEFT) if is_wide else 0)
        self._left_room.setMaximumWidth(look.px(_LEFT) if is_wide else _ANY)
        self._left_room.setMaximumHeight(_ANY if is_wide else look.px(_TOP))
        row, span = (0, 1) if is_wide else (1, 2)
        self._grid.addWidget(self._left_room, 0, 0, 1, span)
        self._grid.addWidget(self.room, row, 1 if is_wide else 0)
        self._grid.addWidget(self._right_room, row, 2 if is_wide else 1)
        for place in range(3):
            self._grid.setColumnStretch(place, int(place == (1 if is_wide else 0)))
        self._grid.setRowStretch(0, int(is_wide))
        self._grid.setRowStretch(1, int(not is_wide))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(WIDE)
        if is_wide != self._is_wide:
            self._arrange(is_wide)

    def minimumSizeHint(self) -> QSize:
        """What the narrow arrangement needs, whichever is shown now."""
        return QSize(look.px(880), look.px(480))

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.feed.load)
        self.news.wanted.connect(self.feed.reload)
        self.feed.loaded.connect(self._show_loaded)
        self.feed.counted.connect(self._show_counts)
        self.feed.news.connect(self.news.set_count)
        self.table.current_changed.connect(lambda _: self._current_changed())
        self.table.opened.connect(self._open)
        self.table.previewed.connect(lambda _: self.room.turn())
        self.room.open_asked.connect(lambda: self._open(self.table.current_id()))
        self.back_button.clicked.connect(self.send_back)
        self.many_button.clicked.connect(self.approve_many)
        self.panel.done.connect(self._did)
        self.panel.failed.connect(self._failed)
        self.panel.closed.connect(self._closed)
        bind(self, "main_act", self.decide)
        bind(self, "send_back", self.send_back)
        bind(self, "refresh", self.feed.reload)

    def _open(self, dossier_id: str) -> None:
        if dossier_id:
            self.frame.go("dossier", dossier_id)

    def _show_counts(self, counts: Sequence[tuple[str, str, int]]) -> None:
        for key, _, count in counts:
            self.tabs.set_count(key, count)


def _column(parts: Sequence[QWidget]) -> QWidget:
    room = QWidget()
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look.px(8))
    for part in parts:
        column.addWidget(part, 1 if isinstance(part, QStackedWidget) else 0)
    return room


def _put(form: ActForm, texts: dict[str, str]) -> None:
    """What was half written comes back; it still counts as typed."""
    for field in form.fields:
        if field.name() in texts:
            field.set_text(texts[field.name()])
            field.changed.emit()  # the officers of a unit are listed anew
