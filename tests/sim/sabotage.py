"""Does the simulator find bugs? Each switch breaks one thing in the program, and must be caught.

`python -m tests.sim.sabotage` prints what caught each, and after how many seeds. A switch is a patch
made from here: the program itself has none.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from onestop.domain.acts import Act
from onestop.store.peers import ROOT
from onestop.store.sending import next_offers, take_receipts
from tests.sim import invariants
from tests.sim import switches as bug
from tests.sim.plan import Plan
from tests.sim.world import World

STEPS = 50
_LOSSY = (("answer_lost", 0.25), ("doubled", 0.15))
_MEET = (("meanwhile", 0.3),)


@dataclass(frozen=True)
class Switch:
    """One bug: what it replaces, and the plan of a world that it should not survive."""

    name: str
    patches: Callable[[], Sequence[bug.Patch]]
    plan: Plan
    seeds: int = 60
    drive: Callable[[World], None] = lambda world: world.run(STEPS, most=300)


@dataclass(frozen=True)
class Caught:
    """By which promise, after how many seeds and seconds; `seeds` 0: not at all."""

    switch: str
    by: str
    seeds: int
    seconds: float


def _out_of_order(world: World) -> None:
    """A desk's entries come in last first, as they may by several ways; each answer is taken."""
    world.settle()
    desk = world.desks["desk-1"]
    while len(desk.saved) < 3:
        world.act(desk)
    assert desk.client is not None
    with desk.store.read() as connection:
        offers = next_offers(connection, ROOT, 10, 2**20)
    for offer in reversed(offers):
        answered = desk.client.push([offer]).receipts
        with desk.store.write() as connection:
            take_receipts(connection, ROOT, answered)
    world.settle()
    invariants.everything(world, is_deep=False)


_FULL = Plan(("disk_full", "reboot"), often=6)
_KILLS = Plan((), (("hub_killed", 0.4),))
_RESTORE = Plan(("hub_backup", "hub_restored"), _MEET, often=4)
_RELAY = Plan((), _MEET, has_relay=True)
_BAD_LINE = Plan((), (("refused", 0.3), ("answer_lost", 0.2)))
_GAPS = Plan(("poisoned",), (("answer_lost", 0.2),), often=6)

SWITCHES = (
    Switch("reported as saved before the commit", bug.ack_before_commit, _FULL),
    Switch("number committed without its entry", bug.log_before_entries, _KILLS),
    Switch("no dedupe on push", bug.no_dedupe, Plan((), _LOSSY)),
    Switch(
        "roll-back undetected, numbers given twice",
        bug.rollback_undetected,
        Plan(("image", "rolled_back"), often=6),
    ),
    Switch("epoch unchecked", bug.epoch_unchecked, _RESTORE),
    Switch("retry only on events", bug.edge_triggered, _BAD_LINE),
    Switch("back-off without bound", bug.unbounded_back_off, _BAD_LINE),
    Switch("held entries dropped", bug.held_dropped, _GAPS),
    Switch("held entries forced in", bug.held_forced, _GAPS),
    Switch("held entries never judged again", bug.held_forgotten, Plan(), drive=_out_of_order),
    Switch(
        "offset of a scan off by one",
        bug.offset_off_by_one,
        Plan((), (("request_cut", 0.7),), lean=(Act.ATTACH,)),
    ),
    Switch(
        "hash of a scan unchecked",
        bug.hash_unchecked,
        Plan((), (("request_flipped", 0.5),), lean=(Act.ATTACH,)),
    ),
    Switch("lent numbers overlap", bug.leases_overlap, Plan(("leased",), often=6)),
    Switch("own numbers overlap", bug.own_ranges_overlap, Plan()),
    Switch("fold in order of arrival", bug.fold_by_arrival, Plan(("partition",), _MEET, often=3)),
    Switch(
        "scans evicted before they are safe",
        bug.evicted_early,
        Plan(("tidied",), often=6, lean=(Act.ATTACH,)),
    ),
    Switch("revoked accepted", bug.revoked_accepted, Plan(("officer_revoked",), often=6)),
    Switch(
        "decision that waits takes effect",
        bug.flagged_takes_effect,
        Plan(("officer_revoked", "role_changed"), often=6, lean=(Act.STOP, Act.EXTEND, Act.APPROVE)),
    ),
    Switch("erasing leaves the salt", bug.erase_leaves_salt, Plan((), lean=(Act.ERASE,))),
    Switch("erasing stays at the root", bug.erase_at_the_root_only, Plan((), lean=(Act.ERASE,))),
    Switch(
        "tray of the root drops rows",
        bug.tray_dropped,
        Plan(("officer_revoked", "partition"), _MEET, often=5),
    ),
    Switch(
        "tray of a desk drops rows",
        bug.tray_of_desk_dropped,
        Plan(("officer_revoked", "partition"), _MEET, often=5),
    ),
    Switch("copied desk is not frozen", bug.copies_undetected, Plan(("clone",), often=8)),
    Switch("outbox not cleared by a receipt", bug.outbox_not_cleared, Plan()),
    Switch("outbox cleared without a receipt", bug.cleared_without_receipt, _BAD_LINE),
    Switch("cursor moves before its page", bug.cursor_before_page, Plan(("power_cut_armed",), often=6)),
    Switch("poison stops the batch", bug.poison_stops_all, Plan(("poisoned",), often=6)),
    Switch("unknown record stops the pull", bug.unknown_stops_pull, Plan(("novelty",), often=4)),
    Switch("signature unchecked", bug.signature_unchecked, Plan(("forged", "partition"), _MEET, often=6)),
    Switch(
        "back-fill of a transferred folder forgotten",
        bug.back_fill_forgotten,
        Plan((), desks=3, lean=(Act.TRANSFER_OUT,)),
    ),
    Switch("Merkle leaf skipped", bug.leaf_skipped, Plan()),
    Switch("durable without a backup", bug.durable_too_early, Plan()),
    Switch(
        "doubtful time believed",
        bug.clock_believed,
        Plan(("clock_jump", "reboot", "partition"), often=6),
    ),
    Switch(
        "code of another dossier accepted",
        bug.code_taken_twice,
        Plan(("image", "rolled_back", "clone"), often=5),
    ),
    Switch(
        "relay keeps a journal to itself",
        bug.journal_not_relayed,
        Plan((), desks=3, has_relay=True, lean=(Act.TRANSFER_OUT,)),
    ),
    Switch(
        "relay hides papers",
        bug.papers_not_relayed,
        Plan((), desks=3, has_relay=True, lean=(Act.TRANSFER_OUT, Act.ATTACH)),
    ),
    Switch(
        "relay keeps its shelf to itself",
        bug.shelf_not_passed_on,
        Plan(("clone", "poisoned"), has_relay=True, often=6),
    ),
    Switch(
        "relay is silent about a restore",
        bug.new_epoch_not_relayed,
        Plan(("hub_backup", "hub_restored", "partition"), (("refused", 0.3),), has_relay=True, often=4),
        40,
    ),
    Switch(
        "first branch of a copy stays",
        bug.fork_by_first_come,
        Plan(("clone", "detour"), _MEET, has_relay=True, often=6),
        40,
    ),
)


# --- running them


@contextmanager
def sabotaged(switch: Switch) -> Iterator[None]:
    with ExitStack() as held:
        for target, name, value in switch.patches():
            held.enter_context(patch.object(target, name, value))
        yield


def hunt(switch: Switch) -> Caught:
    """The first seed that the bug does not survive."""
    began = time.monotonic()
    for seed in range(switch.seeds):
        said = _run(switch, seed)
        if said:
            return Caught(switch.name, said, seed + 1, time.monotonic() - began)
    return Caught(switch.name, "", 0, time.monotonic() - began)


def _run(switch: Switch, seed: int) -> str:
    """What a world said of it; empty when it held."""
    with World(seed, plan=switch.plan) as world, sabotaged(switch):
        try:
            switch.drive(world)
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:90].replace("\n", " ")
    return ""


def table(found: Sequence[Caught]) -> str:
    rows = [f"{one.switch:46} {one.seeds or 'NOT':>5} {one.seconds:6.1f} s  {one.by}" for one in found]
    return "\n".join([f"{'switch':46} {'seeds':>5} {'time':>8}  caught by", *rows])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sim.sabotage")
    parser.add_argument("part", nargs="?", default="0/1", help="k/n: every n-th switch from the k-th")
    parser.add_argument("--only", default="", help="switches with this in their name")
    wanted = parser.parse_args(arguments)
    place, count = (int(one) for one in wanted.part.split("/"))
    found = []
    for switch in SWITCHES[place::count]:
        if wanted.only in switch.name:
            found.append(hunt(switch))
            print(table(found[-1:]).splitlines()[-1], flush=True)
    missed = [one.switch for one in found if not one.seeds]
    print(f"{len(found) - len(missed)} of {len(found)} caught in {sum(one.seconds for one in found):.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.sim.sabotage", *sys.argv[1:]])
    sys.exit(main())
