"""What the square code of a printed paper proves: which paper of which dossier, printed when, by which desk.

    key hint (4) · printed (4, seconds) · due (3, minutes, 0 for none) · "form code" in ASCII

That is signed by the desk (Ed25519), and no word of it is about a person. Another desk of the office
or a hub checks it with no line at all: it knows the public keys of all desks.

On paper the signature and those bytes are one long number, for the reasons told in
`onestop.domain.slip`; it may stand behind the address of a page that checks it. Times count from the
beginning of 2020, UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from onestop.domain.signing import SigningKey, is_signed
from onestop.errors import InputError

MARK: Final = "99518001"
"""What the number of a paper begins with: neither a citizen's number (001 to 096) nor a transfer slip's."""

MOST_DIGITS: Final = 322
"""A QR code of version 8, level M, holds a few more: about 23 mm wide at four dots of a 203-dpi printer."""

HINT_BYTES: Final = 4

_SIGNATURE = 64
_FIXED = HINT_BYTES + 4 + 3
_ONE = b"\x01"  # before the bytes, so that zeros at their beginning count
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_NAMED = re.compile(r"([0-9A-Z]{1,4}) ([0-9A-Z][0-9A-Z.\-]{3,39})")
_NUMBER = re.compile(rf"{MARK}[0-9]{{150,{MOST_DIGITS - len(MARK)}}}")


@dataclass(frozen=True, slots=True)
class Proof:
    """`form` and `code` name the paper; `printed_at` to the second, `due_at` to the minute, both aware.

    `key_hint`: the first bytes of the desk's public key.
    """

    form: str
    code: str
    printed_at: datetime
    due_at: datetime | None
    key_hint: bytes
    signature: bytes
    signed: bytes

    @property
    def check(self) -> str:
        """Six digits to compare aloud, `482 917`; nobody without the desk's key knows them beforehand."""
        number = int.from_bytes(sha256(b"mc.check.1\0" + self.signature).digest()[:8], "big") % 10**6
        return f"{number // 1000:03d} {number % 1000:03d}"

    def is_by(self, public: bytes) -> bool:
        """Whether the desk with this public key (32 bytes) signed it."""
        return is_signed(public, _message(self.signed), self.signature)


def key_hint(public: bytes) -> bytes:
    """Finds a key among many; alone it proves nothing."""
    return public[:HINT_BYTES]


def can_prove(form: str, code: str) -> bool:
    """Whether such a paper fits: ministries' own codes may hold other signs."""
    return _NAMED.fullmatch(f"{form} {code}") is not None


def make_proof(key: SigningKey, form: str, code: str, printed_at: datetime, due_at: datetime | None) -> Proof:
    """Raises ValueError for what `can_prove` denies and for times outside 2020 to 2051."""
    if not can_prove(form, code):
        raise ValueError("not a form and a code")
    seconds = _since(printed_at) // timedelta(seconds=1)
    minutes = _since(due_at) // timedelta(minutes=1) if due_at else 0
    hint = key_hint(key.public)
    try:
        times = seconds.to_bytes(4, "big") + minutes.to_bytes(3, "big")
    except OverflowError as error:
        raise ValueError("a time that no paper of today has") from error
    signed = hint + times + f"{form} {code}".encode("ascii")
    return _read(key.sign(_message(signed)), signed)


def proof_digits(proof: Proof) -> str:
    """The number that stands in the square code."""
    return f"{MARK}{int.from_bytes(_ONE + proof.signature + proof.signed, 'big')}"


def is_proof_text(text: str) -> bool:
    """Whether a scan claims to be a paper of ours, alone or behind an address; it may still be torn."""
    return _digits(text).startswith(MARK)


def read_proof(text: str) -> Proof:
    """What the square code says; its signature is not checked yet.

    Raises InputError (field `proof`) for anything that `proof_digits` did not write.
    """
    digits = _digits(text)
    if not _NUMBER.fullmatch(digits):
        raise _foreign()
    number = int(digits.removeprefix(MARK))
    plain = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if not plain.startswith(_ONE) or len(plain) <= len(_ONE) + _SIGNATURE + _FIXED:
        raise _foreign()
    return _read(plain[1 : 1 + _SIGNATURE], plain[1 + _SIGNATURE :])


def _digits(text: str) -> str:
    """The last number of a text, which may be an address; people and phones break long ones up."""
    tail = re.split(r"[?#=/]", text)[-1]
    joined = "".join(tail.split())
    return joined if joined.isascii() and joined.isdigit() else ""


def _read(signature: bytes, signed: bytes) -> Proof:
    try:
        named = _NAMED.fullmatch(signed[_FIXED:].decode("ascii"))
    except UnicodeDecodeError as error:
        raise _foreign() from error
    if named is None:
        raise _foreign()
    seconds = int.from_bytes(signed[HINT_BYTES : HINT_BYTES + 4], "big")
    minutes = int.from_bytes(signed[HINT_BYTES + 4 : _FIXED], "big")
    return Proof(
        form=named[1],
        code=named[2],
        printed_at=_EPOCH + timedelta(seconds=seconds),
        due_at=_EPOCH + timedelta(minutes=minutes) if minutes else None,
        key_hint=signed[:HINT_BYTES],
        signature=signature,
        signed=signed,
    )


def _message(signed: bytes) -> bytes:
    # A name of its own: no signature of an entry can be shown as one of a paper.
    return b"mc.paper.1\0" + signed


def _since(moment: datetime) -> timedelta:
    return moment.astimezone(UTC) - _EPOCH


def _foreign() -> InputError:
    return InputError(
        "Mã này không phải mã kiểm tra của giấy",
        "Hãy quét lại mã vuông trên giấy; mã mờ hoặc rách thì tra cứu theo mã hồ sơ.",
        "proof",
    )
