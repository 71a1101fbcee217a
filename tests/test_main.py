"""The command line: what a hub brings in, a desk never pays for."""

import subprocess
import sys
from pathlib import Path

import pytest

import main
from tests.hub_process import administer, refused

ROOT = Path(__file__).resolve().parent.parent
OF_A_HUB = ("fastapi", "uvicorn", "starlette", "pydantic", "onestop.hub", "psycopg", "httpx")
OF_A_WINDOW = ("PySide6", "shiboken6", "ui")


def loaded_after(code: str) -> set[str]:
    """Names of the packages that a fresh Python has loaded."""
    told = "import sys; print(*{*sys.modules}, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines())


def test_a_desk_loads_nothing_of_a_hub() -> None:
    assert not loaded_after("import main; main.parser()") & set(OF_A_HUB)


def test_a_hub_loads_nothing_of_a_window() -> None:
    loaded = loaded_after("import main, onestop.hub.cli, onestop.hub.serve, onestop.hub.backup")
    assert "fastapi" in loaded
    assert not loaded & set(OF_A_WINDOW)


def test_the_help_of_a_hub_is_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["hub", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for words in ("địa chỉ nghe", "tỉnh thực hành", "mã ghi danh dùng một lần", "lệnh quản trị"):
        assert words in told


def test_options_before_the_word_hub_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--profile", "x", "hub"]) == 2
    assert "main.py hub" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--listen", "khong-co-cong"), "--listen"),
        (("--listen", "127.0.0.1:99999"), "--listen"),
        (("--listen", "203.0.113.9:7460"), "Không mở được cổng"),
        (("--workers", "3"), "PostgreSQL"),
        (("--upstream", "https://tinh.example"), "--relay"),
        (("--relay", "--demo"), "--upstream"),
        (("--database", "mysql://x"), "postgresql://"),
        (("enrol", "--office", "H56.11.11"), "Không có cơ quan"),
        (("revoke", "--officer", "khong-co", "--reason", "thử"), "Không tìm thấy"),
        (
            ("officer", "add", "x", "--office", "H1", "--name", "X", "--roles", "reception"),
            "Không có cơ quan",
        ),
        (("restore", "khong-co.mcbak"), "khong-co.mcbak"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main.main(["hub", *words, "--data-dir", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err


def test_an_office_without_practice_is_founded_by_commands(tmp_path: Path) -> None:
    assert "Đã ghi cơ quan H56.12.34: UBND xã Suối Bạc" in administer(
        tmp_path, "office", "add", "h56.12.34", "UBND", "xã", "Suối", "Bạc", "--place", "Suối Bạc"
    )
    officer = ("officer", "add", "sb-an", "--office", "H56.12.34", "--name", "Đinh Hoài An")
    assert "Đinh Hoài An" in administer(tmp_path, *officer, "--roles", "reception,cashier")
    assert "Không có vai trò này" in refused(tmp_path, *officer, "--roles", "giam-doc")
    code = administer(tmp_path, "enrol", "--office", "H56.12.34", "--name", "Quầy 1")
    assert "Mã ghi danh: " in code
    assert "Dùng một lần, cho một quầy" in code
    assert "UBND xã Suối Bạc" in administer(tmp_path, "status", "--all")
    assert "Đã thu hồi" in administer(tmp_path, "revoke", "--officer", "sb-an", "--reason", "Nghỉ việc")


def test_verify_looks_at_a_hub_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    administer(tmp_path, "office", "add", "H56.12.34", "UBND xã Suối Bạc")
    assert main.main(["verify", "--data-dir", str(tmp_path), "--profile", "hub"]) == 0
    assert "Không có sai lệch" in capsys.readouterr().out
