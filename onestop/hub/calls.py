"""What all calls share: who calls, how faults are answered, how large a body may be."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onestop.errors import OfficeError, StoreError
from onestop.hub.auth import Frozen, Unknown
from onestop.hub.hub import Busy, Hub
from onestop.hub.shapes import Fault
from onestop.store.device_view import Standing
from onestop.sync.wire import MAX_RAW, MAX_ROWS_RAW

_log = logging.getLogger(__name__)

MAX_JSON = 256 * 1024
MAX_PHOTO = 12 * 1024 * 1024
PROOF_PAGE = "/kiem-tra"
MAX_PUSH = MAX_RAW + 64 * 1024
STALL = 20.0
"""Seconds without a byte of a body after which its sender is given up."""

Answers = dict[int | str, dict[str, Any]]

_WORDS = {
    401: "no token, an old one, or a device nobody enrolled",
    403: "the device is known and may not speak any more",
    404: "nothing there that this device may see",
    409: "another epoch, protocol or offset",
    410: "the code was used or is too old",
    413: "too large; send less at once",
    416: "no such bytes",
    422: "not of the documented shape",
    429: "too much at once; come again after Retry-After seconds",
    460: "all bytes came, but they are not the named blob; begin anew",
    503: "busy or the database is away; come again after Retry-After seconds",
    507: "no room on the disk",
}


def answers(*codes: int) -> Answers:
    """The documented faults of a call; some can happen to any."""
    always = (400, 408, 413, 422, 503)
    words = _WORDS | {400: "the body cannot be read", 408: "the body stopped coming"}
    return {code: {"model": Fault, "description": words[code]} for code in sorted({*always, *codes})}


def plain_answers(*codes: int) -> Answers:
    """As `answers`, for calls whose good answer is no JSON: their faults are."""
    named = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
    return {
        code: {"description": told["description"], "content": named} for code, told in answers(*codes).items()
    }


def known(*codes: int) -> Answers:
    """As `answers`, for calls that need a token."""
    return answers(401, 403, *codes)


_bearer = HTTPBearer(auto_error=False, description="the token that POST /sync/v1/token gave")


def the_hub(request: Request) -> Hub:
    hub: Hub = request.app.state.hub
    return hub


async def the_caller(
    hub: Annotated[Hub, Depends(the_hub)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Standing:
    """The device that speaks. Raises Unknown and Frozen."""
    if credentials is None:
        raise Unknown
    return await hub.database.run(hub.gate.admit, credentials.credentials)


HubHere = Annotated[Hub, Depends(the_hub)]
Caller = Annotated[Standing, Depends(the_caller)]


def add_faults(app: FastAPI) -> None:
    """Every fault that has a status of its own; anything else is a bug and stays one."""
    app.add_exception_handler(Unknown, _unknown)
    app.add_exception_handler(Frozen, _frozen)
    app.add_exception_handler(Busy, _busy)
    app.add_exception_handler(StoreError, _away)
    app.add_exception_handler(RequestValidationError, _malformed)


def fault(code: int, words: str, **headers: str) -> HTTPException:
    return HTTPException(code, words, headers or None)


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    return _answer(401, "a token is needed", {"WWW-Authenticate": "Bearer"})


async def _frozen(request: Request, error: Exception) -> JSONResponse:
    return _answer(403, "this device was revoked")


async def _busy(request: Request, error: Exception) -> JSONResponse:
    return _answer(503, "busy", {"Retry-After": "2"})


async def _away(request: Request, error: Exception) -> JSONResponse:
    _log.warning("store: %s", error.title if isinstance(error, OfficeError) else error)
    return _answer(503, "the database is away", {"Retry-After": "5"})


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    """Names the place, never the value: it may be about a person."""
    places = error.errors() if isinstance(error, RequestValidationError) else []
    words = "; ".join(".".join(str(part) for part in one["loc"]) + ": " + one["type"] for one in places[:5])
    return _answer(422, words[:500])


def _answer(code: int, words: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"detail": words}, code, headers)


async def stalled_after(seconds: float, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream. Raises TimeoutError when nothing comes for so long."""
    pieces = stream.__aiter__()
    while True:
        try:
            yield await asyncio.wait_for(anext(pieces), seconds)
        except StopAsyncIteration:
            return


class BodyLimit:
    """Takes in each body before the call begins, never more than its limit; PATCH streams its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "PATCH":
            await self._app(scope, receive, send)
            return
        limit = _limit_of(scope["path"])
        try:
            body = await _whole_body(receive, limit, _length(scope))
        except ValueError:
            await _too_large(scope["path"], limit)(scope, receive, send)
        except TimeoutError:
            await _answer(408, "the body stopped coming")(scope, receive, send)
        else:
            if body is not None:
                await self._app(scope, _once(body, receive), send)


def _too_large(path: str, limit: int) -> Response:
    if path != PROOF_PAGE:
        return _answer(413, f"more than {limit} bytes")
    words = f"Ảnh quá lớn: tối đa {limit // 2**20} MB. Hãy quay lại và chọn ảnh nhỏ hơn."
    return PlainTextResponse(words, 413)


def _limit_of(path: str) -> int:
    if path.endswith("/rows"):
        return MAX_ROWS_RAW
    if path == PROOF_PAGE:
        return MAX_PHOTO
    return MAX_PUSH if path.endswith(("/push", "/quarantine")) else MAX_JSON


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0


async def _whole_body(receive: Receive, limit: int, length: int) -> bytes | None:
    """None when the caller has gone. Raises ValueError above the limit, TimeoutError for a stall."""
    pieces, size = [], length
    if size > limit:
        raise ValueError
    size = 0
    while True:
        message = await asyncio.wait_for(receive(), STALL)
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > limit:
            raise ValueError
        if not message.get("more_body"):
            return b"".join(pieces)


def _once(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then whatever the line says."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def take() -> Message:
        return left.pop() if left else await receive()

    return take
