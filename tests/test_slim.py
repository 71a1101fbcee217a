"""Lines without what the other side can work out: there and back to the byte, and how much that is."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.checkpoint import Checkpoint, sign_checkpoint
from onestop.domain.entry import entry_id
from onestop.domain.offer import Offer, Page, Record
from onestop.domain.signing import SigningKey
from onestop.sync import wire
from onestop.sync.lines import pack
from tests.small_desk import SmallDesk

AT = "2026-11-20T01:12:05.123Z"
HEAD = sign_checkpoint(SigningKey(b"\x07" * 32), Checkpoint("log-1", "ab" * 8, 7, "cd" * 32, AT))


def a_day(dossiers: int = 40) -> list[Offer]:
    desk = SmallDesk()
    for _ in range(dossiers):
        desk.receive()
        for _ in range(4):
            desk.note(list(desk.dossiers)[-1])
    return desk.offers


def pushed(offers: list[Offer]) -> list[Offer | None]:
    return [line.offer for line in wire.decode_push(wire.encode_push(offers))]


def page_of(offers: list[Offer]) -> Page:
    records = [
        Record(n, "entry", entry_id(offer.header), AT, None, offer, "accepted", "", AT)
        for n, offer in enumerate(offers, 1)
    ]
    return Page(tuple(records), len(offers), False, HEAD, 0)


def test_real_entries_come_back_to_the_byte() -> None:
    offers = a_day()
    assert pushed(offers) == offers
    assert pushed(offers[7:]) == offers[7:]  # the chain goes on from what is not in this message
    page = page_of(offers)
    assert wire.decode_page(wire.encode_page(page)) == page


def test_an_entry_takes_little_more_than_its_signature_and_salt() -> None:
    offers = a_day(100)
    raw = b"".join(wire.offer_line(offer) for offer in offers)
    slim = len(pack(wire.encode_push(offers)))
    assert slim < 0.6 * len(pack(raw))
    assert slim / len(offers) < 64 + 16 + 50


def test_erased_bodies_and_binary_ones_travel_too() -> None:
    offers = a_day(3)
    offers[2] = replace(offers[2], body=None, salt=None)
    offers[5] = replace(offers[5], body=b"\xff\x00binary")
    offers[7] = replace(offers[7], body="\ud7ff\x01\x02đ".encode() * 50)
    assert pushed(offers) == offers


def test_a_header_that_looks_like_a_mark_stays_as_it_is() -> None:
    header = '{"act":"~b","bh":"~1","x":"Đặng"}'.encode()
    odd = Offer(header, b"s" * 64, b"{}", b"t" * 16)
    assert pushed([odd, *a_day(1), odd])[0] == odd


def test_a_mark_that_leads_nowhere_spoils_its_line_alone() -> None:
    good = a_day(1)
    bad = json.dumps({"c": '{"prev":"~9"}', "s": "", "t": "{}", "salt": None}).encode() + b"\n"
    lines = wire.decode_push(bad + wire.encode_push(good[:1]))
    assert "no entry on line 9" in lines[0].fault
    assert lines[1].offer == good[0]


odd_texts = st.text(alphabet=st.sampled_from('"~b0123ađ\\\n\u2028a'), max_size=40)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(odd_texts, st.none() | st.binary(max_size=40) | odd_texts.map(str.encode)), max_size=8)
)
def test_whatever_a_header_and_a_body_say(parts: list[tuple[str, bytes | None]]) -> None:
    offers = [Offer(header.encode(), b"s", body, b"t" if body else None) for header, body in parts]
    assert pushed(offers) == offers
    page = page_of(offers)
    assert wire.decode_page(wire.encode_page(page)) == page
