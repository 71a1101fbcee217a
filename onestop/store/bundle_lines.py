"""Signed streams: JSON lines and raw bytes between them, ended by a signature over all of it.

    {"format": ...} then lines; {"blob": digest, "length": n} is followed by n raw bytes;
    the last line {"signature": ...} is Ed25519 over the SHA-256 of every byte before it

A reader goes through a whole stream before anything of it counts: without the last line it
was cut, with a wrong one it is forged.
"""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, BinaryIO

from onestop.domain.signing import SigningKey, is_signed
from onestop.store.sealed import Sink, broken

MAX_LINE = 512 * 1024

Plain = dict[str, Any]


class SignedWriter:
    """Writes such a stream; `form` begins it and is bound by the signature."""

    def __init__(self, sink: Sink, form: str, first: Mapping[str, Any]) -> None:
        self._sink = sink
        self._digest = sha256()
        self._form = form
        self.length = 0
        self.line({"format": form} | dict(first))

    def line(self, plain: Mapping[str, Any]) -> None:
        self.raw(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def raw(self, data: bytes) -> None:
        self._digest.update(data)
        self._sink.write(data)
        self.length += len(data)

    def finish(self, key: SigningKey) -> None:
        signature = key.sign(_message(self._form, self._digest.digest()))
        self.line({"signature": base64.b64encode(signature).decode()})


class SignedReader:
    """Reads such a stream. `first` is its first line; `digest` names all that was read so far."""

    def __init__(self, source: BinaryIO, form: str) -> None:
        self._source = source
        self._form = form
        self._digest = sha256()
        self._signature: bytes | None = None
        self._signed = b""
        self.first = self._plain()
        if self.first.get("format") != form:
            raise broken()

    def line(self) -> Plain | None:
        """The next line; None at the signed end. Raises StoreError: cut, no JSON, more after the end."""
        if self._signature is not None:
            return None
        before = self._digest.digest()
        plain = self._plain()
        if "signature" not in plain:
            return plain
        self._signed = before
        try:
            self._signature = base64.b64decode(plain["signature"], validate=True)
        except (ValueError, TypeError) as error:
            raise broken() from error
        if self._source.read(1):
            raise broken()
        return None

    def raw(self, length: int) -> bytes:
        """The raw bytes after a line that announced them."""
        data = self._source.read(length)
        if len(data) != length:
            raise broken()
        self._digest.update(data)
        return data

    @property
    def digest(self) -> str:
        """Of everything before the signature, once the end was read."""
        return self._signed.hex()

    def is_by(self, public: bytes) -> bool:
        """Whether the stream, read to its end, is signed by that key."""
        return self._signature is not None and is_signed(
            public, _message(self._form, self._signed), self._signature
        )

    def _plain(self) -> Plain:
        line = self._source.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            raise broken()
        self._digest.update(line)
        try:
            plain = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise broken() from error
        if not isinstance(plain, dict):
            raise broken()
        return plain


def _message(form: str, digest: bytes) -> bytes:
    return b"mc.stream.1\0" + form.encode() + b"\0" + digest


def text_of(plain: Mapping[str, Any], name: str) -> str:
    """A text member. Raises StoreError when it is none."""
    value = plain.get(name)
    if not isinstance(value, str):
        raise broken()
    return value


def number_of(plain: Mapping[str, Any], name: str) -> int:
    """A whole number, not negative. Raises StoreError when it is none."""
    value = plain.get(name)
    if type(value) is not int or not 0 <= value < 2**53:
        raise broken()
    return value


def key_of(plain: Mapping[str, Any], name: str) -> bytes:
    """32 bytes in hex. Raises StoreError when it is none."""
    try:
        key = bytes.fromhex(text_of(plain, name))
    except ValueError as error:
        raise broken() from error
    if len(key) != 32:
        raise broken()
    return key
