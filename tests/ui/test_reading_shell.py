"""The whole program with a paper dropped on its window: from the print's bytes to the dossier's page."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from onestop.office.deeds import find_dossier
from onestop.office.papers import note_printed, paper_pdf
from onestop.paths import Profile
from tests.ui.desk import opened, running, settle
from ui.pages.dossier import DossierPage
from ui.pages.search import SearchPage


def test_a_paper_dropped_on_the_window_opens_its_dossier(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path, pictures: Path
) -> None:
    with running(office) as program:
        shell = opened(qtbot, program)
        dossier_id = shell.worklist.newest()[0].row.id
        dossier = find_dossier(shell.office, dossier_id)
        path = tmp_path / "giay.pdf"
        path.write_bytes(paper_pdf(shell.office, dossier_id, "01", "A5", 1))
        note_printed(shell.office, dossier, "01", 1)

        shell.go("search")
        settle(qtbot, program)
        page = shell.page("search")
        assert isinstance(page, SearchPage)
        for wide in (1366, 1024):
            shell.resize(wide, 768)
            QApplication.processEvents()
            shell.grab().save(str(pictures / f"search_paper_{wide}.png"))
        page.paper_button.click()
        dialog = shell.findChild(QFileDialog, "read_paper_dialog")
        assert dialog is not None
        dialog.close()

        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        copy, left, plain = (
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter = QDragEnterEvent(QPoint(600, 400), copy, mime, left, plain)
        QApplication.sendEvent(shell, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(shell, QDropEvent(QPoint(600, 400), copy, mime, left, plain))
        settle(qtbot, program, lambda: shell.place == "dossier")
        shown = shell.page("dossier")
        assert isinstance(shown, DossierPage)
        assert shown.shown_dossier() == dossier_id
        shell.grab().save(str(pictures / "paper_opened.png"))
