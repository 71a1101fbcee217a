"""Internal routes: what keeps one from being followed, which one a dossier goes, where it stands."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from onestop.domain.acts import Act
from onestop.domain.calendar import calendar_from_pack
from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.moment import VIETNAM
from onestop.domain.procedure import procedures_from_pack
from onestop.domain.route import (
    Route,
    Step,
    StepKind,
    check_route,
    find_route,
    limit_minutes,
    renumbered,
    route_from_dict,
    route_key,
    route_to_dict,
    routes_on,
    time_words,
)
from onestop.domain.route_place import (
    Stay,
    Trace,
    Whereabouts,
    next_for,
    next_step,
    place_on,
    stay_of,
    step_due_at,
)
from onestop.domain.state import Role, State
from onestop.domain.working_time import add_working_minutes, working_minutes_between
from onestop.office.packs import read_pack

CALENDAR = calendar_from_pack(read_pack("calendar.json"))
SHIPPED = tuple(route_from_dict(row) for row in read_pack("routes.json"))
PROCEDURES = {one.code: one for one in procedures_from_pack(read_pack("procedures.json"))}
THREE_DAYS = TimeLimit(3, TimeUnit.WORKING_DAY)

ROUTE = Route(
    "r",
    "Quy trình mẫu",
    (),
    "1",
    renumbered(
        [
            Step(0, "Tiếp nhận", Role.RECEPTION, minutes=120),
            Step(0, "Thẩm định", Role.SPECIALIST, minutes=480),
            Step(0, "Lấy ý kiến", Role.SPECIALIST, minutes=240, kind=StepKind.CONSULT),
            Step(0, "Lập tờ trình", Role.SPECIALIST, minutes=120),
            Step(0, "Soát", Role.HEAD, minutes=180, may_skip=True),
            Step(0, "Ký", Role.LEADER, minutes=150),
            Step(0, "Đóng dấu", Role.CLERK, minutes=90),
            Step(0, "Trả", Role.RECEPTION, minutes=60),
        ]
    ),
)
ROLES = {"mai": {Role.RECEPTION}, "tuyet": {Role.SPECIALIST}, "binh": {Role.HEAD}, "thang": {Role.LEADER}}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def step(at_no: int, /, **changes: object) -> Route:
    """The sample with one step other than it is."""
    steps = tuple(replace(each, **changes) if each.no == at_no else each for each in ROUTE.steps)  # type: ignore[arg-type]  # any member of a step
    return replace(ROUTE, steps=steps)


# ---- what is wrong --------------------------------------------------------------------


def test_a_route_that_fills_its_limit_is_well() -> None:
    assert ROUTE.time() == 3 * 480
    assert check_route(ROUTE, THREE_DAYS) == ()


def test_too_many_hours_are_named_step_by_step() -> None:
    (found,) = check_route(step(2, minutes=600), THREE_DAYS)
    assert found.field == "minutes"
    assert found.words.startswith("Các bước 1 (2 giờ), 2 (1 ngày 2 giờ), 3 (4 giờ)")
    assert found.words.endswith("cộng lại 3 ngày 2 giờ, vượt thời hạn 3 ngày làm việc là 2 giờ")


def test_online_hours_are_summed_apart() -> None:
    longer = step(1, online_minutes=180)
    assert [each.words[:11] for each in check_route(longer, THREE_DAYS)] == ["Trực tuyến:"]
    shorter = step(1, online_minutes=60)
    assert check_route(shorter, THREE_DAYS) == ()
    two_days = TimeLimit(2, TimeUnit.WORKING_DAY)
    assert check_route(shorter, THREE_DAYS, two_days)[0].words.startswith("Trực tuyến:")


@pytest.mark.parametrize(
    ("limit", "minutes"),
    [
        (TimeLimit(0, TimeUnit.SAME_DAY), 480),
        (TimeLimit(4, TimeUnit.HOUR), 240),
        (TimeLimit(3, TimeUnit.WORKING_DAY), 1440),
        (TimeLimit(30, TimeUnit.CALENDAR_DAY), 20 * 480),  # four weeks; the two days left may be a weekend
        (TimeLimit(15, TimeUnit.CALENDAR_DAY), 10 * 480),
        (TimeLimit(20, TimeUnit.CALENDAR_DAY), 14 * 480),
        (TimeLimit(1, TimeUnit.CALENDAR_DAY), 480),
        (TimeLimit(0, TimeUnit.UNSPECIFIED), None),
    ],
)
def test_what_a_limit_surely_holds(limit: TimeLimit, minutes: int | None) -> None:
    assert limit_minutes(limit) == minutes


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        (replace(ROUTE, steps=ROUTE.steps[1:]), "role", "Bước đầu phải là tiếp nhận"),
        (replace(ROUTE, steps=ROUTE.steps[:-1]), "role", "Bước cuối phải là trả kết quả"),
        (replace(ROUTE, steps=renumbered(s for s in ROUTE.steps if s.no != 6)), "steps", "lãnh đạo ký"),
        (replace(ROUTE, steps=renumbered(s for s in ROUTE.steps if s.no != 7)), "steps", "văn thư"),
        (replace(ROUTE, steps=()), "steps", "ít nhất hai bước"),
        (replace(ROUTE, name=""), "name", "tên quy trình"),
        (step(2, role="chu tich"), "role", "không có vai trò “chu tich”"),
        (step(2, unit="phong-ma"), "unit", "không có đơn vị “phong-ma”"),
        (step(2, words=""), "words", "Bước 2 chưa có nội dung"),
        (step(2, minutes=-60), "minutes", "thời gian phải từ 0"),
        (step(2, kind=StepKind.JOINT, joint_units=("kinh-te",)), "unit", "chưa chọn đơn vị chủ trì"),
        (step(2, kind=StepKind.JOINT, unit="kinh-te"), "joint_units", "chưa chọn đơn vị phối hợp"),
        (step(8, may_skip=True), "may_skip", "không được bỏ qua"),
        (step(2, no=9), "no", "đánh số liên tục"),
    ],
)
def test_each_fault_is_named(wrong: Route, field: str, words: str) -> None:
    found = check_route(wrong, THREE_DAYS, units=("kinh-te", "van-phong"))
    assert any(each.field == field and words in each.words for each in found), found


@pytest.mark.parametrize("route", SHIPPED, ids=lambda route: route.id)
def test_every_shipped_route_fits_every_limit_it_is_for(route: Route) -> None:
    assert route_from_dict(route_to_dict(route)) == route
    for code in route.procedure_codes:
        assert check_route(route, PROCEDURES[code].time_limit) == ()
    assert check_route(route, TimeLimit(0, TimeUnit.UNSPECIFIED)) == ()


def test_no_procedure_has_two_routes() -> None:
    codes = [code for route in SHIPPED for code in route.procedure_codes]
    assert len(codes) == len(set(codes)) >= 30


# ---- which route ----------------------------------------------------------------------


def test_its_own_route_comes_before_one_for_its_code_and_a_general_one() -> None:
    named, coded = replace(ROUTE, id="a"), replace(ROUTE, id="b", procedure_codes=("1.1",))
    day = date(2026, 11, 20)
    assert find_route([ROUTE, coded, named], "1.1", [THREE_DAYS], day, "a") == named
    assert find_route([ROUTE, coded, named], "1.1", [THREE_DAYS], day) == coded
    assert find_route([ROUTE, coded], "1.2", [THREE_DAYS], day) == ROUTE
    assert find_route([coded], "1.2", [THREE_DAYS], day) is None


@pytest.mark.parametrize(
    ("days", "chosen"), [(1, "chung-1"), (4, "chung-3"), (8, "chung-7"), (60, "chung-20")]
)
def test_the_longest_general_route_that_fits(days: int, chosen: str) -> None:
    limits = [TimeLimit(days, TimeUnit.WORKING_DAY), TimeLimit(90, TimeUnit.WORKING_DAY)]
    found = find_route(SHIPPED, "9.999999", limits, date(2026, 11, 20))
    assert found is not None
    assert found.id == chosen


def test_a_limit_nobody_knows_has_no_general_route() -> None:
    assert find_route(SHIPPED, "9.999999", [TimeLimit(0, TimeUnit.UNSPECIFIED)], date(2026, 11, 20)) is None


def test_a_later_version_holds_from_its_day_on() -> None:
    later = replace(ROUTE, effective_on="2026-12-01", name="Mới")
    assert (route_key(ROUTE), route_key(later)) == ("r", "r@2026-12-01")
    assert routes_on([later, ROUTE], date(2026, 11, 30)) == (ROUTE,)
    assert routes_on([ROUTE, later], date(2026, 12, 1)) == (later,)


# ---- where it stands ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "no"),
    [
        (Whereabouts(State.SUBMITTED, "pvhcc", "mai", 0), 1),
        (Whereabouts(State.RECEIVED, "pvhcc", "mai", 0), 1),
        (Whereabouts(State.PROCESSING, "van-phong", "tuyet", 1), 2),
        (Whereabouts(State.PROCESSING, "van-phong", "", 1), 2),  # in the tray of the unit
        (Whereabouts(State.PROCESSING, "van-phong", "tuyet", 1, is_asking=True), 3),
        (Whereabouts(State.PROCESSING, "van-phong", "tuyet", 3), 4),  # sent on to a colleague
        (Whereabouts(State.PROCESSING, "van-phong", "binh", 2), 5),
        (Whereabouts(State.PROPOSED, "van-phong", "binh", 2), 5),
        (Whereabouts(State.PROPOSED, "lanh-dao", "thang", 2), 6),  # the head was passed over
        (Whereabouts(State.APPROVED, "lanh-dao", "thang", 3), 6),
        (Whereabouts(State.SIGNED, "van-phong", "", 4), 7),
        (Whereabouts(State.COMPLETED, "pvhcc", "", 5), 8),
        (Whereabouts(State.IN_TRANSIT, "", "", 1), None),
        (Whereabouts(State.HANDED_OUT, "pvhcc", "", 5), None),
        (Whereabouts(State.AWAITING_PAYMENT, "van-phong", "tuyet", 1), 2),
    ],
)
def test_the_step_follows_from_state_and_holder(where: Whereabouts, no: int | None) -> None:
    found = place_on(ROUTE, where, lambda officer: ROLES.get(officer, set()))
    assert (found.no if found else None) == no


def test_a_unit_that_a_step_names_tells_two_like_ones_apart() -> None:
    route = step(4, unit="kinh-te")
    where = Whereabouts(State.PROCESSING, "kinh-te", "tuyet", 1)
    found = place_on(route, where, ROLES.__getitem__)
    assert found is not None
    assert found.no == 4


def test_what_comes_next() -> None:
    second, fourth = ROUTE.steps[1], ROUTE.steps[3]
    following = next_step(ROUTE, second)
    assert following is not None
    assert following.no == 4
    assert next_step(ROUTE, ROUTE.steps[-1]) is None
    skipped = next_for(ROUTE, fourth, {Role.LEADER})
    assert skipped is not None
    assert skipped.no == 6
    strict = step(5, may_skip=False)
    assert next_for(strict, strict.steps[3], {Role.LEADER}) is None


# ---- since when, until when -----------------------------------------------------------


def test_time_runs_from_the_last_arrival() -> None:
    traces = [
        Trace(Act.RECEIVE, at(20, 8), "mai"),
        Trace(Act.FORWARD, at(20, 9), "mai"),
        Trace(Act.SEND_BACK, at(20, 10), "tuyet"),
        Trace(Act.FORWARD, at(20, 14), "mai"),
        Trace(Act.CONSULT, at(20, 15), "tuyet"),
    ]
    assert stay_of(traces, "tuyet") == Stay(at(20, 14))
    assert stay_of([], "tuyet") is None


def test_what_one_sends_to_oneself_is_no_arrival() -> None:
    traces = [Trace(Act.PROPOSE, at(20, 8), "tuyet"), Trace(Act.APPROVE, at(20, 14), "thang")]
    assert stay_of(traces, "thang") == Stay(at(20, 8))
    assert stay_of(traces, "other") == Stay(at(20, 14))


def test_pauses_of_the_stay_are_not_its_time() -> None:
    traces = [
        Trace(Act.FORWARD, at(16, 8), "mai"),
        Trace(Act.REQUEST_SUPPLEMENT, at(16, 10), "tuyet"),
        Trace(Act.TAKE_SUPPLEMENT, at(18, 10), "mai"),
    ]
    stay = stay_of(traces, "tuyet")
    assert stay == Stay(at(16, 8), ((at(16, 10), at(18, 10)),))
    # Without the pause 17/11 17:00; two working days of standing still come on top.
    assert step_due_at(CALENDAR, Step(2, "", Role.SPECIALIST, minutes=900), stay) == at(19, 17)


@pytest.mark.parametrize(
    ("entered", "minutes", "due"),
    [
        (at(20, 8), 120, at(20, 10)),
        (at(20, 10, 30), 120, at(20, 14, 30)),  # over the lunch break
        (at(20, 16), 120, at(23, 8)),  # Friday evening to Monday; the day begins at seven
        (at(23, 16), 120, at(25, 8)),  # over the holiday of 24/11
        (at(21, 9), 60, at(23, 8)),  # came in on a Saturday
        (at(20, 7), 480, at(20, 17)),
        (at(20, 7), 510, at(23, 7, 30)),  # half hours exist
    ],
)
def test_a_step_is_due_in_working_time(entered: datetime, minutes: int, due: datetime) -> None:
    assert step_due_at(CALENDAR, Step(2, "", Role.SPECIALIST, minutes=minutes), Stay(entered)) == due
    assert working_minutes_between(CALENDAR, entered, due) == minutes
    assert add_working_minutes(CALENDAR, entered, minutes) == due


def test_a_step_without_a_time_is_never_due_and_online_may_take_its_own() -> None:
    one = Step(2, "", Role.SPECIALIST, minutes=240, online_minutes=60)
    assert step_due_at(CALENDAR, replace(one, minutes=0), Stay(at(20, 8))) is None
    assert step_due_at(CALENDAR, one, Stay(at(20, 8)), is_online=True) == at(20, 9)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 giờ"), (30, "30 phút"), (150, "2 giờ 30 phút"), (480, "1 ngày"), (1200, "2 ngày 4 giờ")],
)
def test_times_in_words(minutes: int, words: str) -> None:
    assert time_words(minutes) == words
