"""The office runs and passes its tests where PySide6 is not installed: a bare environment proves it."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WINDOW = re.compile(r"PySide6|^\s*(from|import) ui\b|\bqtbot\b|\bqapp\b", re.MULTILINE)
# Tests of the house look at tools and at Qt itself.
HOUSE = {"test_bare.py", "test_floors.py", "test_house.py"}
# A hub has no window: that it imports is seen here, its minutes of processes are not spent twice.
HUB = re.compile(
    r"onestop\.hub|tests\.(hub_\w+|relay_office|sim|chaos|postgres|town)\b|database_url|main\.py"
)
# pytest-qt will not start without Qt; a .pth file could lead back to it.
LEFT_OUT = re.compile(r"pyside6|shiboken6|pytest_?qt|pytest-qt|.*\.pth$|__pycache__$", re.IGNORECASE)

IMPORT_ALL = """
import importlib, pkgutil, sys
import onestop
names = sorted(m.name for m in pkgutil.walk_packages(onestop.__path__, "onestop."))
for name in names:
    importlib.import_module(name)
assert not [m for m in sys.modules if m.split(".")[0] in ("PySide6", "shiboken6", "ui")]
print(len(names))
"""


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own with links to every installed package except Qt's."""
    folder = tmp_path_factory.mktemp("bare")
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    say_where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run([python, "-c", say_where]).stdout.strip())
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if not LEFT_OUT.match(package.name) and not (site / package.name).exists():
            (site / package.name).symlink_to(package)
    return python


def run(command: list[str | Path], seconds: int = 60) -> subprocess.CompletedProcess[str]:
    """Without the settings of the surrounding Python, so that nothing leads back to Qt."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env={**kept, "PYTHONUTF8": "1"},
        capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip


def core_tests() -> list[Path]:
    tests = sorted((ROOT / "tests").glob("test_*.py"))
    return [t for t in tests if t.name not in HOUSE and not is_elsewhere(t.read_text(encoding="utf-8"))]


def is_elsewhere(source: str) -> bool:
    return bool(WINDOW.search(source) or HUB.search(source))


def test_qt_is_really_not_there(bare_python: Path) -> None:
    done = run([bare_python, "-c", "import PySide6"])
    assert "No module named 'PySide6'" in done.stderr
    assert sys.prefix not in run([bare_python, "-c", "import sys; print(sys.prefix, *sys.path)"]).stdout


def test_every_module_of_the_office_imports_without_qt(bare_python: Path) -> None:
    done = run([bare_python, "-W", "error", "-c", IMPORT_ALL])
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 20


@pytest.mark.slow
def test_the_office_passes_its_tests_without_qt(bare_python: Path) -> None:
    # Everything is imported above; every fifth file is run, for each of them is run with Qt too.
    tests = core_tests()[::5]
    assert len(tests) >= 12
    quick = ["-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = run([bare_python, "-m", "pytest", *quick, *tests], seconds=280)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 150
