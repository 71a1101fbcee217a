"""The panel beside a list: the dossier selected, its last entries, and what to do next.

Light on purpose: the journal is read once the store is open, the head comes from the list.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from onestop.domain.acts import STATES, Act
from onestop.domain.legality import legal_acts
from onestop.office.work import Worklist, WorkRow
from ui import look
from ui.keys import shown
from ui.pages.feed import look_of
from ui.pages.feed_marks import for_whom
from ui.pages.page import Frame, ready_office
from ui.widgets import Card, Moment, StatusPill, Timeline, label, plain, primary

if TYPE_CHECKING:  # the engine is imported behind the first paint
    from onestop.domain.dossier import Dossier
    from onestop.office.office import Office

WIDTH = 330
_LAST = 8
_SETTLE_MS = 60  # somebody runs down the list: only where they stop is the journal read

NEXT = (
    (Act.TAKE_OVER, "Nhận bàn giao", ""),
    (Act.APPROVE, "Phê duyệt…", "approve"),
    (Act.SIGN, "Ký…", "approve"),
    (Act.COMPLETE, "Vào sổ…", "approve"),
    (Act.HAND_OUT, "Trả kết quả…", "hand_out"),
)
"""What an officer most likely wants next, the first that is legal; where it is done, '' for here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A dossier as its journal tells it, with its last moments, newest first."""

    dossier: "Dossier"
    moments: tuple[Moment, ...]
    next_act: Act | None
    step: str = ""
    step_look: str = "small"


def read_seen(office: "Office", dossier_id: str, worklist: Worklist, work: WorkRow) -> Seen:
    """Raises OfficeError when the dossier is not in this store."""
    from onestop.office.timeline import read_timeline
    from ui.pages.dossier_words import shown_moment
    from ui.pages.feed_steps import STEP_LOOKS, read_step

    dossier, told = read_timeline(office, dossier_id)
    legal = legal_acts(dossier, office.actor)
    next_act = next((act for act, _, _ in NEXT if act in legal), None)
    moments = tuple(shown_moment(each) for each in reversed(told[-_LAST:]))
    step, pressure = read_step(worklist, work)
    return Seen(dossier, moments, next_act, step, STEP_LOOKS.get(pressure, "small"))


class Preview(Card):
    """Shows one dossier of a list: opens it, prints its receipt, does the next act."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.setObjectName("preview")
        self.setAccessibleName("Xem nhanh hồ sơ")
        self.setFixedWidth(look.px(WIDTH))
        self._work: WorkRow | None = None
        self.dossier: Dossier | None = None
        self._next: Act | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._read)
        self._make_words()
        self._make_buttons()
        self.show_work(None)

    def show_work(self, work: WorkRow | None) -> None:
        """The head at once, the journal when the selection has come to rest."""
        is_same = self._work is not None and work is not None and self._work.row.id == work.row.id
        self._work = work
        for part in self._parts:
            part.setVisible(work is not None)
        self._empty.setVisible(work is None)
        if work is None:
            self._timer.stop()
            self.dossier = None
            self._show_next(None)
            return
        self._show_head(work)
        if not is_same:
            self.dossier = None
            self.timeline.show_moments(())
            self._step.setText("")
            self._show_next(None)
        self._timer.start()

    def read_again(self) -> None:
        """After an act, or when the store has just been opened."""
        if self._work is not None:
            self._timer.start()

    def do_next(self) -> None:
        """Takes the folder over at once; whatever needs more words is done on its own page."""
        if self._next is None or self._work is None:
            return
        place = next(place for act, _, place in NEXT if act is self._next)
        if place:
            self._frame.go(place, self._work.row.id)
        else:
            self._take_over(self._work.row.id)

    def _take_over(self, dossier_id: str) -> None:
        from onestop.office.deeds import take_over

        office = ready_office(self._frame)
        if office is not None:
            work = partial(take_over, office, dossier_id)
            self._frame.tasks.run(self, work, self._frame.tell_done, self._frame.show_error)

    def _make_words(self) -> None:
        self._code = label("", "dim")
        self._owner = label("", "section", is_wrapped=True)
        self._procedure = label("", is_wrapped=True)
        self._pill = StatusPill()
        self._holder = label("", "small", is_wrapped=True)
        self._step = label("", "small", is_wrapped=True)
        self._heading = label("Nhật ký", "section")
        self.timeline = Timeline("preview_journal")
        self._empty = label("Chọn một hồ sơ để xem nhanh.", "dim", is_wrapped=True)
        self.body.setSpacing(look.px(8))
        words = (
            self._code,
            self._owner,
            self._procedure,
            self._pill,
            self._holder,
            self._step,
            self._heading,
        )
        for part in words:
            self.body.addWidget(part)
        self.body.addWidget(self.timeline, 1)
        self.body.addWidget(self._empty)
        self._parts = [*words, self.timeline]

    def _make_buttons(self) -> None:
        self.next_button = primary("")
        self.open_button = plain("Mở", "Enter")
        self.print_button = plain("In phiếu", shown("print_panel"))
        self.next_button.clicked.connect(self.do_next)
        self.open_button.clicked.connect(self._open)
        self.print_button.clicked.connect(self.print)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self.open_button, 1)
        row.addWidget(self.print_button, 1)
        self.body.addWidget(self.next_button)
        self.body.addLayout(row)
        self.body.addStretch(0)
        self._parts += [self.open_button, self.print_button]

    def _show_head(self, work: WorkRow) -> None:
        row = work.row
        self._code.setText(row.code)
        self._owner.setText(row.owner_name)
        self._procedure.setText(row.procedure_name)
        self._pill.set_state(look_of(work), work.words)
        whom = for_whom(self._frame.worklist, work)
        self._holder.setText("\n".join(part for part in (self._holder_words(work), whom) if part))

    def _holder_words(self, work: WorkRow) -> str:
        row, catalogue, state = work.row, self._frame.worklist.catalogue, STATES[work.row.state]
        officer = catalogue.officer(row.holder_officer).name if row.holder_officer else ""
        holder = officer or catalogue.unit_name(row.holder_unit)
        if not state.is_open or not holder:
            return state.words
        return f"{state.words} · mới chuyển đến {holder}" if work.is_new else f"{state.words} · {holder} giữ"

    def _read(self) -> None:
        office, work = ready_office(self._frame), self._work
        if office is None or work is None or not self.isVisible():
            return
        dossier_id = work.row.id
        self._frame.tasks.run(
            self,
            partial(read_seen, office, dossier_id, self._frame.worklist, work),
            partial(self._show_seen, dossier_id),
            lambda _: None,  # the list says what is wrong; a panel beside it need not say it twice
            busy=False,
        )

    def _show_seen(self, dossier_id: str, seen: Seen) -> None:
        if self._work is None or self._work.row.id != dossier_id:
            return
        self.dossier = seen.dossier
        self.timeline.show_moments(seen.moments)
        self._step.setText(seen.step)
        look.dress(self._step, seen.step_look)
        self._step.setVisible(bool(seen.step))
        self._show_next(seen.next_act)

    def _show_next(self, act: Act | None) -> None:
        self._next = act
        words = next((words for each, words, _ in NEXT if each is act), "")
        self.next_button.setVisible(act is not None)
        self.next_button.setText(words)
        self.next_button.setAccessibleName(words.rstrip("…"))

    def _open(self) -> None:
        if self._work is not None:
            self._frame.go("dossier", self._work.row.id)

    def print(self) -> None:
        """Ctrl+P: once the journal has been read."""
        if self.dossier is not None:
            self._frame.print_papers(self.dossier, "01")
