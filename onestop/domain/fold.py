"""The state of a dossier is a fold of its journal.

`apply` is pure and total: it never raises for entries that can exist, whatever order of
programs wrote them. What an accepted entry could not do is kept in `conflicts` for a
person to see; what was erased (`body is None`) still moves the state. `fold` reads a whole
journal and knows what persons ratified, voided or erased of it later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from onestop.domain.acts import RULES, Act, Effect, Rule
from onestop.domain.dossier import Clock, Custody, Dossier, Subject
from onestop.domain.dossier import due_from as due_from  # noqa: PLC0414  asked for here by the acts
from onestop.domain.dossier import due_plain as due_plain  # noqa: PLC0414  the same
from onestop.domain.effects import EFFECTS, Deed, stub_of
from onestop.domain.entry import Entry, Header
from onestop.domain.legality import is_state_legal, next_state
from onestop.domain.moment import from_wire
from onestop.domain.settle import ASIDE, Journal, Settled, Standing, entry_names, facts_of, settle
from onestop.domain.settle import Verdict as Verdict  # noqa: PLC0414  asked for here by most modules
from onestop.domain.shape import require_shape

Facts = Mapping[str, Any]

_FOR_A_PERSON = frozenset({Verdict.FLAGGED, Verdict.ILLEGAL})

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What a body of another shape than its act's ends in."""


class Step(NamedTuple):
    """One entry of a journal being folded, and the dossier on both sides of it."""

    entry: Entry
    standing: Standing
    facts: Any
    before: Dossier | None
    after: Dossier | None


def fold(entries: Iterable[tuple[Entry, Verdict]]) -> Dossier | None:
    """The dossier after all entries of its journal, in the order of the log."""
    dossier: Dossier | None = None
    for step in unfold(list(entries)):
        dossier = step.after
    return dossier


def unfold(journal: Journal) -> Iterator[Step]:
    """The fold, entry by entry: each counts for what persons have since said of it."""
    settled = settle(journal)
    dossier: Dossier | None = None
    for entry, verdict in journal:
        standing = settled.standing(entry.id, verdict)
        facts = None if entry.id in settled.erased else facts_of(entry)
        before, dossier = dossier, _stepped(dossier, entry, standing, _spoken(settled, entry, facts))
        yield Step(entry, standing, facts, before, dossier)


def apply(
    dossier: Dossier | None,
    header: Header,
    entry_id: str,
    body: Facts | None,
    verdict: Verdict = Verdict.ACCEPTED,
) -> Dossier | None:
    """The dossier after one entry; None while nothing has started it.

    Enough for every act but `REFOLDS`: those speak of earlier entries, so that the journal
    has to be folded anew after them.
    """
    if verdict in ASIDE:
        return _set_aside(dossier, entry_id, verdict)
    if dossier is None:
        after = _started(_unborn(header), header, entry_id, body)
    else:
        after = _continued(dossier, header, entry_id, body, verdict)
    if verdict in _FOR_A_PERSON and entry_id not in after.conflicts:
        return replace(after, conflicts=(*after.conflicts, entry_id))
    return after


def _set_aside(dossier: Dossier | None, entry_id: str, verdict: Verdict) -> Dossier | None:
    """No effect and no head; but a person has to see to what was quarantined."""
    if dossier is None or verdict is not Verdict.QUARANTINED:
        return dossier
    return replace(dossier, aside=(*dossier.aside, entry_id))


def _stepped(dossier: Dossier | None, entry: Entry, standing: Standing, facts: Any) -> Dossier | None:
    if standing is Standing.VOIDED:
        return _passed_over(dossier, entry, facts)
    verdict = Verdict.ACCEPTED if standing is Standing.RATIFIED else Verdict(standing.value)
    return apply(dossier, entry.header, entry.id, facts, verdict)


def _passed_over(dossier: Dossier | None, entry: Entry, facts: Any) -> Dossier:
    """It stands in the journal and does nothing; if it was the first, its code still names it."""
    met = _met(dossier or _unborn(entry.header), entry.header, entry.id)
    code = facts.get("code") if dossier is None and isinstance(facts, dict) else None
    return replace(met, code=code) if isinstance(code, str) else met


def _spoken(settled: Settled, entry: Entry, facts: Any) -> Any:
    """A ratify or void says nothing of entries that do not stand before it."""
    names = settled.named.get(entry.id)
    if names is None or not entry_names(facts):
        return facts
    return facts | {"entries": list(names)}


def _continued(
    dossier: Dossier, header: Header, entry_id: str, body: Facts | None, verdict: Verdict
) -> Dossier:
    met = _met(dossier, header, entry_id)
    rule = _rule(header.kind)
    if rule is None:
        return replace(met, is_read_only=met.is_read_only or header.is_critical)
    awaits_ratification = verdict is Verdict.ILLEGAL or (verdict is Verdict.FLAGGED and rule.is_decision)
    if awaits_ratification or not is_state_legal(rule, dossier):
        return replace(met, conflicts=(*met.conflicts, entry_id))
    try:
        return _acted(met, rule, header, entry_id, body)
    except _UNREADABLE:
        return replace(met, conflicts=(*met.conflicts, entry_id))


def _rule(kind: str) -> Rule | None:
    try:
        return RULES[Act(kind)]
    except ValueError:
        return None


def _unborn(header: Header) -> Dossier:
    return Dossier(
        id=header.dossier or "",
        code="",
        state=RULES[Act.SUBMIT].to,  # type: ignore[arg-type]  # a starting row names its state outright
        subject=Subject(),
        clock=Clock(),
        custody=Custody(),
    )


def _started(dossier: Dossier, header: Header, entry_id: str, body: Facts | None) -> Dossier:
    """A flagged start counts too: without it there would be no dossier to ask a person about."""
    met = _met(dossier, header, entry_id)
    rule = _rule(header.kind)
    try:
        if rule is not None and rule.act is Act.TRANSFER_OUT:
            return _stub(met, rule, header, entry_id, body)
        if rule is not None and rule.starts:
            return _acted(met, rule, header, entry_id, body)
    except _UNREADABLE:
        return replace(met, conflicts=(entry_id,))
    return replace(met, conflicts=(entry_id,), is_read_only=rule is None and header.is_critical)


def _stub(met: Dossier, rule: Rule, header: Header, entry_id: str, body: Facts | None) -> Dossier:
    """A journal that begins with a transfer: all that a slip brought to the other agency."""
    at = from_wire(header.at)
    moved = replace(_moved(met, rule, at, body), is_stub=True)
    if body is None:
        return moved
    after = stub_of(moved, Deed(met, header, entry_id, at, body))
    require_shape(after, moved)
    return after


def _met(dossier: Dossier, header: Header, entry_id: str) -> Dossier:
    """The entry stands in the journal, whatever it does: heads and count say so."""
    open_heads = tuple(head for head in dossier.heads if head not in header.parents)
    return replace(dossier, heads=(*open_heads, entry_id), count=dossier.count + 1)


def _acted(dossier: Dossier, rule: Rule, header: Header, entry_id: str, body: Facts | None) -> Dossier:
    at = from_wire(header.at)
    moved = _moved(dossier, rule, at, body)
    if body is None:
        return moved
    effect = EFFECTS.get(rule.act)
    if effect is None:
        return moved
    after = effect(moved, Deed(dossier, header, entry_id, at, body))
    require_shape(after, moved)
    return after


def _moved(dossier: Dossier, rule: Rule, at: datetime, body: Facts | None) -> Dossier:
    """State and clock, which need no body."""
    state = next_state(rule, dossier, body)
    clock = dossier.clock
    if rule.effect is Effect.START:
        clock = replace(clock, received_at=at)
    elif rule.effect is Effect.PAUSE:
        clock = replace(clock, paused_at=at, paused_state=dossier.state)
    elif rule.effect is Effect.RESUME and clock.paused_at:
        clock = replace(
            clock, paused_at=None, paused_state=None, pauses=(*clock.pauses, (clock.paused_at, at))
        )
    elif rule.effect is Effect.END:
        clock = replace(clock, ended_at=at, paused_at=None, paused_state=None)
    return replace(dossier, state=state, clock=clock)
