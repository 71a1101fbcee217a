"""The form of the procedure (tờ khai) on the intake page: filled in here, or handed in on paper."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from onestop.domain.declaration import DeclarationForm, FieldKind, FieldSpec, find_form
from onestop.domain.declaration_check import check_values
from onestop.domain.declaration_values import prefill, read_value, read_values, settle_values, sources_of
from onestop.domain.dossier import Declaration, Party
from onestop.domain.moment import local_day
from onestop.domain.procedure import Procedure
from onestop.errors import InputError
from onestop.office.intake import PartyForm
from onestop.office.office import Office
from ui import look
from ui.widgets import label
from ui.widgets.declaration import DeclarationFields
from ui.widgets.declaration_field import PersonField

_BIRTH = FieldSpec("born_on", "", FieldKind.DATE)


class DeclarationSection(QWidget):
    """Closed until the officer wants it: most people bring the form on paper."""

    changed = Signal()
    left = Signal()
    rebuilt = Signal()

    def __init__(self, office: Callable[[], Office]) -> None:
        super().__init__()
        self.setObjectName("declaration")
        self._office = office
        self._parties = (PartyForm(), PartyForm())
        self.is_wanted = QCheckBox("Điền tờ &khai trên máy")
        self.is_wanted.setObjectName("declaration.is_wanted")
        self._about = label("", "small", is_wrapped=True)
        self.fields = DeclarationFields(self._today)
        self._lay_out()
        self.is_wanted.clicked.connect(self._toggled)
        self.fields.changed.connect(self.changed)
        self.fields.left.connect(self.left)
        self.fields.rebuilt.connect(self.rebuilt)
        self._show()

    def has_form(self) -> bool:
        return self.fields.form() is not None

    def show_form(self, procedure: Procedure | None, case_id: str = "") -> None:
        """The form of the procedure in this case; what was typed stays while the form is the same."""
        form = self._office().catalogue.declaration_of(procedure, case_id) if procedure else None
        if form == self.fields.form():
            return
        self.is_wanted.setChecked(bool(form and form.needed))
        self._change_form(form)
        if self.is_wanted.isChecked():
            self._begin()

    def set_parties(self, owner: PartyForm, submitter: PartyForm) -> None:
        """As typed beside it: formulas follow, and a form that is begun takes over what stands there."""
        self._parties = (owner, submitter)
        self.fields.set_sources(sources_of(*self._read_parties(), self._today()))

    def filled(self) -> Declaration | None:
        """What stands in the form; None where there is none, or it comes on paper."""
        form = self.fields.form()
        if form is None or not self.is_wanted.isChecked():
            return None
        return Declaration(form.id, form.version, read_values(form, self.fields.values()))

    def fill(self, declaration: Declaration | None) -> None:
        """A draft's or a dossier's form, in the version it was filled in where that is known."""
        forms = self._office().catalogue.declarations
        form = find_form(forms, declaration.form, declaration.version) if declaration else None
        if form is not None:
            self._change_form(form)
        known = form or self.fields.form()
        self.is_wanted.setChecked(form is not None or bool(known and known.needed))
        self.fields.fill(declaration.values if declaration and form else {})
        self._show()

    def errors(self) -> list[InputError]:
        """Every fault of what stands there now; none while it is closed."""
        form, filled = self.fields.form(), self.filled()
        if form is None or filled is None:
            return []
        today = self._today()
        sources = sources_of(*self._read_parties(), today)
        return check_values(form, settle_values(form, filled.values, sources), today)

    def place(self, name: str) -> QWidget | None:
        """The widget of `declaration.<field>`; the box that opens the form for the form as a whole."""
        field = self.fields.place(name) if self.is_wanted.isChecked() else None
        return field or self.is_wanted

    def show_errors(self, errors: Sequence[InputError]) -> None:
        self.fields.show_errors(errors)

    def card_taker(self) -> PersonField | None:
        """The person of the form the keyboard is in."""
        return self.fields.person_in_work()

    # ---- inside --------------------------------------------------------------------------

    def _toggled(self) -> None:
        if self.is_wanted.isChecked():
            self._begin()
        self._show()
        self.changed.emit()

    def _begin(self) -> None:
        """What the dossier knows already goes into fields that are still empty."""
        form = self.fields.form()
        if form is not None:
            self.fields.fill(prefill(form, *self._read_parties()) | self.fields.values())

    def _change_form(self, form: DeclarationForm | None) -> None:
        self.fields.show_form(form)
        self.fields.fill({})
        self._show()

    def _show(self) -> None:
        form = self.fields.form()
        is_open = form is not None and self.is_wanted.isChecked()
        self.fields.setVisible(is_open)
        self._about.setVisible(form is not None)
        if form is not None:
            paper = "" if is_open else " Nếu đã nộp bản giấy thì để trống."
            self._about.setText(f"{form.title} · {form.ground}.{paper}")
        self.rebuilt.emit()

    def _read_parties(self) -> tuple[Party, Party]:
        owner, submitter = (_party(form) for form in self._parties)
        return owner, submitter

    def _today(self) -> date:
        return local_day(self._office().now)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        for part in (self.is_wanted, self._about, self.fields):
            column.addWidget(part)


def _party(form: PartyForm) -> Party:
    """As typed, with the birth in its wire form where it can be read."""
    return Party(
        kind=form.kind,
        name=form.name,
        id_number=form.id_number,
        born_on=read_value(_BIRTH, form.born_on),
        sex=form.sex,
        address=form.address,
        phone=form.phone,
        email=form.email,
        tax_code=form.tax_code,
    )
