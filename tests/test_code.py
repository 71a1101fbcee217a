"""Dossier codes, and serials no two desks can share."""

import json
import re
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.domain.code import (
    DEFAULT_POLICY,
    CodePolicy,
    CodeRange,
    DossierCode,
    next_serial,
    parse_code,
    static_ranges,
)
from onestop.errors import InputError, RuleError
from onestop.paths import resource

DESKS = range(1, DEFAULT_POLICY.desks + 1)
FORM = re.compile(r"^[A-Z0-9.]+-\d{6}-\d{4,7}$")


def test_format() -> None:
    code = DossierCode("H56.99.88", date(2026, 11, 20), 7)
    assert str(code) == "H56.99.88-261120-0007"
    assert str(DossierCode("H56.99.88", date(2026, 11, 20), 10_003)) == "H56.99.88-261120-10003"


@pytest.mark.parametrize(
    "text",
    [
        "000.00.06.H56-231027-0361",
        "000.17.22.H56-210531-0001",
        "H56.14-240823-0001",
        "H15.50.05.13-261008-0975",
        "G09-260105-091234",  # ministries' systems: 6–7 digits
        "G15-260105-0012345",  # leading zeros are part of the code
        "H56.14-240823-12345",
    ],
)
def test_codes_in_use_are_read_and_written_alike(text: str) -> None:
    assert str(parse_code(text)) == text


@pytest.mark.parametrize("typed", [" h56.14-240823-0001 ", "H56.14–240823–0001", "H56.14 -240823- 0001\r\n"])
def test_typed_codes_are_forgiven(typed: str) -> None:
    assert parse_code(typed) == DossierCode("H56.14", date(2024, 8, 23), 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H56.14",
        "H56.14-240823-001",
        "H56.14-240823-12345678",
        "H56.14-240230-0001",
        "-240823-0001",
        "Đ-240823-0001",
    ],
)
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_code(text)
    assert caught.value.field == "code"


@given(
    agency_code=st.from_regex(r"\A[A-Z0-9]{1,3}(\.[0-9]{2}){0,3}\Z"),
    received_on=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    serial=st.integers(1, 9_999_999),
)
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(agency_code: str, received_on: date, serial: int) -> None:
    code = DossierCode(agency_code, received_on, serial)
    assert FORM.match(str(code))
    assert parse_code(str(code)) == code


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        written = str(parse_code(text))
    except InputError:
        return
    assert FORM.match(written)


def test_ranges_of_the_first_and_the_last_desk() -> None:
    assert static_ranges(1) == (CodeRange(1, 350), CodeRange(8000, 8099), CodeRange(10_000, 10_999))
    assert static_ranges(20) == (CodeRange(6651, 7000), CodeRange(9900, 9999), CodeRange(29_000, 29_999))


def test_no_two_desks_share_a_serial() -> None:
    serials = {desk: {n for r in static_ranges(desk) for n in range(r.first, r.last + 1)} for desk in DESKS}
    leased = set(range(DEFAULT_POLICY.lease.first, DEFAULT_POLICY.lease.last + 1))
    assert all(a.isdisjoint(b) for a, b in combinations([*serials.values(), leased], 2))
    assert all(len(own) == 350 + 100 + 1000 for own in serials.values())


@given(st.permutations(list(DESKS)), st.lists(st.integers(0, 19), max_size=400))
@settings(max_examples=40, deadline=None)
def test_desks_taking_turns_never_print_one_number_twice(desks: list[int], turns: list[int]) -> None:
    used: dict[int, int | None] = dict.fromkeys(desks)
    given_out: list[int] = []
    for turn in turns:
        desk = desks[turn]
        used[desk] = next_serial(static_ranges(desk), used[desk])
        given_out.append(used[desk] or 0)
    assert len(set(given_out)) == len(given_out)


def test_a_desk_walks_all_its_ranges_and_then_stops_in_words() -> None:
    ranges = static_ranges(3)
    walked: list[int] = []
    used: int | None = None
    while used != ranges[-1].last:
        used = next_serial(ranges, used)
        walked.append(used)
    assert walked == [n for r in ranges for n in range(r.first, r.last + 1)]
    with pytest.raises(RuleError) as caught:
        next_serial(ranges, used)
    assert "hết số thứ tự" in caught.value.title


def test_leases_of_a_hub_may_stand_before_the_own_block() -> None:
    ranges = (CodeRange(7001, 7002), *static_ranges(1))
    assert next_serial(ranges, None) == 7001
    assert next_serial(ranges, 7002) == 1
    assert next_serial(ranges, 350) == 8000


def test_a_last_number_from_elsewhere_goes_on_behind_it() -> None:
    assert next_serial(static_ranges(1), 5000) == 8000
    assert next_serial(static_ranges(2), 12) == 351
    with pytest.raises(RuleError):
        next_serial(static_ranges(1), 99_999)
    with pytest.raises(RuleError):
        next_serial((), None)


@pytest.mark.parametrize("desk", [0, -1, 21])
def test_desks_without_a_block_are_refused(desk: int) -> None:
    with pytest.raises(RuleError) as caught:
        static_ranges(desk)
    assert "1 đến 20" in caught.value.message


def test_another_policy_is_only_other_numbers() -> None:
    policy = CodePolicy(desks=40, own_size=170, emergency_size=50, overflow_size=500)
    assert static_ranges(40, policy) == (
        CodeRange(6631, 6800),
        CodeRange(9950, 9999),
        CodeRange(29_500, 29_999),
    )


def test_the_practice_agency_code_is_a_lawful_one() -> None:
    agency = json.loads(resource("packs", "practice.json").read_text("utf-8"))["agency"]
    assert parse_code(str(DossierCode(agency["code"], date(2026, 11, 20), 1))).agency_code == agency["code"]
