"""Excel files out and in: text stays text, cells show what people see, bad files are told in words."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from onestop.errors import InputError, PrintError
from onestop.printing import workbook
from onestop.printing.workbook import Cell, Column, SheetOut, column_letter, read_workbook, write_workbook

COLUMNS = (Column("Mã", "code"), Column("Loại", "kind", choices=("nộp", "xuất trình")))


def read_back(path: Path) -> list[tuple[int, list[str]]]:
    (sheet,) = read_workbook(path)
    return [(line.number, [cell.text for cell in line.cells]) for line in sheet.lines]


def book_of(path: Path, fill: Any) -> Path:
    book = Workbook()
    fill(book.active)
    book.save(path)
    return path


def test_text_stays_text_and_the_names_are_hidden(tmp_path: Path) -> None:
    rows = [["1.001190", "=1+1"], ["007", "hai\ndòng"], ["", "24/11/2026"]]
    write_workbook(tmp_path / "a.xlsx", [SheetOut("Thủ tục", COLUMNS, rows)])
    assert read_back(tmp_path / "a.xlsx") == [
        (1, ["Mã", "Loại"]),
        (2, ["code", "kind"]),
        (3, ["1.001190", "=1+1"]),
        (4, ["007", "hai\ndòng"]),
        (5, ["", "24/11/2026"]),
    ]
    sheet = load_workbook(tmp_path / "a.xlsx")["Thủ tục"]
    assert sheet.row_dimensions[2].hidden
    assert sheet.freeze_panes == "B3"
    assert [each.formula1 for each in sheet.data_validations.dataValidation] == ['"nộp,xuất trình"']
    assert not any(
        cell.is_formula or cell.is_number for cell in read_workbook(tmp_path / "a.xlsx")[0].lines[2].cells
    )


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (5, Cell("5", is_number=True)),
        (5.0, Cell("5", is_number=True)),
        (0.1, Cell("0.1", is_number=True)),
        (date(2026, 11, 24), Cell("24/11/2026")),
        (datetime(2026, 11, 24, 8, 30), Cell("24/11/2026 08:30")),
        (time(7, 5), Cell("07:05")),
        (True, Cell("có")),
        ("  khoảng trắng ", Cell("khoảng trắng")),
        ("=A1", Cell("=A1", is_formula=True)),
        ("#REF!", Cell("#REF!", is_fault=True)),
    ],
)
def test_a_cell_is_what_it_shows(tmp_path: Path, value: Any, cell: Cell) -> None:
    path = book_of(tmp_path / "a.xlsx", lambda sheet: sheet.cell(1, 1, value))
    assert read_workbook(path)[0].lines[0].cells[0] == cell


def test_merged_lines_repeat_and_blank_lines_are_left_out(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A2"], sheet["B2"], sheet["B3"], sheet["A7"] = "mã", "một", "hai", "cuối"
        sheet.merge_cells("A2:A4")

    assert read_back(book_of(tmp_path / "a.xlsx", fill)) == [
        (2, ["mã", "một"]),
        (3, ["mã", "hai"]),
        (4, ["mã", ""]),
        (7, ["cuối", ""]),
    ]


def test_a_sheet_with_formats_to_the_end_is_told_not_walked(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", lambda sheet: sheet.cell(1_048_576, 16_384, "x"))
    with pytest.raises(InputError, match="quá nhiều dòng hoặc cột"):
        read_workbook(path)


def test_a_file_that_unpacks_to_far_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_PLAIN", 100_000)
    path = book_of(tmp_path / "a.xlsx", lambda sheet: [sheet.append([1] * 20) for _ in range(2000)])
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match="giải nén ra quá lớn"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "thư mục"),
        (lambda path: None, "Không thấy tệp"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(512)), "mật khẩu"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "không phải tệp Excel"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, make: Any, words: str) -> None:
    make(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match=words) as told:
        read_workbook(tmp_path / "a.xlsx")
    assert told.value.field == "file"


def test_a_cell_longer_than_excel_keeps_is_told_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(PrintError, match="quá mức"):
        write_workbook(tmp_path / "a.xlsx", [SheetOut("A", COLUMNS, [["x" * 40_000, ""]])])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_excel_calls_them(place: int, letter: str) -> None:
    assert column_letter(place) == letter
