"""What the intake page has done by the store's thread: each is one act, or two that belong together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onestop.domain.acts import STATES
from onestop.domain.dossier import Dossier, State
from onestop.errors import OfficeError, RuleError
from onestop.office import deeds
from onestop.office.deeds import Done, Target
from onestop.office.intake import IntakeForm, Received, receive_dossier, refuse_intake, register_incomplete
from onestop.office.office import Office
from onestop.office.work import Worklist, WorkRow
from ui.pages.receive_drafts import remove_draft
from ui.pages.receive_party import party_form
from ui.pages.receive_typed import FeeText, Typed, show_vnd


@dataclass(frozen=True, slots=True)
class Intake:
    """What is sent: the form, the draft it stood in, and the dossier if it was registered before."""

    form: IntakeForm
    draft_id: str = ""
    dossier_id: str = ""


def receive(office: Office, intake: Intake) -> Received:
    """Receives, then drops the draft. Raises InputErrors, RuleError, StoreError."""
    received = receive_dossier(office, intake.form, intake.dossier_id)
    _drop(office, intake)
    return received


def ask_supplement(office: Office, intake: Intake, missing: Sequence[str], reason: str) -> Received:
    """Registers the application, then asks for everything that is missing in one notice."""
    if intake.dossier_id:
        done = deeds.request_supplement(office, intake.dossier_id, tuple(missing), reason)
        return Received(done.dossier, done.entry_id, done.words)
    registered = register_incomplete(office, intake.form, missing, reason)
    _drop(office, intake)
    return registered


def refuse(office: Office, intake: Intake, reason: str) -> Received:
    """Refuses at the counter, new or registered before."""
    if intake.dossier_id:
        done = deeds.refuse(office, intake.dossier_id, reason)
        return Received(done.dossier, done.entry_id, done.words)
    refused = refuse_intake(office, intake.form, reason)
    _drop(office, intake)
    return refused


def forward(office: Office, dossier_id: str, unit: str) -> Done:
    return deeds.forward(office, dossier_id, Target(unit))


def take_back(office: Office, dossier_id: str) -> Done:
    """Undoes `forward` as long as nobody has taken the dossier over."""
    return deeds.recall(office, dossier_id, "Hoàn tác ngay tại quầy")


def find_submitted(office: Office, dossier_id: str) -> Dossier:
    """A dossier that waits to be received. Raises RuleError for one in another state."""
    dossier = deeds.find_dossier(office, dossier_id)
    if dossier.state is not State.SUBMITTED:
        words = STATES[dossier.state].words.lower()
        raise RuleError(f"Hồ sơ {dossier.code} {words}, không tiếp nhận lại", "Hãy mở hồ sơ để xem.")
    return dossier


def find_twins(worklist: Worklist, number: str, procedure: str) -> list[WorkRow]:
    """Open dossiers of this person (by number) for the same procedure, in whatever case."""
    rows = [each for each in worklist.search(number) if STATES[each.row.state].is_open]
    names = ((each, each.row.procedure_name) for each in rows)
    return [each for each, name in names if name == procedure or name.startswith(f"{procedure} – ")]


def typed_of(dossier: Dossier) -> Typed:
    """A registered dossier as the page shows it. Its papers are in its journal already."""
    subject = dossier.subject
    fees = (FeeText(fee.kind, fee.name, show_vnd(fee.amount_vnd), fee.ground) for fee in subject.fees)
    typed = Typed(
        procedure_code=subject.procedure.code,
        procedure=subject.procedure.name,
        owner=party_form(subject.owner),
        is_owner_here=subject.delegate is None,
        content=subject.content,
        sets=str(subject.sets),
        channel=subject.channel,
        note=subject.note,
        components=subject.components,
        fees=tuple(fees),
        case=subject.procedure.case,
        declaration=subject.declaration,
    )
    return typed if subject.delegate is None else _with_submitter(typed, dossier)


def _with_submitter(typed: Typed, dossier: Dossier) -> Typed:
    return replace(typed, submitter=party_form(dossier.subject.submitter))


def _drop(office: Office, intake: Intake) -> None:
    """The act is saved already; a draft that stays is only shown once more, with a warning of the twin."""
    try:
        remove_draft(office, intake.draft_id)
    except OfficeError:
        return
