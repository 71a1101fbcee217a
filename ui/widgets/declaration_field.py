"""One field of a form as a widget: a line, a note, a day, a choice, what is computed, a person."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from onestop.domain.card import parse_card
from onestop.domain.declaration import PERSON_PARTS, FieldKind, FieldSpec, parts_of
from onestop.domain.declaration_check import value_trouble
from onestop.domain.declaration_values import SEXES, read_value, show_number, show_value
from onestop.domain.person import show_born_on, show_phone
from onestop.errors import InputError
from ui import look
from ui.widgets.basic import label
from ui.widgets.field import ComboField, Field, LineField, NoteField

Today = Callable[[], date]
_LONG_LIST = 14
"""A choice with longer words takes what room there is instead of the width of its longest line."""


class DeclaredField(QWidget):
    """What every kind of field offers. Values go in as kept or as typed, and come out as typed."""

    changed = Signal()
    left = Signal()

    def __init__(self, spec: FieldSpec, name: str) -> None:
        super().__init__()
        self.spec = spec
        self.setObjectName(f"part.{name}")

    def value(self) -> Any:
        """Plain JSON; '' , {} or [] where nothing stands."""
        raise NotImplementedError  # each kind has its own

    def set_value(self, value: Any) -> None:
        """Fills it from the program: tells nobody, clears errors."""
        raise NotImplementedError  # each kind has its own

    def set_narrow(self, is_narrow: bool) -> None:
        """Whether there is room for only two fields side by side."""

    def place(self, rest: str) -> Field | None:
        """The field inside of which `declaration.<id>.<rest>` speaks."""
        raise NotImplementedError  # each kind has its own


class PlainField(DeclaredField):
    """One editor."""

    def __init__(self, spec: FieldSpec, name: str, today: Today, title: str = "") -> None:
        super().__init__(spec, name)
        self.field = make_field(spec, name, today, title or _title(spec))
        self.field.changed.connect(self.changed)
        self.field.left.connect(self.left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        self.setFocusProxy(self.field)

    def value(self) -> Any:
        return self.field.text()

    def set_value(self, value: Any) -> None:
        self.field.set_text(typed_text(self.spec, value))

    def place(self, rest: str) -> Field | None:
        return self.field


class PersonField(DeclaredField):
    """A person's parts under one heading; a card read while the keyboard is here fills them."""

    def __init__(self, spec: FieldSpec, name: str, today: Today, heading: str = "") -> None:
        """`heading`: what stands above already, and is then not said twice."""
        super().__init__(spec, name)
        self.fields = {part: self._part(part, name, today) for part in parts_of(spec)}
        self._head = label(spec.words, "strong", is_wrapped=True)
        self._said = label("", "small", is_wrapped=True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addWidget(self._head)
        column.addWidget(self._said)
        self._grid = QGridLayout()
        self._arrange(is_narrow=False)
        column.addLayout(self._grid)
        # Only now that it has a parent: a widget without one would come up as a window of its own.
        self._head.setVisible(spec.words != heading)
        self.setFocusProxy(next(iter(self.fields.values())))

    def value(self) -> Any:
        texts = {part: field.text() for part, field in self.fields.items()}
        return {part: text for part, text in texts.items() if text}

    def set_value(self, value: Any) -> None:
        given = value if isinstance(value, Mapping) else {}
        for part, field in self.fields.items():
            field.set_text(_person_text(part, str(given.get(part, ""))))
        self._say("")

    def place(self, rest: str) -> Field | None:
        return self.fields.get(rest) or next(iter(self.fields.values()))

    def has_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def take_text(self, text: str) -> None:
        """A citizen card: fills what is empty; what is typed already is never overwritten."""
        try:
            card = parse_card(text)
        except InputError as error:
            self._say(error.message)
            return
        read = {
            "name": card.name,
            "id_number": card.id_number,
            "born_on": show_born_on(card.born_on),
            "sex": card.sex,
            "address": card.address,
        }
        kept = [part for part, text in read.items() if text and not self._put(part, text)]
        differing = ", ".join(PERSON_PARTS[part].lower() for part in kept)
        self._say(f"Đã đọc thẻ; giữ nội dung đã nhập: {differing}" if kept else "Lấy từ mã QR trên thẻ")
        self.changed.emit()

    def _put(self, part: str, text: str) -> bool:
        """False where something else stands already."""
        field = self.fields.get(part)
        if field is None or field.text() == text:
            return True
        if field.text():
            return False
        field.set_text(text)
        return True

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _part(self, part: str, name: str, today: Today) -> Field:
        is_date, is_sex = part == "born_on", part == "sex"
        kind = FieldKind.DATE if is_date else FieldKind.CHOICE if is_sex else FieldKind.TEXT
        spec = FieldSpec(part, PERSON_PARTS[part], kind, choices=SEXES if is_sex else (), is_past=is_date)
        mark = " *" if part == "name" and self.spec.needed else ""
        made = make_field(spec, f"{name}.{part}", today, PERSON_PARTS[part] + mark)
        made.editor.setAccessibleName(f"{self.spec.words}: {PERSON_PARTS[part].lower()}")
        made.changed.connect(self.changed)
        made.left.connect(self.left)
        return made

    def set_narrow(self, is_narrow: bool) -> None:
        self._arrange(is_narrow)

    def _arrange(self, is_narrow: bool) -> None:
        grid = self._grid
        grid.setHorizontalSpacing(look.px(12))
        grid.setVerticalSpacing(look.px(6))
        place = 0
        for part, field in self.fields.items():
            span = _SPANS.get(part, 2)
            span = max(span, 4) if is_narrow else span
            if place % 8 + span > 8:
                place += 8 - place % 8
            grid.addWidget(field, place // 8, place % 8, 1, span)
            place += span
        for column in range(8):
            grid.setColumnStretch(column, 1)


_SPANS = {"name": 4, "id_number": 4, "address": 8, "phone": 4}


def make_field(spec: FieldSpec, name: str, today: Today, title: str) -> Field:
    """The editor of a plain kind, with its check on leaving."""
    words = title.replace("&", "&&")
    if spec.kind is FieldKind.CHOICE:
        combo = ComboField(name, words, (("", "—"), *spec.choices), spec.hint)
        combo.editor.setMinimumContentsLength(_LONG_LIST if spec.span > 1 else 3)
        combo.editor.setSizeAdjustPolicy(combo.editor.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return combo
    if spec.kind is FieldKind.LONG_TEXT:
        return _checked(NoteField(name, words, spec.hint, rows=3), spec, today)
    line = LineField(name, words, spec.hint)
    if spec.kind is FieldKind.COMPUTED:
        line.editor.setReadOnly(True)
        line.editor.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return line
    if spec.kind in (FieldKind.NUMBER, FieldKind.DATE):
        line.set_digits()
    return _checked(line, spec, today)


def _checked(field: Field, spec: FieldSpec, today: Today) -> Field:
    """An empty field is only asked for when the form is sent; a readable one is written out on leaving."""

    def check(text: str) -> str:
        value = read_value(spec, text)
        trouble = value_trouble(spec, value, today()) if text else ""
        if text and not trouble and typed_text(spec, value) != text:
            field.set_text(typed_text(spec, value))
        return trouble

    field.check = check
    return field


def typed_text(spec: FieldSpec, value: Any) -> str:
    """A kept value as people type it; what could not be read stays as it was typed."""
    if value in (None, "", [], {}):
        return ""
    if spec.kind is FieldKind.CHOICE:
        return str(value)
    if spec.kind is FieldKind.NUMBER:
        return show_number(value)
    if spec.kind in (FieldKind.DATE, FieldKind.COMPUTED):
        return show_value(spec, value)
    return str(value)


def _person_text(part: str, text: str) -> str:
    if part == "born_on":
        return typed_text(FieldSpec("d", "", FieldKind.DATE), text)
    return show_phone(text) if part == "phone" else text


def _title(spec: FieldSpec) -> str:
    return f"{spec.words} *" if spec.needed and spec.kind is not FieldKind.COMPUTED else spec.words
