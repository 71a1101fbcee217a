"""Papers of several dossiers, one after the other: what fails is told and stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from onestop.domain.dossier import Dossier
from onestop.errors import OfficeError
from onestop.office.deeds import Done, find_dossier
from onestop.office.office import Office
from onestop.office.paper_list import papers_of, shared_forms_of, shared_papers
from onestop.office.papers_many import make_many, note_many
from onestop.printing import page_count
from ui.pages.page import Frame
from ui.paper_kinds import PaperKind, kind_from
from ui.print_work import Errand, Made, Wanted, make_paper, note_errand, run_errand
from ui.printer import Printer
from ui.tasks import Progress, Report, Running


@dataclass(frozen=True, slots=True)
class Item:
    """One dossier of the selection. `forms`: of the papers it has come to."""

    id: str
    words: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen in a list, and the kinds of paper that at least one of them has."""

    items: tuple[Item, ...]
    kinds: tuple[PaperKind, ...]

    def of(self, kind: PaperKind) -> tuple[Item, ...]:
        """Those that have come to a paper of this kind."""
        return tuple(item for item in self.items if kind.form in item.forms)


@dataclass(frozen=True, slots=True)
class Order:
    """How every paper of a batch is to come out: on a printer, or as a file in `folder`."""

    kind: PaperKind
    size: str
    copies: int
    printer: Printer | None = None
    tray: str = ""
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A paper that did not come out, and why."""

    item: Item
    why: str


def read_selection(office: Office, ids: Sequence[str]) -> Selection:
    """Raises OfficeError for a dossier that is not here any more."""
    items: list[Item] = []
    kinds: dict[str, PaperKind] = {}
    for dossier_id in ids:
        dossier = find_dossier(office, dossier_id)
        choices = papers_of(office, dossier)
        forms = dict.fromkeys((*(one.form for one in choices), *shared_forms_of(dossier)))
        items.append(Item(dossier.id, _words(dossier), tuple(forms)))
        kinds |= {one.form: kind_from(one) for one in choices if one.form not in kinds}
    together = [kind_from(one, is_shared=True) for one in shared_papers(office)]
    usable = [kind for kind in together if any(kind.form in item.forms for item in items)]
    return Selection(tuple(items), (*kinds.values(), *usable))


def _words(dossier: Dossier) -> str:
    return f"{dossier.code} · {dossier.owner.name}"


def print_item(office: Office, order: Order, item: Item, progress: Progress) -> Errand:
    """One paper made and out. Raises OfficeError, Cancelled."""
    wanted = Wanted(order.kind, item.id, None, order.size, order.copies)
    made = make_paper(office, wanted, progress)
    return run_errand(_errand(order, made), progress)


def print_shared(office: Office, order: Order, items: Sequence[Item], progress: Progress) -> Errand:
    """The one paper of all. Raises OfficeError, Cancelled."""
    pdf = make_many(office, [item.id for item in items], order.kind.form, order.size, order.copies)
    wanted = Wanted(order.kind, "", None, order.size, order.copies)
    return run_errand(_errand(order, Made(wanted, pdf, page_count(pdf), "", None)), progress)


def _errand(order: Order, made: Made) -> Errand:
    if order.folder is None:
        return Errand(made, printer=order.printer, tray=order.tray)
    return Errand(made, path=free_path(order.folder, f"{made.title}"))


def free_path(folder: Path, title: str) -> Path:
    """No file that is there already is written over."""
    tries = (folder / f"{title}{mark}.pdf" for mark in ("", *(f" ({n})" for n in range(2, 1000))))
    return next(path for path in tries if not path.exists())


class Batch(QObject):
    """Goes through its items, each noted in its journal once it is out.

    `moved(item, report)` while one is on its way, `passed(item)` after each, `ended` after the last
    or when it was stopped; then `rest` holds what did not come out.
    """

    moved = Signal(object, object)
    passed = Signal(object)
    ended = Signal(bool)

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self._running: Running | None = None
        self._order: Order | None = None
        self._waiting: list[Item] = []
        self._is_stopped = False
        self.rest: list[Item] = []
        self.missed: list[Missed] = []
        self.printed: list[Item] = []
        self.last: Done | None = None

    def is_going(self) -> bool:
        return self._order is not None

    def start(self, order: Order, items: Sequence[Item]) -> None:
        self._order, self._waiting, self._is_stopped = order, list(items), False
        self.rest, self.missed, self.printed = [], [], []
        if order.kind.is_shared:
            self._run(tuple(items), partial(print_shared, self._frame.office, order, tuple(items)))
        else:
            self._next()

    def cancel(self) -> None:
        """What is on its way goes no further; what is out is noted all the same."""
        self._is_stopped = True
        if self._running is not None:
            self._running.cancel()

    def _next(self) -> None:
        order = self._order
        if order is None or self._is_stopped or not self._waiting:
            self._end()
            return
        item = self._waiting.pop(0)
        self._run((item,), partial(print_item, self._frame.office, order, item))

    def _run(self, items: "tuple[Item, ...]", work: "partial[Errand]") -> None:
        self.moved.emit(items[0], None)
        out: list[Errand] = []
        self._running = self._frame.tasks.run_long(
            self,
            partial(_kept, out, work),
            partial(self._note, items),
            partial(self._miss, items),
            on_progress=lambda report: self._move(items[0], report),
            on_cancelled=partial(self._leave, items, out),
            where="files",
        )

    def _move(self, item: Item, report: Report) -> None:
        self.moved.emit(item, report)

    def _note(self, items: tuple[Item, ...], errand: Errand) -> None:
        """The paper is out: from here on it cannot be cancelled."""
        self._running = None
        office, wanted = self._frame.office, errand.made.wanted
        note = (
            partial(_note_all, office, [item.id for item in items], wanted)
            if wanted.kind.is_shared
            else partial(note_errand, office, errand)
        )
        self._frame.tasks.run(
            self, note, partial(self._pass, items), partial(self._miss_note, items), busy=False
        )

    def _pass(self, items: tuple[Item, ...], done: Done | None) -> None:
        self.last = done or self.last
        self.printed += items
        self._go_on(items)

    def _miss_note(self, items: tuple[Item, ...], error: OfficeError) -> None:
        """It is out, so it is not printed again; but somebody has to know."""
        self.printed += items
        self.missed += [Missed(item, f"Đã in, chưa ghi được vào nhật ký. {error.title}") for item in items]
        self._go_on(items)

    def _miss(self, items: tuple[Item, ...], error: OfficeError) -> None:
        self.missed += [Missed(item, f"{error.title.rstrip('.')}. {error.message}") for item in items]
        self.rest += items
        self._go_on(items)

    def _leave(self, items: tuple[Item, ...], out: Sequence[Errand]) -> None:
        """Stopped; a paper that had just come out all the same is noted."""
        if out:
            self._note(items, out[0])
        else:
            self.rest += items
            self._go_on(items)

    def _go_on(self, items: tuple[Item, ...]) -> None:
        for item in items:
            self.passed.emit(item)
        if self._order is not None and self._order.kind.is_shared:
            self._waiting = []
        self._next()

    def _end(self) -> None:
        self.rest += self._waiting
        self._waiting, self._order, self._running = [], None, None
        self.ended.emit(self._is_stopped)


def _kept(out: list[Errand], work: "partial[Errand]", progress: Progress) -> Errand:
    out.append(work(progress))
    return out[0]


def _note_all(office: Office, ids: Sequence[str], wanted: Wanted) -> Done | None:
    done = note_many(office, ids, wanted.kind.form, wanted.copies)
    return done[-1] if done else None
