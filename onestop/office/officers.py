"""Officers and who stands in for them: what an administrator changes of both, as rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from onestop.domain.moment import local_day
from onestop.domain.person import parse_day
from onestop.domain.stand_in import StandIn, check_stand_in, stand_in_to_dict
from onestop.domain.state import Role
from onestop.domain.text import fold, nfc
from onestop.errors import InputError
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.office import Office, Officer
from onestop.store.rows import list_references
from onestop.store.writer import new_id


@dataclass(frozen=True, slots=True)
class StandInForm:
    """As typed; `id` "" for a new one. Days in any common form."""

    officer: str
    stand_in: str
    begins_on: str
    ends_on: str
    roles: frozenset[Role]
    reason: str = ""
    id: str = ""


def set_officer(
    office: Office, officer_id: str, name: str, roles: Collection[Role], unit: str, title: str = ""
) -> Changed:
    """Adds an officer (`officer_id` "") or changes one; without a role nobody can sign in as him, and
    the journal still names him. Raises InputError by field; see `change_rows`."""
    name, title = nfc(name), nfc(title)
    _check_officer(office, officer_id, name, roles, unit)
    rows = _officer_rows(office)
    ident = officer_id or _new_id(name, set(rows))
    plain = {"id": ident, "name": name, "roles": sorted(roles), "unit": unit, "title": title}
    key = rows.get(ident) or f"{_next_place(rows.values()):03d} {ident}"
    words = f"{'Sửa' if ident in rows else 'Thêm'} cán bộ {name}"
    return change_rows(office, [RowChange("officer", key, plain)], words)


def _check_officer(office: Office, officer_id: str, name: str, roles: Collection[Role], unit: str) -> None:
    if not name:
        raise InputError("Chưa nhập họ và tên", "Hãy nhập họ và tên đầy đủ của cán bộ.", "name")
    if unit not in {each.id for each in office.catalogue.units}:
        raise InputError("Chưa chọn đơn vị", "Hãy chọn đơn vị của cán bộ.", "unit")
    if not officer_id and not roles:
        raise InputError("Chưa chọn vai trò", "Chọn ít nhất một vai trò.", "roles")
    others = [each for each in office.catalogue.officers if each.id != officer_id]
    if Role.ADMIN not in roles and not any(Role.ADMIN in each.roles for each in others):
        words = "Hãy giao vai trò quản trị cho người khác trước."
        raise InputError("Cơ quan phải còn ít nhất một quản trị", words, "roles")


def _officer_rows(office: Office) -> dict[str, str]:
    """Key of the row by the officer's id."""
    with office.store.read() as connection:
        return {row.value["id"]: row.key for row in list_references(connection, "officer")}


def _new_id(name: str, taken: Collection[str]) -> str:
    """`u-mai`, as the given name comes last; `u-mai-2` where there is one."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in fold(name)).split()
    base, number = f"u-{words[-1]}" if words else "u", 1
    while (made := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return made


def _next_place(keys: Collection[str]) -> int:
    places = [int(key[:3]) for key in keys if key[:3].isdigit()]
    return max(places, default=-1) + 1


def find_officers(office: Office, query: str) -> list[Officer]:
    """Those whose name, title or unit hold every word typed, in the order of the catalogue."""
    catalogue, words = office.catalogue, fold(query).split()
    return [
        each
        for each in catalogue.officers
        if all(word in fold(f"{each.name} {each.title} {catalogue.unit_name(each.unit)}") for word in words)
    ]


def list_stand_ins(office: Office) -> list[StandIn]:
    """Those in force, those to come, then those that are over: newest first in each."""
    today = local_day(office.now).isoformat()
    ordered = sorted(office.catalogue.stand_ins, key=lambda one: one.begins_on, reverse=True)
    return sorted(ordered, key=lambda one: (one.ends_on < today, one.begins_on > today))


def set_stand_in(office: Office, form: StandInForm) -> Changed:
    """From one day to another somebody acts for an officer (NĐ 118/2025, Điều 11.8). Raises InputError
    by field; see `change_rows`."""
    today, catalogue = local_day(office.now), office.catalogue
    first, last = _day(form.begins_on, today, "begins_on"), _day(form.ends_on, today, "ends_on")
    ident = form.id or new_id(office.now)
    one = StandIn(ident, form.officer, form.stand_in, first, last, form.roles, nfc(form.reason))
    absent = catalogue.officer(form.officer)
    check_stand_in(one, catalogue.stand_ins, absent.roles)
    words = f"{catalogue.officer(form.stand_in).name} xử lý thay {absent.name}"
    return change_rows(office, [RowChange("stand_in", ident, stand_in_to_dict(one))], words)


def end_stand_in(office: Office, stand_in_id: str) -> Changed:
    """He is back: it ends with today, so that what was done today stands; what has not begun is taken
    away. Raises InputError for one that is over or not there."""
    today = local_day(office.now).isoformat()
    one = next((each for each in office.catalogue.stand_ins if each.id == stand_in_id), None)
    if one is None or one.ends_on < today:
        raise InputError("Lần xử lý thay này đã hết", "Hãy chọn lần đang hoặc sắp có hiệu lực.", "stand_in")
    value = stand_in_to_dict(one) | {"ends_on": today} if one.begins_on <= today else None
    words = f"{office.catalogue.officer(one.officer).name} trở lại làm việc"
    return change_rows(office, [RowChange("stand_in", one.id, value)], words)


def _day(text: str, today: date, field: str) -> str:
    if not text:
        raise InputError("Chưa nhập ngày", "Nhập ngày, tháng, năm; ví dụ 24/11/2026.", field)
    return parse_day(text, today, field).isoformat()
