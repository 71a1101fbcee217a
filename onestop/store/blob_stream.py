"""Papers on their way, piece by piece: read out of the encrypted store from any offset, and
taken in as encrypted parts, so that no whole paper lies in memory and none in the clear on disk.
"""

from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import BinaryIO, cast

from sqlalchemy import select

from onestop.domain.entry import BlobRef
from onestop.errors import InputError, StoreError
from onestop.store import blobs as blob_files
from onestop.store import papers
from onestop.store.blobs import has_blob, sniff
from onestop.store.moves import mark_sent
from onestop.store.papers import DRAFTS, give_blobs
from onestop.store.parts import DiskFull, Parts, blob_length, find_key, read_range
from onestop.store.store import Store
from onestop.store.tables import blob_moves


class NotTheBlob(Exception):
    """All bytes are here and they are not those of the name, or no paper: the part is gone."""


def desk_parts(folder: Path, secret: bytes, reserve: int = 64 * 1024 * 1024) -> Parts:
    """Where a desk keeps what came of papers so far; `secret` is its signing key's."""
    return Parts(folder / "coming", sha256(b"mc.coming.1\0" + secret).digest(), reserve)


def read_piece(store: Store, digest: str, offset: int, limit: int) -> tuple[bytes, int]:
    """At most `limit` plain bytes from `offset`, and the length of the whole.

    Raises StoreError for a paper that is missing, damaged, or that no dossier here may open.
    """
    with store.read() as connection:
        key = find_key(connection, digest)
    if key is None:
        raise StoreError("Không mở được tệp giấy tờ đã lưu", f"Không có khoá của tệp {digest[:12]}….")
    length = blob_length(store.blobs_folder, digest)
    last = min(length, offset + limit) - 1
    if last < offset:
        return b"", length
    return b"".join(read_range(store.blobs_folder, digest, key, offset, last)), length


def take_piece(parts: Parts, digest: str, length: int, data: bytes) -> int:
    """Appends what came to the part; where it ends now. Raises StoreError when the disk is full."""
    try:
        writer = parts.begin(digest, parts.offset(digest), length)
        try:
            writer.write(data)
            return writer.flush()
        finally:
            writer.close()
    except DiskFull as error:
        raise StoreError(
            "Ổ đĩa không còn chỗ để nhận giấy tờ",
            "Hãy dọn chỗ trống trên ổ đĩa; chương trình sẽ nhận tiếp từ chỗ dở.",
        ) from error


def keep_whole(store: Store, parts: Parts, digest: str) -> None:
    """Puts a part that is whole in place as a paper; every dossier that waited may open it.

    Raises NotTheBlob and StoreError. A second time changes nothing.
    """
    if not has_blob(store.blobs_folder, digest):
        _put_in_place(store, parts, digest)
    with store.write() as connection:
        waiting = select(blob_moves.c.dossier).where(blob_moves.c.sha256 == digest)
        ref = BlobRef(digest, 0, "", "paper")  # only its name counts here
        for (dossier,) in connection.execute(waiting).all():
            give_blobs(connection, dossier, (ref,))
        mark_sent(connection, digest)
    parts.discard(digest)


def _put_in_place(store: Store, parts: Parts, digest: str) -> None:
    with store.write() as connection:
        key = find_key(connection, digest)
        if key is None:
            key = token_bytes(32)
            papers._give(connection, DRAFTS, digest, key)
    try:
        with parts.open(digest) as head:
            sniff(head.read(16), "")
        with parts.open(digest) as file:
            length = blob_files._write(store.blobs_folder, cast(BinaryIO, file), digest, key)
    except (InputError, FileNotFoundError) as error:
        parts.discard(digest)
        raise NotTheBlob from error
    except OSError as error:
        raise StoreError("Không ghi được giấy tờ nhận về", "Kiểm tra ổ đĩa còn chỗ trống.") from error
    if length is None:
        parts.discard(digest)
        raise NotTheBlob
