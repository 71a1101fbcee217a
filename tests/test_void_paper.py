"""A printed paper that no longer counts: spoiled at the counter, or taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from onestop.domain.dossier import Dossier
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.paper_words import form_words, paper_words
from onestop.office.papers import note_printed, paper_pdf
from tests.office_desk import Seat, receive, seated
from tests.printing_samples import page_texts

REPRINT, REPLACES = "In lại lần", "Thay thế giấy cấp lúc"


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def printed(seat: Seat, dossier: Dossier, times: int = 1, form: str = "01") -> Dossier:
    for _ in range(times):
        dossier = note_printed(seat.office, dossier, form, 2).dossier
    return dossier


def receipt_words(seat: Seat, dossier: Dossier) -> str:
    return " ".join(page_texts(paper_pdf(seat.office, dossier.id, "01")))


def test_what_is_printed_after_a_voided_paper_is_no_reprint(seat: Seat) -> None:
    dossier = printed(seat, receive(seat))
    assert f"{REPRINT} 1" in receipt_words(seat, dossier)
    spoiled = dossier.printed[0]
    dossier = deeds.void_paper(seat.office, dossier.id, spoiled.entry, "Kẹt giấy").dossier
    assert REPRINT not in receipt_words(seat, dossier)
    assert dossier.standing_papers() == ()
    assert (dossier.printed[0].voided_why, dossier.printed[0].copies) == ("Kẹt giấy", 2)
    dossier = printed(seat, dossier)
    assert [one.number for one in dossier.standing_papers("01")] == [2], "the journal counts every printing"


def test_a_voided_receipt_is_not_the_one_that_a_correction_replaces(seat: Seat) -> None:
    dossier = printed(seat, receive(seat))
    subject = replace(dossier.subject, content="Đăng ký khai sinh cho con thứ hai")
    dossier = deeds.correct(seat.office, dossier.id, subject, "Ghi nhầm").dossier
    assert REPLACES in receipt_words(seat, dossier)
    deeds.void_paper(seat.office, dossier.id, dossier.printed[0].entry, "Đã thu lại")
    words = receipt_words(seat, dossier)
    assert REPLACES not in words
    assert REPRINT not in words


def test_each_paper_is_voided_once_and_others_stand(seat: Seat) -> None:
    dossier = printed(seat, printed(seat, receive(seat), 2), form="06")
    first = dossier.printed[0].entry
    dossier = deeds.void_paper(seat.office, dossier.id, first, "Mờ chữ").dossier
    with pytest.raises(OfficeError, match="đã huỷ"):
        deeds.void_paper(seat.office, dossier.id, first, "Mờ chữ")
    assert [(one.form, one.number) for one in dossier.standing_papers()] == [("01", 2), ("06", 1)]
    assert [one.form for one in dossier.standing_papers("06")] == ["06"]


def test_papers_are_named_with_the_time_and_the_number_of_the_printing(seat: Seat) -> None:
    dossier = printed(seat, receive(seat), 2)
    first, second = dossier.printed
    assert paper_words(first) == "Giấy tiếp nhận, lúc 20/11/2026 08:00"
    assert ", lần in 2, lúc " in paper_words(second)
    assert form_words("X9") == "Mẫu X9"
