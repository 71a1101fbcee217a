"""A register of thousands of lines: read line by line, page by page let go, stopped at any page."""

from collections.abc import Iterator
from datetime import datetime

import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest

from onestop.domain.moment import VIETNAM
from onestop.domain.template import Column, Facts, Fields, Grid, Heads, Listing, Paragraph, Template, Title
from onestop.printing.form import form_stream
from tests.printing_samples import MM, page_texts

COLUMNS = (Column("TT", "{no}", 10, "center"), Column("Chủ hồ sơ", "{name}", 60), Column("Ký nhận", "", 20))
BOOK = Template(
    "07",
    "Sổ theo dõi hồ sơ",
    "1.0",
    (
        Heads(has_codes=False),
        Title("SỔ THEO DÕI HỒ SƠ"),
        Grid("register", COLUMNS, empty="Chưa có hồ sơ nào."),
        Paragraph("Cộng: **{row_count}** hồ sơ."),
    ),
    sizes=("A4_ACROSS",),
    running_head="Sổ theo dõi hồ sơ năm {year}",
)


class Lines:
    """Counts how far it was read."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.given = 0

    def __iter__(self) -> Iterator[Fields]:
        for number in range(1, self.count + 1):
            self.given = number
            yield {"no": str(number), "name": f"Nguyễn Thị Ẵng số {number}"}


class Stopped(Exception):
    """What a person's press on “Dừng” raises here."""


def facts(lines: Lines) -> Facts:
    fields = {"superior_body": "Ủy ban nhân dân", "issuing_body": "Trung tâm", "year": "2026"}
    return Facts("", datetime(2026, 11, 20, 9, tzinfo=VIETNAM), fields, {"register": lines})


def test_every_line_stands_once_and_each_page_is_told() -> None:
    told: list[int] = []
    texts = page_texts(form_stream(BOOK, facts(Lines(200)), "A4_ACROSS", told.append))
    assert told == list(range(1, len(texts) + 1))
    assert len(texts) > 4
    everything = " ".join(texts)
    assert all(everything.count(f"{n} Nguyễn Thị Ẵng số {n} ") == 1 for n in range(1, 201))
    assert "Cộng: 200 hồ sơ." in texts[-1]
    for number, text in enumerate(texts[1:], 2):
        assert text.startswith(f"Sổ theo dõi hồ sơ năm 2026 Trang {number}") or f"Trang {number}" in text
        assert "TT Chủ hồ sơ Ký nhận" in text


def test_it_stops_where_it_is_told_to() -> None:
    lines = Lines(100_000)

    def stop(page: int) -> None:
        if page == 3:
            raise Stopped

    with pytest.raises(Stopped):
        form_stream(BOOK, facts(lines), "A4_ACROSS", stop)
    assert lines.given < 300


def test_an_empty_book_says_so() -> None:
    (text,) = page_texts(form_stream(BOOK, facts(Lines(0)), "A4_ACROSS"))
    assert "Chưa có hồ sơ nào." in text
    assert "Cộng: 0 hồ sơ." in text


@pytest.mark.parametrize(("size", "wide"), [("K80", 72), ("A5_TWO", 297)])
def test_a_roll_is_cut_and_two_pages_share_a_sheet_here_too(size: str, wide: int) -> None:
    told: list[int] = []
    with pypdfium2.PdfDocument(form_stream(BOOK, facts(Lines(90)), size, told.append)) as document:
        width, height = document[0].get_size()
        assert told == list(range(1, len(document) + 1))
    assert width == pytest.approx(wide * MM, abs=0.5 * MM)
    assert height < 1_500 * MM


def test_a_list_shown_twice_is_read_once() -> None:
    twice = Template("07", "Sổ", "1.0", (*BOOK.blocks, Listing("register", "{name}", label="Gồm")))
    (text,) = page_texts(form_stream(twice, facts(Lines(3)), "A4_ACROSS"))
    assert text.count("Nguyễn Thị Ẵng số 2") == 2
