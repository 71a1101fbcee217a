"""Procedures of the data pack: nothing guessed, components by kind, found while typing."""

import json
import re
import time
import unicodedata
from typing import Any

import pytest

from onestop.domain.deadline import TimeLimit, TimeUnit
from onestop.domain.procedure import (
    KIND_WORDS,
    ComponentKind,
    Procedure,
    find_procedures,
    procedure_from_dict,
    procedure_to_dict,
    procedures_from_pack,
)
from onestop.domain.text import fold
from onestop.paths import resource

TEXT = resource("packs", "procedures.json").read_text("utf-8")
ROWS: list[dict[str, Any]] = json.loads(TEXT)
PROCEDURES = procedures_from_pack(ROWS)
PRACTICE: dict[str, Any] = json.loads(resource("packs", "practice.json").read_text("utf-8"))


def procedure(code: str) -> Procedure:
    return next(p for p in PROCEDURES if p.code == code)


def test_there_are_142_with_codes_of_their_own() -> None:
    assert len(PROCEDURES) == 142
    assert len({p.code for p in PROCEDURES}) == 142
    assert sum(len(p.components) for p in PROCEDURES) == 669


def test_birth_registration() -> None:
    birth = procedure("1.001193")
    assert birth.name == "Thủ tục đăng ký khai sinh"
    assert birth.time_limit == TimeLimit(0, TimeUnit.SAME_DAY)
    assert (birth.fee_vnd, birth.result, birth.result_codes) == (0, "Giấy khai sinh", ("KQ.G15.000031",))
    kinds = [(c.kind, c.needed) for c in birth.components]
    assert kinds == [
        (ComponentKind.SUBMIT, True),  # tờ khai
        (ComponentKind.SUBMIT, True),  # giấy chứng sinh
        (ComponentKind.IF_ANY, False),  # trẻ bị bỏ rơi
        (ComponentKind.IF_ANY, False),  # mang thai hộ
        (ComponentKind.IF_DELEGATED, False),
        (ComponentKind.PRESENT, True),  # giấy tờ tùy thân
        (ComponentKind.DATA, False),  # nơi cư trú: only if the base cannot be read
    ]
    assert [c.no for c in birth.components] == [1, 2, 3, 4, 5, 6, 7]


def test_a_result_is_named_without_the_dash_of_a_list() -> None:
    dashed = [row for row in ROWS if (row["result"] or "").startswith("- ")]
    assert dashed
    for row in dashed:
        assert "- " + procedure(row["code"]).result == row["result"]


def test_limits_without_a_unit_stay_unspecified_and_fees_set_elsewhere_stay_open() -> None:
    open_limits = [p for p in PROCEDURES if p.time_limit.unit is TimeUnit.UNSPECIFIED]
    assert len(open_limits) == 20
    assert {p.time_limit.value for p in open_limits} == {0}
    assert sum(p.fee_vnd is None for p in PROCEDURES) == 57
    same_day = [p for p in PROCEDURES if p.time_limit.unit is TimeUnit.SAME_DAY]
    assert len(same_day) == 15


def test_nobody_is_asked_for_a_paper_that_depends_on_a_case() -> None:
    at_times = re.compile(r"^(trường hợp|nếu )|trong trường hợp|ủy quyền", re.IGNORECASE)
    for one in PROCEDURES:
        for component in one.components:
            if component.needed:
                assert component.kind in {ComponentKind.SUBMIT, ComponentKind.PRESENT}
                assert not at_times.search(component.condition.replace("uỷ", "ủy")), component
                assert not re.match("trường hợp", component.name, re.IGNORECASE), component


def test_every_kind_has_a_word_and_occurs() -> None:
    assert set(KIND_WORDS) == set(ComponentKind)
    assert {c.kind for p in PROCEDURES for c in p.components} == set(ComponentKind)


@pytest.mark.parametrize("one", PROCEDURES, ids=lambda p: p.code)
def test_a_procedure_survives_its_way_through_json(one: Procedure) -> None:
    assert procedure_from_dict(json.loads(json.dumps(procedure_to_dict(one)))) == one


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("khai sinh", "1.001193"),
        ("KHAI SINH", "1.001193"),
        (unicodedata.normalize("NFD", "đăng ký khai tử"), "1.000656"),
        ("dang ky ket hon", "1.000894"),
        ("ket ho", "1.000894"),
        ("1.001193", "1.001193"),
        ("2.0008", "2.000884"),
        ("dkks", "1.001193"),
        ("tam tru", "1.004194"),
        ("ban sao tu so goc", "2.000908"),
        ("di chuc", "2.001019"),
        ("chứng thực di chúc", "2.001019"),
        ("ho kinh doanh thanh lap", "1.001612"),
    ],
)
def test_the_picker_puts_the_wanted_one_first(query: str, first: str) -> None:
    found = find_procedures(PROCEDURES, query, 5)
    if query == "2.0008":
        assert {p.code[:6] for p in found} == {"2.0008"}
    else:
        assert found[0].code == first


def test_plain_forms_come_before_special_ones() -> None:
    found = [p.name for p in find_procedures(PROCEDURES, "khai sinh", 10)]
    assert found.index("Thủ tục đăng ký khai sinh") < found.index("Thủ tục đăng ký khai sinh lưu động")


def test_the_sector_counts_too() -> None:
    found = find_procedures(PROCEDURES, "ho tich tu vong", 5)
    assert all("tử" in p.name or "Hộ tịch" in p.sector for p in found)
    land = find_procedures(PROCEDURES, "dat dai", 50)
    assert {p.code for p in PROCEDURES if p.sector == "Đất đai"} <= {p.code for p in land}


def test_nothing_found_and_nothing_typed() -> None:
    assert find_procedures(PROCEDURES, "xyzxyz", 5) == []
    assert find_procedures(PROCEDURES, "  ", 5) == list(PROCEDURES[:5])
    assert find_procedures(PROCEDURES, "%_*'\"", 5) == list(PROCEDURES[:5])


def test_every_procedure_is_found_by_its_own_name_and_code() -> None:
    for one in PROCEDURES:
        assert one in find_procedures(PROCEDURES, one.name, 10)
        assert find_procedures(PROCEDURES, one.code, 1) == [one]


def test_the_picker_answers_while_typing() -> None:
    best = min(_seconds("dang ky khai sinh co yeu to nuoc ngoai") for _ in range(5))
    assert best < 0.005


def _seconds(query: str) -> float:
    start = time.perf_counter()
    find_procedures(PROCEDURES, query, 20)
    return time.perf_counter() - start


# ---- the packs themselves -------------------------------------------------------------


@pytest.mark.parametrize("name", ["procedures.json", "provinces.json", "calendar.json", "practice.json"])
def test_packs_are_nfc(name: str) -> None:
    text = resource("packs", name).read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_notes_people_read_are_vietnamese() -> None:
    english = re.compile(r"\b(the|portal|working days?|own knowledge|unsure|unit|per)\b")
    for one in PROCEDURES:
        assert not english.search(one.time_note), one.time_note
        assert not english.search(one.fee_note), one.fee_note


def test_every_sector_has_a_unit_that_can_settle_it() -> None:
    routing: dict[str, str] = PRACTICE["routing"]
    assert {p.sector for p in PROCEDURES} == set(routing)
    officers = PRACTICE["officers"]
    for unit in set(routing.values()):
        roles = {role for officer in officers if officer["unit"] == unit for role in officer["roles"]}
        assert {"specialist", "head"} <= roles


def test_the_practice_office_is_complete() -> None:
    units = {unit["id"] for unit in PRACTICE["units"]}
    officers = PRACTICE["officers"]
    assert {officer["unit"] for officer in officers} <= units
    assert len({officer["id"] for officer in officers}) == len(officers)
    assert {role for officer in officers for role in officer["roles"]} == {
        "reception",
        "specialist",
        "head",
        "leader",
        "clerk",
        "cashier",
        "admin",
    }
    assert len(PRACTICE["citizens"]) == 24
    assert len({fold(row["name"]) for row in PRACTICE["citizens"]}) == 24
    assert len({row["id_number"] for row in PRACTICE["citizens"]}) == 24
