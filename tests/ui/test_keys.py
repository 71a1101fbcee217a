"""Shortcuts: declared once, no clash, none that UniKey or Windows owns."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui import keys
from ui.keys import KEYS, Key
from ui.tour.keys import compose, press, type_by_unikey, type_text
from ui.widgets import LineField, NoteField, Option, Picker


@pytest.fixture(autouse=True)
def _no_own_keys(qapp: QApplication) -> Iterator[None]:
    yield
    keys.use_own({})


def test_ids_are_unique() -> None:
    assert len({key.id for key in KEYS}) == len(KEYS)


def test_no_two_keys_clash() -> None:
    assert keys.conflicts() == ()


def test_a_clash_is_seen() -> None:
    one, other = Key("a", "Ctrl+J", "một"), Key("b", "Ctrl+J", "hai", keys.FORM)
    assert keys.conflicts((one, other)) == ("Ctrl+J: một và hai",)
    two_pages = (Key("a", "Ctrl+J", "một", keys.LIST), other)
    assert keys.conflicts(two_pages) == ()


def test_no_key_belongs_to_somebody_else() -> None:
    assert [keys.what_is_wrong(key.sequence) for key in KEYS if not key.is_native] == [""] * sum(
        not key.is_native for key in KEYS
    )


@pytest.mark.parametrize(
    "taken", ["Ctrl+Shift+A", "Alt+Z", "Ctrl+Shift+F5", "Ctrl+Alt+Q", "a", "Shift+B", "F4"]
)
def test_forbidden_keys_are_refused_in_words(taken: str) -> None:
    assert keys.what_is_wrong(taken).startswith("Không")


def test_overview_lists_every_key_once() -> None:
    lines = [line for _, lines in keys.overview() for line in lines]
    assert sorted(words for _, words in lines) == sorted(key.words for key in KEYS)


def test_a_bound_key_calls_its_slot(qtbot: QtBot, app: QApplication) -> None:
    window, line, calls = QWidget(), QLineEdit(), []
    QVBoxLayout(window).addWidget(line)
    qtbot.addWidget(window)
    keys.bind(window, "main_act", lambda: calls.append("main"))
    keys.bind(window, "save_draft", lambda: calls.append("draft"))
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    line.setFocus()
    press(line, "Ctrl+Return")
    press(line, "Ctrl+Enter")
    press(line, "Ctrl+S")
    assert calls == ["main", "main", "draft"]


def test_own_keys_replace_ours(app: QApplication) -> None:
    keys.use_own({"print_panel": "Ctrl+I"})
    assert keys.shown("print_panel") == "Ctrl+I"
    assert keys.shown("main_act") == "Ctrl+Enter"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        keys.key("no_such_key")


def test_vietnamese_is_typed_letter_by_letter(qtbot: QtBot, app: QApplication) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    type_text(line, "Đặng Thị Ẫ 12")
    assert line.text() == "Đặng Thị Ẫ 12"


def test_pressing_nonsense_is_an_error(qtbot: QtBot, app: QApplication) -> None:
    with pytest.raises(ValueError, match="one chord"):
        press(QLineEdit(), "")


def fields() -> list[LineField | NoteField]:
    plain, suggested = LineField("a", "&A"), LineField("b", "&B")
    suggested.set_suggestions(["Nguyễn Thị Mai", "Nguyên Bình", "nguyeân"])
    picker = Picker("c", "&C", lambda _: [Option("1", "Nguyễn Huệ"), Option("2", "Nguyên Hồng")])
    return [plain, suggested, picker, NoteField("d", "&D")]


@pytest.mark.parametrize("place", range(4))
def test_unikey_gets_its_word_in_every_field(qtbot: QtBot, app: QApplication, place: int) -> None:
    field = fields()[place]
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    type_by_unikey(field.editor, "Nguye<ên<<ễn")
    assert field.text() == "Nguyễn"


@pytest.mark.parametrize("place", range(4))
def test_nothing_is_checked_during_preedit(qtbot: QtBot, app: QApplication, place: int) -> None:
    field = fields()[place]
    qtbot.addWidget(field)
    checks: list[str] = []
    field.check = lambda text: checks.append(text) or ""  # type: ignore[func-returns-value]  # append gives None
    field.show()
    field.setFocus()
    compose(field.editor, "Nguyê")
    assert checks == []
    compose(field.editor, "", "Nguyễn")
    assert checks == []
    assert field.text() == "Nguyễn"
