"""Đính chính: the subject corrected as a whole, and the due date with it when the case was wrong.

A dossier is corrected by the version of the procedure it was received under, not by today's.
"""

from dataclasses import replace
from typing import Any

from onestop.domain.acts import Act
from onestop.domain.data_lookup import is_looked_up
from onestop.domain.deadline import Pause, TimeUnit, paused_due
from onestop.domain.dossier import (
    ComponentLine,
    Dossier,
    Due,
    ProcedureRef,
    Subject,
    due_plain,
    subject_plain,
)
from onestop.domain.procedure import Procedure, Resumption, in_case
from onestop.domain.text import nfc_lines
from onestop.errors import InputError, RuleError
from onestop.office.deeds import Done, do, find_dossier
from onestop.office.intake import as_due, component_lines
from onestop.office.office import Catalogue, Office


def received_under(catalogue: Catalogue, kept: ProcedureRef) -> Procedure | None:
    """The version a dossier names; the one in force today where that is not here; None for neither."""
    found = catalogue.versions.find_version(kept.code, kept.version)
    return found or next((each for each in catalogue.procedures if each.code == kept.code), None)


def lines_in_case(
    procedure: Procedure, case_id: str, lines: tuple[ComponentLine, ...]
) -> tuple[ComponentLine, ...]:
    """The papers of another case; what was handed in under the same name stays handed in."""
    handed = {line.name: line for line in lines if line.is_given}
    return tuple(
        _carried(handed[line.name], line) if line.name in handed else line
        for line in component_lines(in_case(procedure, case_id))
    )


def _carried(handed: ComponentLine, line: ComponentLine) -> ComponentLine:
    note = handed.note if is_looked_up(handed) else line.note
    return replace(handed, no=line.no, kind=line.kind, needed=line.needed, note=note)


def named_case(kept: ProcedureRef, procedure: Procedure, case_id: str) -> ProcedureRef:
    """The same procedure in the same version, in another of its cases."""
    asked = in_case(procedure, case_id)
    name = next((case.name for case in procedure.cases if case.id == case_id), "")
    return replace(kept, case=case_id, case_name=name, result=asked.result)


def correct_dossier(office: Office, dossier_id: str, subject: Subject, reason: str) -> Done:
    """Records the correction. Another case: due anew from the moment of reception, pauses and all; the
    date that was promised stays in the journal. Raises InputError, RuleError."""
    dossier = find_dossier(office, dossier_id)
    facts: dict[str, Any] = {"reason": nfc_lines(reason), "subject": subject_plain(subject)}
    due = corrected_due(office, dossier, subject)
    if due is not None:
        procedure = received_under(office.catalogue, subject.procedure)
        facts |= {"due": due_plain(due), "resumption": procedure.resumption.value if procedure else ""}
    return do(office, Act.CORRECT, dossier_id, facts)


def corrected_due(office: Office, dossier: Dossier, subject: Subject) -> Due | None:
    """The due date by the case of the corrected subject; None where it stays. Raises as above."""
    if subject.procedure.case == dossier.subject.procedure.case or dossier.received_at is None:
        return None
    procedure = received_under(office.catalogue, subject.procedure)
    if procedure is None:
        raise RuleError(
            "Không còn danh mục của thủ tục này", "Nhập lại thủ tục vào danh mục rồi mới đổi trường hợp."
        )
    limit = in_case(procedure, subject.procedure.case, subject.channel == "online").time_limit
    if limit.unit is TimeUnit.UNSPECIFIED:
        raise InputError(
            "Trường hợp này chưa có thời hạn trong danh mục",
            "Nhờ quản trị nhập thời hạn của trường hợp, rồi đính chính lại.",
            "case",
        )
    is_restart = procedure.resumption is Resumption.RESTART
    pauses = [Pause(*each, is_restart) for each in dossier.clock.pauses]
    due = paused_due(office.calendar, limit, dossier.received_at, pauses)
    return as_due(replace(due, limit=limit))  # of a shift, `limit` is the length of the pause
