"""The filled-in form of a dossier (tờ khai): checked at the counter, read by people, printed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onestop.domain.declaration import (
    PERSON_PARTS,
    DeclarationForm,
    FieldKind,
    FieldSpec,
    FormSection,
    find_form,
    form_of,
    parts_of,
)
from onestop.domain.declaration_check import check_values
from onestop.domain.declaration_values import (
    SEARCH,
    Values,
    is_shown,
    person_lines,
    settle_values,
    show_value,
    sources_of,
)
from onestop.domain.dossier import Declaration, Dossier, Party, Subject
from onestop.domain.moment import local_day
from onestop.errors import InputError, InputErrors, PrintError
from onestop.office.office import Office
from onestop.printing.papers import DeclarationLine, DeclarationPaper, DeclarationSection, DeclarationTable


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a form in words; `where` its field id, with the part of a person behind it."""

    where: str
    words: str
    text: str


def checked_declaration(
    office: Office, filled: Declaration | None, owner: Party, submitter: Party
) -> Declaration | None:
    """What the journal keeps of it. Raises InputErrors, each naming `declaration.<field>`.

    A form this office does not have stays as it came: it was checked where it was filled in.
    """
    form = find_form(office.catalogue.declarations, filled.form, filled.version) if filled else None
    if filled is None or form is None:
        return filled
    today = local_day(office.now)
    values = settle_values(form, filled.values, sources_of(owner, submitter, today))
    errors = check_values(form, values, today)
    if errors:
        raise InputErrors(errors)
    return Declaration(form.id, form.version, values)


def missing_declaration(office: Office, subject: Subject) -> list[InputError]:
    """A fault where the office takes no dossier of this procedure in without its form."""
    form = form_of(office.catalogue.declarations, subject.procedure.code, subject.procedure.case)
    if form is None or not form.needed or subject.declaration is not None:
        return []
    return [InputError(f"Chưa điền {form.title}", "Cơ quan yêu cầu điền tờ khai trên máy.", "declaration")]


def declared_sections(form: DeclarationForm | None, values: Values) -> list[tuple[str, list[Told]]]:
    """(heading, values in words) of what was filled in; without its form under the fields' own ids."""
    if form is None:
        rest = [Told(key, key, str(value)) for key, value in values.items() if key != SEARCH]
        return [("Tờ khai", rest)]
    return [
        (section.title, [told for spec in section.fields for told in _told(spec, values.get(spec.id))])
        for section in form.sections
    ]


def _told(spec: FieldSpec, value: Any) -> list[Told]:
    if spec.kind is FieldKind.PERSON and isinstance(value, Mapping):
        prefix = f"{spec.words}, "
        return [
            Told(f"{spec.id}.{place}", spec.words if not place else prefix + words.lower(), text)
            for place, (words, text) in enumerate(person_lines(spec, value))
        ]
    if spec.kind is FieldKind.TABLE and isinstance(value, list):
        rows = [show_value(spec, [row]) for row in value]
        return [
            Told(f"{spec.id}.{n}", f"{spec.words}, dòng {n + 1}", row) for n, row in enumerate(rows) if row
        ]
    text = show_value(spec, value)
    return [Told(spec.id, spec.words, text)] if text else []


def declared_changes(
    forms: Iterable[DeclarationForm], before: Declaration | None, after: Declaration | None
) -> list[tuple[str, str, str]]:
    """(what, before, after) of every field that differs between two fillings."""
    known = after or before
    if known is None or before == after:
        return []
    form = find_form(forms, known.form, known.version)
    old, new = (_by_words(form, each.values if each else {}) for each in (before, after))
    return [(what, old.get(what, ""), new.get(what, "")) for what in {**old, **new}]


def _by_words(form: DeclarationForm | None, values: Values) -> dict[str, str]:
    return {
        f"Tờ khai, {t.words[:1].lower()}{t.words[1:]}": t.text
        for _, told in declared_sections(form, values)
        for t in told
    }


# ---- printed -----------------------------------------------------------------------------


def declaration_paper(office: Office, dossier: Dossier) -> DeclarationPaper:
    """The form as it is printed. Raises PrintError for a dossier without one."""
    filled = dossier.subject.declaration
    form = find_form(office.catalogue.declarations, filled.form, filled.version) if filled else None
    if filled is None:
        raise PrintError("Hồ sơ này không có tờ khai trên máy", "Tờ khai bản giấy nằm trong hồ sơ giấy.")
    if form is None:
        raise PrintError("Không còn mẫu của tờ khai này", "Hãy nhờ quản trị nhập lại mẫu tờ khai rồi in.")
    return form_paper(office, form, filled.values, dossier.code, _signer(form, dossier))


def form_paper(
    office: Office, form: DeclarationForm, values: Values, code: str = "", signer: str = ""
) -> DeclarationPaper:
    """The paper of a form with these values; `code` is empty for a form nobody has handed in yet."""
    agency = office.catalogue.agency
    return DeclarationPaper(
        title=form.title,
        label=form.label,
        ground=form.ground,
        addressee=form.to or agency.name,
        place=agency.place,
        made_at=office.now,
        code=code,
        sections=tuple(_section(form, section, values) for section in form.sections),
        pledge=form.pledge,
        signer=form.signer,
        signer_name=signer,
        form_version=f"{form.label or form.id} · bản {form.version}",
    )


def _signer(form: DeclarationForm, dossier: Dossier) -> str:
    """Who asks is who came; two who sign together, or one who sent another, write it themselves."""
    is_own = dossier.subject.delegate is None or form.signer == "Người yêu cầu"
    return dossier.subject.submitter.name if is_own and " và " not in form.signer else ""


def _section(form: DeclarationForm, section: FormSection, values: Values) -> DeclarationSection:
    parts: list[DeclarationLine | DeclarationTable] = []
    for spec in section.fields:
        if is_shown(form, spec, values):
            parts += _printed(spec, values.get(spec.id))
    return DeclarationSection(section.title, tuple(parts), section.note)


def _printed(spec: FieldSpec, value: Any) -> Sequence[DeclarationLine | DeclarationTable]:
    """What was not filled in leaves dots, as on the paper form; a computed field that is empty nothing."""
    if spec.kind is FieldKind.TABLE:
        return [_table(spec, value if isinstance(value, list) else [])]
    if spec.kind is FieldKind.PERSON:
        return _person(spec, value if isinstance(value, Mapping) else {})
    text = show_value(spec, value)
    if spec.kind is FieldKind.COMPUTED and not text:
        return []
    return [DeclarationLine(spec.words, text, is_short=spec.span < 3)]


def _person(spec: FieldSpec, value: Mapping[str, Any]) -> list[DeclarationLine]:
    said = dict(person_lines(spec, value))
    short = {"born_on", "sex", "ethnic", "nationality"}
    return [
        DeclarationLine(
            f"{spec.words} ({PERSON_PARTS[part].lower()})" if part == "name" else PERSON_PARTS[part],
            said.get(PERSON_PARTS[part], ""),
            is_short=part in short,
            is_strong=part == "name",
        )
        for part in parts_of(spec)
    ]


def _table(spec: FieldSpec, rows: Sequence[Any]) -> DeclarationTable:
    plain = [row for row in rows if isinstance(row, Mapping)]
    return DeclarationTable(
        spec.words,
        tuple((column.words, column.span, column.kind is FieldKind.NUMBER) for column in spec.columns),
        tuple(tuple(show_value(column, row.get(column.id)) for column in spec.columns) for row in plain),
    )
