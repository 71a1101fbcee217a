"""A birth registration from the empty screen to the printed receipt: keys alone, on the real shell."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import State
from onestop.office.deeds import find_dossier
from onestop.office.found import found_practice
from onestop.office.founding import found
from onestop.paths import Profile
from tests.ui.desk import opened, running
from ui.app import Program
from ui.clock import machine_clock
from ui.tour.hand import Hand
from ui.widgets.checklist import CheckRow

BIRTH = "1.001193"
CARD = "079185012345||Nguyễn Thị Đặng Hường|01021985|Nữ|Thôn Đoàn Kết, xã Tân Hòa, tỉnh Thanh Hóa|01012022"
MOUSE = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class NoMouse(QObject):
    """Sees every event of the application; keeps those of a mouse."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QEvent.Type] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOUSE:
            self.seen.append(event.type())
        return False


@pytest.fixture
def no_mouse(app: QApplication) -> Iterator[NoMouse]:
    watch = NoMouse()
    app.installEventFilter(watch)
    yield watch
    app.removeEventFilter(watch)


@pytest.fixture
def program(app: QApplication, tmp_path: Path) -> Iterator[Program]:
    """A practice office that has no dossier yet."""
    profile = Profile(tmp_path / "data", "practice")
    found(profile, lambda store: found_practice(store, machine_clock()))
    with running(profile) as made:
        yield made


def test_the_watch_sees_a_mouse(app: QApplication, qtbot: QtBot, no_mouse: NoMouse) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    QTest.mouseClick(window, Qt.MouseButton.LeftButton)
    assert QEvent.Type.MouseButtonPress in no_mouse.seen


def test_a_birth_from_the_empty_screen_to_the_printed_receipt(
    qtbot: QtBot, program: Program, no_mouse: NoMouse, tmp_path: Path
) -> None:
    shell = opened(qtbot, program)
    shell.activateWindow()
    hand = Hand(shell, tmp_path / "pictures")
    assert not shell.worklist.newest(limit=5)

    hand.press("Ctrl+N")
    hand.wait(lambda: hand.sees("Tiếp nhận và in phiếu"), "the intake page")
    hand.tab_to("Tên hoặc mã thủ tục")
    hand.write("dang ky khai sinh")
    hand.press("Ctrl+A")
    hand.write(BIRTH)
    hand.settle(150)
    hand.press("Return")
    hand.press("F7")
    hand.scan(CARD)
    hand.fill("Điện thoại", "0903 123 456")
    _tick_what_is_needed(shell, hand)
    hand.press("Ctrl+Return")
    hand.wait(lambda: bool(shell.worklist.newest(limit=1)), "the dossier in the store")
    row = shell.worklist.newest(limit=1)[0].row

    hand.wait(lambda: hand.sees("Lưu PDF"), "the receipt beside the page")
    hand.settle(200)
    paper = tmp_path / "phieu.pdf"

    def type_path() -> None:
        hand.press("Ctrl+A")
        hand.write(str(paper))
        hand.press("Return")

    hand.push("Lưu PDF", then=type_path)
    hand.wait(paper.exists, "the file of the receipt")
    hand.wait(lambda: bool(find_dossier(shell.office, row.id).printed), "the print in the journal")

    dossier = find_dossier(shell.office, row.id)
    assert dossier.state is State.RECEIVED
    assert dossier.owner.name == "Nguyễn Thị Đặng Hường"
    assert dossier.owner.phone.replace(" ", "") == "0903123456"
    assert dossier.code in _text_of(paper)
    assert "Nguyễn Thị Đặng Hường" in _text_of(paper)
    assert no_mouse.seen == []


def _tick_what_is_needed(shell: QWidget, hand: Hand) -> None:
    rows = [row for row in shell.findChildren(CheckRow) if row.isVisible() and "Bắt buộc" in row.status()[0]]
    assert rows
    for row in rows:
        for _ in range(120):
            if QApplication.focusWidget() is row:
                break
            hand.press("Tab")
        assert QApplication.focusWidget() is row
        hand.press("Space")
        assert row.isChecked()


def _text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
