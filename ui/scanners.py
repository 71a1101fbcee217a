"""Every scanner of the desk behind one signal: the one that types, and the one on a port."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from onestop.domain.proof import MARK as PAPER_MARK
from onestop.domain.slip import MARK, MAX_DIGITS
from onestop.errors import OfficeError
from ui.devices import WedgeScanner, open_port, read_cards
from ui.tasks import Running, Tasks

AGAIN_MS = 5000
_MARKS = (MARK, PAPER_MARK)


class DeskScanner(WedgeScanner):
    """Knows the long numbers of transfer slips and of our papers too. Once their mark has been typed at
    a scanner's speed the rest never reaches the widget that has the focus."""

    def _swallow(self) -> bool:
        if not self._is_card and self._typed in _MARKS:
            self._is_card = True
            if self._put_back:
                self._put_back()
        return super()._swallow()

    def _end_card(self) -> None:
        if not self._typed.startswith(_MARKS):
            super()._end_card()
            return
        text = self._typed[: MAX_DIGITS + 1]
        self._forget()
        self.scanned.emit(text)


class Scanners(QObject):
    """`scanned(text)` from any; `failed(error)` once when the port is lost, then it tries again."""

    scanned = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QObject, tasks: Tasks) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._wedge: WedgeScanner | None = None
        self._reader: Running | None = None
        self._port = ""
        self._is_lost = False
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._read)

    def start(self, port: str, prefix: str = "") -> None:
        """`port` '' when there is none; `prefix` is the key a typing scanner sends first, if any."""
        self.stop()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._wedge = DeskScanner(app, prefix=prefix, parent=self)
            self._wedge.scanned.connect(self.scanned)
        self._port, self._is_lost = port, False
        self._read()

    def stop(self) -> None:
        self._again.stop()
        if self._wedge is not None:
            self._wedge.end()
            self._wedge.deleteLater()
            self._wedge = None
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def is_listening(self) -> bool:
        return self._wedge is not None

    def _read(self) -> None:
        if self._port:
            self._reader = self._tasks.run_long(
                self,
                partial(read_cards, partial(open_port, self._port)),
                on_error=self._lost,
                on_progress=self._read_one,
                where="devices",
            )

    def _read_one(self, text: object) -> None:
        self._is_lost = False
        self.scanned.emit(str(text))

    def _lost(self, error: OfficeError) -> None:
        """Said once; whoever plugs the scanner in again need not do anything else."""
        if not self._is_lost:
            self.failed.emit(error)
        self._is_lost = True
        self._again.start()
