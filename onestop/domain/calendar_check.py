"""What is wrong with an agency's own calendar row, said field by field before it is written."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from onestop.domain.calendar import calendar_from_rows
from onestop.domain.office_hours import DayPart, SaturdayRule
from onestop.errors import InputError, InputErrors

_CUTOFF = time(15)
_NO_DAYS: Mapping[str, Any] = {
    "version": "",
    "years": {},
    "hours": [["07:00", "17:00"]],
    "hand_out_by": "16:30",
    "reception_cutoff": "15:00",
}


def check_office_row(row: Mapping[str, Any]) -> None:
    """Raises InputErrors naming every faulty place: `hours`, `seasons.0`, `closures.2`…"""
    errors: list[InputError] = []

    def take(place: str, check: Callable[[Any], object], value: Any) -> None:
        try:
            check(value)
        except InputError as error:
            errors.append(InputError(error.title, error.message, place))

    take("version", _version, row.get("version"))
    if row.get("hours"):
        take("hours", _spans, row["hours"])
    if row.get("hand_out_by"):
        take("hand_out_by", _hand_out_by, row["hand_out_by"])
    for place, season in enumerate(row.get("seasons", ())):
        take(f"seasons.{place}", _season, season)
    take("saturday", _saturday, row.get("saturday", {}))
    for place, closure in enumerate(row.get("closures", ())):
        take(f"closures.{place}", _closure, closure)
    for day in row.get("worked_days", {}):
        take("worked_days", _day, day)
    if errors:
        raise InputErrors(errors)
    calendar_from_rows(_NO_DAYS, row)


def _version(value: Any) -> None:
    _text(value, "Chưa có phiên bản của lịch", "Hãy ghi số phiên bản.")


def _spans(rows: Any) -> None:
    """Each span ends after it begins, and before the next one begins."""
    last = time.min
    for pair in _list_of_two(rows):
        start, end = _clock(pair[0]), _clock(pair[1])
        if start < last or end <= start:
            raise InputError(
                f"Giờ làm việc {pair[0]}–{pair[1]} không hợp lệ",
                "Giờ kết thúc phải sau giờ bắt đầu, và các buổi không được chồng lên nhau.",
            )
        last = end


def _list_of_two(rows: Any) -> list[Any]:
    if not isinstance(rows, list) or not rows or any(not isinstance(p, list) or len(p) != 2 for p in rows):
        raise InputError("Giờ làm việc không đúng dạng", "Ghi từng buổi, ví dụ 07:00–11:30 rồi 13:30–17:00.")
    return rows


def _season(row: Mapping[str, Any]) -> None:
    for name in ("from", "to"):
        _day(
            f"2024-{row.get(name, '')}",
            "Mùa phải có ngày bắt đầu và ngày kết thúc dạng tháng-ngày, ví dụ 10-16.",
        )
    _spans(row.get("hours"))
    if row.get("hand_out_by"):
        _hand_out_by(row["hand_out_by"])


def _saturday(row: Mapping[str, Any]) -> None:
    if row.get("rule", SaturdayRule.CLOSED) not in tuple(SaturdayRule):
        raise InputError(
            "Quy định ngày thứ Bảy không hợp lệ", "Chọn: nghỉ, chỉ tiếp nhận, hoặc là ngày làm việc."
        )
    if row.get("hours"):
        _spans(row["hours"])


def _closure(row: Mapping[str, Any]) -> None:
    first = _day(row.get("from"))
    last = _day(row.get("to") or row.get("from"))
    if not 0 <= (last - first).days <= 366:
        raise InputError(
            "Đợt đóng cửa không hợp lệ", "Ngày cuối phải từ ngày đầu trở đi, trong vòng một năm."
        )
    if row.get("part", DayPart.WHOLE) not in tuple(DayPart):
        raise InputError("Buổi đóng cửa không hợp lệ", "Chọn: cả ngày, buổi sáng hoặc buổi chiều.")
    _text(row.get("reason"), "Chưa ghi lý do đóng cửa", "Lý do được ghi trên cách tính hạn trả.")


def _hand_out_by(text: Any) -> None:
    """What comes in at 15:00 is answered the same day: results must still lie ready after that."""
    if _clock(text) <= _CUTOFF:
        raise InputError(
            f"Giờ trả kết quả {text} quá sớm",
            "Thủ tục trong ngày nhận tới 15 giờ: giờ trả kết quả phải sau 15 giờ.",
        )


def _text(value: Any, title: str, message: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InputError(title, message)


def _clock(text: Any) -> time:
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InputError(f"Giờ “{text}” không đúng dạng", "Ghi giờ dạng 07:30.") from error


def _day(text: Any, message: str = "Ghi ngày dạng 2026-11-24.") -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InputError(f"Ngày “{text}” không có trong lịch", message) from error
