"""A province gives its offices a pack: checked, written in one go, heard by every desk's stream."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.state import Role
from onestop.domain.template import template_to_dict
from onestop.hub.admin import OfficeForm, OfficerForm, add_office, add_officer, put_catalogue
from onestop.hub.founding import open_hub
from onestop.hub.hub import Hub, utc_now
from onestop.hub.packs import read_hub_rows
from onestop.office.templates import shipped_templates
from onestop.paths import Profile
from onestop.store.office_rows import list_rows
from onestop.store.statements import grants_at
from tests.office_desk import FIVE_DAYS

OFFICE = "H56.99.88"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(open_hub(Profile(tmp_path, "hub"), None, utc_now)) as hub:
        put_catalogue(hub, hub.clock())
        add_office(hub, OfficeForm(OFFICE, "UBND xã Tân Hòa", units=(("u1", "Một cửa"),)), hub.clock())
        add_officer(hub, OFFICE, OfficerForm("quan-tri", "Trương Thế Vỹ", ("admin",), "u1"), hub.clock())
    return tmp_path


@pytest.fixture
def hub(data: Path) -> Iterator[Hub]:
    with closing(open_hub(Profile(data, "hub"), None, utc_now)) as made:
        yield made


def run(data: Path, *words: str) -> int:
    from main import main

    return main(["hub", "pack", *words, "--data-dir", str(data)])


def write(path: Path, **rows: list[Any]) -> str:
    plain = {"format": 1, "name": "Gói của tỉnh", "made_at": "", "rows": rows}
    path.write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
    return str(path)


def test_what_all_offices_have_is_exported_and_changes_nothing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, "export", str(data / "tinh.json")) == 0
    assert run(data, "import", str(data / "tinh.json"), "--replace") == 0
    assert "Không có gì thay đổi." in capsys.readouterr().out


def test_a_new_limit_goes_to_everyone(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(open_hub(Profile(data, "hub"), None, utc_now)) as hub:
        row = read_hub_rows(hub)["procedure"][FIVE_DAYS]
    later = row | {"effective_on": "2100-01-01", "time_limit": {"value": 3, "unit": "working_day"}}
    assert run(data, "import", write(data / "goi.json", procedure=[later])) == 0
    assert "Đã ghi 1 dòng" in capsys.readouterr().out
    with closing(open_hub(Profile(data, "hub"), None, utc_now)) as hub, hub.store.read() as connection:
        found = dict(list_rows(connection, "", "procedure"))
    assert found[f"{FIVE_DAYS}@2100-01-01"]["time_limit"]["value"] == 3
    assert found[FIVE_DAYS] == row


def test_a_template_goes_to_everyone(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = next(one for one in shipped_templates() if one.key == "01@2025-09-15")
    row = template_to_dict(replace(receipt, since="2100-01-01", version="2.0"))
    assert run(data, "import", write(data / "goi.json", template=[row])) == 0
    assert "Đã ghi 1 dòng" in capsys.readouterr().out
    with closing(open_hub(Profile(data, "hub"), None, utc_now)) as hub, hub.store.read() as connection:
        found = dict(list_rows(connection, "", "template"))
    assert found == {"01@2100-01-01": row}


def test_officers_belong_to_an_office_and_are_granted_with_the_pack(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    officer = {"id": "moi", "name": "Đinh Thị Mới", "roles": ["reception"], "unit": "u1", "title": ""}
    path = write(data / "goi.json", officer=[officer])
    assert run(data, "import", path) == 1
    assert run(data, "import", path, "--office", OFFICE) == 0
    assert "--office MÃ" in capsys.readouterr().out
    with closing(open_hub(Profile(data, "hub"), None, utc_now)) as hub, hub.store.read() as connection:
        granted = {one.plain["officer"]: one.plain["roles"] for one in grants_at(connection, hub.clock())}
    assert granted["moi"] == [Role.RECEPTION.value]


def test_a_pack_with_errors_and_an_office_nobody_knows_write_nothing(
    data: Path, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_hub_rows(hub, OFFICE)
    path = write(data / "goi.json", procedure=[{"code": "9.000001"}])
    assert run(data, "import", path) == 1
    assert run(data, "check", path, "--office", "H1.2") == 1
    assert "Có 1 lỗi" in capsys.readouterr().out
    assert read_hub_rows(hub, OFFICE) == before
