"""A hub's backup: the same from either database, whole or not at all, and proved before it counts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from onestop.domain.dossier import State
from onestop.domain.moment import to_wire
from onestop.errors import StoreError
from onestop.store.backup import (
    Manifest,
    copy_blobs,
    drop_erased,
    dump_store,
    list_whole,
    load_store,
    mark_durable,
    mark_lost,
    read_back,
)
from onestop.store.backup_check import check_restored
from onestop.store.backup_rows import TABLES
from onestop.store.hub_store import open_hub_store
from onestop.store.log import open_ledger
from onestop.store.report import quiet
from onestop.store.store import Store
from onestop.store.tables import blobs, dossiers
from tests.office_desk import Seat, reach, seated
from tests.postgres import fresh_database, postgres
from tests.town import Town, count, founded, rows_of

__all__ = ["fresh_database", "postgres"]

KEY = bytes(range(32))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Both databases, one after the other."""
    if request.param == "sqlite":
        return None
    made: Callable[[], str] = request.getfixturevalue("fresh_database")
    return made()


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as made:
        yield made


@contextmanager
def town_with_work(folder: Path, seat: Seat, url: str | None = None) -> Iterator[Town]:
    with founded(folder, url) as town:
        town.join(seat)
        for state in (State.RECEIVED, State.PROCESSING, State.HANDED_OUT, State.REFUSED):
            reach(seat, state)
        assert "quarantined" not in {receipt.verdict for receipt in town.push_all(seat)}
        yield town


def dump(town: Town) -> tuple[bytes, Manifest]:
    sink = BytesIO()
    with town.store.read() as connection:
        manifest = dump_store(connection, open_ledger(connection), sink, to_wire(town.now))
    return sink.getvalue(), manifest


@contextmanager
def empty(folder: Path, url: str | None = None) -> Iterator[Store]:
    store = open_hub_store(url, folder / "onestop.db", KEY)
    try:
        yield store
    finally:
        store.close()


def load(store: Store, source: BinaryIO) -> Manifest:
    with store.write() as connection:
        return load_store(connection, source)


def findings(store: Store, manifest: Manifest) -> list[str]:
    with store.read() as connection:
        report = check_restored(connection, manifest.head, open_ledger(connection))
    return [f"{finding.where}: {finding.words}" for finding in report.findings]


def test_every_row_comes_back_and_all_is_found_sound(tmp_path: Path, seat: Seat, url: str | None) -> None:
    with town_with_work(tmp_path / "hub", seat, url) as town:
        lines, manifest = dump(town)
        before = {table.name: count(town.store, table.name) for table in TABLES}
    assert before["entries"] >= 10
    assert before["records"] == manifest.cursor > before["entries"]
    with empty(tmp_path / "again") as store:
        assert load(store, BytesIO(lines)) == manifest
        assert {table.name: count(store, table.name) for table in TABLES} == before
        assert findings(store, manifest) == []


def test_both_databases_write_the_same_bytes(
    tmp_path: Path, seat: Seat, fresh_database: Callable[[], str]
) -> None:
    with town_with_work(tmp_path / "hub", seat) as town:
        lines, _ = dump(town)
        now = town.now
    with empty(tmp_path / "server", fresh_database()) as store:
        load(store, BytesIO(lines))
        again = Town(store, tmp_path / "server", now)
        assert dump(again)[0] == lines
        assert again.push_all(seat) == []  # and it goes on: numbers of rows come from where they stand
        reach(seat, State.RECEIVED)
        assert {receipt.verdict for receipt in again.push_all(seat)} <= {"accepted", "flagged"}


def test_a_store_that_holds_anything_is_refused(tmp_path: Path, seat: Seat, url: str | None) -> None:
    with town_with_work(tmp_path / "hub", seat) as town:
        lines, _ = dump(town)
    with founded(tmp_path / "other", url) as other:
        before = rows_of(other.store, "SELECT * FROM log_head")
        with pytest.raises(StoreError, match="không trống"):
            load(other.store, BytesIO(lines))
        assert rows_of(other.store, "SELECT * FROM log_head") == before


def test_a_stream_cut_or_altered_leaves_the_store_empty(tmp_path: Path, seat: Seat) -> None:
    with town_with_work(tmp_path / "hub", seat) as town:
        lines, _ = dump(town)
    rows = lines.splitlines(keepends=True)
    row = next(number for number, line in enumerate(rows) if line.startswith(b'["office') or b'"vi' in line)
    wrong = [
        b"".join(rows[:-1]),  # no manifest
        b"".join(rows[:row] + rows[row + 1 :]),  # a row is missing
        b"".join([*rows, b"{}\n"]),  # more after the end
        lines[:-1],  # a cut line
        b"".join(rows[1:]),  # no head
        lines.replace(b'{"table":"entries"', b'{"table":"enemies"'),
        lines.replace(b'"onestop.backup.1"', b'"onestop.backup.9"'),
        b"",
        b"[]\n" * 5,
    ]
    with empty(tmp_path / "again") as store:
        for other in wrong:
            with pytest.raises(StoreError):
                load(store, BytesIO(other))
            assert [count(store, table.name) for table in TABLES if table.name != "local"] == [0] * (
                len(TABLES) - 1
            )
        load(store, BytesIO(lines))


def test_a_backup_of_a_newer_program_is_told(tmp_path: Path, seat: Seat) -> None:
    with town_with_work(tmp_path / "hub", seat) as town:
        lines, _ = dump(town)
    first, _, rest = lines.partition(b"\n")
    newer = json.dumps(json.loads(first) | {"schema": 999}).encode() + b"\n" + rest
    with empty(tmp_path / "again") as store, pytest.raises(StoreError, match="mới hơn"):
        load(store, BytesIO(newer))


_OTHERS = ", ".join(column.name for column in dossiers.c if column.name not in ("n", "id"))

TAMPERED = [
    ("UPDATE entries SET header = CAST(replace(header, 'act', 'bct') AS BLOB) WHERE n = 2", "Mã băm"),
    ("UPDATE entries SET header = CAST(replace(header, 'u-mai', 'u-duc') AS BLOB) WHERE n = 2", "Mã băm"),
    ("UPDATE entries SET body = x'7b7d' WHERE n = 3", "Nội dung bút ký bị sửa"),
    ("UPDATE entries SET cursor = cursor + 1000 WHERE n = 2", "khác với bút ký trong sổ cái"),
    ("DELETE FROM entries WHERE n = 4", "khác với bút ký trong sổ cái"),
    ("UPDATE records SET ref = (SELECT ref FROM records WHERE kind = 'entry' ORDER BY cursor DESC LIMIT 1) "
     "WHERE cursor = (SELECT min(cursor) FROM records WHERE kind = 'entry')", "lá trong cây băm"),
    ("DELETE FROM records WHERE cursor = 3", "không liền nhau"),
    ("UPDATE records SET value = '{\"a\":1}' WHERE kind IN ('row', 'statement')", "lá trong cây băm"),
    ("UPDATE records SET leaf = randomblob(32) WHERE cursor = 2", "Gốc tính lại"),
    ("UPDATE log_head SET cursor = cursor + 1", "Đầu sổ"),
    ("UPDATE log_head SET frontier = x'0000000000000000'", "Cây băm"),
    ("UPDATE dossiers SET owner_name = 'Người Khác' WHERE n = 1", "Cột “owner_name”"),
    ("DELETE FROM dossiers WHERE n = 1", "không có trong danh sách hồ sơ"),
    (f"INSERT INTO dossiers (n, id, {_OTHERS}) SELECT 999, 'x' || id, {_OTHERS} FROM dossiers WHERE n = 1",
     "dòng nhưng nhật ký cho"),
]  # fmt: skip


def test_whatever_was_altered_is_found(tmp_path: Path, seat: Seat) -> None:
    with town_with_work(tmp_path / "hub", seat) as town:
        lines, manifest = dump(town)
    for number, (harm, words) in enumerate(TAMPERED):
        with empty(tmp_path / f"again{number}") as store:
            load(store, BytesIO(lines))
            with store.write() as connection:
                connection.exec_driver_sql(harm)
            found = findings(store, manifest)
            assert found, harm
            assert any(words in line for line in found), (harm, found)


def test_a_head_signed_by_another_key_is_found(tmp_path: Path, seat: Seat) -> None:
    with town_with_work(tmp_path / "hub", seat) as town, founded(tmp_path / "other") as other:
        _, manifest = dump(town)
        with town.store.read() as connection:
            report = check_restored(connection, manifest.head, other.ledger)
    assert [finding.words for finding in report.findings] == [
        "Chữ ký của mốc sổ cái không đúng khoá của máy chủ"
    ]


def test_progress_is_told_and_may_cancel(tmp_path: Path, seat: Seat) -> None:
    said: list[tuple[int, int, str]] = []
    with town_with_work(tmp_path / "hub", seat) as town:
        with town.store.read() as connection:
            ledger = open_ledger(connection)
            dump_store(connection, ledger, BytesIO(), "", lambda *words: said.append(words))
        assert said[-1][0] == said[-1][1] > 0

        def stop(done: int, total: int, words: str) -> None:
            raise KeyboardInterrupt

        with town.store.read() as connection, pytest.raises(KeyboardInterrupt):
            dump_store(connection, ledger, BytesIO(), "", stop)


# ---- blobs ----------------------------------------------------------------------------


def store_blob(town: Town, content: bytes) -> str:
    """A scan on the hub, as an upload leaves it."""
    from hashlib import sha256

    from onestop.store import blobs as blob_files
    from onestop.store.parts import mark_whole, settle_key

    digest = sha256(content).hexdigest()
    with town.store.write() as connection:
        key = settle_key(connection, digest)
    blob_files._write(town.store.blobs_folder, BytesIO(content), digest, key)
    with town.store.write() as connection:
        mark_whole(connection, digest, len(content), to_wire(town.now))
    return digest


def test_blobs_are_copied_once_and_opened_from_the_copy(tmp_path: Path) -> None:
    target = tmp_path / "usb"
    with founded(tmp_path / "hub") as town:
        digests = sorted(store_blob(town, bytes([mark]) * 200_000) for mark in range(3))
        with town.store.read() as connection:
            assert list_whole(connection) == digests
            first = copy_blobs(digests, town.store.blobs_folder, target)
            second = copy_blobs(digests, town.store.blobs_folder, target)
            assert (first.copied, second.copied, first.missing) == (3, 0, ())
            assert list(read_back(connection, target, digests, quiet)) == digests
            harmed = target / digests[1][:2] / digests[1]
            harmed.write_bytes(harmed.read_bytes()[:-1] + b"\0")
            assert list(read_back(connection, target, digests, quiet)) == [digests[0], digests[2]]
            harmed.unlink()
            (town.store.blobs_folder / digests[1][:2] / digests[1]).unlink()
            assert copy_blobs(digests, town.store.blobs_folder, target).missing == (digests[1],)


def test_what_is_durable_or_lost_is_noted(tmp_path: Path) -> None:
    with founded(tmp_path / "hub") as town:
        one, two = (store_blob(town, content) for content in (b"one", b"two"))
        with town.store.write() as connection:
            mark_durable(connection, [one, two])
            mark_lost(connection, (two,))
        found = dict(rows_of(town.store, "SELECT sha256, is_durable FROM blobs WHERE is_whole"))
        assert {digest: bool(durable) for digest, durable in found.items()} == {one: True}


def test_erased_scans_leave_the_backup_too(tmp_path: Path) -> None:
    target = tmp_path / "usb"
    with founded(tmp_path / "hub") as town:
        digest = store_blob(town, b"erased by law")
        copy_blobs([digest], town.store.blobs_folder, target)
        with town.store.write() as connection:
            connection.execute(blobs.update().values(is_whole=False, erased_at=to_wire(town.now)))
            assert drop_erased(connection, target) == 1
        assert not (target / digest[:2] / digest).exists()


def test_a_full_stick_is_told(tmp_path: Path) -> None:
    with founded(tmp_path / "hub") as town:
        digest = store_blob(town, b"content")
        (tmp_path / "usb").write_bytes(b"a file where the folder should be")
        with pytest.raises(StoreError, match="Không ghi được"):
            copy_blobs([digest], town.store.blobs_folder, tmp_path / "usb")
