"""The table of acts, cell by cell, as the law and the glossary have it."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from onestop.domain.acts import FACT_WORDS, RULES, STATES, Act, Effect, HolderRule
from onestop.domain.dossier import (
    Clock,
    Consultation,
    Custody,
    Dossier,
    Holder,
    Paper,
    Payment,
    Printed,
    Role,
    State,
    Subject,
)
from onestop.domain.legality import Actor, check_act, is_legal, is_state_legal, legal_acts, next_state
from onestop.errors import InputError, RuleError
from onestop.terms import show, vi

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

SHORT = {
    "SU": State.SUBMITTED,
    "RE": State.RECEIVED,
    "RF": State.REFUSED,
    "PC": State.PROCESSING,
    "TR": State.IN_TRANSIT,
    "PP": State.PROPOSED,
    "AP": State.APPROVED,
    "SG": State.SIGNED,
    "AS": State.AWAITING_SUPPLEMENT,
    "AY": State.AWAITING_PAYMENT,
    "WD": State.WITHDRAWN,
    "PA": State.PAUSED,
    "ST": State.STOPPED,
    "CO": State.COMPLETED,
    "HO": State.HANDED_OUT,
}

# From the state of the column, the act of the row leads to: a state; = the same; < the one
# before the pause; ^ the one before it was sent; . nowhere, for it is not legal.
TABLE = """
                    SU RE RF PC TR PP AP SG AS AY WD PA ST CO HO
submit              .  .  .  .  .  .  .  .  .  .  .  .  .  .  .
receive             RE .  .  .  .  .  .  .  .  .  .  .  .  .  .
refuse              RF .  .  .  .  .  .  .  RF .  .  .  .  .  .
request_supplement  AS AS .  AS .  .  .  .  .  .  .  .  .  .  .
take_supplement     .  .  .  .  .  .  .  .  <  .  .  .  .  .  .
forward             .  PC .  PC .  .  .  .  .  .  .  .  .  .  .
take_over           .  =  .  =  .  =  =  =  =  =  .  =  .  .  .
send_back           .  .  .  PC .  PC PC PC .  .  .  .  .  .  .
recall              .  .  .  ^  ^  ^  ^  ^  .  .  .  .  .  .  .
consult             .  .  .  =  .  .  .  .  .  .  .  .  .  .  .
give_opinion        .  =  .  =  .  =  =  =  =  =  .  =  .  .  .
propose             .  .  .  PP .  .  .  .  .  .  .  .  .  .  .
approve             .  .  .  .  .  AP .  .  .  .  .  .  .  .  .
disapprove          .  .  .  .  .  PC PC .  .  .  .  .  .  .  .
sign                .  .  .  .  .  .  SG .  .  .  .  .  .  .  .
pause               .  PA .  PA .  .  .  .  .  .  .  .  .  .  .
resume              .  .  .  .  .  .  .  .  .  <  .  <  .  .  .
stop                .  ST .  ST .  ST ST ST ST ST .  ST .  .  .
draft_apology       .  =  .  =  .  .  .  .  .  .  .  .  .  .  .
extend              .  =  .  =  .  =  =  =  .  .  .  .  .  .  .
recompute           .  =  .  =  .  =  =  =  =  =  .  =  .  .  .
withdraw            WD WD .  WD .  WD .  .  WD WD .  WD .  .  .
correct             =  =  .  =  .  =  =  =  =  =  .  =  .  .  .
complete            .  .  .  .  .  .  .  CO .  .  .  .  .  .  .
hand_out            .  .  .  .  .  .  .  .  .  .  .  .  .  HO .
collect             =  =  .  =  .  =  =  =  =  =  .  =  .  =  .
refund              =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
add_note            =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
attach              =  =  .  =  .  =  =  =  =  =  .  =  .  =  .
detach              =  =  .  =  .  =  .  .  =  =  .  =  .  .  .
print_paper         =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
void_paper          =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
transfer_out        .  TR .  TR .  .  .  .  .  .  .  .  .  .  .
transfer_in         .  .  .  .  PC .  .  .  .  .  .  .  .  .  .
ratify              =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
void                =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
erase               =  =  =  =  =  =  =  =  =  =  =  =  =  =  =
"""


def _cells() -> list[tuple[Act, State, str]]:
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return [
        (Act(row[0]), SHORT[name], cell) for row in rows for name, cell in zip(head, row[1:], strict=True)
    ]


CELLS = _cells()

# Who may, by role: R reception, S specialist, H head, L leader, C clerk, K cashier, A admin.
LETTERS = {
    "R": Role.RECEPTION,
    "S": Role.SPECIALIST,
    "H": Role.HEAD,
    "L": Role.LEADER,
    "C": Role.CLERK,
    "K": Role.CASHIER,
    "A": Role.ADMIN,
}
WHO = {
    "submit": "R anyone",
    "receive": "R counter",
    "refuse": "R counter",
    "request_supplement": "RSH holder",
    "take_supplement": "R counter",
    "forward": "RSHLC holder",
    "take_over": "RSHLC addressed",
    "send_back": "RSHLC addressed",
    "recall": "RSHLC sender",
    "consult": "SHL holder",
    "give_opinion": "SHL anyone",
    "propose": "SH holder",
    "approve": "HL addressed",
    "disapprove": "HL addressed",
    "sign": "L addressed",
    "pause": "SHL holder",
    "resume": "SHL holder",
    "stop": "HL anyone",
    "draft_apology": "RS holder",
    "extend": "HL anyone",
    "recompute": "A anyone",
    "withdraw": "R counter",
    "correct": "R counter",
    "complete": "C addressed",
    "hand_out": "R counter",
    "collect": "RK anyone",
    "refund": "K anyone",
    "add_note": "RSHLCKA anyone",
    "attach": "RSHLC anyone",
    "detach": "RSHLC holder",
    "print_paper": "RSHLCKA anyone",
    "void_paper": "RSHLCKA anyone",
    "transfer_out": "RSHLC holder",
    "transfer_in": "R anyone",
    "ratify": "HL anyone",
    "void": "HL anyone",
    "erase": "HL anyone",
}

# Status codes of the portal (mã trạng thái hồ sơ).
NATIONAL = {
    State.SUBMITTED: 1,
    State.RECEIVED: 2,
    State.REFUSED: 3,
    State.PROCESSING: 4,
    State.IN_TRANSIT: 4,
    State.PROPOSED: 4,
    State.APPROVED: 4,
    State.SIGNED: 4,
    State.AWAITING_SUPPLEMENT: 5,
    State.AWAITING_PAYMENT: 6,
    State.WITHDRAWN: 7,
    State.PAUSED: 8,
    State.STOPPED: 8,
    State.COMPLETED: 9,
    State.HANDED_OUT: 10,
}

EFFECTS = {
    Act.RECEIVE: Effect.START,
    Act.REFUSE: Effect.END,
    Act.REQUEST_SUPPLEMENT: Effect.PAUSE,
    Act.TAKE_SUPPLEMENT: Effect.RESUME,
    Act.PAUSE: Effect.PAUSE,
    Act.RESUME: Effect.RESUME,
    Act.STOP: Effect.END,
    Act.EXTEND: Effect.EXTEND,
    Act.RECOMPUTE: Effect.RECOMPUTE,
    Act.WITHDRAW: Effect.END,
    Act.COMPLETE: Effect.END,
}

FORMS = {
    Act.RECEIVE: "01",
    Act.CORRECT: "01",
    Act.REQUEST_SUPPLEMENT: "02",
    Act.REFUSE: "03",
    Act.DRAFT_APOLOGY: "04",
    Act.EXTEND: "04",
    Act.STOP: "05",
    Act.WITHDRAW: "05",
    Act.FORWARD: "06",
    Act.TRANSFER_OUT: "06",
    Act.HAND_OUT: "BN",
}

HAND = Holder("van-phong", "u-tuyet", is_taken=True)


def dossier(state: State, **changes: object) -> Dossier:
    """A dossier in a state, in the hand of Ms Tuyết, received at the counter."""
    plain = Dossier(
        id="d",
        code="H56.99.88-261120-0001",
        state=state,
        subject=Subject(),
        clock=Clock(received_at=AT),
        custody=Custody(HAND, counter="pvhcc"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields of Dossier by name


def actor(officer: str, unit: str, roles: str = "RSHLCKA") -> Actor:
    return Actor(officer, frozenset(LETTERS[letter] for letter in roles), unit)


# ---- state by act ---------------------------------------------------------------------


def test_the_table_written_here_has_every_act_and_every_state() -> None:
    assert len(CELLS) == len(Act) * len(State) == 37 * 15
    assert {act for act, _, _ in CELLS} == set(Act) == set(RULES)
    assert set(STATES) == set(State)


@pytest.mark.parametrize(("act", "state", "cell"), CELLS, ids=str)
def test_every_cell(act: Act, state: State, cell: str) -> None:
    sent = Custody(HAND, "pvhcc", sent_from=HAND, sent_state=State.RECEIVED)
    clock = Clock(received_at=AT, paused_state=State.PROCESSING)
    before = dossier(state, clock=clock, custody=sent)
    rule = RULES[act]
    assert is_state_legal(rule, before) is (cell != ".")
    if cell == ".":
        return
    wanted = {"=": state, "<": State.PROCESSING, "^": State.RECEIVED}.get(cell) or SHORT[cell]
    assert next_state(rule, before, {}) is wanted


def test_only_three_acts_start_a_dossier() -> None:
    starting = {act for act in Act if is_state_legal(RULES[act], None)}
    assert starting == {Act.SUBMIT, Act.RECEIVE, Act.REFUSE}


def test_a_pause_for_payment_is_a_state_of_its_own() -> None:
    rule = RULES[Act.PAUSE]
    assert next_state(rule, dossier(State.PROCESSING), {"ground": "payment"}) is State.AWAITING_PAYMENT
    assert next_state(rule, dossier(State.PROCESSING), {"ground": "verify"}) is State.PAUSED
    assert next_state(rule, dossier(State.PROCESSING), None) is State.PAUSED


def test_an_act_that_cannot_start_has_no_next_state_for_nothing() -> None:
    with pytest.raises(ValueError, match="cannot start"):
        next_state(RULES[Act.ADD_NOTE], None, {})


# ---- roles, holder, clock, forms, codes -----------------------------------------------


@pytest.mark.parametrize("act", Act)
def test_who_may(act: Act) -> None:
    letters, holder = WHO[act.value].split()
    assert RULES[act].roles == {LETTERS[letter] for letter in letters}
    assert RULES[act].holder is HolderRule(holder)


@pytest.mark.parametrize("act", Act)
def test_what_the_act_does_to_the_clock_and_what_it_prints(act: Act) -> None:
    assert RULES[act].effect is EFFECTS.get(act, Effect.NONE)
    assert RULES[act].form == FORMS.get(act, "")


def test_national_codes() -> None:
    assert {state: row.national for state, row in STATES.items()} == NATIONAL


def test_open_and_running_states() -> None:
    closed = {State.REFUSED, State.WITHDRAWN, State.STOPPED, State.HANDED_OUT}
    running = {State.RECEIVED, State.PROCESSING, State.PROPOSED, State.APPROVED, State.SIGNED}
    running |= {State.IN_TRANSIT}
    assert {state for state, row in STATES.items() if not row.is_open} == closed
    assert {state for state, row in STATES.items() if row.is_running} == running


def test_a_closed_dossier_takes_only_notes_prints_refunds_and_an_erasure_by_law() -> None:
    everybody = actor("u-tuyet", "pvhcc")
    for state in (State.REFUSED, State.WITHDRAWN, State.STOPPED, State.HANDED_OUT):
        paid = dossier(state, payments=(Payment(8000, "cash", "", AT),))
        assert set(legal_acts(paid, everybody)) == {Act.REFUND, Act.ADD_NOTE, Act.PRINT_PAPER, Act.ERASE}


def test_every_word_of_the_table_is_there_and_nfc() -> None:
    words = [text for rule in RULES.values() for text in (rule.words, rule.done)]
    words += [row.words for row in STATES.values()] + list(FACT_WORDS.values())
    for text in words:
        assert text
        assert unicodedata.is_normalized("NFC", text)
        assert text[0] == text[0].upper()
    for act in Act:
        assert vi(act.value), act
        assert show(act.value)


# ---- the holder -----------------------------------------------------------------------


def test_only_the_officer_who_has_it_in_hand_is_the_holder() -> None:
    taken = dossier(State.PROCESSING)
    sent = dossier(State.PROCESSING, custody=Custody(Holder("van-phong", "u-tuyet"), "pvhcc"))
    tray = dossier(State.PROCESSING, custody=Custody(Holder("van-phong"), "pvhcc"))
    tuyet, binh = actor("u-tuyet", "van-phong", "S"), actor("u-binh", "van-phong", "SH")
    assert is_legal(Act.PROPOSE, taken, tuyet)
    assert not is_legal(Act.PROPOSE, taken, binh)
    assert not is_legal(Act.PROPOSE, sent, tuyet)
    assert not is_legal(Act.PROPOSE, tray, tuyet)


def test_addressed_is_the_named_officer_or_anyone_of_a_unit_whose_tray_it_lies_in() -> None:
    sent = dossier(State.PROPOSED, custody=Custody(Holder("van-phong", "u-binh"), "pvhcc"))
    tray = dossier(State.PROPOSED, custody=Custody(Holder("van-phong"), "pvhcc"))
    binh, other, far = (
        actor("u-binh", "van-phong", "H"),
        actor("u-x", "van-phong", "H"),
        actor("u-y", "kinh-te", "H"),
    )
    assert [is_legal(Act.APPROVE, sent, who) for who in (binh, other, far)] == [True, False, False]
    assert [is_legal(Act.APPROVE, tray, who) for who in (binh, other, far)] == [True, True, False]


def test_the_sender_recalls_until_it_is_taken_over() -> None:
    sender = Holder("van-phong", "u-tuyet", is_taken=True)
    sent = Custody(
        Holder("van-phong", "u-binh"), "pvhcc", (sender,), sent_from=sender, sent_state=State.PROCESSING
    )
    taken = replace(
        sent, holder=Holder("van-phong", "u-binh", is_taken=True), sent_from=None, sent_state=None
    )
    tuyet, binh = actor("u-tuyet", "van-phong", "S"), actor("u-binh", "van-phong", "H")
    assert is_legal(Act.RECALL, dossier(State.PROPOSED, custody=sent), tuyet)
    assert not is_legal(Act.RECALL, dossier(State.PROPOSED, custody=sent), binh)
    assert not is_legal(Act.RECALL, dossier(State.PROPOSED, custody=taken), tuyet)


def test_what_belongs_to_the_counter_is_for_its_own_officers() -> None:
    done = dossier(State.COMPLETED)
    assert is_legal(Act.HAND_OUT, done, actor("u-mai", "pvhcc", "R"))
    assert not is_legal(Act.HAND_OUT, done, actor("u-mai", "van-phong", "R"))
    assert not is_legal(Act.HAND_OUT, done, actor("u-hoa", "pvhcc", "K"))


def test_a_dossier_without_a_holder_is_in_nobodys_hand() -> None:
    nowhere = dossier(State.PROCESSING, custody=Custody(None, "pvhcc"))
    assert not is_legal(Act.PROPOSE, nowhere, actor("u-tuyet", "van-phong"))
    assert not is_legal(Act.TAKE_OVER, nowhere, actor("u-tuyet", "van-phong"))


# ---- what depends on more than state and holder ---------------------------------------


def test_nothing_is_taken_over_twice() -> None:
    assert not is_legal(Act.TAKE_OVER, dossier(State.PROCESSING), actor("u-tuyet", "van-phong"))


def test_nothing_is_sent_back_to_nobody() -> None:
    assert not is_legal(Act.SEND_BACK, dossier(State.PROCESSING), actor("u-tuyet", "van-phong"))
    trail = Custody(HAND, "pvhcc", trail=(Holder("pvhcc", "u-mai", is_taken=True),))
    assert is_legal(Act.SEND_BACK, dossier(State.PROCESSING, custody=trail), actor("u-tuyet", "van-phong"))


def test_only_the_unit_that_was_asked_gives_its_opinion_once() -> None:
    asked = Consultation("c1", "kinh-te", "Có vướng quy hoạch không?", "u-tuyet")
    answered = replace(asked, opinion="Không")
    khoi, tuyet = actor("u-khoi", "kinh-te", "S"), actor("u-tuyet", "van-phong", "S")
    assert is_legal(Act.GIVE_OPINION, dossier(State.PROCESSING, consultations=(asked,)), khoi)
    assert not is_legal(Act.GIVE_OPINION, dossier(State.PROCESSING, consultations=(asked,)), tuyet)
    assert not is_legal(Act.GIVE_OPINION, dossier(State.PROCESSING, consultations=(answered,)), khoi)


def test_an_opinion_answers_a_question_that_was_put_to_this_unit() -> None:
    questions = (
        Consultation("c1", "kinh-te", "?", "u-tuyet"),
        Consultation("c2", "lanh-dao", "?", "u-tuyet"),
    )
    asked = dossier(State.PROCESSING, consultations=questions)
    khoi = actor("u-khoi", "kinh-te", "S")
    check_act(Act.GIVE_OPINION, asked, khoi, {"consultation": "c1", "opinion": "Không"})
    for strange in ("c2", "c3"):
        with pytest.raises(InputError) as caught:
            check_act(Act.GIVE_OPINION, asked, khoi, {"consultation": strange, "opinion": "Không"})
        assert caught.value.field == "consultation"


def test_only_a_paper_that_is_there_is_detached() -> None:
    paper = Paper("ab", "Tờ khai", "application/pdf", 9, None, AT, "u-tuyet")
    who = actor("u-tuyet", "van-phong", "S")
    with_paper = dossier(State.PROCESSING, papers=(paper,))
    check_act(Act.DETACH, with_paper, who, {"sha256": "ab", "reason": "Trùng"})
    with pytest.raises(InputError):
        check_act(Act.DETACH, with_paper, who, {"sha256": "cd", "reason": "Trùng"})
    assert not is_legal(Act.DETACH, dossier(State.PROCESSING), who)
    hidden = dossier(State.PROCESSING, papers=(replace(paper, is_hidden=True),))
    assert not is_legal(Act.DETACH, hidden, who)


def test_only_a_paper_that_was_printed_and_still_counts_is_voided() -> None:
    who = actor("u-hoa", "pvhcc", "K")
    spoiled = Printed("01", 1, AT, entry="e1", voided_at=AT, voided_why="Kẹt giấy")
    printed = dossier(State.HANDED_OUT, printed=(spoiled, Printed("01", 2, AT, entry="e2")))
    check_act(Act.VOID_PAPER, printed, who, {"printed": "e2", "reason": "Kẹt giấy"})
    for strange in ("e1", "e3", ""):
        with pytest.raises(InputError) as caught:
            check_act(Act.VOID_PAPER, printed, who, {"printed": strange, "reason": "Kẹt giấy"})
        assert caught.value.field == "printed"
    with pytest.raises(InputError) as caught:
        check_act(Act.VOID_PAPER, printed, who, {"printed": "e2", "reason": ""})
    assert caught.value.field == "reason"
    assert not is_legal(Act.VOID_PAPER, dossier(State.HANDED_OUT, printed=(spoiled,)), who)
    assert not is_legal(Act.VOID_PAPER, dossier(State.HANDED_OUT), who)


def test_no_more_is_given_back_than_was_taken() -> None:
    cashier = actor("u-hoa", "pvhcc", "K")
    paid = dossier(State.HANDED_OUT, payments=(Payment(8000, "cash", "", AT),))
    check_act(Act.REFUND, paid, cashier, {"amount_vnd": 8000, "reason": "Miễn"})
    with pytest.raises(InputError):
        check_act(Act.REFUND, paid, cashier, {"amount_vnd": 8001, "reason": "Miễn"})
    assert not is_legal(Act.REFUND, dossier(State.HANDED_OUT), cashier)


def test_what_was_accepted_is_not_refused_any_more() -> None:
    counter = actor("u-mai", "pvhcc", "R")
    asked = dossier(State.AWAITING_SUPPLEMENT)
    assert not is_legal(Act.REFUSE, asked, counter)
    assert is_legal(Act.REFUSE, replace(asked, clock=Clock()), counter)


def test_only_a_promise_that_was_given_is_moved() -> None:
    """An application that came in online and lacks papers waits like one that was received."""
    administrator = actor("u-binh", "van-phong", "A")
    asked = dossier(State.AWAITING_SUPPLEMENT)
    assert is_legal(Act.RECOMPUTE, asked, administrator)
    assert not is_legal(Act.RECOMPUTE, replace(asked, clock=Clock()), administrator)


def test_a_dossier_of_a_newer_program_is_only_read() -> None:
    newer = dossier(State.PROCESSING, is_read_only=True)
    who = actor("u-tuyet", "van-phong")
    assert legal_acts(newer, who) == ()
    with pytest.raises(RuleError, match="chỉ xem được"):
        check_act(Act.ADD_NOTE, newer, who, {"text": "a"})


# ---- between agencies, and the settling of entries ------------------------------------

HOI_XUAN = {"code": "H56.77", "name": "UBND xã Hồi Xuân"}


def on_its_way(**changes: object) -> Dossier:
    custody = Custody(None, "pvhcc", sent_from=HAND, sent_state=State.PROCESSING, in_transit_to="H56.77")
    return dossier(State.IN_TRANSIT, custody=custody, **changes)


def test_only_the_addressee_takes_a_transferred_folder_in() -> None:
    facts = {"agency": "H56.77", "counter": "mot-cua"}
    there = Actor("u-han", frozenset({Role.RECEPTION}), "mot-cua", "H56.77")
    elsewhere = replace(there, agency="H56.78")
    unknown = replace(there, agency="")
    check_act(Act.TRANSFER_IN, on_its_way(), there, facts)
    check_act(Act.TRANSFER_IN, on_its_way(), unknown, facts)
    with pytest.raises(RuleError, match="cơ quan khác"):
        check_act(Act.TRANSFER_IN, on_its_way(), elsewhere, facts | {"agency": "H56.78"})
    for who, agency in ((unknown, "H56.78"), (there, "H56.78"), (unknown, 7)):
        with pytest.raises(InputError) as caught:
            check_act(Act.TRANSFER_IN, on_its_way(), who, facts | {"agency": agency})
        assert caught.value.field == "agency"
    assert not is_legal(Act.TRANSFER_IN, dossier(State.IN_TRANSIT), unknown)


def test_who_sent_it_to_another_agency_may_only_recall_note_and_print() -> None:
    paid = on_its_way(payments=(Payment(8000, "cash", "", AT),))
    sender = Actor("u-tuyet", frozenset(Role), "van-phong", "H56.99.88")
    allowed = {Act.RECALL, Act.REFUND, Act.ADD_NOTE, Act.PRINT_PAPER, Act.ERASE}
    assert set(legal_acts(paid, sender)) == allowed


def test_once_taken_in_the_folder_belongs_to_the_other_agency() -> None:
    """Units of two agencies may bear one name: `pvhcc` there is not `pvhcc` here."""
    taken = dossier(State.PROCESSING, custody=replace(Custody(HAND, "pvhcc"), agency="H56.77"))
    here = Actor("u-tuyet", frozenset(Role), "pvhcc", "H56.99.88")
    assert set(legal_acts(taken, here)) == {Act.ADD_NOTE, Act.PRINT_PAPER, Act.ERASE}
    assert Act.WITHDRAW in legal_acts(taken, replace(here, agency="H56.77"))
    with pytest.raises(RuleError, match="Hồ sơ ở cơ quan khác"):
        check_act(Act.WITHDRAW, taken, here, {"reason": "x"})


@pytest.mark.parametrize(
    "to", ["H56.77", {"code": "H56.77"}, {"code": "H56.77", "name": ""}, {"code": 7, "name": "x"}], ids=str
)
def test_a_folder_goes_to_an_agency_with_code_and_name(to: object) -> None:
    with pytest.raises(InputError) as caught:
        check_act(
            Act.TRANSFER_OUT,
            dossier(State.PROCESSING),
            actor("u-tuyet", "van-phong"),
            {"to_agency": to, "reason": "x"},
        )
    assert caught.value.field == "to_agency"


def test_a_folder_is_not_sent_to_the_agency_that_has_it() -> None:
    here = Actor("u-tuyet", frozenset(Role), "van-phong", "H56.77")
    with pytest.raises(InputError):
        check_act(
            Act.TRANSFER_OUT, dossier(State.PROCESSING), here, {"to_agency": HOI_XUAN, "reason": "Thẩm quyền"}
        )


@pytest.mark.parametrize("act", [Act.RATIFY, Act.VOID])
def test_only_what_waits_or_was_settled_is_settled(act: Act) -> None:
    head = actor("u-binh", "van-phong", "H")
    calm = dossier(State.PROCESSING)
    facts = {"entries": ["e1"], "reason": "Đã kiểm tra"}
    assert not is_legal(act, calm, head)
    with pytest.raises(RuleError, match="chờ quyết định"):
        check_act(act, calm, head, facts)
    for settled in ({"conflicts": ("e1",)}, {"ratified": ("e1",)}, {"voided": ("e1",)}):
        check_act(act, replace(calm, **settled), head, facts)  # type: ignore[arg-type]  # fields by name
    for strange in (["e2"], ["e1", "e2"], [1], "e1", 5, {"e1": 1}):
        with pytest.raises(InputError) as caught:
            check_act(act, replace(calm, conflicts=("e1",)), head, facts | {"entries": strange})
        assert caught.value.field == "entries"


def test_an_erasure_is_answered_for_by_two() -> None:
    head = actor("u-binh", "van-phong", "H")
    facts = {"entries": ["e1"], "ground": "Điều 14", "second": "u-thang"}
    check_act(Act.ERASE, dossier(State.HANDED_OUT), head, facts)
    with pytest.raises(InputError) as caught:
        check_act(Act.ERASE, dossier(State.HANDED_OUT), head, facts | {"second": "u-binh"})
    assert caught.value.field == "second"


# ---- the words of a refusal -----------------------------------------------------------


def test_words_for_the_wrong_state_role_and_holder() -> None:
    who = actor("u-tuyet", "van-phong", "S")
    with pytest.raises(RuleError, match="Đã trình duyệt"):
        check_act(Act.PROPOSE, dossier(State.PROPOSED), who, {})
    with pytest.raises(RuleError, match="không có quyền"):
        check_act(Act.STOP, dossier(State.PROCESSING), who, {})
    with pytest.raises(RuleError, match="không ở chỗ bạn"):
        check_act(Act.PROPOSE, dossier(State.PROCESSING), actor("u-khoi", "kinh-te", "S"), {})
    with pytest.raises(RuleError, match="chưa có trong sổ"):
        check_act(Act.ADD_NOTE, None, who, {"text": "a"})


NEEDS = [(act, fact) for act, rule in RULES.items() for fact in rule.needs]


@pytest.mark.parametrize(("act", "fact"), NEEDS, ids=str)
def test_each_missing_fact_is_named(act: Act, fact: str) -> None:
    rule = RULES[act]
    everybody = actor("u-tuyet", "van-phong")
    sender = Holder("van-phong", "u-tuyet", is_taken=True)
    before = None
    if rule.froms:
        before = dossier(
            min(rule.froms),
            clock=dossier(State.RECEIVED).clock if act is Act.RECOMPUTE else Clock(),
            custody=Custody(HAND, "van-phong", (sender,), sent_from=sender),
            consultations=(Consultation("c1", "van-phong", "?", "u-binh"),),
            papers=(Paper("ab", "Tờ khai", "application/pdf", 9, None, AT, "u-tuyet"),),
            payments=(Payment(8000, "cash", "", AT),),
            printed=(Printed("01", 1, AT, entry="e1"),),
            conflicts=("e1",),
        )
        if act is Act.TRANSFER_IN:
            before = replace(before, custody=Custody(None, "van-phong", in_transit_to="H56.77"))
    known = {
        "consultation": "c1",
        "sha256": "ab",
        "printed": "e1",
        "amount_vnd": 1,
        "to_agency": {"code": "H56.77", "name": "UBND xã Hồi Xuân"},
        "agency": "H56.77",
        "entries": ["e1"],
    }
    facts = {name: known.get(name, "x") for name in rule.needs}
    check_act(act, before, everybody, facts)
    blanks: tuple[object, ...] = (None, "", [], {})
    for empty in blanks:
        with pytest.raises(InputError) as caught:
            check_act(act, before, everybody, facts | {fact: empty})
        assert caught.value.field == fact
        assert FACT_WORDS[fact] in caught.value.title
