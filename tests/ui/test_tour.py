"""The tour as a person runs it: a process of its own, its report read back."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.acts import RULES
from onestop.paths import Profile
from onestop.store.hub_store import open_hub_store
from onestop.store.store import open_store
from onestop.store.vault import load_key
from ui.tour.day import OF_SEVERAL
from ui.tour.reckoning import reckon

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
    assert set(report["acts"]) == {act.value for act in RULES.keys() - OF_SEVERAL}
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
@pytest.mark.timeout(900)
def test_a_month_without_a_line_ends_with_every_place_saying_the_same(
    toured: tuple[int, dict[str, Any], Path],
) -> None:
    _, _, out = toured
    told = json.loads((out / "phan-2" / "tour.json").read_text("utf-8"))
    assert told["faults"] == []
    words = {scene["title"]: scene["words"] for scene in told["scenes"]}
    assert len(words) == 11
    assert "hồ sơ chờ gửi" in words["Một tháng không đường truyền"]
    assert "huỷ 2, phê chuẩn 8 bút ký; còn 0" in words["Cần xử lý"]
    assert "đã gửi lại 2 bút ký của 2 hồ sơ" in words["Tỉnh mất máy chủ, phục hồi từ bản sao lưu"]
    assert words["Đối chiếu"].endswith("mọi nơi giống nhau.")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_month_leaves_a_page_with_its_pictures(toured: tuple[int, dict[str, Any], Path]) -> None:
    _, _, out = toured
    page = (out / "phan-2" / "index.html").read_text("utf-8")
    for name in ("01-dong-bo-quay-1", "02-mot-thang-quay-2", "05-xung-dot-quay-1", "05-xung-dot-toi-quay-1",
                 "06-cach-ly-quay-1", "07-ke-cach-ly-quay-1", "09-da-sao-luu-quay-1",
                 "10-sau-phuc-hoi-quay-2", "12-toi-quay-1"):  # fmt: skip
        assert f"pictures/{name}.png" in page
        assert (out / "phan-2" / "pictures" / f"{name}.png").stat().st_size > 10_000
    assert "Đã đồng bộ" in page
    assert list((out / "phan-2" / "papers").glob("*.pdf"))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_difference_between_two_places_is_found(
    toured: tuple[int, dict[str, Any], Path], tmp_path: Path
) -> None:
    """One entry less at one desk, one letter more in the hub's log: the reckoning says both."""
    copied = tmp_path / "data"
    shutil.copytree(toured[2] / "phan-2" / "data", copied)
    desks = [Profile(copied / "desks", name) for name in ("quay-1", "quay-2")]
    last = "SELECT max(n) FROM entries WHERE kind = 'add_note'"
    one = open_store(desks[1].database, load_key(desks[1].folder))
    with closing(one), one.write() as connection:
        connection.exec_driver_sql(f"DELETE FROM entries WHERE n = ({last})")
    root = Profile(copied / "root", "hub")
    other = open_hub_store(None, root.database, load_key(root.folder))
    with closing(other), other.write() as connection:
        connection.exec_driver_sql("UPDATE records SET value = '{}' WHERE cursor = 3")
    found = reckon(copied / "root", copied / "relay", desks)
    assert any(fault.startswith("quay-2: ") for fault in found.faults)
    assert "tỉnh: sổ cái, số 3: Nội dung khác với lá trong cây băm" in found.faults
    assert any(" ở tỉnh khác ở quay-2" in fault for fault in found.faults)
    assert found.words.endswith("có sai lệch.")


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
