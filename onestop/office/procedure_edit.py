"""What an administrator changes of a procedure: checked by field, seen on a receipt, saved as a version.

A dossier keeps the version it was received under, so a change never touches open dossiers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final, TypeVar

from onestop.domain.deadline import due_date
from onestop.domain.dossier import Clock, ComponentLine, Custody, Dossier, Fee, State
from onestop.domain.fee import Quantity, compute, linked_rules
from onestop.domain.moment import VIETNAM, local_day, show_on
from onestop.domain.procedure import (
    Case,
    Component,
    Procedure,
    find_procedures,
    has_ordinary,
    procedure_to_dict,
    row_key,
)
from onestop.domain.text import fold, nfc
from onestop.domain.time_limit import TimeUnit, check_limit
from onestop.errors import InputError, InputErrors
from onestop.office.changing import Changed, RowChange, change_rows
from onestop.office.intake import IntakeForm, PartyForm, as_due, asked_for, check_intake, component_lines
from onestop.office.office import Office
from onestop.office.paper_facts import Asked, receipt_facts
from onestop.office.templates import template_for
from onestop.office.versions import Versions
from onestop.printing.form import form_pdf
from onestop.store.open_counts import count_open_of

Part = TypeVar("Part", Procedure, Case)

LIMIT, FEES = "time_limit", "fees"
CONFIDENCES: Final = {"high": "Cao", "medium": "Vừa", "low": "Thấp"}
_MOST_SHEETS = 99
_MORNING: Final = time(8)

_SOMEBODY: Final = PartyForm(
    name="Nguyễn Văn Mẫu",
    id_number="038190000000",
    born_on="01/01/1990",
    sex="nam",
    address="Thôn 1, xã Mẫu, tỉnh Mẫu",
    phone="0900000000",
)
"""Nobody: an owner for the receipt that is only looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. `lacking`: LIMIT, FEES or "any" of them; "" does not ask."""

    query: str = ""
    sector: str = ""
    lacking: str = ""
    confidence: str = ""


def lacks(procedure: Procedure) -> tuple[str, ...]:
    """What its source leaves open and an administrator must say: LIMIT, FEES."""
    limits = [case.time_limit for case in procedure.cases]
    if has_ordinary(procedure):
        limits.append(procedure.time_limit)
    asked = {*procedure.ask, *(name for case in procedure.cases for name in case.ask)}
    open_limit = LIMIT in asked or any(limit.unit is TimeUnit.UNSPECIFIED for limit in limits)
    open_fees = FEES in asked or (procedure.fee_vnd is None and not _has_fees(procedure))
    return (*((LIMIT,) if open_limit else ()), *((FEES,) if open_fees else ()))


def _has_fees(procedure: Procedure) -> bool:
    return bool(procedure.fees) or any(case.fees for case in procedure.cases)


def narrow(procedures: Sequence[Procedure], wanted: Wanted) -> list[Procedure]:
    """Those that fit, the best match of the words first."""
    found = [
        one
        for one in procedures
        if wanted.sector in ("", one.sector)
        and wanted.confidence in ("", one.confidence)
        and (not wanted.lacking or wanted.lacking in lacks(one) or (wanted.lacking == "any" and lacks(one)))
    ]
    return find_procedures(found, wanted.query, limit=len(found)) if wanted.query else found


def versions_of(office: Office, code: str) -> tuple[Procedure, ...]:
    """Every version of a procedure, the earliest first."""
    found = [one for one in office.catalogue.versions.all if one.code == code]
    return tuple(sorted(found, key=lambda one: one.effective_on))


def count_kept(office: Office, code: str) -> int:
    """Open dossiers of this procedure: each keeps the version it was received under."""
    with office.store.read() as connection:
        return count_open_of(connection, code)


def save_procedure(office: Office, wanted: Procedure, is_new_version: bool) -> Changed:
    """Corrects the version of `wanted.effective_on`, or adds one from that day on.

    Raises InputErrors by field (`time_limit`, `components.2.name` of
    the second paper, `cases.1.name`, `effective_on`…).
    """
    wanted = _tidy(wanted)
    errors = check_procedure(office, wanted)
    known = {one.effective_on for one in versions_of(office, wanted.code)}
    if is_new_version:
        errors += _new_version_errors(office, wanted, known)
    elif wanted.effective_on not in known:
        errors.append(InputError("Không có bản này", "Hãy mở lại thủ tục rồi sửa.", "effective_on"))
    if errors:
        raise InputErrors(errors)
    since = f" từ {show_on(date.fromisoformat(wanted.effective_on))}" if wanted.effective_on else ""
    words = f"{'Bản mới' if is_new_version else 'Sửa'} thủ tục {wanted.code}{since}"
    row = RowChange("procedure", row_key(wanted), procedure_to_dict(wanted))
    return change_rows(office, (row,), words)


def _new_version_errors(office: Office, wanted: Procedure, known: set[str]) -> list[InputError]:
    if not wanted.effective_on:
        words = "Ghi ngày văn bản mới có hiệu lực, ví dụ 01/01/2027."
        return [InputError("Chưa nhập ngày áp dụng", words, "effective_on")]
    if wanted.effective_on in known:
        words = "Chọn “Sửa bản đang xem” ở bản đó, hoặc ngày khác."
        return [InputError("Đã có bản áp dụng từ ngày này", words, "effective_on")]
    if wanted.effective_on < local_day(office.now).isoformat():
        words = "Hồ sơ đã nhận giữ bản cũ; bản mới áp dụng sớm nhất từ hôm nay."
        return [InputError("Ngày áp dụng đã qua", words, "effective_on")]
    return []


# ---- checks -----------------------------------------------------------------------------


def check_procedure(office: Office, wanted: Procedure) -> list[InputError]:
    """Everything that cannot stand, by field; what is open (no unit given) may stay open."""
    errors: list[InputError] = []
    for field, text, words in (("name", wanted.name, "tên thủ tục"), ("sector", wanted.sector, "lĩnh vực")):
        if not text:
            errors.append(
                InputError(f"Chưa nhập {words}", f"Hãy nhập {words} như quyết định công bố.", field)
            )
    known = {rule.id for rule in office.catalogue.fees}
    if has_ordinary(wanted):
        errors += _part_errors(wanted, "", known)
    ids = [case.id for case in wanted.cases]
    for place, case in enumerate(wanted.cases, 1):
        prefix = f"cases.{place}."
        if not case.name:
            words = "Ghi ngắn gọn khi nào là trường hợp này."
            errors.append(InputError("Chưa nhập tên trường hợp", words, f"{prefix}name"))
        if ids.count(case.id) > 1 or _same_names(wanted.cases, case) > 1:
            words = "Mỗi trường hợp một tên riêng."
            errors.append(InputError("Hai trường hợp trùng tên", words, f"{prefix}name"))
        errors += _part_errors(case, prefix, known)
    return errors


def _same_names(cases: Iterable[Case], wanted: Case) -> int:
    return sum(bool(case.name) and fold(case.name) == fold(wanted.name) for case in cases)


def _part_errors(part: Procedure | Case, prefix: str, known_fees: set[str]) -> list[InputError]:
    errors = []
    for field, limit in ((LIMIT, part.time_limit), ("online_limit", part.online_limit)):
        if limit is None or limit.unit is TimeUnit.UNSPECIFIED:
            continue
        try:
            check_limit(limit)
        except InputError as error:
            errors.append(InputError(error.title, error.message, f"{prefix}{field}"))
    unknown = [link for link in part.fees if link.partition(":")[0] not in known_fees]
    if unknown:
        words = f"Không có mã {', '.join(unknown)}. Xem mã ở mục phí, lệ phí."
        errors.append(InputError("Mức thu chưa có trong danh mục", words, f"{prefix}fees"))
    for place, component in enumerate(part.components, 1):
        errors += _component_errors(component, place, f"{prefix}components.{place}.")
    return errors


def _component_errors(component: Component, place: int, prefix: str) -> list[InputError]:
    errors = []
    if not component.name:
        words = "Ghi tên giấy tờ, hoặc bỏ dòng này."
        errors.append(InputError(f"Giấy tờ số {place} chưa có tên", words, f"{prefix}name"))
    for field, count in (("originals", component.originals), ("copies", component.copies)):
        if not 0 <= count <= _MOST_SHEETS:
            words = f"Số bản từ 0 đến {_MOST_SHEETS}."
            errors.append(InputError(f"Số bản của giấy tờ {place} chưa đúng", words, f"{prefix}{field}"))
    return errors


def _tidy(wanted: Procedure) -> Procedure:
    """NFC, empty lines away; what has been said is no longer asked."""
    cases = tuple(
        replace(_tidy_part(case), name=nfc(case.name), condition=nfc(case.condition)) for case in wanted.cases
    )
    return replace(_tidy_part(wanted), name=nfc(wanted.name), sector=nfc(wanted.sector), cases=cases)


def _tidy_part(part: Part) -> Part:
    said = {
        *((LIMIT,) if part.time_limit.unit is not TimeUnit.UNSPECIFIED else ()),
        *((FEES,) if part.fees else ()),
    }
    return replace(
        part,
        components=tuple(
            replace(each, name=nfc(each.name), condition=nfc(each.condition)) for each in part.components
        ),
        grounds=tuple(text for text in map(nfc, part.grounds) if text),
        result=nfc(part.result),
        ask=tuple(each for each in part.ask if each not in said),
    )


# ---- the receipt under the new rules ----------------------------------------------------


def preview_receipt(
    office: Office, wanted: Procedure, case_id: str, is_online: bool, size: str = "A5"
) -> bytes:
    """The PDF of mẫu 01 as an invented dossier would get it now; nothing is recorded.

    Raises InputErrors or InputError for rules that no receipt could be made from yet, PrintError.
    """
    wanted = _tidy(wanted)
    errors = check_procedure(office, wanted)
    if errors:
        raise InputErrors(errors)
    versions = Versions((replace(wanted, effective_on=""),))
    there = replace(office, catalogue=replace(office.catalogue, versions=versions))
    channel = "online" if is_online else "counter"
    form = IntakeForm(wanted.code, owner=_SOMEBODY, channel=channel, case=case_id)
    asked = asked_for(there, form)
    lines = tuple(
        _all_given(line, part) for line, part in zip(component_lines(asked), asked.components, strict=True)
    )
    subject, _ = check_intake(there, replace(form, components=lines, fees=_fees(office, asked, is_online)))
    at = _received_at(office, wanted)
    due = as_due(due_date(office.calendar, asked.time_limit, at))
    clock = Clock(received_at=at, due=due, original_due_at=due.at)
    dossier = Dossier("preview", _code(office, at), State.RECEIVED, subject, clock, Custody())
    template = template_for(there.catalogue, "01", local_day(at), wanted.code)
    return form_pdf(template, receipt_facts(Asked(there, dossier, ())), size, copies=1)


def _received_at(office: Office, wanted: Procedure) -> datetime:
    """Now, or the morning of the first day that the rules are in effect."""
    now = office.now
    if wanted.effective_on <= local_day(now).isoformat():
        return now
    return datetime.combine(date.fromisoformat(wanted.effective_on), _MORNING, VIETNAM)


def _code(office: Office, at: datetime) -> str:
    """A serial that no desk ever gives."""
    return f"{office.catalogue.agency.code}-{local_day(at):%y%m%d}-0000"


def _all_given(line: ComponentLine, component: Component) -> ComponentLine:
    originals = component.originals or (0 if component.copies else 1)
    return replace(line, is_given=True, originals=originals, copies=component.copies)


def _fees(office: Office, asked: Procedure, is_online: bool) -> tuple[Fee, ...]:
    """What one copy, one page, one case costs; a fee that nobody has entered yet is left out."""
    day = max(asked.effective_on, local_day(office.now).isoformat())
    found = []
    for rule, row in linked_rules(office.catalogue.fees, asked.fees, day):
        if rule.is_on_request:
            continue  # only who asks for it pays it
        try:
            amount = compute(rule, Quantity(row=row, is_online=is_online))
        except InputError:
            continue
        found.append(Fee(rule.kind, rule.name, amount.amount_vnd, amount.ground))
    return tuple(found)
