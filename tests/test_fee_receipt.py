"""Series and number of a biên lai, as the recognised system gave them."""

from datetime import date

import pytest

from onestop.domain.fee_receipt import read_fee_receipt
from onestop.errors import InputError

TODAY, NEXT_YEAR = date(2026, 11, 23), date(2027, 1, 4)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("26TAA 123", "26TAA 123"),
        ("26taa 00000123", "26TAA 00000123"),
        ("  26TAA-1".replace("-", ": "), "26TAA 1"),
        ("26TAA00000123", "26TAA 00000123"),
        ("25TXY 99999999", "25TXY 99999999"),
        ("AA/26E 0000123", "AA/26E 0000123"),
        ("C0000001", "C 0000001"),
    ],
)
def test_series_and_number_are_read(text: str, kept: str) -> None:
    assert str(read_fee_receipt(text, TODAY)) == kept


@pytest.mark.parametrize(
    "text",
    [
        "26TAA",
        "123",
        "26TAA 123456789",
        "26TAA 0",
        "26TAA 12a",
        "Biên lai số 5",
        "26TAA 1 2",
        "é 5",
        "26TAAA 5",
        "26TIO 5",
    ],
)
def test_what_is_no_number_of_a_receipt_is_refused(text: str) -> None:
    with pytest.raises(InputError) as raised:
        read_fee_receipt(text, TODAY)
    assert raised.value.field == "fee_receipt"
    assert "26TAA" in raised.value.message


def test_from_2027_on_a_receipt_is_electronic() -> None:
    assert read_fee_receipt("27TAA 1", NEXT_YEAR).is_electronic
    assert read_fee_receipt("26TAA 99", NEXT_YEAR).is_electronic  # taken on the last day of the year
    assert not read_fee_receipt("AA/26E 5", date(2026, 12, 31)).is_electronic
    with pytest.raises(InputError) as raised:
        read_fee_receipt("AA/26E 5", date(2027, 1, 1))
    assert "01/01/2027" in raised.value.message


@pytest.mark.parametrize(("series", "day"), [("24TAA", TODAY), ("27TAA", TODAY), ("25TAA", NEXT_YEAR)])
def test_the_series_is_of_its_year(series: str, day: date) -> None:
    with pytest.raises(InputError):
        read_fee_receipt(f"{series} 5", day)


@pytest.mark.parametrize("letters", ["IA", "AO", "AJ", "FA", "AW", "ZA"])
def test_letters_outside_the_twenty_make_no_electronic_series(letters: str) -> None:
    with pytest.raises(InputError):
        read_fee_receipt(f"27T{letters} 5", NEXT_YEAR)
