"""The fold is total: erased, unknown, doubled or senseless entries move it or are set aside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.acts import RULES, STATES, Act
from onestop.domain.dossier import (
    Agencies,
    ComponentLine,
    Dossier,
    Fee,
    Holder,
    Party,
    ProcedureRef,
    State,
    Subject,
    subject_from,
    subject_plain,
)
from onestop.domain.entry import Entry, Header
from onestop.domain.fold import Verdict, apply, fold
from onestop.domain.moment import from_wire
from onestop.domain.work import search_words
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.store.journal import read_dossier, read_journal
from onestop.store.projection import row_of
from tests.office_desk import HEAD, OTHER_SPECIALIST, OTHER_UNIT, RECEPTION, SPECIALIST, UNIT, reach, seated

Journal = list[tuple[Entry, Verdict]]


class Journals(dict[State, Journal]):
    """A journal for every state; said in one word when a test fails."""

    def __repr__(self) -> str:
        return "journals"


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Journals:
    """A real journal for every state."""
    with seated(tmp_path_factory.mktemp("fold")) as seat:
        ids = {state: reach(seat, state) for state in State}
        with seat.store.read() as connection:
            return Journals({state: read_journal(connection, ident) for state, ident in ids.items()})


def header(kind: str, at: str = "2026-11-25T02:00:00.000Z", **changes: Any) -> Header:
    plain = Header(
        device="desk",
        incarnation="0",
        seq=1,
        prev=None,
        dossier="d",
        parents=(),
        kind=kind,
        officer="u-tuyet",
        grant="g",
        policy=1,
        at=at,
        mono=("", 0),
        body_hash="",
        body_length=0,
    )
    return replace(plain, **changes)


def folded(journal: Journal) -> Dossier:
    dossier = fold(journal)
    assert dossier is not None
    return dossier


# ---- erased bodies --------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_a_journal_whose_bodies_were_all_erased_still_ends_in_its_state(
    journals: Journals, state: State
) -> None:
    erased = [(replace(e, body=None, salt=None), v) for e, v in journals[state]]
    dossier = folded(erased)
    # The ground of a pause is in the body: without it a pause is a plain one.
    assert dossier.state is (State.PAUSED if state is State.AWAITING_PAYMENT else state)
    assert dossier.count == len(erased)
    assert not dossier.conflicts
    assert row_of(dossier)["state"] == dossier.state.value


@pytest.mark.parametrize("state", State)
def test_any_one_erased_body_is_survived(journals: Journals, state: State) -> None:
    journal = journals[state]
    for place in range(1, len(journal)):
        entry, verdict = journal[place]
        erased = [*journal[:place], (replace(entry, body=None), verdict), *journal[place + 1 :]]
        dossier = folded(erased)
        assert dossier.count == len(journal)
        assert (dossier.holder is None) == bool(dossier.in_transit_to)
        assert dossier.code


@pytest.mark.parametrize("act", Act)
def test_every_act_takes_an_erased_body_from_every_state(journals: Journals, act: Act) -> None:
    for journal in journals.values():
        before = folded(journal)
        after = apply(before, header(act.value), "e", None)
        assert after is not None
        assert after.count == before.count + 1
        is_legal = before.state in RULES[act].froms
        assert after.conflicts == (() if is_legal else ("e",))


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.RECEIVE, Act.REFUSE])
def test_a_start_without_a_body_has_a_state_and_a_clock(act: Act) -> None:
    dossier = apply(None, header(act.value), "e", None)
    assert dossier is not None
    assert dossier.state is RULES[act].to
    assert (dossier.received_at is not None) == (act is Act.RECEIVE)


# ---- verdicts -------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [Verdict.HELD, Verdict.QUARANTINED])
@pytest.mark.parametrize("act", Act)
def test_held_and_quarantined_entries_do_nothing(journals: Journals, act: Act, verdict: Verdict) -> None:
    before = folded(journals[State.PROCESSING])
    after = apply(before, header(act.value), "e", {}, verdict)
    assert before is not None
    assert after == replace(before, aside=("e",) if verdict is Verdict.QUARANTINED else ())
    assert apply(None, header(act.value), "e", {}, verdict) is None


@pytest.mark.parametrize("act", Act)
def test_a_flagged_decision_has_no_effect_a_flagged_fact_has_and_both_wait(
    journals: Journals, act: Act
) -> None:
    decisions = {Act.REFUSE, Act.APPROVE, Act.DISAPPROVE, Act.SIGN, Act.STOP, Act.EXTEND}
    decisions |= {Act.RATIFY, Act.VOID, Act.ERASE}
    assert RULES[act].is_decision == (act in decisions)
    for journal in journals.values():
        before = folded(journal)
        if before.state not in RULES[act].froms:
            continue
        after = apply(before, header(act.value), "e", None, Verdict.FLAGGED)
        accepted = apply(before, header(act.value), "e", None)
        assert after is not None
        assert accepted is not None
        assert after.conflicts == ("e",)
        if act in decisions:
            assert after.state is before.state
        else:
            assert replace(after, conflicts=()) == accepted


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.RECEIVE, Act.REFUSE])
def test_a_flagged_start_counts_and_waits(act: Act) -> None:
    dossier = apply(None, header(act.value), "e", None, Verdict.FLAGGED)
    assert dossier is not None
    assert dossier.state is RULES[act].to
    assert dossier.conflicts == ("e",)


# ---- unknown kinds --------------------------------------------------------------------


def test_an_unknown_critical_kind_makes_the_dossier_read_only_and_no_more(
    journals: Journals,
) -> None:
    before = folded(journals[State.PROCESSING])
    after = apply(before, header("lend_out", is_critical=True), "e", {"anything": 1})
    assert after is not None
    assert after.is_read_only
    assert replace(after, is_read_only=False, heads=before.heads, count=before.count) == before


def test_an_unknown_harmless_kind_is_passed_over(journals: Journals) -> None:
    before = folded(journals[State.PROCESSING])
    after = apply(before, header("view", is_critical=False), "e", None)
    assert after is not None
    assert not after.is_read_only
    assert not after.conflicts
    later = apply(after, header("lend_out"), "f", None)
    again = apply(later, header("view", is_critical=False), "g", None)
    assert again is not None
    assert again.is_read_only


def test_a_journal_that_begins_with_an_unknown_kind(journals: Journals) -> None:
    critical = apply(None, header("lend_out"), "e", None)
    harmless = apply(None, header("view", is_critical=False), "e", None)
    assert critical is not None
    assert harmless is not None
    assert critical.is_read_only
    assert not harmless.is_read_only
    assert critical.conflicts == harmless.conflicts == ("e",)


# ---- entries that came too late -------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_a_journal_said_twice_changes_nothing_but_its_conflicts(journals: Journals, state: State) -> None:
    first = folded(journals[state])
    for entry, verdict in journals[state]:
        rule = RULES[Act(entry.header.kind)]
        if first.state in rule.froms:
            continue
        again = apply(first, entry.header, entry.id, entry.facts(), verdict)
        assert again is not None
        assert again.conflicts == (entry.id,)
        assert replace(again, conflicts=(), count=first.count, heads=first.heads) == first


def test_two_decisions_of_two_desks_leave_one_result_and_one_conflict(
    journals: Journals,
) -> None:
    proposed = folded(journals[State.PROPOSED])
    approved = apply(proposed, header("approve"), "a", {"to": {"unit": "lanh-dao", "officer": ""}})
    both = apply(approved, header("approve"), "b", {"to": {"unit": "kinh-te", "officer": ""}})
    assert both is not None
    assert both.state is State.APPROVED
    assert both.holder == Holder("lanh-dao")
    assert both.conflicts == ("b",)


def test_heads_are_the_entries_nobody_builds_on_yet(journals: Journals) -> None:
    before = folded(journals[State.PROCESSING])
    head = before.heads[0]
    one = apply(before, header("add_note", parents=(head,)), "x", {"text": "a"})
    fork = apply(one, header("add_note", parents=(head,)), "y", {"text": "b"})
    assert fork is not None
    assert fork.heads == ("x", "y")
    joined = apply(fork, header("add_note", parents=("x", "y")), "z", {"text": "c"})
    assert joined is not None
    assert joined.heads == ("z",)


# ---- rubbish --------------------------------------------------------------------------

rubbish = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10**6) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FACTS = sorted({fact for rule in RULES.values() for fact in rule.needs} | {"papers", "counter", "due"})
SUBJECT = sorted(asdict(Dossier("", "", State.SUBMITTED, *[None] * 3)).keys() | {"owner", "fees", "sets"})  # type: ignore[arg-type]  # only the names are wanted
garbage = st.dictionaries(st.sampled_from([*FACTS, *SUBJECT]), rubbish, max_size=12) | rubbish


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(State), st.sampled_from(Act), garbage, st.sampled_from(Verdict))
def test_no_body_makes_the_fold_raise(
    journals: Journals, state: State, act: Act, body: Any, verdict: Verdict
) -> None:
    before = folded(journals[state])
    for dossier in (before, None):
        after = apply(dossier, header(act.value), "e", body, verdict)
        _can_be_shown(after)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(State), st.integers(0, 20), st.integers(0, 40), rubbish)
def test_one_false_value_in_a_real_body_is_a_conflict_or_a_dossier(
    journals: Journals, state: State, entry_no: int, fact_no: int, value: Any
) -> None:
    journal = journals[state]
    place = entry_no % len(journal)
    entry, _ = journal[place]
    facts = entry.facts()
    assert facts is not None
    names = sorted(facts) or ["x"]
    after = apply(fold(journal[:place]), entry.header, entry.id, facts | {names[fact_no % len(names)]: value})
    _can_be_shown(after)


@given(st.text(max_size=12), st.text(max_size=24), st.booleans())
def test_any_kind_and_any_time_is_survived(kind: str, at: str, is_critical: bool) -> None:
    for text in (at, "2026-11-20T01:12:05.123Z"):
        started = apply(None, header(kind, at=text, is_critical=is_critical), "e", {})
        _can_be_shown(started)
        _can_be_shown(apply(None, header("receive", at=text), "e", None))


def _can_be_shown(dossier: Dossier | None) -> None:
    """Whatever the fold gives can be a row and can be searched: a pull never stops for it."""
    if dossier is None:
        return
    row = row_of(dossier)
    assert isinstance(row["code"], str)
    assert isinstance(search_words(dossier), str)
    assert dossier.state in STATES


# ---- the folder's way -----------------------------------------------------------------


@contextmanager
def _processing(folder: Path) -> Iterator[tuple[Any, str]]:
    with seated(folder) as seat:
        yield seat, reach(seat, State.PROCESSING)


def test_the_holder_follows_the_folder_and_back(tmp_path: Path) -> None:
    with _processing(tmp_path) as (seat, ident):
        deeds.forward(seat.as_(SPECIALIST), ident, Target(OTHER_UNIT))
        done = deeds.take_over(seat.as_(OTHER_SPECIALIST), ident)
        assert done.dossier.holder == Holder(OTHER_UNIT, OTHER_SPECIALIST, is_taken=True)
        done = deeds.send_back(seat.as_(OTHER_SPECIALIST), ident, "Không thuộc phòng")
        assert done.dossier.holder == Holder(UNIT, SPECIALIST, is_taken=True)
        done = deeds.send_back(seat.as_(SPECIALIST), ident, "Thiếu tờ khai")
        assert done.dossier.holder == Holder("pvhcc", RECEPTION, is_taken=True)


def test_a_recall_undoes_the_sending(tmp_path: Path) -> None:
    with _processing(tmp_path) as (seat, ident):
        before = deeds.find_dossier(seat.office, ident)
        deeds.propose(seat.as_(SPECIALIST), ident, "Đủ điều kiện", Target(UNIT, HEAD))
        after = deeds.recall(seat.as_(SPECIALIST), ident, "Nhầm người").dossier
        assert after.state is before.state
        assert after.holder == before.holder
        assert after.custody.trail == before.custody.trail


def test_a_disapproval_goes_to_whoever_proposed_however_many_hands_since(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        ident = reach(seat, State.APPROVED)
        after = deeds.disapprove(seat.as_("u-thang"), ident, "Sai căn cứ").dossier
        assert after.state is State.PROCESSING
        assert after.holder == Holder(UNIT, SPECIALIST, is_taken=True)
        assert [hand.officer for hand in after.custody.trail] == [RECEPTION]


def test_read_dossier_is_the_fold_of_read_journal(tmp_path: Path) -> None:
    with _processing(tmp_path) as (seat, ident), seat.store.read() as connection:
        journal = read_journal(connection, ident)
        assert read_dossier(connection, ident) == fold(journal)
        assert [from_wire(e.header.at) for e, _ in journal] == sorted(
            from_wire(e.header.at) for e, _ in journal
        )


def test_a_subject_goes_through_its_plain_form_unchanged() -> None:
    """Field for field: what `subject_plain` forgets would be lost in the journal."""
    party = Party(name="Đặng Thị Đức", id_number="038188004217", born_on="1988", sex="nữ", phone="0912000101")
    subject = Subject(
        procedure=ProcedureRef("1.001193", "Đăng ký khai sinh", "Hộ tịch", "1", "Giấy khai sinh"),
        owner=party,
        submitter=party,
        delegate=party,
        content="Nội dung",
        components=(ComponentLine(1, "Tờ khai", "submit", True, True, 1, 2, 3, "ghi chú"),),
        sets=2,
        fees=(Fee("levy", "Lệ phí", 8000, "TT 281/2016"),),
        channel="post",
        agencies=Agencies("A", "B", "C"),
        note="x",
    )
    assert subject_from(subject_plain(subject)) == subject
    assert subject_plain(subject) == asdict(subject) | {
        "components": [asdict(line) for line in subject.components],
        "fees": [asdict(fee) for fee in subject.fees],
    }
