"""A transfer slip: one signed entry as bytes short enough for a code on paper.

    "OST1" · signature (64) · salt (16) · zlib(header length (2) · header · body)

Paper comes by courier before the data does: the other agency reads the code, checks the
sending desk's signature and goes on without a line. Long hex texts stand as raw bytes.
"""

import re
import zlib

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
MAX_SLIP = 1273
"""Bytes that a QR code of version 25, level L, holds."""

_SIGNATURE = 64
_MAX_PLAIN = 2 + 2 * MAX_HEADER
"""No slip unpacks to more, whatever its bytes promise."""

_HEX = re.compile(rb"[0-9a-f]{16,510}")
_RAW = re.compile(rb"\x01(.)", re.DOTALL)

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


def pack_slip(entry: Entry) -> bytes:
    """The bytes of a `transfer_out`. Raises InputError when it was erased or is too long."""
    if entry.body is None or entry.salt is None:
        raise InputError("Không in được phiếu chuyển", "Nội dung bút ký chuyển đã xoá theo quy định.")
    header = _shrunk(entry.header_bytes)
    plain = len(header).to_bytes(2, "big") + header + entry.body
    packer = zlib.compressobj(9, zdict=_COMMON)
    packed = MAGIC + entry.signature + entry.salt + packer.compress(plain) + packer.flush()
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
    start = len(MAGIC) + _SIGNATURE + SALT_BYTES
    if not data.startswith(MAGIC) or not start < len(data) <= MAX_SLIP:
        raise _foreign()
    signature, salt = data[len(MAGIC) : start - SALT_BYTES], data[start - SALT_BYTES : start]
    plain = _unpacked(data[start:])
    end = 2 + int.from_bytes(plain[:2], "big")
    try:
        encoded, body = _grown(plain[2:end]), plain[end:]
        header = require_canonical(encoded)
        entry = Entry(entry_id(encoded), header, encoded, signature, body, salt)
        is_whole = canonical(entry.facts()) == body and header.body_hash == body_hash(salt, body)
    except (EntryError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _foreign() from error
    if not is_whole or header.kind != Act.TRANSFER_OUT or header.body_length != len(body):
        raise _foreign()
    return entry


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(zdict=_COMMON)
    try:
        plain = unpacker.decompress(packed, _MAX_PLAIN)
    except zlib.error as error:
        raise _foreign() from error
    if not unpacker.eof or unpacker.unused_data:
        raise _foreign()
    return plain


def _shrunk(header: bytes) -> bytes:
    """JSON text holds no byte below 0x20: 0x01 and a length announce raw bytes."""

    def raw(found: re.Match[bytes]) -> bytes:
        digits = found[0][: len(found[0]) // 2 * 2]
        value = bytes.fromhex(digits.decode())
        return b"\x01" + bytes([len(value)]) + value + found[0][len(digits) :]

    return _HEX.sub(raw, header)


def _grown(shrunk: bytes) -> bytes:
    parts, place = [], 0
    while found := _RAW.search(shrunk, place):
        end = found.end() + found[1][0]
        parts += [shrunk[place : found.start()], shrunk[found.end() : end].hex().encode()]
        place = end
    return b"".join((*parts, shrunk[place:]))


def _foreign() -> InputError:
    return InputError(
        "Mã này không phải phiếu chuyển liên thông",
        "Hãy quét lại mã vuông trên phiếu chuyển; mã mờ hoặc rách thì nhập tay theo mã hồ sơ.",
        "slip",
    )
