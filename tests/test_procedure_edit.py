"""Procedures under an administrator's hand: found, checked by field, previewed, kept in versions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onestop.domain.procedure import Case, Component, ComponentKind, Procedure, Resumption
from onestop.domain.time_limit import TimeLimit, TimeUnit
from onestop.errors import InputErrors
from onestop.office.changing import list_changes, undo_change
from onestop.office.procedure_edit import (
    FEES,
    LIMIT,
    Wanted,
    count_kept,
    lacks,
    narrow,
    preview_receipt,
    save_procedure,
    versions_of,
)
from tests.office_desk import ADMIN, FIVE_DAYS, RECEPTION, Seat, form, receive, seated
from tests.printing_samples import page_texts
from tests.test_merger import anew

BIRTH = "1.001193"


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def text_of(pdf: bytes) -> str:
    """Words of all pages with single blanks."""
    return " ".join(" ".join(page_texts(pdf)).split())


def of(seat: Seat, code: str = FIVE_DAYS) -> Procedure:
    return seat.office.catalogue.procedure(code)


def fields_of(errors: InputErrors) -> list[str]:
    return [error.field or "" for error in errors.errors]


def test_what_is_open_is_said_and_nothing_else(seat: Seat) -> None:
    plain = replace(of(seat), cases=(), ask=(), fees=(), fee_vnd=0)
    assert lacks(plain) == ()
    assert lacks(replace(plain, fee_vnd=None)) == (FEES,)
    assert lacks(replace(plain, time_limit=TimeLimit(0, TimeUnit.UNSPECIFIED))) == (LIMIT,)
    assert lacks(replace(plain, ask=("fees",))) == (FEES,)
    case = Case("x", "X", "", (), TimeLimit(0, TimeUnit.UNSPECIFIED))
    assert lacks(replace(plain, cases=(case,))) == (LIMIT,)


def test_the_list_is_narrowed_by_all_that_is_asked(seat: Seat) -> None:
    everyone = seat.office.catalogue.procedures
    lacking = narrow(everyone, Wanted(lacking=LIMIT))
    assert lacking
    assert all(LIMIT in lacks(one) for one in lacking)
    assert len(narrow(everyone, Wanted(lacking="any"))) >= len(lacking)
    births = narrow(everyone, Wanted(query="khai sinh", sector="Hộ tịch"))
    assert births[0].code == BIRTH
    assert {one.sector for one in births} == {"Hộ tịch"}
    assert {one.confidence for one in narrow(everyone, Wanted(confidence="medium"))} == {"medium"}
    assert narrow(everyone, Wanted()) == list(everyone)


def test_a_correction_takes_the_place_of_the_version_seen(seat: Seat) -> None:
    before = of(seat)
    dossier = receive(seat)
    wanted = replace(before, time_limit=TimeLimit(7, TimeUnit.WORKING_DAY), result=" Trích  lục ")
    save_procedure(seat.as_(ADMIN), wanted, is_new_version=False)
    after = anew(seat.office)
    assert after.catalogue.procedure(FIVE_DAYS).time_limit.value == 7
    assert after.catalogue.procedure(FIVE_DAYS).result == "Trích lục"
    assert dossier.clock.due.value == 5
    assert count_kept(after, FIVE_DAYS) == 1
    undo_change(after, list_changes(after)[0].id)
    assert anew(after).catalogue.procedure(FIVE_DAYS) == before


def test_a_new_version_waits_for_its_day(seat: Seat) -> None:
    before = of(seat)
    wanted = replace(before, time_limit=TimeLimit(3, TimeUnit.WORKING_DAY), effective_on="2026-12-01")
    save_procedure(seat.as_(ADMIN), wanted, is_new_version=True)
    after = anew(seat.office)
    assert [one.effective_on for one in versions_of(after, FIVE_DAYS)] == [before.effective_on, "2026-12-01"]
    assert after.catalogue.procedure(FIVE_DAYS).time_limit.value == 5
    seat.clock.at = seat.clock.at.replace(month=12, day=1)
    assert after.catalogue.procedure(FIVE_DAYS).time_limit.value == 3
    for day in ("", "2026-12-01", "2026-11-01"):
        with pytest.raises(InputErrors) as wrong:
            save_procedure(after, replace(wanted, effective_on=day), is_new_version=True)
        assert fields_of(wrong.value) == ["effective_on"]


def test_every_fault_is_named_at_its_field(seat: Seat) -> None:
    bad = Component(1, " ", ComponentKind.SUBMIT, True, 0, 120, "")
    case = Case("a", "Trường hợp A", "", (bad,), TimeLimit(0, TimeUnit.WORKING_DAY), fees=("no-such",))
    twin = replace(
        case, id="b", name="truong hop a", components=(), fees=(), time_limit=TimeLimit(1, TimeUnit.HOUR)
    )
    wanted = replace(
        of(seat),
        name="",
        time_limit=TimeLimit(5000, TimeUnit.WORKING_DAY),
        online_limit=TimeLimit(-1, TimeUnit.HOUR),
        cases=(case, twin, replace(twin, id="c", name="")),
        grounds=("", " Luật  Hộ tịch 2014 "),
    )
    with pytest.raises(InputErrors) as wrong:
        save_procedure(seat.as_(ADMIN), wanted, is_new_version=False)
    assert fields_of(wrong.value) == [
        "name",
        "time_limit",
        "online_limit",
        "cases.1.name",
        "cases.1.time_limit",
        "cases.1.fees",
        "cases.1.components.1.name",
        "cases.1.components.1.copies",
        "cases.2.name",
        "cases.3.name",
    ]
    assert not list_changes(seat.office)


def test_what_the_administrator_says_is_no_longer_asked(seat: Seat) -> None:
    opened = replace(of(seat), ask=(LIMIT, FEES), resumption=Resumption.RESTART)
    save_procedure(seat.as_(ADMIN), opened, is_new_version=False)
    assert anew(seat.office).catalogue.procedure(FIVE_DAYS).ask == (FEES,)
    assert anew(seat.office).catalogue.procedure(FIVE_DAYS).resumption is Resumption.RESTART


def test_the_receipt_is_shown_under_the_new_rules_and_nothing_is_recorded(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    proof = Component(1, "Giấy chứng minh điều mới", ComponentKind.SUBMIT, True, 2, 1, "")
    wanted = replace(
        of(seat),
        cases=(),
        components=(proof,),
        time_limit=TimeLimit(9, TimeUnit.WORKING_DAY),
        effective_on="2026-12-01",
    )
    text = text_of(preview_receipt(office, wanted, "", is_online=False, size="A4"))
    assert "Giấy chứng minh điều mới" in text
    assert "9 ngày làm việc" in text
    assert "Nguyễn Văn Mẫu" in text
    assert "H56.99.88-261201-0000" in text
    with seat.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dossiers").scalar() == 0
    online = replace(wanted, online_limit=TimeLimit(4, TimeUnit.WORKING_DAY))
    assert "4 ngày làm việc" in text_of(preview_receipt(office, online, "", is_online=True, size="A4"))
    with pytest.raises(InputErrors):
        preview_receipt(office, replace(wanted, name=""), "", is_online=False)


def test_every_shipped_procedure_with_a_limit_gives_a_receipt_in_each_case(seat: Seat) -> None:
    """Each case of the first of every sector: the whole catalogue would take half a minute."""
    office = seat.as_(RECEPTION)
    seen = set()
    for procedure in office.catalogue.procedures:
        if procedure.sector in seen or LIMIT in lacks(procedure):
            continue
        seen.add(procedure.sector)
        ids = [case.id for case in procedure.cases] or [""]
        assert preview_receipt(office, procedure, ids[-1], is_online=False).startswith(b"%PDF")
    assert len(seen) > 5


def test_a_dossier_received_today_is_received_under_the_corrected_rules(seat: Seat) -> None:
    save_procedure(seat.as_(ADMIN), replace(of(seat), time_limit=TimeLimit(2, TimeUnit.WORKING_DAY)), False)
    after = replace(seat, office=anew(seat.office))
    assert receive(after).clock.due.value == 2
    assert form().procedure_code == FIVE_DAYS
