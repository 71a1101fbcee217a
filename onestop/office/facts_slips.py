"""What the slips beside the circular's forms say: handing over folders and results, an address for post.

A slip goes from one hand to another: `from_…` gives and `to_…` takes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, Party, State
from onestop.domain.entry import Entry
from onestop.domain.moment import from_wire, show_on
from onestop.domain.person import show_phone
from onestop.domain.state import Role
from onestop.domain.template import Facts
from onestop.errors import PrintError
from onestop.office.deeds import HAND_OUT_METHODS
from onestop.office.office import Catalogue, Office, Officer
from onestop.office.paper_facts import Asked, component_rows, dossier_fields, print_fields
from onestop.office.routes import next_receiver
from onestop.printing.wording import count_words, moment_words

HAND_OUT_NOTE, HANDOVER_SLIP, RESULT_SLIP, ADDRESS_LABEL = "BN", "BG", "BK", "NH"

_WORKERS: Final = frozenset({Role.SPECIALIST, Role.HEAD, Role.LEADER})
_AT_COUNTER: Final = frozenset({State.SUBMITTED, State.RECEIVED})
_SENDS: Final = frozenset({Act.FORWARD, Act.PROPOSE, Act.APPROVE, Act.SIGN, Act.SEND_BACK, Act.DISAPPROVE})


def slip_fields(asked: Asked, form: str) -> dict[str, str]:
    """Those of the dossier, and which print of this form it is."""
    return dossier_fields(asked.office, asked.dossier) | print_fields(asked.office, asked.dossier, form)


def standing_entries(asked: Asked, *acts: Act) -> list[Entry]:
    """Entries of those acts that have effect, oldest first."""
    dossier = asked.dossier
    without = {*dossier.conflicts, *dossier.voided, *dossier.aside}
    return [entry for entry in asked.journal if entry.header.kind in acts and entry.id not in without]


def facts_of(entry: Entry) -> Mapping[str, Any]:
    """Empty for an entry whose content was erased by law."""
    return entry.facts() or {}


# ---- giấy biên nhận trả kết quả ---------------------------------------------------------------


def hand_out_facts(asked: Asked) -> Facts:
    """Of a result that waits to be handed out, or was. Raises PrintError where there is none yet."""
    office, dossier = asked.office, asked.dossier
    require_result(dossier)
    handed = standing_entries(asked, Act.HAND_OUT)
    facts = facts_of(handed[-1]) if handed else {}
    officer = office.catalogue.officer(handed[-1].header.officer) if handed else office.officer
    recipient = _recipient(dossier, facts.get("recipient", ""))
    fields = slip_fields(asked, HAND_OUT_NOTE) | result_fields(dossier)
    fields |= {
        "recipient_name": recipient.name,
        "recipient_phone": _phone(recipient),
        "recipient_id": facts.get("id_number", "") or recipient.id_number or recipient.tax_code,
        "recipient_address": recipient.address,
        "hand_out_way": HAND_OUT_METHODS.get(facts.get("method", ""), ""),
        "handed_at": moment_words(from_wire(handed[-1].header.at)) if handed else "",
        "from_officer": officer.name,
        "from_unit": office.catalogue.unit_name(officer.unit),
    }
    return Facts(dossier.code, office.now, fields, {"components": component_rows(dossier.subject.components)})


def require_result(dossier: Dossier) -> None:
    """Raises PrintError for a dossier without a result."""
    if not dossier.result.number:
        raise PrintError(
            f"Hồ sơ {dossier.code} chưa có kết quả",
            "Giấy này chỉ in được sau khi văn thư đã ghi số và ngày của kết quả.",
        )


def result_fields(dossier: Dossier) -> dict[str, str]:
    result, procedure = dossier.result, dossier.subject.procedure
    return {
        "result_kind": procedure.result,
        "result_title": result.title or procedure.result,
        "result_number": result.number,
        "result_on": show_on(date.fromisoformat(result.issued_on)) if result.issued_on else "",
    }


def _recipient(dossier: Dossier, name: str) -> Party:
    """Whoever of the dossier's people bears that name; the submitter while nobody has come."""
    subject = dossier.subject
    people = [each for each in (subject.submitter, subject.delegate, subject.owner) if each and each.name]
    found = [each for each in people if not name or each.name == name]
    return found[0] if found else Party(name=name)


def _phone(party: Party) -> str:
    return show_phone(party.phone) if party.phone else ""


# ---- phiếu bàn giao hồ sơ ---------------------------------------------------------------------


def handover_facts(asked: Asked) -> Facts:
    """The folder from hand to hand: as it was sent last, or, at the counter still, as it will be."""
    components = asked.dossier.subject.components
    given = [line for line in components if line.is_given]
    fields = slip_fields(asked, HANDOVER_SLIP) | hand_over_fields(asked)
    fields["paper_count"] = count_words(sum(line.originals + line.certified + line.copies for line in given))
    return Facts(asked.dossier.code, asked.office.now, fields, {"components": component_rows(components)})


def hand_over_fields(asked: Asked) -> dict[str, str]:
    """From whom to whom, and when if it was sent."""
    office, sent = asked.office, standing_entries(asked, *_SENDS)
    if not sent or asked.dossier.state in _AT_COUNTER:
        return _hands(office.catalogue, office.officer, next_hands(office, asked.dossier))
    header, facts = sent[-1].header, facts_of(sent[-1])
    to = facts.get("to") or _taken_by(asked.dossier)
    hands = _hands(office.catalogue, office.catalogue.officer(header.officer), to)
    return hands | {"handed_at": moment_words(from_wire(header.at)), "note": facts.get("note", "")}


def next_hands(office: Office, dossier: Dossier) -> dict[str, str]:
    """The unit, and the officer where known, that a folder at the counter goes to next: by the
    route of its procedure, else by the unit its sector is routed to."""
    known = next_receiver(office, dossier, _WORKERS)
    if isinstance(known, Officer):
        return {"unit": known.unit, "officer": known.id}
    usual = office.catalogue.routing.get(dossier.subject.procedure.sector, "")
    return {"unit": known or usual, "officer": ""}


def _taken_by(dossier: Dossier) -> dict[str, str]:
    """Of a folder that was given back: an entry of that says no receiver."""
    holder = dossier.holder
    return {"unit": holder.unit, "officer": holder.officer or ""} if holder else {}


def _hands(catalogue: Catalogue, giver: Officer, to: Mapping[str, str]) -> dict[str, str]:
    taker, unit = to.get("officer", ""), to.get("unit", "")
    return {
        "from_officer": giver.name,
        "from_unit": catalogue.unit_name(giver.unit),
        "to_officer": catalogue.officer(taker).name if taker else "",
        "to_unit": catalogue.unit_name(unit) if unit else "",
        "handed_at": "",
        "note": "",
    }


# ---- phiếu bàn giao kết quả -------------------------------------------------------------------


def result_slip_facts(asked: Asked) -> Facts:
    """One result from whoever entered it to the counter. Raises PrintError where there is none."""
    fields = slip_fields(asked, RESULT_SLIP) | result_hands([asked])
    return Facts(asked.dossier.code, asked.office.now, fields, {"results": result_rows([asked])})


def result_hands(several: Sequence[Asked]) -> dict[str, str]:
    """Of results that one unit gives to one counter, as the first of them says."""
    asked = several[0]
    catalogue, done = asked.office.catalogue, standing_entries(asked, Act.COMPLETE)
    giver = catalogue.officer(done[-1].header.officer) if done else asked.office.officer
    to = {"unit": asked.dossier.custody.counter}
    return _hands(catalogue, giver, to) | {"dossier_count": count_words(len(several))}


def result_rows(several: Sequence[Asked]) -> tuple[dict[str, str], ...]:
    """A line for each dossier. Raises PrintError for one without a result."""
    rows = []
    for number, asked in enumerate(several, 1):
        dossier = asked.dossier
        require_result(dossier)
        rows.append(
            {
                "no": str(number),
                "code": dossier.code,
                "owner_name": dossier.owner.name,
                "procedure_name": dossier.subject.procedure.title,
                **result_fields(dossier),
            }
        )
    return tuple(rows)


# ---- nhãn địa chỉ -----------------------------------------------------------------------------


def label_facts(asked: Asked) -> Facts:
    """To whom a result goes by post. On the outside of a letter stands the code, never what it is about."""
    office, dossier = asked.office, asked.dossier
    agency = office.catalogue.agency
    handed = standing_entries(asked, Act.HAND_OUT)
    recipient = _recipient(dossier, facts_of(handed[-1]).get("recipient", "") if handed else "")
    if not recipient.address:
        raise PrintError(
            f"Chưa biết địa chỉ của người nhận {recipient.name}",
            "Nhãn in được cho người nộp, chủ hồ sơ hoặc người được uỷ quyền; thư này ghi địa chỉ bằng tay.",
        )
    fields = slip_fields(asked, ADDRESS_LABEL) | {
        "office_address": agency.address,
        "recipient_name": recipient.name,
        "recipient_address": recipient.address,
        "recipient_phone": _phone(recipient),
    }
    # The code of the dossier stands as a QR code too: a letter that comes back is scanned in.
    return Facts(dossier.code, office.now, fields | {"has_digits": "1"}, {}, digits=dossier.code)
