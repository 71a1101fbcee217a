"""`python main.py fee`: amounts with their reasons, from the shipped packs or a desk's own rows."""

import json
from pathlib import Path

import pytest

from main import main


def told(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> tuple[int, str, str]:
    code = main(["fee", "--data-dir", str(folder), *options])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """No desk is there: the shipped packs answer."""
    return tmp_path


def test_pages_and_copies(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, said, _ = told(capsys, folder, "--procedure", "2.000815", "--pages", "5", "--copies", "3")
    assert code == 0
    assert "7.000 đồng/bản; × 3 bản = 21.000 đồng." in said
    assert "TT 226/2016/TT-BTC" in said
    assert "Tổng cộng: 21.000 đồng" in said


def test_json_of_a_case_online_and_exempt(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    asked = ("--procedure", "1.004222", "--case", "thue-muon-o-nho", "--online", "--json")
    code, said, _ = told(capsys, folder, *asked)
    plain = json.loads(said)
    assert code == 0
    assert plain["total_vnd"] == 10_000
    assert plain["lines"][0]["rule"] == "residence-permanent"
    _, said, _ = told(capsys, folder, *asked, "--exempt", "ho ngheo")
    assert json.loads(said)["total_vnd"] == 0


def test_what_the_province_sets_is_not_guessed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, said, _ = told(capsys, folder, "--procedure", "1.001612", "--json")
    assert code == 1
    plain = json.loads(said)
    assert plain["total_vnd"] is None
    assert plain["lines"][0]["amount_vnd"] is None
    assert "Hội đồng nhân dân" in plain["lines"][0]["explanation"]


def test_pages_are_asked(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, said, _ = told(capsys, folder, "--procedure", "2.000815")
    assert code == 1
    assert "--pages" in said


def test_free_is_said_and_copies_on_request_count(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, said, _ = told(capsys, folder, "--procedure", "1.010039")
    assert (code, "Không thu phí, lệ phí." in said) == (0, True)
    asked = ("--procedure", "2.000528", "--exempt", "poor", "--json")
    assert json.loads(told(capsys, folder, *asked)[1])["total_vnd"] == 0
    assert json.loads(told(capsys, folder, *asked, "--copies", "2")[1])["total_vnd"] == 16_000


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ((), "--procedure"),
        (("--procedure", "9.999999"), "--procedure"),
        (("--procedure", "1.004222", "--case", "none"), "--case"),
        (("--procedure", "1.004222"), "--case"),
        (("--procedure", "2.000815", "--pages", "0"), "--pages"),
        (("--procedure", "2.000815", "--pages", "1", "--copies", "-1"), "--copies"),
        (("--procedure", "2.000815", "--pages", "1", "--exempt", "giau"), "--exempt"),
        (("--procedure", "2.000815", "--pages", "1", "--on", "hôm nay"), "--on"),
    ],
)
def test_a_wrong_option_is_named(
    capsys: pytest.CaptureFixture[str], folder: Path, options: tuple[str, ...], named: str
) -> None:
    code, said, wrong = told(capsys, folder, *options)
    assert (code, said) == (1, "")
    assert named in wrong
