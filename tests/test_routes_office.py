"""Routes at a real office: where dossiers stand, who is next, what is refused when a route is saved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from onestop.domain.acts import RULES, Act
from onestop.domain.moment import VIETNAM, local_day
from onestop.domain.route import Route, Step, route_from_dict, route_key
from onestop.domain.state import Role
from onestop.domain.work import QueueRow
from onestop.errors import InputErrors
from onestop.office import deeds
from onestop.office.changing import list_changes, undo_change
from onestop.office.deeds import Target
from onestop.office.found import open_office
from onestop.office.intake import receive_dossier
from onestop.office.office import Office, Officer
from onestop.office.route_saving import (
    check_for_procedures,
    drop_route,
    find_routes,
    new_route_id,
    room_of,
    save_route,
)
from onestop.office.routes import (
    Pressure,
    Standing,
    list_standings,
    next_receiver,
    next_words,
    return_words,
    route_of,
)
from onestop.office.work import Worklist
from onestop.store.glance import Glance
from onestop.store.rows import list_reference
from onestop.store.vault import load_key
from tests.office_desk import (
    ADMIN,
    CLERK,
    HEAD,
    LEADER,
    LEADERS,
    OTHER_UNIT,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    form,
    new_folder,
    open_seat,
)

MARITAL_STATUS = "1.004873"  # three working days; its own route asks another office in step 3


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    made = open_seat(new_folder(tmp_path))
    yield made
    made.store.close()


@pytest.fixture
def glance(seat: Seat) -> Iterator[Glance]:
    made = Glance(seat.folder / "onestop.db", load_key(seat.folder))
    yield made
    made.close()


def standing(seat: Seat, glance: Glance, dossier: str, now: datetime) -> Standing | None:
    worklist = Worklist(glance.rows, seat.office.officer, seat.office.catalogue, lambda: now)
    work = worklist.find(dossier)
    assert work is not None
    return list_standings(glance.rows, seat.office.catalogue, [work.row], now).get(dossier)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def told(found: Standing | None, now: datetime) -> str:
    return found.words(now) if found else ""


def reopened(seat: Seat) -> Office:
    """With the rows as they are now."""
    return open_office(seat.store, seat.clock, seat.clock.boot, ADMIN)


def route(office: Office, ident: str) -> Route:
    return next(each for each in office.catalogue.routes if each.id == ident)


# ---- where a dossier stands -----------------------------------------------------------


def test_a_dossier_goes_its_route_step_by_step(seat: Seat, glance: Glance) -> None:
    now = at(20, 9)
    dossier = receive_dossier(seat.as_(RECEPTION), form(MARITAL_STATUS)).dossier.id
    steps = []

    def look() -> None:
        found = standing(seat, glance, dossier, now)
        steps.append(found.step.no if found else 0)

    look()
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    look()
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    deeds.consult(seat.as_(SPECIALIST), dossier, OTHER_UNIT, "Người này có thường trú không?")
    look()
    asked = deeds.find_dossier(seat.office, dossier).consultations[0].id
    deeds.give_opinion(seat.as_("u-khoi"), dossier, asked, "Có.")
    look()
    deeds.propose(seat.as_(SPECIALIST), dossier, "Đủ điều kiện.", Target(UNIT, HEAD))
    look()
    deeds.approve(seat.as_(HEAD), dossier, Target(LEADERS, LEADER))
    look()
    deeds.sign(seat.as_(LEADER), dossier, Target(UNIT, CLERK))
    look()
    deeds.complete(seat.as_(CLERK), dossier, "1/GXN", local_day(now))
    look()
    deeds.hand_out(seat.as_(RECEPTION), dossier, "Lò Thị Đức", "in_person")
    look()
    assert steps == [1, 2, 3, 2, 4, 5, 6, 7, 0]


def test_the_step_is_due_in_its_hours_from_its_arrival(seat: Seat, glance: Glance) -> None:
    dossier = receive_dossier(seat.as_(RECEPTION), form(MARITAL_STATUS)).dossier.id
    seat.clock.at = at(20, 10)
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    seat.clock.at = at(20, 14)
    deeds.take_over(seat.as_(SPECIALIST), dossier)  # taking it over gives no time anew
    # Eight hours from Friday 10:00:01: five on Friday, three on Monday.
    cases = ((at(20, 15), Pressure.IN_TIME), (at(23, 9), Pressure.SOON), (at(23, 11), Pressure.OVERDUE))
    for now, pressure in cases:
        found = standing(seat, glance, dossier, now)
        assert found is not None
        assert found.due_at is not None
        assert found.due_at.replace(microsecond=0) == at(23, 10).replace(second=1)
        assert found.pressure is pressure
    last = standing(seat, glance, dossier, at(23, 9))
    step = "Bước 2/7: Kiểm tra, tra cứu dữ liệu hộ tịch"
    assert told(last, at(23, 9)) == f"{step} · sắp hết hạn của bước: 10:00 hôm nay"
    late = standing(seat, glance, dossier, at(25, 9))
    assert told(late, at(25, 9)) == f"{step} · quá hạn của bước từ 23/11/2026 10:00"


def test_while_paused_no_step_is_due_and_the_pause_is_not_its_time(seat: Seat, glance: Glance) -> None:
    dossier = receive_dossier(seat.as_(RECEPTION), form(MARITAL_STATUS)).dossier.id
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    first = standing(seat, glance, dossier, at(20, 9))
    seat.clock.at = at(20, 9)
    deeds.pause(seat.as_(SPECIALIST), dossier, "other", "Chờ xác minh.")
    still = standing(seat, glance, dossier, at(20, 10))
    assert still is not None
    assert (still.step.no, still.due_at, still.pressure) == (2, None, Pressure.NONE)
    assert told(still, at(20, 10)) == "Bước 2/7: Kiểm tra, tra cứu dữ liệu hộ tịch"
    seat.clock.at = at(20, 11)
    deeds.resume(seat.as_(SPECIALIST), dossier, "Đã có kết quả xác minh.")
    after = standing(seat, glance, dossier, at(20, 14))
    assert first is not None
    assert after is not None
    assert first.due_at is not None
    assert after.due_at is not None
    moved = after.due_at - first.due_at
    assert 119 * 60 <= moved.total_seconds() <= 121 * 60


def test_a_list_asks_twice_for_any_number_of_rows(seat: Seat, glance: Glance) -> None:
    ids = [receive_dossier(seat.as_(RECEPTION), form(MARITAL_STATUS)).dossier.id for _ in range(5)]
    worklist = Worklist(glance.rows, seat.office.officer, seat.office.catalogue, seat.clock)
    rows: list[QueueRow] = [work.row for work in worklist.newest()]
    asked: list[str] = []

    def run(sql: str, values: dict[str, object]) -> object:
        asked.append(sql)
        return glance.rows(sql, values)

    found = list_standings(run, seat.office.catalogue, rows, at(20, 9))  # type: ignore[arg-type]  # what it gives is passed on
    assert set(ids) <= set(found)
    assert len(asked) == 2
    assert list_standings(run, replace(seat.office.catalogue, routes=()), rows, at(20, 9)) == {}  # type: ignore[arg-type]  # as above


# ---- who is next ----------------------------------------------------------------------


def test_the_route_names_the_next_receiver(seat: Seat) -> None:
    def officer_for(by: str, act: Act) -> str:
        roles = {Act.FORWARD: RULES[Act.TAKE_OVER].roles, Act.PROPOSE: RULES[Act.APPROVE].roles}
        roles |= {Act.APPROVE: frozenset({Role.LEADER}), Act.SIGN: frozenset({Role.CLERK})}
        found = next_receiver(seat.as_(by), deeds.find_dossier(seat.office, dossier), roles[act])
        assert isinstance(found, Officer)
        return found.id

    dossier = receive_dossier(seat.as_(RECEPTION), form(MARITAL_STATUS)).dossier.id
    assert officer_for(RECEPTION, Act.FORWARD) == SPECIALIST
    deeds.forward(seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST))
    deeds.take_over(seat.as_(SPECIALIST), dossier)
    assert officer_for(SPECIALIST, Act.PROPOSE) == HEAD
    deeds.propose(seat.as_(SPECIALIST), dossier, "Đủ điều kiện.", Target(UNIT, HEAD))
    assert officer_for(HEAD, Act.APPROVE) == LEADER
    deeds.approve(seat.as_(HEAD), dossier, Target(LEADERS, LEADER))
    assert officer_for(LEADER, Act.SIGN) == CLERK


def test_a_unit_of_the_step_comes_before_the_routing(seat: Seat) -> None:
    catalogue = seat.office.catalogue
    own = route(seat.office, "xac-nhan-hon-nhan")
    steps = tuple(replace(s, unit=OTHER_UNIT) if s.no == 2 else s for s in own.steps)
    office = replace(seat.as_(RECEPTION), catalogue=replace(catalogue, routes=(replace(own, steps=steps),)))
    dossier = receive_dossier(seat.as_(RECEPTION), form(MARITAL_STATUS)).dossier
    found = next_receiver(office, dossier, {Role.SPECIALIST})
    assert isinstance(found, Officer)
    assert found.id == "u-khoi"
    nobody = replace(office, catalogue=replace(office.catalogue, officers=()))
    assert next_receiver(nobody, dossier, {Role.SPECIALIST}) == OTHER_UNIT
    assert (
        next_receiver(replace(office, catalogue=replace(catalogue, routes=())), dossier, {Role.HEAD}) is None
    )


def test_the_route_s_rules_are_said_where_the_acts_are(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    dossier = receive_dossier(office, form(MARITAL_STATUS)).dossier
    assert next_words(office, dossier) == (
        "Theo quy trình, bước kế tiếp: 2. Kiểm tra, tra cứu dữ liệu hộ tịch"
    )
    sent = deeds.forward(office, dossier.id, Target(UNIT, SPECIALIST)).dossier
    assert next_words(office, sent) == (
        "Theo quy trình, bước kế tiếp: 4. Soát hồ sơ, dự thảo kết quả (có thể bỏ qua)"
    )
    assert return_words(office, sent) == ""
    own = route(office, "xac-nhan-hon-nhan")
    steps = tuple(replace(s, may_return=s.no != 2) for s in own.steps)
    strict = replace(office, catalogue=replace(office.catalogue, routes=(replace(own, steps=steps),)))
    assert return_words(strict, sent).startswith("Quy trình không có đường trả lại từ bước 2")
    silent = replace(office, catalogue=replace(office.catalogue, routes=()))
    assert (next_words(silent, sent), return_words(silent, sent)) == ("", "")


# ---- saving ---------------------------------------------------------------------------


def longer(one: Route, minutes: int) -> Route:
    steps = tuple(replace(s, minutes=minutes) if s.no == 2 else s for s in one.steps)
    return replace(one, steps=steps)


def test_a_route_too_long_for_its_procedure_is_refused_by_name(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    wrong = longer(route(office, "xac-nhan-hon-nhan"), 960)
    with pytest.raises(InputErrors) as caught:
        save_route(office, wrong)
    first = caught.value.errors[0]
    assert first.title == "Thủ tục 1.004873: vượt thời hạn 1 ngày"
    assert (
        "Xác nhận tình trạng hôn nhân" in first.message
        or "xác nhận tình trạng hôn nhân" in first.message.lower()
    )
    assert "2 (2 ngày)" in first.message
    assert not list_changes(office)


def test_a_change_is_a_version_of_its_day_and_can_be_undone(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    old = route(office, "xac-nhan-hon-nhan")
    made = save_route(office, longer(old, 420), date(2026, 11, 23))
    assert made.words == "Sửa quy trình: Xác nhận tình trạng hôn nhân"
    catalogue = reopened(seat).catalogue
    friday = route_of(catalogue, MARITAL_STATUS, date(2026, 11, 20))
    monday = route_of(catalogue, MARITAL_STATUS, date(2026, 11, 23))
    assert friday == old  # a dossier received before that day goes on as it was
    assert monday is not None
    assert (monday.time(), route_key(monday)) == (old.time() - 60, "xac-nhan-hon-nhan@2026-11-23")
    undo_change(office, made.id)
    assert route_of(reopened(seat).catalogue, MARITAL_STATUS, date(2026, 11, 23)) == old


def test_a_day_gone_by_and_codes_of_others_are_refused(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    old = route(office, "xac-nhan-hon-nhan")
    with pytest.raises(InputErrors) as caught:
        save_route(office, replace(old, procedure_codes=("1.001193", "9.9")), date(2026, 11, 19))
    fields = [error.field for error in caught.value.errors]
    # The births of one day have a route of their own, and no room for three days.
    assert fields == ["procedure_codes", "procedure_codes", "minutes", "minutes", "effective_on"]


def test_a_new_route_holds_from_the_beginning_and_can_be_dropped(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    name = "Cấp phép vỉa hè"
    ident = new_route_id(office.catalogue, name)
    assert ident == "cap-phep-via-he"
    assert new_route_id(office.catalogue, "Trích lục") == "trich-luc-2"
    base = route(office, "chung-5")
    made = Route(ident, name, ("1.013274",), "", base.steps, ground="QĐ 12/QĐ-UBND")
    save_route(office, made)
    office = reopened(seat)
    found = route_of(office.catalogue, "1.013274", date(2026, 1, 5))
    assert found is not None
    assert (found.id, found.effective_on, found.ground) == (ident, "", "QĐ 12/QĐ-UBND")
    drop_route(office, found)
    general = route_of(reopened(seat).catalogue, "1.013274", date(2026, 11, 20))
    assert general is not None
    assert general.id == "chung-5"


def test_what_the_editor_measures_against(seat: Seat) -> None:
    catalogue = seat.office.catalogue
    own = route(seat.office, "xac-nhan-hon-nhan")
    assert room_of(catalogue, own).minutes == 1440
    assert room_of(catalogue, own).words == "3 ngày làm việc · 1.004873"
    assert room_of(catalogue, route(seat.office, "chung-3")).minutes is None
    unknown = replace(own, steps=tuple(replace(s, unit="phong-ma") for s in own.steps))
    assert {each.field for each in check_for_procedures(catalogue, unknown)} == {"unit"}


@pytest.mark.parametrize(
    ("query", "ident"),
    [
        ("hon nhan", "xac-nhan-hon-nhan"),
        ("1.012812", "hoa-giai-dat-dai"),
        ("khai sinh lai", "dang-ky-lai-ho-tich"),
    ],
)
def test_routes_are_found_without_marks(seat: Seat, query: str, ident: str) -> None:
    found = find_routes(seat.office.catalogue, query, date(2026, 11, 20))
    assert ident in [each.id for each in found]
    assert len(found) < 4


def test_a_row_reads_back_as_it_was_written(seat: Seat) -> None:
    with seat.store.read() as connection:
        rows = list_reference(connection, "route")
    assert len(rows) == len(seat.office.catalogue.routes)
    assert all(route_from_dict(row) in seat.office.catalogue.routes for row in rows)
    assert all(isinstance(step, Step) for step in seat.office.catalogue.routes[0].steps)
