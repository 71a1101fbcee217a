"""Bundles on a stick: sealed both ways, looked at before taken, harmless when forged or brought twice."""

import random
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onestop.domain.dossier import State
from onestop.domain.signing import SigningKey
from onestop.errors import OfficeError, Refused, StoreError
from onestop.store.bundle import FORMAT, PURPOSE, begin_bundle, box_of, write_bundle
from onestop.store.bundle_in import box_secret, ensure_box, preview_bundle
from onestop.store.bundle_lines import SignedReader, SignedWriter
from onestop.store.bundle_return import FORMAT as RETURN_FORMAT
from onestop.store.bundle_return import PURPOSE as RETURN
from onestop.store.ledger import revoke
from onestop.store.log import open_ledger
from onestop.store.rows import get_local
from onestop.store.sealed import Opener, SealTo, new_pair, public_of
from onestop.sync.courier import look_into, preview_words, send_out, take_back, take_out
from onestop.sync.packed import sealing, unsealing
from tests.office_desk import MORNING, Seat, reach, seated
from tests.test_hub_backup import attach_scan, folds, greet, upload
from tests.town import Town, count, founded, rows_of

KEY = SigningKey(bytes(range(32)))


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with founded(tmp_path / "hub") as made:
        yield made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder / "quay-1.mcb"


def carried(town: Town, seat: Seat, stick: Path) -> Path:
    """A bundle out of a desk and into the hub; the return."""
    send_out(seat.store, stick, town.now)
    _, back = take_out(town.store, town.ledger, stick, look_into(town.store, stick), town.now)
    return back


# ---- the whole way ----------------------------------------------------------------------


def test_work_goes_up_and_receipts_come_back(town: Town, seat: Seat, stick: Path, tmp_path: Path) -> None:
    with seated(tmp_path / "second", index=2) as second:
        town.join(seat)
        town.join(second)
        dossier = reach(seat, State.PROCESSING)
        scan = attach_scan(seat, dossier, 1)
        reach(second, State.HANDED_OUT)
        town.push_all(second)
        waiting = count(seat.store, "outbox")
        report = send_out(seat.store, stick, town.now)
        assert (report.entries, report.blobs, report.lost) == (waiting, 1, ())
        assert count(seat.store, "outbox") == waiting  # nothing is said to be sent
        seen = look_into(town.store, stick)
        assert (seen.office, seen.entries, seen.blobs, seen.unreadable) == ("H56.99.88", waiting, 1, 0)
        assert [(origin.office, origin.entries) for origin in seen.origins] == [("H56.99.88", waiting)]
        assert count(town.store, "entries") == count(second.store, "entries")  # a look takes nothing
        delivery, back = take_out(town.store, town.ledger, stick, seen, town.now)
        assert delivery.count("quarantined") == 0
        assert (delivery.taken, delivery.had, delivery.refused) == (1, 0, 0)
        assert rows_of(town.store, "SELECT sha256 FROM blobs WHERE is_whole") == [(scan,)]
        taken = take_back(seat.store, back)
        assert taken.receipts == waiting
        assert count(seat.store, "outbox") == 0
        assert folds(seat.store) == folds(town.store)  # and the other desk's work came down with it
        assert len(folds(seat.store)) == 2


def test_a_bundle_brought_twice_and_a_return_taken_twice_change_nothing(
    town: Town, seat: Seat, stick: Path
) -> None:
    town.join(seat)
    attach_scan(seat, reach(seat, State.PROCESSING), 1)
    back = carried(town, seat, stick)
    entries, records = count(town.store, "entries"), count(town.store, "records")
    kept = back.read_bytes()
    delivery, _ = take_out(town.store, town.ledger, stick, look_into(town.store, stick), town.now)
    assert all(receipt.is_repeat for receipt in delivery.receipts)
    assert (delivery.had, count(town.store, "entries"), count(town.store, "records")) == (1, entries, records)
    back.write_bytes(kept)
    take_back(seat.store, back)
    with pytest.raises(StoreError, match="Không mở được biên nhận"):
        take_back(seat.store, back)


def test_a_desk_that_had_a_line_meanwhile_takes_only_what_is_new(
    town: Town, seat: Seat, stick: Path, tmp_path: Path
) -> None:
    with seated(tmp_path / "second", index=2) as second:
        town.join(seat)
        town.join(second)
        reach(seat, State.RECEIVED)
        reach(second, State.RECEIVED)
        town.push_all(second)
        back = carried(town, seat, stick)
        town.push_all(seat)
        town.pull(seat)
        before = rows_of(seat.store, "SELECT id, cursor, verdict FROM entries ORDER BY n")
        assert take_back(seat.store, back).records == 0
        assert rows_of(seat.store, "SELECT id, cursor, verdict FROM entries ORDER BY n") == before


def test_another_desk_carries_the_entries_of_one_that_died(
    town: Town, seat: Seat, stick: Path, tmp_path: Path
) -> None:
    from onestop.domain.offer import Offer, Record
    from onestop.store.sending import carry_all
    from onestop.store.taking import take_offers

    with seated(tmp_path / "second", index=2) as second:
        town.join(seat)
        town.join(second)
        town.pull(seat)
        reach(second, State.PROCESSING)
        with second.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, header, signature, body, salt FROM entries").all()
        found = [Record(0, "entry", row[0].hex(), "", None, Offer(*row[1:])) for row in rows]
        with seat.store.write() as connection:
            take_offers(connection, found)
            carry_all(connection)
        carried(town, seat, stick)
        seen = look_into(town.store, stick)
        assert {origin.name for origin in seen.origins} == {"Quầy 01"}  # both practice desks bear it
        assert len(seen.origins) == 1
        assert seen.origins[0].device != seen.sender.device
        town.pull(second)  # what the hub said of them
        assert folds(town.store) == folds(second.store)
        assert count(second.store, "outbox") == 0


def test_a_restored_hub_is_heard_of_by_stick_alone(
    town: Town, seat: Seat, stick: Path, tmp_path: Path
) -> None:
    import secrets
    from contextlib import closing

    from onestop.hub.backup import make_backup, restore
    from onestop.store.hub_store import open_hub_store

    town.join(seat)
    greet(town, seat)
    reach(seat, State.RECEIVED)
    town.push_all(seat)
    secret, public = new_pair()
    made = make_backup(town.store, town.store.blobs_folder, tmp_path / "usb", SealTo(public=public), town.now)
    reach(seat, State.PROCESSING)
    town.push_all(seat)
    town.pull(seat)
    greet(town, seat)
    before = folds(town.store)
    store = open_hub_store(None, tmp_path / "new" / "onestop.db", secrets.token_bytes(32))
    with closing(store):
        restore(store, store.blobs_folder, made.path, Opener(secret=secret), town.now)
        again = Town(store, tmp_path / "new", town.now)
        assert len(folds(store)) == 1
        take_back(seat.store, carried(again, seat, stick))  # the desk learns that the hub went back
        assert count(seat.store, "outbox") > 0
        take_back(seat.store, carried(again, seat, stick.with_name("second.mcb")))
        assert count(seat.store, "outbox") == 0
        assert folds(store) == before == folds(seat.store)


def test_a_scan_that_is_gone_does_not_hold_the_entries_back(town: Town, seat: Seat, stick: Path) -> None:
    town.join(seat)
    scan = attach_scan(seat, reach(seat, State.RECEIVED), 1)
    (seat.store.blobs_folder / scan[:2] / scan).unlink()
    report = send_out(seat.store, stick, town.now)
    assert report.lost == (scan,)
    delivery, _ = take_out(town.store, town.ledger, stick, look_into(town.store, stick), town.now)
    assert len(delivery.receipts) == report.entries


def test_scans_already_there_are_not_written_again(town: Town, seat: Seat, stick: Path) -> None:
    town.join(seat)
    scan = attach_scan(seat, reach(seat, State.RECEIVED), 1)
    town.push_all(seat)
    upload(seat, town, scan)
    send_out(seat.store, stick, town.now)
    delivery, _ = take_out(town.store, town.ledger, stick, look_into(town.store, stick), town.now)
    assert (delivery.taken, delivery.had) == (0, 1)


# ---- what is not ours -------------------------------------------------------------------


def test_a_desk_without_a_hub_writes_no_bundle(seat: Seat, stick: Path) -> None:
    with pytest.raises(StoreError, match="chưa nối với máy chủ nào"):
        send_out(seat.store, stick, MORNING)
    assert not stick.exists()


def test_the_stick_tells_nothing_to_whoever_finds_it(town: Town, seat: Seat, stick: Path) -> None:
    town.join(seat)
    reach(seat, State.RECEIVED)
    send_out(seat.store, stick, town.now)
    raw = stick.read_bytes()
    with seat.store.read() as connection:
        device = get_local(connection, "desk")["device"]
    assert device.encode() not in raw
    assert "Lò Thị Đức".encode() not in raw
    assert [path.name for path in stick.parent.iterdir()] == [stick.name]


def test_another_hub_cannot_open_it(town: Town, seat: Seat, stick: Path, tmp_path: Path) -> None:
    town.join(seat)
    reach(seat, State.RECEIVED)
    send_out(seat.store, stick, town.now)
    with founded(tmp_path / "other") as other, pytest.raises(StoreError, match="không mở được"):
        look_into(other.store, stick)


def forge(town: Town, path: Path, key: SigningKey, device: str, lines: list[dict[str, object]]) -> None:
    """A bundle by somebody who knows the public box key and the format."""

    with town.store.read() as connection:
        secret = box_secret(connection)
    public = public_of(secret)
    first = {
        "bundle": "0" * 32,
        "device": device,
        "log": town.ledger.log,
        "epoch": town.ledger.epoch,
        "cursor": 0,
    }
    first |= {
        "checked": 0,
        "reply_to": new_pair()[1].hex(),
        "at": "2026-11-20T01:00:00.000Z",
        "entries": len(lines),
    }
    with sealing(path, SealTo(public=public), PURPOSE) as sink:
        writer = SignedWriter(sink, FORMAT, first)
        for line in lines:
            writer.line(line)
        writer.finish(key)


def device_of(seat: Seat) -> tuple[str, SigningKey]:
    with seat.store.read() as connection:
        desk = get_local(connection, "desk")
    return desk["device"], SigningKey(bytes.fromhex(desk["secret"]))


def test_a_forged_sender_an_unknown_one_and_a_revoked_one_are_refused(
    town: Town, seat: Seat, stick: Path
) -> None:
    town.join(seat)
    device, key = device_of(seat)
    records = count(town.store, "records")
    forge(town, stick, KEY, device, [])
    with pytest.raises(Refused, match="Chữ ký của gói"):
        look_into(town.store, stick)
    forge(town, stick, KEY, "0190-unknown", [])
    with pytest.raises(Refused, match="máy không quen"):
        look_into(town.store, stick)
    forge(town, stick, key, device, [])
    assert look_into(town.store, stick).entries == 0
    with town.store.write() as connection:
        revoke(connection, open_ledger(connection), "device", device, "mất máy", town.now)
    with pytest.raises(Refused, match="thu hồi"):
        look_into(town.store, stick)
    assert count(town.store, "records") == records + 1  # the revocation alone


def test_entries_of_unknown_devices_are_named_and_set_aside(
    town: Town, seat: Seat, stick: Path, tmp_path: Path
) -> None:
    with seated(tmp_path / "stranger", index=3) as stranger:
        reach(stranger, State.RECEIVED)
        with stranger.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT header, signature, body, salt FROM entries").all()
    from onestop.domain.offer import Offer, offer_plain

    town.join(seat)
    device, key = device_of(seat)
    lines: list[dict[str, object]] = [{"offer": offer_plain(Offer(*row))} for row in rows]
    lines.append({"offer": offer_plain(Offer(b"{}", b"", None, None))})
    forge(town, stick, key, device, lines)
    seen = look_into(town.store, stick)
    assert seen.unreadable == 1
    assert [(origin.is_known, origin.entries) for origin in seen.origins] == [(False, len(rows))]
    assert any("KHÔNG QUEN" in line for line in preview_words(seen))
    delivery, _ = take_out(town.store, town.ledger, stick, seen, town.now)
    assert delivery.count("accepted") == delivery.count("flagged") == 0
    assert count(town.store, "entries") == 0


def test_a_scan_no_entry_names_or_under_a_false_name_is_not_kept(town: Town, seat: Seat, stick: Path) -> None:
    from hashlib import sha256

    town.join(seat)
    device, key = device_of(seat)

    def with_scan(name: str, content: bytes) -> None:
        courier = begin_bundle(seat.store)
        with seat.store.read() as connection:
            public = box_of(connection)
        first: dict[str, object] = {
            "bundle": courier.bundle,
            "device": device,
            "log": courier.log,
            "epoch": courier.epoch,
        }
        first |= {"cursor": 0, "checked": 0, "reply_to": courier.reply_to.hex(), "at": "x", "entries": 0}
        with sealing(stick, SealTo(public=public), PURPOSE) as sink:
            writer = SignedWriter(sink, FORMAT, first)
            writer.line({"blob": name, "length": len(content)})
            writer.raw(content)
            writer.finish(key)

    with_scan(sha256(b"unasked").hexdigest(), b"unasked")
    delivery, _ = take_out(town.store, town.ledger, stick, look_into(town.store, stick), town.now)
    assert (delivery.taken, delivery.refused, count(town.store, "blobs")) == (0, 1, 0)
    with_scan(sha256(b"something").hexdigest(), b"something else")
    with pytest.raises(StoreError, match="hỏng"):
        look_into(town.store, stick)


def test_a_return_of_another_hub_or_for_another_desk_is_refused(
    town: Town, seat: Seat, stick: Path, tmp_path: Path
) -> None:
    town.join(seat)
    reach(seat, State.RECEIVED)
    back = carried(town, seat, stick)
    with seat.store.read() as connection:
        ((_, secret),) = get_local(connection, "courier").items()
    with unsealing(back, Opener(secret=bytes.fromhex(secret)), RETURN) as source:
        reader = SignedReader(source, RETURN_FORMAT)
        lines = []
        while (line := reader.line()) is not None:
            lines.append(line)

    to = SealTo(public=public_of(bytes.fromhex(secret)))
    for key, first, words in (
        (KEY, reader.first, "không phải của máy chủ này"),
        (town.ledger.key, reader.first | {"device": "0190-other"}, "quầy khác"),
        (town.ledger.key, reader.first | {"hello": {}}, "hỏng"),
    ):
        with sealing(back, to, RETURN) as sink:
            writer = SignedWriter(sink, RETURN_FORMAT, first)
            for line in lines:
                writer.line(line)
            writer.finish(key)
        with pytest.raises(OfficeError, match=words):
            take_back(seat.store, back)
        assert count(seat.store, "outbox") > 0


# ---- bytes ------------------------------------------------------------------------------


def test_every_flip_and_cut_of_a_bundle_and_of_a_return_is_refused(
    town: Town, seat: Seat, stick: Path
) -> None:
    town.join(seat)
    attach_scan(seat, reach(seat, State.RECEIVED), 1)
    back = carried(town, seat, stick)
    at_hub, at_desk = count(town.store, "records"), count(seat.store, "outbox")
    bundle, answer = stick.read_bytes(), back.read_bytes()
    chance = random.Random(3)
    read: list[tuple[Path, bytes, Callable[[], object]]] = [
        (stick, bundle, lambda: look_into(town.store, stick)),
        (back, answer, lambda: take_back(seat.store, back)),
    ]
    for path, whole, take in read:
        for _ in range(40):
            place = chance.randrange(len(whole))
            for harmed in (whole[:place], whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]):
                path.write_bytes(harmed)
                with pytest.raises(StoreError):
                    take()
        path.write_bytes(whole)
    assert (count(town.store, "records"), count(seat.store, "outbox")) == (at_hub, at_desk)
    take_back(seat.store, back)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, bytes]]:
    """A hub, and the plain stream of a good bundle for it."""
    folder = tmp_path_factory.mktemp("plain")
    with founded(folder / "hub") as made, seated(folder / "desk") as desk:
        made.join(desk)
        attach_scan(desk, reach(desk, State.RECEIVED), 1)
        sink = BytesIO()
        write_bundle(desk.store, begin_bundle(desk.store), sink, "2026-11-20T01:00:00.000Z")
        yield made, sink.getvalue()


def test_the_plain_stream_is_read(plain: tuple[Town, bytes]) -> None:
    town, good = plain
    with town.store.read() as connection:
        assert preview_bundle(connection, BytesIO(good)).blobs == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), length=st.integers(0, 40), put=st.binary(max_size=40))
def test_bytes_changed_inside_the_seal_are_refused(
    plain: tuple[Town, bytes], place: int, length: int, put: bytes
) -> None:
    town, good = plain
    at = place % len(good)
    harmed = good[:at] + put + good[at + length :]
    if harmed == good:
        return
    with town.store.read() as connection, pytest.raises(OfficeError):
        preview_bundle(connection, BytesIO(harmed))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.lists(st.text(max_size=60)).map(lambda lines: "\n".join(lines).encode()))
def test_rubbish_inside_the_seal_is_refused(plain: tuple[Town, bytes], rubbish: bytes) -> None:
    town, good = plain
    head = good[: good.index(b"\n") + 1]
    with town.store.read() as connection:
        for stream in (rubbish, head + rubbish, head + rubbish + good[-200:]):
            with pytest.raises(OfficeError):
                preview_bundle(connection, BytesIO(stream))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIRSTS = st.sampled_from(["bundle", "device", "log", "epoch", "cursor", "checked", "reply_to", "entries"])
NAMES = st.sampled_from(["offer", "blob", "length", "signature", "receipt", "record", "page", "format", "h"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.dictionaries(NAMES, JSON, max_size=3), max_size=4),
    odd=st.dictionaries(FIRSTS, JSON),
)
def test_lines_of_any_shape_are_refused_in_words_even_when_signed(
    plain: tuple[Town, bytes], lines: list[dict[str, object]], odd: dict[str, object]
) -> None:
    town, good = plain
    reader = SignedReader(BytesIO(good), FORMAT)
    sink = BytesIO()
    writer = SignedWriter(
        sink, FORMAT, {name: v for name, v in reader.first.items() if name != "format"} | odd
    )
    for line in lines:
        writer.line(line)
    writer.finish(KEY)
    with town.store.read() as connection, pytest.raises(OfficeError):
        preview_bundle(connection, BytesIO(sink.getvalue()))


def test_the_box_key_is_made_once(town: Town) -> None:
    with town.store.write() as connection:
        first = ensure_box(connection, open_ledger(connection), town.now)
        assert ensure_box(connection, open_ledger(connection), town.now) == first
    assert rows_of(town.store, "SELECT count(*) FROM office_rows WHERE kind = 'box'") == [(1,)]


def test_a_box_key_that_the_log_did_not_sign_is_not_used(town: Town, seat: Seat, stick: Path) -> None:
    from onestop.store.rows import put_reference

    town.join(seat)
    with seat.store.write() as connection:
        wrong = {"log": town.ledger.log, "public": new_pair()[1].hex(), "signature": "00" * 64}
        put_reference(connection, "box", town.ledger.log, "2", wrong)
    with pytest.raises(StoreError, match="Chưa có khoá"):
        send_out(seat.store, stick, town.now)
