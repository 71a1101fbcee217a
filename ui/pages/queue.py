"""Hàng việc: what waits for this officer, soonest due first.

Nothing heavy is imported here: this page is painted before the store is open.
"""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.moment import local
from onestop.domain.state import Role
from onestop.office.work import Worklist, WorkRow
from ui import look
from ui.keys import bind, shown
from ui.pages.feed import DENSITIES, Feed
from ui.pages.list_page import ListPage
from ui.pages.page import Frame, Page, ready_office
from ui.widgets import EmptyState, NewsBar, TabBar, announce, label, plain, primary
from ui.widgets.queue import MOST_CHOSEN

_TABS = (
    ("all", "Tất cả"),
    ("overdue", "Quá hạn"),
    ("today", "Hôm nay"),
    ("soon", "Sắp đến hạn"),
    ("ontime", "Còn hạn"),
    ("paused", "Tạm dừng"),
    ("done", "Chờ trả"),
)
_EMPTY = {
    "all": ("inbox", "Hàng việc của bạn đang trống", "Hồ sơ chuyển đến bạn sẽ hiện ở đây."),
    "overdue": (
        "circle-check",
        "Không còn hồ sơ quá hạn",
        "Xem tiếp thẻ “Hôm nay”.",
    ),
    "today": ("circle-check", "Không có hồ sơ nào đến hạn hôm nay", "Xem tiếp thẻ “Sắp đến hạn”."),
    "soon": ("hourglass", "Không có hồ sơ sắp đến hạn", "Xem tiếp thẻ “Còn hạn”."),
    "ontime": ("calendar-check", "Không có hồ sơ nào còn nhiều ngày", "Các hồ sơ khác ở thẻ “Tất cả”."),
    "paused": ("circle-pause", "Không có hồ sơ tạm dừng", "Hồ sơ chờ bổ sung, chờ nộp tiền sẽ hiện ở đây."),
    "done": ("archive-restore", "Không có kết quả nào chờ trả", "Hồ sơ văn thư đã vào sổ sẽ hiện ở đây."),
}


class QueuePage(ListPage):
    """Tabs with counts, the table, a line to filter by typing, and the preview."""

    place = "queue"
    title = "Hàng việc của tôi"

    def __init__(self, frame: Frame) -> None:
        feed = Feed(frame, "queue_table", "Hàng việc của tôi", Worklist.tabs)
        super().__init__(frame, feed.table)
        self.feed = feed
        feed.key = "all"
        self._is_stale = False
        self._make_head()
        self._make_list()
        self._lay_out()
        self._connect()
        self._make_clock()

    def enter(self, dossier_id: str = "") -> None:
        self.table.set_density(DENSITIES[self.frame.settings.text("look.density")])
        self.receive_button.setVisible(Role.RECEPTION in self.frame.worklist.roles())
        if not self.feed.is_loaded and ready_office(self.frame) is None:
            self.feed.load_at_once()
        elif dossier_id or not self.feed.is_loaded:
            self.feed.load(select=dossier_id)
        elif self._is_stale:
            self.feed.reload()
        else:
            self.feed.look_again()
        self._is_stale = False
        self._start_clock()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self) -> None:
        """The window is painted: the tabs are counted, the list gets its whole length."""
        self.feed.read_rest()

    def reload(self, dossier_id: str) -> None:
        """An act of this desk is shown at once; what others sent ('') is only announced."""
        if not self.isVisible():
            self._is_stale = True
        elif dossier_id:
            self.feed.reload()
            self.preview.read_again()
        else:
            self.feed.look_again()

    def go_on_from(self, old: Page) -> None:
        super().go_on_from(old)
        if isinstance(old, QueuePage):
            self.tabs.choose(old.tabs.key())

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.tabs, self.table, self.preview)

    def narrow(self) -> None:
        self.feed.set_query(self.line.text().strip())

    def current(self) -> WorkRow | None:
        return self.feed.current()

    def fit(self) -> None:
        super().fit()
        self._stamp.setVisible(self.is_wide())
        # Beside an open drawer on a small screen the rail alone says where this is.
        self._title.setVisible(self.width() >= look.px(620))

    @Slot()
    def tick(self) -> None:
        """A new minute: a dossier due at 16:30 becomes overdue with no click."""
        if self.isVisible():
            self.feed.look_again()
        self._start_clock()

    def print(self) -> None:
        """Ctrl+P: of several rows selected, all their papers in one go."""
        ids = self.table.selected_ids()
        if len(ids) < 2 or ready_office(self.frame) is None:
            super().print()
            return
        from ui.print_many import PrintMany  # draws, so it is loaded when it is wanted

        dialog = PrintMany(self, self.frame, ids)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _make_head(self) -> None:
        self.line.setObjectName("queue_filter")
        self.line.setAccessibleName("Lọc hàng việc")
        self.line.setPlaceholderText("Lọc: gõ tên, mã, thủ tục (không cần dấu)")
        self.line.setMinimumWidth(look.px(150))
        self.line.setMaximumWidth(look.px(330))
        self.receive_button = primary("Tiếp nhận hồ sơ mới", shown("new_dossier"))
        self.several_button = plain("In…", shown("print_panel"), "printer")
        self.several_button.hide()
        self.tabs = TabBar("queue_tabs", "Hàng việc theo hạn trả")
        self.tabs.set_tabs([(key, words, None) for key, words in _TABS])
        self._stamp = label("", "dim")
        self._title = label(self.title, "title")

    def _make_list(self) -> None:
        self._empty = EmptyState(*_EMPTY["all"])
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.news = NewsBar()

    def _lay_out(self) -> None:
        head, line = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(look.px(12))
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.line, 100)
        head.addWidget(self.several_button)
        head.addWidget(self.receive_button)
        line.addWidget(self.tabs, 1)
        line.addWidget(self._stamp)
        left = QVBoxLayout()
        left.setSpacing(look.px(4))
        left.addWidget(self.news)
        left.addWidget(self._stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(look.px(12))
        middle.addLayout(left, 1)
        middle.addWidget(self.preview)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(8), look.px(14), look.px(8))
        column.setSpacing(look.px(8))
        for part in (head, line):
            column.addLayout(part)
        column.addLayout(middle, 1)

    def _connect(self) -> None:
        self.line.returnPressed.connect(self.table.setFocus)
        self.receive_button.clicked.connect(lambda: self.frame.go("receive"))
        self.several_button.clicked.connect(self.print)
        self.table.allow_several()
        self.table.several_changed.connect(self._show_several)
        self.tabs.chosen.connect(self.feed.load)
        self.news.wanted.connect(self.feed.reload)
        self.feed.loaded.connect(self._show_loaded)
        self.feed.counted.connect(self._show_counts)
        self.feed.news.connect(self._show_news)
        bind(self, "refresh", self.feed.reload)

    def _make_clock(self) -> None:
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self.tick)

    def _start_clock(self) -> None:
        """Just after the next full minute of the office's clock."""
        now = self.frame.worklist.now()
        rest = timedelta(minutes=1) - timedelta(seconds=now.second, microseconds=now.microsecond)
        self._clock.start(int(rest / timedelta(milliseconds=1)) + 20)

    def _show_loaded(self) -> None:
        if self.feed.count():
            self._stack.setCurrentWidget(self.table)
        else:
            self._empty.set_words(*self._empty_words())
            self._stack.setCurrentWidget(self._empty)
        self._stamp.setText(f"Sắp theo hạn trả · cập nhật {local(self.frame.worklist.now()):%H:%M}")
        self.show_current()

    def _empty_words(self) -> tuple[str, str, str]:
        if self.feed.query:
            what = f"Không có hồ sơ nào khớp “{self.feed.query}”"
            return "search", what, "Esc để xoá lọc, hoặc Ctrl+K để tìm trong mọi hồ sơ của cơ quan."
        icon, what, advice = _EMPTY[self.feed.key]
        if self.feed.key == "all" and Role.RECEPTION in self.frame.worklist.roles():
            advice = f"Bấm “Tiếp nhận hồ sơ mới” ({shown('new_dossier')}) khi có người đến nộp."
        return icon, what, advice

    def _show_several(self, count: int) -> None:
        """Rows chosen with Shift or Ctrl are printed together."""
        self.several_button.setVisible(count > 1)
        words = f"In {count} hồ sơ" if count <= MOST_CHOSEN else f"In {MOST_CHOSEN} hồ sơ đầu"
        self.several_button.setText(f" {words}…  ({shown('print_panel')})")
        self.several_button.setAccessibleName(words)

    def _show_counts(self, counts: Sequence[tuple[str, str, int]]) -> None:
        for key, _, count in counts:
            self.tabs.set_count(key, count)

    def _show_news(self, count: int) -> None:
        self.news.set_count(count)
        if count:
            announce(self, f"Có {count} hồ sơ mới")
