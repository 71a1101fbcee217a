"""The line to a hub over HTTPS as the engine's work needs it: a `Transport`.

Tokens of 15 minutes are fetched by signing a nonce, and anew when a hub no longer takes one.
Never a total time-out: a transfer that moves is not broken off. `close` breaks off even a
long poll.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from onestop.domain.offer import Offer, Page
from onestop.domain.signing import SigningKey
from onestop.domain.statement import Statement
from onestop.errors import Offline, Refused
from onestop.sync import wire
from onestop.sync.happenings import Failure
from onestop.sync.line import (
    STALL,
    Address,
    Answer,
    Line,
    fingerprint,
    require_ok,
    require_safe,
    unverified_context,
)
from onestop.sync.lines import WireError, b64, from_b64, pack, read_line
from onestop.sync.status import failure_words
from onestop.sync.transport import LineFailed, NotThere, Pushed, SnapshotPiece, WrongBytes, WrongOffset
from onestop.sync.wire import BlobState, HelloOut, HelloReply, Lease

TOKEN_LIFE = 13 * 60.0
"""Seconds until a token is renewed by itself; hubs take it for 15 minutes."""
_MARK = 16  # hex digits of the authority's fingerprint in a code
_JSON = {"Content-Type": "application/json"}
_LINES = {"Content-Type": wire.NDJSON}

_A = TypeVar("_A")
_B = TypeVar("_B")


def read_object(answer: Answer) -> dict[str, Any]:
    """The one JSON object of an answer. Anything else did not come from a hub."""
    try:
        return read_line(answer.body, 1)
    except WireError as error:
        raise LineFailed(Failure("offline", f"not a hub: {error}")) from error


class Client:
    """A Transport. `addresses` in the order they are tried, the office's relay first.

    Which of them is spoken to is settled by `hello` and stays so until the next one. `stated`:
    what the root stated of this device, shown to a hub that does not know it any more.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        device: str,
        key: SigningKey,
        stall: float = STALL,
        stated: Statement | None = None,
        look: Callable[[], Sequence[Address]] | None = None,
    ) -> None:
        """`look`: the addresses as they are by now, asked before every hello."""
        self._lines = [Line(address, stall=stall) for address in addresses]
        self._left: list[Line] = []
        self._current: Line | None = None
        self._own = ""
        self._is_own_sure = True
        self._stall = stall
        self._look = look
        self._is_closed = False
        self._device = device
        self._key = key
        self._stated = stated
        self._tokens: dict[Line, tuple[str, float]] = {}
        self._lock = Lock()

    def hello(self, out: HelloOut) -> HelloReply:
        """Tries each address in turn; the failure of the last one is the one told."""
        body = json.dumps(wire.hello_plain(out)).encode()
        failure = Failure("offline", "no address")
        self._look_again()
        for line in list(self._lines):
            try:
                answer = _ok_or_version(self._tried(line, "POST", wire.HELLO, content=body, headers=_JSON))
                reply = _read(wire.reply_from, read_object(answer))
            except LineFailed as error:
                failure = _graver(failure, error.failure)
            else:
                self._current = line
                self._own = wire.own_text(out.heads) if self._is_own_sure else ""
                return reply
        # 409 to a hello: no protocol in common, whatever the epoch.
        raise LineFailed(replace(failure, kind="version") if failure.kind == "epoch" else failure)

    @property
    def is_detour(self) -> bool:
        return self._current is not None and self._current is not self._lines[0]

    def _look_again(self) -> None:
        """The office may have another relay by now; lines that stay keep what they know."""
        if self._look is None or self._is_closed:
            return
        wanted, known = list(self._look()), {line.address: line for line in self._lines}
        if wanted and wanted != list(known):
            with self._lock:
                lines = [known.get(address) or Line(address, stall=self._stall) for address in wanted]
                self._left += [line for line in self._lines if line not in lines]
                self._lines = lines

    def push(self, offers: Sequence[Offer], statements: Sequence[Statement] = ()) -> Pushed:
        stated = [_stated_plain(one) for one in statements]
        packed = pack(wire.encode_push(offers, stated))
        headers = _LINES | {"Content-Encoding": wire.ZSTD}
        answer = self._call("POST", wire.PUSH, content=packed, headers=headers, limit=wire.MAX_PAGE)
        receipts = _read(wire.decode_receipts, answer.body)
        if len(receipts) != len(offers):
            raise LineFailed(Failure("bug", f"{len(receipts)} receipts for {len(offers)} offers"))
        return Pushed(tuple(receipts), len(packed))

    def quarantine(self, offer: Offer) -> None:
        content = wire.offer_line(offer)
        self._call("POST", wire.QUARANTINE, content=content, headers=_LINES)

    def pull(self, epoch: str, after: int, limit: int, wait: int) -> Page:
        params: dict[str, str | int] = {"epoch": epoch, "after": after, "limit": limit, "wait": wait}
        params |= {"own": self._own} if self._own else {}
        answer = self._call("GET", wire.PULL, params=params, limit=wire.MAX_PAGE, wait=wait)
        return _read(wire.decode_page, answer.body)

    def doubt_own(self) -> None:
        self._is_own_sure, self._own = False, ""

    def journal(self, dossier: str, after: int) -> Page:
        path = f"{wire.JOURNAL}/{dossier}"
        answer = require_ok(self._here("GET", path, params={"from": after}, limit=wire.MAX_PAGE))
        return _read(wire.decode_page, answer.body)

    def have(self, digests: Sequence[str]) -> dict[str, BlobState]:
        return _read(wire.have_from, read_object(self._posted(wire.HAVE, {"hashes": list(digests)})))

    def patch(self, digest: str, offset: int, length: int, data: bytes) -> int:
        headers = {
            "Content-Type": "application/octet-stream",
            wire.UPLOAD_OFFSET: str(offset),
            wire.UPLOAD_LENGTH: str(length),
        }
        path = f"{wire.BLOBS}/{digest}"
        answer = self._here("PATCH", path, content=data, headers=headers)
        if answer.status == 409:
            raise WrongOffset(_read(_offset, read_object(answer)))
        if answer.status == wire.HASH_MISMATCH:
            raise WrongBytes
        return _read(_offset, read_object(require_ok(answer)))

    def fetch(self, digest: str, first: int, last: int) -> bytes:
        headers = {"Range": f"bytes={first}-{last}", "Accept-Encoding": "identity"}
        path, limit = f"{wire.BLOBS}/{digest}", last - first + 1
        answer = require_ok(self._here("GET", path, headers=headers, limit=limit, keeps_part=True))
        if answer.status != 206 or not answer.headers.get("Content-Range", "").startswith(f"bytes {first}-"):
            raise LineFailed(Failure("bug", "not the range that was asked for"))
        return answer.body

    def lease(self, day: str, count: int, device: str = "") -> Lease:
        """`device`: for whom a relay asks."""
        wish = {"day": day, "count": count} | ({"device": device} if device else {})
        return _read(wire.lease_from, read_object(self._posted(wire.LEASE, wish)))

    def tell_relay(self, url: str, authority: str) -> None:
        """A relay tells its root where the desks of its office find it."""
        self._posted(wire.RELAY, {"url": url, "authority": authority})

    def send_rows(self, wish: Mapping[str, Any]) -> Answer:
        """A change of rows, straight to the root or through the relay: the first that answers. Raises
        LineFailed when none does."""
        content = json.dumps(wish, ensure_ascii=False).encode()
        failure = Failure("offline", "no address")
        for line in reversed(self._lines):
            try:
                answer = self._tried(line, "POST", wire.ROWS, content=content, headers=_JSON)
            except LineFailed as error:
                failure = error.failure
                continue
            if answer.status < 500:
                return answer
            failure = Failure("busy", f"HTTP {answer.status}")
        raise LineFailed(failure)

    def snapshot(self, name: str, first: int, last: int) -> SnapshotPiece:
        """Bytes `first` to `last` of the snapshot `name`; "" for the newest. Raises NotThere."""
        headers = {"Range": f"bytes={first}-{last}", "Accept-Encoding": "identity"}
        headers |= {"If-Range": f'"{name}"'} if name else {}
        limit = last - first + 1
        answer = self._here(
            "GET", wire.SNAPSHOT, headers=headers, limit=limit, keeps_part=True, only_part=True
        )
        return _piece(require_ok(answer), name, first)

    def health(self, app: str, counters: Mapping[str, int]) -> None:
        self._posted(wire.HEALTH, {"app": app, "counters": dict(counters)})

    def close(self) -> None:
        self._is_closed = True
        for line in (*self._lines, *self._left):
            line.close()

    def _posted(self, path: str, plain: Mapping[str, Any]) -> Answer:
        return self._call("POST", path, content=json.dumps(plain).encode(), headers=_JSON)

    def _call(self, method: str, path: str, **more: Any) -> Answer:
        """A call that every hub of this protocol knows."""
        return _ok_or_version(self._here(method, path, **more))

    def _here(self, method: str, path: str, **more: Any) -> Answer:
        return self._tried(self._current or self._lines[0], method, path, **more)

    def _tried(self, line: Line, method: str, path: str, **more: Any) -> Answer:
        """With the token at hand; a hub that no longer takes it is shown a new one, once."""
        headers = more.pop("headers", {})
        token = self._token(line)
        answer = line.call(method, path, headers=headers | _bearer(token), **more)
        if answer.status != 401:
            return answer
        token = self._token(line, stale=token)
        return line.call(method, path, headers=headers | _bearer(token), **more)

    def _token(self, line: Line, stale: str = "") -> str:
        """One lane fetches it, the others wait and use the same."""
        with self._lock:
            token, since = self._tokens.get(line, ("", 0.0))
            if not token or token == stale or time.monotonic() - since > TOKEN_LIFE:
                token = self._new_token(line)
                self._tokens[line] = (token, time.monotonic())
            return token

    def _new_token(self, line: Line) -> str:
        told = read_object(_ok_or_version(line.call("GET", wire.NONCE)))
        nonce = _read(from_b64, told.get("nonce"))
        wish: dict[str, Any] = {
            "device": self._device,
            "nonce": b64(nonce),
            "signature": b64(self._key.sign(wire.token_message(nonce))),
        }
        if self._stated is not None:
            wish["statement"] = _stated_plain(self._stated)
        content = json.dumps(wish).encode()
        answer = _ok_or_version(line.call("POST", wire.TOKEN, content=content, headers=_JSON))
        return str(read_object(answer).get("token", ""))


def _stated_plain(statement: Statement) -> dict[str, str]:
    return {"body": statement.body.decode(), "signature": b64(statement.signature)}


def _piece(answer: Answer, name: str, first: int) -> SnapshotPiece:
    """A hub that makes a new one meanwhile answers with all of it: begun anew, that is not read."""
    if answer.status != 206:
        return SnapshotPiece("", 0, b"")
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    told = answer.headers.get("ETag", "").strip('"')
    if found is None or int(found[1]) != first or not _DIGEST.fullmatch(told) or (name and told != name):
        raise LineFailed(Failure("bug", "not the range that was asked for"))
    return SnapshotPiece(told, int(found[2]), answer.body)


_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15})")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _ok_or_version(answer: Answer) -> Answer:
    """A server that does not know these paths at all is of another protocol, or no hub."""
    try:
        return require_ok(answer)
    except NotThere as error:
        raise LineFailed(Failure("version", "no such call")) from error


def _read(make: Callable[[_A], _B], value: _A) -> _B:
    try:
        return make(value)
    except WireError as error:
        raise LineFailed(Failure("bug", str(error))) from error


def _offset(plain: Mapping[str, Any]) -> int:
    offset = plain.get("offset")
    if type(offset) is not int or offset < 0:
        raise WireError("no offset")
    return offset


def _graver(known: Failure, other: Failure) -> Failure:
    """Of two addresses that failed, the one that answered at all has more to say."""
    return other if known.kind in ("offline", "stalled") else known


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The hub's reply to a one-time code, and the address with the authority to trust from now on."""

    reply: dict[str, Any]
    address: Address


def enrol(url: str, code: str, public_key: bytes, wish: Mapping[str, Any]) -> Enrolled:
    """Trades a printed code for a place at a hub.

    `code`: the secret, then "." and 16 hex digits of the SHA-256 of the hub's authority; without
    them the system's authorities are trusted. Raises Refused and Offline, with words.
    """
    secret, _, mark = code.strip().partition(".")
    address = Address(require_safe(url), look_up_authority(url, mark) if mark else "")
    body = json.dumps({**wish, "code": secret, "public": b64(public_key)}).encode()
    answer = _one_call(Line(address), "POST", wire.ENROL, content=body, headers=_JSON)
    return Enrolled(_enrolled(answer), address)


def _one_call(line: Line, method: str, path: str, **more: Any) -> Answer:
    """Raises Offline, with words."""
    try:
        return line.call(method, path, **more)
    except LineFailed as error:
        raise _offline(error) from error
    finally:
        line.close()


def _offline(error: LineFailed) -> Offline:
    return Offline("Chưa ghép được với máy chủ", failure_words(error.failure.kind), "address")


def _enrolled(answer: Answer) -> dict[str, Any]:
    if answer.status in (401, 404, 410, 422):
        raise Refused(
            "Máy chủ không nhận mã ghép này",
            "Mã chỉ dùng một lần và hết hạn sau ít phút. Hãy xin quản trị một mã mới và nhập lại.",
            "code",
        )
    try:
        return read_object(require_ok(answer))
    except LineFailed as error:
        raise _offline(error) from error


def look_up_authority(url: str, mark: str) -> str:
    """The authority (PEM) that the hub shows, if its fingerprint begins with `mark` (16 hex digits).

    Empty for a hub on this machine without TLS. Raises Refused and Offline, with words.
    """
    if urlsplit(require_safe(url)).scheme != "https":
        return ""
    # Nothing is believed of this one answer but a certificate of the fingerprint in hand.
    answer = _one_call(Line(Address(url), context=unverified_context()), "GET", wire.AUTHORITY)
    pem = answer.body.decode("ascii", "replace") if answer.status == 200 else ""
    mark = mark.strip().lower()
    if len(mark) == _MARK and fingerprint(pem).startswith(mark):
        return pem
    raise Refused(
        "Máy chủ ở địa chỉ này không phải máy chủ đã cấp mã",
        "Dấu vân tay của máy chủ khác với dấu in trong mã ghép. "
        "Hãy kiểm tra địa chỉ, xin mã mới; nếu vẫn vậy, báo quản trị.",
        "code",
    )
