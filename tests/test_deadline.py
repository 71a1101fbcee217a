"""Facts of a due date, resuming, urgency; then laws that hold for all. The cases: test_due_table."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onestop.domain.calendar import calendar_from_pack
from onestop.domain.deadline import (
    OUTCOME_WORDS,
    DueDate,
    Outcome,
    TimeLimit,
    TimeUnit,
    Urgency,
    due_date,
    outcome,
    restart_due,
    shift_due,
    urgency,
    urgency_words,
)
from onestop.domain.moment import VIETNAM, show_at
from onestop.errors import InputError
from onestop.paths import resource

CALENDAR = calendar_from_pack(json.loads(resource("packs", "calendar.json").read_text("utf-8")))
UNITS = {
    "w": TimeUnit.WORKING_DAY,
    "c": TimeUnit.CALENDAR_DAY,
    "h": TimeUnit.HOUR,
    "s": TimeUnit.SAME_DAY,
}


def at(text: str) -> datetime:
    """`20/11/2026 09:00` (or with seconds) in Vietnam's time."""
    form = "%d/%m/%Y %H:%M:%S" if text.count(":") == 2 else "%d/%m/%Y %H:%M"
    return datetime.strptime(text, form).replace(tzinfo=VIETNAM)


def limit(short: str) -> TimeLimit:
    """`w2`, `c15`, `h4`, `s`."""
    return TimeLimit(int(short[1:] or 0), UNITS[short[0]])


def due(short: str, received: str) -> DueDate:
    return due_date(CALENDAR, limit(short), at(received))


def test_a_due_date_carries_its_facts() -> None:
    found = due("w2", "20/11/2026 09:00")
    assert found.starts_on == date(2026, 11, 20)
    assert found.skipped == (
        (date(2026, 11, 21), "Thứ Bảy"),
        (date(2026, 11, 22), "Chủ nhật"),
        (date(2026, 11, 24), "Ngày Văn hoá Việt Nam"),
    )
    assert found.calendar_version == CALENDAR.version
    assert found.due_at.utcoffset() == timedelta(hours=7)


def test_the_day_is_the_day_in_vietnam() -> None:
    # 23:30 UTC on the 19th is 6:30 in the morning of the 20th.
    found = due_date(CALENDAR, limit("w2"), datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    assert show_at(found.due_at) == "25/11/2026 16:30"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (TimeLimit(0, TimeUnit.UNSPECIFIED), "chưa có thời hạn"),
        (TimeLimit(0, TimeUnit.WORKING_DAY), "không hợp lệ"),
        (TimeLimit(-3, TimeUnit.CALENDAR_DAY), "không hợp lệ"),
        (TimeLimit(100_000, TimeUnit.HOUR), "không hợp lệ"),
    ],
)
def test_no_limit_is_ever_guessed(wrong: TimeLimit, words: str) -> None:
    with pytest.raises(InputError) as caught:
        due_date(CALENDAR, wrong, at("20/11/2026 09:00"))
    assert caught.value.field == "time_limit"
    assert words in caught.value.title


# ---- resuming -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "due_at", "paused", "resumed", "expected"),
    [
        # Paused Mon 9/11, resumed Thu 12/11: three working days stood still.
        ("w", "16/11/2026 16:30", "09/11/2026 09:00", "12/11/2026 09:00", "19/11/2026 16:30"),
        # The same day: nothing moves.
        ("w", "16/11/2026 16:30", "09/11/2026 09:00", "09/11/2026 16:00", "16/11/2026 16:30"),
        # Over a weekend: one working day (Friday → Monday).
        ("w", "27/11/2026 16:30", "20/11/2026 09:00", "23/11/2026 09:00", "30/11/2026 16:30"),
        # Paused on the due day, resumed two working days later over the culture day.
        ("w", "20/11/2026 16:30", "20/11/2026 10:00", "25/11/2026 10:00", "25/11/2026 16:30"),
        # Resumed after closing counts for the next day.
        ("w", "16/11/2026 16:30", "09/11/2026 09:00", "10/11/2026 18:00", "18/11/2026 16:30"),
        # Overdue before the pause stays as overdue as it was.
        ("w", "06/11/2026 16:30", "09/11/2026 09:00", "11/11/2026 09:00", "10/11/2026 16:30"),
        # Same-day procedures follow the 15:00 rule on resuming too: Mon → (Wed 15:30 =) Thu.
        ("s", "09/11/2026 16:30", "09/11/2026 10:00", "11/11/2026 15:30", "12/11/2026 16:30"),
        # Calendar days: 4 days, 24/11 is off → 25/11.
        ("c", "20/11/2026 16:30", "09/11/2026 09:00", "13/11/2026 09:00", "25/11/2026 16:30"),
        # Hours: 1.5 working hours (10:30–11:30, 13:30–14:00) stood still.
        ("h", "09/11/2026 15:00", "09/11/2026 10:30", "09/11/2026 14:00", "09/11/2026 16:30"),
    ],
)
def test_shifting_by_hand(unit: str, due_at: str, paused: str, resumed: str, expected: str) -> None:
    shifted = shift_due(CALENDAR, at(due_at), at(paused), at(resumed), UNITS[unit])
    assert show_at(shifted.due_at) == expected


def test_shifting_says_what_it_did() -> None:
    moved = shift_due(CALENDAR, at("16/11/2026 16:30"), at("09/11/2026 09:00"), at("12/11/2026 09:00"))
    assert moved.explanation == (
        "Lùi 3 ngày làm việc bằng thời gian tạm dừng · hạn trước đó 16/11/2026 16:30"
    )
    kept = shift_due(CALENDAR, at("16/11/2026 16:30"), at("09/11/2026 09:00"), at("09/11/2026 10:00"))
    assert kept.explanation == "Giữ hạn 16/11/2026 16:30 · tạm dừng chưa hết một ngày làm việc"


def test_restarting_gives_the_whole_limit_again() -> None:
    again = restart_due(CALENDAR, limit("w2"), at("20/11/2026 09:00"))
    assert show_at(again.due_at) == "25/11/2026 16:30"
    assert again.explanation.endswith("tính lại từ khi nhận đủ bổ sung 20/11/2026 09:00")


def test_resuming_before_pausing_is_a_bug() -> None:
    with pytest.raises(ValueError, match="before it was paused"):
        shift_due(CALENDAR, at("16/11/2026 16:30"), at("12/11/2026 09:00"), at("09/11/2026 09:00"))


# ---- urgency --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_at", "now", "kind", "words"),
    [
        ("19/11/2026 16:30", "21/11/2026 09:00", Urgency.OVERDUE, "Quá hạn 2 ngày"),
        ("20/11/2026 16:30", "20/11/2026 16:29", Urgency.TODAY, "Hôm nay 16:30"),
        ("20/11/2026 16:30", "20/11/2026 16:30", Urgency.TODAY, "Hôm nay 16:30"),
        ("20/11/2026 16:30", "20/11/2026 16:31", Urgency.OVERDUE, "Quá hạn từ 16:30"),
        ("23/11/2026 16:30", "20/11/2026 09:00", Urgency.SOON, "Còn 1 ngày làm việc"),
        ("25/11/2026 16:30", "20/11/2026 09:00", Urgency.SOON, "Còn 2 ngày làm việc"),
        ("26/11/2026 16:30", "20/11/2026 09:00", Urgency.ONTIME, "Còn 3 ngày làm việc"),
        ("23/11/2026 16:30", "21/11/2026 09:00", Urgency.SOON, "Còn 1 ngày làm việc"),
        # The calendar was changed after this day had been promised.
        ("24/11/2026 16:30", "23/11/2026 09:00", Urgency.SOON, "Hạn 24/11/2026 16:30"),
    ],
)
def test_urgency(due_at: str, now: str, kind: Urgency, words: str) -> None:
    assert urgency(CALENDAR, at(due_at), at(now), is_paused=False, is_done=False) is kind
    assert urgency_words(CALENDAR, at(due_at), at(now), is_paused=False, is_done=False) == words


def test_paused_done_and_undated_dossiers_do_not_press() -> None:
    past, now = at("19/11/2026 16:30"), at("21/11/2026 09:00")
    assert urgency(CALENDAR, past, now, is_paused=True, is_done=False) is Urgency.PAUSED
    assert urgency(CALENDAR, past, now, is_paused=True, is_done=True) is Urgency.DONE
    assert urgency(CALENDAR, None, now, is_paused=False, is_done=False) is Urgency.ONTIME
    assert (
        urgency_words(CALENDAR, past, now, True, False, pause_words="chờ bổ sung") == "Tạm dừng: chờ bổ sung"
    )
    assert urgency_words(CALENDAR, None, now, True, False) == "Tạm dừng"
    assert urgency_words(CALENDAR, past, now, False, True) == "Đã có kết quả, chờ trả"
    assert urgency_words(CALENDAR, None, now, False, False) == "Chưa có hạn"


@pytest.mark.parametrize(
    ("completed", "expected", "words"),
    [
        ("24/11/2026 16:59", Outcome.EARLY, "Trước hạn"),
        ("25/11/2026 07:05", Outcome.ON_TIME, "Đúng hạn"),
        ("25/11/2026 19:00", Outcome.ON_TIME, "Đúng hạn"),  # by day, as the register counts
        ("26/11/2026 07:05", Outcome.LATE, "Quá hạn"),
    ],
)
def test_outcome_is_by_day(completed: str, expected: Outcome, words: str) -> None:
    found = outcome(at("25/11/2026 16:30"), at(completed))
    assert found is expected
    assert OUTCOME_WORDS[found] == words


# ---- laws that hold for all -----------------------------------------------------------

START = datetime(2025, 1, 1, tzinfo=VIETNAM)
MOMENTS = st.integers(0, 1270 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
LIMITS = st.one_of(
    st.just(TimeLimit(0, TimeUnit.SAME_DAY)),
    st.builds(TimeLimit, st.integers(1, 90), st.sampled_from((TimeUnit.WORKING_DAY, TimeUnit.CALENDAR_DAY))),
    st.builds(TimeLimit, st.integers(1, 200), st.just(TimeUnit.HOUR)),
)
DAY_UNITS = st.sampled_from((TimeUnit.WORKING_DAY, TimeUnit.SAME_DAY))
many = settings(max_examples=200, deadline=None)


@given(LIMITS, MOMENTS)
@many
def test_never_due_on_a_day_off_nor_before_reception(some: TimeLimit, received: datetime) -> None:
    found = due_date(CALENDAR, some, received)
    assert CALENDAR.is_working_day(found.due_at.date())
    assert CALENDAR.is_working_day(found.starts_on)
    assert found.due_at.date() >= found.starts_on >= received.date()
    assert all(not CALENDAR.is_working_day(day) for day, _ in found.skipped)


@given(LIMITS, MOMENTS, MOMENTS)
@many
def test_who_comes_later_is_not_served_earlier(some: TimeLimit, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    assert due_date(CALENDAR, some, early).due_at <= due_date(CALENDAR, some, late).due_at


@given(st.integers(1, 90), MOMENTS)
@many
def test_working_days_are_exactly_as_many_as_promised(days: int, received: datetime) -> None:
    found = due_date(CALENDAR, TimeLimit(days, TimeUnit.WORKING_DAY), received)
    assert CALENDAR.working_days_between(found.starts_on, found.due_at.date()) == days


@given(st.integers(1, 60), MOMENTS, st.lists(st.integers(0, 40 * 24 * 60), min_size=2, max_size=2), DAY_UNITS)
@many
def test_a_pause_costs_and_gains_nothing(
    days: int, received: datetime, minutes: list[int], unit: TimeUnit
) -> None:
    """Working days left when the clock stopped = working days left when it goes on."""
    before = due_date(CALENDAR, TimeLimit(days, TimeUnit.WORKING_DAY), received)
    paused = received + timedelta(minutes=min(minutes))
    resumed = received + timedelta(minutes=max(minutes))
    after = shift_due(CALENDAR, before.due_at, paused, resumed, unit)
    probe = TimeLimit(0 if unit is TimeUnit.SAME_DAY else 1, unit)
    stopped_on = due_date(CALENDAR, probe, paused).starts_on
    went_on = due_date(CALENDAR, probe, resumed).starts_on
    left_before = CALENDAR.working_days_between(stopped_on, before.due_at.date())
    left_after = CALENDAR.working_days_between(went_on, after.due_at.date())
    assert left_before == left_after
    assert CALENDAR.is_working_day(after.due_at.date())


@given(st.integers(1, 100), MOMENTS, st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60))
@many
def test_a_pause_in_hours_costs_and_gains_nothing(hours: int, received: datetime, a: int, b: int) -> None:
    """Two pauses one after the other move the due moment as far as one long pause."""
    start = due_date(CALENDAR, TimeLimit(hours, TimeUnit.HOUR), received).due_at
    first, second = received + timedelta(minutes=a), received + timedelta(minutes=a + b)
    assume(first < start)
    halfway = shift_due(CALENDAR, start, received, first, TimeUnit.HOUR)
    twice = shift_due(CALENDAR, halfway.due_at, first, second, TimeUnit.HOUR)
    once = shift_due(CALENDAR, start, received, second, TimeUnit.HOUR)
    assert twice.due_at == once.due_at


@given(MOMENTS, MOMENTS)
@many
def test_every_dossier_has_words(due_at: datetime, now: datetime) -> None:
    kind = urgency(CALENDAR, due_at, now, is_paused=False, is_done=False)
    words = urgency_words(CALENDAR, due_at, now, is_paused=False, is_done=False)
    starts = {
        Urgency.OVERDUE: ("Quá hạn",),
        Urgency.TODAY: ("Hôm nay",),
        Urgency.SOON: ("Còn", "Hạn"),
        Urgency.ONTIME: ("Còn",),
    }
    assert words.startswith(starts[kind])
