"""Papers of several dossiers in one go: from the queue, on a real store, into files instead of onto paper."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import Dossier
from onestop.office import deeds
from onestop.office.deeds import find_dossier
from onestop.printing import page_count
from tests.ui.practice_desk import MARITAL_STATUS, Desk, settle
from tests.ui.test_printing_panel import choose, words_of
from ui.print_many import PrintMany
from ui.printer import Printer
from ui.tasks import Tasks
from ui.trays import Tray

NO_TRAYS: tuple[Tray, ...] = ()


class Pulse(QObject):
    """How long the window's loop was away at most, in milliseconds."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest, self._last = 0.0, perf_counter()
        self._timer = QTimer(self, interval=1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, (now - self._last) * 1000), now


@pytest.fixture
def desk(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Desk]:
    made = Desk(tmp_path / "store", tasks)
    yield made
    tasks.shutdown()
    made.close()


class Table:
    """Opens the dialog over a window, as the queue does, and waits for it."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot, self.window = desk, qtbot, QWidget()
        qtbot.addWidget(self.window)
        self.window.show()

    def open(self, dossiers: Sequence[Dossier], *printers: Printer) -> PrintMany:
        ids = [dossier.id for dossier in dossiers]
        dialog = PrintMany(self.window, self.desk.frame, ids, lambda: printers, lambda _: NO_TRAYS)
        dialog.open()
        settle(self.desk, self.qtbot)
        return dialog

    def end(self, dialog: PrintMany) -> None:
        is_idle = self.desk.frame.tasks.is_idle
        self.qtbot.waitUntil(lambda: not dialog.batch.is_going() and is_idle(), timeout=60_000)

    def receive(self, count: int) -> list[Dossier]:
        return [self.desk.receive(MARITAL_STATUS) for _ in range(count)]

    def forms_of(self, dossier: Dossier) -> list[str]:
        return [one.form for one in find_dossier(self.desk.office, dossier.id).printed]


@pytest.fixture
def table(desk: Desk, qtbot: QtBot) -> Table:
    return Table(desk, qtbot)


def test_every_paper_comes_out_and_is_in_its_journal(table: Table, tmp_path: Path) -> None:
    dossiers = table.receive(3)
    dialog = table.open(dossiers)
    assert not dialog.print_button.isEnabled(), "no printer: papers become files"
    assert dialog.save_button.isEnabled()
    dialog.save_to(tmp_path)
    table.end(dialog)
    assert dialog.summary() == "Đã in 3 hồ sơ."
    files = sorted(path.name for path in tmp_path.glob("*.pdf"))
    assert files == sorted(f"{dossier.code} Giấy tiếp nhận.pdf" for dossier in dossiers)
    for dossier in dossiers:
        path = tmp_path / f"{dossier.code} Giấy tiếp nhận.pdf"
        assert dossier.code in words_of(path.read_bytes())
        assert table.forms_of(dossier) == ["01"]
    assert dialog.print_button.isHidden(), "nothing is left to print"


def test_what_fails_is_told_stops_no_other_and_is_tried_again(table: Table, tmp_path: Path) -> None:
    first, spoiled, last = dossiers = table.receive(3)
    dialog, folder = table.open(dossiers), tmp_path / "in"
    folder.mkdir()
    dialog.batch.moved.connect(lambda item, _: _unplug(folder, item.id == spoiled.id))
    dialog.save_to(folder)
    table.end(dialog)
    assert dialog.summary() == "Đã in 2 hồ sơ, còn 1 hồ sơ chưa in."
    assert dialog.missed.item(0).text().startswith(f"{spoiled.code} · {spoiled.owner.name}: Không lưu được")
    assert [table.forms_of(each) for each in (first, spoiled, last)] == [["01"], [], ["01"]]
    dialog.batch.moved.disconnect()
    choose(dialog.fields.copies, "1")
    assert dialog.list.count() == 1, "what is out already is not printed a second time"
    dialog.save_to(folder)
    table.end(dialog)
    assert dialog.summary() == "Đã in 1 hồ sơ."
    assert [table.forms_of(each) for each in dossiers] == [["01"]] * 3


def _unplug(folder: Path, is_away: bool) -> None:
    """The folder is gone while one paper is written, as a network drive may be."""
    away = folder.with_name("away")
    if is_away and folder.exists():
        folder.rename(away)
    elif not is_away and away.exists():
        away.rename(folder)


def test_stopped_half_way_the_rest_is_still_offered(table: Table, tmp_path: Path) -> None:
    dossiers = table.receive(4)
    dialog = table.open(dossiers)
    dialog.batch.passed.connect(lambda _: dialog.put_away())
    dialog.save_to(tmp_path)
    table.end(dialog)
    assert dialog.isVisible(), "the first Esc stops, the second closes"
    out = [dossier for dossier in dossiers if table.forms_of(dossier)]
    assert [dossier.id for dossier in out] == [dossiers[0].id]
    assert len(list(tmp_path.glob("*.pdf"))) == 1
    assert dialog.list.count() == 3
    assert "còn 3 hồ sơ chưa in" in dialog.summary()
    dialog.put_away()
    assert dialog.isHidden()


def test_dossiers_without_that_paper_are_named(table: Table, tmp_path: Path) -> None:
    plain, refused = table.receive(2)
    office = table.desk.office
    deeds.request_supplement(office, refused.id, ("Tờ khai",), "Thiếu tờ khai.")
    dialog = table.open([plain, refused])
    choose(dialog.fields.kind, "02")
    assert dialog.list.count() == 1
    assert dialog.missed.item(0).text() == f"{plain.code} · {plain.owner.name}: chưa có giấy này"
    dialog.save_to(tmp_path)
    table.end(dialog)
    assert (table.forms_of(plain), table.forms_of(refused)) == ([], ["02"])


def test_one_list_of_several_dossiers_is_noted_in_each(table: Table, tmp_path: Path) -> None:
    dossiers = table.receive(3)
    dialog = table.open(dossiers)
    choose(dialog.fields.kind, "DS+")
    assert "1 giấy chung 3 hồ sơ" in dialog.print_button.text()
    dialog.save_to(tmp_path)
    table.end(dialog)
    (path,) = tmp_path.glob("*.pdf")
    words = words_of(path.read_bytes())
    assert all(dossier.code in words for dossier in dossiers)
    assert [table.forms_of(dossier) for dossier in dossiers] == [["DS"]] * 3


@pytest.mark.slow
def test_thirty_receipts_are_printed_while_the_window_answers(table: Table, tmp_path: Path) -> None:
    """Pages of pictures at 300 dpi, as a printer gets them. The bench has the exact figure."""
    dossiers = table.receive(30)
    printer = Printer("HP-Q02", tmp_path / "printed.pdf")
    dialog = table.open(dossiers, printer)
    assert dialog.print_button.isEnabled()
    choose(dialog.fields.copies, "1")
    pulse = Pulse(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    table.end(dialog)
    assert dialog.summary() == "Đã in 30 hồ sơ."
    assert [table.forms_of(dossier) for dossier in dossiers] == [["01"]] * 30
    assert page_count((tmp_path / "printed.pdf").read_bytes()) == 1
    print(f"the window was away for {pulse.longest:.0f} ms at most")
    assert pulse.longest < 2000, "what it is on a quiet machine stands in the bench"
