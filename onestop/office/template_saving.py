"""An office's own templates: looked at with sample facts or a real dossier's, checked, saved, given up."""

from dataclasses import replace
from typing import Final

from onestop.domain.moment import local_day
from onestop.domain.template import Facts, Template, template_to_dict
from onestop.domain.template_check import Finding, check_template
from onestop.domain.template_sample import long_facts, sample_facts
from onestop.domain.text import fold
from onestop.errors import InputError, InputErrors, PrintError
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.office import Catalogue, Office
from onestop.office.paper_facts import Asked, maker_of
from onestop.office.templates import TEMPLATE, own_templates, shipped_templates, templates_of
from onestop.printing.form import form_pdf
from onestop.printing.form_check import form_faults
from onestop.store.journal import read_dossier, read_journal

_REGISTER: Final = "07"
LONGEST: Final = "longest"
"""Stands for sample facts with the longest names and lists."""


def find_templates(catalogue: Catalogue, query: str) -> list[Template]:
    """Those whose form, name, circular or procedures hold every word typed; by form, the newest first."""
    words = fold(query).split()
    found = [one for one in templates_of(catalogue) if all(word in _told(one) for word in words)]
    found.sort(key=lambda one: one.since, reverse=True)
    return sorted(found, key=lambda one: (not one.form.isdigit(), one.form, one.variant))


def _told(template: Template) -> str:
    parts = (template.form, template.name, template.circular, template.variant, *template.procedures)
    return fold(" ".join(parts))


def is_own(catalogue: Catalogue, key: str) -> bool:
    """Whether the office changed this version or made it."""
    return any(one.key == key for one in own_templates(catalogue.templates))


def shipped_template(key: str) -> Template | None:
    return next((one for one in shipped_templates() if one.key == key), None)


def fields_of_dossier(office: Office, form: str, dossier_id: str) -> Facts:
    """What that form says of a dossier now. Raises PrintError where there is nothing to say."""
    if form == _REGISTER:
        raise PrintError("Sổ theo dõi không nói về một hồ sơ", "Hãy xem với dữ liệu mẫu.")
    with office.store.read() as connection:
        journal = read_journal(connection, dossier_id)
        dossier = read_dossier(connection, dossier_id)
    if dossier is None:
        raise PrintError("Không tìm thấy hồ sơ này", "Chọn hồ sơ khác, hoặc xem với dữ liệu mẫu.")
    return maker_of(form)(Asked(office, dossier, [entry for entry, _ in journal]))


def look_of(office: Office, template: Template, size: str, whose: str = "") -> bytes:
    """The PDF of the template as it stands, its first copy (both where they share a sheet): with sample
    facts, the longest ones, or those of the dossier of that id. Raises PrintError."""
    if whose in {"", LONGEST}:
        facts = long_facts(template) if whose else sample_facts(template)
    else:
        facts = _as_if_proven(template, fields_of_dossier(office, template.form, whose))
    return form_pdf(template, facts, size, 0 if size == "A5_TWO" else 1)


def _as_if_proven(template: Template, facts: Facts) -> Facts:
    """With the sample's proof, so that it looks as it will: a real one is made of what is printed alone."""
    sample = sample_facts(template)
    shown = {name: sample.fields[name] for name in ("check", "check_words")}
    return replace(facts, fields={**facts.fields, **shown}, proof=sample.proof)


def check_for_use(template: Template) -> tuple[Finding, ...]:
    """What the template says wrong; once that is well, what does not fit a sheet of its sizes."""
    found = check_template(template)
    if any(each.is_error for each in found):
        return found
    return (*found, *_sheet_findings(template))


def _sheet_findings(template: Template) -> list[Finding]:
    some = (sample_facts(template), long_facts(template))
    words = [each for size in template.sizes for facts in some for each in form_faults(template, facts, size)]
    return [Finding(0, each, "sizes") for each in dict.fromkeys(words)]


def save_template(office: Office, template: Template) -> Changed:
    """Checks it and writes it as a row of the office. Raises InputErrors, each with the field
    `place:member` of its finding; see `change_rows`."""
    found = [each for each in check_for_use(template) if each.is_error]
    if found:
        raise InputErrors([InputError(each.words, "", f"{each.place}:{each.member}") for each in found])
    words = f"Sửa mẫu in {template.form}: {template.name}{_since_words(template)}"
    return change_rows(office, [RowChange(TEMPLATE, template.key, template_to_dict(template))], words)


def save_copy(office: Office, template: Template, key: str) -> Changed:
    """As `save_template`, refused where the copied one (`key`) or another would be written over."""
    if template.key == key or any(one.key == template.key for one in templates_of(office.catalogue)):
        raise InputErrors(
            [
                InputError(
                    "Đã có bản của mẫu này cho ngày áp dụng đó",
                    "Ghi ngày áp dụng khác, hoặc mã biến thể và mã thủ tục.",
                    "0:since",
                )
            ]
        )
    return save_template(office, template)


def drop_own(office: Office, template: Template) -> Changed:
    """Takes the office's own version away: the shipped one of that key, or else an earlier one, holds
    again. See `change_rows`."""
    words = f"Bỏ mẫu in riêng {template.form}: {template.name}{_since_words(template)}"
    return change_rows(office, [RowChange(TEMPLATE, template.key, None)], words)


def copy_of(office: Office, template: Template) -> Template:
    """The beginning of a new version: from today on."""
    return replace(template, since=local_day(office.now).isoformat())


def since_words(template: Template) -> str:
    """`từ 15/09/2025`, or that it holds from the beginning."""
    day = "/".join(reversed(template.since.split("-")))
    return f"từ {day}" if template.since else "từ đầu"


def _since_words(template: Template) -> str:
    return f" ({since_words(template)})" if template.since else ""
