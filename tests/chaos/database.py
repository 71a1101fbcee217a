"""A PostgreSQL of its own that may be killed: every process of it at once, as when the plug is pulled."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.postgres import (
    Postgres,
    as_whom,
    make_cluster,
    make_folder,
    programs,
    wait_until_ready,
)

GONE_WITHIN = 20.0

# Holds the server as long as its standard input stays open, and collects it when it was killed: a
# number that nobody collected would keep the next server from the folder. Unless it hears "keep",
# the folder goes too.
GUARD = """
folder=$1; shift
"$@" </dev/null >>"$folder/log" 2>&1 & server=$!
read -r word || word=end
kill -INT "$server" 2>/dev/null
wait "$server"
[ "$word" = keep ] || rm -rf "$folder"
"""


@dataclass
class Database:
    """A cluster in a folder, and the server that runs on it now (None: killed)."""

    folder: Path
    guard: "subprocess.Popen[bytes] | None" = None

    @property
    def server(self) -> Postgres:
        return Postgres(f"postgresql+psycopg://postgres@/postgres?host={self.folder}")

    def start(self) -> None:
        self.begin()
        wait_until_ready(self.server, self.folder / "log")

    def begin(self) -> None:
        """Starts the server without waiting for it; nothing about durability is set."""
        words = [str(programs(self.folder) / "postgres"), "-D", str(self.folder / "data")]
        words += ["-k", str(self.folder), "-c", "listen_addresses=", "-c", "logging_collector=off"]
        # Held by the shell's standard input: the server ends with the tests, whatever becomes of them.
        self.guard = subprocess.Popen(
            ["sh", "-c", GUARD, "guard", str(self.folder), *words],
            user=as_whom(), cwd="/", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL for the server and all that it started; back when none of them is left."""
        assert self.guard is not None
        server = children(self.guard.pid)
        victims = server + [child for one in server for child in children(one)]
        for one in victims:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self._let_go(b"keep\n")
        wait_until_gone(victims)

    def end(self) -> None:
        if self.guard is not None:
            self._let_go(b"end\n")

    def _let_go(self, word: bytes) -> None:
        assert self.guard is not None
        assert self.guard.stdin is not None
        self.guard.stdin.write(word)
        self.guard.stdin.close()
        self.guard.wait(GONE_WITHIN)
        self.guard = None

    def is_answering(self) -> bool:
        try:
            psycopg.connect(self.server.url.replace("+psycopg", "", 1), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def killable_database() -> Iterator[Database]:
    """A running server until the end of the block, and its folder gone afterwards."""
    made = Database(make_folder())
    try:
        make_cluster(made.folder)
        made.start()
        yield made
    finally:
        made.end()
        shutil.rmtree(made.folder, ignore_errors=True)


def children(parent: int) -> list[int]:
    """Direct children of a process."""
    try:
        return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except OSError:
        return []


def is_there(process: int) -> bool:
    """Whether it still runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until_gone(processes: list[int]) -> None:
    until = time.monotonic() + GONE_WITHIN
    while any(map(is_there, processes)):
        assert time.monotonic() < until, "processes live on"
        time.sleep(0.02)
