"""The lines of a book of the register: no number is passed over without a word."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.book import Book, book_from
from onestop.domain.register import PAPER, TWICE, Drawn, Line, Span, lines_of
from onestop.errors import InputError

FRIDAY = date(2026, 11, 20)
BOOK = Book(2026, 1)
WHY = "Chưa đồng bộ"


def drawn(number: int, why: str = "", dossier: str = "") -> Drawn:
    return Drawn(number, FRIDAY + timedelta(days=number), dossier or f"d{number}", f"code-{number}", why)


def told(lines: list[Line]) -> list[tuple[int, int, str, str]]:
    return [(line.number, line.until, line.dossier, line.why) for line in lines]


def test_gaps_say_why() -> None:
    book = Book(2026, 1, last=3)
    lines = list(lines_of(book, [drawn(9), drawn(5), drawn(4, "Đã huỷ")], 11, WHY))
    assert told(lines) == [
        (1, 3, "", PAPER),
        (4, 4, "", "Đã huỷ"),
        (5, 5, "d5", ""),
        (6, 8, "", WHY),
        (9, 9, "d9", ""),
        (10, 11, "", WHY),
    ]


def test_a_gap_across_the_end_of_the_paper_book_is_two_lines() -> None:
    lines = list(lines_of(Book(2026, 1, last=4), [drawn(2), drawn(7)], 7, WHY))
    assert told(lines) == [
        (1, 1, "", PAPER),
        (2, 2, "d2", ""),
        (3, 4, "", PAPER),
        (5, 6, "", WHY),
        (7, 7, "d7", ""),
    ]


def test_one_number_of_two_dossiers_is_said_on_both() -> None:
    lines = list(lines_of(BOOK, [drawn(1), drawn(1, dossier="other")], 1, WHY))
    assert [(line.dossier, line.why) for line in lines] == [("d1", TWICE), ("other", TWICE)]


@given(st.lists(st.integers(1, 60), max_size=30), st.integers(0, 70), st.integers(0, 20))
def test_every_number_has_its_line_once(numbers: list[int], last: int, paper: int) -> None:
    book = Book(2026, 2, last=paper)
    lines = list(
        lines_of(book, [drawn(number, dossier=f"{n}") for n, number in enumerate(numbers)], last, WHY)
    )
    covered = [number for line in lines for number in range(line.number, line.until + 1)]
    most = max([*numbers, last], default=0)
    assert sorted(set(covered)) == list(range(1, most + 1))
    assert covered == sorted(covered)
    assert sum(1 for line in lines if line.dossier) == len(numbers)
    assert all(line.why for line in lines if not line.dossier)


@pytest.mark.parametrize(
    ("span", "words", "numbers"),
    [
        (Span(2026), "", [1, 2, 3, 5]),
        (Span(2026, first=2, last=4), "Từ số 2 đến số 4", [2, 3]),
        (Span(2026, first=3), "Từ số 3", [3, 5]),
        (Span(2026, last=1), "Đến số 1", [1]),
        (Span(2026, first=2, last=2), "Số 2", [2]),
        (Span(2026, first_on=date(2026, 11, 22)), "Từ ngày 22/11/2026", [2, 3, 5]),
        (
            Span(2026, first=1, first_on=date(2026, 11, 22), last_on=date(2026, 11, 23)),
            "Từ số 1, từ ngày 22/11/2026 đến ngày 23/11/2026",
            [2, 3],
        ),
        (Span(2026, desk=2), "", []),
    ],
)
def test_parts_of_a_year(span: Span, words: str, numbers: list[int]) -> None:
    lines = lines_of(BOOK, [drawn(number) for number in (1, 2, 3, 5)], 5, WHY)
    assert span.words == words
    assert [line.number for line in lines if span.covers(line) and line.dossier] == numbers


def test_files_of_parts_are_named_by_them() -> None:
    assert Span(2026).title == "Sổ theo dõi hồ sơ 2026"
    assert Span(2026, 2, 1, 50).title == "Sổ theo dõi hồ sơ 2026 quyển 2 từ số 1 đến số 50"
    days = Span(2026, first_on=date(2026, 11, 22), last_on=date(2026, 11, 23))
    assert days.title == "Sổ theo dõi hồ sơ 2026 từ ngày 22-11-2026 đến ngày 23-11-2026"


def test_a_part_that_touches_a_gap_shows_it() -> None:
    lines = list(lines_of(BOOK, [drawn(1), drawn(9)], 9, WHY))
    shown = [line for line in lines if Span(2026, first=4, last=6).covers(line)]
    assert told(shown) == [(2, 8, "", WHY)]


@pytest.mark.parametrize(
    ("span", "field"),
    [
        (Span(2026, first=5, last=4), "last"),
        (Span(2026, first_on=FRIDAY, last_on=FRIDAY - timedelta(days=1)), "last_on"),
    ],
)
def test_an_end_before_its_beginning(span: Span, field: str) -> None:
    with pytest.raises(InputError) as caught:
        span.require()
    assert caught.value.field == field


def test_books_are_named_by_desk_and_year_until_people_name_them() -> None:
    assert (Book(2026, 3).words, Book(2026, 3).key) == ("03/2026", "2026/03")
    assert book_from({"year": 2026, "desk": 3, "name": "II/2026", "last": 118}).words == "II/2026"


@pytest.mark.parametrize(
    "change",
    [{"desk": 0}, {"desk": 21}, {"last": -1}, {"last": True}, {"year": 26}, {"name": None}, {"page": 1}],
)
def test_rows_of_another_shape(change: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        book_from({"year": 2026, "desk": 1, "name": "", "last": 0} | change)
