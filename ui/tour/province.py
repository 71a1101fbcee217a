"""A province and an office's relay as real processes of this program, started and stopped by the tour."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from onestop.sync.practice import CLOCK_OFFSET
from ui.tour.hand import Stuck
from ui.tour.month_clock import MonthClock

_STOPS_WITHIN = 20.0


def program() -> list[str]:
    """How this program is started again."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, sys.argv[0]]


def free_port() -> int:
    """A port that nobody uses now; a hub takes the same one each time it is started."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        port: int = made.getsockname()[1]
        return port


class Machine:
    """A hub in `data`: `words` are its options. It lives at the time of `clock`.

    The month is simulated, so the hub is told to run ahead of this machine's clock by as much as
    the desks do; only a practice hub listens to that (`onestop.hub.practice`).
    """

    def __init__(self, name: str, data: Path, clock: MonthClock, *words: str) -> None:
        self.name, self.data, self.port = name, data, free_port()
        self._clock, self._words = clock, words
        self._log = data.parent.parent / "log" / f"{name}.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Until it answers. Raises Stuck with what it said."""
        listen = ("--listen", f"127.0.0.1:{self.port}")
        command = [*program(), "hub", "--demo", *listen, *self._words, "--data-dir", str(self.data)]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, encoding="utf-8", env=self._environment()
            )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if self.url in line:
                return
        raise Stuck(f"{self.name} ended: {self._log.read_text('utf-8')[-500:]}")

    def stop(self) -> None:
        """As an administrator stops it: what is open is ended first."""
        process = self._take()
        process.terminate()
        process.communicate(timeout=_STOPS_WITHIN)

    def kill(self) -> None:
        """As a power cut does."""
        process = self._take()
        process.kill()
        process.communicate(timeout=_STOPS_WITHIN)

    def end(self) -> None:
        """At the end of the tour, however it went."""
        if self._process is not None:
            self.kill()

    def run(self, *words: str) -> str:
        """A command of the administrator beside it; what it prints. Raises Stuck when it fails."""
        return self.command("hub", *words, "--data-dir", str(self.data))

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [*program(), *words],
            capture_output=True,
            encoding="utf-8",
            env=self._environment(),
            check=False,
        )
        if done.returncode:
            raise Stuck(f"{' '.join(words[:2])}: {done.stdout}{done.stderr}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        ahead: Sequence[tuple[str, str]] = ((CLOCK_OFFSET, str(self._clock.ahead())), ("PYTHONUTF8", "1"))
        return os.environ | dict(ahead)

    def _take(self) -> "subprocess.Popen[str]":
        process, self._process = self._process, None
        if process is None:
            raise Stuck(f"{self.name} does not run")
        return process
