"""While the desk rests the store puts itself in order; never while somebody waits."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from onestop.office.deeds import add_note
from tests.ui.desk import opened, practice, running, settle
from ui.watch import REST_MS


def test_after_acts_the_log_goes_into_the_file_once_nobody_acts(
    qtbot: QtBot, app: QApplication, tmp_path: Path
) -> None:
    with running(practice(tmp_path)) as program:
        shell = opened(qtbot, program)
        office = shell.office
        dossier_id = shell.worklist.newest(limit=1)[0].row.id
        shell.tell_done(add_note(office, dossier_id, "Một ghi chú"))
        moved = program.wish.profile.database.stat().st_mtime_ns
        qtbot.wait(REST_MS // 2)
        assert program.wish.profile.database.stat().st_mtime_ns == moved
        shell.tell_done(add_note(office, dossier_id, "Thêm một ghi chú: lại phải chờ"))
        qtbot.wait(REST_MS * 3 // 4)
        assert program.wish.profile.database.stat().st_mtime_ns == moved
        settle(qtbot, program, lambda: program.wish.profile.database.stat().st_mtime_ns > moved)
