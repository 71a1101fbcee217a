"""A table of a form: one row of editors for each line, added and taken away by keyboard."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from onestop.domain.declaration import FieldSpec
from onestop.domain.declaration_check import MOST_ROWS
from ui import keys, look
from ui.widgets.basic import Button, label, plain
from ui.widgets.declaration_field import DeclaredField, Today, make_field, typed_text
from ui.widgets.field import Field, LineField


class TableField(DeclaredField):
    """Alt+Insert adds a row, Alt+Delete takes the present one away, Enter behind the last cell adds."""

    rebuilt = Signal()

    def __init__(self, spec: FieldSpec, name: str, today: Today) -> None:
        super().__init__(spec, name)
        self._name, self._today = name, today
        self.rows: list[dict[str, Field]] = []
        self._is_narrow = False
        mark = " *" if spec.needed else ""
        self._head = label(f"{spec.words}{mark}", "strong", is_wrapped=True)
        self._hint = label(spec.hint, "small", is_wrapped=True)
        self.add = plain("Thêm dòng", keys.shown("add_row"), "plus")
        self.add.setObjectName(f"{name}.add")
        self.add.setAccessibleName(f"Thêm dòng vào {spec.words}")
        self.add.clicked.connect(self.add_row)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.px(8))
        self._grid.setVerticalSpacing(look.px(4))
        self._lay_out()
        self._hint.setVisible(bool(spec.hint))
        keys.bind(self, "add_row", self.add_row)
        keys.bind(self, "remove_row", self._remove_present)
        self._show([])

    def value(self) -> Any:
        rows = [{key: field.text() for key, field in row.items() if field.text()} for row in self.rows]
        return [row for row in rows if row]

    def set_value(self, value: Any) -> None:
        rows = value if isinstance(value, list) else []
        self._show([row for row in rows if isinstance(row, Mapping)])

    def set_narrow(self, is_narrow: bool) -> None:
        """Cells stand two by two under their own words, as columns would be too small to read."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._show(self._typed())

    def place(self, rest: str) -> Field | None:
        """`<row>.<column>`; the first cell for the table as a whole."""
        number, _, column = rest.partition(".")
        # Empty rows are not counted where values are checked.
        full = [row for row in self.rows if any(field.text() for field in row.values())] or self.rows
        if number.isdigit() and int(number) < len(full):
            return full[int(number)].get(column)
        return next(iter(self.rows[0].values())) if self.rows else None

    def add_row(self) -> None:
        """An empty row at the end, with the keyboard in it."""
        if len(self.rows) >= (self.spec.most or MOST_ROWS):
            return
        self._show([*self._typed(), {}])
        next(iter(self.rows[-1].values())).setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def remove_row(self, number: int) -> None:
        rows = self._typed()
        del rows[number]
        self._show(rows)
        target = self.rows[min(number, len(self.rows) - 1)] if self.rows else {}
        next(iter(target.values()), self.add).setFocus(Qt.FocusReason.TabFocusReason)
        self.changed.emit()

    def _remove_present(self) -> None:
        focused = self.window().focusWidget()
        for number, row in enumerate(self.rows):
            if any(focused is field.editor for field in row.values()):
                self.remove_row(number)
                return

    def _typed(self) -> list[Mapping[str, Any]]:
        return [{key: field.text() for key, field in row.items()} for row in self.rows]

    def _show(self, rows: list[Mapping[str, Any]]) -> None:
        """Made anew: a row that goes takes its number along. One empty row waits where a row is needed."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place in range(1, len(self.spec.columns) + 2):
            self._grid.setColumnStretch(place, 0)
        shown = rows or ([{}] if self.spec.needed else [])
        self.rows = [self._row(number, row) for number, row in enumerate(shown)]
        if self.rows and not self._is_narrow:
            self._show_heads()
        self.add.setEnabled(len(self.rows) < (self.spec.most or MOST_ROWS))
        self.rebuilt.emit()

    def _show_heads(self) -> None:
        for place, column in enumerate(self.spec.columns, 1):
            mark = " *" if column.needed else ""
            hint = f" ({column.hint})" if column.hint else ""
            head = label(f"{column.words}{mark}{hint}", "small", is_wrapped=True)
            self._grid.addWidget(head, 0, place, Qt.AlignmentFlag.AlignBottom)

    def _row(self, number: int, values: Mapping[str, Any]) -> dict[str, Field]:
        row = {column.id: self._cell(column, number, values) for column in self.spec.columns}
        top = 1 + number * len(row)  # rows of the grid, as many as the narrow way may take
        self._grid.addWidget(label(str(number + 1), "dim"), top, 0)
        in_a_row = 2 if self._is_narrow else len(row)
        for place, (column, field) in enumerate(zip(self.spec.columns, row.values(), strict=True)):
            self._grid.addWidget(field, top + place // in_a_row, 1 + place % in_a_row)
            self._grid.setColumnStretch(1 + place % in_a_row, 1 if self._is_narrow else column.span)
        remove = Button("", "quiet", icon="trash-2")
        remove.setObjectName(f"{self._name}.{number}.remove")
        remove.setAccessibleName(f"Bỏ dòng {number + 1}")
        remove.setToolTip(f"Bỏ dòng {number + 1} ({keys.shown('remove_row')})")
        remove.clicked.connect(lambda: self.remove_row(number))
        self._grid.addWidget(remove, top, in_a_row + 1, Qt.AlignmentFlag.AlignTop)
        last = list(row.values())[-1]
        if isinstance(last, LineField):
            last.editor.returnPressed.connect(lambda: self._go_on(number))
        return row

    def _go_on(self, number: int) -> None:
        """Enter in the last cell: the next row, or a new one; an empty last row ends the table."""
        if number + 1 < len(self.rows):
            next(iter(self.rows[number + 1].values())).setFocus(Qt.FocusReason.TabFocusReason)
        elif any(field.text() for field in self.rows[number].values()):
            self.add_row()

    def _cell(self, column: FieldSpec, number: int, values: Mapping[str, Any]) -> Field:
        made = make_field(column, f"{self._name}.{number}.{column.id}", self._today, column.words)
        made.set_hint("")
        made.label.setVisible(self._is_narrow)
        made.editor.setAccessibleName(f"{self.spec.words}, dòng {number + 1}: {column.words}")
        made.set_text(typed_text(column, values.get(column.id)))
        made.changed.connect(self.changed)
        made.left.connect(self.left)
        return made

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(4))
        column.addWidget(self._head)
        column.addWidget(self._hint)
        column.addLayout(self._grid)
        column.addLayout(foot)
        self.setFocusProxy(self.add)
