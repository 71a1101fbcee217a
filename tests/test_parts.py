"""Parts of blobs on a hub: any cut, any two writers, every byte checked at the end."""

import os
import secrets
from hashlib import sha256
from pathlib import Path

import pytest

from onestop.errors import StoreError
from onestop.store.blobs import SEGMENT, has_blob
from onestop.store.parts import (
    DiskFull,
    Parts,
    Superseded,
    WrongBytes,
    WrongOffset,
    blob_length,
    find_key,
    finish_part,
    read_range,
    settle_key,
)
from onestop.store.store import Store, open_store
from onestop.store.tables import blobs

AT = "2026-11-20T01:12:05.123Z"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "hub" / "onestop.db", secrets.token_bytes(32))


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "parts", secrets.token_bytes(32))


def name_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def send(parts: Parts, content: bytes, first: int, last: int) -> int:
    """One connection that brings bytes `first` to before `last`."""
    writer = parts.begin(name_of(content), first, len(content))
    writer.write(content[first:last])
    return writer.close()


def stored(store: Store, content: bytes, first: int = 0, last: int | None = None) -> bytes:
    digest = name_of(content)
    with store.read() as connection:
        key = find_key(connection, digest)
    assert key is not None
    end = len(content) - 1 if last is None else last
    return b"".join(read_range(store.blobs_folder, digest, key, first, end))


@pytest.mark.parametrize("cut", [1, 15, 16, 17, 4096, SEGMENT - 1, SEGMENT, SEGMENT + 1, 200_000])
def test_a_cut_at_any_byte_goes_on_from_there(store: Store, parts: Parts, cut: int) -> None:
    content = os.urandom(200_001)
    assert send(parts, content, 0, cut) == cut
    assert parts.offset(name_of(content)) == cut
    send(parts, content, cut, len(content))
    assert finish_part(store, store.blobs_folder, parts, name_of(content), AT) == len(content)
    assert stored(store, content) == content
    assert parts.offset(name_of(content)) == 0


def test_what_lies_on_the_disk_is_not_the_paper(store: Store, parts: Parts, tmp_path: Path) -> None:
    content = b"%PDF- So can cuoc cong dan 038188004217 " * 5000
    send(parts, content, 0, 100_000)
    assert_nowhere(tmp_path, b"038188004217")
    send(parts, content, 100_000, len(content))
    finish_part(store, store.blobs_folder, parts, name_of(content), AT)
    assert_nowhere(tmp_path, b"038188004217")


def assert_nowhere(folder: Path, planted: bytes) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if planted in path.read_bytes()]


def test_the_same_bytes_under_two_keys_look_different(tmp_path: Path) -> None:
    content = bytes(1000)
    seen = set()
    for turn in range(2):
        parts = Parts(tmp_path / str(turn), b"k" * 32)
        send(parts, content, 0, 1000)
        (path,) = (tmp_path / str(turn)).glob("*.part")
        seen.add(path.read_bytes())
    assert len(seen) == 2


def test_a_wrong_offset_is_told_the_true_one(parts: Parts) -> None:
    content = os.urandom(1000)
    send(parts, content, 0, 300)
    for wrong in (0, 299, 301, 1000):
        with pytest.raises(WrongOffset) as caught:
            parts.begin(name_of(content), wrong, 1000)
        assert caught.value.offset == 300


def test_a_new_writer_ends_the_old_one(store: Store, parts: Parts) -> None:
    content = os.urandom(10_000)
    digest = name_of(content)
    old = parts.begin(digest, 0, len(content))
    old.write(content[:1000])
    new = parts.begin(digest, 1000, len(content))
    with pytest.raises(Superseded):
        old.write(content[1000:2000])
    assert old.close() == 1000
    new.write(content[1000:])
    new.close()
    finish_part(store, store.blobs_folder, parts, digest, AT)
    assert stored(store, content) == content


def test_two_writers_that_overlap_write_the_same(store: Store, parts: Parts) -> None:
    """The old one passed its check just before the turn went to another."""
    content = os.urandom(50_000)
    digest = name_of(content)
    old = parts.begin(digest, 0, len(content))
    new = parts.begin(digest, 0, len(content))
    old._turn = new._turn
    new.write(content[:20_000])
    old.write(content[:30_000])
    old.close()
    new.write(content[20_000:])
    new.close()
    finish_part(store, store.blobs_folder, parts, digest, AT)
    assert stored(store, content) == content


def test_wrong_bytes_are_deleted_and_the_next_try_stands(store: Store, parts: Parts) -> None:
    content = os.urandom(70_000)
    digest = name_of(content)
    writer = parts.begin(digest, 0, len(content))
    writer.write(bytes(70_000))
    writer.close()
    with pytest.raises(WrongBytes):
        finish_part(store, store.blobs_folder, parts, digest, AT)
    assert not has_blob(store.blobs_folder, digest)
    assert parts.offset(digest) == 0
    send(parts, content, 0, len(content))
    finish_part(store, store.blobs_folder, parts, digest, AT)
    assert stored(store, content) == content


def test_a_writer_of_a_discarded_part_is_ended(parts: Parts) -> None:
    content = os.urandom(1000)
    writer = parts.begin(name_of(content), 0, 1000)
    parts.discard(name_of(content))
    with pytest.raises(Superseded):
        writer.write(content)
    writer.close()


def test_more_bytes_than_announced_are_refused(parts: Parts) -> None:
    writer = parts.begin(name_of(b"x"), 0, 10)
    with pytest.raises(ValueError, match="announced"):
        writer.write(bytes(11))
    writer.close()


def test_finishing_twice_changes_nothing(store: Store, parts: Parts) -> None:
    content = os.urandom(1000)
    digest = name_of(content)
    send(parts, content, 0, 1000)
    assert finish_part(store, store.blobs_folder, parts, digest, AT) == 1000
    assert finish_part(store, store.blobs_folder, parts, digest, "2026-11-21T01:12:05.123Z") == 1000
    with store.read() as connection:
        (row,) = connection.execute(blobs.select()).all()
    assert (row.sha256, row.length, row.is_whole, row.stored_at) == (digest, 1000, True, AT)


def test_the_disk_keeps_room_for_the_database(tmp_path: Path) -> None:
    parts = Parts(tmp_path, bytes(32), reserve=2**60)
    with pytest.raises(DiskFull):
        parts.begin(name_of(b"x"), 0, 1)


def test_a_blob_has_one_key(store: Store) -> None:
    with store.write() as connection:
        first = settle_key(connection, name_of(b"x"))
        assert settle_key(connection, name_of(b"x")) == first
        assert settle_key(connection, name_of(b"y")) != first


@pytest.mark.parametrize("length", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
def test_lengths_and_ranges(store: Store, parts: Parts, length: int) -> None:
    content = os.urandom(length)
    digest = name_of(content)
    send(parts, content, 0, length)
    finish_part(store, store.blobs_folder, parts, digest, AT)
    assert blob_length(store.blobs_folder, digest) == length
    for first, last in ((0, length - 1), (length // 2, length - 1), (1, 1), (SEGMENT - 2, SEGMENT + 1)):
        if 0 <= first <= last < length:
            assert stored(store, content, first, last) == content[first : last + 1]


def test_a_damaged_blob_is_said(store: Store, parts: Parts) -> None:
    content = os.urandom(100_000)
    digest = name_of(content)
    send(parts, content, 0, 100_000)
    finish_part(store, store.blobs_folder, parts, digest, AT)
    path = store.blobs_folder / digest[:2] / digest
    raw = bytearray(path.read_bytes())
    raw[SEGMENT + 100] ^= 1
    path.write_bytes(raw)
    assert stored(store, content, 0, 100) == content[:101]
    with pytest.raises(StoreError):
        stored(store, content)
    path.unlink()
    with pytest.raises(StoreError):
        stored(store, content, 0, 1)


def test_old_parts_are_swept(parts: Parts, tmp_path: Path) -> None:
    old, new = os.urandom(100), os.urandom(100)
    send(parts, old, 0, 50)
    send(parts, new, 0, 50)
    os.utime(tmp_path / "parts" / f"{name_of(old)}.part", (1000, 1000))
    assert parts.sweep(2000) == 1
    assert (parts.offset(name_of(old)), parts.offset(name_of(new))) == (0, 50)
