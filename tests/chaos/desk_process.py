"""A desk without a window, as a process of its own. It may be killed at any moment and begun again.

    python -m tests.chaos.desk_process --folder D --index 1 --code CODE --url URL --acts 200 --seed 7

Prints one line for each thing that is so, never before it is, and flushes it at once:
`joined`, `saved <entry id>`, `refused <words>`, `at <log> <cursor> <offers> <papers> <journals>`, `ended`.
SIGTERM ends it cleanly; SIGUSR1 is “Đồng bộ ngay”.
"""

import argparse
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Event
from types import FrameType

from onestop.domain.moment import VIETNAM
from onestop.errors import OfficeError, Offline
from onestop.office.deeds import Done, attach
from onestop.office.found import open_office
from onestop.office.intake import PaperForm, receive_dossier
from onestop.office.office import Agency, Office
from onestop.store.papers import keep_blob
from onestop.store.peers import find_peer
from onestop.store.store import open_store
from onestop.store.vault import load_key
from onestop.sync.joined import call_relay_first, desk_runner, join_desk, read_hubs
from onestop.sync.runner import Runner
from tests.office_desk import RECEPTION, form, new_folder
from tests.sim.deeds import Papers, act

AWAY = Agency("H56.99.77", "UBND phường Nam Lĩnh", "", "", "", "")
JOINED_WITHIN = 60.0
LARGEST_SCAN = 120_000


def say(*words: object) -> None:
    print(*words, flush=True)


def now() -> datetime:
    return datetime.now(VIETNAM)


def boot() -> tuple[str, int]:
    """As the window's clock has it: who is killed and begun again is still on the same machine."""
    name = Path("/proc/sys/kernel/random/boot_id")
    return (name.read_text().strip() if name.exists() else "boot"), time.monotonic_ns() // 1_000_000


class Scans(Papers):
    """A new small scan each time."""

    def __init__(self, folder: Path, random: Random) -> None:
        super().__init__(folder, random)
        self._path, self._chance = folder / f"quet-{os.getpid()}.pdf", random

    def paper(self, office: Office) -> PaperForm:
        size = self._chance.choice((300, 9_000, LARGEST_SCAN))
        self._path.write_bytes(b"%PDF-1.7\n" + os.urandom(size))
        ref = keep_blob(office.store, self._path)
        return PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai")


@dataclass
class Work:
    """What this desk does, and where it stands."""

    office: Office
    runner: Runner
    scans: Scans
    random: Random
    is_plain: bool
    over: Event
    told: str = ""
    waiting: list[str] = field(default_factory=list)

    def one(self) -> None:
        """One act; what is refused or does not fit on the disk is said too."""
        done = self._plain() if self.is_plain else act(self.office, AWAY, self.random, self.scans)[1]
        if done is not None:
            say("saved", done.entry_id)
            self.runner.poke()

    def _plain(self) -> Done | None:
        """Takes in a dossier, or adds a scan to the last one."""
        here = self.office.as_officer(RECEPTION)
        try:
            if not self.waiting:
                done = receive_dossier(here, form())
                self.waiting.append(done.dossier.id)
                return done
            paper = self.scans.paper(here)
            return attach(here, self.waiting.pop(), (paper,))
        except (OfficeError, OSError) as error:  # the scanner's own file, on a full disk
            say("refused", error.title if isinstance(error, OfficeError) else f"({error.strerror})")
            return None

    def tell(self) -> None:
        """Where this desk stands with the hub that it speaks to, whenever that changes."""
        line = self._line()
        if line and line != self.told:
            self.told = line
            say("at", line)

    def _line(self) -> str:
        node = self.runner.node
        if node.talk is None:
            return ""
        try:
            todo = node.todo()
            with node.store.read() as connection:
                peer = find_peer(connection, node.talk.log)
        except OfficeError:  # the store is busy: the next look will tell
            return ""
        cursor = peer.cursor if peer else 0
        return f"{node.talk.log} {cursor} {todo.offers} {todo.blobs} {todo.journals}"


def joined(office: Office, url: str, code: str) -> Office:
    until = time.monotonic() + JOINED_WITHIN
    while True:
        try:
            return join_desk(office, url, code)
        except Offline:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def opened(wanted: argparse.Namespace) -> Office:
    """The desk in its folder: founded and joined, unless it is already."""
    if not (wanted.folder / "onestop.db").exists():
        new_folder(wanted.folder, wanted.index)
    store = open_store(wanted.folder / "onestop.db", load_key(wanted.folder))
    office = open_office(store, now, boot, RECEPTION)
    if not read_hubs(store):
        office = joined(office, wanted.url, wanted.code)
    if wanted.relay:
        call_relay_first(store, wanted.relay)
    say("joined")
    return office


def work(wanted: argparse.Namespace) -> None:
    over = Event()  # a word to end that comes early is not lost
    signal.signal(signal.SIGTERM, lambda number, frame: over.set())
    office = opened(wanted)
    made = desk_runner(office.store, now, boot, herd=0)
    assert made is not None
    random = Random(wanted.seed)
    scans = wanted.folder / "scans"
    scans.mkdir(exist_ok=True)
    here = Work(office, made, Scans(scans, random), random, wanted.plain, over)
    _listen(here)
    made.start()
    _go(here, wanted.acts, wanted.pause)
    made.stop()
    office.store.close()
    say("ended")


def _listen(here: Work) -> None:
    def hurry(number: int, frame: FrameType | None) -> None:
        here.runner.sync_now()

    signal.signal(signal.SIGUSR1, hurry)


def _go(here: Work, acts: int, pause: float) -> None:
    done, next_act = 0, time.monotonic()
    while not here.over.is_set():
        if done < acts and time.monotonic() >= next_act:
            here.one()
            done, next_act = done + 1, next_act + pause * here.random.uniform(0.3, 1.7)
        else:
            time.sleep(0.02 if done < acts else 0.1)
        here.tell()


def wanted_from(words: list[str]) -> argparse.Namespace:
    made = argparse.ArgumentParser()
    made.add_argument("--folder", type=Path, required=True)
    made.add_argument("--index", type=int, default=1)
    made.add_argument("--code", default="")
    made.add_argument("--url", default="", help="of the root")
    made.add_argument("--relay", default="", help="called first")
    made.add_argument("--acts", type=int, default=0)
    made.add_argument("--pause", type=float, default=0.1, help="seconds between two acts, on average")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--plain", action="store_true", help="only intake and scans; what fails is said")
    return made.parse_args(words)


if __name__ == "__main__":
    work(wanted_from(sys.argv[1:]))
