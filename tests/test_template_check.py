"""Templates are checked before they are used; their blocks are changed one at a time."""

from dataclasses import replace
from typing import Any

import pytest

from onestop.domain.template import (
    Column,
    Facts,
    Gap,
    Grid,
    Labelled,
    Listing,
    Paragraph,
    Template,
    Title,
    Together,
)
from onestop.domain.template_check import check_template
from onestop.domain.template_edit import (
    NEW_BLOCKS,
    block_at,
    depths,
    inserted,
    place_of,
    removed,
    replaced,
    shifted,
)
from onestop.domain.template_fields import FIELDS, NEEDED, NEEDED_ROWS
from onestop.domain.template_sample import MOST_LETTERS, MOST_ROWS, long_facts, sample_facts
from onestop.domain.template_words import BLOCK_WORDS, flat_all, shown_fields, tag_of
from onestop.office.row_shape import row_trouble
from onestop.office.templates import shipped_templates
from onestop.printing.fonts import REGULAR
from onestop.printing.form_check import form_faults, page_faults
from onestop.printing.marks import Symbol, Text
from onestop.printing.sheet import A5

RECEIPT = next(one for one in shipped_templates() if one.form == "01" and not one.variant)
SLIP = Template("ZZ", "Phiếu", "1.0", (Title("PHIẾU"), Labelled("Tên", "{owner_name}")))
A, B, C, D = Paragraph("a"), Paragraph("b"), Paragraph("c"), Paragraph("d")
NESTED = (A, Together((B, C)), D)


def words_of(template: Template) -> str:
    return "\n".join(each.words for each in check_template(template) if each.is_error)


@pytest.mark.parametrize("template", shipped_templates(), ids=lambda one: str(one.key))
def test_what_is_shipped_stands_up_to_the_check(template: Template) -> None:
    assert words_of(template) == ""


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "Thiếu tên giấy"),
        ({"form": "x!"}, "Số mẫu “x!”"),
        ({"variant": "A B"}, "Mã biến thể “A B”"),
        ({"variant": "ct"}, "cần cả mã biến thể và mã thủ tục"),
        ({"procedures": ("1.001193",)}, "cần cả mã biến thể và mã thủ tục"),
        ({"since": "2026-2-1"}, "Ngày áp dụng “2026-2-1”"),
        ({"sizes": ()}, "ít nhất một khổ giấy"),
        ({"sizes": ("A4", "A4")}, "mỗi khổ một lần"),
        ({"sizes": ("B5",)}, "Không có khổ giấy “B5”"),
        ({"copies": ()}, "Số liên"),
        ({"blocks": ()}, "khối"),
        ({"running_head": "{nobody}"}, "trường {nobody}"),
        ({"blocks": (Paragraph("{nobody}"),)}, "Không có trường {nobody}"),
        ({"blocks": (Paragraph("{Owner}"),)}, "ngoặc nhọn lẻ"),
        ({"blocks": (Paragraph("**đậm"),)}, "Thiếu một dấu **"),
        ({"blocks": (Paragraph("a", align="middle"),)}, "canh lề"),
        ({"blocks": (Listing("nothing", "{no}"),)}, "không có danh sách “nothing”"),
        ({"blocks": (Listing("fees", "{owner_name}"),)}, "“Phí, lệ phí” không có trường {owner_name}"),
        ({"blocks": (Grid("fees", ()),)}, "cột"),
        ({"blocks": (Grid("fees", (Column("TT", "{name}", 0),)),)}, "cột 1: độ rộng"),
        ({"blocks": (Gap(900),)}, "khoảng trống"),
        ({"blocks": (Together(()),)}, "chưa có khối nào"),
    ],
)
def test_a_mistake_is_told(changed: dict[str, Any], words: str) -> None:
    assert words_of(SLIP) == ""
    assert words in words_of(replace(SLIP, **changed))


def test_a_finding_names_the_block_also_inside_a_group() -> None:
    blocks = (A, Together((B, Paragraph("{nobody}"))))
    (found,) = check_template(replace(SLIP, blocks=blocks))
    assert (found.place, found.member) == (4, "text")


@pytest.mark.parametrize("form", sorted(NEEDED))
def test_every_field_that_a_form_needs_is_missed(form: str) -> None:
    empty = replace(SLIP, form=form, copies=("Liên 1", "Liên 2"))
    told = words_of(empty)
    for name in NEEDED[form] - shown_fields(empty):
        assert f"{{{name}}}" in told
    assert told.count("có danh sách") == len(NEEDED_ROWS.get(form, ()))


def test_half_a_sheet_left_empty_is_a_hint_only() -> None:
    (found,) = check_template(replace(SLIP, sizes=("A5", "A5_TWO")))
    assert (found.is_error, found.member) == (False, "sizes")
    assert check_template(replace(SLIP, sizes=("A5", "A5_TWO"), copies=("Liên 1", "Liên 2"))) == ()


def test_a_copy_needs_no_name_where_there_is_one() -> None:
    without = replace(RECEIPT, running_head="{code}", blocks=tuple(
        replace(block, notes=()) if isinstance(block, Title) else block for block in RECEIPT.blocks
    ))  # fmt: skip
    assert "{copy}" in words_of(without)
    assert words_of(replace(without, copies=("",))) == ""


def test_a_row_that_no_desk_could_print_is_not_written() -> None:
    plain = {"form": "ZZ", "name": "Phiếu", "version": "1", "blocks": [{"block": "text", "text": "a"}]}
    assert row_trouble("template", "ZZ", plain) == ""
    assert "khoá phải là ZZ" in row_trouble("template", "01", plain)
    assert "nobody" in row_trouble("template", "ZZ", plain | {"running_head": "{nobody}"})
    assert row_trouble("template", "ZZ", plain | {"blocks": [{"block": "poem"}]})
    assert row_trouble("template", "ZZ", None) == ""


# ---- sheets ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", RECEIPT.sizes)
def test_the_receipt_holds_the_longest_names(size: str) -> None:
    facts = long_facts(RECEIPT)
    assert max(len(text) for text in facts.fields.values()) == MOST_LETTERS
    assert len(list(facts.rows["components"])) == MOST_ROWS
    assert form_faults(RECEIPT, facts, size) == []


def test_what_cannot_be_read_is_found() -> None:
    first, below = Text(100, 100, REGULAR, 10, "Chủ hồ sơ"), Text(100, 112, REGULAR, 10, "Người nộp")
    assert page_faults([[first, below]], A5) == []
    assert page_faults([[first, below._replace(y=103)]], A5) == ["“Người nộp” chồng lên chữ khác."]
    assert page_faults([[first], [below._replace(x=400)]], A5) == ["“Người nộp” ra ngoài tờ giấy."]
    assert page_faults([[below._replace(y=600)]], A5) == ["“Người nộp” ra ngoài tờ giấy."]
    code = Symbol(90, 90, 1, 1, ((0, 0, 20, 20),))
    assert page_faults([[code, first]], A5) == ["“Chủ hồ sơ” chồng lên chữ khác."]


def test_samples_fill_every_field_but_those_of_a_reprint() -> None:
    facts: Facts = sample_facts(RECEIPT)
    empty = {name for name, field in FIELDS.items() if field.sample and not facts.fields.get(name)}
    assert empty == {"reprint", "replaces"}
    assert sample_facts(RECEIPT) == facts


# ---- blocks ---------------------------------------------------------------------------


def test_blocks_are_found_in_reading_order() -> None:
    assert [block_at(NESTED, place) for place in range(6)] == [A, NESTED[1], B, C, D, None]
    assert depths(NESTED) == [0, 0, 1, 1, 0]
    assert place_of(NESTED, C) == 3
    assert place_of(NESTED, Paragraph("c")) == -1


def test_a_block_is_changed_where_it_stands() -> None:
    new = Gap(1)
    assert list(flat_all(replaced(NESTED, 2, new)))[2:] == [new, C, D]
    assert removed(NESTED, 3) == (A, Together((B,)), D)
    assert removed(NESTED, 1) == (A, D)
    assert inserted(NESTED, 3, new) == (A, Together((B, C, new)), D)
    assert inserted(NESTED, 1, new) == (A, NESTED[1], new, D)
    assert inserted((), 0, new) == (new,)
    assert shifted(NESTED, 4, -1) == (A, D, NESTED[1])
    assert shifted(NESTED, 2, 1) == (A, Together((C, B)), D)
    assert shifted(NESTED, 2, -1) == shifted(NESTED, 4, 1) == NESTED


def test_every_kind_of_block_can_be_added_and_passes_the_check() -> None:
    assert set(NEW_BLOCKS) == set(BLOCK_WORDS)
    for tag, block in NEW_BLOCKS.items():
        assert tag_of(block) == tag
    new = tuple(block for tag, block in NEW_BLOCKS.items() if tag != "hand_overs")
    assert words_of(replace(SLIP, blocks=new)) == ""
