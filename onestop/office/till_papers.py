"""The day sheet as a PDF to sign and as an Excel sheet to hand on."""

from pathlib import Path

from onestop.domain.moment import local
from onestop.domain.till import Count, DaySheet
from onestop.office.deeds import PAY_METHODS
from onestop.office.office import Office
from onestop.office.papers import letterhead
from onestop.printing.saving import save_pdf
from onestop.printing.till_sheet import TillPaper, TillRow, till_sheet_pdf
from onestop.printing.workbook import Column, SheetOut, write_workbook

UNKNOWN_METHOD = "Không ghi"
KIND_WORDS = {"charge": "Phí", "levy": "Lệ phí", "other": "Thu ngoài khoản phải nộp"}
_COLUMNS = (
    Column("Lúc", "at", 18),
    Column("Mã hồ sơ", "code", 28),
    Column("Người nộp", "payer", 28),
    Column("Cán bộ", "officer", 24),
    Column("Hình thức", "method", 22),
    Column("Biên lai", "fee_receipt", 18),
    Column("Số tiền (đồng)", "amount_vnd", 16),
)


def method_words(method: str) -> str:
    return PAY_METHODS.get(method, UNKNOWN_METHOD)


def sums_of(sheet: DaySheet) -> tuple[tuple[str, int], ...]:
    """Words and đồng: taken, given back, by kind, by method."""
    kinds = ((KIND_WORDS[kind], amount) for kind, amount in sheet.by_kind().items())
    methods = ((method_words(method), amount) for method, amount in sorted(sheet.by_method().items()))
    return (("Đã thu", sheet.collected_vnd), ("Đã hoàn", sheet.refunded_vnd), *kinds, *methods)


def count_words(count: Count) -> str:
    """`120.000 đồng, thiếu 1.000 đồng: trả nhầm tiền lẻ`."""
    words = f"{_dotted(count.counted_vnd)} đồng"
    if not count.difference_vnd:
        return f"{words}, khớp sổ"
    side = "thừa" if count.difference_vnd > 0 else "thiếu"
    return f"{words}, {side} {_dotted(abs(count.difference_vnd))} đồng: {count.reason}"


def till_pdf(office: Office, sheet: DaySheet) -> bytes:
    """Raises PrintError."""
    rows = tuple(
        TillRow(line.at, line.code, line.payer, method_words(line.method), line.fee_receipt, line.amount_vnd)
        for line in sheet.lines
    )
    return till_sheet_pdf(
        TillPaper(
            letterhead(office),
            sheet.day,
            _whose(office, sheet),
            office.now,
            rows,
            sums_of(sheet),
            sheet.cash_vnd,
            count_words(sheet.count) if sheet.count else "",
        )
    )


def save_till(office: Office, sheet: DaySheet, path: Path) -> Path:
    """As Excel or PDF, by the file's ending. Raises PrintError."""
    if path.suffix.lower() == ".xlsx":
        _save_workbook(office, sheet, path)
    else:
        save_pdf(till_pdf(office, sheet), path)
    return path


def _save_workbook(office: Office, sheet: DaySheet, path: Path) -> None:
    """One sheet of the payments, one of the sums."""
    rows = [
        (
            f"{local(line.at):%d/%m/%Y %H:%M}",
            line.code,
            line.payer,
            office.catalogue.officer(line.officer).name,
            method_words(line.method),
            line.fee_receipt,
            str(line.amount_vnd),
        )
        for line in sheet.lines
    ]
    sums = [*((words, str(amount)) for words, amount in sums_of(sheet)), ("Tiền mặt", str(sheet.cash_vnd))]
    if sheet.count:
        sums.append(("Tiền mặt đếm được", count_words(sheet.count)))
    about = (Column("Khoản", "words", 30), Column("Đồng", "amount_vnd", 40))
    write_workbook(path, [SheetOut("Khoản thu", _COLUMNS, rows), SheetOut("Tổng hợp", about, sums)])


def title_of(sheet: DaySheet) -> str:
    """Also the file's name: the day and the desk, nobody's name."""
    return f"Đối soát {sheet.day.isoformat()} {'' if sheet.officer else 'cả cơ quan'}".strip()


def _whose(office: Office, sheet: DaySheet) -> str:
    return office.catalogue.officer(sheet.officer).name if sheet.officer else "Cả cơ quan"


def _dotted(amount_vnd: int) -> str:
    return f"{amount_vnd:,}".replace(",", ".")
