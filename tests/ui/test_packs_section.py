"""Gói dữ liệu: a file is checked and seen, written whole, undone; nothing is written of a faulty one."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from onestop.office.changing import list_changes
from onestop.office.pack_file import write_pack_file
from tests.pack_mistakes import write_mistakes
from tests.ui.desk import opened, settle
from tests.ui.practice_desk import ADMIN
from ui.app import Program
from ui.pages.admin import AdminPage
from ui.pages.packs_section import PacksSection
from ui.shell import Shell
from ui.tour.keys import press


@pytest.fixture
def shell(qtbot: QtBot, program: Program) -> Shell:
    made = opened(qtbot, program)
    made.activateWindow()
    made.sign_in_wanted.emit(ADMIN)
    settle(qtbot, program, lambda: made.office.officer.id == ADMIN)
    return made


@pytest.fixture
def section(qtbot: QtBot, program: Program, shell: Shell) -> PacksSection:
    shell.go("admin", "packs")
    settle(qtbot, program)
    page = shell.page("admin")
    assert isinstance(page, AdminPage)
    made = page.front()
    assert isinstance(made, PacksSection)
    return made


def edited_units(shell: Shell, folder: Path) -> Path:
    """A workbook with one unit more, as somebody would make it."""
    from openpyxl import load_workbook

    path = folder / "don-vi.xlsx"
    write_pack_file(shell.office, path, ["unit"])
    book = load_workbook(path)
    book["Đơn vị"].append(["to-moi", "Tổ công nghệ số cộng đồng"])
    book.save(path)
    return path


def cells(section: PacksSection, key: str) -> list[tuple[str, ...]]:
    model = {"findings": section.findings, "diffs": section.diffs, "changes": section.changes}[key].rows
    rows = (model.row(number) for number in range(model.rowCount()))
    return [row.cells for row in rows if row is not None]


def test_a_faulty_pack_shows_fifty_errors_and_cannot_be_written(
    qtbot: QtBot, program: Program, shell: Shell, section: PacksSection, tmp_path: Path
) -> None:
    write_mistakes(tmp_path / "goi-sai.xlsx")
    section.check_file(tmp_path / "goi-sai.xlsx")
    settle(qtbot, program, lambda: section.report is not None)
    assert section.words.text() == "Có 50 lỗi. Chưa có gì được ghi."
    assert section.tabs.key() == "findings"
    assert not section.apply.isEnabled()
    assert {row[0] for row in cells(section, "findings")} == {"Lỗi", "Lưu ý"}
    section.only_errors.click()
    assert [row[0] for row in cells(section, "findings")] == ["Lỗi"] * 50
    section.findings.select_first()
    assert section.detail.text().startswith("Trang “")
    press(section, "Ctrl+Return")
    settle(qtbot, program)
    assert list_changes(shell.office) == []


def test_a_sound_pack_is_seen_written_and_taken_back(
    qtbot: QtBot, program: Program, shell: Shell, section: PacksSection, tmp_path: Path
) -> None:
    section.check_file(edited_units(shell, tmp_path))
    settle(qtbot, program, lambda: section.report is not None)
    assert section.tabs.key() == "diffs"
    assert [row[:2] for row in cells(section, "diffs")] == [("thêm", "Đơn vị")]
    press(section, "Ctrl+Return")
    settle(qtbot, program, lambda: bool(cells(section, "changes")))
    assert any(unit.id == "to-moi" for unit in shell.office.catalogue.units)
    assert cells(section, "changes")[0][2:] == ("Nhập gói “don-vi”", "1", "đang dùng")
    section.undo(section.changes.current_id())
    settle(qtbot, program, lambda: "hoàn tác" in cells(section, "changes")[0][4])
    assert not any(unit.id == "to-moi" for unit in shell.office.catalogue.units)
    assert not section.undo_button.isEnabled()


def test_a_file_may_be_dropped_and_an_unusable_one_is_told(
    qtbot: QtBot, program: Program, section: PacksSection, tmp_path: Path
) -> None:
    (tmp_path / "hong.xlsx").write_bytes(b"rubbish")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "hong.xlsx"))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    section.dropEvent(drop)
    settle(qtbot, program, lambda: "không phải tệp Excel" in section.words.text())
    assert section.report is None
    assert section.choose.isEnabled()


def test_what_is_exported_is_checked_again_without_a_change(
    qtbot: QtBot, program: Program, section: PacksSection, tmp_path: Path
) -> None:
    section.export_to(tmp_path / "goi.json")
    settle(qtbot, program, lambda: "Đã xuất" in section.words.text())
    section.check_file(tmp_path / "goi.json")
    settle(qtbot, program, lambda: section.report is not None)
    assert section.words.text() == "Không có gì thay đổi."
    assert not section.apply.isEnabled()
    section.replaces.click()
    settle(qtbot, program)
    assert section.words.text() == "Không có gì thay đổi."
