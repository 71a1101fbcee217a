"""Card scanners: one that types like a keyboard (wedge), and one on a serial port (USB-COM).

Both give the raw text of the card's QR code; `onestop.domain.card` reads it.
"""

import re
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from onestop.domain.code import is_code
from onestop.errors import OfficeError
from ui.tasks import Progress
from ui.widgets.field import LineField

GAP_S = 0.035
LEAST = 12
SILENCE_MS = 300
LONGEST = 2000
_CARD_BEGINS = re.compile(r"\d{9,12}\|")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_scan(text: str) -> bool:
    """Only a card (its fields stand between bars) or the code of a dossier is taken.

    Some people type as fast as a scanner, and typing programs expand whole words at once.
    """
    return "|" in text or is_code(text)


class WedgeScanner(QObject):
    """Sees the keys of whatever has the focus; a burst within 35 ms each, then Enter, is a scan.

    The first keys have already gone into the focused field when the burst is known, so
    what stood there is remembered from the first key and put back. With a `prefix` key
    (`F13`) nothing goes into the field, however slow the scanner is.
    """

    scanned = Signal(str)

    def __init__(
        self,
        app: QApplication,
        clock: Callable[[], float] = time.perf_counter,
        prefix: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent or app)
        self._app, self._clock, self._prefix = app, clock, prefix
        self._typed = ""
        self._last = 0.0
        self._put_back: Callable[[], None] | None = None
        self._is_card = False
        self._watched: list[weakref.ref[QWidget]] = []  # whose life is not ours to lengthen
        self._silence = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._silence.timeout.connect(self._end_card)
        # Never a filter on the application: every event of the program would go through Python.
        app.focusChanged.connect(self._follow)
        self._follow()

    def end(self) -> None:
        """Listens no more."""
        self._silence.stop()
        self._app.focusChanged.disconnect(self._follow)
        self._watch(())

    @Slot()
    def _follow(self) -> None:
        """Without the signal's own words: the widget that lost the focus may be half gone."""
        taker = _taker()
        self._watch(() if taker is None else tuple(dict.fromkeys((taker, taker.window()))))

    def _watch(self, widgets: tuple[QWidget, ...]) -> None:
        for reference in self._watched:
            old = reference()
            if old is not None and isValid(old):
                old.removeEventFilter(self)
        self._watched = [weakref.ref(widget) for widget in widgets]
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or watched is not _taker() or isinstance(watched, ScanBox):
            return False
        return self._key_came(watched, event)

    def _key_came(self, widget: QWidget, event: QKeyEvent) -> bool:
        """True swallows the key."""
        is_fast = self._is_fast(event)
        if self._is_prefix(event):
            self._typed, self._is_card = "", True
            self._silence.start()
            return True
        if event.key() in _ENTER:
            return self._enter_came(is_fast)
        text = event.text()
        if not text or not text.isprintable():
            if event.key() not in {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt}:
                self._forget()
            return False
        if not self._is_card and (not is_fast or not self._typed):
            self._typed = ""
            self._put_back = _keep(widget)
        self._typed += text
        return self._swallow()

    def _is_prefix(self, event: QKeyEvent) -> bool:
        """A key without a letter of its own: a letter would be taken away from people who type."""
        if not self._prefix or (event.text() and event.text().isprintable()):
            return False
        return QKeySequence(event.keyCombination()) == QKeySequence(self._prefix)

    def _swallow(self) -> bool:
        """`012345678901|` at this speed can only be a card: the rest never reaches the widget.

        Otherwise a space of the name would press the focused button.
        """
        if not self._is_card and _CARD_BEGINS.fullmatch(self._typed):
            self._is_card = True
            if self._put_back:
                self._put_back()
        if self._is_card:
            self._silence.start()
        return self._is_card

    def _enter_came(self, is_fast: bool) -> bool:
        is_burst = is_fast and len(self._typed) >= LEAST and is_scan(self._typed)
        if not self._is_card and not is_burst:
            self._forget()
            return False
        if not self._is_card and self._put_back:
            self._put_back()
        self._end_card()
        return True

    def _end_card(self) -> None:
        text = self._typed[:LONGEST]
        self._forget()
        if is_scan(text):
            self.scanned.emit(text)

    def _forget(self) -> None:
        self._silence.stop()
        self._typed, self._is_card, self._put_back = "", False, None

    def _is_fast(self, event: QKeyEvent) -> bool:
        """The keyboard's own time where it has one: a busy window delivers old keys in one go."""
        now = event.timestamp() / 1000 if event.spontaneous() and event.timestamp() else self._clock()
        is_fast = 0 <= now - self._last < GAP_S
        self._last = now
        return is_fast


class ScanBox(QLineEdit):
    """F7: a box of its own for the scanner, or for typing the text of a card; Enter ends."""

    scanned = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scan_box")
        self.setAccessibleName("Ô quét thẻ căn cước")
        self.setPlaceholderText("Đưa thẻ vào máy quét…")
        self.setMaxLength(LONGEST)
        self.returnPressed.connect(self._end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter stays here: it ends the card and must not press the form's button."""
        super().keyPressEvent(event)
        if event.key() in _ENTER:
            event.accept()

    def _end(self) -> None:
        text = self.text().strip()
        self.clear()
        if text:
            self.scanned.emit(text)


class Port(Protocol):
    """What is used of `serial.Serial`."""

    def read(self, size: int) -> bytes: ...
    @property
    def in_waiting(self) -> int: ...
    def close(self) -> None: ...


def open_port(name: str, speed: int = 9600) -> Port:
    """Opens a serial port. Raises OfficeError when it is not there or somebody else has it."""
    import serial

    try:
        port: Port = serial.Serial(name, speed, timeout=0.2)
    except (OSError, serial.SerialException) as error:
        raise OfficeError(
            f"Không mở được máy quét ở cổng {name}",
            "Hãy kiểm tra dây cắm và cổng trong Thiết lập, rồi thử lại.",
            "scanner_port",
        ) from error
    return port


def port_names() -> list[str]:
    """Serial ports of this machine, for the settings page; may be slow, so run it in a task."""
    from serial.tools import list_ports

    return sorted(port.device for port in list_ports.comports())


def read_cards(open_it: Callable[[], Port], progress: Progress) -> None:
    """Says each card's text to `progress`, until cancelled. For `Tasks.run_long(where="devices")`.

    Raises OfficeError when the scanner is unplugged.
    """
    port = open_it()
    try:
        for text in lines(_chunks(port, progress)):
            progress.say(text)
    except OSError as error:  # serial.SerialException is one
        raise OfficeError(
            "Máy quét đã ngắt", "Hãy cắm lại dây của máy quét; chương trình sẽ nối lại.", "scanner_port"
        ) from error
    finally:
        port.close()


def lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """Texts ended by CR or LF, or by a silence (an empty chunk); UTF-8, rubbish becomes `?`-like."""
    kept = b""
    for chunk in chunks:
        kept += chunk
        *whole, kept = re.split(rb"[\r\n\x00]+", kept)
        if not chunk and kept:
            whole, kept = [*whole, kept], b""
        kept = kept[-LONGEST * 4 :]
        for each in whole:
            text = each.decode("utf-8", errors="replace").strip("\x02\x03 ")
            if text:
                yield text


def _chunks(port: Port, progress: Progress) -> Iterator[bytes]:
    """An empty chunk after 0.2 s of silence (the port's time-out)."""
    while not progress.is_cancelled:
        yield port.read(max(1, port.in_waiting))


def _taker() -> QWidget | None:
    return QApplication.focusWidget() or QApplication.activeWindow()


def _keep(widget: QWidget) -> Callable[[], None] | None:
    """How to put back what stands in a widget now; None where typing changes nothing."""
    if isinstance(widget, QLineEdit):
        text, at = widget.text(), widget.cursorPosition()
        return lambda: _restore_line(widget, text, at)
    if isinstance(widget, QPlainTextEdit):
        return _keep_note(widget)
    if isinstance(widget, QComboBox):
        row = widget.currentIndex()
        return lambda: widget.setCurrentIndex(row)
    return None


def _restore_line(line: QLineEdit, text: str, at: int) -> None:
    line.setText(text)
    line.setCursorPosition(at)
    if isinstance(line.parent(), LineField):
        line.textEdited.emit(text)  # a page that saved what was typed hears that it is gone


def _keep_note(note: QPlainTextEdit) -> Callable[[], None]:
    text, at = note.toPlainText(), note.textCursor().position()

    def put_back() -> None:
        note.setPlainText(text)
        cursor = note.textCursor()
        cursor.setPosition(at)
        note.setTextCursor(cursor)

    return put_back
