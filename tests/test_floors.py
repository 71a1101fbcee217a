"""The floors are held by import-linter: each contract is seen to break on a house built wrong."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "onestop", "onestop/domain", "onestop/office", "onestop/store", "onestop/printing",
    "onestop/links", "onestop/sync", "onestop/hub", "ui", "ui/pages",
)  # fmt: skip
MODULES = ("errors", "terms", "settings", "paths")
LINT = "from importlinter.cli import lint_imports_command as c; c()"

# (file, what it wrongly imports, words of the contract that must break)
WRONG = (
    ("onestop/domain/deadline.py", "import onestop.store", "Floors"),
    ("onestop/errors.py", "import onestop.domain", "Floors"),
    ("onestop/store/queue.py", "import onestop.printing", "Floors"),
    ("onestop/hub/page.py", "import ui", "Floors"),
    ("onestop/office/intake.py", "import onestop.sync", "Floors"),
    ("onestop/office/start.py", "import main", "Nothing imports main"),
    ("onestop/printing/preview.py", "import PySide6.QtGui", "Only ui imports Qt"),
    ("ui/pages/queue.py", "from sqlalchemy import select", "Only onestop.store imports the database"),
    ("onestop/office/acts.py", "import sqlcipher3", "Only onestop.store imports the database"),
    ("ui/pages/papers.py", "import pypdfium2", "Only onestop.printing imports what draws"),
    ("onestop/office/news.py", "import httpx", "Only links and sync speak"),
    ("onestop/hub/news.py", "import httpx", "Only links and sync speak"),
    ("onestop/office/stores.py", "import psycopg", "Only onestop.store imports the database"),
    ("onestop/hub/stream.py", "from psycopg import sql", "Only onestop.store imports the database"),
    ("onestop/sync/line.py", "from fastapi import FastAPI", "Only onestop.hub is a server"),
    ("onestop/office/shapes.py", "import pydantic", "Only onestop.hub is a server"),
    ("onestop/store/status.py", "from starlette import status", "Only onestop.hub is a server"),
    ("ui/pages/server.py", "import uvicorn", "Only onestop.hub is a server"),
    ("onestop/store/packing.py", "import zstandard", "Only sync and hub pack"),
    ("onestop/domain/clock.py", "import time", "The domain is pure"),
)
RIGHT = (
    ("onestop/store/tables.py", "import sqlalchemy.orm\nimport sqlcipher3\nimport onestop.domain"),
    ("onestop/printing/receipt.py", "import reportlab.pdfgen.canvas\nimport segno"),
    ("onestop/links/portal.py", "import httpx"),
    ("onestop/store/locks.py", "from psycopg import errors"),
    ("onestop/sync/line.py", "import httpx\nimport zstandard\nimport onestop.office"),
    ("onestop/hub/app.py", "import fastapi\nimport pydantic\nimport starlette.responses"),
    ("onestop/hub/ingest.py", "import onestop.sync\nimport onestop.office"),
    ("onestop/hub/serve.py", "import uvicorn\nimport zstandard\nimport onestop.store"),
    ("onestop/office/intake.py", "import onestop.store\nimport onestop.printing"),
    ("ui/pages/receive.py", "import PySide6.QtWidgets\nimport onestop.office.intake"),
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty house with every floor, some right imports, and the real contracts."""
    for package in PACKAGES:
        (tmp_path / package).mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
    for module in MODULES:
        (tmp_path / "onestop" / f"{module}.py").touch()
    for name, imports in RIGHT:
        (tmp_path / name).write_text(imports + "\n", encoding="utf-8")
    (tmp_path / "main.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_house_built_right_passes(house: Path) -> None:
    code, words = lint(house)
    assert code == 0, words


def test_every_wrong_import_breaks_its_contract(house: Path) -> None:
    for name, wrong, contract in WRONG:
        path = house / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(wrong + "\n", encoding="utf-8")
        code, words = lint(house)
        broken = [line for line in words.splitlines() if "BROKEN" in line]
        assert code == 1, (name, words)
        assert any(contract in line for line in broken), (name, words)
        path.write_text(before, encoding="utf-8")


def borrowed(source: str) -> set[str]:
    """What a file takes from SQLAlchemy."""
    taken: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            taken |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            taken |= {alias.name for alias in node.names if alias.name.startswith("sqlalchemy")}
    return taken


def test_office_and_hub_borrow_a_connection_and_build_no_query() -> None:
    assert borrowed("from sqlalchemy import Connection, select\nimport sqlalchemy.orm") == {
        "Connection",
        "select",
        "sqlalchemy.orm",
    }
    for floor in ("office", "hub"):
        for path in sorted((ROOT / "onestop" / floor).rglob("*.py")):
            assert borrowed(path.read_text(encoding="utf-8")) <= {"Connection"}, path.name


def test_our_own_house_stands() -> None:
    code, words = lint(ROOT)
    assert code == 0, words
