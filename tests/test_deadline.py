"""Due dates counted by hand, with the reasoning beside each; then laws that hold for all."""

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


BY_HAND = [
    # 2025. Tết: Sat 25/1–Sun 2/2. Giỗ Tổ Mon 7/4. Sat 26/4 worked for Fri 2/5. 1–2/9 Mon, Tue.
    ("w1", "31/12/2024 09:00", "02/01/2025 16:30"),  # Wed 1/1 off → Thu
    ("w1", "24/01/2025 09:00", "03/02/2025 16:30"),  # all of Tết lies between
    ("w2", "24/01/2025 09:00", "04/02/2025 16:30"),  # Mon 3/2 first, Tue 4/2 second
    ("s", "24/01/2025 10:00", "24/01/2025 16:30"),  # last day before Tết, in time
    ("s", "24/01/2025 15:01", "03/02/2025 16:30"),  # after 15:00 → first day after Tết
    ("w3", "04/04/2025 08:00", "10/04/2025 16:30"),  # Mon 7/4 off: 8, 9, 10
    ("w1", "25/04/2025 09:00", "26/04/2025 16:30"),  # swapped Saturday is worked
    ("w2", "25/04/2025 09:00", "28/04/2025 16:30"),  # Sat 26 worked, Sun off, Mon 28
    ("w1", "29/04/2025 09:00", "05/05/2025 16:30"),  # 30/4, 1/5, 2/5 (swap), weekend
    ("c3", "28/04/2025 09:00", "05/05/2025 16:30"),  # 1/5 off; 2/5–4/5 off too → Mon 5/5
    ("s", "26/04/2025 10:00", "26/04/2025 16:30"),  # received on a worked Saturday
    ("s", "26/04/2025 15:30", "28/04/2025 16:30"),  # late on it: Sunday off → Monday
    ("w5", "28/08/2025 09:00", "08/09/2025 16:30"),  # Fri 29; 1–2/9 off; 3, 4, 5; Mon 8
    ("c10", "25/08/2025 09:00", "04/09/2025 16:30"),  # 25 + 10 = 4/9, Thursday, worked
    ("c15", "18/08/2025 09:00", "03/09/2025 16:30"),  # 18/8 + 15 = 2/9 off → Wed 3/9
    # 2026. Fri 2/1 off for Sat 10/1. Tết Mon–Fri 16–20/2. Mon 27/4 for Sun 26/4. Mon 31/8 for Sat 22/8.
    ("w1", "31/12/2025 09:00", "05/01/2026 16:30"),  # 1/1, 2/1 (swap), weekend
    ("w5", "05/01/2026 09:00", "10/01/2026 16:30"),  # 6, 7, 8, 9, Sat 10 worked
    ("w6", "05/01/2026 09:00", "12/01/2026 16:30"),  # one more: Mon 12
    ("s", "10/01/2026 09:00", "10/01/2026 16:30"),  # worked Saturday
    ("w3", "12/02/2026 09:00", "24/02/2026 16:30"),  # Fri 13; Tết; Mon 23, Tue 24
    ("c5", "12/02/2026 09:00", "23/02/2026 16:30"),  # 17/2 in Tết → Mon 23
    ("c20", "06/02/2026 09:00", "26/02/2026 16:30"),  # 6 + 20 = 26/2; Tết inside does not matter
    ("s", "13/02/2026 16:00", "23/02/2026 16:30"),  # after 15:00 before Tết
    ("w2", "24/04/2026 09:00", "29/04/2026 16:30"),  # Mon 27 off (for Sun 26): 28, 29
    ("w3", "24/04/2026 09:00", "04/05/2026 16:30"),  # then 30/4, 1/5, weekend off → Mon 4/5
    ("w5", "19/08/2026 09:00", "25/08/2026 16:30"),  # 20, 21, Sat 22 worked, 24, 25
    ("w1", "28/08/2026 09:00", "03/09/2026 16:30"),  # 31/8 (swap), 1–2/9 off → Thu
    ("c4", "28/08/2026 09:00", "03/09/2026 16:30"),  # 1/9 off, 2/9 off → 3/9
    ("w2", "20/11/2026 09:00", "25/11/2026 16:30"),  # Mon 23; Tue 24 culture day; Wed 25
    ("w1", "23/11/2026 09:00", "25/11/2026 16:30"),  # Tue 24 off
    ("s", "23/11/2026 15:00:00", "23/11/2026 16:30"),  # 15:00 sharp is not after 15:00
    ("s", "23/11/2026 15:00:01", "25/11/2026 16:30"),  # a second later is; 24/11 off
    ("s", "21/11/2026 09:00", "23/11/2026 16:30"),  # Saturday counts for Monday
    ("w2", "21/11/2026 10:00", "26/11/2026 16:30"),  # counts for Mon 23: Wed 25, Thu 26
    ("w2", "20/11/2026 17:00", "25/11/2026 16:30"),  # at closing: still that day
    ("w2", "20/11/2026 17:01", "26/11/2026 16:30"),  # after closing: counts for Mon 23
    ("w2", "20/11/2026 06:10", "25/11/2026 16:30"),  # before opening: that day
    ("w2", "20/11/2026 15:30", "25/11/2026 16:30"),  # the 15:00 rule is for same-day only
    ("c15", "09/11/2026 09:00", "25/11/2026 16:30"),  # 9 + 15 = 24/11 off → Wed
    ("c1", "20/11/2026 09:00", "23/11/2026 16:30"),  # Sat 21 → Mon
    ("w20", "02/11/2026 09:00", "01/12/2026 16:30"),  # 4+5+5+1+3 = 18 by 27/11; 30/11; 1/12
    ("c60", "05/10/2026 09:00", "04/12/2026 16:30"),  # 26 + 30 + 4 days; a Friday
    # 2027. Tết 4–10/2 (estimate). Fri 16/4. Mon 3/5 for Sat 1/5. Thu, Fri 2–3/9. Wed 24/11.
    ("w1", "31/12/2026 09:00", "04/01/2027 16:30"),  # Fri 1/1 and the weekend
    ("w5", "01/02/2027 09:00", "15/02/2027 16:30"),  # 2, 3; Tết; 11, 12; Mon 15
    ("w1", "15/04/2027 09:00", "19/04/2027 16:30"),  # Fri 16/4 Giỗ Tổ
    ("w1", "29/04/2027 09:00", "04/05/2027 16:30"),  # Fri 30/4, weekend, Mon 3/5 for Sat 1/5
    ("w1", "01/09/2027 09:00", "06/09/2027 16:30"),  # Thu, Fri off, weekend
    ("w2", "22/11/2027 09:00", "25/11/2027 16:30"),  # Tue 23; Wed 24 off; Thu 25
    # Hours: 7:00–11:30 and 13:30–17:00, 8 hours a day, from the moment itself.
    ("h4", "09/11/2026 07:30", "09/11/2026 11:30"),  # ends with the morning
    ("h8", "09/11/2026 07:00", "09/11/2026 17:00"),  # one whole day
    ("h8", "09/11/2026 10:00", "10/11/2026 10:00"),  # 1.5 + 3.5, then 3 on Tuesday
    ("h2", "09/11/2026 11:00", "09/11/2026 15:00"),  # 0.5, lunch, 1.5
    ("h1", "09/11/2026 12:00", "09/11/2026 14:30"),  # lunch does not count
    ("h4", "20/11/2026 16:00", "23/11/2026 10:00"),  # 1 on Friday, 3 on Monday
    ("h8", "23/11/2026 16:00", "25/11/2026 16:00"),  # 1; 24/11 off; 4.5 + 2.5
    ("h1", "21/11/2026 09:00", "23/11/2026 08:00"),  # Saturday counts from Monday 7:00
]


@pytest.mark.parametrize(("short", "received", "expected"), BY_HAND)
def test_counted_by_hand(short: str, received: str, expected: str) -> None:
    assert show_at(due(short, received).due_at) == expected


@pytest.mark.parametrize(
    ("short", "received", "words"),
    [
        (
            "w2",
            "20/11/2026 09:00",
            "2 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Ngày Văn hoá Việt Nam 24/11",
        ),
        ("w2", "09/11/2026 09:00", "2 ngày làm việc"),
        ("s", "09/11/2026 09:00", "Trong ngày làm việc"),
        (
            "s",
            "09/11/2026 15:20",
            "Trong ngày làm việc · nhận sau 15 giờ: tính từ ngày làm việc kế tiếp",
        ),
        (
            "s",
            "20/11/2026 15:20",
            "Trong ngày làm việc · trừ Thứ Bảy và Chủ nhật · nhận sau 15 giờ: tính từ ngày làm việc kế tiếp",
        ),
        (
            "w1",
            "09/11/2026 18:00",
            "1 ngày làm việc · nhận sau giờ làm việc: tính từ ngày làm việc kế tiếp",
        ),
        (
            "w1",
            "21/11/2026 09:00",
            "1 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Ngày Văn hoá Việt Nam 24/11"
            " · nhận vào ngày nghỉ: tính từ ngày làm việc kế tiếp",
        ),
        (
            "w3",
            "12/02/2026 09:00",
            "3 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Tết Nguyên đán 16–20/2",
        ),
        (
            "w5",
            "01/02/2027 09:00",
            "5 ngày làm việc · trừ Thứ Bảy, Chủ nhật và Tết Nguyên đán 4–10/2 (dự kiến)",
        ),
        (
            "w1",
            "28/08/2026 09:00",
            "1 ngày làm việc · trừ Thứ Bảy, Chủ nhật, Nghỉ hoán đổi 31/8 và Quốc khánh 1–2/9",
        ),
        ("w1", "23/11/2026 09:00", "1 ngày làm việc · trừ Ngày Văn hoá Việt Nam 24/11"),
        (
            "c15",
            "09/11/2026 09:00",
            "15 ngày · gặp Ngày Văn hoá Việt Nam 24/11: chuyển sang ngày làm việc kế tiếp",
        ),
        ("c20", "06/02/2026 09:00", "20 ngày"),
        ("h8", "23/11/2026 16:00", "8 giờ làm việc · trừ Ngày Văn hoá Việt Nam 24/11"),
    ],
)
def test_the_reasons_are_spelled_out(short: str, received: str, words: str) -> None:
    assert due(short, received).explanation == words


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
