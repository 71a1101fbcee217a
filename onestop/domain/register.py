"""The register of a year: which part of it is asked for, and the lines it has, gaps explained."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from onestop.domain.book import Book
from onestop.domain.moment import show_on
from onestop.errors import InputError


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the register: `desk` 0 for all books; numbers and days inclusive, 0 and None open."""

    year: int
    desk: int = 0
    first: int = 0
    last: int = 0
    first_on: date | None = None
    last_on: date | None = None

    @property
    def last_day(self) -> date:
        return self.last_on or date(self.year, 12, 31)

    @property
    def words(self) -> str:
        """`Từ số 1 đến số 42`, `Từ ngày 01/11/2026`; "" for the whole."""
        numbers = _between("số", str(self.first or ""), str(self.last or ""))
        days = _between("ngày", _on(self.first_on), _on(self.last_on))
        words = ", ".join(part for part in (numbers, days) if part)
        return words[:1].upper() + words[1:]

    @property
    def title(self) -> str:
        """Of a file, nobody's name: `Sổ theo dõi hồ sơ 2026 quyển 2 từ số 1 đến số 50`; days with dashes."""
        book = f"quyển {self.desk}" if self.desk else ""
        part = self.words[:1].lower() + self.words[1:].replace("/", "-").replace(",", "")
        return " ".join(one for one in (f"Sổ theo dõi hồ sơ {self.year}", book, part) if one)

    def require(self) -> None:
        """Raises InputError (fields `last`, `last_on`) for a part that ends before it begins."""
        if self.last and self.last < self.first:
            raise InputError("Số cuối nhỏ hơn số đầu", "Nhập lại hai số, ví dụ từ 1 đến 50.", "last")
        if self.first_on and self.last_on and self.last_on < self.first_on:
            raise InputError("Ngày cuối trước ngày đầu", "Nhập lại hai ngày.", "last_on")

    def covers(self, line: "Line") -> bool:
        return (
            self.desk in (0, line.desk)
            and line.until >= self.first
            and (not self.last or line.number <= self.last)
            and (self.first_on is None or line.on is None or line.on >= self.first_on)
            and (self.last_on is None or line.on is None or line.on <= self.last_on)
        )


def _between(what: str, first: str, last: str) -> str:
    if first and first == last:
        return f"{what} {first}"
    parts = [f"từ {what} {first}" if first else "", f"đến {what} {last}" if last else ""]
    return " ".join(part for part in parts if part)


def _on(day: date | None) -> str:
    return show_on(day) if day else ""


class Line(NamedTuple):
    """One line: a dossier, or numbers `number` to `until` without one and why.

    `on`: when the dossier came; of a gap the day of the line before it, None at a book's beginning.
    """

    desk: int
    number: int
    until: int
    on: date | None
    dossier: str = ""
    code: str = ""
    why: str = ""


class Drawn(NamedTuple):
    """A number and its dossier. `why`: what became of an intake without effect, "" for a good one."""

    number: int
    on: date
    dossier: str
    code: str
    why: str = ""


PAPER = "Ghi ở sổ giấy trước khi dùng phần mềm"
TWICE = "Trùng số thứ tự với hồ sơ khác trong quyển"


def lines_of(book: Book, drawn: Iterable[Drawn], last: int, missing: str) -> Iterator[Line]:
    """The lines of one book by number. `last`: the last number the desk is known to have drawn;
    `missing`: why a number of it may be without a dossier here."""
    at, day = 0, None
    for number, same in groupby(sorted(drawn), key=lambda one: one.number):
        yield from _gap(book, at + 1, number - 1, day, missing)
        each = list(same)
        for one in each:
            why = one.why or (TWICE if len(each) > 1 else "")
            is_line = not one.why
            yield Line(book.desk, number, number, one.on, one.dossier if is_line else "", one.code, why)
        at, day = number, each[-1].on
    yield from _gap(book, at + 1, last, day, missing)


def _gap(book: Book, first: int, last: int, day: date | None, missing: str) -> Iterator[Line]:
    paper = min(last, book.last)
    if first <= paper:
        yield Line(book.desk, first, paper, day, why=PAPER)
    begin = max(first, book.last + 1)
    if begin <= last:
        yield Line(book.desk, begin, last, day, why=missing)
