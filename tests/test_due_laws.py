"""Laws that hold for every due date, in every office: with seasons, Saturdays, closures, pauses."""

from datetime import date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onestop.domain.calendar import WorkCalendar
from onestop.domain.deadline import Pause, TimeLimit, TimeUnit, due_date, paused_due, start_day
from onestop.domain.due_lines import LineKind, explain
from onestop.domain.moment import VIETNAM, local_day
from onestop.domain.stages import Stage, arrives_at, stages_due, sum_limits
from tests.due_table import CALENDARS

NAMES = st.sampled_from(sorted(CALENDARS))
OFFICES = NAMES.map(CALENDARS.__getitem__)
START = datetime(2025, 1, 1, tzinfo=VIETNAM)
MOMENTS = st.integers(0, 1000 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
NEAR = st.integers(0, 60 * 86_400).map(
    lambda s: datetime(2026, 10, 10, tzinfo=VIETNAM) + timedelta(seconds=s)
)
TIMES = st.one_of(MOMENTS, NEAR)
DAYS, HOURS = TimeUnit.WORKING_DAY, TimeUnit.HOUR
LIMITS = st.one_of(
    st.just(TimeLimit(0, TimeUnit.SAME_DAY)),
    st.builds(TimeLimit, st.integers(1, 60), st.sampled_from((DAYS, TimeUnit.CALENDAR_DAY))),
    st.builds(TimeLimit, st.integers(1, 120), st.just(HOURS)),
)
COUNTED = st.one_of(
    st.builds(TimeLimit, st.integers(1, 40), st.just(DAYS)),
    st.builds(TimeLimit, st.integers(1, 80), st.just(HOURS)),
)
many = settings(max_examples=120, deadline=None)


def is_open(calendar: WorkCalendar, moment: datetime) -> bool:
    """Whether the office works up to that moment: its due moments end a span, or lie inside one."""
    spans = calendar.hours_on(moment.date())
    return any(start < moment.time() <= end for start, end in spans)


@given(OFFICES, LIMITS, TIMES)
@many
def test_never_due_on_a_day_off_nor_when_the_office_is_shut(
    calendar: WorkCalendar, limit: TimeLimit, received: datetime
) -> None:
    found = due_date(calendar, limit, received)
    assert calendar.is_working_day(found.due_at.date())
    assert found.due_at.time() <= calendar.closes_on(found.due_at.date())
    assert limit.unit is not HOURS or is_open(calendar, found.due_at)
    assert found.due_at.date() >= found.starts_on >= received.date()
    assert found.due_at >= received


@given(OFFICES, LIMITS, TIMES, st.integers(0, 20 * 86_400))
@many
def test_who_comes_later_is_not_served_earlier(
    calendar: WorkCalendar, limit: TimeLimit, received: datetime, later: int
) -> None:
    early = due_date(calendar, limit, received)
    late = due_date(calendar, limit, received + timedelta(seconds=later))
    assert early.due_at <= late.due_at


@given(OFFICES, LIMITS, TIMES, st.integers(1, 20))
@many
def test_a_longer_limit_is_not_due_earlier(
    calendar: WorkCalendar, limit: TimeLimit, received: datetime, more: int
) -> None:
    assume(limit.unit is not TimeUnit.SAME_DAY)
    longer = TimeLimit(limit.value + more, limit.unit)
    assert due_date(calendar, limit, received).due_at <= due_date(calendar, longer, received).due_at


@given(OFFICES, COUNTED, TIMES, st.integers(0, 20 * 1440), st.integers(0, 20 * 1440))
@many
def test_one_long_pause_is_two_short_ones(
    calendar: WorkCalendar, limit: TimeLimit, received: datetime, first: int, second: int
) -> None:
    """Pausing, going on for a moment and pausing again costs and gains nothing."""
    middle = received + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    once = paused_due(calendar, limit, received, [Pause(received, end)])
    twice = paused_due(calendar, limit, received, [Pause(received, middle), Pause(middle, end)])
    assert once.due_at == twice.due_at


@given(OFFICES, st.integers(1, 30), TIMES, st.integers(0, 20 * 1440), st.integers(0, 20 * 1440))
@many
def test_a_pause_takes_no_working_day_away(
    calendar: WorkCalendar, days: int, received: datetime, before: int, length: int
) -> None:
    """As many working days are left when the clock goes on as when it stopped."""
    limit = TimeLimit(days, DAYS)
    paused = received + timedelta(minutes=before)
    pause = Pause(paused, paused + timedelta(minutes=length))
    old, new = due_date(calendar, limit, received), paused_due(calendar, limit, received, [pause])
    stopped, went_on = (start_day(calendar, DAYS, at) for at in (pause.paused_at, pause.resumed_at))
    left = calendar.working_days_between(stopped, old.due_at.date())
    assert calendar.working_days_between(went_on, new.due_at.date()) == left
    assert calendar.is_working_day(new.due_at.date())


@given(OFFICES, st.lists(st.integers(1, 15), min_size=1, max_size=4), TIMES)
@many
def test_agencies_add_up_in_days(calendar: WorkCalendar, days: list[int], received: datetime) -> None:
    parts = [Stage(f"Cơ quan {place}", TimeLimit(n, DAYS)) for place, n in enumerate(days)]
    found = stages_due(calendar, parts, received)
    assert found.total.limit == TimeLimit(sum(days), DAYS)
    assert found.total.due_at == due_date(calendar, found.total.limit, received).due_at
    assert [one.due.due_at for one in found.own] == sorted(one.due.due_at for one in found.own)


@given(OFFICES, st.lists(st.integers(1, 30), min_size=1, max_size=4), TIMES)
@many
def test_agencies_add_up_in_hours(calendar: WorkCalendar, hours: list[int], received: datetime) -> None:
    parts = [Stage(f"Cơ quan {place}", TimeLimit(n, HOURS)) for place, n in enumerate(hours)]
    found = stages_due(calendar, parts, received)
    assert found.total.due_at == due_date(calendar, sum_limits([one.limit for one in parts]), received).due_at


@given(OFFICES, LIMITS, TIMES, st.lists(st.integers(1, 5 * 1440), min_size=0, max_size=4), st.booleans())
@many
def test_the_calculation_tells_what_the_engine_did(
    calendar: WorkCalendar, limit: TimeLimit, received: datetime, minutes: list[int], is_restart: bool
) -> None:
    moments, at = [], received
    for length in minutes[: len(minutes) // 2 * 2]:
        at += timedelta(minutes=length)
        moments.append(at)
    paused = [Pause(a, b, is_restart) for a, b in zip(moments[::2], moments[1::2], strict=True)]
    told = explain(calendar, limit, received, paused)
    assert told.due == paused_due(calendar, limit, received, paused)
    assert told.lines[-1].day == told.due.due_at.date()
    days = [line.day for line in told.lines if line.kind is LineKind.SKIPPED and "Nhận lúc" not in line.words]
    assert all(day is not None and (calendar.reason_off(day) or day == local_day(received)) for day in days
               if day not in {local_day(pause.resumed_at) for pause in paused})  # fmt: skip


@given(OFFICES, LIMITS, TIMES)
@many
def test_as_many_days_are_told_as_the_limit_has(
    calendar: WorkCalendar, limit: TimeLimit, received: datetime
) -> None:
    told = explain(calendar, limit, received)
    counted = [line.number for line in told.lines if line.kind is LineKind.COUNTED]
    if limit.unit is HOURS:
        assert counted[-1] == limit.value * 60
    elif limit.unit is not TimeUnit.SAME_DAY:
        assert counted == list(range(1, limit.value + 1))


@given(OFFICES, TIMES)
@many
def test_a_dossier_taken_in_elsewhere_arrives_when_the_office_is_open(
    calendar: WorkCalendar, received: datetime
) -> None:
    arrived = arrives_at(calendar, received)
    assert arrived >= received
    assert calendar.is_working_day(arrived.date())


@given(NAMES, st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 700))
@many
def test_counting_equals_walking_in_every_office(name: str, first: date, length: int) -> None:
    calendar = CALENDARS[name]
    days = [first + timedelta(days=k) for k in range(1, length + 1)]
    walked = sum(map(calendar.is_working_day, days))
    assert calendar.working_days_between(first, first + timedelta(days=length)) == walked
    assert all(bool(calendar.hours_on(day)) is calendar.is_working_day(day) for day in days[:40])
    assert all((calendar.reason_off(day) is None) is calendar.is_working_day(day) for day in days[:40])
