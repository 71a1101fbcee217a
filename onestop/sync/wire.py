"""What travels between desks and hubs: paths, limits, NDJSON lines, hello.

Both sides use this one module; the bytes themselves are in `lines`. Unknown members are
ignored and an unknown verdict is taken as held, so that a newer hub may say more than an
older desk understands. Status codes mean transport only: 401 token, 403 frozen, 409 epoch
or protocol, 413 too big, 429 and 503 with Retry-After, 5xx bug. A batch that could be read
is answered 200, line by line.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from onestop.domain.checkpoint import SignedCheckpoint, checkpoint_from, checkpoint_plain
from onestop.domain.offer import (
    Offer,
    Page,
    Receipt,
    Record,
    offer_from,
    offer_plain,
    page_end_plain,
    page_from,
    receipt_from,
    receipt_plain,
    record_from,
    record_plain,
    unreadable_offer,
)
from onestop.sync.lines import (
    Plain,
    WireError,
    b64,
    from_b64,
    made,
    read_line,
    read_lines,
    split_lines,
    whole,
    write_line,
)
from onestop.sync.slim import Filler, Slimmer

PROTO = 1
PROTOS = (1,)
PREFIX = "/sync/v1"
ENROL = f"{PREFIX}/enrol"
NONCE = f"{PREFIX}/nonce"
TOKEN = f"{PREFIX}/token"
HELLO = f"{PREFIX}/hello"
PUSH = f"{PREFIX}/push"
PULL = f"{PREFIX}/pull"
JOURNAL = f"{PREFIX}/journal"
BLOBS = f"{PREFIX}/blobs"
HAVE = f"{PREFIX}/blobs/have"
QUARANTINE = f"{PREFIX}/quarantine"
HEALTH = f"{PREFIX}/health"
LEASE = f"{PREFIX}/lease"
RELAY = f"{PREFIX}/relay"
ROWS = f"{PREFIX}/rows"
SNAPSHOT = f"{PREFIX}/snapshot"
AUTHORITY = f"{PREFIX}/ca"

NDJSON = "application/x-ndjson"
ZSTD = "zstd"
UPLOAD_OFFSET = "Upload-Offset"
UPLOAD_LENGTH = "Upload-Length"
UPLOAD_COMPLETE = "Upload-Complete"
HASH_MISMATCH = 460

MAX_ENTRIES = 500  # in one push or one page
MAX_RAW = 1024 * 1024  # bytes of one push before compression
MAX_PAGE = 64 * 1024 * 1024  # no honest page comes near
MAX_HAVE = 500
MAX_ROWS = 2000  # in one change of rows
MAX_ROWS_RAW = 4 * 1024 * 1024  # bytes of such a change
MAX_WAIT = 25  # seconds of one long poll

VERDICTS = ("accepted", "flagged", "held", "quarantined", "seen")
TOKEN_MESSAGE = b"mc.token.1\0"


def token_message(nonce: bytes) -> bytes:
    """What a device signs to get its token."""
    return TOKEN_MESSAGE + nonce


# --- push


@dataclass(frozen=True, slots=True)
class PushLine:
    """One line as it came: an offer or a statement ({"body", "signature"}).

    A line that is neither is an offer too, of bytes that will be judged FORMAT; `fault` says why.
    """

    raw: bytes
    offer: Offer | None = None
    statement: Plain | None = None
    fault: str = ""


def offer_line(offer: Offer) -> bytes:
    return write_line(offer_plain(offer))


def statement_line(statement: Mapping[str, Any]) -> bytes:
    return write_line({"statement": dict(statement)})


def encode_push(offers: Iterable[Offer], statements: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """The raw body of a push; statements first, for entries may lean on them."""
    lines, slimmer = [statement_line(one) for one in statements], Slimmer()
    for offer in offers:
        lines.append(write_line(slimmer.slim(offer_plain(offer), offer, len(lines) + 1)))
    return b"".join(lines)


def decode_push(data: bytes) -> list[PushLine]:
    """Every line by itself: one that cannot be read does not spoil the batch.

    Raises WireError only for more than MAX_ENTRIES lines.
    """
    lines, filler = split_lines(data), Filler()
    if len(lines) > MAX_ENTRIES:
        raise WireError(f"{len(lines)} lines are above {MAX_ENTRIES}")
    return [_push_line(line, number, filler) for number, line in enumerate(lines, 1)]


def _push_line(line: bytes, number: int, filler: Filler) -> PushLine:
    try:
        plain = filler.whole(read_line(line, number), number)
        statement = plain.get("statement")
        if isinstance(statement, dict):
            return PushLine(line, statement=statement)
        return PushLine(line, offer=made(number, offer_from, plain))
    except WireError as error:
        return PushLine(line, offer=unreadable_offer(line), fault=str(error))


def encode_receipts(receipts: Iterable[Receipt]) -> bytes:
    return b"".join(write_line(receipt_plain(one)) for one in receipts)


def decode_receipts(data: bytes) -> list[Receipt]:
    """Raises WireError. Verdicts of the future count as held."""
    lines = enumerate(read_lines(data), 1)
    return [made(number, receipt_from, _with_known_verdict(plain)) for number, plain in lines]


def _with_known_verdict(plain: Plain) -> Plain:
    verdict = plain.get("verdict")
    return plain if verdict is None or verdict in VERDICTS else plain | {"verdict": "held"}


# --- pull

OWN = re.compile(r"^$|^[0-9a-f]{16}:[0-9]{1,15}(,[0-9a-f]{16}:[0-9]{1,15}){0,15}$")
"""What a desk has of its own chains, "incarnation:number,…": of these it needs receipts only."""


def own_text(heads: Mapping[str, tuple[int, str]]) -> str:
    text = ",".join(f"{incarnation}:{seq}" for incarnation, (seq, _) in sorted(heads.items()))
    return text if OWN.match(text) else ""


def own_from(text: str) -> dict[str, int]:
    parts = [part.partition(":") for part in text.split(",") if part]
    return {incarnation: int(seq) for incarnation, _, seq in parts}


def encode_page(page: Page) -> bytes:
    return encode_records(page.records) + write_line(page_end_plain(page))


def decode_page(data: bytes) -> Page:
    """Raises WireError, also for a page whose last line was cut off."""
    lines = read_lines(data)
    if not lines or "next" not in lines[-1]:
        raise WireError(f"line {len(lines)}: a page ends with its `next` line")
    records = tuple(_records(lines[:-1]))
    return made(len(lines), lambda end: page_from(records, end), lines[-1])


UNREADABLE = "unreadable"


def _records(lines: Sequence[Plain]) -> list[Record]:
    filler = Filler()
    return [_record(plain, number, filler) for number, plain in enumerate(lines, 1)]


def _record(plain: Plain, number: int, filler: Filler) -> Record:
    """A numbered record that cannot be read still has its number: the pull goes past it."""
    try:
        return made(number, record_from, _with_known_verdict(filler.whole(plain, number)))
    except WireError:
        if type(plain.get("cursor")) is not int:
            raise
        return Record(plain["cursor"], UNREADABLE, "", "", value=plain)


def encode_records(records: Iterable[Record]) -> bytes:
    """A piece of a journal: records alone."""
    slimmer = Slimmer()
    return b"".join(write_line(_record_line(one, number, slimmer)) for number, one in enumerate(records, 1))


def _record_line(record: Record, number: int, slimmer: Slimmer) -> Plain:
    plain = record_plain(record)
    return plain if record.offer is None else slimmer.slim(plain, record.offer, number)


def decode_records(data: bytes) -> list[Record]:
    """Raises WireError."""
    return _records(read_lines(data))


# --- hello


@dataclass(frozen=True, slots=True)
class HelloOut:
    """What a node says of itself. `log` is its last checked checkpoint of this hub, or None."""

    app: str
    device: str
    incarnation: str
    heads: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    log: Mapping[str, Any] | None = None  # {"log", "epoch", "cursor", "root"}
    at: str = ""  # this machine's clock, wire form
    queue: Mapping[str, Any] = field(default_factory=dict)  # {"entries", "blobs", "bytes", "oldest"}
    free: int = 0  # bytes left on the disk
    proto: tuple[int, ...] = PROTOS


@dataclass(frozen=True, slots=True)
class HelloReply:
    """What a hub says. `proof` leads from the caller's checkpoint to `head`; `actions` are names:

    rolled_back, epoch_changed, reincarnate, revoked, update_app, frozen.
    """

    proto: int
    server_time: str
    log: str
    epoch: str
    base: int
    is_relay: bool
    head: SignedCheckpoint
    log_key: bytes
    proof: tuple[bytes, ...] = ()
    durable: int = 0
    your_head: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    actions: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)  # {"entries", "bytes", "herd"}
    office: str = ""
    revoked: str = ""  # since when; "" while the device is trusted
    min_app: str = ""


def hello_plain(hello: HelloOut) -> Plain:
    return asdict(hello)


def hello_from(plain: Plain) -> HelloOut:
    """Raises WireError."""
    return made(1, _hello, plain)


def _hello(plain: Plain) -> HelloOut:
    known = {f.name: plain[f.name] for f in fields(HelloOut) if f.name in plain}
    heads = _heads(known.pop("heads", {}))
    proto = tuple(whole(one) for one in known.pop("proto", PROTOS))
    log = known.pop("log", None)
    queue = dict(known.pop("queue", {}))
    free = whole(known.pop("free", 0))
    if not all(isinstance(value, str) for value in known.values()):
        raise WireError("hello: names are text")
    return HelloOut(
        **known, heads=heads, proto=proto, log=None if log is None else dict(log), queue=queue, free=free
    )


def _heads(plain: Any) -> dict[str, tuple[int, str]]:
    return {str(incarnation): (whole(seq), str(entry)) for incarnation, (seq, entry) in plain.items()}


def reply_plain(reply: HelloReply) -> Plain:
    return {
        "proto": reply.proto,
        "min_app": reply.min_app,
        "server_time": reply.server_time,
        "log": reply.log,
        "epoch": reply.epoch,
        "base": reply.base,
        "is_relay": reply.is_relay,
        "head": checkpoint_plain(reply.head),
        "log_key": b64(reply.log_key),
        "proof": [b64(one) for one in reply.proof],
        "durable": reply.durable,
        "your_head": {inc: list(head) for inc, head in reply.your_head.items()},
        "actions": list(reply.actions),
        "limits": dict(reply.limits),
        "office": reply.office,
        "revoked": reply.revoked,
    }


def reply_from(plain: Plain) -> HelloReply:
    """Raises WireError."""
    return made(1, _reply, plain)


def _reply(plain: Plain) -> HelloReply:
    return HelloReply(
        proto=whole(plain["proto"]),
        min_app=str(plain.get("min_app") or ""),
        server_time=str(plain["server_time"]),
        log=str(plain["log"]),
        epoch=str(plain["epoch"]),
        base=whole(plain["base"]),
        is_relay=bool(plain["is_relay"]),
        head=checkpoint_from(plain["head"]),
        log_key=from_b64(plain["log_key"]),
        proof=tuple(from_b64(one) for one in plain.get("proof", ())),
        durable=whole(plain.get("durable", 0)),
        your_head=_heads(plain.get("your_head", {})),
        actions=tuple(str(one) for one in plain.get("actions", ())),
        limits={str(key): whole(value) for key, value in plain.get("limits", {}).items()},
        office=str(plain.get("office") or ""),
        revoked=str(plain.get("revoked") or ""),
    )


# --- blobs and codes


@dataclass(frozen=True, slots=True)
class BlobState:
    """What a hub has of a blob: state "have", "part" (up to `offset`) or "missing"."""

    state: str
    offset: int = 0
    durable: bool = False


def have_plain(states: Mapping[str, BlobState]) -> Plain:
    return {digest: asdict(state) for digest, state in states.items()}


def have_from(plain: Plain) -> dict[str, BlobState]:
    """Raises WireError."""
    return made(1, lambda p: {str(digest): _blob_state(one) for digest, one in p.items()}, plain)


def _blob_state(plain: Plain) -> BlobState:
    state = str(plain["state"])
    if state not in ("have", "part", "missing"):
        state = "missing"
    return BlobState(state, whole(plain.get("offset", 0)), bool(plain.get("durable", False)))


@dataclass(frozen=True, slots=True)
class Lease:
    """Serials `first`…`last` of `day` ("YYYY-MM-DD") are this desk's own."""

    day: str
    first: int
    last: int


def lease_from(plain: Plain) -> Lease:
    """Raises WireError."""
    return made(1, lambda p: Lease(str(p["day"]), whole(p["first"]), whole(p["last"])), plain)
