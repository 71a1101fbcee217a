"""Measuring: every figure beside its reference in the same run, all in one JSON file."""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from build.bench_act import bench_receive
from build.bench_batch import bench_batch
from build.bench_causes import with_cause
from build.bench_figure import Bench, Figure
from build.bench_print import bench_receipt
from build.bench_recompute import bench_recompute
from build.bench_register import bench_register
from build.bench_store import bench_queue, bench_search, bench_verify
from build.bench_sync import bench_backlog, bench_line, bench_scans
from build.bench_sync_hub import bench_again, bench_ingest, bench_push
from build.bench_sync_month import bench_month
from build.bench_sync_office import bench_fresh, bench_seen
from build.bench_window import bench_start, bench_table
from onestop import __version__

GROUPS: dict[str, Callable[[Bench], list[Figure]]] = {
    "start": bench_start,
    "receive": bench_receive,
    "search": bench_search,
    "queue": bench_queue,
    "table": bench_table,
    "receipt": bench_receipt,
    "batch": bench_batch,
    "register": bench_register,
    "verify": bench_verify,
    "recompute": bench_recompute,
    "line": bench_line,
    "backlog": bench_backlog,
    "scans": bench_scans,
    "ingest": bench_ingest,
    "push": bench_push,
    "again": bench_again,
    "seen": bench_seen,
    "fresh": bench_fresh,
    "month": bench_month,
}
FULL_SIZES, QUICK_SIZES = (200_000, 1_000_000), (20_000, 100_000)


def main(argv: Sequence[str]) -> int:
    """`bench --out FILE [--quick] [--only NAME …]`; 0 when every figure could be taken."""
    options = _options(argv)
    sizes = tuple(options.sizes or (QUICK_SIZES if options.quick else FULL_SIZES))
    rounds = options.rounds or (3 if options.quick else 6)
    bench = Bench(options.stores, sizes, rounds, is_quick=options.quick, peers=options.peers)
    figures: list[Figure] = []
    failed = []
    for name in options.only or GROUPS:
        began = time.perf_counter()
        try:
            found = [with_cause(each) for each in GROUPS[name](bench)]
        except Exception as error:  # one that fails must not cost the others their hour
            failed.append({"name": name, "error": f"{type(error).__name__}: {error}"})
            print(f"KHÔNG đo được {name}: {error!r}", file=sys.stderr)
            continue
        figures += found
        _show(found)
        print(f"  {name}: {time.perf_counter() - began:.0f} s")
        _write(options.out, bench, figures, failed)
    _write(options.out, bench, figures, failed)
    return 1 if failed else 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Đo tốc độ, kết quả vào một tệp JSON.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="kho nhỏ hơn, ít vòng hơn")
    parser.add_argument("--only", nargs="+", choices=tuple(GROUPS), default=())
    parser.add_argument("--sizes", nargs="+", type=int, help="số hồ sơ của các kho, thay cho mặc định")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument(
        "--peers", type=Path, default=Path(".peers"), help="các chương trình để so (make bench-peers)"
    )
    kept = Path(__file__).resolve().parent.parent / "dist" / "bench"
    parser.add_argument("--stores", type=Path, default=kept, help="thư mục giữ các kho để dùng lại")
    return parser.parse_args(argv)


def _show(figures: list[Figure]) -> None:
    marks = {True: "đạt", False: "CHƯA", None: ""}
    for f in figures:
        words = f"{f.ours:g} {f.unit} / {f.reference:g} ({f.reference_name}) = {f.ratio:g}"
        print(f"{marks[f.reached]:5}{f.name:42} {words}  {f.goal}")


def _write(out: Path, bench: Bench, figures: list[Figure], failed: list[dict[str, str]]) -> None:
    plain = {
        "version": __version__,
        "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "sizes": list(bench.sizes),
        "figures": [asdict(each) for each in figures],
        "failed": failed,
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
