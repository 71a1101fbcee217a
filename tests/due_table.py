"""The table of deadlines counted by hand, and the calendars it names."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from onestop.domain.calendar import WorkCalendar, calendar_from_rows
from onestop.domain.deadline import Pause, TimeLimit, TimeUnit
from onestop.domain.moment import VIETNAM
from onestop.domain.stages import Stage
from onestop.paths import resource

TABLE = Path(__file__).parent / "data" / "due_cases.md"
NATIONAL: dict[str, Any] = json.loads(resource("packs", "calendar.json").read_text("utf-8"))

OFFICES: dict[str, dict[str, Any] | None] = {
    "chung": None,
    "mùa": {
        "version": "mùa",
        "seasons": [
            {
                "name": "Mùa đông",
                "from": "10-16",
                "to": "04-15",
                "hours": [["07:30", "12:00"], ["13:00", "16:30"]],
                "hand_out_by": "16:00",
            }
        ],
    },
    "bảy": {"version": "bảy", "saturday": {"rule": "working", "hours": [["07:00", "11:30"]]}},
    "nhận": {"version": "nhận", "saturday": {"rule": "reception"}},
    "đóng": {
        "version": "đóng",
        "closures": [
            {"from": "2026-11-25", "to": "2026-11-26", "reason": "Phòng chống bão"},
            {"from": "2026-11-27", "part": "afternoon", "reason": "Tập huấn"},
            {"from": "2026-11-30", "part": "morning", "reason": "Họp dân"},
        ],
    },
}
CALENDARS: dict[str, WorkCalendar] = {
    name: calendar_from_rows(NATIONAL, row) for name, row in OFFICES.items()
}
UNITS = {
    "w": TimeUnit.WORKING_DAY,
    "c": TimeUnit.CALENDAR_DAY,
    "h": TimeUnit.HOUR,
    "s": TimeUnit.SAME_DAY,
}
EXTRA = ("tạm dừng", "gia hạn", "nhiều cơ quan", "phi địa giới")


def sections() -> dict[str, list[list[str]]]:
    """The cells of every case, by the title of its table."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            rows = found.setdefault(line[3:], [])
        elif line.startswith("| ") and not line.startswith("| lịch "):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def plain_cases() -> list[list[str]]:
    """Every case with one limit and nothing else."""
    return [row for title, rows in sections().items() if title not in EXTRA for row in rows]


def at(text: str) -> datetime:
    """`20/11/2026 09:00` (or with seconds) in Vietnam's time."""
    form = "%d/%m/%Y %H:%M:%S" if text.count(":") == 2 else "%d/%m/%Y %H:%M"
    return datetime.strptime(text, form).replace(tzinfo=VIETNAM)


def limit(short: str) -> TimeLimit:
    """`w2`, `c15`, `h4`, `s`."""
    return TimeLimit(int(short[1:] or 0), UNITS[short[0]])


def pauses(text: str) -> list[Pause]:
    """`lùi 11/11/2026 09:00..13/11/2026 09:00, tính lại …`."""
    return [_pause(each) for each in text.split(", ")]


def stages(text: str) -> list[Stage]:
    """`UBND xã w1, Công an xã h4`."""
    pairs = [each.rsplit(" ", 1) for each in text.split(", ")]
    return [Stage(name, limit(short)) for name, short in pairs]


def _pause(text: str) -> Pause:
    way = "tính lại " if text.startswith("tính lại ") else "lùi "
    first, last = text.removeprefix(way).split("..")
    return Pause(at(first), at(last), way == "tính lại ")
