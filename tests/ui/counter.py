"""The intake page at a real desk, driven by keys, for its tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import ComponentLine
from tests.ui.practice_desk import Desk
from ui.devices import WedgeScanner
from ui.pages.receive import ReceivePage
from ui.pages.receive_form import IntakeFields
from ui.tasks import Tasks
from ui.tour.keys import press, type_text

BIRTH = "1.001193"
CARD = (
    "038188004217|171902345|Nguyễn Thị Đặng Hường|14031988|Nữ|"
    "Thôn Đông Hải, xã Tân Hòa, tỉnh Thanh Hóa|25042021"
)


class Counter:
    """A page in a window of its own, with the hands of an officer."""

    def __init__(self, desk: Desk, page: ReceivePage, qtbot: QtBot) -> None:
        self.desk, self.page, self.qtbot = desk, page, qtbot

    @property
    def fields(self) -> IntakeFields:
        return self.page.fields

    def focused(self) -> QWidget:
        widget = self.page.window().focusWidget()
        assert widget is not None
        return widget

    def type(self, text: str) -> None:
        """Letters into whatever has the focus."""
        for letter in text:
            type_text(self.focused(), letter)

    def press(self, *chords: str) -> None:
        for chord in chords:
            press(self.focused(), chord)
            QApplication.processEvents()  # what was added to a layout is shown by a posted event

    def go_to(self, name: str) -> None:
        """Tabs on until the field `name` has the focus."""
        for _ in range(120):
            if self.focused().objectName() in {name, f"{name}_editor"}:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reaches {name}")

    def fill(self, name: str, text: str) -> None:
        self.go_to(name)
        self.type(text)

    def choose_procedure(self, query: str) -> None:
        self.page.fields.procedure.setFocus()
        self.type(query)
        self.press("Return")

    def scan(self, text: str) -> None:
        """F7 (the frame's key), then what a scanner types."""
        self.page.focus_scan()
        self.type(text + "\n")

    def fill_birth(self) -> None:
        """A whole birth registration except the papers."""
        self.choose_procedure("dang ky khai sinh")
        self.scan(CARD)

    def tick_needed(self) -> None:
        for row, line in zip(self.page.fields.components.list.rows(), self._in_view(), strict=True):
            if line.needed and not row.isChecked():
                row.setFocus()
                self.press("Space")

    def settle(self) -> None:
        self.qtbot.waitUntil(self.desk.frame.tasks.is_idle, timeout=30_000)

    def wait_received(self) -> None:
        self.qtbot.waitUntil(lambda: bool(self.desk.frame.done), timeout=30_000)
        self.settle()

    def _in_view(self) -> list[ComponentLine]:
        return sorted(self.page.fields.components.lines(), key=lambda line: not line.needed)


@contextmanager
def counter(
    folder: Path, tasks: Tasks, qtbot: QtBot, size: tuple[int, int] = (1250, 690)
) -> Iterator[Counter]:
    """A counter whose page is shown and has the focus."""
    desk = Desk(folder, tasks)
    page = ReceivePage(desk.frame)
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.activateWindow()
    page.enter()
    made = Counter(desk, page, qtbot)
    made.settle()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    wedge = WedgeScanner(app)  # the frame has one, and this page is always in front
    wedge.scanned.connect(page.take_card)
    yield made
    wedge.end()
    wedge.deleteLater()
    made.settle()
    desk.close()


def grab(widget: QWidget, path: Path) -> None:
    """The picture of a window, on the colour it stands on."""
    QApplication.processEvents()
    widget.grab().save(str(path))


def paper(folder: Path, name: str, colour: str = "#ffffff") -> Path:
    """A scanned page: a real picture file."""
    image = QImage(420, 594, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    for line in range(60, 540, 24):
        for x in range(40, 380):
            image.setPixelColor(x, line, Qt.GlobalColor.darkGray)
    path = folder / name
    assert image.save(str(path))
    return path
