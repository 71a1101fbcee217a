"""Saving a route: refused, in words, while it does not fit the law of a procedure it is for.

A change is a version of its own: dossiers received before its day go on as the route was then.
"""

from dataclasses import dataclass, replace
from datetime import date

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.moment import local_day
from onestop.domain.procedure import Procedure
from onestop.domain.route import (
    Route,
    RouteFinding,
    check_route,
    check_sum,
    limit_minutes,
    route_key,
    route_to_dict,
    routes_on,
)
from onestop.domain.text import fold
from onestop.errors import InputError, InputErrors
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.office import Catalogue, Office

_OPEN_LIMIT = TimeLimit(0, TimeUnit.UNSPECIFIED)


@dataclass(frozen=True, slots=True)
class Room:
    """The tightest legal limit a route has to keep: of which procedure, in minutes; None: no limit."""

    minutes: int | None
    words: str


def procedures_of(catalogue: Catalogue, route: Route) -> tuple[Procedure, ...]:
    """Those a route is for, by its codes or because they name it."""
    return tuple(p for p in catalogue.procedures if p.code in route.procedure_codes or p.route == route.id)


def room_of(catalogue: Catalogue, route: Route) -> Room:
    """What the diagram measures the steps against."""
    limits = [
        (minutes, f"{limit.words()} · {procedure.code}")
        for procedure in procedures_of(catalogue, route)
        for limit in (procedure.time_limit, *(case.time_limit for case in procedure.cases))
        if (minutes := limit_minutes(limit)) is not None
    ]
    return Room(*min(limits)) if limits else Room(None, "")


def check_for_procedures(catalogue: Catalogue, route: Route) -> tuple[RouteFinding, ...]:
    """What is wrong with the route itself, then each procedure whose limit it does not keep, by name."""
    units = {unit.id for unit in catalogue.units}
    found = [*check_route(route, _OPEN_LIMIT, units=units), *_check_codes(catalogue, route)]
    for procedure in procedures_of(catalogue, route):
        for one in _overruns(route, procedure):
            words = f"{procedure.name} ({procedure.code}): {one.words}"
            found.append(replace(one, words=words, short=f"Thủ tục {procedure.code}: {one.short}"))
    return tuple(found)


def _overruns(route: Route, procedure: Procedure) -> list[RouteFinding]:
    """One for the counter and one for what is sent online, at most."""
    usual = (procedure.time_limit, *(case.time_limit for case in procedure.cases))
    online = (
        procedure.online_limit or procedure.time_limit,
        *(case.online_limit or case.time_limit for case in procedure.cases),
    )
    at_counter = [each for limit in usual for each in check_sum(route, limit)]
    sent = [each for limit in online for each in check_sum(route, limit, is_online=True)]
    return [*at_counter[:1], *sent[:1]]


def _check_codes(catalogue: Catalogue, route: Route) -> list[RouteFinding]:
    known = {procedure.code for procedure in catalogue.procedures}
    found = [
        RouteFinding(0, "procedure_codes", f"Không có thủ tục mã {code}")
        for code in route.procedure_codes
        if code not in known
    ]
    for other in catalogue.routes:
        shared = set(route.procedure_codes) & set(other.procedure_codes)
        if other.id != route.id and shared:
            words = f"Thủ tục {', '.join(sorted(shared))} đã có quy trình “{other.name}”"
            found.append(RouteFinding(0, "procedure_codes", words))
    return found


def save_route(office: Office, route: Route, effective_on: date | None = None) -> Changed:
    """Writes the route as the version that holds from `effective_on` (today where None); a new route
    holds from the beginning. Raises InputErrors naming everything that is wrong; see `change_rows`."""
    catalogue, today = office.catalogue, local_day(office.now)
    found = check_for_procedures(catalogue, route)
    if effective_on is not None and effective_on < today:
        words = "Ngày hiệu lực ở trước hôm nay: hồ sơ đã nhận phải giữ quy trình của ngày nhận"
        found = (*found, RouteFinding(0, "effective_on", words))
    if found:
        raise InputErrors(
            [
                InputError(each.short or each.words, each.words if each.short else "", _field(each))
                for each in found
            ]
        )
    is_known = any(each.id == route.id for each in catalogue.routes)
    day = (effective_on or today).isoformat() if is_known else ""
    dated = replace(route, effective_on=day, version=(effective_on or today).isoformat())
    words = f"{'Sửa' if is_known else 'Thêm'} quy trình: {route.name}"
    return change_rows(office, [RowChange("route", route_key(dated), as_row(dated))], words)


def drop_route(office: Office, route: Route) -> Changed:
    """Takes away this version; what held before it holds again. See `change_rows`."""
    words = f"Bỏ quy trình: {route.name}"
    return change_rows(office, [RowChange("route", route_key(route), None)], words)


def as_row(route: Route) -> dict[str, object]:
    """The row's value, as it comes back from JSON: lists, no tuples."""
    plain = route_to_dict(route)
    steps = [row | {"joint_units": list(row["joint_units"])} for row in plain["steps"]]
    return plain | {"steps": steps, "procedure_codes": list(route.procedure_codes)}


def _field(found: RouteFinding) -> str:
    return f"{found.field}:{found.no}" if found.no else found.field


def new_route_id(catalogue: Catalogue, name: str) -> str:
    """An id out of the name, free among the routes there are: `cap-phep-via-he`, `cap-phep-via-he-2`."""
    words = "".join(c if c.isalnum() and c.isascii() else " " for c in fold(name)).split()
    base = "-".join(words)[:40].strip("-") or "quy-trinh"
    taken, number = {route.id for route in catalogue.routes}, 1
    while (made := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return made


def find_routes(catalogue: Catalogue, query: str, day: date) -> list[Route]:
    """Those in force on `day` or later, whose name, codes or procedures hold every word typed."""
    current = {route_key(route) for route in routes_on(catalogue.routes, day)}
    later = {route_key(route) for route in catalogue.routes if route.effective_on > day.isoformat()}
    names = {procedure.code: procedure.name for procedure in catalogue.procedures}
    words = fold(query).split()
    found = []
    for route in catalogue.routes:
        told = [route.name, *route.procedure_codes, *(names.get(code, "") for code in route.procedure_codes)]
        if route_key(route) in current | later and all(word in fold(" ".join(told)) for word in words):
            found.append(route)
    return sorted(found, key=lambda route: (not route.procedure_codes, _by_name(route), route.effective_on))


def _by_name(route: Route) -> tuple[str, int]:
    """General ones of one name differ by their length."""
    return (fold(route.name) if route.procedure_codes else "", route.time())
