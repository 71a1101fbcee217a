"""Moments: kept in UTC, shown in Vietnam's time, which is +07:00 without summer time."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

_WIRE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def to_wire(moment: datetime) -> str:
    """`2026-11-20T01:12:05.123Z`; milliseconds, always UTC.

    Raises ValueError for a moment without a zone: guessing one would shift deadlines.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def from_wire(text: str) -> datetime:
    """The moment of `to_wire`, in UTC. Raises ValueError for anything else."""
    if not _WIRE.fullmatch(text):
        raise ValueError(f"{text!r:.40} is no moment of the journal")
    return datetime.fromisoformat(text)


def local(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM)


def local_day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def show_at(moment: datetime) -> str:
    """`24/11/2026 16:30`."""
    return f"{local(moment):%d/%m/%Y %H:%M}"


def show_on(day: date) -> str:
    """`24/11/2026`."""
    return f"{day:%d/%m/%Y}"


def weekday(day: date) -> str:
    """`Thứ Ba`."""
    return WEEKDAYS[day.weekday()]
