"""How a world ends: everything is mended, then it runs until nothing moves."""

from typing import TYPE_CHECKING

from onestop.store.device_view import find_standing
from onestop.store.sending import send_again
from onestop.sync.happenings import LinkUp
from tests.sim.quiet import is_quiet, why_restless
from tests.sim.template import join_relay

if TYPE_CHECKING:
    from tests.sim.world import World


def heal(world: "World") -> None:
    """All lines are up, all disks have room and power; the hub's bug may stay."""
    world.rates, world.faults, world.cut_off = {}, [], {}
    world.run_soon(is_all=True)
    for again in world.late:
        again()
    world.late = []
    if world.random.random() < 0.5:
        world.root.bugs.clear()
    _enrol_again(world)
    for desk in world.desks.values():
        desk.disk.heal()
        if desk.node is not None:
            if world.random.random() < 0.5:
                with desk.store.write() as connection:
                    send_again(connection)
            desk.driver.hear(LinkUp())
    world.say("healed")


def _enrol_again(world: "World") -> None:
    """A relay that a restored root has forgotten before it knew its own statement joins anew."""
    if world.relay is not None:
        with world.root.hub.store.read() as connection:
            known = find_standing(connection, world.relay.device)
        if known is None:
            join_relay(world.root.hub, world.relay.here.hub, world.server_now())


def settle(world: "World", most: int = 2500) -> None:
    """Until nothing moves; more than so many actions are a livelock (I9)."""
    for _ in range(most):
        names = [name for name, driver in world.machines() if driver.flying or world.is_due(driver)]
        if names:
            world.work(world.random.choice(names))
        else:
            soonest = min(at for _, driver in world.machines() for at in driver.timers.values())
            world.now = max(world.now, soonest) + 0.001
        world.settled_steps += 1
        if world.settled_steps % 8 == 0 and is_quiet(world):
            return
    raise AssertionError(f"I9 livelock: after {most} actions {why_restless(world)}")
