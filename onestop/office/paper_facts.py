"""What each printed paper says of a dossier, as text by field name (onestop/domain/template_fields.py).

`maker_of(form)` gives the function that knows a form; those of one kind of paper live together in a
module of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onestop.domain.data_lookup import is_taken
from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.dossier import ComponentLine, Dossier, Fee
from onestop.domain.entry import Entry
from onestop.domain.fee import FEE_KINDS, fee_tail
from onestop.domain.moment import local_day, show_at, show_on
from onestop.domain.person import show_phone
from onestop.domain.template import Facts
from onestop.errors import PrintError
from onestop.office.books import book_words, paper_number
from onestop.office.facts_certified import certified_rows
from onestop.office.intake import CHANNELS
from onestop.office.office import Office
from onestop.printing.wording import count_words, moment_words, money, money_words, place_and_day


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper somebody wants: of which dossier, and its journal, oldest entry first."""

    office: Office
    dossier: Dossier
    journal: Sequence[Entry]


Maker = Callable[[Asked], Facts]


def office_fields(office: Office, at: datetime) -> dict[str, str]:
    """The fields every paper of the office shares; `at` stands in the line of place and day."""
    agency = office.catalogue.agency
    lookup, hotline = agency.lookup_address, show_phone(agency.phone) if agency.phone else ""
    return {
        "superior_body": agency.superior_body,
        "issuing_body": agency.issuing_body,
        "office_name": agency.office_name,
        "agency_name": agency.name,
        "agency_code": agency.code,
        "lookup_address": lookup,
        "lookup_words": f"Tra cứu tình trạng hồ sơ theo mã hồ sơ tại {lookup}. " if lookup else "",
        "hotline": hotline,
        "hotline_words": f"Điện thoại hỗ trợ: {hotline}. " if hotline else "",
        "place": agency.place,
        "place_day": place_and_day(agency.place, at),
        "made_at": show_at(office.now),
        "officer_name": office.officer.name,
        "officer_title": office.officer.title,
    }


def dossier_fields(office: Office, dossier: Dossier) -> dict[str, str]:
    """The fields that most papers of a dossier share, those of the office among them."""
    subject, clock, submitter = dossier.subject, dossier.clock, dossier.subject.submitter
    received = dossier.received_at
    return office_fields(office, office.now) | {
        "code": dossier.code,
        "number": paper_number(office, dossier),
        "procedure_name": subject.procedure.title,
        "procedure_code": subject.procedure.code,
        "content": "" if subject.content == subject.procedure.name else subject.content,
        "channel": CHANNELS.get(subject.channel, ""),
        "owner_name": subject.owner.name,
        "owner_address": subject.owner.address,
        "submitter_name": submitter.name,
        "address": submitter.address,
        "phone": show_phone(submitter.phone) if submitter.phone else "",
        "email": submitter.email,
        "id_number": submitter.id_number or submitter.tax_code,
        "sets": count_words(subject.sets),
        "term": TimeLimit(clock.due.value, TimeUnit(clock.due.unit)).words() if received else "",
        "received_at": moment_words(received) if received else "",
        "received_on": show_on(local_day(received)) if received else "",
        "due_at": moment_words(clock.due.at) if clock.due.at else "",
        "due_explanation": clock.due.explanation.strip(),
        "hand_out_place": office.catalogue.agency.office_name,
        "register_book": book_words(office, dossier) if received else "",
        "register_number": count_words(dossier.register_no) if received else "",
        "reason": dossier.reason,
    }


def fee_fields(fees: Sequence[Fee]) -> dict[str, str]:
    """The sum of the fees; `fee_sum` only where there is something to add up."""
    total = sum(fee.amount_vnd for fee in fees)
    return {
        "fee_total": money(total) if fees else "",
        "fee_words": money_words(total) if fees else "",
        "fee_sum": money(total) if len(fees) > 1 else "",
    }


def fee_rows(fees: Sequence[Fee]) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "kind": FEE_KINDS.get(fee.kind, ""),
            "name": fee_tail(fee.kind, fee.name),
            "amount": money(fee.amount_vnd),
        }
        for fee in fees
    )


def component_rows(components: Sequence[ComponentLine]) -> tuple[dict[str, str], ...]:
    """The papers handed in, or taken from a database in their stead."""
    given = [line for line in components if line.is_given]
    return tuple(
        {
            "no": str(number),
            "name": line.name,
            "note": f"({line.note.strip()})" if is_taken(line) and line.note.strip() else "",
            "originals": _count(line.originals),
            "certified": _count(line.certified),
            "copies": _count(line.copies),
        }
        for number, line in enumerate(given, 1)
    )


def _count(number: int) -> str:
    return count_words(number) if number else ""


def receipt_facts(asked: Asked) -> Facts:
    """Mẫu 01. A reprint says which; after a correction it names the receipt it replaces."""
    office, dossier = asked.office, asked.dossier
    if dossier.received_at is None:
        raise PrintError(
            "Hồ sơ chưa được tiếp nhận", "Giấy tiếp nhận chỉ in được sau khi đã tiếp nhận hồ sơ."
        )
    fees = dossier.subject.fees
    fields = dossier_fields(office, dossier) | fee_fields(fees) | print_fields(office, dossier, "01")
    fields["place_day"] = place_and_day(office.catalogue.agency.place, dossier.received_at)
    rows = {
        "components": component_rows(dossier.subject.components),
        "fees": fee_rows(fees),
        "requested": certified_rows(office, dossier),
    }
    return Facts(dossier.code, office.now, fields, rows)


def print_fields(office: Office, dossier: Dossier, form: str) -> dict[str, str]:
    """What a paper says of its own history: which reprint it is, or which paper it replaces."""
    replaces = replaced(dossier, form)
    printed = len(dossier.standing_papers(form))
    if replaces:
        return {"reprint": "", "replaces": f"Thay thế giấy cấp lúc {show_at(replaces)}"}
    words = f"In lại lần {printed}, lúc {show_at(office.now)}" if printed else ""
    return {"reprint": words, "replaces": ""}


def replaced(dossier: Dossier, form: str) -> datetime | None:
    """The moment of the paper that a correction made untrue, until a new one is printed."""
    of_form = dossier.standing_papers(form)
    if dossier.correction_at is None or not of_form:
        return None
    last = of_form[-1]
    return last.at if last.at < dossier.correction_at else None


def maker_of(form: str) -> Maker:
    """Raises PrintError for a form nobody knows the facts of."""
    maker = _makers().get(form)
    if maker is None:
        raise PrintError(f"Không in được mẫu “{form}”", "Chọn một loại giấy khác trong danh sách.")
    return maker


def _makers() -> dict[str, Maker]:
    """One line for each module; imported when the first paper is made."""
    from onestop.office.facts_control import control_slip_facts
    from onestop.office.facts_letters import LETTER_MAKERS
    from onestop.office.paper_makers import SLIP_MAKERS

    return {"01": receipt_facts, "06": control_slip_facts, **LETTER_MAKERS, **SLIP_MAKERS}
