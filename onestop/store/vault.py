"""The key of the store: 256 random bits, never the passphrase itself.

Three ways to keep it, named in `vault.json` beside the database: sealed by a passphrase
(argon2id), held by the system's keyring, or in a file only this user may read. The raw
key opens the store in under a millisecond; a passphrase is stretched once, at start.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any

from onestop.errors import StoreError

KEY_BYTES = 32
_SERVICE = "onestop"
_ARGON = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 1}


def create_key(folder: Path, passphrase: str = "", use_keyring: bool = False) -> bytes:
    """Make the key of a new store and keep it; refuses to replace one that is there."""
    path = _vault_path(folder)
    if path.exists():
        raise StoreError("Kho dữ liệu đã có khoá", f"Không tạo khoá mới đè lên {path.name}.")
    key = os.urandom(KEY_BYTES)
    if passphrase:
        plain = _sealed(key, passphrase)
    elif use_keyring and _into_keyring(folder, key):
        plain = {"kept": "keyring", "name": str(folder.resolve())}
    else:
        plain = {"kept": "file", "key": base64.b64encode(key).decode()}
    _write_private(path, json.dumps(plain, indent=1))
    return key


def has_key(folder: Path) -> bool:
    return _vault_path(folder).exists()


def needs_passphrase(folder: Path) -> bool:
    return bool(_load(folder)["kept"] == "passphrase")


def load_key(folder: Path, passphrase: str = "") -> bytes:
    """The raw key. Raises StoreError when it is missing, damaged or the passphrase is wrong."""
    plain = _load(folder)
    try:
        if plain["kept"] == "passphrase":
            return _unsealed(plain, passphrase)
        if plain["kept"] == "keyring":
            return _from_keyring(plain["name"])
        return base64.b64decode(plain["key"], validate=True)
    except (KeyError, ValueError, TypeError) as error:
        raise _damaged() from error


def _vault_path(folder: Path) -> Path:
    return folder / "vault.json"


def _load(folder: Path) -> dict[str, Any]:
    try:
        plain = json.loads(_vault_path(folder).read_text("utf-8"))
    except FileNotFoundError as error:
        raise StoreError(
            "Không thấy khoá của kho dữ liệu",
            "Không còn tệp vault.json trong thư mục dữ liệu. Hãy chép lại từ bản sao lưu, đừng tạo kho mới.",
        ) from error
    except OSError as error:
        raise StoreError(
            "Không đọc được khoá của kho dữ liệu", "Kiểm tra quyền đọc thư mục dữ liệu."
        ) from error
    except ValueError as error:
        raise _damaged() from error
    if not isinstance(plain, dict) or "kept" not in plain:
        raise _damaged()
    return plain


def _damaged() -> StoreError:
    return StoreError(
        "Khoá của kho dữ liệu bị hỏng",
        "Tệp vault.json không đọc được. Hãy chép lại tệp này từ bản sao lưu.",
    )


def _write_private(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            "Không ghi được vào thư mục dữ liệu",
            f"Kiểm tra quyền ghi và chỗ trống của thư mục {path.parent}.",
        ) from error


def _stretched(passphrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # 26 ms: only where a passphrase is used

    return hash_secret_raw(passphrase.encode(), salt, hash_len=KEY_BYTES, type=Type.ID, **_ARGON)


def _sealed(key: bytes, passphrase: str) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, key, b"onestop vault 1")
    fields = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return {"kept": "passphrase"} | {name: base64.b64encode(value).decode() for name, value in fields.items()}


def _unsealed(plain: dict[str, Any], passphrase: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce, sealed = (base64.b64decode(plain[name]) for name in ("salt", "nonce", "sealed"))
    try:
        return AESGCM(_stretched(passphrase, salt)).decrypt(nonce, sealed, b"onestop vault 1")
    except InvalidTag as error:
        raise StoreError(
            "Mật khẩu mở kho không đúng",
            "Hãy nhập lại; chú ý phím Caps Lock và bộ gõ tiếng Việt.",
            "passphrase",
        ) from error


def _into_keyring(folder: Path, key: bytes) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, str(folder.resolve()), base64.b64encode(key).decode())
    except KeyringError:  # a machine without a keyring keeps the key in a private file
        return False
    return True


def _from_keyring(name: str) -> bytes:
    import keyring
    from keyring.errors import KeyringError

    try:
        kept = keyring.get_password(_SERVICE, name)
    except KeyringError:
        kept = None
    if kept is None:
        raise StoreError(
            "Không lấy được khoá từ kho khoá của hệ thống",
            "Hãy đăng nhập đúng tài khoản Windows/Linux đã cài đặt chương trình.",
        )
    return base64.b64decode(kept)
