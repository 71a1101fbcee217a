"""The verdicts: each reason by itself, their order, and that nothing at all makes the judge fail."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.acts import Act
from onestop.domain.code import CodeRange
from onestop.domain.dossier import Dossier
from onestop.domain.entry import Entry, EntryError, Header, canonical, header_bytes
from onestop.domain.fold import apply
from onestop.domain.form import claim_of, require_body, require_form
from onestop.domain.judge import CODES, Chain, Code, Device, Grant, Judgement, Knowledge, judge
from onestop.domain.moment import to_wire
from onestop.domain.settle import Verdict
from onestop.domain.state import Role
from onestop.store.writer import Head
from tests.small_desk import EVERY_ROLE, MORNING, OFFICE, OFFICER, UNIT, SmallDesk, intake_body

NOW = MORNING + timedelta(hours=1)
DEVICE = Device(b"k" * 32, OFFICE, 1)
GRANT = Grant(
    OFFICER,
    EVERY_ROLE,
    UNIT,
    OFFICE,
    to_wire(MORNING - timedelta(days=1)),
    to_wire(MORNING + timedelta(days=9)),
)
CODE = f"{OFFICE}-261120-0001"
SEEN = ("e1", 10, to_wire(MORNING - timedelta(minutes=1)))
HASH, OTHER = "a" * 64, "b" * 64


def desk() -> SmallDesk:
    return SmallDesk(grant="g1", seen=SEEN)


def known_of(entry: Entry, before: Dossier | None = None, **changes: Any) -> Knowledge:
    """Everything in order, but for `changes`."""
    facts = entry.facts()
    known = Knowledge(
        entry=entry.id,
        device=DEVICE,
        chain=Chain(entry.header.seq - 1, entry.header.prev),
        seen=10,
        grant=GRANT,
        facts=facts,
        before=before,
        after=apply(before, entry.header, entry.id, facts),
    )
    return replace(known, **changes)


def received(code: str = CODE, **changes: Any) -> tuple[Entry, Knowledge]:
    entry = desk().sign(Act.RECEIVE, "d1", intake_body(code), None)
    return entry, known_of(entry, **changes)


def verdict_of(entry: Entry, known: Knowledge, at: datetime = NOW) -> tuple[str, str]:
    judgement = judge(entry.header, known, at)
    return judgement.verdict.value, judgement.code


def test_every_code_has_words_for_people() -> None:
    assert set(CODES) == set(Code)
    assert all(len(words) > 10 for words in CODES.values())


def test_a_lawful_reception_is_accepted() -> None:
    assert judge(received()[0].header, received()[1], NOW) == Judgement(Verdict.ACCEPTED)


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({"device": None}, "held", "DEVICE"),
        ({"is_signed": False}, "quarantined", "SIGNATURE"),
        ({"chain": Chain(1, HASH, taken={1: HASH})}, "quarantined", "FORK"),
        ({"chain": Chain(2, HASH)}, "quarantined", "FORK"),
        ({"is_missing_parent": True}, "held", "PARENT"),
        ({"device": replace(DEVICE, revoked_at=10)}, "quarantined", "REVOKED"),
        ({"device": replace(DEVICE, revoked_at=11)}, "flagged", "REVOKED_LATER"),
        ({"device": replace(DEVICE, revoked_at=10, is_frozen=True)}, "quarantined", "FROZEN"),
        ({"device": replace(DEVICE, revoked_at=11, is_frozen=True)}, "flagged", "REVOKED_LATER"),
        ({"grant": replace(GRANT, revoked_at=10)}, "quarantined", "REVOKED"),
        ({"grant": replace(GRANT, revoked_at=11)}, "flagged", "REVOKED_LATER"),
        ({"officer_revoked_at": 10}, "quarantined", "REVOKED"),
        ({"officer_revoked_at": 11}, "flagged", "REVOKED_LATER"),
        ({"grant": None}, "flagged", "UNGRANTED"),
        ({"grant": replace(GRANT, officer="u-duc")}, "flagged", "UNGRANTED"),
        ({"grant": replace(GRANT, office="H56.15")}, "flagged", "UNGRANTED"),
        ({"is_in_scope": False}, "flagged", "UNGRANTED"),
        ({"grant": replace(GRANT, ends=to_wire(MORNING))}, "flagged", "EXPIRED"),
        ({"grant": replace(GRANT, begins=to_wire(NOW))}, "flagged", "EXPIRED"),
        ({"grant": replace(GRANT, roles=frozenset({Role.LEADER}))}, "flagged", "ROLE"),
        ({"is_code_taken": True}, "flagged", "CODE"),
        ({"device": replace(DEVICE, index=2)}, "flagged", "CODE"),
        ({"device": replace(DEVICE, index=99)}, "flagged", "CODE"),
    ],
)
def test_each_reason_by_itself(changes: dict[str, Any], verdict: str, code: str) -> None:
    assert verdict_of(*received(**changes)) == (verdict, code)


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        (f"{OFFICE}-261120-7100", {}, "CODE"),
        (f"{OFFICE}-261120-7100", {"leases": (CodeRange(7001, 7100),)}, ""),
        (f"{OFFICE}-261120-7101", {"leases": (CodeRange(7001, 7100),)}, "CODE"),
        (f"{OFFICE}-261120-8050", {}, ""),
        ("H56.15-261120-0001", {}, "CODE"),
        ("không phải mã", {}, "CODE"),
    ],
)
def test_a_code_lies_in_the_desk_s_own_numbers_or_its_lease(
    code: str, changes: dict[str, Any], expected: str
) -> None:
    assert verdict_of(*received(code, **changes))[1] == expected


def test_authority_comes_before_meaning_and_the_chain_before_both() -> None:
    entry, known = received(is_code_taken=True, grant=None)
    assert verdict_of(entry, known)[1] == "UNGRANTED"
    assert verdict_of(entry, replace(known, is_missing_parent=True))[1] == "PARENT"
    assert verdict_of(entry, replace(known, is_missing_parent=True, chain=Chain()))[1] == "PARENT"
    assert verdict_of(entry, replace(known, is_missing_parent=True, chain=Chain(5, HASH)))[1] == "FORK"
    assert verdict_of(entry, replace(known, is_signed=False, chain=Chain(5, HASH)))[1] == "SIGNATURE"


def test_a_desk_that_worked_alone_had_every_right() -> None:
    alone = SmallDesk(grant="own")
    entry = alone.sign(Act.RECEIVE, "d1", intake_body(CODE), None)
    known = known_of(entry, grant=None, device=replace(DEVICE, self_grant="own"))
    assert verdict_of(entry, known) == ("accepted", "")
    assert verdict_of(entry, replace(known, device=replace(DEVICE, self_grant="")))[1] == "UNGRANTED"
    assert verdict_of(entry, replace(known, is_code_taken=True))[1] == "CODE"
    later = replace(entry.header, seen=SEEN)
    assert judge(later, known, NOW).code == "UNGRANTED"


# ---- the chain of a device


def chained(seq: int, prev: str | None, chain: Chain) -> tuple[str, str]:
    entry = desk().sign(Act.RECEIVE, "d1", intake_body(CODE), None)
    header = replace(entry.header, seq=seq, prev=prev)
    judgement = judge(header, known_of(entry, chain=chain), NOW)
    return judgement.verdict.value, judgement.code


@pytest.mark.parametrize(
    ("seq", "prev", "chain", "code"),
    [
        (2, HASH, Chain(1, HASH), ""),
        (3, HASH, Chain(1, HASH), "GAP"),
        (2, OTHER, Chain(1, HASH), "GAP"),
        (3, OTHER, Chain(1, HASH, claims={2: frozenset({OTHER})}), ""),
        (3, HASH, Chain(1, HASH, claims={2: frozenset({OTHER})}), "GAP"),
        (4, OTHER, Chain(1, HASH, claims={3: frozenset({OTHER})}), "GAP"),
        (4, OTHER, Chain(1, HASH, claims={2: frozenset({HASH}), 3: frozenset({OTHER})}), ""),
        (2**31 - 1, OTHER, Chain(1, HASH, claims={2**31 - 2: frozenset({OTHER})}), "GAP"),
        (2, OTHER, Chain(1, HASH, forked=frozenset({OTHER})), "FORK"),
        (1, None, Chain(1, HASH, taken={1: HASH}), "FORK"),
    ],
)
def test_the_chain_goes_on_from_its_head_or_over_what_lies_on_the_shelf(
    seq: int, prev: str, chain: Chain, code: str
) -> None:
    assert chained(seq, prev, chain)[1] == code


def test_what_was_stepped_over_comes_late_and_counts() -> None:
    entry, known = received()
    late = Chain(3, OTHER, at="2030-01-01T00:00:00.000Z", claims={1: frozenset({entry.id})})
    assert verdict_of(entry, replace(known, chain=late)) == ("accepted", "")
    assert verdict_of(entry, replace(known, chain=replace(late, taken={1: OTHER})))[1] == "FORK"


# ---- time


@pytest.mark.parametrize(
    ("at", "is_doubtful"),
    [
        (MORNING, False),
        (NOW + timedelta(minutes=5), False),
        (NOW + timedelta(minutes=6), True),
        (MORNING - timedelta(minutes=5), False),
        (MORNING - timedelta(minutes=7), True),
    ],
)
def test_a_clock_can_be_wrong_but_not_unseen(at: datetime, is_doubtful: bool) -> None:
    entry, known = received()
    header = replace(entry.header, at=to_wire(at))
    judgement = judge(header, replace(known, grant=replace(GRANT, begins="2026-01-01T00:00:00.000Z")), NOW)
    assert (judgement.verdict, judgement.code) == (Verdict.ACCEPTED, "CLOCK" if is_doubtful else "")


def test_time_going_back_within_a_chain_is_doubtful() -> None:
    entry, known = received()
    chain = Chain(0, None, at=to_wire(NOW))
    assert verdict_of(entry, replace(known, chain=chain)) == ("accepted", "CLOCK")


# ---- the folder


def a_dossier(writer: SmallDesk) -> Dossier:
    writer.receive()
    return next(iter(writer.dossiers.values()))


def test_side_by_side_work_is_merged_and_what_is_illegal_is_flagged() -> None:
    writer = desk()
    before = a_dossier(writer)
    note = writer.sign(Act.ADD_NOTE, before.id, {"text": "Đã gọi điện"}, before)
    assert verdict_of(note, known_of(note, before)) == ("accepted", "")
    assert verdict_of(note, known_of(note, replace(before, heads=(HASH,)))) == ("accepted", "MERGED")
    sign = writer.sign(Act.SIGN, before.id, {"to": {"unit": UNIT}}, before)
    assert verdict_of(sign, known_of(sign, before)) == ("flagged", "ILLEGAL")
    empty = writer.sign(Act.ADD_NOTE, before.id, {"text": ""}, before)
    assert verdict_of(empty, known_of(empty, before)) == ("flagged", "ILLEGAL")
    lost = writer.sign(Act.ADD_NOTE, "d2", {"text": "x"}, None)
    assert verdict_of(lost, known_of(lost, None)) == ("flagged", "ILLEGAL")


def test_an_erased_body_does_not_make_an_act_illegal() -> None:
    writer = desk()
    before = a_dossier(writer)
    note = writer.sign(Act.ADD_NOTE, before.id, {"text": "Đã gọi điện"}, before)
    assert verdict_of(note, known_of(note, before, facts=None))[0] == "accepted"


def test_an_act_of_a_newer_program_is_accepted_unread() -> None:
    entry, known = received()
    header = replace(entry.header, kind="teleport")
    assert judge(header, known, NOW).verdict is Verdict.ACCEPTED


# ---- form: what any bytes may be

SHAPES: list[Callable[[Any], Any]] = [
    lambda _: None,
    lambda _: True,
    lambda _: -1,
    lambda _: 2**53,
    lambda _: 1.5,
    lambda _: "",
    lambda _: "x\0y",
    lambda _: "x" * 300,
    lambda _: [],
    lambda _: {},
    lambda _: [[["a"]]],
    lambda old: [old],
    str,
]


def good_plain() -> dict[str, Any]:
    entry = desk().sign(Act.RECEIVE, "d1", intake_body(CODE), None)
    plain: dict[str, Any] = json.loads(entry.header_bytes)
    return plain


def _passes(encoded: bytes) -> bool:
    try:
        require_form(encoded)
    except EntryError:
        return False
    return True


def test_what_a_desk_writes_passes_and_is_read_as_it_was() -> None:
    entry = desk().sign(Act.RECEIVE, "d1", intake_body(CODE), None)
    assert require_form(entry.header_bytes) == entry.header
    assert require_body(entry.header, entry.body, entry.salt) == entry.facts()
    assert require_body(entry.header, None, None) is None
    assert claim_of(entry.header_bytes) == entry.header


@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_no_member_of_another_type_reaches_a_column(shape: Callable[[Any], Any]) -> None:
    """Tried on every member; what passes is of the very types that the columns have."""
    for member, value in good_plain().items():
        changed = json.dumps(
            good_plain() | {member: shape(value)}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        try:
            header = require_form(changed)
        except EntryError:
            continue
        _require_columns(header)


def _require_columns(header: Header) -> None:
    texts = (header.device, header.incarnation, header.kind, header.at, header.officer, header.grant)
    assert all(type(text) is str and "\0" not in text and len(text) <= 128 for text in texts)
    assert header.dossier is None or (type(header.dossier) is str and 0 < len(header.dossier) <= 64)
    assert type(header.seq) is int
    assert 0 < header.seq < 2**31
    assert type(header.is_critical) is bool
    assert all(type(parent) is str and len(parent) == 64 for parent in header.parents)


@pytest.mark.parametrize(
    "changed",
    [
        {"later": 1},
        {"v": 2},
        {"v": True},
        {"seq": 2},
        {"prev": HASH},
        {"seq": 0},
        {"seq": 2**31, "prev": HASH},
        {"at": "1999-12-31T23:59:59.999Z"},
        {"at": "2200-01-01T00:00:00.000Z"},
        {"at": "2026-13-01T00:00:00.000Z"},
        {"par": [HASH, HASH]},
        {"par": [HASH] * 5},
        {"par": "ab"},
        {"seen": [None, 1, None]},
        {"seen": ["e", 1, None]},
        {"seen": ["e", True, "2026-11-20T01:00:00.000Z"]},
        {"blobs": [[HASH, 1, "x"]]},
        {"blobs": [[HASH, -1, "x", "y"]]},
        {"blobs": [[HASH, 1, "x", "y", "z"]]},
        {"mono": ["b", 1, 2]},
        {"bl": 64 * 1024 + 1},
        {"crit": 1},
    ],
)
def test_values_that_no_desk_writes_are_refused(changed: dict[str, Any]) -> None:
    assert _passes(canonical(good_plain()))
    assert not _passes(canonical(good_plain() | changed))


def test_only_canonical_bytes_pass() -> None:
    good = canonical(good_plain())
    for changed in (
        good + b" ",
        good.replace(b":", b": ", 1),
        good.replace(b'"at"', b'"\\u0061t"'),
        b"\xff" + good,
    ):
        assert not _passes(changed)


def test_a_body_belongs_to_its_header() -> None:
    entry = desk().sign(Act.RECEIVE, "d1", intake_body(CODE), None)
    body, salt = entry.body, entry.salt
    assert body is not None
    assert salt is not None
    for bad in (
        (body + b" ", salt),
        (body, b"s" * 16),
        (body, None),
        (None, salt),
        (body, salt[:15]),
        (b"[]", salt),
    ):
        with pytest.raises(EntryError):
            require_body(entry.header, *bad)


leaf = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=70) | st.floats()
plain_json = st.recursive(
    leaf,
    lambda x: st.lists(x, max_size=5) | st.dictionaries(st.text(max_size=6), x, max_size=5),
    max_leaves=12,
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(sorted(good_plain())), plain_json, max_size=4), st.binary(max_size=40))
def test_any_header_is_refused_or_judged(changed: dict[str, Any], body: bytes) -> None:
    """Total: whatever passes the form gets a verdict, with whatever facts."""
    encoded = json.dumps(good_plain() | changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    raw = encoded.encode(errors="surrogatepass")
    claim_of(raw)
    try:
        header = require_form(raw)
    except EntryError:
        return
    assert header_bytes(header) == raw
    for facts in (None, {}, {"code": body.decode(errors="replace")}, intake_body(CODE)):
        after = apply(None, header, HASH, facts)
        known = Knowledge(HASH, DEVICE, chain=Chain(header.seq - 1, header.prev), facts=facts, after=after)
        for one in (
            known,
            replace(known, grant=GRANT),
            replace(known, grant=replace(GRANT, officer=header.officer)),
        ):
            assert judge(header, one, NOW).verdict in Verdict


@settings(max_examples=300)
@given(plain_json, st.sampled_from(sorted(Act)))
def test_any_facts_are_judged(facts: Any, act: Act) -> None:
    writer = desk()
    before = a_dossier(writer)
    header = replace(writer.sign(Act.ADD_NOTE, before.id, {"text": "x"}, before).header, kind=act.value)
    facts = facts if isinstance(facts, dict) else {"entries": facts, "to": facts, "due": facts, "code": facts}
    for start in (before, None):
        after = apply(start, header, HASH, facts)
        known = Knowledge(
            HASH, DEVICE, chain=Chain(1, header.prev), grant=GRANT, facts=facts, before=start, after=after
        )
        assert judge(header, known, NOW).verdict in (Verdict.ACCEPTED, Verdict.FLAGGED)


def test_the_head_of_a_desk_is_where_its_chain_goes_on() -> None:
    """The small desk of these tests signs as the real writer does."""
    writer = desk()
    writer.receive()
    assert writer.head == Head(1, writer.head.entry, writer.head.at)
    assert writer.note(next(iter(writer.dossiers))).header.count(b'"seq":2') == 1
