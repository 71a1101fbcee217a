"""`due`: when a result is due and every day of the calculation, for administrators and scripts."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime
from typing import Any

from onestop.domain.calendar import WorkCalendar
from onestop.domain.deadline import Pause, TimeLimit, TimeUnit
from onestop.domain.due_lines import Explained, LineKind, explain, explain_stages, line_plain
from onestop.domain.moment import VIETNAM, local, show_on, weekday
from onestop.domain.procedure import Procedure, Resumption, in_case
from onestop.errors import InputError
from onestop.office.command import OfficeOf, catalogue_of
from onestop.office.office import Catalogue

_MOMENT = "Ghi dạng 2026-11-20T15:30 (giờ Việt Nam)."
_UNITS = tuple(unit.value for unit in TimeUnit if unit is not TimeUnit.UNSPECIFIED)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--procedure", default="", metavar="MÃ", help="mã thủ tục, ví dụ 1.001193")
    parser.add_argument("--case", default="", metavar="MÃ", help="mã trường hợp của thủ tục")
    parser.add_argument("--online", action="store_true", help="hồ sơ nộp trực tuyến")
    parser.add_argument("--received", default="", metavar="LÚC", help="lúc tiếp nhận: 2026-11-20T15:30")
    parser.add_argument(
        "--paused",
        action="append",
        default=[],
        metavar="TỪ..ĐẾN",
        help="một lần tạm dừng; ghi được nhiều lần",
    )
    parser.add_argument(
        "--resumption", default="", metavar="CÁCH", help="shift (lùi hạn) hoặc restart (tính lại)"
    )
    parser.add_argument("--limit", default="", metavar="SỐ", help="thời hạn, nếu danh mục chưa quy định")
    parser.add_argument(
        "--unit", default="", metavar="ĐƠN_VỊ", help=f"đơn vị của --limit: {', '.join(_UNITS)}"
    )
    parser.add_argument("--json", action="store_true", help="in ra JSON")


def run(wanted: Namespace, office_of: OfficeOf, say: Callable[[str], None] = print) -> int:
    """The exit code. Raises InputError naming the option that cannot stand."""
    received_at = _moment(wanted.received, "--received")
    with catalogue_of(office_of) as catalogue:
        procedure = _procedure(catalogue, wanted, received_at)
        calendar = catalogue.calendar
    limit = _limit(procedure, wanted)
    pauses = _pauses(wanted, procedure.resumption, received_at)
    if procedure.stages and not pauses:
        found = explain_stages(calendar, procedure.stages, received_at)
    else:
        found = explain(calendar, limit, received_at, pauses)
    if wanted.json:
        say(json.dumps(_plain(procedure, wanted, found, received_at), ensure_ascii=False, indent=2))
    else:
        _tell(procedure, found, calendar, received_at, say)
    return 0


def _procedure(catalogue: Catalogue, wanted: Namespace, received_at: datetime) -> Procedure:
    """In force on the day of reception, in its case, over its channel."""
    if not wanted.procedure:
        raise InputError("Thiếu --procedure", "Ghi mã thủ tục, ví dụ --procedure 1.001193.", "--procedure")
    found = catalogue.versions.find(wanted.procedure, f"{local(received_at):%Y-%m-%d}")
    if found is None:
        raise InputError(
            f"--procedure: không có thủ tục mã “{wanted.procedure[:40]}”",
            "Hãy xem lại mã trong danh mục thủ tục.",
            "--procedure",
        )
    try:
        return in_case(found, wanted.case, wanted.online)
    except InputError as error:
        cases = ", ".join(case.id for case in found.cases) or "thủ tục này không chia trường hợp"
        trouble = f"không có trường hợp “{wanted.case[:40]}”" if wanted.case else "phải chọn một trường hợp"
        raise InputError(f"--case: {trouble}", f"Các trường hợp: {cases}.", "--case") from error


def _limit(procedure: Procedure, wanted: Namespace) -> TimeLimit:
    """The catalogue's own; --limit only where that leaves it open."""
    if procedure.time_limit.unit is not TimeUnit.UNSPECIFIED:
        if wanted.limit or wanted.unit:
            raise InputError(
                f"--limit: thủ tục đã có thời hạn {procedure.time_limit.words()}",
                "Bỏ --limit và --unit, hoặc sửa thời hạn trong danh mục.",
                "--limit",
            )
        return procedure.time_limit
    if wanted.unit and wanted.unit not in _UNITS:
        raise InputError(
            f"--unit: không có đơn vị “{wanted.unit[:20]}”", f"Chọn: {', '.join(_UNITS)}.", "--unit"
        )
    if not wanted.limit or not wanted.unit:
        raise InputError(
            f"Thủ tục {procedure.code} chưa có thời hạn trong danh mục",
            "Ghi thêm --limit và --unit theo quyết định công bố, ví dụ --limit 5 --unit working_day.",
            "--limit",
        )
    if not (wanted.limit.isascii() and wanted.limit.isdigit()):
        raise InputError("--limit: phải là số nguyên", f"Đang là “{wanted.limit[:20]}”.", "--limit")
    return TimeLimit(int(wanted.limit[:6]), TimeUnit(wanted.unit))


def _pauses(wanted: Namespace, usual: Resumption, received_at: datetime) -> list[Pause]:
    ways = tuple(way.value for way in Resumption)
    if wanted.resumption and wanted.resumption not in ways:
        raise InputError(
            f"--resumption: không có cách “{wanted.resumption[:20]}”",
            "Ghi shift (lùi hạn bằng thời gian tạm dừng) hoặc restart (tính lại từ đầu).",
            "--resumption",
        )
    is_restart = (wanted.resumption or usual) == Resumption.RESTART
    pauses: list[Pause] = []
    for text in wanted.paused:
        after = pauses[-1].resumed_at if pauses else received_at
        pauses.append(_pause(text, after, is_restart))
    return pauses


def _pause(text: str, after: datetime, is_restart: bool) -> Pause:
    first, separator, last = text.partition("..")
    if not separator:
        raise InputError(
            f"--paused: “{text[:60]}” thiếu hai dấu chấm",
            "Ghi TỪ..ĐẾN, ví dụ 2026-11-23T09:00..2026-11-25T10:00.",
            "--paused",
        )
    pause = Pause(_moment(first, "--paused"), _moment(last, "--paused"), is_restart)
    if pause.resumed_at < pause.paused_at:
        raise InputError("--paused: lúc tiếp tục ở trước lúc tạm dừng", "Hãy đổi lại thứ tự.", "--paused")
    if pause.paused_at < after:
        raise InputError(
            "--paused: lúc tạm dừng ở trước lúc tiếp nhận hoặc lần tạm dừng trước chưa hết",
            "Ghi các lần tạm dừng theo thứ tự thời gian, không chồng nhau.",
            "--paused",
        )
    return pause


def _moment(text: str, option: str) -> datetime:
    if not text:
        raise InputError(
            f"Thiếu {option}" if option == "--received" else f"{option}: thiếu lúc", _MOMENT, option
        )
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(f"{option}: “{text[:40]}” không phải ngày giờ", _MOMENT, option) from error
    if ":" not in text:
        raise InputError(f"{option}: “{text[:40]}” thiếu giờ", _MOMENT, option)
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def _plain(
    procedure: Procedure, wanted: Namespace, found: Explained, received_at: datetime
) -> dict[str, Any]:
    return {
        "procedure": procedure.code,
        "case": wanted.case,
        "is_online": wanted.online,
        "limit": {"value": found.first.limit.value, "unit": found.first.limit.unit.value},
        "received_at": local(received_at).isoformat(),
        "first_due_at": found.first.due_at.isoformat(),
        "due_at": found.due.due_at.isoformat(),
        "explanation": found.sentence,
        "calendar": found.due.calendar_version,
        "lines": [line_plain(line) for line in found.lines],
    }


def _tell(
    procedure: Procedure,
    found: Explained,
    calendar: WorkCalendar,
    received_at: datetime,
    say: Callable[[str], None],
) -> None:
    say(f"Thủ tục:   {procedure.code} · {procedure.name}")
    say(f"Tiếp nhận: {_at(received_at)}")
    say(f"Hạn trả:   {_at(found.due.due_at)}")
    say(f"Vì sao:    {found.sentence}")
    say(f"Lịch:      phiên bản {calendar.version}")
    for line in found.lines:
        if line.kind is LineKind.PART:
            say(f"\n{line.words}")
        else:
            day = f"{weekday(line.day)} {show_on(line.day)}" if line.day else ""
            say(f"  {day:<20} {line.words}")


def _at(moment: datetime) -> str:
    here = local(moment)
    return f"{here:%H:%M} {weekday(here.date())} {show_on(here.date())}"
