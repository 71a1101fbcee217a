"""What stands in a form: read from typing, begun from the dossier, computed, shown, searched."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from onestop.domain.declaration import (
    FROM_PARTY,
    PERSON_PARTS,
    Condition,
    DeclarationForm,
    FieldKind,
    FieldSpec,
    parts_of,
)
from onestop.domain.dossier import Party
from onestop.domain.formula import Name, evaluate, parse_formula, plain_number
from onestop.domain.person import (
    normalise_id_number,
    normalise_phone,
    parse_born_on,
    parse_day,
    show_born_on,
    show_phone,
)
from onestop.domain.text import nfc, nfc_lines
from onestop.errors import InputError

Values = Mapping[str, Any]
"""Field id → plain JSON value."""

SEARCH: Final = "_search"
"""Reserved among the values: the text under which the dossier is found, kept with them so that the
index is made of the journal alone. No field's id can begin so."""

SEXES: Final = (("nam", "Nam"), ("nữ", "Nữ"))
_LONG: Final = (FieldKind.LONG_TEXT,)


# ---- where values come from ------------------------------------------------------------


def sources_of(owner: Party, submitter: Party, today: date) -> dict[str, str]:
    """What formulas and `copy_from` may read of the dossier: `owner.name`, …, `today`."""
    read = {"today": today.isoformat()}
    for prefix, party in (("owner", owner), ("submitter", submitter)):
        read |= {f"{prefix}.{part}": getattr(party, part) for part in FROM_PARTY}
    return read


def prefill(form: DeclarationForm, owner: Party, submitter: Party) -> dict[str, Any]:
    """What the dossier knows already, in the fields that ask for it; the rest is left out."""
    read = sources_of(owner, submitter, date.min)
    found = {spec.id: _copied(spec, read) for spec in form.fields() if spec.copy_from}
    return {field_id: value for field_id, value in found.items() if value}


def _copied(spec: FieldSpec, read: Mapping[str, str]) -> Any:
    if spec.kind is FieldKind.PERSON:
        texts = {part: read.get(f"{spec.copy_from}.{part}", "") for part in parts_of(spec)}
        return {part: text for part, text in texts.items() if text}
    text = read.get(spec.copy_from, "")
    return show_phone(text) if spec.copy_from.endswith(".phone") else text


def fill_computed(form: DeclarationForm, values: Values, sources: Mapping[str, str]) -> dict[str, Any]:
    """The values with every computed field worked out anew, in the order of their needs.

    A field whose formula cannot be read, or that needs itself, stays empty: `check_form` says so
    to the administrator.
    """
    done = {key: value for key, value in values.items() if not _is_computed(form.field(key))}
    waiting: set[str] = set()

    def read(name: Name) -> Any:
        if str(name) in sources:
            return sources[str(name)]
        spec = form.field(name.head)
        if spec is not None and _is_computed(spec) and spec.id not in done:
            compute(spec)
        return _part(done.get(name.head, ""), name.part)

    def compute(spec: FieldSpec) -> None:
        if spec.id in waiting:
            return
        waiting.add(spec.id)
        try:
            done[spec.id] = evaluate(parse_formula(spec.computed), read)
        except ValueError:
            done[spec.id] = ""

    for spec in form.fields():
        if _is_computed(spec) and spec.id not in done:
            compute(spec)
    return {key: value for key, value in done.items() if value not in ("", None)}


def _is_computed(spec: FieldSpec | None) -> bool:
    return spec is not None and spec.kind is FieldKind.COMPUTED


def _part(value: Any, part: str) -> Any:
    """`child.born_on` of a person, every `copies` of a table's rows."""
    if not part:
        return value
    if isinstance(value, list):
        return [row.get(part, "") for row in value if isinstance(row, dict)]
    return value.get(part, "") if isinstance(value, dict) else ""


# ---- which fields are asked for ----------------------------------------------------------


def is_shown(form: DeclarationForm, spec: FieldSpec, values: Values) -> bool:
    """Whether its condition holds; a field whose condition names a hidden one is hidden too."""
    seen: set[str] = set()
    condition: Condition | None = spec.show_if
    while condition is not None and condition.field not in seen:
        seen.add(condition.field)
        value = values.get(condition.field)
        if not (str(value) in condition.among if condition.among else value not in (None, "", [], {})):
            return False
        other = form.field(condition.field)
        condition = other.show_if if other else None
    return True


def shown_fields(form: DeclarationForm, values: Values) -> list[FieldSpec]:
    return [spec for spec in form.fields() if is_shown(form, spec, values)]


# ---- from typing to what is kept ---------------------------------------------------------


def read_values(form: DeclarationForm, typed: Values) -> dict[str, Any]:
    """As it is kept: texts in NFC, dates and numbers in their wire form where they can be read.

    What cannot be read stays as typed, for `check_values` to name. Empty and unknown ones go.
    """
    read = {spec.id: read_value(spec, typed.get(spec.id)) for spec in form.fields()}
    return {key: value for key, value in read.items() if value not in ("", None, [], {})}


def settle_values(form: DeclarationForm, typed: Values, sources: Mapping[str, str]) -> dict[str, Any]:
    """What the journal keeps: read, hidden fields gone, computed ones filled, with the search text."""
    read = fill_computed(form, read_values(form, typed), sources)
    kept = {spec.id: read[spec.id] for spec in shown_fields(form, read) if spec.id in read}
    words = search_text(form, kept)
    return kept | ({SEARCH: words} if words else {})


def read_value(spec: FieldSpec, value: Any) -> Any:
    """One value in its wire form; '' , [] or {} where nothing was given."""
    if spec.kind is FieldKind.TABLE:
        rows = value if isinstance(value, list) else []
        read = [_read_row(spec, row) for row in rows if isinstance(row, Mapping)]
        return [row for row in read if row]
    if spec.kind is FieldKind.PERSON:
        return _read_person(spec, value)
    if value is None:
        return ""
    if type(value) is int and spec.kind is not FieldKind.NUMBER:
        value = str(value) if spec.kind is not FieldKind.COMPUTED else value
    return _READ.get(spec.kind, _read_text)(value)


def _read_row(spec: FieldSpec, row: Mapping[str, Any]) -> dict[str, Any]:
    read = {column.id: read_value(column, row.get(column.id)) for column in spec.columns}
    return {key: value for key, value in read.items() if value not in ("", None, [], {})}


def _read_person(spec: FieldSpec, value: Any) -> dict[str, str]:
    given = value if isinstance(value, Mapping) else {}
    read = {part: nfc(str(given.get(part, ""))) for part in parts_of(spec)}
    if read.get("born_on"):
        read["born_on"] = _read_date(read["born_on"])
    for part, normalise in (("phone", normalise_phone), ("id_number", normalise_id_number)):
        with suppress(InputError):  # a foreign number, or one the check names later
            read[part] = normalise(read.get(part, ""))
    return {part: text for part, text in read.items() if text}


def _read_text(value: Any) -> Any:
    return nfc(value) if isinstance(value, str) else value


def _read_lines(value: Any) -> Any:
    return nfc_lines(value) if isinstance(value, str) else value


def _read_date(value: Any) -> Any:
    """Any day people write, also one to come; a lone month or year stays one."""
    text = nfc(value) if isinstance(value, str) else value
    if not isinstance(text, str) or re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return text
    try:
        return parse_born_on(text, date(2199, 12, 31)) if not _has_short_year(text) else _near_day(text)
    except InputError:
        return text


def _has_short_year(text: str) -> bool:
    return re.fullmatch(r"[0-9]{6}|[0-9]{1,2}[/.\-\s][0-9]{1,2}[/.\-\s][0-9]{2}", text) is not None


def _near_day(text: str) -> str:
    """`1/2/26`: a form is filled in of days near now, so the year is of this century."""
    return parse_day(text, date(2000, 1, 1)).isoformat()


def _read_number(value: Any) -> Any:
    """`1.250.000` and `12,5` as Vietnamese writes them; `12.5` as rows do."""
    if not isinstance(value, str):
        return value
    text = nfc(value).replace(" ", "")
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
        text = text.replace(".", "")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return nfc(value)
    return plain_number(number) if number.is_finite() and abs(number) < Decimal(10) ** 15 else nfc(value)


_READ: Final[Mapping[FieldKind, Callable[[Any], Any]]] = {
    FieldKind.LONG_TEXT: _read_lines,
    FieldKind.DATE: _read_date,
    FieldKind.NUMBER: _read_number,
}


# ---- shown, searched, compared -----------------------------------------------------------


def show_value(spec: FieldSpec, value: Any) -> str:
    """In words as people read it on screen and paper; a table's rows line by line."""
    if value in (None, "", [], {}):
        return ""
    if spec.kind is FieldKind.TABLE and isinstance(value, list):
        return "\n".join(_row_words(spec, row) for row in value if isinstance(row, Mapping))
    if spec.kind is FieldKind.PERSON and isinstance(value, Mapping):
        return ", ".join(text for _, text in person_lines(spec, value))
    if spec.kind is FieldKind.CHOICE:
        return dict(spec.choices).get(str(value), str(value))
    if spec.kind is FieldKind.DATE or _is_wire_date(value):
        return show_born_on(str(value))
    return show_number(value) if spec.kind in (FieldKind.NUMBER, FieldKind.COMPUTED) else str(value)


def person_lines(spec: FieldSpec, value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(what, text) of a person's parts that were given."""
    found = [(part, str(value.get(part, ""))) for part in parts_of(spec)]
    return [(PERSON_PARTS[part], _person_text(part, text)) for part, text in found if text]


def _person_text(part: str, text: str) -> str:
    if part == "born_on":
        return show_born_on(text) if _is_wire_date(text) or len(text) in (4, 7) else text
    if part == "sex":
        return dict(SEXES).get(text, text)
    return show_phone(text) if part == "phone" else text


def show_number(value: Any) -> str:
    """`1250000` → `1.250.000`, `12.5` → `12,5`; other text as it is."""
    if type(value) is int:
        return f"{value:,}".replace(",", ".")
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]+\.[0-9]+", value):
        whole, _, rest = value.partition(".")
        return f"{show_number(int(whole))},{rest}" if whole != "-0" else f"-0,{rest}"
    return str(value)


def _row_words(spec: FieldSpec, row: Mapping[str, Any]) -> str:
    return "; ".join(text for c in spec.columns if (text := show_value(c, row.get(c.id))))


def _is_wire_date(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is not None


def search_text(form: DeclarationForm, values: Values) -> str:
    """What the marked fields say, one behind the other; '' where nothing is marked or given."""
    marked = (spec for spec in form.fields() if spec.is_searchable and spec.id in values)
    return " ".join(part for spec in marked for part in _search_parts(spec, values[spec.id]))


def _search_parts(spec: FieldSpec, value: Any) -> Iterable[str]:
    """Names and numbers of a person; of a table the columns that are marked, or all of them."""
    if spec.kind is FieldKind.PERSON and isinstance(value, Mapping):
        return [str(value[part]) for part in ("name", "id_number", "phone") if value.get(part)]
    if spec.kind is FieldKind.TABLE and isinstance(value, list):
        marked = [column for column in spec.columns if column.is_searchable] or list(spec.columns)
        return [
            text for row in value for column in marked if (text := show_value(column, row.get(column.id)))
        ]
    return [show_value(spec, value)]
