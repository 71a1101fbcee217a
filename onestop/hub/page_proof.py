"""The page at `/kiem-tra`: is this printed paper genuine? For anybody, without a login or a script.

It reads the number of the square code, or a photograph of the paper, and tells nothing about a person.
Its address may stand in the square code itself: in capitals, which such a code holds in less room.
"""

from dataclasses import dataclass
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from onestop.domain.proof import is_proof_text
from onestop.errors import InputError, OfficeError, PrintError
from onestop.hub.calls import PROOF_PAGE, HubHere
from onestop.hub.hub import Busy, Hub
from onestop.hub.posted import posted_fields
from onestop.office.proving import PaperCheck, Worth, check_paper

# Not of the desks' documented calls: a page for people.
router = APIRouter(include_in_schema=False)

MOST_TEXT = 2000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_SIGNS = {
    Worth.GENUINE: ("good", "✓"),
    Worth.REPLACED: ("doubt", "!"),
    Worth.UNPRINTED: ("doubt", "?"),
    Worth.VOIDED: ("bad", "✕"),
    Worth.STRANGER: ("bad", "✕"),
    Worth.ALTERED: ("bad", "✕"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above the form. `mark`: good, doubt, bad or "" for what is no word on a paper."""

    title: str
    words: str
    mark: str = ""
    sign: str = "i"
    lines: tuple[tuple[str, str], ...] = ()
    status: int = 200


_TOO_OFTEN = Told("Bạn kiểm tra quá nhanh", "Hãy chờ một phút rồi thử lại.", status=429)
_BUSY = Told("Máy chủ đang bận", "Hãy thử lại sau ít giây.", status=503)
_NO_PROOF = Told(
    "Ảnh không có mã kiểm tra",
    "Không thấy mã vuông nào dùng để kiểm tra giấy. Hãy chụp gần, thẳng và đủ sáng; "
    "giấy in từ chương trình khác thì không kiểm tra được ở đây.",
)


@router.get(PROOF_PAGE)
async def proof_page(hub: HubHere, request: Request, ma: str = "") -> HTMLResponse:
    """The empty form, or with `ma` the number of a paper."""
    return _page(await _told_of_text(hub, request, ma) if ma.strip() else None)


@router.get(PROOF_PAGE + "/{ma}")
@router.get(PROOF_PAGE.upper() + "/{ma}")
async def scanned(hub: HubHere, request: Request, ma: str) -> HTMLResponse:
    """A telephone opened the address of a square code."""
    return _page(await _told_of_text(hub, request, ma))


@router.post(PROOF_PAGE)
async def posted(hub: HubHere, request: Request) -> HTMLResponse:
    """From the form: a number (`ma`) or a photograph (`anh`)."""
    fields = posted_fields(request.headers.get("content-type", ""), await request.body())
    photo = fields.get("anh", b"")
    if photo:
        return _page(await _told_of_photo(hub, request, photo))
    return _page(await _told_of_text(hub, request, fields.get("ma", b"").decode("utf-8", "replace")))


async def _told_of_text(hub: Hub, request: Request, text: str) -> Told:
    if not hub.proof_pace.admit(_address(request), hub.clock()):
        return _TOO_OFTEN
    return await _checked(hub, text)


async def _told_of_photo(hub: Hub, request: Request, photo: bytes) -> Told:
    if not hub.photo_pace.admit(_address(request), hub.clock()):
        return _TOO_OFTEN
    try:
        codes = await hub.photos.run(_read_photo, photo)
    except Busy:
        return _BUSY
    except PrintError as error:
        return Told(error.title, error.message, status=400)
    text = next(filter(is_proof_text, codes), "")
    return await _checked(hub, text) if text else _NO_PROOF


def _read_photo(photo: bytes) -> tuple[str, ...]:
    from onestop.printing.reading import read_photo  # heavy, and most hubs are never asked

    return read_photo(photo)


async def _checked(hub: Hub, text: str) -> Told:
    try:
        check = await hub.database.run(_check, hub, text[:MOST_TEXT])
    except Busy:
        return _BUSY
    except InputError as error:
        return Told(error.title, error.message, status=400)
    except OfficeError:
        return _BUSY
    mark, sign = _SIGNS[check.worth]
    return Told(check.title, check.words, mark, sign, tuple(check.lines()))


def _check(hub: Hub, text: str) -> PaperCheck:
    with hub.store.read() as connection:
        return check_paper(connection, text)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _page(told: Told | None) -> HTMLResponse:
    headers = _HEADERS | ({"Retry-After": "60"} if told and told.status in (429, 503) else {})
    return HTMLResponse(page_of(told), told.status if told else 200, headers)


def page_of(told: Told | None) -> str:
    """The whole page; `told` None for the form alone."""
    return _PAGE.replace("{style}", _STYLE).replace("{told}", _told_of(told) if told else _HOW)


def _told_of(told: Told) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in told.lines)
    facts = f"<dl>{rows}</dl>" if rows else ""
    return (
        f'<section class="told {told.mark}" role="status"><h2><span aria-hidden="true">{told.sign}</span>'
        f"{escape(told.title)}</h2><p>{escape(told.words)}</p>{facts}</section>"
    )


_HOW = """<p class="how">Giấy tiếp nhận và các phiếu in từ chương trình Một cửa có một mã vuông. Chụp ảnh
tờ giấy hoặc dán dãy số của mã vào đây để biết giấy có thật không, đã bị thay thế hay đã huỷ.</p>"""

_PAGE = """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kiểm tra giấy</title>
<style>{style}</style>
</head>
<body><main><h1>Kiểm tra giấy</h1>
{told}
<form method="post" action="/kiem-tra" enctype="multipart/form-data">
<label for="anh">Ảnh chụp tờ giấy</label>
<input id="anh" name="anh" type="file" accept="image/jpeg,image/png,image/webp" required>
<button>Kiểm tra ảnh</button>
</form>
<form method="post" action="/kiem-tra">
<label for="ma">Dãy số của mã vuông</label>
<textarea id="ma" name="ma" rows="3" maxlength="2000" inputmode="numeric" autocomplete="off"
 spellcheck="false" required placeholder="99518001…"></textarea>
<button class="second">Kiểm tra dãy số</button>
</form>
<p class="foot">Trang này không giữ ảnh và không cho biết thông tin của người nộp hồ sơ.</p>
</main></body>
</html>
"""

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b2733, #e6ebf0); --soft: light-dark(#51606f, #a5b1bd);
  --line: light-dark(#c3ccd5, #3d4854); --sheet: light-dark(#fff, #1d232a);
  --act: light-dark(#1f5fa8, #8ab8ee); --on-act: light-dark(#fff, #10202f);
  --mark: light-dark(#51606f, #a5b1bd); --tint: light-dark(#eef1f4, #262d35); }
* { box-sizing: border-box; }
body { font: 17px/1.5 "Noto Sans", "Segoe UI", Roboto, sans-serif; margin: 0; padding: 5vh 4vw;
  background: light-dark(#f4f6f8, #14181d); color: var(--ink); }
main { max-width: 36rem; margin: 0 auto; padding: 1.6rem 1.5rem; border-radius: 12px;
  background: var(--sheet); border: 1px solid var(--line); }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
.how { margin: 0 0 .4rem; color: var(--soft); }
.told { border-radius: 10px; padding: 1rem 1.1rem; background: var(--tint);
  border-left: 6px solid var(--mark); }
.told h2 { font-size: 1.2rem; margin: 0 0 .3rem; display: flex; gap: .6rem; color: var(--mark); }
.told h2 span { flex: none; width: 1.7rem; height: 1.7rem; line-height: 1.7rem; border-radius: 50%;
  text-align: center; background: var(--mark); color: var(--sheet); font-size: 1rem; font-weight: 700; }
.told p { margin: 0; }
.good { --mark: light-dark(#1c6e37, #7fce96); --tint: light-dark(#e9f5ec, #1c2e23); }
.doubt { --mark: light-dark(#8a5a00, #e8be6a); --tint: light-dark(#fdf4e0, #322a18); }
.bad { --mark: light-dark(#a8231b, #f2958d); --tint: light-dark(#fcebe9, #361f1e); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: .9rem 0 0; }
dt { color: var(--soft); }
dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
form { margin: 1.4rem 0 0; display: grid; gap: .5rem; }
label { font-weight: 600; }
input, textarea, button { font: inherit; color: inherit; width: 100%; min-height: 48px; border-radius: 8px;
  border: 1px solid var(--line); background: var(--sheet); padding: .55rem .7rem; }
textarea { font-variant-numeric: tabular-nums; resize: vertical; }
button { background: var(--act); color: var(--on-act); border-color: var(--act);
  font-weight: 600; cursor: pointer; }
button.second { background: transparent; color: var(--act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.foot { margin: 1.4rem 0 0; font-size: .9rem; color: var(--soft); }
@media (max-width: 30rem) { body { padding: 0; } main { border: 0; border-radius: 0; min-height: 100vh; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .5rem; } }
"""
