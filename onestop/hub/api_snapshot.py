"""The snapshot of an office for a fresh desk: one packed file, fetched by range over any line."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from onestop.hub.api_blobs import PIECE, no_room, range_of
from onestop.hub.calls import Caller, HubHere, fault, plain_answers
from onestop.hub.hub import Hub
from onestop.hub.snapshots import Snapshot
from onestop.store.device_view import Standing, find_log
from onestop.store.parts import DiskFull

router = APIRouter(prefix="/sync/v1", tags=["log"])

PATIENCE = 10.0
"""Seconds that a caller waits for one being made; then it is asked to come again."""
_FILE = {"application/zstd": {"schema": {"type": "string", "format": "binary"}}}


@router.get(
    "/snapshot",
    responses=plain_answers(401, 403, 416, 507)
    | {200: {"content": _FILE, "description": "the file"}, 206: {"content": _FILE, "description": "a range"}},
    response_class=StreamingResponse,
)
async def snapshot(
    hub: HubHere,
    caller: Caller,
    range_: Annotated[str | None, Header(alias="Range", max_length=60)] = None,
    if_range: Annotated[str, Header(max_length=80, pattern=r'^("[0-9a-f]{64}")?$')] = "",
) -> Response:
    """Statements, rows and open dossiers of the caller's streams at one cursor, signed, zstd.

    `ETag` names the file. To go on after a cut: `Range` with that name in `If-Range`; 206 is
    that part of the same file, 200 a new one from its beginning. `Range` alone: of the newest.
    """
    name = if_range.strip('"')
    found = await hub.files.run(_find, hub, caller, name)
    if found is None:
        found, range_ = await _made(hub, caller), None if name else range_
    headers = {"ETag": f'"{found.name}"', "Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    if not range_:
        return _sent(hub, found, 0, found.length - 1, 200, headers)
    first, last = range_of(range_, found.length)
    headers["Content-Range"] = f"bytes {first}-{last}/{found.length}"
    return _sent(hub, found, first, last, 206, headers)


def _find(hub: Hub, caller: Standing, name: str) -> Snapshot | None:
    return hub.snapshots.find(caller.streams, _epoch(hub), name)


def _make(hub: Hub, caller: Standing) -> Snapshot:
    return hub.snapshots.make(caller.streams, _epoch(hub))


def _epoch(hub: Hub) -> str:
    with hub.store.read() as connection:
        log = find_log(connection)
    return str(log.epoch) if log else ""


async def _made(hub: Hub, caller: Standing) -> Snapshot:
    """It is made to its end also when this caller does not wait for it."""
    making = asyncio.create_task(hub.files.run(_make, hub, caller))
    try:
        return await asyncio.wait_for(asyncio.shield(making), PATIENCE)
    except TimeoutError as error:
        making.add_done_callback(lambda done: done.exception())
        raise fault(503, "it is being made", **{"Retry-After": "3"}) from error
    except DiskFull as error:
        raise no_room() from error


def _sent(
    hub: Hub, snapshot: Snapshot, first: int, last: int, code: int, headers: dict[str, str]
) -> Response:
    headers |= {"Content-Length": str(last - first + 1)}
    return StreamingResponse(_pieces(hub, snapshot, first, last), code, headers, "application/zstd")


def _pieces(hub: Hub, snapshot: Snapshot, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with hub.snapshots.open(snapshot, first) as file:
        while left:
            piece = file.read(min(PIECE, left))
            if not piece:  # swept meanwhile: the reader sees a cut and asks again
                return
            left -= len(piece)
            yield piece
