"""Paper that comes back: a scan or photograph dropped on the window, or chosen from a folder.

Its codes are looked for in a worker and then go the way of whatever a scanner reads.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from onestop.errors import OfficeError, PrintError
from ui.keys import bind
from ui.scan_route import Front, ScanRoute
from ui.tasks import Progress, Running

ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")
MOST_BYTES = 60 * 1024 * 1024
_PATTERNS = " ".join(f"*{ending}" for ending in ENDINGS)


class PaperReading(QObject):
    """One for the window. Parts of a page that take files themselves get theirs first."""

    def __init__(self, window: QWidget, frame: Front, route: ScanRoute) -> None:
        super().__init__(window)
        self._window, self._frame, self._route = window, frame, route
        self._running: Running | None = None
        self._folder = ""
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        bind(window, "read_paper", self.choose)

    @Slot()
    def choose(self) -> None:
        """Ctrl+O: asks for the file."""
        if self._frame.front() is None:
            return
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        words = "Mở hồ sơ từ bản quét của giấy đã in"
        dialog = QFileDialog(self._window, words, self._folder or documents, f"Bản quét, ảnh ({_PATTERNS})")
        dialog.setObjectName("read_paper_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.read(Path(path)))
        dialog.open()

    def read(self, path: Path) -> None:
        """A later file takes the place of one that is still being read."""
        self._folder = str(path.parent)
        if self._running is not None:
            self._running.cancel()
        self._running = self._frame.tasks.run_long(
            self, partial(_codes_of, path), self._take, self._frame.show_error, where="files", busy=True
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            if self._dropped(event):
                event.acceptProposedAction()
                return True
        elif event.type() is QEvent.Type.Drop and isinstance(event, QDropEvent):
            paths = self._dropped(event)
            if paths:
                event.acceptProposedAction()
                self.read(paths[0])
                return True
        return False

    def _dropped(self, event: QDropEvent) -> list[Path]:
        """Files that may be scans; none while the window is locked."""
        if self._frame.front() is None:
            return []
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return [path for path in paths if path.suffix.lower() in ENDINGS]

    def _take(self, codes: tuple[str, ...]) -> None:
        self._running = None
        if not codes:
            self._frame.show_error(
                PrintError(
                    "Không thấy mã nào trên bản quét",
                    "Quét lại ở 200 dpi trở lên, hoặc chụp gần, thẳng và đủ sáng; "
                    "không được thì tìm theo mã hồ sơ.",
                )
            )
            return
        self._route.take_paper_codes(codes)


def _codes_of(path: Path, progress: Progress) -> tuple[str, ...]:
    """Raises PrintError, or OfficeError for a file that cannot be opened."""
    from onestop.printing.reading import read_codes

    try:
        if path.stat().st_size > MOST_BYTES:
            raise PrintError("Tệp quá lớn", "Chọn bản quét nhỏ hơn 60 MB, hoặc quét lại ở 300 dpi.")
        data = path.read_bytes()
    except OSError as error:
        raise OfficeError("Không mở được tệp", f"Kiểm tra tệp “{path.name}” còn ở đó rồi thử lại.") from error
    progress.check()
    return read_codes(data)
