"""The due date of a dossier that several agencies settle one after the other (liên thông).

Each agency has its own limit and its own due moment, and the citizen is told the total. What one
agency finishes at its due moment is what the next one begins with, so the total never lies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onestop.domain.calendar import ONE_DAY, WorkCalendar
from onestop.domain.deadline import DueDate, due_date
from onestop.domain.moment import VIETNAM, local
from onestop.domain.time_limit import HOURS_A_DAY, TimeLimit, TimeUnit, check_limit
from onestop.errors import InputError


@dataclass(frozen=True, slots=True)
class Stage:
    """What one agency has to do: its name as people read it, and its own time limit."""

    agency: str
    limit: TimeLimit


@dataclass(frozen=True, slots=True)
class StageDue:
    """An agency's own due moment; its clock starts at `starts_at`."""

    stage: Stage
    starts_at: datetime
    due: DueDate


@dataclass(frozen=True, slots=True)
class StagesDue:
    """Own due moments in order, and the total that stands on the receipt."""

    own: tuple[StageDue, ...]
    total: DueDate


def stages_due(calendar: WorkCalendar, stages: Sequence[Stage], received_at: datetime) -> StagesDue:
    """Own and total due moments of stages that follow one another.

    Raises InputError for a stage without a limit (naming its agency) or when there is none.
    """
    if not stages:
        raise InputError("Chưa có cơ quan nào giải quyết", "Hãy thêm ít nhất một cơ quan.", "stages")
    own: list[StageDue] = []
    for stage in stages:
        starts_at = own[-1].due.due_at if own else local(received_at)
        own.append(StageDue(stage, starts_at, _own_due(calendar, stage, starts_at)))
    return StagesDue(tuple(own), _total(calendar, own))


def check_stages(stages: Sequence[Stage], total: TimeLimit) -> None:
    """Whether stages and the procedure's own limit say the same. Raises InputError (field `stages`).

    Working days and hours only: what each agency moves off a day off would add up to another total.
    """
    for stage in stages:
        if not stage.agency or stage.limit.unit not in {TimeUnit.WORKING_DAY, TimeUnit.HOUR}:
            raise InputError(
                "Mỗi cơ quan giải quyết cần có tên và thời hạn theo ngày làm việc hoặc giờ",
                "Xem lại các giai đoạn của thủ tục.",
                "stages",
            )
        check_limit(stage.limit)
    if stages and sum_limits([stage.limit for stage in stages]) != total:
        raise InputError(
            "Thời hạn của các cơ quan cộng lại khác thời hạn của thủ tục",
            f"Cộng lại là {_sum_words(sum_limits([stage.limit for stage in stages]))}, "
            f"thủ tục ghi {total.words()}.",
            "stages",
        )


def arrives_at(calendar: WorkCalendar, received_at: datetime) -> datetime:
    """When a dossier taken in elsewhere reaches the agency that is competent for it.

    Received không phụ thuộc địa giới, its clock starts there (NĐ 118/2025, Điều 17.3). It is sent on
    the same working day; what came after 15:00 at the beginning of the next one (Điều 18.2).
    """
    here = local(received_at)
    day = here.date()
    if calendar.is_working_day(day):
        if here.time() <= min(calendar.reception_cutoff, calendar.closes_on(day)):
            return here
        day += ONE_DAY
    day = calendar.next_working_day(day)
    return datetime.combine(day, calendar.hours_on(day)[0][0], VIETNAM)


def sum_limits(limits: Sequence[TimeLimit]) -> TimeLimit:
    """All limits as one; days and hours together become hours, eight to a day.

    Calendar days cannot be added to working days: their sum is unspecified, and only its due
    moment tells.
    """
    units = {limit.unit for limit in limits}
    if len(units) == 1:
        unit = limits[0].unit
        return limits[0] if unit is TimeUnit.SAME_DAY else TimeLimit(sum(each.value for each in limits), unit)
    if units == {TimeUnit.WORKING_DAY, TimeUnit.HOUR}:
        return TimeLimit(sum(map(_hours, limits)), TimeUnit.HOUR)
    return TimeLimit(0, TimeUnit.UNSPECIFIED)


def _hours(limit: TimeLimit) -> int:
    return limit.value * (HOURS_A_DAY if limit.unit is TimeUnit.WORKING_DAY else 1)


def _own_due(calendar: WorkCalendar, stage: Stage, starts_at: datetime) -> DueDate:
    try:
        return due_date(calendar, stage.limit, starts_at)
    except InputError as error:
        raise InputError(f"{stage.agency}: {error.title}", error.message, error.field) from error


def _total(calendar: WorkCalendar, own: Sequence[StageDue]) -> DueDate:
    """Due with the last agency; every day that any of them skipped, once."""
    last = own[-1].due
    skipped = dict(each for one in own for each in one.due.skipped)
    limit = sum_limits([one.stage.limit for one in own])
    return DueDate(
        due_at=last.due_at,
        limit=limit,
        starts_on=own[0].due.starts_on,
        skipped=tuple(sorted(skipped.items())),
        explanation=_total_words(limit, own),
        calendar_version=calendar.version,
    )


def _total_words(limit: TimeLimit, own: Sequence[StageDue]) -> str:
    """`Cộng 5 ngày làm việc: UBND xã Tân Hòa 2 ngày làm việc, đến 16:30 25/11/2026; …`."""
    each = "; ".join(_own_words(one) for one in own)
    if limit.unit in {TimeUnit.UNSPECIFIED, TimeUnit.SAME_DAY}:
        return f"Qua {len(own)} cơ quan: {each}"
    return f"Cộng {_sum_words(limit)}: {each}"


def _sum_words(limit: TimeLimit) -> str:
    """`3 ngày làm việc và 4 giờ` where days and hours were added."""
    days, hours = divmod(limit.value, HOURS_A_DAY)
    if limit.unit is not TimeUnit.HOUR or not days:
        return limit.words()
    return f"{days} ngày làm việc và {hours} giờ" if hours else f"{days} ngày làm việc"


def _own_words(one: StageDue) -> str:
    words = one.stage.limit.words()
    return f"{one.stage.agency} {words[0].lower()}{words[1:]}, đến {one.due.due_at:%H:%M %d/%m/%Y}"
