"""Blobs on a hub: they arrive in parts over lines that break, and every byte that came is kept.

A part is a file of its own, encrypted at any offset (AES-CTR under a key of that part alone).
Nothing is locked: whoever begins to write takes the part's turn, and the writer before finds
at its next write that the turn is gone. Two writers of the same bytes write the same file,
so overlapping does no harm. When all bytes are there they are hashed, sealed like every blob
(`store.blobs`) and only then said to be stored.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from onestop.store import blobs as blob_files
from onestop.store.blobs import SEGMENT, has_blob, unwrap, wrap
from onestop.store.moves import pass_on
from onestop.store.rows import get_local
from onestop.store.store import Store
from onestop.store.tables import blob_keys, blobs, dossier_keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import CipherContext

HUB = "hub"
"""Holder of the keys of all blobs of a hub, in `dossier_keys` as if it were a dossier."""

RESERVE = 256 * 1024 * 1024
"""Bytes of the disk that blobs leave to the database."""

_SALT = 32
_BLOCK = 16


class Superseded(Exception):
    """Another connection writes this part now."""


class WrongOffset(Exception):
    """`offset` is where the part really ends."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the part ends at {offset}")
        self.offset = offset


class WrongBytes(Exception):
    """All bytes came, but they are not the blob of that name; the part is gone."""


class DiskFull(Exception):
    """The disk has no room for the rest of this blob."""


class Parts:
    """The unfinished blobs of one hub; several processes may work on the same folder."""

    def __init__(self, folder: Path, secret: bytes, reserve: int = RESERVE) -> None:
        self._folder = folder
        self._secret = secret
        self._reserve = reserve

    def offset(self, digest: str) -> int:
        """How many bytes of the blob are here; 0 before the first."""
        try:
            return max(0, self._path(digest).stat().st_size - _SALT)
        except FileNotFoundError:
            return 0

    def begin(self, digest: str, offset: int, length: int) -> "Writer":
        """Takes the turn. Raises WrongOffset, DiskFull."""
        self._folder.mkdir(parents=True, exist_ok=True)
        here = self.offset(digest)
        if offset != here or offset > length:
            raise WrongOffset(here)
        if shutil.disk_usage(self._folder).free - self._reserve < 2 * length - offset:
            raise DiskFull
        turn = secrets.token_hex(8)
        self._take_turn(digest, turn)
        return Writer(self, digest, turn, offset, length)

    def open(self, digest: str, offset: int = 0) -> "PartFile":
        """The plain bytes of a part from `offset` on. Raises FileNotFoundError."""
        file = self._path(digest).open("rb")
        key = self._key(digest, file.read(_SALT))
        file.seek(_SALT + offset)
        return PartFile(file, key, offset)

    def discard(self, digest: str) -> None:
        """Emptied first: where an open file cannot be removed, it still holds nothing."""
        self._take_turn(digest, "")
        with suppress(FileNotFoundError):
            os.truncate(self._path(digest), 0)
        for path in (self._path(digest), self._turn_path(digest)):
            with suppress(OSError):
                path.unlink()

    def sweep(self, older_than: float) -> int:
        """Drops parts last written before `older_than` (seconds of the epoch); how many."""
        stale = [path for path in self._folder.glob("*") if path.stat().st_mtime < older_than]
        for path in stale:
            if path.suffix == ".part":
                self.discard(path.stem)
            elif not self._path(path.stem).exists():
                path.unlink(missing_ok=True)
        return sum(path.suffix == ".part" for path in stale)

    def has_turn(self, digest: str, turn: str) -> bool:
        try:
            return self._turn_path(digest).read_text("ascii") == turn
        except FileNotFoundError:
            return False

    def open_to_write(self, digest: str) -> "tuple[BinaryIO, bytes]":
        """The file, with a salt at its head, and the key that the salt leads to."""
        path = self._path(digest)
        if not path.exists() or path.stat().st_size < _SALT:
            scratch = path.with_suffix(f".{secrets.token_hex(4)}")
            scratch.write_bytes(secrets.token_bytes(_SALT))
            scratch.replace(path)
        file = path.open("r+b", buffering=0)
        return cast(BinaryIO, file), self._key(digest, file.read(_SALT))

    def _take_turn(self, digest: str, turn: str) -> None:
        scratch = self._turn_path(digest).with_suffix(f".{secrets.token_hex(4)}")
        scratch.write_text(turn, "ascii")
        scratch.replace(self._turn_path(digest))

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.part"

    def _turn_path(self, digest: str) -> Path:
        return self._folder / f"{digest}.turn"

    def _key(self, digest: str, salt: bytes) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        return HKDF(SHA256(), 32, salt, b"onestop part 1 " + digest.encode()).derive(self._secret)


class Writer:
    """One connection's turn at one part. `write` until the line ends, then `close`."""

    def __init__(self, parts: Parts, digest: str, turn: str, offset: int, length: int) -> None:
        self.offset = offset
        self.length = length
        self._parts, self._digest, self._turn = parts, digest, turn
        self._file, key = parts.open_to_write(digest)
        self._file.seek(_SALT + offset)
        self._cipher = _ctr(key, offset)

    def write(self, piece: bytes) -> None:
        """Appends. Raises Superseded, ValueError beyond the announced length, DiskFull."""
        if self.offset + len(piece) > self.length:
            raise ValueError("more bytes than announced")
        if not self._parts.has_turn(self._digest, self._turn):
            raise Superseded
        covered = memoryview(self._cipher.update(piece))
        try:
            while covered:
                written = self._file.write(covered)
                self.offset += written
                covered = covered[written:]
        except OSError as error:
            raise DiskFull from error

    def flush(self) -> int:
        """What came is on the disk after this; the offset reached."""
        os.fsync(self._file.fileno())
        return self.offset

    def close(self) -> int:
        """Ends the turn; the offset reached. Also what was not flushed is mostly kept."""
        self._file.close()
        return self.offset


class PartFile(RawIOBase):
    """A part read as the plain bytes it holds."""

    def __init__(self, file: BinaryIO, key: bytes, offset: int) -> None:
        self._file = file
        self._cipher = _ctr(key, offset)

    def read(self, size: int = -1) -> bytes:
        return self._cipher.update(self._file.read(size))

    def close(self) -> None:
        self._file.close()
        super().close()


def _ctr(key: bytes, offset: int) -> "CipherContext":
    """The key stream from `offset` on; a key serves one part only, so counting starts at 0."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    counter = (offset // _BLOCK).to_bytes(_BLOCK, "big")
    made = Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor()
    made.update(bytes(offset % _BLOCK))
    return made


def finish_part(store: Store, folder: Path, parts: Parts, digest: str, at: str) -> int:
    """Puts a whole part in place as a blob and says so in the store; its length. A relay passes it on.

    Raises WrongBytes (the part is deleted) and StoreError. A second caller changes nothing.
    """
    with store.write() as connection:
        key = settle_key(connection, digest)
    if not has_blob(folder, digest):
        try:
            with parts.open(digest) as file:
                length = blob_files._write(folder, cast(BinaryIO, file), digest, key)
        except FileNotFoundError as error:
            if not has_blob(folder, digest):
                raise WrongBytes from error
        except OSError as error:
            raise DiskFull from error
        else:
            if length is None:
                parts.discard(digest)
                raise WrongBytes
    whole = blob_length(folder, digest)
    with store.write() as connection:
        mark_whole(connection, digest, whole, at)
        if (get_local(connection, "ledger") or {}).get("is_relay"):
            pass_on(connection, digest)
    parts.discard(digest)
    return whole


def settle_key(connection: Connection, digest: str) -> bytes:
    """The blob's key under the hub's own; made when there is none yet."""
    known = find_key(connection, digest)
    if known is not None:
        return known
    fresh = secrets.token_bytes(32)
    row = {"sha256": digest, "dossier": HUB, "wrapped": wrap(_hub_key(connection), digest, fresh)}
    if not _add(connection, blob_keys.insert().values(row)):
        found = find_key(connection, digest)
        return fresh if found is None else found
    return fresh


def find_key(connection: Connection, digest: str) -> bytes | None:
    found = connection.execute(
        select(blob_keys.c.wrapped, dossier_keys.c.key)
        .join(dossier_keys, dossier_keys.c.dossier == blob_keys.c.dossier)
        .where(blob_keys.c.sha256 == digest)
        .limit(1)
    ).first()
    return None if found is None else unwrap(found.key, digest, found.wrapped)


def _hub_key(connection: Connection) -> bytes:
    asked = select(dossier_keys.c.key).where(dossier_keys.c.dossier == HUB)
    key: bytes | None = connection.scalar(asked)
    if key is None:
        key = secrets.token_bytes(32)
        if not _add(connection, dossier_keys.insert().values(dossier=HUB, key=key)):
            key = bytes(connection.execute(asked).scalar_one())
    return bytes(key)


def _add(connection: Connection, statement: object) -> bool:
    """False when another process was first."""
    try:
        with connection.begin_nested():
            connection.execute(statement)  # type: ignore[call-overload]  # an Insert, as handed in above
    except IntegrityError:
        return False
    return True


def mark_whole(connection: Connection, digest: str, length: int, at: str) -> None:
    """The row of a blob that is stored."""
    told = update(blobs).where(blobs.c.sha256 == digest, blobs.c.is_whole.is_(False))
    connection.execute(told.values(is_whole=True, length=length, stored_at=at))
    if connection.scalar(select(blobs.c.sha256).where(blobs.c.sha256 == digest)) is None:
        row = {"sha256": digest, "length": length, "is_whole": True, "stored_at": at, "is_durable": False}
        _add(connection, blobs.insert().values(row))


def blob_length(folder: Path, digest: str) -> int:
    """Plain bytes of a stored blob, by the size of its file. Raises StoreError when it is missing."""
    try:
        size = blob_files._place(folder, digest).stat().st_size - len(blob_files._MAGIC)
    except OSError as error:
        raise blob_files._damaged(digest) from error
    segments = max(1, -(-size // (SEGMENT + blob_files._TAG)))
    return size - segments * blob_files._TAG


def read_range(folder: Path, digest: str, key: bytes, first: int, last: int) -> Iterator[bytes]:
    """Plain bytes `first` to `last` inclusive, a segment at a time.

    Raises StoreError for a file that is missing or damaged.
    """
    from cryptography.exceptions import InvalidTag

    length = blob_length(folder, digest)
    step = SEGMENT + blob_files._TAG
    final = max(0, (length - 1) // SEGMENT)
    try:
        with blob_files._place(folder, digest).open("rb") as file:
            for index in range(first // SEGMENT, last // SEGMENT + 1):
                file.seek(len(blob_files._MAGIC) + index * step)
                nonce = blob_files._nonce(index, index == final)
                plain = blob_files._cipher(key).decrypt(nonce, file.read(step), None)
                begin = index * SEGMENT
                yield plain[max(0, first - begin) : last + 1 - begin]
    except (OSError, InvalidTag, ValueError) as error:
        raise blob_files._damaged(digest) from error
