"""Thirty receipts printed into a file: how long the window is away meanwhile, and what one takes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from build.bench_figure import Bench, Figure, at_most, figure, median

COUNT = 30
_AWAY_MS = 100
_ROOT = Path(__file__).resolve().parent.parent
MS = 1e3


def bench_batch(bench: Bench) -> list[Figure]:
    """A process of its own for each round: a window with the batch dialog, a printer that keeps pages."""
    rounds = bench.rounds
    told = [_told(number) for number in range(rounds)]
    away = max(each["away_ms"] for each in told)
    each_ms = median([one["each_ms"] for one in told])
    bare = median([one["bare_ms"] for one in told])
    note = "xa nhất trong mọi lượt; trang 300 dpi như gửi máy in"
    reference = (bare, "PDFium, cùng trang ở 300 dpi")
    return [
        at_most(f"window away at most, {COUNT} receipts printing", "ms", away, _AWAY_MS, rounds, note),
        figure("one receipt of a batch, made, printed, noted", "ms", each_ms, reference, None, rounds),
    ]


def _told(number: int) -> dict[str, float]:
    environment = dict(os.environ, PYTHONUTF8="1", QT_QPA_PLATFORM="offscreen")
    command = [sys.executable, "-m", "build.bench_batch_round"]
    ended = subprocess.run(
        command, cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"round {number}: {ended.stderr.strip()[-300:]}")
    told: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return told
