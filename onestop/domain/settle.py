"""What persons decided of entries that were already in the journal: ratified, voided, erased.

A ratify, void or erase speaks only of entries before it. Read from the end, each one's own
fate is known before it is asked: there is no loop, and the last word on an entry wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from onestop.domain.acts import REFOLDS, Act
from onestop.domain.entry import Entry


class Verdict(StrEnum):
    """What the sequencing log says of an entry. A desk alone accepts its own entries.

    `ILLEGAL` is a flag with the reason ILLEGAL, told apart by `verdict_for`: what the dossier's state
    or the folder's place forbade has no effect, fact or decision, until a person decides.
    """

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    ILLEGAL = "illegal"
    HELD = "held"
    QUARANTINED = "quarantined"


class Standing(StrEnum):
    """What an entry counts for, once persons have spoken: its verdict, or their word."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    ILLEGAL = "illegal"
    HELD = "held"
    QUARANTINED = "quarantined"
    RATIFIED = "ratified"
    VOIDED = "voided"


Journal = Sequence[tuple[Entry, Verdict]]


def verdict_for(verdict: str, code: str | None) -> Verdict:
    """The verdict to fold by, from what a log said and why. Raises ValueError for an unknown one."""
    is_illegal = verdict == Verdict.FLAGGED and code == Verdict.ILLEGAL.name
    return Verdict.ILLEGAL if is_illegal else Verdict(verdict)


ASIDE = frozenset({Verdict.HELD, Verdict.QUARANTINED})
"""Faults of form, not of meaning: such an entry has no effect and nobody can ratify it."""

_FATES: Mapping[Act, Standing] = {Act.RATIFY: Standing.RATIFIED, Act.VOID: Standing.VOIDED}


@dataclass(frozen=True, slots=True)
class Settled:
    """`fates` by entry id; `erased` ids whose body is gone by law; `named` ids that each
    ratify or void really speaks of."""

    fates: Mapping[str, Standing] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def standing(self, entry_id: str, verdict: Verdict) -> Standing:
        own = Standing(verdict.value)
        return own if verdict in ASIDE else self.fates.get(entry_id, own)


NOTHING = Settled()


def is_settling(kind: str) -> bool:
    return isinstance(kind, str) and kind in REFOLDS


def settle(journal: Journal) -> Settled:
    """The fates of a journal's entries; `NOTHING` for nearly all journals."""
    if not any(is_settling(entry.header.kind) for entry, _ in journal):
        return NOTHING
    places: dict[str, int] = {}
    for place, (entry, _) in enumerate(journal):
        places.setdefault(entry.id, place)
    fates: dict[str, Standing] = {}
    named: dict[str, tuple[str, ...]] = {}
    erased: set[str] = set()
    settling = {entry.id for entry, _ in journal if is_settling(entry.header.kind)}
    for place in reversed(range(len(journal))):
        entry, verdict = journal[place]
        if entry.id not in settling or not _counts(entry.id, verdict, fates):
            continue
        act = Act(entry.header.kind)
        names = tuple(i for i in entry_names(facts_of(entry)) if places.get(i, place) < place)
        named[entry.id] = names
        if act is Act.ERASE:
            erased.update(name for name in names if name not in settling)
        else:
            for name in names:
                fates.setdefault(name, _FATES[act])
    return Settled(fates, frozenset(erased), named)


def _counts(entry_id: str, verdict: Verdict, fates: Mapping[str, Standing]) -> bool:
    """Whether a ratify, void or erase is in force: a flagged one only once it is ratified."""
    if verdict in ASIDE:
        return False
    fate = fates.get(entry_id)
    return fate is not Standing.VOIDED and (fate is Standing.RATIFIED or verdict is Verdict.ACCEPTED)


def facts_of(entry: Entry) -> Any:
    """The body's JSON, None when erased; bytes that are no JSON are facts that nothing can use."""
    try:
        return entry.facts()
    except (ValueError, RecursionError):
        return ()


def entry_names(facts: Any) -> tuple[str, ...]:
    """The ids in the fact `entries`; none when it is of another shape."""
    named = facts.get("entries") if isinstance(facts, dict) else None
    if not isinstance(named, list | tuple) or not all(isinstance(each, str) for each in named):
        return ()
    return tuple(named)
