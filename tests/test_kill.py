"""The plug is pulled at any moment: whatever was said to be saved is there, and nothing is half."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from onestop.domain.dossier import State
from onestop.office.deeds import find_dossier
from onestop.store.check import verify_store
from onestop.store.papers import open_blob
from onestop.store.rows import list_drafts
from tests.office_desk import RECEPTION, new_folder, open_seat, receive

ROOT = Path(__file__).resolve().parent.parent
KILLS = 26
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill −9 is of POSIX")


@dataclass
class Promised:
    """What killed desks had said was saved."""

    codes: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    papers: list[tuple[str, str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        word, *said = line.split()
        if word == "received":
            self.codes[said[0]] = said[1]
        elif word == "state":
            self.states[said[0]] = said[1]
        elif word == "attached":
            self.papers.append((said[0], said[1]))
        elif word == "kept":
            self.kept.append(said[0])
        elif word == "draft":
            self.drafts.append(said[0])


def _start(folder: Path, label: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.killed_desk", str(folder), label]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _kill(desk: subprocess.Popen[str], promised: Promised) -> None:
    """SIGKILL, then what it had still said. A line without its end was never finished saying."""
    assert desk.stdin is not None
    assert desk.stdout is not None
    desk.send_signal(signal.SIGKILL)
    with desk.stdout, desk.stdin:
        rest = desk.stdout.read()
    desk.wait()
    for line in rest.splitlines(keepends=True):
        if line.endswith("\n"):
            promised.hear(line)
    assert desk.returncode == -signal.SIGKILL


def _heard_until(desk: subprocess.Popen[str], word: str, promised: Promised) -> None:
    assert desk.stdout is not None
    for line in desk.stdout:
        promised.hear(line)
        if line.startswith(word):
            return
    raise AssertionError(f"the desk ended before it said {word!r}")


def _check(folder: Path, promised: Promised) -> None:
    seat = open_seat(folder)
    try:
        assert verify_store(seat.store).findings == []
        for ident, code in promised.codes.items():
            assert find_dossier(seat.office, ident).code == code
        for ident, state in promised.states.items():
            assert find_dossier(seat.office, ident).state is State(state)
        for ident, digest in promised.papers:
            assert open_blob(seat.store, ident, digest).startswith(b"%PDF-")
        with seat.store.read() as connection:
            drafts = {draft.id for draft in list_drafts(connection, RECEPTION)}
        assert drafts >= set(promised.drafts)
        receive(seat)
    finally:
        seat.store.close()


@pytest.mark.slow
def test_killed_at_any_moment_it_keeps_what_it_said(tmp_path: Path) -> None:
    folder, promised, chance = new_folder(tmp_path / "desk"), Promised(), random.Random(20261120)
    for number in range(KILLS):
        desk = _start(folder, f"run{number}")
        _heard_until(desk, "received", promised)
        time.sleep(chance.uniform(0, 0.15))
        _kill(desk, promised)
        if number % 5 == 4:
            _check(folder, promised)
    _check(folder, promised)
    assert len(promised.codes) > KILLS
    assert promised.papers
    assert promised.drafts


def test_killed_between_the_file_and_the_entry_that_names_it(tmp_path: Path) -> None:
    folder, promised = new_folder(tmp_path / "desk"), Promised()
    desk = _start(folder, "between")
    _heard_until(desk, "kept", promised)
    _kill(desk, promised)
    assert promised.papers == []
    (digest,) = promised.kept
    assert (folder / "blobs" / digest[:2] / digest).exists()
    _check(folder, promised)
    # The same paper scanned again is taken as if nothing had happened.
    desk = _start(folder, "again")
    _heard_until(desk, "attached", promised)
    _kill(desk, promised)
    _check(folder, promised)


def test_killed_while_the_store_is_being_made(tmp_path: Path) -> None:
    """Never a store that cannot be opened: it is there whole, or it is made at the next start."""
    script = (
        "import sys; from pathlib import Path; from onestop.store.store import open_store;"
        "print('go', flush=True); open_store(Path(sys.argv[1]), b'k' * 32); print('made', flush=True)"
    )
    from onestop.store.store import open_store

    for number in range(6):
        path = tmp_path / str(number) / "onestop.db"
        desk = subprocess.Popen(
            [sys.executable, "-c", script, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert desk.stdout is not None
        assert desk.stdout.readline() == "go\n"
        time.sleep(0.02 * number)
        desk.kill()
        desk.communicate()
        store = open_store(path, b"k" * 32)
        assert verify_store(store).findings == []
        store.close()
