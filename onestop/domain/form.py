"""The form of an entry from elsewhere, to the last member: what passes may reach any column.

Not only our own bytes, as `entry.require_canonical` asks: this asks for values that a program of ours
could have written: types, lengths, years, no character that a database refuses.
"""

import json
import re
from typing import Any, Final

from onestop.domain.entry import (
    FORMAT,
    MAX_BLOBS,
    MAX_BODY,
    MAX_HEADER,
    MAX_PARENTS,
    SALT_BYTES,
    BlobRef,
    EntryError,
    Header,
    body_hash,
    parse_header,
)
from onestop.domain.moment import from_wire

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
# fmt: off
_MEMBERS: Final = frozenset((
    "v", "dev", "inc", "seq", "prev", "dos", "par", "kind", "kv", "crit", "act", "gr", "pol",
    "at", "tz", "mono", "seen", "bh", "bl", "blobs",
))
# fmt: on
_IDENT: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_WORD: Final = re.compile(r"[^\0]{0,128}", re.DOTALL)  # PostgreSQL keeps no NUL in text
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_KIND: Final = re.compile(r"[a-z][a-z_]{0,31}")
_ZONE: Final = re.compile(r"[+-][0-9]{2}:[0-9]{2}")
_YEARS: Final = ("2000", "2199")
_MAX_COLUMN: Final = 2**31 - 1


def require_form(encoded: bytes) -> Header:
    """The header in these bytes. Raises EntryError for anything no desk of ours writes."""
    if len(encoded) > MAX_HEADER:
        raise EntryError("header above 4 KiB")
    _require_members(_canonical_object(encoded))
    header = parse_header(encoded)
    if not _is_chain_formed(header) or not _is_act_formed(header) or not _is_rest_formed(header):
        raise EntryError("a member of the header is of another type or out of range")
    return header


def require_body(header: Header, body: bytes | None, salt: bytes | None) -> Any:
    """The body's JSON object, None when both are gone by law. Raises EntryError."""
    if body is None and salt is None:
        return None
    if body is None or salt is None or len(salt) != SALT_BYTES or len(body) > MAX_BODY:
        raise EntryError("body and salt do not go together")
    if len(body) != header.body_length or body_hash(salt, body) != header.body_hash:
        raise EntryError("the body is not the one that was signed")
    return _canonical_object(body)


def _canonical_object(encoded: bytes) -> dict[str, Any]:
    """As `entry.canonical` writes it, at the speed of the parser: a hub reads thousands a second."""
    try:
        plain = json.loads(encoded, parse_float=_refuse, parse_constant=_refuse)
        if isinstance(plain, dict) and _ENCODER.encode(plain).encode() == encoded:
            return plain
    except (ValueError, RecursionError) as error:
        raise EntryError("not JSON of this format") from error
    raise EntryError("not canonical")


def _refuse(_: str) -> Any:
    raise EntryError("numbers are whole")


def _require_members(plain: dict[str, Any]) -> None:
    if plain.keys() != _MEMBERS or type(plain["v"]) is not int or plain["v"] != FORMAT:
        raise EntryError("not the members of a header of this format")
    lists = (plain["par"], plain["mono"], plain["seen"], plain["blobs"])
    if not all(isinstance(each, list) for each in lists):
        raise EntryError("a list is of another type")
    if len(plain["mono"]) != 2 or len(plain["seen"]) != 3 or not all(map(_is_four, plain["blobs"])):
        raise EntryError("a list is of another length")
    if len(plain["par"]) > MAX_PARENTS or len(plain["blobs"]) > MAX_BLOBS:
        raise EntryError("too many parents or blobs for one entry")


def _is_four(value: object) -> bool:
    return isinstance(value, list) and len(value) == 4


def claim_of(encoded: bytes) -> Header | None:
    """What bytes that failed `require_form` say of themselves: device, place in its chain, dossier.

    None when not even that can be believed to fit a column.
    """
    try:
        header = parse_header(encoded)
    except EntryError:
        return None
    has_dossier = header.dossier is None or _is(_IDENT, header.dossier)
    return header if has_dossier and _is_chain_formed(header) else None


def _is_chain_formed(header: Header) -> bool:
    if not _is(_IDENT, header.device) or not _is(_IDENT, header.incarnation):
        return False
    if not _is_number(header.seq, 1, _MAX_COLUMN):
        return False
    return header.prev is None if header.seq == 1 else _is(_HASH, header.prev)


def _is_act_formed(header: Header) -> bool:
    return (
        (header.dossier is None or _is(_IDENT, header.dossier))
        and all(_is(_HASH, parent) for parent in header.parents)
        and len(set(header.parents)) == len(header.parents)
        and _is(_KIND, header.kind)
        and _is_number(header.kind_version, 0, _MAX_COLUMN)
        and type(header.is_critical) is bool
        and _is(_WORD, header.officer)
        and _is(_WORD, header.grant)
        and _is_number(header.policy, 0, _MAX_COLUMN)
    )


def _is_rest_formed(header: Header) -> bool:
    boot, milliseconds = header.mono
    return (
        _is_moment(header.at)
        and _is(_ZONE, header.offset)
        and _is(_WORD, boot)
        and _is_number(milliseconds, 0, 2**53)
        and _is_seen(*header.seen)
        and _is(_HASH, header.body_hash)
        and _is_number(header.body_length, 0, MAX_BODY)
        and all(_is_blob(blob) for blob in header.blobs)
    )


def _is_seen(epoch: object, cursor: object, at: object) -> bool:
    if epoch is None or at is None:
        return epoch is None and at is None and cursor == 0 and type(cursor) is int
    return _is(_IDENT, epoch) and _is_number(cursor, 0, 2**53) and _is_moment(at)


def _is_blob(blob: BlobRef) -> bool:
    return (
        _is(_HASH, blob.sha256)
        and _is_number(blob.length, 0, 2**53)
        and _is(_WORD, blob.mime)
        and _is(_WORD, blob.role)
    )


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(from_wire(value)) and _YEARS[0] <= value[:4] <= _YEARS[1]
    except ValueError:
        return False


def _is_number(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
