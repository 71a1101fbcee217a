"""An office's own calendar: its row, what is wrong with one, and due dates received under it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from onestop.domain.calendar import calendar_from_rows
from onestop.domain.calendar_check import check_office_row
from onestop.domain.due_lines import LineKind, explain
from onestop.domain.moment import show_at
from onestop.domain.office_hours import DayPart, SaturdayRule, Season, minutes_of, open_part
from onestop.domain.procedure import Resumption, procedure_to_dict
from onestop.errors import InputError, InputErrors
from onestop.office import deeds
from onestop.office.catalogue import read_catalogue
from onestop.office.changing import RowChange, change_rows
from onestop.office.due_story import tell_dossier
from onestop.office.intake import submit_dossier
from onestop.office.office import Office
from onestop.store.rows import list_reference
from tests.due_table import CALENDARS, NATIONAL, OFFICES, at, limit
from tests.office_desk import FIVE_DAYS, RECEPTION, Seat, form, receive, seated

CLOSED = OFFICES["đóng"]
ADMIN = "u-vy"


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


def changed(office: Office, *changes: RowChange) -> Office:
    """The same desk after an administrator changed rows."""
    change_rows(office.as_officer(ADMIN), changes, "Đổi lịch của cơ quan")
    with office.store.read() as connection:
        catalogue = read_catalogue(lambda kind: list_reference(connection, kind), is_practice=True)
    return replace(office, catalogue=catalogue)


def test_the_rows_version_stands_in_every_due_date(seat: Seat) -> None:
    assert CLOSED is not None
    row = CLOSED | {"version": "bão số 9"}
    office = changed(seat.office, RowChange("calendar", "office", row))
    assert office.calendar.version == f"{NATIONAL['version']}+bão số 9"
    seat.clock.at = at("20/11/2026 09:00")
    dossier = receive(Seat(office.as_officer(RECEPTION), seat.clock, seat.folder))
    assert show_at(dossier.clock.due.at or seat.clock.at) == "02/12/2026 16:30"
    assert dossier.clock.due.calendar_version == office.calendar.version


def test_a_desk_without_a_row_of_its_own_has_the_national_calendar(seat: Seat) -> None:
    assert seat.office.calendar.version == NATIONAL["version"]
    assert seat.office.calendar == calendar_from_rows(NATIONAL, None) == calendar_from_rows(NATIONAL, {})


def test_a_row_no_desk_could_read_is_refused_with_its_places(seat: Seat) -> None:
    row = {
        "version": " ",
        "hours": [["07:00", "11:30"], ["11:00", "17:00"]],
        "hand_out_by": "16h30",
        "seasons": [{"from": "10-16", "to": "13-01", "hours": [["07:00", "17:00"]]}],
        "saturday": {"rule": "sometimes"},
        "closures": [
            {"from": "2026-11-25", "reason": "Bão"},
            {"from": "2026-02-30", "reason": "Bão"},
            {"from": "2026-11-27", "to": "2026-11-26", "reason": "Bão"},
            {"from": "2026-11-27", "part": "night", "reason": "Bão"},
            {"from": "2026-11-27"},
        ],
        "worked_days": {"hôm nay": "Làm bù"},
    }
    with pytest.raises(InputErrors) as caught:
        check_office_row(row)
    assert [error.field for error in caught.value.errors] == [
        "version", "hours", "hand_out_by", "seasons.0", "saturday",
        "closures.1", "closures.2", "closures.3", "closures.4", "worked_days",
    ]  # fmt: skip
    assert all(error.title and error.message for error in caught.value.errors)
    with pytest.raises(InputErrors, match="quá sớm"):
        check_office_row({"version": "1", "hand_out_by": "14:30"})
    with pytest.raises(InputError, match="Lịch làm việc"):
        change_rows(seat.office.as_officer(ADMIN), [RowChange("calendar", "office", row)], "Đổi lịch")


@pytest.mark.parametrize("name", sorted(set(OFFICES) - {"chung"}))
def test_good_rows_pass_the_check(name: str) -> None:
    check_office_row(OFFICES[name] or {})


@pytest.mark.parametrize(
    ("closed", "minutes"), [(DayPart.WHOLE, 0), (DayPart.MORNING, 210), (DayPart.AFTERNOON, 270)]
)
def test_the_lunch_break_divides_a_day(closed: DayPart, minutes: int) -> None:
    hours = CALENDARS["chung"].hours
    assert minutes_of(hours) == 480
    assert minutes_of(open_part(hours, closed)) == minutes


def test_a_season_may_run_over_new_year() -> None:
    winter = Season((10, 16), (4, 15), CALENDARS["chung"].hours)
    days = [date(2026, 10, 15), date(2026, 10, 16), date(2026, 12, 31), date(2027, 4, 15), date(2027, 4, 16)]
    assert [winter.covers(day) for day in days] == [False, True, True, True, False]


def test_saturdays_of_an_office() -> None:
    saturday, holiday = date(2026, 11, 21), date(2027, 5, 1)
    assert {name: CALENDARS[name].saturday for name in ("chung", "bảy", "nhận")} == {
        "chung": SaturdayRule.CLOSED, "bảy": SaturdayRule.WORKING, "nhận": SaturdayRule.RECEPTION,
    }  # fmt: skip
    assert [CALENDARS[name].is_working_day(saturday) for name in ("chung", "bảy", "nhận")] == [0, 1, 0]
    assert [CALENDARS[name].only_takes_in(saturday) for name in ("chung", "bảy", "nhận")] == [0, 0, 1]
    assert not any(CALENDARS[name].is_working_day(holiday) for name in ("chung", "bảy", "nhận"))
    assert not CALENDARS["nhận"].only_takes_in(holiday)
    assert CALENDARS["bảy"].reason_off(holiday) == "Quốc tế Lao động"


def test_closures_of_years_no_data_covers_count_too() -> None:
    row = {"version": "xa", "closures": [{"from": "2029-03-06", "to": "2029-03-07", "reason": "Sửa trụ sở"}]}
    calendar = calendar_from_rows(NATIONAL, row)
    assert calendar.reason_off(date(2029, 3, 6)) == "Sửa trụ sở"
    assert calendar.working_days_between(date(2029, 3, 2), date(2029, 3, 9)) == 3


def test_an_own_swapped_saturday_is_worked_whole() -> None:
    row = {"version": "bù", "worked_days": {"2026-12-05": "Làm bù cho 4/12"}, "closures": [
        {"from": "2026-12-04", "reason": "Ngày hội của xã"}]}  # fmt: skip
    calendar = calendar_from_rows(NATIONAL, row)
    assert calendar.add_working_days(date(2026, 12, 3), 1) == date(2026, 12, 5)
    assert minutes_of(calendar.hours_on(date(2026, 12, 5))) == 480


# ---- the procedure's own way to go on --------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "chosen", "due_at"),
    [
        (Resumption.SHIFT, "", "01/12/2026 16:30"),  # 30/11 − pause 23 → 25/11: one working day
        (Resumption.RESTART, "", "02/12/2026 16:30"),  # five whole days after 25/11
        (Resumption.RESTART, "shift", "01/12/2026 16:30"),  # the officer chose otherwise
    ],
)
def test_the_clock_goes_on_as_the_procedure_says(
    seat: Seat, own: Resumption, chosen: str, due_at: str
) -> None:
    procedure = replace(seat.office.catalogue.procedure(FIVE_DAYS), resumption=own)
    office = changed(seat.office, RowChange("procedure", FIVE_DAYS, procedure_to_dict(procedure)))
    here = Seat(office.as_officer(RECEPTION), seat.clock, seat.folder)
    seat.clock.at = at("20/11/2026 09:00")
    dossier = receive(here)
    seat.clock.at = at("23/11/2026 09:00")
    deeds.request_supplement(here.office, dossier.id, ("Tờ khai",), "Thiếu tờ khai")
    seat.clock.at = at("25/11/2026 09:00")
    done = deeds.take_supplement(here.office, dossier.id, ("Tờ khai",), mode=chosen)
    assert show_at(done.dossier.clock.due.at or seat.clock.at) == due_at


# ---- the story of a dossier ------------------------------------------------------------------


def test_a_story_ends_at_the_due_date_of_the_dossier(seat: Seat) -> None:
    dossier = receive(seat)
    story = tell_dossier(seat.office, dossier.id)
    assert story.due_at == dossier.clock.due.at
    assert story.sentence == dossier.clock.due.explanation
    assert story.lines[-1].kind is LineKind.DUE
    assert [line.number for line in story.lines if line.kind is LineKind.COUNTED] == [1, 2, 3, 4, 5]


def test_what_another_calendar_promised_is_told_as_it_was_said(seat: Seat) -> None:
    dossier = receive(seat)
    row: dict[str, Any] = {"version": "mới", "closures": [{"from": "2026-11-25", "reason": "Bão"}]}
    story = tell_dossier(changed(seat.office, RowChange("calendar", "office", row)), dossier.id)
    words = [line.words for line in story.lines]
    assert words[0] == f"Đã ghi theo lịch phiên bản {NATIONAL['version']}"
    assert words[1] == dossier.clock.due.explanation
    assert story.due_at == dossier.clock.due.at


def test_a_dossier_without_a_clock_has_an_empty_story(seat: Seat) -> None:
    sent = submit_dossier(seat.office.as_officer(RECEPTION), form())
    story = tell_dossier(seat.office, sent.dossier.id)
    assert (story.due_at, story.lines) == (None, ())


def test_years_of_stories_stay_short(seat: Seat) -> None:
    """A limit of many days is told in as many lines as there are days, no more."""
    calendar = CALENDARS["chung"]
    days = (calendar.add_working_days(date(2026, 1, 5), 200) - date(2026, 1, 5)) // timedelta(days=1)
    assert len(explain(calendar, limit("w200"), at("05/01/2026 09:00")).lines) == days + 3
