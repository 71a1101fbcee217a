"""Stores of any size for measuring: real entries, real signatures, real rows, only written in bulk.

Each dossier lives a lawful life (`check_act` is asked for every step), all lives run side by
side through three years of office hours on one chain, and `verify` finds nothing to say.
"""

import heapq
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from build.people import Person, person
from onestop.domain.acts import Act
from onestop.domain.code import CodeRange, DossierCode, next_serial
from onestop.domain.deadline import TimeUnit, due_date
from onestop.domain.dossier import Agencies, Dossier, Party, ProcedureRef, Role, Subject
from onestop.domain.fold import Verdict, apply, due_plain
from onestop.domain.legality import Actor, check_act
from onestop.domain.moment import VIETNAM, local_day
from onestop.domain.procedure import Procedure, has_ordinary
from onestop.domain.work import search_words
from onestop.office.found import found_practice, open_office
from onestop.office.intake import as_due, component_lines
from onestop.office.office import Office, Officer
from onestop.store.cipher import connect
from onestop.store.projection import row_of
from onestop.store.store import open_store
from onestop.store.tables import device_heads, dossiers, entries, serials
from onestop.store.writer import Draft, Head, entry_row, new_id, seal

SPAN = timedelta(days=3 * 365)
BATCH = 4000
OPEN_SHARE = 0.05
FULL_SHARE = 0.05
"""Of the closed dossiers so many went the whole way; the others ended after two entries."""

_PROCEDURES = 24
_OF_THE_HUB = ("code", "cursor", "place", "received_at", "placed_at")
_ENTRY = tuple(column.name for column in entries.c if column.name not in ("n", *_OF_THE_HUB))
_DOSSIER = tuple(column.name for column in dossiers.c)

_AUTOMERGE = "INSERT INTO search(search, rank) VALUES ('automerge', ?)"
_HANDS = (Role.SPECIALIST, Role.HEAD)

Step = tuple[Act, Actor, dict[str, Any]]


@dataclass(slots=True)
class _Life:
    """One dossier on its way; `steps` are what is still to happen."""

    n: int
    id: str
    steps: list[Step]
    dossier: Dossier | None = None


@dataclass(slots=True)
class _Batch:
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    dossiers: list[tuple[Any, ...]] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)


def fill_store(
    path: Path,
    key: bytes,
    count: int,
    now: datetime,
    seed: int = 7,
    *,
    is_all_open: bool = False,
    span: timedelta = SPAN,
) -> None:
    """A new practice store at `path` with `count` dossiers received in the `span` before `now`."""
    store = open_store(path, key)
    try:
        found_practice(store, now - span)
        office = open_office(store, lambda: now, lambda: ("bench", 0))
    finally:
        store.close()
    connection = connect(path, key)
    connection.execute("PRAGMA cache_size=-400000")  # random ids go all over their index
    try:
        _Filler(office, count, now, Random(seed), is_all_open, span).run(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


class _Filler:
    def __init__(
        self, office: Office, count: int, now: datetime, random: Random, is_all_open: bool, span: timedelta
    ) -> None:
        self.is_all_open, self.span = is_all_open, span
        self.office, self.count, self.random, self.end = office, count, random, now
        self.head = Head(0, None, "")
        self.serials: dict[str, int] = {}
        self.batch = _Batch()
        self.done: dict[int, str] = {}
        self.next_word = 1
        self.dues: dict[tuple[str, date], dict[str, Any]] = {}
        self.procedures = _plain_procedures(office)
        self.subjects = {p.code: _subject_plain(office, p) for p in self.procedures}
        self.staff = _Staff(office)

    def run(self, connection: Any) -> None:
        connection.execute(_AUTOMERGE, (4,))  # in bulk nobody waits
        lives = self._walk()
        for number, life in enumerate(lives, 1):
            self._close(life)
            if number % BATCH == 0:
                self._flush(connection)
        self._flush(connection)
        self._keep_heads(connection)
        connection.execute(_AUTOMERGE, (0,))

    def _walk(self) -> Iterator[_Life]:
        """Every life, once its last step is taken; steps in the order of the clock."""
        waiting: list[tuple[datetime, int, _Life]] = []
        for n, at in enumerate(self._moments(), 1):
            while waiting and waiting[0][0] <= at:
                yield from self._step(waiting)
            life = self._born(n, at)
            heapq.heappush(waiting, (at, n, life))
        while waiting:
            yield from self._step(waiting)

    def _step(self, waiting: list[tuple[datetime, int, _Life]]) -> Iterator[_Life]:
        at, n, life = heapq.heappop(waiting)
        act, actor, facts = life.steps.pop(0)
        self._record(life, Draft(act, life.id, actor, at, facts, ("bench", 0)))
        if not life.steps:
            yield life
            return
        gap = timedelta(minutes=self.random.randrange(5, 600))
        heapq.heappush(waiting, (min(at + gap, max(at, self.end)), n, life))

    def _moments(self) -> Iterator[datetime]:
        """When each dossier comes in: working days, half past seven to half past four."""
        last = local_day(self.end) - timedelta(days=1)
        days = [last - timedelta(days=k) for k in range(self.span.days - 1, -1, -1)]
        days = [day for day in days if self.office.calendar.is_working_day(day)]
        for place, day in enumerate(days):
            here = self.count * (place + 1) // len(days) - self.count * place // len(days)
            opens = datetime.combine(day, time(7, 30), VIETNAM)
            for k in range(here):
                yield opens + timedelta(hours=9) * k / here

    def _born(self, n: int, at: datetime) -> _Life:
        procedure = self.random.choice(self.procedures)
        owner = person(self.random)
        facts = self._intake(procedure, owner, at)
        actor = self.staff.reception[0 if self.random.random() < 0.8 else 1]
        steps: list[Step] = [(Act.RECEIVE, actor, facts)]
        steps += self._later(n, actor, procedure, owner)
        return _Life(n, new_id(at), steps)

    def _later(self, n: int, actor: Actor, procedure: Procedure, owner: Person) -> list[Step]:
        """Closed ones first of all; the open ones are mostly the newest."""
        way = self.staff.whole_way(self.office, procedure, actor, owner.name, n)
        if not self._is_open(n):
            if self.random.random() < FULL_SHARE:
                return way
            return [(Act.WITHDRAW, actor, {"reason": "Người nộp xin rút để bổ sung giấy tờ."})]
        if self.random.random() < 0.62:
            return []  # still at the counter: its queue is the long one
        if self.random.random() < 0.1:
            reason = "Chờ kết quả xác minh của cơ quan liên quan."
            return [*way[:2], (Act.PAUSE, way[1][1], {"ground": "verify", "reason": reason})]
        return way[: self.random.randrange(1, len(way))]

    def _is_open(self, n: int) -> bool:
        if self.is_all_open or n > self.count * (1 - OPEN_SHARE * 0.8):
            return True
        return self.random.random() < OPEN_SHARE * 0.2

    def _intake(self, procedure: Procedure, owner: Person, at: datetime) -> dict[str, Any]:
        party = self.subjects[procedure.code]["owner"] | asdict(owner)
        return self.subjects[procedure.code] | {
            "owner": party,
            "submitter": party,
            "due": self._due(procedure, at),
            "counter": self.office.catalogue.officer(self.staff.reception[0].officer).unit,
            "papers": [],
            "code": self._code(at),
            "register_no": self._draw(f"register {local_day(at).year}"),
        }

    def _due(self, procedure: Procedure, at: datetime) -> dict[str, Any]:
        """Limits in working days depend on the day alone: computed once for each."""
        key = (procedure.code, local_day(at))
        if key not in self.dues:
            due = due_date(self.office.calendar, procedure.time_limit, at)
            self.dues[key] = due_plain(as_due(due))
        return self.dues[key]

    def _code(self, at: datetime) -> str:
        agency, day = self.office.catalogue.agency.code, local_day(at)
        series = f"code {agency} {day:%y%m%d}"
        ranges = [CodeRange(first, last) for first, last in self.office.code_ranges]
        self.serials[series] = next_serial(ranges, self.serials.get(series))
        return str(DossierCode(agency, day, self.serials[series]))

    def _draw(self, series: str) -> int:
        self.serials[series] = self.serials.get(series, 0) + 1
        return self.serials[series]

    def _record(self, life: _Life, draft: Draft) -> None:
        """What `record` does for one act, its rows put aside for the next batch."""
        check_act(draft.act, life.dossier, draft.actor, draft.body)
        entry = seal(self.office.pen, draft, life.dossier, self.head)
        life.dossier = apply(life.dossier, entry.header, entry.id, draft.body, Verdict.ACCEPTED)
        self.head = Head(entry.header.seq, entry.id, entry.header.at)
        row = entry_row(entry)
        self.batch.entries.append(tuple(row[name] for name in _ENTRY))

    def _close(self, life: _Life) -> None:
        assert life.dossier is not None
        row = row_of(life.dossier) | {"n": life.n}
        self.batch.dossiers.append(tuple(row[name] for name in _DOSSIER))
        self.done[life.n] = search_words(life.dossier)
        while self.next_word in self.done:  # FTS5 is quick only while row numbers rise
            self.batch.words.append((self.next_word, self.done.pop(self.next_word)))
            self.next_word += 1

    def _flush(self, connection: Any) -> None:
        batch, self.batch = self.batch, _Batch()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_insert("entries", _ENTRY), batch.entries)
        connection.execute(
            "INSERT INTO outbox(entry, relayed, verdict, trouble) SELECT n, 0, '', '' FROM entries "
            "WHERE n > (SELECT coalesce(max(entry), 0) FROM outbox)"
        )
        connection.executemany(_insert("dossiers", _DOSSIER), batch.dossiers)
        connection.executemany("INSERT INTO search(rowid, words) VALUES (?, ?)", batch.words)
        connection.execute("COMMIT")

    def _keep_heads(self, connection: Any) -> None:
        pen, head = self.office.pen, self.head
        names = tuple(column.name for column in device_heads.c)
        row = {"device": pen.device, "incarnation": pen.incarnation, "seq": head.seq}
        row |= {"entry": head.entry or "", "at": head.at}
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_insert("device_heads", names), tuple(row[name] for name in names))
        names = tuple(column.name for column in serials.c)
        connection.executemany(_insert("serials", names), list(self.serials.items()))
        connection.execute("COMMIT")


class _Staff:
    """Who does what in the practice office."""

    def __init__(self, office: Office) -> None:
        catalogue = office.catalogue
        self.reception = [_actor(officer) for officer in catalogue.in_role(Role.RECEPTION)]
        self.leader = _actor(catalogue.in_role(Role.LEADER)[0])
        self.clerk = _actor(catalogue.in_role(Role.CLERK)[0])
        self.by_unit = {
            unit.id: tuple(_actor(catalogue.in_role(role, unit.id)[0]) for role in _HANDS)
            for unit in catalogue.units
        }

    def whole_way(
        self, office: Office, procedure: Procedure, counter: Actor, recipient: str, n: int
    ) -> list[Step]:
        """From the counter to the result in the citizen's hand."""
        unit = office.catalogue.routing.get(procedure.sector, "van-phong")
        specialist, head = self.by_unit[unit]
        leader, clerk = self.leader, self.clerk
        result = {"number": f"{n}/KQ", "issued_on": "2026-01-05", "title": procedure.result}
        return [
            (Act.FORWARD, counter, _to(specialist) | {"note": ""}),
            (Act.TAKE_OVER, specialist, {}),
            (Act.PROPOSE, specialist, _to(head) | {"proposal": "Hồ sơ đủ điều kiện, đề nghị giải quyết."}),
            (Act.APPROVE, head, _to(leader) | {"note": ""}),
            (Act.SIGN, leader, _to(clerk) | {"note": ""}),
            (Act.COMPLETE, clerk, result),
            (Act.HAND_OUT, counter, {"recipient": recipient, "method": "counter", "id_number": ""}),
        ]


def _actor(officer: Officer) -> Actor:
    return Actor(officer.id, officer.roles, officer.unit)


def _to(actor: Actor) -> dict[str, Any]:
    return {"to": {"unit": actor.unit, "officer": actor.officer}}


def _plain_procedures(office: Office) -> list[Procedure]:
    """Those whose limit counts working days: the due moment is then the same all day."""
    found = [p for p in office.catalogue.procedures if p.time_limit.unit is TimeUnit.WORKING_DAY]
    found = [p for p in found if has_ordinary(p)]
    return found[:_PROCEDURES]


def _subject_plain(office: Office, procedure: Procedure) -> dict[str, Any]:
    """The body of an intake but for people, code and due; as `receive_dossier` writes it."""
    agency = office.catalogue.agency.code
    lines = tuple(replace(line, is_given=line.needed) for line in component_lines(procedure))
    subject = Subject(
        procedure=ProcedureRef(
            procedure.code, procedure.name, procedure.sector, procedure.version, procedure.result
        ),
        owner=Party(),
        submitter=Party(),
        content=procedure.name,
        components=lines,
        agencies=Agencies(receiving=agency, competent=agency),
    )
    plain: dict[str, Any] = json.loads(json.dumps(asdict(subject), ensure_ascii=False))
    return plain


def _insert(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table}({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
