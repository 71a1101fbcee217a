"""A file that only the holder of one key opens: backups, bundles and their returns.

    magic 4 · way 1 · share 32 · nonce 12 · sealed file key 48 · segments of 256 KiB + tag 16

`share` is a fresh X25519 public key (the file key is sealed to a public key: whoever writes
cannot read) or the salt of a passphrase (argon2id). The segments are AES-256-GCM under the
file key: counted, bound to the head, the last one marked, so that no byte can be changed,
dropped, moved or added without being found. Nothing is given out before its tag was checked.
"""

import io
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onestop.errors import InputError, StoreError

MAGIC = b"MCS1"
SEGMENT = 256 * 1024
_TAG = 16
_SHARE = 32
_NONCE = 12
_KEY = 32
_HEAD = len(MAGIC) + 1 + _SHARE + _NONCE + _KEY + _TAG
_BY_KEY, _BY_PASSPHRASE = b"K", b"P"
_ARGON = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 1}


class Sink(Protocol):
    """What takes bytes: an open file, a packer, a seal."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class SealTo:
    """Who may open: the holder of the secret half of `public` (32 bytes), else of `passphrase`."""

    public: bytes = b""
    passphrase: str = ""


@dataclass(frozen=True, slots=True)
class Opener:
    """What one has to open with: exactly one of the three."""

    secret: bytes = b""
    passphrase: str = ""
    file_key: bytes = b""


def new_pair() -> tuple[bytes, bytes]:
    """(secret, public) of X25519, 32 raw bytes each."""
    secret = X25519PrivateKey.generate()
    return secret.private_bytes_raw(), secret.public_key().public_bytes_raw()


def public_of(secret: bytes) -> bytes:
    """The public half of a secret key, 32 raw bytes each."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


class SealedWriter:
    """Seals what is written to it; the file is whole only after `finish`.

    `purpose` names the kind of file: a bundle cannot be passed off as a backup. `file_key`
    lets the one who wrote it read it back once, to verify.
    """

    def __init__(self, out: Sink, to: SealTo, purpose: str) -> None:
        self.file_key = os.urandom(_KEY)
        head = _locked(self.file_key, to, purpose)
        self._out = out
        self._cipher = AESGCM(self.file_key)
        self._bound = _bound(head, purpose)
        self._waiting = bytearray()
        self._index = 0
        out.write(head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > SEGMENT:
            self._put(bytes(self._waiting[:SEGMENT]), is_last=False)
            del self._waiting[:SEGMENT]
        return len(data)

    def flush(self) -> None:
        """Nothing: a segment leaves when it is full."""

    def finish(self) -> None:
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _put(self, piece: bytes, is_last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._index, is_last), piece, self._bound))
        self._index += 1


class SealedReader(io.RawIOBase):
    """The plain bytes of a sealed file, as a stream. Raises StoreError, in words."""

    def __init__(self, file: BinaryIO, opener: Opener, purpose: str) -> None:
        super().__init__()
        self._file = file
        head = self._read(_HEAD)
        self._cipher = AESGCM(_unlocked(head, opener, purpose))
        self._bound = _bound(head, purpose)
        self._index = 0
        self._plain = b""
        self._sealed = self._read(SEGMENT + _TAG)
        if not self._sealed:  # even an empty file has its last segment
            raise broken()

    def readable(self) -> bool:
        return True

    def readinto(self, target: object) -> int:
        view = memoryview(target).cast("B")  # type: ignore[arg-type]  # any writable buffer
        while not self._plain and self._sealed:
            self._next()
        count = min(len(view), len(self._plain))
        view[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _next(self) -> None:
        following = self._read(SEGMENT + _TAG)
        nonce = _nonce(self._index, not following)
        try:
            self._plain = self._cipher.decrypt(nonce, self._sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            raise broken() from error
        self._index, self._sealed = self._index + 1, following

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            raise broken() from error


def broken() -> StoreError:
    return StoreError(
        "Tệp bị hỏng hoặc bị cắt",
        "Nội dung không còn nguyên như lúc ghi. Không có gì được ghi vào kho. Hãy dùng một bản chép khác.",
    )


def _not_ours() -> StoreError:
    return StoreError(
        "Không phải tệp của chương trình này",
        "Hãy chọn đúng tệp sao lưu hoặc gói dữ liệu do chương trình này ghi ra.",
    )


def _wrong_key() -> StoreError:
    return StoreError(
        "Khoá hoặc mật khẩu không mở được tệp này",
        "Tệp được khoá cho người khác, mật khẩu sai, hoặc đầu tệp bị hỏng. Không có gì được ghi vào kho.",
    )


def _bound(head: bytes, purpose: str) -> bytes:
    return sha256(head + purpose.encode()).digest()


def _nonce(index: int, is_last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([is_last])


def _locked(file_key: bytes, to: SealTo, purpose: str) -> bytes:
    nonce = os.urandom(_NONCE)
    if to.public:
        secret, share = new_pair()
        way, lock = _BY_KEY, _agreed(secret, to.public, share + to.public)
    elif to.passphrase:
        way, share = _BY_PASSPHRASE, os.urandom(_SHARE)
        lock = _stretched(to.passphrase, share)
    else:
        raise InputError(
            "Chưa nói ai được mở tệp", "Hãy cho tệp khoá phục hồi (--recovery-key) hoặc một mật khẩu."
        )
    head = MAGIC + way + share
    return head + nonce + AESGCM(lock).encrypt(nonce, file_key, head + purpose.encode())


def _unlocked(head: bytes, opener: Opener, purpose: str) -> bytes:
    """The file key that lies sealed in the head."""
    if len(head) < _HEAD or not head.startswith(MAGIC):
        raise _not_ours()
    if opener.file_key:
        return opener.file_key
    way, share = head[4:5], head[5 : 5 + _SHARE]
    nonce = head[5 + _SHARE : 5 + _SHARE + _NONCE]
    if way not in (_BY_KEY, _BY_PASSPHRASE):
        raise _not_ours()
    try:
        lock = _lock_of(way, share, opener)
        bound = head[: 5 + _SHARE] + purpose.encode()
        return AESGCM(lock).decrypt(nonce, head[5 + _SHARE + _NONCE :], bound)
    except (InvalidTag, ValueError) as error:
        raise _wrong_key() from error


def _lock_of(way: bytes, share: bytes, opener: Opener) -> bytes:
    if way == _BY_KEY and opener.secret:
        return _agreed(opener.secret, share, share + public_of(opener.secret))
    if way == _BY_PASSPHRASE and opener.passphrase:
        return _stretched(opener.passphrase, share)
    raise ValueError("the file is locked in the other way")


def _agreed(secret: bytes, public: bytes, salt: bytes) -> bytes:
    shared = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
    return HKDF(SHA256(), _KEY, salt, b"mc.seal.1").derive(shared)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # 26 ms: only where a passphrase is used

    return hash_secret_raw(passphrase.encode(), salt, hash_len=_KEY, type=Type.ID, **_ARGON)
