"""What is wrong with a form as declared, and with what was filled in."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from onestop.domain.declaration import (
    FROM_PARTY,
    PERSON_PARTS,
    SOURCES,
    DeclarationForm,
    FieldKind,
    FieldSpec,
    parts_of,
)
from onestop.domain.declaration_values import SEARCH, Values, show_number, shown_fields
from onestop.domain.formula import Name, as_number, names_in, parse_formula
from onestop.domain.person import normalise_id_number, normalise_name, parse_born_on
from onestop.errors import InputError

LARGEST: Final = 24 * 1024
"""Bytes of all values as JSON: an entry's body holds 64 KiB, with the rest of the dossier."""

MOST_ROWS: Final = 100
LONGEST_TEXT: Final = {FieldKind.TEXT: 300, FieldKind.ADDRESS: 400, FieldKind.LONG_TEXT: 3000}
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,60}")
_IN_COLUMN: Final = {FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.CHOICE, FieldKind.ADDRESS}
_LONGEST_PATTERN: Final = 100
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in a form: `where` the field's id, "" for the form itself."""

    where: str
    words: str


# ---- the form ---------------------------------------------------------------------------


def check_form(form: DeclarationForm) -> tuple[Finding, ...]:
    """Everything that must be mended before the form is used; empty when all is well."""
    findings = [*_head_findings(form), *_double_ids(form)]
    for spec in form.fields():
        findings += [Finding(spec.id, words) for words in _field_faults(form, spec)]
    findings += [Finding(name, "Công thức phụ thuộc vòng vào chính nó.") for name in sorted(_in_circle(form))]
    return tuple(findings)


def _head_findings(form: DeclarationForm) -> Iterator[Finding]:
    if not _CODE.fullmatch(form.id):
        yield Finding("", f"Mã mẫu “{form.id[:40]}” chỉ gồm chữ không dấu, chữ số, dấu gạch và dấu chấm.")
    for name, words in (("title", "tên mẫu"), ("version", "phiên bản"), ("ground", "căn cứ")):
        if not getattr(form, name).strip():
            yield Finding("", f"Thiếu {words}.")
    if not any(form.fields()):
        yield Finding("", "Mẫu chưa có trường nào.")
    if form.effective_on and not _is_full_date(form.effective_on):
        yield Finding("", f"Ngày hiệu lực “{form.effective_on[:20]}” phải có dạng 2026-07-01.")


def _double_ids(form: DeclarationForm) -> Iterator[Finding]:
    seen: set[str] = set()
    for spec in form.fields():
        if spec.id in seen:
            yield Finding(spec.id, f"Mã trường “{spec.id}” dùng hai lần.")
        seen.add(spec.id)


def _field_faults(form: DeclarationForm, spec: FieldSpec) -> Iterator[str]:
    yield from _plain_faults(spec)
    yield from _reference_faults(form, spec)
    if spec.kind is FieldKind.TABLE:
        yield from _column_faults(spec)
    if spec.kind is FieldKind.COMPUTED:
        yield from _formula_faults(form, spec)


def _plain_faults(spec: FieldSpec) -> Iterator[str]:
    if not _ID.fullmatch(spec.id):
        yield f"Mã trường “{spec.id[:40]}” phải là chữ thường không dấu, bắt đầu bằng chữ cái."
    if not spec.words.strip():
        yield "Thiếu nhãn của trường."
    if spec.kind is FieldKind.CHOICE and len(dict(spec.choices)) < 2:
        yield "Trường lựa chọn cần ít nhất hai lựa chọn khác nhau."
    if len(dict(spec.choices)) != len(spec.choices):
        yield "Hai lựa chọn có cùng mã."
    if spec.least is not None and spec.most is not None and spec.least > spec.most:
        yield f"Giới hạn dưới {spec.least} lớn hơn giới hạn trên {spec.most}."
    if not 1 <= spec.span <= 4:
        yield "Độ rộng (span) từ 1 đến 4 phần tư dòng."
    if spec.pattern:
        yield from _pattern_faults(spec.pattern)


def _pattern_faults(pattern: str) -> Iterator[str]:
    """A group repeated within a repetition may take longer than a life to be tried."""
    if len(pattern) > _LONGEST_PATTERN or _REPEATED_GROUP.search(pattern):
        yield "Mẫu ký tự quá phức tạp: tối đa 100 ký tự, không lặp một nhóm trong ngoặc."
        return
    try:
        re.compile(pattern)
    except re.error:
        yield f"Mẫu ký tự “{pattern[:40]}” không đọc được."


def _reference_faults(form: DeclarationForm, spec: FieldSpec) -> Iterator[str]:
    if spec.show_if is not None:
        other = form.field(spec.show_if.field)
        if other is None or other.id == spec.id:
            yield f"Điều kiện hiện trường nhắc tới trường không có: “{spec.show_if.field[:40]}”."
        elif other.kind is FieldKind.CHOICE:
            lost = [key for key in spec.show_if.among if key not in dict(other.choices)]
            yield from (f"Điều kiện hiện trường nhắc tới lựa chọn không có: “{key}”." for key in lost)
    if spec.copy_from and not _is_source(spec):
        yield f"Không lấy được giá trị từ “{spec.copy_from[:40]}”."
    unknown = [part for part in spec.parts if part not in PERSON_PARTS]
    yield from (f"Không có mục “{part[:40]}” của một người." for part in unknown)


def _is_source(spec: FieldSpec) -> bool:
    head, _, part = spec.copy_from.partition(".")
    if spec.kind is FieldKind.PERSON:
        return head in SOURCES and not part
    return head in SOURCES and part in FROM_PARTY and spec.kind is not FieldKind.TABLE


def _column_faults(spec: FieldSpec) -> Iterator[str]:
    if not spec.columns:
        yield "Bảng chưa có cột nào."
    ids = [column.id for column in spec.columns]
    for column in spec.columns:
        if ids.count(column.id) > 1:
            yield f"Mã cột “{column.id}” dùng hai lần."
        if column.kind not in _IN_COLUMN:
            yield f"Cột “{column.id}” có kiểu không dùng được trong bảng."
        yield from (f"Cột “{column.id}”: {words}" for words in _plain_faults(column))


def _formula_faults(form: DeclarationForm, spec: FieldSpec) -> Iterator[str]:
    try:
        names = names_in(parse_formula(spec.computed))
    except ValueError as error:
        yield f"Công thức chưa đúng: {error}."
        return
    for name in names:
        if not _is_known(form, name):
            yield f"Công thức nhắc tới “{name}” không có trong mẫu."


def _is_known(form: DeclarationForm, name: Name) -> bool:
    if name.head in SOURCES:
        return name.part in FROM_PARTY
    if str(name) == "today":
        return True
    spec = form.field(name.head)
    if spec is None:
        return False
    if spec.kind is FieldKind.PERSON:
        return name.part in parts_of(spec)
    if spec.kind is FieldKind.TABLE:
        return not name.part or name.part in {column.id for column in spec.columns}
    return not name.part


def _in_circle(form: DeclarationForm) -> set[str]:
    """Ids of computed fields that need themselves, straight or through others."""
    needs: dict[str, set[str]] = {}
    for spec in form.fields():
        if spec.kind is FieldKind.COMPUTED:
            try:
                needs[spec.id] = {name.head for name in names_in(parse_formula(spec.computed))}
            except ValueError:
                needs[spec.id] = set()
    return {each for each in needs if each in _reached(needs, each)}


def _reached(needs: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    ahead = set(needs[start])
    while ahead:
        each = ahead.pop()
        if each not in reached:
            reached.add(each)
            ahead |= needs.get(each, set())
    return reached


# ---- what was filled in -------------------------------------------------------------------


def check_values(form: DeclarationForm, values: Values, today: date) -> list[InputError]:
    """Every fault of values in their wire form; `field` is `declaration.<field>`, for a table
    `declaration.<field>.<row>.<column>` (rows from 0), for a person `declaration.<field>.<part>`."""
    errors = [
        error
        for spec in shown_fields(form, values)
        for error in _value_errors(spec, values.get(spec.id), today, f"declaration.{spec.id}")
    ]
    known = {spec.id for spec in form.fields()} | {SEARCH}
    errors += [
        _error("Tờ khai có trường lạ", f"Bỏ “{key}”.", "declaration") for key in sorted(set(values) - known)
    ]
    if len(json.dumps(dict(values), ensure_ascii=False, default=str).encode()) > LARGEST:
        errors.append(
            _error("Tờ khai quá dài", "Hãy viết gọn lại; phần dài kèm theo như giấy tờ.", "declaration")
        )
    return errors


def _value_errors(spec: FieldSpec, value: Any, today: date, where: str) -> list[InputError]:
    if value in (None, "", [], {}):
        if not spec.needed or spec.kind is FieldKind.COMPUTED:
            return []
        return [_error(f"Tờ khai chưa có: {spec.words}", "Hãy nhập mục này.", where)]
    if spec.kind is FieldKind.TABLE:
        return _table_errors(spec, value, today, where)
    if spec.kind is FieldKind.PERSON:
        return _person_errors(spec, value, today, where)
    words = _trouble(spec, value, today)
    return [_error(f"{spec.words} chưa đúng", words, where)] if words else []


def value_trouble(spec: FieldSpec, value: Any, today: date) -> str:
    """What is wrong with one plain value in its wire form; '' when all is well or nothing is there."""
    return _trouble(spec, value, today) if value not in (None, "", [], {}) else ""


def _table_errors(spec: FieldSpec, value: Any, today: date, where: str) -> list[InputError]:
    most = spec.most or MOST_ROWS
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        return [_error(f"{spec.words} chưa đúng", "Bảng này không đọc được; hãy nhập lại.", where)]
    if not (spec.least or 0) <= len(value) <= most:
        return [_error(f"{spec.words} chưa đúng", f"Cần từ {spec.least or 0} đến {most} dòng.", where)]
    return [
        error
        for place, row in enumerate(value)
        for column in spec.columns
        for error in _value_errors(column, row.get(column.id), today, f"{where}.{place}.{column.id}")
    ]


def _person_errors(spec: FieldSpec, value: Any, today: date, where: str) -> list[InputError]:
    if not isinstance(value, Mapping):
        return [_error(f"{spec.words} chưa đúng", "Mục này không đọc được; hãy nhập lại.", where)]
    errors = []
    if not value.get("name") and "name" in parts_of(spec):
        errors.append(
            _error(f"{spec.words}: chưa có họ tên", "Hãy nhập họ và tên như trên giấy tờ.", f"{where}.name")
        )
    for part, check in (("name", normalise_name), ("id_number", _id_number)):
        text = value.get(part, "")
        errors += _caught(spec, lambda check=check, text=text: check(text) if text else "", f"{where}.{part}")
    if value.get("born_on"):
        errors += _caught(spec, lambda: parse_born_on(str(value["born_on"]), today), f"{where}.born_on")
    return errors


def _id_number(text: str) -> str:
    """A foreigner's paper may look like anything; digits alone are a number of ours."""
    return normalise_id_number(text) if re.fullmatch(r"[0-9.\s-]+", text) else text


def _caught(spec: FieldSpec, check: Any, where: str) -> list[InputError]:
    try:
        check()
    except InputError as error:
        return [_error(f"{spec.words}: {error.title[:1].lower()}{error.title[1:]}", error.message, where)]
    return []


def _trouble(spec: FieldSpec, value: Any, today: date) -> str:
    """Words of what is wrong with one plain value; '' when all is well."""
    if spec.kind is FieldKind.NUMBER:
        return _number_trouble(spec, value)
    if spec.kind is FieldKind.COMPUTED:
        return "" if isinstance(value, str) or type(value) is int else "Mục tính sẵn không đọc được."
    if not isinstance(value, str):
        return "Mục này phải là chữ; hãy nhập lại."
    if spec.kind is FieldKind.DATE:
        return _date_trouble(spec, value, today)
    if spec.kind is FieldKind.CHOICE:
        return "" if value in dict(spec.choices) else "Hãy chọn một dòng trong danh sách."
    return _text_trouble(spec, value)


def _text_trouble(spec: FieldSpec, text: str) -> str:
    most = spec.most or LONGEST_TEXT.get(spec.kind, LONGEST_TEXT[FieldKind.TEXT])
    if len(text) > most:
        return f"Dài quá {most} ký tự, hiện có {len(text)}."
    if spec.least and len(text) < spec.least:
        return f"Cần ít nhất {spec.least} ký tự, hiện có {len(text)}."
    if spec.pattern and not re.fullmatch(spec.pattern, text):
        return spec.hint[:1].upper() + spec.hint[1:] or "Không đúng cách viết của mục này."
    return ""


def _number_trouble(spec: FieldSpec, value: Any) -> str:
    number = as_number(value)
    if number is None:
        return "Chỉ nhập số, ví dụ 3 hoặc 12,5."
    if spec.least is not None and number < Decimal(spec.least):
        return f"Không được nhỏ hơn {show_number(spec.least)}."
    if spec.most is not None and number > Decimal(spec.most):
        return f"Không được lớn hơn {show_number(spec.most)}."
    return ""


def _date_trouble(spec: FieldSpec, text: str, today: date) -> str:
    try:
        known = parse_born_on(text, date(2199, 12, 31))
    except InputError as error:
        return error.message.replace("Năm sinh", "Năm")
    if spec.is_past and known > today.isoformat()[: len(known)]:
        return "Ngày này ở sau hôm nay. Hãy xem lại."
    return ""


def _is_full_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _error(title: str, message: str, where: str) -> InputError:
    return InputError(title, message, where)
