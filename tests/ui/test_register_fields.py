"""A part of the register chosen in the print panel, on a real store: shown, saved as Excel, a paper book."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.register import Span
from onestop.office.work import Worklist
from onestop.printing.workbook import read_workbook
from tests.office_desk import ADMIN, MORNING, RECEPTION, Seat, receive, seated
from tests.printing_samples import page_texts
from tests.town import founded
from tests.ui.test_printing_panel import TakingFrame
from ui.look import apply_look
from ui.printing import PrintPanel
from ui.register_book import BookDialog
from ui.tasks import Tasks
from ui.widgets import Drawer, Field


class AdminFrame(TakingFrame):
    """An administrator changes rows: the window says so and reads the catalogue anew."""

    said: str = ""

    def toast(self, words: str, undo: object = None) -> None:
        self.said = words

    def catalogue_changed(self) -> None:
        pass


@dataclass
class Desk:
    seat: Seat
    frame: AdminFrame
    panel: PrintPanel

    def settle(self, qtbot: QtBot) -> None:
        idle = self.frame.tasks.is_idle
        qtbot.waitUntil(lambda: idle() and self.panel.line.is_idle(), timeout=20_000)

    def text(self) -> str:
        return " ".join(page_texts(self.panel.paper()))


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    """Three dossiers of Friday, two of Monday; an administrator looks."""
    with seated(tmp_path / "store") as seat:
        for _ in range(3):
            receive(seat)
        seat.clock.at = MORNING + timedelta(days=3)
        for _ in range(2):
            receive(seat)
        office = seat.as_(ADMIN)
        frame = AdminFrame(
            office, Worklist(office.store.rows, office.officer, office.catalogue, office.clock), tasks
        )
        drawer = Drawer("print_drawer", "In giấy tờ", 460)
        qtbot.addWidget(drawer)
        panel = PrintPanel(frame, tuple)
        drawer.body.addWidget(panel)
        drawer.resize(460, 690)
        drawer.open_drawer()
        panel.open_register()
        made = Desk(seat, frame, panel)
        made.settle(qtbot)
        yield made
        drawer.hide()
        tasks.shutdown()


def choose_part(desk: Desk, key: str, **texts: str) -> None:
    """As an officer does: a part of the year, then what it begins and ends with."""
    fields = desk.panel.register
    fields.part.set_key(key)
    fields.part.changed.emit()
    for name, text in texts.items():
        field = fields.findChild(Field, name)
        assert field is not None
        assert not field.isHidden()
        field.set_text(text)
        field.left.emit()


def test_parts_of_the_year(desk: Desk, qtbot: QtBot) -> None:
    fields = desk.panel.register
    assert not fields.isHidden()
    assert fields.book.isHidden()
    assert fields.first.isHidden()
    assert "Cộng: 5 hồ sơ." in desk.text()
    choose_part(desk, "numbers", first="2", last="4")
    desk.settle(qtbot)
    assert "(Từ số 2 đến số 4)" in desk.text()
    assert "Cộng: 3 hồ sơ." in desk.text()
    choose_part(desk, "days", first_on="23/11/2026")
    desk.settle(qtbot)
    assert fields.span() == Span(2026, first_on=date(2026, 11, 23))
    assert "Cộng: 2 hồ sơ." in desk.text()
    choose_part(desk, "whole")
    desk.settle(qtbot)
    assert "Cộng: 5 hồ sơ." in desk.text()


@pytest.mark.parametrize(
    ("part", "texts", "name"),
    [
        ("numbers", {"first": "5", "last": "2"}, "last"),
        ("numbers", {"first": "năm"}, "first"),
        ("days", {"first_on": "31/02/2026"}, "first_on"),
        ("days", {"first_on": "23/11/2026", "last_on": "20/11/2026"}, "last_on"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    desk: Desk, part: str, texts: dict[str, str], name: str, qtbot: QtBot
) -> None:
    choose_part(desk, part, **texts)
    field = desk.panel.register.findChild(Field, name)
    assert field is not None
    assert field.error()
    desk.settle(qtbot)
    before = desk.panel.register.span()
    before.require()  # what is shown is still the last part that was asked for rightly


def test_excel(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    choose_part(desk, "numbers", first="4")
    desk.panel.register.save_to(tmp_path / "so.xlsx")
    desk.settle(qtbot)
    assert desk.panel.strip.words() == "Đã lưu so.xlsx, 2 dòng"
    (sheet,) = read_workbook(tmp_path / "so.xlsx")
    assert [line.cell(0).text for line in sheet.lines[2:]] == ["4", "5"]
    assert desk.frame.settings.text("print.folder") == str(tmp_path)


def test_excel_where_nothing_can_be_written(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.panel.register.save_to(tmp_path / "khong-co" / "so.xlsx")
    desk.settle(qtbot)
    assert desk.panel.strip.words().startswith("Không ghi được tệp “so.xlsx”")
    assert desk.panel.register.excel.isEnabled()


def test_a_paper_book(desk: Desk, qtbot: QtBot, pictures: Path, app: QApplication) -> None:
    desk.panel.register.paper_book.click()
    dialog = desk.panel.findChild(BookDialog)
    assert dialog is not None
    desk.settle(qtbot)
    dialog.last.set_text("một trăm")
    dialog.take("yes")
    desk.settle(qtbot)
    assert dialog.last.error()
    dialog.last.set_text("118")
    dialog.name.set_text("II/2026")
    dialog.grab().save(str(pictures / "register_book.png"))
    dialog.take("yes")
    desk.settle(qtbot)
    assert "II/2026" in desk.frame.said
    assert receive(desk.seat).register_no == 119
    assert "Ghi ở sổ giấy trước khi dùng phần mềm" not in desk.text()  # 1 to 5 have dossiers


def test_books_of_other_desks(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """One book is not asked about; a second one is, once its desk has sent something."""
    assert desk.panel.register.book.isHidden()
    with founded(tmp_path / "hub") as town, seated(tmp_path / "second", 2) as second:
        town.join(desk.seat)
        town.join(second)
        receive(second)
        town.push_all(second)
        town.pull(desk.seat)
    desk.panel.open_register()
    desk.settle(qtbot)
    book = desk.panel.register.book
    assert [book.editor.itemText(n) for n in range(book.editor.count())] == ["Tất cả", "01/2026", "02/2026"]
    assert not book.isHidden()
    assert "Cộng: 6 hồ sơ." in desk.text()
    book.set_key("2")
    book.changed.emit()
    desk.settle(qtbot)
    assert "(Năm 2026 – Quyển số: 02/2026)" in desk.text()
    assert "Cộng: 1 hồ sơ." in desk.text()


def test_only_administrators_are_asked_about_paper_books(desk: Desk, qtbot: QtBot) -> None:
    assert not desk.panel.register.paper_book.isHidden()
    desk.frame.office = desk.seat.as_(RECEPTION)
    desk.panel.open_register()
    desk.settle(qtbot)
    assert desk.panel.register.paper_book.isHidden()


def test_a_dossiers_papers_ask_for_no_part(desk: Desk, qtbot: QtBot) -> None:
    desk.panel.open(receive(desk.seat))
    desk.settle(qtbot)
    assert desk.panel.register.isHidden()


def test_pictures(desk: Desk, qtbot: QtBot, pictures: Path, app: QApplication) -> None:
    choose_part(desk, "days", first_on="20/11/2026", last_on="23/11/2026")
    desk.settle(qtbot)
    QTest.qWait(30)
    for theme in ("light", "dark"):
        apply_look(app, theme)
        desk.panel.window().grab().save(str(pictures / f"register_{theme}.png"))
    apply_look(app, "light")
    choose_part(desk, "numbers", first="9", last="4")
    desk.settle(qtbot)
    desk.panel.window().grab().save(str(pictures / "register_error.png"))
