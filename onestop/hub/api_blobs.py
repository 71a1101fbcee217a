"""Blobs over lines that break: what is here, on from that byte, back by range."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.requests import ClientDisconnect

from onestop.domain.moment import to_wire
from onestop.hub.calls import STALL, Caller, HubHere, fault, known, stalled_after
from onestop.hub.hub import Hub
from onestop.hub.shapes import Digest, HaveState, HaveWish, OffsetReply, WrongEnd
from onestop.store.blobs import MAX_BLOB, has_blob
from onestop.store.device_view import Standing, readable_blobs, whole_blobs
from onestop.store.moves import fetch_above, is_on_its_way
from onestop.store.parts import (
    DiskFull,
    Superseded,
    Writer,
    WrongBytes,
    WrongOffset,
    blob_length,
    find_key,
    finish_part,
    read_range,
)

router = APIRouter(prefix="/sync/v1/blobs", tags=["blobs"])

PIECE = 256 * 1024
BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
Name = Annotated[Digest, Path(description="SHA-256 of the blob's plain bytes, lower-case hex")]
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")
_PATCH_BODY = {"requestBody": {"required": True, "content": BINARY}}


@router.post("/have", responses=known())
async def have(wish: HaveWish, hub: HubHere, caller: Caller) -> dict[str, HaveState]:
    """What the hub has of each. A blob that the caller may not read looks like a missing one."""
    return await hub.database.run(_have, hub, caller, wish.hashes)


def _have(hub: Hub, caller: Standing, digests: list[str]) -> dict[str, HaveState]:
    with hub.store.read() as connection:
        visible = readable_blobs(connection, caller.streams, digests)
        whole = whole_blobs(connection, visible)
    return {digest: _state(hub, digest, digest in visible, whole) for digest in digests}


def _state(hub: Hub, digest: str, is_visible: bool, whole: dict[str, bool]) -> HaveState:
    if is_visible and digest in whole and has_blob(hub.blobs_folder, digest):
        return HaveState(state="have", offset=0, durable=whole[digest])
    offset = hub.parts.offset(digest) if is_visible else 0
    return HaveState(state="part" if offset else "missing", offset=offset, durable=False)


@router.head("/{sha256}", responses=known(404), response_class=Response)
async def look(sha256: Name, hub: HubHere, caller: Caller) -> Response:
    """How many bytes are here, in `Upload-Offset`; `Upload-Complete` is ?1 when all are."""
    state = (await hub.database.run(_have, hub, caller, [sha256]))[sha256]
    await _require_visible(hub, caller, sha256)
    offset = state.offset
    if state.state == "have":
        offset = await hub.files.run(blob_length, hub.blobs_folder, sha256)
    return Response(headers=_upload_headers(offset, state.state == "have"))


@router.patch(
    "/{sha256}",
    responses=known(404, 429, 460, 507) | {409: {"model": WrongEnd, "description": "the true offset"}},
    openapi_extra=_PATCH_BODY,
)
async def send(
    sha256: Name,
    request: Request,
    hub: HubHere,
    caller: Caller,
    upload_offset: Annotated[int, Header(ge=0, le=MAX_BLOB)],
    upload_length: Annotated[int, Header(ge=0, lt=2**53)],
) -> OffsetReply:
    """Appends the body at `Upload-Offset` of `Upload-Length` bytes. What came before a cut is kept."""
    if upload_length > MAX_BLOB:
        raise fault(413, f"a blob has at most {MAX_BLOB} bytes")
    await _require_visible(hub, caller, sha256)
    if await hub.files.run(_is_whole, hub, sha256):
        return OffsetReply(offset=upload_length, complete=True)
    writer = await _begin(hub, sha256, upload_offset, upload_length)
    offset = await _take(hub, request, sha256, writer)
    if offset < upload_length:
        return OffsetReply(offset=offset, complete=False)
    await _finish(hub, sha256)
    return OffsetReply(offset=offset, complete=True)


@router.get(
    "/{sha256}",
    responses=known(404, 416)
    | {200: {"content": BINARY, "description": "all bytes"}, 206: {"content": BINARY, "description": "some"}},
    response_class=StreamingResponse,
)
async def fetch(
    sha256: Name,
    hub: HubHere,
    caller: Caller,
    range_: Annotated[str | None, Header(alias="Range", max_length=60)] = None,
) -> Response:
    """The plain bytes, all or a range (`bytes=first-last`)."""
    await _require_visible(hub, caller, sha256)
    found = await hub.files.run(_find, hub, sha256)
    if found is None:
        await hub.database.run(_fetch_above, hub, sha256)
        raise fault(404, "not here yet")
    key, length = found
    headers = {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    if range_ is None:
        return _sent(hub, sha256, key, (0, length - 1), 200, headers)
    first, last = range_of(range_, length)
    headers |= {"Content-Range": f"bytes {first}-{last}/{length}"}
    return _sent(hub, sha256, key, (first, last), 206, headers)


def range_of(asked: str, length: int) -> tuple[int, int]:
    """First and last byte. Raises 416 with the length."""
    match = _RANGE.fullmatch(asked.strip())
    first = int(match[1]) if match else length
    last = min(int(match[2]), length - 1) if match and match[2] else length - 1
    if not first <= last < length:
        raise fault(416, "no such bytes", **{"Content-Range": f"bytes */{length}"})
    return first, last


def _sent(
    hub: Hub, digest: str, key: bytes, span: tuple[int, int], code: int, headers: dict[str, str]
) -> Response:
    first, last = span
    headers |= {"Content-Length": str(last - first + 1)}
    pieces: Iterator[bytes] = iter(()) if last < first else _pieces(hub, digest, key, first, last)
    return StreamingResponse(pieces, code, headers, "application/octet-stream")


def _pieces(hub: Hub, digest: str, key: bytes, first: int, last: int) -> Iterator[bytes]:
    yield from read_range(hub.blobs_folder, digest, key, first, last)


def _find(hub: Hub, digest: str) -> tuple[bytes, int] | None:
    """Key and length of a stored blob that can be read; None when it is not here."""
    if not has_blob(hub.blobs_folder, digest):
        return None
    with hub.store.read() as connection:
        key = find_key(connection, digest)
    return None if key is None else (key, blob_length(hub.blobs_folder, digest))


def _fetch_above(hub: Hub, digest: str) -> None:
    """A relay asks its root for what a desk asks it for; the desk comes again in a while."""
    if not hub.ledger.is_relay:
        return
    with hub.store.read() as connection:
        is_asked = is_on_its_way(connection, digest)
    if not is_asked:
        with hub.store.write() as connection:
            fetch_above(connection, digest)


def _is_whole(hub: Hub, digest: str) -> bool:
    with hub.store.read() as connection:
        return bool(whole_blobs(connection, [digest])) and has_blob(hub.blobs_folder, digest)


async def _require_visible(hub: Hub, caller: Standing, digest: str) -> None:
    if not await hub.database.run(_is_visible, hub, caller, digest):
        raise fault(404, "no entry that this device may read names it")


def _is_visible(hub: Hub, caller: Standing, digest: str) -> bool:
    with hub.store.read() as connection:
        return bool(readable_blobs(connection, caller.streams, [digest]))


async def _begin(hub: Hub, digest: str, offset: int, length: int) -> Writer:
    try:
        return await hub.files.run(hub.parts.begin, digest, offset, length)
    except WrongOffset as error:
        raise Elsewhere(error.offset) from error
    except DiskFull as error:
        raise no_room() from error


async def _take(hub: Hub, request: Request, digest: str, writer: Writer) -> int:
    """Writes what comes until it ends or breaks; the offset reached, which is on the disk."""
    try:
        await _write_all(hub, request, writer)
    except Superseded as error:
        raise Elsewhere(hub.parts.offset(digest)) from error
    except ValueError as error:
        raise fault(422, "more bytes than Upload-Length says") from error
    except DiskFull as error:
        raise no_room() from error
    finally:
        writer.close()
    return writer.offset


async def _write_all(hub: Hub, request: Request, writer: Writer) -> None:
    waiting = bytearray()
    with suppress(ClientDisconnect, TimeoutError):  # what came is kept; the answer reaches nobody
        async for piece in stalled_after(STALL, request.stream()):
            waiting += piece
            if len(waiting) >= PIECE:
                await hub.files.run(writer.write, bytes(waiting))
                waiting.clear()
    if waiting:
        await hub.files.run(writer.write, bytes(waiting))
    await hub.files.run(writer.flush)


async def _finish(hub: Hub, digest: str) -> None:
    at = to_wire(hub.clock())
    try:
        await hub.files.run(finish_part, hub.store, hub.blobs_folder, hub.parts, digest, at)
    except WrongBytes as error:
        raise fault(460, "the bytes are not the named blob") from error
    except DiskFull as error:
        raise no_room() from error


def no_room() -> HTTPException:
    return fault(507, "no room on the disk", **{"Retry-After": "300"})


class Elsewhere(Exception):
    """The part ends at `offset`: 409."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


async def elsewhere(request: Request, error: Exception) -> JSONResponse:
    offset = error.offset if isinstance(error, Elsewhere) else 0
    content = {"detail": "the part ends elsewhere", "offset": offset}
    return JSONResponse(content, 409, _upload_headers(offset, False))


def _upload_headers(offset: int, is_complete: bool) -> dict[str, str]:
    return {
        "Upload-Offset": str(offset),
        "Upload-Complete": "?1" if is_complete else "?0",
        "Cache-Control": "no-store",
    }
