"""Drafts and papers: saved by themselves, found again after the power goes, files and all."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from onestop.errors import StoreError
from onestop.office.deeds import find_dossier
from onestop.store.papers import open_blob
from onestop.store.rows import DraftRow
from tests.ui.counter import BIRTH, CARD, Counter, counter, paper
from ui.pages.receive_drafts import DraftsDialog, draft_typed, find_drafts
from ui.pages.receive_typed import FeeText, Typed, from_plain, to_plain
from ui.tasks import Tasks
from ui.tour.keys import press
from ui.widgets import Question


@pytest.fixture
def at(app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path) -> Iterator[Counter]:
    with counter(tmp_path, tasks, qtbot) as made:
        yield made


def drafts(at: Counter) -> list[DraftRow]:
    at.settle()
    return find_drafts(at.desk.office)


def test_a_draft_is_saved_within_a_second_of_the_last_key(at: Counter, qtbot: QtBot) -> None:
    at.desk.clock.set(10, 42, second=7)
    at.type("khai sinh")
    assert drafts(at) == []
    with qtbot.waitSignal(at.page.autosave.saved, timeout=30_000):
        pass
    at.settle()
    assert draft_typed(drafts(at)[0]).procedure == "khai sinh"
    assert at.page.view.saved.text() == "Bản nháp đã tự lưu 10:42:07"


def test_leaving_a_field_saves_at_once(at: Counter) -> None:
    at.fill("owner.name", "Nguyễn Thị Đặng Hường")
    at.press("Tab")
    assert draft_typed(drafts(at)[0]).owner.name == "Nguyễn Thị Đặng Hường"


def test_ctrl_s_saves_now(at: Counter) -> None:
    at.choose_procedure(BIRTH)
    at.press("Ctrl+S")
    assert draft_typed(drafts(at)[0]).procedure_code == BIRTH


def test_an_untouched_page_is_no_draft(at: Counter) -> None:
    at.press("Tab", "Tab", "Tab", "Ctrl+S")
    at.page.leave()
    assert drafts(at) == []


def test_a_draft_comes_back_letter_by_letter(at: Counter, tmp_path: Path) -> None:
    _fill_all(at, tmp_path)
    before = at.page.fields.typed()
    at.page.start_new()
    at.settle()
    assert not at.page.is_changed()
    assert at.page.view.drafts.text().strip() == "Bản nhá&p (1)"
    at.page.take_draft(drafts(at)[0])
    at.settle()
    assert at.page.fields.typed() == before
    assert all(row.has_picture() for row in at.page.fields.papers.rows)


def test_the_list_takes_up_and_throws_away(at: Counter, qtbot: QtBot) -> None:
    for name in ("Lê Quốc Ưu", "Bùi Ỷ Lan"):
        at.fill("owner.name", name)
        at.page.start_new()
        at.settle()
        at.desk.clock.pass_by(minutes=1)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, Question):
            press(dialog, "Return")  # the focus stands on the safe answer
            dialog.take("yes")
        elif isinstance(dialog, DraftsDialog):
            assert dialog.list.count() == 2
            assert "Bùi Ỷ Lan" in dialog.list.item(0).text()
            QTimer.singleShot(50, _confirm)
            press(dialog.list, "Delete")
            assert dialog.list.count() == 1
            press(dialog.list, "Return")

    QTimer.singleShot(100, answer)
    at.page.show_drafts()
    at.settle()
    qtbot.waitUntil(lambda: at.page.fields.owner.typed().name == "Lê Quốc Ưu", timeout=30_000)
    assert [draft_typed(each).owner.name for each in drafts(at)] == ["Lê Quốc Ưu"]


@pytest.mark.parametrize(("key", "kept"), [("keep", 1), ("drop", 0), ("", 1)])
def test_esc_asks_once(at: Counter, qtbot: QtBot, key: str, kept: int) -> None:
    asked: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Question)
        asked.extend(button.text() for button in dialog.buttons.values())
        dialog.take(key) if key else press(dialog, "Escape")

    at.fill("owner.name", "Lê Quốc Ưu")
    at.press("Tab")
    QTimer.singleShot(100, answer)
    at.press("Escape")
    assert asked == ["Giữ bản nháp", "Bỏ", "Ở lại  (Esc)"]
    assert len(drafts(at)) == kept
    assert at.page.is_changed() == (key == "")
    assert at.desk.frame.gone == []


def test_esc_on_an_empty_page_just_leaves(at: Counter) -> None:
    at.press("Escape")
    assert at.desk.frame.gone == [("queue", "")]


def test_esc_closes_the_list_of_procedures_first(at: Counter) -> None:
    at.type("khai sinh")
    assert at.page.fields.procedure.options()
    at.press("Escape")
    assert not at.page.fields.procedure.options()
    assert at.page.fields.procedure.editor.text() == "khai sinh"


def test_receiving_ends_the_draft(at: Counter) -> None:
    at.fill_birth()
    at.press("Ctrl+S")
    assert len(drafts(at)) == 1
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    at.qtbot.wait(900)
    assert drafts(at) == []


def test_another_officer_sees_neither_form_nor_draft(at: Counter) -> None:
    at.fill("owner.name", "Lê Quốc Ưu")
    at.page.leave()
    at.settle()
    at.desk.sign_in("u-duc")
    at.page.enter()
    at.settle()
    assert not at.page.is_changed()
    assert drafts(at) == []
    at.desk.sign_in("u-mai")
    assert len(drafts(at)) == 1


def test_typed_comes_back_from_plain() -> None:
    typed = Typed(procedure="k", fees=(FeeText("levy", "Lệ phí", "", ""),), sources={"owner": "Lấy"})
    assert from_plain(to_plain(typed)) == typed


def test_a_draft_of_another_version_is_refused_in_words(at: Counter) -> None:
    at.page.take_draft(DraftRow("x", "u-mai", "cũ", {"form": 1}, at.desk.clock()))
    assert at.desk.frame.errors[0].title == "Không mở được bản nháp này"


# ---- papers -------------------------------------------------------------------------------


def test_files_are_kept_encrypted_at_once_with_pictures(at: Counter, tmp_path: Path) -> None:
    at.choose_procedure(BIRTH)
    at.page.fields.papers.take_files([paper(tmp_path, "giấy chứng sinh.png")], 2)
    at.settle()
    kept = at.page.fields.papers.typed()[0]
    assert (kept.title, kept.mime, kept.component_no) == ("giấy chứng sinh.png", "image/png", 2)
    assert at.page.fields.papers.rows[0].has_picture()
    stored = next(at.desk.store.blobs_folder.glob(f"**/{kept.sha256}*"))
    assert b"PNG" not in stored.read_bytes()
    assert at.page.fields.components.lines()[1].is_given  # whoever scans it has it in hand
    at.scan(CARD)
    at.tick_needed()
    at.press("Ctrl+Return")
    at.wait_received()
    dossier = find_dossier(at.desk.office, at.desk.frame.done[0].dossier.id)
    assert [each.title for each in dossier.papers] == ["giấy chứng sinh.png"]
    plain = open_blob(at.desk.store, dossier.id, kept.sha256)
    assert plain == (tmp_path / "giấy chứng sinh.png").read_bytes()


def test_wrong_files_are_named_and_the_good_one_is_kept(at: Counter, tmp_path: Path) -> None:
    fake, text = tmp_path / "ảnh.pdf", tmp_path / "ghi chú.docx"
    fake.write_bytes(paper(tmp_path, "x.png").read_bytes())
    text.write_bytes(b"PK\x03\x04")
    huge = tmp_path / "phim.pdf"
    with huge.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(300 * 1024 * 1024)
    at.page.fields.papers.take_files([fake, text, huge, tmp_path / "không có.pdf", paper(tmp_path, "y.jpg")])
    at.settle()
    words = at.page.fields.papers.error()
    for part in ("ảnh.pdf", "ghi chú.docx", "quá lớn: 300 MB", "không có.pdf"):
        assert part in words
    assert [each.title for each in at.page.fields.papers.typed()] == ["y.jpg"]


def test_f9_asks_for_files_by_keys(at: Counter, tmp_path: Path) -> None:
    at.choose_procedure(BIRTH)
    file = paper(tmp_path, "to-khai.png")

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(str(file))
        press(line, "Return")

    at.go_to("component_1")
    QTimer.singleShot(200, answer)
    at.press("F9")
    at.settle()
    assert [(each.title, each.component_no) for each in at.page.fields.papers.typed()] == [("to-khai.png", 1)]


def test_a_damaged_picture_is_kept_without_its_picture(at: Counter, tmp_path: Path) -> None:
    broken = tmp_path / "hỏng.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)
    at.page.fields.papers.take_files([broken])
    at.settle()
    assert len(at.page.fields.papers.rows) == 1
    assert not at.page.fields.papers.rows[0].has_picture()


def test_the_same_file_twice_is_one(at: Counter, tmp_path: Path) -> None:
    file = paper(tmp_path, "a.png")
    at.page.fields.papers.take_files([file, file])
    at.settle()
    assert len(at.page.fields.papers.rows) == 1
    assert "đã có trong danh sách" in at.page.fields.papers.error()


def test_files_are_dropped_and_taken_away(at: Counter, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(paper(tmp_path, "kéo.png")))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPoint(5, 5), action, mime, button, Qt.KeyboardModifier.NoModifier)
    at.page.fields.papers.dropEvent(event)
    at.settle()
    assert [each.title for each in at.page.fields.papers.typed()] == ["kéo.png"]
    at.go_to(f"papers.{at.page.fields.papers.typed()[0].sha256[:8]}")
    at.press("Tab", "Space")
    assert at.page.fields.papers.typed() == ()


def test_a_full_store_is_said_and_nothing_is_lost(at: Counter) -> None:
    """SQLite's own "full": the file may not grow by one page."""
    at.fill_birth()
    at.tick_needed()
    at.page.fields.content.set_text("Đăng ký khai sinh. " * 20_000)
    _limit_pages(at, 1)
    at.press("Ctrl+Return")
    at.settle()
    assert at.desk.frame.done == []
    assert all(isinstance(error, StoreError) for error in at.desk.frame.errors)
    assert "Chưa lưu được bản nháp" in at.page.view.saved.text()
    assert at.page.fields.owner.typed().name == "Nguyễn Thị Đặng Hường"
    assert at.page.view.form.isEnabled()
    _limit_pages(at, 1_000_000)
    at.press("Ctrl+Return")
    at.wait_received()
    assert drafts(at) == []


# ---- power cut ----------------------------------------------------------------------------

_KILLED = """
import sys, os
from pathlib import Path
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from ui.look import apply_look
from ui.tasks import Tasks
from tests.ui.counter import counter
from tests.ui.test_receive_drafts import _fill_all
app = QApplication([])
apply_look(app, "light")
folder = Path(sys.argv[1])
class Bot:
    def addWidget(self, widget): self.widget = widget
    def waitUntil(self, ready, timeout):
        while not ready(): app.processEvents()
with counter(folder / "desk", Tasks(print, print), Bot()) as at:
    _fill_all(at, folder)
    at.page.autosave.saved.connect(lambda _: print("SAVED", flush=True))
    at.page.fields.note.setFocus()
    at.press("End")
    at.type("!")
    app.exec()
"""


def test_a_draft_survives_kill_9_with_its_files(
    app: QApplication, tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> None:
    """Killed by SIGKILL right after it said "saved"; a new start finds every letter and file."""
    (tmp_path / "desk").mkdir()
    root = Path(__file__).resolve().parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, cwd=root, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "SAVED"
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with counter(tmp_path / "desk", tasks, qtbot) as at:
        found = drafts(at)
        assert len(found) == 1
        at.page.take_draft(found[0])
        at.settle()
        typed = at.page.fields.typed()
        assert typed == draft_typed(found[0])
        assert typed.note == "Nộp giúp cho em gái!"
        assert typed.owner.born_on == "1988"
        assert [each.title for each in typed.papers] == ["giấy chứng sinh.png"]
        assert at.page.fields.papers.rows[0].has_picture()
        assert at.page.fields.owner.source.startswith("Lấy từ mã QR")


def _fill_all(at: Counter, folder: Path) -> None:
    """Something in every kind of field."""
    at.fill_birth()
    at.page.fields.owner.fields["born_on"].set_text("1988")
    at.page.fields.is_owner_here.setChecked(False)
    QApplication.processEvents()
    at.fill("submitter.name", "Lê Quốc Ưu")
    at.fill("content", "Khai sinh cho con ")
    at.fill("note", "Nộp giúp cho em gái")
    at.page.fields.papers.take_files([paper(folder, "giấy chứng sinh.png")], 2)
    at.settle()
    at.page.fields.fees.add.setFocus()
    at.press("Space")
    at.fill("fees.0", "8.000")
    at.page.fields.components.list.rows()[0].setChecked(True)
    at.press("Ctrl+S")
    at.settle()


def _limit_pages(at: Counter, pages: int) -> None:
    """On every connection of the pool; SQLite raises a limit below the size to the size."""
    with ExitStack() as open_ones:
        for _ in range(5):
            connection = open_ones.enter_context(at.desk.store.read())
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def _confirm() -> None:
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, Question):
        dialog.take("yes")
