"""Many pushers and pullers on PostgreSQL at once: no reader ever steps over an entry.

Numbers from a sequence become visible out of order, and a reader who asks for "all after n" loses
what is committed late: the second test builds just that and must see entries lost.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from onestop.domain.merkle import Frontier
from onestop.domain.offer import Offer, Receipt
from onestop.store import ledger_ingest
from onestop.store.hub_store import open_hub_store
from onestop.store.ledger import Ledger, ingest, lease_codes, open_ledger, read_head, read_page
from onestop.store.log import Tail
from onestop.store.store import Store
from onestop.store.tables import entries, leases, records
from tests.postgres import fresh_database, postgres  # noqa: F401  fixtures
from tests.small_desk import MORNING, OFFICE, SmallDesk, found, joined

KEY = b"k" * 32
NOW = MORNING + timedelta(hours=1)
PUSHERS, PULLERS, BATCH = 8, 4, 20


@pytest.fixture
def store(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Store]:  # noqa: F811  the fixture
    opened = open_hub_store(fresh_database(), tmp_path / "hub.db", KEY)
    yield opened
    opened.close()


def day_of(desk: SmallDesk, count: int) -> list[Offer]:
    """Dossiers of four entries each."""
    for _ in range(count // 4):
        desk.receive()
        dossier = list(desk.dossiers)[-1]
        for turn in range(3):
            desk.note(dossier, f"Lần {turn}")
    return desk.offers


def push_all(store: Store, offers: Sequence[Offer]) -> list[Receipt]:
    receipts = []
    for start in range(0, len(offers), BATCH):
        with store.write() as connection:
            batch = offers[start : start + BATCH]
            receipts += ingest(connection, open_ledger(connection), batch, "sender", NOW)
    return receipts


def pull_all(store: Store, ledger: Ledger, is_over: Event) -> list[tuple[int, str]]:
    """Reads on as a desk does, until everything was pushed and nothing is left."""
    read: list[tuple[int, str]] = []
    after = 0
    while True:
        was_over = is_over.is_set()
        with store.read() as connection:
            page = read_page(connection, ledger, (f"office:{OFFICE}",), after, 100)
        read += [(record.cursor, record.ref) for record in page.records if record.kind == "entry"]
        after = page.next
        if was_over and not page.more:
            return read


def race(store: Store, count: int) -> tuple[list[Receipt], list[list[tuple[int, str]]]]:
    """Receipts of all pushers, and what each puller read."""
    ledger = found(store)
    desks = [joined(store, ledger, index + 1) for index in range(PUSHERS)]
    days = [day_of(desk, count) for desk in desks]
    is_over = Event()
    with ThreadPoolExecutor(PUSHERS + PULLERS) as threads:
        pulling = [threads.submit(pull_all, store, ledger, is_over) for _ in range(PULLERS)]
        pushing = [threads.submit(push_all, store, day) for day in days]
        try:
            receipts = [receipt for job in pushing for receipt in job.result()]
        finally:
            is_over.set()
        return receipts, [job.result() for job in pulling]


@pytest.mark.slow
def test_no_reader_misses_an_entry_and_no_number_is_given_twice(store: Store) -> None:
    receipts, pulled = race(store, 320)
    assert Counter(receipt.verdict for receipt in receipts) == {"accepted": PUSHERS * 320}
    given = sorted((receipt.cursor or 0, receipt.id) for receipt in receipts)
    assert len({cursor for cursor, _ in given}) == len(given)
    for read in pulled:
        assert read == given
    with store.read() as connection:
        _check_log(connection)


def _check_log(connection: Connection) -> None:
    """Gap-free, and the root kept beside the numbers is the root over all of them."""
    head = read_head(connection, open_ledger(connection).log)
    frontier = Frontier()
    rows = list(connection.execute(select(records.c.cursor, records.c.leaf).order_by(records.c.cursor)))
    assert [row.cursor for row in rows] == list(range(1, head.cursor + 1))
    for row in rows:
        frontier.append(row.leaf)
    assert frontier.root() == head.root


class SequenceTail(Tail):
    """The sabotage: numbers from a sequence, nothing locked until all is written."""

    def __init__(self, connection: Connection, ledger: Ledger) -> None:
        super().__init__(ledger.log, ledger.epoch, 0, Frontier())
        self._connection = connection

    def add(
        self,
        kind: str,
        ref: str,
        leaf: bytes,
        into: Iterable[str],
        at: str,
        value: Mapping[str, Any] | None = None,
    ) -> int:
        self.cursor = self._connection.execute(text("SELECT nextval('plain_serial')")).scalar_one() - 1
        return super().add(kind, ref, leaf, into, at, value)

    def close(self, connection: Connection) -> None:
        last, self._tiles = self.cursor, []
        connection.execute(text("SELECT 1"))
        super().close(_WithoutHead(connection))  # type: ignore[arg-type]  # all that `close` asks of one
        connection.execute(text("UPDATE log_head SET cursor = greatest(cursor, :last)"), {"last": last})


class _WithoutHead:
    """Lets records through, keeps the head as it is."""

    def __init__(self, connection: Connection) -> None:
        self._real = connection
        self.dialect = connection.dialect
        self.connection = connection.connection

    def execute(self, statement: Any, *values: Any) -> Any:
        return None if "log_head" in str(statement) else self._real.execute(statement, *values)


def test_the_race_would_catch_numbers_from_a_plain_sequence(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write() as connection:
        connection.execute(text("CREATE SEQUENCE plain_serial START 1000"))
    monkeypatch.setattr(ledger_ingest, "lock_tail", SequenceTail)
    receipts, pulled = race(store, 160)
    given = {receipt.id for receipt in receipts}
    assert len(given) == PUSHERS * 160
    missed = [len(given - {ref for _, ref in read}) for read in pulled]
    assert max(missed) > 0


def test_leases_never_overlap_under_concurrency(store: Store) -> None:
    found(store)

    def lend(device: int) -> list[tuple[int, int]]:
        blocks = []
        for _ in range(8):
            with store.write() as connection:
                blocks.append(lease_codes(connection, OFFICE, "2026-11-20", f"device-{device}", 15))
        return blocks

    with ThreadPoolExecutor(8) as threads:
        blocks = sorted(block for each in threads.map(lend, range(8)) for block in each)
    numbers = [number for first, last in blocks for number in range(first, last + 1)]
    assert numbers == list(range(7001, 7001 + 64 * 15))
    with store.read() as connection:
        assert len(list(connection.execute(select(leases)))) == 64


def test_one_dossier_in_many_hands_has_one_history(store: Store) -> None:
    """Eight desks note on one dossier at once: every note is judged on the state before it."""
    ledger = found(store)
    desks = [joined(store, ledger, index + 1) for index in range(PUSHERS)]
    push_all(store, [desks[0].receive()])
    (dossier,) = desks[0].dossiers
    start = desks[0].dossiers[dossier]
    for desk in desks:
        desk.dossiers[dossier] = start
        for turn in range(20):
            desk.note(dossier, f"Quầy {desk.index}, lần {turn}")
    with ThreadPoolExecutor(PUSHERS) as threads:
        days = [desk.offers[-20:] for desk in desks]
        receipts = [r for some in threads.map(lambda day: push_all(store, day), days) for r in some]
    assert {receipt.verdict for receipt in receipts} == {"accepted"}
    merged = [receipt for receipt in receipts if receipt.code == "MERGED"]
    assert len(merged) == (PUSHERS - 1) * 20
    with store.read() as connection:
        cursors = [row.cursor for row in connection.execute(select(entries.c.cursor))]
    assert len(set(cursors)) == PUSHERS * 20 + 1
