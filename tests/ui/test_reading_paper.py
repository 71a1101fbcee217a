"""A printed paper comes back: scanned, dropped as a picture, or chosen as a file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.dossier import Dossier
from onestop.domain.proof import MARK
from onestop.domain.state import State
from onestop.domain.template import Facts
from onestop.office.correcting import correct_dossier
from onestop.office.deeds import find_dossier, void_paper
from onestop.office.paper_facts import Asked, receipt_facts
from onestop.office.papers import note_printed, paper_pdf
from onestop.office.proving import proven
from onestop.office.work import Worklist
from onestop.store.glance import Glance
from onestop.store.vault import load_key
from tests.office_desk import RECEPTION, Seat, reach, receive, seated
from tests.ui.test_devices import Hands
from tests.ui.test_transfer_window import CounterFrame, slip_of, words_in
from ui.look import apply_look
from ui.pages.hand_out import HandOutPage
from ui.paper_window import PaperWindow
from ui.reading import PaperReading
from ui.scan_route import ScanRoute
from ui.scanners import DeskScanner
from ui.tasks import Tasks


class Counter:
    """A window with a page in front, its scanner, and the hands that drop files on it."""

    def __init__(self, qtbot: QtBot, seat: Seat, tasks: Tasks) -> None:
        self.seat, self.qtbot = seat, qtbot
        self.office = seat.as_(RECEPTION)
        self.glance = Glance(seat.folder / "onestop.db", load_key(seat.folder))
        worklist = Worklist(self.glance.rows, self.office.officer, self.office.catalogue, seat.clock)
        self.frame = CounterFrame(self.office, worklist, tasks)
        self.window = QWidget()
        self.window.resize(1250, 690)
        qtbot.addWidget(self.window)
        self.window.show()
        self.frame.page = self.window
        self.route = ScanRoute(self.window, self.frame)  # type: ignore[arg-type]  # a page is a widget
        self.reading = PaperReading(self.window, self.frame, self.route)  # type: ignore[arg-type]  # as above

    def settle(self) -> None:
        self.qtbot.waitUntil(self.frame.tasks.is_idle, timeout=30_000)

    def scan(self, text: str) -> None:
        self.route.take(text)
        self.settle()

    def drop(self, *paths: Path) -> bool:
        """Whether the window takes it."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left, plain = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter = QDragEnterEvent(QPoint(9, 9), copy, mime, left, plain)
        QApplication.sendEvent(self.window, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(self.window, QDropEvent(QPoint(9, 9), copy, mime, left, plain))
        self.settle()
        return True

    def paper_window(self) -> PaperWindow | None:
        return next((w for w in self.window.findChildren(PaperWindow) if w.isVisible()), None)


@pytest.fixture
def counter(app: QApplication, qtbot: QtBot, tasks: Tasks, tmp_path: Path) -> Iterator[Counter]:
    with seated(tmp_path / "here") as seat:
        made = Counter(qtbot, seat, tasks)
        yield made
        made.settle()
        made.glance.close()


def printed(counter: Counter, dossier: Dossier) -> Facts:
    """The receipt as it is now, its printing noted."""
    now = find_dossier(counter.office, dossier.id)
    facts = proven(counter.office, now, "01", receipt_facts(Asked(counter.office, now, ())))
    note_printed(counter.office, now, "01", 2)
    return facts


def voided(counter: Counter, dossier: Dossier) -> str:
    text = printed(counter, dossier).proof
    void_paper(
        counter.office, dossier.id, find_dossier(counter.office, dossier.id).printed[0].entry, "Kẹt giấy"
    )
    return text


def test_a_genuine_paper_leads_straight_to_its_dossier(counter: Counter) -> None:
    dossier = receive(counter.seat)
    facts = printed(counter, dossier)
    counter.scan(facts.proof)
    assert counter.frame.gone == [("dossier", dossier.id)]
    assert "Giấy thật" in counter.frame.toasts[-1]
    assert facts.fields["check"] in counter.frame.toasts[-1]
    assert counter.paper_window() is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_of_a_voided_paper_the_officer_is_told_first(
    counter: Counter, app: QApplication, pictures: Path, theme: str
) -> None:
    apply_look(app, theme)
    dossier = receive(counter.seat)
    counter.scan(voided(counter, dossier))
    window = counter.paper_window()
    assert window is not None
    assert window.grab().save(str(pictures / f"paper_window_{theme}.png"))
    shown = words_in(window)
    for words in ("Giấy đã huỷ", dossier.code, dossier.owner.name, "Quầy 01", "30/11/2026 16:30", "Kẹt giấy"):
        assert words in shown
    assert counter.frame.gone == []
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)
    assert counter.paper_window() is None
    assert counter.frame.gone == [("dossier", dossier.id)]


def test_esc_leaves_the_word_and_another_scan_takes_its_place(counter: Counter) -> None:
    first, second = receive(counter.seat), receive(counter.seat)
    texts = [voided(counter, each) for each in (first, second)]
    counter.scan(texts[0])
    counter.scan(texts[1])
    window = counter.paper_window()
    assert window is not None
    assert second.code in words_in(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert counter.paper_window() is None
    assert counter.frame.gone == []


def test_a_replaced_paper_is_told_apart(counter: Counter) -> None:
    dossier = receive(counter.seat)
    old = printed(counter, dossier)
    owner = replace(dossier.subject.owner, name="Lò Thị Đước")
    correct_dossier(counter.office, dossier.id, replace(dossier.subject, owner=owner), "Viết sai tên")
    counter.scan(old.proof)
    window = counter.paper_window()
    assert window is not None
    assert "đã được thay thế" in words_in(window)


def test_a_paper_of_strangers_opens_nothing(counter: Counter, tmp_path: Path) -> None:
    with seated(tmp_path / "there", 2) as other:
        office = other.as_(RECEPTION)
        dossier = receive(other)
        facts = proven(office, dossier, "01", receipt_facts(Asked(office, dossier, ())))
    counter.scan(facts.proof)
    window = counter.paper_window()
    assert window is not None
    assert "Không xác nhận được" in words_in(window)
    assert list(window.buttons) == [""]
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)
    assert counter.frame.gone == []
    counter.scan(MARK + "12")
    assert counter.frame.errors[-1].title == "Mã này không phải mã kiểm tra của giấy"


def test_a_dropped_pdf_or_picture_opens_its_dossier(counter: Counter, tmp_path: Path) -> None:
    dossier = receive(counter.seat)
    path = tmp_path / "Quét 0001.PDF"
    path.write_bytes(paper_pdf(counter.office, dossier.id, "01", "A5", 1))
    note_printed(counter.office, dossier, "01", 1)
    assert counter.drop(path)
    assert counter.frame.gone == [("dossier", dossier.id)]
    assert not counter.drop(tmp_path / "bang-tinh.xlsx")


def test_bars_alone_a_slip_and_an_empty_page_go_their_ways(counter: Counter, tmp_path: Path) -> None:
    dossier = receive(counter.seat)
    counter.route.take_paper_codes(["chữ khác", dossier.code])
    counter.settle()
    assert counter.frame.gone == [("dossier", dossier.id)]
    counter.route.take_paper_codes(["chữ khác"])
    assert "không phải của hồ sơ nào" in counter.frame.toasts[-1]
    _, slip = slip_of(counter.seat)
    counter.route.take_paper_codes([dossier.code, slip])
    counter.settle()
    assert "không gửi đến cơ quan này" in counter.frame.errors[-1].title
    counter.route.take_paper_codes([slip, printed(counter, dossier).proof])
    counter.settle()
    assert counter.frame.gone == [("dossier", dossier.id)] * 2
    empty = tmp_path / "trang.png"
    counter.window.grab().save(str(empty))
    assert counter.drop(empty)
    assert counter.frame.errors[-1].title == "Không thấy mã nào trên bản quét"


@pytest.mark.parametrize(
    ("name", "title"), [("không-có.pdf", "Không mở được tệp"), ("hỏng.pdf", "Không đọc được tệp PDF")]
)
def test_files_that_cannot_be_read_are_said(counter: Counter, tmp_path: Path, name: str, title: str) -> None:
    (tmp_path / "hỏng.pdf").write_bytes(b"%PDF-1.7 x")
    assert counter.drop(tmp_path / name)
    assert counter.frame.errors[-1].title == title


def test_a_locked_window_takes_nothing(counter: Counter, tmp_path: Path) -> None:
    text = printed(counter, receive(counter.seat)).proof
    counter.frame.page = None
    counter.scan(text)
    assert not counter.drop(tmp_path / "a.pdf")
    counter.reading.choose()
    assert counter.window.findChild(QFileDialog) is None
    assert counter.frame.gone == []


def test_ctrl_o_asks_for_the_file(counter: Counter, tmp_path: Path) -> None:
    dossier = receive(counter.seat)
    path = tmp_path / "giay.pdf"
    path.write_bytes(paper_pdf(counter.office, dossier.id, "06", "A4"))
    note_printed(counter.office, dossier, "06", 1)
    with counter.qtbot.waitActive(counter.window):
        counter.window.activateWindow()
    QTest.keyClick(counter.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = counter.window.findChild(QFileDialog, "read_paper_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    counter.settle()
    dialog.close()
    assert counter.frame.gone == [("dossier", dossier.id)]


def test_a_typed_paper_never_reaches_the_field(app: QApplication, qtbot: QtBot, counter: Counter) -> None:
    text = printed(counter, receive(counter.seat)).proof
    line = QLineEdit("đang gõ dở")
    qtbot.addWidget(line)
    with qtbot.waitActive(line):
        line.show()
        line.activateWindow()
    line.setFocus()
    hands, heard = Hands(), list[str]()
    scanner = DeskScanner(app, hands.clock)
    scanner.scanned.connect(heard.append)
    hands.type(line, text + "\r", gap=0.004)
    scanner.end()
    assert heard == [text]
    assert line.text() == "đang gõ dở"


@pytest.mark.parametrize("is_good", [True, False])
def test_on_the_page_of_handing_out_a_paper_chooses_its_line(counter: Counter, is_good: bool) -> None:
    seat = counter.seat
    idents = [reach(seat, State.COMPLETED) for _ in range(2)]
    dossier = find_dossier(seat.office, idents[1])
    text = printed(counter, dossier).proof if is_good else voided(counter, dossier)
    page = HandOutPage(counter.frame)
    counter.qtbot.addWidget(page)
    page.show()
    page.enter()
    counter.settle()
    page.table.select(idents[0])
    counter.settle()
    page.box.setText(text)
    QTest.keyClick(page.box, Qt.Key.Key_Return)
    counter.settle()
    assert page.table.current_id() == dossier.id
    assert ("Giấy thật" if is_good else "Giấy đã huỷ") in words_in(page)
    counter.frame.page = page
    page.table.select(idents[0])
    counter.scan(text)
    assert page.table.current_id() == dossier.id
    assert counter.frame.gone == []
