"""Phiếu ghi nhận nộp tiền: what was paid, for the payer's memory. It is no biên lai and says so.

From 01/01/2027 a biên lai is electronic and comes from a recognised system (NĐ 254/2026/NĐ-CP);
this paper only names its series and number where there is one.
"""

from dataclasses import dataclass
from datetime import datetime

from onestop.domain.moment import show_at
from onestop.printing import blocks
from onestop.printing.fonts import ITALIC
from onestop.printing.ink import Imprint, ink
from onestop.printing.marks import MM, Mark
from onestop.printing.papers import Letterhead
from onestop.printing.sheet import A5, A5_DENSE, Shape, Sheet
from onestop.printing.table import Column, HeadCell, Table
from onestop.printing.wording import money, money_words
from onestop.printing.wrapping import Run, bold

TITLE = "PHIẾU GHI NHẬN NỘP TIỀN"
NO_RECEIPT = "Không phải biên lai, hóa đơn; không thay biên lai thu phí, lệ phí"

_FEES = (Column(8, "center"), Column(62), Column(30, "right"))
_FEE_HEAD = (
    HeadCell("TT", 0, 0),
    HeadCell("Khoản phí, lệ phí", 1, 1),
    HeadCell("Số tiền (đồng)", 2, 2),
)
_PAID = (Column(22, "center"), Column(24), Column(28), Column(26, "right"))
_PAID_HEAD = (
    HeadCell("Lúc", 0, 0),
    HeadCell("Hình thức", 1, 1),
    HeadCell("Biên lai điện tử", 2, 2),
    HeadCell("Số tiền (đồng)", 3, 3),
)


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A fee line with its reason: how it was counted and by which text, '' where not known."""

    name: str
    amount_vnd: int
    ground: str = ""


@dataclass(frozen=True, slots=True)
class PaidRow:
    """Money taken, or given back (below zero). `method` in words."""

    at: datetime
    method: str
    fee_receipt: str
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class PaymentNotePaper:
    """What the note says. `number` "12/GN", of the register; `reprint_no` 0 for the first print."""

    letterhead: Letterhead
    code: str
    payer_name: str
    procedure_name: str
    officer_name: str
    made_at: datetime
    number: str = ""
    address: str = ""
    owed: tuple[OwedRow, ...] = ()
    paid: tuple[PaidRow, ...] = ()
    reprint_no: int = 0
    form_version: str = "Phiếu nội bộ, không phải biên lai · bản trình bày 1.0"

    @property
    def collected_vnd(self) -> int:
        return sum(row.amount_vnd for row in self.paid)

    @property
    def owed_vnd(self) -> int:
        return sum(row.amount_vnd for row in self.owed)


def payment_note_pdf(paper: PaymentNotePaper) -> bytes:
    """One A5 page upright, more where there are many lines. Raises PrintError."""
    shape = A5 if len(_laid_out(paper, A5)) == 1 else A5_DENSE
    imprint = Imprint(f"{TITLE} {paper.code}", paper.letterhead.issuing_body, paper.code, paper.made_at)
    return ink(_laid_out(paper, shape), shape, imprint)


def _laid_out(paper: PaymentNotePaper, shape: Shape) -> list[list[Mark]]:
    sheet = Sheet(shape, f"{TITLE} · {paper.code}", paper.form_version)
    blocks.heads(sheet, paper.letterhead, paper.number, paper.made_at, paper.code)
    sheet.skip(3 * MM)
    blocks.title(sheet, TITLE, _notes(paper))
    sheet.skip(2 * MM)
    blocks.labelled(sheet, "Người nộp tiền", paper.payer_name, is_strong=True)
    blocks.labelled(sheet, "Địa chỉ", paper.address)
    blocks.labelled(sheet, "Thủ tục", paper.procedure_name)
    _owed(sheet, paper)
    _paid(sheet, paper)
    blocks.kept_together(sheet, lambda onto: _closing(onto, paper))
    return sheet.finish()


def _notes(paper: PaymentNotePaper) -> list[str]:
    again = [f"In lại lần {paper.reprint_no}, lúc {show_at(paper.made_at)}"] if paper.reprint_no else []
    return [NO_RECEIPT, *again]


def _owed(sheet: Sheet, paper: PaymentNotePaper) -> None:
    sheet.paragraph([Run("1. Phải nộp:"), bold(money(paper.owed_vnd))])
    if not paper.owed:
        return
    sheet.skip(1 * MM)
    table = Table(sheet, _FEES, _FEE_HEAD, sheet.shape.fine)
    for number, row in enumerate(paper.owed, 1):
        name = [Run(row.name), *([Run(f"({row.ground})", ITALIC)] if row.ground else [])]
        table.row([[Run(str(number))], name, [Run(_dotted(row.amount_vnd))]])
    sheet.skip(1.5 * MM)


def _paid(sheet: Sheet, paper: PaymentNotePaper) -> None:
    sheet.paragraph([Run("2. Đã nộp:"), bold(money(paper.collected_vnd))])
    sheet.skip(1 * MM)
    if paper.paid:
        table = Table(sheet, _PAID, _PAID_HEAD, sheet.shape.fine)
        for row in paper.paid:
            method = row.method if row.amount_vnd >= 0 else f"Hoàn lại: {row.method.lower()}"
            cells = (show_at(row.at), method, row.fee_receipt, _dotted(row.amount_vnd))
            table.row([[Run(cell)] if cell else [] for cell in cells])
        sheet.skip(1.5 * MM)
    sheet.paragraph([Run("Bằng chữ:"), Run(f"{money_words(max(0, paper.collected_vnd))}.", ITALIC)])
    left = paper.owed_vnd - paper.collected_vnd
    if left:
        words = "Còn phải nộp:" if left > 0 else "Nộp thừa, được hoàn lại:"
        sheet.paragraph([Run(words), bold(money(abs(left)))])


def _closing(sheet: Sheet, paper: PaymentNotePaper) -> None:
    sheet.skip(1.5 * MM)
    blocks.note(
        sheet,
        "Ghi chú",
        f"{NO_RECEIPT}. Biên lai điện tử do hệ thống được công nhận cấp; tra cứu theo ký hiệu và số ở trên.",
    )
    sheet.skip(3 * MM)
    blocks.signatures(sheet, ("NGƯỜI NỘP TIỀN", paper.payer_name), ("NGƯỜI THU TIỀN", paper.officer_name))


def _dotted(amount_vnd: int) -> str:
    return f"{amount_vnd:,}".replace(",", ".")
