"""What persons say of entries that are already there: ratified, voided, erased; any order, any verdict."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.acts import REFOLDS, Act
from onestop.domain.dossier import Dossier, State
from onestop.domain.entry import Entry, canonical
from onestop.domain.fold import Verdict, apply, fold, unfold
from onestop.domain.settle import NOTHING, Standing, facts_of, settle
from onestop.domain.work import search_words
from onestop.errors import InputError, RuleError
from onestop.office import deeds
from onestop.store.journal import read_journal
from onestop.store.projection import row_of
from onestop.store.tables import entries
from tests.office_desk import HEAD, LEADER, SPECIALIST, Seat, reach, seated
from tests.test_fold import Journals, folded, header, journals

__all__ = ["journals"]  # the fixture of the fold's own tests

Journal = list[tuple[Entry, Verdict]]
ASIDE = (Verdict.HELD, Verdict.QUARANTINED)


def made(kind: str, ident: str, facts: object = None) -> Entry:
    body = None if facts is None else canonical(facts)
    return Entry(ident, header(kind), b"", b"", body, b"")


def said(act: Act, ident: str, *names: str) -> Entry:
    return made(act.value, ident, {"entries": list(names), "reason": "Đã kiểm tra"})


# ---- one word after another -------------------------------------------------------------


def flagged_approval(journals: Journals) -> Journal:
    to = {"to": {"unit": "lanh-dao", "officer": "u-thang"}}
    return [*journals[State.PROPOSED], (made("approve", "a", to), Verdict.FLAGGED)]


def accepted(*said_later: Entry) -> Journal:
    return [(entry, Verdict.ACCEPTED) for entry in said_later]


def test_a_flagged_decision_takes_effect_at_its_own_place_once_ratified(journals: Journals) -> None:
    waiting = folded(flagged_approval(journals))
    assert (waiting.state, waiting.conflicts) == (State.PROPOSED, ("a",))
    sign = made("sign", "s", {"to": {"unit": "van-phong", "officer": "u-lan"}})
    built = [*flagged_approval(journals), (sign, Verdict.ACCEPTED)]
    assert folded(built).conflicts == ("a", "s")
    settled = folded(built + accepted(said(Act.RATIFY, "r", "a")))
    assert (settled.state, settled.conflicts, settled.ratified) == (State.SIGNED, (), ("a",))
    assert settled.count == len(built) + 1


def test_what_is_voided_stands_in_the_journal_and_does_nothing(journals: Journals) -> None:
    journal = flagged_approval(journals) + accepted(said(Act.VOID, "v", "a"))
    settled = folded(journal)
    assert (settled.state, settled.conflicts, settled.voided) == (State.PROPOSED, (), ("a",))
    assert settled.count == len(journal)
    assert "a" in settled.heads


def test_a_voided_fact_is_undone_with_all_that_stood_on_it(journals: Journals) -> None:
    processing = [*journals[State.PROCESSING]]
    forward, take_over = processing[-2][0], processing[-1][0]
    forward_flagged = [*processing[:-2], (forward, Verdict.FLAGGED), processing[-1]]
    assert folded(forward_flagged).state is State.PROCESSING
    assert folded(forward_flagged).conflicts == (forward.id,)
    void = folded(forward_flagged + accepted(said(Act.VOID, "v", forward.id)))
    assert void.state is State.RECEIVED
    assert void.holder == folded([*processing[:-2], (take_over, Verdict.ACCEPTED)]).holder


def test_the_last_word_wins(journals: Journals) -> None:
    words = accepted(said(Act.VOID, "v", "a"), said(Act.RATIFY, "r", "a"))
    assert folded(flagged_approval(journals) + words).state is State.APPROVED
    assert folded(flagged_approval(journals) + words).ratified == ("a",)
    back = folded(flagged_approval(journals) + words[::-1])
    assert (back.state, back.ratified, back.voided) == (State.PROPOSED, (), ("a",))


def test_a_word_that_is_voided_was_never_said(journals: Journals) -> None:
    words = accepted(said(Act.RATIFY, "r", "a"), said(Act.VOID, "v", "r"))
    dossier = folded(flagged_approval(journals) + words)
    assert (dossier.state, dossier.conflicts) == (State.PROPOSED, ("a",))
    assert (dossier.ratified, dossier.voided) == ((), ("r",))


def test_a_flagged_word_settles_nothing_until_it_is_ratified_itself(journals: Journals) -> None:
    flagged = [*flagged_approval(journals), (said(Act.RATIFY, "r", "a"), Verdict.FLAGGED)]
    assert folded(flagged).conflicts == ("a", "r")
    assert folded(flagged).state is State.PROPOSED
    both = folded(flagged + accepted(said(Act.RATIFY, "q", "r")))
    assert (both.state, both.conflicts) == (State.APPROVED, ())


def test_nobody_speaks_of_what_comes_later_or_of_himself(journals: Journals) -> None:
    early = accepted(said(Act.RATIFY, "r", "a", "r"), said(Act.VOID, "v", "v", "a", "stranger"))
    approval = flagged_approval(journals)
    dossier = folded([*approval[:-1], *early, approval[-1]])
    assert (dossier.conflicts, dossier.ratified, dossier.voided) == (("a",), (), ())


@pytest.mark.parametrize("verdict", sorted(ASIDE))
def test_what_is_held_or_quarantined_is_not_ratified(journals: Journals, verdict: Verdict) -> None:
    """Faults of form: a broken signature does not become sound because a leader says so."""
    approval = flagged_approval(journals)
    journal = [*approval[:-1], (approval[-1][0], verdict), *accepted(said(Act.RATIFY, "r", "a"))]
    dossier = folded(journal)
    assert dossier.state is State.PROPOSED
    assert dossier.count == len(journal) - 1
    assert dossier.heads == (*folded(approval[:-1]).heads, "r")


def test_a_voided_start_leaves_a_dossier_that_still_has_its_code(journals: Journals) -> None:
    (start, _), *_ = journals[State.RECEIVED]
    dossier = folded([(start, Verdict.FLAGGED), *accepted(said(Act.VOID, "v", start.id))])
    assert dossier.code == folded(journals[State.RECEIVED]).code
    assert (dossier.received_at, dossier.holder, dossier.conflicts) == (None, None, ())


@pytest.mark.parametrize("act", sorted(REFOLDS))
@pytest.mark.parametrize("names", [None, "a", {"a": 1}, ["a", 1], 7, [["a"]]], ids=str)
def test_a_word_of_another_shape_is_set_aside(journals: Journals, act: Act, names: object) -> None:
    broken = made(act.value, "r", {"entries": names, "reason": "x"})
    dossier = folded(flagged_approval(journals) + accepted(broken))
    assert dossier.conflicts == ("a", "r")


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 40_000, b""])
def test_bytes_that_are_no_json_are_set_aside(journals: Journals, body: bytes) -> None:
    for kind in ("forward", *REFOLDS):
        broken = replace(made(kind, "x"), body=body)
        dossier = folded([*journals[State.PROCESSING], *accepted(broken)])
        assert dossier.conflicts == ("x",)


# ---- erased by law ----------------------------------------------------------------------


def test_an_erased_body_is_gone_for_the_fold_before_it_is_gone_from_the_disk(journals: Journals) -> None:
    journal = journals[State.COMPLETED]
    names = [entry.id for entry, _ in journal]
    facts = {"entries": names, "ground": "Điều 14", "second": "u-thang", "code": folded(journal).code}
    erase = accepted(made("erase", "e", facts))
    deleted = [(replace(entry, body=None, salt=None), verdict) for entry, verdict in journal]
    kept = folded([*journal, *erase])
    assert kept == folded(deleted + erase)
    assert kept.state is State.COMPLETED
    assert kept.code == folded(journal).code
    assert not kept.owner.name
    assert settle([*journal, *erase]).erased == frozenset(names)


def test_what_settled_something_is_never_erased(journals: Journals) -> None:
    ratified = flagged_approval(journals) + accepted(said(Act.RATIFY, "r", "a"))
    facts = {"entries": ["r"], "ground": "x", "second": "u"}
    dossier = folded(ratified + accepted(made("erase", "e", facts)))
    assert dossier.state is State.APPROVED


# ---- any order, any verdict -------------------------------------------------------------

POOL = ["receive", "forward", "approve", "stop", "add_note", "transfer_out", "transfer_in", "view"]
named = st.lists(st.integers(0, 11), max_size=4)
drawn = st.lists(
    st.tuples(st.sampled_from([*REFOLDS] * 4 + POOL), named, st.sampled_from(Verdict), st.booleans()),
    max_size=12,
)


def journal_of(journals: Journals, plan: Sequence[tuple[str, list[int], Verdict, bool]]) -> Journal:
    real = {e.header.kind: e for journal in journals.values() for e, _ in journal}
    result: Journal = []
    for place, (kind, names, verdict, has_body) in enumerate(plan):
        ident = f"e{place}"
        if kind in REFOLDS:
            entry = said(Act(kind), ident, *(f"e{n}" for n in names))
        elif kind in real:
            entry = replace(real[kind], id=ident)
        else:
            entry = made(kind, ident, {"agency": "H56.77.66", "counter": "mot-cua", "text": "a"})
        result.append((entry if has_body else replace(entry, body=None), verdict))
    return result


@settings(max_examples=1500, deadline=None)
@given(drawn)
def test_any_journal_is_a_dossier(
    journals: Journals, plan: list[tuple[str, list[int], Verdict, bool]]
) -> None:
    journal = journal_of(journals, plan)
    dossier = fold(journal)
    standing = [entry.id for entry, verdict in journal if verdict not in ASIDE]
    assert fold(tuple(journal)) == dossier
    if dossier is None:
        assert not standing
        return
    assert dossier.count == len(standing)
    assert set(dossier.heads) | set(dossier.conflicts) <= set(standing)
    assert not set(dossier.ratified) & set(dossier.voided)
    assert not set(dossier.conflicts) & {*dossier.ratified, *dossier.voided}
    assert isinstance(row_of(dossier)["code"], str)
    assert isinstance(search_words(dossier), str)
    assert [step.after for step in unfold(journal)][-1] == dossier


@settings(max_examples=1500, deadline=None)
@given(drawn)
def test_the_fates_are_those_of_the_plain_definition(
    journals: Journals, plan: list[tuple[str, list[int], Verdict, bool]]
) -> None:
    journal = journal_of(journals, plan)
    found = settle(journal)
    for place, (entry, verdict) in enumerate(journal):
        assert found.standing(entry.id, verdict) is _standing(journal, place)
    for entry, verdict in journal:
        if verdict is Verdict.FLAGGED and entry.id not in found.fates:
            dossier = folded(journal)
            assert entry.id in dossier.conflicts


def _standing(journal: Journal, place: int) -> Standing:
    """By the words of the rule: the last settlement in force that names it."""
    entry, verdict = journal[place]
    if verdict in ASIDE:
        return Standing(verdict.value)
    for later in range(len(journal) - 1, place, -1):
        word = journal[later][0]
        if word.header.kind in ("ratify", "void") and _is_in_force(journal, later):
            facts = facts_of(word)
            if facts and entry.id in facts["entries"]:
                return Standing.RATIFIED if word.header.kind == "ratify" else Standing.VOIDED
    return Standing(verdict.value)


def _is_in_force(journal: Journal, place: int) -> bool:
    return _standing(journal, place) in (Standing.ACCEPTED, Standing.RATIFIED)


@pytest.mark.parametrize("state", State)
def test_without_such_words_a_fold_is_one_entry_after_another(journals: Journals, state: State) -> None:
    dossier: Dossier | None = None
    for entry, verdict in journals[state]:
        dossier = apply(dossier, entry.header, entry.id, entry.facts(), verdict)
    assert settle(journals[state]) is NOTHING
    assert fold(journals[state]) == dossier


# ---- at the desk ------------------------------------------------------------------------


def test_two_officers_answer_for_what_is_settled(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        ident = reach(seat, State.PROPOSED)
        approval = deeds.approve(seat.as_(HEAD), ident, deeds.Target("lanh-dao", LEADER)).entry_id
        _flag(seat, approval)
        assert deeds.find_dossier(seat.office, ident).state is State.PROPOSED
        for settle_it in (deeds.ratify, deeds.void):
            with pytest.raises(RuleError, match="chính bạn"):
                settle_it(seat.as_(HEAD), ident, [approval], "Đã kiểm tra")
            with pytest.raises(RuleError, match="không có quyền"):
                settle_it(seat.as_(SPECIALIST), ident, [approval], "Đã kiểm tra")
        deeds.ratify(seat.as_(LEADER), ident, [approval], "Đã kiểm tra")
        assert deeds.find_dossier(seat.office, ident).state is State.APPROVED
        deeds.void(seat.as_(LEADER), ident, [approval], "Xem lại: sai căn cứ")
        assert deeds.find_dossier(seat.office, ident).state is State.PROPOSED


def _flag(seat: Seat, entry: str) -> None:
    """As the hub would: its verdict on this entry."""
    with seat.store.write() as connection:
        chosen = entries.update().where(entries.c.id == bytes.fromhex(entry))
        connection.execute(chosen.values(verdict="flagged"))


def test_who_may_be_the_second_officer_of_an_erasure_and_what_is_erased(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        ident = reach(seat, State.HANDED_OUT)
        with seat.store.read() as connection:
            first = read_journal(connection, ident)[0][0].id
        head = seat.as_(HEAD)
        for second in (HEAD, SPECIALIST, "u-nobody"):
            with pytest.raises(InputError) as caught:
                deeds.erase(head, ident, [first], "Hết thời hạn lưu trữ", second)
            assert caught.value.field == "second"
        done = deeds.erase(head, ident, [first], "Hết thời hạn lưu trữ", LEADER)
        assert done.dossier.state is State.HANDED_OUT
        for strange in ("0" * 64, done.entry_id):
            with pytest.raises(InputError) as caught:
                deeds.erase(head, ident, [strange], "Hết thời hạn lưu trữ", LEADER)
            assert caught.value.field == "entries"
