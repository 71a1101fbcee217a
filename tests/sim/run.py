"""Worlds by the thousand, and one again: `python -m tests.sim.run --seeds 100000 --jobs 2`,
`python -m tests.sim.run --seed 17 --trace`.

Every seed replays: the same hash of all steps on any machine, which takes one fixed order of
Python's sets. So the program starts itself anew with PYTHONHASHSEED=0.
"""

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

TWICE_EVERY = 50
DEEP_EVERY = 10
STEPS = 45
_PART = 50


@dataclass
class Told:
    """What became of one seed or of many."""

    seeds: int = 0
    steps: int = 0
    counters: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Told") -> None:
        self.seeds += other.seeds
        self.steps += other.steps
        self.counters += other.counters
        self.failures += other.failures


def run_seed(seed: int, steps: int = STEPS, is_traced: bool = False) -> tuple[Told, str, list[str]]:
    """One world; what it told, the mark of its trace, the trace if wanted."""
    from tests.sim.world import World

    told = Told(1)
    with World(seed, is_traced) as world:
        try:
            world.run(steps, is_deep=seed % DEEP_EVERY == 0)
        except Exception as error:
            told.failures.append(
                f"seed {seed}: {type(error).__name__}: {error} {_where(error)}\n{replay(seed, steps)}"
            )
            world.say(repr(error))
        told.steps = world.steps + world.settled_steps
        told.counters = world.counters
        return told, world.mark.hexdigest(), world.trace


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))


def replay(seed: int, steps: int) -> str:
    more = "" if steps == STEPS else f" --steps {steps}"
    return f"    python -m tests.sim.run --seed {seed}{more} --trace"


def run_seeds(seeds: Iterable[int], steps: int = STEPS) -> Told:
    """Many worlds, every fiftieth twice: it must take the same steps."""
    told = Told()
    for seed in seeds:
        one, mark, _ = run_seed(seed, steps)
        told.add(one)
        if seed % TWICE_EVERY == 0:
            _, again, _ = run_seed(seed, steps)
            told.counters["twice"] += 1
            if again != mark:
                told.failures.append(f"seed {seed}: its second run took other steps\n{replay(seed, steps)}")
    return told


def _part(seeds: Sequence[int], steps: int) -> Told:
    return run_seeds(seeds, steps)


def run_all(first: int, count: int, jobs: int, steps: int) -> Told:
    began, told = time.monotonic(), Told()
    seeds = iter(range(first, first + count))
    parts = iter(lambda: list(islice(seeds, _PART)), [])
    with ProcessPoolExecutor(jobs) as pool:
        for one in pool.map(_part, parts, [steps] * (count // _PART + 1)):
            told.add(one)
            for failure in one.failures:
                print(failure, flush=True)
            rate = told.seeds / (time.monotonic() - began)
            print(
                f"{told.seeds} seeds, {told.steps} steps, {rate:.1f} seeds/s, {len(told.failures)} failed",
                flush=True,
            )
    return told


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sim.run")
    parser.add_argument("--seed", type=int, help="this one alone")
    parser.add_argument("--trace", action="store_true", help="with every step")
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="from this seed on")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--jobs", type=int, default=1)
    wanted = parser.parse_args(arguments)
    if wanted.seed is not None:
        told, mark, trace = run_seed(wanted.seed, wanted.steps, wanted.trace)
        print("\n".join([*trace, f"mark {mark}"]))
    else:
        told = run_all(wanted.first, wanted.seeds, wanted.jobs, wanted.steps)
    _summary(told)
    return 1 if told.failures else 0


def _summary(told: Told) -> None:
    print(f"{told.seeds} seeds, {told.steps} steps, {len(told.failures)} failed")
    for name, count in sorted(told.counters.items()):
        print(f"  {name:18} {count}")
    for failure in told.failures:
        print(failure)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.sim.run", *sys.argv[1:]])
    sys.exit(main())
