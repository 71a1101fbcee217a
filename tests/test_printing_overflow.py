"""Whatever people are called and however many papers they bring: nothing clipped, nothing overlaid."""

import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onestop.printing import (
    ComponentRow,
    FeeRow,
    PaperSize,
    receipt_pdf,
)
from onestop.printing.sheet import A4_DENSE, A5_DENSE, Shape
from tests.printing_samples import (
    LETTERHEAD,
    MM,
    RECEIPT,
    inked,
    overlaps,
    page_texts,
)

# The tallest and the deepest letters on purpose.
SYLLABLES = re.findall(
    r"\S+",
    "Nguyễn Thị Ễ Ẵng Ngọc Quỳnh Đặng Hưởng Ỵ phường Tân Lập H'Linh Niê Kđăm Ênuôl Y-Bhăm "
    "QUYỀN SỬ DỤNG ĐẤT giấy chứng nhận, (bản sao) 45/12 tổ 7; ỄẴỘỢỰ gỵợjq nghiêng",
)
UNBROKEN = st.text("QUYỀNỆgỵ0123456789", min_size=80, max_size=120)
COMMON = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def words(longest: int) -> st.SearchStrategy[str]:
    spoken = st.lists(st.sampled_from(SYLLABLES), max_size=longest // 3).map(" ".join)
    return st.one_of(spoken, UNBROKEN).map(lambda text: text[:longest].strip())


COMPONENT = st.builds(
    ComponentRow, name=words(400), originals=st.integers(0, 99), copies=st.integers(0, 99), note=words(120)
)
FEE = st.builds(FeeRow, st.sampled_from(["Phí", "Lệ phí"]), words(120), st.integers(0, 10**11))
PEOPLE = {
    "owner_name": words(120),
    "submitter_name": words(120),
    "officer_name": words(120),
    "address": words(300),
    "email": words(120),
    "phone": words(40),
    "procedure_name": words(400),
    "content": words(1000),
    "due_explanation": words(300),
    "hand_out_place": words(200),
    "number": words(40),
}


def assert_nothing_lost(pdf: bytes, shape: Shape) -> None:
    """Every string inside the margins, the line of the form's version below them; none on another."""
    left, right = shape.left_mm * MM, (shape.width_mm - shape.right_mm) * MM
    top, bottom = (shape.height_mm - shape.top_mm) * MM, shape.bottom_mm * MM
    for page in inked(pdf):
        for ink in page:
            assert left - 1 <= ink.left, ink
            assert ink.right <= right + 1.5, ink
            assert ink.top <= top + 1, ink
            is_foot = ink.text.startswith(("Mẫu số", "Xem tiếp"))
            assert ink.bottom >= (bottom - 8 * MM if is_foot else bottom - 1), ink
        assert not overlaps(page)


@COMMON
@given(st.fixed_dictionaries(PEOPLE), st.lists(COMPONENT, max_size=40), st.lists(FEE, max_size=4), st.data())
def test_receipt(
    values: dict[str, str], components: list[ComponentRow], fees: list[FeeRow], data: st.DataObject
) -> None:
    letterhead = replace(LETTERHEAD, issuing_body=data.draw(words(120)), superior_body=data.draw(words(120)))
    size, shape = data.draw(st.sampled_from([(PaperSize.A4, A4_DENSE), (PaperSize.A5, A5_DENSE)]))
    paper = replace(
        RECEIPT,
        **values,  # type: ignore[arg-type]  # keys are names of text fields
        letterhead=letterhead,
        components=tuple(components),
        fees=tuple(fees),
        copies=("Liên 1: Lưu",),
    )
    pdf = receipt_pdf(paper, size)
    assert_nothing_lost(pdf, shape)
    text = "".join("".join(page_texts(pdf)).split())
    for component in components:
        assert all(word in text for word in component.name.split() if len(word) < 20)


def test_the_measure_sees_what_is_wrong() -> None:
    """The check above is worth something only if it can fail."""
    page = inked(receipt_pdf(RECEIPT, PaperSize.A5))[0]
    first, second = next(pairwise(sorted(page, key=lambda ink: ink.bottom)))
    moved = replace(second, left=first.left, right=first.right, top=first.top, bottom=first.bottom)
    assert overlaps([first, moved])
