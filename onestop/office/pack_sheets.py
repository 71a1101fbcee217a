"""A pack as sheets: rows laid out for people, and read back from what people made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from onestop.domain.text import fold, nfc
from onestop.office.pack_cells import WrongCell, read_cell, show_value
from onestop.office.pack_report import Pack, PackFinding, PackRow, Place
from onestop.office.pack_shape import CASE, SHEETS, As, Field, SheetShape
from onestop.printing.workbook import Column, Line, SheetIn, SheetOut, column_letter

Value = dict[str, Any]

_ONE_ROW: Final = {"calendar": "days", "routing": "pairs"}
"""Kinds with one row, whose sheet holds its items; the member they come in."""


# ---- laying out -----------------------------------------------------------------------


def lay_out(rows: Mapping[str, Sequence[Value]]) -> list[SheetOut]:
    """The sheets of the kinds that `rows` has, each with its columns even where it is empty."""
    return [_laid(shape, rows[shape.kind]) for shape in SHEETS if shape.kind in rows]


def columns_of(shape: SheetShape) -> tuple[Field, ...]:
    return (*shape.owner, *((CASE,) if shape.in_case else ()), *shape.fields)


def _laid(shape: SheetShape, values: Sequence[Value]) -> SheetOut:
    columns = tuple(
        Column(
            each.head, each.name, each.width, tuple(each.choices.values()) if each.how is As.CHOICE else ()
        )
        for each in columns_of(shape)
    )
    return SheetOut(shape.name, columns, [line for value in values for line in _lines(shape, value)])


def _lines(shape: SheetShape, value: Value) -> Iterable[list[str]]:
    if not shape.member:
        yield _texts(shape.fields, value)
        return
    owner = _texts(shape.owner, value)
    for item in items_of(shape, value):
        yield [*owner, *([""] if shape.in_case else []), *_texts(shape.fields, item)]
    if shape.in_case:
        for case in value.get("cases", ()):
            for item in case[shape.member]:
                yield [*owner, str(case["id"]), *_texts(shape.fields, item)]


def items_of(shape: SheetShape, value: Value) -> list[Value]:
    """What lies in a row's member, an item a line."""
    if shape.kind == "routing":
        return [{"sector": sector, "unit": unit} for sector, unit in value["pairs"]]
    if shape.kind == "calendar":
        return _days(value)
    return list(value.get(shape.member, ()))


def _days(value: Value) -> list[Value]:
    found = []
    for year in value.get("years", {}).values():
        for kind in ("days_off", "worked_days", "weekend_holidays"):
            for day, why in year.get(kind, {}).items():
                is_estimate = day in year.get("estimates", ())
                found.append({"day": day, "type": kind, "why": why, "is_estimate": is_estimate})
    return sorted(found, key=lambda each: str(each["day"]))


def _texts(fields: Iterable[Field], value: Value) -> list[str]:
    return [show_value(each, _member(value, each.name)) for each in fields]


def _member(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = None if value is None else value.get(name)
    return value


# ---- reading --------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """What was found so far; `roots`: rows by kind and what names them."""

    findings: list[PackFinding] = field(default_factory=list)
    rows: list[PackRow] = field(default_factory=list)
    roots: dict[tuple[str, ...], PackRow] = field(default_factory=dict)

    def wrong(self, place: Place, words: str, remedy: str, is_error: bool = True) -> None:
        self.findings.append(PackFinding(place, words, remedy, is_error))


def read_sheets(sheets: Sequence[SheetIn], name: str) -> Pack:
    """The pack that sheets hold, with everything in them that could not be read."""
    reading = _Reading()
    named = {fold(nfc(sheet.name)): sheet for sheet in sheets}
    known = {fold(shape.name) for shape in SHEETS}
    for sheet in sheets:
        if fold(nfc(sheet.name)) not in known:
            words = f"Không biết trang “{sheet.name[:40]}”, nên không đọc trang này"
            reading.wrong(Place(sheet.name), words, f"Các trang đọc được: {_sheet_names()}.", is_error=False)
    read = [(shape, named[fold(shape.name)]) for shape in SHEETS if fold(shape.name) in named]
    if not read:
        reading.wrong(Place(""), "Tệp không có trang nào của gói", f"Cần một trong: {_sheet_names()}.")
    for shape, sheet in read:
        _read_sheet(reading, shape, sheet)
    kinds = frozenset(shape.kind for shape, _ in read)
    return Pack(name, tuple(reading.rows), kinds, tuple(reading.findings))


def _sheet_names() -> str:
    return ", ".join(shape.name for shape in SHEETS)


def _read_sheet(reading: _Reading, shape: SheetShape, sheet: SheetIn) -> None:
    if shape.member:
        _begin_member(reading, shape, sheet)
    if not sheet.lines:
        return
    heads, *lines = sheet.lines
    columns = _columns(reading, shape, sheet.name, heads)
    if lines and _is_names(lines[0], columns):
        lines = lines[1:]
    for line in lines:
        _read_line(reading, shape, sheet.name, columns, line)


def _columns(reading: _Reading, shape: SheetShape, sheet: str, heads: Line) -> dict[int, Field]:
    """Which field stands in which column. What is not known and what is missing is said."""
    wanted = {fold(each.head): each for each in columns_of(shape)} | {
        each.name: each for each in columns_of(shape)
    }
    found: dict[int, Field] = {}
    for place, cell in enumerate(heads.cells):
        head = nfc(cell.text)
        if not head:
            continue
        here = Place(sheet, heads.number, column_letter(place), head[:40])
        known = wanted.get(fold(head)) or wanted.get(head)
        if known is None:
            reading.wrong(here, f"Không biết cột “{head[:40]}”", _heads_of(shape))
        elif known in found.values():
            reading.wrong(here, f"Hai cột cùng tên “{known.head}”", "Bỏ bớt một cột.")
        else:
            found[place] = known
    for each in columns_of(shape):
        if each.is_needed and each not in found.values():
            place_ = Place(sheet, heads.number, "", each.head)
            reading.wrong(place_, f"Thiếu cột “{each.head}”", "Thêm cột này; xem tệp xuất từ chương trình.")
    return found


def _heads_of(shape: SheetShape) -> str:
    return f"Sửa tên cột hoặc bỏ cột. Các cột: {', '.join(each.head for each in columns_of(shape))}."


def _is_names(line: Line, columns: Mapping[int, Field]) -> bool:
    """Whether it is our hidden line with the fields' names."""
    return bool(columns) and all(nfc(line.cell(place).text) == each.name for place, each in columns.items())


def _read_line(
    reading: _Reading, shape: SheetShape, sheet: str, columns: Mapping[int, Field], line: Line
) -> None:
    value: Value = {}
    places: dict[str, Place] = {}
    wrong: set[str] = set()
    for place, each in columns.items():
        here = places[_key(shape, each)] = Place(sheet, line.number, column_letter(place), each.head)
        try:
            _put(value, _key(shape, each), read_cell(each, line.cell(place)))
        except WrongCell as error:
            reading.wrong(here, error.words, error.remedy)
            wrong.add(_key(shape, each))
            _put(value, _key(shape, each), _default(each))
    for each in columns_of(shape):
        if _key(shape, each) not in places:
            _put(value, _key(shape, each), _default(each))
    _settle_limits(reading, value, places)
    row = PackRow(shape.kind, value, Place(sheet, line.number), places)
    if shape.member:
        _add_item(reading, shape, row, wrong)
    else:
        _add_root(reading, shape, row, wrong)


def _key(shape: SheetShape, field_: Field) -> str:
    """Columns that name the owner are kept apart from an item's own of the same name."""
    return f"of {field_.name}" if field_ in shape.owner or field_ is CASE else field_.name


def _default(field_: Field) -> Any:
    if field_.is_open:
        return None
    if field_.how in {As.LIST, As.CODES, As.CHOICES}:
        return []
    return (
        {As.NUMBER: 0, As.MONEY: 0, As.YES: False}.get(field_.how, "")
        if field_.otherwise is None
        else (field_.otherwise)
    )


def _put(value: Value, path: str, what: Any) -> None:
    head, _, rest = path.partition(".")
    if rest:
        value.setdefault(head, {})[rest] = what
    else:
        value[path] = what


def _settle_limits(reading: _Reading, value: Value, places: Mapping[str, Place]) -> None:
    """Two empty cells are no online limit at all; a number alone is a limit without a unit."""
    online = value.get("online_limit")
    if online is None:
        return
    if online.get("unit") is None and online.get("value") is None:
        value["online_limit"] = None
        return
    if online.get("unit") is None:
        where = places.get("online_limit.unit") or places["online_limit.value"]
        reading.wrong(
            where, "Có thời hạn trực tuyến nhưng không có đơn vị", "Ghi ngày làm việc, ngày hoặc giờ."
        )
    online["value"], online["unit"] = online.get("value") or 0, online.get("unit") or "unspecified"


def _name_of(shape: SheetShape, value: Value, prefix: str = "") -> tuple[str, ...]:
    first = shape.owner[0].name if prefix else shape.fields[0].name
    return (shape.kind, str(value[prefix + first]), str(value.get(f"{prefix}effective_on", "")))


def _add_root(reading: _Reading, shape: SheetShape, row: PackRow, wrong: set[str]) -> None:
    first = shape.fields[0]
    name = _name_of(shape, row.value)
    if first.name in wrong:
        return  # it has no name to be known by, and that is said already
    if name in reading.roots:
        before = reading.roots[name].place.line
        words = f"{first.head} “{name[1]}” đã có ở dòng {before}"
        reading.wrong(row.places[first.name], words, "Mỗi mã một dòng; sửa mã hoặc bỏ dòng thừa.")
        return
    reading.roots[name] = row
    reading.rows.append(row)


def _begin_member(reading: _Reading, shape: SheetShape, sheet: SheetIn) -> None:
    """A sheet of items says all there are: rows without any line have none."""
    if shape.kind in _ONE_ROW:
        return  # made by its first line: an empty sheet does not take all days off away
    for row in reading.rows:
        if row.kind == shape.kind:
            row.value.setdefault(shape.member, [])
            if shape.in_case:
                for case in row.value.get("cases", ()):
                    case.setdefault(shape.member, [])


def _one_row(reading: _Reading, shape: SheetShape, sheet: str) -> PackRow:
    name = (shape.kind, "", "")
    if name not in reading.roots:
        reading.roots[name] = PackRow(shape.kind, {_ONE_ROW[shape.kind]: []}, Place(sheet), {})
        reading.rows.append(reading.roots[name])
    return reading.roots[name]


def _add_item(reading: _Reading, shape: SheetShape, row: PackRow, wrong: set[str]) -> None:
    if shape.kind in _ONE_ROW:
        _append(_one_row(reading, shape, row.place.sheet), shape.member, row, f"{shape.member}.")
        return
    first = f"of {shape.owner[0].name}"
    if first in wrong:
        return
    owner = reading.roots.get(_name_of(shape, row.value, "of "))
    if owner is None:
        here = row.places.get(first, row.place)
        root = next(each for each in SHEETS if each.kind == shape.kind)
        words = f"Trang “{root.name}” không có mã “{row.value[first][:40]}”"
        reading.wrong(here, words, "Sửa mã, hoặc thêm dòng ở trang đó.")
        return
    case_id = row.value.get("of case", "")
    if not case_id:
        _append(owner, shape.member, row, f"{shape.member}.")
        return
    cases = owner.value.get("cases", [])
    number = next((n for n, case in enumerate(cases) if case["id"] == case_id), None)
    if number is None:
        here = row.places["of case"]
        words = f"Thủ tục không có trường hợp mã “{case_id[:40]}”"
        reading.wrong(here, words, "Sửa mã, hoặc thêm dòng ở trang “Trường hợp”.")
        return
    _append(replace(owner, value=cases[number]), shape.member, row, f"cases.{number}.{shape.member}.")


def _append(owner: PackRow, member: str, row: PackRow, path: str) -> None:
    items = owner.value.setdefault(member, [])
    places = owner.places
    assert isinstance(places, dict)
    stem = f"{path}{len(items)}"
    places[stem] = row.place
    for name, place in row.places.items():
        if not name.startswith("of "):
            places[f"{stem}.{name}"] = place
    items.append({name: each for name, each in row.value.items() if not name.startswith("of ")})
