"""The head of the dossier page: number, status, owner, due moment, holder, and the acts."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import Dossier
from onestop.office.office import Catalogue
from onestop.office.timeline import ICONS, JournalMoment
from onestop.office.work import WorkRow
from ui import look
from ui.keys import bind, shown
from ui.pages.dossier_words import due_reason, due_words, holder_words, notices, reprint_words
from ui.pages.feed import look_of
from ui.widgets import Button, Card, StatusPill, label, picture, plain, primary
from ui.widgets.truth import TruthLine

if TYPE_CHECKING:
    from ui.sync_facts import TruthTold

_ELSEWHERE = frozenset({Act.ADD_NOTE, Act.PRINT_PAPER, Act.RECOMPUTE})
"""Acts with a place of their own: the note box, the print button, Quản trị › Lịch làm việc."""
_NARROW = 640
_IN_MENU = frozenset({Act.ATTACH, Act.DETACH, Act.VOID_PAPER, Act.ERASE})
Prints = Sequence[tuple[str, str]]
"""Form and words of each paper that can be printed now."""


class ActBar(QWidget):
    """The main act filled, others plain while there is room, the rest in a menu: table order."""

    chosen = Signal(Act)
    printed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.main: Act | None = None
        self.acts: tuple[Act, ...] = ()
        self._prints: Prints = ()
        self._is_quiet = False
        self.main_button = primary("")
        self.main_button.clicked.connect(self.choose_main)
        self.more = plain("&Việc khác", icon="chevron-down")
        self.menu = QMenu(self.more)
        self.more.clicked.connect(self.open_menu)
        self.print_button = plain("In phiếu", shown("print_panel"), "printer")
        self.print_button.clicked.connect(lambda: self.printed.emit("01"))
        self._plain: list[tuple[Act, Button]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look.px(8))
        self._row.addStretch(1)
        for part in (self.main_button, self.more, self.print_button):
            self._row.addWidget(part)

    def show_acts(self, legal: tuple[Act, ...], main: Act | None, prints: Prints) -> None:
        """`legal` in the order of the table; `main` is one of them or None."""
        for _, button in self._plain:
            self._row.removeWidget(button)  # it must not be met any more on the way of Tab
            button.hide()
            button.deleteLater()
        self.main, self.acts, self._prints = main, legal, prints
        others = [a for a in legal if a is not main and a not in _ELSEWHERE | _IN_MENU]
        self._plain = [(act, self._button(act)) for act in others]
        if main is not None:
            self.main_button.setText(f" {RULES[main].words}  ({shown('main_act')})")
            self.main_button.setAccessibleName(RULES[main].words)
            self._dress_main()
        self.main_button.setVisible(main is not None)
        row = [self.main_button, *(button for _, button in self._plain), self.more, self.print_button]
        for one, other in pairwise(row):
            self.setTabOrder(one, other)
        self._fit()

    def choose_main(self) -> None:
        if self.main is not None:
            self.chosen.emit(self.main)

    def open_menu(self) -> None:
        """Below its button; the first entry is chosen, so that arrows and Enter go on."""
        self._fill_menu()
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        self.menu.setActiveAction(self.menu.actions()[0])

    def set_quiet(self, is_quiet: bool) -> None:
        """While a form is open its own button is the one filled button."""
        self._is_quiet = is_quiet
        self._dress_main()

    def in_menu(self) -> tuple[Act, ...]:
        """The acts that found no room as a button, and the rare ones."""
        hidden = {act for act, button in self._plain if button.isHidden()}
        return tuple(a for a in self.acts if a in hidden or a in _IN_MENU)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._fixed_width(), self.main_button.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _button(self, act: Act) -> Button:
        made = plain(RULES[act].words, icon=ICONS[act])
        made.setObjectName(f"act_{act.value}")
        made.clicked.connect(lambda: self.chosen.emit(act))
        self._row.insertWidget(self._row.count() - 2, made)
        return made

    def _fixed_width(self) -> int:
        parts = [self.more, *([self.main_button] if self.main is not None else [])]
        return sum(part.sizeHint().width() + look.px(8) for part in parts)

    def _fit(self) -> None:
        """Printing first (it has a key of its own and stands in the menu too), then the other acts."""
        room = self.width() - self._fixed_width()
        wanted = [*([self.print_button] if self._prints else []), *(button for _, button in self._plain)]
        self.print_button.setVisible(bool(self._prints))
        for button in wanted:
            room -= button.sizeHint().width() + look.px(8)
            button.setVisible(room >= 0)
        self.more.setVisible(bool(self.in_menu()) or bool(self._prints))

    def _dress_main(self) -> None:
        if self.main is not None:
            look.dress(self.main_button, "plain" if self._is_quiet else "primary")
            role = "text" if self._is_quiet else "accent_text"
            look.set_icon(self.main_button, ICONS[self.main], role, 18)

    def _fill_menu(self) -> None:
        self.menu.clear()
        for act in self.in_menu():
            self._add(look.icon(ICONS[act]), RULES[act].words, partial(self.chosen.emit, act))
        if self._prints:
            self.menu.addSeparator()
            for form, words in self._prints:
                self._add(look.icon("printer"), words, partial(self.printed.emit, form))

    def _add(self, icon: QIcon, words: str, slot: Callable[[], None]) -> None:
        self.menu.addAction(icon, words).triggered.connect(lambda _=False: slot())


class DossierHead(Card):
    """Fed with a dossier; says nothing of its own."""

    reprint_asked = Signal()
    why_asked = Signal()

    def __init__(self) -> None:
        super().__init__(margin=12)
        self.setObjectName("dossier_head")
        self._is_narrow = False
        self.code = label("", "title")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pill = StatusPill()
        self.acts = ActBar()
        self.owner = label("", "section", is_wrapped=True)
        self.procedure = label("", "", is_wrapped=True)
        self.due = label("", "strong", is_wrapped=True)
        self.reason = label("", "small", is_wrapped=True)
        self.why_button = Button("Vì sao ngày này?", "link")
        self.why_button.setObjectName("due_why_button")
        self.why_button.setToolTip(f"Xem từng ngày của phép tính ({shown('due_why')})")
        self.why_button.clicked.connect(self.why_asked)
        bind(self, "due_why", self.why_asked.emit)
        self.holder = label("", "", is_wrapped=True)
        self.step = label("", "small", is_wrapped=True)
        self.step.setObjectName("dossier_step")
        self.step.hide()
        self.truth = TruthLine("dossier_truth")
        self._lay_out()

    def show_dossier(
        self, catalogue: Catalogue, dossier: Dossier, moments: Sequence[JournalMoment] = ()
    ) -> None:
        self.code.setText(dossier.code)
        self.owner.setText(dossier.owner.name)
        self.procedure.setText(dossier.subject.procedure.title)
        self.due.setText(due_words(dossier))
        self.reason.setText(due_reason(dossier))
        self.reason.setVisible(bool(self.reason.text()))
        self.why_button.setVisible(dossier.due_at is not None)
        self.holder.setText(holder_words(catalogue, dossier))
        self.setAccessibleName(f"Hồ sơ {dossier.code}, {dossier.owner.name}")
        self._notices.show_lines(notices(dossier, moments), reprint_words(dossier))

    def show_standing(self, work: WorkRow) -> None:
        self.pill.set_state(look_of(work), work.words)
        self.pill.setMinimumWidth(self.pill.sizeHint().width())

    def show_step(self, words: str, tone: str) -> None:
        """At which step of its route it stands, and until when; `tone` is a look of labels."""
        self.step.setText(words)
        look.dress(self.step, tone)
        self.step.setVisible(bool(words))

    def show_truth(self, told: "TruthTold") -> None:
        """Where the dossier stands by now, and why no further."""
        self.truth.show_stops(told.stops, told.reason, told.is_trouble)

    def minimumSizeHint(self) -> QSize:
        """Of the narrow arrangement: the print drawer may take half of the window."""
        return QSize(look.px(360), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside the open print drawer the acts stand on a line of their own."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < look.px(_NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._arrange(is_narrow)

    def _arrange(self, is_narrow: bool) -> None:
        self._first.removeWidget(self.acts)
        self.body.removeWidget(self.acts)
        if is_narrow:
            self.body.insertWidget(1, self.acts)
        else:
            self._first.addWidget(self.acts, 1)
        self._first.setStretch(0, int(is_narrow))

    def _lay_out(self) -> None:
        self.body.setSpacing(look.px(8))
        self._first = QHBoxLayout()
        self._first.setSpacing(look.px(12))
        self._first.addWidget(self.code)
        self._first.addWidget(self.pill)
        self._first.addWidget(self.acts, 1)
        self.body.addLayout(self._first)
        second = QHBoxLayout()
        second.setSpacing(look.px(24))
        for parts, share in (
            ((self.owner, self.procedure), 1),
            ((self.reason, self.holder, self.step), 1),
        ):
            column = QVBoxLayout()
            column.setSpacing(look.px(2))
            for part in parts:
                column.addWidget(part)
            if self.reason in parts:
                column.insertLayout(0, self._due_row())
            column.addStretch(1)
            second.addLayout(column, share)
        self.body.addLayout(second)
        self.body.addWidget(self.truth)
        self._notices = _Notices(self.reprint_asked.emit)
        self.body.addWidget(self._notices)

    def _due_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(self.due, 1)
        row.addWidget(self.why_button, 0, Qt.AlignmentFlag.AlignTop)
        return row


class _Notices(QFrame):
    """Lines that must not be overlooked; hidden when there are none."""

    def __init__(self, on_reprint: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("look", "notice")
        self.setObjectName("dossier_notices")
        self._words = label("", "", is_wrapped=True)
        self._reprint = plain("In giấy thay thế", icon="printer")
        self._reprint.clicked.connect(on_reprint)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(12), look.px(6), look.px(8), look.px(6))
        row.setSpacing(look.px(12))
        row.addWidget(picture("info", "accent", 18), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self._reprint)
        self.hide()

    def show_lines(self, lines: tuple[str, ...], reprint: str) -> None:
        wanted = [*lines, *([reprint] if reprint else [])]
        self._words.setText("\n".join(wanted))
        self._reprint.setVisible(bool(reprint))
        self.setVisible(bool(wanted))
