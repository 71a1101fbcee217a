"""The log: hello, what desks push, what they pull, journals, codes, counters."""

import time
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from onestop.domain.moment import to_wire
from onestop.domain.offer import Page, Receipt, unreadable_offer
from onestop.errors import Offline, RuleError
from onestop.hub.calls import MAX_PUSH, Caller, HubHere, fault, known
from onestop.hub.greeting import greet
from onestop.hub.hub import Hub
from onestop.hub.shapes import (
    Empty,
    HealthWish,
    HelloReplyShape,
    HelloWish,
    LeaseReply,
    LeaseWish,
    Ticket,
    plain,
)
from onestop.hub.upstream import lease_above
from onestop.store.device_view import Standing, may_read_dossier, put_health
from onestop.store.leases import borrower_of
from onestop.store.ledger import (
    ingest,
    lease_codes,
    quarantine_line,
    read_journal_page,
    read_page,
    take_statements,
)
from onestop.store.listening import ring
from onestop.store.streams import Own
from onestop.sync.lines import WireError, from_b64, pack, unpack
from onestop.sync.wire import (
    MAX_ENTRIES,
    MAX_WAIT,
    NDJSON,
    OWN,
    PROTO,
    ZSTD,
    PushLine,
    decode_push,
    encode_page,
    encode_receipts,
    hello_from,
    own_from,
    reply_plain,
)

router = APIRouter(prefix="/sync/v1", tags=["log"])

_LINES = {NDJSON: {"schema": {"type": "string", "description": "one JSON object a line"}}}
_SMALL = 512
"""Bytes not worth packing."""

PUSH_BODY = {
    "requestBody": {
        "required": True,
        "description": "one offer a line, parents before children; plain or Content-Encoding: zstd",
        "content": _LINES,
    }
}
DossierId = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]


@router.post("/hello", responses=known(409))
async def hello(wish: HelloWish, hub: HubHere, caller: Caller) -> HelloReplyShape:
    """Who are you, who am I, where do we stand; nothing else is done before this."""
    if PROTO not in wish.proto:
        raise fault(409, f"this hub speaks protocol {PROTO}")
    if wish.device != caller.device:
        raise fault(403, "the token belongs to another device")
    said = hello_from(plain(wish))
    reply = await hub.database.run(greet, hub, caller, said)
    return HelloReplyShape.model_validate(reply_plain(reply), strict=False)


@router.post(
    "/push",
    responses=known(429) | {200: {"content": _LINES, "description": "one receipt a line, in order"}},
    response_class=Response,
    openapi_extra=PUSH_BODY,
)
async def push(request: Request, hub: HubHere, caller: Caller) -> Response:
    """Takes entries in. Whatever they mean, the batch is answered line by line."""
    lines = _push_lines(await _raw(request))
    receipts = await hub.database.run(_ingest, hub, caller, lines)
    hub.wake.ring()
    return _lines(request, encode_receipts(receipts))


def _push_lines(raw: bytes) -> list[PushLine]:
    try:
        return decode_push(raw)
    except WireError as error:
        raise fault(413, f"more than {MAX_ENTRIES} lines") from error


def _ingest(hub: Hub, caller: Standing, lines: list[PushLine]) -> list[Receipt]:
    offers = [one.offer or unreadable_offer(one.raw) for one in lines if one.statement is None]
    stated = [signed for one in lines if one.statement is not None for signed in _signed(one.statement)]
    with hub.store.write() as connection:
        if stated:
            take_statements(connection, hub.ledger, stated, hub.clock())
        receipts = ingest(connection, hub.ledger, offers, caller.device, hub.clock()) if offers else []
        ring(connection)
    return receipts


def _signed(statement: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    """(body, signature) of a statement that came back; nothing for rubbish: it would not be signed."""
    try:
        return [(str(statement["body"]).encode(), from_b64(statement["signature"]))]
    except (KeyError, ValueError):
        return []


@router.get(
    "/pull",
    responses=known(409) | {200: {"content": _LINES, "description": "records; the last line ends the page"}},
    response_class=Response,
)
async def pull(
    request: Request,
    hub: HubHere,
    caller: Caller,
    after: Annotated[int, Query(ge=0, lt=2**53)],
    limit: Annotated[int, Query(ge=1, le=MAX_ENTRIES)] = MAX_ENTRIES,
    wait: Annotated[int, Query(ge=0, le=MAX_WAIT)] = 0,
    epoch: Annotated[str, Query(pattern=r"^[0-9a-f]{0,64}$")] = "",
    own: Annotated[str, Query(pattern=OWN.pattern)] = "",
) -> Response:
    """Records of the caller's streams after a cursor; waits up to `wait` seconds for the first.

    `own`: what the caller has of its own chains; of those entries it gets the receipts alone.
    """
    page = await hub.database.run(_page, hub, caller, after, limit, own)
    _require_epoch(page, epoch)
    until = time.monotonic() + wait
    while not page.records and time.monotonic() < until and not hub.wake.is_over:
        since = page.head.checkpoint.cursor
        await hub.wake.sleep(frozenset(caller.streams), since, until - time.monotonic())
        page = await hub.database.run(_page, hub, caller, after, limit, own)
        _require_epoch(page, epoch)
    return _lines(request, encode_page(page))


def _require_epoch(page: Page, epoch: str) -> None:
    if epoch not in ("", page.head.checkpoint.epoch):
        raise fault(409, "another epoch; say hello again")


def _page(hub: Hub, caller: Standing, after: int, limit: int, own: str = "") -> Page:
    has = Own(caller.device, own_from(own)) if own else None
    with hub.store.read() as connection:
        return read_page(connection, hub.ledger, caller.streams, after, limit, hub.clock(), has)


@router.get(
    "/journal/{dossier}",
    responses=known(404) | {200: {"content": _LINES, "description": "entries; the last line ends the page"}},
    response_class=Response,
)
async def journal(
    dossier: DossierId,
    request: Request,
    hub: HubHere,
    caller: Caller,
    after: Annotated[int, Query(alias="from", ge=0, lt=2**53)] = 0,
) -> Response:
    """All entries of a dossier that is in the caller's scope; unknown and forbidden look alike."""
    page = await hub.database.run(_journal, hub, caller, dossier, after)
    if page is None:
        raise fault(404, "no such dossier in this device's scope")
    return _lines(request, encode_page(page))


def _journal(hub: Hub, caller: Standing, dossier: str, after: int) -> Page | None:
    with hub.store.read() as connection:
        if not may_read_dossier(connection, caller.streams, dossier):
            return None
        return read_journal_page(connection, hub.ledger, dossier, after, MAX_ENTRIES, hub.clock())


@router.post("/quarantine", responses=known(), openapi_extra=PUSH_BODY)
async def quarantine(request: Request, hub: HubHere, caller: Caller) -> Ticket:
    """Keeps one line that broke this hub three times, unread, so that the queue behind it goes on."""
    raw = await _raw(request)
    return Ticket(ticket=await hub.database.run(_shelve, hub, caller, raw))


def _shelve(hub: Hub, caller: Standing, raw: bytes) -> str:
    with hub.store.write() as connection:
        receipt = quarantine_line(connection, hub.ledger, raw.rstrip(b"\n"), caller.device, hub.clock())
        ring(connection)
    return receipt.id


@router.post("/health", responses=known())
async def health(wish: HealthWish, hub: HubHere, caller: Caller) -> Empty:
    """Counters of a desk: how old its queue is, how full its disk."""
    await hub.database.run(_note, hub, caller, plain(wish))
    return Empty()


def _note(hub: Hub, caller: Standing, value: dict[str, Any]) -> None:
    with hub.store.write() as connection:
        put_health(connection, caller.device, to_wire(hub.clock()), value)


@router.post("/lease", responses=known(409))
async def lease(wish: LeaseWish, hub: HubHere, caller: Caller) -> LeaseReply:
    """Dossier numbers of one day for the caller alone. A relay has none: it asks its root for them."""
    try:
        date.fromisoformat(wish.day)
        threads = hub.files if hub.ledger.is_relay else hub.database
        first, last = await threads.run(_lease, hub, caller, wish)
    except PermissionError as error:
        raise fault(403, "only a relay asks for desks of its own office") from error
    except Offline as error:
        raise fault(503, "the root that lends numbers is away", **{"Retry-After": "60"}) from error
    except ValueError as error:
        raise fault(422, "no such day") from error
    except RuleError as error:
        raise fault(409, f"{error.title}. {error.message}") from error
    return LeaseReply(day=wish.day, first=first, last=last)


def _lease(hub: Hub, caller: Standing, wish: LeaseWish) -> tuple[int, int]:
    if hub.ledger.is_relay:
        return lease_above(hub, caller.device, wish.day, wish.count)
    with hub.store.write() as connection:
        device = borrower_of(connection, caller, wish.device)
        return lease_codes(connection, caller.office, wish.day, device, wish.count, to_wire(hub.clock()))


async def _raw(request: Request) -> bytes:
    """The body, unpacked. Raises 413 and 422."""
    body = await request.body()
    if not body:
        raise fault(422, "no line at all")
    if request.headers.get("Content-Encoding", "").strip().lower() != ZSTD:
        return body
    try:
        return unpack(body, MAX_PUSH)
    except WireError as error:
        raise fault(422, str(error)) from error


def _lines(request: Request, lines: bytes) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(lines) >= _SMALL and ZSTD in request.headers.get("Accept-Encoding", ""):
        return Response(pack(lines), 200, headers | {"Content-Encoding": ZSTD}, NDJSON)
    return Response(lines, 200, headers, NDJSON)
