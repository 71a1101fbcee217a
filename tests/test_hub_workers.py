"""A hub on PostgreSQL with two processes: one log, news across processes, an end without orphans."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from onestop.store.hub_store import open_hub_store
from onestop.sync import wire
from tests.hub_process import (
    PRACTICE,
    Caller,
    Running,
    administer,
    caller_of,
    offers_of,
    running,
    self_grant,
    stranger,
)
from tests.office_desk import receive, seated

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are counted as Linux has them")


@pytest.fixture
def hub(tmp_path: Path, database_url: str) -> Iterator[Running]:
    with running(tmp_path / "hub", "--demo", "--workers", "2", database=database_url) as process:
        yield process


def joined(hub: Running, number: int) -> Caller:
    caller = stranger(hub.url, f"019aa444-0000-7000-8000-{number:012d}")
    caller.enrol(hub.code())
    return caller.sign_in()


def test_two_processes_keep_one_log(hub: Running, tmp_path: Path) -> None:
    """Four desks push at once, through whichever process takes the call; a reader misses nothing."""
    reader = joined(hub, 1)
    begun = reader.pull_all()[-1].cursor
    expected: set[str] = set()
    desks: list[tuple[Caller, list[Any]]] = []
    for index in range(2, 6):
        with seated(tmp_path / str(index), index) as seat:
            for _ in range(3):
                receive(seat)
            caller = caller_of(seat.store, hub.url)
            caller.enrol(hub.code(), self_grant=self_grant(seat.store))
            desks.append((caller.sign_in(), offers_of(seat.store)))
    seen: list[Any] = []
    over = threading.Event()

    def follow() -> None:
        after = begun
        while not (over.is_set() and reader.pull(after).next == after):
            page = reader.pull(after, wait=1)
            seen.extend(page.records)
            after = page.next

    thread = threading.Thread(target=follow)
    thread.start()
    with ThreadPoolExecutor(4) as pool:
        for receipts in pool.map(lambda each: [each[0].push([one]) for one in each[1]], desks):
            expected |= {one.id for (one,) in receipts}
    over.set()
    thread.join()
    entries = [one.ref for one in seen if one.kind == "entry"]
    assert len(entries) == len(set(entries)) == len(expected) > 10
    assert set(entries) == expected
    assert [one.cursor for one in seen] == sorted({one.cursor for one in seen})


def test_news_cross_processes_at_once(hub: Running, tmp_path: Path) -> None:
    """Four waiting readers are spread over both processes; all hear within 1.5 s."""
    readers = [joined(hub, number) for number in range(10, 14)]
    after = readers[0].pull_all()[-1].cursor
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(_heard_at, one, after) for one in readers]
        time.sleep(1)
        with seated(tmp_path / "desk") as seat:
            receive(seat)
            caller = caller_of(seat.store, hub.url)
            caller.enrol(hub.code(), self_grant=self_grant(seat.store))
            pushed = time.monotonic()
            caller.sign_in().push(offers_of(seat.store))
        heard = [one.result() for one in waiting]
    assert max(heard) - pushed < 1.5


def _heard_at(caller: Caller, after: int) -> float:
    """When the first entry was read; statements of joining desks come before."""
    while True:
        page = caller.pull(after, wait=20)
        if any(one.kind == "entry" for one in page.records):
            return time.monotonic()
        after = page.next


def children(parent: int) -> list[int]:
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(one) for one in found.split() if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()
            and b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]  # fmt: skip


def test_a_killed_worker_is_replaced(hub: Running) -> None:
    caller = joined(hub, 30)
    victim = children(hub.process.pid)[0]
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + 30
    while victim in children(hub.process.pid) or len(children(hub.process.pid)) < 2:
        assert time.monotonic() < until
        time.sleep(0.1)
    for _ in range(10):
        assert caller.call("GET", wire.PULL, params={"after": 0}).status_code == 200


def test_workers_end_with_their_killed_parent(tmp_path: Path, database_url: str) -> None:
    with running(tmp_path, "--workers", "2", database=database_url, is_killed=True) as hub:
        until = time.monotonic() + 30
        while len(workers := children(hub.process.pid)) < 2:  # it listens before they are all there
            assert time.monotonic() < until, "no workers"
            time.sleep(0.1)
        hub.process.kill()
        hub.process.wait()
        until = time.monotonic() + 15
        while any(Path(f"/proc/{one}").exists() for one in workers):
            assert time.monotonic() < until, "workers live on"
            time.sleep(0.1)


_CUT_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


def test_a_database_that_is_away_is_no_bug(hub: Running, database_url: str) -> None:
    caller = joined(hub, 40)
    store = open_hub_store(database_url, hub.data / "unused.db", b"")
    with store.write() as connection:
        connection.exec_driver_sql(_CUT_ALL)
    store.close()
    codes = [caller.call("GET", wire.PULL, params={"after": 0}).status_code for _ in range(8)]
    assert set(codes) <= {200, 503}
    assert codes[-1] == 200
    administer(hub.data, "office", "add", PRACTICE, "UBND xã Tân Hòa", database=hub.database)
