"""Signed checkpoints: what is signed is what is read, and nothing else passes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.checkpoint import (
    Checkpoint,
    SignedCheckpoint,
    checkpoint_from,
    checkpoint_plain,
    is_checkpoint_signed,
    sign_checkpoint,
)
from onestop.domain.entry import EntryError
from onestop.domain.signing import SigningKey

KEY = SigningKey(b"k" * 32)
GOOD = Checkpoint("log", "e1", 12, "ab" * 32, "2026-11-20T01:00:00.000Z")


def test_a_checkpoint_survives_the_way() -> None:
    signed = sign_checkpoint(KEY, GOOD)
    assert checkpoint_from(checkpoint_plain(signed)) == signed
    assert is_checkpoint_signed(KEY.public, signed)
    assert not is_checkpoint_signed(SigningKey(b"l" * 32).public, signed)


@pytest.mark.parametrize(
    "changed",
    [
        {"log": "other"},
        {"epoch": "e2"},
        {"cursor": 13},
        {"root": "ac" * 32},
        {"at": "2026-11-20T01:00:00.001Z"},
    ],
)
def test_no_member_can_be_changed(changed: dict[str, Any]) -> None:
    signed = sign_checkpoint(KEY, GOOD)
    assert not is_checkpoint_signed(KEY.public, SignedCheckpoint(replace(GOOD, **changed), signed.signature))


@pytest.mark.parametrize(
    "changed",
    [
        {"cursor": -1},
        {"cursor": True},
        {"cursor": "1"},
        {"root": "ab"},
        {"root": "zz" * 32},
        {"root": None},
        {"at": "gestern"},
        {"at": None},
        {"log": 3},
        {"signature": "%"},
        {"signature": None},
    ],
)
def test_what_is_no_checkpoint_is_told(changed: dict[str, Any]) -> None:
    with pytest.raises(EntryError):
        checkpoint_from(checkpoint_plain(sign_checkpoint(KEY, GOOD)) | changed)


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_any_json_is_read_or_told(plain: Any) -> None:
    with pytest.raises(EntryError):
        checkpoint_from(plain)
