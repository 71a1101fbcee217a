"""The sync panel: what stands where, what moves, what waits and why. It is fed; it asks nobody."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from onestop.store.whereabouts import Whereabouts
from ui import look
from ui.keys import shown
from ui.sync_facts import Facts, Waiting
from ui.sync_words import chip_look, counted, left_words, moment_words, next_try_words
from ui.widgets.basic import EmptyState, label, picture, plain, primary, rule
from ui.widgets.queue import QueueTable
from ui.widgets.rows import Column, Row, RowModel
from ui.widgets.truth_bars import Bar, TruthBars

if TYPE_CHECKING:
    from onestop.sync.status import SyncStatus

_COLUMNS = (
    Column("Mã hồ sơ", "H56.99.88-261116-0001"),
    Column("Từ", "16/11 09:00"),
    Column("Vì sao", "Chờ có đường truyền", stretch=1),
)
_LINES = (
    ("last", "Đồng bộ gần nhất"),
    ("next", "Lần tới"),
    ("blobs", "Tệp chưa gửi"),
    ("clock", "Đồng hồ máy"),
)
_NOTHING = "–"
_NONE_WAITS = ("circle-check", "Không có hồ sơ nào chờ gửi", "Mọi việc đã lưu đều đã tới máy chủ của tỉnh.")
_ALONE = ("hard-drive", "Máy này làm việc một mình", "Mọi hồ sơ chỉ có ở đây. Hãy sao lưu thư mục dữ liệu.")


class SyncPanel(QWidget):
    """`sync_wanted` for “Đồng bộ ngay” and “Gửi lại”; the courier's two by their own signals."""

    sync_wanted = Signal()
    retry_wanted = Signal()
    bundle_wanted = Signal()
    return_wanted = Signal()
    join_wanted = Signal()
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sync_panel")
        self._status: SyncStatus | None = None
        self._lines: dict[str, QLabel] = {}
        self._make_head()
        self._make_list()
        self._make_buttons()
        self._lay_out()

    # --- what it is fed

    def show_status(self, status: "SyncStatus", now: datetime) -> None:
        """Every place stays where it is: words change, nothing comes or goes."""
        self._status = status
        chip = chip_look(status, now)
        look.set_icon(self._mark, chip.icon, chip.role, 28)
        self._state.setText(chip.words)
        self._about.setText(_about(status, now))
        self._show_progress(status)
        self.retry.setVisible(status.phase == "trouble" or status.shelf > 0)
        is_alone = status.phase == "alone"
        self.now.setVisible(not is_alone)
        self.join.setVisible(is_alone)
        self.tick(now)

    def show_facts(self, facts: Facts, now: datetime) -> None:
        self.bars.show_bars(bars_of(facts))
        waiting = facts.waiting
        self.show_courier(facts.where.is_joined)
        self._heading.setText(f"Chờ gửi: {counted(facts.waiting_dossiers)} hồ sơ" if waiting else "Chờ gửi")
        self._model.show_rows([_row(each, now) for each in waiting])
        self._empty.set_words(*(_NONE_WAITS if facts.where.is_joined else _ALONE))
        self._stack.setCurrentWidget(self.table if waiting else self._empty)

    def show_courier(self, is_there: bool) -> None:
        """Whether this desk knows whom a bundle would be sealed for."""
        self.bundle.setVisible(is_there)
        self.take_return.setVisible(is_there)

    def tick(self, now: datetime) -> None:
        """A second has passed: only times change."""
        status = self._status
        if status is None:
            return
        last = status.last_success
        self._lines["last"].setText(moment_words(last, now) if last else _NOTHING)
        self._lines["next"].setText(next_try_words(status, now) or _NOTHING)
        self._lines["blobs"].setText(_blob_words(status))
        self._lines["clock"].setText(_clock_words(status))
        is_wrong = bool(status.clock_off_seconds) and self._lines["clock"].text() != _RIGHT
        kind = "warning" if is_wrong else ""
        if self._lines["clock"].property("look") != kind:
            look.dress(self._lines["clock"], kind)

    # --- parts

    def _show_progress(self, status: "SyncStatus") -> None:
        is_moving = status.phase in {"sending", "receiving"}
        self.bar.setRange(0, status.to_send if status.phase == "sending" else int(not is_moving))
        self.bar.setValue(min(status.sent, status.to_send) if is_moving else 0)
        self.bar.setVisible(is_moving)
        self._progress.setText(progress_words(status))
        self.bar.setAccessibleName(self._progress.text() or "Không có gì đang truyền")

    def _make_head(self) -> None:
        self._mark = picture("cloud-off", "dim", 28)
        self._state = label("", "section", is_wrapped=True)
        self._about = label("", "small", is_wrapped=True)
        self._about.setMinimumHeight(self._about.fontMetrics().lineSpacing() * 2)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.bar = QProgressBar()
        self.bar.setObjectName("sync_progress")
        self.bar.setTextVisible(False)
        self.bar.setStyleSheet(f"min-height: {look.px(8)}px; max-height: {look.px(8)}px")
        keeps_room = self.bar.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keeps_room)
        self._progress = label("", "small")
        self.bars = TruthBars("sync_bars", "Dữ liệu đang ở đâu")
        self.bars.show_bars(bars_of(_NOTHING_READ))
        self._heading = label("Chờ gửi", "section")

    def _make_list(self) -> None:
        self._model = RowModel(_COLUMNS)
        self.table = QueueTable("sync_waiting", "Hồ sơ chờ gửi, cũ nhất trước", self._model)
        self.table.set_density("tight")
        self.table.opened.connect(self.opened)
        self._empty = EmptyState(*_NONE_WAITS)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)

    def _make_buttons(self) -> None:
        self.now = primary("Đồng bộ ngay", shown("refresh"), "refresh-cw")
        self.retry = plain("&Gửi lại", icon="rotate-ccw")
        self.join = primary("Nối &máy chủ…", icon="server")
        self.bundle = plain("Ghi ra &USB…", icon="usb")
        self.take_return = plain("Nạp từ US&B…", icon="download")
        pairs = (
            (self.now, self.sync_wanted),
            (self.retry, self.retry_wanted),
            (self.join, self.join_wanted),
            (self.bundle, self.bundle_wanted),
            (self.take_return, self.return_wanted),
        )
        for button, signal in pairs:
            button.clicked.connect(signal)
        self.retry.hide()
        self.join.hide()
        self.show_courier(False)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._state)
        words.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(look.px(12))
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self._progress)
        column.addWidget(rule())
        column.addWidget(label("Dữ liệu đang ở đâu", "section"))
        column.addWidget(self.bars)
        column.addLayout(self._fact_lines())
        column.addWidget(rule())
        column.addWidget(self._heading)
        column.addWidget(self._stack, 1)
        column.addLayout(_row_of(self.now, self.join, self.retry))
        column.addLayout(_row_of(self.bundle, self.take_return))

    def _fact_lines(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(16))
        grid.setVerticalSpacing(look.px(2))
        grid.setColumnStretch(1, 1)
        for place, (key, words) in enumerate(_LINES):
            self._lines[key] = label(_NOTHING)
            grid.addWidget(label(words, "dim"), place, 0)
            grid.addWidget(self._lines[key], place, 1)
        return grid


_RIGHT = "đúng giờ"
_NOTHING_READ = Facts(Whereabouts(0, 0, 0, 0, is_joined=False, has_relay=False), 0, ())


def bars_of(facts: Facts) -> tuple[Bar, ...]:
    """From this machine outwards; a place no way leads through is said to be so."""
    where = facts.where
    saved = where.saved
    return (
        Bar("hard-drive", "Lưu tại quầy", saved, saved),
        Bar("building-2", "Tại cơ quan", where.at_office, saved, where.has_relay),
        Bar("landmark", "Tại tỉnh", where.at_province, saved, where.is_joined),
        Bar("database-backup", "Đã sao lưu", where.backed_up, saved, where.is_joined),
    )


def progress_words(status: "SyncStatus") -> str:
    """`3/7 bút ký · 120 kB/giây · còn khoảng 4 phút`."""
    from onestop.sync.status import rate_words

    if status.phase == "receiving":
        first = "Đang nhận về"
    elif status.phase == "sending":
        first = f"{counted(min(status.sent, status.to_send))}/{counted(status.to_send)} bút ký"
    else:
        return ""
    rate = rate_words(status.rate) if status.rate > 0 else ""
    return " · ".join(part for part in (first, rate, left_words(status.seconds_left)) if part)


def _about(status: "SyncStatus", now: datetime) -> str:
    """Whom it speaks to and since when, or what is in the way."""
    peer = {"relay": "Máy chủ của cơ quan", "root": "Máy chủ của tỉnh"}.get(status.peer, "")
    since = f"từ {moment_words(status.since, now)}"
    if status.phase == "alone":
        return "Mọi việc vẫn làm được. Nối máy chủ để có bản thứ hai và làm chung với quầy khác."
    first = " · ".join(part for part in (peer, since) if part)
    return f"{first}\n{status.words_of_failure}" if status.words_of_failure else first


def _blob_words(status: "SyncStatus") -> str:
    from onestop.sync.status import size_words

    if not status.blobs_left:
        return "không còn"
    return f"{counted(status.blobs_left)} tệp, {size_words(status.bytes_left)}"


def _clock_words(status: "SyncStatus") -> str:
    from onestop.sync.status import clock_off_words

    if status.last_success is None:
        return _NOTHING
    # The banner says what to do; here one line is enough.
    return clock_off_words(status.clock_off_seconds).partition(" so với ")[0] or _RIGHT


def _row(waiting: Waiting, now: datetime) -> Row:
    since = moment_words(waiting.since, now) if waiting.since else ""
    return Row(waiting.dossier, (waiting.code, since, waiting.why))


def _row_of(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look.px(8))
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
