"""A province on one machine: a root with two workers on PostgreSQL, an office's relay, three desks,
a bad line between any two of them. Everything may be killed; `weather` decides by its seed what is.

Desks 1 and 2 call the relay first and the root when it is away; desk 3 calls the root alone.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from onestop.paths import Profile
from onestop.store.hub_store import open_hub_store
from onestop.store.log import open_ledger, read_head
from onestop.store.peers import find_peer
from onestop.store.store import Store, open_store
from onestop.store.todo import count_todo
from onestop.store.vault import load_key
from tests.chaos.database import Database, children, killable_database
from tests.chaos.machines import Machine, desk_command, free_port, hub_command, wait_for_hub
from tests.fault_proxy import FaultProxy, Line, Mode
from tests.hub_process import PRACTICE, administer
from tests.office_desk import new_folder

DESKS = 3
AGAIN_WITHIN = 2.0
"""Seconds that something killed stays away, at most."""

GOOD = Line()
WEATHER = (
    GOOD,
    Line(rtt_ms=200),
    Line(rtt_ms=200, cut_bytes=60_000),
    Line(rtt_ms=40, cut_bytes=250_000),
    Line(mode=Mode.BLACK_HOLE),
    Line(mode=Mode.REFUSE),
)


@dataclass
class Province:
    """`lines`: the proxies by name, as "desk-1 relay"."""

    folder: Path
    database: Database
    url: str
    machines: dict[str, Machine]
    lines: dict[str, FaultProxy]
    root_port: int
    random: Random
    count: Counter[str] = field(default_factory=Counter)
    due: dict[str, float] = field(default_factory=dict)

    @property
    def desks(self) -> list[Machine]:
        return [self.machines[f"desk-{number}"] for number in range(1, DESKS + 1)]

    # --- what goes wrong

    def weather(self) -> None:
        """One thing that goes wrong, or right again."""
        roll = self.random.random()
        if roll < 0.55:
            self._turn_line()
        elif roll < 0.75:
            self.kill(self.random.choice(self.desks).name)
        elif roll < 0.83:
            self.kill("relay")
        elif roll < 0.91:
            self._kill_worker()
        elif roll < 0.96:
            self.kill("root")
        else:
            self.kill_database()

    def _turn_line(self) -> None:
        name = self.random.choice(sorted(self.lines))
        line = self.random.choice(WEATHER)
        self.lines[name].change(**{part: getattr(line, part) for part in ("rtt_ms", "cut_bytes", "mode")})
        self.count[f"line: {line.mode.value if line.mode is not Mode.PASS else 'slow or cut'}"] += 1

    def kill(self, name: str) -> None:
        """kill −9; whoever watches over it begins it again after a while."""
        machine = self.machines[name]
        if machine.process is None or machine.has_ended():
            return
        machine.kill()
        self.count[f"kill {name.partition('-')[0]}"] += 1
        self._again(name)

    def _again(self, name: str) -> None:
        self.due[name] = time.monotonic() + self.random.uniform(0, AGAIN_WITHIN)

    def _kill_worker(self) -> None:
        root = self.machines["root"].process
        workers = [one for one in children(root.pid) if _is_worker(one)] if root else []
        if workers:
            os.kill(self.random.choice(workers), signal.SIGKILL)
            self.count["kill worker"] += 1

    def kill_database(self) -> None:
        if self.database.guard is not None:
            self.database.kill()
            self.count["kill PostgreSQL"] += 1
            self._again("database")

    def watch(self) -> None:
        """What an office's machine does by itself: begins again what has ended."""
        for name, machine in self.machines.items():
            if machine.has_ended():
                self.count[f"{name.partition('-')[0]} ended by itself"] += 1
                self._again(name)
        for name, at in list(self.due.items()):
            if at <= time.monotonic():
                del self.due[name]
                self.database.begin() if name == "database" else self.machines[name].start()

    # --- peace

    def heal(self) -> None:
        for line in self.lines.values():
            line.change(rtt_ms=0, cut_bytes=0, mode=Mode.PASS)
        self.due = dict.fromkeys(self.due, 0.0)
        self.watch()

    def stop(self) -> None:
        """Everything but the database ends as it does in the evening."""
        for desk in self.desks:
            desk.stop()
        self.machines["relay"].stop()
        self.machines["root"].stop()

    def clean_up(self) -> None:
        for machine in self.machines.values():
            machine.clean_up()

    @contextmanager
    def store(self, name: str) -> Iterator[Store]:
        folder = self.folder / name
        if name == "root":
            folder = Profile(folder, "hub").folder
            store = open_hub_store(self.url, folder / "onestop.db", load_key(folder))
        else:
            folder = Profile(folder, "relay").folder if name == "relay" else folder
            store = open_store(folder / "onestop.db", load_key(folder))
        try:
            yield store
        finally:
            store.close()

    def heads(self) -> dict[str, int]:
        """The last cursor of each log, by its id."""
        found = {}
        for name in ("root", "relay"):
            with self.store(name) as store, store.read() as connection:
                head = read_head(connection, open_ledger(connection).log)
                found[head.log] = head.cursor
        return found

    def restless(self) -> str:
        """Who has still something to do, in words; empty when all is quiet."""
        heads = self.heads()
        found = [f"{desk.name}: {desk.words('at')[-1:]}" for desk in self.desks if not _is_quiet(desk, heads)]
        with self.store("relay") as store, store.read() as connection:
            todo = count_todo(store.rows, "root")
            peers = [(find_peer(connection, log), cursor) for log, cursor in heads.items()]
        behind = any(peer is not None and peer.cursor < cursor for peer, cursor in peers)
        if behind or todo.offers or todo.blobs or todo.journals:
            found.append(f"relay: {todo} {'behind' if behind else ''}")
        return "; ".join(found)


def _is_quiet(desk: Machine, heads: dict[str, int]) -> bool:
    told = desk.words("at")
    if not told:
        return False
    log, cursor, *waiting = told[-1].split()
    return waiting == ["0"] * len(waiting) and heads.get(log) == int(cursor)


def _is_worker(process: int) -> bool:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return b"spawn_main" in words and b"resource_tracker" not in words


@contextmanager
def province(folder: Path, seed: int, acts: int) -> Iterator[Province]:
    """All of it running, joined, on good lines; each desk will do `acts` acts in each of its lives."""
    with ExitStack() as stack:
        database = stack.enter_context(killable_database())
        url = database.server.fresh_database()
        root_port, relay_port = free_port(), free_port()
        lines: dict[str, FaultProxy] = {}

        def line(name: str, port: int) -> str:
            lines[name] = stack.enter_context(FaultProxy(port, seed=seed + len(lines)))
            return f"http://127.0.0.1:{lines[name].port}"

        words = ("--demo", "--workers", "2", "--database", url)
        machines = {"root": Machine("root", hub_command(folder / "root", root_port, *words), folder)}
        made = Province(folder, database, url, machines, lines, root_port, Random(seed))
        stack.callback(made.clean_up)
        machines["root"].start()
        wait_for_hub(machines["root"], root_port)
        machines["relay"] = _relay(made, relay_port, line("relay root", root_port))
        for number in range(1, DESKS + 1):
            name = f"desk-{number}"
            more: dict[str, object] = {} if number == DESKS else {"relay": line(f"{name} relay", relay_port)}
            _add_desk(made, number, acts, line(f"{name} root", root_port), more)
        yield made


def _code(made: Province, *words: str) -> str:
    said = administer(made.folder / "root", "enrol", "--office", PRACTICE, *words, database=made.url)
    return said.splitlines()[0].removeprefix("Mã ghi danh: ")


def _relay(made: Province, port: int, upstream: str) -> Machine:
    administer(made.folder / "relay", "join", _code(made, "--relay"), upstream)
    words = ("--relay", "--upstream", upstream)
    relay = Machine("relay", hub_command(made.folder / "relay", port, *words), made.folder)
    relay.start()
    wait_for_hub(relay, port)
    return relay


def _add_desk(made: Province, number: int, acts: int, url: str, more: dict[str, object]) -> None:
    name = f"desk-{number}"
    new_folder(made.folder / name, number)
    options: dict[str, object] = {"index": number, "code": _code(made), "url": url, "acts": acts}
    options |= {"seed": made.random.randrange(10**6), "pause": 0.25, **more}
    desk = Machine(name, desk_command(made.folder / name, **options), made.folder)
    made.machines[name] = desk
    desk.start()
    desk.hear("joined")


def until(what: Callable[[], str], within: float) -> None:
    """Waits until nothing is left to be named."""
    ends = time.monotonic() + within
    while found := what():
        assert time.monotonic() < ends, found
        time.sleep(0.5)
