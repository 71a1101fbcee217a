"""Fee rules: forty cases worked out by hand, what always holds, and what is said of a faulty rule."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onestop.domain.fee import (
    Exemption,
    FeeLevel,
    FeeRule,
    Formula,
    PageStep,
    Quantity,
    compute,
    fee_from_dict,
    fee_key,
    fee_tail,
    fee_to_dict,
    find_exemption,
    find_rule,
    is_open,
    linked_rules,
)
from onestop.domain.fee_check import check_rule
from onestop.errors import InputError
from onestop.office.packs import read_pack

PACK = read_pack("fees.json")
RULES = {row["id"]: fee_from_dict(row) for row in PACK["rules"]}
PROCEDURES = {row["code"]: row for row in read_pack("procedures.json")}

# (rule, what is counted, đồng, source and how it was worked out). TT 226: 2.000 đ for pages 1 and 2,
# 1.000 đ from page 3, at most 200.000 đ a copy.
CASES: list[tuple[str, dict[str, Any], int, str]] = [
    ("certify-copy", {"pages": 1}, 2_000, "TT 226/2016: one page"),
    ("certify-copy", {"pages": 2}, 4_000, "TT 226/2016: 2 × 2.000"),
    ("certify-copy", {"pages": 3}, 5_000, "TT 226/2016: 2 × 2.000 + 1.000, the step begins at page 3"),
    ("certify-copy", {"pages": 4}, 6_000, "TT 226/2016: 2 × 2.000 + 2 × 1.000"),
    ("certify-copy", {"pages": 5}, 7_000, "TT 226/2016: 4.000 + 3 × 1.000"),
    ("certify-copy", {"pages": 10}, 12_000, "TT 226/2016: 4.000 + 8 × 1.000"),
    ("certify-copy", {"pages": 100}, 102_000, "TT 226/2016: 4.000 + 98 × 1.000"),
    ("certify-copy", {"pages": 197}, 199_000, "TT 226/2016: 4.000 + 195.000, one step below the cap"),
    ("certify-copy", {"pages": 198}, 200_000, "TT 226/2016: 4.000 + 196.000, the cap exactly"),
    ("certify-copy", {"pages": 199}, 200_000, "TT 226/2016: 201.000 is over the cap"),
    ("certify-copy", {"pages": 1_000}, 200_000, "TT 226/2016: the cap"),
    ("certify-copy", {"pages": 1, "copies": 3}, 6_000, "TT 226/2016: 3 copies of one page"),
    ("certify-copy", {"pages": 3, "copies": 2}, 10_000, "TT 226/2016: the steps begin anew in each copy"),
    ("certify-copy", {"pages": 300, "copies": 2}, 400_000, "TT 226/2016: the cap is of a copy, not of all"),
    ("certify-copy", {"pages": 5, "copies": 10}, 70_000, "TT 226/2016: 10 × 7.000"),
    ("certify-signature", {}, 10_000, "TT 226/2016: one case"),
    ("certify-signature", {"cases": 3}, 30_000, "TT 226/2016: 3 papers with signatures"),
    ("certify-transaction", {}, 50_000, "TT 226/2016: a transaction"),
    ("certify-transaction", {"cases": 2}, 100_000, "TT 226/2016: two transactions"),
    ("certify-will", {}, 50_000, "TT 226/2016: a will"),
    ("certify-refusal", {}, 50_000, "TT 226/2016: an inheritance refused"),
    ("certify-division", {}, 50_000, "TT 226/2016: an inheritance divided"),
    ("certify-change", {}, 30_000, "TT 226/2016: amended, supplemented, revoked"),
    ("certify-change", {"cases": 4}, 120_000, "TT 226/2016: 4 × 30.000"),
    ("certify-error", {}, 25_000, "TT 226/2016: a slip mended"),
    ("extract-copy", {}, 8_000, "TT 281/2016: one copy"),
    ("extract-copy", {"copies": 5}, 40_000, "TT 281/2016: 5 × 8.000"),
    ("extract-copy-asked", {"copies": 0}, 0, "nobody asked for a copy"),
    ("extract-copy-asked", {"copies": 2}, 16_000, "TT 281/2016: two copies with the birth certificate"),
    ("confirm-civil-status", {"cases": 1}, 8_000, "portal, 2.002516: 8.000 a paper"),
    ("confirm-civil-status", {"exemption": "poor"}, 0, "portal, 2.002516: poor households are exempt"),
    ("identity-exchange", {}, 50_000, "domain note on identity cards: exchange"),
    ("identity-again", {}, 70_000, "domain note on identity cards: issued again"),
    ("residence-permanent", {}, 20_000, "portal, 1.004222: at the counter"),
    ("residence-permanent", {"is_online": True}, 10_000, "portal, 1.004222: online"),
    ("residence-permanent", {"exemption": "child"}, 0, "TT 75/2022: children are exempt"),
    ("residence-permanent", {"is_online": True, "exemption": "poor"}, 0, "exempt online as well"),
    ("residence-temporary", {"row": "household"}, 15_000, "portal, 1.004194: at the counter"),
    ("residence-temporary", {"row": "household", "is_online": True}, 7_000, "portal, 1.004194: online"),
    ("residence-temporary", {"row": "list", "cases": 12}, 120_000, "portal, 1.004194: 12 × 10.000 a person"),
    ("residence-extend", {"row": "list", "cases": 3}, 30_000, "portal, 1.002755: 3 × 10.000 a person"),
    ("residence-split", {}, 10_000, "portal, 1.010038: at the counter"),
    ("residence-split", {"is_online": True}, 5_000, "portal, 1.010038: online"),
    ("adoption", {}, 400_000, "domain note on adoption"),
    ("adoption", {"exemption": "kin"}, 0, "NĐ 114/2016: a step-parent adopts"),
    ("civil-birth", {"row": "late", "exemption": "disabled"}, 0, "exempt, whatever the province says"),
]


def quantity(counted: Mapping[str, Any]) -> Quantity:
    return Quantity(**counted)


@pytest.mark.parametrize(("rule", "counted", "amount", "source"), CASES)
def test_the_amount_is_the_one_worked_out_by_hand(
    rule: str, counted: dict[str, Any], amount: int, source: str
) -> None:
    made = compute(RULES[rule], quantity(counted))
    assert made.amount_vnd == amount, source
    assert type(made.amount_vnd) is int
    assert made.explanation.endswith(".")
    assert made.ground.startswith(RULES[rule].ground)


def test_there_are_forty_cases_at_least() -> None:
    assert len({(rule, str(counted)) for rule, counted, *_ in CASES}) >= 40


EXPLAINED = [
    (
        "certify-copy",
        {"pages": 5, "copies": 3},
        "2 trang × 2.000 đồng + 3 trang × 1.000 đồng = 7.000 đồng/bản; × 3 bản = 21.000 đồng.",
    ),
    (
        "certify-copy",
        {"pages": 300},
        "2 trang × 2.000 đồng + 298 trang × 1.000 đồng = 302.000 đồng/bản, tối đa 200.000 đồng/bản.",
    ),
    ("certify-signature", {"cases": 2}, "2 trường hợp × 10.000 đồng = 20.000 đồng."),
    ("residence-permanent", {"is_online": True}, "10.000 đồng (nộp trực tuyến)."),
    ("residence-permanent", {"exemption": "poor"}, "Miễn toàn bộ: Công dân thuộc hộ nghèo."),
    (
        "residence-temporary",
        {"row": "list", "cases": 2},
        "Theo danh sách (mỗi người): 2 người × 10.000 đồng = 20.000 đồng.",
    ),
]


@pytest.mark.parametrize(("rule", "counted", "words"), EXPLAINED)
def test_the_amount_says_why(rule: str, counted: dict[str, Any], words: str) -> None:
    assert compute(RULES[rule], quantity(counted)).explanation == words


FAULTS = [
    ("certify-copy", {"pages": 0}, "pages"),
    ("certify-copy", {"pages": -3}, "pages"),
    ("certify-copy", {"copies": 0}, "copies"),
    ("certify-copy", {"pages": 1_000_000}, "pages"),
    ("certify-signature", {"cases": 0}, "cases"),
    ("residence-temporary", {}, "row"),
    ("residence-temporary", {"row": "none"}, "row"),
    ("residence-temporary", {"row": "list", "is_online": True}, "amount"),
    ("residence-permanent", {"exemption": "rich"}, "exemption"),
    ("civil-birth", {"row": "late"}, "amount"),
    ("household-business", {"row": "new"}, "amount"),
]


@pytest.mark.parametrize(("rule", "counted", "field"), FAULTS)
def test_what_is_not_known_or_not_typed_is_asked(rule: str, counted: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as raised:
        compute(RULES[rule], quantity(counted))
    assert raised.value.field == field
    assert raised.value.message


# ---- what always holds ------------------------------------------------------------------

AMOUNTS = st.integers(0, 1_000_000)
COUNTS = st.integers(1, 2_000)


@st.composite
def page_rules(draw: st.DrawFn) -> FeeRule:
    firsts = [1, *sorted(draw(st.sets(st.integers(2, 50), max_size=3)))]
    steps = tuple(PageStep(first, draw(AMOUNTS)) for first in firsts)
    cap = draw(st.none() | AMOUNTS)
    off = draw(st.integers(1, 99))
    exemptions = (Exemption("all", "Miễn", 100), Exemption("some", "Giảm", off))
    return FeeRule(
        "r", "charge", "Phí", "TT", Formula.PER_PAGE, steps=steps, cap_vnd=cap, exemptions=exemptions
    )


@given(page_rules(), COUNTS, COUNTS, st.integers(1, 50))
def test_more_pages_or_copies_never_cost_less(
    rule: FeeRule, pages: int, more_pages: int, copies: int
) -> None:
    few, many = sorted((pages, more_pages))
    less = compute(rule, Quantity(pages=few, copies=copies)).amount_vnd
    assert less <= compute(rule, Quantity(pages=many, copies=copies)).amount_vnd
    assert less <= compute(rule, Quantity(pages=few, copies=copies + 1)).amount_vnd


@given(page_rules(), COUNTS, st.integers(1, 50))
def test_no_copy_costs_more_than_the_cap(rule: FeeRule, pages: int, copies: int) -> None:
    amount = compute(rule, Quantity(pages=pages, copies=copies)).amount_vnd
    assert rule.cap_vnd is None or amount <= rule.cap_vnd * copies
    assert amount == copies * compute(rule, Quantity(pages=pages)).amount_vnd


@given(page_rules(), COUNTS)
def test_pages_cost_what_counting_them_one_by_one_costs(rule: FeeRule, pages: int) -> None:
    def of_page(page: int) -> int:
        return [step.amount_vnd for step in rule.steps if step.from_page <= page][-1]

    counted = sum(of_page(page) for page in range(1, pages + 1))
    cap = counted if rule.cap_vnd is None else rule.cap_vnd
    assert compute(rule, Quantity(pages=pages)).amount_vnd == min(counted, cap)


@given(page_rules(), COUNTS)
def test_exempt_is_nothing_and_a_part_off_is_whole_dong_and_never_too_much(rule: FeeRule, pages: int) -> None:
    full = compute(rule, Quantity(pages=pages)).amount_vnd
    assert compute(rule, Quantity(pages=pages, exemption="all")).amount_vnd == 0
    percent = 100 - rule.exemptions[1].percent_off
    left = compute(rule, Quantity(pages=pages, exemption="some")).amount_vnd
    assert type(left) is int
    assert full * percent - 100 < left * 100 <= full * percent


def test_a_part_of_a_dong_is_left_to_the_payer_and_said() -> None:
    half = replace(RULES["extract-copy"], amount_vnd=8_333, exemptions=(Exemption("half", "Giảm nửa", 50),))
    made = compute(half, Quantity(exemption="half"))
    assert made.amount_vnd == 4_166
    assert "giảm 50% (Giảm nửa) còn 4.166 đồng, bỏ phần lẻ dưới 1 đồng" in made.explanation


# ---- rows, versions, links --------------------------------------------------------------


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_shipped_rule_is_sound_and_comes_back_from_its_row(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert check_rule(rule) == ()
    assert fee_from_dict(fee_to_dict(rule)) == rule
    assert is_open(rule) == ("amount" in rule.ask)


@pytest.mark.parametrize("code", sorted(PACK["links"]))
def test_every_link_names_a_procedure_a_rule_and_a_row(code: str) -> None:
    links = PACK["links"][code]
    assert code in PROCEDURES
    found = linked_rules(list(RULES.values()), links, "2026-11-21")
    assert len(found) == len(links)
    for rule, row in found:
        assert not row or row in {each.id for each in rule.rows}


@pytest.mark.parametrize(
    "code", sorted(code for code, row in PROCEDURES.items() if row["fee_vnd"] and code in PACK["links"])
)
def test_the_amount_the_portal_names_is_the_one_of_the_rule(code: str) -> None:
    """The portal names the amount of one page, copy or case at the counter."""
    rule, row = linked_rules(list(RULES.values()), PACK["links"][code], "2026-11-21")[0]
    first = {"1.004194": "household", "1.002755": "list"}.get(code, row)
    assert compute(rule, Quantity(row=first)).amount_vnd == PROCEDURES[code]["fee_vnd"]


def test_every_procedure_with_an_amount_has_a_rule() -> None:
    assert [c for c, row in PROCEDURES.items() if row["fee_vnd"] and c not in PACK["links"]] == []


def test_the_newest_version_in_effect_counts() -> None:
    first = RULES["extract-copy"]
    later = replace(first, amount_vnd=10_000, effective_on="2027-01-01")
    assert find_rule([first, later], "extract-copy", "2026-12-31") is first
    assert find_rule([later, first], "extract-copy", "2027-01-01") is later
    assert find_rule([later], "extract-copy", "2026-12-31") is None
    assert fee_key(later, [first]) == fee_key(later, [first, later]) == "extract-copy@2027-01-01"
    assert fee_key(first, [first, later]) == "extract-copy"
    assert fee_key(later, ()) == fee_key(later, [later]) == "extract-copy"


def test_an_exemption_is_found_by_words_without_accents() -> None:
    rule = RULES["residence-permanent"]
    found = find_exemption(rule, "ho ngheo")
    assert found is not None
    assert found.id == "poor"
    assert find_exemption(rule, "poor") == found
    assert find_exemption(rule, "giau") is None
    assert find_exemption(rule, "") is None


# ---- faulty rules -----------------------------------------------------------------------

SOUND = RULES["certify-copy"]
TABLE = RULES["residence-temporary"]
BROKEN: list[tuple[FeeRule, str]] = [
    (replace(SOUND, id="phí sao"), "id"),
    (replace(SOUND, id="a:b"), "id"),
    (replace(SOUND, kind="tax"), "kind"),
    (replace(SOUND, name=" "), "name"),
    (replace(SOUND, ground=""), "ground"),
    (replace(SOUND, confidence="sure"), "confidence"),
    (replace(SOUND, effective_on="1/12/2026"), "effective_on"),
    (replace(SOUND, amount_vnd=5), "amount_vnd"),
    (replace(SOUND, online_vnd=5), "online_vnd"),
    (replace(SOUND, cap_vnd=-1), "cap_vnd"),
    (replace(SOUND, steps=()), "steps"),
    (replace(SOUND, steps=(PageStep(2, 1_000),)), "steps"),
    (replace(SOUND, steps=(PageStep(1, 1), PageStep(3, 1), PageStep(3, 1))), "steps"),
    (replace(SOUND, steps=(PageStep(1, -2_000),)), "steps"),
    (replace(SOUND, rows=TABLE.rows), "rows"),
    (replace(TABLE, rows=()), "rows"),
    (replace(TABLE, rows=(TABLE.rows[0], TABLE.rows[0])), "rows"),
    (replace(TABLE, rows=(FeeLevel("a", ""),)), "rows"),
    (replace(TABLE, rows=(FeeLevel("a", "A", 5, 6),)), "rows"),
    (replace(TABLE, exemptions=(Exemption("a", "A", 0),)), "exemptions"),
    (replace(TABLE, exemptions=(Exemption("a", "", 50),)), "exemptions"),
    (replace(TABLE, exemptions=(Exemption("a", "A", 50), Exemption("a", "B", 50))), "exemptions"),
    (replace(RULES["adoption"], online_vnd=500_000), "online_vnd"),
    (replace(RULES["adoption"], cap_vnd=5), "cap_vnd"),
    (replace(RULES["adoption"], amount_vnd=10**12), "amount_vnd"),
]


@pytest.mark.parametrize(("rule", "field"), BROKEN)
def test_a_faulty_rule_is_told_at_its_member(rule: FeeRule, field: str) -> None:
    findings = check_rule(rule)
    assert [each.field for each in findings] == [field]
    assert findings[0].title
    assert findings[0].message


PLAIN = {"id": "x", "kind": "levy", "name": "Lệ phí", "ground": "TT", "formula": "fixed"}
UNREADABLE: list[tuple[dict[str, Any], str]] = [
    (PLAIN | {"amount_vnd": 8000.0}, "amount_vnd"),
    (PLAIN | {"amount_vnd": "8.000"}, "amount_vnd"),
    (PLAIN | {"amount_vnd": True}, "amount_vnd"),
    (PLAIN | {"formula": "per_moon"}, "formula"),
    (PLAIN | {"colour": "red"}, "colour"),
    (PLAIN | {"name": 3}, "name"),
    (PLAIN | {"is_on_request": "yes"}, "is_on_request"),
    (PLAIN | {"rows": "abc"}, "rows"),
    (PLAIN | {"rows": ["abc"]}, "rows"),
    (PLAIN | {"rows": [{"id": "a"}]}, "rows"),
    (PLAIN | {"rows": [{"id": "a", "words": "A", "amount_vnd": 1.5}]}, "rows"),
    (PLAIN | {"exemptions": [{"id": "a", "words": "A", "percent_off": "50"}]}, "exemptions"),
    ({name: value for name, value in PLAIN.items() if name != "ground"}, "ground"),
]


@pytest.mark.parametrize(("plain", "field"), UNREADABLE)
def test_a_row_that_is_no_rule_is_told_at_its_member(plain: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as raised:
        fee_from_dict(plain)
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("kind", "name", "tail"),
    [
        ("charge", "Phí cấp bản sao trích lục", "cấp bản sao trích lục"),
        ("levy", "lệ phí đăng ký tạm trú", "đăng ký tạm trú"),
        ("levy", "Hộ tịch", "Hộ tịch"),
        ("charge", "Phíxx", "Phíxx"),
        ("other", "Phí khác", "Phí khác"),
    ],
)
def test_a_paper_names_the_kind_of_a_fee_once(kind: str, name: str, tail: str) -> None:
    assert fee_tail(kind, name) == tail
