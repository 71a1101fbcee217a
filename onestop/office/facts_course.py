"""Quá trình xử lý: the journal of a dossier as a table of who did what, for whom, until when."""

from collections.abc import Iterator
from typing import Final

from onestop.domain.acts import STATES, Act
from onestop.domain.fold import Step, unfold
from onestop.domain.moment import local_day, show_at
from onestop.domain.route_place import Stay, place_on, step_due_at, whereabouts
from onestop.domain.settle import Standing
from onestop.domain.template import Facts
from onestop.office.facts_slips import slip_fields
from onestop.office.office import Office
from onestop.office.paper_facts import Asked
from onestop.office.routes import ONLINE, route_of
from onestop.office.timeline import JournalMoment, read_timeline
from onestop.store.journal import read_journal

COURSE = "QT"

_ASIDE: Final = frozenset({Act.ADD_NOTE, Act.PRINT_PAPER, Act.VOID_PAPER, Act.ATTACH, Act.DETACH})
"""Acts that move nothing."""
_UNREAD: Final = frozenset({Standing.HELD, Standing.QUARANTINED})
"""Entries whose facts nobody has vouched for."""
_ARRIVALS: Final = frozenset(
    {Act.RECEIVE, Act.FORWARD, Act.PROPOSE, Act.APPROVE, Act.SIGN, Act.SEND_BACK, Act.DISAPPROVE,
     Act.RECALL, Act.COMPLETE, Act.TRANSFER_IN}
)  # fmt: skip


def course_facts(asked: Asked) -> Facts:
    """Every entry that moved the dossier or its clock, oldest first."""
    office, dossier = asked.office, asked.dossier
    catalogue, holder = office.catalogue, dossier.holder
    holding = (holder.officer or "") if holder else ""
    parts = (
        catalogue.officer(holding).name if holding else "",
        catalogue.unit_name(holder.unit) if holder else "",
    )
    fields = slip_fields(asked, COURSE) | {
        "state_words": STATES[dossier.state].words,
        "holder_name": ", ".join(part for part in parts if part),
    }
    return Facts(dossier.code, office.now, fields, {"moments": tuple(_rows(office, dossier.id))})


def _rows(office: Office, dossier_id: str) -> Iterator[dict[str, str]]:
    _, moments = read_timeline(office, dossier_id)
    with office.store.read() as connection:
        steps = {step.entry.id: step for step in unfold(read_journal(connection, dossier_id))}
    shown = [moment for moment in moments if moment.act not in _ASIDE]
    for number, moment in enumerate(shown, 1):
        step = steps[moment.id]
        receiver = _receiver(office, step)
        yield {
            "no": str(number),
            "at": show_at(moment.at),
            "officer": ", ".join(part for part in (moment.officer, moment.title) if part),
            "act": f"{moment.words} ({moment.mark.lower()})" if moment.mark else moment.words,
            "receiver": receiver,
            "due": _due(office, moment, step),
            "told": "; ".join(line for line in moment.lines if not line.startswith("Tới: ")),
        }


def _receiver(office: Office, step: Step) -> str:
    """An officer and his unit, the unit alone, or another agency."""
    facts = {} if step.standing in _UNREAD else step.facts or {}
    catalogue, to, agency = office.catalogue, facts.get("to"), facts.get("to_agency")
    if agency:
        return str(agency["name"])
    if not to:
        return ""
    officer = catalogue.officer(to["officer"]).name if to.get("officer") else ""
    return ", ".join(part for part in (officer, catalogue.unit_name(to.get("unit", ""))) if part)


def _due(office: Office, moment: JournalMoment, step: Step) -> str:
    """Until when whoever got it then should have done with it; "" where its route gives no time."""
    dossier, catalogue = step.after, office.catalogue
    if dossier is None or moment.act not in _ARRIVALS:
        return ""
    day = local_day(dossier.received_at or moment.at)
    route = route_of(catalogue, dossier.subject.procedure.code, day)
    place = place_on(route, whereabouts(dossier), lambda who: catalogue.officer(who).roles) if route else None
    if place is None:
        return ""
    is_online = dossier.subject.channel == ONLINE
    due_at = step_due_at(catalogue.calendar, place, Stay(moment.at), is_online)
    return show_at(due_at) if due_at else ""
