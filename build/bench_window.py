"""What the window costs: from process start to painted, and a table of every dossier."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build.bench_figure import Bench, Figure, figure, median

_ROOT = Path(__file__).resolve().parent.parent
_PARTS = "build.bench_parts"
MS = 1e3


@dataclass(frozen=True, slots=True)
class _Start:
    painted_ms: float
    peak_mb: float


# ---- start ----------------------------------------------------------------------------


def bench_start(bench: Bench) -> list[Figure]:
    """The desk program on a store of thousands beside a bare window, process after process."""
    size = min(bench.sizes)
    data_dir = bench.path(size).parent.parent.parent
    desk = [sys.executable, "main.py", "--data-dir", str(data_dir), "--time-start"]
    bare = [sys.executable, "-m", _PARTS, "window"]
    ours, floor = [], []
    for number in range(2 * bench.rounds + 1):
        pair = (_start(desk), _start(bare))
        if number:  # the first start fills the disk's cache
            ours.append(pair[0])
            floor.append(pair[1])
    rounds = len(ours)
    trivial = "bare PySide6 Widgets window"
    return [
        figure(
            f"start to painted queue · {size}",
            "ms",
            median([each.painted_ms for each in ours]),
            (median([each.painted_ms for each in floor]), trivial),
            2,
            rounds,
            _platform(),
        ),
        figure(
            f"memory at first paint (peak) · {size}",
            "MB",
            median([each.peak_mb for each in ours]),
            (median([each.peak_mb for each in floor]), trivial),
            139 / 63,  # Vorta beside the same window, performance.md §6
            rounds,
            "đỉnh bộ nhớ thường trú của tiến trình",
        ),
    ]


def _platform() -> str:
    return f"QT_QPA_PLATFORM={_environment().get('QT_QPA_PLATFORM', 'màn hình thật')}"


def _environment() -> dict[str, str]:
    plain = dict(os.environ, PYTHONUTF8="1")
    if not (plain.get("DISPLAY") or plain.get("WAYLAND_DISPLAY")):
        plain["QT_QPA_PLATFORM"] = "offscreen"
    return plain


def _start(command: list[str]) -> _Start:
    began = time.monotonic() * 1000
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = 0.0
    assert process.stdout is not None
    line = process.stdout.readline()  # "painted" comes while the process still lives
    peak = _peak_mb(process.pid)
    try:
        rest, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    painted = re.search(r"^painted ([0-9.]+)$", line + rest, re.MULTILINE)
    if painted is None:
        raise RuntimeError(f"nothing was painted: {errors.strip()[-300:]}")
    return _Start(float(painted[1]) - began, peak)


def _peak_mb(pid: int) -> float:
    """The high-water mark of resident memory; 0 where the system has no such file."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    mark = re.search(r"VmHWM:\s+(\d+)", status)
    return int(mark[1]) / 1024 if mark else 0.0


# ---- table ----------------------------------------------------------------------------


def bench_table(bench: Bench) -> list[Figure]:
    """Our paged table over every dossier beside one that loads all rows first."""
    size = bench.largest
    path = bench.path(size)
    rounds = max(1, bench.rounds // 2)
    ours, floor = [], []
    for _ in range(rounds):
        ours.append(_table("paged", path))
        floor.append(_table("whole", path))

    def both(key: str) -> tuple[float, float]:
        return median([each[key] for each in ours]), median([each[key] for each in floor])

    whole = "bảng nạp hết mọi dòng"
    first, first_whole = both("first_ms")
    jump, jump_whole = both("jump_ms")
    scroll, scroll_whole = both("scroll_ms")
    memory, memory_whole = both("extra_mb")
    return [
        figure(f"table first paint · {size}", "ms", first, (first_whole, whole), 1 / 8, rounds),
        figure(
            f"table jump to end · {size}",
            "ms",
            jump,
            (50, "giới hạn 50 ms"),
            1,
            rounds,
            f"nạp hết: {jump_whole:.1f} ms",
        ),
        figure(f"table page scroll · {size}", "ms", scroll, (scroll_whole, whole), None, rounds),
        figure(
            f"table extra memory · {size}",
            "MB",
            memory,
            (80, "giới hạn 80 MB"),
            1,
            rounds,
            f"nạp hết: {memory_whole:.0f} MB",
        ),
    ]


def _table(kind: str, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", _PARTS, kind, str(path)],
        cwd=_ROOT,
        env=dict(_environment(), QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-300:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
