"""Taking a dossier in: every faulty field is named, and whatever is right is kept as it should be."""

import signal
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onestop.domain.dossier import Fee, State
from onestop.domain.moment import VIETNAM, local, local_day
from onestop.errors import InputError, InputErrors, RuleError
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import (
    IntakeForm,
    PartyForm,
    check_intake,
    component_lines,
    missing_components,
    preview_due,
    receive_dossier,
    refuse_intake,
    register_incomplete,
    submit_dossier,
)
from onestop.store.check import verify_store
from onestop.store.rows import get_local, keep_serial, list_reference
from tests.office_desk import (
    COUNTER,
    FIVE_DAYS,
    MORNING,
    OWNER,
    RECEPTION,
    SAME_DAY,
    SPECIALIST,
    UNIT,
    Seat,
    form,
    new_folder,
    open_seat,
    receive,
    seated,
)


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> object:
    with seated(tmp_path_factory.mktemp("intake")) as seat:
        yield seat


def fields_of(caught: pytest.ExceptionInfo[InputErrors]) -> list[str | None]:
    for error in caught.value.errors:
        assert error.title
        assert error.message
    return [error.field for error in caught.value.errors]


def owner(**changes: str) -> PartyForm:
    return replace(OWNER, **changes)


# ---- faulty fields --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "owner.name"),
        ({"name": "   "}, "owner.name"),
        ({"name": "123"}, "owner.name"),
        ({"id_number": ""}, "owner.id_number"),
        ({"id_number": "03819201234"}, "owner.id_number"),
        ({"id_number": "03819201234a"}, "owner.id_number"),
        ({"born_on": "31/02/1992"}, "owner.born_on"),
        ({"born_on": "1/13/1992"}, "owner.born_on"),
        ({"born_on": "1/1/2099"}, "owner.born_on"),
        ({"born_on": "hôm qua"}, "owner.born_on"),
        ({"phone": "12345"}, "owner.phone"),
        ({"email": "khong-co-a-cong"}, "owner.email"),
        ({"tax_code": "0101234560"}, "owner.tax_code"),
        ({"address": ""}, "owner.address"),
        ({"kind": "organisation", "tax_code": ""}, "owner.tax_code"),
    ],
)
def test_each_faulty_field_of_the_owner_is_named(seat: Seat, changes: dict[str, str], field: str) -> None:
    with pytest.raises(InputErrors) as caught:
        receive_dossier(seat.office, form(owner=owner(**changes)))
    assert field in fields_of(caught)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"procedure_code": ""}, "procedure"),
        ({"procedure_code": "9.999999"}, "procedure"),
        ({"procedure_code": "x" * 500}, "procedure"),
        ({"sets": 0}, "sets"),
        ({"sets": 100}, "sets"),
        ({"channel": "pigeon"}, "channel"),
        ({"fees": (Fee("levy", "Lệ phí", -1),)}, "fees"),
        ({"submitter": PartyForm(name="Đỗ Nam")}, "submitter.id_number"),
    ],
)
def test_each_faulty_field_of_the_form_is_named(seat: Seat, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InputErrors) as caught:
        submit_dossier(seat.office, form(**changes))  # type: ignore[arg-type]  # fields of IntakeForm by name
    assert field in fields_of(caught)


def test_all_faults_are_told_at_once(seat: Seat) -> None:
    faulty = IntakeForm("", PartyForm(name="", id_number="1", born_on="31/02/2000"), PartyForm(), sets=0)
    with pytest.raises(InputErrors) as caught:
        receive_dossier(seat.office, faulty)
    assert set(fields_of(caught)) >= {
        "procedure",
        "owner.name",
        "owner.id_number",
        "owner.born_on",
        "owner.address",
        "submitter.name",
        "submitter.id_number",
        "sets",
    }


def test_eleven_digits_are_counted_for_the_officer(seat: Seat) -> None:
    with pytest.raises(InputErrors) as caught:
        receive_dossier(seat.office, form(owner=owner(id_number="038 1920 1234")))
    (error,) = caught.value.errors
    assert "hiện có 11" in error.message


def test_a_faulty_form_leaves_no_trace(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        with pytest.raises(InputErrors):
            receive(seat, owner=owner(name=""))
        with pytest.raises(InputErrors):
            receive(seat, components=component_lines(seat.office.catalogue.procedure(FIVE_DAYS)))
        assert receive(seat).code == "H56.99.88-261120-0001"
        report = verify_store(seat.store)
        assert report.findings == []
        assert report.entries == 1


def test_a_text_too_long_for_an_entry_is_refused_in_words(seat: Seat) -> None:
    with pytest.raises(InputError, match="quá dài"):
        receive(seat, note="a" * 70_000)


# ---- names, births, numbers as they are kept ------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh"), "Nguyễn Thị Ngọc Ánh"),
        ("  Trần   Văn\tAn ", "Trần Văn An"),
        ("Y", "Y"),
        ("H’Nga Niê", "H'Nga Niê"),
        ("K'", "K'"),
        ("Y Khoa Êban", "Y Khoa Êban"),
    ],
)
def test_names_of_everybody_are_kept_in_one_form(seat: Seat, typed: str, kept: str) -> None:
    dossier = receive(seat, owner=owner(name=typed))
    assert dossier.owner.name == kept
    assert unicodedata.is_normalized("NFC", dossier.owner.name)


@pytest.mark.parametrize(
    ("typed", "kept"), [("1950", "1950"), ("2/1985", "1985-02"), ("01/02/1985", "1985-02-01"), ("", "")]
)
def test_births_of_which_only_the_year_is_known(seat: Seat, typed: str, kept: str) -> None:
    assert receive(seat, owner=owner(born_on=typed)).owner.born_on == kept


def test_an_implausible_number_is_a_warning_only(seat: Seat) -> None:
    received = receive_dossier(seat.office, form(owner=owner(born_on="1950")))
    assert any("1992" in words for words in received.warnings)
    assert received.dossier.state is State.RECEIVED


def test_an_organisation_comes_by_its_delegate(seat: Seat) -> None:
    company = PartyForm("organisation", "Công ty TNHH Sao Mai", address="Tân Hòa", tax_code="0100109106")
    dossier = receive(seat, owner=company, submitter=OWNER)
    assert dossier.owner.tax_code == "0100109106"
    assert dossier.subject.delegate == dossier.subject.submitter
    assert dossier.subject.submitter.name == "Lò Thị Đức"


# ---- components and time limits -------------------------------------------------------


def test_each_missing_component_is_named(seat: Seat) -> None:
    lines = component_lines(seat.office.catalogue.procedure(FIVE_DAYS))
    needed = [line.no for line in lines if line.needed]
    assert needed
    assert [line.no for line in missing_components(lines)] == needed
    with pytest.raises(InputErrors) as caught:
        receive(seat, components=lines)
    assert fields_of(caught) == [f"components.{no}" for no in needed]


def test_an_application_with_gaps_is_submitted_then_received(seat: Seat) -> None:
    lines = component_lines(seat.office.catalogue.procedure(FIVE_DAYS))
    submitted = submit_dossier(seat.office, form(components=lines))
    assert submitted.due is None
    assert submitted.dossier.due_at is None
    received = receive_dossier(seat.office, form(), submitted.dossier.id)
    assert received.dossier.code == submitted.dossier.code
    assert received.dossier.register_no == submitted.dossier.register_no
    assert received.dossier.due_at is not None
    with pytest.raises(RuleError):
        receive_dossier(seat.office, form(), submitted.dossier.id)


def _gaps(seat: Seat) -> IntakeForm:
    return form(components=component_lines(seat.office.catalogue.procedure(FIVE_DAYS)))


def test_registered_and_asked_for_more_at_once(seat: Seat) -> None:
    done = register_incomplete(seat.office, _gaps(seat), ("Bản chính  giấy chứng sinh", " "), "Chưa nộp")
    dossier = deeds.find_dossier(seat.office, done.dossier.id)
    assert dossier.state is State.AWAITING_SUPPLEMENT
    assert dossier.missing == ("Bản chính giấy chứng sinh",)
    assert dossier.code in done.words
    assert done.due is None
    assert verify_store(seat.store).is_clean


def test_no_request_no_registration(seat: Seat) -> None:
    """The second act is refused (no reason given), so the first never happened: no number is spent."""
    before = submit_dossier(seat.office, _gaps(seat)).dossier
    with pytest.raises(InputError, match="Lý do"):
        register_incomplete(seat.office, _gaps(seat), ("Giấy chứng sinh",), " ")
    after = submit_dossier(seat.office, _gaps(seat)).dossier
    assert (before.register_no, after.register_no) == (after.register_no - 1, before.register_no + 1)
    assert verify_store(seat.store).is_clean


KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from onestop.office import deeds
from onestop.office.intake import component_lines, register_incomplete
from tests.office_desk import FIVE_DAYS, form, open_seat
seat = open_seat(Path(sys.argv[1]))
write = deeds.record
def record(connection, pen, draft):
    if draft.act == "request_supplement":
        os.kill(os.getpid(), signal.SIGKILL)
    return write(connection, pen, draft)
deeds.record = record
lines = component_lines(seat.office.catalogue.procedure(FIVE_DAYS))
register_incomplete(seat.office, form(components=lines), ("Giấy chứng sinh",), "Chưa nộp")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill −9 is of POSIX")
def test_killed_between_the_two_acts_neither_is_there(tmp_path: Path) -> None:
    folder = new_folder(tmp_path)
    root = Path(__file__).resolve().parent.parent
    died = subprocess.run(
        [sys.executable, "-c", KILLED_BETWEEN, str(folder)], cwd=root, check=False, timeout=60
    )
    assert died.returncode == -signal.SIGKILL
    seat = open_seat(folder)
    try:
        report = verify_store(seat.store)
        assert (report.is_clean, report.dossiers, report.entries) == (True, 0, 0)
        assert submit_dossier(seat.office, _gaps(seat)).dossier.register_no == 1
    finally:
        seat.store.close()


def test_a_refusal_keeps_its_number_and_its_reason(seat: Seat) -> None:
    refused = refuse_intake(seat.office, form(), "Không thuộc thẩm quyền của UBND xã")
    assert refused.dossier.state is State.REFUSED
    assert refused.dossier.reason == "Không thuộc thẩm quyền của UBND xã"
    with pytest.raises(InputError, match="Lý do"):
        refuse_intake(seat.office, form(), " ")


def _unspecified(seat: Seat) -> str:
    return next(p.code for p in seat.office.catalogue.procedures if p.time_limit.unit == "unspecified")


@pytest.mark.parametrize(("value", "unit"), [(0, ""), (5, ""), (0, "working_day"), (5, "tuần"), (-1, "hour")])
def test_a_time_limit_the_catalogue_does_not_say_is_never_guessed(seat: Seat, value: int, unit: str) -> None:
    unsaid = form(_unspecified(seat), time_value=value, time_unit=unit)
    with pytest.raises(InputError) as caught:
        receive_dossier(seat.office, unsaid)
    assert caught.value.field == "time_limit"


def test_a_time_limit_typed_by_the_officer_counts(seat: Seat) -> None:
    typed = form(_unspecified(seat), time_value=3, time_unit="working_day")
    received = receive_dossier(seat.office, typed)
    assert received.due is not None
    assert received.due == preview_due(seat.office, typed, received.dossier.received_at)


def test_the_due_date_spells_out_its_reasons(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        due = receive_dossier(seat.office, form()).due
        assert due is not None
        # Friday + 5 working days, over a weekend and the holiday of 24/11.
        assert local_day(due.due_at).isoformat() == "2026-11-30"
        for words in ("5 ngày làm việc", "Thứ Bảy", "Chủ nhật", "24/11"):
            assert words in due.explanation


@pytest.mark.parametrize(("hour", "minute", "day"), [(14, 59, "2026-11-20"), (15, 1, "2026-11-23")])
def test_a_same_day_procedure_after_three_is_due_the_next_working_day(
    tmp_path: Path, hour: int, minute: int, day: str
) -> None:
    with seated(tmp_path, at=MORNING.replace(hour=hour, minute=minute)) as seat:
        due_at = receive(seat, procedure=SAME_DAY).due_at
        assert due_at is not None
        assert local_day(due_at).isoformat() == day


def test_the_subject_is_checked_without_being_saved(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        subject, warnings = check_intake(seat.office, form())
        assert subject.procedure.code == FIVE_DAYS
        assert subject.content == subject.procedure.name
        assert warnings == ()
        assert verify_store(seat.store).entries == 0


# ---- codes ----------------------------------------------------------------------------


def test_two_desks_never_give_the_same_code(tmp_path: Path) -> None:
    """A whole block of 350 at each desk, and on into the emergency block."""
    codes: list[str] = []
    for index in (1, 2):
        seat = open_seat(new_folder(tmp_path / f"desk{index}", index))
        codes += [receive(seat).code for _ in range(360)]
        seat.store.close()
    assert len(set(codes)) == 720
    serials = [int(code.rsplit("-", 1)[1]) for code in codes]
    assert serials[:360] == [*range(1, 351), *range(8000, 8010)]
    assert serials[360:] == [*range(351, 701), *range(8100, 8110)]


def test_the_next_day_begins_anew_and_the_register_goes_on(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        first = receive(seat)
        seat.clock.at += timedelta(days=3)
        second = receive(seat)
        assert (first.code, first.register_no) == ("H56.99.88-261120-0001", 1)
        assert (second.code, second.register_no) == ("H56.99.88-261123-0001", 2)
        seat.clock.at = datetime(2027, 1, 4, 8, 0, tzinfo=VIETNAM)
        assert receive(seat).register_no == 1


def test_a_counter_that_ran_out_says_so(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        with seat.store.write() as connection:
            keep_serial(connection, "code H56.99.88 261120", 10999)
        with pytest.raises(RuleError, match="Đã dùng hết số thứ tự"):
            receive(seat)


def test_only_reception_takes_in(seat: Seat) -> None:
    for officer in (SPECIALIST, "u-hoa", "u-vy"):
        with pytest.raises(RuleError, match="không có quyền"):
            receive_dossier(seat.as_(officer), form())


# ---- the clock of the machine ---------------------------------------------------------


def test_a_clock_set_back_a_year_before_the_start(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        receive(seat)
    seat = open_seat(tmp_path, MORNING - timedelta(days=365))
    assert "chạy lùi" in seat.office.clock_trouble()
    _works_on(seat)


def test_a_clock_set_back_a_year_while_the_desk_is_open(tmp_path: Path) -> None:
    seat = open_seat(new_folder(tmp_path))
    receive(seat)
    assert seat.office.clock_trouble() == ""
    seat.clock.at = MORNING - timedelta(days=365)
    assert "chạy lùi" in seat.as_(SPECIALIST).clock_trouble()
    _works_on(seat)


def _works_on(seat: Seat) -> None:
    """A dossier with a pause: no date falls before another, the code is of the right day."""
    dossier = receive(seat)
    assert dossier.code.startswith("H56.99.88-261120-")
    assert dossier.received_at is not None
    assert dossier.due_at is not None
    assert dossier.due_at > dossier.received_at
    assert local(dossier.received_at).date() == MORNING.date()
    deeds.forward(seat.as_(RECEPTION), dossier.id, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier.id)
    deeds.pause(seat.as_(SPECIALIST), dossier.id, "verify", "Chờ xác minh")
    resumed = deeds.resume(seat.as_(SPECIALIST), dossier.id, "Đã xác minh").dossier
    (pause,) = resumed.clock.pauses
    assert pause[0] < pause[1]
    assert verify_store(seat.store).findings == []
    seat.store.close()


def test_the_practice_office_is_what_its_pack_says(tmp_path: Path) -> None:
    with seated(tmp_path, index=2) as seat, seat.store.read() as connection:
        assert get_local(connection, "desk")["index"] == 2
        assert len(list_reference(connection, "procedure")) == 142
        assert seat.office.officer.unit == COUNTER
