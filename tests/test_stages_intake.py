"""A procedure that two agencies settle one after the other: own and total due moments at the counter."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from main import main
from onestop.domain.moment import VIETNAM
from onestop.domain.procedure import procedure_from_dict, procedure_to_dict
from onestop.domain.stages import Stage
from onestop.domain.time_limit import TimeLimit, TimeUnit
from onestop.errors import InputError
from onestop.office.changing import RowChange, change_rows
from onestop.office.due_story import tell_dossier, tell_intake
from onestop.office.found import open_office
from onestop.office.intake import receive_dossier
from tests.office_desk import FIVE_DAYS, Seat, form, seated

# Monday; 24/11/2026 is a day off.
RECEIVED = datetime(2026, 11, 16, 9, 0, tzinfo=VIETNAM)
STAGES = (
    Stage("UBND xã Tân Hòa", TimeLimit(2, TimeUnit.WORKING_DAY)),
    Stage("Bảo hiểm xã hội", TimeLimit(5, TimeUnit.WORKING_DAY)),
)
SUM = TimeLimit(7, TimeUnit.WORKING_DAY)


def row(seat: Seat, stages: tuple[Stage, ...] = STAGES, limit: TimeLimit = SUM) -> dict[str, Any]:
    plain = procedure_to_dict(
        replace(seat.office.catalogue.procedure(FIVE_DAYS), stages=stages, time_limit=limit)
    )
    made: dict[str, Any] = json.loads(json.dumps(plain))
    return made


def changed(seat: Seat) -> Seat:
    change_rows(seat.office, [RowChange("procedure", FIVE_DAYS, row(seat))], "Thủ tục qua hai cơ quan")
    office = open_office(seat.store, seat.clock, seat.clock.boot, seat.office.officer.id)
    return Seat(office, seat.clock, seat.folder)


def test_the_row_reads_back(tmp_path: Path) -> None:
    with seated(tmp_path, at=RECEIVED) as seat:
        plain = row(seat)
        assert procedure_from_dict(plain).stages == STAGES
        assert plain["stages"][1] == asdict(STAGES[1])


def test_the_receipt_promises_the_total_and_names_each_agency(tmp_path: Path) -> None:
    """Two days: 17, 18/11; five more: 19, 20, 23, 25, 26/11, with a weekend and a day off between."""
    with seated(tmp_path, at=RECEIVED) as plain:
        seat = changed(plain)
        received = receive_dossier(seat.office, form())
        assert received.dossier.due_at == datetime(2026, 11, 26, 16, 30, tzinfo=VIETNAM)
        said = received.dossier.clock.due.explanation
        assert said.startswith("Cộng 7 ngày làm việc: UBND xã Tân Hòa 2 ngày làm việc, đến 16:30 18/11/2026")
        assert "Bảo hiểm xã hội 5 ngày làm việc, đến 16:30 26/11/2026" in said
        heads = [line.words for line in tell_intake(seat.office, form()).lines if line.kind == "part"]
        assert [words.partition(":")[0] for words in heads] == ["UBND xã Tân Hòa", "Bảo hiểm xã hội"]
        assert tell_dossier(seat.office, received.dossier.id).due_at == received.dossier.due_at


@pytest.mark.parametrize(
    ("stages", "limit", "words"),
    [
        (STAGES, TimeLimit(8, TimeUnit.WORKING_DAY), "cộng lại khác thời hạn"),
        ((STAGES[0], Stage("", STAGES[1].limit)), SUM, "cần có tên"),
        ((STAGES[0], Stage("Thuế", TimeLimit(5, TimeUnit.CALENDAR_DAY))), SUM, "ngày làm việc hoặc giờ"),
    ],
)
def test_stages_that_do_not_add_up_are_not_written(
    tmp_path: Path, stages: tuple[Stage, ...], limit: TimeLimit, words: str
) -> None:
    with seated(tmp_path, at=RECEIVED) as seat:
        change = RowChange("procedure", FIVE_DAYS, row(seat, stages, limit))
        with pytest.raises(InputError) as raised:
            change_rows(seat.office, [change], "Sai")
        assert words in raised.value.message


def test_the_command_tells_each_agency(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "profiles" / "default"
    with seated(folder, at=RECEIVED) as seat:
        changed(seat)
    words = ["due", "--data-dir", str(tmp_path), "--procedure", FIVE_DAYS, "--received", "2026-11-16T09:00"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "Hạn trả:   16:30 Thứ Năm 26/11/2026" in out
    assert "UBND xã Tân Hòa: " in out
    assert "Bảo hiểm xã hội: " in out
