"""Sealed files: one key opens them, and no byte of them can be changed, dropped, moved or added."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.errors import InputError, StoreError
from onestop.store.sealed import SEGMENT, Opener, SealTo, new_pair
from onestop.store.whole import whole_file
from onestop.sync.packed import sealing, unsealing

SECRET, PUBLIC = new_pair()
CONTENT = bytes(range(256)) * 40


def write(path: Path, content: bytes, to: SealTo, purpose: str = "backup") -> bytes:
    with sealing(path, to, purpose) as sink:
        sink.write(content)
    return sink.file_key


def read(path: Path, opener: Opener, purpose: str = "backup") -> bytes:
    with unsealing(path, opener, purpose) as source:
        return source.read()


@pytest.mark.parametrize("length", [0, 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT])
def test_what_was_sealed_comes_back(tmp_path: Path, length: int) -> None:
    import random

    content = random.Random(length).randbytes(length)  # does not pack: the segments are really full
    file_key = write(tmp_path / "a", content, SealTo(public=PUBLIC))
    assert read(tmp_path / "a", Opener(secret=SECRET)) == content
    assert read(tmp_path / "a", Opener(file_key=file_key)) == content
    assert len(content) < 64 or content[:64] not in (tmp_path / "a").read_bytes()


def test_a_passphrase_opens_what_it_sealed(tmp_path: Path) -> None:
    write(tmp_path / "a", CONTENT, SealTo(passphrase="mật khẩu dài của tỉnh"))
    assert read(tmp_path / "a", Opener(passphrase="mật khẩu dài của tỉnh")) == CONTENT
    for wrong in (Opener(passphrase="mật khẩu khác"), Opener(secret=SECRET), Opener()):
        with pytest.raises(StoreError, match="không mở được"):
            read(tmp_path / "a", wrong)


def test_another_key_or_another_purpose_does_not_open_it(tmp_path: Path) -> None:
    write(tmp_path / "a", CONTENT, SealTo(public=PUBLIC))
    for opener, purpose in ((Opener(secret=new_pair()[0]), "backup"), (Opener(secret=SECRET), "bundle")):
        with pytest.raises(StoreError, match="không mở được"):
            read(tmp_path / "a", opener, purpose)


def test_nobody_named_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ai được mở"):
        write(tmp_path / "a", CONTENT, SealTo())
    assert list(tmp_path.iterdir()) == []


def test_every_flipped_byte_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a"
    file_key = write(path, CONTENT, SealTo(public=PUBLIC))
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        for opener in (Opener(secret=SECRET), Opener(file_key=file_key)):
            with pytest.raises(StoreError):
                read(path, opener)


def test_every_cut_and_every_tail_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, CONTENT, SealTo(public=PUBLIC))
    whole = path.read_bytes()
    for other in [whole[:length] for length in range(len(whole))] + [whole + b"\0", whole + whole]:
        path.write_bytes(other)
        with pytest.raises(StoreError):
            read(path, Opener(secret=SECRET))


def test_segments_cannot_be_dropped_or_swapped(tmp_path: Path) -> None:
    import random

    path = tmp_path / "a"
    write(path, random.Random(1).randbytes(3 * SEGMENT), SealTo(public=PUBLIC))
    whole, step = path.read_bytes(), SEGMENT + 16
    first, second = whole[97 : 97 + step], whole[97 + step : 97 + 2 * step]
    rest = whole[97 + 2 * step :]
    for other in (first + rest, second + first + rest, first + second):
        path.write_bytes(whole[:97] + other)
        with pytest.raises(StoreError, match="hỏng"):
            read(path, Opener(secret=SECRET))


@given(st.binary(max_size=400))
def test_rubbish_is_refused_in_words(tmp_path_factory: pytest.TempPathFactory, rubbish: bytes) -> None:
    path = tmp_path_factory.mktemp("rubbish") / "a"
    path.write_bytes(rubbish)
    with pytest.raises(StoreError):
        read(path, Opener(secret=SECRET))


def write_and_stop(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"new, but not all of it")
        raise KeyboardInterrupt


def test_an_interrupted_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_and_stop(path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="Không ghi được"), whole_file(tmp_path / "file" / "below"):
        pass
    with pytest.raises(StoreError, match="Không đọc được"), unsealing(tmp_path / "none", Opener(), "backup"):
        pass
