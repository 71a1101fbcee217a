"""The lines of the register as this desk knows them: every number of every book, gaps explained."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from onestop.domain.book import Book
from onestop.domain.moment import local_day
from onestop.domain.register import Drawn, Line, Span, lines_of
from onestop.office.books import book_of
from onestop.office.office import Office
from onestop.store.register import Begun, desk_numbers, list_begun
from onestop.store.rows import last_serial

VOID = "Bút ký tiếp nhận không còn hiệu lực hoặc đang chờ xử lý"
ERASED = "Nội dung đã xoá theo quy định"
LOST = "Không có trên máy này: hãy kiểm tra kho dữ liệu"
NOT_YET = "Số của {desk}, chưa đồng bộ về máy này"


@dataclass(frozen=True, slots=True)
class YearBooks:
    """The books of a year, by desk, and what is known of each."""

    books: tuple[Book, ...]
    begun: Mapping[int, list[Begun]]


def read_books(office: Office, connection: Connection, year: int) -> YearBooks:
    """The books that have begun; the own one of this year also before its first number."""
    begun = _by_desk(connection, year)
    is_own = year == local_day(office.now).year or last_serial(connection, f"register {year}")
    desks = begun.keys() | ({office.desk.index} if is_own else set())
    return YearBooks(tuple(book_of(connection, year, desk) for desk in sorted(desks)), begun)


def list_lines(
    office: Office, connection: Connection, span: Span, kept: YearBooks | None = None
) -> list[Line]:
    """By book and number. Raises InputError for a part that ends before it begins."""
    span.require()
    kept = kept or read_books(office, connection, span.year)
    books = [book for book in kept.books if span.desk in (0, book.desk)]
    lines = (
        line for book in books for line in _lines(office, connection, book, kept.begun.get(book.desk, []))
    )
    return [line for line in lines if span.covers(line)]


def _by_desk(connection: Connection, year: int) -> Mapping[int, list[Begun]]:
    """Of this office's desks only: a dossier from another agency stands in that one's register."""
    desks = desk_numbers(connection)
    found: dict[int, list[Begun]] = {}
    for one in list_begun(connection, year):
        if one.device in desks:
            found.setdefault(desks[one.device], []).append(one)
    return found


def _lines(office: Office, connection: Connection, book: Book, begun: list[Begun]) -> Iterator[Line]:
    drawn = [
        Drawn(one.register_no, local_day(one.at), one.dossier, one.code, VOID if one.is_void else "")
        for one in begun
        if one.register_no
    ]
    if book.desk != office.desk.index:
        return lines_of(book, drawn, 0, NOT_YET.format(desk=f"quầy {book.desk}"))
    is_erased = any(not one.register_no for one in begun)
    last = last_serial(connection, f"register {book.year}") or 0
    return lines_of(book, drawn, last, ERASED if is_erased else LOST)
