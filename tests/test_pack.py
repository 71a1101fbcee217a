"""Packs: out and in again without a change; what would change is told; written whole, and undone."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from onestop.errors import InputError, PrintError
from onestop.office.changing import list_changes, undo_change
from onestop.office.office import Office
from onestop.office.pack_check import check_pack, import_pack
from onestop.office.pack_compare import read_known
from onestop.office.pack_file import read_pack_file, read_plain, write_pack_file
from onestop.office.pack_report import PackReport
from onestop.store.report import quiet
from onestop.store.rows import list_reference, read_reference
from tests.office_desk import ADMIN, FIVE_DAYS, Seat, seated


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as one:
        yield one


@pytest.fixture
def office(seat: Seat) -> Office:
    return seat.as_(ADMIN)


def plain_pack(**rows: list[Any]) -> dict[str, Any]:
    return {"format": 1, "name": "Gói thử", "made_at": "", "rows": rows}


def checked(office: Office, **rows: list[Any]) -> PackReport:
    return check_pack(office, read_plain(plain_pack(**rows), "goi"))


def procedure_of(office: Office, **changes: Any) -> dict[str, Any]:
    with office.store.read() as connection:
        return {**read_reference(connection, "procedure", FIVE_DAYS), **changes}


# ---- out and in again -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["goi.xlsx", "goi.json"])
def test_what_was_exported_changes_nothing(office: Office, tmp_path: Path, name: str) -> None:
    assert write_pack_file(office, tmp_path / name) > 190
    report = check_pack(office, read_pack_file(tmp_path / name), replaces=True)
    assert report.findings == ()
    assert report.diffs == ()
    assert report.words() == "Không có gì thay đổi."
    assert import_pack(office, read_pack_file(tmp_path / name))[1] is None
    assert list_changes(office) == []


def test_only_the_kinds_that_are_asked_for_go_out(office: Office, tmp_path: Path) -> None:
    write_pack_file(office, tmp_path / "goi.xlsx", ["officer", "unit"])
    assert load_workbook(tmp_path / "goi.xlsx").sheetnames == ["Cán bộ", "Đơn vị"]


def test_a_pack_of_one_office_fills_another(office: Office, tmp_path: Path) -> None:
    """All that is in rows comes across: fees, routes, forms, units, and the days off."""
    write_pack_file(office, tmp_path / "goi.json")
    with seated(tmp_path / "other", index=2) as other:
        with other.store.write() as connection:
            for kind in ("fee", "route", "declaration", "unit", "officer"):
                connection.exec_driver_sql("DELETE FROM reference WHERE kind = ?", (kind,))
        import_pack(other.office, read_pack_file(tmp_path / "goi.json"))
        assert read_known(other.office) == read_known(office)


# ---- what people do to a workbook -----------------------------------------------------


def edited(office: Office, folder: Path, edit: Any, kind: str = "unit") -> Path:
    """The exported workbook of a kind after somebody worked on it."""
    write_pack_file(office, folder / "goi.xlsx", [kind])
    book = load_workbook(folder / "goi.xlsx")
    edit(book)
    book.save(folder / "sua.xlsx")
    return folder / "sua.xlsx"


def line_of(sheet: Any, code: str) -> int:
    found: int = next(row[0].row for row in sheet.iter_rows() if row[0].value == code)
    return found


def test_edited_cells_are_told_field_by_field(office: Office, tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["Thủ tục"]
        line = line_of(sheet, FIVE_DAYS)
        heads = {cell.value: cell.column for cell in sheet[1]}
        sheet.cell(line, heads["Thời hạn"], 4)  # a number, as Excel makes it
        sheet.cell(line, heads["Hiệu lực từ"]).value = None

    report = check_pack(office, read_pack_file(edited(office, tmp_path, edit, "procedure")))
    (diff,) = report.diffs
    assert (diff.kind, diff.key, diff.how) == ("procedure", FIVE_DAYS, "changed")
    assert [(each.head, each.before, each.after) for each in diff.fields] == [
        ("Thời hạn", "5 ngày làm việc", "4 ngày làm việc")
    ]


def test_merged_cells_blank_lines_and_real_dates_are_understood(office: Office, tmp_path: Path) -> None:
    from datetime import datetime

    def edit(book: Any) -> None:
        sheet = book["Lịch"]
        last = sheet.max_row
        sheet.cell(last + 3, 1, datetime(2027, 11, 25))
        sheet.cell(last + 4, 1, datetime(2027, 11, 26))
        sheet.cell(last + 3, 2, "NGHỈ")
        sheet.merge_cells(start_row=last + 3, end_row=last + 4, start_column=2, end_column=2)
        sheet.cell(last + 3, 3, "Lễ của xã")
        sheet.merge_cells(start_row=last + 3, end_row=last + 4, start_column=3, end_column=3)

    report, changed = import_pack(office, read_pack_file(edited(office, tmp_path, edit, "calendar")))
    assert report.findings == ()
    assert changed is not None
    assert changed.count == 1
    with office.store.read() as connection:
        calendar = read_reference(connection, "calendar", "vn")
    assert calendar["years"]["2027"]["days_off"]["2027-11-26"] == "Lễ của xã"
    assert calendar["version"] == "2026-11-20"
    assert calendar["hours"] == [["07:00", "11:30"], ["13:30", "17:00"]]


def test_a_sheet_nobody_knows_is_a_hint_and_no_error(office: Office, tmp_path: Path) -> None:
    report = check_pack(
        office, read_pack_file(edited(office, tmp_path, lambda book: book.create_sheet("Ghi chú của tôi")))
    )
    assert [each.is_error for each in report.findings] == [False]
    assert "Ghi chú của tôi" in report.findings[0].words


def test_a_missing_column_is_named(office: Office, tmp_path: Path) -> None:
    report = check_pack(
        office, read_pack_file(edited(office, tmp_path, lambda book: book["Đơn vị"].delete_cols(2)))
    )
    assert "Thiếu cột “Tên đơn vị”" in [each.words for each in report.errors]


def test_columns_may_stand_in_any_order_and_the_hidden_line_may_be_gone(
    office: Office, tmp_path: Path
) -> None:
    def edit(book: Any) -> None:
        sheet = book["Đơn vị"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        del book["Đơn vị"]
        turned = book.create_sheet("ĐƠN VỊ ")
        for row in rows[:1] + rows[2:]:
            turned.append(row[::-1])

    assert (
        check_pack(office, read_pack_file(edited(office, tmp_path, edit))).words() == "Không có gì thay đổi."
    )


# ---- files that are no packs ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"not a zip", "không phải tệp Excel"),
        ("b.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mật khẩu"),
        ("c.xlsx", b"", "không phải tệp Excel"),
        ("d.json", b"{", "không phải JSON"),
        ("e.json", b"[1, 2]", "không phải gói"),
        ("f.json", b'{"format": 9, "rows": {}}', "dạng 9"),
        ("g.json", b'\xff\xfe{"', "không đọc được"),
        ("h.json", b'{"format": 1, "rows": {"fee": [NaN]}}', "không đọc được"),
        ("i.json", b"[" * 100_000, "không đọc được"),
        ("k.xlsx", b"PK\x03\x04" + b"x" * 100, "không phải tệp Excel"),
    ],
)
def test_a_file_that_is_no_pack_is_refused_in_words(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as told:
        read_pack_file(tmp_path / name)
    assert words in told.value.title
    assert told.value.message
    assert told.value.field == "file"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Không đọc được"):
        read_pack_file(tmp_path / "mat.xlsx")


def test_a_workbook_without_any_known_sheet_is_an_error(office: Office, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "trong.xlsx")
    report = check_pack(office, read_pack_file(tmp_path / "trong.xlsx"))
    assert [each.words for each in report.errors] == ["Tệp không có trang nào của gói"]


def test_a_folder_that_is_gone_is_told_when_exporting(office: Office, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.json"):
        with pytest.raises(PrintError, match="Không ghi được"):
            write_pack_file(office, tmp_path / "mat" / name)


# ---- what would change, what is wrong -------------------------------------------------


def test_a_later_version_stands_beside_the_one_in_force(office: Office) -> None:
    later = procedure_of(office, effective_on="2027-03-01", name="Thủ tục theo luật mới")
    report, _ = import_pack(office, read_plain(plain_pack(procedure=[later]), "goi"))
    assert [(each.key, each.how) for each in report.diffs] == [(f"{FIVE_DAYS}@2027-03-01", "added")]
    with office.store.read() as connection:
        assert read_reference(connection, "procedure", FIVE_DAYS)["name"] != "Thủ tục theo luật mới"


def test_a_day_that_is_past_is_a_hint(office: Office) -> None:
    report = checked(office, procedure=[procedure_of(office, effective_on="2026-01-01")])
    assert report.is_sound
    assert ["01/01/2026 đã qua" in each.words for each in report.findings] == [True]


def test_rows_the_pack_does_not_have_stay_unless_it_replaces(office: Office) -> None:
    with office.store.read() as connection:
        fees = [json.loads(v) for (v,) in connection.exec_driver_sql(
            "SELECT value FROM reference WHERE kind = 'fee'"
        )]  # fmt: skip
    pack = read_plain(plain_pack(fee=fees[:-1]), "goi")
    assert check_pack(office, pack).diffs == ()
    report = check_pack(office, pack, replaces=True)
    assert [(each.how, each.kind) for each in report.diffs] == [("removed", "fee")]


def test_a_unit_with_officers_and_the_last_administrator_are_not_taken_away(office: Office) -> None:
    units = [{"id": "pvhcc", "name": "Trung tâm"}]
    officers = [
        {"id": "u-mai", "name": "Trần Thị Mai", "roles": ["reception"], "unit": "kinh-te", "title": ""}
    ]
    pack = read_plain(plain_pack(unit=units, officer=officers), "goi")
    words = [each.words for each in check_pack(office, pack, replaces=True).errors]
    assert any("bỏ hết cán bộ có vai trò quản trị" in each for each in words)
    assert any("Không có đơn vị mã “kinh-te”" in each for each in words)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("procedure", {"code": "9.000001"}, "không đúng dạng"),
        ("officer", {"id": "x", "name": "X", "roles": ["king"], "unit": "pvhcc"}, "Không có vai trò “king”"),
        ("fee", {"id": "x", "kind": "charge", "name": "X", "ground": "g", "formula": "fixed",
                 "amount_vnd": -1}, "tiền"),
        ("merger", {"old": "kinh-te", "new": "kinh-te", "on": "2027-01-01", "ground": "NQ", "kind": "unit"},
         "là một"),
        ("stand_in", {"id": "s", "officer": "nobody", "stand_in": "u-duc", "begins_on": "2026-12-01",
                      "ends_on": "2026-12-02", "roles": ["reception"]}, "Không có cán bộ"),
        ("calendar", {"version": "1", "hours": [["11:00", "07:00"]]}, ""),
        ("declaration", {"id": "x"}, ""),
        ("route", {"id": "r", "name": "R", "procedure_codes": [], "version": "1", "steps": []}, "hai bước"),
        ("unit", "không phải mục", "không phải một mục"),
    ],
)  # fmt: skip
def test_a_wrong_row_in_json_is_told_with_its_line(office: Office, kind: str, value: Any, words: str) -> None:
    report = checked(office, **{kind: [value]})
    assert not report.is_sound
    assert any(words in each.words for each in report.errors), [each.words for each in report.errors]
    assert all(each.place.line == 1 for each in report.errors)
    assert report.changes == ()


def test_a_limit_shorter_than_a_route_that_stays_is_a_hint(office: Office) -> None:
    with office.store.read() as connection:
        routes = list_reference(connection, "route")
    code = next(code for route in routes for code in route["procedure_codes"])
    with office.store.read() as connection:
        row = read_reference(connection, "procedure", code)
    row |= {"time_limit": {"value": 1, "unit": "hour"}, "online_limit": None}
    report = checked(office, procedure=[row])
    assert report.is_sound
    assert any("dài hơn thời hạn" in each.words for each in report.findings)


def test_a_row_twice_and_a_kind_nobody_knows_are_told(office: Office) -> None:
    row = procedure_of(office)
    report = checked(office, procedure=[row, deepcopy(row)], secrets=[{}])
    assert {each.place.sheet for each in report.errors} == {"Thủ tục", "secrets"}


# ---- written, cancelled, undone -------------------------------------------------------


def test_a_pack_is_one_change_and_is_undone(office: Office) -> None:
    before = read_known(office)
    pack = read_plain(plain_pack(procedure=[procedure_of(office, name="Tên mới")]), "goi")
    _, changed = import_pack(office, pack)
    assert changed is not None
    assert [each.words for each in list_changes(office)] == ["Nhập gói “Gói thử”"]
    assert read_known(office) != before
    undo_change(office, changed.id)
    assert read_known(office) == before


def test_many_procedures_come_in_with_progress_and_may_be_cancelled(office: Office) -> None:
    one = procedure_of(office)
    rows = [one | {"code": f"9.{number:06d}"} for number in range(1200)]
    pack = read_plain(plain_pack(procedure=rows), "goi")
    told: list[tuple[int, int, str]] = []

    def watch(done: int, total: int, words: str) -> None:
        told.append((done, total, words))
        if words == "Đang lưu" and len(told) > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_pack(office, pack, progress=watch)
    assert {words for _, _, words in told} == {"Đang đọc gói", "Đang kiểm tra", "Đang chuẩn bị", "Đang lưu"}
    assert list_changes(office) == []
    _, changed = import_pack(office, pack, progress=quiet)
    assert changed is not None
    assert changed.count == 1200


def test_the_name_of_a_pack_is_the_files_when_it_has_none(tmp_path: Path) -> None:
    plain = plain_pack(unit=[])
    del plain["name"]
    (tmp_path / "xa-tan-hoa.json").write_text(json.dumps(plain), "utf-8")
    assert replace(read_pack_file(tmp_path / "xa-tan-hoa.json"), rows=()).name == "xa-tan-hoa"
