"""The seeds that every push runs, in parts of a process each; their order of sets is fixed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.sim.run import run_seeds

SEEDS = int(os.environ.get("ONESTOP_SEEDS", "1000"))
_SIZE = 250
PARTS = tuple(range(-(-SEEDS // _SIZE)))
_ROOT = Path(__file__).parent.parent.parent


def check_part(part: int) -> None:
    """Runs one part in a process of its own and fails with the commands that replay what failed."""
    first = part * _SIZE
    last = min(SEEDS, first + _SIZE)
    command = [sys.executable, "-m", "tests.sim.seeds", str(first), str(last)]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    ran = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-4000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["failures"] == [], "\n".join(told["failures"])
    assert told["seeds"] == last - first
    assert told["counters"]["acts"] > 5 * told["seeds"]


if __name__ == "__main__":
    made = run_seeds(range(int(sys.argv[1]), int(sys.argv[2])))
    print(json.dumps({"failures": made.failures, "seeds": made.seeds, "counters": made.counters}))
