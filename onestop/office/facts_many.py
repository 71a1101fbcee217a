"""What papers of several dossiers say: one receipt for one submitter, lists of what goes to a unit or
comes back from it."""

from collections.abc import Callable, Sequence
from typing import Any

from onestop.domain.acts import STATES, Act
from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.dossier import Dossier, Party, State
from onestop.domain.moment import local_day, show_at, show_on
from onestop.domain.template import Facts
from onestop.domain.text import fold
from onestop.errors import PrintError
from onestop.office.facts_slips import (
    RESULT_SLIP,
    next_hands,
    result_hands,
    result_rows,
    standing_entries,
)
from onestop.office.paper_facts import (
    Asked,
    component_rows,
    dossier_fields,
    fee_fields,
    fee_rows,
    office_fields,
    print_fields,
)
from onestop.office.proving import proven
from onestop.printing.wording import count_words, moment_words, money, place_and_day

JOINT_RECEIPT, HANDOVER_LIST = "01N", "DS"

Several = Sequence[Asked]
ManyMaker = Callable[[Several], tuple[Facts, ...]]
"""The papers that several dossiers make: one each for a unit or a submitter."""


def many_maker_of(form: str) -> ManyMaker | None:
    """None for a form of which each dossier has one of its own."""
    makers: dict[str, ManyMaker] = {
        JOINT_RECEIPT: lambda several: (joint_receipt_facts(several),),
        HANDOVER_LIST: handover_lists,
        RESULT_SLIP: result_slips,
    }
    return makers.get(form)


# ---- danh sách bàn giao theo đơn vị -----------------------------------------------------------


def handover_lists(several: Several) -> tuple[Facts, ...]:
    """A list for each unit, to be signed there, in the order in which the units come up.

    Raises PrintError for a dossier that is closed: nobody hands it on any more.
    """
    by_unit: dict[str, list[Asked]] = {}
    for asked in several:
        _require_open(asked.dossier)
        by_unit.setdefault(_unit_of(asked), []).append(asked)
    return tuple(_handover_list(unit, group) for unit, group in by_unit.items())


def _require_open(dossier: Dossier) -> None:
    row = STATES[dossier.state]
    if not row.is_open:
        raise PrintError(
            f"Hồ sơ {dossier.code} không còn để bàn giao: {row.words.lower()}",
            "Bỏ chọn hồ sơ này rồi in lại.",
        )


def _unit_of(asked: Asked) -> str:
    """Where the folder is or, from the counter, where it goes next; "" where nobody knows."""
    dossier = asked.dossier
    if dossier.holder and dossier.state not in (State.SUBMITTED, State.RECEIVED):
        return dossier.holder.unit
    return next_hands(asked.office, dossier)["unit"]


def _handover_list(unit: str, group: Several) -> Facts:
    office = group[0].office
    fields = office_fields(office, office.now) | {
        "from_officer": office.officer.name,
        "from_unit": office.catalogue.unit_name(office.officer.unit),
        "to_unit": office.catalogue.unit_name(unit) if unit else "",
        "to_officer": "",
        "dossier_count": count_words(len(group)),
        "handed_at": moment_words(office.now),
    }
    return Facts("", office.now, fields, {"dossiers": dossier_rows(group)})


def dossier_rows(several: Several) -> tuple[dict[str, str], ...]:
    """A line for each dossier."""
    return tuple(_dossier_row(number, asked.dossier) for number, asked in enumerate(several, 1))


def _dossier_row(number: int, dossier: Dossier) -> dict[str, str]:
    subject, due = dossier.subject, dossier.clock.due
    given = [line for line in subject.components if line.is_given]
    fees = subject.fees
    received = dossier.received_at
    return {
        "no": str(number),
        "code": dossier.code,
        "owner_name": subject.owner.name,
        "procedure_name": subject.procedure.title,
        "sets": count_words(subject.sets),
        "paper_count": count_words(sum(line.originals + line.certified + line.copies for line in given)),
        "received_at": show_at(received) if received else "",
        "received_on": show_on(local_day(received)) if received else "",
        "due_at": show_at(due.at) if due.at else "",
        "term": TimeLimit(due.value, TimeUnit(due.unit)).words() if received else "",
        "fee_total": money(dossier.fee_total_vnd) if fees else "không thu",
        "register_number": count_words(dossier.register_no) if received else "",
        "note": subject.note,
    }


# ---- phiếu bàn giao kết quả -------------------------------------------------------------------


def result_slips(several: Several) -> tuple[Facts, ...]:
    """A slip for each unit whose officers entered results. Raises PrintError for one without a result."""
    by_unit: dict[str, list[Asked]] = {}
    for asked in several:
        done = standing_entries(asked, Act.COMPLETE)
        officer = done[-1].header.officer if done else ""
        by_unit.setdefault(asked.office.catalogue.officer(officer).unit, []).append(asked)
    return tuple(_result_slip(group) for group in by_unit.values())


def _result_slip(group: Several) -> Facts:
    office = group[0].office
    fields = office_fields(office, office.now) | result_hands(group)
    code = group[0].dossier.code if len(group) == 1 else ""
    return Facts(code, office.now, fields, {"results": result_rows(group)})


# ---- giấy tiếp nhận nhiều hồ sơ ---------------------------------------------------------------


def joint_receipt_facts(several: Several) -> Facts:
    """One receipt for what one person handed in. Raises PrintError for dossiers of several people, or
    for one that was not received."""
    require_one_submitter(several)
    first, dossiers = several[0], [asked.dossier for asked in several]
    office, received = first.office, first.dossier.received_at
    fees = [fee for dossier in dossiers for fee in dossier.subject.fees]
    numbers = ", ".join(count_words(dossier.register_no) for dossier in dossiers)
    fields = dossier_fields(office, first.dossier) | fee_fields(fees) | _prints(several)
    fields |= {
        "code": ", ".join(dossier.code for dossier in dossiers),
        "number": numbers,
        "register_number": numbers,
        "dossier_count": count_words(len(dossiers)),
        "place_day": place_and_day(office.catalogue.agency.place, received or office.now),
    }
    rows: dict[str, Any] = {
        "dossiers": _proven_rows(several),
        "all_components": _all_components(dossiers),
        "fees": fee_rows(fees),
    }
    return Facts("", office.now, fields, rows)


def _proven_rows(several: Several) -> tuple[dict[str, str], ...]:
    """A line for each dossier, with the number of its own square code and what to compare aloud: each
    can be followed, corrected and voided without the others."""
    rows = []
    for row, asked in zip(dossier_rows(several), several, strict=True):
        plain = Facts(asked.dossier.code, asked.office.now, {})
        facts = proven(asked.office, asked.dossier, JOINT_RECEIPT, plain)
        digits = facts.proof or asked.dossier.code
        rows.append(row | {"digits": digits, "check": facts.fields.get("check", "")})
    return tuple(rows)


def require_one_submitter(several: Several) -> None:
    """Raises PrintError naming the first dossier that does not belong with the others."""
    known = _who(several[0].dossier.subject.submitter)
    for asked in several:
        if asked.dossier.received_at is None:
            raise PrintError(
                f"Hồ sơ {asked.dossier.code} chưa được tiếp nhận",
                "Giấy tiếp nhận chỉ in được sau khi đã tiếp nhận hồ sơ; bỏ chọn hồ sơ này rồi in lại.",
            )
        if _who(asked.dossier.subject.submitter) != known:
            raise PrintError(
                f"Hồ sơ {asked.dossier.code} của người nộp khác",
                "Giấy tiếp nhận chung chỉ in cho các hồ sơ của một người nộp; bỏ chọn hồ sơ này rồi in lại.",
            )


def _who(submitter: Party) -> str:
    """A person's number where it is known; else name and telephone."""
    return submitter.id_number or submitter.tax_code or f"{fold(submitter.name)} {submitter.phone}"


def _prints(several: Several) -> dict[str, str]:
    """What it says of reprints and replacements, of the first dossier for which there is one."""
    said = [print_fields(asked.office, asked.dossier, JOINT_RECEIPT) for asked in several]
    return next((each for each in said if any(each.values())), said[0])


def _all_components(dossiers: Sequence[Dossier]) -> tuple[dict[str, str], ...]:
    """The papers of every dossier, each with the place of its dossier in the list above."""
    return tuple(
        {"dossier_no": str(number), **row}
        for number, dossier in enumerate(dossiers, 1)
        for row in component_rows(dossier.subject.components)
    )
