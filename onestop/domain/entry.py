"""One entry of a journal: immutable bytes that a desk signed.

The header is canonical JSON (RFC 8785) and is kept and sent as those bytes for ever.
The body stands apart behind a salted hash, so personal data can be erased by law
(Luật 91/2025/QH15, Điều 14) while the chain still verifies.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

FORMAT = 1
MAX_HEADER = 4 * 1024
MAX_BODY = 64 * 1024
MAX_BLOBS = 64
MAX_PARENTS = 4
SALT_BYTES = 16
_MAX_INT = 2**53 - 1

Seen = tuple[str | None, int, str | None]
"""The last signed checkpoint the desk knew: (epoch, cursor, server time)."""

NEVER_SEEN: Seen = (None, 0, None)


class EntryError(ValueError):
    """Bytes that are not an entry of this format; for a machine, not for people."""


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A blob that an entry names: lower-case hex SHA-256 of its plain bytes, length in bytes."""

    sha256: str
    length: int
    mime: str
    role: str


@dataclass(frozen=True, slots=True)
class Header:
    """What is signed. `at` is UTC to the millisecond, `mono` is (boot id, milliseconds)."""

    device: str
    incarnation: str
    seq: int
    prev: str | None
    dossier: str | None
    parents: tuple[str, ...]
    kind: str
    officer: str
    grant: str
    policy: int
    at: str
    mono: tuple[str, int]
    body_hash: str
    body_length: int
    seen: Seen = NEVER_SEEN
    offset: str = "+07:00"
    blobs: tuple[BlobRef, ...] = ()
    kind_version: int = 1
    is_critical: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A sealed entry. `body` and `salt` are None once erased."""

    id: str
    header: Header
    header_bytes: bytes
    signature: bytes
    body: bytes | None
    salt: bytes | None

    def facts(self) -> dict[str, Any] | None:
        """The body as plain JSON values, or None when it was erased."""
        return None if self.body is None else json.loads(self.body)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> bytes:
    """RFC 8785 bytes. Numbers are integers only: money is đồng, time is text.

    Raises EntryError for floats, integers beyond 2**53 - 1 and keys that are not ASCII.
    """
    _require_plain(value)
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as error:
        raise EntryError("a lone surrogate is not text") from error


def _require_plain(value: object) -> None:
    """Walks every value of every entry: text, the usual leaf, is not called for again."""
    if isinstance(value, dict):
        for key, item in value.items():
            # ASCII keys sort alike by code point and by UTF-16 unit, as RFC 8785 asks.
            if not isinstance(key, str) or not key.isascii():
                raise EntryError(f"key {key!r} is not ASCII text")
            if type(item) is not str:
                _require_plain(item)
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) is not str:
                _require_plain(item)
    elif isinstance(value, int):  # booleans are whole numbers too
        if abs(value) > _MAX_INT:
            raise EntryError("an integer beyond 2**53 - 1 does not survive JSON")
    elif value is not None and not isinstance(value, str):
        raise EntryError(f"{type(value).__name__} has no canonical form")


def body_hash(salt: bytes, body: bytes) -> str:
    return sha256(b"mc.body.1\0" + salt + body).hexdigest()


def entry_id(header_bytes: bytes) -> str:
    return sha256(b"mc.entry.1\0" + header_bytes).hexdigest()


def signed_message(header_bytes: bytes) -> bytes:
    """The bytes under the desk's Ed25519 signature."""
    return b"mc.sig.1\0" + header_bytes


def header_bytes(header: Header) -> bytes:
    """Canonical bytes of a header. Raises EntryError above the limits of the format."""
    if len(header.parents) > MAX_PARENTS or len(header.blobs) > MAX_BLOBS:
        raise EntryError("too many parents or blobs for one entry")
    plain = {
        "v": FORMAT,
        "dev": header.device,
        "inc": header.incarnation,
        "seq": header.seq,
        "prev": header.prev,
        "dos": header.dossier,
        "par": list(header.parents),
        "kind": header.kind,
        "kv": header.kind_version,
        "crit": header.is_critical,
        "act": header.officer,
        "gr": header.grant,
        "pol": header.policy,
        "at": header.at,
        "tz": header.offset,
        "mono": list(header.mono),
        "seen": list(header.seen),
        "bh": header.body_hash,
        "bl": header.body_length,
        "blobs": [[b.sha256, b.length, b.mime, b.role] for b in header.blobs],
    }
    encoded = canonical(plain)
    if len(encoded) > MAX_HEADER:
        raise EntryError("header above 4 KiB")
    return encoded


def parse_header(encoded: bytes) -> Header:
    """The header that lies in these bytes; raises EntryError when none does.

    Bytes from elsewhere go through `require_canonical`.
    """
    if len(encoded) > MAX_HEADER:
        raise EntryError("header above 4 KiB")
    try:
        p = json.loads(encoded)
        header = Header(
            device=p["dev"],
            incarnation=p["inc"],
            seq=p["seq"],
            prev=p["prev"],
            dossier=p["dos"],
            parents=tuple(p["par"]),
            kind=p["kind"],
            kind_version=p["kv"],
            is_critical=p["crit"],
            officer=p["act"],
            grant=p["gr"],
            policy=p["pol"],
            at=p["at"],
            offset=p["tz"],
            mono=(p["mono"][0], p["mono"][1]),
            seen=(p["seen"][0], p["seen"][1], p["seen"][2]),
            body_hash=p["bh"],
            body_length=p["bl"],
            blobs=tuple(BlobRef(*b) for b in p["blobs"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise EntryError("not an entry header") from error
    return header


def require_canonical(encoded: bytes) -> Header:
    """As `parse_header`, and the bytes must be what we would write ourselves."""
    header = parse_header(encoded)
    if header_bytes(header) != encoded:
        raise EntryError("header is not canonical")
    return header
