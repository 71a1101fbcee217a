"""Tra cứu: every dossier of the office, newest first, found without marks."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from onestop.domain.acts import STATES
from onestop.domain.dossier import State
from onestop.office.work import Worklist, WorkRow
from ui import look
from ui.keys import bind, shown
from ui.pages.feed import COLUMNS, DENSITIES, table_row
from ui.pages.list_page import ListPage
from ui.pages.page import Frame, Page
from ui.widgets import PAGE, EmptyState, QueueTable, RowModel, TabBar, announce, label, plain

_WAITING = frozenset({State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT, State.PAUSED})
CHIPS: tuple[tuple[str, str, frozenset[State]], ...] = (
    ("all", "Mọi trạng thái", frozenset(State)),
    ("running", "Đang giải quyết", frozenset(s for s, row in STATES.items() if row.is_running)),
    ("submitted", "Mới đăng ký", frozenset({State.SUBMITTED})),
    ("waiting", "Tạm dừng, chờ bổ sung", _WAITING),
    ("completed", "Chờ trả", frozenset({State.COMPLETED})),
    ("handed_out", "Đã trả", frozenset({State.HANDED_OUT})),
    ("ended", "Từ chối, rút, dừng", frozenset({State.REFUSED, State.WITHDRAWN, State.STOPPED})),
)
_LOOKS = 10  # pages of 200 looked through in one piece of work: the store's thread is shared
_NEAR_END = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Rows found from a place on. `before` is where to go on; `seen` counts what was looked at."""

    rows: list[WorkRow]
    before: int | None
    seen: int
    is_more: bool


def read_found(worklist: Worklist, query: str, states: frozenset[State], before: int | None) -> Found:
    """About 200 rows in one of `states`, newest first; fewer when 2,000 dossiers held no more."""
    kept: list[WorkRow] = []
    seen = 0
    for _ in range(_LOOKS):
        rows = worklist.search(query, before, PAGE)
        seen += len(rows)
        kept += [work for work in rows if work.row.state in states]
        if len(rows) < PAGE:
            return Found(kept, before, seen, False)
        before = rows[-1].row.n
        if len(kept) >= PAGE:
            break
    return Found(kept, before, seen, True)


class SearchPage(ListPage):
    """A search line, states as tabs, the table, and the preview."""

    place = "search"
    title = "Tra cứu hồ sơ"

    def __init__(self, frame: Frame) -> None:
        model = RowModel(COLUMNS)
        super().__init__(frame, QueueTable("search_table", "Kết quả tra cứu", model))
        self._model = model
        self._rows: list[WorkRow] = []
        self._places: dict[str, int] = {}
        self._question, self._seen = 0, 0
        self._before: int | None = None
        self._is_more, self._is_reading = False, False
        self._make_parts()
        self._lay_out()
        self._connect()

    def enter(self, dossier_id: str = "") -> None:
        self.table.set_density(DENSITIES[self.frame.settings.text("look.density")])
        self._ask(self._load)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def reload(self, dossier_id: str) -> None:
        if self.isVisible():
            self._ask(self._load)
            self.preview.read_again()

    def look_for(self, words: str) -> None:
        """The head bar's question, asked here in full."""
        self.line.setText(words)
        self._typing.stop()
        self.narrow()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on_from(self, old: Page) -> None:
        super().go_on_from(old)
        if isinstance(old, SearchPage):
            self.chips.choose(old.chips.key())

    def panes(self) -> tuple[QWidget, ...]:
        return (self.line, self.chips, self.table, self.preview)

    def narrow(self) -> None:
        self.table.scrollToTop()
        self._ask(self._load)

    def current(self) -> WorkRow | None:
        place = self._places.get(self.table.current_id(), -1)
        return self._rows[place] if place >= 0 else None

    def _make_parts(self) -> None:
        self.line.setObjectName("search_line")
        self.line.setAccessibleName("Tìm hồ sơ")
        self.line.setPlaceholderText("Mã hồ sơ, họ tên, số định danh, điện thoại, thủ tục (không cần dấu)")
        self.chips = TabBar("search_states", "Lọc theo trạng thái")
        self.chips.set_tabs([(key, words, None) for key, words, _ in CHIPS])
        self.paper_button = plain("Từ &bản quét…", shown("read_paper"), "scan-text")
        self.register_button = plain("&Sổ theo dõi (mẫu 07)…")
        self._said = label("", "dim")
        self._empty = EmptyState("search", "Đang tìm…")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)

    def _lay_out(self) -> None:
        head, line, middle = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.setSpacing(look.px(20))
        head.addWidget(label(self.title, "title"))
        head.addWidget(self.line, 1)
        head.addWidget(self.paper_button)
        head.addWidget(self.register_button)
        line.addWidget(self.chips, 1)
        line.addWidget(self._said)
        middle.setSpacing(look.px(12))
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.preview)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(8), look.px(14), look.px(8))
        column.setSpacing(look.px(8))
        for part in (head, line):
            column.addLayout(part)
        column.addLayout(middle, 1)

    def _connect(self) -> None:
        self.chips.chosen.connect(lambda _: self.narrow())
        self.line.returnPressed.connect(self._enter_pressed)
        self.paper_button.clicked.connect(self.frame.read_paper)
        self.register_button.clicked.connect(self.frame.print_register)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        bind(self, "refresh", self.narrow)

    def _enter_pressed(self) -> None:
        """Enter with one dossier found opens it; with several it goes into the list."""
        if self._typing.isActive():
            self._typing.stop()
            self._ask(self._load_and_open)
        else:
            self._open_only()

    def _load_and_open(self, found: Found) -> None:
        self._load(found)
        self._open_only()

    def _open_only(self) -> None:
        if len(self._rows) == 1 and not self._is_more:
            self.open_dossier(self._rows[0].row.id)
        elif self._rows:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, on_found: Callable[[Found], object], before: int | None = None) -> None:
        """Only the newest question is answered."""
        self._question += 1
        self._is_reading = True
        number, worklist, query = self._question, self.frame.worklist, self.line.text().strip()
        states = next(states for key, _, states in CHIPS if key == self.chips.key())

        def take(found: Found) -> None:
            if number == self._question:
                self._is_reading = False
                on_found(found)

        self.frame.tasks.run(self, lambda: read_found(worklist, query, states, before), take)

    def _load(self, found: Found) -> None:
        self._rows, self._seen = [], 0
        self._add(found)

    def _add(self, found: Found) -> None:
        self._rows = [*self._rows, *found.rows]
        self._places = {work.row.id: place for place, work in enumerate(self._rows)}
        self._seen += found.seen
        self._before, self._is_more = found.before, found.is_more
        now = self.frame.worklist.now()
        self._model.show_rows([table_row(work, now, is_mine=False) for work in self._rows])
        if self._rows and not self.table.current_id():
            self.table.select_first()
        self._say()
        if not self._rows and self._is_more:
            self._ask(self._add, self._before)

    def _scrolled(self, value: int) -> None:
        is_near = value >= self.table.verticalScrollBar().maximum() - _NEAR_END
        if is_near and self._is_more and not self._is_reading and self._rows:
            self._ask(self._add, self._before)

    def _say(self) -> None:
        count = f"{len(self._rows):,}".replace(",", ".")
        seen = f"{self._seen:,}".replace(",", ".")
        if self._is_more:
            words = f"Hiện {count} hồ sơ mới nhất, kéo xuống để xem thêm"
        else:
            words = f"{count} hồ sơ"
        self._said.setText(words if self._rows else "")
        if self._rows:
            self._stack.setCurrentWidget(self.table)
        else:
            self._show_empty(f"Đang tìm… đã xem {seen} hồ sơ" if self._is_more else "")
        announce(self, words)
        self.show_current()

    def _show_empty(self, searching: str) -> None:
        query = self.line.text().strip()
        if searching:
            self._empty.set_words("search", searching)
        elif query:
            advice = "Thử ít chữ hơn, chọn “Mọi trạng thái”, hoặc tìm bằng số định danh, số điện thoại."
            self._empty.set_words("search", f"Không tìm thấy hồ sơ nào khớp “{query}”", advice)
        else:
            advice = f"Hồ sơ tiếp nhận ({shown('new_dossier')}) sẽ hiện ở đây, mới nhất ở trên."
            self._empty.set_words("inbox", "Chưa có hồ sơ nào", advice)
        self._stack.setCurrentWidget(self._empty)
