"""A signed checkpoint: the size and root of a log at one moment, by the log's own key.

Every desk keeps the last one it checked and asks for a consistency proof from it (`merkle`):
a log that rewrote its past cannot give one.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onestop.domain.entry import EntryError, canonical
from onestop.domain.moment import from_wire
from onestop.domain.signing import SigningKey, is_signed

_PREFIX = b"mc.checkpoint.1\0"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`cursor` records with Merkle root `root` (hex) in `epoch` of `log`; `at` is a wire moment."""

    log: str
    epoch: str
    cursor: int
    root: str
    at: str


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    checkpoint: Checkpoint
    signature: bytes


def sign_checkpoint(key: SigningKey, checkpoint: Checkpoint) -> SignedCheckpoint:
    return SignedCheckpoint(checkpoint, key.sign(_message(checkpoint)))


def is_checkpoint_signed(public: bytes, signed: SignedCheckpoint) -> bool:
    return is_signed(public, _message(signed.checkpoint), signed.signature)


def checkpoint_plain(signed: SignedCheckpoint) -> dict[str, Any]:
    """As JSON values; `checkpoint_from` reads it back."""
    return _values(signed.checkpoint) | {"signature": base64.b64encode(signed.signature).decode()}


def checkpoint_from(plain: Any) -> SignedCheckpoint:
    """Raises EntryError for anything that is not a checkpoint; the signature is not checked here."""
    try:
        read = Checkpoint(plain["log"], plain["epoch"], plain["cursor"], plain["root"], plain["at"])
        signature = base64.b64decode(plain["signature"], validate=True)
        _require_checkpoint(read)
    except (KeyError, TypeError, ValueError) as error:
        raise EntryError("not a checkpoint") from error
    return SignedCheckpoint(read, signature)


def _require_checkpoint(read: Checkpoint) -> None:
    texts = (read.log, read.epoch, read.root, read.at)
    if not all(isinstance(text, str) for text in texts) or type(read.cursor) is not int:
        raise TypeError("a member of another type")
    from_wire(read.at)
    if read.cursor < 0 or len(bytes.fromhex(read.root)) != 32:
        raise ValueError("out of range")


def _values(checkpoint: Checkpoint) -> dict[str, Any]:
    return {name: getattr(checkpoint, name) for name in checkpoint.__slots__}


def _message(checkpoint: Checkpoint) -> bytes:
    values: Mapping[str, Any] = _values(checkpoint)
    return _PREFIX + canonical(values)
