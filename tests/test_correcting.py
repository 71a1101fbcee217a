"""Another case by correction: papers, due date from the moment of reception, the version received under."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onestop.domain.deadline import TimeLimit, TimeUnit, due_date
from onestop.domain.dossier import Dossier, Subject
from onestop.domain.fold import unfold
from onestop.domain.moment import VIETNAM
from onestop.domain.procedure import Case, Resumption, in_case, procedure_to_dict, row_key
from onestop.domain.recount import recount
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.changing import RowChange, change_rows
from onestop.office.correcting import correct_dossier, lines_in_case, named_case, received_under
from onestop.office.intake import IntakeForm, component_lines, receive_dossier
from onestop.office.office import Office
from onestop.store.journal import read_journal
from tests.office_desk import OWNER, RECEPTION, SPECIALIST, UNIT, Seat, open_seat, seated

CHANGES = "1.004859"
CORRECTION, ADDITION, OTHER = "cai-chinh-ho-tich", "bo-sung-thong-tin-ho-tich", "xac-dinh-lai-dan-toc"
MORNING = datetime(2026, 11, 16, 9, 0, tzinfo=VIETNAM)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "a", at=MORNING) as made:
        yield made


def take_in(office: Office, code: str = CHANGES, case: str = CORRECTION) -> Dossier:
    asked = in_case(office.catalogue.procedure(code), case)
    lines = tuple(replace(line, is_given=line.needed, originals=1) for line in component_lines(asked))
    return receive_dossier(office, IntakeForm(code, OWNER, components=lines, case=case)).dossier


def in_other_case(office: Office, dossier: Dossier, case: str) -> Subject:
    subject = dossier.subject
    procedure = received_under(office.catalogue, subject.procedure)
    assert procedure is not None
    lines = lines_in_case(procedure, case, subject.components)
    return replace(subject, procedure=named_case(subject.procedure, procedure, case), components=lines)


def correct(office: Office, dossier: Dossier, case: str) -> Dossier:
    return correct_dossier(office, dossier.id, in_other_case(office, dossier, case), "Chọn nhầm").dossier


def test_the_due_date_is_computed_anew_from_the_moment_of_reception(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    dossier = take_in(office, case=ADDITION)
    promised = dossier.due_at
    seat.clock.at += timedelta(days=1)
    corrected = correct(office, dossier, CORRECTION)
    assert dossier.received_at
    wanted = due_date(office.calendar, TimeLimit(3, TimeUnit.WORKING_DAY), dossier.received_at)
    assert corrected.due_at == wanted.due_at
    assert (corrected.clock.due.value, corrected.clock.due.unit) == (3, "working_day")
    assert corrected.subject.procedure.case_name == "Cải chính hộ tịch"
    with office.store.read() as connection:
        steps = list(unfold(read_journal(connection, dossier.id)))
    first = steps[0].after
    assert first is not None
    assert first.due_at == promised


def test_a_correction_in_the_same_case_leaves_the_clock_alone(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    dossier = take_in(office)
    seat.clock.at += timedelta(days=1)
    subject = replace(dossier.subject, note="Ghi thêm")
    assert correct_dossier(office, dossier.id, subject, "Ghi chú").dossier.clock == dossier.clock


def test_papers_handed_in_stay_handed_in_under_their_name(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    birth = take_in(office, "1.001193", "")
    after = in_other_case(office, birth, "tre-em-bi-bo-roi")
    given = [line.no for line in after.components if line.is_given]
    assert [line.no for line in after.components] == [1, 3, 5, 6, 7]
    assert given == [1, 6]


def test_pauses_before_the_correction_count(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    dossier = take_in(office)
    deeds.forward(office, dossier.id, deeds.Target(UNIT, SPECIALIST))
    worker = seat.as_(SPECIALIST)
    deeds.take_over(worker, dossier.id)
    deeds.pause(worker, dossier.id, "other", "Chờ xác minh")
    seat.clock.at += timedelta(days=2)
    resumed = deeds.resume(worker, dossier.id, "Đã xác minh").dossier
    corrected = correct(office, resumed, OTHER)
    assert corrected.due_at == resumed.due_at  # the same limit in both cases
    with office.store.read() as connection:
        again = recount(unfold(read_journal(connection, dossier.id)), office.calendar)
    assert again is not None
    assert again.due.at == corrected.due_at


def test_an_old_dossier_is_corrected_by_the_version_it_was_received_under(tmp_path: Path) -> None:
    with seated(tmp_path / "a", at=MORNING) as made:
        old = made.office.catalogue.procedure(CHANGES)
        cases = tuple(replace(case, time_limit=TimeLimit(20, TimeUnit.WORKING_DAY)) for case in old.cases[:1])
        new = replace(old, cases=cases, effective_on="2026-11-18", resumption=Resumption.RESTART)
        change_rows(made.office, [RowChange("procedure", row_key(new), procedure_to_dict(new))], "Mới")
    seat = open_seat(tmp_path / "a", MORNING)
    try:
        office = seat.as_(RECEPTION)
        dossier = take_in(office, case=ADDITION)
        seat.clock.at = MORNING + timedelta(days=7)
        assert len(office.catalogue.procedure(CHANGES).cases) == 1  # today it has no such case
        corrected = correct(office, dossier, CORRECTION)
        assert corrected.clock.due.value == 3
        assert corrected.subject.procedure.version == dossier.subject.procedure.version
    finally:
        seat.store.close()


def test_a_case_without_a_time_limit_is_not_guessed(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    dossier = take_in(office, "2.000748", CORRECTION)
    with pytest.raises(InputError) as caught:
        correct(office, dossier, ADDITION)
    assert caught.value.field == "case"


def test_a_case_may_have_another_result(seat: Seat) -> None:
    procedure = seat.office.catalogue.procedure("1.000593")
    case = Case("c", "Ca", "", procedure.components, procedure.time_limit, result="Bản sao")
    cased = replace(procedure, cases=(case,))
    kept = take_in(seat.as_(RECEPTION), "1.000593", "").subject.procedure
    assert named_case(kept, cased, "c").result == "Bản sao"
    assert named_case(kept, cased, "") == kept
