"""The one door to slow work, and the only file with threads.

    tasks.run(page, lambda: office.find(...), page.show_rows)

`where`: `store` is one thread (writes stay in order), `files` two for printing and disk,
`devices` two for readers that run until they are cancelled. Work gets and gives plain
data. The answer comes back on the window's thread by one queued signal, and is dropped
when `parent` has been closed meanwhile.
"""

import gc
import itertools
import threading
import traceback
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from onestop.errors import OfficeError

Where = Literal["store", "files", "devices"]
T = TypeVar("T")
BUSY_AFTER_MS = 300
_WORKERS: dict[Where, int] = {"store": 1, "files": 2, "devices": 2}


class Cancelled(Exception):
    """Raised inside the work by `Progress.check` once the person has cancelled."""


@dataclass(frozen=True, slots=True)
class Report:
    """How far: `done` of `total` (0 = unknown), in words."""

    done: int
    total: int
    words: str


@dataclass(frozen=True, slots=True)
class Bug:
    """An exception that is not for people: shown as one calm box, kept with its trace."""

    error: BaseException
    trace: str


class Progress:
    """Given to long work: says how far it is, and asks whether it should stop."""

    def __init__(self, say: Callable[[object], None]) -> None:
        self._say = say
        self._stop = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        self._stop.set()

    def check(self) -> None:
        """Raises Cancelled once cancelled; call it between pages or rows."""
        if self._stop.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleeps; True at once when cancelled."""
        return self._stop.wait(seconds)

    def report(self, done: int, total: int, words: str = "") -> None:
        self.say(Report(done, total, words))

    def say(self, thing: object) -> None:
        """Sends any plain value to `on_progress` on the window's thread."""
        if not self._stop.is_set():
            self._say(thing)


@dataclass(slots=True)
class _Job:
    """Kept on the window's side: a worker never holds a callback, so never destroys a widget."""

    parent: "weakref.ref[QObject] | None"
    on_done: Callable[[Any], None] | None
    on_error: Callable[[OfficeError], None] | None
    on_progress: Callable[[Any], None] | None
    on_cancelled: Callable[[], None] | None
    busy: bool
    progress: Progress
    where: Where

    def is_wanted(self) -> bool:
        if self.parent is None:
            return True
        parent = self.parent()
        return parent is not None and isValid(parent)


class Running:
    """What `run` gives back: a running piece of work that can be cancelled."""

    def __init__(self, job: _Job) -> None:
        self._job = job

    def cancel(self) -> None:
        """`on_done` will not come; `on_cancelled` comes when the work has really ended."""
        self._job.progress.cancel()


class Tasks(QObject):
    """`on_error(parent, error)` and `on_bug(parent, bug)` take what a call does not handle itself."""

    became_idle = Signal()
    _ended = Signal(int, object, object)
    _said = Signal(int, object)

    def __init__(
        self,
        on_error: Callable[[QObject | None, OfficeError], None],
        on_bug: Callable[[QObject | None, Bug], None],
    ) -> None:
        super().__init__()
        self._on_error, self._on_bug = on_error, on_bug
        self._pools = {
            where: ThreadPoolExecutor(count, thread_name_prefix=f"onestop-{where}")
            for where, count in _WORKERS.items()
        }
        self._jobs: dict[int, _Job] = {}
        self._numbers = itertools.count(1)
        self._is_open = True
        self._has_cursor = False
        self._busy_timer = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self._show_busy)
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._said.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        parent: QObject | None,
        fn: Callable[[], T],
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[OfficeError], None] | None = None,
        *,
        where: Where = "store",
        busy: bool = True,
    ) -> Running:
        """Runs `fn()` elsewhere, then `on_done(answer)` or `on_error(error)` here."""
        return self.run_long(parent, lambda _: fn(), on_done, on_error, where=where, busy=busy)

    def run_long(
        self,
        parent: QObject | None,
        fn: Callable[[Progress], T],
        on_done: Callable[[T], None] | None = None,
        on_error: Callable[[OfficeError], None] | None = None,
        *,
        on_progress: Callable[[Any], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        where: Where = "files",
        busy: bool = False,
    ) -> Running:
        """As `run`; `fn(progress)` reports and may be cancelled."""
        if not self._is_open:
            raise RuntimeError("tasks are shut down")
        number = next(self._numbers)
        progress = Progress(lambda thing: self._said.emit(number, thing))
        reference = weakref.ref(parent) if parent is not None else None
        job = _Job(reference, on_done, on_error, on_progress, on_cancelled, busy, progress, where)
        self._jobs[number] = job
        self._pools[where].submit(self._work, number, fn, progress)
        if busy and not self._has_cursor and not self._busy_timer.isActive():
            self._busy_timer.start()
        return Running(job)

    def is_idle(self) -> bool:
        """True when no answer is awaited; device readers, which run for ever, are not counted."""
        return all(job.where == "devices" for job in self._jobs.values())

    def shutdown(self) -> None:
        """Ends everything: what the store still has to write is written, the rest is cancelled."""
        self._is_open = False
        for job in self._jobs.values():
            job.progress.cancel()
        for where, pool in self._pools.items():
            pool.shutdown(wait=True, cancel_futures=where != "store")
        self._jobs.clear()
        self._hide_busy()

    def _work(self, number: int, fn: Callable[[Progress], object], progress: Progress) -> None:
        """On the worker's thread."""
        answer: object = None
        error: OfficeError | Bug | None = None
        try:
            answer = fn(progress)
        except Cancelled:
            pass
        except OfficeError as problem:
            error = problem
        except BaseException as problem:
            error = Bug(problem, traceback.format_exc())
        if QCoreApplication.instance() is not None:
            self._ended.emit(number, answer, error)

    @Slot(int, object, object)
    def _deliver(self, number: int, answer: object, error: OfficeError | Bug | None) -> None:
        job = self._jobs.pop(number, None)
        if job is None:
            return
        self._settle_busy()
        if job.is_wanted():
            self._answer(job, answer, error)
        elif isinstance(error, Bug):
            self._on_bug(None, error)
        if self.is_idle():
            self.became_idle.emit()

    def _answer(self, job: _Job, answer: object, error: OfficeError | Bug | None) -> None:
        parent = job.parent() if job.parent else None
        if isinstance(error, Bug):
            self._on_bug(parent, error)
        elif job.progress.is_cancelled:
            if job.on_cancelled:
                job.on_cancelled()
        elif error is None:
            if job.on_done:
                job.on_done(answer)
        elif job.on_error:
            job.on_error(error)
        else:
            self._on_error(parent, error)

    @Slot(int, object)
    def _tell(self, number: int, thing: object) -> None:
        job = self._jobs.get(number)
        if job and job.on_progress and job.is_wanted() and not job.progress.is_cancelled:
            job.on_progress(thing)

    @Slot()
    def _show_busy(self) -> None:
        if not self._has_cursor and any(job.busy for job in self._jobs.values()):
            self._has_cursor = True
            QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

    def _settle_busy(self) -> None:
        if not any(job.busy for job in self._jobs.values()):
            self._hide_busy()

    def _hide_busy(self) -> None:
        self._busy_timer.stop()
        if self._has_cursor:
            self._has_cursor = False
            QApplication.restoreOverrideCursor()


class Sweep(QObject):
    """Collects Python's cyclic garbage on the window's thread only.

    A collection that happens to run in a worker would destroy dropped widgets there,
    and Qt dies of that. Young garbage every 5 s, everything every minute.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()
        gc.disable()
        self._turn = 0
        self._timer = QTimer(self, interval=5000)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()
        gc.unfreeze()

    @Slot()
    def _collect(self) -> None:
        self._turn += 1
        gc.collect(2 if self._turn % 12 == 0 else 1)
