"""When something breaks that is not for people: kept with its trace, one calm box, work goes on.

Personal data does not leave in a report: every run of nine or more digits is hidden (ID
numbers, phone numbers, tax codes).
"""

import faulthandler
import re
import sys
import threading
import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from ui.clock import machine_clock
from ui.tasks import Bug

if TYPE_CHECKING:
    from ui.bug_box import BugDialog

GATHER_MS = 100
_KEPT_BYTES = 1_000_000


def redact(text: str) -> str:
    """Hides the digits of ID numbers, phones and tax codes."""
    return re.sub(r"\d{9,}", lambda found: "*" * len(found.group()), text)


def code_of(trace: str) -> str:
    """`TN-4F2A`: the same fault at the same place has the same code."""
    import hashlib  # only when something has broken

    lines = [line.strip() for line in trace.splitlines()]
    places = [re.sub(r".*[/\\]", "", line) for line in lines if line.startswith("File ")]
    kind = lines[-1].split(":")[0] if lines else ""
    return "TN-" + hashlib.sha256("|".join([kind, *places]).encode()).hexdigest()[:4].upper()


class CrashLog:
    """Files of a profile: `crash.log` for deaths of the process, `bugs.log` for what was survived."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "crash.log"

    def died_last_time(self, now: datetime) -> bool:
        """Whether the last run ended in a crash; its log is set aside."""
        try:
            if not self._file.exists() or not self._file.stat().st_size:
                return False
            self._file.replace(self._file.with_name(f"crash-{now:%Y%m%d-%H%M%S}.log"))
        except OSError:  # a folder that cannot be written is said where the store is opened
            return False
        return True

    def watch(self) -> None:
        """From here on a segmentation fault leaves its trace; a folder not writable is no reason to stop."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Open for as long as the process lives: the fault handler writes to the descriptor.
            self._open = self._file.open("w", encoding="utf-8")
        except OSError:
            return
        faulthandler.enable(self._open)

    def ended_well(self) -> None:
        """Nothing to tell at the next start."""
        faulthandler.disable()
        if opened := getattr(self, "_open", None):
            opened.close()

    def keep(self, trace: str, now: datetime) -> None:
        """Adds a redacted trace to `bugs.log`; the oldest half goes when it is over 1 MB."""
        path = self._folder / "bugs.log"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > _KEPT_BYTES:
                path.write_bytes(path.read_bytes()[-_KEPT_BYTES // 2 :])
            with path.open("a", encoding="utf-8") as file:
                file.write(f"--- {now:%Y-%m-%d %H:%M:%S}\n{redact(trace)}\n")
        except OSError as error:  # the box still shows it
            print(error, file=sys.stderr)


class Bugs(QObject):
    """Gathers what breaks within 100 ms into one box; `install` takes all that nobody caught."""

    _came = Signal(str)

    def __init__(self, log: CrashLog, version: str) -> None:
        super().__init__()
        self._log, self._version = log, version
        self._traces: list[str] = []
        self._window: QWidget | None = None
        self.dialog: BugDialog | None = None
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._show)
        self._came.connect(self._gather, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        sys.excepthook = self._uncaught
        threading.excepthook = lambda args: self._uncaught(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def uninstall(self) -> None:
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__

    def set_window(self, window: QWidget | None) -> None:
        """Where the box appears."""
        self._window = window

    def take(self, bug: Bug) -> None:
        """A bug of a worker."""
        self.take_trace(bug.trace)

    def take_trace(self, trace: str) -> None:
        """From any thread."""
        self._log.keep(trace, machine_clock())
        self._came.emit(trace)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.take_trace("".join(traceback.format_exception(kind, error, trace)))

    @Slot(str)
    def _gather(self, trace: str) -> None:
        self._traces.append(trace)
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _show(self) -> None:
        traces, self._traces = self._traces, []
        if not traces or self._is_shown():
            return  # the log has it; the same box twice helps nobody
        from ui.bug_box import BugDialog

        distinct = list(dict.fromkeys(traces))
        details = redact(f"Bản {self._version}\n\n" + "\n".join(distinct))
        self.dialog = BugDialog(self._window, code_of(traces[0]), details, len(traces))
        self.dialog.destroyed.connect(self._closed)
        self.dialog.show()

    def _is_shown(self) -> bool:
        return self.dialog is not None

    @Slot()
    def _closed(self) -> None:
        self.dialog = None
