"""The page at `/`: is the hub well? Nothing in it is about any person or dossier."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from onestop.domain.moment import from_wire, show_at
from onestop.hub.calls import HubHere, plain_answers
from onestop.hub.hub import Hub
from onestop.store.device_view import count_blobs, find_log, list_health, list_standings

router = APIRouter(tags=["page"])

SILENT_AFTER = timedelta(hours=24)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class State:
    """What the page and `hub status` tell."""

    name: str
    is_relay: bool
    cursor: int
    durable: int
    offices: int
    desks: int
    silent: int
    blobs: int
    blob_bytes: int
    at: datetime


@router.get("/", response_class=HTMLResponse, responses=plain_answers())
async def status_page(hub: HubHere) -> HTMLResponse:
    """For a browser and for a monitor: 200 when process and database are well."""
    return HTMLResponse(page_of(await hub.database.run(read_state, hub)), 200, _HEADERS)


def read_state(hub: Hub) -> State:
    now = hub.clock()
    with hub.store.read() as connection:
        log = find_log(connection)
        desks = [one for one in list_standings(connection) if not one.stopped]
        heard = list_health(connection)
        blobs, blob_bytes = count_blobs(connection)
    silent = [one for one in desks if is_silent(heard.get(one.device, ("", {}))[0], now)]
    return State(
        name=hub.name,
        is_relay=hub.ledger.is_relay,
        cursor=log.cursor if log else 0,
        durable=log.durable if log else 0,
        offices=len({one.office for one in desks}),
        desks=len(desks),
        silent=len(silent),
        blobs=blobs,
        blob_bytes=blob_bytes,
        at=now,
    )


def is_silent(heard_at: str, now: datetime) -> bool:
    return not heard_at or now - from_wire(heard_at) > SILENT_AFTER


def facts_of(state: State) -> list[tuple[str, str]]:
    return [
        ("Vai trò", "Trạm của cơ quan (chuyển tiếp lên tỉnh)" if state.is_relay else "Máy chủ gốc"),
        ("Bản ghi trong nhật ký", _number(state.cursor)),
        ("Đã có trong bản sao lưu", _number(state.durable)),
        ("Cơ quan đang nối", _number(state.offices)),
        ("Quầy đã ghi danh", _number(state.desks)),
        ("Quầy im lặng quá 24 giờ", _number(state.silent)),
        ("Tệp giấy tờ", f"{_number(state.blobs)} ({_number(state.blob_bytes // 2**20)} MB)"),
        ("Giờ máy chủ", show_at(state.at)),
    ]


def page_of(state: State) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts_of(state))
    return _PAGE.format(name=escape(state.name), rows=rows)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 17px/1.5 "Noto Sans", "Segoe UI", sans-serif; margin: 0; padding: 6vh 5vw;
  background: light-dark(#f4f6f8, #14181d); color: light-dark(#1b2733, #e6ebf0); }}
main {{ max-width: 38rem; margin: 0 auto; padding: 2rem 2.2rem; border-radius: 12px;
  background: light-dark(#fff, #1d232a); border: 1px solid light-dark(#d8dfe6, #323b45); }}
h1 {{ font-size: 1.45rem; margin: 0 0 .2rem; }}
p {{ margin: 0 0 1.4rem; color: light-dark(#3f6b45, #8fcf9a); }}
dl {{ display: grid; grid-template-columns: 1fr auto; gap: .55rem 2rem; margin: 0; }}
a {{ display: inline-block; margin-top: 1.4rem; color: light-dark(#1f5fa8, #8ab8ee); }}
dt {{ color: light-dark(#51606f, #a5b1bd); }}
dd {{ margin: 0; font-weight: 600; text-align: right; font-variant-numeric: tabular-nums; }}
</style>
</head>
<body><main><h1>{name}</h1><p>Máy chủ đang hoạt động</p><dl>{rows}</dl>
<a href="/kiem-tra">Kiểm tra giấy đã in</a></main></body>
</html>
"""
