"""The state of a dossier is a fold of its journal.

`apply` is pure and total: it never raises for entries that can exist, whatever order of
programs wrote them. What an accepted entry could not do is kept in `conflicts` for a
person to see; what was erased (`body is None`) still moves the state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from onestop.domain.acts import RULES, Act, Effect, Rule
from onestop.domain.dossier import (
    Clock,
    Consultation,
    Custody,
    Dossier,
    Due,
    Holder,
    Paper,
    Payment,
    Printed,
    Subject,
    subject_from,
)
from onestop.domain.entry import Entry, Header
from onestop.domain.legality import is_state_legal, next_state
from onestop.domain.moment import from_wire, to_wire
from onestop.domain.shape import require_shape

Facts = Mapping[str, Any]

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What a body of another shape than its act's ends in."""


class Verdict(StrEnum):
    """What the sequencing log says of an entry. A desk alone accepts its own entries."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    HELD = "held"
    QUARANTINED = "quarantined"


def apply(
    dossier: Dossier | None,
    header: Header,
    entry_id: str,
    body: Facts | None,
    verdict: Verdict = Verdict.ACCEPTED,
) -> Dossier | None:
    """The dossier after one entry; None while nothing has started it."""
    if verdict in (Verdict.HELD, Verdict.QUARANTINED):
        return dossier
    if dossier is None:
        dossier = _unborn(header)
        return _started(dossier, header, entry_id, body)
    met = _met(dossier, header, entry_id)
    rule = _rule(header.kind)
    if rule is None:
        return replace(met, is_read_only=met.is_read_only or header.is_critical)
    awaits_ratification = verdict is Verdict.FLAGGED and rule.is_decision
    if awaits_ratification or not is_state_legal(rule, dossier):
        return replace(met, conflicts=(*met.conflicts, entry_id))
    try:
        return _acted(met, rule, header, entry_id, body)
    except _UNREADABLE:
        return replace(met, conflicts=(*met.conflicts, entry_id))


def fold(entries: Iterable[tuple[Entry, Verdict]]) -> Dossier | None:
    """The dossier after all entries of its journal, oldest first."""
    dossier: Dossier | None = None
    for entry, verdict in entries:
        dossier = apply(dossier, entry.header, entry.id, entry.facts(), verdict)
    return dossier


def due_plain(due: Due) -> dict[str, Any]:
    """A due moment as body JSON; `due_from` reads it back."""
    return {
        "at": to_wire(due.at) if due.at else None,
        "value": due.value,
        "unit": due.unit,
        "explanation": due.explanation,
        "calendar": due.calendar_version,
    }


def due_from(plain: Facts) -> Due:
    at = plain["at"]
    return Due(
        from_wire(at) if at else None, plain["value"], plain["unit"], plain["explanation"], plain["calendar"]
    )


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
    met = _met(dossier, header, entry_id)
    rule = _rule(header.kind)
    if rule is None or not rule.starts:
        return replace(met, conflicts=(entry_id,), is_read_only=rule is None and header.is_critical)
    try:
        return _acted(met, rule, header, entry_id, body)
    except _UNREADABLE:
        return replace(met, conflicts=(entry_id,))


def _met(dossier: Dossier, header: Header, entry_id: str) -> Dossier:
    """The entry stands in the journal, whatever it does: heads and count say so."""
    open_heads = tuple(head for head in dossier.heads if head not in header.parents)
    return replace(dossier, heads=(*open_heads, entry_id), count=dossier.count + 1)


def _acted(dossier: Dossier, rule: Rule, header: Header, entry_id: str, body: Facts | None) -> Dossier:
    at = from_wire(header.at)
    moved = _moved(dossier, rule, at, body)
    if body is None:
        return moved
    effect = _EFFECTS.get(rule.act)
    if effect is None:
        return moved
    after = effect(moved, _Deed(dossier, header, entry_id, at, body))
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


class _Deed:
    """One entry at work: the dossier before it, who, when and the facts."""

    __slots__ = ("at", "before", "entry_id", "facts", "officer")

    def __init__(self, before: Dossier, header: Header, entry_id: str, at: datetime, facts: Facts) -> None:
        self.before = before
        self.officer = header.officer
        self.entry_id = entry_id
        self.at = at
        self.facts = facts


def _intake(dossier: Dossier, deed: _Deed) -> Dossier:
    facts = deed.facts
    subject = subject_from(facts)
    unit = facts["counter"]
    holder = Holder(unit, deed.officer, is_taken=True)
    started = replace(
        dossier,
        code=facts["code"],
        subject=subject,
        register_no=facts.get("register_no", dossier.register_no),
        custody=replace(dossier.custody, counter=unit, holder=holder),
        papers=_with_papers(dossier, deed, facts.get("papers", ())),
        reason=facts.get("reason", ""),
    )
    return _with_due(started, facts["due"]) if facts.get("due") else started


def _refuse(dossier: Dossier, deed: _Deed) -> Dossier:
    if "procedure" in deed.facts:
        return _intake(dossier, deed)
    return replace(dossier, reason=deed.facts["reason"])


def _with_due(dossier: Dossier, plain: Facts) -> Dossier:
    due = due_from(plain)
    original = dossier.clock.original_due_at or due.at
    return replace(dossier, clock=replace(dossier.clock, due=due, original_due_at=original))


def _with_papers(dossier: Dossier, deed: _Deed, plain: Iterable[Facts]) -> tuple[Paper, ...]:
    added = tuple(
        Paper(p["sha256"], p["title"], p["mime"], p["length"], p.get("component_no"), deed.at, deed.officer)
        for p in plain
    )
    return (*dossier.papers, *added)


def _request_supplement(dossier: Dossier, deed: _Deed) -> Dossier:
    return replace(
        dossier,
        missing=tuple(deed.facts["missing"]),
        reason=deed.facts["reason"],
        supplement_rounds=dossier.supplement_rounds + 1,
    )


def _resume(dossier: Dossier, deed: _Deed) -> Dossier:
    facts = deed.facts
    resumed = replace(dossier, missing=(), papers=_with_papers(dossier, deed, facts.get("papers", ())))
    if not facts.get("due"):
        return resumed
    # The law measures lateness against the time given; pauses are not the office's time.
    due = due_from(facts["due"])
    return replace(resumed, clock=replace(resumed.clock, due=due, original_due_at=due.at))


def _take_supplement(dossier: Dossier, deed: _Deed) -> Dossier:
    """What was asked for and is a component of the procedure counts as handed in."""
    resumed = _resume(dossier, deed)
    given = frozenset(deed.facts["given"])
    components = tuple(
        replace(line, is_given=True, originals=max(1, line.originals)) if line.name in given else line
        for line in resumed.subject.components
    )
    return replace(resumed, subject=replace(resumed.subject, components=components))


def _pause(dossier: Dossier, deed: _Deed) -> Dossier:
    return replace(dossier, reason=deed.facts["reason"])


def _sender(custody: Custody, officer: str) -> Holder:
    """Whoever acts has had the folder in hand, even if it lay in the unit's tray."""
    unit = custody.holder.unit if custody.holder else custody.counter
    return Holder(unit, officer, is_taken=True)


def _send(dossier: Dossier, deed: _Deed) -> Dossier:
    """The folder leaves: the sender keeps the right to recall until it is taken over."""
    to = deed.facts["to"]
    sender = _sender(deed.before.custody, deed.officer)
    custody = replace(
        deed.before.custody,
        holder=Holder(to["unit"], to.get("officer") or None),
        trail=(*deed.before.custody.trail, sender),
        sent_from=sender,
        sent_state=deed.before.state,
    )
    return replace(dossier, custody=custody)


def _propose(dossier: Dossier, deed: _Deed) -> Dossier:
    sent = _send(dossier, deed)
    proposed = replace(sent.custody, proposer=sent.custody.sent_from)
    return replace(sent, custody=proposed, result=replace(dossier.result, proposal=deed.facts["proposal"]))


def _take_over(dossier: Dossier, deed: _Deed) -> Dossier:
    holder = dossier.custody.holder
    unit = holder.unit if holder else ""
    taken = Holder(unit, deed.officer, is_taken=True)
    return replace(dossier, custody=replace(dossier.custody, holder=taken, sent_from=None, sent_state=None))


def _send_back(dossier: Dossier, deed: _Deed) -> Dossier:
    *trail, last = dossier.custody.trail
    custody = replace(dossier.custody, holder=last, trail=tuple(trail), sent_from=None, sent_state=None)
    return replace(dossier, custody=custody, reason=deed.facts["reason"])


def _disapprove(dossier: Dossier, deed: _Deed) -> Dossier:
    """Back to whoever proposed, however many hands it went through since."""
    custody = dossier.custody
    proposer = custody.proposer or custody.holder  # a proposal that was erased names nobody
    trail = custody.trail
    while trail and trail[-1] != proposer:
        trail = trail[:-1]
    returned = replace(custody, holder=proposer, trail=trail[:-1], sent_from=None, sent_state=None)
    return replace(dossier, custody=returned, reason=deed.facts["reason"])


def _recall(dossier: Dossier, deed: _Deed) -> Dossier:
    custody = dossier.custody
    holder = custody.sent_from or custody.holder  # a sending that was erased names nobody
    back = replace(custody, holder=holder, trail=custody.trail[:-1], sent_from=None, sent_state=None)
    return replace(dossier, custody=back)


def _consult(dossier: Dossier, deed: _Deed) -> Dossier:
    asked = Consultation(deed.entry_id, deed.facts["unit"], deed.facts["question"], deed.officer)
    return replace(dossier, consultations=(*dossier.consultations, asked))


def _give_opinion(dossier: Dossier, deed: _Deed) -> Dossier:
    answered = tuple(
        replace(c, opinion=deed.facts["opinion"]) if c.id == deed.facts["consultation"] else c
        for c in dossier.consultations
    )
    return replace(dossier, consultations=answered)


def _extend(dossier: Dossier, deed: _Deed) -> Dossier:
    clock = replace(dossier.clock, due=due_from(deed.facts["due"]))
    return replace(dossier, clock=clock, apology_at=deed.at, reason=deed.facts["reason"])


def _correct(dossier: Dossier, deed: _Deed) -> Dossier:
    corrected = replace(dossier, subject=subject_from(deed.facts["subject"]), correction_at=deed.at)
    return _with_due(corrected, deed.facts["due"]) if deed.facts.get("due") else corrected


def _complete(dossier: Dossier, deed: _Deed) -> Dossier:
    facts = deed.facts
    custody = dossier.custody
    trail = (*custody.trail, _sender(custody, deed.officer))
    result = replace(
        dossier.result, number=facts["number"], issued_on=facts["issued_on"], title=facts.get("title", "")
    )
    back = replace(custody, holder=Holder(custody.counter), trail=trail, sent_from=None, sent_state=None)
    return replace(dossier, custody=back, result=result)


def _hand_out(dossier: Dossier, deed: _Deed) -> Dossier:
    result = replace(dossier.result, recipient=deed.facts["recipient"], handed_out_at=deed.at)
    return replace(dossier, result=result)


def _pay(dossier: Dossier, deed: _Deed, sign: int) -> Dossier:
    facts = deed.facts
    payment = Payment(
        sign * facts["amount_vnd"], facts.get("method", ""), facts.get("fee_receipt", ""), deed.at
    )
    return replace(dossier, payments=(*dossier.payments, payment))


def _collect(dossier: Dossier, deed: _Deed) -> Dossier:
    return _pay(dossier, deed, 1)


def _refund(dossier: Dossier, deed: _Deed) -> Dossier:
    return _pay(dossier, deed, -1)


def _attach(dossier: Dossier, deed: _Deed) -> Dossier:
    return replace(dossier, papers=_with_papers(dossier, deed, deed.facts["papers"]))


def _detach(dossier: Dossier, deed: _Deed) -> Dossier:
    hidden = tuple(
        replace(paper, is_hidden=True) if paper.sha256 == deed.facts["sha256"] else paper
        for paper in dossier.papers
    )
    return replace(dossier, papers=hidden)


def _print_paper(dossier: Dossier, deed: _Deed) -> Dossier:
    form = deed.facts["form"]
    number = 1 + sum(1 for printed in dossier.printed if printed.form == form)
    replaces = deed.facts.get("replaces_at")
    printed = Printed(form, number, deed.at, from_wire(replaces) if replaces else None)
    return replace(dossier, printed=(*dossier.printed, printed))


def _end(dossier: Dossier, deed: _Deed) -> Dossier:
    return replace(dossier, reason=deed.facts["reason"])


_EFFECTS: Mapping[Act, Callable[[Dossier, _Deed], Dossier]] = {
    Act.SUBMIT: _intake,
    Act.RECEIVE: _intake,
    Act.REFUSE: _refuse,
    Act.REQUEST_SUPPLEMENT: _request_supplement,
    Act.TAKE_SUPPLEMENT: _take_supplement,
    Act.FORWARD: _send,
    Act.TAKE_OVER: _take_over,
    Act.SEND_BACK: _send_back,
    Act.RECALL: _recall,
    Act.CONSULT: _consult,
    Act.GIVE_OPINION: _give_opinion,
    Act.PROPOSE: _propose,
    Act.APPROVE: _send,
    Act.DISAPPROVE: _disapprove,
    Act.SIGN: _send,
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.STOP: _end,
    Act.EXTEND: _extend,
    Act.WITHDRAW: _end,
    Act.CORRECT: _correct,
    Act.COMPLETE: _complete,
    Act.HAND_OUT: _hand_out,
    Act.COLLECT: _collect,
    Act.REFUND: _refund,
    Act.ATTACH: _attach,
    Act.DETACH: _detach,
    Act.PRINT_PAPER: _print_paper,
}
