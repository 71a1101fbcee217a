"""The agency as its papers name it, its units as a tree, other agencies, and mergers of them.

Everything here is rows, changed all or nothing and undone at will (`changing.change_rows`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from onestop.domain.agency_code import both_forms, is_same_agency, parse_agency_code
from onestop.domain.merger import Merger, MergerKind, check_merger, key, merger_plain, present
from onestop.domain.moment import local_day, show_on
from onestop.domain.person import normalise_phone
from onestop.domain.text import fold, nfc
from onestop.errors import InputError, InputErrors, RuleError
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.office import Agency, Office, Unit
from onestop.office.transfer import known_agencies
from onestop.store.open_counts import count_open_by_unit
from onestop.store.rows import list_keys, read_references

_NEEDED = (("name", "Tên cơ quan"), ("place", "Địa danh ghi trên giấy"), ("office_name", "Tên bộ phận"))


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the tree. `depth`: 0 directly under the agency; `merged`: what it is merged into, if
    it is, from the day `merged_on`; `open_count`: open dossiers that it holds by name."""

    unit: Unit
    depth: int
    officer_count: int
    open_count: int
    merged: str = ""
    merged_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency with its code in both forms; `merged`: code of the one that has its work today."""

    code: str
    old_form: str
    name: str
    is_own: bool = False
    merged: str = ""


# ---- what there is ----------------------------------------------------------------------


def unit_tree(office: Office) -> tuple[UnitLine, ...]:
    """Every unit below the one it stands under, those in force before those merged into others."""
    catalogue = office.catalogue
    with office.store.read() as connection:
        counts = count_open_by_unit(connection)
    known = {unit.id for unit in catalogue.units}
    gone = {each.old: each for each in catalogue.mergers if each.kind is MergerKind.UNIT}

    def lines(parent: str, depth: int) -> list[UnitLine]:
        below = [unit for unit in catalogue.units if _parent(unit, known) == parent]
        found = []
        for unit in sorted(below, key=lambda unit: unit.id in gone):
            merger = gone.get(unit.id)
            officers = sum(officer.unit == unit.id for officer in catalogue.officers)
            into, day = (merger.new, merger.on) if merger else ("", None)
            found.append(UnitLine(unit, depth, officers, counts.get(unit.id, 0), into, day))
            found += lines(unit.id, depth + 1)
        return found

    found = lines("", 0)
    shown = {line.unit.id for line in found}
    # Rows from several hands may put two units under one another: no unit is ever hidden.
    lost = [unit for unit in catalogue.units if unit.id not in shown]
    return (*found, *(UnitLine(unit, 0, 0, counts.get(unit.id, 0)) for unit in lost))


def find_agencies(office: Office, query: str = "") -> tuple[AgencyLine, ...]:
    """This agency, then the others by name: by words without accents, or by a code in either form,
    also of an agency that has gone into another and inside a dossier code."""
    own = office.catalogue.agency
    lines = [_agency_line(office, own.code, own.name, is_own=True)]
    lines += [_agency_line(office, code, name) for code, name in known_agencies(office)]
    typed = nfc(query).partition("-")[0].strip()
    if not typed:
        return tuple(lines)
    words = fold(typed).split()
    return tuple(line for line in lines if _is_named(line, typed, words))


def _is_named(line: AgencyLine, typed: str, words: Sequence[str]) -> bool:
    if is_same_agency(line.code, typed):
        return True
    named = f"{fold(line.name)} {line.code.lower()} {line.old_form.lower()}"
    return all(word in named for word in words)


def _agency_line(office: Office, code: str, name: str, is_own: bool = False) -> AgencyLine:
    try:
        new, old = both_forms(code)
    except InputError:  # rows of a hub may hold codes of a form not known here
        new, old = code, ""
    day = local_day(office.now)
    now = present(office.catalogue.mergers, MergerKind.AGENCY, code, day)
    return AgencyLine(new, old, name, is_own, "" if is_same_agency(now, code) else now)


def _parent(unit: Unit, known: set[str]) -> str:
    """A parent that is not there is none: rows come from several hands."""
    return unit.parent if unit.parent in known and unit.parent != unit.id else ""


# ---- changing ---------------------------------------------------------------------------


def change_letterhead(office: Office, wanted: Agency) -> Changed:
    """What every paper says on top. The code stays: it opens the codes of all dossiers.

    Raises InputErrors by field, and as `change_rows`.
    """
    texts = {name: nfc(text) for name, text in asdict(wanted).items()}
    errors = [
        InputError(f"Chưa nhập: {words}", f"Hãy nhập {words.lower()}.", name)
        for name, words in _NEEDED
        if not texts[name]
    ]
    if texts["phone"]:
        try:
            texts["phone"] = normalise_phone(texts["phone"])
        except InputError as error:
            errors.append(InputError(error.title, error.message, "phone"))
    if errors:
        raise InputErrors(errors)
    texts["code"] = office.catalogue.agency.code
    return change_rows(office, (RowChange("agency", texts["code"], texts),), "Sửa thông tin cơ quan")


def set_unit(office: Office, unit_id: str, name: str, parent: str = "") -> Changed:
    """Adds a unit (`unit_id` ""), renames it or puts it under another. Raises InputError by field."""
    name, units = nfc(name), office.catalogue.units
    if not name:
        raise InputError(
            "Chưa nhập tên đơn vị", "Hãy nhập tên đầy đủ của phòng, ban, trung tâm.", "unit_name"
        )
    if any(fold(each.name) == fold(name) and each.id != unit_id for each in units):
        raise InputError("Đã có đơn vị tên này", "Hãy đặt tên khác, hoặc sửa đơn vị đang có.", "unit_name")
    if unit_id and parent in _with_all_below(units, unit_id):
        words = "Đơn vị không thể thuộc chính nó hoặc đơn vị cấp dưới của nó."
        raise InputError("Đơn vị cấp trên chưa đúng", words, "unit_parent")
    rows = _rows(office, "unit")
    unit = Unit(unit_id or _new_id(name, {each.id for each in units}), name, parent)
    row_key = next((key for key, value in rows.items() if value["id"] == unit.id), "")
    words = f"Sửa đơn vị {name}" if row_key else f"Thêm đơn vị {name}"
    change = RowChange("unit", row_key or f"{_next_place(rows):03d} {unit.id}", _unit_plain(unit))
    return change_rows(office, (change,), words)


def set_agency(office: Office, code: str, name: str) -> Changed:
    """Another agency that dossiers go to or come from. Raises InputError by field."""
    parsed, name = parse_agency_code(code), nfc(name)
    if is_same_agency(code, office.catalogue.agency.code):
        words = "Hãy sửa ở phần thông tin cơ quan."
        raise InputError("Đây là mã của chính cơ quan này", words, "agency_code")
    if not name:
        raise InputError("Chưa nhập tên cơ quan", "Hãy nhập tên đầy đủ của cơ quan.", "agency_name")
    kept = next((each for each, _ in known_agencies(office) if is_same_agency(each, code)), parsed.new_form)
    row = RowChange("agencies", kept, {"code": kept, "name": name})
    return change_rows(office, (row,), f"Cơ quan khác: {name} ({kept})")


def merge(office: Office, wanted: Merger) -> Changed:
    """From the day `wanted.on` the work of the old one is the new one's; what is written stays.

    If that day has come, officers, units below and sectors of a merged unit move along at once;
    its open dossiers stand in the new unit's queue by the merger alone. Raises InputError by field.
    """
    wanted = replace(wanted, ground=nfc(wanted.ground))
    names = _names(office, wanted.kind)
    for field, code in (("old", wanted.old), ("new", wanted.new)):
        if not any(key(wanted.kind, code) == key(wanted.kind, each) for each in names):
            words = "Hãy chọn trong danh sách; cơ quan chưa có thì thêm vào danh mục trước."
            raise InputError("Chưa chọn nơi sáp nhập", words, field)
    if wanted.kind is MergerKind.AGENCY and is_same_agency(wanted.old, office.catalogue.agency.code):
        words = "Cơ quan nhận việc ghi sáp nhập này; quầy ở đây ghi danh vào máy chủ của cơ quan đó."
        raise InputError("Chính cơ quan này không sáp nhập đi từ đây", words, "old")
    check_merger(office.catalogue.mergers, wanted)
    rows = [RowChange("merger", key(wanted.kind, wanted.old), merger_plain(wanted))]
    if wanted.kind is MergerKind.UNIT and wanted.on <= local_day(office.now):
        rows += _moved(office, wanted)
    old, new = names.get(wanted.old, wanted.old), names.get(wanted.new, wanted.new)
    return change_rows(office, rows, f"Sáp nhập {old} vào {new} từ {show_on(wanted.on)}")


def move_along(office: Office, unit: str) -> Changed:
    """Officers, units below and sectors of a unit whose merger had lain ahead when it was written.

    Raises RuleError before its day, or where no merger of this unit is known.
    """
    found = (each for each in office.catalogue.mergers if (each.kind, each.old) == (MergerKind.UNIT, unit))
    merger = next(found, None)
    if merger is None or merger.on > local_day(office.now):
        words = "Chưa đến ngày sáp nhập, hoặc đơn vị này không sáp nhập. Hãy xem lại ngày."
        raise RuleError("Chưa chuyển được cán bộ", words)
    names = _names(office, MergerKind.UNIT)
    words = f"Chuyển cán bộ, lĩnh vực của {names.get(unit, unit)} theo sáp nhập"
    return change_rows(office, _moved(office, merger), words)


def count_carried(office: Office, unit: str) -> int:
    """Open dossiers that a merger of this unit carries along: what changes for them is their queue."""
    with office.store.read() as connection:
        return count_open_by_unit(connection).get(unit, 0)


def _names(office: Office, kind: MergerKind) -> Mapping[str, str]:
    if kind is MergerKind.UNIT:
        return {unit.id: unit.name for unit in office.catalogue.units}
    return {line.code: line.name for line in find_agencies(office)}


def _moved(office: Office, merger: Merger) -> list[RowChange]:
    """Officers, units below and sectors of the old unit, as they are in the new one."""
    changes = []
    for row_key, value in _rows(office, "officer").items():
        if value["unit"] == merger.old:
            changes.append(RowChange("officer", row_key, value | {"unit": merger.new}))
    for row_key, value in _rows(office, "unit").items():
        if value.get("parent", "") == merger.old:
            parent = "" if value["id"] == merger.new else merger.new
            changes.append(RowChange("unit", row_key, value | {"parent": parent}))
    routing = office.catalogue.routing
    if merger.old in routing.values():
        pairs = [[sector, merger.new if unit == merger.old else unit] for sector, unit in routing.items()]
        changes.append(RowChange("routing", "sectors", {"pairs": pairs}))
    return changes


def _rows(office: Office, kind: str) -> dict[str, Any]:
    with office.store.read() as connection:
        keys = [(kind, each) for each in sorted(list_keys(connection, kind))]
        return {row_key: row.value for (_, row_key), row in read_references(connection, keys).items()}


def _with_all_below(units: Sequence[Unit], unit_id: str) -> set[str]:
    found = {unit_id}
    for _ in units:
        found |= {each.id for each in units if each.parent in found}
    return found


def _unit_plain(unit: Unit) -> dict[str, str]:
    """Without an empty parent: a desk of an older version reads such a row too."""
    plain = {"id": unit.id, "name": unit.name}
    return plain | {"parent": unit.parent} if unit.parent else plain


def _next_place(rows: Mapping[str, Any]) -> int:
    places = [int(row_key[:3]) for row_key in rows if row_key[:3].isdigit()]
    return max(places, default=-1) + 1


def _new_id(name: str, taken: set[str]) -> str:
    """`Phòng Kinh tế` → `phong-kinh-te`; never one that a journal already names."""
    words = re.findall("[a-z0-9]+", fold(name))
    plain = "-".join(words)[:40] or "don-vi"
    number = 2
    found = plain
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found
