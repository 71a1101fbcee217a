"""Internal routes (quy trình nội bộ): who works on a dossier, in what order, for how long.

A route is issued by decision of the province's chairman for each procedure: steps with what is
done, who does it, how long, and what comes out. Eight hours are one working day; the sum equals
or undercuts the legal limit (domain notes §4.4).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.state import Role

DAY_MINUTES: Final = 480
LONGEST_MINUTES: Final = 1000 * DAY_MINUTES
"""No step takes longer; a bigger number is a slip of the keys."""


class StepKind(StrEnum):
    """`consult`: another unit is asked and the folder stays; `joint`: several units, one leads."""

    WORK = "work"
    CONSULT = "consult"
    JOINT = "joint"


KIND_WORDS: Final[Mapping[StepKind, str]] = {
    StepKind.WORK: "Giải quyết",
    StepKind.CONSULT: "Lấy ý kiến",
    StepKind.JOINT: "Phối hợp",
}

ROLE_WORDS: Final[Mapping[str, str]] = {
    Role.RECEPTION: "Cán bộ tiếp nhận",
    Role.SPECIALIST: "Chuyên viên",
    Role.HEAD: "Trưởng phòng",
    Role.LEADER: "Lãnh đạo",
    Role.CLERK: "Văn thư",
}
"""Roles that a step may name: those through whose hands a folder goes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `minutes` of working time; `online_minutes` None where an online one takes the same.

    `unit` "": by the routing of the sector (for the counter, leaders and the clerk: wherever they
    are). `joint_units` work with `unit`, which leads. `role` is a word of `Role`; another one is
    kept as it was written, and found by `check_route`.
    """

    no: int
    words: str
    role: str
    unit: str = ""
    minutes: int = 0
    online_minutes: int | None = None
    output: str = ""
    may_return: bool = True
    may_skip: bool = False
    kind: StepKind = StepKind.WORK
    joint_units: tuple[str, ...] = ()

    def time(self, is_online: bool = False) -> int:
        """Minutes of working time over one channel."""
        own = self.online_minutes
        return own if is_online and own is not None else self.minutes


@dataclass(frozen=True, slots=True)
class Route:
    """A route in one version. `procedure_codes` empty: a general one, for whatever has none of its own.

    `effective_on`: YYYY-MM-DD, "" from the beginning; a dossier goes the version that was in effect
    on the day it was received. `ground`: the decision that issued it, "" where it is only usual.
    """

    id: str
    name: str
    procedure_codes: tuple[str, ...]
    version: str
    steps: tuple[Step, ...]
    effective_on: str = ""
    ground: str = ""

    def time(self, is_online: bool = False) -> int:
        """Minutes of working time of all steps."""
        return sum(step.time(is_online) for step in self.steps)


@dataclass(frozen=True, slots=True)
class RouteFinding:
    """What is wrong with a route; `no` is the step (0: the whole), `field` its member.

    `short`: in a few words where `words` tell it step by step.
    """

    no: int
    field: str
    words: str
    short: str = ""


def route_to_dict(route: Route) -> dict[str, Any]:
    """Plain JSON values; `route_from_dict` gives the same route back."""
    return asdict(route)


def route_from_dict(plain: Mapping[str, Any]) -> Route:
    """Raises KeyError, TypeError or ValueError for another shape."""
    steps = tuple(_step_from(row) for row in plain["steps"])
    return Route(**{**plain, "steps": steps, "procedure_codes": tuple(plain["procedure_codes"])})


def _step_from(row: Mapping[str, Any]) -> Step:
    kind = StepKind(row.get("kind", StepKind.WORK))
    return Step(**{**row, "kind": kind, "joint_units": tuple(row.get("joint_units", ()))})


def route_key(route: Route) -> str:
    """Of its reference row: the first version under the id, later ones with their day."""
    return f"{route.id}@{route.effective_on}" if route.effective_on else route.id


def renumbered(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(replace(step, no=no) for no, step in enumerate(steps, start=1))


# ---- which route a dossier goes -------------------------------------------------------


def routes_on(routes: Iterable[Route], day: date) -> tuple[Route, ...]:
    """Of each id the newest version that is in effect on `day`, in their order."""
    newest: dict[str, Route] = {}
    for route in routes:
        known = newest.get(route.id)
        if route.effective_on <= day.isoformat() and (
            known is None or known.effective_on <= route.effective_on
        ):
            newest[route.id] = route
    return tuple(newest.values())


def find_route(
    routes: Iterable[Route], procedure_code: str, limits: Iterable[TimeLimit], day: date, own: str = ""
) -> Route | None:
    """The route of a procedure on a day: the one it names (`own`), one made for its code, else the
    longest general one that its shortest limit has room for. None where there is no such route."""
    current = routes_on(routes, day)
    for route in current:
        if own and route.id == own:
            return route
    for route in current:
        if procedure_code in route.procedure_codes:
            return route
    rooms = [room for limit in limits if (room := limit_minutes(limit)) is not None]
    fitting = [r for r in current if not r.procedure_codes and rooms and r.time() <= min(rooms)]
    return max(fitting, key=lambda route: route.time(), default=None)


def limit_minutes(limit: TimeLimit) -> int | None:
    """Working minutes that a legal limit surely holds; None where the limit is not known.

    Of calendar days only those count that no weekend can take away: thirty days are twenty
    working days at least.
    """
    match limit.unit:
        case TimeUnit.SAME_DAY:
            return DAY_MINUTES
        case TimeUnit.HOUR:
            return limit.value * 60
        case TimeUnit.WORKING_DAY:
            return limit.value * DAY_MINUTES
        case TimeUnit.CALENDAR_DAY:
            weeks, rest = divmod(limit.value, 7)
            return max(1, weeks * 5 + max(0, rest - 2)) * DAY_MINUTES
        case TimeUnit.UNSPECIFIED:
            return None


# ---- what is wrong with a route -------------------------------------------------------


def check_route(
    route: Route,
    limit: TimeLimit,
    online_limit: TimeLimit | None = None,
    units: Collection[str] = (),
) -> tuple[RouteFinding, ...]:
    """Everything that keeps a route from being followed within `limit`; empty when all is well.

    `units`: ids of the units there are; empty: not asked.
    """
    found = [*_check_order(route), *(each for step in route.steps for each in _check_step(step, units))]
    return (*found, *check_sum(route, limit), *check_sum(route, online_limit or limit, is_online=True))


def check_sum(route: Route, limit: TimeLimit, is_online: bool = False) -> tuple[RouteFinding, ...]:
    """Whether the steps together take longer than the law gives; nothing is said of an unknown limit."""
    room, total = limit_minutes(limit), route.time(is_online)
    if room is None or total <= room or (is_online and not _differs_online(route)):
        return ()
    named = ", ".join(f"{step.no} ({time_words(step.time(is_online))})" for step in route.steps)
    channel = "trực tuyến: " if is_online else ""
    words = (
        f"{channel}các bước {named} cộng lại {time_words(total)}, "
        f"vượt thời hạn {_limit_words(limit, room)} là {time_words(total - room)}"
    )
    short = f"{channel}vượt thời hạn {time_words(total - room)}"
    return (RouteFinding(0, "minutes", words[:1].upper() + words[1:], short),)


def _limit_words(limit: TimeLimit, room: int) -> str:
    words = limit.words()
    words = words[:1].lower() + words[1:]
    return f"{words} (ít nhất {time_words(room)})" if limit.unit is TimeUnit.CALENDAR_DAY else words


def _differs_online(route: Route) -> bool:
    return any(step.online_minutes is not None for step in route.steps)


def _check_order(route: Route) -> list[RouteFinding]:
    if len(route.steps) < 2:
        return [RouteFinding(0, "steps", "Quy trình cần ít nhất hai bước: tiếp nhận và trả kết quả")]
    found = [] if route.name else [RouteFinding(0, "name", "Chưa đặt tên quy trình")]
    first, last, roles = route.steps[0], route.steps[-1], [step.role for step in route.steps]
    if first.role != Role.RECEPTION:
        found.append(RouteFinding(first.no, "role", "Bước đầu phải là tiếp nhận, do cán bộ tiếp nhận làm"))
    if last.role != Role.RECEPTION:
        found.append(RouteFinding(last.no, "role", "Bước cuối phải là trả kết quả, do cán bộ tiếp nhận làm"))
    if [step.no for step in route.steps] != list(range(1, len(roles) + 1)):
        found.append(RouteFinding(0, "no", "Các bước phải đánh số liên tục từ 1"))
    # A result is signed by a leader, then numbered by the clerk: the table of acts knows no other way.
    if Role.LEADER not in roles:
        found.append(RouteFinding(0, "steps", "Thiếu bước lãnh đạo ký kết quả"))
    if Role.CLERK not in roles[roles.index(Role.LEADER) if Role.LEADER in roles else 0 :]:
        found.append(RouteFinding(0, "steps", "Thiếu bước văn thư vào sổ, đóng dấu sau bước lãnh đạo ký"))
    found += [
        RouteFinding(
            step.no, "may_skip", f"Bước {step.no} không được bỏ qua: quy trình bắt đầu và kết thúc ở quầy"
        )
        for step in (first, last)
        if step.may_skip
    ]
    return found


def _check_step(step: Step, units: Collection[str]) -> list[RouteFinding]:
    no, found = step.no, []
    if not step.words:
        found.append(RouteFinding(no, "words", f"Bước {no} chưa có nội dung công việc"))
    if step.role not in ROLE_WORDS:
        known = ", ".join(words.lower() for words in ROLE_WORDS.values())
        found.append(
            RouteFinding(no, "role", f"Bước {no}: không có vai trò “{step.role}”; chọn một trong: {known}")
        )
    times = [step.minutes, *([] if step.online_minutes is None else [step.online_minutes])]
    if not all(0 <= minutes <= LONGEST_MINUTES for minutes in times):
        found.append(RouteFinding(no, "minutes", f"Bước {no}: thời gian phải từ 0 đến 1000 ngày làm việc"))
    for unit in (step.unit, *step.joint_units):
        if units and unit and unit not in units:
            found.append(RouteFinding(no, "unit", f"Bước {no}: cơ quan không có đơn vị “{unit}”"))
    if step.kind is StepKind.JOINT and not step.unit:
        found.append(RouteFinding(no, "unit", f"Bước {no} phối hợp nhiều đơn vị: chưa chọn đơn vị chủ trì"))
    if step.kind is StepKind.JOINT and not step.joint_units:
        found.append(RouteFinding(no, "joint_units", f"Bước {no}: chưa chọn đơn vị phối hợp"))
    return found


def time_words(minutes: int) -> str:
    """`30 phút`, `2 giờ 30 phút`, `4 giờ`, `2 ngày`, `2 ngày 4 giờ`: eight hours are a working day."""
    days, rest = divmod(minutes, DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = ((days, "ngày"), (hours, "giờ"), (left, "phút"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 giờ"
