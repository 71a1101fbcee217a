"""`register`: a part of the register as PDF or Excel, without a window; for archives and night jobs."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

from onestop.domain.moment import local_day
from onestop.domain.register import Span
from onestop.errors import InputError
from onestop.office.command import OfficeOf
from onestop.office.office import Office
from onestop.office.register import register_pdf, save_register
from onestop.printing.saving import save_pdf

_ENDINGS = (".pdf", ".xlsx")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="TỆP", help="tệp .pdf hoặc .xlsx")
    parser.add_argument("--year", type=int, default=0, metavar="NĂM", help="mặc định: năm nay")
    parser.add_argument("--book", type=int, default=0, metavar="QUẦY", help="quyển của một quầy, ví dụ 1")
    parser.add_argument("--numbers", default="", metavar="TỪ..ĐẾN", help="theo số thứ tự, ví dụ 1..50")
    parser.add_argument("--days", default="", metavar="TỪ..ĐẾN", help="ví dụ 2026-11-01..2026-11-30")


def run(wanted: Namespace, office_of: OfficeOf, say: Callable[[str], None] = print) -> int:
    """Raises InputError, PrintError, StoreError."""
    if wanted.out.suffix.lower() not in _ENDINGS:
        raise InputError(
            f"--out: không ghi được “{wanted.out.name}”", "Đặt tên tệp .pdf hoặc .xlsx.", "--out"
        )
    if wanted.year and not 2000 <= wanted.year < 2100:
        raise InputError(f"--year: không có sổ năm {wanted.year}", "Ghi bốn chữ số, ví dụ 2026.", "--year")
    first, last = (_number(text) for text in _ends("--numbers", wanted.numbers))
    first_on, last_on = (_day(text) for text in _ends("--days", wanted.days))
    with office_of() as office:
        if office is None:
            raise InputError("Chưa có văn phòng nào ở đây", "Kiểm tra --data-dir và --profile.", "--profile")
        year = wanted.year or local_day(office.now).year
        span = Span(year, wanted.book, first, last, first_on, last_on)
        say(f"{_write(office, span, wanted.out)}: {wanted.out}")
    return 0


def _write(office: Office, span: Span, path: Path) -> str:
    if path.suffix.lower() == ".xlsx":
        return f"{save_register(office, span, path)} dòng"
    pages: list[int] = []
    save_pdf(register_pdf(office, span, pages.append), path)
    return f"{len(pages)} trang"


def _ends(option: str, text: str) -> tuple[str, str]:
    """Either may be missing: `..50`, `51..`."""
    first, dots, last = text.partition("..")
    if text and not dots:
        raise InputError(f"{option}: “{text[:40]}” thiếu hai dấu chấm", "Ghi TỪ..ĐẾN, ví dụ 1..50.", option)
    return first.strip(), last.strip()


def _number(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 9):
        raise InputError(f"--numbers: “{text[:40]}” không phải số thứ tự", "Ghi ví dụ 1..50.", "--numbers")
    return int(text or 0)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(
            f"--days: “{text[:40]}” không phải ngày", "Ghi ví dụ 2026-11-01..2026-11-30.", "--days"
        ) from None
