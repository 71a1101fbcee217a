"""What the letters of a dossier say (mẫu 02 to 05): the papers that an act of an officer leads to.

A letter tells of the entry that made it, not of today: its day, its officer, its reason and the promise
that held until then. A second request for papers has a letter of its own, and each is still printed
the same when it is printed again later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from onestop.domain.acts import RULES, Act
from onestop.domain.code import parse_code
from onestop.domain.data_lookup import is_taken
from onestop.domain.dossier import ComponentLine, Dossier
from onestop.domain.fold import Step, due_from, unfold
from onestop.domain.legality import is_state_legal
from onestop.domain.moment import from_wire, local_day
from onestop.domain.person import show_phone
from onestop.domain.procedure import ComponentKind
from onestop.domain.settle import Standing
from onestop.domain.template import Facts
from onestop.errors import PrintError
from onestop.office.letter_words import (
    HEAD_OF_AGENCY,
    UNNUMBERED,
    addressee_words,
    bodies_of,
    body_initials,
    letter_number,
    signer_roles,
)
from onestop.office.office import Catalogue, Officer
from onestop.office.paper_facts import Asked, Maker, dossier_fields, print_fields
from onestop.printing.wording import count_words, moment_words, money, place_and_day
from onestop.store.journal import read_journal
from onestop.store.register import begun_by, desk_numbers

SUPPLEMENT_REQUEST, REFUSAL, APOLOGY, STOP_NOTICE = "02", "03", "04", "05"

_ACTS: Final[Mapping[str, tuple[Act, ...]]] = {
    SUPPLEMENT_REQUEST: (Act.REQUEST_SUPPLEMENT,),
    REFUSAL: (Act.REFUSE,),
    APOLOGY: (Act.EXTEND, Act.DRAFT_APOLOGY),
    STOP_NOTICE: (Act.STOP, Act.WITHDRAW),
}
"""The acts that lead to each letter."""

_WITHOUT_EFFECT: Final = frozenset({Standing.VOIDED, Standing.HELD, Standing.QUARANTINED, Standing.ILLEGAL})
_GROUNDS: Final[Mapping[Act, str]] = {
    Act.STOP: "quyết định dừng giải quyết của cơ quan có thẩm quyền",
    Act.WITHDRAW: "đề nghị rút hồ sơ của chủ hồ sơ",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """An act that took effect, and how often the dossier had come to this letter before it."""

    form: str
    step: Step
    earlier: int = 0

    @property
    def at(self) -> datetime:
        return from_wire(self.step.entry.header.at)

    @property
    def act(self) -> Act:
        return Act(self.step.entry.header.kind)

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.step.facts
        return facts


def supplement_request_facts(asked: Asked) -> Facts:
    """Mẫu 02, all faults in one notice (NĐ 118/2025, Điều 17.2a). Raises PrintError before there is one."""
    letter = _letter(asked, SUPPLEMENT_REQUEST)
    before = letter.step.before
    fields = _slip_fields(asked, letter)
    fields["paused_from"] = moment_words(letter.at) if before and before.received_at else ""
    return _facts(asked, fields, letter, missing=_numbered(letter.facts["missing"]))


def refusal_facts(asked: Asked) -> Facts:
    """Mẫu 03. Raises PrintError for a dossier that was not refused."""
    letter = _letter(asked, REFUSAL)
    return _facts(asked, _slip_fields(asked, letter), letter)


def apology_facts(asked: Asked) -> Facts:
    """Mẫu 04 as the head decided, or as it is drafted for the head to sign, without number and day.
    Raises PrintError before either."""
    letter = _letter(asked, APOLOGY)
    due = due_from(letter.facts["due"])
    is_draft = letter.act is Act.DRAFT_APOLOGY
    fields = _signed_fields(asked, letter, None if is_draft else _in_whose_name(asked, letter))
    fields |= _promise(asked.office.catalogue, letter.step.before or asked.dossier, letter.at)
    fields["new_due_at"] = moment_words(due.at)
    return _facts(asked, fields | (_draft_fields(asked, letter) if is_draft else {}), letter)


def stop_notice_facts(asked: Asked) -> Facts:
    """Mẫu 05, also of a dossier that its owner took back; that one the head of the agency still signs.
    Raises PrintError for a dossier that goes on."""
    letter = _letter(asked, STOP_NOTICE)
    signer = None if letter.act is Act.WITHDRAW else _in_whose_name(asked, letter)
    fields = _signed_fields(asked, letter, signer) | _money_fields(asked.dossier)
    fields |= {
        "stopped_at": moment_words(letter.at),
        "ground": _GROUNDS[letter.act],
        "not_received": "" if asked.dossier.received_at else asked.office.catalogue.agency.office_name,
    }
    return _facts(asked, fields, letter, returned=returned_rows(asked.dossier.subject.components))


def returned_rows(components: Iterable[ComponentLine]) -> tuple[dict[str, str], ...]:
    """The papers that were handed in and go back; not what was only shown, or told by a database."""
    given = [line for line in components if _is_here(line)]
    return tuple(
        {"no": str(number), "name": line.name, "sheets": sheets_words(line)}
        for number, line in enumerate(given, 1)
    )


def _is_here(line: ComponentLine) -> bool:
    return line.is_given and line.kind != ComponentKind.PRESENT and not is_taken(line)


def sheets_words(line: ComponentLine) -> str:
    """`01 bản chính, 02 bản chụp`; `01 bản` where nobody counted."""
    kinds = ((line.originals, "bản chính"), (line.certified, "bản chứng thực"), (line.copies, "bản chụp"))
    counted = ", ".join(f"{count_words(count)} {words}" for count, words in kinds if count)
    return counted or "01 bản"


def _letter(asked: Asked, form: str) -> Letter:
    """The last act that leads to this letter and took effect."""
    with asked.office.store.read() as connection:
        journal = read_journal(connection, asked.dossier.id)
    done = [step for step in unfold(journal) if _leads_to(form, step)]
    counting = [step for step in done if _took_effect(step)]
    if not counting:
        raise _not_yet(form, is_waiting=bool(done))
    if counting[-1].facts is None:
        raise PrintError(
            "Không in lại được: nội dung đã xoá theo quy định",
            "Nhật ký hồ sơ vẫn ghi việc đã làm, nhưng không còn nội dung để in.",
        )
    kind = counting[-1].entry.header.kind
    return Letter(form, counting[-1], sum(1 for step in counting[:-1] if step.entry.header.kind == kind))


def _leads_to(form: str, step: Step) -> bool:
    return step.entry.header.kind in _ACTS[form]


def _took_effect(step: Step) -> bool:
    """Not what was voided, set aside or waits for somebody who may decide."""
    if step.after is None or step.standing in _WITHOUT_EFFECT:
        return False
    if step.standing is not Standing.FLAGGED:
        return step.entry.id not in step.after.conflicts
    rule = RULES[Act(step.entry.header.kind)]
    if step.facts is not None and not all(step.facts.get(fact) for fact in rule.needs):
        return False  # written by another program, in another shape
    return step.before is None or (not rule.is_decision and is_state_legal(rule, step.before))


def _not_yet(form: str, *, is_waiting: bool) -> PrintError:
    words = " hoặc ".join(f"“{RULES[act].words}”" for act in _ACTS[form])
    if is_waiting:
        return PrintError(
            f"Việc {words} chưa có hiệu lực",
            "Người có thẩm quyền phê chuẩn trong hồ sơ, sau đó mới in được giấy này.",
        )
    return PrintError(
        f"Hồ sơ chưa có việc {words}", "Làm việc đó trong hồ sơ trước; giấy này in theo nội dung đã ghi."
    )


def _slip_fields(asked: Asked, letter: Letter) -> dict[str, str]:
    """The fields that every letter has; the counter gives it out."""
    office, dossier = asked.office, asked.dossier
    agency, owner, submitter = office.catalogue.agency, dossier.owner, dossier.subject.submitter
    addressee, you_words = addressee_words(owner)
    phone = owner.phone or submitter.phone
    fields = dossier_fields(office, dossier) | _print_words(asked, letter)
    return fields | {
        "place_day": place_and_day(agency.place, letter.at),
        "letter_number": _number_of(asked, letter),
        "body_initials": body_initials(agency.issuing_body, agency.place),
        "addressee": addressee,
        "you_words": you_words,
        "other_submitter": submitter.name if submitter.name != owner.name else "",
        "contact_phone": show_phone(phone) if phone else "",
        "contact_email": owner.email or submitter.email,
        "reason": " ".join(letter.facts["reason"].split()),
        "draft_mark": "",
        **_signer(office.catalogue, letter),
    }


def _signed_fields(asked: Asked, letter: Letter, signer: Officer | None) -> dict[str, str]:
    """The fields of a letter that goes out under the name of a head."""
    catalogue = asked.office.catalogue
    bodies = bodies_of(catalogue, signer)
    initials = body_initials(bodies["issuing_body"], catalogue.agency.place)
    named = _slip_fields(asked, letter) | bodies | {"body_initials": initials}
    return named if signer else named | {"signer_role": HEAD_OF_AGENCY, "signer_name": ""}


def _draft_fields(asked: Asked, letter: Letter) -> dict[str, str]:
    """Number and day are given when it is signed; a draft is no paper that another one repeats."""
    place = asked.office.catalogue.agency.place
    return {
        "letter_number": UNNUMBERED,
        "place_day": f"{place}, ngày {UNNUMBERED} tháng {UNNUMBERED} năm {local_day(letter.at).year}",
        "draft_mark": "Dự thảo, chưa có giá trị",
        "reprint": "",
        "replaces": "",
    }


def _number_of(asked: Asked, letter: Letter) -> str:
    dossier = asked.dossier
    with asked.office.store.read() as connection:
        desk = desk_numbers(connection).get(begun_by(connection, dossier.id), 0)
    if not desk:
        return UNNUMBERED
    begun, year = parse_code(dossier.code).received_on.year, local_day(letter.at).year
    return letter_number(dossier.register_no, desk, begun=begun, year=year, earlier=letter.earlier)


def _in_whose_name(asked: Asked, letter: Letter) -> Officer:
    """The head, also where somebody stood in for him."""
    absent = letter.facts.get("on_behalf_of")
    return asked.office.catalogue.officer(absent or letter.step.entry.header.officer)


def _signer(catalogue: Catalogue, letter: Letter) -> dict[str, str]:
    officer = catalogue.officer(letter.step.entry.header.officer)
    absent = letter.facts.get("on_behalf_of")
    roles = signer_roles(officer, catalogue.officer(absent) if absent else None)
    return {"signer_role": roles, "signer_name": officer.name if officer.roles else ""}


def _print_words(asked: Asked, letter: Letter) -> dict[str, str]:
    """Which reprint of this very letter it is: those of an earlier one do not count."""
    since = tuple(paper for paper in asked.dossier.printed if paper.at >= letter.at)
    return print_fields(asked.office, replace(asked.dossier, printed=since), letter.form)


def _promise(catalogue: Catalogue, before: Dossier, at: datetime) -> dict[str, str]:
    """What had been promised until then, and who has the folder."""
    promised = before.clock.due.at
    is_over = promised is not None and promised < at
    holder = before.holder.unit if before.holder else ""
    known = {unit.id for unit in catalogue.units}
    return {
        "promised_at": moment_words(promised),
        "late_words": "chưa trả được" if is_over else "dự kiến không trả được",
        "settling_unit": catalogue.unit_name(holder) if holder in known else catalogue.agency.name,
    }


def _money_fields(dossier: Dossier) -> dict[str, str]:
    """What was paid for it and what went back; nothing where nothing was paid."""
    paid = sum(payment.amount_vnd for payment in dossier.payments if payment.amount_vnd > 0)
    back = paid - dossier.collected_vnd
    return {"paid_total": money(paid) if paid else "", "refunded_total": money(back) if back else ""}


def _numbered(lines: Iterable[str]) -> tuple[dict[str, str], ...]:
    return tuple({"no": str(number), "name": line} for number, line in enumerate(lines, 1))


def _facts(
    asked: Asked, fields: Mapping[str, str], letter: Letter, **rows: tuple[dict[str, str], ...]
) -> Facts:
    lines = [line for line in letter.facts["reason"].splitlines() if line.strip()]
    return Facts(asked.dossier.code, asked.office.now, fields, {**rows, "reasons": _numbered(lines)})


LETTER_MAKERS: Final[Mapping[str, Maker]] = {
    SUPPLEMENT_REQUEST: supplement_request_facts,
    REFUSAL: refusal_facts,
    APOLOGY: apology_facts,
    STOP_NOTICE: stop_notice_facts,
}
