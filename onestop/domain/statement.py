"""What the root hub states and signs: which devices, relays and officers there are, and which no more.

A statement is canonical JSON and stays those bytes, as an entry's header does. Every node keeps
all of them: with them an entry can be checked far from any hub.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from onestop.domain.entry import EntryError, canonical
from onestop.domain.moment import from_wire
from onestop.domain.signing import SigningKey, is_signed
from onestop.domain.state import Role

MAX_STATEMENT: Final = 8 * 1024
MAX_TEXT: Final = 300
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """`id` is hex; `body` the signed canonical JSON; `signature` 64 bytes of the log's key."""

    id: str
    body: bytes
    signature: bytes


def statement_id(body: bytes) -> str:
    return sha256(b"mc.statement.1\0" + body).hexdigest()


def make_statement(key: SigningKey, plain: Mapping[str, Any]) -> Statement:
    """Raises EntryError when `plain` is none of the known statements."""
    body = canonical(dict(plain))
    _require_statement(plain)
    if len(body) > MAX_STATEMENT:
        raise EntryError("statement above 8 KiB")
    return Statement(statement_id(body), body, key.sign(_message(body)))


def read_statement(public: bytes, body: bytes, signature: bytes) -> dict[str, Any]:
    """The statement in these bytes. Raises EntryError: not signed by `public`, or of no known shape.

    Members that this program does not know are left alone.
    """
    if not is_signed(public, _message(body), signature):
        raise EntryError("not signed by this log")
    return parse_statement(body)


def parse_statement(body: bytes) -> dict[str, Any]:
    """As `read_statement`, of bytes whose signature was checked before."""
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise EntryError("not a statement") from error
    _require_statement(plain)
    if len(body) > MAX_STATEMENT or canonical(plain) != body:
        raise EntryError("statement is not canonical")
    return dict(plain)


def statement_subject(plain: Mapping[str, Any]) -> str:
    """Whom it speaks of: a device, an officer, or what a revocation takes away."""
    return str(plain[_SUBJECTS[plain["kind"]]])


_SUBJECTS: Mapping[str, str] = {
    "device": "device",
    "relay": "device",
    "grant": "officer",
    "revoke": "subject",
}


def _message(body: bytes) -> bytes:
    return b"mc.statement.sig.1\0" + body


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\0" not in value


def _name(value: Any) -> bool:
    return _text(value) and bool(value)


def _key(value: Any) -> bool:
    return isinstance(value, str) and bool(_KEY.fullmatch(value))


def _number(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and from_wire(value) is not None
    except ValueError:
        return False


def _roles(value: Any) -> bool:
    return isinstance(value, list) and all(role in list(Role) for role in value)


def _of(value: Any) -> bool:
    return value in ("grant", "device", "officer")


_SHAPES: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "device": {
        "device": _name,
        "public": _key,
        "office": _text,
        "index": _number,
        "name": _text,
        "by": _text,
        "self_grant": _text,
    },
    "relay": {"device": _name, "public": _key, "log": _name, "log_key": _key, "office": _text},
    "grant": {
        "officer": _name,
        "name": _text,
        "roles": _roles,
        "unit": _text,
        "office": _text,
        "policy": _number,
        "from": _moment,
        "to": _moment,
    },
    "revoke": {"of": _of, "subject": _name, "at": _moment, "reason": _text},
}


def _require_statement(plain: Any) -> None:
    kind = plain.get("kind") if isinstance(plain, Mapping) else None
    shape = _SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise EntryError("a statement of no known kind")
    for member, is_good in shape.items():
        if not is_good(plain.get(member)):
            raise EntryError(f"statement: {member} is missing or of another shape")
