"""A dossier as a row of a work queue: where it waits, and in what order."""

import re
from typing import TYPE_CHECKING, NamedTuple

from onestop.domain.acts import STATES
from onestop.domain.moment import to_wire
from onestop.domain.state import State
from onestop.domain.text import fold

if TYPE_CHECKING:  # the first window lists rows; the dossier itself comes with the engine
    from onestop.domain.dossier import Dossier

_WORD = re.compile("[a-z0-9]+")

# `queue_at` orders a queue as text: due moments first, then what has no running clock.
NO_DUE, PAUSED, DONE = "9997", "9998", "9999"


class QueueRow(NamedTuple):
    """What a list shows of a dossier. Moments are wire text (UTC) or empty.

    A tuple: lists make fifty at each keystroke, and a frozen dataclass takes three times as long.
    """

    n: int
    id: str
    code: str
    state: State
    owner_name: str
    procedure_name: str
    received_at: str
    due_at: str
    original_due_at: str
    ended_at: str
    queue_at: str
    holder_unit: str
    holder_officer: str
    is_taken: bool


def officer_queue(officer: str) -> str:
    return f"o:{officer}"


def unit_queue(unit: str) -> str:
    return f"u:{unit}"


def agency_queue(agency: str) -> str:
    """Dossiers on their way to an agency: its counters take them in."""
    return f"a:{agency}"


def queue_of(dossier: "Dossier") -> str:
    """Whose queue it stands in; empty once the dossier is closed."""
    if dossier.state is State.IN_TRANSIT and dossier.in_transit_to:
        return agency_queue(dossier.in_transit_to)
    holder = dossier.holder
    if holder is None or not STATES[dossier.state].is_open:
        return ""
    return officer_queue(holder.officer) if holder.officer else unit_queue(holder.unit)


def queue_at_of(dossier: "Dossier") -> str:
    """Its place in the queue: the due moment while the clock runs."""
    clock = dossier.clock
    if clock.ended_at:
        return f"{DONE} {to_wire(clock.ended_at)}"
    if clock.paused_at:
        return f"{PAUSED} {to_wire(clock.paused_at)}"
    return to_wire(clock.due.at) if clock.due.at else NO_DUE


def search_words(dossier: "Dossier") -> str:
    """Folded text under which a dossier is found: code, people, numbers, procedure."""
    subject = dossier.subject
    people = [subject.owner, subject.submitter, *([subject.delegate] if subject.delegate else [])]
    parts = [dossier.code, subject.procedure.title, subject.content, dossier.result.number]
    for party in people:
        parts += [party.name, party.id_number, party.tax_code, party.phone]
    if subject.declaration:
        # The words of the marked fields, put there at the counter: no form is needed to index anew.
        parts.append(str(subject.declaration.values.get("_search", "")))
    distinct = dict.fromkeys(query_words(" ".join(parts)))
    return " ".join(distinct)


def query_words(query: str) -> tuple[str, ...]:
    """The folded words of a text, cut at everything that is no letter or digit.

    All ASCII: a letter that folding leaves as it is becomes its number, so that the index
    sees the same words as we do, whatever tables of letters the database has.
    """
    folded = fold(query)
    if folded.isascii():
        return tuple(_WORD.findall(folded))
    return tuple("".join(map(_letter, folded)).split())


def _letter(c: str) -> str:
    if not c.isalnum():
        return " "
    return c if c.isascii() else f"u{ord(c):x}"
