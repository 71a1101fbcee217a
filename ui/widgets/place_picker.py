"""An address with provinces and communes offered below it while its end is typed, no accents needed.

What was typed stays as it is: only who takes a place from the list has its words written behind
it, and Enter takes one only after an arrow key or the mouse has chosen it.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from shiboken6 import isValid

from onestop.domain.place import Place, split_address, with_place
from onestop.domain.text import nfc
from ui.widgets.field import LineField
from ui.widgets.picker import Option, OptionList

FindPlaces = Callable[[str], Sequence[Place]]
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
_LEAST = 2


class PlaceField(LineField):
    """`find(end of the address)` gives places, best first; `picked(code)` when one was taken."""

    picked = Signal(str)

    def __init__(self, name: str, title: str, find: FindPlaces, hint: str = "") -> None:
        super().__init__(name, title, hint)
        self._find = find
        self._found: dict[str, Place] = {}
        self._list = OptionList(self)
        self._list.clicked.connect(self._take_index)
        self.destroyed.connect(self._list.deleteLater)
        self.editor.textEdited.connect(lambda _: self._offer())

    def options(self) -> tuple[Option, ...]:
        """What the list shows now."""
        return self._list.options() if self._list.isVisible() else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_alive():
            return False
        if watched is self.editor and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key_pressed(event)
        if event.type() is QEvent.Type.FocusOut and not self._list.underMouse():
            self._list.hide()
        return super().eventFilter(watched, event)

    def is_alive(self) -> bool:
        return super().is_alive() and "_list" in self.__dict__ and isValid(self._list)

    def _offer(self) -> None:
        """Shows places that fit the end of what stands there; nothing while it names none."""
        end = split_address(nfc(self.editor.text()))[1]
        found = self._find(end) if len(end) >= _LEAST else ()
        if [place.words for place in found] == [end]:
            found = ()  # it stands there whole already
        self._found = {place.code: place for place in found}
        if not found:
            self._list.hide()
            return
        self._list.show_options([_option(place) for place in found])
        # Nothing is chosen yet: Enter goes on to the next field, as in every line.
        self._list.setCurrentIndex(QModelIndex())

    def _key_pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if not self._list.isVisible():
            if key is Qt.Key.Key_Down:
                self._offer()
            return self._list.isVisible()
        if key in _STEPS:
            self._list.step(_STEPS[key])
            return True
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            is_chosen = self._list.currentIndex().isValid()
            self._take_index(self._list.currentIndex())
            return is_chosen
        if key is Qt.Key.Key_Escape:
            self._list.hide()
            return True
        return False

    def _take_index(self, index: QModelIndex) -> None:
        options, row = self._list.options(), index.row()
        self._list.hide()
        if 0 <= row < len(options):
            place = self._found[options[row].key]
            self.editor.setText(with_place(self.editor.text(), place))
            self.changed.emit()
            self.picked.emit(place.code)


def _option(place: Place) -> Option:
    title = f"{place.kind[:1].upper()}{place.kind[1:]} {place.name}"
    return Option(place.code, title, place.province.words if place.province else "cả tỉnh, thành phố")
