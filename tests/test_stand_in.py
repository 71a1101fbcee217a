"""Stand-ins: while an officer is away somebody else acts for him, and every entry says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.acts import Act
from onestop.domain.legality import Absent, Actor, acting_as, legal_acts
from onestop.domain.stand_in import (
    StandIn,
    check_stand_in,
    stand_in_from_dict,
    stand_in_to_dict,
    standing_in_for,
    who_stands_in,
)
from onestop.domain.state import Role, State
from onestop.errors import InputError, RuleError
from onestop.office import deeds
from onestop.office.changing import RowChange, change_rows
from onestop.office.deeds import Target
from onestop.office.facts_control import hand_overs
from onestop.office.found import open_office
from onestop.office.intake import receive_dossier
from onestop.office.office import Office
from onestop.office.timeline import read_timeline
from onestop.office.work import Worklist
from onestop.store.glance import Glance
from onestop.store.journal import read_journal
from onestop.store.vault import load_key
from tests.office_desk import (
    COUNTER,
    FIVE_DAYS,
    HEAD,
    LEADER,
    LEADERS,
    OTHER_SPECIALIST,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    new_folder,
    open_seat,
)
from tests.office_desk import form as intake_form

AWAY = StandIn(
    "nghi-phep-1", HEAD, OTHER_SPECIALIST, "2026-11-20", "2026-11-27", frozenset({Role.HEAD}), "Nghỉ phép"
)
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 27)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    made = open_seat(new_folder(tmp_path))
    yield made
    made.store.close()


def with_stand_in(seat: Seat, one: StandIn = AWAY) -> Seat:
    change_rows(seat.office, [RowChange("stand_in", one.id, stand_in_to_dict(one))], "Uỷ quyền xử lý thay")
    office = open_office(seat.store, seat.clock, seat.clock.boot, RECEPTION)
    return replace(seat, office=office)


def proposed(seat: Seat) -> str:
    """A dossier that lies with the head of unit."""
    dossier = receive_dossier(seat.as_(RECEPTION), intake_form(FIVE_DAYS)).dossier.id
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    deeds.propose(seat.as_(SPECIALIST), dossier, "Đủ điều kiện.", Target(UNIT, HEAD))
    return dossier


def facts_of(office: Office, dossier: str) -> dict[str, Any]:
    """Of the last entry."""
    with office.store.read() as connection:
        return read_journal(connection, dossier)[-1][0].facts() or {}


def test_it_goes_through_its_row_unchanged() -> None:
    assert stand_in_from_dict(stand_in_to_dict(AWAY)) == AWAY


@pytest.mark.parametrize(
    ("day", "is_there"),
    [
        (date(2026, 11, 19), False),
        (FIRST, True),
        (date(2026, 11, 24), True),
        (LAST, True),
        (date(2026, 11, 28), False),
    ],
)
def test_it_holds_from_its_first_to_its_last_day(day: date, is_there: bool) -> None:
    assert bool(standing_in_for([AWAY], OTHER_SPECIALIST, day)) is is_there
    assert (who_stands_in([AWAY], HEAD, day) is AWAY) is is_there
    assert not standing_in_for([AWAY], HEAD, day)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(AWAY, officer=""), "officer"),
        (replace(AWAY, stand_in=HEAD), "stand_in"),
        (replace(AWAY, ends_on="2026-11-19"), "ends_on"),
        (replace(AWAY, roles=frozenset({Role.LEADER})), "roles"),
        (replace(AWAY, roles=frozenset()), "roles"),
        (replace(AWAY, id="khac", begins_on="2026-11-27", ends_on="2026-12-01"), "begins_on"),
    ],
)
def test_what_is_wrong_is_named(wrong: StandIn, field: str) -> None:
    with pytest.raises(InputError) as caught:
        check_stand_in(wrong, [AWAY], frozenset({Role.HEAD}))
    assert caught.value.field == field


def test_another_time_of_the_same_officer_is_no_trouble() -> None:
    later = replace(AWAY, id="khac", begins_on="2026-11-28", ends_on="2026-12-01")
    check_stand_in(later, [AWAY], frozenset({Role.HEAD}))
    check_stand_in(AWAY, [AWAY, later], frozenset({Role.HEAD}))


def test_what_one_may_oneself_is_done_in_no_other_name() -> None:
    actor = Actor("b", frozenset({Role.HEAD}), "x", absent=(Absent("a", frozenset({Role.LEADER}), "y"),))
    assert acting_as(Act.ADD_NOTE, None, actor).stands_for == ""
    assert [hat.stands_for for hat in actor.hats()] == ["", "a"]
    # Two officers away: the roles of one are not lent to the other's folders.
    two = replace(actor, absent=(*actor.absent, Absent("c", frozenset({Role.CLERK}), "z")))
    assert [sorted(hat.roles - {Role.HEAD}) for hat in two.hats()] == [[], [Role.LEADER], [Role.CLERK]]


def test_the_stand_in_decides_in_the_others_name(seat: Seat) -> None:
    dossier = proposed(seat)
    before = deeds.find_dossier(seat.office, dossier)
    assert Act.APPROVE not in legal_acts(before, seat.as_(OTHER_SPECIALIST).actor)
    seat = with_stand_in(seat)
    office = seat.as_(OTHER_SPECIALIST)
    assert Act.APPROVE in legal_acts(before, office.actor)
    deeds.take_over(office, dossier)
    held = deeds.find_dossier(office, dossier)
    assert held.holder is not None
    assert held.holder.officer == HEAD
    assert deeds.approve(office, dossier, Target(LEADERS, LEADER)).dossier.state is State.APPROVED
    assert facts_of(office, dossier)["on_behalf_of"] == HEAD
    # What was sent in his name may be called back by either of them.
    assert Act.RECALL in legal_acts(deeds.find_dossier(office, dossier), office.actor)
    assert Act.RECALL in legal_acts(deeds.find_dossier(office, dossier), seat.as_(HEAD).actor)


def test_on_another_day_nothing_is_lent(seat: Seat) -> None:
    dossier = proposed(seat)
    later = with_stand_in(seat, replace(AWAY, begins_on="2026-11-21")).as_(OTHER_SPECIALIST)
    with pytest.raises(RuleError):
        deeds.approve(later, dossier, Target(LEADERS, LEADER))


def test_only_the_roles_named_are_lent(seat: Seat) -> None:
    seat = with_stand_in(seat, replace(AWAY, officer=LEADER, roles=frozenset({Role.LEADER, Role.CLERK})))
    absent = seat.as_(OTHER_SPECIALIST).actor.absent
    assert absent == (Absent(LEADER, frozenset({Role.LEADER}), LEADERS),)  # the leader is no clerk


def test_own_acts_carry_no_other_name(seat: Seat) -> None:
    seat = with_stand_in(seat)
    dossier = receive_dossier(seat.as_(RECEPTION), intake_form(FIVE_DAYS)).dossier.id
    deeds.forward(seat.as_(RECEPTION), dossier, Target("kinh-te", OTHER_SPECIALIST))
    deeds.take_over(seat.as_(OTHER_SPECIALIST), dossier)
    assert "on_behalf_of" not in facts_of(seat.office, dossier)


def test_journal_and_control_slip_say_for_whom(seat: Seat) -> None:
    seat = with_stand_in(seat)
    dossier_id = proposed(seat)
    office = seat.as_(OTHER_SPECIALIST)
    deeds.take_over(office, dossier_id)
    deeds.approve(office, dossier_id, Target(LEADERS, LEADER))
    dossier, moments = read_timeline(office, dossier_id)
    assert [m.lines[0] for m in moments[-2:]] == ["Thay Vũ Thanh Bình"] * 2
    assert moments[-1].officer == "Phạm Đăng Khôi"
    with office.store.read() as connection:
        journal = read_journal(connection, dossier_id)
    blocks = hand_overs(office.catalogue, dossier, [entry for entry, _ in journal])
    assert blocks[-1]["from_officer"] == "Phạm Đăng Khôi (thay Vũ Thanh Bình)"
    assert blocks[-2]["to_officer"] == "Phạm Đăng Khôi (thay Vũ Thanh Bình)"


def test_the_queue_shows_the_others_dossiers_too(seat: Seat) -> None:
    dossier = proposed(seat)
    glance = Glance(seat.folder / "onestop.db", load_key(seat.folder))
    office = seat.as_(OTHER_SPECIALIST)
    alone = Worklist(glance.rows, office.officer, office.catalogue, seat.clock)
    assert dossier not in [work.row.id for work in alone.page(alone.tabs()[0].view)]
    both = replace(alone, catalogue=with_stand_in(seat).office.catalogue)
    rows = both.page(both.tabs()[0].view)
    assert dossier in [work.row.id for work in rows]
    assert all(both.is_mine(work.row) for work in rows)
    assert both.roles() == {Role.SPECIALIST, Role.HEAD}
    glance.close()


def test_who_stands_in_at_the_counter_receives_there(seat: Seat) -> None:
    counter = replace(AWAY, officer=RECEPTION, roles=frozenset({Role.RECEPTION}))
    office = with_stand_in(seat, counter).as_(OTHER_SPECIALIST)
    assert office.counter == COUNTER
    done = receive_dossier(office, intake_form(FIVE_DAYS))
    assert done.dossier.custody.counter == COUNTER
    assert facts_of(office, done.dossier.id)["on_behalf_of"] == RECEPTION
    assert seat.as_(OTHER_SPECIALIST).counter == "kinh-te"
