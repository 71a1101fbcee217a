"""Typing as a person does: key events into the focused widget.

`QTest.keyClicks` aborts the process at the first Vietnamese letter (it looks every
letter up in an ASCII table), so a letter is sent as an unknown key that carries its text,
as an input method does.
"""

import unicodedata

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

_NONE = Qt.KeyboardModifier.NoModifier


def type_text(widget: QWidget, text: str) -> None:
    """Types NFC letters one by one; a newline is Enter."""
    for letter in unicodedata.normalize("NFC", text):
        if letter == "\n":
            press(widget, "Return")
        else:
            _type_letter(widget, letter)


def press(widget: QWidget | None, keys: str) -> None:
    """One chord such as `Ctrl+Return`, `Tab` or `F8`; to the focused widget if none is given.

    Goes through the window, so shortcuts hear it. Raises ValueError for an unknown chord.
    """
    sequence = QKeySequence(keys)
    if sequence.count() != 1:
        raise ValueError(f"not one chord: {keys}")
    chord = sequence[0]  # type: ignore[index]  # the stubs do not know operator[]
    target = widget or QApplication.focusWidget() or QApplication.activeWindow()
    if target is None:
        raise ValueError("no window takes keys")
    QTest.keyClick(target, chord.key(), chord.keyboardModifiers())


def type_by_unikey(widget: QWidget, steps: str) -> None:
    """UniKey's way: letters, and `<` for the Backspace it sends before the accented letter."""
    for letter in steps:
        if letter == "<":
            press(widget, "Backspace")
        else:
            _type_letter(widget, letter)


def compose(widget: QWidget, preedit: str, text: str = "") -> None:
    """An input method's way: shows `preedit`; with `text` it commits that instead."""
    event = QInputMethodEvent("" if text else preedit, [])
    if text:
        event.setCommitString(text)
    QCoreApplication.sendEvent(widget, event)


def _type_letter(widget: QWidget, letter: str) -> None:
    key = Qt.Key.Key_Space if letter == " " else Qt.Key.Key_unknown
    if letter.isascii() and letter.isalnum():
        key = Qt.Key(ord(letter.upper()))
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(widget, QKeyEvent(kind, key, _NONE, letter))
