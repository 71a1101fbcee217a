"""Mẫu 06, the control slip: the journal told as hand-overs, and the slip to another agency below them."""

from collections.abc import Mapping, Sequence
from typing import Any

from onestop.domain.acts import Act
from onestop.domain.deadline import Outcome, outcome
from onestop.domain.dossier import Dossier, State
from onestop.domain.entry import Entry, Header
from onestop.domain.moment import from_wire
from onestop.domain.slip import pack_slip, slip_digits
from onestop.domain.template import Facts
from onestop.errors import InputError
from onestop.office.office import Catalogue, Office
from onestop.office.paper_facts import Asked, dossier_fields
from onestop.office.transfer import ROLES
from onestop.printing.wording import count_words, moment_words, place_and_day

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.EARLY: "Trước hạn",
    Outcome.ON_TIME: "Đúng hạn",
    Outcome.LATE: "Quá hạn",
}

_SENDS = frozenset(
    {
        Act.FORWARD,
        Act.PROPOSE,
        Act.APPROVE,
        Act.SIGN,
        Act.COMPLETE,
        Act.SEND_BACK,
        Act.DISAPPROVE,
        Act.TRANSFER_OUT,
    }
)


def control_slip_facts(asked: Asked) -> Facts:
    """What is not known yet stays empty: it is written on the paper by hand."""
    office, dossier, journal = asked.office, asked.dossier, asked.journal
    received = dossier.received_at or from_wire(journal[0].header.at)
    agencies = agencies_by_role(office, journal)
    consulted = [office.catalogue.unit_name(one.unit) for one in dossier.consultations]
    fields = dossier_fields(office, dossier) | {
        "place_day": place_and_day(office.catalogue.agency.place, received),
        "received_at": moment_words(received),
        "due_at": moment_words(dossier.due_at),
        "competent_agency": agencies["competent"],
        "consulted_agencies": ", ".join(filter(None, [*consulted, agencies["coordinating"]])) or "không có",
    }
    sent = _transfer_under_way(dossier, journal)
    digits = _slip_digits(sent) if sent else ""
    fields |= _transfer_fields(office, dossier, sent) if sent else {}
    fields["has_digits"] = "có" if digits else ""
    rows = {"hand_overs": tuple(hand_overs(office.catalogue, dossier, journal))}
    return Facts(dossier.code, office.now, fields, rows, digits=digits)


def hand_overs(catalogue: Catalogue, dossier: Dossier, journal: Sequence[Entry]) -> list[dict[str, str]]:
    """Each sending is a block; the next act of another officer shows when it was taken. A folder on
    its way to another agency is taken only when that agency says so."""
    blocks: list[dict[str, str]] = []
    sender, is_away = "", False
    for entry in journal:
        header = entry.header
        is_taken = header.kind == Act.TRANSFER_IN if is_away else header.officer != sender
        is_open = bool(blocks) and not blocks[-1]["taken_at"]
        if is_open and is_taken:
            blocks[-1] |= _taken(catalogue, entry, is_away)
        elif is_open and header.kind == Act.RECALL:
            blocks.pop()
        if header.kind in _SENDS:
            sender, is_away = header.officer, header.kind == Act.TRANSFER_OUT
            blocks.append(_sent(catalogue, dossier, entry))
    return blocks


def _sent(catalogue: Catalogue, dossier: Dossier, entry: Entry) -> dict[str, str]:
    header, facts = entry.header, entry.facts() or {}
    to = facts.get("to") or {}
    is_away = header.kind == Act.TRANSFER_OUT
    unit = catalogue.unit_name(catalogue.officer(header.officer).unit)
    return {
        "from_unit": _agency_words(facts.get("from_agency")) if is_away else unit,
        "from_officer": hand_name(catalogue, header.officer, facts),
        "to_unit": _agency_words(facts.get("to_agency"))
        if is_away
        else catalogue.unit_name(to.get("unit", "")),
        "to_officer": _officer_name(catalogue, to["officer"]) if to.get("officer") else "",
        "handed_at": moment_words(from_wire(header.at)),
        "taken_at": "",
        "outcome": _outcome(dossier) if header.kind == Act.COMPLETE else "",
        "note": facts.get("reason", ""),
    }


def _taken(catalogue: Catalogue, entry: Entry, is_away: bool) -> dict[str, str]:
    header: Header = entry.header
    taken = {
        "taken_at": moment_words(from_wire(header.at)),
        "to_officer": hand_name(catalogue, header.officer, entry.facts()),
    }
    unit = catalogue.unit_name(catalogue.officer(header.officer).unit)
    return taken if is_away else taken | {"to_unit": unit}


def hand_name(catalogue: Catalogue, officer_id: str, facts: Mapping[str, Any] | None) -> str:
    """`Phạm Đăng Khôi (thay Trần Thị Mai)`: whose hand it went through, and in whose name."""
    name, absent = _officer_name(catalogue, officer_id), (facts or {}).get("on_behalf_of")
    return f"{name} (thay {catalogue.officer(absent).name})" if name and absent else name


def _officer_name(catalogue: Catalogue, officer_id: str) -> str:
    """Empty for an officer of another agency: the name is then written by hand."""
    officer = catalogue.officer(officer_id)
    return officer.name if officer.roles else ""


def _outcome(dossier: Dossier) -> str:
    clock = dossier.clock
    if clock.original_due_at is None or clock.ended_at is None:
        return ""
    return OUTCOMES[outcome(clock.original_due_at, clock.ended_at)]


def _agency_words(agency: Mapping[str, str] | None) -> str:
    return f"{agency['name']} ({agency['code']})" if agency else ""


def agencies_by_role(office: Office, journal: Sequence[Entry]) -> dict[str, str]:
    """The agency that decides and those it asked, as the transfers in the journal name them."""
    named = {"competent": office.catalogue.agency.name, "coordinating": ""}
    for entry in journal:
        facts = (entry.facts() or {}) if entry.header.kind == Act.TRANSFER_OUT else {}
        if facts.get("role") in named:
            named[facts["role"]] = facts["to_agency"]["name"]
    return named


def _transfer_under_way(dossier: Dossier, journal: Sequence[Entry]) -> Entry | None:
    """The sending of a folder that is on its way to another agency now."""
    settled = frozenset((*dossier.conflicts, *dossier.voided))
    sent = [one for one in journal if one.header.kind == Act.TRANSFER_OUT and one.id not in settled]
    return sent[-1] if sent and sent[-1].facts() and dossier.state is State.IN_TRANSIT else None


def _transfer_fields(office: Office, dossier: Dossier, sent: Entry) -> dict[str, str]:
    facts = sent.facts() or {}
    officer = office.catalogue.officer(sent.header.officer)
    name, unit = _officer_name(office.catalogue, officer.id), office.catalogue.unit_name(officer.unit)
    given = [line for line in dossier.subject.components if line.is_given]
    count = sum(line.originals + line.certified + line.copies for line in given)
    return {
        "transfer_from": _agency_words(facts.get("from_agency")),
        "transfer_to": _agency_words(facts["to_agency"]),
        "transfer_role": ROLES.get(facts.get("role", ""), ""),
        "transfer_officer": name,
        "transfer_sender": ", ".join(part for part in (name, unit) if part),
        "transfer_at": moment_words(from_wire(sent.header.at)),
        "transfer_reason": facts["reason"],
        "transfer_note": facts.get("note", ""),
        "transfer_count": f"{count_words(count)} bản" if count else "",
    }


def _slip_digits(entry: Entry) -> str:
    """Empty for an entry too long for a code, which a program of today does not write."""
    try:
        return slip_digits(pack_slip(entry))
    except InputError:
        return ""
