"""The peers: other people's sync, run over the same line with the same records.

`make bench-peers` puts them into a folder of their own; they are tools of a measurement, never
part of the program. A peer that is not there is said to be missing, and floors stand in its place.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build.bench_sync_line import ROOT, Trip, over, run_program
from tests.fault_proxy import Line

_BUILD = ROOT / "build"
_STARTED_WITHIN = 90.0


@dataclass(frozen=True, slots=True)
class Peers:
    """Where they are installed: `node_modules/`, and `v/`, a virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder.resolve() / "v" / "bin" / "python"  # not the file it may be a link to

    @property
    def has_pouch(self) -> bool:
        server = self.folder / "node_modules" / ".bin" / "pouchdb-server"
        return server.exists() and shutil.which("node") is not None

    @property
    def has_python(self) -> bool:
        return self.python.exists()

    def pouch(self, line: Line, corpus: Path, limit: float, batch: int = 100) -> Trip | None:
        """PouchDB to pouchdb-server, both on disk; None where it is not installed."""
        if not self.has_pouch:
            return None
        with _folder() as data, _server(self._pouch_server, data) as (port, pid):

            def work(at: int) -> dict[str, Any]:
                modules = self.folder.resolve() / "node_modules"
                url = f"http://127.0.0.1:{at}/records"
                script = str(_BUILD / "bench_peers_pouch.js")
                words = [script, str(modules), str(data), url, str(corpus), str(batch), str(limit)]
                return run_program(["node", *words], limit)

            return over(line, port, pid, work)

    def _pouch_server(self, port: int, data: Path) -> list[str]:
        server = self.folder.resolve() / "node_modules" / ".bin" / "pouchdb-server"
        return [str(server), "--port", str(port), "--host", "127.0.0.1", "--dir", str(data), "-n"]

    def anki(self, line: Line, corpus: Path, limit: float, mode: str = "notes") -> Trip | None:
        """Anki to its own sync server; None where it is not installed."""
        if not self.has_python:
            return None
        with _folder() as data, _server(self._anki_server, data) as (port, pid):

            def work(at: int) -> dict[str, Any]:
                url = f"http://127.0.0.1:{at}/"
                script = str(_BUILD / "bench_peers_anki.py")
                return run_program([str(self.python), script, url, mode, str(corpus), str(limit)], limit)

            return over(line, port, pid, work)

    def _anki_server(self, port: int, data: Path) -> list[str]:
        told = {"SYNC_USER1": "a:p", "SYNC_BASE": str(data), "SYNC_HOST": "127.0.0.1"}
        told |= {"SYNC_PORT": str(port), "MAX_SYNC_PAYLOAD_MEGS": "1000"}
        settings = [f"{name}={value}" for name, value in told.items()]
        return ["env", *settings, str(self.python), "-m", "anki.syncserver"]

    def tus(self, line: Line, files: Path, limit: float) -> Trip | None:
        """tuspy to tuspyserver, pieces of 256 KiB; None where it is not installed."""
        if not self.has_python:
            return None
        with _folder() as data, _server(self._tus_server, data) as (port, pid):

            def work(at: int) -> dict[str, Any]:
                script = str(_BUILD / "bench_peers_tus.py")
                words = ["send", f"http://127.0.0.1:{at}/files", str(files), str(limit)]
                return run_program([str(self.python), script, *words], limit)

            return over(line, port, pid, work)

    def _tus_server(self, port: int, data: Path) -> list[str]:
        return [str(self.python), str(_BUILD / "bench_peers_tus.py"), "serve", str(port), str(data)]


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="onestop-peer-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@contextmanager
def _server(command: Any, data: Path) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server that listens."""
    port = free_port()
    words: Sequence[str] = command(port, data)
    with listening(words, port, data) as process:
        yield port, process.pid


@contextmanager
def listening(
    words: Sequence[str], port: int, folder: Path, **settings: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program until the end of the block, once it listens at `port`."""
    quiet = subprocess.DEVNULL
    environment = {**os.environ, **settings}
    with subprocess.Popen(words, cwd=folder, stdout=quiet, stderr=quiet, env=environment) as process:
        try:
            _wait_until_open(port, process)
            yield process
        finally:
            process.kill()


def _wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTED_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{process.args!r:.200} does not listen") from None
            time.sleep(0.05)
