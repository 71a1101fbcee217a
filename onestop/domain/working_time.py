"""Minutes of working time: within the hours of working days, lunch and days off left out."""

from datetime import date, datetime, timedelta

from onestop.domain.calendar import ONE_DAY, WorkCalendar
from onestop.domain.moment import VIETNAM, local, local_day


def add_working_minutes(calendar: WorkCalendar, moment: datetime, minutes: int) -> datetime:
    """The moment (Vietnam's time) when that much working time has passed; 0 gives `moment`."""
    here, left = local(moment), timedelta(minutes=minutes)
    day = here.date()
    while left:
        for start, end in _spans(calendar, day):
            begin = max(here, start)
            if begin >= end:
                continue
            if begin + left <= end:
                return begin + left
            left -= end - begin
        day += ONE_DAY
    return here


def working_minutes_between(calendar: WorkCalendar, first: datetime, last: datetime) -> int:
    """Whole minutes worked from one moment to a later one; 0 when `last` is not later."""
    total, day = timedelta(), local_day(first)
    while day <= local_day(last):
        for start, end in _spans(calendar, day):
            total += max(timedelta(), min(last, end) - max(first, start))
        day += ONE_DAY
    return total // timedelta(minutes=1)


def _spans(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    if not calendar.is_working_day(day):
        return []
    return [
        (datetime.combine(day, start, VIETNAM), datetime.combine(day, end, VIETNAM))
        for start, end in calendar.hours_on(day)
    ]
