"""A list of things and the one chosen as fields below it: what a person types changes that one."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui import look
from ui.widgets import Column, Field, QueueTable, Row, RowModel

_ROWS_SHOWN = 5


class ItemList(QWidget):
    """`changed` when a person has changed a thing, its place or how many there are.

    Whoever inherits makes the fields, says how a thing stands in them and what it is after typing, and
    calls `_listen` when all is made.
    """

    changed = Signal()

    def __init__(self, columns: tuple[Column, ...], name: str, words: str) -> None:
        super().__init__()
        self._items: list[Any] = []
        self._is_filling = False
        self._model = RowModel(columns)
        self.table = QueueTable(name, words, self._model)
        self.table.set_density("tight")
        self.table.setMinimumHeight(look.row_height("tight") * (_ROWS_SHOWN + 1))

    def fields(self) -> tuple[Field, ...]:
        """In the order of the tab key."""
        raise NotImplementedError  # each list has its own

    def _row(self, item: Any) -> tuple[str, ...]:
        """Its cells."""
        raise NotImplementedError

    def _fill(self, item: Any) -> None:
        """Puts it into the fields; None where none is chosen."""
        raise NotImplementedError

    def _read(self, item: Any) -> Any:
        """What it is by what stands in the fields."""
        raise NotImplementedError

    def drop(self) -> None:
        place = self.place()
        if 0 <= place < len(self._items):
            del self._items[place]
            self._list(min(place, len(self._items) - 1))
            self.changed.emit()

    def shift(self, by: int) -> None:
        """Changes places with a neighbour."""
        place, items = self.place(), self._items
        if 0 <= place < len(items) and 0 <= place + by < len(items):
            items[place], items[place + by] = items[place + by], items[place]
            self._list(place + by)
            self.changed.emit()

    def place(self) -> int:
        """Of the one chosen, from 0; -1 for none."""
        return int(self.table.current_id() or -1)

    def _insert(self, place: int, item: Any) -> None:
        self._items.insert(place, item)
        self._list(place)
        self.fields()[0].setFocus()
        self.changed.emit()

    def _list(self, place: int) -> None:
        self._show_rows()
        self._is_filling = True
        self.table.select(str(place))
        self._is_filling = False
        self._show_current()

    def _show_rows(self) -> None:
        """Also while typing: what is being typed then stays untouched."""
        self._is_filling = True
        self._model.show_rows([Row(str(no), self._row(each)) for no, each in enumerate(self._items)])
        self._is_filling = False

    def _show_current(self) -> None:
        if self._is_filling:
            return
        place = self.place()
        item = self._items[place] if 0 <= place < len(self._items) else None
        for field in self.fields():
            field.setEnabled(item is not None)
        self._fill(item)

    def _typed(self) -> None:
        place = self.place()
        if 0 <= place < len(self._items):
            self._items[place] = self._read(self._items[place])
            self._show_rows()
            self.changed.emit()

    def _listen(self) -> None:
        self.table.current_changed.connect(lambda _: self._show_current())
        for field in self.fields():
            field.changed.connect(self._typed)


def whole_number(text: str) -> int:
    """-1 for what is none: the check of the whole then names the field."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1
