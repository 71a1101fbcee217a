"""`main.py pack`: checked, imported and exported without a window; the exit code says how it went."""

import json
from pathlib import Path
from typing import Any

import pytest

from main import main
from onestop.office.found import open_office
from onestop.store.rows import list_reference
from tests.office_desk import ADMIN, FIVE_DAYS, SteppingClock, new_folder
from tests.pack_mistakes import write_mistakes


@pytest.fixture
def data(tmp_path: Path) -> Path:
    new_folder(tmp_path / "profiles" / "default")
    return tmp_path


def run(data: Path, *words: str) -> int:
    return main(["pack", *words, "--data-dir", str(data)])


def units_of(data: Path) -> list[Any]:
    from onestop.store.store import open_store
    from onestop.store.vault import load_key

    folder = data / "profiles" / "default"
    store = open_store(folder / "onestop.db", load_key(folder))
    try:
        clock = SteppingClock()
        with open_office(store, clock, clock.boot).store.read() as connection:
            return list_reference(connection, "unit")
    finally:
        store.close()


def write(path: Path, **rows: list[Any]) -> str:
    path.write_text(json.dumps({"format": 1, "name": "Gói", "made_at": "", "rows": rows}), "utf-8")
    return str(path)


def test_fifty_mistakes_are_printed_with_sheet_line_and_column(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_mistakes(data / "sai.xlsx")
    assert run(data, "import", str(data / "sai.xlsx")) == 1
    said = capsys.readouterr().out
    assert said.count("LỖI: ") == 50
    assert "LỖI: trang “Thủ tục”, dòng 5, cột B (Tên thủ tục): Chưa ghi “Tên thủ tục”." in said
    assert said.endswith("Có 50 lỗi. Chưa có gì được ghi.\n")


def test_check_writes_nothing_and_import_does(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(data / "goi.json", unit=[{"id": "to-moi", "name": "Tổ mới"}])
    before = units_of(data)
    assert run(data, "check", path) == 0
    assert "Gói hợp lệ: thêm 1, sửa 0 dòng." in capsys.readouterr().out
    assert units_of(data) == before
    assert run(data, "import", path, "--officer", ADMIN) == 0
    assert "Đã ghi 1 dòng. Mã thay đổi để hoàn tác:" in capsys.readouterr().out
    assert [unit["id"] for unit in units_of(data)][-1] == "to-moi"
    assert run(data, "import", path) == 0
    assert capsys.readouterr().out == "Không có gì thay đổi.\n"


def test_only_an_administrator_signs_for_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(data / "goi.json", unit=[{"id": "to-moi", "name": "Tổ mới"}])
    assert run(data, "import", path, "--officer", "u-mai") == 1
    assert "không phải cán bộ quản trị" in capsys.readouterr().err


def test_export_of_one_kind(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "export", str(data / "ra.json"), "--kind", "unit", "--kind", "officer") == 0
    plain = json.loads((data / "ra.json").read_text("utf-8"))
    assert sorted(plain["rows"]) == ["officer", "unit"]
    assert "Đã xuất" in capsys.readouterr().out


def test_without_an_office_packs_are_checked_against_what_is_shipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "export", str(tmp_path / "kem.json"), "--kind", "procedure") == 0
    assert run(tmp_path, "check", str(tmp_path / "kem.json")) == 0
    assert "Không có gì thay đổi." in capsys.readouterr().out
    rows = json.loads((tmp_path / "kem.json").read_text("utf-8"))["rows"]["procedure"]
    row = next(each for each in rows if each["code"] == FIVE_DAYS) | {"name": "Tên khác"}
    assert run(tmp_path, "import", write(tmp_path / "goi.json", procedure=[row])) == 1
    assert "chưa lập cơ quan" in capsys.readouterr().err


def test_a_file_that_is_no_pack_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"x")
    assert run(tmp_path, "check", str(tmp_path / "x.xlsx")) == 1
    assert "không phải tệp Excel" in capsys.readouterr().err
