"""Data on a stick where there is no line: a sealed bundle out, the return of the hub in."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.pages.page import Frame
from ui.sync_words import counted
from ui.tasks import Progress

if TYPE_CHECKING:
    from onestop.store.bundle import BundleReport
    from onestop.store.bundle_return import ReturnReport

T = TypeVar("T")
_BUNDLES, _RETURNS = "Gói chuyển tay (*.mcb)", "Biên nhận (*.mcr)"


class Courier(QObject):
    """`taken` when a return was taken in. What waits stays waiting until then."""

    taken = Signal()

    def __init__(self, parent: QWidget, frame: Frame) -> None:
        super().__init__(parent)
        self._window, self._frame = parent, frame

    @Slot()
    def ask_where(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # each class of Qt costs its part of a millisecond

        name = f"quay-{self._frame.office.desk.index:02d}.mcb"
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Ghi gói chuyển tay ra USB", name, _BUNDLES)
        if chosen:
            self.write_to(Path(chosen))

    @Slot()
    def ask_which(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # as above

        chosen, _ = QFileDialog.getOpenFileName(self._window, "Nạp biên nhận từ USB", "", _RETURNS)
        if chosen:
            self.take_from(Path(chosen))

    def write_to(self, path: Path) -> None:
        """Everything that waits, sealed so that only the hub can open it."""
        office = self._frame.office

        def write(progress: Progress) -> "BundleReport":
            from onestop.sync.courier import send_out

            return send_out(office.store, path, office.now, progress.report)

        self._run(write, lambda report: self._written(path, report))

    def take_from(self, path: Path) -> None:
        """What the hub answered to a bundle of this desk."""
        office = self._frame.office

        def take(progress: Progress) -> "ReturnReport":
            from onestop.sync.courier import take_back

            return take_back(office.store, path, progress.report)

        self._run(take, self._returned)

    def _run(self, work: Callable[[Progress], T], on_done: Callable[[T], None]) -> None:
        frame = self._frame
        frame.tasks.run_long(self, work, on_done, frame.show_error, where="store", busy=True)

    def _written(self, path: Path, report: "BundleReport") -> None:
        said = f"Đã ghi {path.name}: {counted(report.entries)} bút ký, {counted(report.blobs)} tệp."
        self._frame.toast(f"{said} Vẫn chờ gửi cho tới khi nạp biên nhận.")

    def _returned(self, report: "ReturnReport") -> None:
        self._frame.toast(f"Đã nhận biên nhận cho {counted(report.receipts)} bút ký.")
        self.taken.emit()
