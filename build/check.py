"""The one check command: lint, types, floors, licences. All run; any failure fails it."""

import subprocess
import sys
import time

PYTHON = sys.executable
CHECKS = (
    ("ruff", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    ("mypy --strict", [PYTHON, "-m", "mypy"]),
    ("import-linter", [PYTHON, "-c", "from importlinter.cli import lint_imports_command as c; c()"]),
    ("licences", [PYTHON, "-m", "build.licences"]),
)


def main() -> int:
    failed = [name for name, command in CHECKS if not passes(name, command)]
    if failed:
        print(f"Chưa đạt / failed: {', '.join(failed)}")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check; its words are shown only when it does not pass."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    is_clean = done.returncode == 0
    seconds = time.perf_counter() - began
    print(f"{'đạt    ' if is_clean else 'KHÔNG  '} {name:<15} {seconds:6.1f} s", flush=True)
    if not is_clean:
        print(done.stdout + done.stderr, flush=True)
    return is_clean


if __name__ == "__main__":
    sys.exit(main())
