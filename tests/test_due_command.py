"""`main.py due`: the due time and its calculation for scripts; what cannot stand is named."""

import json
from pathlib import Path

import pytest

from main import main
from onestop.domain.time_limit import TimeUnit
from onestop.office.changing import RowChange, change_rows
from onestop.office.command import shipped_catalogue
from tests.due_table import NATIONAL, OFFICES
from tests.office_desk import seated

FIVE_DAYS, SAME_DAY = "1.000593", "1.000110"
ALONE = ["--received", "2026-11-20T15:30"]


@pytest.fixture
def nowhere(tmp_path: Path) -> list[str]:
    """A folder without any desk: the shipped packs serve."""
    return ["--data-dir", str(tmp_path)]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["due", *words])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_the_whole_calculation_is_told(nowhere: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, *nowhere, "--procedure", SAME_DAY, *ALONE)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Thủ tục:   1.000110 · ")
    assert lines[1:3] == [
        "Tiếp nhận: 15:30 Thứ Sáu 20/11/2026",
        "Hạn trả:   16:30 Thứ Hai 23/11/2026",
    ]
    assert lines[3].endswith("trừ Thứ Bảy và Chủ nhật · nhận sau 15 giờ: tính từ ngày làm việc kế tiếp")
    assert "  Thứ Bảy 21/11/2026   Không tính: Thứ Bảy" in lines
    assert lines[-1] == "  Thứ Hai 23/11/2026   Hạn trả: 16:30 Thứ Hai 23/11/2026"


def test_json_holds_every_line(nowhere: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--procedure", FIVE_DAYS, "--received", "2026-11-09T09:00", "--json"]
    pauses = ["--paused", "2026-11-10T09:00..2026-11-11T09:00", "--paused=2026-11-16T09:00..2026-11-18T09:00"]
    code, out, _ = said(capsys, *nowhere, *words, *pauses)
    found = json.loads(out)
    assert code == 0
    assert found["due_at"] == "2026-11-19T16:30:00+07:00"
    assert found["first_due_at"] == "2026-11-16T16:30:00+07:00"
    assert found["limit"] == {"value": 5, "unit": "working_day"}
    assert found["calendar"] == NATIONAL["version"]
    assert found["lines"][-1] == {
        "kind": "due", "day": "2026-11-19", "number": 0, "words": "Hạn trả: 16:30 Thứ Năm 19/11/2026",
    }  # fmt: skip


def test_the_clock_may_restart(nowhere: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--procedure", FIVE_DAYS, *ALONE, "--paused", "2026-11-23T09:00..2026-11-26T10:00"]
    shifted = said(capsys, *nowhere, *words)[1]
    restarted = said(capsys, *nowhere, *words, "--resumption", "restart")[1]
    assert "Hạn trả:   16:30 Thứ Tư 02/12/2026" in shifted
    assert "Hạn trả:   16:30 Thứ Năm 03/12/2026" in restarted


def test_a_moment_with_a_zone_is_taken_as_it_is(
    nowhere: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, *nowhere, "--procedure", SAME_DAY, "--received", "2026-11-20T08:30+00:00")[1]
    assert "Tiếp nhận: 15:30 Thứ Sáu 20/11/2026" in out


def test_the_rows_of_the_desk_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with seated(tmp_path / "profiles" / "x") as seat:
        change_rows(seat.office.as_officer("u-vy"), [RowChange("calendar", "office", OFFICES["đóng"])], "Bão")
    profile = ["--data-dir", str(tmp_path), "--profile", "x"]
    code, out, err = said(capsys, *profile, "--procedure", FIVE_DAYS, "--received", "2026-11-20T09:00")
    assert (code, err) == (0, "")
    assert "Hạn trả:   16:30 Thứ Tư 02/12/2026" in out
    assert "Không tính: Phòng chống bão" in out


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("", "--received"),
        ("--received 2026-11-20T15:30", "--procedure"),
        ("--received 2026-11-20T15:30 --procedure 9.999999", "--procedure"),
        ("--received 2026-11-20T15:30 --procedure 1.000593 --case x", "--case"),
        ("--received 2026-11-20 --procedure 1.000593", "--received"),
        ("--received 2026-02-30T09:00 --procedure 1.000593", "--received"),
        ("--received hôm-nay --procedure 1.000593", "--received"),
        ("--received 2026-11-20T15:30 --procedure 1.000593 --paused 2026-11-23T09:00", "--paused"),
        ("--received 2026-11-20T15:30 --procedure 1.000593 --paused ..2026-11-23T09:00", "--paused"),
        (
            "--received 2026-11-20T15:30 --procedure 1.000593 --paused 2026-11-24T09:00..2026-11-23T09:00",
            "--paused",
        ),
        (
            "--received 2026-11-20T15:30 --procedure 1.000593 --paused 2026-11-19T09:00..2026-11-23T09:00",
            "--paused",
        ),
        ("--received 2026-11-20T15:30 --procedure 1.000593 --resumption wait", "--resumption"),
        ("--received 2026-11-20T15:30 --procedure 1.000593 --limit 3 --unit hour", "--limit"),
        ("--received 2026-11-20T15:30 --procedure 1.000593 --quick", "--quick"),
        ("--received", "--received"),
    ],
)
def test_what_cannot_stand_is_named(
    words: str, option: str, nowhere: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, *nowhere, *words.split())
    assert (code, out) == (1, "")
    assert option in err
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_what_the_catalogue_leaves_open_is_asked_for(
    nowhere: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    open_ones = [
        one.code
        for one in shipped_catalogue().procedures
        if one.time_limit.unit is TimeUnit.UNSPECIFIED and one.online_limit is None
    ]
    asked = ["--procedure", open_ones[0], "--received", "2026-11-20T09:00"]
    code, _, err = said(capsys, *nowhere, *asked)
    assert (code, "--limit" in err, "--unit" in err) == (1, True, True)
    code, out, _ = said(capsys, *nowhere, *asked, "--limit", "2", "--unit", "working_day")
    assert (code, "Hạn trả:   16:30 Thứ Tư 25/11/2026" in out) == (0, True)
