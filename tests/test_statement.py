"""Statements of the root: signed, canonical, of a known shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.entry import EntryError, canonical
from onestop.domain.signing import SigningKey
from onestop.domain.statement import (
    make_statement,
    parse_statement,
    read_statement,
    statement_id,
    statement_subject,
)

KEY = SigningKey(b"k" * 32)
AT = "2026-11-20T01:00:00.000Z"
GOOD: list[dict[str, Any]] = [
    {"kind": "device", "device": "d1", "public": "ab" * 32, "office": "H56.14", "index": 3,
     "name": "Quầy 3", "by": "", "self_grant": ""},
    {"kind": "relay", "device": "r1", "public": "ab" * 32, "log": "l", "log_key": "cd" * 32,
     "office": "H56.14"},
    {"kind": "grant", "officer": "u-mai", "name": "Mai", "roles": ["reception"], "unit": "counter",
     "office": "H56.14", "policy": 1, "from": AT, "to": AT},
    {"kind": "revoke", "of": "officer", "subject": "u-mai", "at": AT, "reason": "Nghỉ việc"},
]  # fmt: skip


@pytest.mark.parametrize("plain", GOOD, ids=[plain["kind"] for plain in GOOD])
def test_what_was_stated_is_read_again(plain: dict[str, Any]) -> None:
    statement = make_statement(KEY, plain)
    assert read_statement(KEY.public, statement.body, statement.signature) == plain
    assert statement.id == statement_id(statement.body)
    assert make_statement(KEY, plain) == statement
    assert statement_subject(plain) in ("d1", "r1", "u-mai")


@pytest.mark.parametrize("plain", GOOD, ids=[plain["kind"] for plain in GOOD])
def test_another_key_or_one_changed_byte_is_not_believed(plain: dict[str, Any]) -> None:
    statement = make_statement(KEY, plain)
    with pytest.raises(EntryError, match="signed"):
        read_statement(SigningKey(b"l" * 32).public, statement.body, statement.signature)
    for place in range(0, len(statement.body), 7):
        body = bytearray(statement.body)
        body[place] ^= 1
        with pytest.raises(EntryError, match="signed"):
            read_statement(KEY.public, bytes(body), statement.signature)


@pytest.mark.parametrize("plain", GOOD, ids=[plain["kind"] for plain in GOOD])
@pytest.mark.parametrize("wrong", [None, 1.5, -1, "", "x" * 400, ["x"], {}, "ngày mai"])
def test_every_member_is_needed_in_its_shape(plain: dict[str, Any], wrong: Any) -> None:
    allows_text = {
        "office",
        "name",
        "by",
        "self_grant",
        "unit",
        "reason",
        "log",
        "device",
        "subject",
        "officer",
    }
    for member in plain.keys() - {"kind"}:
        without = {name: value for name, value in plain.items() if name != member}
        with pytest.raises(EntryError):
            make_statement(KEY, without)
        if isinstance(wrong, str) and len(wrong) < 400 and member in allows_text:
            continue
        with pytest.raises(EntryError):
            make_statement(KEY, plain | {member: wrong})


def test_unknown_members_are_left_and_unknown_kinds_refused() -> None:
    more = GOOD[3] | {"later": 1}
    statement = make_statement(KEY, more)
    assert read_statement(KEY.public, statement.body, statement.signature) == more
    for kind in ("promote", "", None, 3, ["device"]):
        with pytest.raises(EntryError, match="known kind"):
            make_statement(KEY, GOOD[3] | {"kind": kind})


def test_only_canonical_bytes_are_a_statement() -> None:
    with pytest.raises(EntryError, match="canonical"):
        parse_statement(canonical(GOOD[3]).replace(b":", b": ", 1))


@given(st.binary(max_size=60))
def test_any_bytes_are_told(body: bytes) -> None:
    with pytest.raises(EntryError):
        parse_statement(body)
