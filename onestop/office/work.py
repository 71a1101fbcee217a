"""Work queues of the officer at this desk: tabs, counts, pages by key, search.

Light on purpose: the first window is filled through it before the engine is imported.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from onestop.domain.acts import STATES
from onestop.domain.agency_code import in_every_form
from onestop.domain.deadline import SOON_DAYS, Urgency, urgency, urgency_words
from onestop.domain.merger import MergerKind, family
from onestop.domain.moment import VIETNAM, from_wire, local_day, to_wire
from onestop.domain.stand_in import StandIn, standing_in_for
from onestop.domain.state import Role, State
from onestop.domain.work import DONE, PAUSED, QueueRow, agency_queue, officer_queue, unit_queue
from onestop.office.office import Catalogue, Clock, Officer
from onestop.store.queue import (
    START,
    Anchor,
    QueueView,
    Rows,
    count_queue,
    find_row,
    list_page,
    queue_anchors,
    queue_page,
    search_page,
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the work queue and the rows it stands for."""

    key: str
    words: str
    view: QueueView


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A queue row with what it means today."""

    row: QueueRow
    urgency: Urgency
    words: str
    due_at: datetime | None

    @property
    def is_new(self) -> bool:
        """Sent here and not taken over yet."""
        return not self.row.is_taken and STATES[self.row.state].is_running


@dataclass(frozen=True)
class Worklist:
    """What one officer sees. `rows` runs plain SQL; `clock` is the machine's.

    What is due within `soon_days` working days stands under “Sắp đến hạn”.
    """

    rows: Rows
    officer: Officer
    catalogue: Catalogue
    clock: Clock
    soon_days: int = SOON_DAYS

    def now(self) -> datetime:
        return self.clock()

    def queues(self) -> tuple[str, ...]:
        """The officer's own queue, then the tray of the unit and of those merged with it; reception
        also sees what other agencies sent here."""
        own = (officer_queue(self.officer.id), *map(unit_queue, self.units()))
        own += tuple(officer_queue(one.officer) for one in self.stood_in())
        if Role.RECEPTION not in self.roles():
            return own
        agencies = self._family(MergerKind.AGENCY, self.catalogue.agency.code)
        return (*own, *map(agency_queue, agencies))

    def units(self) -> tuple[str, ...]:
        """The officer's unit, then those whose work is one with its by mergers."""
        return self._family(MergerKind.UNIT, self.officer.unit)

    def stood_in(self) -> tuple[StandIn, ...]:
        """For whom this officer stands in today."""
        if not self.catalogue.stand_ins:
            return ()
        return standing_in_for(self.catalogue.stand_ins, self.officer.id, local_day(self.now()))

    def roles(self) -> frozenset[Role]:
        """The officer's own, and those he has today for others."""
        return self.officer.roles.union(
            *(one.roles & self.catalogue.officer(one.officer).roles for one in self.stood_in())
        )

    def is_mine(self, row: QueueRow) -> bool:
        """Whether a dossier is with this officer, or whom he stands in for, or in the tray of the unit."""
        mine = (self.officer.id, *(one.officer for one in self.stood_in()))
        return row.holder_officer in mine or (not row.holder_officer and row.holder_unit in self.units())

    def _family(self, kind: MergerKind, code: str) -> tuple[str, ...]:
        others = family(self.catalogue.mergers, kind, code, local_day(self.now())) - {code}
        return (code, *sorted(others))

    def tabs(self) -> tuple[Tab, ...]:
        """All, overdue, today, soon, on time, paused, done: cut where the clock stands now."""
        now, today = to_wire(self.now()), local_day(self.now())
        calendar = self.catalogue.calendar
        midnight = to_wire(datetime.combine(today + timedelta(days=1), time(0), VIETNAM))
        soon = calendar.add_working_days(today, self.soon_days) + timedelta(days=1)
        soon_until = to_wire(datetime.combine(soon, time(0), VIETNAM))
        whole = QueueView(self.queues())
        cuts = (
            ("all", "Tất cả", "", "~"),
            ("overdue", "Quá hạn", "", now),
            ("today", "Hôm nay", now, midnight),
            ("soon", "Sắp đến hạn", midnight, soon_until),
            ("ontime", "Còn hạn", soon_until, PAUSED),
            ("paused", "Tạm dừng", PAUSED, DONE),
            ("done", "Chờ trả", DONE, "~"),
        )
        return tuple(Tab(key, words, replace(whole, lower=low, upper=high)) for key, words, low, high in cuts)

    def count(self, view: QueueView) -> int:
        return count_queue(self.rows, view)

    def anchors(self, view: QueueView) -> list[Anchor]:
        """Where each page of 200 rows begins."""
        return queue_anchors(self.rows, view)

    def page(self, view: QueueView, after: Anchor = START, limit: int = 200) -> list[WorkRow]:
        return self._shown(queue_page(self.rows, view, after, limit))

    def search(self, query: str, before: int | None = None, limit: int = 50) -> list[WorkRow]:
        """Newest first; an empty query lists everything. Accents do not matter, nor does the form in
        which the code of an agency is typed."""
        found = {
            row.n: row
            for asked in in_every_form(query)
            for row in search_page(self.rows, asked, before, limit)
        }
        return self._shown(found[n] for n in sorted(found, reverse=True)[:limit])

    def newest(self, before: int | None = None, limit: int = 200) -> list[WorkRow]:
        return self._shown(list_page(self.rows, before, limit))

    def find(self, dossier_id: str) -> WorkRow | None:
        """The row of one dossier, wherever it is."""
        found = find_row(self.rows, dossier_id)
        return self._shown([found])[0] if found else None

    def at_counter(self) -> QueueView:
        """Completed dossiers waiting to be handed out here."""
        return QueueView(self.queues(), lower=DONE, states=(State.COMPLETED,))

    def to_decide(self) -> QueueView:
        """What waits for this officer's decision, signature or number."""
        return QueueView(self.queues(), states=(State.PROPOSED, State.APPROVED, State.SIGNED))

    def shown(self, row: QueueRow) -> WorkRow:
        """What a row means at this minute."""
        return self._shown([row])[0]

    def _shown(self, rows: Iterable[QueueRow]) -> list[WorkRow]:
        now = self.now()
        known: dict[tuple[str, ...], _Meaning] = {}  # whole days fall due at one moment
        shown = []
        for row in rows:
            key = (row.state, row.due_at, row.ended_at, row.original_due_at)
            if key not in known:
                known[key] = self._meaning(row, now)
            shown.append(WorkRow(row, *known[key]))
        return shown

    def _meaning(self, row: QueueRow, now: datetime) -> "_Meaning":
        state = STATES[row.state]
        due_at = from_wire(row.due_at) if row.due_at else None
        is_done = bool(row.ended_at) or not state.is_open
        is_paused = row.state in _PAUSE_WORDS
        calendar = self.catalogue.calendar
        kind = urgency(calendar, due_at, now, is_paused, is_done, soon_days=self.soon_days)
        if is_done:
            words = state.words + _lateness(row)
        elif due_at is None and not is_paused:
            words = state.words
        else:
            pause_words = _PAUSE_WORDS.get(row.state, "")
            words = urgency_words(calendar, due_at, now, is_paused, is_done, pause_words=pause_words)
        return kind, words, due_at


_Meaning = tuple[Urgency, str, datetime | None]

_PAUSE_WORDS = {
    State.AWAITING_SUPPLEMENT: "chờ bổ sung",
    State.AWAITING_PAYMENT: "chờ nộp tiền",
    State.PAUSED: "",
}


def _lateness(row: QueueRow) -> str:
    """An extension does not undo lateness: the first due date is what counts."""
    if row.state not in (State.COMPLETED, State.HANDED_OUT) or not row.original_due_at:
        return ""
    late = (local_day(from_wire(row.ended_at)) - local_day(from_wire(row.original_due_at))).days
    return f" · trễ {late} ngày" if late > 0 else ""
