"""The window's side of sync: starts and stops the runner, and brings what it says to the window.

The runner speaks from threads of its own, as often as it likes; pages hear it on the window's
thread, at most five times a second, and only the newest word.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:  # nothing of sync is loaded before the first paint
    from onestop.sync.status import SyncStatus

REST_MS = 200
"""Between two words of the runner that reach the window."""
NEWS_MS = 500
"""Between two times that pages are told to read again."""


class Worker(Protocol):
    """onestop.sync.runner.Runner, as the window knows it."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def poke(self) -> None:
        """Something was recorded here."""

    def sync_now(self) -> None:
        """Somebody does not want to wait for the next try."""


class Line(QObject):
    """`status_changed(SyncStatus)`; `news_came(frozenset of dossiers)` after others' acts arrived."""

    status_changed = Signal(object)
    news_came = Signal(object)
    _came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: SyncStatus | None = None
        self._worker: Worker | None = None
        self._lock = Lock()
        self._newest: SyncStatus | None = None
        self._news: set[str] = set()
        self._is_called = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._deliver)
        self._news_rest = QTimer(self, singleShot=True, interval=NEWS_MS)
        self._news_rest.timeout.connect(self._deliver)
        self._came.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        return self._worker is not None

    def start(self, worker: Worker) -> None:
        """One runner at a time: an older one is stopped first."""
        self.stop()
        self._worker = worker
        worker.start()

    def stop(self) -> None:
        """Nothing is said any more after this."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def poke(self) -> None:
        """After an act: it need not wait for the next round."""
        if self._worker is not None:
            self._worker.poke()

    @Slot()
    def sync_now(self) -> None:
        """F5 and the button."""
        if self._worker is not None:
            self._worker.sync_now()

    @Slot()
    def retry(self) -> None:
        """“Gửi lại”: what the hub could not use is offered once more."""
        if self._worker is not None:
            retry: Callable[[], None] = getattr(self._worker, "retry", self._worker.sync_now)
            retry()

    def show(self, status: "SyncStatus") -> None:
        """From the window's own thread: a desk that was never joined."""
        self.status = status
        self.status_changed.emit(status)

    def take_status(self, status: "SyncStatus") -> None:
        """From any thread."""
        with self._lock:
            self._newest = status
        self._call()

    def take_news(self, dossiers: frozenset[str]) -> None:
        """From any thread: these read differently now."""
        with self._lock:
            self._news |= dossiers
        self._call()

    def _call(self) -> None:
        """One word on its way is enough: what it finds there is the newest."""
        with self._lock:
            is_first, self._is_called = not self._is_called, True
        if is_first:
            self._came.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            self._is_called = False
        self._deliver_status()
        self._deliver_news()

    def _deliver_status(self) -> None:
        if self._rest.isActive():
            return
        with self._lock:
            status, self._newest = self._newest, None
        if status is not None and status != self.status:
            self._rest.start()
            self.show(status)

    def _deliver_news(self) -> None:
        if self._news_rest.isActive():
            return
        with self._lock:
            news, self._news = frozenset(self._news), set()
        if news:
            self._news_rest.start()
            self.news_came.emit(news)
