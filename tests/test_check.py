"""Whatever is edited in the database file by other hands is found by `verify`."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.dossier import State
from onestop.domain.entry import canonical, signed_message
from onestop.domain.offer import Offer, Record
from onestop.domain.signing import SigningKey
from onestop.errors import StoreError
from onestop.office import deeds
from onestop.office.deeds import Target
from onestop.office.intake import PaperForm, PartyForm
from onestop.store.check import Report, rebuild_store, verify_store
from onestop.store.cipher import connect
from onestop.store.papers import keep_blob
from onestop.store.store import open_store
from onestop.store.taking import take_offers
from onestop.store.vault import load_key
from tests.hub_desk import hub_in
from tests.office_desk import (
    HEAD,
    OWNER,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    open_seat,
    reach,
    receive,
    seated,
)

Edit = Callable[[Any], None]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store after a day's work: a dossier in every state, papers, more than one person."""
    folder = tmp_path_factory.mktemp("worked")
    with seated(folder) as seat:
        for state in State:
            reach(seat, state)
        _with_papers(seat)
        receive(seat, owner=PartyForm(name="Y Khoa Êban", id_number="066092012345", address="Buôn Ky"))
    return folder


def _with_papers(seat: Seat) -> None:
    office = seat.as_(RECEPTION)
    ident = receive(seat).id
    for number in range(2):
        scan = seat.folder / f"scan{number}.pdf"
        scan.write_bytes(b"%PDF-1.7\n" + bytes([number]) * 70_000)
        ref = keep_blob(seat.store, scan)
        scan.unlink()
        deeds.attach(office, ident, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))


def verified(folder: Path) -> Report:
    store = open_store(folder / "onestop.db", load_key(folder))
    try:
        return verify_store(store)
    finally:
        store.close()


def edited(worked: Path, tmp_path: Path, edit: Edit) -> Path:
    """A copy of the worked store that somebody with the key has edited."""
    folder = tmp_path / "copy"
    shutil.copytree(worked, folder)
    connection = connect(folder / "onestop.db", load_key(folder))
    connection.execute("PRAGMA foreign_keys=OFF")
    edit(connection)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder


def sql(*statements: str) -> Edit:
    def edit(connection: Any) -> None:
        for statement in statements:
            changed = connection.execute(statement).rowcount
            assert changed, f"changed nothing: {statement}"

    return edit


_LAST = "(SELECT max(n) FROM entries)"
_SPARE = "(SELECT dossier FROM entries WHERE n = 4)"

ENTRIES = {
    "id": "UPDATE entries SET id = randomblob(32) WHERE n = 5",
    "id of another type": "UPDATE entries SET id = 'x' WHERE n = 5",
    "dossier": f"UPDATE entries SET dossier = {_SPARE} WHERE n = 9",
    "dossier forgotten": "UPDATE entries SET dossier = NULL WHERE n = 9",
    "device": "UPDATE entries SET device = 'other' WHERE n = 5",
    "incarnation": "UPDATE entries SET incarnation = 'ffffffffffffffff' WHERE n = 5",
    "seq": "UPDATE entries SET seq = 9999 WHERE n = 5",
    "seq of another type": "UPDATE entries SET seq = 'x' WHERE n = 5",
    "kind": "UPDATE entries SET kind = 'approve' WHERE n = 5",
    "at": "UPDATE entries SET at = '2026-11-01T00:00:00.000Z' WHERE n = 5",
    "header": "UPDATE entries SET header = replace(header, 'u-mai', 'u-duc') WHERE n = 5",
    "header as bytes": (
        "UPDATE entries SET header = CAST(replace(CAST(header AS TEXT), 'u-mai', 'u-duc') AS BLOB) "
        "WHERE n = 5"
    ),
    "header cut": "UPDATE entries SET header = substr(header, 1, 100) WHERE n = 5",
    "header emptied": "UPDATE entries SET header = x'' WHERE n = 5",
    "signature": "UPDATE entries SET signature = randomblob(64) WHERE n = 5",
    "signature cut": "UPDATE entries SET signature = substr(signature, 1, 63) WHERE n = 5",
    "signature of another": (
        "UPDATE entries SET signature = (SELECT signature FROM entries WHERE n = 6) WHERE n = 5"
    ),
    "body": 'UPDATE entries SET body = CAST(\'{"text":"x"}\' AS BLOB) WHERE n = 5',
    "body no json": "UPDATE entries SET body = x'ff00' WHERE n = 5",
    "body a list": "UPDATE entries SET body = CAST('[]' AS BLOB) WHERE n = 5",
    "body as text": "UPDATE entries SET body = '{}' WHERE n = 5",
    "body erased": "UPDATE entries SET body = NULL WHERE n = 5",
    "salt": "UPDATE entries SET salt = randomblob(16) WHERE n = 5",
    "salt erased": "UPDATE entries SET salt = NULL WHERE n = 5",
    "body and salt erased": "UPDATE entries SET body = NULL, salt = NULL WHERE n = 5",
    "verdict": "UPDATE entries SET verdict = 'quarantined' WHERE n = 5",
    "verdict of no kind": "UPDATE entries SET verdict = 'ok' WHERE n = 5",
    "cursor": "UPDATE entries SET cursor = 5 WHERE n = 5",
    "first gone": "DELETE FROM entries WHERE n = 1",
    "middle gone": "DELETE FROM entries WHERE n = 20",
    "last gone": f"DELETE FROM entries WHERE n = {_LAST}",
    "all gone": "DELETE FROM entries",
    "a journal gone": f"DELETE FROM entries WHERE dossier = {_SPARE}",
    "order": "UPDATE entries SET n = 100000 WHERE n = 5",
    "outbox row gone": "DELETE FROM outbox WHERE entry = 5",
    "outbox emptied": "DELETE FROM outbox",
    "outbox row added": "INSERT INTO outbox VALUES (100000, 0, '', '')",
}

OTHERS = {
    "head seq": "UPDATE device_heads SET seq = seq - 1",
    "head entry": "UPDATE device_heads SET entry = 'x'",
    "head at": "UPDATE device_heads SET at = '2020-01-01T00:00:00.000Z'",
    "head gone": "DELETE FROM device_heads",
    "head added": "INSERT INTO device_heads VALUES ('other', '0', 3, 'x', '2026-11-20T00:00:00.000Z')",
    "device key": "UPDATE devices SET public_key = randomblob(32)",
    "device key cut": "UPDATE devices SET public_key = x'00'",
    "device gone": "DELETE FROM devices",
    "device added": "INSERT INTO devices VALUES ('other', randomblob(32), 'Quầy lạ')",
    "grant gone": "DELETE FROM reference WHERE kind = 'grant'",
    "grant changed": "UPDATE reference SET value = replace(value, 'self', 'hub') WHERE kind = 'grant'",
    "grant no json": "UPDATE reference SET value = 'x' WHERE kind = 'grant'",
    "desk gone": "DELETE FROM local WHERE key = 'desk'",
    "desk no json": "UPDATE local SET value = 'x' WHERE key = 'desk'",
    "desk a list": "UPDATE local SET value = '[]' WHERE key = 'desk'",
    "desk of another key": (
        "UPDATE local SET value = json_set(value, '$.secret', hex(randomblob(32))) WHERE key = 'desk'"
    ),
    "desk of another name": (
        "UPDATE local SET value = json_set(value, '$.device', 'other') WHERE key = 'desk'"
    ),
    "desk under another grant": (
        "UPDATE local SET value = json_set(value, '$.grant', 'other') WHERE key = 'desk'"
    ),
    "row gone": f"DELETE FROM dossiers WHERE id = {_SPARE}",
    "row added": (
        "INSERT INTO dossiers SELECT * FROM (SELECT 99999 AS n, 'x' AS id, 'H56.99.88-261120-0099' AS code, "
        "{rest} FROM dossiers LIMIT 1)"
    ),
    "row under another number": f"UPDATE dossiers SET n = 99999 WHERE id = {_SPARE}",
    "code rubbish": f"UPDATE dossiers SET code = 'x' WHERE id = {_SPARE}",
    "words gone": "DELETE FROM search WHERE rowid = 2",
    "words of another": "INSERT OR REPLACE INTO search(rowid, words) VALUES (2, 'nguyen van a')",
    "words emptied": "INSERT OR REPLACE INTO search(rowid, words) VALUES (2, '')",
    "words added": "INSERT INTO search(rowid, words) VALUES (99999, 'nguyen van a')",
    "serial lowered": "UPDATE serials SET last = last - 1 WHERE series LIKE 'code %'",
    "serial raised": "UPDATE serials SET last = last + 1 WHERE series LIKE 'code %'",
    "serial gone": "DELETE FROM serials WHERE series LIKE 'code %'",
    "serial added": "INSERT INTO serials VALUES ('code H56.99.88 261121', 1)",
    "register lowered": "UPDATE serials SET last = last - 1 WHERE series LIKE 'register %'",
    "register raised": "UPDATE serials SET last = last + 1 WHERE series LIKE 'register %'",
    "blob key gone": "DELETE FROM blob_keys WHERE dossier != 'drafts'",
    "blob key altered": "UPDATE blob_keys SET wrapped = randomblob(60) WHERE dossier != 'drafts'",
    "blob key cut": "UPDATE blob_keys SET wrapped = x'00' WHERE dossier != 'drafts'",
    "blob key of a draft altered": "UPDATE blob_keys SET wrapped = randomblob(60) WHERE dossier = 'drafts'",
    "blob key for a stranger": (
        "INSERT INTO blob_keys SELECT sha256, 'x', wrapped FROM blob_keys WHERE dossier = 'drafts'"
    ),
    "dossier key gone": "DELETE FROM dossier_keys WHERE dossier != 'drafts'",
    "dossier key altered": "UPDATE dossier_keys SET key = randomblob(32) WHERE dossier != 'drafts'",
    "dossier key cut": "UPDATE dossier_keys SET key = x'00' WHERE dossier != 'drafts'",
    "dossier key for a stranger": "INSERT INTO dossier_keys VALUES ('x', randomblob(32))",
}

_TEXTS = (
    *("id", "procedure_code", "procedure_name", "sector", "owner_name", "submitter_name", "id_number"),
    *("phone", "channel", "counter", "holder_unit", "holder_officer", "queue", "queue_at", "head"),
    *("received_at", "due_at", "original_due_at", "ended_at", "handed_out_at"),
)
ROWS = {f"column {name}": f"UPDATE dossiers SET {name} = 'x' WHERE id = {_SPARE}" for name in _TEXTS} | {
    "column code": f"UPDATE dossiers SET code = 'H56.99.88-261120-0349' WHERE id = {_SPARE}",
    "column state": f"UPDATE dossiers SET state = 'signed' WHERE id = {_SPARE}",
    "column national": f"UPDATE dossiers SET national = 10 WHERE id = {_SPARE}",
    "column register_no": f"UPDATE dossiers SET register_no = 0 WHERE id = {_SPARE}",
    "column is_taken": f"UPDATE dossiers SET is_taken = 1 - is_taken WHERE id = {_SPARE}",
    "column entry_count": f"UPDATE dossiers SET entry_count = 0 WHERE id = {_SPARE}",
    "due_at forgotten": "UPDATE dossiers SET due_at = NULL WHERE due_at IS NOT NULL",
}
EDITS = ENTRIES | OTHERS | ROWS


def test_the_untouched_store_is_clean(worked: Path, tmp_path: Path) -> None:
    report = verified(edited(worked, tmp_path, lambda connection: None))
    assert report.findings == []
    assert report.is_clean
    assert report.dossiers == len(State) + 2
    assert report.blobs == 2
    assert report.entries > 50


def test_every_column_of_the_list_is_edited(worked: Path) -> None:
    connection = connect(worked / "onestop.db", load_key(worked))
    columns = {row[1] for row in connection.execute("PRAGMA table_info(dossiers)")} - {"n"}
    connection.close()
    assert columns == {name.removeprefix("column ") for name in ROWS if name.startswith("column ")}
    assert len(EDITS) > 80


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_file_is_found(worked: Path, tmp_path: Path, name: str) -> None:
    statement = EDITS[name]
    if "{rest}" in statement:
        connection = connect(worked / "onestop.db", load_key(worked))
        names = [row[1] for row in connection.execute("PRAGMA table_info(dossiers)")]
        connection.close()
        statement = statement.format(rest=", ".join(names[3:]))
    report = verified(edited(worked, tmp_path, sql(statement)))
    assert report.findings
    for finding in report.findings:
        assert finding.where
        assert finding.words


# ---- edits by somebody who knows more -------------------------------------------------


def _swap_bodies(connection: Any) -> None:
    notes = connection.execute("SELECT n, body, salt FROM entries WHERE kind = 'forward' LIMIT 2").fetchall()
    (one, body_1, salt_1), (two, body_2, salt_2) = notes
    connection.execute("UPDATE entries SET body = ?, salt = ? WHERE n = ?", (body_2, salt_2, one))
    connection.execute("UPDATE entries SET body = ?, salt = ? WHERE n = ?", (body_1, salt_1, two))


def _sign_again(connection: Any) -> None:
    """Every entry signed by another key, that key put in the place of the desk's."""
    stranger = SigningKey.generate()
    for n, header in connection.execute("SELECT n, header FROM entries").fetchall():
        connection.execute(
            "UPDATE entries SET signature = ? WHERE n = ?", (stranger.sign(signed_message(header)), n)
        )
    connection.execute("UPDATE devices SET public_key = ?", (stranger.public,))


def _sign_one_again(connection: Any) -> None:
    (header,) = connection.execute("SELECT header FROM entries WHERE n = 5").fetchone()
    signature = SigningKey.generate().sign(signed_message(header))
    connection.execute("UPDATE entries SET signature = ? WHERE n = 5", (signature,))


def _cut_the_end(connection: Any) -> None:
    """The last entry taken away with its queue row, and the head moved back to fit."""
    connection.execute(f"DELETE FROM outbox WHERE entry = {_LAST}")
    connection.execute(f"DELETE FROM entries WHERE n = {_LAST}")
    seq, ident, at = connection.execute(f"SELECT seq, id, at FROM entries WHERE n = {_LAST}").fetchone()
    connection.execute("UPDATE device_heads SET seq = ?, entry = ?, at = ?", (seq, ident.hex(), at))


def _whole_dossier(connection: Any) -> None:
    (ident,) = connection.execute(f"SELECT {_SPARE}").fetchone()
    (number,) = connection.execute("SELECT n FROM dossiers WHERE id = ?", (ident,)).fetchone()
    connection.execute(
        "DELETE FROM outbox WHERE entry IN (SELECT n FROM entries WHERE dossier = ?)", (ident,)
    )
    connection.execute("DELETE FROM entries WHERE dossier = ?", (ident,))
    connection.execute("DELETE FROM dossiers WHERE id = ?", (ident,))
    connection.execute("DELETE FROM search WHERE rowid = ?", (number,))


def _repeat_an_entry(connection: Any) -> None:
    connection.execute(
        "INSERT INTO entries SELECT 100000, randomblob(32), dossier, device, incarnation, 100000, kind, at, "
        "header, signature, body, salt, verdict, cursor, code, place, received_at, placed_at "
        "FROM entries WHERE n = 5"
    )
    connection.execute("INSERT INTO outbox VALUES (100000, 0, '', '')")


def _body_with_other_owner(connection: Any) -> None:
    """The body, its hash in the header and the id made to fit; only the signature cannot be."""
    from onestop.domain.entry import body_hash, entry_id

    n, header, body, salt = connection.execute(
        "SELECT n, header, body, salt FROM entries WHERE kind = 'receive' LIMIT 1"
    ).fetchone()
    plain = json.loads(body)
    plain["owner"]["name"] = "Người Khác"
    forged = canonical(plain)
    outer = json.loads(header)
    outer["bh"], outer["bl"] = body_hash(salt, forged), len(forged)
    encoded = canonical(outer)
    connection.execute(
        "UPDATE entries SET header = ?, body = ?, id = ? WHERE n = ?",
        (encoded, forged, bytes.fromhex(entry_id(encoded)), n),
    )


def _trigger(connection: Any) -> None:
    connection.execute(
        "CREATE TRIGGER quiet AFTER INSERT ON dossiers BEGIN UPDATE dossiers SET owner_name = 'x'; END"
    )


@pytest.mark.parametrize(
    "edit",
    [
        _swap_bodies,
        _sign_again,
        _sign_one_again,
        _cut_the_end,
        _whole_dossier,
        _repeat_an_entry,
        _body_with_other_owner,
        _trigger,
    ],
)
def test_an_edit_that_covers_its_tracks_is_found(worked: Path, tmp_path: Path, edit: Edit) -> None:
    assert verified(edited(worked, tmp_path, edit)).findings


# ---- files beside the database --------------------------------------------------------


def _blobs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "blobs").glob("??/*"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _cut_a_segment(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 4 + 64 * 1024 + 16])


def _alter(path: Path) -> None:
    plain = bytearray(path.read_bytes())
    plain[1000] ^= 1
    path.write_bytes(plain)


def _lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def _swap(path: Path) -> None:
    other = next(each for each in _blobs(path.parent.parent.parent) if each != path)
    one, two = path.read_bytes(), other.read_bytes()
    path.write_bytes(two)
    other.write_bytes(one)


@pytest.mark.parametrize(
    "harm", [Path.unlink, _cut, _cut_a_segment, _alter, _lengthen, _swap, lambda path: path.write_bytes(b"")]
)
def test_a_paper_harmed_on_the_disk_is_found(
    worked: Path, tmp_path: Path, harm: Callable[[Path], Any]
) -> None:
    folder = edited(worked, tmp_path, lambda connection: None)
    harm(_blobs(folder)[0])
    assert any("giấy tờ" in finding.words for finding in verified(folder).findings)


@settings(max_examples=25, deadline=None, database=None)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_any_byte_of_the_encrypted_file_counts(worked: Path, place: int, change: int) -> None:
    folder = worked.parent / "flipped"
    shutil.rmtree(folder, ignore_errors=True)
    edited(worked, folder, lambda connection: None)
    path = folder / "copy" / "onestop.db"
    plain = bytearray(path.read_bytes())
    plain[place % len(plain)] ^= change
    path.write_bytes(plain)
    try:
        is_found = bool(verified(folder / "copy").findings)
    except StoreError as error:
        is_found = bool(error.message)
    assert is_found


# ---- mending --------------------------------------------------------------------------


@pytest.fixture
def broken(worked: Path, tmp_path: Path) -> Iterator[Seat]:
    """A store whose every projection was spoilt, its journals whole."""
    folder = edited(
        worked,
        tmp_path,
        sql(
            "UPDATE dossiers SET owner_name = 'x'",
            "DELETE FROM dossiers WHERE n % 3 = 0",
            "DELETE FROM search",
        ),
    )
    seat = open_seat(folder)
    yield seat
    seat.store.close()


def test_rebuild_mends_every_projection(broken: Seat) -> None:
    assert verify_store(broken.store).findings
    assert rebuild_store(broken.store) == len(State) + 2
    assert verify_store(broken.store).findings == []


def test_progress_is_told_and_may_stop_the_work(broken: Seat) -> None:
    class Stopped(Exception):
        pass

    told: list[tuple[int, int, str]] = []

    def stop(done: int, total: int, words: str) -> None:
        told.append((done, total, words))
        raise Stopped

    with pytest.raises(Stopped):
        rebuild_store(broken.store, stop)
    assert told == [(1, len(State) + 2, "Dựng lại hồ sơ")]
    # Stopped half-way it has changed nothing.
    assert verify_store(broken.store).findings
    rebuild_store(broken.store)
    assert verify_store(broken.store).is_clean


def test_one_signature_a_chain_finds_a_forged_end(worked: Path, tmp_path: Path) -> None:
    folder = edited(worked, tmp_path, sql(f"UPDATE entries SET signature = randomblob(64) WHERE n = {_LAST}"))
    store = open_store(folder / "onestop.db", load_key(folder))
    assert verify_store(store, every_signature=False).findings
    store.close()


TakeIn = Callable[[str, str], Report]


@pytest.fixture(scope="module")
def take_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TakeIn]:
    """Receives a dossier under a name and looks at the whole store."""
    with seated(tmp_path_factory.mktemp("crowd")) as seat:

        def take_in(name: str, content: str) -> Report:
            owner = PartyForm(name=f"A {name}", id_number=OWNER.id_number, address="Buôn Ky")
            receive(seat, owner=owner, content=content)
            return verify_store(seat.store, every_signature=False)

        yield take_in


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None, database=None)
@given(_texts, _texts)
def test_no_name_makes_a_clean_store_look_harmed(take_in: TakeIn, name: str, content: str) -> None:
    assert take_in(name, content).findings == []


# ---- a desk that has a hub ------------------------------------------------------------


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store of a desk with a hub: grants, another desk's entries, something in the tray,
    something on the shelf, a dossier that is not sent yet."""
    folder = tmp_path_factory.mktemp("joined")
    with hub_in(folder / "hub") as hub, seated(folder / "one") as one, seated(folder / "two", 2) as two:
        seat, other = hub.join(one), hub.join(two)
        for officer in (RECEPTION, SPECIALIST, HEAD):
            hub.grant(officer, unit="pvhcc" if officer == RECEPTION else UNIT)
        for each in (seat, other, seat):
            receive(each)
            hub.meet(each)
        ident = receive(seat).id
        deeds.forward(seat.as_(RECEPTION), ident, Target(UNIT))
        hub.meet(seat)
        hub.meet(other)
        deeds.take_over(other.as_(HEAD), ident)
        deeds.take_over(seat.as_(SPECIALIST), ident)
        hub.meet(other)
        hub.meet(seat)
        receive(seat)
        _shelve(seat)
    return folder / "one"


def _shelve(seat: Seat) -> None:
    rubbish = Record(0, "entry", "x", "2026-11-20T05:00:00.000Z", None, Offer(b"{}", b"", None, None))
    with seat.store.write() as connection:
        take_offers(connection, [rubbish])


_FOREIGN = "(SELECT n FROM entries WHERE device != json_extract({desk}, '$.device') LIMIT 1)".format(
    desk="(SELECT value FROM local WHERE key = 'desk')"
)
_UNSENT = "(SELECT max(entry) FROM outbox)"
_FLAGGED = "(SELECT n FROM entries WHERE verdict = 'flagged')"

JOINED = {
    "verdict raised": f"UPDATE entries SET verdict = 'accepted', code = NULL WHERE n = {_FLAGGED}",
    "verdict lowered": "UPDATE entries SET verdict = 'flagged', code = 'ROLE' WHERE n = 1",
    "verdict without a reason": "UPDATE entries SET verdict = 'flagged' WHERE n = 1",
    "verdict of no kind": "UPDATE entries SET verdict = 'ok' WHERE n = 1",
    "verdict of the unsent": f"UPDATE entries SET verdict = 'quarantined', code = 'FORK' WHERE n = {_UNSENT}",
    "code of no kind": "UPDATE entries SET code = 'NICE' WHERE n = 1",
    "code of another reason": f"UPDATE entries SET code = 'ROLE' WHERE n = {_FLAGGED}",
    "cursor doubled": "UPDATE entries SET cursor = (SELECT max(cursor) FROM entries) WHERE n = 1",
    "cursor forgotten": "UPDATE entries SET cursor = NULL WHERE n = 1",
    "cursor given": f"UPDATE entries SET cursor = 999, received_at = at WHERE n = {_UNSENT}",
    "cursor below one": "UPDATE entries SET cursor = 0 WHERE n = 1",
    "cursor of another type": "UPDATE entries SET cursor = 'x' WHERE n = 1",
    "cursor before its parents": (
        "UPDATE entries SET cursor = 1 WHERE n = (SELECT n FROM entries WHERE kind = 'forward')"
    ),
    "receipt without a time": "UPDATE entries SET received_at = NULL WHERE n = 1",
    "place of another type": "UPDATE entries SET place = 'x' WHERE n = 1",
    "outbox row gone": f"DELETE FROM outbox WHERE entry = {_UNSENT}",
    "outbox row of the sent": "INSERT INTO outbox VALUES (1, 0, '', '')",
    "outbox verdict": "UPDATE outbox SET verdict = 'ok'",
    "foreign signature": f"UPDATE entries SET signature = randomblob(64) WHERE n = {_FOREIGN}",
    "foreign body erased": f"UPDATE entries SET body = NULL, salt = NULL WHERE n = {_FOREIGN}",
    "foreign entry gone": f"DELETE FROM entries WHERE n = {_FOREIGN}",
    "foreign key": (
        "UPDATE devices SET public_key = randomblob(32) "
        f"WHERE device = (SELECT device FROM entries WHERE n = {_FOREIGN})"
    ),
    "foreign device gone": (
        f"DELETE FROM devices WHERE device = (SELECT device FROM entries WHERE n = {_FOREIGN})"
    ),
    "device added": "INSERT INTO devices VALUES ('other', randomblob(32), 'Quầy lạ')",
    "statement body": "UPDATE statements SET body = replace(body, '2026', '2036') WHERE kind = 'grant'",
    "statement signature": "UPDATE statements SET signature = randomblob(64) WHERE kind = 'device'",
    "statement kind": "UPDATE statements SET kind = 'revoke' WHERE kind = 'grant'",
    "statement subject": "UPDATE statements SET subject = 'u-vy' WHERE kind = 'grant'",
    "statement added": "INSERT INTO statements VALUES ('x', 'grant', 'u-vy', x'7b7d', randomblob(64), 3)",
    "device statement gone": "DELETE FROM statements WHERE kind = 'device'",
    "grant statement gone": "DELETE FROM statements WHERE kind = 'grant'",
    "grant forged": "INSERT INTO officer_grants VALUES ('u-vy', 'x', '2099-01-01T00:00:00.000Z')",
    "grant of another": "UPDATE officer_grants SET officer = 'u-vy' WHERE officer = 'u-mai'",
    "grant lengthened": "UPDATE officer_grants SET until = '2099-01-01T00:00:00.000Z'",
    "grant gone": "DELETE FROM officer_grants WHERE officer = 'u-mai'",
    "peer key": "UPDATE peers SET public_key = randomblob(32)",
    "peer log": "UPDATE peers SET log = 'x'",
    "peer epoch": "UPDATE peers SET epoch = 'x'",
    "peer gone": "DELETE FROM peers",
    "checkpoint root": "UPDATE peers SET checkpoint = json_set(checkpoint, '$.root', hex(zeroblob(32)))",
    "checkpoint size": "UPDATE peers SET checkpoint = json_set(checkpoint, '$.cursor', 1)",
    "checkpoint signature": "UPDATE peers SET checkpoint = json_set(checkpoint, '$.signature', 'AAAA')",
    "checkpoint no json": "UPDATE peers SET checkpoint = 'x'",
    "standing epoch": "UPDATE standing SET epoch = 'x'",
    "standing twice": "INSERT INTO standing VALUES (2, 'x', NULL, 0, NULL, NULL, NULL)",
    "incarnation forgotten": "UPDATE standing SET incarnation = ''",
    "office": "UPDATE local SET value = '\"H99.1\"' WHERE key = 'office'",
    "tray row gone": "DELETE FROM tray",
    "tray row altered": "UPDATE tray SET code = 'ROLE'",
    "tray row added": ("INSERT INTO tray SELECT 'x', dossier, verdict, code, at FROM tray"),
    "tray row of nobody": "INSERT INTO tray VALUES ('x', 'x', 'held', 'GAP', '2026-11-20T05:00:00.000Z')",
    "shelf altered": "UPDATE shelf SET raw = x'00'",
    "foreign head": "UPDATE device_heads SET seq = seq + 1",
}


def test_the_untouched_store_of_a_joined_desk_is_clean(joined: Path, tmp_path: Path) -> None:
    folder = edited(joined, tmp_path, lambda connection: None)
    report = verified(folder)
    assert report.findings == []
    assert [note.words for note in report.notes] == ["Dữ liệu đang cách ly (FORMAT)"]
    store = open_store(folder / "onestop.db", load_key(folder))
    assert rebuild_store(store) == report.dossiers
    assert verify_store(store).findings == []
    assert store.rows("SELECT count(*) FROM tray", {})[0][0] == 1
    store.close()


@pytest.mark.parametrize("name", JOINED)
def test_an_edit_of_what_a_hub_said_is_found(joined: Path, tmp_path: Path, name: str) -> None:
    assert verified(edited(joined, tmp_path, sql(JOINED[name]))).findings


def test_entries_changed_places_are_found(joined: Path, tmp_path: Path) -> None:
    def swap(connection: Any) -> None:
        pair = connection.execute(
            "SELECT n, cursor FROM entries WHERE dossier = (SELECT dossier FROM tray) ORDER BY n LIMIT 2"
        ).fetchall()
        (one, first), (two, second) = pair
        connection.execute("UPDATE entries SET cursor = ? WHERE n = ?", (second, one))
        connection.execute("UPDATE entries SET cursor = ? WHERE n = ?", (first, two))

    assert verified(edited(joined, tmp_path, swap)).findings
