"""Forms of the procedure (tờ khai): fields declared as data, and what a person filled in.

A form is a row that an administrator may change; a dossier keeps the form's id and version with
the values. Values are plain JSON with ASCII member names and no fractions:

    text, long_text, address   text (NFC)
    number                     whole number, or decimal text ("12.5")
    date                       YYYY-MM-DD, YYYY-MM or YYYY
    choice                     the key of the choice
    person                     {part: text}, the parts of `PERSON_PARTS`
    table                      a list of {column: value}
    computed                   text or whole number, worked out by the form's formula
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class FieldKind(StrEnum):
    """What is written into a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    PERSON = "person"
    ADDRESS = "address"
    TABLE = "table"
    COMPUTED = "computed"


PERSON_PARTS: Final[Mapping[str, str]] = {
    "name": "Họ, chữ đệm, tên",
    "born_on": "Ngày sinh",
    "sex": "Giới tính",
    "id_number": "Số định danh, giấy tờ tuỳ thân",
    "ethnic": "Dân tộc",
    "nationality": "Quốc tịch",
    "address": "Nơi cư trú",
    "phone": "Số điện thoại",
}
"""What may be asked of a person, in the order of the forms."""

FROM_PARTY: Final = ("name", "born_on", "sex", "id_number", "address", "phone")
"""The parts a dossier's owner or submitter can fill in."""

SOURCES: Final = ("owner", "submitter")


@dataclass(frozen=True, slots=True)
class Condition:
    """The field `field` holds one of `among`; any value at all where `among` is empty."""

    field: str
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field as declared.

    `pattern`: what text must be as a whole, told to people by `hint`. `least`, `most`: of a number its
    value, of text its length, of a table its rows. `span`: quarters of the row it takes on screen.
    `copy_from`: `owner`, `owner.name`, `submitter.address`… taken over when the form is begun.
    `computed`: a formula (onestop/domain/formula.py). `parts`: of a person, empty for the usual ones.
    `is_past`: a date that cannot lie after today.
    """

    id: str
    words: str
    kind: FieldKind
    needed: bool = False
    hint: str = ""
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    columns: "tuple[FieldSpec, ...]" = ()
    parts: tuple[str, ...] = ()
    computed: str = ""
    is_searchable: bool = False
    is_past: bool = False
    show_if: Condition | None = None
    copy_from: str = ""
    span: int = 2


@dataclass(frozen=True, slots=True)
class FormSection:
    """Fields under one heading; `note` stands below the heading."""

    title: str
    fields: tuple[FieldSpec, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationForm:
    """A form in one version.

    `procedures`: codes, or `code/case`. `ground`: the text that prescribes it. `effective_on`:
    YYYY-MM-DD, "" from the beginning. `confidence`: how sure the wording is. `to`: to whom it is
    addressed, "" for the agency. `signer`: who signs it. `pledge`: what is promised above the
    signature. `needed`: the office takes no dossier in without it.
    """

    id: str
    title: str
    version: str
    ground: str
    procedures: tuple[str, ...]
    sections: tuple[FormSection, ...]
    label: str = ""
    effective_on: str = ""
    confidence: str = ""
    to: str = ""
    signer: str = "Người yêu cầu"
    pledge: str = ""
    needed: bool = False

    def fields(self) -> Iterator[FieldSpec]:
        """Every field, from the top to the end; not the columns of tables."""
        for section in self.sections:
            yield from section.fields

    def field(self, field_id: str) -> FieldSpec | None:
        return next((each for each in self.fields() if each.id == field_id), None)

    def belongs_to(self, code: str, case_id: str = "") -> bool:
        return code in self.procedures or bool(case_id and f"{code}/{case_id}" in self.procedures)


USUAL_PARTS: Final = ("name", "born_on", "id_number", "address")


def parts_of(spec: FieldSpec) -> tuple[str, ...]:
    """What a person field asks for."""
    return spec.parts or USUAL_PARTS


def form_from_dict(plain: Mapping[str, Any]) -> DeclarationForm:
    """The form of a row. Raises KeyError, TypeError or ValueError for what is no form."""
    values = dict(plain)
    values["procedures"] = _texts(values["procedures"])
    values["sections"] = tuple(_section(each) for each in values["sections"])
    form = DeclarationForm(**values)
    _require_texts(form.id, form.title, form.version, form.ground, form.effective_on, form.signer)
    return form


def form_to_dict(form: DeclarationForm) -> dict[str, Any]:
    """Plain JSON; what a form leaves at its usual value is left out. `form_from_dict` reads it."""
    plain = _plain(form)
    plain["procedures"] = list(form.procedures)
    plain["sections"] = [
        {"title": s.title, "fields": [_field_plain(each) for each in s.fields]}
        | ({"note": s.note} if s.note else {})
        for s in form.sections
    ]
    return plain


def form_key(form: DeclarationForm) -> str:
    """Key of its row: the id, and for a version that comes into effect later `id@YYYY-MM-DD`."""
    return f"{form.id}@{form.effective_on}" if form.effective_on else form.id


def find_form(forms: Iterable[DeclarationForm], form_id: str, version: str = "") -> DeclarationForm | None:
    """The form in that version; the newest one when that version is not known here any more."""
    known = sorted((each for each in forms if each.id == form_id), key=lambda form: form.effective_on)
    exact = (each for each in known if each.version == version)
    return next(exact, known[-1] if known else None)


def form_of(
    forms: Iterable[DeclarationForm], code: str, case_id: str = "", form_id: str = "", day: str = ""
) -> DeclarationForm | None:
    """The form of a procedure, or of its case, in force on `day` (YYYY-MM-DD, "" for the newest).

    `form_id`: what the procedure itself names goes first. A form of just this case goes before one
    of the whole procedure.
    """
    fit = [each for each in forms if each.id == form_id or (not form_id and each.belongs_to(code, case_id))]
    in_force = [each for each in fit if not day or each.effective_on <= day]
    own = [each for each in in_force if f"{code}/{case_id}" in each.procedures] or in_force
    return max(own, key=lambda form: form.effective_on, default=None)


def _section(plain: Mapping[str, Any]) -> FormSection:
    fields = tuple(_field(each) for each in plain["fields"])
    return FormSection(str(plain["title"]), fields, str(plain.get("note", "")))


def _field(plain: Mapping[str, Any]) -> FieldSpec:
    values = dict(plain)
    values["kind"] = FieldKind(values["kind"])
    values["choices"] = tuple((str(key), str(words)) for key, words in values.get("choices", ()))
    values["columns"] = tuple(_field(each) for each in values.get("columns", ()))
    values["parts"] = _texts(values.get("parts", ()))
    condition = values.get("show_if")
    values["show_if"] = (
        Condition(condition["field"], _texts(condition.get("among", ()))) if condition else None
    )
    made = FieldSpec(**values)
    _require_texts(made.id, made.words, made.hint, made.pattern, made.computed, made.copy_from)
    for limit in (made.least, made.most, made.span):
        if limit is not None and type(limit) is not int:
            raise TypeError(f"{made.id}: a limit is a whole number")
    return made


def _texts(values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("a list of texts is asked for")
    return tuple(str(each) for each in values)


def _require_texts(*values: object) -> None:
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{value!r:.40} is no text")


def _field_plain(spec: FieldSpec) -> dict[str, Any]:
    plain = _plain(spec) | {"kind": spec.kind.value}
    if spec.columns:
        plain["columns"] = [_field_plain(each) for each in spec.columns]
    if spec.choices:
        plain["choices"] = [list(pair) for pair in spec.choices]
    if spec.show_if:
        plain["show_if"] = {"field": spec.show_if.field, "among": list(spec.show_if.among)}
    if spec.parts:
        plain["parts"] = list(spec.parts)
    return plain


_MUST = {"id", "title", "version", "ground", "words", "kind"}


def _plain(part: FieldSpec | DeclarationForm) -> dict[str, Any]:
    """Its members that are not at their usual value."""
    usual = type(part).__dataclass_fields__
    return {
        name: getattr(part, name)
        for name in part.__slots__
        if name in _MUST or getattr(part, name) != usual[name].default
    }
