"""Moments, counts and money in words; Code 128 against another encoder; lines that fit."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reportlab.graphics.barcode.code128 import Code128

from onestop.domain.moment import VIETNAM
from onestop.errors import PrintError
from onestop.printing.code128 import code128_widths
from onestop.printing.wording import count_words, moment_words, money, money_words, place_and_day
from onestop.printing.wrapping import Run, bold, wrap, wrap_even


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (55, "Năm mươi lăm đồng"),
        (101, "Một trăm linh một đồng"),
        (110, "Một trăm mười đồng"),
        (8_000, "Tám nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (24_000, "Hai mươi tư nghìn đồng"),
        (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
        (1_000_021, "Một triệu không trăm hai mươi mốt đồng"),
        (3_000_000_000, "Ba tỷ đồng"),
        (12_000_500_000, "Mười hai tỷ năm trăm nghìn đồng"),
    ],
)
def test_money_in_words(amount: int, words: str) -> None:
    assert money_words(amount) == words


def test_money_below_zero_has_no_words() -> None:
    with pytest.raises(ValueError, match="negative"):
        money_words(-1)


def test_money_and_counts_in_figures() -> None:
    assert money(1_250_000) == "1.250.000 đồng"
    assert [count_words(1), count_words(12)] == ["01", "12"]


def test_leading_zeros_of_the_decree() -> None:
    assert (
        place_and_day("Phường X", datetime(2026, 2, 5, tzinfo=VIETNAM))
        == "Phường X, ngày 05 tháng 02 năm 2026"
    )
    assert (
        moment_words(datetime(2026, 3, 15, 7, 5, tzinfo=VIETNAM))
        == "07 giờ 05 phút, ngày 15 tháng 3 năm 2026"
    )


@pytest.mark.parametrize(
    "code", ["H15.50.05.13-261120-2001", "000.00.06.H56-231027-0361", "A", "1234", "G03-GD10"]
)
def test_bars_are_those_of_another_encoder(code: str) -> None:
    other = Code128(code)
    assert other.width  # asking for it makes reportlab work the bars out
    assert code128_widths(code) == "".join(
        str(ord(letter.upper()) - ord("A") + 1) for letter in other.decomposed
    )


@pytest.mark.parametrize("code", ["", "Mã", "A\n"])
def test_what_has_no_bars_is_refused(code: str) -> None:
    with pytest.raises(PrintError, match="mã vạch"):
        code128_widths(code)


@example("", "/00000<", 30.0)  # what is left behind a joint may be too wide again
@given(st.text(max_size=200), st.text(max_size=50), st.floats(30, 400))
def test_no_line_is_wider_than_asked(first: str, second: str, width: float) -> None:
    for lines in (wrap([Run(first), bold(second)], 10, width), wrap_even([Run(first)], 10, width)):
        for line in lines:
            assert line.width <= width + 1e-6
            assert line.pieces
            assert all(piece.x >= 0 and piece.text for piece in line.pieces)


def test_a_long_code_is_cut_behind_its_dash() -> None:
    lines = wrap([Run("H15.50.05.13-261120-2001")], 8, 52)
    assert [line.pieces[0].text for line in lines] == ["H15.50.05.13-", "261120-2001"]
