"""The parts every paper shares: heads, title, codes, labelled lines, signatures."""

from collections.abc import Callable, Sequence

from onestop.printing.fonts import BOLD, ITALIC
from onestop.printing.marks import MM
from onestop.printing.proof_words import proof_words
from onestop.printing.sheet import Sheet
from onestop.printing.symbols import code128_modules, qr_modules
from onestop.printing.wording import BLANK
from onestop.printing.wrapping import Line, Run, bold, wrap, wrap_even

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT_SHARE = 0.44
_BAR_MODULE = 0.25 * MM  # two dots of a 203-dpi printer: the narrowest bar every reader takes
_BAR_HEIGHT = 9 * MM
_QR_MODULE = 0.75 * MM  # six dots
_DENSE_MODULE = 0.5 * MM  # four dots: a proof has four times the modules of a code
_FEW_COLUMNS = 29
_NEAR = 2 * MM


def heads(
    sheet: Sheet, bodies: tuple[str, str], number: str, place_day: str, code: str = "", proof: str = ""
) -> None:
    """The issuing body below its superior, its number and the bar code at the left; the state, its
    motto, place and day and the QR code at the right."""
    split = sheet.left + sheet.width * _LEFT_SHARE
    top = sheet.y
    _issuing_head(sheet, bodies, number, split - sheet.left - 2 * MM)
    left_end = sheet.y
    sheet.y = top
    _state_head(sheet, split, place_day)
    if code:
        _codes(sheet, code, (left_end, sheet.y), split, proof)
    sheet.y = max(sheet.y, left_end)


def _issuing_head(sheet: Sheet, bodies: tuple[str, str], number: str, width: float) -> None:
    size = sheet.shape.head
    superior = wrap_even([Run(bodies[0].upper())], size, width)
    issuing = wrap_even([bold(bodies[1].upper())], size, width)
    sheet.lines_at(superior, size, sheet.left, width=width, align="center")
    sheet.lines_at(issuing, size, sheet.left, width=width, align="center")
    # A line of a third to a half of the name's length (Nghị định 30/2020).
    underline(sheet, sheet.left + width / 2, issuing[-1].width * 0.42 if issuing else 0)
    if number:
        sheet.lines_at(
            wrap([Run(f"Số: {number}")], size, width), size, sheet.left, width=width, align="center"
        )


def _state_head(sheet: Sheet, x: float, place_line: str) -> None:
    size, width = sheet.shape.head, sheet.right - x
    sheet.lines_at(wrap([bold(STATE)], size, width), size, x, width=width, align="center")
    motto = wrap([bold(MOTTO)], size + 1, width)
    sheet.lines_at(motto, size + 1, x, width=width, align="center")
    underline(sheet, x + width / 2, motto[-1].width)
    sheet.lines_at(wrap([Run(place_line, ITALIC)], size, width), size, x, width=width, align="center")


def state_alone(sheet: Sheet) -> None:
    """The state and its motto over the whole width: heads of what a citizen writes to an agency."""
    size, middle = sheet.shape.head, sheet.left + sheet.width / 2
    for text, points in ((STATE, size), (MOTTO, size + 1)):
        lines = wrap([bold(text)], points, sheet.width)
        sheet.lines_at(lines, points, sheet.left, width=sheet.width, align="center")
    underline(sheet, middle, wrap([bold(MOTTO)], size + 1, sheet.width)[-1].width)


def underline(sheet: Sheet, middle: float, length: float) -> None:
    sheet.skip(1.5)
    sheet.rule(middle - length / 2, middle + length / 2, 0.7)
    sheet.skip(sheet.shape.head * 0.35)


def _codes(sheet: Sheet, code: str, ends: tuple[float, float], split: float, proof: str) -> None:
    """Bar code with the dossier code below it, as far left as the QR code is right; each below the head
    that ends above it, the bars below both where they reach over the `split` between them."""
    bars, square = code128_modules(code), qr_modules(proof or code)
    module = _QR_MODULE if square.columns <= _FEW_COLUMNS else _DENSE_MODULE
    side = square.columns * module
    qr_x, qr_top = sheet.right - side, ends[1] + 1.5 * MM
    sheet.symbol(qr_x, qr_top, module, side, square)
    room = qr_x - 10 * MM - sheet.left
    bar = min(_BAR_MODULE, room / bars.columns)
    reaches_over = sheet.left + bar * bars.columns > split - _NEAR
    bars_top = (max(ends) if reaches_over else ends[0]) + 1.5 * MM
    sheet.symbol(sheet.left, bars_top, bar, _BAR_HEIGHT, bars)
    size = sheet.shape.body
    words = wrap([Run("Mã hồ sơ:"), bold(code)], size, room)
    words += wrap([Run(proof_words(proof))], size, room)
    words_end = sheet.lines_from(bars_top + _BAR_HEIGHT + 1, words, size, sheet.left)
    sheet.y = max(words_end, qr_top + side)


def title(sheet: Sheet, text: str, notes: Sequence[str]) -> None:
    """The name of the paper, centred, and what stands in brackets below it."""
    size = sheet.shape.title
    for line in wrap_even([bold(text)], size, sheet.width):
        sheet.lines_at([line], size, sheet.left, width=sheet.width, align="center")
    for note in notes:
        sheet.paragraph([Run(f"({note})", ITALIC)], sheet.shape.head, align="center")


def labelled(sheet: Sheet, label: str, value: str, *, is_strong: bool = False) -> None:
    """`label: value`; dots to fill in when there is no value."""
    sheet.paragraph(_label_runs(label, value, is_strong=is_strong))


def labelled_pair(sheet: Sheet, left: tuple[str, str], right: tuple[str, str]) -> None:
    """Two labelled values side by side if they fit on one line, else below each other."""
    size = sheet.shape.body
    first, second = (wrap(_label_runs(*pair), size, sheet.width) for pair in (left, right))
    start = max(sheet.width / 2, first[0].width + 6 * MM)
    if len(first) > 1 or len(second) > 1 or start + second[0].width > sheet.width:
        labelled(sheet, *left)
        labelled(sheet, *right)
        return
    sheet.need(sheet.line(size))
    sheet.lines_from(sheet.y, first, size, sheet.left)
    sheet.lines_at(second, size, sheet.left + start)


def _label_runs(label: str, value: str, *, is_strong: bool = False) -> list[Run]:
    shown = value.strip() or BLANK
    return [Run(f"{label}:"), bold(shown) if is_strong else Run(shown)]


def kept_together(sheet: Sheet, draw: Callable[[Sheet], None]) -> None:
    """Draws it on the next page as a whole when this one has no room for all of it."""
    endless = sheet.endless()
    draw(endless)
    height = endless.y - endless.top
    if height <= sheet.bottom - sheet.top - sheet.line(sheet.shape.body) * 3:  # a whole page has room
        sheet.need(height)
    draw(sheet)


def signed(sheet: Sheet, signers: Sequence[tuple[str, str, str]], recipients: Sequence[str]) -> None:
    """Blocks of (role, hint, name) with room to sign, side by side; never parted by a page's end.

    A single one stands at the right; at its left, small, the `recipients` (Nơi nhận)."""
    places = max(2, len(signers))
    size, half = sheet.shape.body, sheet.width / places
    blocks = [_signature_lines(*signer, size, half - 4 * MM) for signer in signers]
    small = sheet.shape.small
    listed = [line for each in recipients for line in wrap([Run(each)], small, half - 4 * MM)]
    listed = [*wrap([Run("Nơi nhận:", BOLD)], small, half), *listed] if recipients else []
    most_lines = max(len(head) + len(name) for head, name in blocks)
    height = most_lines * sheet.line(size) + _sign_room(sheet)
    sheet.need(max(height, len(listed) * sheet.line(small)))
    top = sheet.y
    ends = [sheet.lines_from(top, listed, small, sheet.left)]
    starts = [sheet.left + half * place for place in range(places)][-len(blocks) :]
    for (head, name), x in zip(blocks, starts, strict=True):
        below = sheet.lines_from(top, head, size, x, width=half, align="center") + _sign_room(sheet)
        ends.append(sheet.lines_from(below, name, size, x, width=half, align="center"))
    sheet.y = max(ends)


def _signature_lines(
    role: str, hint: str, name: str, size: float, width: float
) -> tuple[list[Line], list[Line]]:
    # `KT. CHỦ TỊCH` and `PHÓ CHỦ TỊCH` stand on lines of their own (Nghị định 30/2020, Phụ lục I).
    roles = [line for each in role.splitlines() for line in wrap_even([bold(each)], size, width)]
    head = [*roles, *wrap([Run(hint, ITALIC)], size, width)]
    return head, wrap([bold(name)], size, width)


def _sign_room(sheet: Sheet) -> float:
    return sheet.shape.body * (2.5 + 1.5 * sheet.shape.air)


def note(sheet: Sheet, label: str, text: str) -> None:
    """Small print."""
    sheet.paragraph([bold(f"{label}:"), Run(text, ITALIC)], sheet.shape.small)
