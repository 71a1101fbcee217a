"""The province's recovery key: an X25519 pair as PEM, the format every crypto tool reads.

The public half lies on the hub and seals backups; the secret half lies offline, best in
parts with several persons, and is needed only to restore.
"""

import os
from getpass import getpass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from onestop.errors import InputError, StoreError
from onestop.store.sealed import Opener, SealTo
from onestop.store.whole import unreadable, unwritable, whole_file

MIN_PASSPHRASE = 12


def make_recovery_key(target: Path, passphrase: str) -> Path:
    """Writes the secret half to `target` (only this user reads it), the public one beside it: its path."""
    if target.exists():
        raise StoreError("Đã có khoá phục hồi ở đó", f"Không ghi đè lên {target.name}. Hãy chọn tên khác.")
    key = X25519PrivateKey.generate()
    sealed = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _write_private(target, secret)
    beside = target.with_name(f"{target.name}.pub")
    with whole_file(beside) as file:
        file.write(public)
    return beside


def _write_private(target: Path, secret: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(target) from error


def seal_to(recovery_key: Path | None, passphrase: str) -> SealTo:
    """Who may open a backup: the public key in that file, else the passphrase. Raises InputError."""
    if recovery_key is None:
        if len(passphrase) < MIN_PASSPHRASE:
            raise InputError(
                "Mật khẩu sao lưu quá ngắn",
                f"Cần ít nhất {MIN_PASSPHRASE} ký tự, hoặc dùng tệp khoá phục hồi (--recovery-key).",
                "passphrase",
            )
        return SealTo(passphrase=passphrase)
    try:
        key = serialization.load_pem_public_key(_read(recovery_key))
    except ValueError as error:
        raise _no_key(recovery_key, "phần công khai (.pub)") from error
    if not isinstance(key, X25519PublicKey):
        raise _no_key(recovery_key, "phần công khai (.pub)")
    return SealTo(public=key.public_bytes_raw())


def opener(recovery_key: Path | None, passphrase: str) -> Opener:
    """What a backup is opened with; `passphrase` opens the key's own file where it has one."""
    if recovery_key is None:
        return Opener(passphrase=passphrase)
    data = _read(recovery_key)
    if b"ENCRYPTED" in data and not passphrase:
        passphrase = getpass("Mật khẩu của khoá phục hồi: ")
    try:
        sealed = passphrase.encode() if b"ENCRYPTED" in data else None
        key = serialization.load_pem_private_key(data, sealed)
    except (ValueError, TypeError) as error:
        raise _no_key(recovery_key, "phần bí mật, đúng mật khẩu") from error
    if not isinstance(key, X25519PrivateKey):
        raise _no_key(recovery_key, "phần bí mật")
    return Opener(secret=key.private_bytes_raw())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path) from error


def _no_key(path: Path, half: str) -> InputError:
    return InputError(f"{path.name} không phải khoá phục hồi", f"Cần tệp PEM X25519 {half}.", "recovery_key")
