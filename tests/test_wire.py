"""What travels: every line read with a limit, every fault named by its line."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.checkpoint import Checkpoint, sign_checkpoint
from onestop.domain.offer import Offer, Page, Receipt, Record
from onestop.domain.signing import SigningKey
from onestop.sync import wire
from onestop.sync.lines import MAX_LINE, WireError, from_b64, pack, read_line, read_lines, unpack, write_line

KEY = SigningKey(b"\x07" * 32)
HEAD = sign_checkpoint(KEY, Checkpoint("log-1", "ab" * 8, 7, "cd" * 32, "2026-11-20T01:12:05.123Z"))
OFFER = Offer('{"kind":"receive","x":"Đặng"}'.encode(), b"s" * 64, b'{"a":1}', b"t" * 16)
RECEIPT = Receipt("ee" * 32, "accepted", 7, None, "2026-11-20T01:12:05.123Z", "")
ROW = Record(6, "row", "catalogue/1", "2026-11-20T01:12:05.123Z", {"kind": "catalogue", "value": None})
ENTRY = Record(7, "entry", "ee" * 32, ROW.at, None, OFFER, "flagged", "EXPIRED", ROW.at)
PAGE = Page((ROW, ENTRY), 7, False, HEAD, 5)

texts = st.text(max_size=20)
heads = st.dictionaries(texts, st.tuples(st.integers(0, 2**50), texts), max_size=3)


def test_push_there_and_back() -> None:
    data = wire.encode_push([OFFER, replace(OFFER, body=None, salt=None)], [{"body": "b", "signature": "c"}])
    lines = wire.decode_push(unpack(pack(data), wire.MAX_RAW))
    assert [line.fault for line in lines] == ["", "", ""]
    assert lines[0].statement == {"body": "b", "signature": "c"}
    assert lines[1].offer == OFFER
    assert lines[2].offer == replace(OFFER, body=None, salt=None)


@pytest.mark.parametrize(
    "bad", [b"{", b"[1]", b'"x"', b'{"h":1,"s":"","b":null,"salt":null}', b'{"h":"x","s":"!"}']
)
def test_a_bad_line_does_not_spoil_the_batch(bad: bytes) -> None:
    good = wire.offer_line(OFFER)
    lines = wire.decode_push(good + bad + b"\n" + good)
    assert [line.offer for line in lines] == [OFFER, Offer(bad, b"", None, None), OFFER]
    assert lines[1].fault.startswith("line 2: ")
    assert lines[1].raw == bad


def test_a_batch_has_a_limit() -> None:
    line = wire.offer_line(OFFER)
    assert len(wire.decode_push(line * wire.MAX_ENTRIES)) == wire.MAX_ENTRIES
    with pytest.raises(WireError, match="501 lines"):
        wire.decode_push(line * (wire.MAX_ENTRIES + 1))


def test_receipts_there_and_back() -> None:
    receipts = [RECEIPT, replace(RECEIPT, verdict="held", cursor=None, code="GAP", is_repeat=True)]
    assert wire.decode_receipts(wire.encode_receipts(receipts)) == receipts


def test_a_verdict_of_the_future_is_held() -> None:
    plain = {"id": "x", "verdict": "deferred", "cursor": None, "place": None, "at": "", "code": "", "new": 1}
    assert wire.decode_receipts(write_line(plain))[0].verdict == "held"


def test_a_bad_receipt_names_its_line() -> None:
    with pytest.raises(WireError, match="line 2"):
        wire.decode_receipts(wire.encode_receipts([RECEIPT]) + b'{"id":5}\n')


def test_page_there_and_back() -> None:
    assert wire.decode_page(unpack(pack(wire.encode_page(PAGE)), wire.MAX_PAGE)) == PAGE


def test_a_page_cut_off_is_none() -> None:
    data = wire.encode_page(PAGE)
    lines = data.splitlines(keepends=True)
    for cut in range(len(data) - 1):
        with pytest.raises(WireError):
            wire.decode_page(data[:cut])
    assert len(lines) == 3


def test_a_numbered_record_that_cannot_be_read_is_passed() -> None:
    lines = wire.encode_page(PAGE).splitlines(keepends=True)
    spoiled = json.loads(lines[1]) | {"s": "no base64"}
    page = wire.decode_page(lines[0] + write_line(spoiled) + lines[2])
    assert page.records[0] == ROW
    assert (page.records[1].kind, page.records[1].cursor) == (wire.UNREADABLE, 7)
    assert page.records[1].value == spoiled


def test_records_there_and_back() -> None:
    assert wire.decode_records(wire.encode_records([ROW, ENTRY])) == [ROW, ENTRY]
    with pytest.raises(WireError, match="line 1"):
        wire.decode_records(b'{"cursor":"x"}\n')


@given(heads, st.lists(st.integers(0, 9), max_size=3), st.integers(0, 2**40))
def test_hello_there_and_back(known: dict[str, tuple[int, str]], proto: list[int], free: int) -> None:
    hello = wire.HelloOut(
        app="0.2", device="d", incarnation="i", heads=known, log={"log": "l", "cursor": 4}, free=free,
        proto=tuple(proto), queue={"entries": 3},
    )  # fmt: skip
    assert wire.hello_from(json.loads(write_line(wire.hello_plain(hello)))) == hello


def test_hello_ignores_what_it_does_not_know() -> None:
    plain = wire.hello_plain(wire.HelloOut("a", "d", "i")) | {"mood": "fine"}
    assert wire.hello_from(plain) == wire.HelloOut("a", "d", "i")


@pytest.mark.parametrize(
    "spoiled",
    [
        {"device": 5},
        {"heads": []},
        {"heads": {"a": [1]}},
        {"free": -1},
        {"proto": ["x"]},
        {"log": 5},
        {"queue": 1},
    ],
)
def test_a_hello_of_wrong_shape(spoiled: dict[str, object]) -> None:
    with pytest.raises(WireError):
        wire.hello_from(wire.hello_plain(wire.HelloOut("a", "d", "i")) | spoiled)


REPLY = wire.HelloReply(
    proto=1, server_time=ROW.at, log="log-1", epoch="ab" * 8, base=3, is_relay=True, head=HEAD,
    log_key=KEY.public, proof=(b"\x01" * 32,), durable=4, your_head={"i": (4, "ee" * 32)},
    actions=("epoch_changed",), limits={"herd": 60}, office="o-1", min_app="0.1",
)  # fmt: skip


def test_reply_there_and_back() -> None:
    assert wire.reply_from(json.loads(write_line(wire.reply_plain(REPLY)))) == REPLY


@pytest.mark.parametrize(
    "member", ["proto", "server_time", "log", "epoch", "base", "is_relay", "head", "log_key"]
)
def test_a_reply_needs_its_members(member: str) -> None:
    plain = wire.reply_plain(REPLY)
    del plain[member]
    with pytest.raises(WireError):
        wire.reply_from(plain)


def test_blob_states() -> None:
    states = {"aa": wire.BlobState("part", 5), "bb": wire.BlobState("have", 9, True)}
    assert wire.have_from(wire.have_plain(states)) == states
    assert wire.have_from({"aa": {"state": "melted", "offset": 5}}) == {"aa": wire.BlobState("missing", 5)}
    with pytest.raises(WireError):
        wire.have_from({"aa": {"state": "part", "offset": -1}})


def test_lease() -> None:
    assert wire.lease_from({"day": "2026-11-20", "first": 1, "last": 50}) == wire.Lease("2026-11-20", 1, 50)
    with pytest.raises(WireError):
        wire.lease_from({"day": "2026-11-20", "first": 1.5, "last": 50})


@given(st.binary(max_size=2000))
def test_pack_there_and_back(data: bytes) -> None:
    assert unpack(pack(data), max(1, len(data))) == data


def test_unpack_is_bounded() -> None:
    bomb = pack(b"\0" * 50_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(WireError, match="above"):
        unpack(bomb, 1_000_000)


def test_unpack_is_bounded_when_the_size_is_not_said() -> None:
    import zstandard

    packer = zstandard.ZstdCompressor().compressobj()
    bomb = packer.compress(b"\0" * 5_000_000) + packer.flush()
    with pytest.raises(WireError):
        unpack(bomb, 1_000_000)
    assert unpack(bomb, 5_000_000) == b"\0" * 5_000_000


@given(st.integers(1, 60))
def test_unpack_finds_a_cut(cut: int) -> None:
    packed = pack(bytes(range(256)) * 4)
    with pytest.raises(WireError):
        unpack(packed[:-cut], 10_000)
    with pytest.raises(WireError):
        unpack(packed + b"more", 10_000)


@given(st.binary(max_size=200))
def test_rubbish_is_a_wire_error(data: bytes) -> None:
    for read in (wire.decode_receipts, wire.decode_page, wire.decode_records):
        try:
            read(data)
        except WireError:
            continue
        assert not data.strip()
    with pytest.raises(WireError):
        unpack(b"x" + data, 1000)
    assert all(line.offer is not None for line in wire.decode_push(data))


def test_a_line_has_a_limit() -> None:
    with pytest.raises(WireError, match="line 3"):
        read_line(b'{"a":"' + b"x" * MAX_LINE + b'"}', 3)
    with pytest.raises(WireError, match="line 2: not JSON"):
        read_lines(b"{}\n" + b"[" * 100_000 + b"\n")


def test_base64_is_strict() -> None:
    assert from_b64("AAE=") == b"\0\1"
    for bad in ("A", "A E=", 5, None, "Đ"):
        with pytest.raises(WireError):
            from_b64(bad)
