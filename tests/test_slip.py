"""The slip that travels with the paper: bytes there and back, short, and never a trap to read."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import segno
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier, State
from onestop.domain.entry import Entry, body_hash, canonical, header_bytes, signed_message
from onestop.domain.fold import Verdict, fold
from onestop.domain.signing import SigningKey, is_signed
from onestop.domain.slip import (
    MAGIC,
    MARK,
    MAX_DIGITS,
    MAX_SLIP,
    body_fits,
    is_slip_text,
    pack_slip,
    read_slip,
    slip_bytes,
    slip_digits,
)
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.deeds import find_dossier
from onestop.office.intake import receive_dossier
from onestop.office.transfer import MAX_WORDS, transfer_in, transfer_out
from onestop.store.check import rebuild_store
from onestop.store.journal import read_journal
from onestop.store.tables import entries
from onestop.store.writer import entry_row
from tests.office_desk import (
    NEIGHBOUR,
    OWNER,
    RECEPTION,
    SPECIALIST,
    Seat,
    form,
    reach,
    receive,
    seated,
)

LONG_NAME = "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN THƯƠNG MẠI, DỊCH VỤ VÀ XÂY DỰNG NGUYỄN THỊ ĐẶNG HƯỜNG"


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def sent(seat: Seat) -> Entry:
    """The last entry of a dossier that a real officer sent to the neighbour."""
    return journal(seat, reach(seat, State.IN_TRANSIT))[-1]


def journal(seat: Seat, dossier: str) -> list[Entry]:
    with seat.store.read() as connection:
        return [entry for entry, _ in read_journal(connection, dossier)]


@pytest.fixture(scope="module")
def slip(tmp_path_factory: pytest.TempPathFactory) -> Entry:
    with seated(tmp_path_factory.mktemp("slip")) as seat:
        return sent(seat)


def test_a_slip_gives_the_same_signed_entry(seat: Seat, slip: Entry) -> None:
    there = read_slip(pack_slip(slip))
    assert there == slip
    key = seat.office.pen.key
    entry = read_slip(pack_slip(sent(seat)))
    assert is_signed(key.public, signed_message(entry.header_bytes), entry.signature)


def test_the_longest_that_may_be_written_fits_the_code(seat: Seat) -> None:
    """Long owner, procedure, agency; words to the limit; two forks to join."""
    owner = replace(OWNER, name=LONG_NAME)
    ident = receive_dossier(seat.as_(RECEPTION), form(owner=owner)).dossier.id
    words = "Thửa đất số 118, tờ bản đồ 24 thuộc địa bàn xã Hồi Xuân; đề nghị thẩm tra, xử lý theo quy chế. "
    away = replace(NEIGHBOUR, name="Chi nhánh Văn phòng Đăng ký đất đai khu vực Quan Hóa – Mường Lát")
    reason = (words * 9)[:MAX_WORDS]
    transfer_out(seat.as_(RECEPTION), ident, away, reason)
    entry = journal(seat, ident)[-1]
    header = replace(entry.header, parents=(*entry.header.parents, "5a" * 32))
    longest = replace(entry, header=header, header_bytes=header_bytes(header))
    assert len(pack_slip(longest)) <= MAX_SLIP


def test_an_everyday_slip_is_short(slip: Entry) -> None:
    assert len(pack_slip(slip)) < 700 < len(slip.header_bytes) + len(slip.body or b"") + 80


def test_words_beyond_the_slip_are_refused_before_anything_is_sent(seat: Seat) -> None:
    ident = receive(seat).id
    with pytest.raises(InputError) as caught:
        transfer_out(seat.as_(RECEPTION), ident, NEIGHBOUR, "a" * MAX_WORDS, "b")
    assert caught.value.field == "reason"
    assert find_dossier(seat.office, ident).state is State.RECEIVED


def test_an_entry_that_cannot_be_a_slip_says_so(slip: Entry) -> None:
    with pytest.raises(InputError, match="đã xoá"):
        pack_slip(replace(slip, body=None, salt=None))
    noise = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(900))
    with pytest.raises(InputError, match="quá dài"):
        pack_slip(replace(slip, body=canonical({"reason": noise})))


def test_whatever_may_be_sent_fits_with_the_longest_header(slip: Entry) -> None:
    """The room kept for the header is enough for one that does not compress at all."""
    digests = tuple(hashlib.sha256(bytes([n])).hexdigest() for n in range(8))
    uuids = [f"{d[:8]}-{d[8:12]}-7{d[13:16]}-{d[16:20]}-{d[20:32]}" for d in digests]
    longest = replace(
        slip.header,
        parents=digests[:4],
        prev=digests[4],
        grant=digests[5],
        body_hash=digests[6],
        device=uuids[0],
        dossier=uuids[1],
        mono=(uuids[2], 2**52),
        seen=(uuids[3], 2**40, "2026-11-20T01:12:05.123Z"),
        officer=uuids[4],
        incarnation=digests[7][:16],
    )
    name = "a"
    while body_fits({"reason": name}):
        name += hashlib.sha256(name.encode()).hexdigest()
    body = canonical({"reason": name[:-64]})
    assert body_fits({"reason": name[:-64]})
    packed = pack_slip(replace(slip, header=longest, header_bytes=header_bytes(longest), body=body))
    assert MAX_SLIP - 120 < len(packed) <= MAX_SLIP


def repacked(entry: Entry) -> bytes:
    """A slip made with care of an entry that is wrong."""
    return pack_slip(entry)


@pytest.mark.parametrize("part", ["kind", "body", "salt", "length", "header"])
def test_an_entry_that_is_not_whole_is_foreign(slip: Entry, part: str) -> None:
    assert slip.body is not None
    assert slip.salt is not None
    header = slip.header
    changed = {
        "kind": replace(header, kind=Act.FORWARD.value),
        "length": replace(header, body_length=header.body_length + 1),
    }
    wrong = {
        "body": replace(slip, body=slip.body.replace(b"H56", b"H57")),
        "salt": replace(slip, salt=bytes(16)),
        "header": replace(slip, header_bytes=slip.header_bytes.replace(b'"kv":1', b'"kv": 1')),
    }
    entry = wrong.get(part) or replace(slip, header_bytes=header_bytes(changed[part]))
    with pytest.raises(InputError, match="không phải phiếu chuyển"):
        read_slip(repacked(entry))


def test_a_body_that_is_no_canonical_json_is_foreign(slip: Entry) -> None:
    assert slip.salt is not None
    for body in (b"{", b"[" * 3000, b'{"b":1,"a":2}', b"1.5", b"\xff"):
        header = replace(slip.header, body_hash=body_hash(slip.salt, body), body_length=len(body))
        with pytest.raises(InputError):
            read_slip(pack_slip(replace(slip, header_bytes=header_bytes(header), body=body)))


def test_a_slip_that_unpacks_without_end_is_stopped() -> None:
    packer = zlib.compressobj(9)
    bomb = packer.compress(bytes(400_000)) + packer.flush()
    assert len(bomb) < 1000
    with pytest.raises(InputError):
        read_slip(MAGIC + bytes(80) + bomb)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=1400), st.booleans())
@example(b"", False)
@example(MAGIC, False)
def test_foreign_bytes_are_foreign(data: bytes, is_marked: bool) -> None:
    with pytest.raises(InputError):
        read_slip(MAGIC + data if is_marked else data)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2000), st.integers(1, 255), st.integers(0, 40))
def test_one_torn_byte_never_passes_for_another_entry(slip: Entry, place: int, flip: int, cut: int) -> None:
    """The signature is checked elsewhere; every other byte is bound by the hash or by the id."""
    packed = bytearray(pack_slip(slip))
    packed[place % len(packed)] ^= flip
    try:
        read = read_slip(bytes(packed[: len(packed) - cut]))
    except InputError:
        return
    assert (read.id, read.signature) != (slip.id, slip.signature)


@given(st.lists(st.sampled_from(["ab" * 8, "0" * 17, "g", "f" * 15, "é", "-", "0123456789abcdef" * 40])))
def test_hex_of_any_length_comes_back(slip: Entry, parts: list[str]) -> None:
    header = replace(slip.header, grant="".join(parts)[:700])
    entry = replace(slip, header=header, header_bytes=header_bytes(header))
    assert read_slip(pack_slip(entry)).header == header


# ---- on paper: one long number ------------------------------------------------------------


@given(st.binary(max_size=MAX_SLIP - len(MAGIC)))
@example(b"")
@example(bytes(9))
@example(b"\xff" * (MAX_SLIP - len(MAGIC)))
def test_every_slip_is_a_number_that_fits_the_code(data: bytes) -> None:
    text = slip_digits(MAGIC + data)
    assert is_slip_text(text)
    assert len(text) <= MAX_DIGITS
    assert slip_bytes(text) == MAGIC + data


def test_the_longest_number_is_a_code_of_version_25() -> None:
    longest = segno.make(slip_digits(MAGIC + b"\xff" * (MAX_SLIP - len(MAGIC))), error="l", micro=False)
    assert (longest.version, longest.mode) == (25, "numeric")
    one_more = slip_digits(MAGIC + b"\xff" * (MAX_SLIP - len(MAGIC) + 1))
    assert len(one_more) > MAX_DIGITS


@pytest.mark.parametrize(
    "text", ["", MARK, MARK + "0", MARK + "2", MARK + "x", MARK + "٣", MARK + "9" * 5000]
)
def test_what_is_no_number_of_a_slip_is_foreign(text: str) -> None:
    with pytest.raises(InputError, match="không phải phiếu chuyển"):
        slip_bytes(text)


def test_cards_and_codes_are_no_slips() -> None:
    """The first three digits of a citizen's number are a province, 001 to 096."""
    for text in ("H56.99.88-261120-0001", "079085001234||Nguyễn Thị Đặng Hường|01021985", "096190001234"):
        assert not is_slip_text(text)


# ---- the agency that knows nothing but the slip -----------------------------------------


def lay(seat: Seat, *journal: Entry) -> None:
    with seat.store.write() as connection:
        for entry in journal:
            connection.execute(entries.insert().values(**entry_row(entry)))
    rebuild_store(seat.store)


def at_neighbour(seat: Seat) -> Seat:
    catalogue = replace(seat.office.catalogue, agency=NEIGHBOUR)
    return replace(seat, office=replace(seat.office, catalogue=catalogue))


def test_the_other_agency_goes_on_from_the_slip_alone(tmp_path: Path) -> None:
    with seated(tmp_path / "here") as here, seated(tmp_path / "there", 2) as desk:
        ident = reach(here, State.IN_TRANSIT)
        whole = journal(here, ident)
        there = at_neighbour(desk)
        lay(there, read_slip(pack_slip(whole[-1])))
        stub = find_dossier(there.office, ident)
        _same_outside(stub, find_dossier(here.office, ident))
        assert stub.is_stub
        done = transfer_in(there.as_(RECEPTION), ident).dossier
        assert (done.state, done.is_stub, done.agency) == (State.PROCESSING, True, NEIGHBOUR.code)
        assert done.holder is not None
        assert (done.holder.officer, done.holder.is_taken) == (RECEPTION, True)
        deeds.forward(there.as_(RECEPTION), ident, deeds.Target("van-phong", SPECIALIST))
        theirs = journal(there, ident)[1:]
        full = fold([(entry, Verdict.ACCEPTED) for entry in (*whole, *theirs)])
        assert full is not None
        assert not full.is_stub
        assert not full.conflicts
        assert full.owner == find_dossier(here.office, ident).owner
        assert full.custody == find_dossier(there.office, ident).custody


def _same_outside(stub: Dossier, full: Dossier) -> None:
    assert (stub.code, stub.state, stub.in_transit_to) == (full.code, full.state, full.in_transit_to)
    assert (stub.owner.name, stub.received_at, stub.due_at) == (
        full.owner.name,
        full.received_at,
        full.due_at,
    )
    assert stub.clock.original_due_at == full.clock.original_due_at
    assert stub.subject.agencies == full.subject.agencies
    assert stub.subject.procedure.name == full.subject.procedure.name
    assert stub.holder is None
    assert not stub.conflicts


def test_a_slip_of_an_extended_dossier_keeps_both_dates(seat: Seat) -> None:
    ident = receive(seat).id
    day = seat.office.calendar.add_working_days(seat.office.now.date(), 9)
    due_at = seat.clock.at.replace(year=day.year, month=day.month, day=day.day)
    deeds.extend(seat.as_("u-binh"), ident, due_at, "Cần thêm thời gian")
    transfer_out(seat.as_(RECEPTION), ident, NEIGHBOUR, "Thẩm quyền", role="coordinating")
    full = find_dossier(seat.office, ident)
    stub = fold([(journal(seat, ident)[-1], Verdict.ACCEPTED)])
    assert stub is not None
    assert (stub.due_at, stub.clock.original_due_at) == (full.due_at, full.clock.original_due_at)
    assert stub.due_at != stub.clock.original_due_at


def test_a_key_of_another_desk_is_seen(slip: Entry) -> None:
    read = read_slip(pack_slip(slip))
    assert not is_signed(SigningKey.generate().public, signed_message(read.header_bytes), read.signature)
