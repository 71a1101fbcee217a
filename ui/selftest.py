"""`onestop selftest`: do the parts of this program work on this machine? Also when frozen.

One line for each check; no store of a person is touched.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QImage, QImageWriter
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QApplication

from onestop.paths import Profile, resource
from ui import look
from ui.app import Program, Wish, make_application

_SEEN_S = 30
_KEYRINGS = {"linux": ("SecretService", "secretstorage"), "win32": ("Windows", "win32cred")}


Check = Callable[[QApplication], None]


def run_selftest(beside: Sequence[tuple[str, Callable[[], None]]] = ()) -> int:
    """0 when every check passes; each line says what was checked. `beside`: what needs no window."""
    app = make_application(["onestop"])
    look.apply_look(app, "light")
    failed = 0
    for words, check in (*_CHECKS, *((words, _plain(one)) for words, one in beside)):
        try:
            check(app)
            print(f"đạt    {words}", flush=True)
        except Exception as error:  # whatever a check meets is what it has to report
            failed += 1
            print(f"KHÔNG  {words}: {type(error).__name__}: {error}", flush=True)
            traceback.print_exc()
    print("Mọi bộ phận hoạt động." if not failed else f"{failed} bộ phận không hoạt động.")
    return 1 if failed else 0


def _plain(check: Callable[[], None]) -> Check:
    return lambda _: check()


class Failed(Exception):
    """A part is there and does not do what it should."""


def require(is_so: bool, what: str) -> None:
    if not is_so:
        raise Failed(what)


def _fonts(_: QApplication) -> None:
    require(look.FAMILY in QFontDatabase.families(), "no Noto Sans")
    info = QFontInfo(look.font())
    require(info.family() == look.FAMILY, f"drawn in {info.family()}")
    require(resource("fonts", "Tinos-Regular.ttf").is_file(), "no Tinos")


def _icons(_: QApplication) -> None:
    image = look.pixmap("inbox", "text", 24).toImage()
    seen = any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height()))
    require(seen, "an icon is empty")


def _translations(_: QApplication) -> None:
    said = QCoreApplication.translate("QPlatformTheme", "Cancel")
    require(said != "Cancel", "Qt speaks English")


def _store(_: QApplication) -> None:
    from onestop.store.cipher import connect
    from onestop.store.store import open_store

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "test.db")
        open_store(path, bytes(32)).close()
        require(not path.read_bytes().startswith(b"SQLite format 3"), "the file is not encrypted")
        connection = connect(path, bytes(32))
        version = connection.execute("PRAGMA cipher_version").fetchone()
        connection.execute("INSERT INTO search(rowid, words) VALUES (7, 'nguyen thi duc')")
        found = connection.execute("SELECT rowid FROM search WHERE search MATCH '\"du\"*'").fetchall()
        connection.close()
        require(bool(version) and found == [(7,)], f"sqlcipher {version}, found {found}")


def _signatures(_: QApplication) -> None:
    from onestop.domain.signing import SigningKey, is_signed

    key = SigningKey.generate()
    signature = key.sign(b"one")
    require(is_signed(key.public, b"one", signature), "a good signature is refused")
    require(not is_signed(key.public, b"two", signature), "a wrong signature is taken")


def _passphrase(_: QApplication) -> None:
    from onestop.store.vault import create_key, load_key

    with tempfile.TemporaryDirectory() as folder:
        key = create_key(Path(folder), "mật khẩu thử")
        require(load_key(Path(folder), "mật khẩu thử") == key, "another key came out")


def _receipt(_: QApplication) -> None:
    """The first page holds black and white: it was drawn, is shown as pixels, and its codes are read back."""
    from onestop.domain.template_sample import sample_facts
    from onestop.office.templates import shipped_templates
    from onestop.printing import page_images
    from onestop.printing.form import form_pdf
    from onestop.printing.reading import read_codes
    from ui.widgets import to_image

    template = next(each for each in shipped_templates() if each.form == "01")
    facts = sample_facts(template)
    pdf = form_pdf(template, facts, "A5")
    require(pdf.startswith(b"%PDF"), "no PDF")
    image = to_image(page_images(pdf, 72, 0, 0)[0])
    shades = {
        image.pixelColor(x, y).lightness() for x in range(0, image.width(), 2) for y in range(image.height())
    }
    require(min(shades) < 80 and max(shades) == 255, "the page is empty")
    require(facts.code in read_codes(pdf), "the codes are not read back")


def _scan(_: QApplication) -> None:
    """A picture of a paper, as a scanner or a telephone gives it, shown small."""
    from onestop.printing import thumbnail
    from ui.widgets import to_image

    sheet = QImage(600, 800, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.darkRed)
    data = QBuffer()
    data.open(QBuffer.OpenModeFlag.WriteOnly)
    require(QImageWriter(data, b"jpeg").write(sheet), "Qt writes no JPEG")
    small = to_image(thumbnail(bytes(data.data().data()), "image/jpeg", 100))
    require(max(small.width(), small.height()) == 100, f"{small.width()} × {small.height()}")
    require(small.pixelColor(20, 20).red() > 100, "the picture is empty")


def _calendar(_: QApplication) -> None:
    """A year that no data covers is computed, in Vietnamese."""
    from onestop.domain.calendar import computed_days_off

    days = computed_days_off(2031)
    require(days.get(date(2031, 1, 1)) == "Tết Dương lịch", "the first of January is a working day")
    require("Tết Nguyên đán" in days.values(), f"no Tết among {sorted(set(days.values()))}")


def _safe(_: QApplication) -> None:
    """The way into the system's keyring is inside; whether one runs here is another matter."""
    name, tool = _KEYRINGS.get(sys.platform, ("fail", "Keyring"))
    module = import_module(f"keyring.backends.{name}")
    require(hasattr(module, tool), f"no {tool}")


def _devices(_: QApplication) -> None:
    from serial.tools.list_ports import comports

    comports()
    QPrinterInfo.availablePrinterNames()


def _window(app: QApplication) -> None:
    """The practice office is founded, its queue painted, the office opened."""
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Wish(Profile(Path(folder), "selftest"), is_demo=True))
        try:
            program.begin()
            _wait(app, lambda: program.shell is not None and program.shell.is_open)
            shell = program.shell
            require(shell is not None and not shell.grab().isNull(), "the window is empty")
            _wait(app, program.tasks.is_idle)
        finally:
            program.end()


def _wait(app: QApplication, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _SEEN_S
    while not is_so():
        require(time.monotonic() < until, f"not within {_SEEN_S} s")
        app.processEvents()
        time.sleep(0.005)


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("Phông chữ", _fonts),
    ("Biểu tượng", _icons),
    ("Bản dịch tiếng Việt của Qt", _translations),
    ("Kho mã hoá SQLCipher và tìm kiếm FTS5", _store),
    ("Ký và kiểm chữ ký", _signatures),
    ("Khoá kho bằng mật khẩu", _passphrase),
    ("Giấy tiếp nhận thành PDF và thành hình", _receipt),
    ("Ảnh quét thành hình nhỏ", _scan),
    ("Ngày nghỉ tính cho năm chưa công bố", _calendar),
    ("Đường vào kho khoá của hệ thống", _safe),
    ("Máy in và cổng đầu đọc thẻ", _devices),
    ("Cửa sổ với văn phòng thực hành", _window),
)
