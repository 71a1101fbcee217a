"""The server that tests of the hub use is a real PostgreSQL: durable, isolated, with locks that wait."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.postgres import Postgres, conninfo, name_of, running, with_database

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE stream (agency text PRIMARY KEY, last bigint NOT NULL)"))
        connection.execute(text("INSERT INTO stream VALUES ('H56.99.88', 7)"))
    yield engine
    engine.dispose()


def ask(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar_one()


def test_it_is_postgresql_and_nothing_of_its_durability_is_off(engine: Engine) -> None:
    assert str(ask(engine, "SELECT version()")).startswith("PostgreSQL 1")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(engine, f"SHOW {setting}") == "on"
    assert ask(engine, "SHOW server_encoding") == "UTF8"


def test_two_connections_see_only_what_is_committed(engine: Engine) -> None:
    with engine.connect() as one, engine.connect() as other:
        assert one.connection.driver_connection is not other.connection.driver_connection
        one.execute(text("UPDATE stream SET last = 8"))
        assert other.execute(text("SELECT last FROM stream")).scalar_one() == 7
        one.commit()
        assert other.execute(text("SELECT last FROM stream")).scalar_one() == 8


def test_a_row_lock_waits_until_the_first_lets_go(engine: Engine) -> None:
    lock = text("SELECT last FROM stream WHERE agency = 'H56.99.88' FOR UPDATE")
    got: list[tuple[float, int]] = []

    def second() -> None:
        with engine.begin() as connection:
            last = connection.execute(lock).scalar_one()
            got.append((time.monotonic(), last))

    with engine.connect() as first:
        first.execute(lock)
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        assert not got
        first.execute(text("UPDATE stream SET last = last + 1"))
        let_go = time.monotonic()
        first.commit()
    thread.join(10)
    assert got[0][0] >= let_go
    assert got[0][1] == 8


def test_a_row_lock_that_may_not_wait_is_refused(engine: Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        first.execute(text("SELECT last FROM stream FOR UPDATE"))
        with pytest.raises(OperationalError, match="could not obtain lock"):
            second.execute(text("SELECT last FROM stream FOR UPDATE NOWAIT"))


def test_each_database_is_empty_and_goes_even_while_somebody_is_connected(postgres: Postgres) -> None:
    one, other = postgres.fresh_database(), postgres.fresh_database()
    assert name_of(one) != name_of(other)
    held, beside = (create_engine(url, poolclass=NullPool) for url in (one, other))
    with held.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (x int)"))
    count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert (ask(held, count), ask(beside, count)) == (1, 0)
    with held.connect() as connection:
        connection.execute(text("SELECT 1"))
        postgres.drop(one)
        postgres.drop(other)
        with pytest.raises(OperationalError, match="terminating connection"):
            connection.execute(text("SELECT 1"))
    left = f"SELECT count(*) FROM pg_database WHERE datname IN ('{name_of(one)}', '{name_of(other)}')"
    assert ask(create_engine(postgres.url, poolclass=NullPool), left) == 0


def test_several_databases_for_one_test(fresh_database: Callable[[], str]) -> None:
    assert len({name_of(fresh_database()) for _ in range(3)}) == 3


def test_a_server_that_runs_already_is_taken(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONESTOP_TEST_POSTGRES", postgres.url)
    with running() as server:
        assert server == postgres


def test_addresses_keep_their_options() -> None:
    url = "postgresql+psycopg://hub:x@127.0.0.1:5432/postgres?sslmode=require"
    assert with_database(url, "a") == "postgresql+psycopg://hub:x@127.0.0.1:5432/a?sslmode=require"
    assert with_database(url.partition("?")[0], "a").endswith(":5432/a")
    assert name_of(url) == "postgres"
    assert conninfo(url).startswith("postgresql://hub:x@")


HOLD = """
import time
from tests.postgres import running
with running() as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals and /proc")
def test_a_second_server_runs_beside_and_ends_with_tests_that_are_killed(postgres: Postgres) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ONESTOP_TEST_POSTGRES"}
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        url = tests.stdout.readline().strip()
        folder = Path(url.partition("host=")[2])
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        assert url != postgres.url
        tests.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while (folder.exists() or is_alive(pid)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
