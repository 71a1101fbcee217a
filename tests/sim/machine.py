"""Machines of the world: desks with an office and a line, and the relay's line to the root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from onestop.domain.signing import SigningKey
from onestop.hub.upstream import RELAY
from onestop.office import found
from onestop.office.office import Office
from onestop.store.blob_stream import desk_parts
from onestop.store.lent import keep_lease
from onestop.store.rows import get_local
from onestop.store.store import Store, open_store
from onestop.store.trust import own_statement
from onestop.store.vault import load_key
from onestop.sync import engine
from onestop.sync.happenings import (
    Action,
    Event,
    HelloDone,
    LaneName,
    Started,
    SyncNow,
    Timer,
    Wait,
    Work,
    Wrote,
)
from onestop.sync.node import Node
from onestop.sync.state import MAX_BACK_OFF, State
from onestop.sync.transport import LineFailed, NotThere
from onestop.sync.work import perform
from tests.sim.disk import Disk, Disks, PowerCut
from tests.sim.hub import HubHere
from tests.sim.line import SimClient, Weather
from tests.sim.template import START


@dataclass
class Clock:
    """One machine's clock: off by so much, and a monotonic one that starts anew at every boot."""

    seconds: Callable[[], float]
    off: timedelta = timedelta()
    boots: int = 1
    booted_at: float = 0.0

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds()) + self.off

    def monotonic(self) -> tuple[str, int]:
        return f"boot-{self.boots}", int((self.seconds() - self.booted_at) * 1000)

    def reboot(self) -> None:
        self.boots += 1
        self.booted_at = self.seconds()


class LevelBroken(AssertionError):
    """Something waits and nothing is armed."""


class Driver:
    """What `sync.runner` is with threads: feeds the engine, keeps its timers, performs its actions."""

    def __init__(self, random: Random, seconds: Callable[[], float]) -> None:
        self._random, self._seconds = random, seconds
        self.state = State()
        self.flying: list[Work] = []
        self.timers: dict[LaneName, float] = {}
        self.doing = 0

    def take(self) -> Work:
        """One of the actions asked for; `hear` its outcome."""
        self.doing += 1
        return self.flying.pop(self._random.randrange(len(self.flying)))

    def done(self, outcome: Event) -> None:
        self.doing -= 1
        self.hear(outcome)

    def hear(self, event: Event) -> None:
        now = self._seconds()
        self.state, actions = engine.step(self.state, event, now, self._random)
        for action in actions:
            self._begin(action, now)
        self.check()

    def _begin(self, action: Action, now: float) -> None:
        if isinstance(action, Wait):
            self.timers[action.lane] = now + action.seconds
        else:
            self.flying.append(action)

    def check(self) -> None:
        """I9: whatever there is to do is in flight, or a timer of at most 300 s is armed."""
        now = self._seconds()
        if not engine.is_armed(self.state, now):
            raise LevelBroken(f"I9 nothing is armed: {self.state}")
        if not self.state.is_running or self.flying or self.doing:
            return
        if not self.timers:
            raise LevelBroken("I9 the engine asked for nothing more")
        soonest = min(self.timers.values())
        if soonest > now + MAX_BACK_OFF + 1:
            raise LevelBroken(f"I9 nothing happens for {soonest - now:.0f} s")

    def ring(self) -> bool:
        """The soonest timer that is due, if any is."""
        now = self._seconds()
        due = sorted(lane for lane, at in self.timers.items() if at <= now)
        if due:
            del self.timers[due[0]]
            self.hear(Timer(due[0]))
        return bool(due)


class Machine(Protocol):
    """What speaks to hubs: a desk, or a relay."""

    name: str
    driver: Driver
    node: Node | None

    @property
    def disk(self) -> Disk: ...
    def perform(self, action: Work) -> Event: ...


@dataclass
class Desk:
    """One desk. `saved`: entries that its office reported as saved, by id, in order."""

    name: str
    folder: Path
    agency: str
    disks: Disks
    weather: Weather
    addresses: list[str]
    clock: Clock
    random: Random
    saved: dict[str, None] = field(default_factory=dict)
    is_joined: bool = True
    is_copied: bool = False
    is_adrift: bool = False  # an old image was put back, anchor and all, and no hub was greeted since
    may_fork: bool = False  # two machines, or an old image that wrote before it greeted anybody

    def __post_init__(self) -> None:
        self.path = self.folder / "onestop.db"
        self.disks.renew(self.path)
        self.driver = Driver(self.random, self.clock.seconds)
        self.node: Node | None = None
        self.client: SimClient | None = None

    @property
    def disk(self) -> Disk:
        return self.disks.of(self.path)

    def open(self, herd: float = 60.0) -> None:
        """As the program starts: what was promised before is there."""
        self.store: Store = open_store(self.path, load_key(self.folder))
        self.office: Office = found.open_office(self.store, self.clock, self.clock.monotonic)
        self.driver = Driver(self.random, self.clock.seconds)
        if self.is_joined:
            self._connect(herd)

    def _connect(self, herd: float) -> None:
        pen = self.office.pen
        parts = desk_parts(self.folder, pen.key.secret, 0)
        with self.store.read() as connection:
            stated = own_statement(connection)
        self.client = SimClient(self.weather, self.name, self.addresses, pen.device, pen.key, stated)
        self.node = Node(self.store, pen.device, pen.key, self.clock, self.clock.monotonic, parts=parts)
        todo = self.node.todo()
        self.driver.hear(Started(todo.offers, todo.blobs, todo.journals, herd))

    def lease(self, day: date, count: int) -> None:
        """What upkeep does on a day when the desk's own numbers run short."""
        assert self.client is not None
        try:
            lease = self.client.lease(day.isoformat(), count)
        except (LineFailed, NotThere):
            return
        with self.store.write() as connection:
            keep_lease(connection, date.fromisoformat(lease.day), lease.first, lease.last)

    def close(self) -> None:
        """The program ends; nothing of it is left but the files."""
        if hasattr(self, "store"):
            self.store.close()
        self.node, self.client = None, None

    def perform(self, action: Work) -> Event:
        assert self.node is not None
        assert self.client is not None
        outcome = perform(action, self.node, self.client)
        if isinstance(outcome, HelloDone):
            self.is_adrift = False
        if self.node.take_news():
            found.hear(self.store, self.office.told)
        return outcome

    def wrote(self) -> None:
        if self.node is not None:
            todo = self.node.todo()
            self.driver.hear(Wrote(todo.offers, todo.blobs))


class RelayNode:
    """The relay's own line upwards: the same engine on the relay's store."""

    def __init__(self, name: str, here: HubHere, weather: Weather, clock: Clock, random: Random) -> None:
        self.name = name
        self.here = here
        self._weather, self._clock, self._random = weather, clock, random
        self.node: Node | None = None
        here.on_start = self.start
        self.start()

    @property
    def disk(self) -> Disk:
        return self.here.disk

    def start(self) -> None:
        hub = self.here.hub
        with hub.store.read() as connection:
            identity = get_local(connection, RELAY)
        key = SigningKey(bytes.fromhex(identity["secret"]))
        clock = self._clock
        self._line = (self._weather, self.name, ["root"], identity["device"], key)
        self._client = self.client_above()
        self.device: str = identity["device"]
        self.node = Node(
            hub.store, self.device, key, clock, clock.monotonic, parts=hub.parts, ledger=hub.ledger
        )
        self.driver = Driver(self._random, clock.seconds)
        todo = self.node.todo()
        self.driver.hear(Started(todo.offers, todo.blobs, todo.journals, 5.0))

    def perform(self, action: Work) -> Event:
        assert self.node is not None
        return perform(action, self.node, self._client)

    def client_above(self) -> SimClient:
        return SimClient(*self._line)

    def hears_desks(self) -> None:
        """Something may have come in below: it is sent on at once."""
        assert self.node is not None
        todo = self.node.todo()
        if todo.offers or todo.blobs:
            self.driver.hear(Wrote(todo.offers, todo.blobs))


def sync_now(machine: Any) -> None:
    machine.driver.hear(SyncNow())


class Powered:
    """What one machine does; when its power goes, it is started again from its files."""

    def __init__(self, world: Any, machine: Any) -> None:
        self._world, self._machine = world, machine

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> bool:
        if not isinstance(error, PowerCut) or not self._machine.disk.is_dead:
            return False
        self._world.counters["power_cut"] += 1
        self._world.say("power cut", self._machine.name)
        if isinstance(self._machine, Desk):
            self._world.restart(self._machine)
        else:
            self._machine.here.restart()
        return True
