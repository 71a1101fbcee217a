"""Cards at the intake page: scan box, wedge, serial port; damaged, wrong and differing cards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.card import DAMAGED_ADVICE
from tests.ui.counter import BIRTH, CARD, Counter, counter
from ui.tasks import Tasks

SIX = "|".join(CARD.split("|")[:6])
ELEVEN = CARD + "||||"
NO_OLD = "|".join(part for place, part in enumerate(CARD.split("|")) if place != 1)


@pytest.fixture
def at(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


def texts(at: Counter) -> dict[str, str]:
    owner = at.page.fields.owner.typed()
    return {name: getattr(owner, name) for name in ("id_number", "name", "born_on", "sex", "address")}


FILLED = {
    "id_number": "038188004217",
    "name": "Nguyễn Thị Đặng Hường",
    "born_on": "14/03/1988",
    "sex": "nữ",
    "address": "Thôn Đông Hải, xã Tân Hòa, tỉnh Thanh Hóa",
}


@pytest.mark.parametrize("card", [CARD, SIX, ELEVEN, NO_OLD], ids=["seven", "six", "eleven", "no old number"])
def test_every_shape_of_card_fills_the_fields_and_names_its_source(at: Counter, card: str) -> None:
    at.desk.clock.set(10, 41)
    at.scan(card)
    assert texts(at) == FILLED
    assert at.page.fields.owner.source.startswith("Lấy từ mã QR trên thẻ, 10:41")
    editor = at.page.fields.owner.fields["name"].editor
    assert "Lấy từ mã QR trên thẻ, 10:41" in editor.accessibleDescription()
    assert at.focused().objectName() == "owner.phone_editor"


def test_a_value_typed_over_the_cards_is_said_so(at: Counter) -> None:
    at.scan(CARD)
    at.page.fields.owner.fields["name"].setFocus()
    at.press("End")
    at.type("g")
    assert at.page.fields.owner.source.endswith("đã sửa: họ, chữ đệm, tên")


@pytest.mark.parametrize(
    "rubbish",
    [
        "038188004217|171902345|Nguyễn",
        "x" * 1900,
        "|" * 40,
        "12345",
        "038188004217||A|31022001|Nam|B|01012020",
    ],
    ids=["truncated", "long", "bars", "digits", "31/02"],
)
def test_rubbish_is_refused_in_words_and_changes_nothing(at: Counter, rubbish: str) -> None:
    at.fill("owner.name", "Lê Quốc Ưu")
    at.scan(rubbish)
    assert at.page.fields.owner.scan.error()
    assert texts(at)["name"] == "Lê Quốc Ưu"
    assert texts(at)["id_number"] == ""


def test_ten_kilobytes_from_a_port_are_refused_too(at: Counter) -> None:
    at.page.take_card("9" * 10_000)
    assert "quá dài" in at.page.fields.owner.scan.error()
    assert at.page.fields.owner.is_empty()


def test_damaged_text_gives_numbers_and_dates_only(at: Counter) -> None:
    damaged = "038188004217|171902345|Nguyen Thi Dang Huong|14031988|Nu|Thon Dong Hai, xa Tan Hoa|25042021"
    at.scan(damaged)
    assert texts(at) == FILLED | {"name": "", "address": ""}
    assert at.page.fields.owner.scan.error() == DAMAGED_ADVICE
    assert at.focused().objectName() == "owner.name_editor"


def test_another_spelling_is_compared_and_never_overwritten(at: Counter) -> None:
    at.fill("owner.name", "Nguyễn Thị Đăng Hương")
    at.scan(CARD)
    owner = at.page.fields.owner
    assert [each.field for each in owner.comparison.differences()] == ["name"]
    assert texts(at) == FILLED | {"name": "Nguyễn Thị Đăng Hương"}
    at.press("Ctrl+Return")
    assert any("Thẻ ghi khác" in link.text() for link in at.page.errors.links())
    owner.comparison.take.setFocus()
    at.press("Space")
    assert texts(at) == FILLED
    assert not owner.comparison.differences()


def test_keeping_what_was_typed(at: Counter) -> None:
    at.fill("owner.name", "Nguyễn Thị Đăng Hương")
    at.scan(CARD)
    at.press("Space")  # the focus stands on "Giữ như đã nhập"
    assert texts(at)["name"] == "Nguyễn Thị Đăng Hương"
    assert "giữ nội dung đã nhập" in at.page.fields.owner.source


def test_another_persons_card_mixes_nothing(at: Counter) -> None:
    at.fill("owner.id_number", "038079011358")
    at.scan(CARD)
    assert texts(at) == {"id_number": "038079011358", "name": "", "born_on": "", "sex": "", "address": ""}
    assert len(at.page.fields.owner.comparison.differences()) == 5


def test_the_same_card_twice_asks_nothing(at: Counter) -> None:
    at.scan(CARD)
    at.scan(CARD)
    assert not at.page.fields.owner.comparison.differences()
    assert texts(at) == FILLED


def test_wedge_burst_in_another_field_leaves_it_unchanged(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.fill("note", "ghi chú đang gõ ")
    at.qtbot.wait(60)
    at.type(CARD + "\n")
    assert at.page.fields.note.editor.text() == "ghi chú đang gõ "
    assert at.focused().objectName() == "note_editor"
    assert texts(at) == FILLED
    assert at.desk.frame.done == []


def test_a_wedge_goes_to_the_person_in_focus(at: Counter) -> None:
    at.page.fields.is_owner_here.setChecked(False)
    QApplication.processEvents()
    at.go_to("submitter.name")
    at.qtbot.wait(60)
    at.type(CARD + "\n")
    assert at.page.fields.submitter.typed().name == "Nguyễn Thị Đặng Hường"
    assert at.page.fields.owner.is_empty()


def test_twelve_digits_typed_by_hand_are_no_scan(at: Counter) -> None:
    at.go_to("owner.id_number")
    for digit in "038188004217":
        at.type(digit)
        at.qtbot.wait(40)
    at.press("Return")
    assert texts(at)["id_number"] == "038188004217"
    assert at.page.fields.owner.source == ""
    assert not at.page.fields.owner.scan.error()
