"""The list of officers over the whole window: nobody reads over the counter."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.pages.page import Frame

if TYPE_CHECKING:
    from ui.pages.sign_in import SignInPage


class Curtain(QObject):
    """`chosen(officer_id)` when somebody signs in; the page below stays as it was."""

    chosen = Signal(str)

    def __init__(self, frame: Frame, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._frame, self._stack = frame, stack
        self._page: SignInPage | None = None
        self.is_down = False

    def fall(self, *around: QWidget) -> None:
        """Covers the page; what stands around it is hidden."""
        self.is_down = True
        for each in around:
            each.hide()
        if self._page is None:
            from ui.pages.sign_in import SignInPage

            self._page = SignInPage(self._frame)
            self._page.chosen.connect(self.chosen)
            self._stack.addWidget(self._page)
        self._stack.setCurrentWidget(self._page)
        self._page.enter()

    def rise(self, front: QWidget | None, *around: QWidget) -> None:
        """The page `front` again, and what stands around it."""
        self.is_down = False
        for each in around:
            each.show()
        if front is not None:
            self._stack.setCurrentWidget(front)
