"""Card scanners: a burst of keys, and bytes on a serial line (a pty stands for the port)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from onestop.errors import OfficeError
from ui.devices import ScanBox, WedgeScanner, lines, open_port, read_cards
from ui.scanners import Scanners
from ui.tasks import Tasks
from ui.tour.keys import type_text
from ui.widgets import LineField, NoteField

NO_PTY = not Path("/dev/pts/ptmx").exists()  # Windows, or a Linux in a bare box
CARD = "079085001234||Nguyễn Thị Đặng Hường|01021985|Nữ|12 Lê Lợi, Phường Bến Thành|25042021"


class Hands:
    """Types with a clock of its own: `gap` seconds between keys."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def type(self, widget: QWidget, text: str, gap: float) -> None:
        for letter in text:
            self.now += gap
            key = Qt.Key.Key_Return if letter == "\r" else Qt.Key.Key_unknown
            key = Qt.Key.Key_Space if letter == " " else key
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
                QCoreApplication.sendEvent(widget, event)


class Desk:
    """A window with two fields, a note and a button, and the scanner's filter."""

    def __init__(self, qtbot: QtBot, app: QApplication, prefix: str = "") -> None:
        self.hands = Hands()
        self.name, self.note = LineField("name", "&Họ tên"), NoteField("note", "&Ghi chú")
        self.button = QPushButton("Tiếp nhận")
        self.scans: list[str] = []
        self.clicks: list[bool] = []
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        for part in (self.name, self.note, self.button):
            column.addWidget(part)
        self.button.clicked.connect(self.clicks.append)
        self.scanner = WedgeScanner(app, self.hands.clock, prefix)
        self.scanner.scanned.connect(self.scans.append)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()


@pytest.fixture
def desk(qtbot: QtBot, app: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, app)
    yield made
    made.scanner.end()
    made.scanner.deleteLater()


def test_a_scan_leaves_the_focused_field_as_it_was(desk: Desk) -> None:
    desk.name.setFocus()
    desk.name.editor.setText("Lê Quốc Ưu")
    desk.name.editor.setCursorPosition(3)
    desk.hands.type(desk.name.editor, CARD + "\r", 0.004)
    assert desk.scans == [CARD]
    assert desk.name.editor.text() == "Lê Quốc Ưu"
    assert desk.name.editor.cursorPosition() == 3
    assert desk.name.editor.hasFocus()


def test_a_scan_into_a_note_is_taken_back(desk: Desk) -> None:
    desk.note.setFocus()
    desk.note.editor.setPlainText("Đã gọi điện")
    desk.hands.type(desk.note.editor, CARD + "\r", 0.004)
    assert desk.scans == [CARD]
    assert desk.note.text() == "Đã gọi điện"


def test_a_scan_does_not_press_the_focused_button(desk: Desk) -> None:
    desk.button.setFocus()
    desk.hands.type(desk.button, CARD + "\r", 0.004)
    assert desk.scans == [CARD]
    assert desk.clicks == []


def test_a_card_without_enter_ends_by_silence(desk: Desk, qtbot: QtBot) -> None:
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, CARD, 0.004)
    qtbot.waitUntil(lambda: desk.scans == [CARD], timeout=30_000)
    assert desk.name.text() == ""


def test_typing_by_hand_is_no_scan(desk: Desk) -> None:
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, "079085001234\r", 0.09)
    assert desk.scans == []
    assert desk.name.text() == "079085001234"


def test_a_short_burst_is_no_scan(desk: Desk) -> None:
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, "Nguyễn\r", 0.004)
    assert desk.scans == []
    assert desk.name.text() == "Nguyễn"


def test_a_bar_code_of_a_dossier_is_a_scan(desk: Desk) -> None:
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, "H38.12.22-261121-0031\r", 0.004)
    assert desk.scans == ["H38.12.22-261121-0031"]
    assert desk.name.text() == ""


def test_a_long_word_expanded_by_unikey_stays(desk: Desk) -> None:
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, "Thành phố Hồ Chí Minh", 0.004)
    desk.hands.type(desk.name.editor, "\r", 0.5)
    assert desk.scans == []
    assert desk.name.text() == "Thành phố Hồ Chí Minh"


def test_a_long_word_typed_fast_is_no_scan(desk: Desk) -> None:
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, "Thành phố Hồ Chí Minh\r", 0.004)
    assert desk.scans == []
    assert desk.name.text() == "Thành phố Hồ Chí Minh"


def test_the_scanner_follows_the_focus(desk: Desk, qtbot: QtBot) -> None:
    desk.name.setFocus()
    desk.note.setFocus()
    desk.hands.type(desk.note.editor, CARD + "\r", 0.004)
    desk.note.deleteLater()  # gone while it is watched
    qtbot.wait(10)
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, CARD + "\r", 0.004)
    assert desk.scans == [CARD, CARD]
    assert desk.name.text() == ""


def _press(widget: QWidget, key: Qt.Key) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))


def test_with_a_prefix_key_a_slow_scanner_is_known_from_the_first_key(
    qtbot: QtBot, app: QApplication
) -> None:
    desk = Desk(qtbot, app, prefix="F13")
    desk.name.setFocus()
    desk.hands.type(desk.name.editor, "Lê", 0.2)
    _press(desk.name.editor, Qt.Key.Key_F13)
    desk.hands.type(desk.name.editor, CARD + "\r", 0.06)
    assert desk.scans == [CARD]
    assert desk.name.text() == "Lê"
    _press(desk.name.editor, Qt.Key.Key_F13)
    desk.hands.type(desk.name.editor, "rác\r", 0.06)
    assert desk.scans == [CARD]
    assert desk.name.text() == "Lê"
    desk.scanner.end()
    desk.scanner.deleteLater()


def test_the_scan_box_takes_what_is_typed(qtbot: QtBot, app: QApplication) -> None:
    box = ScanBox()
    qtbot.addWidget(box)
    with qtbot.waitSignal(box.scanned) as told:
        type_text(box, CARD + "\n")
    assert told.args == [CARD]
    assert box.text() == ""


def test_lines_end_by_return_or_silence() -> None:
    whole = CARD.encode()
    chunks = [whole[:40], whole[40:] + b"\r\n", b"", whole, b"", b"\x02" + whole + b"\x03\r", b""]
    assert list(lines(iter(chunks))) == [CARD, CARD, CARD]


def test_rubbish_on_the_line_is_cut_and_never_an_exception() -> None:
    (text,) = lines(iter([b"\xff\xfe" * 100_000, b"\r"]))
    assert len(text) <= 8000


@pytest.mark.skipif(NO_PTY, reason="a pty stands for the port, and this machine gives none")
def test_a_card_on_the_serial_port(qtbot: QtBot, tasks: Tasks) -> None:
    master, slave = os.openpty()
    name = os.ttyname(slave)
    cards: list[str] = []
    ended: list[bool] = []
    reader = tasks.run_long(
        None,
        lambda progress: read_cards(lambda: open_port(name), progress),
        on_progress=cards.append,
        on_cancelled=lambda: ended.append(True),
        where="devices",
    )
    qtbot.wait(100)
    os.write(master, CARD.encode() + b"\r\n")
    qtbot.waitUntil(lambda: cards == [CARD], timeout=30_000)
    reader.cancel()
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)
    os.close(master)
    os.close(slave)


def test_a_missing_port_is_told_in_words(qtbot: QtBot, tasks: Tasks) -> None:
    errors: list[OfficeError] = []
    tasks.run_long(
        None,
        lambda progress: read_cards(lambda: open_port("/dev/no-such-port"), progress),
        on_error=errors.append,
        where="devices",
    )
    qtbot.waitUntil(lambda: bool(errors))
    assert "no-such-port" in errors[0].title
    assert errors[0].field == "scanner_port"


@pytest.mark.skipif(NO_PTY, reason="a pty stands for the port, and this machine gives none")
def test_both_kinds_of_scanner_speak_through_one_signal(
    qtbot: QtBot, app: QApplication, tasks: Tasks
) -> None:
    master, slave = os.openpty()
    parent, heard = QWidget(), list[str]()
    qtbot.addWidget(parent)
    scanners = Scanners(parent, tasks)
    scanners.scanned.connect(heard.append)
    scanners.start(os.ttyname(slave))
    assert scanners.is_listening()
    qtbot.wait(300)
    os.write(master, CARD.encode() + b"\r\n")
    qtbot.waitUntil(lambda: heard == [CARD], timeout=30_000)
    scanners.stop()
    assert not scanners.is_listening()
    qtbot.wait(400)
    os.close(master)
    os.close(slave)


def test_a_lost_port_is_said_once_and_tried_again(qtbot: QtBot, app: QApplication, tasks: Tasks) -> None:
    parent, errors = QWidget(), list[OfficeError]()
    qtbot.addWidget(parent)
    scanners = Scanners(parent, tasks)
    scanners.failed.connect(errors.append)
    scanners.start("/dev/khong-co-cong-nay")
    scanners._again.setInterval(50)
    qtbot.waitUntil(lambda: bool(errors), timeout=30_000)
    qtbot.wait(300)
    assert ["Không mở được máy quét" in error.title for error in errors] == [True]
    scanners.stop()


@pytest.mark.skipif(NO_PTY, reason="a pty stands for the port, and this machine gives none")
def test_an_unplugged_scanner_is_told_in_words(qtbot: QtBot, tasks: Tasks) -> None:
    master, slave = os.openpty()
    name = os.ttyname(slave)
    errors: list[OfficeError] = []
    tasks.run_long(
        None,
        lambda progress: read_cards(lambda: open_port(name), progress),
        on_error=errors.append,
        where="devices",
    )
    qtbot.wait(150)
    os.close(slave)
    os.close(master)
    qtbot.waitUntil(lambda: bool(errors), timeout=30_000)
    assert errors[0].title == "Máy quét đã ngắt"
