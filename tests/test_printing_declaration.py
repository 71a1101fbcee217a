"""Forms on paper: every field of the ten, long tables over pages, nothing clipped whatever people write."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onestop.domain.declaration import DeclarationForm, FieldKind, FieldSpec, form_from_dict
from onestop.domain.declaration_sample import sample_values
from onestop.office.declaring import form_paper
from onestop.office.packs import read_pack
from onestop.printing import (
    DeclarationLine,
    DeclarationPaper,
    DeclarationSection,
    DeclarationTable,
    declaration_pdf,
)
from onestop.printing.sheet import A4_TIGHT
from tests.office_desk import seated
from tests.printing_samples import CODE, MM, RECEIVED_AT, inked, overlaps, page_texts

FORMS = {row["id"]: form_from_dict(row) for row in read_pack("declarations.json")["forms"]}
SYLLABLES = re.findall(
    r"\S+", "Nguyễn Ễ Ẵng Quỳnh Đặng Ỵ H'Linh Kđăm Ênuôl QUYỀN ĐẤT (sao) 45/12 ỄẴỘỢỰ gỵợjq nghiêng"
)
UNBROKEN = st.text("QUYỀNỆgỵ0123456789", min_size=60, max_size=110)


PaperOf = Callable[[DeclarationForm, dict[str, Any]], DeclarationPaper]


@pytest.fixture(scope="module")
def paper_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperOf]:
    """The paper of a form at a real office."""
    with seated(tmp_path_factory.mktemp("forms")) as seat:
        yield lambda form, values: form_paper(seat.office, form, values, CODE, "Lò Thị Đức")


def words(longest: int) -> st.SearchStrategy[str]:
    spoken = st.lists(st.sampled_from(SYLLABLES), max_size=longest // 4).map(" ".join)
    return st.one_of(spoken, UNBROKEN).map(lambda text: text[:longest].strip())


LINE = st.builds(DeclarationLine, words(80), words(500), is_short=st.booleans(), is_strong=st.booleans())


@st.composite
def tables(draw: st.DrawFn) -> DeclarationTable:
    count = draw(st.integers(1, 5))
    columns = tuple(
        (draw(words(60)) or "Cột", draw(st.integers(1, 4)), draw(st.booleans())) for _ in range(count)
    )
    rows = draw(st.lists(st.tuples(*[words(160)] * count), max_size=30))
    return DeclarationTable("Bảng", columns, tuple(rows))


SECTION = st.builds(
    DeclarationSection, words(60), st.lists(st.one_of(LINE, tables()), max_size=6).map(tuple), words(80)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SECTION, max_size=4).map(tuple), words(150), words(200), words(300), words(60), words(80))
def test_nothing_overflows_and_nothing_overlaps(
    sections: tuple[DeclarationSection, ...], title: str, ground: str, pledge: str, signer: str, name: str
) -> None:
    paper = DeclarationPaper(
        title,
        ground,
        "UBND xã Tân Hòa",
        "Xã Tân Hòa",
        RECEIVED_AT,
        sections,
        "bản 1",
        "Mẫu 1",
        CODE,
        pledge,
        signer,
        name,
    )
    pdf = declaration_pdf(paper)
    left, right = A4_TIGHT.left_mm * MM - 1, (210 - A4_TIGHT.right_mm) * MM + 1
    for page in inked(pdf):
        assert all(box.left >= left and box.right <= right for box in page)
        assert all(box.bottom >= 0 and box.top <= 297 * MM for box in page)
        assert not overlaps(page)


@pytest.mark.parametrize("form_id", sorted(FORMS))
def test_every_field_of_a_form_has_its_line(form_id: str, paper_of: PaperOf) -> None:
    form = FORMS[form_id]
    text = " ".join(page_texts(declaration_pdf(paper_of(form, {}))))
    for spec in form.fields():
        if spec.show_if is None and spec.kind is not FieldKind.COMPUTED:
            assert spec.words in text, spec.id


@pytest.mark.parametrize("form_id", sorted(FORMS))
def test_a_filled_form_fits_on_one_sheet_and_says_all_values(form_id: str, paper_of: PaperOf) -> None:
    form = FORMS[form_id]
    values = sample_values(form, RECEIVED_AT.date())
    (page,) = page_texts(declaration_pdf(paper_of(form, values)))
    for spec in form.fields():
        for word in _said(spec, values.get(spec.id)):
            assert word in page, (spec.id, word)


def _said(spec: FieldSpec, value: Any) -> list[str]:
    if spec.kind is FieldKind.PERSON and value:
        return [value["name"]]
    if spec.kind is FieldKind.TABLE and value:
        return [column.words for column in spec.columns]
    return [spec.words] if value else []


def test_a_long_table_goes_over_pages_with_its_head(paper_of: PaperOf) -> None:
    form = FORMS["chung-thuc-ban-sao"]
    rows = [{"title": f"Giấy số {number}", "pages": 1, "copies": 1} for number in range(100)]
    pages = page_texts(declaration_pdf(paper_of(form, {"papers": rows})))
    assert len(pages) > 1
    assert all("Tên giấy tờ" in page for page in pages[:-1])
    assert "Giấy số 99" in " ".join(pages)
    assert f"Trang 2/{len(pages)}" in pages[1]
