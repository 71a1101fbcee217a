"""What each act writes into the dossier: one function a row of the table.

Each takes the dossier with its new state and clock, and the deed; it gives the dossier after
it. Facts of another shape end in AttributeError, KeyError, TypeError or ValueError; the fold
sets such an entry aside.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from onestop.domain.acts import Act
from onestop.domain.dossier import (
    Agencies,
    ApologyDraft,
    Clock,
    Consultation,
    Custody,
    Dossier,
    Holder,
    Paper,
    Party,
    Payment,
    Printed,
    ProcedureRef,
    Subject,
    due_from,
    subject_from,
)
from onestop.domain.entry import Header
from onestop.domain.moment import from_wire

Facts = Mapping[str, Any]


class Deed:
    """One entry at work: the dossier before it, who, when and the facts.

    `keeper`: in whose name the folder is held: a stand-in takes and sends it for the one who is away.
    """

    __slots__ = ("at", "before", "entry_id", "facts", "keeper", "officer")

    def __init__(self, before: Dossier, header: Header, entry_id: str, at: datetime, facts: Facts) -> None:
        self.before = before
        self.officer = header.officer
        self.entry_id = entry_id
        self.at = at
        self.facts = facts
        self.keeper: str = facts.get("on_behalf_of") or header.officer


def _intake(dossier: Dossier, deed: Deed) -> Dossier:
    facts = deed.facts
    subject = subject_from(facts)
    unit = facts["counter"]
    holder = Holder(unit, deed.keeper, is_taken=True)
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


def _refuse(dossier: Dossier, deed: Deed) -> Dossier:
    if "procedure" in deed.facts:
        return _intake(dossier, deed)
    return replace(dossier, reason=deed.facts["reason"])


def _with_due(dossier: Dossier, plain: Facts) -> Dossier:
    due = due_from(plain)
    original = dossier.clock.original_due_at or due.at
    return replace(dossier, clock=replace(dossier.clock, due=due, original_due_at=original))


def _with_papers(dossier: Dossier, deed: Deed, plain: Iterable[Facts]) -> tuple[Paper, ...]:
    added = tuple(
        Paper(p["sha256"], p["title"], p["mime"], p["length"], p.get("component_no"), deed.at, deed.officer)
        for p in plain
    )
    return (*dossier.papers, *added)


def _request_supplement(dossier: Dossier, deed: Deed) -> Dossier:
    return replace(
        dossier,
        missing=tuple(deed.facts["missing"]),
        reason=deed.facts["reason"],
        supplement_rounds=dossier.supplement_rounds + 1,
    )


def _resume(dossier: Dossier, deed: Deed) -> Dossier:
    facts = deed.facts
    resumed = replace(dossier, missing=(), papers=_with_papers(dossier, deed, facts.get("papers", ())))
    if not facts.get("due"):
        return resumed
    # The law measures lateness against the time given; pauses are not the office's time.
    due = due_from(facts["due"])
    return replace(resumed, clock=replace(resumed.clock, due=due, original_due_at=due.at))


def _take_supplement(dossier: Dossier, deed: Deed) -> Dossier:
    """What was asked for and is a component of the procedure counts as handed in."""
    resumed = _resume(dossier, deed)
    given = frozenset(deed.facts["given"])
    components = tuple(
        replace(line, is_given=True, originals=max(1, line.originals)) if line.name in given else line
        for line in resumed.subject.components
    )
    return replace(resumed, subject=replace(resumed.subject, components=components))


def _pause(dossier: Dossier, deed: Deed) -> Dossier:
    return replace(dossier, reason=deed.facts["reason"])


def _sender(custody: Custody, officer: str) -> Holder:
    """Whoever acts has had the folder in hand, even if it lay in the unit's tray."""
    unit = custody.holder.unit if custody.holder else custody.counter
    return Holder(unit, officer, is_taken=True)


def _send(dossier: Dossier, deed: Deed) -> Dossier:
    """The folder leaves: the sender keeps the right to recall until it is taken over."""
    to = deed.facts["to"]
    sender = _sender(deed.before.custody, deed.keeper)
    custody = replace(
        deed.before.custody,
        holder=Holder(to["unit"], to.get("officer") or None),
        trail=(*deed.before.custody.trail, sender),
        sent_from=sender,
        sent_state=deed.before.state,
    )
    return replace(dossier, custody=custody)


def _propose(dossier: Dossier, deed: Deed) -> Dossier:
    sent = _send(dossier, deed)
    proposed = replace(sent.custody, proposer=sent.custody.sent_from)
    return replace(sent, custody=proposed, result=replace(dossier.result, proposal=deed.facts["proposal"]))


def _take_over(dossier: Dossier, deed: Deed) -> Dossier:
    holder = dossier.custody.holder
    unit = holder.unit if holder else ""
    taken = Holder(unit, deed.keeper, is_taken=True)
    return replace(dossier, custody=replace(dossier.custody, holder=taken, sent_from=None, sent_state=None))


def _send_back(dossier: Dossier, deed: Deed) -> Dossier:
    *trail, last = dossier.custody.trail
    custody = replace(dossier.custody, holder=last, trail=tuple(trail), sent_from=None, sent_state=None)
    return replace(dossier, custody=custody, reason=deed.facts["reason"])


def _disapprove(dossier: Dossier, deed: Deed) -> Dossier:
    """Back to whoever proposed, however many hands it went through since."""
    custody = dossier.custody
    proposer = custody.proposer or custody.holder  # a proposal that was erased names nobody
    trail = custody.trail
    while trail and trail[-1] != proposer:
        trail = trail[:-1]
    returned = replace(custody, holder=proposer, trail=trail[:-1], sent_from=None, sent_state=None)
    return replace(dossier, custody=returned, reason=deed.facts["reason"])


def _recall(dossier: Dossier, deed: Deed) -> Dossier:
    custody = dossier.custody
    holder = custody.sent_from or custody.holder  # a sending that was erased names nobody
    back = replace(
        custody,
        holder=holder,
        trail=custody.trail[:-1],
        sent_from=None,
        sent_state=None,
        in_transit_to="",
    )
    return replace(dossier, custody=back)


def _transfer_out(dossier: Dossier, deed: Deed) -> Dossier:
    """On the way to another agency: nobody's folder until that agency takes it in."""
    before = deed.before.custody
    sender = _sender(before, deed.keeper)
    custody = replace(
        before,
        holder=None,
        trail=(*before.trail, sender),
        sent_from=sender,
        sent_state=deed.before.state,
        in_transit_to=deed.facts["to_agency"]["code"],
    )
    return _with_competent(replace(dossier, custody=custody, reason=deed.facts["reason"]), deed.facts)


def _with_competent(dossier: Dossier, facts: Facts) -> Dossier:
    """Nơi tiếp nhận stays who it was, whoever decides (NĐ 118/2025, Điều 14)."""
    if facts.get("role") != "competent":
        return dossier
    agencies = replace(dossier.subject.agencies, competent=facts["to_agency"]["code"])
    return replace(dossier, subject=replace(dossier.subject, agencies=agencies))


def stub_of(dossier: Dossier, deed: Deed) -> Dossier:
    """What a transfer slip alone tells of a dossier whose journal is at another agency."""
    facts = deed.facts
    owner = Party(**facts["owner"])
    subject = Subject(
        procedure=ProcedureRef(**facts["procedure"]),
        owner=owner,
        submitter=owner,
        agencies=Agencies(receiving=facts["receiving"]),
    )
    known = replace(
        dossier,
        code=facts["code"],
        subject=subject,
        clock=Clock(received_at=from_wire(facts["received_at"])),
        custody=Custody(in_transit_to=facts["to_agency"]["code"]),
        reason=facts["reason"],
    )
    dated = _with_due(known, facts["due"]) if facts.get("due") else known
    if facts.get("original_due_at"):
        clock = replace(dated.clock, original_due_at=from_wire(facts["original_due_at"]))
        dated = replace(dated, clock=clock)
    return _with_competent(dated, facts)


def _transfer_in(dossier: Dossier, deed: Deed) -> Dossier:
    """The other agency has it: its counter, its officer; the way there is kept."""
    agency, counter = deed.facts["agency"], deed.facts["counter"]
    custody = Custody(
        holder=Holder(counter, deed.keeper, is_taken=True),
        counter=counter,
        agency=agency,
        agencies_way=(*dossier.custody.agencies_way, (agency, deed.at)),
    )
    return replace(dossier, custody=custody)


def _names(facts: Facts) -> tuple[str, ...]:
    names = facts["entries"]
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise TypeError("entries holds no ids")
    return tuple(dict.fromkeys(names))


def _without(ids: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in ids if each not in names)


def _ratify(dossier: Dossier, deed: Deed) -> Dossier:
    names = _names(deed.facts)
    return replace(
        dossier,
        conflicts=_without(dossier.conflicts, names),
        ratified=(*_without(dossier.ratified, names), *names),
        voided=_without(dossier.voided, names),
    )


def _void(dossier: Dossier, deed: Deed) -> Dossier:
    names = _names(deed.facts)
    return replace(
        dossier,
        conflicts=_without(dossier.conflicts, names),
        ratified=_without(dossier.ratified, names),
        voided=(*_without(dossier.voided, names), *names),
        aside=_without(dossier.aside, names),
    )


def _erase(dossier: Dossier, deed: Deed) -> Dossier:
    """A code is no personal data: paper and register still name it when the intake is erased."""
    _names(deed.facts)
    return replace(dossier, code=dossier.code or deed.facts.get("code", ""))


def _consult(dossier: Dossier, deed: Deed) -> Dossier:
    asked = Consultation(deed.entry_id, deed.facts["unit"], deed.facts["question"], deed.officer)
    return replace(dossier, consultations=(*dossier.consultations, asked))


def _give_opinion(dossier: Dossier, deed: Deed) -> Dossier:
    answered = tuple(
        replace(c, opinion=deed.facts["opinion"]) if c.id == deed.facts["consultation"] else c
        for c in dossier.consultations
    )
    return replace(dossier, consultations=answered)


def _draft_apology(dossier: Dossier, deed: Deed) -> Dossier:
    draft = ApologyDraft(due_from(deed.facts["due"]).at, deed.facts["reason"], deed.officer, deed.at)
    return replace(dossier, apology_draft=draft)


def _extend(dossier: Dossier, deed: Deed) -> Dossier:
    clock, reason = replace(dossier.clock, due=due_from(deed.facts["due"])), deed.facts["reason"]
    return replace(dossier, clock=clock, apology_at=deed.at, apology_draft=None, reason=reason)


def _recompute(dossier: Dossier, deed: Deed) -> Dossier:
    """Only the date it was computed from: one that came meanwhile from another desk (a pause
    that ended there) stays, and the next recomputation finds it."""
    facts, clock = deed.facts, dossier.clock
    former = facts.get("due_before")
    if former and clock.due.at and from_wire(former) != clock.due.at:
        return dossier
    due, original = due_from(facts["due"]), clock.original_due_at
    if facts.get("original_due_at"):
        original = from_wire(facts["original_due_at"])
    elif original == clock.due.at:
        original = due.at
    return replace(dossier, clock=replace(clock, due=due, original_due_at=original))


def _correct(dossier: Dossier, deed: Deed) -> Dossier:
    corrected = replace(dossier, subject=subject_from(deed.facts["subject"]), correction_at=deed.at)
    return _with_due(corrected, deed.facts["due"]) if deed.facts.get("due") else corrected


def _complete(dossier: Dossier, deed: Deed) -> Dossier:
    facts = deed.facts
    custody = dossier.custody
    trail = (*custody.trail, _sender(custody, deed.keeper))
    result = replace(
        dossier.result, number=facts["number"], issued_on=facts["issued_on"], title=facts.get("title", "")
    )
    back = replace(custody, holder=Holder(custody.counter), trail=trail, sent_from=None, sent_state=None)
    return replace(dossier, custody=back, result=result)


def _hand_out(dossier: Dossier, deed: Deed) -> Dossier:
    result = replace(dossier.result, recipient=deed.facts["recipient"], handed_out_at=deed.at)
    return replace(dossier, result=result)


def _pay(dossier: Dossier, deed: Deed, sign: int) -> Dossier:
    facts = deed.facts
    payment = Payment(
        sign * facts["amount_vnd"], facts.get("method", ""), facts.get("fee_receipt", ""), deed.at
    )
    return replace(dossier, payments=(*dossier.payments, payment))


def _collect(dossier: Dossier, deed: Deed) -> Dossier:
    return _pay(dossier, deed, 1)


def _refund(dossier: Dossier, deed: Deed) -> Dossier:
    return _pay(dossier, deed, -1)


def _attach(dossier: Dossier, deed: Deed) -> Dossier:
    return replace(dossier, papers=_with_papers(dossier, deed, deed.facts["papers"]))


def _detach(dossier: Dossier, deed: Deed) -> Dossier:
    hidden = tuple(
        replace(paper, is_hidden=True) if paper.sha256 == deed.facts["sha256"] else paper
        for paper in dossier.papers
    )
    return replace(dossier, papers=hidden)


def _print_paper(dossier: Dossier, deed: Deed) -> Dossier:
    form = deed.facts["form"]
    number = 1 + sum(1 for printed in dossier.printed if printed.form == form)
    replaces = deed.facts.get("replaces_at")
    printed = Printed(
        form,
        number,
        deed.at,
        from_wire(replaces) if replaces else None,
        copies=deed.facts.get("copies", 1),
        entry=deed.entry_id,
    )
    return replace(dossier, printed=(*dossier.printed, printed))


def _void_paper(dossier: Dossier, deed: Deed) -> Dossier:
    """Two desks may void one paper before they hear of each other: the first stands."""
    voided, reason = deed.facts["printed"], deed.facts["reason"]
    printed = tuple(
        replace(one, voided_at=deed.at, voided_why=reason)
        if one.entry == voided and one.voided_at is None
        else one
        for one in dossier.printed
    )
    return replace(dossier, printed=printed)


def _end(dossier: Dossier, deed: Deed) -> Dossier:
    return replace(dossier, reason=deed.facts["reason"])


EFFECTS: Mapping[Act, Callable[[Dossier, Deed], Dossier]] = {
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
    Act.DRAFT_APOLOGY: _draft_apology,
    Act.EXTEND: _extend,
    Act.RECOMPUTE: _recompute,
    Act.WITHDRAW: _end,
    Act.CORRECT: _correct,
    Act.COMPLETE: _complete,
    Act.HAND_OUT: _hand_out,
    Act.COLLECT: _collect,
    Act.REFUND: _refund,
    Act.ATTACH: _attach,
    Act.DETACH: _detach,
    Act.PRINT_PAPER: _print_paper,
    Act.VOID_PAPER: _void_paper,
    Act.TRANSFER_OUT: _transfer_out,
    Act.TRANSFER_IN: _transfer_in,
    Act.RATIFY: _ratify,
    Act.VOID: _void,
    Act.ERASE: _erase,
}
