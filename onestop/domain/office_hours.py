"""The hours in which an office works: by season, on Saturday mornings, on days it closes early.

Working hours are set by each locality, often one set for summer and one for winter. All of it
is data; nothing here knows of a certain office.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final

Hours = tuple[tuple[time, time], ...]
"""Worked spans of one day in order; the gap between two is the lunch break."""

MonthDay = tuple[int, int]

ORDINARY_HOURS: Final[Hours] = ((time(7), time(11, 30)), (time(13, 30), time(17)))
SATURDAY_HOURS: Final[Hours] = ((time(7), time(11, 30)),)


class SaturdayRule(StrEnum):
    """What a Saturday is to an office.

    `reception`: papers are taken in, but the day is no working day, so no deadline runs on it
    and what comes in counts from the next working day. `working`: it counts like any other.
    """

    CLOSED = "closed"
    RECEPTION = "reception"
    WORKING = "working"


class DayPart(StrEnum):
    """What of a day is closed."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Season:
    """Hours from one day of the year to another, both included; it may run over New Year."""

    first: MonthDay
    last: MonthDay
    hours: Hours
    name: str = ""
    hand_out_by: time | None = None

    def covers(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A day of which a part is closed; the rest of it is worked and the day counts."""

    closed: DayPart
    reason: str


def season_of(seasons: Iterable[Season], day: date) -> Season | None:
    """The first season that covers the day; None: the ordinary hours."""
    return next((season for season in seasons if season.covers(day)), None)


def open_part(hours: Hours, closed: DayPart) -> Hours:
    """What is left of a day's hours. The lunch break divides it; undivided hours at noon."""
    if closed is DayPart.WHOLE:
        return ()
    noon = hours[0][1] if len(hours) > 1 else time(12)
    if closed is DayPart.MORNING:
        return tuple((max(start, noon), end) for start, end in hours if end > noon)
    return tuple((start, min(end, noon)) for start, end in hours if start < noon)


def minutes_of(hours: Hours) -> int:
    """Worked minutes of one day: 480 on an ordinary one."""
    return sum(_minute(end) - _minute(start) for start, end in hours)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
