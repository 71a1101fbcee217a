"""Which rows of the store a pack speaks of, and what would become of them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from onestop.domain.declaration import form_from_dict, form_to_dict
from onestop.domain.entry import canonical
from onestop.domain.fee import fee_from_dict, fee_to_dict
from onestop.domain.merger import merger_from, merger_plain
from onestop.domain.procedure import procedure_from_dict, procedure_to_dict
from onestop.domain.route import route_from_dict, route_to_dict
from onestop.domain.stand_in import stand_in_from_dict, stand_in_to_dict
from onestop.domain.template import template_from_dict, template_to_dict
from onestop.domain.text import nfc
from onestop.errors import OfficeError
from onestop.office.catalogue import officer_from
from onestop.office.changing import RowChange
from onestop.office.office import Office, Unit
from onestop.office.pack_cells import show_value
from onestop.office.pack_report import FieldChange, Pack, PackRow, RowDiff
from onestop.office.pack_shape import PACK_KINDS, SHEETS, Field
from onestop.office.packs import shipped_rows
from onestop.store.rows import list_references

Value = dict[str, Any]
Known = dict[str, dict[str, Value]]
"""Values by kind and key."""

_ODD = (ArithmeticError, AttributeError, LookupError, OfficeError, TypeError, ValueError)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Meant:
    """A row of a pack, the key it is kept under, what it says in full, and what stands there now."""

    row: PackRow
    key: str
    value: Value
    before: Value | None

    @property
    def is_new(self) -> bool:
        return self.value != self.before


def read_known(office: Office) -> Known:
    """The rows of this desk that packs speak of."""
    with office.store.read() as connection:
        found = {kind: list_references(connection, kind) for kind in PACK_KINDS}
    return {kind: {row.key: settled(kind, row.value) for row in rows} for kind, rows in found.items()}


def shipped_known() -> Known:
    """The rows that come with the program, for a machine without an office."""
    return known_from((kind, key, value) for kind, key, _, value in shipped_rows())


def known_from(rows: Iterable[tuple[str, str, Any]]) -> Known:
    """Of (kind, key, value), the kinds that packs speak of; of two for one row the last counts."""
    known: Known = {kind: {} for kind in PACK_KINDS}
    for kind, key, value in rows:
        if kind in known:
            known[kind][key] = settled(kind, value)
    return known


def settled(kind: str, value: Any) -> Any:
    """The value as the program itself would write it; one of another shape stays as it is."""
    try:
        return json.loads(canonical(_SETTLED[kind](value)))
    except _ODD:
        return value


def _officer(value: Value) -> Value:
    officer = officer_from(value)
    return asdict(officer) | {"roles": sorted(officer.roles)}


def _routing(value: Value) -> Value:
    """Pairs, whichever way an alone desk or a hub keeps them."""
    pairs = value["pairs"] if "pairs" in value else [list(pair) for pair in value.items()]
    return {"pairs": pairs}


_SETTLED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "procedure": lambda value: procedure_to_dict(procedure_from_dict(value)),
    "fee": lambda value: fee_to_dict(fee_from_dict(value)),
    "route": lambda value: route_to_dict(route_from_dict(value)),
    "stand_in": lambda value: stand_in_to_dict(stand_in_from_dict(value)),
    "merger": lambda value: merger_plain(merger_from(value)),
    "declaration": lambda value: form_to_dict(form_from_dict(value)),
    "template": lambda value: template_to_dict(template_from_dict(value)),
    "unit": lambda value: asdict(Unit(**value)),
    "officer": _officer,
    "routing": _routing,
    "calendar": lambda value: value,
}


# ---- which row ------------------------------------------------------------------------


def meant_rows(pack: Pack, known: Known, today: str) -> list[Meant]:
    """The pack's rows with their keys, each filled up with what the pack does not speak of."""
    keys = {kind: _Keys(kind, known.get(kind, {})) for kind in PACK_KINDS}
    found = []
    for row in pack.rows:
        key = keys[row.kind].key_of(row.value)
        before = known.get(row.kind, {}).get(key)
        value = settled(row.kind, _filled(row, before, today))
        found.append(Meant(row, key, _kept_where_same(before, value), before))
    return found


class _Keys:
    """Keys of a kind: those there are, and new ones beside them."""

    def __init__(self, kind: str, known: Mapping[str, Value]) -> None:
        self._kind = kind
        self._known = {self._name(value): key for key, value in known.items()}
        self._taken = set(known)

    def key_of(self, value: Value) -> str:
        name = self._name(value)
        if name not in self._known:
            self._known[name] = self._new(value)
            self._taken.add(self._known[name])
        return self._known[name]

    def _name(self, value: Value) -> tuple[str, str]:
        if self._kind in {"calendar", "routing"}:
            return ("office" if self._is_own_calendar(value) else self._kind, "")
        if self._kind == "template":
            return (template_ident(value), str(value.get("since", "")))
        first = {"procedure": "code", "merger": "old"}.get(self._kind, "id")
        return (str(value.get(first, "")), str(value.get("effective_on", "")))

    def _is_own_calendar(self, value: Value) -> bool:
        return self._kind == "calendar" and "years" not in value and "days" not in value

    def _new(self, value: Value) -> str:
        name, day = self._name(value)
        match self._kind:
            case "calendar":
                return "office" if name == "office" else "vn"
            case "routing":
                return "sectors"
            case "unit" | "officer":
                return f"{self._next_place():03d} {name}"
            case "fee":  # a rule's first version lies under its id, whenever it came into effect
                return f"{name}@{day}" if day and name in self._taken else name
            case _:
                return f"{name}@{day}" if day else name

    def _next_place(self) -> int:
        places = [int(key[:3]) for key in self._taken if key[:3].isdigit()]
        return max(places, default=-1) + 1


# ---- in full --------------------------------------------------------------------------


def template_ident(value: Value) -> str:
    """`01`, or `01-ct` for a variant: the key of its row without the day."""
    form, variant = str(value.get("form", "")), str(value.get("variant", ""))
    return f"{form}-{variant}" if variant else form


def _filled(row: PackRow, before: Value | None, today: str) -> Value:
    if row.kind == "calendar" and "days" in row.value:
        return _calendar(row.value["days"], before or {}, today)
    if row.kind == "routing" and row.value.get("pairs") and isinstance(row.value["pairs"][0], dict):
        return {"pairs": [[each["sector"], each["unit"]] for each in row.value["pairs"]]}
    if row.kind == "procedure":
        base = {"components": [], "cases": [], **(before or {})}
        olds = {case["id"]: case for case in base["cases"]}
        value = base | row.value
        return value | {"cases": [_case(case, olds) for case in value["cases"]]}
    if row.kind == "template":  # what it leaves out is as usual, not as it was here before
        return row.value
    base = {"steps": []} if row.kind == "route" else {}
    return base | (before or {}) | row.value


def _case(case: Any, olds: Mapping[str, Value]) -> Any:
    if not isinstance(case, dict):
        return case
    return {"components": [], **olds.get(str(case.get("id")), {}), **case}


def _calendar(days: Sequence[Value], before: Value, today: str) -> Value:
    """A sheet of days laid into the years; hours and the like stay. Other days, another version."""
    years: dict[str, Value] = {
        year: {key: [] if key == "estimates" else {} for key in old if key in _OF_DAYS} | _beside(old)
        for year, old in before.get("years", {}).items()
    }
    sound = [each for each in days if each["day"] and each["type"]]
    for each in sorted(sound, key=lambda day: str(day["day"])):
        year = years.setdefault(
            each["day"][:4], {"confidence": "estimate", "days_off": {}, "worked_days": {}}
        )
        year.setdefault(each["type"], {})[each["day"]] = each["why"]
        if each["is_estimate"]:
            year.setdefault("estimates", []).append(each["day"])
    value = before | {"years": years}
    if value == before or "version" not in before:
        return value
    version = today if before["version"] != today else f"{today}.2"
    return value | {"version": version}


_OF_DAYS: Final = ("days_off", "worked_days", "weekend_holidays", "estimates")


def _beside(year: Value) -> Value:
    return {key: value for key, value in year.items() if key not in _OF_DAYS}


def _kept_where_same(before: Any, value: Any) -> Any:
    """Blanks and line ends that a sheet cannot keep are no change: there the old wording stays."""
    if isinstance(before, str) and isinstance(value, str):
        return before if nfc(before) == nfc(value) else value
    if isinstance(before, dict) and isinstance(value, dict):
        return {key: _kept_where_same(before.get(key), each) for key, each in value.items()}
    if isinstance(before, list) and isinstance(value, list) and len(before) == len(value):
        return [_kept_where_same(*pair) for pair in zip(before, value, strict=True)]
    return value


# ---- what would change ----------------------------------------------------------------


def removed_rows(pack: Pack, meant: Iterable[Meant], known: Known) -> list[RowChange]:
    """Rows of the pack's kinds that it does not have. What there must be one of always stays."""
    kept = {(each.row.kind, each.key) for each in meant}
    return [
        RowChange(kind, key, None)
        for kind in PACK_KINDS
        if kind in pack.kinds - {"calendar", "routing"}
        for key in known.get(kind, {})
        if (kind, key) not in kept
    ]


def differences(meant: Iterable[Meant], removed: Iterable[RowChange], known: Known) -> tuple[RowDiff, ...]:
    """In the order of the pack, those taken away last."""
    found = []
    for each in meant:
        if each.is_new:
            how = "added" if each.before is None else "changed"
            fields = () if each.before is None else _fields(each.row.kind, each.before, each.value)
            found.append(RowDiff(each.row.kind, each.key, name_of(each.row.kind, each.value), how, fields))
    for change in removed:
        old = known[change.kind][change.key]
        found.append(RowDiff(change.kind, change.key, name_of(change.kind, old), "removed"))
    return tuple(found)


def name_of(kind: str, value: Value) -> str:
    """What people know a row by."""
    if kind in {"calendar", "routing"}:
        return ""
    for member in ("name", "title", "old", "officer", "id"):
        if value.get(member):
            return str(value[member])
    return ""


def _fields(kind: str, before: Value, after: Value) -> tuple[FieldChange, ...]:
    heads = {
        each.name: each
        for shape in SHEETS
        if shape.kind == kind and not shape.member
        for each in shape.fields
    }
    found = []
    for member in dict.fromkeys((*before, *after)):
        old, new = before.get(member), after.get(member)
        if old != new:
            found.append(
                FieldChange(
                    _head(heads, member), _show(heads, member, old, new), _show(heads, member, new, old)
                )
            )
    return tuple(found)


def _head(heads: Mapping[str, Field], member: str) -> str:
    named = heads.get(member) or heads.get(f"{member}.value")
    return named.head if named else _MEMBERS.get(member, member)


_MEMBERS: Final = {
    "components": "Thành phần",
    "cases": "Trường hợp",
    "steps": "Các bước, bậc",
    "rows": "Bảng mức thu",
    "exemptions": "Miễn, giảm",
    "pairs": "Phân công",
    "years": "Ngày nghỉ, ngày làm bù",
    "sections": "Các phần của tờ khai",
    "blocks": "Các khối của mẫu in",
}


def _show(heads: Mapping[str, Field], member: str, value: Any, other: Any) -> str:
    if f"{member}.value" in heads:
        if value is None:
            return ""
        unit = show_value(heads[f"{member}.unit"], value["unit"])
        return f"{value['value']} {unit}" if value["value"] else unit
    if isinstance(value, list) and value and not isinstance(value[0], str):
        return _list_words(value, other if isinstance(other, list) else [])
    if member in heads:
        return show_value(heads[member], value)
    return "" if value is None else str(value) if isinstance(value, str | int) else "…"


def _list_words(items: Sequence[Any], others: Sequence[Any]) -> str:
    """What stands in this list and not in the other."""
    own = [each for each in items if each not in others]
    named = [_item_words(each) for each in own[:_SHOWN]]
    more = f" và {len(own) - _SHOWN} dòng khác" if len(own) > _SHOWN else ""
    return f"{len(items)} dòng" + (f": {'; '.join(named)}{more}" if own else "")


def _item_words(item: Any) -> str:
    if isinstance(item, dict):
        return str(item.get("name") or item.get("words") or item.get("id") or item.get("from_page") or "")[
            :60
        ]
    return " → ".join(map(str, item))[:60] if isinstance(item, list) else str(item)[:60]
