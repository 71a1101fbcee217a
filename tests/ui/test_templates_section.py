"""Mẫu in at a real desk: looked at, edited, checked, saved as the office's own, given up; by keys."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.domain.template import BLOCKS, Labelled, Template
from onestop.domain.template_edit import NEW_BLOCKS
from onestop.domain.template_words import flat_all, tag_of
from onestop.office.found import found_practice
from onestop.office.papers import paper_pdf
from onestop.office.templates import template_for
from onestop.store.store import open_store
from tests.printing_samples import page_texts
from tests.ui.practice_desk import KEY, MONDAY, Desk, settle
from tests.ui.windows import NARROW, WIDE, in_window, letters
from ui.look import apply_look
from ui.pages.template_block_form import MEMBERS
from ui.pages.templates_section import TemplatesSection
from ui.tasks import Tasks

ADMIN, RECEIPT = "u-vy", "01@2025-09-15"
CONTROL = Qt.KeyboardModifier.ControlModifier


class Seat:
    """The section in a window of its own, the administrator signed in."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        desk.sign_in(ADMIN)
        self.section = TemplatesSection(desk.frame)
        self.editor = self.section.editor
        desk.frame.pages = [self.section]
        self.window = in_window(self.section, qtbot)
        self.section.enter()
        self.settle()

    def settle(self) -> None:
        settle(self.desk, self.qtbot)

    def open(self, key: str = RECEIPT) -> None:
        self.section.open(key)
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget() or self.section, key, modifier)
        QApplication.processEvents()

    def mark(self, label: str) -> None:
        """The row of the labelled line of that name."""
        blocks = enumerate(flat_all(self.editor.template.blocks), 1)
        self.editor.mark_row(next(n for n, b in blocks if isinstance(b, Labelled) and b.label == label))

    def type_into(self, row: int, member: str, text: str) -> None:
        field = self.editor.field(row, member)
        assert field is not None
        field.setFocus()
        self.press(Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(self.window.focusWidget(), text)

    def in_use(self) -> Template:
        return template_for(self.desk.frame.office.catalogue, "01", self.desk.clock().date())

    def picture(self, pictures: Path, name: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.settle()
        for theme in ("light", "dark"):
            apply_look(app, theme)
            for words, size in (("1366", WIDE), ("1024", NARROW)):
                self.window.resize(*size)
                QApplication.processEvents()
                assert self.window.grab().save(str(pictures / f"templates_{name}_{theme}_{words}.png"))
        apply_look(app, "light")
        self.window.resize(*WIDE)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice office, to be copied by each test."""
    folder = tmp_path_factory.mktemp("founded")
    with closing(open_store(folder / "onestop.db", KEY)) as store:
        found_practice(store, MONDAY)
    return folder


@pytest.fixture
def seat(app: QApplication, founded: Path, tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Seat]:
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    desk = Desk(tmp_path, tasks)
    made = Seat(desk, qtbot)
    yield made
    made.settle()  # what is still to be drawn
    desk.close()


def test_the_list_shows_how_each_looks(seat: Seat, pictures: Path) -> None:
    section = seat.section
    assert section.preview.pages.count()
    section.table.select(RECEIPT)
    seat.settle()
    assert section.preview.pages.count() == 1
    assert "1 trang" in section.preview.caption.text()
    seat.picture(pictures, "list")
    keys = letters(section)
    assert len(keys) == len(set(keys)), sorted(keys)
    section.line.setFocus()
    QTest.keyClicks(section.line.editor, "hen tra ket qua")
    seat.settle()
    assert {one.form for one in section._kept.values()} >= {"01"}
    assert "02" not in {one.form for one in section._kept.values()}
    seat.press(Qt.Key.Key_Down)
    seat.press(Qt.Key.Key_Return)
    assert section.is_editing()
    seat.press(Qt.Key.Key_Escape)
    assert not section.is_editing()
    assert not section.drop_button.isEnabled()


def test_a_text_is_changed_printed_and_given_up(seat: Seat) -> None:
    dossier = seat.desk.receive()
    seat.open()
    editor = seat.editor
    seat.mark("Tiếp nhận hồ sơ của")
    row = editor.row()
    seat.type_into(row, "label", "Nhan ho so cua")
    assert editor.is_changed()
    assert seat.in_use().version == "1.1"
    keys = letters(editor)
    assert len(keys) == len(set(keys)), sorted(keys)
    editor.save()
    seat.settle()
    assert not seat.section.is_editing()
    assert seat.desk.frame.toasts[-1].startswith("Đã lưu: Sửa mẫu in 01")
    assert seat.section.drop_button.isEnabled()
    office = seat.desk.frame.office
    assert "Nhan ho so cua:" in page_texts(paper_pdf(office, dossier.id, "01", "A5", 1))[0]
    assert seat.desk.frame.undo is not None
    seat.desk.frame.undo()
    seat.settle()
    assert (
        "Tiếp nhận hồ sơ của:" in page_texts(paper_pdf(seat.desk.frame.office, dossier.id, "01", "A5", 1))[0]
    )
    assert not seat.section.drop_button.isEnabled()


def test_mistakes_are_told_at_their_block_and_nothing_is_saved(seat: Seat, pictures: Path) -> None:
    seat.open()
    editor = seat.editor
    seat.mark("Tiếp nhận hồ sơ của")
    row = editor.row()
    seat.type_into(row, "text", "{nobody}")
    assert "Không có trường {nobody}" in editor.findings.text()
    editor.save()
    seat.settle()
    assert seat.section.is_editing()
    words = [link.text() for link in editor.errors.links()]
    assert any("{nobody}" in each for each in words)
    assert any("bắt buộc có “Chủ hồ sơ”" in each for each in words)
    seat.picture(pictures, "errors")
    editor.mark_row(0)
    link = next(link for link in editor.errors.links() if "nobody" in link.text())
    link.click()
    assert editor.row() == row
    editor.undo_stack.undo()
    seat.settle()
    assert not editor.findings.isVisible()
    assert not editor.is_changed()


def test_a_field_is_found_by_its_meaning_and_put_where_one_writes(seat: Seat) -> None:
    seat.open()
    editor = seat.editor
    seat.mark("Tiếp nhận hồ sơ của")
    seat.type_into(editor.row(), "text", "Ong/ba ")
    editor.picker.setFocus()
    QTest.keyClicks(editor.picker.editor, "chu ho so")
    assert editor.picker.options()[0].key == "owner_name"
    seat.press(Qt.Key.Key_Return)
    block = list(flat_all(editor.template.blocks))[editor.row() - 1]
    assert isinstance(block, Labelled)
    assert block.text == "Ong/ba {owner_name}"
    editor.mark_row(0)
    editor.head.running_head.setFocus()
    editor.head.running_head.editor.end(False)
    editor.picker.setFocus()
    QTest.keyClicks(editor.picker.editor, "ten lien")
    seat.press(Qt.Key.Key_Return)
    assert editor.template.running_head == "Mã hồ sơ: {code} · {copy}{copy}"


def test_fields_of_a_row_are_offered_in_a_column(seat: Seat, pictures: Path) -> None:
    seat.open()
    editor = seat.editor
    tags = [tag_of(block) for block in flat_all(editor.template.blocks)]
    editor.mark_row(tags.index("table") + 1)
    columns = editor.forms["table"].columns
    assert columns is not None
    columns.table.select("1")
    columns.text.setFocus()
    seat.settle()
    seat.picture(pictures, "table")
    assert {option.key for option in editor.picker.find_fields("ban")} >= {"originals", "copies"}
    assert not editor.picker.find_fields("chu ho so")
    before = columns.columns()
    columns.shift(1)
    columns.add()
    assert len(columns.columns()) == len(before) + 1
    columns.drop()
    editor.undo_stack.setIndex(0)
    assert columns.columns() == before


def test_a_new_version_holds_from_its_day_on(seat: Seat) -> None:
    seat.section.table.select(RECEIPT)
    seat.section.copy()
    seat.settle()
    editor = seat.editor
    assert editor.head.since.isEnabled()
    editor.head.since.set_text("01/01/2027")
    editor.head.since.changed.emit()
    editor.head.version.set_text("2.0")
    editor.head.version.changed.emit()
    editor.save()
    seat.settle()
    assert seat.section.table.current_id() == "01@2027-01-01"
    assert seat.in_use().version == "1.1"
    seat.section.copy()
    seat.settle()
    editor.head.since.set_text("01/01/2027")
    editor.head.since.changed.emit()
    editor.save()
    seat.settle()
    assert [link.text() for link in editor.errors.links()] == ["Đã có bản của mẫu này cho ngày áp dụng đó"]
    editor.saved()


def test_a_real_dossier_is_looked_at(seat: Seat) -> None:
    dossier = seat.desk.receive()
    seat.open()
    preview = seat.editor.preview
    preview.whose.set_key(dossier.id)
    assert preview.whose.key() == dossier.id
    preview.draw()
    seat.settle()
    assert preview.pages.count() == 1
    preview.sheet.set_key("K80")
    preview.draw()
    seat.settle()
    assert "1 trang" in preview.caption.text()


def test_blocks_are_added_shifted_and_dropped(seat: Seat) -> None:
    seat.open()
    editor = seat.editor
    before = editor.template
    for tag in NEW_BLOCKS:
        editor.mark_row(1)
        editor.kind.set_key(tag)
        editor.add_block()
        assert editor.row() == 2
        assert tag_of(list(flat_all(editor.template.blocks))[1]) == tag
    assert set(editor.forms) == set(MEMBERS)
    for form in editor.forms.values():
        form.show_block(NEW_BLOCKS[form.objectName().removeprefix("block_")])
    editor.table.setFocus()
    seat.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert editor.row() == 3
    seat.press(Qt.Key.Key_Delete)
    editor.kind.set_key("gap")
    seat.press(Qt.Key.Key_Insert)
    assert tag_of(list(flat_all(editor.template.blocks))[editor.row() - 1]) == "gap"
    seat.press(Qt.Key.Key_Z, CONTROL)
    assert (
        len(list(flat_all(editor.template.blocks)))
        == len(list(flat_all(before.blocks))) + len(NEW_BLOCKS) - 1
    )
    editor.undo_stack.setIndex(0)
    assert editor.template == before


def test_every_member_of_every_block_can_be_changed() -> None:
    elsewhere = {"when", "columns", "signers", "blocks"}
    for tag, kind in BLOCKS.items():
        assert {member.name for member in MEMBERS[tag]} == {each.name for each in fields(kind)} - elsewhere
