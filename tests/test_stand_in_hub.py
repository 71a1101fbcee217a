"""What the hub says of entries that a stand-in wrote: it goes by its own rows, on the day of the entry."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.stand_in import StandIn, stand_in_to_dict
from onestop.domain.state import Role, State
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import receive_dossier
from onestop.store.rows import put_reference
from tests.hub_desk import Hub, hub_in, reopened
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
    form,
    new_folder,
    open_seat,
)

AWAY = StandIn("nghi-1", HEAD, OTHER_SPECIALIST, "2026-11-20", "2026-11-27", frozenset({Role.HEAD}), "Ốm")
ROLES = {
    RECEPTION: (COUNTER, {Role.RECEPTION}),
    SPECIALIST: (UNIT, {Role.SPECIALIST}),
    OTHER_SPECIALIST: ("kinh-te", {Role.SPECIALIST}),
    HEAD: (UNIT, {Role.HEAD}),
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path / "hub") as made:
        for officer, (unit, roles) in ROLES.items():
            made.grant(officer, roles, unit=unit)
            made.put_row("officer", officer, _officer(officer))
        yield made


@pytest.fixture
def seat(tmp_path: Path, hub: Hub) -> Iterator[Seat]:
    """A desk of the hub that has met it: its officers write under grants of the hub."""
    made = hub.join(open_seat(new_folder(tmp_path / "desk")))
    hub.meet(made)
    hub.meet(made)
    made.clock.at = hub.now  # what it writes is not older than what it has seen
    yield made
    made.store.close()


def _officer(officer: str) -> dict[str, Any]:
    unit, roles = ROLES[officer]
    return {"id": officer, "name": officer, "roles": sorted(roles), "unit": unit, "title": ""}


def decided_by_stand_in(seat: Seat) -> str:
    """The head is away; the stand-in takes his folder and approves. The desk knows the stand-in."""
    with seat.store.write() as connection:
        put_reference(connection, "stand_in", AWAY.id, "1", stand_in_to_dict(AWAY))
    seat = reopened(seat)
    dossier = receive_dossier(seat.as_(RECEPTION), form(FIVE_DAYS)).dossier.id
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    deeds.propose(seat.as_(SPECIALIST), dossier, "Đủ điều kiện.", Target(UNIT, HEAD))
    deeds.take_over(seat.as_(OTHER_SPECIALIST), dossier)
    deeds.approve(seat.as_(OTHER_SPECIALIST), dossier, Target(LEADERS, LEADER))
    return dossier


def verdicts(hub: Hub, seat: Seat) -> list[tuple[str, str]]:
    return [(receipt.verdict, receipt.code) for receipt in hub.push_all(seat)]


def test_what_the_hub_s_rows_tell_is_accepted(hub: Hub, seat: Seat) -> None:
    hub.put_row("stand_in", AWAY.id, stand_in_to_dict(AWAY))
    dossier = decided_by_stand_in(seat)
    assert verdicts(hub, seat) == [("accepted", "")] * 6
    hub.meet(seat)
    assert deeds.find_dossier(seat.office, dossier).state is State.APPROVED


@pytest.mark.parametrize(
    "known",
    [
        None,
        replace(AWAY, begins_on="2026-11-21"),
        replace(AWAY, stand_in=SPECIALIST),
        replace(AWAY, officer=SPECIALIST, roles=frozenset({Role.SPECIALIST})),
        replace(AWAY, roles=frozenset({Role.CLERK})),
    ],
    ids=["not told", "another day", "another stand-in", "for another", "a role the absent one has not"],
)
def test_what_they_do_not_tell_waits_for_a_person(hub: Hub, seat: Seat, known: StandIn | None) -> None:
    if known is not None:
        hub.put_row("stand_in", known.id, stand_in_to_dict(known))
    dossier = decided_by_stand_in(seat)
    *before, last = verdicts(hub, seat)
    assert last[0] == "flagged"
    assert last[1] in ("ROLE", "ILLEGAL")
    assert before[:4] == [("accepted", "")] * 4
    hub.meet(seat)
    waiting = deeds.find_dossier(seat.office, dossier)
    assert waiting.state is State.PROPOSED  # a decision that is flagged has no effect until ratified
