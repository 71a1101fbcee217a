"""Quyển: every desk numbers its own book of the register, so that it counts on without a line.

A book may go on from a paper one (or from another program's): a row of the office then says up to
which number that one went.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from onestop.domain.code import DEFAULT_POLICY

BOOK: Final = "register_book"
"""The kind of row that says what a book continues; its key is `Book.key`."""

MAX_NUMBER: Final = 999_999
_FIRST_YEAR: Final = 2000


@dataclass(frozen=True, slots=True)
class Book:
    """The book of one desk in one year. `name`: what people call it, "" for `01/2026`; `last`: the
    last number of the paper book it goes on from, 0 for none."""

    year: int
    desk: int
    name: str = ""
    last: int = 0

    @property
    def key(self) -> str:
        return f"{self.year}/{self.desk:02d}"

    @property
    def words(self) -> str:
        return self.name or f"{self.desk:02d}/{self.year}"


def book_from(plain: Mapping[str, Any]) -> Book:
    """Raises TypeError or ValueError for a row of another shape."""
    book = Book(**plain)
    numbers = (book.year, book.desk, book.last)
    if not all(type(number) is int for number in numbers) or not isinstance(book.name, str):
        raise TypeError("năm, số quầy, số cuối phải là số nguyên; tên phải là chữ")
    if not (1 <= book.desk <= DEFAULT_POLICY.desks and 0 <= book.last <= MAX_NUMBER):
        raise ValueError("số quầy hoặc số cuối ngoài phạm vi")
    if book.year < _FIRST_YEAR:
        raise ValueError("năm có bốn chữ số")
    return book
