"""Pictures of the frame and its own pages, light and dark, to be looked at; and what can be counted."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from onestop.errors import StoreError
from onestop.paths import Profile
from tests.ui.desk import copy_of, opened, running, settle
from ui.finder import Finder
from ui.look import apply_look
from ui.overlay import KeysOverlay
from ui.pages.first_start import FirstStartPage
from ui.shell import Shell
from ui.start import PassphrasePage, ProblemPage, StartWindow, WaitPage


def take(widget: QWidget, folder: Path, name: str) -> None:
    picture = widget.grab()
    assert not picture.isNull()
    assert picture.save(str(folder / f"{name}.png"))


def clipped(window: QWidget) -> list[str]:
    """Labels that stand in less room than their words need."""
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, QLabel | QPushButton) or not part.text() or not part.isVisible():
            continue
        is_wrapped = isinstance(part, QLabel) and part.wordWrap()
        needed = part.sizeHint().width() if not is_wrapped else 0
        height = part.heightForWidth(part.width()) if is_wrapped else part.fontMetrics().height()
        if needed > part.width() + 1 or height > part.height() + 1:
            found.append(f"{part.text()!r}: {part.width()}×{part.height()} < {needed}×{height}")
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_frame_and_its_pages(
    app: QApplication, qtbot: QtBot, office: Profile, tmp_path: Path, pictures: Path, theme: str
) -> None:
    with running(copy_of(office, tmp_path)) as program:
        shell = opened(qtbot, program)
        shell.change_setting("look.theme", theme)
        shots = {"queue": "queue", "settings": "settings", "help": "help"}
        for place, name in shots.items():
            shell.go(place)
            qtbot.wait(250)  # the preview waits for the selection to rest
            settle(qtbot, program)
            take(shell, pictures, f"shell_{name}_{theme}")
            assert clipped(shell) == []
        _overlays(qtbot, shell, pictures, theme)
        shell.lock()
        qtbot.wait(60)
        take(shell, pictures, f"shell_sign_in_{theme}")
        assert clipped(shell) == []


def _overlays(qtbot: QtBot, shell: Shell, pictures: Path, theme: str) -> None:
    shell.go("queue")
    shell.show_keys()
    take(shell, pictures, f"shell_keys_{theme}")
    overlay = shell.findChild(KeysOverlay)
    assert overlay is not None
    overlay.close_overlay()
    shell.open_finder()
    finder = shell.findChild(Finder)
    assert finder is not None
    finder.setText("nguyen thi")
    qtbot.waitUntil(lambda: finder.results().isVisible(), timeout=30_000)
    shell.show_error(StoreError("Ổ đĩa đã đầy: việc vừa làm chưa được lưu", "Hãy dọn chỗ trống rồi làm lại."))
    shell.toast("Đã chuyển hồ sơ H56.99.88-261120-0001")
    take(shell, pictures, f"shell_search_{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_before_the_desk(app: QApplication, qtbot: QtBot, pictures: Path, theme: str) -> None:
    apply_look(app, theme)
    window = StartWindow()
    qtbot.addWidget(window)
    error = StoreError(
        "Không mở được kho dữ liệu: sai khoá hoặc tệp bị hỏng",
        "Kiểm tra mật khẩu và tệp vault.json có đúng của kho này. Không tạo kho mới đè lên.",
    )
    first = FirstStartPage()
    pages = {
        "problem": ProblemPage(error, "C:\\Users\\mai\\AppData\\Local\\onestop\\profiles\\default"),
        "passphrase": PassphrasePage(),
        "wait": WaitPage("Đang chuẩn bị văn phòng thực hành", "Ghi hồ sơ mẫu của những ngày vừa qua…"),
        "first_start": first,
    }
    for size in ((1366, 768), (1024, 700)):
        for name, page in pages.items():
            window.takeCentralWidget()
            window.show_page(page)
            window.resize(*size)
            qtbot.wait(60)
            take(window, pictures, f"start_{name}_{theme}_{size[0]}")
            assert clipped(window) == []
    first.send()
    qtbot.wait(60)
    take(window, pictures, f"start_first_errors_{theme}")
    for page in pages.values():
        page.setParent(None)
        page.deleteLater()
