"""An address line that offers provinces and communes: keys only, no accents, nothing taken unasked."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from onestop.office.places import look_up, province_of
from ui.look import apply_look
from ui.widgets.place_picker import PlaceField

HOI_XUAN = "xã Hồi Xuân, tỉnh Thanh Hóa"


class Line:
    """The field in a window, another line below it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.field = PlaceField("owner.address", "&Nơi cư trú", lambda end: look_up(end, 8, near="38"))
        self.next = QLineEdit()
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.field)
        column.addWidget(self.next)
        column.addStretch(1)
        self.window.resize(640, 420)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.field.setFocus()
        self.taken: list[str] = []
        self.field.picked.connect(self.taken.append)

    def type(self, text: str) -> None:
        # As an input method commits it: QTest's own keys know no Vietnamese letters.
        self.field.editor.insert(text)
        self.field.editor.textEdited.emit(self.field.editor.text())

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.window.focusWidget() or self.window, key)

    def titles(self) -> list[str]:
        return [option.title for option in self.field.options()]


@pytest.fixture
def line(app: QApplication, qtbot: QtBot) -> Line:
    return Line(qtbot)


def test_a_commune_is_taken_by_keys_and_the_street_stays(line: Line) -> None:
    line.type("Bản  Khằm, hoi xu")
    assert line.titles()[0] == "Xã Hồi Xuân"
    line.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert line.field.editor.text() == f"Bản  Khằm, {HOI_XUAN}"
    assert line.taken == ["14869"]
    assert not line.titles()
    assert line.field.editor.hasFocus()


def test_enter_without_a_choice_goes_on_and_changes_nothing(line: Line) -> None:
    line.type("Bản Khằm, xa hoi xuan")
    assert line.titles()
    line.press(Qt.Key.Key_Return)
    assert line.next.hasFocus()
    assert line.field.text() == "Bản Khằm, xa hoi xuan"
    assert not line.titles()


def test_leaving_keeps_an_address_of_three_levels_as_written(line: Line) -> None:
    old = "Thôn 2, xã Tân Hòa, huyện Quan Hóa, tỉnh Thanh Hóa"
    line.type(old)
    line.press(Qt.Key.Key_Down, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
    assert line.field.text() == old
    assert line.taken == []


def test_the_own_province_comes_first_and_the_end_opens_again_on_down(line: Line) -> None:
    line.type("thach")
    assert line.titles()
    assert line.field.options()[0].subtitle == "tỉnh Thanh Hóa"
    line.press(Qt.Key.Key_Escape)
    assert not line.titles()
    line.press(Qt.Key.Key_Down)
    assert line.titles()


@pytest.mark.parametrize("typed", ["12 Lê Lợi", "h", "Bản Khằm,", f"Bản Khằm, {HOI_XUAN}"])
def test_what_names_no_place_or_all_of_it_opens_nothing(line: Line, typed: str) -> None:
    line.type(typed)
    assert not line.titles()


def test_filling_from_the_program_offers_nothing(line: Line) -> None:
    line.field.set_text("hoi xuan")
    assert not line.titles()


@pytest.mark.parametrize(
    ("code", "province"),
    [("H56.99.88", "38"), ("000.00.06.H56", "38"), ("H26", "01"), ("G15.01", ""), ("", "")],
)
def test_the_province_of_an_agency(code: str, province: str) -> None:
    assert province_of(code) == province


def test_a_picture(line: Line, pictures: Path) -> None:
    line.type("Số 5 phố Cao Thắng, phuong ha")
    line.press(Qt.Key.Key_Down)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for theme in ("light", "dark"):
        apply_look(app, theme)
        assert line.window.grab().save(str(pictures / f"place_field_{theme}.png"))
    apply_look(app, "light")
