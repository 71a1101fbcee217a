"""Fee rules as an administrator writes them: read back the same, faults by member, versions kept."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from onestop.domain.fee import FeeLevel, FeeRule, PageStep, Quantity, compute, fee_from_dict, find_rule
from onestop.errors import InputErrors
from onestop.office.catalogue import read_catalogue
from onestop.office.changing import list_changes, undo_change
from onestop.office.fee_saving import find_rules, rule_from, save_rule, texts_of
from onestop.office.packs import read_pack
from onestop.store.rows import list_reference
from tests.office_desk import ADMIN, Seat, seated

RULES = {row["id"]: fee_from_dict(row) for row in read_pack("fees.json")["rules"]}


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "desk") as one:
        yield one


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_rule_comes_back_from_its_texts(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert rule_from(rule, texts_of(rule)) == rule


def test_amounts_of_the_province_are_filled_in() -> None:
    before = RULES["household-business"]
    texts = replace(texts_of(before), rows="new | Đăng ký thành lập | 100.000 | 50.000", exemptions="")
    made = rule_from(before, texts)
    assert made.rows == (FeeLevel("new", "Đăng ký thành lập", 100_000, 50_000),)
    assert made.ask == ()
    assert compute(made, Quantity(row="new", is_online=True)).amount_vnd == 50_000


def test_steps_exemptions_and_dates() -> None:
    texts = replace(
        texts_of(RULES["certify-copy"]),
        steps="1 | 3.000\n5 | 2.000 đồng",
        exemptions="poor | Hộ nghèo | 50% | NQ 12/2026/NQ-HĐND",
        effective_on="2027-01-01",
    )
    made = rule_from(RULES["certify-copy"], texts)
    assert made.steps == (PageStep(1, 3_000), PageStep(5, 2_000))
    assert compute(made, Quantity(pages=6, exemption="poor")).amount_vnd == 8_000


@pytest.mark.parametrize(
    ("member", "text", "field"),
    [
        ("name", "", "name"),
        ("ground", " ", "ground"),
        ("cap", "hai trăm", "cap_vnd"),
        ("steps", "từ đầu | 2.000", "steps"),
        ("steps", "2 | 2.000", "steps"),
        ("rows", "a", "rows"),
        ("exemptions", "poor | Hộ nghèo", "exemptions"),
        ("exemptions", "poor | Hộ nghèo | 150", "exemptions"),
        ("effective_on", "1/1/2027", "effective_on"),
    ],
)
def test_a_fault_is_told_at_its_member(member: str, text: str, field: str) -> None:
    texts = replace(texts_of(RULES["certify-copy"]), **{member: text})
    with pytest.raises(InputErrors) as raised:
        rule_from(RULES["certify-copy"], texts)
    assert field in {each.field for each in raised.value.errors}


def fees_of(seat: Seat) -> tuple[FeeRule, ...]:
    with seat.store.read() as connection:
        return read_catalogue(partial(list_reference, connection), is_practice=True).fees


def test_a_version_stands_beside_the_first_and_is_undone(seat: Seat) -> None:
    office = seat.as_(ADMIN)
    rule = next(one for one in office.catalogue.fees if one.id == "extract-copy")
    later = replace(rule, amount_vnd=9_000, effective_on="2027-01-01")
    save_rule(office, later)
    fees = fees_of(seat)
    assert [one.amount_vnd for one in fees if one.id == "extract-copy"] == [8_000, 9_000]
    assert find_rule(fees, "extract-copy", "2026-12-31") == rule
    assert find_rule(fees, "extract-copy", "2027-01-01") == later
    undo_change(office, list_changes(office)[0].id)
    assert find_rule(fees_of(seat), "extract-copy", "2027-01-01") == rule


def test_rules_are_found_without_accents_and_by_what_they_lack() -> None:
    rules = list(RULES.values())
    assert [rule.id for rule in find_rules(rules, "chung thuc ban sao")] == ["certify-copy"]
    assert [rule.id for rule in find_rules(rules, "ho kinh doanh", is_lacking=True)] == ["household-business"]
    assert find_rules(rules, "thuong tru", is_lacking=True) == []
    assert len(find_rules(rules, "")) == len(rules)
