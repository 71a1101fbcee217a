"""The house: pinned and hashed libraries without addresses, allowed licences, no clock below the window."""

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from build import gate, licences

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ("constraints.txt", "constraints-dev.txt")


def requirements(name: str) -> dict[str, str]:
    """Package name -> the whole logical line of a constraints file."""
    text = (ROOT / "build" / name).read_text(encoding="ascii").replace("\\\n", " ")
    return {line.split("==")[0]: line for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    lines = requirements(name)
    assert len(lines) > 30
    for line in lines.values():
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]* +(; [^-]+)?--hash=sha256:[0-9a-f]{64}", line), line[:120]


@pytest.mark.parametrize("name", [*CONSTRAINTS, "../pyproject.toml", "../Makefile"])
def test_no_address_and_no_index_is_written_down(name: str) -> None:
    text = (ROOT / "build" / name).read_text(encoding="utf-8").lower()
    for word in ("http:", "https:", "://", "find-links", "index-url", "trusted-host", " @ "):
        assert word not in text, word


def test_what_the_project_asks_for_is_what_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = (requirements(name) for name in CONSTRAINTS)
    for wanted in project["dependencies"]:
        name, version = wanted.lower().split("==")
        assert run[name].startswith(f"{name}=={version} "), wanted
    for wanted in project["optional-dependencies"]["dev"]:
        name, version = wanted.lower().split("==")
        assert dev[name].startswith(f"{name}=={version} "), wanted
    assert {name: line.split()[0] for name, line in run.items()}.items() <= {
        name: line.split()[0] for name, line in dev.items()
    }.items()


def test_qt_is_older_than_the_one_that_loses_none() -> None:
    # 6.12 on Python 3.11 drops references to None until the process dies.
    version = importlib.metadata.version("PySide6-Essentials")
    assert tuple(int(part) for part in version.split(".")[:2]) < (6, 12)


def test_none_keeps_its_references_through_many_qt_calls() -> None:
    code = (
        "import sys\n"
        "from PySide6 import QtWidgets\n"
        "app = QtWidgets.QApplication([])\n"
        "label = QtWidgets.QLabel()\n"
        "before = sys.getrefcount(None)\n"
        "for n in range(20_000): label.setText('x'); label.setEnabled(True)\n"
        "lost = before - sys.getrefcount(None)\n"
        "sys.exit(lost > 1_000)\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


# --- Licences and the bundle gate


def test_every_shipped_package_has_an_allowed_licence_and_its_text() -> None:
    assert licences.problems() == []
    assert {"sqlcipher3", "reportlab", "sqlalchemy"} <= {each.name for each in licences.shipped()}


@pytest.mark.parametrize(
    ("stated", "chosen"),
    [
        ("MIT", "MIT"),
        ("GPL-3.0-only", ""),
        ("GNU General Public License v2 (GPLv2)", ""),
        ("AGPL-3.0", ""),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", "LGPL-3.0-only"),
        ("BSD-3-Clause AND MIT", "BSD-3-Clause AND MIT"),
        ("MIT AND GPL-3.0-only", ""),
        ("Apache Software License OR BSD License", "Apache-2.0"),
        ("", ""),
    ],
)
def test_a_licence_is_chosen_or_refused(stated: str, chosen: str) -> None:
    assert licences.choose(stated) == chosen


def test_the_gate_refuses_gpl_parts_and_missing_ones(tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    (inside / "PySide6").mkdir(parents=True)
    for part in ("Qt6VirtualKeyboard", "Qt6Charts", "Qt6WebEngineCore", "readline"):
        (inside / "PySide6" / f"lib{part}.so.6").touch()
    (inside / "resources" / "icons").mkdir(parents=True)
    (inside / "resources" / "icons" / "charts.svg").touch()
    modules = ["PySide6", "reportlab", "pytest", "build", "sys"]
    parts = [each for each in licences.shipped() if each.name in licences.owners(modules)]
    found = "\n".join(gate.problems(tmp_path, parts, modules))
    wanted = ("VirtualKeyboard", "Charts.so", "WebEngine", "libreadline", "QtCore", "sbom.json", "qoffscreen")
    for part in wanted:
        assert part in found
    assert "charts.svg" not in found
    assert "resources/fonts" in found
    assert "licence missing: reportlab/" in found
    assert [line.split(": ")[1] for line in gate.unlisted(parts, modules)] == ["build", "pytest"]


def test_the_list_of_parts_names_each_with_its_licence() -> None:
    parts = licences.shipped()
    text = gate.sbom(parts, {"zlib1g": "1:1.2.13"})
    assert text == gate.sbom(parts, {"zlib1g": "1:1.2.13"})
    assert "pkg:deb/debian/zlib1g@1:1.2.13" in text
    for each in parts:
        assert f"pkg:pypi/{each.name}@{each.version}" in text
    assert "OpenSSL" in text


# --- The set-up script says everything in words


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """build/prepare.py as a module, its environment moved out of the way."""
    path = ROOT / "build" / "prepare.py"
    spec = importlib.util.spec_from_file_location("prepare_under_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    return module


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "vào được mạng"),
        ("ERROR: Could not find a version that satisfies x (from versions: none)", "vào được mạng"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "không khớp mã băm"),
        ("OSError: [Errno 28] No space left on device", "Ổ đĩa đầy"),
        ("ERROR: No matching distribution found for x==1 (from versions: 0.9)", "không có bản thư viện"),
        ("something nobody has seen", "không thành công"),
    ],
)
def test_why_pip_failed_is_said_in_words(prepare: ModuleType, output: str, words: str) -> None:
    said = prepare.words_for_pip(output)
    assert words in said
    assert "Traceback" not in said


def test_an_index_that_cannot_be_reached_is_said_in_words(tmp_path: Path) -> None:
    """A real run in a real copy, with a pip that may ask nobody."""
    for name in ("prepare.py", *CONSTRAINTS):
        target = tmp_path / "build" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((ROOT / "build" / name).read_bytes())
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_NO_INDEX": "1"}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "build" / "prepare.py")],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Không tải được thư viện" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_missing_system_libraries_are_named_with_the_command(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "missing_libraries", lambda parts: {"libEGL.so.1", "libxcb-cursor.so.0"})
    monkeypatch.setattr(prepare, "is_root", lambda: False)
    with pytest.raises(prepare.Missing) as caught:
        prepare.add_libraries()
    assert "sudo apt-get install --no-install-recommends libegl1 libxcb-cursor0" in str(caught.value)


def test_a_python_without_venv_is_named_with_the_package(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "has_pip", lambda python: False)
    monkeypatch.setattr(prepare, "may_install", lambda: False)
    with pytest.raises(prepare.Missing, match="apt-get install python3-venv"):
        prepare.prepare_venv()


def test_no_python_that_is_new_enough_is_said(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "OLDEST", (99, 0))
    with pytest.raises(prepare.Missing, match="apt-get install python3"):
        prepare.prepare_venv()


def test_nothing_is_installed_twice(prepare: ModuleType) -> None:
    prepare.VENV.mkdir()
    assert not prepare.is_installed(False)
    prepare.stamp_of(False).write_text(prepare.digest_of(False), encoding="ascii")
    assert prepare.is_installed(False)
    assert not prepare.is_installed(True)
    prepare.install(False)  # would fail: there is no Python in this .venv


# --- Nothing below the window reads the clock

CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "datetime.datetime.now", "datetime.date.today", "time.localtime", "time.gmtime",
}  # fmt: skip


def clock_reads(source: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS:
            yield node.lineno


def test_a_clock_is_found() -> None:
    assert list(clock_reads("from datetime import datetime\nx = datetime.now(UTC)\ny = office.now()")) == [2]


def test_nothing_below_the_window_reads_the_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "onestop").rglob("*.py"))
        if "hub" not in path.parts
        for line in clock_reads(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)
