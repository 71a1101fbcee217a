"""A few fields that become one change of the office's rows: saved, told with undo, errors by field."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from onestop.domain.moment import show_on
from onestop.domain.person import parse_day
from onestop.errors import InputError, InputErrors, OfficeError
from onestop.office.changing import Changed, undo_change
from onestop.office.office import Office
from ui import look
from ui.pages.page import Frame
from ui.widgets import Button, DateField, ErrorSummary, Field, QueueTable, error_words, label

Job = Callable[[Office], Changed]

_SIDE, _NARROW_SIDE, _WIDE = 350, 296, 900


class SidedRoom(QWidget):
    """A list at the left, cards at the right that scroll; where it is narrow, without some columns."""

    def __init__(self, left: QVBoxLayout, cards: Sequence[QWidget], narrow_columns: Sequence[int]) -> None:
        super().__init__()
        self._narrow_columns = narrow_columns
        inside = QWidget()
        inside.setProperty("look", "clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, look.px(6), 0)
        column.setSpacing(look.px(10))
        for card in cards:
            column.addWidget(card)
        column.addStretch(1)
        self._side = QScrollArea()
        self._side.setWidgetResizable(True)
        self._side.setWidget(inside)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addLayout(left, 1)
        row.addWidget(self._side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= look.px(_WIDE)
        self._side.setFixedWidth(look.px(_SIDE if is_wide else _NARROW_SIDE))
        for table in self.findChildren(QueueTable):
            for column in self._narrow_columns:
                table.setColumnHidden(column, not is_wide)
            table.fit()


class RowForm(QWidget):
    """Fields bear the names of `InputError.field`; `saved` comes when the rows are written."""

    saved = Signal()

    def __init__(self, frame: Frame, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "clear")
        self.frame = frame
        self.fields: list[Field] = []
        self.is_saving = False
        self.errors = ErrorSummary(f"{name}_errors")
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(look.px(10))
        self.rows.addWidget(self.errors)

    def job(self) -> Job:
        """The change with what stands in the fields now. Raises InputError or InputErrors."""
        raise NotImplementedError  # each form has its own

    def add(self, *fields: Field, shares: Sequence[int] = ()) -> None:
        """One row: fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        for place, field in enumerate(fields):
            self.fields.append(field)
            row.addWidget(field, shares[place] if shares else 1)
        self.rows.addLayout(row)

    def say(self, words: str, kind: str = "dim") -> QLabel:
        made = label(words, kind, is_wrapped=True)
        self.rows.addWidget(made)
        return made

    def add_button(self, button: Button) -> Button:
        button.clicked.connect(self.save)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        self.rows.addLayout(row)
        return button

    def save(self) -> None:
        if self.is_saving:
            return
        self.clear_errors()
        try:
            job = self.job()
        except InputError as error:
            self.show_errors(error)
            return
        self.is_saving = True
        office = self.frame.office
        self.frame.tasks.run(self, lambda: job(office), self._saved, self._failed)

    def has_errors(self) -> bool:
        return self.errors.isVisible()

    def clear_errors(self) -> None:
        for field in self.fields:
            field.set_error("")
        self.errors.clear()

    def show_errors(self, error: InputError) -> None:
        """Each at its field, all in the summary."""
        found = error.errors if isinstance(error, InputErrors) else [error]
        places = [self.field(each.field or "") for each in found]
        marked: list[tuple[str, QWidget | None]] = [
            (each.title if place is not None else error_words(each), place)
            for each, place in zip(found, places, strict=True)
        ]
        # First the summary takes the focus: a field that is left checks itself and would forget its error.
        self.errors.show_errors(marked)
        for each, place in zip(found, places, strict=True):
            if place is not None:
                place.set_error(error_words(each))

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name() == name), None)

    def _saved(self, made: Changed) -> None:
        self.is_saving = False
        tell_changed(self.frame, made)
        self.saved.emit()

    def _failed(self, error: OfficeError) -> None:
        self.is_saving = False
        if isinstance(error, InputError):
            self.show_errors(error)
        else:
            self.frame.show_error(error)


def tell_changed(frame: Frame, made: Changed) -> None:
    """Says what was changed, with the way back; the catalogue is read anew."""

    def undo() -> None:
        frame.tasks.run(None, lambda: undo_change(frame.office, made.id), undone, frame.show_error)

    def undone(_: Changed) -> None:
        frame.toast(f"Đã hoàn tác: {made.words}")
        frame.catalogue_changed()

    frame.toast(f"Đã lưu: {made.words}", undo if made.count else None)
    frame.catalogue_changed()


def day_field(name: str, title: str, today: date, hint: str = "") -> DateField:
    """A whole day, past or to come."""
    return DateField(name, title, lambda text: show_on(parse_day(text, today, name)) if text else "", hint)
