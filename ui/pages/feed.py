"""A table of dossiers fed from the worklist: a page of 200 rows at a time, never a whole list.

Light on purpose: the work queue is painted before the engine of the store is imported.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from onestop.domain.deadline import Urgency
from onestop.domain.moment import local, show_on
from onestop.domain.state import State
from onestop.domain.text import fold
from onestop.domain.work import query_words
from onestop.office.work import Tab, Worklist, WorkRow
from onestop.store.queue import START, Anchor, QueueView
from ui.pages.feed_marks import NO_NOTE, StepNote, for_whom, marked
from ui.pages.page import Frame
from ui.widgets import PAGE, Column, QueueTable, Row, RowModel

COLUMNS = (
    Column("Hạn trả", "19/11 16:30"),
    Column("Mã hồ sơ", "H56.99.88-261107-0031"),
    Column("Chủ hồ sơ", "Nguyễn Thị Đặng Hường", stretch=1),
    Column("Thủ tục", "Đăng ký kết hôn", stretch=6, has_marks=True),
    Column("Tình trạng", "Tạm dừng: chờ bổ sung", is_pill=True),
)

T = TypeVar("T")
DENSITIES = {"roomy": "wide", "normal": "medium", "compact": "tight"}
"""Words of the setting `look.density` to words of the table."""

NEW_WORDS = "● Mới chuyển đến · "
_PAGES_KEPT = 50
_FEW = 1000  # a search that finds fewer is complete
_LOOKS = {Urgency.ONTIME: "in_time"}


AsRow = Callable[[WorkRow, datetime], Row]
"""A line of the table for a dossier, as it is to be read at that moment."""


def table_row(work: WorkRow, now: datetime, is_mine: bool = True) -> Row:
    """A dossier as a line of the table; one just sent here is marked by dot, words and weight."""
    row, is_new = work.row, is_mine and work.is_new
    is_still = work.urgency is Urgency.PAUSED or work.due_at is None
    due = "—" if is_still or work.due_at is None else due_words(work.due_at, now)
    procedure = f"{NEW_WORDS if is_new else ''}{short_name(row.procedure_name)}"
    cells = (due, row.code, row.owner_name, procedure, work.words)
    return Row(row.id, cells, look_of(work), is_new)


def due_words(due_at: datetime, now: datetime) -> str:
    """`19/11 16:30`; the whole date where the year is another. The procedure needs the room."""
    due, today = local(due_at), local(now)
    return f"{due:%d/%m %H:%M}" if due.year == today.year else show_on(due.date())


def short_name(procedure: str) -> str:
    """Without the "Thủ tục" that so many names begin with: the column's head says it already."""
    rest = procedure.removeprefix("Thủ tục ")
    return rest[:1].upper() + rest[1:]


def look_of(work: WorkRow) -> str:
    """The urgency as the pill and the bar know it."""
    return _LOOKS.get(work.urgency, work.urgency.value)


@dataclass(frozen=True, slots=True)
class Slice:
    """Pages of a list at one moment. `counts` holds (tab key, words, rows) of every tab."""

    view: QueueView
    count: int
    anchors: Sequence[Anchor]
    pages: Mapping[int, list[WorkRow]]
    counts: tuple[tuple[str, str, int], ...] = ()
    total: int = 0
    reworded: Mapping[int, list[WorkRow]] = field(default_factory=dict)


Tabs = Callable[[Worklist], Sequence[Tab]]
"""Gives the tabs as the clock stands now; the first is the whole queue."""


def read_first(worklist: Worklist, tabs: Tabs, key: str) -> Slice:
    """The first page alone: something to read while the rest is counted."""
    view = _tab(tabs(worklist), key).view
    rows = worklist.page(view, START, PAGE)
    return Slice(view, len(rows), (START,), {0: rows})


def read_slice(worklist: Worklist, tabs: Tabs, key: str, pages: Sequence[int], old: Slice) -> Slice:
    """Counts of all tabs, and the pages named. Anchors are kept while the count stays."""
    made = tabs(worklist)
    counts = _count(worklist, made)
    view = _tab(made, key).view
    count = next(number for name, _, number in counts if name == key)
    anchors: Sequence[Anchor] = (START,)
    if count > PAGE:
        is_known = count == old.count and len(old.anchors) > 1
        anchors = old.anchors if is_known else worklist.anchors(view)
    wanted = sorted({min(page, len(anchors) - 1) for page in pages})
    read = {page: worklist.page(view, anchors[page], PAGE) for page in wanted}
    words = {page: [worklist.shown(work.row) for work in rows] for page, rows in old.pages.items()}
    return Slice(view, count, anchors, read, counts, counts[0][2], words)


def find_in_queue(worklist: Worklist, tabs: Tabs, key: str, query: str) -> list[WorkRow]:
    """Rows of a tab whose words begin with every word typed, soonest first, 200 at most.

    Rare words come out of the search index; words that nearly every dossier has are met
    within a few pages of the queue itself.
    """
    view = _tab(tabs(worklist), key).view
    found = worklist.search(query, limit=_FEW)
    if len(found) < _FEW:
        mine = [work for work in found if _is_in(worklist, work, view)]
        return sorted(mine, key=lambda work: (work.row.queue_at, work.row.n))[:PAGE]
    return _walk(worklist, view, query_words(query))


def _walk(worklist: Worklist, view: QueueView, words: tuple[str, ...]) -> list[WorkRow]:
    kept: list[WorkRow] = []
    after = START
    while len(kept) < PAGE:
        rows = worklist.page(view, after, PAGE)
        kept += [work for work in rows if _has_words(work, words)]
        if len(rows) < PAGE:
            break
        after = (rows[-1].row.queue_at, rows[-1].row.n)
    return kept[:PAGE]


def _has_words(work: WorkRow, words: tuple[str, ...]) -> bool:
    row = work.row
    there = query_words(fold(f"{row.code} {row.owner_name} {row.procedure_name}"))
    return all(any(each.startswith(word) for each in there) for word in words)


def _is_in(worklist: Worklist, work: WorkRow, view: QueueView) -> bool:
    """Whether a dossier found by search stands in this view of the officer's queues."""
    row = work.row
    is_open = row.state not in _CLOSED and (not view.states or row.state in view.states)
    return worklist.is_mine(row) and is_open and view.lower <= row.queue_at < view.upper


_CLOSED = frozenset({State.REFUSED, State.STOPPED, State.WITHDRAWN, State.HANDED_OUT})


def _tab(tabs: Sequence[Tab], key: str) -> Tab:
    return next((tab for tab in tabs if tab.key == key), tabs[0])


def _count(worklist: Worklist, tabs: Sequence[Tab]) -> tuple[tuple[str, str, int], ...]:
    """The other tabs cut the first one into pieces, so it needs no counting of its own."""
    first, *rest = tabs
    counts = [(tab.key, tab.words, worklist.count(tab.view)) for tab in rest]
    total = sum(number for _, _, number in counts) if rest else worklist.count(first.view)
    return ((first.key, first.words, total), *counts)


class Feed(QObject):
    """Feeds one table. Selection and scroll stay where they are whatever comes in."""

    loaded = Signal()
    counted = Signal(object)
    news = Signal(int)

    def __init__(
        self,
        frame: Frame,
        name: str,
        words: str,
        tabs: Tabs,
        columns: tuple[Column, ...] = COLUMNS,
        as_row: AsRow = table_row,
    ) -> None:
        super().__init__()
        self._frame, self._tabs, self._as_row = frame, tabs, as_row
        self.model = RowModel(columns, self._fetch, self)
        self.table = QueueTable(name, words, self.model)
        self.key = ""
        self.query = ""
        self.is_loaded = False
        self._wanted_id = ""
        self._question, self._list = 0, 0
        self._slice = Slice(QueueView(()), 0, (START,), {})
        self._held: dict[int, list[WorkRow]] = {}
        self._steps: dict[str, StepNote] = {}

    def current(self) -> WorkRow | None:
        """The dossier selected, if its page is held."""
        return self.work(self.table.current_id())

    def work(self, dossier_id: str) -> WorkRow | None:
        for rows in self._held.values():
            for work in rows:
                if work.row.id == dossier_id:
                    return work
        return None

    def count(self) -> int:
        """Rows in the list as it is shown."""
        return self.model.rowCount()

    def load(self, key: str = "", select: str = "") -> None:
        """A list from its top: the first page at once, then counts and the rest."""
        self.key, self._wanted_id = key or self.key, select
        if self.query:
            self._search()
            return
        worklist, tabs, name = self._frame.worklist, self._tabs, self.key
        self._ask(lambda: read_first(worklist, tabs, name), self._show_first)

    def load_at_once(self) -> None:
        """For the first paint: there is no window yet that could stand still. Raises OfficeError."""
        self._begin(read_first(self._frame.worklist, self._tabs, self.key))

    def read_rest(self) -> None:
        """Counts of the tabs, and what the first page did not hold."""
        self._read_slice(self._show_rest)

    def reload(self) -> None:
        """The same list as it is now; the selection stays on its dossier."""
        self._again(self._show_again)

    def look_again(self) -> None:
        """A minute has passed: words and counts follow the clock, newcomers are only announced."""
        self._again(self._weigh)

    def set_query(self, query: str) -> None:
        """Narrows the list while a person types; '' shows the whole list again."""
        if query != self.query:
            self.query = query
            self.load()

    def _again(self, on_done: Callable[[Slice], None]) -> None:
        if self.query:
            self._wanted_id = self.table.current_id()
            self._search()
        elif self.is_loaded:
            self._read_slice(on_done)
        else:
            self.load()

    def _ask(self, work: Callable[[], T], on_done: Callable[[T], None]) -> None:
        """Only the newest question is answered."""
        self._question += 1
        number = self._question

        def take(answer: T) -> None:
            if number == self._question:
                on_done(answer)

        self._frame.tasks.run(self, work, take)

    def _read_slice(self, on_done: Callable[[Slice], None]) -> None:
        worklist, tabs, key, pages = self._frame.worklist, self._tabs, self.key, self._pages_in_sight()
        old = replace(self._slice, pages=dict(self._held))
        self._ask(lambda: read_slice(worklist, tabs, key, pages, old), on_done)

    def _search(self) -> None:
        worklist, tabs, key, query = self._frame.worklist, self._tabs, self.key, self.query
        self._ask(lambda: find_in_queue(worklist, tabs, key, query), self._show_found)

    def _show_found(self, rows: list[WorkRow]) -> None:
        self._slice = replace(self._slice, count=len(rows), anchors=(START,))
        self._put(len(rows), {0: rows})
        self._select()
        self.loaded.emit()

    def _show_first(self, made: Slice) -> None:
        self._begin(made)
        self.read_rest()

    def _begin(self, made: Slice) -> None:
        self._slice = replace(made, counts=self._slice.counts, total=self._slice.total)
        self._put(made.count, made.pages)
        self.table.scrollToTop()
        self._select()
        self.is_loaded = True
        self.loaded.emit()

    def _show_rest(self, made: Slice) -> None:
        """Counts, and the length of a list that the first page did not hold."""
        if self.count() != made.count:
            self._put(made.count, made.pages)
            self._select()
        self._settle(made)

    def _show_again(self, made: Slice) -> None:
        if self._is_same(made):
            self._put_pages({**made.reworded, **made.pages})
        else:
            place = self.table.currentIndex().row()
            self._put(made.count, made.pages)
            self._select(place)
        self._settle(made)

    def _settle(self, made: Slice) -> None:
        self._slice = made
        self.news.emit(0)
        self.counted.emit(made.counts)
        self.loaded.emit()

    def _weigh(self, made: Slice) -> None:
        came = self._newcomers(made)
        if not came:
            self._show_again(made)
            return
        self._put_pages(made.reworded)
        self.counted.emit(made.counts)
        self.loaded.emit()
        self.news.emit(came)

    def _newcomers(self, made: Slice) -> int:
        """How many came into the whole queue since it was shown. Exact for a list of one page."""
        is_whole = made.counts[0][0] == self.key and self._slice.count <= PAGE
        if not is_whole:
            return max(0, made.total - self._slice.total)
        seen = {work.row.id for work in self._held.get(0, ())}
        return sum(work.row.id not in seen for work in made.pages.get(0, ()))

    def _is_same(self, made: Slice) -> bool:
        held = {page: [work.row.id for work in self._held.get(page, ())] for page in made.pages}
        read = {page: [work.row.id for work in rows] for page, rows in made.pages.items()}
        return made.count == self.count() and held == read

    def _put(self, count: int, pages: Mapping[int, list[WorkRow]]) -> None:
        """Another list in the place of this one."""
        self._list += 1
        self._held, self._steps = {}, {}
        self.model.begin(count)
        self._put_pages(pages)

    def _put_pages(self, pages: Mapping[int, list[WorkRow]]) -> None:
        now = self._frame.worklist.now()
        for page, rows in pages.items():
            self._held[page] = rows
            self.model.put_page(page, [self._line(work, now) for work in rows])
        while len(self._held) > _PAGES_KEPT:
            self._held.pop(next(iter(self._held)))
        self._read_steps(tuple(pages))

    def _line(self, work: WorkRow, now: datetime) -> Row:
        note = self._steps.get(work.row.id, NO_NOTE)
        return marked(self._as_row(work, now), note, for_whom(self._frame.worklist, work))

    def _read_steps(self, pages: Sequence[int]) -> None:
        """The steps of a page's dossiers come a moment after it: the list does not wait for them."""
        worklist, number = self._frame.worklist, self._list
        held = [work for page in pages for work in self._held.get(page, ())]
        if not held or not worklist.catalogue.routes:
            return
        from ui.pages.feed_steps import read_steps  # brings the rules of routes: not for the first paint

        def take(steps: Mapping[str, StepNote]) -> None:
            if number == self._list:
                self._show_steps(steps, pages)

        self._frame.tasks.run(self, lambda: read_steps(worklist, held), take, busy=False)

    def _show_steps(self, steps: Mapping[str, StepNote], pages: Sequence[int]) -> None:
        now, old = self._frame.worklist.now(), self._steps
        self._steps = {**old, **steps}
        for page in pages:
            rows = self._held.get(page, [])
            if any(old.get(work.row.id) != self._steps.get(work.row.id) for work in rows):
                self.model.put_page(page, [self._line(work, now) for work in rows])

    def _select(self, place: int = 0) -> None:
        """The dossier asked for, else the one kept, else the one that has moved up into its place."""
        wanted, self._wanted_id = self._wanted_id, ""
        if wanted and self.table.select(wanted):
            return
        if not self.table.current_id() and self.count():
            self.table.setCurrentIndex(self.model.index(min(max(0, place), self.count() - 1), 0))

    def _fetch(self, page: int) -> None:
        """The model asks for a page that has come in sight."""
        if page >= len(self._slice.anchors):
            return
        worklist, made, number = self._frame.worklist, self._slice, self._list

        def take(rows: list[WorkRow]) -> None:
            if number == self._list:
                self._put_pages({page: rows})

        self._frame.tasks.run(self, lambda: worklist.page(made.view, made.anchors[page], PAGE), take)

    def _pages_in_sight(self) -> tuple[int, ...]:
        """The pages the window shows, and that of the selection."""
        table, last = self.table, max(0, self.count() - 1)
        first, bottom = table.rows_in_sight()
        top = max(0, first)
        pages = {top // PAGE, (bottom if bottom >= 0 else min(last, top)) // PAGE}
        if table.currentIndex().isValid():
            pages.add(table.currentIndex().row() // PAGE)
        return tuple(sorted(pages))
