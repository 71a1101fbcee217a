"""Papers as files: named by content, encrypted, never half-written, never silently changed."""

import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from onestop.domain.dossier import State
from onestop.domain.entry import BlobRef
from onestop.errors import InputError, StoreError
from onestop.office import deeds
from onestop.office.intake import PaperForm
from onestop.store.blobs import MAX_BLOB, SEGMENT, inspect, read_blob, sniff, sweep, unwrap, wrap, write_blob
from onestop.store.check import verify_store
from onestop.store.papers import keep_blob, open_blob
from tests.office_desk import SPECIALIST, Seat, reach, receive, seated

PDF = b"%PDF-1.7\n"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff\xe0"


def scan(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def attach(seat: Seat, ident: str, ref: BlobRef) -> None:
    paper = PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai")
    deeds.attach(seat.as_("u-mai"), ident, (paper,))


# ---- what is taken --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "name", "mime"),
    [
        (PDF, "đơn.pdf", "application/pdf"),
        (PDF, "ĐƠN.PDF", "application/pdf"),
        (PDF, "không đuôi", "application/pdf"),
        (PNG, "ảnh.png", "image/png"),
        (JPEG, "ảnh.jpg", "image/jpeg"),
        (JPEG, "ảnh.jpeg", "image/jpeg"),
    ],
)
def test_the_type_is_what_lies_inside(head: bytes, name: str, mime: str) -> None:
    assert sniff(head + b"rest", name) == mime


@pytest.mark.parametrize(
    ("head", "name", "words"),
    [
        (PNG, "đơn.pdf", "không phải .pdf"),
        (PDF, "ảnh.jpg", "không phải .jpg"),
        (JPEG, "ảnh.png", "không phải .png"),
        (PDF, "đơn.docx", "không phải .docx"),
        (b"MZ\x90\x00", "đơn.pdf", "Không đọc được"),
        (b"PK\x03\x04", "đơn.docx", "Không đọc được"),
        (b"", "trống.pdf", "Không đọc được"),
        (b"%PD", "cụt.pdf", "Không đọc được"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says(tmp_path: Path, head: bytes, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        inspect(scan(tmp_path, name, head))
    assert caught.value.field == "papers"
    assert name in caught.value.title
    assert caught.value.message


def test_a_file_of_300_mb_is_refused_at_once(tmp_path: Path) -> None:
    path = scan(tmp_path, "quét.pdf", PDF)
    with path.open("r+b") as file:
        file.truncate(300 * 2**20)
    started = time.perf_counter()
    with pytest.raises(InputError, match="300 MB") as caught, seated(tmp_path / "desk") as seat:
        keep_blob(seat.store, path)
    assert "50 MB" in caught.value.message
    assert time.perf_counter() - started < 20


def test_the_largest_file_passes_and_one_byte_more_does_not(tmp_path: Path) -> None:
    path = scan(tmp_path, "quét.pdf", PDF)
    os.truncate(path, MAX_BLOB)
    assert inspect(path)[1] == MAX_BLOB
    os.truncate(path, MAX_BLOB + 1)
    with pytest.raises(InputError, match="quá lớn"):
        inspect(path)


def test_a_file_that_went_away(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Không chép được"):
        inspect(tmp_path / "mất.pdf")
    with pytest.raises(StoreError, match="Không chép được"):
        inspect(tmp_path)


# ---- there and back -------------------------------------------------------------------


@pytest.mark.parametrize("length", [9, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 5])
def test_a_paper_comes_back_byte_for_byte(tmp_path: Path, length: int) -> None:
    content = PDF + secrets.token_bytes(length - len(PDF))
    with seated(tmp_path / "desk") as seat:
        ident = receive(seat).id
        ref = keep_blob(seat.store, scan(tmp_path, "đơn.pdf", content))
        assert ref == BlobRef(sha256(content).hexdigest(), length, "application/pdf", "paper")
        attach(seat, ident, ref)
        assert open_blob(seat.store, ident, ref.sha256) == content
        on_disk = (seat.store.blobs_folder / ref.sha256[:2] / ref.sha256).read_bytes()
        assert content[:9] not in on_disk
        assert verify_store(seat.store).findings == []


def test_the_same_content_is_written_once_and_opens_for_both(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        first, second = receive(seat).id, receive(seat).id
        ref = keep_blob(seat.store, scan(tmp_path, "a.pdf", PDF + b"same"))
        place = seat.store.blobs_folder / ref.sha256[:2] / ref.sha256
        written = place.stat().st_mtime_ns
        again = keep_blob(seat.store, scan(tmp_path, "b.pdf", PDF + b"same"))
        assert again == ref
        assert place.stat().st_mtime_ns == written
        for ident in (first, second):
            attach(seat, ident, ref)
            assert open_blob(seat.store, ident, ref.sha256) == PDF + b"same"
        assert verify_store(seat.store).findings == []


def test_the_same_content_brought_by_many_at_once(tmp_path: Path) -> None:
    path = scan(tmp_path, "a.pdf", PDF + secrets.token_bytes(300_000))
    with seated(tmp_path / "desk") as seat:
        ident = receive(seat).id
        with ThreadPoolExecutor(8) as threads:
            refs = set(threads.map(lambda _: keep_blob(seat.store, path), range(24)))
        (ref,) = refs
        attach(seat, ident, ref)
        assert open_blob(seat.store, ident, ref.sha256) == path.read_bytes()


def test_another_dossier_cannot_open_it(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        mine, other = receive(seat).id, receive(seat).id
        ref = keep_blob(seat.store, scan(tmp_path, "a.pdf", PDF))
        attach(seat, mine, ref)
        for ident in (other, "không có"):
            with pytest.raises(StoreError, match="không có tệp đó"):
                open_blob(seat.store, ident, ref.sha256)


def test_a_paper_the_store_never_had_cannot_be_attached(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        ident = receive(seat).id
        with pytest.raises(StoreError) as caught:
            attach(seat, ident, BlobRef("0" * 64, 9, "application/pdf", "paper"))
        assert caught.value.field == "papers"
        assert deeds.find_dossier(seat.office, ident).count == 1
        assert verify_store(seat.store).findings == []


def test_a_detached_paper_is_hidden_not_destroyed(tmp_path: Path) -> None:
    with seated(tmp_path / "desk") as seat:
        ident = reach(seat, State.PROCESSING)
        ref = keep_blob(seat.store, scan(tmp_path, "a.pdf", PDF))
        attach(seat, ident, ref)
        done = deeds.detach(seat.as_(SPECIALIST), ident, ref.sha256, "Quét nhầm")
        assert done.dossier.visible_papers == ()
        assert open_blob(seat.store, ident, ref.sha256) == PDF


# ---- what goes wrong ------------------------------------------------------------------


def test_a_file_that_changes_while_it_is_copied_harms_nothing(tmp_path: Path) -> None:
    folder, key = tmp_path / "blobs", secrets.token_bytes(32)
    path = scan(tmp_path, "quét.pdf", PDF + b"first")
    digest, _, mime = inspect(path)
    with path.open("ab") as file:
        file.write(b"and more")
    with pytest.raises(StoreError, match="thay đổi trong lúc chép"):
        write_blob(folder, path, digest, mime, key)
    assert [each for each in folder.rglob("*") if each.is_file()] == []


def test_a_file_that_turns_into_another_known_one_leaves_that_one_readable(tmp_path: Path) -> None:
    folder, key = tmp_path / "blobs", secrets.token_bytes(32)
    kept = scan(tmp_path, "một.pdf", PDF + b"one")
    digest, _, mime = inspect(kept)
    write_blob(folder, kept, digest, mime, key)
    changing = scan(tmp_path, "hai.pdf", PDF + b"two")
    other, _, _ = inspect(changing)
    changing.write_bytes(PDF + b"one")
    with pytest.raises(StoreError):
        write_blob(folder, changing, other, mime, secrets.token_bytes(32))
    assert read_blob(folder, digest, key) == PDF + b"one"


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, str, bytes]:
    """Folder, digest and key of a paper of three segments."""
    folder, key = tmp_path / "blobs", secrets.token_bytes(32)
    path = scan(tmp_path, "a.pdf", PDF + secrets.token_bytes(3 * SEGMENT))
    digest, _, mime = inspect(path)
    write_blob(folder, path, digest, mime, key)
    return folder, digest, key


@pytest.mark.parametrize("place", [0, 3, 4, 100, SEGMENT + 19, SEGMENT + 20, 2 * SEGMENT, -1, -17])
def test_one_changed_byte_is_noticed(sealed: tuple[Path, str, bytes], place: int) -> None:
    folder, digest, key = sealed
    path = folder / digest[:2] / digest
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="Không mở được tệp"):
        read_blob(folder, digest, key)


@pytest.mark.parametrize("kept", [0, 3, 4, 20, 4 + SEGMENT + 16, 4 + 2 * (SEGMENT + 16)])
def test_a_cut_at_any_place_is_noticed_also_between_segments(
    sealed: tuple[Path, str, bytes], kept: int
) -> None:
    folder, digest, key = sealed
    os.truncate(folder / digest[:2] / digest, kept)
    with pytest.raises(StoreError):
        read_blob(folder, digest, key)


def test_segments_in_another_order_and_another_key_are_noticed(sealed: tuple[Path, str, bytes]) -> None:
    folder, digest, key = sealed
    with pytest.raises(StoreError):
        read_blob(folder, digest, secrets.token_bytes(32))
    path = folder / digest[:2] / digest
    content, size = path.read_bytes(), SEGMENT + 16
    swapped = content[:4] + content[4 + size : 4 + 2 * size] + content[4 : 4 + size] + content[4 + 2 * size :]
    assert len(swapped) == len(content)
    path.write_bytes(swapped)
    with pytest.raises(StoreError):
        read_blob(folder, digest, key)


def test_wrapped_keys_open_only_with_their_dossier_and_for_their_paper() -> None:
    dossier_key, blob_key = secrets.token_bytes(32), secrets.token_bytes(32)
    wrapped = wrap(dossier_key, "ab", blob_key)
    assert unwrap(dossier_key, "ab", wrapped) == blob_key
    for key, digest, seal in (
        (secrets.token_bytes(32), "ab", wrapped),
        (dossier_key, "cd", wrapped),
        (dossier_key, "ab", wrapped[:-1]),
        (dossier_key, "ab", b""),
        (b"", "ab", wrapped),
    ):
        with pytest.raises(StoreError):
            unwrap(key, digest, seal)


def test_scratch_files_are_swept_when_they_are_old(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    old, new = scan(tmp_path / "tmp", "old", b"x"), scan(tmp_path / "tmp", "new", b"x")
    os.utime(old, (1000, 1000))
    assert sweep(tmp_path, older_than=2000) == 1
    assert not old.exists()
    assert new.exists()
    assert sweep(tmp_path / "nothing here", older_than=2000) == 0


def test_an_orphan_left_by_a_crash_does_not_keep_the_paper_out(tmp_path: Path) -> None:
    """A file without a key, as after a store was put back from an older copy."""
    content = PDF + b"orphan"
    with seated(tmp_path / "desk") as seat:
        path = scan(tmp_path, "a.pdf", content)
        digest, _, mime = inspect(path)
        write_blob(seat.store.blobs_folder, path, digest, mime, secrets.token_bytes(32))
        ident = receive(seat).id
        attach(seat, ident, keep_blob(seat.store, path))
        assert open_blob(seat.store, ident, digest) == content
