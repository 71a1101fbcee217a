"""Papers waiting for the printer: one after the other, each noted in its dossier's journal."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from onestop.errors import OfficeError
from onestop.office.deeds import Done
from ui.pages.page import Frame
from ui.print_work import Errand, note_errand, run_errand
from ui.tasks import Progress, Report, Running


class PrintLine(QObject):
    """Goes on while the panel shows other papers. `sent` comes after the journal has it."""

    began = Signal(object)
    moved = Signal(object, object)
    sent = Signal(object)
    unnoted = Signal(object, object)
    failed = Signal(object, object)
    cancelled = Signal(object)

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._waiting: list[Errand] = []
        self.errand: Errand | None = None
        self._running: Running | None = None

    def add(self, errand: Errand) -> None:
        self._waiting.append(errand)
        if self.errand is None:
            self._next()

    def cancel(self) -> bool:
        """Stops the paper that is being sent; False when there is none, or it is out already."""
        if self._running is None:
            return False
        self._running.cancel()
        return True

    def is_idle(self) -> bool:
        return self.errand is None

    def count(self) -> int:
        """How many wait behind the one that is being sent."""
        return len(self._waiting)

    def _next(self) -> None:
        errand = self.errand = self._waiting.pop(0)
        self.began.emit(errand)
        out: list[Errand] = []
        self._running = self._frame.tasks.run_long(
            self,
            partial(_kept, out, errand),
            self._note,
            self._fail,
            on_progress=self._move,
            on_cancelled=partial(self._give_up, out),
            where="files",
        )

    def _move(self, report: Report) -> None:
        self.moved.emit(self.errand, report)

    def _note(self, errand: Errand) -> None:
        """The paper is out: from here on it cannot be cancelled."""
        self._running = None
        self._frame.tasks.run(
            self,
            partial(note_errand, self._frame.office, errand),
            partial(self._end, errand),
            partial(self._miss, errand),
            busy=False,
        )

    def _end(self, errand: Errand, done: Done | None) -> None:
        self._leave()
        self.sent.emit(errand)
        if done is not None:
            self._frame.tell_done(done)

    def _miss(self, errand: Errand, error: OfficeError) -> None:
        self._leave()
        self.unnoted.emit(errand, error)

    def _fail(self, error: OfficeError) -> None:
        self.failed.emit(self._leave(), error)

    def _give_up(self, out: Sequence[Errand]) -> None:
        """Cancelled; a paper that had just come out all the same is noted."""
        if out:
            self._note(out[0])
        else:
            self.cancelled.emit(self._leave())

    def _leave(self) -> Errand | None:
        """The next one may go."""
        errand, self.errand, self._running = self.errand, None, None
        if self._waiting:
            self._next()
        return errand


def _kept(out: list[Errand], errand: Errand, progress: Progress) -> Errand:
    out.append(run_errand(errand, progress))
    return out[0]
