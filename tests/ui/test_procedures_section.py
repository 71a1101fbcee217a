"""Thủ tục at a real desk: found, edited, previewed, saved as a correction or as a version; by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.procedure import ComponentKind, Resumption
from onestop.domain.time_limit import TimeLimit, TimeUnit
from onestop.office.procedure_edit import LIMIT, versions_of
from tests.ui.practice_desk import MARITAL_STATUS, Desk, settle
from tests.ui.windows import NARROW, WIDE, in_window, letters
from ui.look import apply_look
from ui.pages.procedures_section import ProceduresSection
from ui.tasks import Tasks

ADMIN, BIRTH = "u-vy", "1.001193"


class Seat:
    """The section in a window of its own, the administrator signed in."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.sign_in(ADMIN)
        self.section = ProceduresSection(desk.frame)
        self.editor = self.section.editor
        desk.frame.pages = [self.section]
        self.window = in_window(self.section, qtbot)
        self.section.enter()
        self.settle()

    def settle(self) -> None:
        """Until every answer has come, and what followed from it."""
        for _ in range(3):
            self.qtbot.waitUntil(self.desk.frame.tasks.is_idle, timeout=10_000)
            QApplication.processEvents()

    def open(self, code: str) -> None:
        self.section.open(code)
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.section, key, modifier)
        self.settle()

    def save(self) -> None:
        self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def shown_codes(self) -> list[str]:
        rows = (self.section.table.rows.row(number) for number in range(self.section.table.rows.rowCount()))
        return [row.id for row in rows if row]

    def until_drawn(self) -> None:
        self.editor._draw()
        self.qtbot.waitUntil(lambda: "theo nội dung" in self.editor.paper.preview.caption(), timeout=20_000)
        self.qtbot.waitUntil(lambda: bool(self.editor.paper.preview.pages.count()), timeout=20_000)

    def picture(self, pictures: Path, name: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for theme in ("light", "dark"):
            apply_look(app, theme)
            for words, size in (("1366", WIDE), ("1024", NARROW)):
                self.window.resize(*size)
                settle(self.desk, self.qtbot)  # the receipt is drawn anew after a pause
                assert self.window.grab().save(str(pictures / f"procedures_{name}_{theme}_{words}.png"))
        apply_look(app, "light")
        self.window.resize(*WIDE)


@pytest.fixture
def seat(app: QApplication, tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Seat]:
    desk = Desk(tmp_path, tasks)
    yield Seat(desk, qtbot)
    desk.close()


def test_the_list_is_found_in_and_narrowed(seat: Seat, pictures: Path) -> None:
    section = seat.section
    assert len(seat.shown_codes()) == len(seat.desk.frame.office.catalogue.procedures)
    section.lacking.set_key(LIMIT)
    section.lacking.changed.emit()
    assert 0 < len(seat.shown_codes()) < 142
    seat.picture(pictures, "list")
    section.lacking.set_key("")
    section.line.setFocus()
    QTest.keyClicks(section.line.editor, "khai sinh")
    seat.qtbot.waitUntil(lambda: seat.shown_codes()[0] == BIRTH, timeout=30_000)
    keys = letters(section)
    assert len(keys) == len(set(keys)), sorted(keys)
    seat.press(Qt.Key.Key_Down)
    section.table.select(BIRTH)
    seat.press(Qt.Key.Key_Return)
    assert section.is_editing()
    seat.press(Qt.Key.Key_Escape)
    assert not section.is_editing()


def test_a_limit_is_corrected_and_the_open_dossiers_are_counted(seat: Seat, pictures: Path) -> None:
    seat.desk.receive()
    seat.open(MARITAL_STATUS)
    editor = seat.editor
    assert "1 hồ sơ đang mở" in editor.changes.text()
    assert not editor.is_changed()
    editor.edit.limit.set_text("4")
    editor.edit.limit.changed.emit()
    editor.resumption.set_key(Resumption.RESTART.value)
    assert editor.is_changed()
    seat.until_drawn()
    seat.picture(pictures, "editor")
    seat.window.resize(*NARROW)
    editor._turn_over()
    assert editor.paper.preview.isVisible()
    assert not editor.edit.isVisible()
    editor._turn_over()
    assert editor.edit.isVisible()
    seat.window.resize(*WIDE)
    seat.save()
    after = seat.desk.frame.office.catalogue.procedure(MARITAL_STATUS)
    assert after.time_limit == TimeLimit(4, TimeUnit.WORKING_DAY)
    assert after.resumption is Resumption.RESTART
    assert not editor.is_changed()
    assert seat.desk.frame.undo is not None
    seat.desk.frame.undo()
    seat.settle()
    assert editor.edit.limit.text() == "3"


def test_a_new_version_from_a_day_stands_beside_the_old_one(seat: Seat) -> None:
    seat.open(MARITAL_STATUS)
    editor = seat.editor
    editor.way.set_key("new")
    editor.way.changed.emit()
    editor.edit.limit.set_text("2")
    seat.save()
    assert "Chưa nhập ngày áp dụng" in editor.day.error()
    editor.day.set_text("01/01/2027")
    seat.save()
    office = seat.desk.frame.office
    assert [one.effective_on for one in versions_of(office, MARITAL_STATUS)][-1] == "2027-01-01"
    assert office.catalogue.versions.find(MARITAL_STATUS, "2027-01-01").time_limit.value == 2  # type: ignore[union-attr]  # it is there
    assert editor.version.isVisible()
    assert editor.version.editor.currentText() == "Từ 01/01/2027 (sẽ áp dụng)"


def test_a_case_is_added_with_its_own_papers_and_faults_bring_it_back(seat: Seat, pictures: Path) -> None:
    seat.open(MARITAL_STATUS)
    editor = seat.editor
    before = seat.desk.frame.office.catalogue.procedure(MARITAL_STATUS)
    editor.add_case()
    editor.edit.components.add()
    editor.part.set_key("")
    editor.part.changed.emit()
    seat.save()
    assert editor.errors.isVisible()
    assert editor.part.key() != ""
    assert "Chưa nhập tên trường hợp" in editor.edit.name.error()
    assert "chưa có tên" in editor.edit.components.name.error()
    seat.press(Qt.Key.Key_F8)
    assert editor.edit.name.editor.hasFocus()
    seat.picture(pictures, "faults")
    editor.edit.name.set_text("Kết hôn với người nước ngoài")
    components = editor.edit.components
    components.name.editor.setPlainText("Giấy tờ của nước ngoài")
    components.kind.set_key(ComponentKind.PRESENT.value)
    components.kind.changed.emit()
    seat.until_drawn()
    seat.picture(pictures, "case")
    seat.save()
    after = seat.desk.frame.office.catalogue.procedure(MARITAL_STATUS)
    assert len(after.cases) == len(before.cases) + 1
    made = after.cases[-1]
    assert made.name == "Kết hôn với người nước ngoài"
    assert made.components[-1].kind is ComponentKind.PRESENT
    assert after.components == before.components
    editor.part.set_key(made.id)
    editor.part.changed.emit()
    editor.drop_case()
    seat.save()
    assert seat.desk.frame.office.catalogue.procedure(MARITAL_STATUS).cases == before.cases


def test_what_cannot_be_printed_yet_says_why(seat: Seat) -> None:
    seat.open(MARITAL_STATUS)
    editor = seat.editor
    editor.edit.limit.set_text("x")
    editor.edit.limit.changed.emit()
    seat.qtbot.waitUntil(lambda: "Chưa lập được giấy" in editor.paper.preview.caption(), timeout=10_000)
    editor.close_editor = lambda: None  # type: ignore[method-assign]  # the question is a window of its own
    assert editor.is_changed()


def test_access_keys_of_the_editor_are_unique(seat: Seat) -> None:
    seat.open(MARITAL_STATUS)
    seat.editor.add_case()
    keys = letters(seat.editor)
    assert len(keys) == len(set(keys)), sorted(keys)
