"""The bytes of an entry: canonical, limited, signed, and the same for ever."""

import json
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.entry import (
    MAX_BLOBS,
    MAX_HEADER,
    BlobRef,
    Entry,
    EntryError,
    Header,
    body_hash,
    canonical,
    entry_id,
    header_bytes,
    parse_header,
    require_canonical,
    signed_message,
)
from onestop.domain.signing import SigningKey, is_signed

SALT = bytes(range(16))
BODY = canonical({"text": "Đã gọi điện cho bà Lò Thị Đức", "amount_vnd": 8000})

FIXED = Header(
    device="0193456f-7a10-7000-8000-000000000001",
    incarnation="00112233aabbccdd",
    seq=7,
    prev="ab" * 32,
    dossier="0193456f-7a10-7000-8000-000000000002",
    parents=("cd" * 32,),
    kind="add_note",
    officer="u-mai",
    grant="ef" * 32,
    policy=1,
    at="2026-11-20T01:12:05.123Z",
    mono=("boot-1", 60123),
    body_hash=body_hash(SALT, BODY),
    body_length=len(BODY),
    blobs=(BlobRef("12" * 32, 1024, "application/pdf", "paper"),),
)

# Frozen with version 1 of the format: entries of every office that exist must stay readable.
FIXED_BYTES = (
    b'{"act":"u-mai","at":"2026-11-20T01:12:05.123Z",'
    b'"bh":"869934827efe83400eb21ad7840bced3c1694567531fdbdda1a033c1213a5ae5","bl":72,'
    b'"blobs":[["1212121212121212121212121212121212121212121212121212121212121212",'
    b'1024,"application/pdf","paper"]],"crit":true,'
    b'"dev":"0193456f-7a10-7000-8000-000000000001",'
    b'"dos":"0193456f-7a10-7000-8000-000000000002",'
    b'"gr":"efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef",'
    b'"inc":"00112233aabbccdd","kind":"add_note","kv":1,"mono":["boot-1",60123],'
    b'"par":["cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"],"pol":1,'
    b'"prev":"abababababababababababababababababababababababababababababababab",'
    b'"seen":[null,0,null],"seq":7,"tz":"+07:00","v":1}'
)
FIXED_ID = "6a563f4b784c59397cc6b6ed1c523f23e7a04c26336c6b540677dba8d4b9bb15"
FIXED_SIGNATURE = (
    "9850fb32ac63edca4e18222b3313ae28d59c1d0c725b4e2bee8cd768fe1d9d05"
    "fe6d99372cfd1066c751b02c17e8c3faff765e34733f835a5d06642f61c27c05"
)
KEY = SigningKey(bytes(range(32)))


# ---- canonical JSON (RFC 8785) --------------------------------------------------------


def test_keys_are_sorted_and_nothing_stands_between() -> None:
    assert (
        canonical({"b": [1, True, None], "a": {"d": "", "c": -0}})
        == b'{"a":{"c":0,"d":""},"b":[1,true,null]}'
    )


def test_strings_are_written_as_in_the_example_of_rfc_8785() -> None:
    # Section 3.2.2: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/" becomes
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical(text) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_control_characters_have_their_short_or_lower_case_form() -> None:
    # Section 3.2.2.2
    assert canonical("\b\t\n\f\r\x00\x1f\x7f") == b'"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f"'


def test_other_characters_stand_as_they_are() -> None:
    assert canonical("Đặng \u2028 😂 </script>") == '"Đặng \u2028 😂 </script>"'.encode()


def test_ascii_keys_sort_by_code_unit() -> None:
    # From the example of section 3.2.3, its ASCII keys.
    assert canonical({"1": 1, "\r": 2, "</script>": 3}) == b'{"\\r":2,"1":1,"</script>":3}'


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        {"đ": 1},
        {1: "a"},
        b"bytes",
        {"a": {1, 2}},
        ["\ud800"],
        {"a": object()},
        MappingProxyType({}),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(EntryError):
        canonical(value)


def test_the_largest_integers_pass() -> None:
    assert canonical([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(plain_values)
def test_canonical_bytes_read_back_and_are_stable(value: Any) -> None:
    encoded = canonical(value)
    read = json.loads(encoded)
    assert read == value
    assert canonical(read) == encoded


# ---- the frozen entry -----------------------------------------------------------------


def test_the_bytes_of_the_format_never_change() -> None:
    assert header_bytes(FIXED) == FIXED_BYTES
    assert entry_id(FIXED_BYTES) == FIXED_ID
    assert KEY.sign(signed_message(FIXED_BYTES)).hex() == FIXED_SIGNATURE


def test_ids_and_hashes_are_those_of_the_protocol() -> None:
    assert entry_id(b"x") == sha256(b"mc.entry.1\x00x").hexdigest()
    assert body_hash(SALT, b"x") == sha256(b"mc.body.1\x00" + SALT + b"x").hexdigest()
    assert signed_message(b"x") == b"mc.sig.1\x00x"


def test_parsing_gives_the_same_header_and_the_same_bytes() -> None:
    assert parse_header(FIXED_BYTES) == FIXED
    assert header_bytes(require_canonical(FIXED_BYTES)) == FIXED_BYTES


def test_an_erased_body_leaves_the_entry_whole() -> None:
    whole = Entry(FIXED_ID, FIXED, FIXED_BYTES, b"", BODY, SALT)
    assert whole.facts() == {"amount_vnd": 8000, "text": "Đã gọi điện cho bà Lò Thị Đức"}
    assert Entry(FIXED_ID, FIXED, FIXED_BYTES, b"", None, None).facts() is None
    assert entry_id(FIXED_BYTES) == FIXED_ID


ids = st.text("0123456789abcdef", min_size=64, max_size=64)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
headers = st.builds(
    Header,
    device=names,
    incarnation=names,
    seq=st.integers(1, 2**53 - 1),
    prev=st.none() | ids,
    dossier=st.none() | names,
    parents=st.lists(ids, max_size=4).map(tuple),
    kind=names,
    officer=names,
    grant=ids,
    policy=st.integers(0, 100),
    at=names,
    mono=st.tuples(names, st.integers(0, 2**53 - 1)),
    body_hash=ids,
    body_length=st.integers(0, 65536),
    seen=st.tuples(st.none() | names, st.integers(0, 2**53 - 1), st.none() | names),
    blobs=st.lists(st.builds(BlobRef, ids, st.integers(0, 2**40), names, names), max_size=3).map(tuple),
    kind_version=st.integers(1, 9),
    is_critical=st.booleans(),
)


@given(headers)
def test_every_header_survives_its_bytes(header: Header) -> None:
    encoded = header_bytes(header)
    assert require_canonical(encoded) == header
    assert header_bytes(parse_header(encoded)) == encoded


@given(headers, st.data())
def test_any_changed_byte_is_another_entry(header: Header, data: st.DataObject) -> None:
    encoded = header_bytes(header)
    place = data.draw(st.integers(0, len(encoded) - 1))
    changed = bytearray(encoded)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert entry_id(bytes(changed)) != entry_id(encoded)
    signature = KEY.sign(signed_message(encoded))
    assert is_signed(KEY.public, signed_message(encoded), signature)
    assert not is_signed(KEY.public, signed_message(bytes(changed)), signature)


# ---- limits ---------------------------------------------------------------------------


def test_four_parents_are_the_most() -> None:
    header_bytes(replace(FIXED, parents=("a",) * 4))
    with pytest.raises(EntryError):
        header_bytes(replace(FIXED, parents=("a",) * 5))


def test_sixty_four_blobs_are_the_most() -> None:
    small = BlobRef("a", 1, "b", "c")
    header_bytes(replace(FIXED, blobs=(small,) * MAX_BLOBS))
    with pytest.raises(EntryError):
        header_bytes(replace(FIXED, blobs=(small,) * (MAX_BLOBS + 1)))


def test_a_header_has_at_most_four_kibibytes() -> None:
    room = MAX_HEADER - len(header_bytes(replace(FIXED, officer="")))
    assert len(header_bytes(replace(FIXED, officer="x" * room))) == 4096
    with pytest.raises(EntryError):
        header_bytes(replace(FIXED, officer="x" * (room + 1)))


# ---- bytes from elsewhere -------------------------------------------------------------


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"rubbish",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 3000,
        b'{"a":' * 800,
        FIXED_BYTES[:-1],
        FIXED_BYTES * 20,
        FIXED_BYTES.replace(b'"par":[', b'"par":7,"x":['),
        FIXED_BYTES.replace(b'["boot-1",60123]', b'["boot-1"]'),
        FIXED_BYTES.replace(b'["boot-1",60123]', b"{}"),
        FIXED_BYTES.replace(b"[null,0,null]", b"null"),
        FIXED_BYTES.replace(b',"paper"]', b',"paper",1]'),
    ],
)
def test_rubbish_is_no_header(encoded: bytes) -> None:
    with pytest.raises(EntryError):
        parse_header(encoded)


@pytest.mark.parametrize(
    "encoded",
    [
        FIXED_BYTES.replace(b'"v":1', b'"v":2'),
        FIXED_BYTES.replace(b'"seq":7', b'"seq":7.0'),
        FIXED_BYTES.replace(b'"seq":7', b'"seq": 7'),
        FIXED_BYTES.replace(b'"seq":7', b'"seq":NaN'),
        FIXED_BYTES.replace(b'"seq":7', b'"seq":7,"seq":7'),
        FIXED_BYTES.replace(b'"v":1', b'"v":1,"x":1'),
        FIXED_BYTES.replace(b'"seq":7', b'"seq":9007199254740992'),
        FIXED_BYTES.replace(b"u-mai", b"\\u0075-mai"),
        FIXED_BYTES.replace(b"u-mai", b"\\ud800"),
        FIXED_BYTES + b"\n",
    ],
)
def test_what_we_would_not_write_ourselves_is_not_canonical(encoded: bytes) -> None:
    with pytest.raises(EntryError):
        require_canonical(encoded)


@given(st.binary(max_size=400) | plain_values.map(canonical))
def test_no_bytes_raise_anything_else(encoded: bytes) -> None:
    with pytest.raises(EntryError):
        require_canonical(encoded)


# ---- signatures -----------------------------------------------------------------------


def test_rubbish_is_simply_not_signed() -> None:
    message = signed_message(FIXED_BYTES)
    assert not is_signed(b"", message, b"")
    assert not is_signed(b"\xff" * 32, message, b"\x00" * 64)
    assert not is_signed(KEY.public, message, KEY.sign(message)[:-1])
    assert not is_signed(SigningKey.generate().public, message, KEY.sign(message))


def test_a_key_is_its_thirty_two_bytes() -> None:
    # Test 1 of RFC 8032, section 7.1.
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    key = SigningKey(secret)
    assert key.public == public
    assert key.secret == secret
    assert key.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a")
