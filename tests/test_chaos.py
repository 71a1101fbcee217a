"""Real processes, bad lines, kill −9 of everything: what was said to be saved is in the one log.

The long run, with another seed each time if wanted:

    ONESTOP_CHAOS_MINUTES=120 ONESTOP_CHAOS_SEED=7 python -m pytest tests/test_chaos.py -s
"""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.chaos import evidence
from tests.chaos.province import Province, province, until

MINUTES = float(os.environ.get("ONESTOP_CHAOS_MINUTES", "0.6"))
SEED = int(os.environ.get("ONESTOP_CHAOS_SEED", "20261122"))
ACTS = 100_000
QUIET_WITHIN = 420.0
"""Seconds: the longest back-off, a stalled call, and what is left to send."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are killed as Linux has them"),
]


@pytest.mark.timeout(MINUTES * 60 + QUIET_WITHIN + 300)
def test_nothing_saved_is_lost_whatever_is_killed(tmp_path: Path) -> None:
    with province(tmp_path, SEED, ACTS) as made:
        storm(made, MINUTES * 60)
        calm(made)
        made.stop()
        try:
            check(made)
        finally:
            print(f"seed {SEED}:", dict(sorted(made.count.items())))
        nobody_stumbled(made)


def storm(made: Province, seconds: float) -> None:
    """Something goes wrong every second or so."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        made.weather()
        pause = time.monotonic() + made.random.uniform(0.2, 1.6)
        while time.monotonic() < pause:
            made.watch()
            time.sleep(0.05)


def calm(made: Province) -> None:
    """All lines are good, all programs run; desks do nothing more. Then: until nothing moves."""
    made.heal()
    until(lambda: "" if made.database.is_answering() else "PostgreSQL is away", 60)
    for desk in made.desks:  # a new life without acts, as after lunch
        made.watch()
        if desk.process is not None:
            desk.kill()  # once more: one that has only just begun does not hear a word to end
        made.due.pop(desk.name, None)
        desk.command[desk.command.index("--acts") + 1] = "0"
        desk.start()

    def restless() -> str:
        made.watch()
        return made.restless()

    until(restless, QUIET_WITHIN)


def check(made: Province) -> None:
    saved = {desk.name: set(desk.words("saved")) for desk in made.desks}
    everything = set().union(*saved.values())
    assert len(everything) > 20 * len(made.desks), {name: len(ids) for name, ids in saved.items()}
    with made.store("root") as root:
        numbered = evidence.log_is_sound(root)
        evidence.chains_are_whole(root)
        evidence.are_there(everything, set(numbered), "the root")
        rows, words, tray = evidence.rows_are_folds(root), evidence.words_of(root), evidence.tray_of(root)
        whole = evidence.blobs_are_sound(root)
        assert evidence.papers_named(root) <= whole, "scans that never came to the root"
    for name in ("relay", *saved):
        with made.store(name) as store:
            evidence.are_there(saved.get(name, everything), evidence.ids_at(store), name)
            evidence.hub_is_undamaged(store) if name == "relay" else evidence.is_undamaged(store)
            evidence.nothing_waits(store)
            assert evidence.words_of(store) == words, name
            assert evidence.rows_are_folds(store) == rows, name
            assert evidence.tray_of(store) == tray, name
            if name == "relay":
                evidence.blobs_are_sound(store)


def nobody_stumbled(made: Province) -> None:
    """No desk ended by itself, and none met a fault that it had no words for."""
    for desk in made.desks:
        assert desk.ends == [], desk.said()
        errors = desk.complaints.read_text("utf-8", "replace")
        assert "Traceback" not in errors, errors[-4000:]
