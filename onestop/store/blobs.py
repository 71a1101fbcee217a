"""Blobs: the digital content of papers, named by the SHA-256 of their plain bytes.

A file is written whole before anything refers to it: hashed and encrypted while it
streams to `tmp/`, fsynced, renamed into `ab/`, the folder fsynced; only then comes the
transaction. A crash leaves orphans, never a reference to nothing. Each blob has a random
key, wrapped by the key of every dossier that uses it: destroying a dossier's key destroys
its reading of the blob.
"""

import os
import secrets
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from onestop.domain.entry import BlobRef
from onestop.errors import InputError, StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEGMENT = 64 * 1024
MAX_BLOB = 50 * 1024 * 1024
_MAGIC = b"MCB1"
_TAG = 16

_KINDS = (
    (b"%PDF-", "application/pdf", "PDF", (".pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", "ảnh JPEG", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", "ảnh PNG", (".png",)),
)


def sniff(head: bytes, name: str) -> str:
    """The mime type by content. Raises InputError when it is none of ours, or not what it is called."""
    ending = Path(name).suffix.lower()
    for magic, mime, words, endings in _KINDS:
        if head.startswith(magic):
            if ending and ending not in endings:
                raise InputError(
                    f"Tệp “{Path(name).name}” không phải {ending}",
                    f"Nội dung bên trong là {words}. Hãy đổi tên tệp cho đúng hoặc chọn tệp khác.",
                    "papers",
                )
            return mime
    raise InputError(
        f"Không đọc được tệp “{Path(name).name}”",
        "Chỉ nhận PDF, JPEG, PNG; nội dung tệp không phải các loại này. Hãy quét lại giấy tờ.",
        "papers",
    )


def inspect(source: Path) -> tuple[str, int, str]:
    """(SHA-256, length, mime) of a file a citizen's paper was scanned to.

    Raises InputError (too large, empty, not what it says) or StoreError (disk).
    """
    try:
        length = source.stat().st_size
        if length > MAX_BLOB:
            raise _too_large(source.name, length)
        with source.open("rb") as file:
            mime = sniff(file.read(16), source.name)
            file.seek(0)
            return file_digest(file, "sha256").hexdigest(), file.tell(), mime
    except OSError as error:
        raise _unreadable(source) from error


def write_blob(folder: Path, source: Path, digest: str, mime: str, key: bytes) -> BlobRef:
    """Encrypts a file of known digest into the blob folder; nothing half-written stays.

    Raises StoreError for the disk, and for a file that is not what it was when inspected.
    """
    try:
        with source.open("rb") as file:
            length = _write(folder, file, digest, key)
    except OSError as error:
        raise _unreadable(source) from error
    if length is None:
        raise StoreError(
            f"Tệp “{source.name}” thay đổi trong lúc chép",
            "Chờ máy quét ghi xong rồi chọn lại tệp.",
            "papers",
        )
    return BlobRef(digest, length, mime, "paper")


def _unreadable(source: Path) -> StoreError:
    return StoreError(
        f"Không chép được tệp “{source.name}” vào kho",
        "Kiểm tra tệp còn mở được không và ổ đĩa còn chỗ trống; hồ sơ chưa thay đổi.",
        "papers",
    )


def _too_large(name: str, length: int) -> InputError:
    return InputError(
        f"Tệp “{name}” quá lớn: {length // 2**20} MB",
        f"Mỗi tệp tối đa {MAX_BLOB // 2**20} MB. Hãy quét lại ở 200–300 dpi, hoặc tách thành nhiều tệp.",
        "papers",
    )


def _write(folder: Path, file: BinaryIO, wanted: str, key: bytes) -> int | None:
    """The length written; None, and nothing put in place, when the bytes are not the wanted ones."""
    scratch = folder / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / secrets.token_hex(8)
    digest, length = sha256(), 0
    try:
        with path.open("xb") as out:
            out.write(_MAGIC)
            for index, (piece, is_last) in enumerate(_pieces(file)):
                digest.update(piece)
                length += len(piece)
                if length > MAX_BLOB:  # a file that grows while it is read
                    return None
                out.write(_cipher(key).encrypt(_nonce(index, is_last), piece, None))
            out.flush()
            os.fsync(out.fileno())
        if digest.hexdigest() != wanted:
            return None
        final = _place(folder, wanted)
        final.parent.mkdir(exist_ok=True)
        path.replace(final)
        _fsync_folder(final.parent)
    finally:
        path.unlink(missing_ok=True)
    return length


def read_blob(folder: Path, digest: str, key: bytes) -> bytes:
    """The plain bytes, checked against their name. Raises StoreError when missing or damaged."""
    from cryptography.exceptions import InvalidTag

    try:
        plain = b"".join(_decrypted(_place(folder, digest), key))
    except (OSError, InvalidTag, ValueError) as error:
        raise _damaged(digest) from error
    if sha256(plain).hexdigest() != digest:
        raise _damaged(digest)
    return plain


def has_blob(folder: Path, digest: str) -> bool:
    return _place(folder, digest).exists()


def sweep(folder: Path, older_than: float) -> int:
    """Removes scratch files last touched before `older_than` (seconds of the epoch); how many."""
    count = 0
    for path in (folder / "tmp").glob("*"):
        if path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            count += 1
    return count


def wrap(dossier_key: bytes, digest: str, blob_key: bytes) -> bytes:
    """The blob's key sealed for one dossier."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher(dossier_key).encrypt(nonce, blob_key, digest.encode())


def unwrap(dossier_key: bytes, digest: str, wrapped: bytes) -> bytes:
    """Raises StoreError when the wrapping was altered or the dossier's key destroyed."""
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(dossier_key).decrypt(wrapped[:12], wrapped[12:], digest.encode())
    except (InvalidTag, ValueError, TypeError) as error:  # the last two: not even the shape of a key
        raise _damaged(digest) from error


def _damaged(digest: str) -> StoreError:
    return StoreError(
        "Không mở được tệp giấy tờ đã lưu",
        f"Tệp {digest[:12]}… mất hoặc hỏng trên ổ đĩa. Hãy quét lại giấy tờ và báo hỗ trợ.",
    )


def _place(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # after the first window

    return AESGCM(key)


def _nonce(index: int, is_last: bool) -> bytes:
    """Never twice under one key: segments are counted, the last one is marked against cutting."""
    return index.to_bytes(11, "big") + bytes([is_last])


def _pieces(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    piece = file.read(SEGMENT)
    while True:
        following = file.read(SEGMENT)
        yield piece, not following
        if not following:
            return
        piece = following


def _decrypted(path: Path, key: bytes) -> Iterator[bytes]:
    cipher = _cipher(key)
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("not a blob")
        index, sealed = 0, file.read(SEGMENT + _TAG)
        while sealed:
            following = file.read(SEGMENT + _TAG)
            yield cipher.decrypt(_nonce(index, not following), sealed, None)
            index, sealed = index + 1, following


def _fsync_folder(folder: Path) -> None:
    if os.name == "nt":  # NTFS journals renames; a folder cannot be fsynced there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
