"""What rows of a pack say that cannot be meant: codes nobody has, limits without a unit, days twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date
from functools import cached_property
from typing import Any, Final

from onestop.domain.calendar import SATURDAY
from onestop.domain.calendar_check import check_office_row
from onestop.domain.declaration import form_from_dict
from onestop.domain.declaration_check import check_form
from onestop.domain.fee import fee_from_dict
from onestop.domain.fee_check import check_rule
from onestop.domain.merger import MergerKind, check_merger, merger_from
from onestop.domain.procedure import procedure_from_dict
from onestop.domain.route import Route, check_route, check_sum, route_from_dict
from onestop.domain.stand_in import check_stand_in, stand_in_from_dict
from onestop.domain.state import Role
from onestop.domain.template import template_from_dict
from onestop.domain.template_check import check_template
from onestop.domain.text import fold
from onestop.domain.time_limit import LONGEST, TimeLimit, TimeUnit
from onestop.errors import InputError, InputErrors
from onestop.office.pack_cells import show_day
from onestop.office.pack_compare import Known, Meant
from onestop.office.pack_report import PackFinding

Value = Mapping[str, Any]
Findings = Iterator[PackFinding]

_ODD = (ArithmeticError, AttributeError, InputError, LookupError, TypeError, ValueError)
_UNKNOWN_LIMIT: Final = TimeLimit(0, TimeUnit.UNSPECIFIED)


class World:
    """The rows as they would stand after the pack; what its rows may name."""

    def __init__(self, after: Known, today: str, new_routes: Set[str] = frozenset()) -> None:
        """`new_routes`: ids of those that the pack changes, which are checked themselves."""
        self._after = after
        self.today = today
        self._new_routes = new_routes

    def rows(self, kind: str) -> list[dict[str, Any]]:
        return list(self._after.get(kind, {}).values())

    def _ids(self, kind: str, member: str = "id") -> frozenset[str]:
        return frozenset(str(row.get(member, "")) for row in self.rows(kind))

    @cached_property
    def units(self) -> frozenset[str]:
        return self._ids("unit")

    @cached_property
    def officers(self) -> Mapping[str, Value]:
        return {str(row.get("id", "")): row for row in self.rows("officer")}

    @cached_property
    def forms(self) -> frozenset[str]:
        return self._ids("declaration")

    @cached_property
    def routes(self) -> Mapping[str, Value]:
        return {str(row.get("id", "")): row for row in self.rows("route")}

    @cached_property
    def standing_routes(self) -> Mapping[str, list[Value]]:
        """Routes the pack leaves as they are, by the procedures that they name."""
        found: dict[str, list[Value]] = {}
        for row in self.rows("route"):
            if row.get("id") not in self._new_routes:
                for code in row.get("procedure_codes", ()):
                    found.setdefault(str(code), []).append(row)
                found.setdefault(f"route {row.get('id')}", []).append(row)
        return found

    @cached_property
    def fees(self) -> frozenset[str]:
        """Ids of rules, and `rule:row` for the rows of their tables."""
        rows = {
            f"{row.get('id')}:{level.get('id')}" for row in self.rows("fee") for level in row.get("rows", ())
        }
        return self._ids("fee") | rows

    @cached_property
    def procedures(self) -> Mapping[str, list[Value]]:
        """By code, and by the route that each names."""
        found: dict[str, list[Value]] = {}
        for row in self.rows("procedure"):
            found.setdefault(str(row.get("code")), []).append(row)
            if row.get("route"):
                found.setdefault(f"route {row['route']}", []).append(row)
        return found

    @cached_property
    def sectors(self) -> frozenset[str]:
        return frozenset(fold(str(pair[0])) for row in self.rows("routing") for pair in row.get("pairs", ()))


def check_meaning(each: Meant, world: World) -> Findings:
    """What is wrong with a row, at the cells to be mended. A row of another shape ends the search:
    `row_trouble` tells it."""
    check = _CHECKS.get(each.row.kind)
    if check is None:
        return
    try:
        yield from check(each, world)
    except _ODD:
        return


def _at(each: Meant, member: str, words: str, remedy: str, is_error: bool = True) -> PackFinding:
    return PackFinding(each.row.place_of(member), words, remedy, is_error)


# ---- procedures -----------------------------------------------------------------------


def _procedure(each: Meant, world: World) -> Findings:
    value = each.value
    yield from _effective(each, world)
    yield from _limits(each, value, "")
    yield from _links(each, value, "", world)
    yield from _papers(each, value["components"], "components.")
    for number, case in enumerate(value["cases"]):
        stem = f"cases.{number}."
        yield from _limits(each, case, stem)
        yield from _links(each, case, stem, world)
        yield from _papers(each, case["components"], f"{stem}components.")
    yield from _twice(each, [case["id"] for case in value["cases"]], "cases.{}.id", "Mã trường hợp")
    if not (value["components"] or value["cases"] or "components" in value["ask"]):
        words = f"Thủ tục {value['code']} không có thành phần hồ sơ nào"
        yield _at(each, "code", words, "Kiểm tra trang “Thành phần”.", is_error=False)
    if world.sectors and fold(value["sector"]) not in world.sectors and each.is_new:
        words = f"Chưa phân công lĩnh vực “{value['sector'][:60]}” cho đơn vị nào"
        yield _at(each, "sector", words, "Thêm ở trang “Phân công”, hoặc sửa tên lĩnh vực.", is_error=False)
    yield from _named(each, world)


def _named(each: Meant, world: World) -> Findings:
    """The form and the route that a procedure names."""
    form, route = each.value["declaration"], each.value["route"]
    if form and form not in world.forms:
        yield _at(each, "declaration", f"Không có tờ khai mã “{form[:40]}”", "Sửa mã, hoặc để trống.")
    if route and route not in world.routes:
        yield _at(each, "route", f"Không có quy trình mã “{route[:40]}”", "Sửa mã, hoặc để trống.")
    if each.is_new:
        yield from _outgrown(each, world)


def _outgrown(each: Meant, world: World) -> Findings:
    """A shorter limit than the routes that stay: the procedure is lawful, they are to be mended."""
    procedure = procedure_from_dict(each.value)
    names = (procedure.code, f"route {procedure.route}")
    for row in (row for name in names for row in world.standing_routes.get(name, ())):
        found = check_sum(route_from_dict(row), procedure.time_limit)
        if found:
            words = f"Quy trình “{row['name'][:40]}” dài hơn thời hạn: {found[0].words}"
            yield _at(each, "time_limit.value", words, "Sửa quy trình nội bộ sau khi nhập.", is_error=False)
            return


def _effective(each: Meant, world: World) -> Findings:
    day = each.value.get("effective_on", "")
    if day:
        date.fromisoformat(day)  # another shape: told for the row
    if day and day < world.today and each.is_new:
        words = f"Ngày hiệu lực {show_day(day)} đã qua"
        yield _at(each, "effective_on", words, "Hồ sơ đã nhận giữ bản cũ; kiểm tra lại ngày.", is_error=False)


def _limits(each: Meant, value: Value, stem: str) -> Findings:
    for name in ("time_limit", "online_limit"):
        limit = value[name]
        if limit is None:
            continue
        unit = TimeUnit(limit["unit"])
        number = int(limit["value"])
        is_counted = unit not in {TimeUnit.SAME_DAY, TimeUnit.UNSPECIFIED}
        if number and unit is TimeUnit.UNSPECIFIED:
            words = f"Thời hạn {number} không có đơn vị"
            yield _at(each, f"{stem}{name}.unit", words, "Ghi ngày làm việc, ngày hoặc giờ.")
        elif is_counted and not 1 <= number <= LONGEST:
            words = f"Thời hạn {number} không hợp lệ" if number else "Có đơn vị nhưng không có thời hạn"
            yield _at(each, f"{stem}{name}.value", words, f"Ghi một số từ 1 đến {LONGEST}.")


def _links(each: Meant, value: Value, stem: str, world: World) -> Findings:
    unknown = [link for link in value["fees"] if link not in world.fees]
    if unknown:
        words = f"Không có mức thu mã “{unknown[0][:40]}”"
        yield _at(each, f"{stem}fees", words, "Sửa mã, hoặc thêm ở trang “Phí”.")


def _papers(each: Meant, components: Iterable[Value], stem: str) -> Findings:
    numbers = []
    for place, one in enumerate(components):
        numbers.append(one["no"])
        if not (one["originals"] or one["copies"]) and one["kind"] == "submit":
            words = "Giấy tờ phải nộp mà cả bản chính và bản sao đều là 0"
            yield _at(each, f"{stem}{place}.originals", words, "Ghi số bản phải nộp.", is_error=False)
    yield from _twice(each, numbers, stem + "{}.no", "Số thứ tự")


def _twice(each: Meant, values: Iterable[Any], member: str, what: str) -> Findings:
    seen = set()
    for place, value in enumerate(values):
        if value in seen:
            yield _at(each, member.format(place), f"{what} “{value}” có hai lần", "Mỗi dòng một mã, một số.")
        seen.add(value)


# ---- money, routes, forms -------------------------------------------------------------


def _fee(each: Meant, world: World) -> Findings:
    yield from _effective(each, world)
    for error in check_rule(fee_from_dict(each.value)):
        yield _at(each, error.field or "id", error.title, error.message)


def _route(each: Meant, world: World) -> Findings:
    yield from _effective(each, world)
    route = route_from_dict(each.value)
    for found in check_route(route, _UNKNOWN_LIMIT, units=world.units):
        member = f"steps.{found.no - 1}.{found.field}" if found.no else _ROUTE_MEMBERS.get(found.field, "id")
        yield _at(each, member, found.words, "Sửa bước này, hoặc dùng trình sửa quy trình.")
    for code in route.procedure_codes:
        if code not in world.procedures:
            words = f"Không có thủ tục mã “{code[:40]}”"
            yield _at(each, "procedure_codes", words, "Sửa mã, hoặc thêm thủ tục vào gói.")
    yield from _too_long(each, route, world)


_ROUTE_MEMBERS: Final = {"steps": "name", "no": "name", "name": "name", "minutes": "id"}
"""What is said of the whole route, and the column where it stands: a cell tells one thing at a time."""


def _too_long(each: Meant, route: Route, world: World) -> Findings:
    """Against the limit of each procedure that goes this way."""
    named = [world.procedures.get(code, []) for code in (*route.procedure_codes, f"route {route.id}")]
    for row in (row for rows in named for row in rows):
        procedure = procedure_from_dict(row)
        found = check_sum(route, procedure.time_limit) or check_sum(
            route, procedure.online_limit or procedure.time_limit, is_online=True
        )
        if found:
            words = f"Với thủ tục {procedure.code}: {found[0].words}"
            yield _at(each, "id", words, "Rút ngắn các bước, hoặc sửa thời hạn của thủ tục.")
            return


def _declaration(each: Meant, world: World) -> Findings:
    for found in check_form(form_from_dict(each.value)):
        where = f"mục “{found.where}”: " if found.where else ""
        yield _at(each, found.where, f"{where}{found.words}", "Sửa mẫu tờ khai.")


def _template(each: Meant, world: World) -> Findings:
    for found in check_template(template_from_dict(each.value)):
        where = f"khối {found.place}: " if found.place else ""
        yield _at(each, found.member, f"{where}{found.words}", "Sửa mẫu in.", is_error=found.is_error)


# ---- people and units -----------------------------------------------------------------


def _officer(each: Meant, world: World) -> Findings:
    value = each.value
    if value["unit"] not in world.units:
        yield _at(each, "unit", f"Không có đơn vị mã “{value['unit'][:40]}”", "Sửa mã, hoặc thêm đơn vị.")
    if not value["roles"]:
        yield _at(each, "roles", f"Cán bộ {value['name']} không có vai trò nào", "Ghi ít nhất một vai trò.")
    unknown = [role for role in value["roles"] if role not in set(Role)]
    if unknown:
        known = ", ".join(role.value for role in Role)
        yield _at(each, "roles", f"Không có vai trò “{unknown[0]}”", f"Chọn: {known}.")
    had_admin = each.before is not None and "admin" in each.before["roles"]
    if had_admin and not any("admin" in row["roles"] for row in world.rows("officer")):
        words = "Gói bỏ vai trò quản trị của cán bộ quản trị cuối cùng"
        yield _at(each, "roles", words, "Giữ ít nhất một cán bộ quản trị.")


def _unit(each: Meant, world: World) -> Findings:
    parent = each.value.get("parent", "")
    if parent and (parent not in world.units or parent == each.value["id"]):
        yield _at(each, "parent", f"Không có đơn vị mã “{parent[:40]}”", "Sửa mã, hoặc để trống.")


def _routing(each: Meant, world: World) -> Findings:
    pairs = each.value["pairs"]
    yield from _twice(each, [pair[0] for pair in pairs], "pairs.{}.sector", "Lĩnh vực")
    for place, (_, unit) in enumerate(pairs):
        if unit not in world.units:
            member = f"pairs.{place}.unit"
            yield _at(each, member, f"Không có đơn vị mã “{unit[:40]}”", "Sửa mã, hoặc thêm đơn vị.")


def _stand_in(each: Meant, world: World) -> Findings:
    value = each.value
    for member in ("officer", "stand_in"):
        if value[member] not in world.officers:
            yield _at(each, member, f"Không có cán bộ mã “{value[member][:40]}”", "Sửa mã, hoặc thêm cán bộ.")
            return
    one = stand_in_from_dict(value)
    others = [stand_in_from_dict(row) for row in world.rows("stand_in") if row != value]
    roles = frozenset(Role(role) for role in world.officers[one.officer]["roles"])
    try:
        check_stand_in(one, others, roles)
    except InputError as error:
        yield _at(each, error.field or "id", error.title, error.message)


def _merger(each: Meant, world: World) -> Findings:
    one = merger_from(each.value)
    if one.kind is MergerKind.UNIT and one.new not in world.units:
        yield _at(each, "new", f"Không có đơn vị mã “{one.new[:40]}”", "Sửa mã, hoặc thêm đơn vị.")
        return
    try:
        check_merger((merger_from(row) for row in world.rows("merger") if row != each.value), one)
    except InputError as error:
        yield _at(each, error.field or "old", error.title, error.message)


# ---- days -----------------------------------------------------------------------------


def _calendar(each: Meant, world: World) -> Findings:
    if "years" not in each.value:
        yield from _own_hours(each)
        return
    days = each.row.value.get("days", ())
    yield from _twice(each, [day["day"] or place for place, day in enumerate(days)], "days.{}.day", "Ngày")
    for place, day in enumerate(days):
        if not day["day"]:
            continue  # no day at all, and that is said already
        is_weekend = date.fromisoformat(day["day"]).weekday() >= SATURDAY
        shown = show_day(day["day"])
        if day["type"] == "worked_days" and not is_weekend:
            words = f"Ngày làm bù {shown} không phải Thứ Bảy, Chủ nhật"
            yield _at(each, f"days.{place}.day", words, "Sửa ngày hoặc loại ngày.")
        if day["type"] == "days_off" and is_weekend:
            words = f"Ngày nghỉ {shown} là Thứ Bảy hoặc Chủ nhật, vốn đã nghỉ"
            yield _at(
                each, f"days.{place}.day", words, "Ghi là “nghỉ lễ rơi cuối tuần”, hoặc bỏ.", is_error=False
            )


def _own_hours(each: Meant) -> Findings:
    try:
        check_office_row(each.value)
    except InputErrors as errors:
        for error in errors.errors:
            yield _at(each, error.field or "", error.title, error.message)


_CHECKS: Final[Mapping[str, Callable[[Meant, World], Iterable[PackFinding]]]] = {
    "procedure": _procedure,
    "fee": _fee,
    "route": _route,
    "declaration": _declaration,
    "template": _template,
    "officer": _officer,
    "unit": _unit,
    "routing": _routing,
    "stand_in": _stand_in,
    "merger": _merger,
    "calendar": _calendar,
}
