"""A transfer slip: one signed entry as bytes short enough for a code on paper.

    "OST1" · signature (64) · salt (16) · ids (length (2) · bytes)
           · zlib(header length (2) · header · body)

Paper comes by courier before the data does: the other agency reads the code, checks the
sending desk's signature and goes on without a line. Ids of the header stand apart as bytes:
they do not compress, and would make the text beside them compress worse.

On paper those bytes are one long number. A scanner that types like a keyboard can type digits
under any layout, with capitals locked and with a Vietnamese input method on, which would make
other text of letters; and a QR code packs digits as tightly as bytes.
"""

import re
import zlib
from typing import Any

from onestop.domain.acts import Act
from onestop.domain.entry import (
    MAX_HEADER,
    SALT_BYTES,
    Entry,
    EntryError,
    body_hash,
    canonical,
    entry_id,
    require_canonical,
)
from onestop.errors import InputError

MAGIC = b"OST1"
MAX_DIGITS = 3057
"""Digits that a QR code of version 25, level L, holds."""

MAX_SLIP = 1269
"""Bytes that so many digits hold."""

MARK = "99517001"
"""What the number of a slip begins with: no citizen's number does (its first three digits are a
province, 001 to 096), and a dossier's code has dashes."""

_HEADER_ROOM = 540
"""Signature, salt and the longest header: four parents, a checkpoint, nothing to compress."""

_SIGNATURE = 64
_ONE = b"\x01"  # before the bytes, so that zeros at their beginning count
_MAX_PLAIN = 2 + 2 * MAX_HEADER
"""No slip unpacks to more, whatever its bytes promise."""

_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(rb"(%s)|((?:[0-9a-f]{2}){8,255})" % _UUID)
_GAP = re.compile(rb"\x02|\x01(.)", re.DOTALL)
"""Where an id stood: JSON text holds no byte below 0x20. 0x02 is a UUID, 0x01 n is n bytes."""

# What every header and body has in common is not sent. Another dictionary needs another MAGIC.
_COMMON = (
    b'{"act":"u-","at":"2026-","bh":"","bl":,"blobs":[],"crit":true,"dev":"","dos":"","gr":"","inc":"",'
    b'"kind":"transfer_out","kv":1,"mono":["",],"par":["","prev":"","pol":1,"seen":[null,0,null],"seq":,'
    b'"tz":"+07:00","v":1}{"code":"H","due":{"at":"2026-","calendar":"","explanation":"","unit":'
    b'"calendar_day","unit":"working_day","value":},"from_agency":{"code":"H","name":"UBND x\xc3\xa3 "},'
    b'"note":"","original_due_at":"","owner":{"kind":"organisation","kind":"person","name":"Nguy\xe1\xbb'
    b'\x85n Th\xe1\xbb\x8b "},"procedure":{"code":"","name":"C\xe1\xba\xa5p \xc4\x90\xc4\x83ng k\xc3\xbd ",'
    b'"sector":"","version":""},"reason":"Thu\xe1\xbb\x99c th\xe1\xba\xa9m quy\xe1\xbb\x81n gi\xe1\xba\xa3'
    b'i quy\xe1\xba\xbft c\xe1\xbb\xa7a ","received_at":"2026-","receiving":"H","role":"competent",'
    b'"to_agency":{"code":"H","name":"UBND "}}T00:00.000Z'
)


def body_fits(facts: dict[str, Any]) -> bool:
    """Whether an entry with these facts will fit a slip, asked before it is written."""
    packer = zlib.compressobj(9, zdict=_COMMON)
    return len(packer.compress(canonical(facts)) + packer.flush()) <= MAX_SLIP - _HEADER_ROOM


def pack_slip(entry: Entry) -> bytes:
    """The bytes of a `transfer_out`. Raises InputError when it was erased or is too long."""
    if entry.body is None or entry.salt is None:
        raise InputError("Không in được phiếu chuyển", "Nội dung bút ký chuyển đã xoá theo quy định.")
    header, ids = _shrunk(entry.header_bytes)
    plain = len(header).to_bytes(2, "big") + header + entry.body
    packer = zlib.compressobj(9, zdict=_COMMON)
    packed = packer.compress(plain) + packer.flush()
    packed = MAGIC + entry.signature + entry.salt + len(ids).to_bytes(2, "big") + ids + packed
    if len(packed) > MAX_SLIP or len(plain) > _MAX_PLAIN:
        raise InputError(
            "Nội dung chuyển quá dài để in mã trên phiếu",
            "Thu hồi, rút gọn lý do và lời dặn rồi chuyển lại.",
            "reason",
        )
    return packed


def read_slip(data: bytes) -> Entry:
    """The entry of a slip; its form and hash are checked, its signature is not.

    Raises InputError for anything that `pack_slip` did not make.
    """
    start = len(MAGIC) + _SIGNATURE + SALT_BYTES + 2
    if not data.startswith(MAGIC) or not start < len(data) <= MAX_SLIP:
        raise _foreign()
    signature, salt, size = data[4:68], data[68:84], int.from_bytes(data[84:86], "big")
    plain = _unpacked(data[start + size :])
    end = 2 + int.from_bytes(plain[:2], "big")
    try:
        encoded, body = _grown(plain[2:end], data[start : start + size]), plain[end:]
        header = require_canonical(encoded)
        entry = Entry(entry_id(encoded), header, encoded, signature, body, salt)
        is_whole = canonical(entry.facts()) == body and header.body_hash == body_hash(salt, body)
    except (EntryError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _foreign() from error
    if not is_whole or header.kind != Act.TRANSFER_OUT or header.body_length != len(body):
        raise _foreign()
    return entry


def slip_digits(data: bytes) -> str:
    """A slip as the number its code on paper shows."""
    return f"{MARK}{int.from_bytes(_ONE + data.removeprefix(MAGIC), 'big')}"


def is_slip_text(text: str) -> bool:
    """Whether a scan claims to be a slip; it may still be torn."""
    return text.startswith(MARK) and text.isascii() and text.isdigit()


def slip_bytes(text: str) -> bytes:
    """The slip of a scanned number. Raises InputError when it cannot be one."""
    if not is_slip_text(text) or not len(MARK) < len(text) <= MAX_DIGITS:
        raise _foreign()
    number = int(text.removeprefix(MARK))
    plain = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if not plain.startswith(_ONE):
        raise _foreign()
    return MAGIC + plain.removeprefix(_ONE)


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(zdict=_COMMON)
    try:
        plain = unpacker.decompress(packed, _MAX_PLAIN)
    except zlib.error as error:
        raise _foreign() from error
    if not unpacker.eof or unpacker.unused_data:
        raise _foreign()
    return plain


def _shrunk(header: bytes) -> tuple[bytes, bytes]:
    """The header with gaps, and the ids that fill them."""
    ids: list[bytes] = []

    def gap(found: re.Match[bytes]) -> bytes:
        ids.append(bytes.fromhex(found[0].replace(b"-", b"").decode()))
        return b"\x02" if found[1] else b"\x01" + bytes([len(ids[-1])])

    return _ID.sub(gap, header), b"".join(ids)


def _grown(header: bytes, ids: bytes) -> bytes:
    """Raises EntryError where gaps and ids do not match."""
    place = 0

    def fill(found: re.Match[bytes]) -> bytes:
        nonlocal place
        size = found[1][0] if found[1] else 16
        digits = ids[place : place + size].hex()
        place += size
        return (digits if found[1] else _as_uuid(digits)).encode()

    grown = _GAP.sub(fill, header)
    if place != len(ids):
        raise EntryError("gaps and ids of a slip do not match")
    return grown


def _as_uuid(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _foreign() -> InputError:
    return InputError(
        "Mã này không phải phiếu chuyển liên thông",
        "Hãy quét lại mã vuông trên phiếu chuyển; mã mờ hoặc rách thì nhập tay theo mã hồ sơ.",
        "slip",
    )
