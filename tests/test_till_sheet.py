"""The day sheet of the till: every line of the day, over as many pages as it takes."""

from datetime import datetime

import pytest

from onestop.domain.moment import VIETNAM
from onestop.printing import page_count
from onestop.printing.till_sheet import TillPaper, TillRow, till_sheet_pdf
from tests.printing_samples import LETTERHEAD, inked, overlaps, page_texts

AT = datetime(2026, 11, 23, 9, 5, tzinfo=VIETNAM)


@pytest.mark.parametrize("count", [0, 3, 120])
def test_the_day_sheet_goes_on_over_pages_without_words_over_others(count: int) -> None:
    row = TillRow(
        AT, "H56.99.88-261123-0012", "Nguyễn Thị Đặng Hường", "Thanh toán trực tuyến", "26TAA 00000123", 5_000
    )
    sums = (("Đã thu", 5_000 * count), ("Phí", 5_000 * count))
    counted = "600.000 đồng, khớp sổ" if count else ""
    sheet = TillPaper(LETTERHEAD, AT.date(), "Lê Thị Thanh Hoa", AT, (row,) * count, sums, 0, counted)
    pdf = till_sheet_pdf(sheet)
    text = " ".join(page_texts(pdf))
    assert text.count("H56.99.88-261123-0012") == count
    assert "Lê Thị Thanh Hoa" in text
    assert (page_count(pdf) > 1) == (count > 100)
    assert [overlaps(page) for page in inked(pdf) if overlaps(page)] == []
