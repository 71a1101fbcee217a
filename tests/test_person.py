"""What comes in about persons: numbers, births, phones, names; good and bad."""

import json
import re
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.person import (
    check_id_number,
    check_tax_code,
    normalise_id_number,
    normalise_name,
    normalise_phone,
    parse_born_on,
    parse_day,
    show_born_on,
    show_phone,
)
from onestop.errors import InputError
from onestop.paths import resource

TODAY = date(2026, 11, 21)
PACK: dict[str, Any] = json.loads(resource("packs", "provinces.json").read_text("utf-8"))
PROVINCES = {row["prefix"]: row["name"] for row in PACK["former_provinces"]}
PRACTICE: dict[str, Any] = json.loads(resource("packs", "practice.json").read_text("utf-8"))

# ---- identity numbers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("038188004217", "038188004217"),
        (" 038 188 004 217 ", "038188004217"),
        ("171.902.345", "171902345"),
        ("c1234567", "C1234567"),
        ("P00123456", "P00123456"),
    ],
)
def test_id_numbers_come_in_many_forms(typed: str, number: str) -> None:
    assert normalise_id_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("03818800421", "Phải có đúng 12 chữ số, hiện có 11"),
        ("0381880042170", "hiện có 13"),
        ("", "12 chữ số"),
        ("03818800421x", "ký tự lạ"),
        ("x" * 5000, "ký tự lạ"),
        ("０３８１８８００４２１７", "ký tự lạ"),  # full-width digits
    ],
)
def test_impossible_id_numbers_say_why(typed: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        check_id_number(typed)
    assert caught.value.field == "id_number"
    assert words in caught.value.message
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("number", "born_on", "sex", "warnings"),
    [
        ("038188004217", "1988-03-14", "nữ", ()),
        ("038188004217", "", "", ()),
        ("038304021405", "2004", "nữ", ()),
        ("038204012566", "2004-04", "nam", ()),
        ("038188004217", "1988", "nam", ("Theo số định danh là giới tính nữ, đang ghi nam.",)),
        ("038188004217", "1989-03-14", "nữ", ("Theo số định danh là sinh năm 1988, đang ghi 1989.",)),
        ("999188004217", "1988", "nữ", ("Ba số đầu 999 không phải mã tỉnh, thành phố đã biết.",)),
        ("015188004217", "1988", "nữ", ()),  # Yên Bái in the old list
        ("171902345", "1988", "nữ", ("Đây là số CMND 9 số: nên hỏi số định danh cá nhân 12 số.",)),
        ("C1234567", "1988", "nữ", ()),
    ],
)
def test_implausible_id_numbers_are_warnings(
    number: str, born_on: str, sex: str, warnings: tuple[str, ...]
) -> None:
    assert check_id_number(number, born_on, sex, PROVINCES) == warnings


def test_without_a_list_of_provinces_the_prefix_is_not_judged() -> None:
    assert check_id_number("999188004217", "1988", "nữ") == ()


def test_the_former_provinces_are_63() -> None:
    assert len(PROVINCES) == 63
    assert (PROVINCES["001"], PROVINCES["015"], PROVINCES["096"]) == ("Hà Nội", "Yên Bái", "Cà Mau")


# ---- births and days ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "born_on", "shown"),
    [
        ("1/2/85", "1985-02-01", "01/02/1985"),
        ("01021985", "1985-02-01", "01/02/1985"),
        ("01-02-1985", "1985-02-01", "01/02/1985"),
        ("01.02.1985", "1985-02-01", "01/02/1985"),
        ("1 2 1985", "1985-02-01", "01/02/1985"),
        ("1985-02-01", "1985-02-01", "01/02/1985"),
        ("010285", "1985-02-01", "01/02/1985"),
        ("1985", "1985", "1985"),
        ("2/1985", "1985-02", "02/1985"),
        ("021985", "1985-02", "02/1985"),
        ("122004", "2004-12", "12/2004"),
        ("1985-02", "1985-02", "02/1985"),
        ("21/11/26", "2026-11-21", "21/11/2026"),  # today: born this morning
        ("22/11/26", "1926-11-22", "22/11/1926"),  # tomorrow cannot be: a century back
        ("29/2/2024", "2024-02-29", "29/02/2024"),
        (" 1/2/85 ", "1985-02-01", "01/02/1985"),
    ],
)
def test_births_come_in_many_forms(typed: str, born_on: str, shown: str) -> None:
    assert parse_born_on(typed, TODAY) == born_on
    assert show_born_on(born_on) == shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/02/1985", "Tháng 2/1985 không có ngày 31 (tháng này có 28 ngày)"),
        ("29/2/2025", "không có ngày 29"),
        ("31/02/85", "không có ngày 31"),
        ("00/01/1985", "không có ngày 0"),
        ("1/13/1985", "Không có tháng 13"),
        ("13/1985", "Không có tháng 13"),
        ("22/11/2026", "sau hôm nay"),
        ("12/2026", "sau hôm nay"),
        ("2027", "từ 1800 đến 2026"),
        ("1/2/0085", "từ 1800 đến 2026"),
        ("", "ví dụ 01/02/1985"),
        ("hôm qua", "ví dụ 01/02/1985"),
        ("1/2/3/4", "ví dụ 01/02/1985"),
        ("१/२/१९८५", "ví dụ 01/02/1985"),
    ],
)
def test_impossible_births_are_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_born_on(typed, TODAY)
    assert caught.value.field == "born_on"
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/11/2026", date(2026, 11, 24)),
        ("24/11/26", date(2026, 11, 24)),
        ("24112026", date(2026, 11, 24)),
        ("24/11", date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24)),
    ],
)
def test_full_days(typed: str, day: date) -> None:
    assert parse_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["31/02/2026", "2026", "11/2026", "", "abc", "1/1/0000"])
def test_days_that_are_none(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_day(typed, TODAY, field="issued_on")
    assert caught.value.field == "issued_on"


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_birth_or_refused(text: str) -> None:
    try:
        born_on = parse_born_on(text, TODAY)
    except InputError:
        return
    assert re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", born_on)
    assert born_on <= TODAY.isoformat()


@given(st.dates(date(1900, 1, 1), TODAY))
@settings(max_examples=200, deadline=None)
def test_what_is_shown_is_read_back(day: date) -> None:
    assert parse_born_on(show_born_on(day.isoformat()), TODAY) == day.isoformat()
    assert parse_born_on(f"{day:%d%m%Y}", TODAY) == day.isoformat()
    assert parse_day(f"{day:%d-%m-%Y}", TODAY) == day


# ---- phones and tax codes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "phone", "shown"),
    [
        ("0912 000 101", "0912000101", "0912 000 101"),
        ("0912.000.101", "0912000101", "0912 000 101"),
        ("+84 912 000 101", "0912000101", "0912 000 101"),
        ("84912000101", "0912000101", "0912 000 101"),
        ("0084912000101", "0912000101", "0912 000 101"),
        ("(024) 3825 1234", "02438251234", "024 3825 1234"),
        ("+84 237 300 0100", "02373000100", "0237 300 0100"),
    ],
)
def test_phones_come_in_many_forms(typed: str, phone: str, shown: str) -> None:
    assert normalise_phone(typed) == phone
    assert show_phone(phone) == shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("091200010", "10 chữ số, hiện có 9"),
        ("09120001011", "10 chữ số, hiện có 11"),
        ("0237300010", "11 chữ số, hiện có 10"),
        ("0112345678", "bắt đầu bằng"),
        ("không có", "chỉ gồm chữ số"),
        ("", "Hãy nhập"),
    ],
)
def test_impossible_phones_say_why(typed: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        normalise_phone(typed)
    assert caught.value.field == "phone"
    assert words in caught.value.message


def test_an_unknown_phone_is_shown_as_it_is() -> None:
    assert show_phone("1022") == "1022"


def test_tax_codes_of_the_practice_organisations_hold_and_one_wrong_digit_is_found() -> None:
    for row in PRACTICE["organisations"]:
        code = row["tax_code"]
        assert check_tax_code(code) == code
        assert check_tax_code(f"{code[:4]} {code[4:]}-001") == f"{code}-001"
        assert check_tax_code(f"{code}001") == f"{code}-001"
        for place in range(10):
            wrong = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
            with pytest.raises(InputError, match="Chữ số kiểm tra"):
                check_tax_code(wrong)


def test_the_check_digit_by_hand() -> None:
    # 31·2 + 29·8 + 23·0 + 19·9 + 17·9 + 13·9 + 7·0 + 5·0 + 3·1 = 738 = 67·11 + 1; 10 - 1 = 9.
    assert check_tax_code("2809990019") == "2809990019"


def test_a_persons_number_is_a_tax_code_since_2025() -> None:
    assert check_tax_code("038188004217") == "038188004217"


@pytest.mark.parametrize("typed", ["", "123", "28099900199", "2809990019-01", "abc"])
def test_tax_codes_of_wrong_length(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        check_tax_code(typed)
    assert caught.value.field == "tax_code"
    assert "10 chữ số" in caught.value.message


# ---- names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Nguyễn   Văn  An ", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Đặng Thị Ễnh"), "Đặng Thị Ễnh"),
        ("Y", "Y"),
        ("H’Hen Niê", "H'Hen Niê"),
        ("K'", "K'"),
        ("Y Moan Êban", "Y Moan Êban"),
        ("Thạch Sô-Phia", "Thạch Sô-Phia"),
        ("Anne-Marie O'Neil", "Anne-Marie O'Neil"),
    ],
)
def test_every_name_passes(typed: str, name: str) -> None:
    assert normalise_name(typed) == name


@pytest.mark.parametrize("typed", ["", "   ", "12345", "---", "'"])
def test_what_is_no_name(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        normalise_name(typed, field="owner_name")
    assert caught.value.field == "owner_name"


# ---- the practice people --------------------------------------------------------------


@pytest.mark.parametrize("row", PRACTICE["citizens"], ids=lambda row: row["name"])
def test_practice_people_are_plausible(row: dict[str, str]) -> None:
    assert normalise_name(row["name"]) == row["name"]
    assert check_id_number(row["id_number"], row["born_on"], row["sex"], PROVINCES) == ()
    assert parse_born_on(show_born_on(row["born_on"]), TODAY) == row["born_on"]
    assert not row["phone"] or normalise_phone(row["phone"]) == row["phone"]
    assert not row["old_id_number"] or len(row["old_id_number"]) == 9
    assert date.fromisoformat(row["issued_on"]) >= date(2021, 1, 1)
