"""Who is calling: a nonce signed with the device's key buys a token of 15 minutes.

Nothing is kept for it: nonce and token carry their own end and a MAC of this hub, so any
process of the hub, also one started later, can check them.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from onestop.domain.signing import is_signed
from onestop.store.device_view import Standing
from onestop.sync.wire import token_message

NONCE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=15)
STANDING_LIFE = timedelta(seconds=2)
_MAC = 32
_TIME = 8


class Unknown(Exception):
    """No token, an old or a forged one, or a device nobody enrolled: 401."""


class Frozen(Exception):
    """The device is known and may no longer speak: 403."""


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    until: datetime


class Gate:
    """Nonces, tokens, and what a device may do now (asked anew every two seconds).

    `look_up` reads a device's standing from the store; None for one that was never enrolled.
    """

    def __init__(
        self, key: bytes, clock: Callable[[], datetime], look_up: Callable[[str], Standing | None]
    ) -> None:
        self._key = key
        self._clock = clock
        self._look_up = look_up
        self._known: dict[str, tuple[datetime, Standing]] = {}

    def make_nonce(self) -> bytes:
        return self._sealed(b"nonce", secrets.token_bytes(16), self._clock() + NONCE_LIFE)

    def make_token(self, device: str, nonce: bytes, signature: bytes) -> Token:
        """Raises Unknown and Frozen."""
        self._opened(b"nonce", nonce)
        standing = self._look_up(device)
        if standing is None or not is_signed(standing.public, token_message(nonce), signature):
            raise Unknown
        _require_free(standing)
        until = self._clock() + TOKEN_LIFE
        return Token(_text(self._sealed(b"token", device.encode(), until)), until)

    def admit(self, token: str) -> Standing:
        """The device behind a token. Raises Unknown and Frozen. May read the store."""
        device = self._opened(b"token", _raw(token)).decode()
        standing = self._standing(device)
        if standing is None:
            raise Unknown
        _require_free(standing)
        return standing

    def forget(self) -> None:
        """The next call asks the store again."""
        self._known.clear()

    def _standing(self, device: str) -> Standing | None:
        now = self._clock()
        until, known = self._known.get(device, (None, None))
        if until is not None and now < until:
            return known
        fresh = self._look_up(device)
        if fresh is not None:
            self._known[device] = now + STANDING_LIFE, fresh
        return fresh

    def _sealed(self, purpose: bytes, content: bytes, until: datetime) -> bytes:
        plain = int(until.timestamp() * 1000).to_bytes(_TIME, "big") + content
        return plain + self._mac(purpose, plain)

    def _opened(self, purpose: bytes, sealed: bytes) -> bytes:
        plain, mac = sealed[:-_MAC], sealed[-_MAC:]
        if len(plain) <= _TIME or not hmac.compare_digest(mac, self._mac(purpose, plain)):
            raise Unknown
        if int.from_bytes(plain[:_TIME], "big") <= int(self._clock().timestamp() * 1000):
            raise Unknown
        return plain[_TIME:]

    def _mac(self, purpose: bytes, plain: bytes) -> bytes:
        return hmac.digest(self._key, b"mc.hub." + purpose + b".1\0" + plain, sha256)


def _require_free(standing: Standing) -> None:
    if standing.stopped:
        raise Frozen


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    """Rubbish becomes bytes that no MAC fits."""
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return b""
