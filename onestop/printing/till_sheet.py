"""Bảng đối soát cuối ngày: a day's payments with their sums, and what was counted, on A4."""

from dataclasses import dataclass
from datetime import date, datetime

from onestop.domain.moment import local, show_at, show_on
from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM
from onestop.printing.papers import Letterhead
from onestop.printing.sheet import A4_DENSE, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wording import money, money_words, place_and_day
from onestop.printing.wrapping import Run, bold

TITLE = "BẢNG ĐỐI SOÁT THU PHÍ, LỆ PHÍ CUỐI NGÀY"

_COLUMNS = (
    Column(6, "center"),
    Column(9, "center"),
    Column(29),
    Column(24),
    Column(13),
    Column(17),
    Column(15, "right"),
)
_HEAD = tuple(
    HeadCell(words, place, place)
    for place, words in enumerate(("TT", "Giờ", "Mã hồ sơ", "Người nộp", "Hình thức", "Biên lai", "Số tiền"))
)

_SIGN = "(Ký và ghi rõ họ tên)"


@dataclass(frozen=True, slots=True)
class TillRow:
    """One payment; `amount_vnd` below zero was given back."""

    at: datetime
    code: str
    payer: str
    method: str
    fee_receipt: str
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class TillPaper:
    """`sums`: words and đồng, in the order they stand. `counted`: words of the drawer, "" uncounted."""

    letterhead: Letterhead
    day: date
    officer_name: str
    made_at: datetime
    rows: tuple[TillRow, ...]
    sums: tuple[tuple[str, int], ...]
    cash_vnd: int
    counted: str = ""
    form_version: str = "Bảng nội bộ · bản trình bày 1.0"


def till_sheet_pdf(paper: TillPaper) -> bytes:
    """As many pages as the day needs. Raises PrintError."""
    title = f"{TITLE} {show_on(paper.day)}"
    sheet = Sheet(A4_DENSE, f"{title} · {paper.officer_name}", paper.form_version)
    head = paper.letterhead
    place_day = place_and_day(head.place, paper.made_at)
    blocks.heads(sheet, (head.superior_body, head.issuing_body), "", place_day)
    sheet.skip(5 * MM)
    blocks.title(sheet, TITLE, [f"Ngày {show_on(paper.day)} · {paper.officer_name}"])
    sheet.skip(3 * MM)
    table = Table(sheet, _COLUMNS, _HEAD, sheet.shape.fine * 0.85)
    for number, row in enumerate(paper.rows, 1):
        cells = (str(number), f"{local(row.at):%H:%M}", row.code, row.payer, row.method, row.fee_receipt)
        table.row([[Run(cell)] if cell else [] for cell in (*cells, _dotted(row.amount_vnd))])
    sheet.skip(2 * MM)
    for words, amount in paper.sums:
        sheet.paragraph([Run(f"{words}:"), bold(money(amount))])
    blocks.kept_together(sheet, lambda onto: _closing(onto, paper))
    imprint = Imprint(title, paper.letterhead.issuing_body, show_on(paper.day), paper.made_at)
    return ink(sheet.finish(), sheet.shape, imprint)


def _closing(sheet: Sheet, paper: TillPaper) -> None:
    sheet.paragraph([Run("Tiền mặt theo sổ:"), bold(money(paper.cash_vnd))])
    sheet.paragraph([Run(f"(Bằng chữ: {money_words(max(0, paper.cash_vnd))})", ITALIC)])
    blocks.labelled(sheet, "Tiền mặt đếm được", paper.counted)
    sheet.paragraph([Run(f"Lập lúc {show_at(paper.made_at)} từ nhật ký hồ sơ có trên quầy.", ITALIC)])
    sheet.skip(4 * MM)
    signers = [("NGƯỜI KIỂM TRA", _SIGN, ""), ("NGƯỜI THU TIỀN", _SIGN, paper.officer_name)]
    blocks.signed(sheet, signers, ())


def _dotted(amount_vnd: int) -> str:
    return f"{amount_vnd:,}".replace(",", ".")
