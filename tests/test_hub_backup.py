"""The drill: a hub is backed up, works on, is lost, comes back, and the desks bring what it lost."""

import argparse
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from onestop.domain.dossier import State
from onestop.domain.signing import SigningKey
from onestop.errors import InputError, StoreError
from onestop.hub.backup import (
    BLOBS,
    BackupReport,
    make_backup,
    restore,
    run_backup,
    run_recovery_key,
    run_restore,
    run_restore_report,
)
from onestop.hub.founding import open_hub
from onestop.hub.hub import utc_now
from onestop.hub.recovery import make_recovery_key, opener, seal_to
from onestop.office import deeds
from onestop.office.intake import PaperForm
from onestop.paths import Profile
from onestop.store.backup_report import restore_report
from onestop.store.blobs import read_blob
from onestop.store.bundle_hello import greeting_for
from onestop.store.check import verify_store
from onestop.store.hub_store import open_hub_store
from onestop.store.journal import list_journals, read_dossier
from onestop.store.ledger import ingest, read_page, relay_news
from onestop.store.log import POLICY, found_ledger, office_stream, open_ledger, read_head
from onestop.store.papers import keep_blob
from onestop.store.parts import find_key
from onestop.store.peers import ROOT, add_peer, peer_of
from onestop.store.sealed import Opener, SealTo, new_pair
from onestop.store.sending import next_offers
from onestop.store.store import Store
from onestop.store.taking import take_hello, take_page
from tests.office_desk import Seat, reach, seated
from tests.postgres import fresh_database, postgres
from tests.test_backup import store_blob
from tests.town import OFFICE, Town, count, founded, rows_of

__all__ = ["fresh_database", "postgres"]

SECRET, PUBLIC = new_pair()
TO, BY = SealTo(public=PUBLIC), Opener(secret=SECRET)


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> Callable[[], str | None]:
    """Gives empty databases of one kind."""
    if request.param == "sqlite":
        return lambda: None
    made: Callable[[], str] = request.getfixturevalue("fresh_database")
    return made


def backed_up(town: Town, target: Path) -> BackupReport:
    return make_backup(town.store, town.store.blobs_folder, target, TO, town.now)


def durable(store: Store) -> int:
    with store.read() as connection:
        return read_head(connection, open_ledger(connection).log).durable


def greet(town: Town, seat: Seat) -> bool:
    """The desk says hello; whether it heard that the hub went back."""
    with seat.store.read() as connection:
        root = peer_of(connection, ROOT)
        assert root is not None
    checked = root.checkpoint.checkpoint.cursor if root.checkpoint else 0
    with town.store.read() as connection:
        ledger = open_ledger(connection)
        hello = greeting_for(connection, ledger, "", root.epoch, checked, town.now)
    with seat.store.write() as connection:
        outcome = take_hello(connection, hello)
    assert outcome.lies == ""
    return outcome.is_rewound


def folds(store: Store) -> dict[str, object]:
    with store.read() as connection:
        return {dossier: read_dossier(connection, dossier) for dossier in list_journals(connection)}


def attach_scan(seat: Seat, dossier: str, mark: int) -> str:
    source = seat.folder / "scan.pdf"
    source.write_bytes(b"%PDF-1.7\n" + random.Random(mark).randbytes(50_000))
    ref = keep_blob(seat.store, source)
    deeds.attach(seat.as_("u-mai"), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
    return ref.sha256


def upload(seat: Seat, town: Town, digest: str) -> None:
    with seat.store.read() as connection:
        key = find_key(connection, digest)
        assert key is not None
    assert store_blob(town, read_blob(seat.store.blobs_folder, digest, key)) == digest


def test_a_lost_hub_comes_back_and_the_desks_bring_the_rest(
    tmp_path: Path, seat: Seat, new_url: Callable[[], str | None]
) -> None:
    with seated(tmp_path / "second", index=2) as second, founded(tmp_path / "hub", new_url()) as town:
        for desk in (seat, second):
            town.join(desk)
            assert not greet(town, desk)
        early = reach(seat, State.PROCESSING)
        scan = attach_scan(seat, early, 1)
        reach(second, State.HANDED_OUT)
        for desk in (seat, second):
            town.push_all(desk)
        upload(seat, town, scan)
        made = backed_up(town, tmp_path / "usb")
        assert made.is_good
        assert durable(town.store) == made.durable == made.manifest.cursor

        lost = [reach(seat, State.RECEIVED), reach(second, State.PROCESSING)]
        late_scan = attach_scan(seat, early, 2)
        for desk in (seat, second):
            town.push_all(desk)
            town.pull(desk)
            greet(town, desk)
        upload(seat, town, late_scan)
        before, entries_before = folds(town.store), count(town.store, "entries")
        assert set(lost) <= set(before)
        now = town.now + timedelta(hours=8)

    store = open_hub_store(new_url(), tmp_path / "new" / "onestop.db", secrets.token_bytes(32))
    with closing(store):
        done = restore(store, store.blobs_folder, made.path, BY, now)
        again = Town(store, tmp_path / "new", now)
        assert (done.manifest.cursor, done.blobs, done.lost) == (made.durable, 1, 0)
        assert not set(lost) & set(folds(store))
        for desk in (seat, second):
            assert greet(again, desk)
            again.push_all(desk)
        for desk in (seat, second):
            again.pull(desk)
        assert folds(store) == before
        assert count(store, "entries") == entries_before
        for desk in (seat, second):
            assert verify_store(desk.store).findings == []
            assert folds(desk.store) == before
        with store.read() as connection:
            report = restore_report(connection)
        lost_entries = entries_before - made.manifest.parts["entries"].rows
        assert (report.recovered, report.gaps) == (lost_entries, ())
        assert backed_up(again, tmp_path / "usb2").is_good


def test_an_altered_hub_never_becomes_durable(tmp_path: Path, seat: Seat) -> None:
    with founded(tmp_path / "hub") as town:
        town.join(seat)
        reach(seat, State.PROCESSING)
        town.push_all(seat)
        with town.store.write() as connection:
            connection.exec_driver_sql("UPDATE dossiers SET owner_name = 'Người Khác'")
        made = backed_up(town, tmp_path / "usb")
        assert not made.is_good
        assert made.durable == durable(town.store) == 0
        assert "owner_name" in made.findings.findings[0].words


def test_a_scan_that_cannot_be_read_back_is_not_durable(tmp_path: Path, seat: Seat) -> None:
    with founded(tmp_path / "hub") as town:
        good, bad = store_blob(town, b"good"), store_blob(town, b"bad")
        place = town.store.blobs_folder / bad[:2] / bad
        place.write_bytes(place.read_bytes()[:-1] + b"\0")
        made = backed_up(town, tmp_path / "usb")
        assert (made.proved, made.blobs.total, made.is_good) == (1, 2, False)
        said = {digest: bool(is_durable) for digest, is_durable in
                rows_of(town.store, "SELECT sha256, is_durable FROM blobs")}  # fmt: skip
        assert said == {good: True, bad: False}


def test_a_backup_that_was_cancelled_leaves_nothing(tmp_path: Path, seat: Seat) -> None:
    def stop(done: int, total: int, words: str) -> None:
        raise KeyboardInterrupt

    with founded(tmp_path / "hub") as town:
        town.join(seat)
        reach(seat, State.RECEIVED)
        town.push_all(seat)
        with pytest.raises(KeyboardInterrupt):
            make_backup(town.store, town.store.blobs_folder, tmp_path / "usb", TO, town.now, stop)
        assert durable(town.store) == 0
        assert [path.name for path in (tmp_path / "usb").iterdir()] == []
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".verify")] == []


def test_wrong_key_flipped_byte_cut_file_write_nothing(tmp_path: Path, seat: Seat) -> None:
    with founded(tmp_path / "hub") as town:
        town.join(seat)
        reach(seat, State.PROCESSING)
        town.push_all(seat)
        path = backed_up(town, tmp_path / "usb").path
        now = town.now
    whole = path.read_bytes()
    places = random.Random(7)
    harmed = [(whole, Opener(secret=new_pair()[0])), (whole, Opener(passphrase="một mật khẩu nào đó"))]
    for place in [*range(0, 97, 7), *(places.randrange(97, len(whole)) for _ in range(12)), len(whole) - 1]:
        flipped = whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        harmed.append((flipped, BY))
    harmed += [(whole[: places.randrange(len(whole))], BY) for _ in range(8)]
    harmed += [(whole[:-1], BY), (whole + b"\0", BY), (b"", BY)]
    store = open_hub_store(None, tmp_path / "new" / "onestop.db", secrets.token_bytes(32))
    with closing(store):
        for content, by in harmed:
            path.write_bytes(content)
            with pytest.raises(StoreError):
                restore(store, store.blobs_folder, path, by, now)
            assert (count(store, "entries"), count(store, "records"), count(store, "local")) == (0, 0, 0)
        path.write_bytes(whole)
        restore(store, store.blobs_folder, path, BY, now)
        with pytest.raises(StoreError, match="không trống"):
            restore(store, store.blobs_folder, path, BY, now)


def test_scans_missing_from_the_backup_are_asked_for_again(tmp_path: Path) -> None:
    with founded(tmp_path / "hub") as town:
        kept, gone = store_blob(town, b"kept"), store_blob(town, b"gone")
        made = backed_up(town, tmp_path / "usb")
        now = town.now
    (tmp_path / "usb" / BLOBS / gone[:2] / gone).unlink()
    store = open_hub_store(None, tmp_path / "new" / "onestop.db", secrets.token_bytes(32))
    with closing(store):
        done = restore(store, store.blobs_folder, made.path, BY, now)
        assert (done.blobs, done.lost) == (1, 1)
        assert rows_of(store, "SELECT sha256 FROM blobs WHERE is_whole") == [(kept,)]
        with store.read() as connection:
            assert restore_report(connection).blobs == 1


def news_for_relay(root: Town, relay: Store, after: int) -> int:
    """What the root has since, taken by the relay into its own log; where it stands then."""
    with root.store.read() as connection:
        page = read_page(connection, open_ledger(connection), [office_stream(OFFICE), POLICY], after, 500)
    with relay.write() as connection:
        taken = take_page(connection, page.head.checkpoint.log, page)
        relay_news(connection, open_ledger(connection), taken, page)
    return page.next


def test_a_relay_is_backed_up_and_restored_by_its_own_numbers(tmp_path: Path, seat: Seat) -> None:
    relay = open_hub_store(None, tmp_path / "relay" / "onestop.db", secrets.token_bytes(32))
    again = open_hub_store(None, tmp_path / "relay2" / "onestop.db", secrets.token_bytes(32))
    with founded(tmp_path / "hub") as root, closing(relay), closing(again):
        root.join(seat)
        with relay.write() as connection:
            found_ledger(connection, SigningKey.generate(), True, OFFICE)
            add_peer(connection, root.ledger.log, ROOT, root.ledger.epoch, root.ledger.key.public)
        read = news_for_relay(root, relay, 0)
        reach(seat, State.PROCESSING)
        with seat.store.read() as connection:
            offers = next_offers(connection, ROOT, 500, 2**20)
        with relay.write() as connection:
            receipts = ingest(connection, open_ledger(connection), offers, "", root.now)
        assert {receipt.verdict for receipt in receipts} == {"seen"}
        root.push_all(seat)
        news_for_relay(root, relay, read)
        made = make_backup(relay, relay.blobs_folder, tmp_path / "usb", TO, root.now)
        assert made.findings.findings == []
        assert made.durable == made.manifest.cursor > len(offers)
        restore(again, again.blobs_folder, made.path, BY, root.now)
        assert folds(again) == folds(relay) != {}


# ---- keys -----------------------------------------------------------------------------


def test_the_recovery_key_is_two_files_and_the_public_one_cannot_open(tmp_path: Path) -> None:
    secret = tmp_path / "keys" / "tinh.pem"
    public = make_recovery_key(secret, "")
    assert secret.stat().st_mode & 0o077 == 0
    assert opener(secret, "").secret != b""
    assert seal_to(public, "").public != b""
    with pytest.raises(InputError):
        opener(public, "")
    with pytest.raises(InputError):
        seal_to(secret, "")
    with pytest.raises(StoreError, match="Đã có khoá"):
        make_recovery_key(secret, "")
    with pytest.raises(StoreError, match="Không đọc được"):
        seal_to(tmp_path / "none", "")


def test_a_recovery_key_may_have_a_passphrase(tmp_path: Path) -> None:
    secret = tmp_path / "tinh.pem"
    make_recovery_key(secret, "mật khẩu của tỉnh")
    assert len(opener(secret, "mật khẩu của tỉnh").secret) == 32
    with pytest.raises(InputError, match="không phải khoá phục hồi"):
        opener(secret, "mật khẩu sai")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InputError, match="quá ngắn"):
        seal_to(None, "ngắn")
    assert seal_to(None, "mật khẩu dài của tỉnh").passphrase


# ---- commands -------------------------------------------------------------------------


def wanted(folder: Path, **values: object) -> argparse.Namespace:
    given = {
        "data_dir": folder,
        "profile": None,
        "database": None,
        "recovery_key": None,
        "passphrase_file": None,
    }
    return argparse.Namespace(**(given | values))


def test_the_commands_of_a_whole_drill(
    tmp_path: Path, seat: Seat, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    words = tmp_path / "words"
    words.write_text("mật khẩu của khoá\n", "utf-8")
    assert run_recovery_key(wanted(old, file=tmp_path / "tinh.pem", passphrase_file=words)) == 0
    with closing(open_hub(Profile(old, "hub"), None, utc_now)) as hub:
        town = Town(hub.store, old)
        town.join(seat)
        reach(seat, State.PROCESSING)
        town.push_all(seat)
    public = tmp_path / "tinh.pem.pub"
    assert run_backup(wanted(old, target=tmp_path / "usb", recovery_key=public)) == 0
    said = capsys.readouterr().out
    assert "Đã phục hồi thử và kiểm tra: đã sao lưu chắc chắn đến số" in said
    (file,) = (tmp_path / "usb").glob("*.mcbak")
    secret = {"recovery_key": tmp_path / "tinh.pem", "passphrase_file": words}
    assert run_restore(wanted(new, file=file, **secret)) == 0
    assert "Kỳ sổ mới" in capsys.readouterr().out
    assert run_restore_report(wanted(new)) == 0
    assert "Các quầy đã gửi lại 0 bút ký của 0 hồ sơ" in capsys.readouterr().out
    with pytest.raises(StoreError, match="không trống"):
        run_restore(wanted(new, file=file, **secret))
    with pytest.raises(StoreError, match="chưa từng được phục hồi"):
        run_restore_report(wanted(old))


def test_a_wrong_key_is_told_before_a_folder_is_made(tmp_path: Path, seat: Seat) -> None:
    with founded(tmp_path / "hub") as town:
        path = backed_up(town, tmp_path / "usb").path
    make_recovery_key(tmp_path / "other.pem", "")
    with pytest.raises(StoreError, match="không mở được"):
        run_restore(wanted(tmp_path / "new", file=path, recovery_key=tmp_path / "other.pem"))
    assert not (tmp_path / "new").exists()
    with pytest.raises(StoreError, match="Chưa có máy chủ"):
        run_backup(wanted(tmp_path / "new", target=tmp_path / "usb", recovery_key=tmp_path / "other.pem.pub"))
