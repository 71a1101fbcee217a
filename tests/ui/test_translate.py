"""Qt's own words are Vietnamese."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from onestop.paths import resource
from ui.translate import translate_qt

SOURCES = resource("i18n", "qtbase_vi.ts")


@pytest.fixture(autouse=True)
def _vietnamese(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    translator = translate_qt(qapp)
    yield
    qapp.removeTranslator(translator)
    QLocale.setDefault(before)


def test_standard_buttons(qtbot: QtBot) -> None:
    box = QDialogButtonBox()
    qtbot.addWidget(box)
    kind = QDialogButtonBox.StandardButton
    buttons = (kind.Yes, kind.No, kind.Cancel, kind.Save, kind.Close, kind.Ok, kind.Retry)
    words = [box.addButton(each).text().replace("&", "") for each in buttons]
    assert words == ["Có", "Không", "Huỷ", "Lưu", "Đóng", "Đồng ý", "Thử lại"]


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_context_menus(qtbot: QtBot, kind: type[QLineEdit] | type[QPlainTextEdit]) -> None:
    editor = kind()
    qtbot.addWidget(editor)
    menu = editor.createStandardContextMenu()
    words = [action.text().split("\t")[0].replace("&", "") for action in menu.actions() if action.text()]
    menu.deleteLater()
    assert words[:5] == ["Hoàn tác", "Làm lại", "Cắt", "Chép", "Dán"]
    assert "Chọn tất cả" in words


def test_file_dialog(qtbot: QtBot) -> None:
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    assert dialog.labelText(QFileDialog.DialogLabel.FileName).replace("&", "") == "Tên tệp:"


def test_every_translation_keeps_its_places() -> None:
    for message in ElementTree.parse(SOURCES).iter("message"):
        source, words = message.findtext("source") or "", message.findtext("translation") or ""
        assert words
        assert re.findall(r"%\d", source) == re.findall(r"%\d", words), source


def test_access_keys_are_plain_letters() -> None:
    for message in ElementTree.parse(SOURCES).iter("message"):
        words = message.findtext("translation") or ""
        assert all(letter.isascii() and letter.isalpha() for letter in re.findall(r"&(.)", words)), words


def test_the_compiled_file_is_as_new_as_its_source(qapp: QApplication) -> None:
    for context in ElementTree.parse(SOURCES).iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            source = message.findtext("source") or ""
            assert qapp.translate(name, source) == message.findtext("translation"), (name, source)


def test_the_locale_is_vietnamese() -> None:
    assert QLocale().toString(1234567) == "1.234.567"
