"""The print panel on a real store: real papers, a printer that writes into a file, no other pretence."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import Dossier
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.intake import submit_dossier
from onestop.office.office import Office
from onestop.office.work import Worklist
from onestop.printing import PageImage, page_count, page_images
from onestop.settings import Settings
from tests.office_desk import Seat, form, receive, seated
from tests.printing_samples import page_texts
from ui import look
from ui.keys import bind
from ui.look import apply_look
from ui.printer import FindPrinters, Printer
from ui.printing import PrintPanel
from ui.tasks import Report, Tasks
from ui.trays import FindTrays, Tray, find_trays
from ui.widgets import ComboField, Drawer

BIRTH = "1.001193"
_COARSE = (200, 283)  # letters a dot apart look the same there, other words do not


class TakingFrame:
    """What the shell is to the panel; it keeps what the panel asked of it."""

    def __init__(self, office: Office, worklist: Worklist, tasks: Tasks) -> None:
        self.tasks, self.office, self.worklist = tasks, office, worklist
        self.settings = Settings()
        self.done: list[Done] = []

    def change_setting(self, key: str, value: str | int | bool) -> None:
        self.settings = self.settings.with_value(key, value)

    def go(self, place: str, dossier_id: str = "") -> None:
        raise AssertionError("the panel leads nowhere")

    def tell_done(self, done: Done, undo: Callable[[], None] | None = None, says: bool = True) -> None:
        self.done.append(done)

    def toast(self, words: str, undo: Callable[[], None] | None = None) -> None:
        raise AssertionError("the panel says it itself")

    def catalogue_changed(self) -> None:
        raise AssertionError("a panel changes no catalogue")

    def show_error(self, error: OfficeError) -> None:
        raise AssertionError("the panel says it itself")

    def print_register(self) -> None:
        raise AssertionError("the panel is already there")

    def read_paper(self) -> None:
        raise AssertionError("a panel reads nothing back")

    def print_papers(self, dossier: Dossier, form: str = "01", is_new: bool = False) -> None:
        raise AssertionError("the panel is already there")


@dataclass
class Counter:
    seat: Seat
    frame: TakingFrame
    drawer: Drawer | None = None

    def receive(self, procedure: str = BIRTH) -> Dossier:
        return receive(self.seat, procedure=procedure)


@pytest.fixture
def counter(tmp_path: Path, tasks: Tasks, app: QApplication) -> Iterator[Counter]:
    with seated(tmp_path / "store") as seat:
        office = seat.office
        worklist = Worklist(office.store.rows, office.officer, office.catalogue, office.clock)
        made = Counter(seat, TakingFrame(office, worklist, tasks))
        yield made
        if made.drawer is not None:
            made.drawer.hide()
        tasks.shutdown()


def show(
    counter: Counter, qtbot: QtBot, find: FindPrinters = tuple, trays: FindTrays = find_trays
) -> PrintPanel:
    """The panel in a drawer, as the shell shows it."""
    drawer = Drawer("print_drawer", "In giấy tờ", 460)
    qtbot.addWidget(drawer)
    panel = PrintPanel(counter.frame, find, trays)
    drawer.body.addWidget(panel)
    drawer.resize(460, 690)
    drawer.open_drawer()
    counter.drawer = drawer
    return panel


def settle(panel: PrintPanel, counter: Counter, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: counter.frame.tasks.is_idle() and panel.line.is_idle(), timeout=20_000)


def file_printer(tmp_path: Path) -> Printer:
    """Qt's real way of printing, into a file instead of onto paper."""
    return Printer("HP-Q02", tmp_path / "printed.pdf")


def opened(counter: Counter, qtbot: QtBot, printer: Printer) -> tuple[PrintPanel, Dossier]:
    dossier = counter.receive()
    panel = show(counter, qtbot, lambda: (printer, Printer("Canon LBP 2900")))
    panel.open(dossier)
    settle(panel, counter, qtbot)
    return panel, dossier


def choose(field: ComboField, key: str) -> None:
    """As an officer does: the field says that it was changed."""
    field.set_key(key)
    field.changed.emit()


def near(one: PageImage, other: PageImage) -> float:
    """Mean difference of two pictures, 0 to 255."""
    left, right = (
        Image.frombytes("RGB", (page.width, page.height), page.bgrx, "raw", "BGRX")
        .convert("L")
        .resize(_COARSE)
        for page in (one, other)
    )
    return float(ImageStat.Stat(ImageChops.difference(left, right)).mean[0])


@pytest.mark.parametrize(("size", "wide", "high"), [("A5", 148, 210), ("A4", 210, 297)])
def test_what_is_shown_is_what_comes_out(
    counter: Counter, qtbot: QtBot, tmp_path: Path, size: str, wide: int, high: int
) -> None:
    printer = file_printer(tmp_path)
    panel, dossier = opened(counter, qtbot, printer)
    choose(panel.sheet, size)
    settle(panel, counter, qtbot)
    shown = panel.paper()
    assert panel.preview.pages.count() == page_count(shown) == 2
    panel.print_button.click()
    settle(panel, counter, qtbot)
    assert printer.path is not None
    printed = printer.path.read_bytes()
    assert page_count(printed) == 2
    for sheet, paper in zip(page_images(printed, 100), page_images(shown, 100), strict=True):
        assert sheet.width == pytest.approx(wide / 25.4 * 100, abs=2)
        assert sheet.height == pytest.approx(high / 25.4 * 100, abs=2)
        assert near(sheet, paper) < 4.5
        assert near(blank(size), paper) > 12
    assert panel.strip.words() == "Đã gửi tới HP-Q02"
    assert panel.strip.link().text() == "In lại"
    assert [done.dossier.id for done in counter.frame.done] == [dossier.id]
    assert [paper.form for paper in counter.frame.done[0].dossier.printed] == ["01"]


def blank(size: str) -> PageImage:
    wide, high = {"A5": (583, 827), "A4": (827, 1170)}[size]
    return PageImage(wide, high, bytes([255]) * wide * high * 4)


def test_second_print_says_so_and_a_correction_names_what_it_replaces(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, dossier = opened(counter, qtbot, file_printer(tmp_path))
    assert "In lại" not in words_of(panel.paper())
    panel.print()
    settle(panel, counter, qtbot)
    assert "in lại lần 1" in panel.preview.caption()
    assert "(In lại lần 1, lúc 20/11/2026" in words_of(panel.paper())
    panel.strip.link().click()
    settle(panel, counter, qtbot)
    assert "(In lại lần 2" in words_of(panel.paper())
    subject = replace(dossier.subject, content="Đăng ký khai sinh cho con thứ hai")
    deeds.correct(counter.frame.office, dossier.id, subject, "Ghi nhầm nội dung")
    panel.reload(dossier.id)
    settle(panel, counter, qtbot)
    assert "thay thế giấy cấp lúc 20/11/2026" in panel.preview.caption()
    assert "(Thay thế giấy cấp lúc 20/11/2026" in words_of(panel.paper())


def words_of(pdf: bytes) -> str:
    return " ".join(page_texts(pdf))


def test_without_a_printer_the_paper_is_shown_and_saved(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    dossier = counter.receive()
    counter.frame.change_setting("print.folder", str(tmp_path))
    panel = show(counter, qtbot)
    panel.open(dossier)
    settle(panel, counter, qtbot)
    assert not panel.print_button.isEnabled()
    assert panel.printer.editor.accessibleDescription().startswith("Máy này chưa cài máy in nào")
    panel.print()
    assert panel.line.is_idle(), "where there is no printer, printing means a PDF"
    (dialog,) = panel.findChildren(QFileDialog)
    (suggested,) = dialog.selectedFiles()
    assert Path(suggested) == tmp_path / f"{dossier.code} Giấy tiếp nhận.pdf"
    shown = panel.paper()
    dialog.accept()
    settle(panel, counter, qtbot)
    assert (tmp_path / f"{dossier.code} Giấy tiếp nhận.pdf").read_bytes() == shown
    assert dossier.owner.name in words_of(shown)
    assert panel.strip.words() == f"Đã lưu {dossier.code} Giấy tiếp nhận.pdf"
    assert len(counter.frame.done) == 1


def test_a_file_that_cannot_be_written_is_said_and_not_noted(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, _ = opened(counter, qtbot, file_printer(tmp_path))
    panel.save_to(tmp_path / "no such folder" / "a.pdf")
    settle(panel, counter, qtbot)
    assert "Không lưu được tệp PDF" in panel.strip.words()
    assert not counter.frame.done
    assert panel.paper()


def test_a_printer_that_is_gone_is_said_and_not_noted(counter: Counter, qtbot: QtBot, tmp_path: Path) -> None:
    panel, _ = opened(counter, qtbot, Printer("Máy in tầng 3"))
    panel.print()
    settle(panel, counter, qtbot)
    assert panel.strip.words().startswith("Máy in Máy in tầng 3 không nhận bản in")
    assert not counter.frame.done


def test_a_slow_print_system_holds_up_nobody(counter: Counter, qtbot: QtBot) -> None:
    answer = Event()

    def slow() -> tuple[Printer, ...]:
        answer.wait(20)
        return (Printer("HP-Q02"),)

    panel = show(counter, qtbot, slow)
    panel.open(counter.receive())
    qtbot.waitUntil(lambda: panel.preview.pages.count() == 2, timeout=10_000)
    assert panel.printer.editor.currentText() == "Đang tìm máy in…"
    assert panel.save_button.isEnabled()
    assert not panel.print_button.isEnabled()
    answer.set()
    settle(panel, counter, qtbot)
    assert panel.printer.key() == "HP-Q02"
    assert panel.print_button.isEnabled()


def test_a_printer_that_was_taken_away_is_named_and_another_offered(counter: Counter, qtbot: QtBot) -> None:
    counter.frame.change_setting("print.receipt_printer", "Máy in cũ")
    panel = show(counter, qtbot, lambda: (Printer("HP-Q02"),))
    panel.open(counter.receive())
    assert panel.printer.key() == "Máy in cũ", "usable before the system has answered"
    settle(panel, counter, qtbot)
    assert panel.printer.key() == "HP-Q02"
    assert "Không thấy Máy in cũ" in panel.printer.editor.accessibleDescription()
    assert counter.frame.settings.text("print.receipt_printer") == "Máy in cũ", "only a choice is remembered"


def test_nothing_of_the_print_system_is_touched_before_it_is_asked_for() -> None:
    program = (
        "import sys; import ui.printing; from PySide6.QtWidgets import QApplication; a = QApplication([]);"
        "sys.exit('PySide6.QtPrintSupport' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_cancelled_printing_leaves_no_half_paper(counter: Counter, qtbot: QtBot, tmp_path: Path) -> None:
    printer = file_printer(tmp_path)
    panel, _ = opened(counter, qtbot, printer)
    reports: list[Report] = []
    panel.line.moved.connect(lambda _, report: reports.append(report))
    panel.line.moved.connect(lambda *_: panel.strip.stop().click())
    panel.print()
    settle(panel, counter, qtbot)
    assert [report.words for report in reports] == ["trang 1/2"]
    assert panel.strip.words().startswith("Đã huỷ in H56")
    assert printer.path is not None
    assert not printer.path.exists()
    assert not counter.frame.done
    assert "In lại" not in words_of(panel.paper())


def test_each_kind_remembers_its_printer_sheet_and_copies(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, dossier = opened(counter, qtbot, file_printer(tmp_path))
    choose(panel.sheet, "A4")
    choose(panel.copies, "1")
    choose(panel.printer, "Canon LBP 2900")
    choose(panel.kind, "06")
    settle(panel, counter, qtbot)
    assert (panel.printer.key(), panel.sheet.key(), panel.copies.key()) == ("HP-Q02", "A4", "1")
    assert panel.on_receive.isHidden()
    assert "PHIẾU KIỂM SOÁT" in words_of(panel.paper())
    choose(panel.copies, "2")
    panel.print()
    settle(panel, counter, qtbot)
    assert page_count((tmp_path / "printed.pdf").read_bytes()) == 2 * page_count(panel.paper())
    panel.open(dossier)
    settle(panel, counter, qtbot)
    assert (panel.printer.key(), panel.sheet.key(), panel.copies.key()) == ("Canon LBP 2900", "A4", "1")
    assert page_count(panel.paper()) == 1
    assert counter.frame.settings.changed() == {
        "print.receipt_size": "A4",
        "print.receipt_copies": 1,
        "print.receipt_printer": "Canon LBP 2900",
        "print.slip_printer": "HP-Q02",
        "print.slip_copies": 2,
    }


def test_each_kind_remembers_its_tray_and_a_printer_without_trays_asks_nothing(
    counter: Counter, qtbot: QtBot
) -> None:
    def trays(printer: Printer) -> tuple[Tray, ...]:
        return (Tray("slot:1", "Khay 1"), Tray("slot:2", "Khay 2")) if printer.name == "HP-Q02" else ()

    panel = show(counter, qtbot, lambda: (Printer("HP-Q02"), Printer("Canon LBP 2900")), trays)
    panel.open(counter.receive())
    settle(panel, counter, qtbot)
    assert not panel.tray.isHidden()
    assert panel.fields.tray_chosen() == ""
    choose(panel.tray, "slot:2")
    choose(panel.kind, "06")
    settle(panel, counter, qtbot)
    assert panel.fields.tray_chosen() == "", "another kind lies in another tray"
    choose(panel.kind, "01")
    settle(panel, counter, qtbot)
    assert panel.fields.tray_chosen() == "slot:2"
    choose(panel.printer, "Canon LBP 2900")
    settle(panel, counter, qtbot)
    assert panel.tray.isHidden()
    assert panel.fields.tray_chosen() == ""


def test_only_papers_that_there_are_can_be_chosen(counter: Counter, qtbot: QtBot) -> None:
    panel = show(counter, qtbot)
    dossier = counter.receive()
    panel.open(dossier, "02")
    settle(panel, counter, qtbot)
    assert panel.kind.key() == "01", "no supplement was asked for"
    assert panel.kind.editor.findData("02") < 0
    asked = deeds.request_supplement(counter.frame.office, dossier.id, ("Tờ khai",), "Thiếu tờ khai.")
    panel.reload(dossier.id)
    settle(panel, counter, qtbot)
    assert panel.kind.key() == "01", "what was chosen stays"
    assert panel.kind.editor.findData("02") > 0, "and what has come can be chosen"
    panel.open(asked.dossier, "02")
    settle(panel, counter, qtbot)
    assert panel.kind.key() == "02"
    assert "PHIẾU YÊU CẦU BỔ SUNG" in words_of(panel.paper())
    assert "TT 03/2025" in panel.preview.caption()
    submitted = submit_dossier(counter.frame.office, form()).dossier
    panel.open(submitted)
    settle(panel, counter, qtbot)
    assert panel.strip.words().startswith("Hồ sơ này chưa có giấy nào để in")
    assert panel.paper() == b""
    assert not panel.print_button.isEnabled()
    panel.print()
    assert panel.line.is_idle()


def test_a_voided_receipt_is_followed_by_one_without_a_mark(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, dossier = opened(counter, qtbot, file_printer(tmp_path))
    panel.print()
    settle(panel, counter, qtbot)
    assert "in lại lần 1" in panel.preview.caption()
    spoiled = counter.frame.done[0].dossier.printed[0]
    deeds.void_paper(counter.frame.office, dossier.id, spoiled.entry, "Kẹt giấy")
    panel.reload(dossier.id)
    settle(panel, counter, qtbot)
    assert "in lại" not in panel.preview.caption()
    assert "In lại" not in words_of(panel.paper())


def test_a_new_receipt_is_printed_at_once_when_the_officer_wants_that(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    printer = file_printer(tmp_path)
    panel = show(counter, qtbot, lambda: (printer,))
    panel.open(counter.receive(), is_new=True)
    settle(panel, counter, qtbot)
    assert not counter.frame.done, "no printer was ever chosen: the officer is asked first"
    panel.print()
    settle(panel, counter, qtbot)
    panel.open(counter.receive(), is_new=True)
    settle(panel, counter, qtbot)
    assert len(counter.frame.done) == 2
    panel.on_receive.click()
    panel.open(counter.receive(), is_new=True)
    settle(panel, counter, qtbot)
    assert len(counter.frame.done) == 2


def test_ctrl_p_and_ctrl_s_are_the_panels_own_while_it_has_the_focus(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, _ = opened(counter, qtbot, file_printer(tmp_path))
    asked: list[str] = []
    bind(panel.window(), "print_panel", lambda: asked.append("window"))
    panel.window().activateWindow()
    panel.preview.pages.setFocus()
    QTest.keyClick(panel.preview.pages, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle(panel, counter, qtbot)
    assert not asked
    assert len(counter.frame.done) == 1


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_paper_is_white_in_every_theme(
    counter: Counter, qtbot: QtBot, tmp_path: Path, app: QApplication, theme: str
) -> None:
    apply_look(app, theme)
    panel, _ = opened(counter, qtbot, file_printer(tmp_path))
    view = panel.preview.pages
    picture = view.viewport().grab().toImage()
    corner = picture.pixelColor(look.px(16) + 6, look.px(16) + 6)
    assert corner.name() == "#ffffff"
    assert picture.pixelColor(4, 4).name() == look.colour("window").name()


def test_zoomed_pages_are_drawn_anew_and_keep_their_size(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    panel, _ = opened(counter, qtbot, file_printer(tmp_path))
    view = panel.preview.pages
    assert view.zoom() == 1
    fitting = view.page_width()
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom() == pytest.approx(1.25, abs=0.01)
    with qtbot.waitSignal(panel.preview.shown, timeout=30_000):
        pass
    assert view.page_width() == pytest.approx(fitting * 1.25, abs=1)
    assert view.zoom() == pytest.approx(1, abs=0.01), "a picture pixel on each pixel of the screen"
    QTest.keyClick(view, Qt.Key.Key_0)
    settle(panel, counter, qtbot)
    assert view.page_width() == fitting


class CancelWhenMoving(QObject):
    """Clicks "Huỷ" the moment it is there, once; keeps what stood beside it."""

    def __init__(self, panel: PrintPanel) -> None:
        super().__init__(panel)
        self.words = ""
        self._panel = panel
        panel.strip.stop().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and not self.words:
            self.words = self._panel.strip.words()
            self._panel.strip.stop().click()
        return False


def test_register_of_a_year_is_shown_cancelled_and_saved(
    counter: Counter, qtbot: QtBot, tmp_path: Path
) -> None:
    codes = [counter.receive().code for _ in range(80)]
    panel = show(counter, qtbot)
    watch = CancelWhenMoving(panel)
    panel.open_register()
    settle(panel, counter, qtbot)
    assert watch.words.startswith("Đang lập sổ: trang ")
    assert panel.strip.words() == "Đã huỷ, chưa lập xong."
    assert panel.preview.pages.count() == 0
    panel.strip.link().click()
    settle(panel, counter, qtbot)
    pages = page_count(panel.paper())
    assert pages > 6
    assert panel.preview.pages.count() == 6
    assert panel.preview.caption() == f"{pages} trang · A4 ngang · xem trước 6 trang đầu"
    panel.save_to(tmp_path / "sổ.pdf")
    settle(panel, counter, qtbot)
    text = "".join(words_of((tmp_path / "sổ.pdf").read_bytes()).split())
    assert all(code in text for code in codes)
    assert not counter.frame.done
    assert panel.paper(), "no reprint: it need not be made again"


def test_pictures_of_the_panel(
    counter: Counter, qtbot: QtBot, tmp_path: Path, pictures: Path, app: QApplication
) -> None:
    panel, _ = opened(counter, qtbot, file_printer(tmp_path))
    for theme in ("light", "dark"):
        apply_look(app, theme)
        panel.window().grab().save(str(pictures / f"print_{theme}.png"))
    apply_look(app, "light")
    panel.print()
    settle(panel, counter, qtbot)
    panel.window().grab().save(str(pictures / "print_sent.png"))
    panel.line.moved.connect(lambda *_: panel.window().grab().save(str(pictures / "print_moving.png")))
    choose(panel.copies, "1")
    settle(panel, counter, qtbot)
    panel.print()
    settle(panel, counter, qtbot)
    panel.open_register()
    settle(panel, counter, qtbot)
    panel.window().grab().save(str(pictures / "print_register.png"))
    bare = show(counter, qtbot)
    bare.open(counter.receive())
    settle(bare, counter, qtbot)
    bare.window().grab().save(str(pictures / "print_bare.png"))
