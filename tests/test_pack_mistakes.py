"""A pack with fifty planted mistakes yields fifty clear findings, and writes nothing."""

from pathlib import Path

import pytest

from onestop.errors import InputError
from onestop.office.changing import list_changes
from onestop.office.pack_check import check_pack, import_pack
from onestop.office.pack_compare import read_known
from onestop.office.pack_file import read_pack_file
from tests.office_desk import ADMIN, seated
from tests.pack_mistakes import write_mistakes


def test_fifty_mistakes_are_fifty_findings_and_nothing_is_written(tmp_path: Path) -> None:
    planted = write_mistakes(tmp_path / "goi.xlsx")
    assert len(planted) == 50
    with seated(tmp_path / "desk") as seat:
        office = seat.as_(ADMIN)
        before = read_known(office)
        pack = read_pack_file(tmp_path / "goi.xlsx")
        report = check_pack(office, pack)
        found = {(each.place.sheet, f"{each.place.column}{each.place.line}"): each for each in report.errors}
        for sheet, cell, words in planted:
            assert (sheet, cell) in found, (sheet, cell, words)
            assert words in found[sheet, cell].words, (sheet, cell, found[sheet, cell].words)
            assert found[sheet, cell].remedy
        extra = found.keys() - {(sheet, cell) for sheet, cell, _ in planted}
        assert not extra, [(place, found[place].words) for place in sorted(extra)]
        assert len(report.errors) == 50
        assert report.changes == ()
        assert report.words() == "Có 50 lỗi. Chưa có gì được ghi."
        with pytest.raises(InputError, match="50 lỗi"):
            import_pack(office, pack)
        assert read_known(office) == before
        assert list_changes(office) == []
