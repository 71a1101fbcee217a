"""Programs that are killed and begun again, and what they said."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.chaos.database import children, wait_until_gone
from tests.hub_process import ROOT, environment

READY_WITHIN = 90.0


@dataclass
class Machine:
    """A program in a process of its own. `lines`: all that it ever said, whole lines only.

    `kills`: how often it was killed; `ends`: exit codes of ends that nobody asked for.
    """

    name: str
    command: list[str]
    folder: Path
    process: "subprocess.Popen[str] | None" = None
    lines: list[str] = field(default_factory=list)
    kills: int = 0
    ends: list[int] = field(default_factory=list)
    _reader: threading.Thread | None = None

    @property
    def complaints(self) -> Path:
        return self.folder / f"{self.name}.err"

    def start(self) -> None:
        assert self.process is None
        with self.complaints.open("a", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                self.command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8",
                cwd=ROOT, env=environment(),
            )  # fmt: skip
        self._reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                if line.endswith("\n"):  # without its end it was never finished saying
                    self.lines.append(line.rstrip("\n"))

    def kill(self) -> None:
        """SIGKILL, and for its own children too; then what it had still said."""
        process = self._running()
        workers = children(process.pid)
        for one in (process.pid, *workers):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.kills += 1
        self._collect(process)
        wait_until_gone(workers)

    def stop(self, within: float = 30.0) -> None:
        """SIGTERM; it must end cleanly."""
        process = self._running()
        process.send_signal(signal.SIGTERM)
        code = process.wait(within)
        self._collect(process)
        assert code == 0, f"{self.name} ended with {code}: {self.said()}"

    def hurry(self) -> None:
        """“Đồng bộ ngay” at a desk."""
        self._running().send_signal(signal.SIGUSR1)

    def has_ended(self) -> bool:
        """Whether it ended by itself; that is noted."""
        if self.process is None or self.process.poll() is None:
            return False
        process = self.process
        self._collect(process)
        self.ends.append(process.returncode)
        return True

    def hear(self, beginning: str, within: float = READY_WITHIN, after: int = 0) -> str:
        """The first line since `after` lines that begins so."""
        until = time.monotonic() + within
        while True:
            for line in self.lines[after:]:
                if line.startswith(beginning):
                    return line
            assert time.monotonic() < until, f"{self.name} never said {beginning!r}: {self.said()}"
            assert self.process is None or self.process.poll() is None, f"{self.name} ended: {self.said()}"
            time.sleep(0.02)

    def words(self, first: str) -> list[str]:
        """What followed this word in each line that began with it."""
        return [line.split(" ", 1)[1] for line in self.lines if line.startswith(first + " ")]

    def said(self) -> str:
        errors = self.complaints.read_text("utf-8", "replace") if self.complaints.exists() else ""
        return "\n".join([*self.lines[-5:], errors[-4000:]])

    def clean_up(self) -> None:
        """At the end of a test, whatever happened."""
        if self.process is not None:
            self.kill()

    def _running(self) -> "subprocess.Popen[str]":
        assert self.process is not None, f"{self.name} does not run"
        return self.process

    def _collect(self, process: "subprocess.Popen[str]") -> None:
        process.wait()
        if self._reader is not None:
            self._reader.join(10)
        self.process = None


def desk_command(folder: Path, **options: object) -> list[str]:
    """For `tests.chaos.desk_process`; an option that is True stands alone."""
    words = [sys.executable, "-m", "tests.chaos.desk_process", "--folder", str(folder)]
    for name, value in options.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def hub_command(data: Path, port: int, *words: str) -> list[str]:
    listen = ("--listen", f"127.0.0.1:{port}")
    return [sys.executable, str(ROOT / "main.py"), "hub", "--data-dir", str(data), *listen, *words]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def is_answering(port: int) -> bool:
    """Not only its socket: its status page, that needs the database."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for_hub(hub: Machine, port: int) -> None:
    until = time.monotonic() + READY_WITHIN
    while not is_answering(port):
        assert time.monotonic() < until, hub.said()
        assert not hub.has_ended(), hub.said()
        time.sleep(0.1)
