"""A slip that is scanned at the other agency: whatever page is in front, the form to take the folder in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.domain.dossier import Dossier
from onestop.domain.fold import Verdict, fold
from onestop.domain.settle import Standing
from onestop.domain.slip import MARK, pack_slip, slip_digits
from onestop.domain.state import State
from onestop.office import deeds
from onestop.office.deeds import find_dossier
from onestop.office.office import Office
from onestop.office.timeline import read_timeline
from onestop.office.transfer import transfer_out
from onestop.office.work import Worklist
from onestop.store.check import rebuild_store
from onestop.store.glance import Glance
from onestop.store.journal import read_journal
from onestop.store.tables import devices, entries
from onestop.store.vault import load_key
from tests.office_desk import (
    NEIGHBOUR,
    RECEPTION,
    SPECIALIST,
    Seat,
    reach,
    receive,
    seated,
)
from tests.test_transfer_slip import seat_of_neighbour
from tests.ui.practice_desk import DeskFrame
from tests.ui.test_devices import Hands
from ui.acts.between import SlipInForm
from ui.pages.dossier_words import holder_words, main_act, notices
from ui.scan_route import ScanRoute
from ui.scanners import DeskScanner
from ui.slip_window import SlipWindow
from ui.tasks import Tasks


class CounterFrame(DeskFrame):
    """With a page in front, as the shell has one; None while it is locked."""

    page: QWidget | None = None

    def front(self) -> QWidget | None:
        return self.page


class Counter:
    """The receiving agency: its desk, its window, its scanner."""

    def __init__(self, qtbot: QtBot, seat: Seat, tasks: Tasks) -> None:
        self.seat, self.qtbot = seat, qtbot
        self.glance = Glance(seat.folder / "onestop.db", load_key(seat.folder))
        office = seat.as_(RECEPTION)
        worklist = Worklist(self.glance.rows, office.officer, office.catalogue, seat.clock)
        self.frame = CounterFrame(office, worklist, tasks)
        self.window = QWidget()
        self.line = QLineEdit(self.window)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        self.line.setFocus()
        self.frame.page = self.window
        self.route = ScanRoute(self.window, self.frame)  # type: ignore[arg-type]  # a page is a widget

    def settle(self) -> None:
        self.qtbot.waitUntil(self.frame.tasks.is_idle, timeout=30_000)

    def scan(self, text: str) -> None:
        self.route.take(text)
        self.settle()

    def open_slip(self) -> SlipWindow | None:
        return next((w for w in self.window.findChildren(SlipWindow) if w.isVisible()), None)

    def sign_in(self, officer: str) -> None:
        self.frame.office = self.seat.as_(officer)
        self.frame.worklist = replace(self.frame.worklist, officer=self.frame.office.officer)


def know(seat: Seat, other: Seat) -> None:
    """As the policy stream tells of desks."""
    pen = other.office.pen
    with seat.store.write() as connection:
        row = {"device": pen.device, "public_key": pen.key.public, "name": "Quầy 01"}
        connection.execute(devices.insert().values(row))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "here") as seat:
        yield seat


@pytest.fixture
def counter(app: QApplication, qtbot: QtBot, tasks: Tasks, tmp_path: Path, here: Seat) -> Iterator[Counter]:
    seat = seat_of_neighbour(tmp_path / "there")
    know(seat, here)
    made = Counter(qtbot, seat, tasks)
    yield made
    made.settle()
    made.glance.close()
    seat.store.close()


def slip_of(seat: Seat) -> tuple[str, str]:
    """A dossier on its way, and what a scanner reads from its slip."""
    ident = reach(seat, State.IN_TRANSIT)
    with seat.store.read() as connection:
        return ident, slip_digits(pack_slip(read_journal(connection, ident)[-1][0]))


def words_in(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_a_scanned_slip_opens_the_form_and_one_key_takes_it_in(
    counter: Counter, here: Seat, pictures: Path
) -> None:
    ident, text = slip_of(here)
    dossier = find_dossier(here.office, ident)
    counter.scan(text)
    window = counter.open_slip()
    assert window is not None
    shown = words_in(window)
    for words in (
        dossier.code,
        dossier.owner.name,
        dossier.subject.procedure.name,
        here.office.catalogue.agency.name,
        "Thuộc thẩm quyền của xã Hồi Xuân",
    ):
        assert words in shown
    window.grab().save(str(pictures / "slip_window.png"))
    assert not counter.frame.worklist.find(ident)
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    counter.settle()
    assert counter.open_slip() is None
    assert find_dossier(counter.seat.office, ident).agency == NEIGHBOUR.code
    assert counter.frame.gone == [("dossier", ident)]
    assert [done.dossier.id for done in counter.frame.done] == [ident]


def test_esc_leaves_it_and_another_scan_takes_its_place(counter: Counter, here: Seat) -> None:
    first, second = slip_of(here), slip_of(here)
    counter.scan(first[1])
    counter.scan(second[1])
    window = counter.open_slip()
    assert window is not None
    assert isinstance(window.panel.form, SlipInForm)
    assert window.panel.form.dossier_id == second[0]
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
    assert counter.open_slip() is None
    assert counter.frame.worklist.newest() == []
    counter.scan(first[1])
    window = counter.open_slip()
    assert window is not None
    window.close()  # the cross of the window
    assert counter.open_slip() is None


def test_a_slip_that_was_taken_in_leads_to_its_dossier(counter: Counter, here: Seat) -> None:
    ident, text = slip_of(here)
    counter.scan(text)
    window = counter.open_slip()
    assert window is not None
    window.panel.execute()
    counter.settle()
    counter.scan(text)
    assert counter.open_slip() is None
    assert counter.frame.gone[-1] == ("dossier", ident)
    assert "đã được tiếp nhận" in counter.frame.toasts[-1]


def test_torn_foreign_and_unknown_slips_are_said_in_words(counter: Counter, here: Seat) -> None:
    _, text = slip_of(here)
    counter.scan(text[:-5])
    counter.scan(MARK)
    with counter.seat.store.write() as connection:
        connection.execute(devices.delete().where(devices.c.device == here.office.pen.device))
    counter.scan(text)
    titles = [error.title for error in counter.frame.errors]
    assert titles[:2] == ["Mã này không phải phiếu chuyển liên thông"] * 2
    assert titles[2] == "Máy này chưa biết quầy đã ký phiếu chuyển"
    assert counter.open_slip() is None


def test_others_than_reception_and_a_locked_window_take_no_slip(counter: Counter, here: Seat) -> None:
    _, text = slip_of(here)
    counter.sign_in(SPECIALIST)
    counter.scan(text)
    assert "cán bộ tiếp nhận" in counter.frame.toasts[-1]
    counter.sign_in(RECEPTION)
    counter.frame.page = None
    counter.scan(text)
    assert counter.open_slip() is None


def test_reception_finds_what_is_on_its_way_in_its_queue(counter: Counter, here: Seat) -> None:
    """By line it comes without a scan; the specialist of the agency does not see it yet."""
    ident, _ = slip_of(here)
    with here.store.read() as connection:
        rows = connection.execute(entries.select().where(entries.c.dossier == ident)).mappings().all()
    with counter.seat.store.write() as connection:
        for row in rows:
            connection.execute(entries.insert().values({k: v for k, v in row.items() if k != "n"}))
    rebuild_store(counter.seat.store)

    def queue() -> list[str]:
        work = counter.frame.worklist
        return [each.row.id for each in work.page(work.tabs()[0].view)]

    assert queue() == [ident]
    counter.sign_in(SPECIALIST)
    assert queue() == []
    office = counter.seat.as_(RECEPTION)
    dossier = find_dossier(office, ident)
    assert main_act(dossier, (Act.ADD_NOTE, Act.TRANSFER_IN), False) is Act.TRANSFER_IN
    assert holder_words(office.catalogue, dossier) == f"Đang chuyển đến {NEIGHBOUR.name}"


# ---- the scanner that types -----------------------------------------------------------------


@pytest.fixture
def line(app: QApplication, qtbot: QtBot) -> QLineEdit:
    """A field that somebody is writing in."""
    made = QLineEdit("đang gõ dở")
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    made.setCursorPosition(4)
    return made


@pytest.mark.parametrize("is_prefixed", [False, True])
def test_a_typed_slip_never_reaches_the_field(
    app: QApplication, line: QLineEdit, here: Seat, is_prefixed: bool
) -> None:
    _, text = slip_of(here)
    hands, heard = Hands(), list[str]()
    scanner = DeskScanner(app, hands.clock, prefix="F13" if is_prefixed else "")
    scanner.scanned.connect(heard.append)
    if is_prefixed:
        QTest.keyClick(line, Qt.Key.Key_F13)
    hands.type(line, text[: len(MARK)], gap=0.004)
    assert line.text() == "đang gõ dở"
    hands.type(line, text[len(MARK) :] + "\r", gap=0.004)
    scanner.end()
    assert heard == [text]
    assert (line.text(), line.cursorPosition()) == ("đang gõ dở", 4)


def test_a_person_may_type_the_mark(app: QApplication, line: QLineEdit) -> None:
    hands, heard = Hands(), list[str]()
    scanner = DeskScanner(app, hands.clock)
    scanner.scanned.connect(heard.append)
    line.clear()
    hands.type(line, MARK + "12\r", gap=0.2)
    scanner.end()
    assert line.text() == MARK + "12"
    assert not heard


# ---- words ------------------------------------------------------------------------------------


def flagged(seat: Seat, ident: str, kind: Act) -> None:
    with seat.store.write() as connection:
        here = (entries.c.dossier == ident) & (entries.c.kind == kind.value)
        connection.execute(entries.update().where(here).values(verdict=Verdict.FLAGGED.value))


def test_where_it_is_on_its_way_and_after(here: Seat) -> None:
    office = here.as_(RECEPTION)
    ident = reach(here, State.IN_TRANSIT)
    assert holder_words(office.catalogue, find_dossier(office, ident)) == (
        f"Đang chuyển đến cơ quan {NEIGHBOUR.code}"
    )
    deeds.recall(here.as_(SPECIALIST), ident, "Chuyển nhầm")
    assert "Đang ở" in holder_words(office.catalogue, find_dossier(office, ident))


def test_what_waits_for_a_word_is_told_from_what_is_contradicted(here: Seat) -> None:
    office: Office = here.office
    ident = reach(here, State.PROPOSED)
    flagged(here, ident, Act.PROPOSE)
    dossier, moments = read_timeline(office, ident)
    assert [moment.standing for moment in moments].count(Standing.FLAGGED) == 1
    assert notices(dossier, moments) == ("Có 1 bút ký chờ người có thẩm quyền phê chuẩn (xem Nhật ký)",)
    assert notices(dossier) == ("Có 1 bút ký chờ người có thẩm quyền quyết định (xem Nhật ký)",)
    contradicted = _contradicted(here)
    dossier, moments = read_timeline(office, contradicted)
    (line,) = notices(dossier, moments)
    assert "trái với bút ký khác" in line


def _contradicted(seat: Seat) -> str:
    """Forwarded twice, as two desks would: the second has no effect."""
    ident = receive(seat).id
    transfer_out(seat.as_(RECEPTION), ident, NEIGHBOUR, "Thẩm quyền")
    with seat.store.write() as connection:
        rows = connection.execute(entries.select().where(entries.c.dossier == ident)).mappings().all()
        twin = dict(rows[-1]) | {"id": bytes(32), "n": 9999, "seq": 9999}
        connection.execute(entries.insert().values(twin))
    journal_of: Dossier | None = None
    with seat.store.read() as connection:
        journal_of = fold(read_journal(connection, ident))
    assert journal_of is not None
    assert journal_of.conflicts
    return ident
