"""Cần xử lý at a real desk: entries of another desk that do not fit, both versions, the acts by keys."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.acts import Act
from onestop.domain.state import State
from tests.ui.practice_desk import HEAD, LEADER, SPECIALIST, Desk, settle
from tests.ui.tray_desk import OtherDesk, late_approval, late_correction, now_of, put_on_shelf
from tests.ui.windows import in_window
from ui.acts import ActForm, AskForm
from ui.look import apply_look
from ui.pages.tray import TrayPage
from ui.pages.tray_forms import TrayForm, put_facts
from ui.tasks import Tasks

CONTROL = Qt.KeyboardModifier.ControlModifier
WIDE, NARROW = (1274, 690), (932, 620)


@pytest.fixture
def desk(app: QApplication, tmp_path: Path, tasks: Tasks) -> Iterator[Desk]:
    made = Desk(tmp_path, tasks)
    yield made
    made.close()


class Seat:
    """The page in a window of its own, with an officer signed in."""

    def __init__(self, desk: Desk, qtbot: QtBot, officer: str = LEADER) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.sign_in(officer)
        self.page = TrayPage(desk.frame)
        desk.frame.pages = [self.page]
        self.window = in_window(self.page, qtbot, WIDE)
        self.page.enter()
        self.settle()

    def settle(self) -> None:
        settle(self.desk, self.qtbot)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.page, key, modifier)
        self.settle()

    def picture(self, pictures: Path, name: str) -> None:
        """Light and dark, wide and narrow: to be looked at."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for theme in ("light", "dark"):
            apply_look(app, theme)
            for words, size in (("wide", WIDE), ("narrow", NARROW)):
                self.window.resize(*size)
                for _ in range(3):
                    QApplication.processEvents()
                self.window.grab().save(str(pictures / f"tray_{name}_{theme}_{words}.png"))
        apply_look(app, "light")
        self.window.resize(*WIDE)
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)


def form_of(seat: Seat) -> ActForm | None:
    return seat.page.panel.form


def told(page: TrayPage) -> dict[str, tuple[str, str]]:
    return {change.what: (change.before, change.after) for change in page.room.versions.changes}


def test_an_empty_tray_says_so(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    seat = Seat(desk, qtbot)
    assert seat.page.lines == ()
    assert not seat.page.table.isVisible()
    assert "Xung đột, chờ phê chuẩn 0" in seat.page.tabs.tabText(0)
    seat.picture(pictures, "empty")


def test_both_versions_stand_side_by_side(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    dossier, _ = late_approval(desk)
    late_correction(desk)
    seat = Seat(desk, qtbot)
    first, second = seat.page.lines
    assert (first.code, first.words, first.officer) == (dossier.code, "Phê duyệt", "Vũ Thanh Bình")
    assert (first.short, second.short) == ("Trái trạng thái hồ sơ", "Quyền bị thu hồi sau")
    assert told(seat.page)["Trạng thái"] == ("Đang xử lý", "Đã phê duyệt")
    seat.picture(pictures, "approval")
    seat.press(Qt.Key.Key_Down)
    versions = told(seat.page)
    assert versions["Chủ hồ sơ, họ và tên"] == ("Võ Đình Khuê", "Nguyễn Thị Ánh Hồng")
    assert "Trạng thái" not in versions
    seat.picture(pictures, "correction")


def test_a_leader_ratifies_by_keys_and_the_tray_is_empty(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    dossier, entry = late_approval(desk)
    seat = Seat(desk, qtbot)
    assert seat.page.room.ratify.isVisible()
    seat.press(Qt.Key.Key_Return, CONTROL)
    form = form_of(seat)
    assert isinstance(form, TrayForm)
    assert form.entries() == (entry,)
    seat.press(Qt.Key.Key_Return, CONTROL)
    assert form_of(seat) is form  # a reason is needed
    assert form.reason.error()
    form.reason.set_text("Đã đối chiếu với bản giấy.")
    seat.picture(pictures, "ratify")
    seat.press(Qt.Key.Key_Return, CONTROL)
    assert seat.page.lines == ()
    assert entry in now_of(desk, dossier.id).ratified


def test_voiding_takes_along_what_builds_on_it(desk: Desk, qtbot: QtBot, pictures: Path) -> None:
    other, saw = OtherDesk(desk), desk.propose(desk.receive())
    desk.clock.pass_by(minutes=4)
    approval = other.sign(HEAD, Act.APPROVE, {"to": {"unit": "lanh-dao", "officer": LEADER}}, saw)
    other.arrive(approval, "flagged", "EXPIRED")
    after = now_of(desk, saw.id)
    note = other.sign(SPECIALIST, Act.ADD_NOTE, {"text": "Đã báo người dân."}, after)
    other.arrive(note, "flagged", "EXPIRED")
    seat = Seat(desk, qtbot)
    seat.press(Qt.Key.Key_R, CONTROL)
    form = form_of(seat)
    assert isinstance(form, TrayForm)
    assert form.followers.isVisible()
    assert form.entries() == (approval.id, note.id)
    seat.picture(pictures, "void")
    form.followers.click()
    assert form.entries() == (approval.id,)
    form.followers.click()
    form.reason.set_text("Trùng với việc ở quầy khác.")
    seat.press(Qt.Key.Key_Return, CONTROL)
    assert set(now_of(desk, saw.id).voided) == {approval.id, note.id}
    assert seat.page.lines == ()


def test_who_may_not_decide_sees_all_and_asks(desk: Desk, qtbot: QtBot) -> None:
    dossier, entry = late_approval(desk)
    seat = Seat(desk, qtbot, SPECIALIST)
    room = seat.page.room
    assert not room.ratify.isVisible()
    assert not room.void.isVisible()
    assert "Bạn có thể hỏi" in room.rights.text()
    seat.press(Qt.Key.Key_Return, CONTROL)
    assert form_of(seat) is None
    seat.press(Qt.Key.Key_M, CONTROL)
    form = form_of(seat)
    assert isinstance(form, AskForm)
    form.fields[-1].set_text("Anh duyệt lúc nào ạ?")
    seat.press(Qt.Key.Key_Return, CONTROL)
    assert len(desk.frame.done) == 1
    assert now_of(desk, dossier.id).conflicts == (entry,)


def test_nobody_settles_an_entry_of_their_own(desk: Desk, qtbot: QtBot) -> None:
    late_approval(desk)
    seat = Seat(desk, qtbot, HEAD)
    assert not seat.page.room.ratify.isVisible()
    assert "của chính bạn" in seat.page.room.rights.text()


def test_what_is_typed_stays_when_news_come(desk: Desk, qtbot: QtBot) -> None:
    dossier, _ = late_approval(desk)
    seat = Seat(desk, qtbot)
    seat.press(Qt.Key.Key_R, CONTROL)
    form = form_of(seat)
    assert isinstance(form, TrayForm)
    form.reason.set_text("Đang viết dở")
    late_correction(desk)
    seat.page.reload(dossier.id)
    seat.settle()
    assert form_of(seat) is form
    assert form.reason.text() == "Đang viết dở"
    assert len(seat.page.lines) == 2


def test_doing_again_voids_and_offers_the_act_with_its_facts(desk: Desk, qtbot: QtBot) -> None:
    dossier, entry = late_approval(desk)
    seat = Seat(desk, qtbot)
    seat.page.room.redo.click()
    seat.settle()
    form = form_of(seat)
    assert isinstance(form, TrayForm)
    assert form.button_words() == "Huỷ và làm lại"
    seat.press(Qt.Key.Key_Return, CONTROL)
    after = now_of(desk, dossier.id)
    assert entry in after.voided
    assert after.state is State.PROCESSING
    # Approving is not legal for a leader now: it is said, nothing is opened.
    assert form_of(seat) is None
    assert "chưa làm lại được việc phê duyệt" in desk.frame.errors[-1].title


def test_facts_come_back_into_a_form(desk: Desk, qtbot: QtBot) -> None:
    from ui.acts import Scene, make_form

    dossier = desk.complete(desk.receive())
    form = make_form(Scene(desk.by("u-lan"), dossier, desk.frame.tasks), Act.COMPLETE)
    qtbot.addWidget(form)
    put_facts(form, {"number": "15/UBND", "issued_on": "2026-11-18", "title": "Giấy xác nhận"})
    texts = form.texts()
    assert (texts["number"], texts["issued_on"]) == ("15/UBND", "18/11/2026")
    assert form.is_changed()


def test_the_shelf_shows_and_exports_what_could_not_be_read(
    desk: Desk, qtbot: QtBot, pictures: Path, tmp_path: Path
) -> None:
    put_on_shelf(desk)
    seat = Seat(desk, qtbot)
    seat.press(Qt.Key.Key_Tab, CONTROL)
    assert seat.page.shelf.isVisible()
    assert seat.page.tabs.tabText(1) == "Kệ cách ly 2"
    assert "Chữ ký của máy không khớp" in seat.page.shelf.about.text()
    target = tmp_path / "kệ.ndjson"
    seat.page.shelf.export_to(target)
    seat.settle()
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [line["code"] for line in lines] == ["SIGNATURE", "GAP"]
    assert desk.frame.toasts == ["Đã xuất 2 dòng ra kệ.ndjson"]
    seat.page.shelf.export_to(tmp_path / "nowhere" / "x.ndjson")
    seat.settle()
    assert desk.frame.errors[-1].title == "Không ghi được tệp"
    seat.picture(pictures, "shelf")
