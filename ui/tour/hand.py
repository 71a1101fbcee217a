"""A pair of hands on the keyboard: what the tour and the keyboard tests work with.

Everything goes through key events into the focused widget, as from a real keyboard; a
widget is reached by Tab, by its access key or by a shortcut, never by calling it.
"""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.tour.keys import press, type_text

PATIENCE_S = 20.0
_MOST_TABS = 120
_BREATH_S = 0.04


class Stuck(AssertionError):
    """The window did not come to where the hands expected it."""


class Hand:
    """Presses keys and looks at one window. `shots` is where pictures go."""

    def __init__(self, window: QWidget, shots: Path) -> None:
        self.window = window
        self._shots = shots
        self._is_expecting = False
        self._box: QWidget | None = None
        self._kept: BaseException | None = None
        # A box that nobody expected runs a loop of its own: without this the hands wait for ever.
        self._watch = QTimer(window, interval=3000)
        self._watch.timeout.connect(self._look_for_strangers)
        self._watch.start()

    def look_up(self) -> None:
        """Begins to work: a box that opens now is this window's."""
        self._watch.start()

    def look_away(self) -> None:
        """The hands of another window work: boxes are theirs."""
        self._watch.stop()

    def press(self, keys: str, times: int = 1, then: Callable[[], None] | None = None) -> None:
        """`then` works on the box or menu that these keys open, while it is open."""
        if then is not None:
            self._meanwhile(then)
        for _ in range(times):
            press(self._target(), keys)
            self.settle()
        if then is not None:
            self.wait(lambda: not self._is_expecting, "the box that these keys open")
            self._come_back()
            self._raise_kept()

    def write(self, text: str) -> None:
        """Types, then rests: an Enter that follows at once would be a scanner's."""
        type_text(self._target(), text)
        self.settle()
        time.sleep(_BREATH_S)

    def scan(self, text: str) -> None:
        """As a scanner types: everything at once, Enter at the end."""
        type_text(self._target(), text + "\n")
        self.settle()

    def fill(self, name: str, text: str) -> None:
        """Goes to a field and replaces what it holds."""
        self.tab_to(name)
        self.press("Ctrl+A")
        self.press("Delete")
        self.write(text)

    def tab_to(self, name: str) -> QWidget:
        """Tab by Tab to the widget that assistive technology calls `name`."""
        return self.tab_where(lambda focused: name_of(focused).startswith(name), name)

    def tab_where(self, is_it: Callable[[QWidget], bool], what: str) -> QWidget:
        seen = []
        for _ in range(_MOST_TABS):
            focused = self._target()
            if is_it(focused):
                return focused
            seen.append(name_of(focused) or type(focused).__name__)
            self.press("Tab")
        raise Stuck(f"no Tab leads to “{what}”; on the way: {', '.join(dict.fromkeys(seen))}")

    def push(self, name: str, then: Callable[[], None] | None = None) -> None:
        """Goes to a button and presses it with the space bar."""
        self.tab_to(name)
        self.press("Space", then=then)

    def sees(self, name: str) -> bool:
        """Whether a button of that name is on the screen now."""
        return any(
            name_of(each).startswith(name)
            for each in self.window.findChildren(QPushButton)
            if each.isVisible()
        )

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        """Lets the window live until something holds. Raises Stuck after twenty seconds."""
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            if time.monotonic() > end:
                raise Stuck(f"waited in vain for: {what}")
            self.settle(20)

    def settle(self, milliseconds: int = 5) -> None:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, milliseconds)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.001)  # the store's thread runs only when this one rests
        if not self._is_expecting:
            self._raise_kept()

    def rest(self, seconds: float) -> None:
        """The window lives on while nothing is pressed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.settle(20)

    def shot(self, name: str) -> Path:
        """A picture of the whole window."""
        self.settle(30)
        path = self._shots / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self.window.grab().save(str(path)):
            raise Stuck(f"could not write {path.name}")
        return path

    def _meanwhile(self, then: Callable[[], None]) -> None:
        """Boxes and menus run a loop of their own: the hands go on inside it."""
        self._is_expecting, self._kept = True, None
        end = time.monotonic() + PATIENCE_S

        def look() -> None:
            if QApplication.activePopupWidget() or QApplication.activeModalWidget():
                try:
                    then()
                except BaseException as problem:  # kept: raised where the keys were pressed
                    self._kept = problem
                    self._close_boxes()
                self._is_expecting = False
            elif time.monotonic() < end:
                QTimer.singleShot(20, look)
            else:
                self._is_expecting = False
                self._kept = Stuck("no box or menu opened")

        QTimer.singleShot(20, look)

    def _come_back(self) -> None:
        """A window manager gives the keyboard back when a box closes; offscreen there is none."""
        is_free = QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None
        if is_free and QApplication.activeWindow() is not self.window:
            self.window.activateWindow()
            self.settle(20)

    def _look_for_strangers(self) -> None:
        box = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if box is None or self._is_expecting:
            return
        box.grab().save(str(self._shots / "stranger.png"))
        self._kept = Stuck(f"a box opened that nobody expected: {box.windowTitle() or name_of(box)}")
        self._close_boxes()

    def _raise_kept(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            raise kept

    def _close_boxes(self) -> None:
        """After a fault inside a box the program must not wait for ever."""
        for _ in range(5):
            box = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if box is None:
                return
            box.close()

    def _target(self) -> QWidget:
        self._come_back()
        box = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if box is not None:
            # Held: once the wrapper of a box is collected, those of its children are void.
            self._box = box
            return box.focusWidget() or box
        return QApplication.focusWidget() or QApplication.activeWindow() or self.window


def name_of(widget: QWidget) -> str:
    """What a screen reader says of a widget, without access-key marks."""
    words = widget.accessibleName() or getattr(widget, "text", lambda: "")()
    return str(words).replace("&", "")
