"""The panel in which an act is filled in: title, errors, fields, one main button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.acts import RULES
from onestop.errors import InputError, InputErrors, OfficeError
from onestop.office.deeds import Done
from ui import look
from ui.acts.form import ActForm, Job
from ui.keys import bind, shown
from ui.tab_order import order_tabs
from ui.widgets import Answer, Button, ComboField, ErrorSummary, Field, ask, confirm, label, primary


class ActPanel(QFrame):
    """Ctrl+Enter does the act, Esc closes (and asks when something was typed)."""

    done = Signal(object, object)  # Done, ActForm
    failed = Signal(object)  # the OfficeError of an act that the dossier no longer allows
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("act_panel")
        self.setProperty("look", "card")
        self.form: ActForm | None = None
        self._is_running = False
        self._title = label("", "section", is_wrapped=True)
        self.errors = ErrorSummary("act_errors")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._main = primary("", "Ctrl+Enter")
        self._main.clicked.connect(self.execute)
        self._leave = Button("Đóng", "plain", "Esc")
        self._leave.clicked.connect(self.ask_to_close)
        self._lay_out()
        bind(self, "next_error", self.errors.next_error)
        bind(self, "previous_error", self.errors.previous_error)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(look.px(8))
        foot.addWidget(self._main)
        foot.addStretch(1)
        foot.addWidget(self._leave)
        column = QVBoxLayout(self)
        side = look.px(16)
        column.setContentsMargins(side, look.px(12), look.px(8), side)
        column.setSpacing(look.px(12))
        column.addWidget(self._title)
        inset = QHBoxLayout()
        inset.setContentsMargins(0, 0, look.px(8), 0)
        inset.addWidget(self.errors)
        column.addLayout(inset)
        column.addWidget(self._scroll, 1)
        foot.setContentsMargins(0, 0, look.px(8), 0)
        column.addLayout(foot)

    def open_form(self, form: ActForm, takes_focus: bool = True) -> None:
        """Shows a form in the place of any other; the focus goes to its first field.

        `takes_focus` False: it came by itself, and a person may be typing elsewhere.
        """
        self._drop()
        self.form = form
        rule = RULES[form.act]
        self._title.setText(rule.words)
        self.setAccessibleName(rule.words)
        self._main.setText(f" {form.button_words()}  ({shown('main_act')})")
        self._main.setAccessibleName(form.button_words())
        look.set_icon(self._main, "check", "accent_text", 18)
        self.errors.clear()
        room = QWidget()
        room.setProperty("look", "clear")
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, look.px(8), 0)
        column.addWidget(form)
        self._scroll.setWidget(room)
        order_tabs(self)  # the fields are younger than the buttons below them
        self._scroll.verticalScrollBar().setValue(0)
        if takes_focus:
            self.focus_first()

    def last_stop(self) -> QWidget:
        """Where Tab leaves the panel."""
        return self._leave

    def focus_first(self) -> None:
        """The first field still to be typed, else the first; the main button where there is none."""
        if self.form is None:
            return
        open_ones = [field for field in self.form.fields if must_be_typed(field)]
        place = self.form.first() or next(iter(open_ones or self.form.fields), None)
        (place or self._main).setFocus(Qt.FocusReason.OtherFocusReason)

    def is_changed(self) -> bool:
        return self.form is not None and self.form.is_changed()

    def execute(self) -> None:
        """Does the act unless it is already on its way; a double Ctrl+Enter does it once."""
        form = self.form
        if form is None or self._is_running:
            return
        try:
            job = form.job()
        except InputErrors as several:
            self._show(list(several.errors))
        except InputError as error:
            self._show([error])
        else:
            self._run(form, job)

    def ask_to_close(self) -> None:
        if self.may_close():
            self.close_form()

    def may_close(self) -> bool:
        """True when nothing was typed, or the officer lets it go."""
        if not self.is_changed():
            return True
        answers = (Answer("drop", "Bỏ", "danger"), Answer("", "Ở lại", "primary", "Esc"))
        question = "Bỏ nội dung đang nhập?"
        return ask(self, question, "Nội dung trong khung này chưa được ghi.", answers) == "drop"

    def close_form(self) -> None:
        self._drop()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.ask_to_close()
        else:
            super().keyPressEvent(event)

    def _run(self, form: ActForm, job: Job) -> None:
        warn = form.warn()
        if warn and not confirm(self, warn.title, warn.text, warn.words, is_danger=True):
            return
        self._is_running = True
        self.errors.clear()
        office = form.scene.office
        form.scene.tasks.run(
            form, lambda: job(office), lambda done: self._did(form, done), lambda e: self._refused(form, e)
        )

    def _did(self, form: ActForm, done: Done) -> None:
        self._is_running = False
        if self.form is form:
            self.close_form()
        self.done.emit(done, form)

    def _refused(self, form: ActForm, error: OfficeError) -> None:
        self._is_running = False
        if self.form is not form:
            return
        if isinstance(error, InputErrors):
            self._show(list(error.errors))
        elif isinstance(error, InputError):
            self._show([error])
        else:
            words = f"{error.title}. {error.message}" if error.message else error.title
            self.errors.show_errors([(words, None)])
            self.failed.emit(error)

    def _show(self, errors: list[InputError]) -> None:
        if self.form is not None:
            # The summary takes the focus, and a field that is left forgets its error: mark again.
            self.errors.show_errors(self.form.mark(errors), "trước khi thực hiện")
            self.form.mark(errors)

    def _drop(self) -> None:
        """The old form goes; what it is still doing is answered to nobody."""
        self.form = None
        self._is_running = False
        old = self._scroll.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()


def must_be_typed(field: Field) -> bool:
    """Empty, not marked optional, and no choice among given words."""
    is_optional = "(nếu có)" in field.title()
    return not field.text() and not is_optional and not isinstance(field, ComboField)
