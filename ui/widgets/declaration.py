"""Any form of a procedure as fields: sections, conditions and computed values follow what is typed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from onestop.domain.declaration import DeclarationForm, FieldKind, FieldSpec
from onestop.domain.declaration_values import fill_computed, is_shown, read_values
from onestop.errors import InputError
from ui import look
from ui.widgets.basic import label
from ui.widgets.declaration_field import DeclaredField, PersonField, PlainField
from ui.widgets.declaration_table import TableField
from ui.widgets.field import Field

_QUARTERS = 4
_NARROW = 560
"""Below this width (at 100 %) at most two fields stand side by side: the form of a correction."""


class DeclarationFields(QWidget):
    """Fed a form and values. `changed` only when a person changes something; `rebuilt`: other widgets."""

    changed = Signal()
    left = Signal()
    rebuilt = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._sources: Mapping[str, str] = {}
        self._form: DeclarationForm | None = None
        self.parts: dict[str, DeclaredField] = {}
        self._heads: list[tuple[QWidget, tuple[DeclaredField, ...], QGridLayout]] = []
        self._shown: tuple[str, ...] = ()
        self._is_narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.px(8))

    def form(self) -> DeclarationForm | None:
        return self._form

    def show_form(self, form: DeclarationForm | None) -> None:
        """Empty fields of a form; the same form stays as it is."""
        if form == self._form:
            return
        self._form = form
        self._take_away()
        if form is not None:
            self._build(form)
        self._shown = ()
        self._follow()
        self.rebuilt.emit()

    def values(self) -> dict[str, Any]:
        """As typed; hidden and computed fields are left out, empty ones too."""
        return {spec_id: value for spec_id, value in self._typed().items() if spec_id in self._shown}

    def fill(self, values: Mapping[str, Any]) -> None:
        """Shows values as kept or as typed; tells nobody."""
        for spec_id, part in self.parts.items():
            part.set_value(values.get(spec_id))
        self._follow()

    def set_sources(self, sources: Mapping[str, str]) -> None:
        """What formulas read of the dossier: owner, submitter, today."""
        if sources != self._sources:
            self._sources = dict(sources)
            self._follow()

    def place(self, name: str) -> Field | None:
        """The field of `declaration.<id>…`; None for one that is not of this form."""
        _, _, rest = name.partition(".")
        spec_id, _, inner = rest.partition(".")
        part = self.parts.get(spec_id)
        return part.place(inner) if part else None

    def first(self) -> Field | None:
        return next((part.place("") for part in self.parts.values()), None)

    def clear_errors(self) -> None:
        for field in self.findChildren(Field):
            field.set_error("")

    def show_errors(self, errors: Sequence[InputError]) -> None:
        for error in errors:
            field = self.place(error.field or "")
            if field is not None:
                field.set_error(error.message or error.title)

    def person_in_work(self) -> PersonField | None:
        """The person the keyboard is in: a card that is read now is that person's."""
        people = (part for part in self.parts.values() if isinstance(part, PersonField))
        return next((person for person in people if person.has_focus()), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < look.px(_NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            for part in self.parts.values():
                part.set_narrow(is_narrow)
            self._arrange()

    # ---- following what is typed ---------------------------------------------------------

    def _typed(self) -> dict[str, Any]:
        parts = self.parts.items()
        typed = {spec_id: part.value() for spec_id, part in parts if part.spec.kind is not FieldKind.COMPUTED}
        return {spec_id: value for spec_id, value in typed.items() if value not in ("", [], {})}

    def _edited(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """Computed values and conditions anew."""
        if self._form is None:
            return
        values = fill_computed(self._form, read_values(self._form, self._typed()), self._sources)
        for spec_id, part in self.parts.items():
            if part.spec.kind is FieldKind.COMPUTED:
                part.set_value(values.get(spec_id, ""))
        shown = tuple(spec.id for spec in self._form.fields() if is_shown(self._form, spec, values))
        if shown != self._shown:
            self._shown = shown
            self._arrange()

    def _arrange(self) -> None:
        """Fields that are asked for stand close together; the others leave no hole."""
        for head, parts, grid in self._heads:
            place = 0
            for part in parts:
                grid.removeWidget(part)
                is_asked = part.spec.id in self._shown
                if is_asked:
                    place = self._put(grid, part, place)
                part.setVisible(is_asked)  # in its place first: on its own it would be a window
            head.setVisible(place > 0)
        self.rebuilt.emit()

    def _put(self, grid: QGridLayout, part: DeclaredField, place: int) -> int:
        span = max(2, _span(part)) if self._is_narrow else _span(part)
        if place % _QUARTERS + span > _QUARTERS:
            place += _QUARTERS - place % _QUARTERS
        grid.addWidget(part, place // _QUARTERS, place % _QUARTERS, 1, span)
        return place + span

    # ---- building ------------------------------------------------------------------------

    def _take_away(self) -> None:
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.parts, self._heads = {}, []

    def _build(self, form: DeclarationForm) -> None:
        for section in form.sections:
            room, grid = QWidget(), QGridLayout()
            grid.setHorizontalSpacing(look.px(12))
            grid.setVerticalSpacing(look.px(8))
            for column in range(_QUARTERS):
                grid.setColumnStretch(column, 1)
            inner = QVBoxLayout(room)
            inner.setContentsMargins(0, look.px(4), 0, look.px(4))
            inner.setSpacing(look.px(6))
            inner.addWidget(label(section.title, "section", is_wrapped=True))
            if section.note:
                inner.addWidget(label(section.note, "small", is_wrapped=True))
            inner.addLayout(grid)
            parts = tuple(self._part(each, section.title) for each in section.fields)
            for part in parts:
                part.setParent(room)  # shown without a parent it would be a window of its own
            self._heads.append((room, parts, grid))
            self._column.addWidget(room)

    def _part(self, spec: FieldSpec, heading: str) -> DeclaredField:
        name = f"declaration.{spec.id}"
        made: DeclaredField
        if spec.kind is FieldKind.PERSON:
            made = PersonField(spec, name, self._today, heading)
        elif spec.kind is FieldKind.TABLE:
            made = TableField(spec, name, self._today)
            made.rebuilt.connect(self.rebuilt)
        else:
            made = PlainField(spec, name, self._today)
        made.set_narrow(self._is_narrow)
        made.changed.connect(self._edited)
        made.left.connect(self.left)
        self.parts[spec.id] = made
        return made


def _span(part: DeclaredField) -> int:
    """People and tables need the whole row, whatever the form says."""
    is_wide = part.spec.kind in (FieldKind.PERSON, FieldKind.TABLE, FieldKind.LONG_TEXT)
    return _QUARTERS if is_wide else part.spec.span
