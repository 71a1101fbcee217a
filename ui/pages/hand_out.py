"""Trả kết quả: completed dossiers that wait at this counter, found by the code on the receipt."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.acts import Act
from onestop.domain.card import CitizenCard, parse_card
from onestop.domain.code import parse_code
from onestop.domain.dossier import Dossier
from onestop.domain.legality import legal_acts
from onestop.domain.proof import is_proof_text
from onestop.domain.work import DONE
from onestop.errors import InputError
from onestop.office.deeds import Done, find_dossier
from onestop.office.proving import PaperCheck, check_at
from onestop.office.work import Tab, Worklist, WorkRow
from ui import look
from ui.acts import ActForm, ActPanel, Scene, make_form
from ui.acts.form import Job
from ui.devices import ScanBox
from ui.keys import bind, shown
from ui.pages.feed import DENSITIES, Feed, look_of, short_name
from ui.pages.hand_out_head import HandOutHead, NotYours, why_not_here
from ui.pages.list_page import WIDE
from ui.pages.page import Frame, Page
from ui.widgets import Card, Column, EmptyState, NewsBar, Row, announce, label

_SETTLE_MS = 60
_TYPING_MS = 120
_MINUTE_MS = 60_000
_RIGHT = 396
_COLUMNS = (
    Column("Mã hồ sơ", "H56.99.88-261107-0031"),
    Column("Chủ hồ sơ", "Nguyễn Thị Đặng Hường", stretch=1),
    Column("Thủ tục", "Đăng ký khai sinh", stretch=4),
    Column("Tình trạng", "Đã có kết quả, chờ trả", is_pill=True),
)


def counter_tabs(worklist: Worklist) -> tuple[Tab, ...]:
    return (Tab("all", "Chờ trả", worklist.at_counter()),)


def counter_row(work: WorkRow, _: datetime) -> Row:
    row = work.row
    cells = (row.code, row.owner_name, short_name(row.procedure_name), work.words)
    return Row(row.id, cells, look_of(work))


def find_by_code(worklist: Worklist, code: str) -> WorkRow | None:
    """The dossier of exactly this code, wherever it is."""
    return next((work for work in worklist.search(code, limit=20) if work.row.code == code), None)


class HandOutPage(Page):
    """Scan the receipt, compare the person, Ctrl+Enter; a card fills who takes the result."""

    place = "hand_out"
    title = "Trả kết quả"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setProperty("look", "page")
        self.feed = Feed(frame, "hand_out_table", "Kết quả chờ trả", counter_tabs, _COLUMNS, counter_row)
        self.feed.key = "all"
        self.table = self.feed.table
        self.dossier: Dossier | None = None
        self._paper: tuple[Dossier, str] | None = None
        self._legal: tuple[Act, ...] = ()
        self._make_parts()
        self._lay_out()
        self._connect()

    # ---- the page and its frame -------------------------------------------------------

    def enter(self, dossier_id: str = "") -> None:
        self.table.set_density(DENSITIES[self.frame.settings.text("look.density")])
        self._say("")
        if dossier_id or not self.feed.is_loaded:
            self.feed.load("all", select=dossier_id)
        else:
            self.feed.reload()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        return self.panel.may_close()

    def may_be_remade(self) -> bool:
        return not self.panel.is_changed() and not self.box.text()

    def reload(self, dossier_id: str) -> None:
        if not self.isVisible():
            return
        if dossier_id:
            self.feed.reload()
        else:
            self.feed.look_again()
        if self.dossier is not None and self.dossier.id == dossier_id:
            self._reading.start()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.box, self.table, self.panel)

    def take_card(self, text: str) -> None:
        """What any scanner read: the code of a receipt, or the card of whoever takes the result."""
        if "|" in text:
            self._take_person(text)
        elif is_proof_text(text):
            office, frame = self.frame.office, self.frame
            frame.tasks.run(self, partial(check_at, office, text), self.take_paper, frame.show_error)
        elif any(c.isdigit() for c in text):
            self._take_code(text)
        else:
            self._take_name(text)

    def take_paper(self, check: PaperCheck) -> None:
        """A printed paper of ours: its dossier, whatever it is worth, and what that is."""
        self._take_code(check.proof.code, check)

    def focus_scan(self) -> None:
        """F7."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hand_out(self) -> None:
        """Ctrl+Enter."""
        if self.panel.form is not None:
            self.panel.execute()

    def collect(self) -> None:
        """The fee still due, in the place of the form to hand out."""
        if self.dossier is not None and Act.COLLECT in self._legal and self.panel.may_close():
            self._open_form(Act.COLLECT)
            self.panel.focus_first()

    # ---- what was scanned -------------------------------------------------------------

    def _take_code(self, text: str, check: PaperCheck | None = None) -> None:
        try:
            code = str(parse_code(text))
        except InputError as error:
            self._say(f"{error.title}. {error.message}")
            return
        worklist = self.frame.worklist
        self.frame.tasks.run(self, lambda: find_by_code(worklist, code), partial(self._found, code, check))

    def _take_name(self, text: str) -> None:
        """Enter after a name: the list stays narrowed, the keys go into it."""
        self.box.setText(text)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _found(self, code: str, check: PaperCheck | None, work: WorkRow | None) -> None:
        if work is None:
            self._say(f"Không có hồ sơ {code} trên máy này. Xem lại mã trên giấy tiếp nhận.")
        elif not self._is_here(work):
            self._say(f"{code} · {work.row.owner_name}: {why_not_here(work, self.frame.worklist.catalogue)}")
        else:
            self._say(check.short() if check else "", is_fault=check is None or not check.is_good)
            self.feed.query = ""
            self.feed.load("all", select=work.row.id)
            announce(self, f"{code}, {work.row.owner_name}")

    def _is_here(self, work: WorkRow) -> bool:
        view = self.frame.worklist.at_counter()
        row = work.row
        return self.frame.worklist.is_mine(row) and row.state in view.states and row.queue_at >= DONE

    def _take_person(self, text: str) -> None:
        form = self.panel.form
        if form is None or form.act is not Act.HAND_OUT:
            self._say("Hãy quét giấy tiếp nhận hoặc chọn hồ sơ trước, rồi quét thẻ của người nhận.")
            return
        try:
            card = parse_card(text)
        except InputError as error:
            self._say(f"{error.title}. {error.message}")
            return
        self._fill(form, card)

    def _fill(self, form: ActForm, card: CitizenCard) -> None:
        """The person who stands here; the officer still compares the card with the face."""
        assert self.dossier is not None  # its form stands open
        subject = self.dossier.subject
        known = [subject.owner, subject.submitter, *([subject.delegate] if subject.delegate else [])]
        match = next((party for party in known if party.id_number == card.id_number), None)
        name = card.name or (match.name if match else "")
        for field, text in (("recipient", name), ("id_number", card.id_number)):
            place = form.place(field)
            if place is not None:
                place.set_text(text)
        is_known = "là người trong hồ sơ" if match else "KHÔNG có tên trong hồ sơ: xem giấy uỷ quyền"
        self._say(f"Lấy từ thẻ: {name or card.id_number}, {is_known}.", is_fault=match is None)

    # ---- list and dossier -------------------------------------------------------------

    def _show_loaded(self) -> None:
        count = self.feed.count()
        self._list.setCurrentWidget(self.table if count else self._nothing)
        if self.feed.query:
            self._nothing.set_words("search", f"Không có kết quả chờ trả nào khớp “{self.feed.query}”")
        else:
            self._nothing.set_words(*_NOTHING)
        self._current_changed()

    def _show_counts(self, counts: Sequence[tuple[str, str, int]]) -> None:
        self._count.setText(f"{counts[0][2]} kết quả chờ trả tại quầy")

    def _current_changed(self) -> None:
        work = self.feed.current()
        if work is None:
            if not self.feed.count():
                self._show_none()
            return
        if self.dossier is None or self.dossier.id != work.row.id:
            self.dossier = None
            self.panel.close_form()
            self._right.setCurrentWidget(self._room)
            self.head.show_work(work)
        self._reading.start()

    def _show_none(self) -> None:
        self.dossier = None
        self.panel.close_form()
        self._right.setCurrentWidget(self._no_dossier)

    def _read(self) -> None:
        work = self.feed.current()
        if work is None or not self.isVisible():
            return
        read = partial(find_dossier, self.frame.office, work.row.id)
        self.frame.tasks.run(self, read, self._show_dossier, self.frame.show_error, busy=False)

    def _show_dossier(self, dossier: Dossier) -> None:
        work = self.feed.current()
        if work is None or work.row.id != dossier.id:
            return
        is_same = dossier == self.dossier and self.panel.form is not None
        self.dossier = dossier
        self._legal = legal_acts(dossier, self.frame.office.actor)
        if is_same:
            return
        self.head.show_dossier(dossier, Act.COLLECT in self._legal)
        self._open_form(Act.HAND_OUT)
        self._show_right_act()

    def _open_form(self, act: Act) -> None:
        """The focus stays where it is: the next receipt may be scanned at once."""
        if self.dossier is None or act not in self._legal:
            return
        here = self.window().focusWidget()
        scene = Scene(self.frame.office, self.dossier, self.frame.tasks)
        self.panel.open_form(
            make_form(scene, act), takes_focus=here is not None and self.panel.isAncestorOf(here)
        )
        self._show_right_act()

    def _show_right_act(self) -> None:
        """Whoever may not hand out is told so instead of being shown an empty form."""
        self.panel.setVisible(self.panel.form is not None)
        self._no_act.setVisible(self.panel.form is None)

    def _closed(self) -> None:
        if self.dossier is not None:
            QTimer.singleShot(0, self, lambda: self._open_form(Act.HAND_OUT))

    def _did(self, done: Done, form: ActForm) -> None:
        self.dossier = None
        self._paper = (done.dossier, form.next_form()) if form.next_form() else None
        offered = f"{done.words}. {shown('print_panel')}: in giấy của việc này." if self._paper else ""
        self._say(offered, is_fault=False)
        job = form.undo(done)
        self.frame.tell_done(done, partial(self._undo, job) if job else None)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def print(self) -> None:
        """Ctrl+P: the paper of what was done last at this counter."""
        if self._paper is not None:
            self.frame.print_papers(*self._paper)

    def _undo(self, job: Job) -> None:
        office = self.frame.office
        self.frame.tasks.run(self, lambda: job(office), self.frame.tell_done, self.frame.show_error)

    def _say(self, words: str, is_fault: bool = True) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))
        look.dress(self._said, "warning" if is_fault else "success")
        if words:
            announce(self, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters typed in the list go to the scan box."""
        text = event.text()
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape and self.box.text():
            self.box.clear()
        elif event.key() == Qt.Key.Key_Down and self.box.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif text.strip() and text.isprintable() and is_plain and self.table.hasFocus():
            self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.box.insert(text)
        else:
            super().keyPressEvent(event)

    def _narrow(self) -> None:
        """A name typed into the box narrows the list; the text of a card does not."""
        text = self.box.text().strip()
        if "|" not in text:
            self.feed.set_query(text)

    # ---- parts ------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(860), look.px(480))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the words that all rows share go first."""
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(WIDE)
        self.table.setColumnHidden(len(_COLUMNS) - 1, not is_wide)
        self.table.horizontalHeader().setStretchLastSection(not is_wide)

    def _make_parts(self) -> None:
        self.box = ScanBox()
        self.box.setObjectName("hand_out_scan")
        self.box.setAccessibleName("Quét giấy tiếp nhận hoặc thẻ")
        self.box.setPlaceholderText(f"Quét mã trên giấy tiếp nhận, hoặc gõ mã, tên…   {shown('scan_box')}")
        self._said = label("", "warning", is_wrapped=True)
        self._said.hide()
        self._count = label("", "dim")
        self.news = NewsBar()
        self._nothing = EmptyState(*_NOTHING)
        self._list = QStackedWidget()
        self._list.addWidget(self.table)
        self._list.addWidget(self._nothing)
        self.panel = ActPanel()
        self._no_act = NotYours()
        self.head = HandOutHead()
        self._reading = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._reading.timeout.connect(self._read)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._narrow)
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(lambda: self.reload(""))
        self._minute.start()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(look.px(20))
        head.addWidget(label(self.title, "title"))
        head.addWidget(self.box, 1)
        head.addWidget(self._count)
        left = QVBoxLayout()
        left.setSpacing(look.px(4))
        left.addWidget(self.news)
        left.addWidget(self._list, 1)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addLayout(left, 1)
        row.addWidget(self._right_room())
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(look.px(14), look.px(8), look.px(14), look.px(8))
        column.setSpacing(look.px(8))
        column.addLayout(head)
        column.addWidget(self._said)
        column.addLayout(row, 1)

    def _right_room(self) -> QWidget:
        self._room = QWidget()
        column = QVBoxLayout(self._room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.head)
        column.addWidget(self.panel, 1)
        column.addWidget(self._no_act, 1)
        self._no_dossier = Card()
        self._no_dossier.body.addWidget(EmptyState("package-check", "Chưa chọn hồ sơ"))
        self._right = QStackedWidget()
        self._right.setFixedWidth(look.px(_RIGHT))
        self._right.addWidget(self._no_dossier)
        self._right.addWidget(self._room)
        return self._right

    def _connect(self) -> None:
        self.box.scanned.connect(self.take_card)
        self.box.textChanged.connect(lambda _: self._typing.start())
        self.news.wanted.connect(self.feed.reload)
        self.feed.loaded.connect(self._show_loaded)
        self.feed.counted.connect(self._show_counts)
        self.feed.news.connect(self.news.set_count)
        self.table.current_changed.connect(lambda _: self._current_changed())
        self.table.opened.connect(lambda dossier_id: self.frame.go("dossier", dossier_id))
        self.head.collect_asked.connect(self.collect)
        self.panel.done.connect(self._did)
        self.panel.failed.connect(lambda _: self.feed.reload())
        self.panel.closed.connect(self._closed)
        bind(self, "main_act", self.hand_out)
        bind(self, "refresh", self.feed.reload)
        bind(self, "print_panel", self.print)


_NOTHING = (
    "package-check",
    "Không có kết quả nào chờ trả",
    "Kết quả văn thư đã vào sổ sẽ hiện ở đây. Quét mã trên giấy tiếp nhận để biết hồ sơ đang ở đâu.",
)
