"""Provinces and communes: complete, found without accents, written behind what somebody typed."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.place import Place, find_places, split_address, with_place
from onestop.domain.text import fold, nfc
from onestop.office.packs import read_pack
from onestop.office.places import look_up, read_places

THANH_HOA = Place("38", "tỉnh", "Thanh Hóa")
HOI_XUAN = Place("14869", "xã", "Hồi Xuân", THANH_HOA)


def found(query: str, near: str = "") -> list[str]:
    return [place.words for place in look_up(query, 5, near)]


def test_the_list_is_whole() -> None:
    kinds = Counter(place.kind for place in read_places())
    assert kinds == {"tỉnh": 28, "thành phố": 6, "xã": 2621, "phường": 687, "đặc khu": 13}
    assert len({place.code for place in read_places()}) == 34 + 3321
    assert all(nfc(place.name) == place.name for place in read_places())
    provinces = {(place.code, place.name) for place in read_places() if place.province is None}
    listed = read_pack("provinces.json")["provinces"]
    assert provinces == {(row["gso_code"], row["short_name"]) for row in listed}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("hoi xuan", "xã Hồi Xuân, tỉnh Thanh Hóa"),
        ("hoi xuan thanh hoa", "xã Hồi Xuân, tỉnh Thanh Hóa"),
        ("xa hoi xuan, tinh thanh hoa", "xã Hồi Xuân, tỉnh Thanh Hóa"),
        ("thanh hoa", "tỉnh Thanh Hóa"),
        ("tinh thanh", "tỉnh Thanh Hóa"),
        ("ha noi", "thành phố Hà Nội"),
        ("tp hcm", "thành phố Hồ Chí Minh"),
        ("p ben thanh", "phường Bến Thành, thành phố Hồ Chí Minh"),
        ("tan hoa hcm", "phường Tân Hòa, thành phố Hồ Chí Minh"),
        ("tan hoa tay ninh", "xã Tân Hòa, tỉnh Tây Ninh"),
        ("PHU QUOC", "đặc khu Phú Quốc, tỉnh An Giang"),
        ("thạnh hòa", "xã Thạnh Hòa, thành phố Cần Thơ"),
        ("thanh hòa", "phường Thanh Hòa, tỉnh Đồng Tháp"),
    ],
)
def test_the_best_match_comes_first(query: str, first: str) -> None:
    assert found(query)[0] == first


def test_of_equals_those_of_the_own_province_come_first() -> None:
    assert found("tan hoa", near="80")[0] == "xã Tân Hòa, tỉnh Tây Ninh"
    assert found("tan hoa", near="86")[0] == "xã Tân Hòa, tỉnh Vĩnh Long"


@pytest.mark.parametrize("query", ["", "t", "12 Lê Lợi", "hoi xuan ha noi", "tan hoa tan hoa tan hoa"])
def test_what_names_no_place_finds_none(query: str) -> None:
    assert not found(query)


@given(st.integers(0, 3354))
def test_every_place_is_found_by_its_own_words_without_accents(number: int) -> None:
    place = read_places()[number]
    assert place in find_places(read_places(), fold(place.words), 3)


@pytest.mark.parametrize(
    ("typed", "kept", "end"),
    [
        ("Thôn 3, xã tan", "Thôn 3", "xã tan"),
        ("Thôn 3, xã hoi xuan, thanh hoa", "Thôn 3", "xã hoi xuan, thanh hoa"),
        ("Thôn 3 xã hoi xuan", "Thôn 3", "xã hoi xuan"),
        ("Số 5, đường Tân Hòa, phuong hac", "Số 5, đường Tân Hòa", "phuong hac"),
        ("12 Lê Lợi", "", "12 Lê Lợi"),
        ("Thôn 3,", "Thôn 3", ""),
        ("", "", ""),
    ],
)
def test_the_end_of_an_address_may_name_a_place(typed: str, kept: str, end: str) -> None:
    assert split_address(typed) == (kept, end)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("hoi xu", "xã Hồi Xuân, tỉnh Thanh Hóa"),
        ("Bản  Khằm, hoi xuan", "Bản  Khằm, xã Hồi Xuân, tỉnh Thanh Hóa"),
        ("Số 5 xã hoi", "Số 5, xã Hồi Xuân, tỉnh Thanh Hóa"),
    ],
)
def test_what_was_typed_before_a_place_stays_letter_by_letter(typed: str, whole: str) -> None:
    assert with_place(typed, HOI_XUAN) == whole


@given(st.text(max_size=40))
def test_nothing_that_is_typed_is_too_odd(text: str) -> None:
    kept, end = split_address(text)
    assert kept in text
    assert end in text
    assert all(isinstance(place, Place) for place in find_places(read_places()[:200], text))


def test_starting_the_program_reads_no_places() -> None:
    code = (
        "import sys, onestop.office.work, onestop.office.found; print('onestop.domain.place' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "False"
