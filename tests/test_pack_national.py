"""Rows of the national portal's `LayThuTuc`: read as procedures of ours, nothing guessed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.deadline import TimeUnit
from onestop.domain.procedure import ComponentKind, Procedure, procedure_from_dict
from onestop.office.office import Office
from onestop.office.pack_check import check_pack, import_pack
from onestop.office.pack_file import read_pack_file
from onestop.office.pack_national import is_national, read_national
from tests.office_desk import ADMIN, seated


def way(channel: str, number: str, unit: str, *fees: dict[str, str]) -> dict[str, Any]:
    time = {"DONVITINH": unit, "MOTA": "Kể từ khi nhận đủ hồ sơ", "THOIGIANGIAIQUYET": number}
    return {"KENH": channel, "THOIGIAN": [time | {"PHILEPHI": list(fees)}]}


def paper(name: str, originals: str = "1", copies: str = "0") -> dict[str, str]:
    return {"MAGIAYTO": "", "TENGIAYTO": name, "SOBANCHINH": originals, "SOBANSAO": copies}


def row(code: str = "9.000001", **changes: Any) -> dict[str, Any]:
    plain = {
        "ID": "1",
        "MATTHC": code,
        "TENTTHC": "Thủ tục cấp giấy thử",
        "QUYETDINH": "12/QĐ-BTP",
        "LINHVUCTHUCHIEN": [{"MALINHVUC": "G15-HT01", "TENLINHVUC": "Hộ tịch"}],
        "CAPTHUCHIEN": [{"CAPTHUCHIEN": "X", "TENCAP": "Cấp xã"}],
        "COQUANTHUCHIEN": [{"MADONVI": "H56", "TENDONVI": "UBND cấp xã"}],
        "CACHTHUCTHUCHIEN": [
            way("Trực tiếp", "5", "Ngày làm việc", {"SOTIEN": "8.000", "DONVI": "Đồng", "MOTA": "Lệ phí"}),
            way("Trực tuyến", "3", "Ngày làm việc"),
        ],
        "THANHPHANHOSO": [
            {"TRUONGHOP": "", "GIAYTO": [paper("Tờ khai theo mẫu"), paper("Bản sao", "0", "1")]}
        ],
        "KETQUATHUCHIEN": [{"MAKETQUA": "KQ.G15.000001", "TENKETQUA": "Giấy thử"}],
        "CANCUPHAPLY": [{"SOVANBAN": "60/2014/QH13", "TENVANBAN": "Luật Hộ tịch"}],
    }
    return plain | changes


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with seated(tmp_path / "desk") as seat:
        yield seat.as_(ADMIN)


def procedure_of(source: dict[str, Any]) -> Procedure:
    return procedure_from_dict(read_national([source], "x").rows[0].value)


def test_a_row_becomes_a_procedure(office: Office, tmp_path: Path) -> None:
    (tmp_path / "cong.json").write_text(json.dumps({"error_code": 0, "result": [row()]}), "utf-8")
    report, changed = import_pack(office, read_pack_file(tmp_path / "cong.json"))
    assert report.is_sound
    assert changed is not None
    one = procedure_of(row())
    assert (one.code, one.name, one.sector) == ("9.000001", "Thủ tục cấp giấy thử", "Hộ tịch")
    assert one.time_limit.words() == "5 ngày làm việc"
    assert one.online_limit is not None
    assert one.online_limit.words() == "3 ngày làm việc"
    assert one.fee_vnd == 8000
    assert [(each.originals, each.copies) for each in one.components] == [(1, 0), (0, 1)]
    assert one.components[0].kind is ComponentKind.SUBMIT
    assert (one.result, one.result_codes) == ("Giấy thử", ("KQ.G15.000001",))
    assert one.grounds == ("60/2014/QH13 Luật Hộ tịch",)


@pytest.mark.parametrize("unit", ["", "Ngày/tháng", "tuần"])
def test_a_unit_that_is_not_there_is_never_guessed(unit: str) -> None:
    pack = read_national([row(CACHTHUCTHUCHIEN=[way("Trực tiếp", "5", unit)])], "x")
    limit = procedure_from_dict(pack.rows[0].value).time_limit
    assert (limit.value, limit.unit) == (0, TimeUnit.UNSPECIFIED)
    assert ["không rõ" in each.words for each in pack.findings] == [True]
    assert not pack.findings[0].is_error


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [("Ngày làm việc", "5 ngày làm việc"), ("Ngày", "5 ngày"), ("Giờ", "5 giờ làm việc"),
     ("Trong ngày", "Trong ngày làm việc")],
)  # fmt: skip
def test_units_of_the_portal(unit: str, wanted: str) -> None:
    assert procedure_of(row(CACHTHUCTHUCHIEN=[way("Trực tiếp", "5", unit)])).time_limit.words() == wanted


def test_groups_of_papers_are_cases() -> None:
    groups = [
        {"TRUONGHOP": "", "GIAYTO": [paper("Tờ khai theo mẫu")]},
        {"TRUONGHOP": "Trẻ em bị bỏ rơi", "GIAYTO": [paper("Biên bản")]},
    ]
    one = procedure_of(row(THANHPHANHOSO=groups))
    assert [each.name for each in one.components] == ["Tờ khai theo mẫu"]
    assert [(each.name, each.components[0].name) for each in one.cases] == [("Trẻ em bị bỏ rơi", "Biên bản")]


def test_several_fees_stay_words_and_are_told() -> None:
    fees = [{"SOTIEN": "8000", "DONVI": "Đồng"}, {"SOTIEN": "15000", "DONVI": "Đồng"}]
    pack = read_national([row(CACHTHUCTHUCHIEN=[way("Trực tiếp", "5", "Ngày", *fees)])], "x")
    one = procedure_from_dict(pack.rows[0].value)
    assert one.fee_vnd is None
    assert "15000" in one.fee_note
    assert any("nhiều mức phí" in each.words for each in pack.findings)


def test_a_procedure_without_sector_or_twice_is_an_error(office: Office) -> None:
    report = check_pack(office, read_national([row(), row(), row("9.000002", LINHVUCTHUCHIEN=None)], "x"))
    assert [(each.place.line, each.place.head) for each in report.errors] == [
        (2, "MATTHC"),
        (3, "LINHVUCTHUCHIEN"),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        {"THANHPHANHOSO": {}, "CACHTHUCTHUCHIEN": None, "KETQUATHUCHIEN": "", "CANCUPHAPLY": [None, 3]},
        {"CACHTHUCTHUCHIEN": [{"KENH": None, "THOIGIAN": [{"PHILEPHI": {}}]}]},
        {"THANHPHANHOSO": [{"TRUONGHOP": None, "GIAYTO": [{"TENGIAYTO": "Đơn", "SOBANCHINH": 1}]}]},
    ],
)
def test_whatever_the_portal_leaves_empty_is_read(odd: dict[str, Any]) -> None:
    procedure_of(row(**odd))


@pytest.mark.parametrize(
    "plain", [[], {}, {"result": []}, [1], [{"MADVC": "x"}], {"format": 1, "rows": {}}, None]
)
def test_what_is_not_the_portals_is_not_taken_for_it(plain: Any) -> None:
    assert not is_national(plain)
