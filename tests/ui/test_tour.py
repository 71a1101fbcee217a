"""The tour as a person runs it: a process of its own, its report read back."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.acts import RULES

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any], Path]:
    out = tmp_path_factory.mktemp("tour")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "main.py", "tour", "--out", str(out)]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode, json.loads((out / "tour.json").read_text("utf-8")), out


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_tour_goes_through_every_act_and_finds_everything_again(
    toured: tuple[int, dict[str, Any], Path],
) -> None:
    code, report, _ = toured
    assert report["faults"] == []
    assert code == 0
    assert set(report["acts"]) == {act.value for act in RULES}
    assert report["verification"] == {"is_clean": True, "findings": []}
    assert report["counts"]["dossiers"] >= 12
    assert report["counts"]["procedures"] >= 12
    assert any(step["part"] == "power cut" for step in report["steps"])
    assert all(step["ms"] >= 0 for step in report["steps"])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_tour_leaves_papers_and_pictures_of_every_page(
    toured: tuple[int, dict[str, Any], Path],
) -> None:
    _, _, out = toured
    for name in ("01-A5", "01-A4", "06", "07"):
        assert (out / "papers" / f"{name}.pdf").read_bytes().startswith(b"%PDF-")
    for page in ("queue", "receive", "search", "approve", "hand_out", "dossier-birth", "help", "sign_in"):
        for theme in ("light", "dark"):
            assert (out / "pictures" / f"{page}-{theme}.png").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_tour_that_cannot_go_on_says_so(tmp_path: Path) -> None:
    """A part that meets a store without its dossiers ends with words and a code."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    (tmp_path / "ids.json").write_text("{}", "utf-8")
    command = [sys.executable, "main.py", "tour", "--out", str(tmp_path), "--part", "afternoon"]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr.strip()
