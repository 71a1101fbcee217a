"""How a template's blocks stand on each sheet: halves, rolls, justified letters, nothing left alone."""

from dataclasses import replace
from datetime import datetime

import pytest

from onestop.domain.moment import VIETNAM
from onestop.domain.template import (
    Column,
    Facts,
    Gap,
    Grid,
    HandOvers,
    Heads,
    Listing,
    Paragraph,
    Signatures,
    Signer,
    SlipCode,
    Template,
    Title,
    Together,
)
from onestop.errors import PrintError
from onestop.office.templates import shipped_templates
from onestop.printing.form import form_pages, form_pdf
from onestop.printing.marks import DOT, MM, Mark, Rule, Symbol, Text
from onestop.printing.sheet import A4, A5, Sheet
from onestop.printing.wrapping import Run
from tests.paper_ink import inks, struck
from tests.printing_samples import inked, overlaps, page_texts
from tests.random_facts import random_facts

MADE_AT = datetime(2026, 11, 20, 9, 15, tzinfo=VIETNAM)
WORDS = "Bộ phận Tiếp nhận và Trả kết quả phường Tân Lập xin lỗi Ông/Bà vì sự chậm trễ này và hẹn lại. " * 4
FACTS = Facts(
    "H99.26.13-261120-0042",
    MADE_AT,
    {"superior_body": "Ủy ban nhân dân", "issuing_body": "Trung tâm", "place_day": "Tân Lập, ngày 20"},
)
RECEIPT = next(each for each in shipped_templates() if each.key == "01@2025-09-15")


def paper(*blocks: object, **changed: object) -> Template:
    made = Template("XX", "Giấy thử", "1.0", blocks)  # type: ignore[arg-type]  # any of the blocks
    return replace(made, **changed)  # type: ignore[arg-type]  # names of its members


def words_of(page: list[Mark]) -> list[Text]:
    return [mark for mark in page if isinstance(mark, Text)]


def short_facts() -> Facts:
    """Of a receipt as most are."""
    facts = random_facts(RECEIPT, 1)
    fields = {name: value[:30] for name, value in facts.fields.items()}
    return replace(facts, fields=fields, rows={"components": ({"no": "1", "name": "Tờ khai"},), "fees": ()})


def test_justified_lines_end_at_the_margin_and_are_read_back_as_words() -> None:
    letter = paper(Paragraph(WORDS, align="justify", has_indent=True))
    (page,), shape = form_pages(letter, FACTS, "A4")
    lines: dict[float, list[Text]] = {}
    for mark in words_of(page)[:-1]:
        lines.setdefault(mark.y, []).append(mark)
    first, *_, last = lines.values()
    ends = {y: max(ink.right for ink in inks(list(marks))) for y, marks in lines.items()}
    assert first[0].x == pytest.approx((shape.left_mm + 10) * MM)
    assert last[0].x == pytest.approx(shape.left_mm * MM)
    *full, short = ends.values()
    assert full == pytest.approx([(shape.width_mm - shape.right_mm) * MM] * len(full), abs=0.5)
    assert short < full[0]
    assert " ".join(WORDS.split()) in page_texts(form_pdf(letter, FACTS, "A4"))[0]


def test_a_word_as_long_as_the_line_is_not_indented() -> None:
    letter = paper(Paragraph("Ộ" * 48 + " nhé", align="justify", has_indent=True))
    (page,), shape = form_pages(letter, FACTS, "A4")
    assert words_of(page)[0].text == "Ộ" * 48
    assert inks(page)[0].right <= (shape.width_mm - shape.right_mm) * MM


def test_a_line_with_one_long_word_below_it_does_not_gape() -> None:
    address = "tra-cuu-ho-so.phuong-tan-lap.thanh-pho-minh-ha.example"
    letter = paper(Paragraph(f"Xem tại {address} nhé, {address} " * 3, align="justify"))
    (page,), _ = form_pages(letter, FACTS, "K80")
    assert max(mark.x for mark in words_of(page)) < 60 * MM
    assert not overlaps(inks(page))


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_no_line_of_a_paragraph_stands_alone_on_a_page(count: int) -> None:
    for filled in range(60):
        sheet = Sheet(A5, "", "")
        sheet.skip(filled * 6.1)
        for _ in range(6):
            sheet.paragraph([Run(f"{'x' * 40} {'y' * 20}")] * count)
        for page in sheet.pages:
            lines = len({mark.y for mark in words_of(page)})
            assert lines != 1


def test_a_label_stays_with_the_first_line_of_its_list() -> None:
    listing = Listing("fees", "{name}", label="6. Phí")
    facts = replace(FACTS, rows={"fees": tuple({"name": f"Khoản {n}"} for n in range(3))})
    for filled in range(100, 190):
        pages, _ = form_pages(paper(Gap(filled), listing), facts, "A5")
        for page in pages:
            assert words_of(page)[0].text != "6. Phí:" or len(words_of(page)) > 2
            on_it = [mark.text for mark in words_of(page)]
            assert ("6. Phí:" in on_it) == ("– Khoản 0" in on_it)


def test_a_heading_never_ends_a_page() -> None:
    blocks = (Paragraph("**2. Bên nhận kết quả**"), Paragraph("Họ tên: Nguyễn Thị Ngọc Ánh"))
    for filled in range(150, 190):
        pages, _ = form_pages(paper(Gap(filled), *blocks), FACTS, "A5")
        assert all("Họ tên" in words_of(page)[1].text for page in pages if "2. Bên" in words_of(page)[0].text)


def test_no_word_of_a_heading_is_cut_however_small_its_share() -> None:
    columns = (Column("TT", "", 1), Column("Nội dung", "{name}", 100), Column("Chứng thực", "", 2))
    (page,), _ = form_pages(paper(Grid("rows", columns, least=2)), FACTS, "A5")
    assert {"TT", "Nội dung", "Chứng", "thực"} <= {mark.text for mark in words_of(page)}


def test_a_table_whose_head_fills_the_sheet_is_refused_in_words() -> None:
    columns = (Column("rất dài " * 900, "{name}", 1), Column("ngắn", "", 1))
    facts = replace(FACTS, rows={"rows": ({"name": "một"},)})
    with pytest.raises(PrintError, match="không đủ chỗ"):
        form_pages(paper(Grid("rows", columns)), facts, "A5")


def test_a_row_longer_than_a_page_goes_on_without_a_single_line_left_over() -> None:
    columns = (Column("TT", "{no}", 1), Column("Nội dung", "{name}", 9))
    for more in range(8):
        lines = [f"dòng{n:03d} {'x' * 50}" for n in range(50 + more)]
        facts = replace(FACTS, rows={"rows": ({"no": "1", "name": " ".join(lines)},)})
        pages, _ = form_pages(paper(Grid("rows", columns)), facts, "A5")
        text = " ".join(mark.text for page in pages for mark in words_of(page))
        assert all(line[:7] in text for line in lines)
        assert all(sum("dòng" in mark.text for mark in words_of(page)) != 1 for page in pages)


def test_the_receipt_fills_both_halves_of_an_a5_across() -> None:
    pages, shape = form_pages(RECEIPT, short_facts(), "A5_ACROSS", 1)
    assert len(pages) == 1
    assert (shape.width_mm, shape.height_mm, shape.columns) == (210, 148, 2)
    assert any(mark.x > 105 * MM and "NGƯỜI NỘP" in mark.text for mark in words_of(pages[0]))


def test_hand_overs_never_stand_in_half_a_sheet() -> None:
    slip = paper(Title("PHIẾU"), HandOvers(least=9))
    _, shape = form_pages(slip, FACTS, "A5_ACROSS")
    assert shape.columns == 1


def test_two_a5_stand_on_one_a4_with_the_fold_between_them() -> None:
    (page,), shape = form_pages(RECEIPT, short_facts(), "A5_TWO", 2)
    assert (shape.width_mm, shape.height_mm) == (297, 210)
    halves = [
        [ink for ink in inks(page) if (ink.left > 148.5 * MM) is is_right] for is_right in (False, True)
    ]
    assert len(halves[0]) == len(halves[1])
    assert max(ink.right for ink in halves[0]) < 148.5 * MM - 5 * MM
    assert min(ink.left for ink in halves[1]) > 148.5 * MM + 5 * MM


def test_a_roll_is_cut_below_its_last_line_and_its_codes_stand_on_whole_dots() -> None:
    slip = paper(Heads(number="12/GN"), Title("PHIẾU"), Paragraph("{owner_name}"))
    (page,), shape = form_pages(slip, FACTS, "K80")
    assert shape.width_mm == 72
    assert 40 < shape.height_mm < 120
    lowest = max(mark.y for mark in words_of(page))
    assert shape.height_mm * MM - lowest < 8 * MM
    codes = [mark for mark in page if isinstance(mark, Symbol)]
    assert len(codes) == 2
    for code in codes:
        assert code.x / DOT == pytest.approx(round(code.x / DOT), abs=0.01)
        assert code.wide / DOT == pytest.approx(round(code.wide / DOT), abs=0.01)


def test_a_table_on_a_roll_is_told_line_by_line() -> None:
    columns = (
        Column("TT", "{no}", 1),
        Column("Tên", "{name}", 9, is_lead=True),
        Column("Bản chính", "{originals}", 2),
        Column("Bản chụp", "{copies}", 2),
    )
    rows = ({"no": "1", "name": "Giấy khai sinh", "originals": "01", "copies": ""},)
    (page,), _ = form_pages(paper(Grid("rows", columns)), replace(FACTS, rows={"rows": rows}), "K80")
    said = [mark.text for mark in words_of(page)]
    assert said[:2] == ["1. Giấy khai sinh", "Bản chính: 01"]


def test_one_two_or_three_people_sign() -> None:
    for count in (1, 2, 3):
        signers = tuple(Signer(f"NGƯỜI KÝ {n}", "Nguyễn Thị Ngọc Ánh " * 3) for n in range(count))
        (page,), shape = form_pages(paper(Signatures(signers, ("- Như trên",) * (count == 1))), FACTS, "A5")
        assert not overlaps(inks(page))
        roles = [mark for mark in words_of(page) if mark.text.startswith("NGƯỜI KÝ")]
        assert len(roles) == count
        assert roles[-1].x > shape.width_mm / 2 * MM


def test_the_corner_names_the_form_by_its_number_of_that_circular() -> None:
    old = paper(Title("PHIẾU"), form="06", number="05", circular="TT 01/2018/TT-VPCP")
    (text,) = page_texts(form_pdf(old, FACTS, "A4"))
    assert "Mẫu số 05 · TT 01/2018/TT-VPCP · bản trình bày 1.0" in text


def test_a_slip_without_digits_has_its_lines_alone() -> None:
    block = SlipCode(("**Cơ quan nhận:** {to}", "**Lời dặn:** {note}"), "Quét mã này.", when="{to}")
    facts = replace(FACTS, fields={"to": "Xã Hồi Xuân"})
    (page,), _ = form_pages(paper(block), facts, "A4")
    assert not any(isinstance(mark, Symbol) for mark in page)
    assert [mark.text for mark in words_of(page)][:2] == ["Cơ quan nhận:", "Xã Hồi Xuân"]
    assert not any("Lời dặn" in mark.text for mark in words_of(page))
    (page,), _ = form_pages(paper(block), replace(facts, digits="1234567890" * 40), "A4")
    assert sum(isinstance(mark, Symbol) for mark in page) == 1


def test_what_belongs_together_is_measured_as_wide_as_its_column() -> None:
    """In half a sheet the same words take twice the lines: they go to the next half as a whole."""
    close = Together((Paragraph(WORDS), Signatures((Signer("NGƯỜI KÝ"),))))
    letter = paper(Title("GIẤY"), *(Paragraph(f"{n}. Giấy tờ") for n in range(24)), close)
    (page,), shape = form_pages(letter, FACTS, "A5_ACROSS")
    assert shape.columns == 2
    starts = [mark for mark in words_of(page) if mark.text.startswith(WORDS[:20])]
    signed = next(mark for mark in words_of(page) if mark.text == "NGƯỜI KÝ")
    assert abs(starts[-1].x - signed.x) < 105 * MM
    assert starts[-1].x > 100 * MM


@pytest.mark.parametrize("size", RECEIPT.sizes)
def test_marks_stand_where_the_ink_of_the_file_is(size: str) -> None:
    """What is measured before there is a PDF is what a reader of the PDF sees."""
    facts = random_facts(RECEIPT, 7)
    pages, shape = form_pages(RECEIPT, facts, size, 1)
    height = shape.height_mm * MM
    for page, drawn in zip(pages, inked(form_pdf(RECEIPT, facts, size, 1)), strict=True):
        measured = inks(page)
        assert len(drawn) > 20
        for ink in drawn:
            same = [one for one in measured if one.text == ink.text.strip()]
            mine = min(same, key=lambda one: abs(one.left - ink.left) + abs(one.top - ink.top + height))
            assert ink.left >= mine.left - 1.5
            assert ink.right <= mine.right + 1.5
            assert (ink.top - height, ink.bottom - height) == pytest.approx((mine.top, mine.bottom), abs=0.6)


def test_the_measure_sees_what_is_wrong() -> None:
    """The checks of random text are worth something only if they can fail."""
    first, second = Text(100, 100, "Tinos", 10, "Nguyễn"), Text(110, 101, "Tinos", 10, "Ẵng")
    assert overlaps(inks([first, second]))
    assert not overlaps(inks([first, second._replace(y=120)]))
    assert list(struck([Rule(110, 50, 110, 150)], inks([first])))
    assert not list(struck([Rule(90, 50, 90, 150)], inks([first])))


def test_sheets_keep_the_margins_of_the_decree() -> None:
    assert (A4.left_mm, A4.right_mm, A4.top_mm, A4.bottom_mm) == (30, 15, 20, 20)
