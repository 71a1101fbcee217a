"""Procedures change on a day; a dossier keeps the version it was received under."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.moment import VIETNAM
from onestop.domain.procedure import Procedure, procedure_to_dict, row_key, version_of
from onestop.errors import InputError
from onestop.office.changing import RowChange, change_rows
from onestop.office.deeds import find_dossier
from onestop.office.office import Office
from onestop.office.paper_facts import Asked, receipt_facts
from onestop.office.versions import Versions
from tests.office_desk import FIVE_DAYS, OWNER, RECEPTION, Seat, open_seat, receive, seated

CHANGES_ON = "2026-12-01"
BEFORE = datetime(2026, 11, 30, 9, 0, tzinfo=VIETNAM)


def newer(office: Office) -> Procedure:
    """Ten days instead of five, one paper less, from the first of December."""
    old = office.catalogue.procedure(FIVE_DAYS)
    limit = TimeLimit(10, TimeUnit.WORKING_DAY)
    return replace(old, time_limit=limit, components=old.components[1:], effective_on=CHANGES_ON)


def announce(seat: Seat) -> None:
    """The later version lies beside the one in force, as a pack or a hub puts it there."""
    one = newer(seat.office)
    change_rows(seat.office, [RowChange("procedure", row_key(one), procedure_to_dict(one))], "Thủ tục mới")


def test_a_version_comes_into_effect_at_midnight_while_the_desk_runs(tmp_path: Path) -> None:
    with seated(tmp_path / "a", at=BEFORE) as seat:
        announce(seat)
    seat = open_seat(tmp_path / "a", BEFORE.replace(hour=23, minute=59, second=30))
    try:
        catalogue = seat.office.catalogue
        assert catalogue.procedure(FIVE_DAYS).time_limit.value == 5
        assert [one.effective_on for one in catalogue.procedures if one.code == FIVE_DAYS] == [""]
        seat.clock.at += timedelta(minutes=1)
        assert catalogue.procedure(FIVE_DAYS).time_limit.value == 10
        assert [one.effective_on for one in catalogue.procedures if one.code == FIVE_DAYS] == [CHANGES_ON]
    finally:
        seat.store.close()


def test_a_dossier_keeps_the_version_it_was_received_under(tmp_path: Path) -> None:
    with seated(tmp_path / "a", at=BEFORE) as seat:
        announce(seat)
    seat = open_seat(tmp_path / "a", BEFORE)
    try:
        old = receive(seat)
        before = receipt_facts(Asked(seat.office, old, ()))
        seat.clock.at = BEFORE + timedelta(days=2)
        again = find_dossier(seat.office, old.id)
        assert again.subject == old.subject
        reprinted = receipt_facts(Asked(seat.office, again, ()))
        fields = {**reprinted.fields, "made_at": before.fields["made_at"]}
        assert replace(reprinted, made_at=before.made_at, fields=fields) == before
        new = receive(seat, owner=replace(OWNER, phone=""))
        assert (old.clock.due.value, new.clock.due.value) == (5, 10)
        assert new.subject.procedure.version == f"{old.subject.procedure.version}@{CHANGES_ON}"
        found = seat.office.catalogue.versions.find_version(FIVE_DAYS, old.subject.procedure.version)
        assert found is not None
        assert found.time_limit.value == 5
    finally:
        seat.store.close()


def test_versions_of_one_code_are_not_called_the_same(tmp_path: Path) -> None:
    with seated(tmp_path / "a") as seat:
        old = seat.office.catalogue.procedure(FIVE_DAYS)
        both = Versions((old, newer(seat.office)))
    assert len({version_of(one) for one in both.all}) == 2
    assert both == Versions(both.all)
    assert both != Versions((old,))
    assert both.find_version(FIVE_DAYS, "1999") is None


def test_a_procedure_not_yet_in_effect_cannot_be_received(tmp_path: Path) -> None:
    with seated(tmp_path / "a", at=BEFORE) as seat:
        coming = replace(newer(seat.office), code="9.000001")
        catalogue = replace(seat.office.catalogue, versions=Versions((coming,)))
        office = replace(seat.office, catalogue=catalogue)
        with pytest.raises(InputError):
            office.catalogue.procedure("9.000001")
        seat.clock.at += timedelta(days=1)
        assert office.catalogue.procedure("9.000001") is coming


def test_each_officer_and_each_clock_sees_its_own_day(tmp_path: Path) -> None:
    with seated(tmp_path / "a", at=BEFORE) as seat:
        both = Versions((seat.office.catalogue.procedure(FIVE_DAYS), newer(seat.office)))
        office = replace(seat.office, catalogue=replace(seat.office.catalogue, versions=both))
        later = replace(office.as_officer(RECEPTION), clock=lambda: BEFORE + timedelta(days=3))
        assert later.catalogue.procedure(FIVE_DAYS).time_limit.value == 10
        assert office.catalogue.procedure(FIVE_DAYS).time_limit.value == 5
