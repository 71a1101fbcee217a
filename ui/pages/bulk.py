"""Approving several proposals of one procedure: each with its own act, the odd ones left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from onestop.domain.dossier import Role, State
from onestop.errors import OfficeError
from onestop.office.deeds import Done, Target, approve
from onestop.office.office import Office, Officer
from onestop.office.work import Worklist
from ui import look
from ui.keys import bind
from ui.pages.decision import obstacles, read_brief
from ui.pages.feed import short_name
from ui.pages.page import Frame
from ui.tasks import Progress, Report, Running
from ui.widgets import Button, ComboField, label, plain, primary

_MOST = 200
_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal of the procedure. `against` says why it must be looked at on its own."""

    id: str
    words: str
    against: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A dossier that was not approved, and why."""

    words: str
    why: str


def read_candidates(office: Office, worklist: Worklist, procedure_name: str) -> list[Candidate]:
    """The proposals of one procedure in this officer's queue, soonest due first, 200 at most."""
    view = replace(worklist.to_decide(), states=(State.PROPOSED,))
    found = []
    for work in worklist.page(view, limit=_MOST):
        if work.row.procedure_name == procedure_name:
            against = obstacles(read_brief(office, work.row.id), office.catalogue)
            words = f"{work.row.code} · {work.row.owner_name} · {work.words}"
            found.append(Candidate(work.row.id, words, "; ".join(against)))
    return found


def signers(office: Office) -> tuple[Officer, ...]:
    """Who may sign: a leader who approves signs too, so he stands first."""
    me = office.officer
    found = office.catalogue.in_role(Role.LEADER, me.unit)
    return tuple(sorted(found, key=lambda officer: officer.id != me.id))


class BulkDialog(QDialog):
    """List, exceptions, target, one button; then progress with cancel and a summary."""

    def __init__(self, parent: QWidget, frame: Frame, procedure_name: str) -> None:
        super().__init__(parent)
        self.setObjectName("bulk_dialog")
        self.setWindowTitle("Phê duyệt nhiều hồ sơ")
        self.setMinimumSize(look.px(640), look.px(480))
        self._frame = frame
        self._procedure_name = procedure_name
        self._running: Running | None = None
        self.candidates: list[Candidate] = []
        self.approved: list[Done] = []
        self.failures: list[Failure] = []
        self._make_parts()
        self._lay_out()
        self._connect()
        self._read()

    def chosen(self) -> list[Candidate]:
        ticked = {
            item.data(_ID)
            for item in (self.list.item(row) for row in range(self.list.count()))
            if item.checkState() is Qt.CheckState.Checked
        }
        return [each for each in self.candidates if each.id in ticked and not each.against]

    def approve_chosen(self) -> None:
        """One act after another; what fails is told at the end and stops no other."""
        chosen = self.chosen()
        if self._running is not None or not chosen:
            return
        signer = self._frame.office.catalogue.officer(self.target.key())
        to, office = Target(signer.unit, signer.id), self._frame.office
        self._begin(len(chosen))
        self._running = self._frame.tasks.run_long(
            self,
            lambda progress: self._approve_each(office, chosen, to, progress),
            lambda _: self._end(False),
            on_progress=self._show_progress,
            on_cancelled=lambda: self._end(True),
            where="store",
        )

    def summary(self) -> str:
        words = f"Đã phê duyệt {len(self.approved)} hồ sơ"
        return f"{words}, {len(self.failures)} hồ sơ chưa duyệt" if self.failures else words

    def put_away(self) -> None:
        """Esc while it runs cancels the rest; the one on its way is finished."""
        if self._running is not None:
            self._running.cancel()
            self._state.setText("Đang dừng…")
        else:
            self.done(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter alone approves nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self._running is None)
        self.put_away()

    def _approve_each(
        self, office: Office, chosen: Sequence[Candidate], to: Target, progress: Progress
    ) -> None:
        """On the store's thread; `approved` and `failures` are read only after it has ended."""
        for number, each in enumerate(chosen, 1):
            progress.check()
            try:
                self.approved.append(approve(office, each.id, to))
            except OfficeError as error:
                self.failures.append(Failure(each.words, f"{error.title}. {error.message}"))
            progress.report(number, len(chosen), each.words)

    def _read(self) -> None:
        office, worklist, name = self._frame.office, self._frame.worklist, self._procedure_name
        self._frame.tasks.run(
            self, lambda: read_candidates(office, worklist, name), self._show, self._frame.show_error
        )

    def _show(self, candidates: list[Candidate]) -> None:
        self.candidates = candidates
        self.list.clear()
        for each in candidates:
            if not each.against:
                item = QListWidgetItem(each.words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsSelectable)
                item.setCheckState(Qt.CheckState.Checked)
                item.setData(_ID, each.id)
                self.list.addItem(item)
        self._show_exceptions([f"{each.words}: {each.against}" for each in candidates if each.against])
        self._count()
        self.list.setFocus()

    def _show_exceptions(self, lines: Sequence[str], title: str = "Xem riêng từng hồ sơ") -> None:
        self._exceptions_title.setText(f"{title} ({len(lines)})")
        self.exceptions.clear()
        self.exceptions.addItems(list(lines))
        for part in (self._exceptions_title, self.exceptions):
            part.setVisible(bool(lines))

    def _count(self) -> None:
        self.approve_button.setText(f"Phê duyệt {len(self.chosen())} hồ sơ  (Ctrl+Enter)")

    def _begin(self, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(0)
        for part in (self.bar, self._state):
            part.show()
        for held in (self.list, self.target, self.approve_button):
            held.setEnabled(False)
        self.close_button.setText("Dừng  (Esc)")

    def _show_progress(self, report: Report) -> None:
        self.bar.setValue(report.done)
        self._state.setText(f"{report.done}/{report.total} · {report.words}")

    def _end(self, is_cancelled: bool) -> None:
        self._running = None
        self.approve_button.hide()
        self.bar.hide()
        self.close_button.setText("Đóng  (Esc)")
        stopped = "Đã dừng theo yêu cầu. " if is_cancelled else ""
        self._state.setText(f"{stopped}{self.summary()}.")
        self._show_exceptions([f"{each.words}: {each.why}" for each in self.failures], "Chưa duyệt được")
        self.close_button.setFocus()
        if not self.failures and not is_cancelled:
            self.accept()

    def _make_parts(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName("Hồ sơ sẽ phê duyệt")
        self._exceptions_title = label("", "warning")
        self.exceptions = QListWidget()
        self.exceptions.setAccessibleName("Hồ sơ phải xem riêng")
        self.exceptions.setWordWrap(True)
        self.exceptions.setMaximumHeight(look.px(110))
        choices = [
            (officer.id, f"{officer.name} · {officer.title}") for officer in signers(self._frame.office)
        ]
        self.target = ComboField("to", "Chuyển &lãnh đạo ký", choices)
        for part in (self.list, self.exceptions):
            part.setSpacing(look.px(3))
        self.bar = QProgressBar()
        self._state = label("", "dim", is_wrapped=True)
        self.approve_button: Button = primary("Phê duyệt", "Ctrl+Enter")
        self.close_button = plain("Đóng", "Esc")
        for hidden in (self.bar, self._state, self._exceptions_title, self.exceptions):
            hidden.hide()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.approve_button)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        side = look.px(20)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(look.px(12))
        column.addWidget(
            label(f"Phê duyệt nhiều: {short_name(self._procedure_name)}", "section", is_wrapped=True)
        )
        column.addWidget(self.list, 1)
        for part in (self._exceptions_title, self.exceptions, self.target, self.bar, self._state):
            column.addWidget(part)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.list.itemChanged.connect(lambda _: self._count())
        self.approve_button.clicked.connect(self.approve_chosen)
        self.close_button.clicked.connect(self.put_away)
        bind(self, "main_act", self.approve_chosen)
