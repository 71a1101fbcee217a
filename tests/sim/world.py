"""A province in one process: desks, a root, perhaps a relay; one hand moves all of it, by a seed."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Self
from unittest.mock import patch

from sqlalchemy import Connection

from onestop.errors import OfficeError
from onestop.hub import upstream
from onestop.hub.hub import Hub
from onestop.store.device_view import find_standing
from onestop.store.store import Store
from onestop.sync.happenings import Work
from tests.office_desk import NEIGHBOUR
from tests.sim import deeds, invariants
from tests.sim.chance import seeded
from tests.sim.disk import Disks, PowerCut
from tests.sim.ending import heal, settle
from tests.sim.faults import FAULTS, TOGETHER
from tests.sim.hub import HubHere
from tests.sim.invariants import saved_is_there
from tests.sim.machine import Clock, Desk, Driver, Powered, RelayNode
from tests.sim.plan import CALL_FAULTS, Plan
from tests.sim.template import ALONE, DESKS, HERE, START, ground, join_relay, template
from tests.walking import HERE as HERE_AGENCY

DISKS = Disks()
"""Disks of this process: engines, and what they have compiled, outlive the worlds."""


class World:
    """`with World(seed) as world: world.run()`. Raises AssertionError where a promise breaks."""

    def __init__(self, seed: int, is_traced: bool = False, plan: "Plan | None" = None) -> None:
        self.seed = seed
        self.plan = plan
        self.random = Random(f"world {seed}")
        self.now = 0.0
        self.counters: Counter[str] = Counter()
        self.trace: list[str] = []
        self.mark = sha256()
        self.is_traced = is_traced
        self.folder = ground() / "world"
        self.papers = deeds.Papers(self.folder / "papers", self.random)
        self.places: dict[Path, str] = {}
        self.cut_off: dict[tuple[str, str], float] = {}
        self.rates: dict[str, float] = {}
        self.late: list[Callable[[], object]] = []
        self.depth = 0
        self.desks: dict[str, Desk] = {}
        self.relay: RelayNode | None = None
        self.steps = 0
        self.settled_steps = 0
        self.images: dict[str, dict[str, None]] = {}
        self.burned: set[str] = set()
        self.damaged: dict[str, str] = {}  # dossier → entry whose bytes somebody changed in the file
        self.poisoned = 0
        self.backed_up = 0
        self.blobs_backed_up: set[str] = set()
        self.faults: list[str] = []
        self._soon: list[tuple[float, Callable[[], object]]] = []
        self._held = ExitStack()

    def __enter__(self) -> Self:
        source = ready()
        self._begin()
        count = self.random.choice((2, 2, 2, 3, 3, 4))
        has_relay = self.random.random() < 0.4
        if self.plan is not None:
            count, has_relay = self.plan.desks, self.plan.has_relay
        self.found(source, list(DESKS)[:count], has_relay)
        return self

    def _begin(self) -> None:
        self._held.enter_context(DISKS.mounted())
        self._held.enter_context(seeded(f"secrets {self.seed}", lambda: self.now, self._place_of))
        self._held.enter_context(patch.object(upstream, "_client", self._above))
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "papers").mkdir(parents=True)

    def __exit__(self, *_: object) -> None:
        for desk in self.desks.values():
            desk.close()
        if self.relay is not None:
            self.relay.here.close()
        self.root.close()
        self._held.close()

    # --- the beginning

    def found(self, source: Path, desks: list[str], has_relay: bool) -> None:
        """Machines as they lie in `source`, started."""
        shutil.copytree(source / "profiles" / "root", self.folder / "profiles" / "root")
        self.root = HubHere("root", self.folder / "profiles" / "root", DISKS, self.server_now)
        if has_relay:
            self.add_relay(source, "relay")
        for name in desks:
            shutil.copytree(source / name, self.folder / name)
            self.add_desk(name, name, self.folder / name)

    def choose_faults(self) -> None:
        """Each seed has some of all faults, so that each is also seen without the others."""
        if self.plan is not None:
            self.faults, self.rates = list(self.plan.faults), dict(self.plan.rates)
            return
        for fault in CALL_FAULTS:
            if self.random.random() < 0.3:
                self.rates[fault] = self.random.choice((0.03, 0.1, 0.25))
        self.rates["meanwhile"] = self.random.choice((0.0, 0.1, 0.3))
        chosen = {name for name in FAULTS if self.random.random() < 0.2}
        chosen |= {TOGETHER[name] for name in chosen & TOGETHER.keys()}
        self.faults = sorted(chosen)
        self.say("faults", *self.faults, *self.rates.items())

    def add_relay(self, source: Path, name: str, joined: bool = True) -> None:
        folder = self.folder / "profiles" / name
        shutil.copytree(source / "profiles" / name, folder)
        here = HubHere(name, folder, DISKS, self.server_now)
        if not joined:
            join_relay(self.root.hub, here.hub, self.server_now())
            here.restart()
        self.relay = RelayNode(name, here, self, Clock(lambda: self.now), self.random)

    def add_desk(self, name: str, of: str, folder: Path) -> Desk:
        """`of`: the desk of the template that it is, or is a copy of."""
        agency = DESKS[of][0]
        addresses = ["relay", "root"] if agency == HERE else ["root"]
        clock = Clock(lambda: self.now)
        desk = Desk(name, folder, agency, DISKS, self, addresses, clock, self.random, is_joined=of != ALONE)
        self.desks[name] = desk
        desk.open(5.0)
        return desk

    def _place_of(self, path: Path) -> str:
        """Where a store lies, as an anchor names it; a copied disk may look the same."""
        return self.places.get(path.parent, str(path.parent.name))

    def _above(self, _: Hub) -> Any:
        """The relay's line to the root for one call."""
        assert self.relay is not None
        return self.relay.client_above()

    def server_now(self) -> datetime:
        return START + timedelta(seconds=self.now)

    # --- what lines ask (Weather)

    def is_struck(self, fault: str) -> bool:
        rate = self.rates.get(fault, 0.0)
        if not rate or self.random.random() >= rate:
            return False
        self.counters[fault] += 1
        return True

    def is_cut_off(self, node: str, hub: str) -> bool:
        return any(self.cut_off.get(pair, 0.0) > self.now for pair in ((node, hub), (node, "")))

    def meanwhile(self, node: str) -> None:
        """An officer works on while his desk waits for the hub."""
        desk = self.desks.get(node)
        if desk is None or self.depth or not self.is_struck("meanwhile"):
            return
        self.depth += 1
        try:
            self.act(desk)
        finally:
            self.depth -= 1

    def later(self, again: Callable[[], object]) -> None:
        self.late.append(again)

    def hub_at(self, name: str) -> HubHere | None:
        if name == "relay":
            return self.relay.here if self.relay is not None else None
        return self.root

    def passed(self, seconds: float) -> None:
        self.now += seconds

    # --- what happens

    def say(self, *words: object) -> None:
        """One line of the trace; all of them together are the mark of this run."""
        line = f"{self.now:.3f} " + " ".join(str(word) for word in words)
        self.mark.update(line.encode())
        self.mark.update(b"\n")
        if self.is_traced:
            self.trace.append(line)

    def act(self, desk: Desk) -> None:
        """One act at a desk. What its office reports as saved must never be lost again."""
        away = NEIGHBOUR if desk.agency == HERE else HERE_AGENCY
        agency = desk.office.catalogue.agency
        try:
            with Powered(self, desk):
                lean = self.plan.lean if self.plan else ()
                what, done = deeds.act(desk.office, away, self.random, self.papers, lean)
                self.say("act", desk.name, what, done.entry_id[:12] if done else "refused")
                self.counters["acts" if done else "acts_refused"] += 1
                if done is not None:
                    desk.saved[done.entry_id] = None
                    desk.may_fork = desk.may_fork or desk.is_adrift
                    desk.wrote()
        except deeds.Broken as error:
            raise AssertionError(f"{desk.name} at {agency.code}: {error}") from error

    def stores(self) -> Iterator[tuple[str, Store]]:
        yield "root", self.root.hub.store
        if self.relay is not None:
            yield self.relay.name, self.relay.here.hub.store
        for desk in self.desks.values():
            yield desk.name, desk.store

    def is_trusted(self, desk: Desk) -> bool:
        """Whether the root knows this desk and still speaks with it."""
        if desk.node is None:
            return False
        with self.root.hub.store.read() as connection:
            standing = find_standing(connection, desk.office.pen.device)
        return standing is not None and not standing.stopped

    def is_heard(self, name: str) -> bool:
        return name not in self.desks or self.is_trusted(self.desks[name])

    def machines(self) -> Iterator[tuple[str, Driver]]:
        for desk in self.desks.values():
            if desk.node is not None:
                yield desk.name, desk.driver
        if self.relay is not None:
            yield self.relay.name, self.relay.driver

    def work(self, name: str) -> bool:
        """One action of one machine's engine, or a timer of it; whether there was any."""
        machine: Any = self.desks.get(name, self.relay)
        driver = machine.driver
        if driver.ring():
            return True
        if not driver.flying:
            return False
        action: Work = driver.take()
        with Powered(self, machine):
            outcome = machine.perform(action)
            self.counters["calls"] += 1
            self.say("work", name, type(action).__name__, _brief(outcome))
            driver.done(outcome)
        if self.relay is not None and machine is not self.relay:
            self.relay.hears_desks()
        return True

    def pass_time(self, most: float = 90.0) -> None:
        """A while; or until something is due."""
        soonest = min(
            (at for _, driver in self.machines() for at in driver.timers.values()), default=self.now + 1
        )
        jump = self.random.uniform(0, most) if self.random.random() < 0.5 else max(0.0, soonest - self.now)
        self.now += jump + 0.001
        self.say("time")

    def step(self) -> None:
        """One thing, as the seed wants it."""
        self.steps += 1
        self.run_soon()
        for name in self.faults:
            often = 1.0 if self.plan is None else self.plan.often
            if self.random.random() < FAULTS[name][1] * often:
                self.fault(name)
                return
        roll = self.random.random()
        if roll < 0.33:
            self.act(self.random.choice(list(self.desks.values())))
        elif roll < 0.82:
            busy = [name for name, driver in self.machines() if driver.flying or self.is_due(driver)]
            if busy:
                self.work(self.random.choice(busy))
            else:
                self.pass_time()
        elif self.late and roll < 0.86:
            self.late.pop(self.random.randrange(len(self.late)))()
            self.say("late")
        else:
            self.pass_time()

    def fault(self, name: str) -> None:
        try:
            said = FAULTS[name][0](self)
        except OfficeError:
            said = ""
        except PowerCut:
            said = "power cut"
            for desk in self.desks.values():
                if desk.disk.is_dead:
                    self.counters["power_cut"] += 1
                    self.restart(desk)
        if said:
            self.counters[name] += 1
            self.say("fault", name, said)

    def soon(self, seconds: float, end: Callable[[], object]) -> None:
        """A fault that ends by itself."""
        self._soon.append((self.now + seconds, end))

    def run_soon(self, is_all: bool = False) -> None:
        due = [one for one in self._soon if is_all or one[0] <= self.now]
        self._soon = [one for one in self._soon if one not in due]
        for _, end in due:
            end()

    def restart(self, desk: Desk) -> None:
        """The machine starts again; what it had said was saved is there (I1)."""
        desk.close()
        desk.disk.heal()
        desk.clock.reboot()
        desk.open(5.0)
        saved_is_there(desk)

    @contextmanager
    def standing_still(self, desk: Desk) -> Iterator[None]:
        """The desk is shut down meanwhile; its files are whole."""
        desk.close()
        yield
        desk.disk.heal()
        desk.open(5.0)

    @contextmanager
    def hands_on(self, desk: Desk) -> Iterator[Connection]:
        """Somebody's hands in the file itself, whatever its disk does."""
        kept = desk.disk.cut_after, desk.disk.full_after
        desk.disk.heal()
        with desk.store.write() as connection:
            yield connection
        desk.disk.cut_after, desk.disk.full_after = kept

    def burn_relay(self) -> None:
        assert self.relay is not None
        shutil.rmtree(self.relay.here.folder)

    # --- the end

    def run(self, steps: int = 60, is_deep: bool = False, most: int = 2500) -> None:
        """So many steps, then everything is mended, runs until it is quiet, and must hold."""
        self.choose_faults()
        for _ in range(steps):
            self.step()
        self.heal()
        self.settle(most)
        invariants.everything(self, is_deep)
        self.say("end")

    def heal(self) -> None:
        heal(self)

    def settle(self, most: int = 2500) -> None:
        settle(self, most)

    def is_due(self, driver: Driver) -> bool:
        return any(at <= self.now for at in driver.timers.values())


@cache
def ready() -> Path:
    """The template after everybody has greeted the root and read what it had to say."""
    world = World(-1)
    world.now = -3600.0
    with DISKS.mounted(), seeded("template", lambda: 0.0, world._place_of):
        source = template()
    kept = ground() / "ready"
    world._begin()
    try:
        world.found(source, list(DESKS), has_relay=True)
        for desk in world.desks.values():
            if desk.client is not None:  # they do not know the relay yet
                del desk.client._lines[:-1]
        world.settle()
    finally:
        world.__exit__()
    shutil.copytree(source, kept)
    shutil.copytree(world.folder, kept, dirs_exist_ok=True)
    return kept


def _brief(outcome: Any) -> str:
    values = replace(outcome)
    shown = {k: getattr(values, k) for k in outcome.__slots__ if k not in ("seconds", "bytes")}
    return f"{type(outcome).__name__} {shown}"
