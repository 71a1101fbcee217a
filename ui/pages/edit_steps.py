"""What editors of a whole made of parts in order share: changes undone and redone, and their keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_PAD = Qt.KeyboardModifier.KeypadModifier
_UNDO, _REDO = QKeyCombination(_CONTROL, Qt.Key.Key_Z), QKeyCombination(_CONTROL, Qt.Key.Key_Y)
_UP, _DOWN = QKeyCombination(_ALT, Qt.Key.Key_Up), QKeyCombination(_ALT, Qt.Key.Key_Down)
_INSERT, _DELETE = QKeyCombination(Qt.Key.Key_Insert), QKeyCombination(Qt.Key.Key_Delete)
_LEAVE: Final = QKeyCombination(Qt.Key.Key_Escape)

Show = Callable[[Any, int], None]
"""Shows a whole with one of its rows marked."""


class Change(QUndoCommand):
    """A whole and its marked row, before and after. `what` names the field: typing on in it is one
    change; "" for what is always one of its own."""

    def __init__(
        self, show: Show, before: tuple[Any, int], after: tuple[Any, int], what: str, words: str
    ) -> None:
        super().__init__(words)
        self._show, self._before, self._after, self._what = show, before, after, what

    def id(self) -> int:
        return 1 if self._what else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Change) or (other._what, other._after[1]) != (self._what, self._after[1]):
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        self._show(*self._after)

    def undo(self) -> None:
        self._show(*self._before)


@dataclass(frozen=True, slots=True)
class Steps:
    """What the keys do: a part added, dropped, moved among its neighbours (by -1 or 1); the editor left.
    `moved` is called after each change, undo and redo."""

    add: Callable[[], object]
    drop: Callable[[], object]
    shift: Callable[[int], object]
    leave: Callable[[], object]
    moved: Callable[[], object]


class EditKeys(QObject):
    """Ctrl+Z and Ctrl+Y take back a step of the editor, not the last act of the desk; Alt+arrows move a
    part; in the table, which takes them for nothing, Insert and Delete; Esc leaves."""

    def __init__(self, editor: QWidget, table: QWidget, stack: QUndoStack, steps: Steps) -> None:
        super().__init__(editor)
        self._table, self._stack, self._steps = table, stack, steps
        anywhere: dict[QKeyCombination, Callable[[], object]] = {
            _UNDO: stack.undo,
            _REDO: stack.redo,
            _UP: lambda: steps.shift(-1),
            _DOWN: lambda: steps.shift(1),
        }
        self._in_table = {**anywhere, _INSERT: steps.add, _DELETE: steps.drop}
        self._outside = {**anywhere, _LEAVE: steps.leave}
        stack.indexChanged.connect(self._stack_moved)
        for watched in (editor, table):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        pressed = QKeyCombination(event.modifiers() & ~_PAD, Qt.Key(event.key()))
        if event.type() is QEvent.Type.ShortcutOverride and pressed in (_UNDO, _REDO):
            event.accept()
            return True
        slots = self._in_table if watched is self._table else self._outside
        if event.type() is not QEvent.Type.KeyPress or pressed not in slots:
            return False
        slots[pressed]()
        return True

    @Slot(int)
    def _stack_moved(self, _: int) -> None:
        if isValid(self._stack):  # it says so once more while Qt takes the window apart
            self._steps.moved()
