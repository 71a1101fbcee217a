"""The web application of a hub: its calls under /sync/v1 and two pages for people."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType

from fastapi import FastAPI

from onestop import __version__
from onestop.hub import api_blobs, api_join, api_log, api_relay, api_rows, api_snapshot, page, page_proof
from onestop.hub.calls import BodyLimit, add_faults
from onestop.hub.hub import Hub

_ABOUT = (
    "Sync of desks with their hub. Statuses speak of transport only; what became of an entry "
    "stands in its receipt. Bodies of lines are JSON objects, one a line, plain or zstd."
)


def make_app(hub: Hub) -> FastAPI:
    """Whoever made the hub closes it, after the application ended."""
    app = FastAPI(
        title="onestop hub",
        version=__version__,
        description=_ABOUT,
        lifespan=_life_of(hub),
        openapi_url="/sync/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.hub = hub
    for part in (api_join, api_log, api_blobs, api_snapshot, api_relay, api_rows, page, page_proof):
        app.include_router(part.router)
    add_faults(app)
    app.add_exception_handler(api_blobs.Elsewhere, api_blobs.elsewhere)
    app.add_middleware(BodyLimit)
    return app


def _life_of(hub: Hub) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        hub.wake.start()
        _end_long_polls_first(hub)
        yield
        await hub.wake.stop()

    return life


def _end_long_polls_first(hub: Hub) -> None:
    """A server that is told to stop waits for open calls: those that only wait end at once."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def end(
            number: int, frame: FrameType | None, before: Callable[..., object] | int | None = before
        ) -> None:
            loop.call_soon_threadsafe(hub.wake.end)
            if callable(before):
                before(number, frame)

        signal.signal(number, end)
