"""Tiếp nhận: a dossier is taken in, in the order of speech at the counter."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from onestop.domain.dossier import Dossier
from onestop.errors import InputError, InputErrors, OfficeError
from onestop.office.intake import Received
from onestop.office.office import Office
from onestop.office.work import WorkRow
from onestop.store.rows import DraftRow
from ui import keys
from ui.pages import receive_acts as acts
from ui.pages.page import Frame, Page
from ui.pages.receive_ask import SupplementDialog
from ui.pages.receive_drafts import (
    Autosave,
    DraftsDialog,
    draft_typed,
    find_drafts,
    remove_draft,
    saved_words,
)
from ui.pages.receive_result import ResultDesk
from ui.pages.receive_typed import Typed, form_errors, intake_form, order_errors
from ui.pages.receive_view import ReceiveView
from ui.widgets import Answer, ask, error_words, reason_dialog

MINUTE_MS = 20_000
"""How often the due date is looked at again: 15:00 passes while a form stands open."""


class ReceivePage(Page):
    """The intake page: form, checklist, drafts, and the result with the code."""

    place = "receive"
    title = "Tiếp nhận hồ sơ"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.setObjectName("receive")
        self.setProperty("look", "page")
        self._officer = ""
        self._dossier_id = ""
        self._is_sending = False
        self.view = ReceiveView(self.title, frame.tasks, self._office)
        self.fields, self.errors, self.done = self.view.fields, self.view.errors, self.view.done
        self.autosave = Autosave(self, frame.tasks, self._office, self._typed)
        self.result = ResultDesk(self, frame, self.done)
        self._blank = self.fields.typed()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._connect()
        self._bind_keys()
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self._minute_passed)
        self._minute.start()

    # ---- the page and its frame ---------------------------------------------------------

    def enter(self, dossier_id: str = "") -> None:
        """A new form, the one begun before, or a registered dossier to be received."""
        office = self._office()
        self.fields.set_catalogue(office.catalogue)
        self.view.show_main(self.frame.settings.is_on("print.on_receive"))
        if office.officer.id != self._officer:
            self._officer = office.officer.id
            self.start_new()
        elif self.view.is_done_shown():
            self.start_new()
        if dossier_id and dossier_id != self._dossier_id:
            self.frame.tasks.run(self, lambda: acts.find_submitted(office, dossier_id), self._show_submitted)
        self.fields.recompute()
        self._count_drafts()
        if self.window().focusWidget() is None or not self.isAncestorOf(self.window().focusWidget()):
            self.fields.procedure.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> bool:
        """What is typed stays here and is a draft already."""
        self.autosave.save()
        return True

    def may_be_remade(self) -> bool:
        is_busy = self._is_sending or self.view.is_done_shown()
        return not is_busy and not self.fields.open_questions()

    def shown_dossier(self) -> str:
        return "" if self.is_changed() else self._dossier_id

    def go_on_from(self, old: Page) -> None:
        if isinstance(old, ReceivePage) and old.is_changed():
            self._reset(old._typed(), old.autosave.draft_id)
            self.view.title.setText(old.view.title.text())
            self.autosave.touch()
            self._look_for_twins()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hidden also when the officer changes: the draft is then saved already, under the right name."""
        if self._office().officer.id == self._officer:
            self.autosave.save()
        super().hideEvent(event)

    def reload(self, dossier_id: str) -> None:
        """Another page may have acted on the dossier just received."""
        if self.view.is_done_shown():
            self.result.reload(dossier_id)

    def panes(self) -> tuple[QWidget, ...]:
        if self.view.is_done_shown():
            return (self.done.number,)
        rows = self.fields.components.list.rows()
        return (self.fields.procedure, *rows[:1], self.view.receive)

    def start_new(self) -> None:
        """An empty form; what stood here is a draft if it was anything."""
        self.autosave.save()
        self._reset(Typed())
        self._count_drafts()

    def is_changed(self) -> bool:
        return self.fields.typed() != self._blank

    # ---- scanner ------------------------------------------------------------------------

    def take_card(self, text: str) -> None:
        """The text of a citizen card, from whatever scanner; goes to the person being filled in."""
        if self.view.is_done_shown():
            self.start_new()
        (self.fields.declaration.card_taker() or self.fields.card_taker()).take_text(text)

    def focus_scan(self) -> None:
        """F7."""
        if self.view.is_done_shown():
            self.start_new()
        self.fields.card_taker().scan.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ---- the four ways out --------------------------------------------------------------

    def receive(self) -> None:
        """Ctrl+Enter: receives, or shows every fault at once."""
        intake = self._checked(is_complete=True)
        if intake:
            office = self._office()
            self._send(lambda: acts.receive(office, intake))

    def ask_supplement(self) -> None:
        """Not all papers are there: registers and asks for them in one notice."""
        intake = self._checked(is_complete=False)
        if intake is None:
            return
        absent = [line for line in intake.form.components if not line.is_given]
        needed = [line.name for line in absent if line.needed]
        others = [line.name for line in absent if not line.needed]
        dialog = SupplementDialog(self, intake.form.owner.name, needed, others)
        dialog.exec()
        missing, reason, answer = dialog.missing(), dialog.reason.text(), dialog.answer()
        dialog.deleteLater()
        if answer == "yes":
            office = self._office()
            self._send(lambda: acts.ask_supplement(office, intake, missing, reason))

    def refuse(self) -> None:
        """Refuses with the legal reason."""
        intake = self._checked(is_complete=False)
        if intake is None:
            return
        words = f"Hồ sơ của {intake.form.owner.name}. Nêu rõ căn cứ pháp lý và hướng dẫn nơi có thẩm quyền."
        reason = reason_dialog(self, "Từ chối tiếp nhận hồ sơ", words, "Từ chối tiếp nhận", is_danger=True)
        if reason:
            office = self._office()
            self._send(lambda: acts.refuse(office, intake, reason))

    def cancel(self) -> None:
        """Esc: asks once if anything was typed."""
        if not self.is_changed():
            self.frame.go("queue")
            return
        answers = (
            Answer("keep", "Giữ bản nháp", "primary"),
            Answer("drop", "Bỏ"),
            Answer("", "Ở lại", "plain", "Esc"),
        )
        words = "Bản nháp nằm trong kho đã mã hoá của máy này, mở lại bằng nút “Bản nháp”."
        answer = ask(self, "Huỷ hồ sơ đang nhập?", words, answers)
        if answer == "keep":
            self.autosave.touch()
            self.start_new()
            self.frame.toast("Đã giữ bản nháp")
        elif answer == "drop":
            self._drop_draft(self.autosave.forget())
            self._reset(Typed())

    # ---- drafts -------------------------------------------------------------------------

    def save_now(self) -> None:
        """Ctrl+S."""
        if self.is_changed():
            self.autosave.touch()
            self.autosave.save()

    def show_drafts(self) -> None:
        self.autosave.save()
        office = self._office()
        self.frame.tasks.run(self, lambda: find_drafts(office), self._choose_draft)

    def take_draft(self, draft: DraftRow) -> None:
        """Goes on with a draft; what stood here stays a draft of its own."""
        try:
            typed = draft_typed(draft)
        except OfficeError as error:
            self.frame.show_error(error)
            return
        self.autosave.save()
        self._reset(typed, draft.id)
        self.view.saved.setText(saved_words(draft.saved_at))
        self._look_for_twins()

    def _choose_draft(self, drafts: list[DraftRow]) -> None:
        others = [draft for draft in drafts if draft.id != self.autosave.draft_id]
        dialog = DraftsDialog(self, others)
        dialog.removed.connect(self._drop_draft)
        dialog.exec()
        if dialog.chosen:
            self.take_draft(dialog.chosen)
        dialog.deleteLater()

    def _drop_draft(self, draft_id: str) -> None:
        office = self._office()
        self.frame.tasks.run(self, lambda: remove_draft(office, draft_id), lambda _: self._count_drafts())

    def _count_drafts(self) -> None:
        office = self._office()
        self.frame.tasks.run(self, lambda: find_drafts(office), self._show_draft_count, busy=False)

    def _show_draft_count(self, drafts: list[DraftRow]) -> None:
        self.view.show_draft_count(sum(draft.id != self.autosave.draft_id for draft in drafts))

    def _draft_saved(self, at: datetime) -> None:
        if self.autosave.draft_id:
            self.view.saved.setText(saved_words(at))
        self._count_drafts()

    def _draft_failed(self, error: OfficeError) -> None:
        self.view.saved.setText(f"Chưa lưu được bản nháp: {error.title}")
        self.frame.show_error(error)

    # ---- sending ------------------------------------------------------------------------

    def _checked(self, *, is_complete: bool) -> acts.Intake | None:
        """What to send; None when there are faults, which are shown then."""
        if self._is_sending:
            return None
        self.autosave.save()
        form, errors = intake_form(self.fields.typed())
        errors += self.fields.open_questions() + form_errors(self._office(), form, is_complete)
        self._show_errors(order_errors(errors))
        return None if errors else acts.Intake(form, self.autosave.draft_id, self._dossier_id)

    def _show_errors(self, errors: Sequence[InputError]) -> None:
        self.fields.show_errors(errors)
        lines = [(error_words(error), self.fields.target(error.field)) for error in errors]
        self.errors.show_errors(lines, "trước khi tiếp nhận")
        if errors:
            self.fields.pane.ensureVisible(0, 0)

    def _send(self, act: Callable[[], Received]) -> None:
        self._set_sending(True)
        self.frame.tasks.run(self, act, self._sent, self._not_sent)

    def _sent(self, received: Received) -> None:
        """Saved: the code first, then everybody is told, then the paper."""
        self._set_sending(False)
        self.autosave.forget()
        self._reset(Typed())
        self.view.stack.setCurrentWidget(self.done)
        self.result.show(received)
        self.view.saved.setText("")
        self._count_drafts()
        self.frame.tell_done(received, says=False)
        if received.due and self.frame.settings.is_on("print.on_receive"):
            self.frame.print_papers(received.dossier, is_new=True)

    def _not_sent(self, error: OfficeError) -> None:
        """Everything typed is still there."""
        self._set_sending(False)
        if isinstance(error, InputErrors):
            self._show_errors(error.errors)
        elif isinstance(error, InputError):
            self._show_errors([error])
        else:
            self.view.receive.setFocus(Qt.FocusReason.OtherFocusReason)
            self.frame.show_error(error)

    def _set_sending(self, is_on: bool) -> None:
        self._is_sending = is_on
        self.view.form.setEnabled(not is_on)

    # ---- following what is typed --------------------------------------------------------

    def _look_for_twins(self) -> None:
        """The same person already waits for the same thing: said softly, as it may be right."""
        number, code = self.fields.owner.number(), self.fields.procedure.key()
        if not number or not code:
            self.view.twins.show_rows(())
            return
        worklist, procedure = self.frame.worklist, self._office().catalogue.procedure(code)
        self.frame.tasks.run(
            self, lambda: acts.find_twins(worklist, number, procedure.name), self._show_twins, busy=False
        )

    def _show_twins(self, rows: list[WorkRow]) -> None:
        self.view.twins.show_rows([each for each in rows if each.row.id != self._dossier_id])

    def _left(self) -> None:
        self.autosave.save()
        self._look_for_twins()

    def _minute_passed(self) -> None:
        if self.isVisible() and not self.view.is_done_shown():
            self.fields.recompute()

    def _show_submitted(self, dossier: Dossier) -> None:
        self.start_new()
        self._dossier_id = dossier.id
        self.fields.fill(acts.typed_of(dossier))
        self._blank = self.fields.typed()
        self.view.title.setText(f"Tiếp nhận hồ sơ {dossier.code}")
        self._look_for_twins()

    def _reset(self, typed: Typed, draft_id: str = "") -> None:
        self._dossier_id = typed.dossier_id
        self.view.title.setText(self.title)
        self.errors.clear()
        self.view.twins.show_rows(())
        self.fields.fill(Typed())
        self._blank = self.fields.typed()
        if typed != Typed():
            self.fields.fill(typed)
        self.autosave.begin(draft_id)
        self.view.saved.setText("")
        self.view.show_form()
        self.fields.procedure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> Typed:
        return replace(self.fields.typed(), dossier_id=self._dossier_id)

    def _office(self) -> Office:
        return self.frame.office

    # ---- building -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc comes here only when no list and no field has wanted it."""
        if event.key() == Qt.Key.Key_Escape and not self.view.is_done_shown():
            self.cancel()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        self.fields.changed.connect(self.autosave.touch)
        self.fields.left.connect(self._left)
        self.fields.procedure_chosen.connect(self._look_for_twins)
        self.fields.card_taken.connect(self._look_for_twins)
        self.autosave.saved.connect(self._draft_saved)
        self.autosave.failed.connect(self._draft_failed)
        self.view.twins.opened.connect(lambda dossier_id: self.frame.go("dossier", dossier_id))
        self.done.next_wanted.connect(self.start_new)
        self.view.drafts.clicked.connect(self.show_drafts)
        for button, slot in (
            (self.view.receive, self.receive),
            (self.view.save, self.save_now),
            (self.view.supplement, self.ask_supplement),
            (self.view.refuse, self.refuse),
            (self.view.cancel, self.cancel),
        ):
            button.clicked.connect(slot)

    def _bind_keys(self) -> None:
        """Those of the form hold while the form is shown, those of the result with the result."""
        for key_id, slot in (
            ("main_act", self.receive),
            ("save_draft", self.save_now),
            ("scan_pages", self._add_papers),
            ("next_error", self.errors.next_error),
            ("previous_error", self.errors.previous_error),
        ):
            keys.bind(self.view.form, key_id, slot)
        keys.bind(self.done, "print_panel", self.result.print_paper)

    def _add_papers(self) -> None:
        """F9: for the component the keyboard is in, or for the dossier at large."""
        self.fields.papers.ask(self.fields.components.focused_no())
